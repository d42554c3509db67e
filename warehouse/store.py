"""How is a table kept so that it can never change?

`store/<table>/<sha256>.parquet`, named by the hash of its bytes. The same rows give the same bytes. A file that no
ledger line names does not exist.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from audit.chain import canonical
from audit.events import StoredFile
from schemas.plan import Plan
from schemas.tables import SCHEMAS
from warehouse.files import sha256_of, sync_folder, temporary_beside, write_bytes, write_whole
from warehouse.workspace import Workspace

ROW_GROUP = 122_880


class Store:
    """The store of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def put(self, table: str, rows: pa.Table) -> StoredFile:
        """Write rows of one of the known tables; return the file as the ledger names it."""
        return self.put_batches(table, [rows])

    def put_batches(self, table: str, batches: Iterable[pa.Table]) -> StoredFile:
        """Write batches one after the other: memory does not grow with the table."""
        schema = SCHEMAS[table]
        folder = self.workspace.store / table
        folder.mkdir(parents=True, exist_ok=True)
        # Several processes write at once: each has working files of its own.
        working = temporary_beside(folder / "batches.parquet")

        def fill(path: Path) -> None:
            with pq.ParquetWriter(path, schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_table(batch.select(schema.names).cast(schema), row_group_size=ROW_GROUP)

        write_whole(working, fill)
        sha256 = sha256_of(working)
        path = folder / f"{sha256}.parquet"
        size = working.stat().st_size
        working.replace(path)
        sync_folder(folder)
        return StoredFile(path=self.workspace.relative(path), sha256=sha256, size=size)

    def adopt(self, other: Workspace, files: Iterable[StoredFile]) -> None:
        """Move files that another process wrote, named as they will be named here, into this store."""
        for file in files:
            path = self.workspace.root / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            (other.root / file.path).replace(path)
            sync_folder(path.parent)

    def put_plan(self, plan: Plan) -> StoredFile:
        """Keep the plan's files as they are at this commit: a past release can be computed again under its own plan."""
        return self.put_texts("plan", plan.texts)

    def put_texts(self, kind: str, texts: Mapping[str, str]) -> StoredFile:
        """Keep a set of text files (path to content) as one file, so that what they said then can be asked again."""
        content = canonical(texts)
        sha256 = hashlib.sha256(content).hexdigest()
        folder = self.workspace.store / kind
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{sha256}.json"
        if not path.exists():
            write_bytes(path, content)
        return StoredFile(path=self.workspace.relative(path), sha256=sha256, size=len(content))

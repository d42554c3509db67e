"""Which files of the store do these commits name?"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from audit.events import Entry, StoredFile
from warehouse.files import sha256_of

# Tables whose files of earlier versions have columns that are no more.
VARIED = frozenset({"report_task"})
_SHA256 = re.compile("[0-9a-f]{64}")


class DamagedStoreError(RuntimeError):
    """Raised where a file that the ledger names is not there, or not as it was: nothing can be computed from it."""


@lru_cache(maxsize=4096)
def _content_sha256(path: Path, _inode: int, _size: int, _written_ns: int, _changed_ns: int) -> str:
    return sha256_of(path)


def present(paths: Iterable[Path]) -> list[str]:
    """Return the paths as DuckDB takes them; DamagedStoreError names the first file that is missing or was changed.

    A file of the store bears its hash as its name: whoever exchanges it for the time that a command takes is found out
    before anything is computed from it.
    """
    found = []
    for path in paths:
        if not path.is_file():
            raise DamagedStoreError(f"thiếu tệp / file is missing: {path}")
        if _SHA256.fullmatch(path.stem):
            at = path.stat()
            if _content_sha256(path, at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns) != path.stem:
                raise DamagedStoreError(f"nội dung đã bị đổi / its content was changed: {path}")
        found.append(str(path))
    return found


def table_of(file: StoredFile) -> str | None:
    """Return which table a ledger's file belongs to; None for a file outside the store."""
    parts = Path(file.path).parts
    return parts[1] if len(parts) == 3 and parts[0] == "store" else None


def files_by_table(entries: Iterable[Entry]) -> dict[str, list[StoredFile]]:
    """Return the store files that these ledger entries name, each once, in the order of the commits."""
    found: dict[str, dict[str, StoredFile]] = {}
    for entry in entries:
        for file in entry.files:
            table = table_of(file)
            if table is not None:
                found.setdefault(table, {}).setdefault(file.path, file)
    return {table: list(files.values()) for table, files in found.items()}

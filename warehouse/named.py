"""Which files of the store do these commits name?"""

from collections.abc import Iterable
from pathlib import Path

from audit.events import Entry, StoredFile

# Tables whose files of earlier versions have columns that are no more.
VARIED = frozenset({"report_task"})


class DamagedStoreError(RuntimeError):
    """Raised where a file that the ledger names is not there: nothing can be computed from what is left."""


def present(paths: Iterable[Path]) -> list[str]:
    """Return the paths as DuckDB takes them; DamagedStoreError names the first file that is missing."""
    found = []
    for path in paths:
        if not path.is_file():
            raise DamagedStoreError(f"thiếu tệp / file is missing: {path}")
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

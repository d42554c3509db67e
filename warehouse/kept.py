"""What did a set of text files say that a commit kept: a plan, a method?"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from audit.events import Entry, StoredFile
from warehouse.named import present, table_of
from warehouse.workspace import Workspace


def kept_texts(entries: Sequence[Entry], kind: Literal["plan", "method"]) -> StoredFile | None:
    """Return the plan or method that the last of these commits kept; None where none did."""
    found = (file for entry in reversed(entries) for file in entry.files if table_of(file) == kind)
    return next(found, None)


def texts_of(workspace: Workspace, kept: StoredFile) -> dict[str, str]:
    """Return the files of a kept set, by path; DamagedStoreError where it is missing."""
    [path] = present([workspace.root / kept.path])
    return {str(name): str(text) for name, text in json.loads(Path(path).read_bytes()).items()}


def lay_out(workspace: Workspace, kept: StoredFile, folder: Path) -> None:
    """Write the files of a kept set into a folder."""
    write_texts(texts_of(workspace, kept), folder)


def write_texts(texts: Mapping[str, str], folder: Path) -> None:
    """Write a set of text files into a folder."""
    for relative, text in texts.items():
        target = folder / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())

"""What was known and decided at the end of a day, and which plan was in force then?

The record as it stood is its first commits; the plan as it stood is the one that the last of them kept.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from audit.events import Entry, StoredFile
from audit.ledger import Ledger
from flows.entry.door import MisuseError
from schemas.plan import Plan, load_plan
from warehouse.named import DamagedStoreError, present, table_of
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Known:
    """A record and the plan in force at its end."""

    ledger: Ledger
    plan: Plan


def kept_texts(entries: Sequence[Entry], kind: Literal["plan", "method"]) -> StoredFile | None:
    """Return the plan or method that the last of these commits kept; None where none did."""
    found = (file for entry in reversed(entries) for file in entry.files if table_of(file) == kind)
    return next(found, None)


def lay_out(workspace: Workspace, kept: StoredFile, folder: Path) -> None:
    """Write the files of a kept plan or method into a folder."""
    [path] = present([workspace.root / kept.path])
    for relative, text in json.loads(Path(path).read_text("utf-8")).items():
        target = folder / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())


@contextmanager
def plan_at(workspace: Workspace, entries: Sequence[Entry]) -> Iterator[Plan]:
    """Lay out the plan that the last of these commits kept, with its profiles, in a folder that is thrown away."""
    kept = kept_texts(entries, "plan")
    if kept is None:
        raise DamagedStoreError("sổ cái không ghi kế hoạch nào / no commit names a plan")
    with tempfile.TemporaryDirectory() as name:
        lay_out(workspace, kept, Path(name))
        yield load_plan(Path(name))


@contextmanager
def as_known(workspace: Workspace, known_on: date | None) -> Iterator[Known]:
    """Hand out record and plan as they are, or as they were at the end of a day; MisuseError before the beginning."""
    ledger = Ledger(workspace.ledger)
    if known_on is None:
        yield Known(ledger, workspace.plan)
        return
    past = ledger.as_known_on(known_on, workspace.plan.zone)
    if past.size == 0:
        raise MisuseError(f"{known_on}: chưa có gì ghi sổ / nothing was recorded by then: --as-known-on")
    with plan_at(workspace, past.entries) as plan:
        yield Known(past, plan)

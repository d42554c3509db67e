"""What was known and decided at the end of a day, and which plan was in force then?

The record as it stood is its first commits; the plan as it stood is the one that the last of them kept.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.events import Entry
from audit.ledger import Ledger
from flows.entry.door import MisuseError
from schemas.plan import Plan, load_plan
from warehouse.kept import kept_texts, lay_out
from warehouse.named import DamagedStoreError
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Known:
    """A record and the plan in force at its end."""

    ledger: Ledger
    plan: Plan


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

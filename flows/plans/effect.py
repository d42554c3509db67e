"""What would a proposed plan change of the periods that were consolidated, all else being equal?

Each period is measured twice from what is known today: under the plan in force, and under the proposed one, by which
the submissions are read again where the change touches how they are read. It all runs in a folder that is thrown away.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from audit.corrections import corrections_of
from audit.events import Entry, PeriodConsolidated, PlanEffect, VerdictTurned
from audit.ledger import Ledger
from flows.entry.door import Door
from flows.intake.revalidate import read_again
from flows.intake.submissions import submissions
from flows.measures.quantities import Cell, Outcome, measured_outcome
from schemas.plan import Plan
from schemas.plan_diff import KeyChange
from schemas.plan_models import Period
from warehouse import vault
from warehouse.engine import QueryFailedError
from warehouse.kept import write_texts
from warehouse.store import Store
from warehouse.workspace import SETTINGS, Workspace

# Files of a plan by which no submission is read: where only these change, what was read stands.
_READS_NOTHING = {"targets.toml", "disclosure.toml", "opening_balance.csv", "earlier_figures.csv", "to_confirm.csv"}
_NO_PERIOD = "kỳ không còn trong kế hoạch / the period is no longer in the plan"


@dataclass(frozen=True)
class FigureTurned:
    """A quantity that the proposed plan changes; None where there is none."""

    period: str
    cell: Cell
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Effects:
    """What a proposed plan changes, period by period, and every figure behind it."""

    periods: tuple[PlanEffect, ...]
    figures: tuple[FigureTurned, ...]


def consolidated_periods(entries: Iterable[Entry]) -> list[str]:
    """Return the periods that were ever consolidated, in the order of their first time."""
    found = (event.period for entry in entries for event in entry.events if isinstance(event, PeriodConsolidated))
    return list(dict.fromkeys(found))


def effects(
    workspace: Workspace, ledger: Ledger, door: Door, in_force: Plan, proposed: Plan, changes: Sequence[KeyChange]
) -> Effects:
    """Return what a proposed plan changes of every consolidated period."""
    periods: list[PlanEffect] = []
    figures: list[FigureTurned] = []
    named = [name for name in consolidated_periods(ledger.entries) if _period(in_force, name) is not None]
    if not named:
        return Effects((), ())
    is_read_again = any(change.file not in _READS_NOTHING for change in changes)
    with _trial(workspace, ledger, proposed) as trial:
        entries = _read_under(trial, ledger, door) if is_read_again else ledger.entries
        for name in named:
            door.on_step(f"{name}: kế hoạch đề nghị đổi gì / what the proposed plan changes")
            old, new = _period(in_force, name), _period(proposed, name)
            if old is None or new is None:
                periods.append(PlanEffect(period=name, figure_count=0, verdicts=(), problem=_NO_PERIOD))
                continue
            today = door.today(in_force)
            try:
                before = measured_outcome(workspace, ledger.entries, in_force, old, today)
                after = measured_outcome(trial, entries, proposed, new, today)
            except QueryFailedError as error:
                problem = f"không đo được / cannot be measured: {error}"
                periods.append(PlanEffect(period=name, figure_count=0, verdicts=(), problem=problem))
                continue
            turned = list(_figures(name, before, after))
            figures += turned
            verdicts = tuple(turned_verdicts(name, before, after))
            periods.append(PlanEffect(period=name, figure_count=len(turned), verdicts=verdicts))
    return Effects(tuple(periods), tuple(figures))


def turned_verdicts(period: str, before: Outcome, after: Outcome) -> Iterator[VerdictTurned]:
    """Yield the verdicts on targets that differ, those of one alone with a blank."""
    for target in dict.fromkeys((*before.verdicts, *after.verdicts)):
        was, now = before.verdicts.get(target, ""), after.verdicts.get(target, "")
        if was != now:
            yield VerdictTurned(period=period, target_id=target, before=was, after=now)


def _figures(period: str, before: Outcome, after: Outcome) -> Iterator[FigureTurned]:
    for cell in sorted({*before.quantities, *after.quantities}):
        was, now = before.quantities.get(cell), after.quantities.get(cell)
        if was != now:
            yield FigureTurned(period, cell, was, now)


def _period(plan: Plan, period_id: str) -> Period | None:
    return next((period for period in plan.periods if period.id == period_id), None)


@contextmanager
def _trial(workspace: Workspace, ledger: Ledger, proposed: Plan) -> Iterator[Workspace]:
    """Lay out a workspace under the proposed plan that sees the store, vault and keys of this one."""
    with tempfile.TemporaryDirectory(prefix="plan-", dir=_private(workspace)) as name:
        trial = Workspace(Path(name))
        shutil.copyfile(workspace.root / SETTINGS, trial.root / SETTINGS)
        trial.vault.symlink_to(workspace.vault)
        trial.keys.symlink_to(workspace.keys)
        write_texts(proposed.texts, trial.plan_folder)
        for path in dict.fromkeys(file.path for entry in ledger.entries for file in entry.files):
            if path.startswith("store/"):
                link = trial.root / path
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(workspace.root / path)
        yield trial


def _private(workspace: Workspace) -> Path:
    """Return where a trial lies: beside what is being read, which goes with the next command at the latest."""
    workspace.staging.mkdir(mode=0o700, exist_ok=True)
    return workspace.staging


def _read_under(trial: Workspace, ledger: Ledger, door: Door) -> list[Entry]:
    """Read every submission that counts again, and return the record as it would be after that."""
    entries = list(ledger.entries)
    for one in submissions(ledger.entries):
        number = one.taken.number
        if one.is_withdrawn or not vault.has_key(trial, one.taken.file_sha256):
            continue
        door.on_step(f"{number}: đọc thử / read on trial")
        corrections = corrections_of(ledger.entries, number)
        reread = read_again(trial, ledger, one, corrections, ("plan",), trial.staging / number)
        Store(trial).adopt(reread.aside, reread.reading.files)
        last = entries[-1]
        entries.append(
            Entry(
                seq=last.seq + 1, at=last.at, actor=last.actor, os_user=last.os_user, kind="trial",
                events=(reread.event,), files=tuple(reread.reading.files), previous=last.previous,
            )
        )  # fmt: skip
    return entries

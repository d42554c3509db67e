"""How does a period become one commit? Measure, review, and record both together, or nothing."""

from dataclasses import dataclass

from audit.events import AnyEvent, NonconformityOpened, PeriodConsolidated, StoredFile
from audit.ledger import Ledger
from audit.register import append_counted, register
from audit.review import Seen
from audit.review import review as review_register
from flows.entry.authority import entered
from flows.entry.door import Door
from flows.entry.fingerprint import code_sha256, lock_sha256
from flows.intake.revalidate import revalidate_under_lock
from flows.intake.submissions import submissions
from flows.measures.inputs import inputs_sha256
from flows.measures.measure import KEPT_TABLES, measure
from flows.measures.nonconforming import due_days, taken_away
from flows.measures.periods import ended_before, latest_consolidation
from flows.measures.reporting import expected_reports
from flows.measures.review import review
from schemas.plan_models import Period
from sql import texts
from sql.indicators import indicators_sha256
from warehouse.store import Store
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Consolidated:
    """The consolidation in force after a run, and what the run added."""

    period: str
    seq: int
    is_new: bool
    opened: tuple[str, ...]


def consolidate_under_lock(workspace: Workspace, ledger: Ledger, door: Door, period: Period) -> Consolidated:
    """Consolidate a period unless nothing that it depends on has changed since the last time."""
    plan = workspace.plan
    revalidate_under_lock(workspace, ledger, door, period)
    inputs = inputs_sha256(door.today(plan), ledger, plan, period)
    last = latest_consolidation(ledger.entries, period.id)
    if last is not None and last[1].inputs_sha256 == inputs:
        return Consolidated(period.id, last[0].seq, False, ())
    event, changes, files = compute(workspace, ledger, door, period)
    entry = append_counted(ledger, door.stamp, "consolidate", [event, *changes], files)
    opened = tuple(change.number for change in changes if isinstance(change, NonconformityOpened))
    return Consolidated(period.id, entry.seq, True, opened)


def compute(
    workspace: Workspace, ledger: Ledger, door: Door, period: Period
) -> tuple[PeriodConsolidated, tuple[AnyEvent, ...], list[StoredFile]]:
    """Measure and review a period; return what is to be committed, its tables in the store already."""
    plan = workspace.plan
    rules = plan.catalogue.on(door.today(plan))
    door.on_step(f"{period.id}: đo lường / measuring")
    measured = measure(workspace, ledger.entries, plan, period, door.today(plan))
    try:
        door.on_step(f"{period.id}: soát xét / reviewing")
        reviewed = review(measured, rules)
    finally:
        measured.engine.close()
    reports = expected_reports(submissions(ledger.entries), plan, period, door.today(plan))
    store = Store(workspace)
    files = [store.put(name, measured.tables[name]) for name in KEPT_TABLES]
    files += [store.put(name, rows) for name, rows in reviewed.tables.items()]
    files += [store.put_plan(plan), store.put_texts("method", texts())]
    event = PeriodConsolidated(
        period=period.id,
        as_of_seq=ledger.size,
        inputs_sha256=inputs_sha256(door.today(plan), ledger, plan, period),
        submissions=tuple(s.taken.number for s in submissions(ledger.entries) if s.is_in_force),
        rules_sha256=rules.sha256,
        plan_sha256=plan.sha256,
        indicators_sha256=indicators_sha256(),
        code_sha256=code_sha256(),
        lock_sha256=lock_sha256(),
    )
    seen = Seen(
        period.id,
        reviewed.breaches,
        lambda identity: taken_away(ledger.entries, plan, period, identity, reports),
        frozenset(one.id for one in ended_before(plan, period)),
        reviewed.not_evaluated,
        due_days(plan, door.today(plan)),
        plan.document.consolidating_office,
    )
    return event, review_register(register(ledger.entries), seen), files


def consolidate(workspace: Workspace, door: Door, period: Period) -> Consolidated:
    """Consolidate one period as a command of its own."""
    with entered(workspace, door, "consolidate", subject=period.id) as ledger:
        return consolidate_under_lock(workspace, ledger, door, period)

"""How does a period become one commit? Measure, review, and record both together, or nothing."""

import hashlib
from dataclasses import dataclass
from datetime import date

from audit.chain import canonical
from audit.events import AnyEvent, NonconformityOpened, PeriodConsolidated, StoredFile
from audit.ledger import Ledger
from audit.register import register
from audit.register import review as review_register
from flows.entry.authority import entered
from flows.entry.door import Door
from flows.entry.fingerprint import code_sha256, lock_sha256
from flows.intake.revalidate import revalidate_under_lock
from flows.intake.submissions import submissions
from flows.measures.measure import KEPT_TABLES, measure, period_parameters
from flows.measures.periods import latest_consolidation, parts_of, stock_period
from flows.measures.reporting import expected_reports
from flows.measures.review import review
from flows.measures.trends import compared_file
from schemas.plan import Plan
from schemas.plan_models import Period
from sql import texts
from sql.indicators import indicators_sha256
from warehouse.named import files_by_table
from warehouse.store import Store
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Consolidated:
    """The consolidation in force after a run, and what the run added."""

    period: str
    seq: int
    is_new: bool
    opened: tuple[str, ...]


def _taken_over(ledger: Ledger, plan: Plan, period: Period) -> list[str]:
    """Return the tables of other periods that this one reads: what it takes over, sums up or is compared with."""
    stock = stock_period(plan, period)
    of_form = [one.id for one in (*([stock] if stock is not None else []), *parts_of(plan, period))]
    found = [latest_consolidation(ledger.entries, period_id) for period_id in of_form]
    files = [files_by_table([one[0]])["form_row"][0] for one in found if one is not None]
    compared = [compared_file(ledger.entries, period_id) for period_id in (period.before, period.year_ago)]
    return [file.sha256 for file in (*files, *compared) if file is not None]


def inputs_sha256(today: date, ledger: Ledger, plan: Plan, period: Period) -> str:
    """Return one hash over everything that the period's tables depend on."""
    rules = plan.catalogue.on(today)
    found = submissions(ledger.entries)
    content = {
        "period": period.id,
        "as_of": str(period_parameters(plan, period, today)["as_of"]),
        "submissions": [[s.taken.number, s.taken.file_sha256, str(s.is_withdrawn), str(s.judged_seq)] for s in found],
        "taken_over": _taken_over(ledger, plan, period),
        "expected": [[e.report_type, e.unit_code, e.state] for e in expected_reports(found, plan, period, today)],
        "plan": plan.sha256,
        "rules": [rules.sha256, *sorted(rule.label for rule in (*rules.values(), *rules.on_trial.values()))],
        "indicators": indicators_sha256(),
        "code": code_sha256(),
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def consolidate_under_lock(workspace: Workspace, ledger: Ledger, door: Door, period: Period) -> Consolidated:
    """Consolidate a period unless nothing that it depends on has changed since the last time."""
    plan = workspace.plan
    revalidate_under_lock(workspace, ledger, door, period)
    inputs = inputs_sha256(door.today(plan), ledger, plan, period)
    last = latest_consolidation(ledger.entries, period.id)
    if last is not None and last[1].inputs_sha256 == inputs:
        return Consolidated(period.id, last[0].seq, False, ())
    event, changes, files = compute(workspace, ledger, door, period)
    entry = ledger.append(door.stamp, "consolidate", [event, *changes], files)
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
    return event, review_register(register(ledger.entries), reviewed.breaches, period.id), files


def consolidate(workspace: Workspace, door: Door, period: Period) -> Consolidated:
    """Consolidate one period as a command of its own."""
    with entered(workspace, door, "consolidate", subject=period.id) as ledger:
        return consolidate_under_lock(workspace, ledger, door, period)

"""Did the actions work? The rule of the criterion, over the same unit, in the periods after the last action.

Nobody types the answer: it is what consolidations of later periods found, of periods that are over and where the rule
was evaluated. What could not be evaluated says nothing. What was found stays found where it is cancelled or called a
duplicate: a decision about it mends no data.
"""

from collections.abc import Mapping
from datetime import date

from audit.events import Criterion, EffectCheck, Entry
from audit.ledger import Ledger
from audit.steps import Nonconformity
from flows.measures.periods import latest_consolidation
from flows.measures.plan_tables import open_plan
from flows.release.publication import open_results, period_days
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse.engine import Engine
from warehouse.workspace import Workspace


def effect_checks(
    workspace: Workspace, ledger: Ledger, plan: Plan, known: Mapping[str, Nonconformity], item: Nonconformity
) -> tuple[EffectCheck, ...]:
    """Return what each later period says of a nonconformity's criterion, in order; none while an action is open."""
    last = item.last_done_on
    if last is None:
        return ()
    later = sorted((one for one in plan.periods if one.first_day > last), key=lambda one: (one.last_day, one.id))
    found = (_check(workspace, ledger, plan, known, item, period) for period in later)
    return tuple(one for one in found if one is not None)


def standing_in(known: Mapping[str, Nonconformity], item: Nonconformity, period_id: str) -> Nonconformity | None:
    """Return the nonconformity by which a criterion is broken in a period, whatever was decided about it."""
    if item.criterion is None:
        return None
    criterion = item.criterion
    return next((one for one in known.values() if one.breaks(criterion, period_id)), None)


def _check(
    workspace: Workspace,
    ledger: Ledger,
    plan: Plan,
    known: Mapping[str, Nonconformity],
    item: Nonconformity,
    period: Period,
) -> EffectCheck | None:
    measured = latest_consolidation(ledger.entries, period.id)
    if measured is None or item.criterion is None or measured[0].day_in(plan.zone) <= period.last_day:
        return None
    broken = standing_in(known, item, period.id)
    checked, failing = _verdict(workspace, ledger, plan, item.criterion, period, measured[0])
    if broken is not None:
        checked, failing = broken.checked_count, broken.failing_count
    if not checked:
        return None
    return EffectCheck(
        period=period.id, first_day=period.first_day, seq=measured[0].seq, holds=not failing,
        checked_count=checked, failing_count=failing,
    )  # fmt: skip


def _verdict(
    workspace: Workspace, ledger: Ledger, plan: Plan, criterion: Criterion, period: Period, measured: Entry
) -> tuple[int, int]:
    """Return on how much a criterion's rule was evaluated for its unit in a period, and how much failed there."""
    today: date = measured.day_in(plan.zone)
    engine = Engine()
    try:
        open_plan(engine, plan, plan.catalogue.on(today))
        open_results(engine, workspace, ledger, period, measured, today)
        engine.keep("period_verdict", "6_published/_period_verdict", period_days(period))
        about = {"rule_id": criterion.rule_id, "unit_code": criterion.unit_code}
        [row] = engine.run("6_published/_criterion_verdict", about).to_pylist()
    finally:
        engine.close()
    return int(row["checked_count"]), int(row["failing_count"])

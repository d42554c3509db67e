"""Which commit measured a period last, what does it take over, and of which is it the sum?"""

from collections.abc import Sequence
from datetime import date, timedelta

from audit.consolidations import unmeasured
from audit.events import Entry, PeriodConsolidated
from schemas.plan import Plan
from schemas.plan_models import Period


def latest_consolidation(entries: Sequence[Entry], period_id: str) -> tuple[Entry, PeriodConsolidated] | None:
    """Return the last commit that consolidated this period and kept what was measured."""
    for entry in reversed(entries):
        for event in entry.events:
            if isinstance(event, PeriodConsolidated) and event.period == period_id and not unmeasured(entry):
                return entry, event
    return None


def as_of(period: Period, today: date) -> date:
    """Return the last day of a period that is over today."""
    return min(period.last_day, today - timedelta(days=1))


def stock_period(plan: Plan, period: Period) -> Period | None:
    """Return the flow period whose pending dossiers this one takes over: it ends on the day before this one begins."""
    return next(
        (
            p
            for p in plan.periods
            if p.kind == "flow" and (period.first_day - p.last_day).days == 1 and p.id != period.id
        ),
        None,
    )


def ended_before(plan: Plan, period: Period) -> tuple[Period, ...]:
    """Return the periods that ended last before this one does: of 2022-Q3 the second quarter and the first half."""
    earlier = [one for one in plan.periods if one.last_day < period.last_day]
    last = max((one.last_day for one in earlier), default=None)
    return tuple(one for one in earlier if one.last_day == last)


def parts_of(plan: Plan, period: Period) -> tuple[Period, ...]:
    """Return the flow periods of which a cumulative one is the sum, in order; a flow period has none."""
    if period.kind == "flow":
        return ()
    inside = [
        p
        for p in plan.periods
        if p.kind == "flow" and period.first_day <= p.first_day and p.last_day <= period.last_day
    ]
    return tuple(sorted(inside, key=lambda part: part.first_day))

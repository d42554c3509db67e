"""Which commit measured a period last, and which period comes before it?"""

from collections.abc import Sequence

from audit.events import Entry, PeriodConsolidated
from schemas.plan import Plan
from schemas.plan_models import Period


def latest_consolidation(entries: Sequence[Entry], period_id: str) -> tuple[Entry, PeriodConsolidated] | None:
    """Return the last commit that consolidated this period."""
    for entry in reversed(entries):
        for event in entry.events:
            if isinstance(event, PeriodConsolidated) and event.period == period_id:
                return entry, event
    return None


def previous_period(plan: Plan, period: Period) -> Period | None:
    """Return the flow period that ends on the day before this one begins."""
    return next(
        (
            p
            for p in plan.periods
            if p.kind == "flow" and (period.first_day - p.last_day).days == 1 and p.id != period.id
        ),
        None,
    )

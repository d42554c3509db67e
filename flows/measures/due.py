"""Which periods are to be consolidated by now, and which of them has nobody consolidated?

The plan says the days: the morning after a period's last day, and after the last day of each report that is expected
of it, so that what came in time is counted and what did not come is known to be missing.

A moment is settled by a consolidation after it, or by figures that would be the same today. Moments before the
workspace was made concern nobody. Once a release of a period is asked for, a person has its figures in hand, and only a
person changes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from audit import releases
from audit.events import Entry, WorkspaceCreated
from audit.ledger import Ledger
from flows.measures.inputs import inputs_sha256
from flows.measures.periods import latest_consolidation
from schemas.plan import Plan
from schemas.plan_models import Period

CUT_OFF = "cut_off"


@dataclass(frozen=True, order=True)
class DueDay:
    """A day on which a period is to be consolidated, and what ended the day before: the period, or a report's time."""

    day: date
    period_id: str
    because: str


@dataclass(frozen=True)
class Missed:
    """A period that should have been consolidated by now: since when, and which earlier moments passed as well."""

    period: Period
    at: datetime
    skipped: tuple[datetime, ...] = ()


def due_days(plan: Plan) -> tuple[DueDay, ...]:
    """Return every day on which the plan wants a period consolidated, in order.

    A cumulative period follows the reports of the flow period that ends with it, which it sums up.
    """
    found = {DueDay(period.last_day + timedelta(days=1), period.id, CUT_OFF) for period in plan.periods}
    for report_type in plan.report_types:
        for period_id in report_type.period_ids:
            last_day_on = plan.last_day_on(report_type, period_id)
            if last_day_on is None:
                continue
            due = plan.period(period_id)
            sums = [one for one in plan.periods if one.kind == "cumulative" and one.last_day == due.last_day]
            together = {due.id, *(one.id for one in sums if due.kind == "flow")}
            found |= {DueDay(last_day_on + timedelta(days=1), one, report_type.id) for one in together}
    return tuple(sorted(found))


def closed_by(plan: Plan, day: date) -> tuple[Period, ...]:
    """Return the periods that ended last before this day: on 15/6 the second quarter and the first half."""
    ended = [period for period in plan.periods if period.last_day < day]
    last = max((period.last_day for period in ended), default=None)
    return tuple(period for period in ended if period.last_day == last)


def missed(ledger: Ledger, plan: Plan, now: datetime, at_time: time) -> tuple[Missed, ...]:
    """Return the periods whose moment passed without their figures being brought up to date, in the plan's order."""
    founded = _founded_at(ledger.entries)
    moments: dict[str, set[datetime]] = {}
    for due in due_days(plan):
        moment = datetime.combine(due.day, at_time, plan.zone)
        if founded is not None and founded < moment <= now:
            moments.setdefault(due.period_id, set()).add(moment)
    found = []
    for period in plan.periods:
        last = latest_consolidation(ledger.entries, period.id)
        since = sorted(one for one in moments.get(period.id, ()) if last is None or _at(last[0]) < one)
        today = now.astimezone(plan.zone).date()
        if since and not is_in_hand(ledger, period) and not _is_up_to_date(ledger, plan, period, today):
            found.append(Missed(period, since[-1], tuple(since[:-1])))
    return tuple(found)


def outdated(ledger: Ledger, plan: Plan, today: date) -> tuple[Period, ...]:
    """Return the periods that were consolidated, and whose figures would be others today."""
    return tuple(
        period
        for period in plan.periods
        if latest_consolidation(ledger.entries, period.id) is not None
        and not is_in_hand(ledger, period)
        and not _is_up_to_date(ledger, plan, period, today)
    )


def to_consolidate(
    ledger: Ledger, plan: Plan, now: datetime, at_time: time, closed: Sequence[Period] = ()
) -> tuple[Period, ...]:
    """Return what the schedule consolidates, parts before their sums: what closed, was missed, or is outdated."""
    chosen = {one.period.id for one in missed(ledger, plan, now, at_time)}
    chosen |= {one.id for one in outdated(ledger, plan, now.astimezone(plan.zone).date())}
    chosen |= {one.id for one in closed if not is_in_hand(ledger, one)}
    found = [period for period in plan.periods if period.id in chosen]
    return tuple(sorted(found, key=lambda one: (one.last_day, one.kind == "cumulative")))


def is_in_hand(ledger: Ledger, period: Period) -> bool:
    """Tell whether somebody has asked for a release of this period: its figures are then a person's business."""
    return bool(releases.versions(ledger.entries, period.id))


def _is_up_to_date(ledger: Ledger, plan: Plan, period: Period, today: date) -> bool:
    last = latest_consolidation(ledger.entries, period.id)
    return last is not None and last[1].inputs_sha256 == inputs_sha256(today, ledger, plan, period)


def _founded_at(entries: Sequence[Entry]) -> datetime | None:
    created = (entry for entry in entries for event in entry.events if isinstance(event, WorkspaceCreated))
    return next((_at(entry) for entry in created), None)


def _at(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.at)

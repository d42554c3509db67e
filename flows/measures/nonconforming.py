"""What does the register have to know of a finding: by when is it due, and what took it away?

What took it away is looked for among what came to the record since the consolidation that still found it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import get_args

from audit.events import (
    AnyEvent,
    Entry,
    Grade,
    PlanAccepted,
    SubmissionRevalidated,
    SubmissionTaken,
    SubmissionWithdrawn,
    TakenAwayBy,
)
from audit.review import TakenAway
from audit.steps import Identity
from flows.intake.submissions import submissions
from flows.measures.periods import latest_consolidation
from flows.measures.reporting import ExpectedReport
from schemas.calendar import CalendarGapError
from schemas.plan import Plan
from schemas.plan_models import Period

_CAME = ("on_time", "late", "provisional", "not_determined")
_OF_REPORTS = ("report", "reporting", "task")


def due_on(plan: Plan, grade: Grade, today: date) -> date | None:
    """Return by when a nonconformity of this grade is due that is found today; None beyond the plan's calendar."""
    try:
        return plan.calendar.add_working_days(today, getattr(plan.document.nonconformity_days, grade))
    except CalendarGapError:
        return None


def due_days(plan: Plan, today: date) -> dict[Grade, date | None]:
    """Return by when a nonconformity of each grade is due that is found today."""
    return {grade: due_on(plan, grade, today) for grade in get_args(Grade)}


def taken_away(
    entries: Sequence[Entry], plan: Plan, period: Period, identity: Identity, reports: Sequence[ExpectedReport]
) -> TakenAway:
    """Return why a finding no longer holds: what came or was mended since, else the plan or the rules.

    Of a report that was missed it is the one that decides its state now; a unit owes several.
    """
    came = {
        one.submission
        for one in reports
        if identity.dataset == "reporting" and one.unit_code == identity.unit_code and one.state in _CAME
    }
    last = latest_consolidation(entries, period.id)
    since = [entry for entry in entries if last is None or entry.seq > last[0].seq]
    found = [one for entry in since for event in entry.events for one in _change(event)]
    about = {s.taken.number: s.taken for s in submissions(entries)}
    own = [one for one in found if one[1] in about and _is_about(about[one[1]], identity, period)]
    if own:
        cause, number = next((one for one in reversed(own) if one[1] in came), own[-1])
        return TakenAway(cause, number)
    if latest := max((number for number in came if number is not None), default=None):
        return TakenAway("received", latest)
    if any(isinstance(event, PlanAccepted) for entry in since for event in entry.events):
        return TakenAway("plan")
    if last is not None and last[1].rules_sha256 != plan.catalogue.sha256:
        return TakenAway("rules")
    return TakenAway("measured")


def _change(event: AnyEvent) -> Iterator[tuple[TakenAwayBy, str]]:
    """Yield what an event does to a submission, with its number."""
    match event:
        case SubmissionTaken():
            yield "received", event.number
        case SubmissionWithdrawn():
            yield "withdrawn", event.number
        case SubmissionRevalidated() if not {"correction", "statement"}.isdisjoint(event.because):
            yield "corrected", event.taken.number
        case _:
            pass


def _is_about(taken: SubmissionTaken, identity: Identity, period: Period) -> bool:
    """Tell whether a submission is of the kind that a finding is about, and of its unit and period."""
    if identity.dataset in _OF_REPORTS:
        is_own = identity.dataset == "task" or identity.unit_code in ("", taken.unit_code)
        return taken.kind == "unit_report" and taken.period == period.id and is_own
    if taken.window_first_day is None or taken.window_last_day is None:
        return taken.kind == "unit_report" and identity.dataset == "figure" and taken.period == period.id
    return taken.window_first_day <= period.last_day and taken.window_last_day >= period.first_day

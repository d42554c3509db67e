"""Who owed what for a period, and what came?

The first accepted, filled-in submission decides whether a report was in time. A blank report is not a zero report, a
rejected one is not a received one, and a withdrawn one never came. A dossier log is received when the windows of the
accepted ones cover the whole period, and as of the day on which they did.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from audit.events import Entry, ReleasePublished
from flows.intake.submissions import Submission
from schemas.plan import Plan
from schemas.plan_models import OutgoingReport, Period, ReportType

State = Literal["not_due", "on_time", "late", "missing", "rejected", "provisional", "not_determined"]


@dataclass(frozen=True)
class ExpectedReport:
    """One expected report and what became of it; the submission is the one that decided, if any came.

    `last_day_on` is None while nobody knows it; `round_count` counts the submissions, whatever became of them. The
    submission at the due date is the latest accepted by then, the one in force the latest accepted of all.
    `days_to_acceptance` are calendar days from the first that came to the first that was accepted.
    """

    period: str
    report_type: str
    unit_code: str
    last_day_on: date | None
    state: State
    submission: str | None = None
    file_sha256: str | None = None
    officially_received_on: date | None = None
    recorded_on: date | None = None
    round_count: int = 0
    is_first_time_right: bool | None = None
    submission_at_due: str | None = None
    submission_in_force: str | None = None
    days_to_acceptance: int | None = None


@dataclass(frozen=True)
class SentReport:
    """A report that the department itself owes: published in time, too late, or not yet."""

    report: OutgoingReport
    last_day_on: date
    published_on: date | None
    state: Literal["not_due", "on_time", "late", "missing"]


def _answers(submission: Submission, report_type: ReportType, unit: str, period: Period) -> bool:
    """Tell whether a submission is one for this report, whatever became of it: a log where its window touches it."""
    taken = submission.taken
    if submission.is_withdrawn:
        return False
    if report_type.form == "workbook":
        return (taken.report_type, taken.period, taken.unit_code) == (report_type.id, period.id, unit)
    touches = (taken.window_first_day or date.max) <= period.last_day and (
        taken.window_last_day or date.min
    ) >= period.first_day
    return taken.kind == "dossier_log" and touches


def _covers(windows: Iterable[tuple[date, date]], period: Period) -> bool:
    """Tell whether these windows, taken together, leave no day of the period out."""
    open_from = period.first_day
    for first, last in sorted(windows):
        if first > open_from:
            return False
        open_from = max(open_from, last + timedelta(days=1))
    return open_from > period.last_day


def _accepted(in_order: Sequence[Submission], report_type: ReportType, period: Period) -> list[Submission]:
    """Return the submissions that were accepted, from the one on with which the report was there."""
    accepted = [one for one in in_order if one.is_in_force]
    if report_type.form == "workbook":
        return accepted
    windows = [(one.taken.window_first_day or date.max, one.taken.window_last_day or date.min) for one in accepted]
    complete = (n for n in range(len(accepted)) if _covers(windows[: n + 1], period))
    first = next(complete, None)
    return [] if first is None else accepted[first:]


def _state(
    last_day_on: date | None, first: Submission, latest: Submission, period: Period, is_provisional: bool
) -> State:
    """Return the state of an accepted report: in time by the first that was accepted, provisional by the latest."""
    if is_provisional and latest.taken.officially_received_on <= period.last_day:
        return "provisional" if last_day_on is None or first.taken.officially_received_on <= last_day_on else "late"
    if last_day_on is None:
        return "not_determined"
    return "on_time" if first.taken.officially_received_on <= last_day_on else "late"


def _without_any(last_day_on: date | None, today: date) -> State:
    if last_day_on is None:
        return "not_determined"
    return "not_due" if today <= last_day_on else "missing"


def _expected(
    plan: Plan, report_type: ReportType, unit: str, period: Period, came: Sequence[Submission], today: date
) -> ExpectedReport:
    last_day_on = plan.last_day_on(report_type, period.id)
    in_order = sorted(came, key=lambda one: (one.taken.officially_received_on, one.seq))
    accepted = _accepted(in_order, report_type, period)
    refused = [one for one in in_order[-1:] if not one.is_in_force]
    deciding = next(iter([*accepted, *refused]), None)
    if deciding is None:
        return ExpectedReport(
            period.id,
            report_type.id,
            unit,
            last_day_on,
            _without_any(last_day_on, today),
            round_count=len(in_order),
        )
    taken = deciding.taken
    state: State = "rejected"
    if accepted:
        state = _state(last_day_on, deciding, accepted[-1], period, period.id in report_type.provisional_in)
    return ExpectedReport(
        period.id,
        report_type.id,
        unit,
        last_day_on,
        state,
        taken.number,
        taken.file_sha256,
        taken.officially_received_on,
        date.fromisoformat(taken.recorded_at[:10]),
        len(in_order),
        in_order[0].is_in_force,
        _last_number(one for one in accepted if last_day_on and one.taken.officially_received_on <= last_day_on),
        _last_number(accepted),
        (taken.officially_received_on - in_order[0].taken.officially_received_on).days if accepted else None,
    )


def _last_number(found: Iterable[Submission]) -> str | None:
    """Return the number of the last of these, None where there is none."""
    return next((one.taken.number for one in reversed(list(found))), None)


def expected_reports(
    found: Sequence[Submission], plan: Plan, period: Period, today: date
) -> tuple[ExpectedReport, ...]:
    """Return every report that the plan expects of a period, by type and unit; `today` decides what is not due yet."""
    return tuple(
        _expected(plan, report_type, unit, period, [s for s in found if _answers(s, report_type, unit, period)], today)
        for report_type in sorted(plan.report_types, key=lambda one: one.id)
        if period.id in report_type.period_ids
        for unit in sorted(plan.expected_senders(report_type))
    )


def sent_reports(entries: Iterable[Entry], plan: Plan, period: Period, today: date) -> tuple[SentReport, ...]:
    """Return what the department owes of a period; its first release says when it was ready."""
    published_at = next(
        (
            entry.at
            for entry in entries
            for event in entry.events
            if isinstance(event, ReleasePublished) and event.period == period.id
        ),
        None,
    )
    published_on = datetime.fromisoformat(published_at).astimezone(plan.zone).date() if published_at else None
    return tuple(
        SentReport(report, last_day_on, published_on, _sent_state(last_day_on, published_on, today))
        for report in plan.outgoing_reports
        if (last_day_on := report.last_day_on.get(period.id)) is not None
    )


def _sent_state(
    last_day_on: date, published_on: date | None, today: date
) -> Literal["not_due", "on_time", "late", "missing"]:
    if published_on is not None:
        return "on_time" if published_on <= last_day_on else "late"
    return "not_due" if today <= last_day_on else "missing"

"""Who owed what for a period, and what came?

The first accepted, filled-in submission decides whether a report was in time. A blank report is not a zero report, and
a rejected one is not a received one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.submissions import Submission
from schemas.plan import Plan
from schemas.plan_models import Period, ReportType

DOSSIER_LOG = "dossier_log"
State = Literal["not_due", "on_time", "late", "missing", "rejected"]


@dataclass(frozen=True)
class ExpectedReport:
    """One expected report and what became of it; the submission is the one that decided, if any came."""

    period: str
    report_type: str
    unit_code: str
    last_day_on: date
    state: State
    submission: str | None = None
    file_sha256: str | None = None
    officially_received_on: date | None = None
    recorded_on: date | None = None


def _answers(submission: Submission, report_type: ReportType, unit: str, period: Period) -> bool:
    """Tell whether a submission is one for this report, whatever became of it."""
    taken = submission.taken
    if submission.is_withdrawn:
        return False
    if report_type.id != DOSSIER_LOG:
        return taken.kind == "unit_report" and taken.period == period.id and taken.unit_code == unit
    covers = (taken.window_first_day or date.max) <= period.first_day and (
        taken.window_last_day or date.min
    ) >= period.last_day
    return taken.kind == DOSSIER_LOG and covers


def _expected(
    report_type: ReportType, unit: str, period: Period, came: Sequence[Submission], today: date
) -> ExpectedReport:
    last_day_on = report_type.last_day_on[period.id]
    in_order = sorted(came, key=lambda one: (one.taken.officially_received_on, one.seq))
    accepted = [one for one in in_order if one.is_in_force]
    deciding = accepted[0] if accepted else in_order[-1] if in_order else None
    if deciding is None:
        return ExpectedReport(
            period.id, report_type.id, unit, last_day_on, "not_due" if today <= last_day_on else "missing"
        )
    taken = deciding.taken
    state: State = "rejected"
    if accepted:
        state = "on_time" if taken.officially_received_on <= last_day_on else "late"
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
    )


def expected_reports(
    found: Sequence[Submission], plan: Plan, period: Period, today: date
) -> tuple[ExpectedReport, ...]:
    """Return every report that the plan expects of a period, by type and unit; `today` decides what is not due yet."""
    return tuple(
        _expected(report_type, unit, period, [s for s in found if _answers(s, report_type, unit, period)], today)
        for report_type in sorted(plan.report_types, key=lambda one: one.id)
        if period.id in report_type.last_day_on
        for unit in sorted(plan.expected_senders(report_type))
    )

"""What does the workbook of a release print?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from audit.ledger import Ledger
from flows.notes import notes
from flows.publication import Publication
from flows.targets import DEPARTMENT, Ratio, way_status
from flows.wording import threshold_text
from releases.report import (
    FormRow,
    Grade,
    IndicatorRow,
    NonconformityRow,
    ReportContent,
    ReportingRow,
    ReportState,
    TargetStatus,
)
from schemas.plan import Plan
from schemas.plan_models import Period, Target

# Columns 3 to 13 of the form, in order.
FORM_COLUMNS = (
    "received_total",
    "received_online",
    "received_in_person_or_postal",
    "carried_over",
    "resolved_total",
    "resolved_early",
    "resolved_on_time",
    "resolved_overdue",
    "pending_total",
    "pending_within_due",
    "pending_overdue",
)
_UNKNOWN_FIELD = "(chưa xác định lĩnh vực)"
_DEPARTMENT_NAME = "Toàn Sở"
Row = Mapping[str, object]


@dataclass(frozen=True)
class Issue:
    """One version of a release: its number, when it is published, who asked for it and who approved it."""

    version: int
    at: datetime
    requested_by: str
    approved_by: str


def _form_rows(release: Publication) -> tuple[FormRow, ...]:
    rows = release.rows("form_ii06a")
    counts = [[cast(int, row[name]) for name in FORM_COLUMNS] for row in rows]
    totals = [sum(row[n] for row in counts) for n in range(len(FORM_COLUMNS))]
    labels = [str(row["field"]) or _UNKNOWN_FIELD for row in rows]
    lines = [FormRow.of(label, row) for label, row in zip(labels, counts, strict=True)]
    return (*lines, FormRow.of("TỔNG CỘNG", totals, is_total=True))


def _indicator_row(target: Target, row: Row) -> IndicatorRow:
    """Return the line of one figure; a part of a target is held against its own threshold."""
    way = next((way for way in target.ways if way.indicator == row["indicator_id"]), None)
    ratio = Ratio(cast(Decimal | None, row["numerator"]), cast(Decimal | None, row["denominator"]))
    is_part = way is not None and way.indicator != target.indicator
    return IndicatorRow(
        target_id=target.id,
        name_vi=str(row["indicator_name_vi"]),
        name_en=str(row["indicator_name_en"]),
        numerator=ratio.numerator,
        denominator=ratio.denominator,
        value=cast(Decimal | None, row["share"]),
        threshold_text=threshold_text(way) if way else " hoặc ".join(threshold_text(w) for w in target.ways),
        status=way_status(ratio, way) if way and is_part else cast(TargetStatus, row["target_status"]),
        threshold=way.threshold if way else None,
    )


def _indicator_rows(release: Publication, plan: Plan) -> tuple[IndicatorRow, ...]:
    found = {row["indicator_id"]: row for row in release.rows("indicators") if row["unit_code"] == DEPARTMENT}
    return tuple(
        _indicator_row(target, found[indicator_id])
        for target in plan.targets
        for indicator_id in dict.fromkeys((target.indicator, *(way.indicator for way in target.ways)))
    )


def _reporting_row(row: Row) -> ReportingRow:
    return ReportingRow(
        unit_name=str(row["unit_name_vi"]),
        report_name=str(row["report_name_vi"]),
        last_day_on=cast(date, row["last_day_on"]),
        received_on=cast(date | None, row["officially_received_on"]),
        recorded_on=cast(date | None, row["recorded_on"]),
        state=cast(ReportState, row["state"]),
        submission=str(row["submission"] or ""),
    )


def _nonconformity_row(row: Row) -> NonconformityRow:
    return NonconformityRow(
        number=str(row["number"]),
        rule_id=str(row["rule_id"]),
        message_vi=str(row["message_vi"]),
        unit_name=str(row["unit_name_vi"] or _DEPARTMENT_NAME),
        grade=cast(Grade, row["grade"]),
        state=str(row["state"]),
        detected_on=date.fromisoformat(str(row["opened_at"])[:10]),
        checked_count=cast(int, row["checked_count"]),
        failing_count=cast(int, row["failing_count"]),
    )


def report_content(release: Publication, plan: Plan, period: Period, ledger: Ledger, issue: Issue) -> ReportContent:
    """Return what the workbook of this release prints."""
    return ReportContent(
        department_vi=plan.document.name_vi,
        department_en=plan.document.name_en,
        title_vi=plan.document.title_vi,
        period_name_vi=period.name_vi,
        period_name_en=period.name_en,
        first_day=period.first_day,
        last_day=period.last_day,
        version=issue.version,
        ledger_size=ledger.size,
        ledger_head=ledger.head,
        published_at=issue.at,
        requested_by=issue.requested_by,
        approved_by=issue.approved_by,
        notes=notes(plan),
        form_rows=_form_rows(release),
        indicators=_indicator_rows(release, plan),
        reporting=tuple(_reporting_row(row) for row in release.rows("reporting")),
        nonconformities=tuple(_nonconformity_row(row) for row in release.rows("nonconformities")),
    )

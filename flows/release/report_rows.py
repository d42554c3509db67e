"""How does a row of a published dataset become a line of the workbook?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from audit.events import TakenAwayBy, VerdictTurned
from audit.steps import State as NonconformityState
from flows.measures.names import change_name_text, dimension_value_name, task_text
from flows.measures.targets import Measured, Ratio, way_status
from flows.measures.wording import day_text, local_day, threshold_text
from flows.release.plan_changes import PlanDecision
from releases.workbook.report import (
    FigureRow,
    FigureStatus,
    FormRow,
    Grade,
    Label,
    NonconformityRow,
    Outcome,
    ParetoRow,
    PlanChangeRow,
    Quantity,
    Reliance,
    ReportingRow,
    ReportState,
    RuleRow,
    SeriesRow,
    Severity,
    TargetRow,
    TargetStatus,
    TaskRow,
    TaskState,
    TaskSummaryRow,
    Trend,
    TurnedRow,
    WaiverRow,
)
from releases.workbook.words import TAKEN_AWAY_VI, TOTAL
from schemas.plan import Plan
from schemas.plan_models import EVERY_OFFICE, EVERY_UNIT, Target, TargetPart

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
DEPARTMENT_NAME = "Toàn Sở"
_UNKNOWN = "(chưa xác định)"
_TASK_COUNTS = ("task_count", "occurrence_count", "done_on_time_count", "done_late_count", "overdue_count",
                "not_due_count", "without_day_count", "without_evidence_count")  # fmt: skip
Row = Mapping[str, object]


def form_rows(rows: Iterable[Row], label: str) -> tuple[FormRow, ...]:
    """Return the lines of a form, named by the column `label`, and their total."""
    lines = [FormRow.of(str(row[label] or _UNKNOWN), [cast(int, row[name]) for name in FORM_COLUMNS]) for row in rows]
    totals = [sum(line.counts[n] for line in lines) for n in range(len(FORM_COLUMNS))]
    return (*lines, FormRow.of(TOTAL, totals, is_total=True))


def quantity(row: Row) -> Quantity:
    """Return the figure of a row that holds numerator, denominator, value, unit of measure and status."""
    return Quantity(
        numerator=cast(Decimal | None, row["numerator"]),
        denominator=cast(Decimal | None, row["denominator"]),
        value=cast(Decimal | None, row["value"]),
        unit=str(row["unit_of_measure"]),
        status=cast(FigureStatus, row["status"]),
    )


def target_rows(
    target: Target, result: Row, figures: Mapping[tuple[str, str, str], Row], plan: Plan
) -> tuple[TargetRow, ...]:
    """Return a line for every way of a target that a figure decides, or the only one of a target that none does.

    `figures` are the department's, by indicator, dimension and value of the dimension.
    """

    def line(way: TargetPart | None) -> TargetRow:
        row = figures.get((way.indicator, way.dimension, way.dimension_value)) if way is not None else None
        status: TargetStatus | None = None
        if way is not None and row is not None:
            ratio = Ratio(cast(Decimal | None, row["numerator"]), cast(Decimal | None, row["denominator"]))
            status = way_status(Measured(ratio, cast(str | None, row["trend"])), way)
        return TargetRow(
            target_id=target.id,
            text_vi=target.text_vi,
            figure_name=str(row["indicator_name_vi"]) if row is not None else "",
            figure=quantity(row) if row is not None else None,
            bound_text=threshold_text(way) if way is not None else "",
            way_status=status,
            status=cast(TargetStatus, result["status"]),
            reason=_target_reason(str(result["reason"] or ""), target, plan),
        )

    return tuple(line(way) for way in target.ways or (None,))


def _target_reason(reason: str, target: Target, plan: Plan) -> str:
    """Return why a target is what it is; tasks that it names by their numbers follow in words, a line each."""
    said, _, listed = reason.rpartition(": ")
    numbers = listed.split(", ")
    if not said or not set(numbers) <= set(target.tasks):
        return reason
    return "\n".join([f"{said}:", *(f"– {task_text(plan, number)}" for number in numbers)])


def _reliance(row: Row) -> Reliance:
    return Reliance(
        label=cast(Label, row["label"]),
        accepted_count=cast(int | None, row["coverage_accepted"]),
        read_count=cast(int | None, row["coverage_read"]),
        open_nonconformity_count=cast(int, row["open_nonconformity_count"]),
        waiver_count=cast(int, row["waiver_count"]),
    )


def figure_row(row: Row, plan: Plan) -> FigureRow:
    """Return one figure with what it is compared with."""
    unit = str(row["unit_code"])
    # A task that all offices, or all units, lead together is a figure of "*office" or "*unit".
    together = plan.lead_name(unit) if unit in (EVERY_OFFICE, EVERY_UNIT) else unit
    short_names = {one.code: one.short_name for one in plan.units}
    return FigureRow(
        group=str(row["indicator_group"]),
        indicator_id=str(row["indicator_id"]),
        name_vi=str(row["indicator_name_vi"]),
        name_en=str(row["indicator_name_en"]),
        quantity=quantity(row),
        reliance=_reliance(row),
        unit_name=short_names.get(unit, together),
        dimension=str(row["dimension"]),
        dimension_value=dimension_value_name(str(row["dimension"]), str(row["dimension_value"]), plan)
        or (_UNKNOWN if row["dimension"] else ""),
        before_value=cast(Decimal | None, row["before_value"]),
        trend=cast(Trend | None, row["trend"]),
        year_ago_value=cast(Decimal | None, row["year_ago_value"]),
        year_ago_trend=cast(Trend | None, row["year_ago_trend"]),
        is_series_broken=bool(row["is_series_broken"]),
    )


def series_row(row: Row) -> SeriesRow:
    """Return the department's figure of one indicator in one period."""
    return SeriesRow(
        indicator_id=str(row["indicator_id"]),
        name_vi=str(row["indicator_name_vi"]),
        name_en=str(row["indicator_name_en"]),
        period_name=str(row["period_name_vi"]),
        quantity=quantity(row),
    )


def task_row(row: Row, plan: Plan) -> TaskRow:
    """Return one task, for one of the times that it is due."""
    return TaskRow(
        task_id=str(row["task_id"]),
        area=f"{row['area']}. {row['area_name_vi']}",
        task_vi=str(row["task_vi"]),
        product_vi=str(row["product_vi"]),
        schedule_vi=str(row["schedule_vi"]),
        lead=plan.lead_name(str(row["lead"])),
        last_day_on=cast(date | None, row["last_day_on"]),
        done_on=cast(date | None, row["done_on"]),
        state=cast(TaskState, row["state"]),
        evidence=str(row["evidence"]),
    )


def task_summary_rows(rows: Sequence[Row], plan: Plan) -> tuple[TaskSummaryRow, ...]:
    """Return the tasks by area and lead, and their total."""
    found = [tuple(cast(int, row[name]) for name in _TASK_COUNTS) for row in rows]
    lines = [
        TaskSummaryRow(f"{row['area']}. {row['area_name_vi']}", plan.lead_name(str(row["lead"])), counts)
        for row, counts in zip(rows, found, strict=True)
    ]
    totals = tuple(sum(counts[n] for counts in found) for n in range(len(_TASK_COUNTS)))
    return (*lines, TaskSummaryRow(TOTAL, "", totals, is_total=True))


def reporting_row(row: Row) -> ReportingRow:
    """Return one report that was owed, and what came."""
    return ReportingRow(
        unit_name=str(row["unit_name_vi"]),
        report_name=str(row["report_name_vi"]),
        last_day_on=cast(date | None, row["last_day_on"]),
        received_on=cast(date | None, row["officially_received_on"]),
        recorded_on=cast(date | None, row["recorded_on"]),
        state=cast(ReportState, row["state"]),
        submission=str(row["submission"] or ""),
        round_count=cast(int, row["round_count"]),
        days_to_acceptance=cast(int | None, row["days_to_acceptance"]),
        submission_at_due=str(row["submission_at_due"] or ""),
        submission_in_force=str(row["submission_in_force"] or ""),
    )


def nonconformity_row(row: Row, plan: Plan) -> NonconformityRow:
    """Return one nonconformity of the register."""
    return NonconformityRow(
        number=str(row["number"]),
        rule_id=str(row["rule_id"]),
        message_vi=str(row["message_vi"]),
        unit_name=str(row["unit_name_vi"] or DEPARTMENT_NAME),
        grade=cast(Grade, row["grade"]),
        state=cast(NonconformityState, row["state"]),
        detected_on=local_day(str(row["opened_at"]), plan.zone),
        checked_count=cast(int, row["checked_count"]),
        failing_count=cast(int, row["failing_count"]),
        owner_name=str(row["owner_name_vi"] or ""),
        due_on=cast(date | None, row["due_on"]),
        course=tuple(_course(row, plan)),
    )


def _course(row: Row, plan: Plan) -> Iterator[str]:
    """Yield what became of a nonconformity since it was opened: a line each."""
    if row["gone_at"] is not None:
        by = TAKEN_AWAY_VI[cast(TakenAwayBy, row["gone_because"])]
        gone_on = day_text(local_day(str(row["gone_at"]), plan.zone))
        submission = f"{row['gone_submission']} " if row["gone_submission"] else ""
        yield f"Không còn từ {gone_on}: {submission}{by}"
    if row["waiver_number"] is not None:
        yield f"Ngoại lệ {row['waiver_number']} đến hết {day_text(cast(date, row['waived_until_on']))}"
    links = {"recurrence_of": "Lặp lại của", "followed_by": "Tiếp nối bởi", "duplicate_of": "Trùng với"}
    yield from (f"{words} {row[name]}" for name, words in links.items() if row[name])
    if row["decided_at"] is not None:
        decided_on = day_text(local_day(str(row["decided_at"]), plan.zone))
        yield f"{row['decided_by']}, {decided_on}: {row['reason']}"


def waiver_row(row: Row) -> WaiverRow:
    """Return one exception that holds for the period."""
    return WaiverRow(
        number=str(row["number"]),
        rule_id=str(row["rule_id"]),
        message_vi=str(row["message_vi"]),
        unit_name=str(row["unit_name_vi"] or DEPARTMENT_NAME),
        failing_count=cast(int, row["failing_count"]),
        reason=str(row["reason"]),
        approved_by=str(row["approved_by"]),
        last_day_on=cast(date, row["last_day_on"]),
    )


def rule_row(row: Row) -> RuleRow:
    """Return what became of one rule."""
    return RuleRow(
        rule_id=str(row["rule_id"]),
        message_vi=str(row["message_vi"]),
        message_en=str(row["message_en"]),
        severity=cast(Severity, row["severity"]),
        outcome=cast(Outcome, row["outcome"]),
        checked_count=cast(int, row["checked_count"]),
        failing_count=cast(int, row["failing_count"]),
        not_evaluated_reason=str(row["not_evaluated_reason"]),
        justification=str(row["justification"]),
    )


def pareto_row(row: Row) -> ParetoRow:
    """Return the findings under one rule and their running total."""
    return ParetoRow(
        rule_id=str(row["rule_id"]),
        message_vi=str(row["message_vi"]),
        severity=cast(Severity, row["severity"]),
        failing_count=cast(int, row["failing_count"]),
        cumulative_count=cast(int, row["cumulative_count"]),
        cumulative_share=cast(Decimal, row["cumulative_share"]),
    )


def plan_change_row(decision: PlanDecision, plan: Plan) -> PlanChangeRow:
    """Return one accepted change of the plan."""
    return PlanChangeRow(
        number=decision.number,
        proposed_by=decision.proposed_by,
        accepted_by=decision.accepted_by,
        accepted_on=decision.accepted_on,
        reason=decision.reason,
        changes=tuple(change_name_text(plan, change) for change in decision.changes),
    )


def turned_row(verdict: VerdictTurned, plan: Plan) -> TurnedRow:
    """Return one verdict that a change of the plan turned."""
    return TurnedRow(
        target_id=verdict.target_id,
        text_vi=next((one.text_vi for one in plan.targets if one.id == verdict.target_id), "–"),
        before=cast(TargetStatus | None, verdict.before or None),
        after=cast(TargetStatus | None, verdict.after or None),
    )

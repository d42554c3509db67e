"""What became of each target of the plan, from the period's figures and tasks?"""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from flows.measures.targets import Measured, Ratio, TargetResult, target_result
from schemas.plan import Plan
from schemas.plan_models import Period, Target, TargetPart
from schemas.tables import TARGET_RESULT

Row = Mapping[str, object]
REPORT_TYPE = "report_type"
_NOT_DUE = "báo cáo này không đến hạn trong kỳ / the report is not due in this period"
_NO_DECISION = "ngày ban hành quyết định chưa có trong kế hoạch / the plan's decision has no day yet"


def figure_of(figures: Iterable[Row], way: TargetPart) -> Measured | None:
    """Return the figure that a way of a target asks about; None where it is not measured."""
    wanted = (way.indicator, "", way.dimension, way.dimension_value)
    for row in figures:
        if (row["indicator_id"], row["unit_code"], row["dimension"], row["dimension_value"]) == wanted:
            ratio = Ratio(row["numerator"], row["denominator"])  # type: ignore[arg-type]
            return Measured(ratio, str(row["trend"]) if row["trend"] is not None else None)
    return None


def done_with_evidence(states: Iterable[Row]) -> dict[str, bool]:
    """Return of each task that was due or done whether every time has its evidence."""
    found: dict[str, bool] = {}
    for row in states:
        if row["state"] in ("not_due", "open"):
            continue
        is_shown = row["done_on"] is not None and bool(row["evidence"])
        task = str(row["task_id"])
        found[task] = found.get(task, True) and is_shown
    return found


def why_not_due(plan: Plan, period: Period, target: Target) -> str:
    """Return why the reports that a target asks about are not due in this period, "" where they are or it asks of none.

    Without the day of the plan's decision nobody knows when a report is due that counts from it.
    """
    types = [plan.report_type(way.dimension_value) for way in target.ways if way.dimension == REPORT_TYPE]
    if not types:
        return ""
    due = [report_type for report_type in types if period.id in report_type.period_ids]
    if not due:
        return _NOT_DUE
    return _NO_DECISION if all(plan.last_day_on(one, period.id) is None for one in due) else ""


def target_results(
    plan: Plan, period: Period, figures: Iterable[Row], states: Iterable[Row]
) -> tuple[TargetResult, ...]:
    """Return what became of every target of the plan, in its order."""
    department = list(figures)
    done = done_with_evidence(states)
    return tuple(
        TargetResult(target, "not_determined", reason)
        if (reason := why_not_due(plan, period, target))
        else target_result(target, lambda way: figure_of(department, way), done)
        for target in plan.targets
    )


def target_table(plan: Plan, period: Period, figures: pa.Table, states: pa.Table) -> pa.Table:
    """Return the results as the table that is kept."""
    rows = [
        {
            "period": period.id, "target_id": result.target.id, "indicator_id": result.target.indicator or None,
            "dimension": result.target.dimension, "dimension_value": result.target.dimension_value,
            "status": result.status, "reason": result.reason,
        }
        for result in target_results(plan, period, figures.to_pylist(), states.to_pylist())
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=TARGET_RESULT)

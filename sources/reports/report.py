"""What does a unit's report say, and which rules does it break?

A pure function of the file's bytes, the plan and the rules. Everything wrong with a report is found in one reading: a
bad cell hides no other, and what could not be evaluated says so instead of passing.

Kept for every report that is read: read = accepted + rejected + ignored, over the rows of the two data sheets.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from audit.corrections import Correction
from schemas.findings import Finding, RuleResult
from schemas.plan import Plan
from schemas.plan_models import ReportItem
from schemas.rules import Rules
from schemas.tables import REPORT_TASK, REPORT_VALUE, ROW_ACCOUNT
from sources.reports.arrival import check_arrival
from sources.reports.correction import corrected_grids, find_unapplied, labelled
from sources.reports.defence import MISSING, check_authority, check_items, check_tasks, check_workbook
from sources.reports.evaluation import Evaluation, Verdict
from sources.reports.fonts import see_fonts
from sources.reports.grid import Grid, NotTheTemplateError
from sources.reports.identity import IDENTITY_RULES, NEEDED, NOT_THE_TEMPLATE, Identity, Problem
from sources.reports.layout import ItemLayout, OpenReport, locate_items, open_report
from sources.reports.package import see_package
from sources.reports.tasks import TaskReading, read_tasks, without_tasks
from sources.reports.values import ITEM_RULES, compare_values, read_values

_NOT_READ = "tệp không đọc được như mẫu báo cáo (R004) / the file was not read as a report (R004)"
NO_ITEMS = "loại báo cáo không có chỉ tiêu / this report type has no line items"
_NO_TABLE = "loại báo cáo không có bảng nhiệm vụ / this report type has no task table"
_COLUMNS_MISSING = "bảng nhiệm vụ thiếu cột (R049) / the task table lacks columns (R049)"
_WHAT_BECAME = "ngày hoàn thành, tình trạng hoặc minh chứng / a day done, a state or a document"


@dataclass(frozen=True)
class ReportReading:
    """One report as read: who and when as far as known, values, tasks, findings, verdicts and the account of rows."""

    unit_code: str | None
    period: str | None
    report_type: str | None
    is_rejected: bool
    is_blank: bool
    findings: tuple[Finding, ...]
    results: tuple[RuleResult, ...]
    values: pa.Table
    tasks: pa.Table
    account: pa.Table
    read_count: int
    accepted_count: int
    rejected_count: int
    ignored_count: int


def read_report(
    content: bytes,
    file_sha256: str,
    plan: Plan,
    rules: Rules,
    sender: str | None = None,
    corrections: Sequence[Correction] = (),
    *,
    file_name: str = "",
    received_on: date | None = None,
) -> ReportReading:
    """Read one report and evaluate every rule of kind `report` over it; bytes of any kind give a reading.

    `sender` is the code of the unit that handed it in, where that is stated; `file_name` has no suffix. Values are
    plain numbers in the item's unit of measure (yes and no are 1 and 0). ValueError only for a plan whose relations do
    not follow the grammar.
    """
    try:
        report = open_report(content, plan)
    except NotTheTemplateError as error:
        problem = Problem(NOT_THE_TEMPLATE, NEEDED, str(error))
        reading = Evaluation(file_sha256, rules, Identity(problems=(problem,)), None)
        return _refused(reading, corrections, NOT_THE_TEMPLATE)
    period_id, type_id = report.identity.period, report.identity.report_type
    reading = Evaluation(file_sha256, rules, report.identity, plan.period(period_id).last_day if period_id else None)
    if report.identity.problems or period_id is None or type_id is None:
        return _refused(reading, corrections, *IDENTITY_RULES)
    report = _corrected(reading, report, corrections)
    see_package(reading, content)
    see_fonts(reading, (report.items, report.tasks))
    items = plan.items_required_in(plan.report_type(type_id), period_id)
    layout = locate_items(report, items)
    if items and not layout.places:
        problem = Problem(NOT_THE_TEMPLATE, "chỉ tiêu của mẫu / line items of the template")
        reading.identity = replace(report.identity, problems=(problem,))
        return _refused(reading, (), *IDENTITY_RULES)
    for rule_id in IDENTITY_RULES:
        reading.verdict(rule_id).checked = 1
    check_authority(reading, plan, sender)
    check_workbook(reading, report)
    check_arrival(reading, plan, file_name, received_on)
    return _read(reading, report, plan, items, layout)


def _corrected(reading: Evaluation, report: OpenReport, corrections: Sequence[Correction]) -> OpenReport:
    """Apply what was declared of single cells of the data sheets."""
    sheets = {grid.sheet: grid for grid in (report.items, report.tasks)}
    cells = {sheet: grid.cells for sheet, grid in sheets.items()}
    grids = corrected_grids(reading, sheets, labelled(corrections, report.labels), cells)
    return replace(report, items=grids[report.items.sheet], tasks=grids[report.tasks.sheet])


def _read(
    reading: Evaluation, report: OpenReport, plan: Plan, items: tuple[ReportItem, ...], layout: ItemLayout
) -> ReportReading:
    """Evaluate what the data sheets of a report of known unit, period and type say."""
    identity = report.identity
    period, report_type = plan.period(identity.period or ""), plan.report_type(identity.report_type or "")
    if report_type.tasks == "none":
        tasks = without_tasks(reading, _NO_TABLE)
    elif report.missing_task_columns:
        tasks = without_tasks(reading, _COLUMNS_MISSING, [report.task_table], MISSING)
    else:
        tasks = read_tasks(reading, report.task_table, plan, period, is_of_plan=report_type.tasks == "plan")
    check_tasks(reading, report, plan, report_type)
    check_items(reading, report, items, layout, period, has_tasks=report_type.tasks != "none")
    if not items:
        return judged_tasks(reading, report.tasks.sheet, tasks)
    return judged_items(reading, report.items, items, layout, tasks)


def judged_items(
    reading: Evaluation,
    grid: Grid,
    items: Sequence[ReportItem],
    layout: ItemLayout,
    tasks: TaskReading,
    unread: Mapping[int, str] | None = None,
    elsewhere: Container[int] = (),
) -> ReportReading:
    """Evaluate the figures of a report and finish it.

    `unread` are rows whose figure no item took, and by which rule; `elsewhere` are rows of another table of the sheet.
    """
    values = read_values(reading, grid, items, layout)
    compare_values(reading, grid.sheet, items, layout, values, tasks.counts, tasks.why_unread)
    _account_items(reading, grid, layout, unread or {}, elsewhere)
    return finished_reading(reading, values.table, tasks.table, is_blank=values.is_blank)


def judged_tasks(reading: Evaluation, sheet: str, tasks: TaskReading) -> ReportReading:
    """Finish a report that has tasks alone."""
    reading.leave_out(NO_ITEMS, *ITEM_RULES)
    reading.verdict("R005").checked = 1
    if not tasks.is_filled_in and not tasks.is_rejected:
        reading.find("R005", _WHAT_BECAME, sheet=sheet)
    return finished_reading(reading, REPORT_VALUE.empty_table(), tasks.table, is_blank=not tasks.is_filled_in)


def _account_items(
    reading: Evaluation, grid: Grid, layout: ItemLayout, unread: Mapping[int, str], elsewhere: Container[int]
) -> None:
    """Dispose of every row of the item sheet that is no other table's."""
    item_rows = {cell.row for cell in layout.places.values()}
    rejected = {**unread, **reading.fatal_rules(grid.sheet)}
    # An item's row lies beyond the last filled one where its code was erased and its name still points there.
    for row in range(1, max((grid.last_row, *item_rows)) + 1):
        if row in elsewhere:
            continue
        if row in rejected:
            reading.dispose(grid.sheet, row, "rejected", rejected[row])
        elif row in item_rows:
            reading.dispose(grid.sheet, row, "accepted", "")
        elif row == layout.heading_row:
            reading.dispose(grid.sheet, row, "ignored", "heading")
        elif row not in grid.filled_rows:
            reading.dispose(grid.sheet, row, "ignored", "blank")
        else:
            is_title = layout.heading_row is not None and row < layout.heading_row
            reading.dispose(grid.sheet, row, "ignored", "title" if is_title else "text")


def _refused(reading: Evaluation, corrections: Sequence[Correction], *evaluated: str) -> ReportReading:
    """Finish a report of which nothing more can be read; `evaluated` are the rules that one could ask.

    `corrections` are those that were not tried on it yet.
    """
    reading.verdicts = {rule_id: Verdict(checked=1) for rule_id in evaluated}
    for problem in reading.identity.problems:
        reading.find(problem.rule_id, problem.needed, written=problem.written)
    find_unapplied(reading, corrections)
    return finished_reading(reading, REPORT_VALUE.empty_table(), REPORT_TASK.empty_table(), is_blank=False)


def finished_reading(
    reading: Evaluation, values: pa.Table, tasks: pa.Table, *, is_blank: bool, why_unread: str = _NOT_READ
) -> ReportReading:
    """Close the account of a reading; `why_unread` is said of every rule that nobody asked for."""
    dispositions = sorted(reading.dispositions)
    counts = {kind: sum(d[2] == kind for d in dispositions) for kind in ("accepted", "rejected", "ignored")}
    account = [
        {"file_sha256": reading.file_sha256, "sheet": sheet, "row": row, "disposition": kind, "reason": reason}
        for sheet, row, kind, reason in dispositions
        if kind != "accepted"
    ]
    return ReportReading(
        unit_code=reading.identity.unit_code,
        period=reading.identity.period,
        report_type=reading.identity.report_type,
        is_rejected=reading.is_rejected,
        is_blank=is_blank,
        findings=tuple(reading.findings),
        results=reading.results(why_unread),
        values=values,
        tasks=tasks,
        account=pa.Table.from_pylist(account, schema=ROW_ACCOUNT),
        read_count=len(dispositions),
        accepted_count=counts["accepted"],
        rejected_count=counts["rejected"],
        ignored_count=counts["ignored"],
    )

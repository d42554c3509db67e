"""What does a unit's report say, and which rules does it break?

A pure function of the file's bytes, the plan and the rules. Everything wrong with a report is found in one reading: a
bad cell hides no other, and what could not be evaluated says so instead of passing.

Kept for every report that is read: read = accepted + rejected + ignored, over the rows of the two data sheets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa

from schemas.findings import Finding, RuleResult
from schemas.plan import Plan
from schemas.plan_models import ReportItem
from schemas.relation import parse_relation
from schemas.rules import Rules
from schemas.tables import REPORT_TASK, REPORT_VALUE, ROW_ACCOUNT
from schemas.text import comparison_key
from sources.report_cells import EXPECTED_DAY, Cell, cast_day, cast_item
from sources.report_evaluation import Evaluation, Verdict
from sources.report_layout import Identity, ItemLayout, NotTheTemplateError, OpenReport, locate_items, open_report
from sources.template import TASK_HEADINGS, TASK_STATES

_TASK, _PRODUCT, _DUE, _DONE, _STATE, _EVIDENCE = TASK_HEADINGS[1:]
_STATES = {comparison_key(state): state for state in TASK_STATES}
_NOT_READ = "tệp không đọc được như mẫu báo cáo (R004) / the file was not read as a report (R004)"
_BLANK = "báo cáo trống (R005) / the report is blank (R005)"


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


def read_report(content: bytes, file_sha256: str, plan: Plan, rules: Rules) -> ReportReading:
    """Read one report and evaluate every rule of kind `report` over it; bytes of any kind give a reading.

    Values are plain numbers in the item's unit of measure (yes and no are 1 and 0). ValueError only for a plan whose
    relations do not follow the grammar.
    """
    try:
        report = open_report(content, plan)
    except NotTheTemplateError as error:
        return _refused(Evaluation(file_sha256, rules, Identity(problems=(str(error),)), None))
    period_id = report.identity.period
    reading = Evaluation(file_sha256, rules, report.identity, plan.period(period_id).last_day if period_id else None)
    if report.identity.problems or period_id is None:
        return _refused(reading)
    reading.verdict("R004").checked = 1
    items = plan.items_required_in(period_id)
    layout = locate_items(report, items)
    if not layout.places:
        problem = "không tìm thấy chỉ tiêu nào của mẫu / no line item of the template is found"
        reading.identity = Identity(report.identity.unit_code, period_id, report.identity.report_type, (problem,))
        return _refused(reading)
    values, is_blank = _read_values(reading, report, items, layout)
    tasks = _read_tasks(reading, report)
    _account_items(reading, report, layout)
    return _finished(reading, values, tasks, is_blank=is_blank)


def _read_values(
    reading: Evaluation, report: OpenReport, items: Sequence[ReportItem], layout: ItemLayout
) -> tuple[pa.Table, bool]:
    """Cast every item's cell, then evaluate what stands between items."""
    sheet, known, rows = report.items.sheet, {}, []
    blanks: list[ReportItem] = []
    for item in items:
        cell = layout.places.get(item.code)
        cast = cast_item(item, cell) if cell is not None else None
        if cell is not None:
            reading.verdict("R001").checked += 1
        if cast is not None and cast.expected is not None:
            reading.find("R001", cast.expected, sheet=sheet, cell=cell, column_name=item.code, subject=item.code)
        if cast is not None and cast.value is not None:
            known[item.code] = cast.value
        is_item_blank = cast is None or cast.is_blank
        blanks += [item] * is_item_blank
        rows.append({
            "file_sha256": reading.file_sha256, "unit_code": reading.identity.unit_code,
            "period": reading.identity.period, "item_code": item.code, "sheet": sheet,
            "row": cell.row if cell else None, "cell": cell.coordinate if cell else None, "is_blank": is_item_blank,
            "value": known.get(item.code),
        })  # fmt: skip
    _find_repeated(reading, sheet, layout)
    is_blank = len(blanks) == len(items)
    _find_blanks(reading, sheet, layout, items, blanks, is_blank=is_blank)
    if is_blank:
        reading.verdict("R003").not_evaluated.append(_BLANK)
    else:
        _find_broken_relations(reading, sheet, layout, items, known)
    return pa.Table.from_pylist(rows, schema=REPORT_VALUE), is_blank


def _find_repeated(reading: Evaluation, sheet: str, layout: ItemLayout) -> None:
    """Two rows of one item that both hold a figure are a contradiction that nobody may decide by position."""
    for code, cell in layout.repeated.values():
        if not cell.is_blank:
            expected = f"mỗi chỉ tiêu một dòng / one row per item: {code}"
            reading.verdict("R001").checked += 1
            reading.find("R001", expected, sheet=sheet, cell=cell, column_name=code, subject=code)


def _find_blanks(
    reading: Evaluation,
    sheet: str,
    layout: ItemLayout,
    items: Sequence[ReportItem],
    blanks: Sequence[ReportItem],
    *,
    is_blank: bool,
) -> None:
    reading.verdict("R005").checked = 1
    if is_blank:
        reading.find(
            "R005", "có số liệu; không phát sinh thì ghi 0 / figures; 0 where there were no cases", sheet=sheet
        )
        # One finding says it all: a list of every cell would only repeat it.
        reading.verdict("R002").not_evaluated.append(_BLANK)
        return
    reading.verdict("R002").checked = len(items)
    for item in blanks:
        expected = f"{item.unit_of_measure}; không phát sinh thì ghi 0 / a figure, 0 where there were no cases"
        cell = layout.places.get(item.code)
        reading.find("R002", expected, sheet=sheet, cell=cell, column_name=item.code, subject=item.code)


def _find_broken_relations(
    reading: Evaluation, sheet: str, layout: ItemLayout, items: Sequence[ReportItem], known: dict[str, Decimal]
) -> None:
    verdict = reading.verdict("R003")
    for item in items:
        if not item.relation:
            continue
        relation = parse_relation(item.relation, item.code)
        lacking = [code for code in relation.item_codes if code not in known]
        if lacking:
            verdict.not_evaluated.append(f"{item.code}: không có / without {', '.join(lacking)}")
            continue
        verdict.checked += 1
        breach = relation.breach(known)
        if breach is not None:
            cell = layout.places.get(item.code)
            reading.find("R003", breach, sheet=sheet, cell=cell, column_name=item.code, subject=item.code)


def _read_tasks(reading: Evaluation, report: OpenReport) -> pa.Table:
    """Cast the rows of the task table and dispose of every row of its sheet."""
    grid, columns, rows = report.tasks, report.task_columns, []
    for row in range(1, grid.last_row + 1):
        cells = {heading: grid.at(row, columns[heading]) for heading in TASK_HEADINGS[1:]}
        if row < report.task_heading_row:
            reading.dispose(grid.sheet, row, "ignored", "title" if row in grid.filled_rows else "blank")
        elif row == report.task_heading_row:
            reading.dispose(grid.sheet, row, "ignored", "heading")
        elif all(cell.is_blank for cell in cells.values()):
            reading.dispose(grid.sheet, row, "ignored", "blank")
        else:
            rows += _read_task(reading, grid.sheet, row, cells)
    return pa.Table.from_pylist(rows, schema=REPORT_TASK)


def _read_task(
    reading: Evaluation, sheet: str, row: int, cells: dict[str, Cell]
) -> list[dict[str, str | int | date | None]]:
    state = _STATES.get(comparison_key(cells[_STATE].text))
    days = {heading: cast_day(cells[heading]) for heading in (_DUE, _DONE)}
    refused = {heading: "văn bản / text" for heading, cell in cells.items() if cell.is_broken}
    if cells[_TASK].is_blank:
        refused[_TASK] = "tên nhiệm vụ / the task's name"
    refused |= {h: EXPECTED_DAY for h, day in days.items() if day is None and not cells[h].is_blank}
    if state is None and not cells[_STATE].is_blank:
        refused[_STATE] = ", ".join(TASK_STATES)
    reading.verdict("R001").checked += len(cells)
    for heading in TASK_HEADINGS:
        if heading in refused:
            reading.find("R001", refused[heading], sheet=sheet, cell=cells[heading], column_name=heading)
    if refused:
        reading.dispose(sheet, row, "rejected", "R001")
        return []
    reading.dispose(sheet, row, "accepted", "")
    texts = {heading: cells[heading].text or None for heading in (_TASK, _PRODUCT, _EVIDENCE)}
    return [{
        "file_sha256": reading.file_sha256, "unit_code": reading.identity.unit_code, "period": reading.identity.period,
        "sheet": sheet, "row": row, "task": texts[_TASK], "product": texts[_PRODUCT], "due_on": days[_DUE],
        "done_on": days[_DONE], "state": state, "evidence": texts[_EVIDENCE],
    }]  # fmt: skip


def _account_items(reading: Evaluation, report: OpenReport, layout: ItemLayout) -> None:
    """Dispose of every row of the item sheet."""
    grid = report.items
    item_rows = {cell.row for cell in layout.places.values()}
    rejected = reading.fatal_rules(grid.sheet)
    # An item's row lies beyond the last filled one where its code was erased and its name still points there.
    for row in range(1, max((grid.last_row, *item_rows)) + 1):
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


def _refused(reading: Evaluation) -> ReportReading:
    reading.verdicts = {"R004": Verdict(checked=1)}
    reading.find("R004", "; ".join(reading.identity.problems))
    return _finished(reading, REPORT_VALUE.empty_table(), REPORT_TASK.empty_table(), is_blank=False)


def _finished(reading: Evaluation, values: pa.Table, tasks: pa.Table, *, is_blank: bool) -> ReportReading:
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
        is_rejected=any(finding.severity == "fatal" for finding in reading.findings),
        is_blank=is_blank,
        findings=tuple(reading.findings),
        results=reading.results(_NOT_READ),
        values=values,
        tasks=tasks,
        account=pa.Table.from_pylist(account, schema=ROW_ACCOUNT),
        read_count=len(dispositions),
        accepted_count=counts["accepted"],
        rejected_count=counts["rejected"],
        ignored_count=counts["ignored"],
    )

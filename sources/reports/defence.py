"""Is the workbook still the template that the department handed out, and did the right unit send it?

What a sender changed beyond the yellow cells is told, each kind by a rule of its own. A change that leaves no doubt
which figure is meant is a warning or less; one that would make the reader guess rejects.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from schemas.plan import Plan
from schemas.plan_models import Period, ReportItem, ReportType
from schemas.text import comparison_key
from sources.reports.cells import Cell
from sources.reports.evaluation import Evaluation
from sources.reports.grid import Grid
from sources.reports.layout import ItemLayout, OpenReport
from sources.templates.checks import CHECK_HEADING, comparable_formula, item_check, task_check
from sources.templates.task_words import CODE, DONE, EVIDENCE, READ_HEADINGS, STATE, STATE_DONE, TASK
from sources.templates.template import CODE_HEADING, ITEM_HEADINGS, ITEM_LABEL, MEASURE, VALUE_HEADING

AUTHORITY, LABELS, FORMULAS, LINKS, HIDDEN, MERGED = "R043", "R044", "R045", "R046", "R047", "R048"
MISSING, DOUBLED, REORDERED = "R049", "R050", "R051"
DEFENCE_RULES = (AUTHORITY, LABELS, FORMULAS, LINKS, HIDDEN, MERGED, MISSING, DOUBLED, REORDERED)
_TABLE_RULES = (LABELS, FORMULAS, MERGED, MISSING, DOUBLED, REORDERED)
_NO_SENDER = "không nêu nơi gửi / no sender is stated"
_NO_LINKS = "chỉ số liệu trong tệp này / only what stands in this file"
_UNMERGED = "mỗi dòng một ô / one cell for each row"
_SHOWN = "hiện trang, dòng, cột / a visible sheet, row and column"
_CHECK_KEY = comparison_key(CHECK_HEADING)
# Another workbook by number or name, or a program, as Excel writes them into a formula.
_LINK = re.compile(r"""'[^']*\[[^\[\]]+\][^']*'!|\[[^\[\]]+\][\w.]*!|\|\s*'""")


def check_authority(reading: Evaluation, plan: Plan, sender: str | None) -> None:
    """A unit's report comes from the unit itself, or through the office that gathers the reports."""
    if sender is None:
        reading.leave_out(_NO_SENDER, AUTHORITY)
        return
    reading.verdict(AUTHORITY).checked = 1
    if sender not in (reading.identity.unit_code, plan.document.consolidating_office):
        reading.find(AUTHORITY, f"{reading.identity.unit_code}; nơi gửi {sender} / sent by another", subject=sender)


def check_workbook(reading: Evaluation, report: OpenReport) -> None:
    """Look for what points out of the workbook, and for what nobody sees who opens it."""
    linked = [(grid, cell) for grid in _grids(report) for _, cell in sorted(grid.cells.items()) if _links(cell)]
    reading.verdict(LINKS).checked = max(1, len(linked))
    for grid, cell in linked:
        reading.find(LINKS, _NO_LINKS, sheet=grid.sheet, cell=cell)
    reading.verdict(HIDDEN).checked = 1
    for title in report.hidden_sheets:
        reading.find(HIDDEN, _SHOWN, sheet=title)
    tasks = report.tasks
    if not tasks.is_sheet_hidden:
        for cell in _hidden_tasks(report):
            reading.find(HIDDEN, _SHOWN, sheet=tasks.sheet, cell=cell)


def _grids(report: OpenReport) -> list[Grid]:
    return [grid for grid in (report.items, report.tasks) if grid.sheet]


def _links(cell: Cell) -> bool:
    return cell.is_formula and _LINK.search(cell.formula) is not None


def _hidden_tasks(report: OpenReport) -> Iterator[Cell]:
    """Return the first hidden cell of every task row that has one with something in it."""
    for number in range(report.task_heading_row + 1, report.tasks.last_row + 1):
        cells = (report.tasks.at(number, column) for column in report.task_columns.values())
        hidden = [cell for cell in cells if not cell.is_blank and report.tasks.is_hidden(cell)]
        yield from hidden[:1]


def check_items(
    reading: Evaluation,
    report: OpenReport,
    items: Sequence[ReportItem],
    layout: ItemLayout,
    period: Period,
    *,
    has_tasks: bool,
) -> None:
    """Compare the item sheet with the template: headings, labels, checks beside the cells, merged cells."""
    if not items:
        return
    grid = report.items
    row, columns = grid.find_headings(ITEM_HEADINGS) or (0, {})
    _check_headings(reading, grid, row, ITEM_HEADINGS, needed=(CODE_HEADING, VALUE_HEADING))
    for heading in ITEM_HEADINGS:
        reading.verdict(LABELS).checked += 1
        if heading not in columns:
            reading.find(LABELS, f"tiêu đề cột “{heading}” / the column heading", sheet=grid.sheet, column_name=heading)
    for item in items:
        place = layout.places.get(item.code)
        if place is not None:
            _check_labels(reading, grid, item, place.row, columns)
            check = item_check(item, period, has_tasks=has_tasks, done=STATE_DONE)
            _check_formula(reading, grid, place.row, columns.get(CHECK_HEADING), check, item.code)
    value_columns = {columns[h] for h in (CODE_HEADING, VALUE_HEADING) if h in columns}
    _check_merged(reading, grid, {place.row for place in layout.places.values()}, value_columns)


def check_tasks(reading: Evaluation, report: OpenReport, plan: Plan, report_type: ReportType) -> None:
    """Compare the task table with the template; a report type without one has nothing to compare."""
    for rule_id in _TABLE_RULES:
        reading.verdict(rule_id)
    grid, columns = report.tasks, report.task_columns
    if report_type.tasks == "none":
        return
    for heading in report.missing_task_columns:
        reading.find(MISSING, f"cột “{heading}” / the column", sheet=grid.sheet, column_name=heading)
    _check_headings(reading, grid, report.task_heading_row, READ_HEADINGS, needed=READ_HEADINGS)
    names = {task.id: task.task_vi for task in plan.tasks} if report_type.tasks == "plan" else {}
    check_column = next((column for column, key in _texts(grid, report.task_heading_row) if key == _CHECK_KEY), None)
    letters = [grid.at(1, columns[h]).coordinate.rstrip("1") for h in (TASK, DONE, STATE, EVIDENCE) if h in columns]
    filled = [
        number
        for number in range(report.task_heading_row + 1, grid.last_row + 1)
        if any(not grid.at(number, column).is_blank for column in columns.values())
    ]
    for number in filled:
        name = names.get(grid.at(number, columns[CODE]).text) if CODE in columns else None
        if name is not None:
            _check_label(reading, grid, grid.at(number, columns[TASK]), name, TASK)
        # A row that the sender added has no check of the template's.
        if not report.missing_task_columns and check_column and not grid.at(number, check_column).is_blank:
            _check_formula(reading, grid, number, check_column, task_check(number, letters, STATE_DONE), None)
    _check_merged(reading, grid, set(filled), set(columns.values()))


def _texts(grid: Grid, row: int) -> list[tuple[int, str]]:
    """Return the columns of a row that hold something, with the key of their text."""
    return [(column, comparison_key(cell.text)) for (at, column), cell in sorted(grid.cells.items()) if at == row]


def _check_headings(
    reading: Evaluation,
    grid: Grid,
    row: int,
    headings: Sequence[str],
    *,
    needed: Sequence[str],
) -> None:
    """A needed heading that stands twice leaves open which column counts; another order does no harm."""
    texts = _texts(grid, row)
    counts = Counter(key for _, key in texts)
    for heading in needed:
        reading.verdict(DOUBLED).checked += 1
        key = comparison_key(heading)
        for column in [column for column, text in texts if text == key][1:]:
            told = f"một cột “{heading}” / one column"
            reading.find(DOUBLED, told, sheet=grid.sheet, cell=grid.at(row, column), column_name=heading)
    order = [heading for heading in headings if counts[comparison_key(heading)]]
    keys = [comparison_key(heading) for heading in order]
    found = list(dict.fromkeys(key for _, key in texts if key in keys))
    reading.verdict(REORDERED).checked += 1
    if found != keys:
        column = next(column for column, key in texts if key in keys and key == _first_moved(found, keys))
        told = " · ".join(order)
        reading.find(REORDERED, told, sheet=grid.sheet, cell=grid.at(row, column))


def _first_moved(found: Sequence[str], expected: Sequence[str]) -> str:
    return next(one for one, other in zip(found, expected, strict=True) if one != other)


def _check_labels(reading: Evaluation, grid: Grid, item: ReportItem, row: int, columns: dict[str, int]) -> None:
    labels = ((CODE_HEADING, item.code), (ITEM_LABEL, item.name_vi), (MEASURE, item.unit_of_measure))
    for heading, label in labels:
        if heading in columns:
            _check_label(reading, grid, grid.at(row, columns[heading]), label, item.code)


def _check_label(reading: Evaluation, grid: Grid, cell: Cell, label: str, column_name: str) -> None:
    reading.verdict(LABELS).checked += 1
    if comparison_key(cell.text) != comparison_key(label):
        reading.find(LABELS, f"“{label}”", sheet=grid.sheet, cell=cell, column_name=column_name)


def _check_formula(
    reading: Evaluation, grid: Grid, row: int, column: int | None, formula: str, subject: str | None
) -> None:
    if column is None:
        return
    reading.verdict(FORMULAS).checked += 1
    cell = grid.at(row, column)
    if comparable_formula(cell.formula) != comparable_formula(formula):
        told = "công thức của mẫu / the template's formula"
        reading.find(FORMULAS, told, sheet=grid.sheet, cell=cell, column_name=CHECK_HEADING, subject=subject)


def _check_merged(reading: Evaluation, grid: Grid, rows: set[int], columns: set[int]) -> None:
    """Find merged ranges over cells that are read: all of them but the first would read as blank."""
    for top, left, bottom, right in grid.merged:
        reading.verdict(MERGED).checked += 1
        if rows & set(range(top, bottom + 1)) and columns & set(range(left, right + 1)):
            reading.find(MERGED, _UNMERGED, sheet=grid.sheet, cell=grid.at(top, left))

"""What do the line items of a report say, and which rules do its figures break?

A bad cell hides no other; what could not be evaluated says so instead of passing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from schemas.plan_models import ReportItem
from schemas.relation import Relation, parse_relations
from schemas.tables import REPORT_VALUE
from sources.reports.cells import Cell, cast_item
from sources.reports.evaluation import Evaluation
from sources.reports.grid import Grid
from sources.reports.layout import ItemLayout

_BLANK = "báo cáo trống (R005) / the report is blank (R005)"
ITEM_RULES = ("R001", "R002", "R003", "R015", "R016", "R017", "R018")
_FIGURES = "có số liệu; không phát sinh thì ghi 0 / figures; 0 where there were no cases"
_NO_FIGURE = "không đọc được số liệu nào / no figure could be read"
_NO_TASKS = "bảng nhiệm vụ trống / the task table is empty"
_NO_PERCENTAGE = "không có chỉ tiêu tỷ lệ / no item is a percentage"
_MOST_PERCENT = Decimal(100)


@dataclass(frozen=True)
class ValueReading:
    """The items' values as kept, the figures that are known by item code, and whether every item is blank."""

    table: pa.Table
    known: Mapping[str, Decimal]
    is_blank: bool


def read_values(reading: Evaluation, grid: Grid, items: Sequence[ReportItem], layout: ItemLayout) -> ValueReading:
    """Cast every item's cell and evaluate what stands in single cells."""
    known: dict[str, Decimal] = {}
    blanks: list[ReportItem] = []
    rows = []
    for item in items:
        cell = layout.places.get(item.code)
        cast = cast_item(item, cell) if cell is not None else None
        if cell is not None:
            reading.verdict("R001").checked += 1
        if cast is not None and cast.expected is not None:
            reading.find("R001", cast.expected, sheet=grid.sheet, cell=cell, column_name=item.code, subject=item.code)
        if cast is not None and cast.value is not None:
            known[item.code] = cast.value
        is_item_blank = cast is None or cast.is_blank
        blanks += [item] * is_item_blank
        rows.append({
            "file_sha256": reading.file_sha256, "unit_code": reading.identity.unit_code,
            "period": reading.identity.period, "report_type": reading.identity.report_type,
            "item_code": item.code, "sheet": grid.sheet,
            "row": cell.row if cell else None, "cell": cell.coordinate if cell else None, "is_blank": is_item_blank,
            "value": known.get(item.code),
        })  # fmt: skip
    _find_repeated(reading, grid.sheet, layout)
    is_blank = len(blanks) == len(items)
    _find_blanks(reading, grid.sheet, layout, items, blanks, is_blank=is_blank)
    _find_all_zero(reading, grid.sheet, items, known)
    _find_hidden(reading, grid, layout)
    _find_above_hundred(reading, grid.sheet, items, layout, known)
    return ValueReading(pa.Table.from_pylist(rows, schema=REPORT_VALUE), known, is_blank)


def _find_repeated(reading: Evaluation, sheet: str, layout: ItemLayout) -> None:
    """Two rows of one item that both hold a figure are a contradiction that nobody may decide by position."""
    for code, cell in layout.repeated.values():
        if not cell.is_blank:
            expected = f"mỗi chỉ tiêu một dòng: {code} / one row per item"
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
        reading.find("R005", _FIGURES, sheet=sheet)
        # One finding says it all: a list of every cell would only repeat it.
        reading.leave_out(_BLANK, "R002")
        return
    reading.verdict("R002").checked = len(items)
    for item in blanks:
        expected = f"{item.unit_of_measure}; không phát sinh thì ghi 0 / a figure, 0 where there were no cases"
        cell = layout.places.get(item.code)
        reading.find("R002", expected, sheet=sheet, cell=cell, column_name=item.code, subject=item.code)


def _find_all_zero(reading: Evaluation, sheet: str, items: Sequence[ReportItem], known: Mapping[str, Decimal]) -> None:
    """A report of zeros is a report; a unit that had no case of anything in a whole period is asked about it."""
    figures = [known[item.code] for item in items if item.type != "yes_no" and item.code in known]
    if not figures:
        reading.leave_out(_NO_FIGURE, "R016")
        return
    reading.verdict("R016").checked = 1
    if not any(figures):
        reading.find("R016", "một số liệu khác 0 / a figure other than 0", sheet=sheet)


def _find_hidden(reading: Evaluation, grid: Grid, layout: ItemLayout) -> None:
    """Figures that the one who signs the report does not see."""
    cells = {code: cell for code, cell in layout.places.items() if not cell.is_blank}
    reading.verdict("R017").checked = len(cells)
    for code, cell in sorted(cells.items()):
        if grid.is_hidden(cell):
            expected = "dòng, cột hiện rõ / a visible row and column"
            reading.find("R017", expected, sheet=grid.sheet, cell=cell, column_name=code, subject=code)


def _find_above_hundred(
    reading: Evaluation,
    sheet: str,
    items: Sequence[ReportItem],
    layout: ItemLayout,
    known: Mapping[str, Decimal],
) -> None:
    percentages = [item.code for item in items if item.type == "percent"]
    if not percentages:
        reading.leave_out(_NO_PERCENTAGE, "R018")
        return
    stated = [code for code in percentages if code in known]
    reading.verdict("R018").checked = len(stated)
    for code in stated:
        if known[code] > _MOST_PERCENT:
            cell = layout.places.get(code)
            reading.find("R018", "≤ 100 %", sheet=sheet, cell=cell, column_name=code, subject=code)


def compare_values(
    reading: Evaluation,
    sheet: str,
    items: Sequence[ReportItem],
    layout: ItemLayout,
    values: ValueReading,
    task_counts: Mapping[str, Decimal],
    why_no_tasks: str,
) -> None:
    """Evaluate every declared relation: between items (R003), and between items and the task table (R015).

    `why_no_tasks` says why no task table was read, nothing where one was.
    """
    if values.is_blank:
        reading.leave_out(_BLANK, "R003", "R015")
        return
    known = {**values.known, **task_counts}
    declared = [(item, relation) for item in items for relation in parse_relations(item.relation, item.code)]
    for rule_id in ("R003", "R015"):
        reading.verdict(rule_id)
    for item, relation in declared:
        rule_id = "R015" if relation.task_counts else "R003"
        if relation.task_counts and not any(task_counts.values()):
            reading.leave_out(f"{item.code}: {why_no_tasks or _NO_TASKS}", rule_id)
            continue
        _compare(reading, rule_id, sheet, item, layout.places.get(item.code), relation, known)


def _compare(
    reading: Evaluation,
    rule_id: str,
    sheet: str,
    item: ReportItem,
    cell: Cell | None,
    relation: Relation,
    known: Mapping[str, Decimal],
) -> None:
    lacking = [code for code in relation.item_codes if code not in known]
    if lacking:
        reading.leave_out(f"{item.code}: không có / without {', '.join(lacking)}", rule_id)
        return
    try:
        breach = relation.breach(known)
    except ZeroDivisionError:
        reading.leave_out(f"{item.code}: mẫu số bằng 0 / its divisor is 0", rule_id)
        return
    reading.verdict(rule_id).checked += 1
    if breach is not None:
        reading.find(rule_id, breach, sheet=sheet, cell=cell, column_name=item.code, subject=item.code)

"""Where in a unit's workbook does each figure stand, and what was the workbook made for?

Nothing is read by a fixed position: rows are known by their item code or by the workbook's names, columns by their
headings. Programs that move cells without moving the names leave stale names behind, so a name counts only where the
row's code and the column's heading do not speak against it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import ReportItem
from schemas.text import clean, comparison_key, masked
from sources.report_cells import NEVER_CALCULATED, Cell, CellValue
from sources.template import (
    CODE_HEADING,
    IDENTITY_SHEET,
    ITEM_SHEET,
    TASK_SHEET,
    TEMPLATE_VERSION,
    VALUE_HEADING,
    item_name,
)
from sources.template_tasks import TASK_HEADINGS

# A filled-in template is a hundredth of this; what is larger would cost more memory than a report may.
_MOST_XML_BYTES = 16 * 1024 * 1024
_MOST_ROWS = 2_000
_MOST_COLUMNS = 100
_NAME_TARGET = re.compile(r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!\$?(?P<cell>[A-Z]{1,3}\$?[0-9]{1,7})")
# What openpyxl and the standard library raise for bytes that are no sound xlsx; RuntimeError is a zip with a password.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, IndexError, ValueError, TypeError,
    AttributeError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip


class NotTheTemplateError(ValueError):
    """Raised where the bytes are not a workbook made from the template; the text is for the unit."""


@dataclass(frozen=True)
class Identity:
    """What the hidden sheet says, as far as the plan knows it, and everything wrong with it."""

    unit_code: str | None = None
    period: str | None = None
    report_type: str | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """The filled cells of one sheet by row and column; `last_row` is the last with a filled cell."""

    sheet: str
    cells: Mapping[tuple[int, int], Cell] = field(repr=False)
    last_row: int
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    is_sheet_hidden: bool = False

    def at(self, row: int, column: int) -> Cell:
        """Return the cell at a place, an empty one where nothing is written."""
        return self.cells.get((row, column)) or Cell(row, f"{get_column_letter(column)}{row}", None)

    @cached_property
    def filled_rows(self) -> frozenset[int]:
        """The rows with at least one filled cell."""
        return frozenset(row for row, _ in self.cells)

    def is_hidden(self, cell: Cell) -> bool:
        """Tell whether somebody who opens the workbook does not see this cell."""
        column = cell.coordinate.rstrip("0123456789")
        return self.is_sheet_hidden or cell.row in self.hidden_rows or column in self.hidden_columns

    def find_heading(self, headings: Sequence[str]) -> tuple[int, dict[str, int]] | None:
        """Return the first row that holds all these headings, and the column of each."""
        wanted = {comparison_key(heading): heading for heading in headings}
        found: dict[int, dict[str, int]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            heading = wanted.get(comparison_key(cell.text))
            if heading is not None:
                found.setdefault(row, {}).setdefault(heading, column)
        return next(((row, columns) for row, columns in sorted(found.items()) if len(columns) == len(wanted)), None)


@dataclass(frozen=True)
class ItemLayout:
    """Where the items stand: the value cell of each, rows that repeat a code, and the heading row if there is one."""

    places: Mapping[str, Cell]
    repeated: Mapping[int, tuple[str, Cell]]
    heading_row: int | None


@dataclass(frozen=True)
class OpenReport:
    """An opened workbook: identity, the data sheets, the named cells (sheet, row, column) and the task columns.

    A sheet that the report type does without is an empty grid.
    """

    identity: Identity
    items: Grid
    tasks: Grid
    names: Mapping[str, tuple[str, int, int]]
    task_heading_row: int
    task_columns: Mapping[str, int]


def open_report(content: bytes, plan: Plan) -> OpenReport:
    """Open a report's bytes and say what it was made for.

    Raises NotTheTemplateError where there is no sound workbook, no identity or a data sheet is missing.
    """
    formulas, values = _load(content)
    if IDENTITY_SHEET not in formulas.sheetnames:
        raise NotTheTemplateError("thiếu trang nhận dạng của mẫu / the template's identity sheet is missing")
    return _arrange(formulas, values, plan)


def open_grids(content: bytes) -> tuple[Grid, ...]:
    """Return the sheets of any workbook, in their order.

    Raises NotTheTemplateError where there is no sound workbook, or a sheet is larger than a report may be.
    """
    formulas, values = _load(content)
    return tuple(_grid(formulas, values, sheet.title) for sheet in formulas.worksheets)


def _load(content: bytes) -> tuple[Workbook, Workbook]:
    """Return a workbook with its formulas, and with the values that they were saved with."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml"))
        if unpacked > _MOST_XML_BYTES:
            raise NotTheTemplateError("tệp quá lớn / the file is too large for a report")
        return (
            load_workbook(io.BytesIO(content), keep_links=False),
            load_workbook(io.BytesIO(content), keep_links=False, data_only=True),
        )
    except NotTheTemplateError:
        raise
    except _UNREADABLE as error:
        raise NotTheTemplateError("không phải tệp .xlsx đọc được / not a readable .xlsx workbook") from error


def _arrange(formulas: Workbook, values: Workbook, plan: Plan) -> OpenReport:
    identity = _identity(_grid(formulas, values, IDENTITY_SHEET), plan)
    names = _names(formulas)
    problems = list(identity.problems)
    grids = {title: Grid("", {}, 0) for title in (ITEM_SHEET, TASK_SHEET)}
    for title in _data_sheets(identity, plan):
        sheet = _find_sheet(formulas, title, names, plan)
        if sheet is None:
            problems.append(f"thiếu trang “{title}” / the sheet is missing")
            continue
        try:
            grids[title] = _grid(formulas, values, sheet)
        except NotTheTemplateError as error:
            problems.append(str(error))
    tasks = grids[TASK_SHEET]
    heading = tasks.find_heading(TASK_HEADINGS[1:])
    if tasks.sheet and heading is None:
        problems.append(f"thiếu dòng tiêu đề ở trang “{TASK_SHEET}” / the heading row is missing")
    row, columns = heading or (0, {})
    known = Identity(identity.unit_code, identity.period, identity.report_type, tuple(problems))
    return OpenReport(known, grids[ITEM_SHEET], tasks, names, row, columns)


def _data_sheets(identity: Identity, plan: Plan) -> list[str]:
    """Return the sheets that the report type has; both where it is not known, so that all problems are told."""
    if identity.report_type is None or identity.period is None:
        return [ITEM_SHEET, TASK_SHEET]
    report_type = plan.report_type(identity.report_type)
    has_items = bool(plan.items_required_in(report_type, identity.period))
    return [ITEM_SHEET] * has_items + [TASK_SHEET] * (report_type.tasks != "none")


def _find_sheet(workbook: Workbook, title: str, names: Mapping[str, tuple[str, int, int]], plan: Plan) -> str | None:
    """Return the sheet of this title, or, for the items, the one to which the workbook's names point."""
    titles = {comparison_key(known): known for known in workbook.sheetnames}
    found = titles.get(comparison_key(title))
    if found is None and title == ITEM_SHEET:
        wanted = {item_name(item.code) for item in plan.report_items}
        found = next((place[0] for name, place in sorted(names.items()) if name in wanted), None)
    return found if found in workbook.sheetnames else None


def _identity(grid: Grid, plan: Plan) -> Identity:
    entries = {grid.at(row, 1).text: grid.at(row, 2).text for row in range(1, grid.last_row + 1)}
    unit, period, type_id = (entries.get(key, "") for key in ("unit_code", "period", "report_type"))
    workbooks = {t.id: t for t in plan.report_types if t.form == "workbook"}
    report_type = workbooks.get(type_id)
    asked = [report_type] if report_type is not None else workbooks.values()
    is_sender = unit in {code for one in asked for code in plan.expected_senders(one)}
    is_period = period in {p.id for p in plan.periods}
    is_due = report_type is None or not is_period or period in report_type.period_ids
    checks = (
        (entries.get("template_version") == TEMPLATE_VERSION, "phiên bản mẫu / template version", "template_version"),
        (entries.get("plan_id") == plan.document.id, "kế hoạch / plan", "plan_id"),
        (report_type is not None, "loại báo cáo / report type", "report_type"),
        (is_sender, "đơn vị gửi báo cáo / reporting unit", "unit_code"),
        (is_period, "kỳ báo cáo / period", "period"),
        (is_due, "kỳ có báo cáo này / period with this report", "period"),
    )
    problems = tuple(
        f"không đúng {what} / unknown or wrong: {masked(entries.get(key, '')) or '–'}"
        for ok, what, key in checks
        if not ok
    )
    return Identity(
        unit if is_sender else None,
        period if is_period else None,
        report_type.id if report_type is not None else None,
        problems,
    )


def _names(workbook: Workbook) -> dict[str, tuple[str, int, int]]:
    places = {}
    for name, defined in workbook.defined_names.items():
        match = _NAME_TARGET.fullmatch(defined.attr_text or "")
        if match is not None:
            sheet = (match["quoted"] or match["plain"]).replace("''", "'")
            row, column = coordinate_to_tuple(match["cell"].replace("$", ""))
            places[name] = (sheet, row, column)
    return places


def _grid(formulas: Workbook, values: Workbook, title: str) -> Grid:
    sheet, calculated = formulas[title], values[title]
    if not isinstance(sheet, Worksheet) or not isinstance(calculated, Worksheet):
        raise NotTheTemplateError(f"trang “{title}” không phải bảng tính / the sheet is no table")
    if sheet.max_row > _MOST_ROWS or sheet.max_column > _MOST_COLUMNS:
        raise NotTheTemplateError(
            f"trang “{title}” quá lớn / the sheet is too large: {sheet.max_row} × {sheet.max_column}"
        )
    cells: dict[tuple[int, int], Cell] = {}
    for line in sheet.iter_rows():
        for source in line:
            if source.value is None:
                continue
            place = (source.row, int(source.column))
            is_formula = source.data_type == "f"
            value = _plain(calculated.cell(*place).value if is_formula else source.value)
            if is_formula and value is None:
                value = NEVER_CALCULATED
            cells[place] = Cell(source.row, source.coordinate, value, is_formula, "%" in (source.number_format or ""))
    return Grid(
        title,
        cells,
        max((row for row, _ in cells), default=0),
        frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden),
        _hidden_columns(sheet),
        sheet.sheet_state != Worksheet.SHEETSTATE_VISIBLE,
    )


def _hidden_columns(sheet: Worksheet) -> frozenset[str]:
    """Return the letters of the hidden columns; one entry of the workbook may stand for a run of them."""
    return frozenset(
        get_column_letter(column)
        for entry in sheet.column_dimensions.values()
        if entry.hidden
        for column in range(entry.min or 1, min(entry.max or 0, _MOST_COLUMNS) + 1)
    )


def _plain(value: object) -> CellValue:
    """Keep the values that a cast knows; times, durations and the like become text, which does not cast."""
    return value if value is None or isinstance(value, str | int | float | date) else str(value)


def locate_items(report: OpenReport, items: Sequence[ReportItem]) -> ItemLayout:
    """Find the value cell of every item; one that is not found stands in no place."""
    grid = report.items
    heading = grid.find_heading((CODE_HEADING, VALUE_HEADING))
    heading_row, columns = heading or (None, {})
    value_column = columns.get(VALUE_HEADING)
    codes = {item.code for item in items}
    rows: dict[str, list[int]] = {}
    for (row, column), cell in sorted(grid.cells.items()):
        code = clean(cell.text)
        if code in codes and column == columns.get(CODE_HEADING, column) and row > (heading_row or 0):
            rows.setdefault(code, []).append(row)
    owner = {row: code for code, its_rows in rows.items() for row in its_rows}
    places: dict[str, Cell] = {}
    for code in sorted(codes):
        name = report.names.get(item_name(code))
        named = name[1:] if name is not None and name[0] == grid.sheet else None
        # A name on another item's row, or not on one of this item's, was left behind when the cells moved.
        if named is not None and owner.get(named[0], code) != code:
            named = None
        named_row = named[0] if named is not None and named[0] in rows.get(code, [named[0]]) else None
        row_found = named_row if named_row is not None else next(iter(rows.get(code, ())), None)
        column_found = value_column or (named[1] if named is not None else None)
        if row_found is not None and column_found is not None:
            places[code] = grid.at(row_found, column_found)
    taken = {cell.row for cell in places.values()}
    repeated = {
        row: (code, grid.at(row, value_column))
        for row, code in sorted(owner.items())
        if row not in taken and value_column is not None
    }
    return ItemLayout(places, repeated, heading_row)

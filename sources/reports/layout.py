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
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import ReportItem
from schemas.text import clean, comparison_key
from sources.files.sheet_label import sheet_labels
from sources.reports.cells import Cell
from sources.reports.grid import Grid, NotTheTemplateError, read_grid
from sources.reports.identity import NEEDED, NOT_THE_TEMPLATE, Identity, Problem, read_identity
from sources.reports.task_table import FEWEST_HEADINGS, TaskTable
from sources.templates.checks import item_name
from sources.templates.task_words import READ_HEADINGS, TASK
from sources.templates.template import CODE_HEADING, VALUE_HEADING
from sources.templates.titles import IDENTITY_SHEET, ITEM_SHEET, SHEETS, TASK_SHEET

# A filled-in template is a hundredth of this; what is larger would cost more memory than a report may.
_MOST_XML_BYTES = 16 * 1024 * 1024
_NAME_TARGET = re.compile(r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!\$?(?P<cell>[A-Z]{1,3}\$?[0-9]{1,7})")
# What openpyxl and the standard library raise for bytes that are no sound xlsx; RuntimeError is a zip with a password.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, IndexError, ValueError, TypeError,
    AttributeError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class ItemLayout:
    """Where the items stand: the value cell of each, rows that repeat a code, and the heading row if there is one."""

    places: Mapping[str, Cell]
    repeated: Mapping[int, tuple[str, Cell]]
    heading_row: int | None


@dataclass(frozen=True)
class OpenReport:
    """An opened workbook: identity, the data sheets, the named cells (sheet, row, column) and the task columns.

    A sheet that the report type does without is an empty grid. `hidden_sheets` are those that the template has not.
    Sheets go by their labels; `labels` are those of the workbook's titles.
    """

    identity: Identity
    items: Grid
    tasks: Grid
    names: Mapping[str, tuple[str, int, int]]
    task_heading_row: int
    task_columns: Mapping[str, int]
    hidden_sheets: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def task_table(self) -> TaskTable:
        """The task table, which has its sheet to itself."""
        return TaskTable(self.tasks, range(1, self.tasks.last_row + 1), self.task_heading_row, self.task_columns)

    @property
    def missing_task_columns(self) -> tuple[str, ...]:
        """The headings that the reader needs and the task table has not."""
        return self.task_table.missing if self.tasks.sheet else ()


def open_report(content: bytes, plan: Plan) -> OpenReport:
    """Open a report's bytes and say what it was made for.

    Raises NotTheTemplateError where there is no sound workbook, no identity or a data sheet is missing.
    """
    formulas, values = _load(content)
    if IDENTITY_SHEET not in formulas.sheetnames:
        raise NotTheTemplateError("thiếu trang nhận dạng của mẫu / the template's identity sheet is missing")
    return _arrange(formulas, values, plan)


def open_grids(content: bytes) -> dict[str, Grid]:
    """Return the sheets of any workbook by title, in their order.

    Raises NotTheTemplateError where there is no sound workbook, or a sheet is larger than a report may be.
    """
    formulas, values = _load(content)
    labels = _labels(formulas)
    return {title: read_grid(formulas, values, title, label) for title, label in labels.items()}


def _labels(workbook: Workbook) -> dict[str, str]:
    """Return what each sheet of a workbook is called outside the vault, by its title, in their order."""
    titles = [sheet.title for sheet in workbook.worksheets]
    labels = sheet_labels(titles, SHEETS)
    return {title: labels[title] for title in titles}


def _load(content: bytes) -> tuple[Workbook, Workbook]:
    """Return a workbook with its formulas, and with the values that they were saved with."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml"))
        if unpacked > _MOST_XML_BYTES:
            raise NotTheTemplateError("tệp quá lớn / the file is too large for a report")
        return (
            load_workbook(io.BytesIO(content), keep_links=False, rich_text=True),
            load_workbook(io.BytesIO(content), keep_links=False, data_only=True, rich_text=True),
        )
    except NotTheTemplateError:
        raise
    except UNREADABLE as error:
        raise NotTheTemplateError("không phải tệp .xlsx đọc được / not a readable .xlsx workbook") from error


def _arrange(formulas: Workbook, values: Workbook, plan: Plan) -> OpenReport:
    labels = _labels(formulas)
    identity = read_identity(read_grid(formulas, values, IDENTITY_SHEET, IDENTITY_SHEET), plan)
    names = _names(formulas)
    problems = list(identity.problems)
    grids = {title: Grid("", {}, 0) for title in (ITEM_SHEET, TASK_SHEET)}
    for title in _data_sheets(identity, plan):
        sheet = _find_sheet(formulas, title, names, plan)
        if sheet is None:
            problems.append(Problem(NOT_THE_TEMPLATE, f"trang “{title}” / a sheet"))
            continue
        try:
            grids[title] = read_grid(formulas, values, sheet, labels.get(sheet, title))
        except NotTheTemplateError as error:
            problems.append(Problem(NOT_THE_TEMPLATE, NEEDED, str(error)))
    tasks = grids[TASK_SHEET]
    row, columns = tasks.find_headings(READ_HEADINGS) or (0, {})
    if tasks.sheet and (TASK not in columns or len(columns) < FEWEST_HEADINGS):
        problems.append(Problem(NOT_THE_TEMPLATE, f"dòng tiêu đề ở trang “{TASK_SHEET}” / a heading row"))
    known = replace(identity, problems=tuple(problems))
    hidden = tuple(
        label
        for title, label in labels.items()
        if formulas[title].sheet_state != Worksheet.SHEETSTATE_VISIBLE
        and label not in (IDENTITY_SHEET, grids[ITEM_SHEET].sheet)
    )
    named = {name: (labels.get(title, ""), at, column) for name, (title, at, column) in names.items()}
    return OpenReport(known, grids[ITEM_SHEET], tasks, named, row, columns, hidden, labels)


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


def _names(workbook: Workbook) -> dict[str, tuple[str, int, int]]:
    places = {}
    for name, defined in workbook.defined_names.items():
        match = _NAME_TARGET.fullmatch(defined.attr_text or "")
        if match is not None:
            sheet = (match["quoted"] or match["plain"]).replace("''", "'")
            row, column = coordinate_to_tuple(match["cell"].replace("$", ""))
            places[name] = (sheet, row, column)
    return places


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

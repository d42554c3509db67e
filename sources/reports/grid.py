"""Which cells does one sheet of a unit's report hold, and how do they show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from schemas.text import comparison_key
from sources.files.font_runs import font_runs
from sources.files.legacy_text import Encoding, decoded_runs, seeming_encoding
from sources.reports.cells import NEVER_CALCULATED, Cell, CellValue

_MOST_ROWS = 2_000
_MOST_COLUMNS = 100
# Rows, columns of a merged range: first row, first column, last row, last column.
Range = tuple[int, int, int, int]


class NotTheTemplateError(ValueError):
    """Raised where the bytes are not a workbook made from the template; the text is for the unit."""


@dataclass(frozen=True)
class Grid:
    """The filled cells of one sheet by row and column; `last_row` is the last with a filled cell."""

    sheet: str
    cells: Mapping[tuple[int, int], Cell] = field(repr=False)
    last_row: int
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    is_sheet_hidden: bool = False
    merged: tuple[Range, ...] = ()
    # In which encodings of old fonts cells were, and which seem to be in one though their font is of today.
    encodings: frozenset[Encoding] = frozenset()
    undecoded: Mapping[tuple[int, int], Encoding] = field(default_factory=dict)

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
        found = self.find_headings(headings)
        return found if found is not None and len(found[1]) == len(headings) else None

    def find_headings(self, headings: Sequence[str]) -> tuple[int, dict[str, int]] | None:
        """Return the row that holds most of these headings (the first of such), and the first column of each."""
        wanted = {comparison_key(heading): heading for heading in headings}
        found: dict[int, dict[str, int]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            heading = wanted.get(comparison_key(cell.text))
            if heading is not None:
                found.setdefault(row, {}).setdefault(heading, column)
        return max(sorted(found.items()), key=lambda pair: len(pair[1]), default=None)


def read_grid(formulas: Workbook, values: Workbook, title: str, label: str) -> Grid:
    """Return a sheet of the workbook, opened once for its formulas and once for their results.

    `label` is what it is called outside the vault.
    Raises NotTheTemplateError for a chart sheet and for one that is larger than a report can be.
    """
    sheet, calculated = formulas[title], values[title]
    if not isinstance(sheet, Worksheet) or not isinstance(calculated, Worksheet):
        raise NotTheTemplateError(f"{label} không phải bảng tính / the sheet is no table")
    if sheet.max_row > _MOST_ROWS or sheet.max_column > _MOST_COLUMNS:
        raise NotTheTemplateError(f"{label} quá lớn / the sheet is too large: {sheet.max_row} × {sheet.max_column}")
    cells: dict[tuple[int, int], Cell] = {}
    encodings: set[Encoding] = set()
    undecoded: dict[tuple[int, int], Encoding] = {}
    for line in sheet.iter_rows():
        for source in line:
            if source.value is None:
                continue
            place = (source.row, int(source.column))
            is_formula = source.data_type == "f"
            raw = calculated.cell(*place).value if is_formula else source.value
            value = _plain(raw)
            if isinstance(raw, str | CellRichText) and isinstance(source, SheetCell):
                value, found = decoded_runs(font_runs(raw, source))
                encodings |= found
                seems = seeming_encoding(value)
                if found == {"unicode"} and seems != "unicode":
                    undecoded[place] = seems
            if is_formula and value is None:
                value = NEVER_CALCULATED
            is_percent, formula = "%" in (source.number_format or ""), str(source.value) if is_formula else ""
            cells[place] = Cell(source.row, source.coordinate, value, is_formula, is_percent, formula)
    return Grid(
        label,
        cells,
        max((row for row, _ in cells), default=0),
        frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden),
        _hidden_columns(sheet),
        sheet.sheet_state != Worksheet.SHEETSTATE_VISIBLE,
        tuple(sorted((one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells.ranges)),
        frozenset(encodings - {"unicode"}),
        undecoded,
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

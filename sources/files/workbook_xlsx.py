"""What does a workbook of today (xlsx, xlsm) hold, decoded by its fonts?

A cell may mix fonts, and each run is decoded by its own. Values are the ones that the sender's program calculated;
formulas stand beside them.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from sources.files.font_runs import font_runs
from sources.files.legacy_text import Encoding, decoded_runs
from sources.files.source import MergedRange
from sources.files.workbook import Place, Sheet, Workbook, WorkbookCell, filled
from sources.files.workbook_parts import contents, sheet_parts, sound_parts
from sources.files.workbook_scan import scan_sheet
from sources.files.workbook_values import value_text

_FORMULA_MARK = re.compile(rb"<(?:\w+:)?f\b")


def _value(value: object) -> object:
    """Return a midnight as the day that it is, as the other readers do."""
    is_day = isinstance(value, datetime) and value.time() == datetime.min.time()
    return date(value.year, value.month, value.day) if is_day and isinstance(value, datetime) else value


def _cell(cell: Cell, formula: str | None, broken: str, encodings: set[Encoding]) -> WorkbookCell:
    font = str(cell.font.name or "")
    if cell.data_type == "e" or cell.value is None:
        text = str(cell.value) if cell.value else broken
        return WorkbookCell(cell.row, cell.column, text, font, formula, is_error=cell.data_type == "e")
    if not isinstance(cell.value, str | CellRichText):
        return WorkbookCell(cell.row, cell.column, value_text(_value(cell.value)), font, formula)
    text, found = decoded_runs(font_runs(cell.value, cell))
    encodings |= found
    return WorkbookCell(cell.row, cell.column, text, font, formula)


def _sheet(sheet: Worksheet, formulas: Mapping[Place, str], broken: Mapping[Place, str]) -> Sheet:
    encodings: set[Encoding] = set()
    places = ((cell, (cell.row, cell.column)) for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell))
    kept = filled(_cell(cell, formulas.get(place), broken.get(place, ""), encodings) for cell, place in places)
    columns = (dimension for dimension in sheet.column_dimensions.values() if dimension.hidden)
    return Sheet(
        sheet.title,
        sheet.sheet_state != "visible",
        kept,
        tuple(MergedRange(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges),
        frozenset(row for row, dimension in sheet.row_dimensions.items() if dimension.hidden),
        frozenset(
            column
            for dimension in columns
            for column in range(
                dimension.min or column_index_from_string(dimension.index),
                (dimension.max or column_index_from_string(dimension.index)) + 1,
            )
        ),
        frozenset(encodings),
    )


def _opened(path: Path, *, data_only: bool) -> Book:
    # From its bytes: of a path openpyxl would believe the suffix, and the vault's names have none.
    return load_workbook(io.BytesIO(path.read_bytes()), data_only=data_only, rich_text=True)


def _formula(value: object) -> str:
    return str(value.text if isinstance(value, ArrayFormula) else value)


def _formulas(path: Path, parts: zipfile.ZipFile) -> Mapping[str, Mapping[Place, str]]:
    """Return the formulas of each sheet by row and column; the workbook is opened again only where it has some."""
    sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    if not any(_FORMULA_MARK.search(parts.read(name)) for name in sheets):
        return {}
    book = _opened(path, data_only=False)
    cells = {sheet.title: [cell for row in sheet.iter_rows() for cell in row] for sheet in book.worksheets}
    return {
        title: {(cell.row, cell.column): _formula(cell.value) for cell in sheet
                if isinstance(cell, Cell) and cell.data_type == "f"}
        for title, sheet in cells.items()
    }  # fmt: skip


def _broken(parts: zipfile.ZipFile) -> Mapping[str, Mapping[Place, str]]:
    broken = {}
    for name, part in sheet_parts(parts).items():
        with parts.open(part) as content:
            broken[name] = scan_sheet(content).broken
    return broken


def read_xlsx(path: Path) -> Workbook:
    """Read every sheet of a workbook; UnreadableError for bytes that are none."""
    with sound_parts(), zipfile.ZipFile(path) as parts:
        formulas, broken = _formulas(path, parts), _broken(parts)
        book = _opened(path, data_only=True)
        sheets = tuple(
            _sheet(sheet, formulas.get(sheet.title, {}), broken.get(sheet.title, {})) for sheet in book.worksheets
        )
        return Workbook(sheets, contents(parts))

"""Which cells does a workbook of any format have, in detail?

Only .xls, .xlsx and .xlsm show fonts, and only .xlsx and .xlsm their formulas.
"""

from pathlib import Path

from sources.source import SourceRow
from sources.workbook import NEVER_CALCULATED, Sheet, SheetNotes, Workbook, WorkbookCell, filled
from sources.workbook_sheets import Candidate, open_sheets, true_suffix
from sources.workbook_xls import read_xls
from sources.workbook_xlsx import read_xlsx


def _cell(row: SourceRow, column: int, text: str, notes: SheetNotes) -> WorkbookCell:
    broken = notes.broken.get((row.number, column), "")
    formula = "" if broken == NEVER_CALCULATED else None
    return WorkbookCell(row.number, column, text, formula=formula, is_error=bool(broken) and formula is None)


def _sheet(candidate: Candidate) -> Sheet:
    opened = candidate.open()
    cells = (
        _cell(row, column, text, opened.notes) for row in opened.rows for column, text in enumerate(row.cells, start=1)
    )
    notes = opened.notes
    return Sheet(
        candidate.name,
        candidate.is_hidden,
        filled(cells),
        opened.merged,
        notes.hidden_rows,
        notes.hidden_columns,
        frozenset({"unicode"}),
    )


def read_workbook(path: Path, suffix: str) -> Workbook:
    """Read every sheet of a workbook; UnreadableError where its bytes are none.

    The formula of a cell that was never calculated is "" where the format does not tell it.
    """
    suffix = true_suffix(path, suffix)
    if suffix == ".xls":
        return read_xls(path)
    if suffix in (".xlsx", ".xlsm"):
        return read_xlsx(path)
    book = open_sheets(path, suffix)
    return Workbook(tuple(_sheet(candidate) for candidate in book.candidates), book.contents)

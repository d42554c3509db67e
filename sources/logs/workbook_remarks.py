"""Which rules does a workbook break by what it is, before any of its rows is judged?

Sheets go by their labels and columns by their letters; a link may hold a person's name and is shown by its shape alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from openpyxl.utils import get_column_letter

from schemas.text import masked
from sources.files.source import MergedRange, Remark
from sources.files.workbook import NEVER_CALCULATED, Contents, SheetNotes

HIDDEN_CELLS = "D050"
HIDDEN_SHEET = "D051"
OTHER_TABLE = "D052"
EXTERNAL_LINK = "D053"
MACROS = "D054"
ERROR_CELL = "D055"
NOT_CALCULATED = "D056"
LEGACY_TEXT = "D057"
MERGED_DATA = "D058"
UNDECODED_TEXT = "D059"
WORKBOOK_RULES = (
    *(HIDDEN_CELLS, HIDDEN_SHEET, OTHER_TABLE, EXTERNAL_LINK, MACROS),
    *(ERROR_CELL, NOT_CALCULATED, LEGACY_TEXT, MERGED_DATA, UNDECODED_TEXT),
)


def _stretches(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of each unbroken stretch: a filter that hides a thousand rows is one remark."""
    for _, stretch in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in stretch]
        yield members[0], members[-1]


def sheet_remarks(sheet: str, notes: SheetNotes, encoding: str) -> Iterator[Remark]:
    """Yield what is to be said of the sheet that is read."""
    for first, last in _stretches(notes.hidden_rows):
        yield Remark(HIDDEN_CELLS, sheet, first, shown=f"{first}-{last}")
    for first, last in _stretches(notes.hidden_columns):
        shown = f"{get_column_letter(first)}-{get_column_letter(last)}"
        yield Remark(HIDDEN_CELLS, sheet, column=get_column_letter(first), shown=shown)
    for (row, column), text in sorted(notes.broken.items()):
        rule_id = NOT_CALCULATED if text == NEVER_CALCULATED else ERROR_CELL
        yield Remark(rule_id, sheet, row, get_column_letter(column), text)
    if "tcvn3" in encoding or "vni" in encoding:
        yield Remark(LEGACY_TEXT, sheet, shown=encoding)


def workbook_remarks(
    contents: Contents, hidden_sheets: Sequence[str], other_tables: Sequence[str], *, is_undecoded: bool
) -> Iterator[Remark]:
    """Yield what is to be said of the workbook around that sheet."""
    for name in hidden_sheets:
        yield Remark(HIDDEN_SHEET, name)
    for name in other_tables:
        yield Remark(OTHER_TABLE, name)
    for link in contents.links:
        yield Remark(EXTERNAL_LINK, shown=masked(link))
    if contents.has_macros:
        yield Remark(MACROS)
    if is_undecoded:
        yield Remark(UNDECODED_TEXT)


def merged_remarks(sheet: str, merged: Iterable[MergedRange], header_row: int) -> Iterator[Remark]:
    """Yield the merged cells that reach below the header."""
    for span in merged:
        if span.last_row > header_row:
            corners = [(span.first_column, span.first_row), (span.last_column, span.last_row)]
            shown = ":".join(f"{get_column_letter(column)}{row}" for column, row in corners)
            yield Remark(MERGED_DATA, sheet, span.first_row, get_column_letter(span.first_column), shown)

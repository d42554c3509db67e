"""What do the sheets of an ods say that their values do not: merged, hidden and broken cells?

Read only where the content has one of the marks; each table of the content is one sheet.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from sources.files.source import MergedRange
from sources.files.workbook import NEVER_CALCULATED, SheetNotes

_CONTENT = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MARKS = re.compile(rb"-spanned=\"(?!1\")|table:visibility=|value-type=\"error\"|table:formula=")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_HIDDEN = ("collapse", "filter")


@dataclass
class _Sheet:
    """What one sheet shows, while its rows pass by."""

    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    row: int = 0
    column: int = 0

    @property
    def notes(self) -> SheetNotes:
        """What a reader of the rows alone would miss."""
        return SheetNotes(frozenset(self.hidden_rows), frozenset(self.hidden_columns), self.broken)

    def see_column(self, element: ElementTree.Element) -> None:
        """Enter a column, or a stretch of equal ones."""
        first, self.column = self.column + 1, self.column + _repeats(element, "columns")
        if element.get(f"{_TABLE}visibility") in _HIDDEN:
            self.hidden_columns |= set(range(first, self.column + 1))

    def see_row(self, element: ElementTree.Element) -> None:
        """Enter a row, or a stretch of equal ones."""
        first, self.row = self.row + 1, self.row + _repeats(element, "rows")
        rows = range(first, self.row + 1)
        column, is_filled = 0, False
        for cell in element:
            if cell.tag in _CELLS:
                first_column, column = column + 1, column + _repeats(cell, "columns")
                is_filled |= cell.get(f"{_OFFICE}value-type") is not None
                self._see_cell(cell, rows, range(first_column, column + 1))
        if is_filled and element.get(f"{_TABLE}visibility") in _HIDDEN:
            self.hidden_rows |= set(rows)

    def _see_cell(self, cell: ElementTree.Element, rows: range, columns: range) -> None:
        height, width = (int(cell.get(f"{_TABLE}number-{what}-spanned", "1")) for what in ("rows", "columns"))
        if height > 1 or width > 1:
            self.merged.append(MergedRange(rows[0], columns[0], rows[0] + height - 1, columns[0] + width - 1))
        text = ""
        if cell.get(f"{_CALC}value-type") == "error":
            text = "".join(cell.itertext()).strip() or "#ERROR!"
        elif cell.get(f"{_TABLE}formula") and cell.get(f"{_OFFICE}value-type") is None:
            text = NEVER_CALCULATED
        if text:
            self.broken |= {(row, column): text for row in rows for column in columns}


def _repeats(element: ElementTree.Element, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated", "1"))


def _elements(parts: zipfile.ZipFile) -> Iterator[tuple[str, ElementTree.Element]]:
    with parts.open(_CONTENT) as content:
        # expat itself refuses entities that explode
        yield from ElementTree.iterparse(content, events=("start", "end"))  # noqa: S314


def ods_sheet(parts: zipfile.ZipFile, name: str) -> tuple[SheetNotes, tuple[MergedRange, ...]]:
    """Return what is to be known of one sheet, and its merged cells."""
    sheet = _Sheet()
    if not _MARKS.search(parts.read(_CONTENT)):
        return sheet.notes, ()
    is_sheet = False
    for event, element in _elements(parts):
        if event == "start" and element.tag == f"{_TABLE}table":
            is_sheet = element.get(f"{_TABLE}name") == name
        elif is_sheet and event == "end" and element.tag == f"{_TABLE}table-column":
            sheet.see_column(element)
        elif is_sheet and event == "end" and element.tag == f"{_TABLE}table-row":
            sheet.see_row(element)
            element.clear()
    return sheet.notes, tuple(sheet.merged)

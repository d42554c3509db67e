"""What does the XML of an xlsx sheet say that its values do not: hidden rows and columns, errors, missing results?

The part streams by in pieces of whole rows, and only pieces that hold one of the marks are looked at closely: the
sound rows of a large log cost no more than the search for three byte strings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from openpyxl.utils.cell import column_index_from_string

from sources.files.workbook import NEVER_CALCULATED, SheetNotes

_PIECE_BYTES = 1 << 22
_END_OF_ROW = b"</row>"
_MARKS = (b't="e"', b"<f", b"hidden=")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
_ROW_START = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb"(\w+)=[\"']([^\"']*)[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)</")
_FILLED = re.compile(rb"<(?:\w+:)?[vtf]\b")
_TRUE = (b"1", b"true")


@dataclass
class _Scan:
    row: int = 0
    is_unusual: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)

    def see(self, piece: bytes) -> None:
        """Enter one piece of whole rows."""
        if not self.row:
            # Names with a prefix, or values in single quotes: the marks would not be found, so all of it is looked at.
            self.is_unusual = b":sheetData" in piece or b"='" in piece
            self._see_columns(piece)
        if self.is_unusual or any(mark in piece for mark in _MARKS):
            for row in _ROW.finditer(piece):
                self._see_row(dict(_ATTRIBUTE.findall(row[1])), row[2] or b"")
        else:
            self._pass(piece)

    def _pass(self, piece: bytes) -> None:
        """Go on to the number of the last row of a piece with nothing in it to look at."""
        last = piece.rfind(b"<row")
        attributes = dict(_ATTRIBUTE.findall(piece[last : piece.find(b">", last)])) if last >= 0 else {}
        self.row = int(attributes[b"r"]) if b"r" in attributes else self.row + len(_ROW_START.findall(piece))

    def _see_columns(self, piece: bytes) -> None:
        for column in _COLUMN.finditer(piece, 0, max(piece.find(b"<sheetData"), 0) or len(piece)):
            attributes = dict(_ATTRIBUTE.findall(column[1]))
            if attributes.get(b"hidden") in _TRUE:
                self.hidden_columns |= set(range(int(attributes[b"min"]), int(attributes[b"max"]) + 1))

    def _see_row(self, attributes: dict[bytes, bytes], cells: bytes) -> None:
        self.row = int(attributes.get(b"r", self.row + 1))
        if attributes.get(b"hidden") in _TRUE and _FILLED.search(cells):
            self.hidden_rows.add(self.row)
        if not self.is_unusual and not any(mark in cells for mark in _MARKS[:2]):
            return
        column = 0
        for cell in _CELL.finditer(cells):
            attributes, body = dict(_ATTRIBUTE.findall(cell[1])), cell[2] or b""
            reference = attributes.get(b"r", b"").rstrip(b"0123456789").decode()
            column = column_index_from_string(reference) if reference else column + 1
            result = _RESULT.search(body)
            if attributes.get(b"t") == b"e":
                self.broken[self.row, column] = result[1].decode() if result else "#ERROR!"
            elif result is None and attributes.get(b"t") != b"str" and _FORMULA.search(body):
                self.broken[self.row, column] = NEVER_CALCULATED


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """Yield the part in pieces that end where a row ends; a part with prefixed names is one piece."""
    rest = b""
    while chunk := part.read(_PIECE_BYTES):
        rest += chunk
        end = rest.rfind(_END_OF_ROW)
        if end >= 0:
            end += len(_END_OF_ROW)
            yield rest[:end]
            rest = rest[end:]
    yield rest


def scan_sheet(part: IO[bytes]) -> SheetNotes:
    """Return what stands in a sheet's part beside its values; ValueError where numbers in it are none."""
    scan = _Scan()
    for piece in _pieces(part):
        scan.see(piece)
    return SheetNotes(frozenset(scan.hidden_rows), frozenset(scan.hidden_columns), scan.broken)

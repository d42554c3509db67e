"""What do the sheets of an xlsb say that their values do not: hidden rows and columns, merged cells, errors?

A part is a stream of records (MS-XLSB 2.1.4), each with its kind and length in numbers of seven bits a byte. The format
keeps the last result of every formula: one that was never calculated cannot be told from its result.
"""

import struct
import zipfile
from collections.abc import Iterator

from xlrd.biffh import error_text_from_code

from sources.files.source import MergedRange
from sources.files.workbook import SheetNotes
from sources.files.workbook_parts import part_of_relation, relation_targets

_BOOK = "xl/workbook.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
_ROW, _ERROR, _ERROR_OF_FORMULA, _COLUMN, _BUNDLED_SHEET, _MERGED = 0, 3, 11, 60, 156, 176
# Of the flags of a row's header, the one that says that its height is nought.
_ROW_FLAGS_AT, _IS_ROW_HIDDEN = 11, 0x10
_CELLS = range(1, 12)
_SHEET_HEAD = struct.Struct("<II")


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        kind, at = content[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | (content[at] & 0x7F) << 7, at + 1
        size, shift, byte = 0, 0, 0x80
        while byte & 0x80:
            byte, at = content[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
        yield kind, content[at : at + size]
        at += size


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return a text of two bytes a letter with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _sheet(content: bytes) -> tuple[SheetNotes, tuple[MergedRange, ...]]:
    hidden_rows, hidden_columns, merged = set(), set(), []
    broken: dict[tuple[int, int], str] = {}
    row, is_row_hidden = 0, False
    for kind, data in _records(content):
        if kind == _ROW:
            row = struct.unpack_from("<I", data)[0] + 1
            is_row_hidden = bool(data[_ROW_FLAGS_AT] & _IS_ROW_HIDDEN)
        elif kind in _CELLS:
            if is_row_hidden and kind > 1:
                hidden_rows.add(row)
            if kind in (_ERROR, _ERROR_OF_FORMULA):
                column = struct.unpack_from("<I", data)[0] + 1
                broken[row, column] = error_text_from_code.get(data[8], "#ERROR!")
        elif kind == _COLUMN and data[16] & 1:
            first, last = struct.unpack_from("<II", data)
            hidden_columns |= set(range(first + 1, min(last, 1 << 14) + 2))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", data)
            merged.append(MergedRange(top + 1, left + 1, bottom + 1, right + 1))
    return SheetNotes(frozenset(hidden_rows), frozenset(hidden_columns), broken), tuple(merged)


def xlsb_sheet(parts: zipfile.ZipFile, name: str) -> tuple[SheetNotes, tuple[MergedRange, ...]]:
    """Return what is to be known of one sheet, and its merged cells."""
    targets = relation_targets(parts, _RELATIONS)
    for kind, data in _records(parts.read(_BOOK)):
        if kind == _BUNDLED_SHEET:
            relation, end = _text(data, _SHEET_HEAD.size)
            if _text(data, end)[0] == name:
                return _sheet(parts.read(part_of_relation(targets, relation)))
    return SheetNotes(), ()

"""What does an old workbook (.xls, BIFF) hold, decoded by its fonts?

A cell may mix fonts, and each run is decoded by its own. The format keeps the last result of every formula, and xlrd
does not show the formula itself: a cell that was never calculated cannot be told from its result.
"""

import io
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import xlrd
from xlrd.biffh import XLRDError, error_text_from_code
from xlrd.book import Book
from xlrd.compdoc import CompDocError
from xlrd.formula import FormulaError
from xlrd.sheet import Cell
from xlrd.sheet import Sheet as XlsSheet

from sources.files.legacy_text import Encoding, decoded_runs
from sources.files.source import MergedRange, UnreadableError
from sources.files.workbook import Contents, Sheet, Workbook, WorkbookCell, filled
from sources.files.workbook_values import value_text

# What xlrd raises for bytes that are no sound workbook: it trusts what records say of themselves.
_UNREADABLE = (
    XLRDError, CompDocError, FormulaError, struct.error, ArithmeticError, AssertionError, AttributeError, LookupError,
    TypeError, ValueError, OSError, EOFError, RuntimeError, MemoryError, BadZipFile,
)  # fmt: skip
_BAD_FILE = "Tệp .xls bị hỏng hoặc không phải bảng tính Excel / The .xls file is damaged or is no Excel workbook"
_LOCKED = "Tệp có mật khẩu: hãy bỏ mật khẩu rồi gửi lại / The file has a password: remove it and send it again"
_PACKAGE_NAME = "EncryptedPackage".encode("utf-16-le")
_MACRO_STORAGE = "_VBA_PROJECT".encode("utf-16-le")
_RECORD = struct.Struct("<HH")
_END_OF_GLOBALS, _SUPPORTING_BOOK = 0x000A, 0x01AE
# Supporting books that are no other file: this workbook itself, and add-in functions.
_SELF, _ADD_IN = b"\x01\x04", b"\x01\x3a"


def _font(book: Book, cell: Cell) -> str:
    return "" if cell.xf_index is None else book.font_list[book.xf_list[cell.xf_index].font_index].name


def _runs(book: Book, sheet: XlsSheet, cell: Cell, place: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a cell's text, each with the name of its font."""
    text = str(cell.value)
    changes = sheet.rich_text_runlist_map.get(place, ())
    starts = [(0, _font(book, cell)), *((at, book.font_list[font].name) for at, font in changes), (len(text), "")]
    for (begin, font), (end, _) in pairwise(starts):
        if begin < end:
            yield text[begin:end], font


def _value(book: Book, cell: Cell) -> object:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype != xlrd.XL_CELL_DATE:
        return cell.value
    serial = float(cell.value)
    try:
        moment = xlrd.xldate_as_datetime(serial, book.datemode)
    except (xlrd.XLDateError, OverflowError):
        return serial
    if 0 <= serial < 1:
        return moment.time()
    return moment.date() if moment.time() == moment.min.time() else moment


def _cell(book: Book, sheet: XlsSheet, row: int, column: int, encodings: set[Encoding]) -> WorkbookCell:
    cell = sheet.cell(row, column)
    font = _font(book, cell)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        text = error_text_from_code.get(int(cell.value), "#ERROR!")
        return WorkbookCell(row + 1, column + 1, text, font, is_error=True)
    if cell.ctype != xlrd.XL_CELL_TEXT:
        return WorkbookCell(row + 1, column + 1, value_text(_value(book, cell)), font)
    text, found = decoded_runs(_runs(book, sheet, cell, (row, column)))
    encodings |= found
    return WorkbookCell(row + 1, column + 1, text, font)


def _sheet(book: Book, sheet: XlsSheet) -> Sheet:
    encodings: set[Encoding] = set()
    # Rows are as long as they are: the formatting of empty cells would make every row as wide as the widest.
    places = ((row, column) for row in range(sheet.nrows) for column in range(sheet.row_len(row)))
    cells = filled(
        _cell(book, sheet, row, column, encodings)
        for row, column in places
        if sheet.cell_type(row, column) not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
    )
    return Sheet(
        sheet.name,
        sheet.visibility != 0,
        cells,
        tuple(MergedRange(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells),
        frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
        frozenset(column + 1 for column, info in sheet.colinfo_map.items() if info.hidden),
        frozenset(encodings),
    )


def _links(book: Book) -> Iterator[str]:
    """Yield the other workbooks that the globals name; xlrd reads these records and keeps nothing of them."""
    stream = bytes(book.mem or b"")
    at, end = book.base, book.base + book.stream_len
    while at + _RECORD.size <= end:
        kind, size = _RECORD.unpack_from(stream, at)
        data = stream[at + _RECORD.size : at + _RECORD.size + size]
        if kind == _END_OF_GLOBALS:
            return
        if kind == _SUPPORTING_BOOK and data[2:4] not in (_SELF, _ADD_IN):
            length, flags = struct.unpack_from("<HB", data, 2)
            name = data[5 : 5 + 2 * length].decode("utf-16-le") if flags & 1 else data[5 : 5 + length].decode("latin-1")
            # The path is kept with control characters in place of drive, folder and parent.
            yield "".join(letter if letter.isprintable() else "/" for letter in name).strip("/")
        at += _RECORD.size + size


def read_xls(path: Path) -> Workbook:
    """Read every sheet of an old workbook; UnreadableError for bytes that are none."""
    content = path.read_bytes()
    if _PACKAGE_NAME in content:
        raise UnreadableError(_LOCKED)
    try:
        # Sheets on demand, so that the stream stays in memory for the links.
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        )
        sheets = tuple(_sheet(book, book.sheet_by_index(index)) for index in range(book.nsheets))
        links = tuple(dict.fromkeys(_links(book)))
    except _UNREADABLE as error:
        raise UnreadableError(_LOCKED if "password" in str(error).lower() else _BAD_FILE) from error
    return Workbook(sheets, Contents(_MACRO_STORAGE in content, links))

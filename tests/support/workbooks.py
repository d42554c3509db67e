"""Workbooks under test, made here: logs in xlsx with whatever a sender may do to them, and small ods and xlsb files."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.office import HEADINGS, Cells, drawn, titles

SHEET = "Sổ hồ sơ"
NOTE = "Ghi chú"
HEADER_ROW = 4
ROWS = """
H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 | |
H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 | |
"""


def log_cells(table: str = ROWS) -> Cells:
    """Return the cells of a log: titles, header in row 4 with a column for notes at its end, and the drawn rows."""
    return [*titles(), [*HEADINGS, NOTE], *drawn(table)]


def _fill(sheet: Worksheet, rows: Iterable[Sequence[object]]) -> None:
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value != "":
                sheet.cell(number, column).value = value  # type: ignore[assignment]


def xlsx_of(
    sheets: Mapping[str, Iterable[Sequence[object]]], alter: Callable[[Workbook], object] | None = None
) -> bytes:
    """Return a workbook of these sheets; `alter` does to it what a sender did."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    if alter is not None:
        alter(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def log_xlsx(alter: Callable[[Worksheet], object] | None = None) -> bytes:
    """Return a sound log as a workbook, altered on its one sheet."""
    return xlsx_of({SHEET: log_cells()}, lambda book: alter(book[SHEET]) if alter else None)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return a zipped workbook with one part more."""
    copy = io.BytesIO(content)
    with zipfile.ZipFile(copy, "a") as parts:
        parts.writestr(name, part)
    return copy.getvalue()


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.3">'
    "<office:font-face-decls>{fonts}</office:font-face-decls><office:body><office:spreadsheet>"
    '<table:table table:name="{name}">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/></manifest:manifest>'
)


def ods_cell(text: str, attributes: str = "") -> str:
    """Return a text cell of an ods, with more attributes where they are given."""
    if not text and not attributes:
        return "<table:table-cell/>"
    return (
        f'<table:table-cell office:value-type="string" {attributes}><text:p>{escape(text)}</text:p></table:table-cell>'
    )


def ods_of(rows: Iterable[Sequence[str]], fonts: Iterable[str] = (), hidden: Iterable[int] = ()) -> bytes:
    """Return an ods of one sheet; a cell that begins with `<` is the XML of a cell."""
    concealed = set(hidden)
    lines = "".join(
        ('<table:table-row table:visibility="collapse">' if number in concealed else "<table:table-row>")
        + "".join(text if text.startswith("<") else ods_cell(text) for text in row)
        + "</table:table-row>"
        for number, row in enumerate(rows, start=1)
    )
    faces = "".join(f'<style:font-face style:name="{font}"/>' for font in fonts)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr("mimetype", _ODS_TYPE)
        parts.writestr("META-INF/manifest.xml", _MANIFEST)
        parts.writestr("content.xml", _ODS.format(fonts=faces, name=SHEET, rows=lines))
    return content.getvalue()


def _record(kind: int, data: bytes = b"") -> bytes:
    """Return a record of BIFF12: its kind and the length of its data as numbers of seven bits a byte."""
    head = bytearray()
    for number, is_kind in ((kind, True), (len(data), False)):
        if is_kind and number < 0x80:
            head.append(number)
            continue
        if is_kind:
            head += bytes((number & 0xFF, number >> 8))
            continue
        while number >= 0x80:
            head.append(number & 0x7F | 0x80)
            number >>= 7
        head.append(number)
    return bytes(head) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_of(rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """Return the smallest xlsb of one sheet: texts stand in their cells, None is a cell with the error #N/A."""
    cells = bytearray()
    for row, values in enumerate(rows):
        # Row header: number, style, height, flags, and no stretches of columns.
        cells += _record(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
        for column, value in enumerate(values):
            place = struct.pack("<II", column, 0)
            if value is None:
                cells += _record(3, place + b"\x2a")
            elif isinstance(value, str):
                cells += _record(6, place + _wide(value)) if value else b""
            else:
                cells += _record(5, place + struct.pack("<d", value))
    sheet = (
        _record(0x181) + _record(0x194, struct.pack("<IIII", 0, 99, 0, 99)) + _record(0x191) + cells
        + _record(0x192) + _record(0x182)
    )  # fmt: skip
    book = (
        _record(0x183) + _record(0x18F) + _record(0x19C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(SHEET))
        + _record(0x190) + _record(0x184)
    )  # fmt: skip
    content = io.BytesIO()
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr("xl/workbook.bin", book)
        parts.writestr("xl/worksheets/sheet1.bin", bytes(sheet))
        parts.writestr(
            "xl/_rels/workbook.bin.rels",
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
    return content.getvalue()

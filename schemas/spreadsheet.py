"""How is a workbook or CSV written so that no cell runs and the same content gives the same bytes?

A spreadsheet runs text that begins with = + - @ (also in full width, also after spaces). Text therefore goes through
`safe_text` into CSV and through `write_text` into a workbook; numbers and dates are written by their type and never
as text. A workbook is saved with the times that the caller states and repacked in one fixed form.
"""

import io
import re
import unicodedata
import zipfile
from datetime import UTC, datetime

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import TYPE_STRING

_STARTERS = frozenset("=+-@")
_BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
# What XML 1.0 cannot hold: openpyxl or the encoder would refuse the whole workbook because of one cell.
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# An Excel whose list separator is the semicolon splits a cell there, and what follows would start a cell.
_AFTER_SEMICOLON = re.compile(r"""(;[\s"']*)(?=[=+\-@＝＋－＠])""")
_CORE_TIME = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")
_CONTENT_TYPES = "[Content_Types].xml"
_CORE = "docProps/core.xml"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def starts_formula(value: str) -> bool:
    """Tell whether a spreadsheet may take this text for a formula.

    Spaces, control and invisible characters before the sign do not help it to hide; full-width signs count.
    """
    for character in value:
        if character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zs"):
            continue
        return unicodedata.normalize("NFKC", character) in _STARTERS
    return False


def safe_text(value: str) -> str:
    """Return the text for one CSV cell: one line, no control characters, and no formula.

    Text that would start a formula, or starts with a tab or carriage return, gets an apostrophe in front.
    """
    text = _CONTROL.sub("", _BREAKS.sub(" ", value))
    text = _AFTER_SEMICOLON.sub(r"\1'", text)
    return f"'{text}" if value[:1] in ("\t", "\r") or starts_formula(text) else text


def write_text(cell: Cell | MergedCell, value: str) -> None:
    """Put text into a cell of a workbook so that it stays text; line breaks stay, control characters go.

    Text that looks like a formula also gets Excel's own text mark, so that editing the cell does not start it.
    Raises TypeError for a cell that a merged range hides: the text would be lost.
    """
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} is inside a merged range; write to its first cell")
    text = _ILLEGAL_IN_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    cell.value = text
    cell.data_type = TYPE_STRING
    if starts_formula(text):
        cell.quotePrefix = True


def stable_bytes(workbook: openpyxl.Workbook, at: datetime, *, compress: bool = False) -> bytes:
    """Return the workbook as xlsx; the same content and `at` give the same bytes on every machine.

    `at` becomes the time of creation and change (a moment without zone is taken as UTC). Entries are stored plainly,
    since compressed bytes depend on the machine's zlib; `compress` is for large files that are never compared.
    """
    moment = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
    moment = moment.replace(microsecond=0)
    workbook.properties.created = moment
    saved = io.BytesIO()
    workbook.save(saved)
    stamp = f"{moment.isoformat()}Z".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=lambda entry: (entry != _CONTENT_TYPES, entry)):
            content = source.read(name)
            if name == _CORE:
                # openpyxl overwrites the time of change with the clock at every save.
                content = _CORE_TIME.sub(rb"\g<1>" + stamp + rb"\g<3>", content)
            target.writestr(_entry(name, compress), content)
    return packed.getvalue()


def _entry(name: str, compress: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
    entry.create_system = _UNIX
    entry.external_attr = _PLAIN_FILE
    entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    return entry

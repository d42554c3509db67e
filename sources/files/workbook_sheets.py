"""Which sheets does a workbook have, and what must a reader of their rows know of them?

Rows are read the short way, by python-calamine, which shows no fonts. Where fonts decide how text is to be read
(every old .xls, and an xlsx whose styles name a TCVN3 or VNI font) they are read the long way.
"""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from sources.files.source import MergedRange, SourceRow
from sources.files.workbook import Contents, Sheet, SheetNotes, Workbook
from sources.files.workbook_ods import ods_sheet
from sources.files.workbook_parts import contents, names_legacy_font, sheet_parts, sound_parts
from sources.files.workbook_scan import scan_sheet
from sources.files.workbook_values import value_text
from sources.files.workbook_xls import read_xls
from sources.files.workbook_xlsb import xlsb_sheet
from sources.files.workbook_xlsx import read_xlsx

_OPEN_XML = (".xlsx", ".xlsm")
_COMPOUND_FILE, _ZIP_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"


@dataclass(frozen=True)
class OpenSheet:
    """A sheet that was opened: how its text was encoded, its rows, which pass once, and what must be known of it."""

    encoding: str
    rows: Iterator[SourceRow]
    merged: tuple[MergedRange, ...]
    notes: SheetNotes


@dataclass(frozen=True)
class Candidate:
    """A sheet that may be read. Opening costs, so it is done only where it must be."""

    name: str
    is_hidden: bool
    has_data: Callable[[], bool]
    open: Callable[[], OpenSheet]


@dataclass(frozen=True)
class SheetBook:
    """The sheets of a workbook, what it carries, and whether it may hold text that nobody can decode."""

    candidates: tuple[Candidate, ...]
    contents: Contents
    is_undecoded: bool = False


def _long_way(book: Workbook) -> SheetBook:
    def opened(sheet: Sheet) -> OpenSheet:
        return OpenSheet(sheet.encoding, sheet.rows(), sheet.merged, sheet.notes)

    candidates = (
        Candidate(sheet.name, sheet.is_hidden, partial(bool, sheet.cells), partial(opened, sheet))
        for sheet in book.sheets
    )
    return SheetBook(tuple(candidates), book.contents)


def _patched(cells: list[str], patches: Mapping[int, str]) -> list[str]:
    for column, text in patches.items():
        cells += [""] * (column - len(cells))
        cells[column - 1] = text
    return cells


def _rows(sheet: CalamineSheet, notes: SheetNotes) -> Iterator[SourceRow]:
    """Yield a sheet's rows from its first on, with the text of broken cells, which calamine shows as blank."""
    patches: dict[int, dict[int, str]] = {}
    for (row, column), text in notes.broken.items():
        patches.setdefault(row, {})[column] = text
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    for number, values in enumerate(sheet.iter_rows(), start=1):
        # Nearly every cell is text already, and a call for each would cost more than reading them.
        cells = [value if type(value) is str else value_text(value) for value in values]
        if margin:
            cells = margin + cells
        yield SourceRow(number, _patched(cells, patches[number]) if number in patches else cells)


def _merged(sheet: CalamineSheet) -> tuple[MergedRange, ...]:
    return tuple(
        MergedRange(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )


Known = tuple[SheetNotes, tuple[MergedRange, ...] | None]


def _known(path: Path, suffix: str, name: str) -> Known:
    """Return what must be known of a sheet beside its values; no merged cells where calamine tells them."""
    with sound_parts(), zipfile.ZipFile(path) as parts:
        if suffix == ".xlsb":
            return xlsb_sheet(parts, name)
        if suffix == ".ods":
            return ods_sheet(parts, name)
        part = sheet_parts(parts).get(name)
        if part is None:
            return SheetNotes(), None
        with parts.open(part) as content:
            return scan_sheet(content), None


def _short_way(path: Path, suffix: str, parts: zipfile.ZipFile) -> SheetBook:
    # From its bytes: a path's suffix would be believed.
    with path.open("rb") as file:
        workbook = CalamineWorkbook.from_filelike(file)

    def opened(name: str) -> OpenSheet:
        # Both work side by side: neither waits for the other's lock.
        with sound_parts(), ThreadPoolExecutor(1) as aside:
            known = aside.submit(_known, path, suffix, name)
            sheet = workbook.get_sheet_by_name(name)
            notes, merged = known.result()
        notes = replace(notes, hidden_columns=notes.hidden_columns & set(range(1, sheet.total_width + 2)))
        merged = _merged(sheet) if merged is None else merged
        return OpenSheet(suffix.lstrip("."), _rows(sheet, notes), merged, notes)

    def has_data(name: str) -> bool:
        with sound_parts():
            return bool(workbook.get_sheet_by_name(name).height)

    candidates = tuple(
        Candidate(
            sheet.name,
            sheet.visible is not SheetVisibleEnum.Visible,
            partial(has_data, sheet.name),
            partial(opened, sheet.name),
        )
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet
    )
    return SheetBook(candidates, contents(parts), is_undecoded=names_legacy_font(parts))


def true_suffix(path: Path, suffix: str) -> str:
    """Return the suffix of what a workbook's bytes are.

    Programs write what they please under .xls, and a workbook with a password is a compound file whatever its name.
    """
    with path.open("rb") as file:
        start = file.read(len(_COMPOUND_FILE))
    if start == _COMPOUND_FILE:
        return ".xls"
    return ".xlsx" if suffix == ".xls" and start.startswith(_ZIP_FILE) else suffix


def open_sheets(path: Path, suffix: str) -> SheetBook:
    """Open a workbook; UnreadableError where its bytes are none."""
    suffix = true_suffix(path, suffix)
    if suffix == ".xls":
        return _long_way(read_xls(path))
    with sound_parts(), zipfile.ZipFile(path) as parts:
        if suffix in _OPEN_XML and names_legacy_font(parts):
            return _long_way(read_xlsx(path))
        return _short_way(path, suffix, parts)

"""Which cells does a file hold, as text, with their rows?

Every cell is text before it is anything else. Rows come in batches, so that memory does not grow with the file; a row's
number is the line on which it begins (CSV) or the sheet's row (workbooks).
"""

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from sources.answer_words import ANSWER_SHEET

BATCH_ROWS = 100_000
LOG_SUFFIXES = (".csv", ".xlsx")
_FIELD_LIMIT = 1 << 20


class UnreadableError(ValueError):
    """Raised where a file cannot be read at all: the message is one sentence for its sender."""


@dataclass(frozen=True)
class SourceRow:
    """One row of a source: its number and its cells as text, blank cells as ""."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Source:
    """A readable table: the sheet it stands on, how its bytes were decoded, and its rows in batches."""

    sheet: str
    encoding: str
    is_ragged: bool
    batches: Iterator[list[SourceRow]]


def _csv_encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    encoding = "utf-8-sig" if start.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        with path.open(encoding=encoding, newline="") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"Tệp không phải UTF-8 (lỗi tại byte {error.start}): hãy lưu lại dạng CSV UTF-8"
            f" / The file is not UTF-8 (byte {error.start}): save it as CSV UTF-8"
        ) from error
    return encoding


def _csv_batches(path: Path, encoding: str, delimiter: str) -> Iterator[list[SourceRow]]:
    csv.field_size_limit(_FIELD_LIMIT)
    with path.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        batch: list[SourceRow] = []
        begins = 1
        try:
            for cells in reader:
                batch.append(SourceRow(begins, cells))
                begins = reader.line_num + 1
                if len(batch) == BATCH_ROWS:
                    yield batch
                    batch = []
        except csv.Error as error:
            raise UnreadableError(
                f"Dòng {reader.line_num} của tệp CSV bị hỏng ({error}) / Line {reader.line_num} of the CSV is damaged"
            ) from error
        if batch:
            yield batch


def _cell_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | timedelta):
        return str(value)
    return ""


def _workbook(path: Path) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError) as error:
        raise UnreadableError(
            "Tệp không mở được như một bảng tính Excel / The file does not open as an Excel workbook"
        ) from error


def _sheet_batches(sheet: python_calamine.CalamineSheet) -> Iterator[list[SourceRow]]:
    batch: list[SourceRow] = []
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        batch.append(SourceRow(number, [_cell_text(value) for value in cells]))
        if len(batch) == BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def open_source(path: Path, suffix: str, delimiter: str) -> Source:
    """Open a log for reading; UnreadableError says why a file cannot be read.

    The first visible sheet of a workbook is taken; that of an earlier answer to it is passed by. `is_ragged` tells that
    a row's number of cells means something.
    """
    if suffix == ".csv":
        encoding = _csv_encoding(path)
        return Source("CSV", encoding, True, _csv_batches(path, encoding, delimiter))
    workbook = _workbook(path)
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible is python_calamine.SheetVisibleEnum.Visible
        and sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
        and sheet.name != ANSWER_SHEET
    ]
    if not visible:
        raise UnreadableError("Tệp không có trang tính nào hiển thị / The workbook has no visible sheet")
    try:
        sheet = workbook.get_sheet_by_name(visible[0])
    except python_calamine.CalamineError as error:
        raise UnreadableError(f"Trang {visible[0]} bị hỏng / Sheet {visible[0]} is damaged") from error
    return Source(visible[0], "xlsx", False, _sheet_batches(sheet))

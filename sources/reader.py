"""Which table does a file hold? Its format decides who reads it."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from sources.delimited import SUFFIXES as DELIMITED_SUFFIXES
from sources.delimited import open_delimited
from sources.source import BATCH_ROWS, Source, SourceRow, UnreadableError

LOG_SUFFIXES = (*DELIMITED_SUFFIXES, ".xlsx")


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


def open_source(path: Path, suffix: str) -> Source:
    """Open a log for reading; UnreadableError says why a file cannot be read.

    The first visible sheet of a workbook is taken.
    """
    if suffix in DELIMITED_SUFFIXES:
        return open_delimited(path)
    workbook = _workbook(path)
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible is python_calamine.SheetVisibleEnum.Visible
        and sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
    ]
    if not visible:
        raise UnreadableError("Tệp không có trang tính nào hiển thị / The workbook has no visible sheet")
    try:
        sheet = workbook.get_sheet_by_name(visible[0])
    except python_calamine.CalamineError as error:
        raise UnreadableError(f"Trang {visible[0]} bị hỏng / Sheet {visible[0]} is damaged") from error
    return Source(visible[0], "xlsx", False, _sheet_batches(sheet))

"""Which cells does a file hold, as text, with their rows? Its suffix says who reads it."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from sources.profile import Profile
from sources.source import BATCH_ROWS, Source, SourceRow, UnreadableError
from sources.workbook_log import open_workbook_log

LOG_SUFFIXES = (".csv", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods")
_FIELD_LIMIT = 1 << 20


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


def open_source(path: Path, suffix: str, delimiter: str, profiles: Sequence[Profile] = ()) -> Source:
    """Open a log for reading; UnreadableError says why a file cannot be read.

    Of a workbook the first visible sheet is taken on which one of the profiles finds its header; that of an earlier
    answer to it is passed by.
    """
    if suffix == ".csv":
        encoding = _csv_encoding(path)
        return Source("CSV", encoding, True, _csv_batches(path, encoding, delimiter))
    return open_workbook_log(path, suffix, profiles)

"""What does a dossier log say, cast to the vocabulary, and what became of each of its rows?

Rows are sorted into data and what is none, and the data is cast. read = staged + ignored + rejected here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

import polars as pl

from schemas.plan import Plan
from schemas.text import clean
from schemas.vocabulary import COLUMNS
from sources.files.merged import repeated_down
from sources.files.source import Source, SourceRow, UnreadableError
from sources.logs.cast import LogCells, cast_rows, has_applicant_key
from sources.logs.header import SEARCHED_ROWS, Header, find_header
from sources.logs.profile import Profile
from sources.logs.rows import CastFailure, RowFate, RowSorter


@dataclass
class Batch:
    """Typed rows of one batch with their source rows, the cells that did not cast, and the rows that are no data.

    `proposals` says by source row and column which known name an unknown one is near to: for people, never assigned.
    """

    frame: pl.DataFrame
    failures: list[CastFailure]
    fates: list[RowFate]
    proposals: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class LogHead:
    """What stands above the table: the header and its rows, and what the title rows say of window and export.

    `columns` are those of the vocabulary that the log has, and the applicant's key where it has an applicant.
    """

    header: Header
    rows: tuple[SourceRow, ...]
    columns: frozenset[str]
    window: tuple[date, date] | None
    exported_at: datetime | None


@dataclass(frozen=True)
class OpenLog:
    """A log whose header was found; its batches can be read once."""

    source: Source
    profile: Profile
    head: LogHead
    rows: Iterator[list[SourceRow]] = field(repr=False)


def _titles(profile: Profile, rows: Sequence[SourceRow]) -> tuple[tuple[date, date] | None, datetime | None]:
    document = profile.document
    window, exported_at = None, None
    for text in (clean(cell) for row in rows for cell in row.cells if cell):
        if document.window_pattern and (found := re.search(document.window_pattern, text)):
            first, last = (datetime.strptime(found[name], document.window_format).date() for name in ("first", "last"))
            window = (first, last)
        if document.exported_at_pattern and (found := re.search(document.exported_at_pattern, text)):
            exported_at = datetime.strptime(found["at"], document.exported_at_format)
    return window, exported_at


def open_log(source: Source, profiles: Sequence[Profile]) -> OpenLog:
    """Find the header under the profile that knows most of its headings; UnreadableError where none fits."""
    first: list[list[SourceRow]] = []
    for batch in source.batches:
        first.append(batch)
        if sum(len(rows) for rows in first) > SEARCHED_ROWS:
            break
    start = [row for batch in first for row in batch]
    found = [
        (profile, header) for profile in profiles if (header := find_header(profile, start, source.merged)) is not None
    ]
    if not found:
        raise UnreadableError(
            "Không tìm thấy dòng tiêu đề có đủ các cột bắt buộc của một sổ theo dõi hồ sơ"
            " / No header row with all required columns of a known log was found"
        )
    profile, header = max(found, key=lambda pair: len(pair[1].positions))
    try:
        window, exported_at = _titles(profile, [row for row in start if row.number < header.first_row])
    except ValueError as error:
        raise UnreadableError("Ngày ở phần đầu tệp không đọc được / A date above the table is illegal") from error
    known = {name for name in (*header.positions, *profile.document.constants) if name in COLUMNS}
    if has_applicant_key(profile, header):
        known.add("applicant_key")
    rows = tuple(row for row in start if header.first_row <= row.number <= header.last_row)
    head = LogHead(header, rows, frozenset(known), window, exported_at)
    below = repeated_down(chain(first, source.batches), source.merged, header.last_row)
    return OpenLog(source, profile, head, below)


def read_batches(log: OpenLog, plan: Plan, key: bytes) -> Iterator[Batch]:
    """Yield the log's rows, cast, in batches; `key` is that of the applicants' HMAC.

    A batch's frame has `row` and the columns of the vocabulary. Raises UnreadableError where the file breaks off.
    """
    cells = LogCells(log.profile, log.head.header, plan, key)
    sorter = RowSorter(log.source, log.profile, log.head.header, log.head.rows)
    for rows in log.rows:
        found = sorter.sort(rows)
        cast = cast_rows(cells, found.data)
        yield Batch(cast.frame, found.failures + cast.failures, found.fates, cast.proposals)

"""What stands in a log that no profile knows: where does its table begin, and what are its cells?

Nothing here says what a column means. The delimiter is the one under which most headings are known; rows that the
vocabulary of headings knows to be no data (titles, totals, sections, column numbers) are left out and counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from pathlib import Path

import polars as pl

from schemas.headings import Headings
from schemas.text import clean
from sources.header import SEARCHED_ROWS, Header, find_header, merged
from sources.log import LogHead, OpenLog, row_class_of, text_column
from sources.profile import ColumnProfile, IgnoredRows, Profile, ProfileDocument
from sources.reader import Source, SourceRow, UnreadableError, open_source

DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class UnknownLog:
    """A log as it stands: titles, headings, and its data rows as text, one column a heading, blank cells null.

    `rows` are the numbers of the data rows; `ignored` counts the others by class, `ragged_count` those whose number of
    cells is not that of the header.
    """

    sheet: str
    encoding: str
    delimiter: str
    titles: tuple[str, ...]
    headings: tuple[str, ...]
    rows: pl.Series
    columns: tuple[pl.Series, ...]
    ignored: Counter[str]
    ragged_count: int


@dataclass(frozen=True)
class _Opened:
    source: Source
    delimiter: str
    start: list[SourceRow]
    header: Header


def _vocabulary(headings: Headings, delimiter: str) -> Profile:
    """Return the vocabulary as a profile that requires nothing, so that headers are found as everywhere else."""
    columns = {name: ColumnProfile(headings=column.headings) for name, column in headings.columns.items()}
    unused = {f"unused {number}": ColumnProfile(headings=(h,)) for number, h in enumerate(headings.unused.headings)}
    document = ProfileDocument(
        id="vocabulary",
        version=1,
        name_vi="",
        grain="row",
        coverage="full_snapshot",
        delimiter=delimiter,
        date_formats=headings.date_order[0].formats,
        ignore=tuple(IgnoredRows(row_class=one.row_class, pattern=one.pattern) for one in headings.ignore),
        columns={**columns, **unused},
    )
    return Profile(document, "")


def _open(path: Path, suffix: str, delimiter: str, headings: Headings) -> _Opened:
    source = open_source(path, suffix, delimiter)
    batch = next(source.batches, [])
    header = find_header(_vocabulary(headings, delimiter), batch) if batch else None
    if header is None or not header.positions:
        header = _header_of_unknown_headings(batch)
    rest = Source(source.sheet, source.encoding, source.is_ragged, chain([batch], source.batches))
    return _Opened(rest, delimiter, batch[: SEARCHED_ROWS + 1], header)


def _header_of_unknown_headings(rows: Sequence[SourceRow]) -> Header:
    """Return the first row of words that is as full as the row below it; UnreadableError where there is none."""
    for above, below in pairwise(rows[: SEARCHED_ROWS + 1]):
        cells = [clean(cell) for cell in above.cells if cell.strip()]
        full = sum(bool(cell.strip()) for cell in below.cells)
        is_words = all(not any(c.isdigit() for c in cell) for cell in cells)
        if len(cells) > 1 and is_words and len(set(cells)) == len(cells) and full * 2 > len(cells):
            return Header(above.number, above.number, len(above.cells), {})
    raise UnreadableError("Không tìm thấy dòng tiêu đề của bảng / No row of headings was found in the file")


def _best_opened(path: Path, suffix: str, headings: Headings) -> _Opened:
    """Open under the delimiter that gives most known headings, then most columns; one that breaks the file is none."""
    if suffix != ".csv":
        return _open(path, suffix, DELIMITERS[0], headings)
    found: list[_Opened] = []
    refusals: list[UnreadableError] = []
    for delimiter in DELIMITERS:
        try:
            found.append(_open(path, suffix, delimiter, headings))
        except UnreadableError as error:
            refusals.append(error)
    if not found:
        raise refusals[0]
    return max(found, key=lambda opened: (len(opened.header.positions), opened.header.width))


def _headings(opened: _Opened) -> tuple[str, ...]:
    rows = {row.number: row.cells for row in opened.start}
    header = opened.header
    upper = rows[header.first_row]
    cells = upper if header.last_row == header.first_row else merged(upper, rows[header.last_row])
    return tuple(clean(cell) for cell in cells)


def read_unknown_log(path: Path, suffix: str, headings: Headings) -> UnknownLog:
    """Read a whole log that no profile knows; UnreadableError says why it cannot be read."""
    opened = _best_opened(path, suffix, headings)
    header = opened.header
    profile = _vocabulary(headings, opened.delimiter)
    log = OpenLog(opened.source, profile, LogHead(header, frozenset(), None, None), opened.source.batches)
    ignored: Counter[str] = Counter()
    numbers: list[int] = []
    parts: list[list[pl.Series]] = []
    ragged_count = 0
    for batch in log.rows:
        data: list[SourceRow] = []
        for row in batch:
            row_class = row_class_of(log, row)
            if row_class is not None:
                ignored[row_class] += 1
            elif opened.source.is_ragged and len(row.cells) != header.width:
                ragged_count += 1
            else:
                data.append(row)
        numbers += [row.number for row in data]
        parts.append([text_column(data, position) for position in range(header.width)])
    return UnknownLog(
        sheet=opened.source.sheet,
        encoding=opened.source.encoding,
        delimiter=opened.delimiter,
        titles=tuple(_titles(opened.start, header)),
        headings=_headings(opened),
        rows=pl.Series(numbers, dtype=pl.Int64),
        columns=tuple(pl.concat(column) for column in zip(*parts, strict=True)),
        ignored=ignored,
        ragged_count=ragged_count,
    )


def _titles(start: Sequence[SourceRow], header: Header) -> Iterator[str]:
    above = islice((row for row in start if row.number < header.first_row), SEARCHED_ROWS)
    return (text for row in above for cell in row.cells if (text := clean(cell)))

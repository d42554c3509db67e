"""What stands in a log that no profile knows: where does its table begin, and what are its cells?

Nothing here says what a column means. Of a workbook the first sheet is taken on which a heading is known; rows that
are no data (titles, totals, sections, column numbers) are left out and counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise, zip_longest
from pathlib import Path

import polars as pl

from schemas.headings import Headings
from schemas.text import clean
from sources.files.merged import repeated_down
from sources.files.source import Source, SourceRow, UnreadableError
from sources.logs.cast import text_column
from sources.logs.header import MOST_ROWS, SEARCHED_ROWS, Header, find_header, heading_paths
from sources.logs.profile import ColumnProfile, IgnoredRows, Profile, ProfileDocument
from sources.logs.reader import open_source
from sources.logs.rows import RowSorter


@dataclass(frozen=True)
class UnknownLog:
    """A log as it stands: titles, headings, and its data rows as text, one column a heading, blank cells null.

    `rows` are the numbers of the data rows; `ignored` counts the others by class, `rejected_count` those that are
    damaged, or have not the header's number of cells.
    """

    sheet: str
    encoding: str
    delimiter: str
    titles: tuple[str, ...]
    headings: tuple[str, ...]
    rows: pl.Series
    columns: tuple[pl.Series, ...]
    ignored: Counter[str]
    rejected_count: int


@dataclass(frozen=True)
class _Opened:
    source: Source
    profile: Profile
    start: list[SourceRow]
    header: Header

    @property
    def head(self) -> list[SourceRow]:
        """The rows of the header."""
        return [row for row in self.start if self.header.first_row <= row.number <= self.header.last_row]


def _vocabulary(headings: Headings) -> Profile:
    """Return the vocabulary as a profile that requires nothing, so that headers are found as everywhere else."""
    columns = {name: ColumnProfile(headings=column.headings) for name, column in headings.columns.items()}
    unused = {f"unused {number}": ColumnProfile(headings=(h,)) for number, h in enumerate(headings.unused.headings)}
    document = ProfileDocument(
        id="vocabulary",
        version=1,
        name_vi="",
        grain="row",
        coverage="full_snapshot",
        date_formats=headings.date_order[0].formats,
        ignore=tuple(IgnoredRows(row_class=one.row_class, pattern=one.pattern) for one in headings.ignore),
        columns={**columns, **unused},
    )
    return Profile(document, "")


def _open(path: Path, suffix: str, headings: Headings) -> _Opened:
    vocabulary = _vocabulary(headings)
    source = open_source(path, suffix, (vocabulary,))
    batch = next(source.batches, [])
    header = find_header(vocabulary, batch, source.merged) if batch else None
    if header is None or not header.positions:
        header = _header_of_unknown_headings(batch)
    rows = repeated_down(chain([batch], source.batches), source.merged, header.last_row)
    return _Opened(replace(source, batches=rows), vocabulary, batch[: SEARCHED_ROWS + MOST_ROWS], header)


def _header_of_unknown_headings(rows: Sequence[SourceRow]) -> Header:
    """Return the first row of words that is as full as the row below it; UnreadableError where there is none."""
    for above, below in pairwise(rows[: SEARCHED_ROWS + 1]):
        cells = [clean(cell) for cell in above.cells if cell.strip()]
        full = sum(bool(cell.strip()) for cell in below.cells)
        is_words = all(not any(c.isdigit() for c in cell) for cell in cells)
        if len(cells) > 1 and is_words and len(set(cells)) == len(cells) and full * 2 > len(cells):
            return Header(above.number, above.number, heading_paths([above]), {})
    raise UnreadableError("Không tìm thấy dòng tiêu đề của bảng / No row of headings was found in the file")


def _headings(opened: _Opened) -> tuple[str, ...]:
    """Return each column's heading: of a header of several rows the lowest that is filled."""
    columns = zip_longest(*reversed([row.cells for row in opened.head]), fillvalue="")
    return tuple(next((text for cell in column if (text := clean(cell))), "") for column in columns)


def read_unknown_log(path: Path, suffix: str, headings: Headings) -> UnknownLog:
    """Read a whole log that no profile knows; UnreadableError says why it cannot be read."""
    opened = _open(path, suffix, headings)
    sorter = RowSorter(opened.source, opened.profile, opened.header, opened.head)
    ignored: Counter[str] = Counter()
    numbers: list[int] = []
    parts: list[list[pl.Series]] = []
    rejected_count = 0
    for batch in opened.source.batches:
        found = sorter.sort(batch)
        ignored.update(fate.reason for fate in found.fates if fate.disposition == "ignored")
        rejected_count += sum(fate.disposition == "rejected" for fate in found.fates)
        numbers += [row.number for row in found.data]
        parts.append([text_column(found.data, position) for position in range(opened.header.width)])
    return UnknownLog(
        sheet=opened.source.sheet,
        encoding=opened.source.encoding,
        delimiter=opened.source.delimiter,
        titles=tuple(_titles(opened.start, opened.header)),
        headings=_headings(opened),
        rows=pl.Series(numbers, dtype=pl.Int64),
        columns=tuple(pl.concat(column) for column in zip(*parts, strict=True)),
        ignored=ignored,
        rejected_count=rejected_count,
    )


def _titles(start: Sequence[SourceRow], header: Header) -> Iterator[str]:
    above = islice((row for row in start if row.number < header.first_row), SEARCHED_ROWS)
    return (text for row in above for cell in row.cells if (text := clean(cell)))

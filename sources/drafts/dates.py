"""How does an unknown column write its dates, and is that proven?

Proven means: every cell parses in formats of one order (year, day or month first), and in no other. Day and month
first are told apart by a day above 12 alone; where none stands in the column, it is undecided.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from schemas.headings import DateOrder, DateOrderId
from sources.logs.cast import moments_as

_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class DateReading:
    """The formats that read the most cells of a column, how many of the filled ones, and what could be meant too.

    `rivals` are other orders that read as many cells.
    """

    formats: tuple[str, ...]
    order: DateOrderId | None
    filled_count: int
    parsed_count: int
    rivals: tuple[DateOrderId, ...]

    @property
    def is_proven(self) -> bool:
        """Whether every cell parses, and in one order alone."""
        return self.filled_count > 0 and self.parsed_count == self.filled_count and not self.rivals

    @property
    def is_date(self) -> bool:
        """Whether most cells are dates."""
        return self.filled_count > 0 and self.parsed_count * 2 > self.filled_count


@dataclass(frozen=True)
class _Attempt:
    order: DateOrderId
    formats: tuple[str, ...]
    parsed_count: int


def read_dates(text: pl.Series, orders: Sequence[DateOrder], zone: str) -> DateReading:
    """Find the order and the formats of a column of text; null cells are blank."""
    counts = text.drop_nulls().value_counts(sort=False)
    cells = pl.DataFrame({"text": counts.to_series(0), "count": counts.to_series(1)})
    filled = int(cells["count"].sum())
    first = _attempt(cells, orders[0], zone)
    if first.parsed_count == filled:
        # No other order writes the year in front: none can be meant.
        return DateReading(first.formats, first.order if filled else None, filled, filled, ())
    # Cells that are true dates of a workbook arrive with the year in front, whatever is written beside them.
    attempts = [first, *(_attempt(cells, order, zone, first.formats) for order in orders[1:])]
    best = max(attempts, key=lambda attempt: attempt.parsed_count)
    if not best.parsed_count:
        return DateReading((), None, filled, 0, ())
    rivals = tuple(a.order for a in attempts if a is not best and a.parsed_count == best.parsed_count)
    return DateReading(best.formats, best.order, filled, best.parsed_count, rivals)


def _attempt(cells: pl.DataFrame, order: DateOrder, zone: str, also: Sequence[str] = ()) -> _Attempt:
    """Read the cells by the formats of one order; each format that is kept reads a cell that none before it does."""
    left, formats, parsed = cells, [], 0
    for pattern in (*also, *order.formats):
        if not left.height:
            break
        year = moments_as(left["text"], pattern, zone).dt.year()
        reads = year.is_between(_FIRST_YEAR, _LAST_YEAR).fill_null(False)
        if reads.any():
            formats.append(pattern)
            parsed += int(left.filter(reads)["count"].sum())
            left = left.filter(~reads)
    return _Attempt(order.id, tuple(formats), parsed)

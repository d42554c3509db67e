"""Where does the table begin, and which of its columns is which?

The header is found by its headings, not by its position: one to three rows of which the upper ones group the lower. A
column's heading is a path, "Số hồ sơ giải quyết > Trước hạn": a merged cell groups every column below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from schemas.text import comparison_key
from sources.profile import Profile
from sources.source import MergedRange, SourceRow

SEARCHED_ROWS = 60
MOST_ROWS = 3
# How a profile writes a heading under a group: the parts of its path.
PATH_SEPARATOR = ">"

Path = tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The header of a table: its rows' numbers and the position of each column that the profile knows."""

    first_row: int
    last_row: int
    width: int
    positions: Mapping[str, int]

    @property
    def rank(self) -> tuple[int, int]:
        """What makes one candidate better than another: more known headings, then fewer rows."""
        return len(self.positions), self.first_row - self.last_row


def _match(profile: Profile, paths: Sequence[Path]) -> dict[str, int]:
    """Return the position of each column whose heading is a column's path, or the end of it.

    A longer end says more than a shorter one, and of equals the column further to the left counts.
    """
    column_of = {
        tuple(comparison_key(part) for part in heading.split(PATH_SEPARATOR)): name
        for name, column in profile.document.columns.items()
        for heading in column.headings
    }
    found: dict[str, int] = {}
    taken: set[int] = set()
    for length in range(max(map(len, paths), default=0), 0, -1):
        for position, path in enumerate(paths):
            name = column_of.get(path[-length:]) if len(path) >= length and position not in taken else None
            if name is not None and name not in found:
                found[name] = position
                taken.add(position)
    return found


def _heading_keys(row: SourceRow, merged: Sequence[MergedRange]) -> list[str]:
    """Return the key of each cell of a row, each merged one repeated over the columns that it spans."""
    keys = [comparison_key(cell) if cell else "" for cell in row.cells]
    for span in merged:
        if span.first_row == row.number and span.first_column <= len(keys):
            end = min(span.last_column, len(keys))
            keys[span.first_column - 1 : end] = [keys[span.first_column - 1]] * (end - span.first_column + 1)
    return keys


def _paths(rows: Sequence[Sequence[str]]) -> list[Path]:
    """Return the heading path of each column of a header of these rows; a column without a heading has none."""
    return [tuple(part for part in column if part) for column in zip_longest(*rows, fillvalue="")]


def find_header(profile: Profile, rows: Sequence[SourceRow], merged: Sequence[MergedRange] = ()) -> Header | None:
    """Return the header with the most known headings; None where a required one is missing.

    Of equals fewer rows beat more (a title right above the header is no part of it), and upper ones lower ones.
    """
    best: Header | None = None
    searched = rows[: SEARCHED_ROWS + MOST_ROWS - 1]
    keys = [_heading_keys(row, merged) for row in searched]
    for index, row in enumerate(searched[:SEARCHED_ROWS]):
        for end in range(index + 1, min(index + MOST_ROWS, len(searched)) + 1):
            paths = _paths(keys[index:end])
            positions = _match(profile, paths)
            found = Header(row.number, searched[end - 1].number, len(paths), positions)
            if set(profile.required) <= set(positions) and (best is None or found.rank > best.rank):
                best = found
    return best

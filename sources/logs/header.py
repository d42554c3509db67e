"""Where does the table begin, and which of its columns is which?

The header is found by its headings, not by its position: one to three rows of which the upper ones group the lower. A
column's heading is a path, "Số hồ sơ giải quyết > Trước hạn": a merged cell groups every column below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from schemas.text import comparison_key
from sources.files.source import MergedRange, SourceRow
from sources.logs.profile import Profile

SEARCHED_ROWS = 60
MOST_ROWS = 3
# How a profile writes a heading under a group: the parts of its path.
PATH_SEPARATOR = ">"

Path = tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The header of a table: its rows' numbers, the heading path of each column, and where those stand that are known.

    A column without a heading has an empty path.
    """

    first_row: int
    last_row: int
    paths: tuple[Path, ...]
    positions: Mapping[str, int]

    @property
    def width(self) -> int:
        """How many columns the header has."""
        return len(self.paths)

    @property
    def rank(self) -> tuple[int, int]:
        """What makes one candidate better than another: more known headings, then fewer rows."""
        return len(self.positions), self.first_row - self.last_row


def columns_by_path(profile: Profile) -> dict[Path, str]:
    """Return the column of each heading that a profile knows, by the heading's path."""
    return {
        tuple(comparison_key(part) for part in heading.split(PATH_SEPARATOR)): name
        for name, column in profile.document.columns.items()
        for heading in column.headings
    }


def column_at(path: Path, columns: Mapping[Path, str]) -> str | None:
    """Return the column that a path, or the longest end of it that is known, names."""
    ends = (path[start:] for start in range(len(path)))
    return next((columns[end] for end in ends if end in columns), None)


def _match(profile: Profile, paths: Sequence[Path]) -> dict[str, int]:
    """Return the position of each column whose heading is a column's path, or the end of it.

    A longer end says more than a shorter one, and of equals the column further to the left counts.
    """
    column_of = columns_by_path(profile)
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


def heading_paths(rows: Sequence[SourceRow], merged: Sequence[MergedRange] = ()) -> tuple[Path, ...]:
    """Return the heading path of each column of a header of these rows; a column without a heading has none."""
    return _paths([_heading_keys(row, merged) for row in rows])


def _paths(rows: Sequence[Sequence[str]]) -> tuple[Path, ...]:
    return tuple(tuple(part for part in column if part) for column in zip_longest(*rows, fillvalue=""))


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
            found = Header(row.number, searched[end - 1].number, paths, positions)
            if set(profile.required) <= set(positions) and (best is None or found.rank > best.rank):
                best = found
    return best

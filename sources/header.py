"""Where does the table begin, and which of its columns is which?

The header is found by its headings, not by its position: a row, or two rows of which the upper one groups the lower.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.text import comparison_key
from sources.profile import Profile
from sources.reader import SourceRow

SEARCHED_ROWS = 60


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


def _match(profile: Profile, headings: Sequence[str]) -> dict[str, int]:
    column_of = {
        comparison_key(heading): name
        for name, column in profile.document.columns.items()
        for heading in column.headings
    }
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        name = column_of.get(comparison_key(heading)) if heading else None
        if name is not None:
            found.setdefault(name, position)
    return found


def merged(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return the headings of two rows of which the upper one groups the lower."""
    width = max(len(upper), len(lower))
    padded = [[*row, *[""] * (width - len(row))] for row in (upper, lower)]
    return [below.strip() or above for above, below in zip(*padded, strict=True)]


def find_header(profile: Profile, rows: Sequence[SourceRow]) -> Header | None:
    """Return the header with the most known headings; None where a required one is missing.

    Of equals one row beats two (a title right above the header is no part of it), and the upper one the lower.
    """
    best: Header | None = None
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        candidates = [(row, row.cells)]
        if index + 1 < len(rows):
            candidates.append((rows[index + 1], merged(row.cells, rows[index + 1].cells)))
        for last, headings in candidates:
            positions = _match(profile, headings)
            found = Header(row.number, last.number, len(headings), positions)
            if set(profile.required) <= set(positions) and (best is None or found.rank > best.rank):
                best = found
    return best

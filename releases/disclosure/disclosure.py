"""Which published numbers about persons are too small to be shown?

A number is shown, or it is hidden. Too small are counts from 1 to below the threshold, ratios of which a part or the
remainder is such a count, and amounts (sums of days) over fewer members than the threshold. Zeros are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

NUMERATOR, DENOMINATOR, REMAINDER = ".numerator", ".denominator", ".remainder"
# The dimension of a spot that belongs to an office or unit; that of the whole department is "".
UNIT, FIELD = "unit", "field"


class Spot(NamedTuple):
    """Where a number stands: a column of the form or a part of an indicator, and whose it is."""

    measure: str
    dimension: str = ""
    value: str = ""


@dataclass(frozen=True)
class Cell:
    """One number about persons. A count is at least 1 where it is hidden, since zeros are shown; an amount is not.

    Of an amount `member_count` says over how many members it was summed.
    """

    value: Decimal
    is_count: bool = True
    is_too_small: bool = False
    member_count: int = 0

    @property
    def is_fixed(self) -> bool:
        """Whether everybody knows it by the rule alone: a count of nothing is shown, whatever else is hidden."""
        return self.is_count and not self.value

    def says_as(self, other: "Cell") -> bool:
        """Whether another cell says the same: an amount that is equal by chance is over other members."""
        return (self.value, self.member_count) == (other.value, other.member_count)


@dataclass(frozen=True)
class Edition:
    """The numbers of one version of one period, as the public gets them.

    `hidden` are the spots that are not shown; of the edition that is being made, those are still to be found. A
    remainder (denominator less numerator) is never shown itself; `cells` has those that are too small.
    """

    period: str
    version: int
    first_day: date
    last_day: date
    cells: Mapping[Spot, Cell]
    hidden: frozenset[Spot] = frozenset()

    def __hash__(self) -> int:
        return hash((self.period, self.version, frozenset(self.cells.items()), self.hidden))

    @property
    def name(self) -> str:
        """Its period and version."""
        return f"{self.period} v{self.version}"

    def of(self, cells: Mapping[Spot, Cell]) -> "Edition":
        """Return the same edition with these cells."""
        return replace(self, cells=cells)


def is_small(value: Decimal, threshold: int) -> bool:
    """Whether a count is above zero and below the threshold."""
    return 0 < value < threshold


def count_cell(value: Decimal, threshold: int) -> Cell:
    """Return a count with the verdict on it."""
    return Cell(value, is_too_small=is_small(value, threshold))


def share_cells(spot: Spot, numerator: Decimal, denominator: Decimal, threshold: int) -> dict[Spot, Cell]:
    """Return the cells of a share of counts: its parts, and its remainder where that is too small."""
    remainder = denominator - numerator
    whole_is_small, rest_is_small = is_small(denominator, threshold), is_small(remainder, threshold)
    part_is_small = whole_is_small or rest_is_small or is_small(numerator, threshold)
    cells = {
        spot._replace(measure=spot.measure + NUMERATOR): Cell(numerator, is_too_small=part_is_small and numerator > 0),
        spot._replace(measure=spot.measure + DENOMINATOR): Cell(denominator, is_too_small=whole_is_small),
    }
    if rest_is_small:
        cells[spot._replace(measure=spot.measure + REMAINDER)] = Cell(remainder, is_too_small=True)
    return cells


def amount_cells(
    spot: Spot, numerator: Decimal, denominator: Decimal, member_count: int, threshold: int
) -> dict[Spot, Cell]:
    """Return the cells of an average or a ratio of amounts over so many members.

    Its denominator is a count where it counts the members.
    """
    is_few = is_small(Decimal(member_count), threshold)
    amount = Cell(numerator, is_count=False, is_too_small=is_few, member_count=member_count)
    counts = denominator == member_count
    members = Cell(denominator, counts, is_few) if counts else Cell(denominator, False, is_few, member_count)
    return {
        spot._replace(measure=spot.measure + NUMERATOR): amount,
        spot._replace(measure=spot.measure + DENOMINATOR): members,
    }

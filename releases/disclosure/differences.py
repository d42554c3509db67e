"""Which differences of published numbers tell of a few persons alone?

Whoever subtracts what two versions say of the same gets a table of what came in between: a late record, a corrected
date. So does who subtracts the parts of a period from the whole. Such a difference is a number like any other: one of 1
to below the threshold must not be told, and neither must days that were summed over so few.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from releases.disclosure.disclosure import DENOMINATOR, NUMERATOR, Edition, is_small
from releases.disclosure.meaning import Place, is_shown_itself, told_twice
from releases.disclosure.tilings import Tiled
from schemas.identities import Identities


@dataclass(frozen=True)
class Difference:
    """The sum of coefficient × variable, above zero or zero; `places` are those of its numbers.

    Everybody is supposed to know which of two numbers is the larger one.
    """

    terms: tuple[tuple[int, float], ...]
    value: float
    least: float
    places: tuple[Place, ...]


# Coefficient and place of each number.
_Parts = Sequence[tuple[int, Place]]


def differences_of(
    editions: Sequence[Edition],
    identities: Identities,
    variable_of: Mapping[Place, int],
    of_periods: Sequence[Tiled],
    threshold: int,
) -> Iterator[Difference]:
    """Yield every difference that is too small, once."""
    flows = identities.columns_at("flow")
    found: set[tuple[tuple[int, float], ...]] = set()
    pairs: Iterator[_Parts] = (((-1, one), (1, other)) for one, other in told_twice(editions, identities))
    sums: Iterator[_Parts] = (
        ((1, one.whole), *((-1, part) for part in one.parts)) for one in of_periods if one.whole[1].measure in flows
    )
    for parts in (*pairs, *sums):
        for more in (parts, _remainder(parts, editions)):
            made = _difference(more, editions, variable_of, threshold) if more else None
            if made is not None and made.terms not in found:
                found.add(made.terms)
                yield made


def _remainder(parts: _Parts, editions: Sequence[Edition]) -> _Parts:
    """Return the same difference of the remainders, where the numbers are numerators of shares."""
    rests: list[tuple[int, Place]] = []
    for coefficient, (number, spot) in parts:
        if not spot.measure.endswith(NUMERATOR) or not editions[number].cells[spot].is_count:
            return ()
        whole = spot._replace(measure=spot.measure.removesuffix(NUMERATOR) + DENOMINATOR)
        rests += [(coefficient, (number, whole)), (-coefficient, (number, spot))]
    return rests


def _difference(
    parts: _Parts, editions: Sequence[Edition], variable_of: Mapping[Place, int], threshold: int
) -> Difference | None:
    """Return a difference that is too small to be told; None where it is not, or there is none."""
    if not all(is_shown_itself(spot) for _, (_, spot) in parts):
        return None
    summed: dict[int, int] = {}
    for coefficient, place in parts:
        summed[variable_of[place]] = summed.get(variable_of[place], 0) + coefficient
    cells = [(coefficient, editions[number].cells[spot]) for coefficient, (number, spot) in parts]
    value = sum((coefficient * cell.value for coefficient, cell in cells), Decimal())
    members = sum(coefficient * cell.member_count for coefficient, cell in cells)
    is_count = all(cell.is_count for _, cell in cells)
    is_too_small = is_small(abs(value), threshold) if is_count else abs(members) < threshold
    is_told = any(summed.values()) and (value or members)
    if not is_too_small or not is_told:
        return None
    sign = -1 if value < 0 else 1
    terms = tuple(sorted((variable, float(sign * n)) for variable, n in summed.items() if n))
    return Difference(terms, float(abs(value)), 1.0 if is_count else 0.0, tuple(place for _, place in parts))

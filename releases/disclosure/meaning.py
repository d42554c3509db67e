"""Which published numbers are one and the same?

Columns that count one population are, and so are cells that did not change between two versions, what two periods tell
of the same day, and what a period hands over to the next one. The reader is supposed to know where they are equal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from releases.disclosure.disclosure import REMAINDER, Edition, Spot
from schemas.identities import Identities

Place = tuple[int, Spot]


@dataclass
class _Merged:
    """Which places are one variable."""

    parent: dict[Place, Place] = field(default_factory=dict)

    def find(self, place: Place) -> Place:
        root = place
        while (above := self.parent.get(root, root)) != root:
            root = above
        while place != root:
            self.parent[place], place = root, self.parent.get(place, place)
        return root

    def join(self, one: Place, other: Place) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self.parent[second] = first


def variables_of(editions: Sequence[Edition], identities: Identities) -> dict[Place, int]:
    """Number the different numbers of all editions."""
    merged = _Merged()
    for number, edition in enumerate(editions):
        for one, other in _same_meaning(edition, identities):
            if edition.cells[one].says_as(edition.cells[other]):
                merged.join((number, one), (number, other))
    for (n, one_spot), (m, other_spot) in told_twice(editions, identities):
        if editions[n].cells[one_spot].says_as(editions[m].cells[other_spot]):
            merged.join((n, one_spot), (m, other_spot))
    variable_of: dict[Place, int] = {}
    numbers: dict[Place, int] = {}
    for number, edition in enumerate(editions):
        for spot in edition.cells:
            root = merged.find((number, spot))
            variable_of[number, spot] = numbers.setdefault(root, len(numbers))
    return variable_of


def rows_of(edition: Edition, identities: Identities) -> dict[tuple[str, str], dict[str, list[Spot]]]:
    """Return the spots of each row by the population that they count."""
    rows: dict[tuple[str, str], dict[str, list[Spot]]] = {}
    for spot in edition.cells:
        population = identities.population_of.get(spot.measure)
        if population is not None:
            rows.setdefault((spot.dimension, spot.value), {}).setdefault(population, []).append(spot)
    return rows


def _same_meaning(edition: Edition, identities: Identities) -> Iterator[tuple[Spot, Spot]]:
    """Yield the cells of a row that count one population, or all of one but for exceptions."""
    for counted in rows_of(edition, identities).values():
        for population, spots in counted.items():
            wholes = identities.population[population].all_but_few_of
            others = [found[0] for whole in wholes if (found := counted.get(whole))]
            for other in (*spots[1:], *others):
                yield spots[0], other


def told_twice(editions: Sequence[Edition], identities: Identities) -> Iterator[tuple[Place, Place]]:
    """Yield each two cells of different editions that tell the same, as far as was known, the earlier one first."""
    starts, ends = identities.columns_at("start"), identities.columns_at("end")
    for (n, one), (m, other) in combinations(enumerate(editions), 2):
        same_start, same_end = one.first_day == other.first_day, one.last_day == other.last_day
        for spot in one.cells:
            is_told = (same_start and same_end) or (same_start and spot.measure in starts)
            if (is_told or (same_end and spot.measure in ends)) and spot in other.cells:
                yield (n, spot), (m, spot)
        yield from _handed_over((n, one), (m, other), identities)


def _handed_over(
    first: tuple[int, Edition], second: tuple[int, Edition], identities: Identities
) -> Iterator[tuple[Place, Place]]:
    for (n, before), (m, after) in ((first, second), (second, first)):
        if (after.first_day - before.last_day).days != 1:
            continue
        for handover in identities.handover:
            left, right = (identities.population[name].columns for name in (handover.left, handover.right))
            for spot in before.cells:
                for column in right if spot.measure in left else ():
                    found = spot._replace(measure=column)
                    if found in after.cells:
                        one, other = sorted(((n, spot), (m, found)))
                        yield one, other


def is_shown_itself(spot: Spot) -> bool:
    """Whether a number has a cell of its own in some table; a remainder has none."""
    return not spot.measure.endswith(REMAINDER)


def values_of(editions: Sequence[Edition], variable_of: Mapping[Place, int]) -> tuple[list[float], list[float]]:
    """Return the true value of each variable, and what everybody knows it to be at least: hidden is no zero."""
    size = max(variable_of.values(), default=-1) + 1
    values, least = [0.0] * size, [0.0] * size
    for (number, spot), variable in variable_of.items():
        cell = editions[number].cells[spot]
        values[variable] = float(cell.value)
        if cell.is_count and cell.value and is_shown_itself(spot):
            least[variable] = 1.0
    return values, least

"""How do all published numbers hang together? One linear system over every open table and version.

The attacker is supposed to know the plan, the rule, what each column means, and which sums really hold: an identity is
in the system wherever the true numbers satisfy it, and numbers that mean the same and are equal are one variable. The
small differences of what versions and periods tell of the same are variables, too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from releases.disclosure.differences import Difference, differences_of
from releases.disclosure.disclosure import DENOMINATOR, FIELD, NUMERATOR, REMAINDER, UNIT, Edition, Spot
from releases.disclosure.meaning import Place, is_shown_itself, rows_of, values_of, variables_of
from releases.disclosure.tilings import Tiled, tiled
from schemas.identities import Identities, Identity

_EXACT = 1e-9
Rows = Mapping[tuple[str, str], Mapping[str, Sequence[Spot]]]


@dataclass(frozen=True)
class Relation:
    """The sum of coefficient × variable is zero (an equality), or at most zero."""

    terms: tuple[tuple[int, float], ...]
    is_equality: bool


@dataclass(frozen=True)
class System:
    """All numbers of all editions as variables: their true values, what each is at least, and their relations.

    `differences` are variables, too: each with the places that it is between.
    """

    variable_of: Mapping[Place, int]
    values: Sequence[float]
    least: Sequence[float]
    relations: Sequence[Relation]
    differences: Mapping[int, Difference]


def system_of(
    editions: Sequence[Edition], identities: Identities, fields_of_office: Mapping[str, Sequence[str]], threshold: int
) -> System:
    """Return the system of all editions; `fields_of_office` is what the catalogue of procedures says."""
    variable_of = variables_of(editions, identities)
    values, least = values_of(editions, variable_of)
    claims: dict[Relation, None] = {}
    for number, edition in enumerate(editions):
        book = _Book(number, edition, variable_of, values)
        for relation in _within(book, identities, fields_of_office):
            claims.setdefault(relation)
    of_periods = list(tiled(editions, identities, variable_of))
    for one in of_periods:
        if (summed := _tiling(one, variable_of, values)) is not None:
            claims.setdefault(summed)
    differences: dict[int, Difference] = {}
    for difference in differences_of(editions, identities, variable_of, of_periods, threshold):
        differences[len(values)] = difference
        terms = ((len(values), -1.0), *difference.terms)
        values.append(difference.value)
        least.append(difference.least)
        claims.setdefault(Relation(terms, is_equality=True))
    return System(variable_of, values, least, list(claims), differences)


def _relation(
    terms: Iterable[tuple[int, float]], values: Sequence[float], *, is_bound: bool = False
) -> Relation | None:
    """Return what the true values satisfy: the sum is zero, or below it; None where it is above, or says nothing."""
    summed: dict[int, float] = {}
    for variable, coefficient in terms:
        summed[variable] = summed.get(variable, 0.0) + coefficient
    kept = tuple(sorted((v, c) for v, c in summed.items() if c))
    total = sum(c * values[v] for v, c in kept)
    if not kept or total > _EXACT:
        return None
    return Relation(kept, is_equality=not is_bound and total > -_EXACT)


def _tiling(one: Tiled, variable_of: Mapping[Place, int], values: Sequence[float]) -> Relation | None:
    """Return that a period is the sum of those that make it up, where it is."""
    terms = [(variable_of[one.whole], -1.0), *((variable_of[part], 1.0) for part in one.parts)]
    found = _relation(terms, values)
    return found if found is not None and found.is_equality else None


@dataclass(frozen=True)
class _Book:
    """The numbers of one edition as variables."""

    number: int
    edition: Edition
    variable_of: Mapping[Place, int]
    values: Sequence[float]

    def variable(self, spot: Spot) -> int:
        return self.variable_of[self.number, spot]

    def sum_of(self, whole: Spot, parts: Sequence[Spot], *, is_bound: bool) -> Relation | None:
        """Return that parts are a whole, or do not exceed it; days that add up by chance are over other members."""
        counts = [self.edition.cells[spot].member_count for spot in (whole, *parts)]
        is_bound = is_bound or counts[0] != sum(counts[1:])
        terms = [(self.variable(part), 1.0) for part in parts] + [(self.variable(whole), -1.0)]
        return _relation(terms, self.values, is_bound=is_bound)


def _within(book: _Book, identities: Identities, fields_of_office: Mapping[str, Sequence[str]]) -> Iterator[Relation]:
    """Yield the relations inside one edition."""
    for group, parts, is_bound in _groups(book.edition, fields_of_office):
        if (found := book.sum_of(group, parts, is_bound=is_bound)) is not None:
            yield found
    for spot in book.edition.cells:
        if spot.measure.endswith(NUMERATOR) and (found := _share_relation(book, spot)) is not None:
            yield found
    rows = rows_of(book.edition, identities)
    for place, counted in rows.items():
        yield from _parts(book, counted, identities)
        for identity in identities.identity:
            terms = _terms(book, identity, place, rows)
            found = _relation(terms, book.values, is_bound=identity.relation == "<=") if terms is not None else None
            # A sum that does not hold is nobody's knowledge, and neither is that it falls short.
            if found is not None and (found.is_equality or identity.relation == "<="):
                yield found


def _parts(book: _Book, counted: Mapping[str, Sequence[Spot]], identities: Identities) -> Iterator[Relation]:
    """Yield that what is part of a population does not exceed it."""
    for name, spots in counted.items():
        population = identities.population[name]
        for whole in (counted.get(one) for one in (*population.part_of, *population.all_but_few_of)):
            found = book.sum_of(whole[0], spots[:1], is_bound=True) if whole else None
            if found is not None:
                yield found


def _groups(edition: Edition, fields_of_office: Mapping[str, Sequence[str]]) -> Iterator[tuple[Spot, list[Spot], bool]]:
    """Yield each number that others add up to, and whether it may be more than their sum.

    The department's is the sum of each breakdown, an office's that of its fields, unless it may have dossiers of no
    known field.
    """
    parts: dict[tuple[str, str], list[Spot]] = {}
    for spot in edition.cells:
        if spot.dimension and is_shown_itself(spot):
            parts.setdefault((spot.measure, spot.dimension), []).append(spot)
    for (measure, dimension), spots in parts.items():
        if Spot(measure) in edition.cells:
            yield Spot(measure), spots, False
        if dimension != UNIT:
            continue
        for office in spots:
            fields = [Spot(measure, FIELD, name) for name in fields_of_office.get(office.value, ())]
            held = [spot for spot in fields if spot in edition.cells]
            if held:
                yield office, held, _may_have_strays(edition, office, held)


def _may_have_strays(edition: Edition, office: Spot, fields: Sequence[Spot]) -> bool:
    """Whether nobody can tell that all dossiers of an office are in its fields.

    Where there are dossiers of no known field, nobody knows whose they are, unless an office's members and those of its
    fields are as many: then whatever else is measured of them adds up, too.
    """
    stray = edition.cells.get(Spot(office.measure, FIELD))
    if stray is None or stray.is_fixed:
        return False
    if not office.measure.endswith(NUMERATOR):
        return True
    counted = office.measure.removesuffix(NUMERATOR) + DENOMINATOR
    members, *parts = (edition.cells[spot._replace(measure=counted)].value for spot in (office, *fields))
    return members != sum(parts)


def _share_relation(book: _Book, spot: Spot) -> Relation | None:
    """Return that a share's numerator and remainder are its denominator, or that it does not exceed it."""
    indicator = spot.measure.removesuffix(NUMERATOR)
    whole, rest = (spot._replace(measure=indicator + part) for part in (DENOMINATOR, REMAINDER))
    if not book.edition.cells[spot].is_count:
        return None
    has_rest = rest in book.edition.cells
    return book.sum_of(whole, [spot, rest] if has_rest else [spot], is_bound=not has_rest)


def _terms(book: _Book, identity: Identity, place: tuple[str, str], rows: Rows) -> list[tuple[int, float]] | None:
    """Return the variables of an identity in one row; None where the row lacks one of them."""
    terms = []
    for names, coefficient in ((identity.left, 1.0), (identity.right, -1.0)):
        for name in names:
            population, _, at = name.partition("@")
            if at and place[0]:
                return None
            dimension, value = at.split("=", 1) if at else place
            spots = rows.get((dimension, value), {}).get(population)
            if spots is None:
                return None
            terms.append((book.variable(spots[0]), coefficient))
    return terms

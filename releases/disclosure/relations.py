"""How do all published numbers hang together? One linear system over every open table and version.

The attacker is supposed to know the plan, the rule, what each column means, and which sums really hold: an identity is
in the system wherever the true numbers satisfy it, and numbers that mean the same and are equal are one variable. So
are cells that did not change between versions, and what a period hands over to the next one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from releases.disclosure.disclosure import DENOMINATOR, FIELD, NUMERATOR, REMAINDER, UNIT, Cell, Edition, Spot
from schemas.identities import Identities, Identity

_EXACT = 1e-9
Place = tuple[int, Spot]
Terms = Mapping[int, float]


@dataclass(frozen=True)
class Relation:
    """The sum of coefficient × variable is zero (an equality), or at most zero."""

    terms: tuple[tuple[int, float], ...]
    is_equality: bool


@dataclass(frozen=True)
class System:
    """All numbers of all editions as variables: their true values, what each is at least, and their relations."""

    variable_of: Mapping[Place, int]
    values: Sequence[float]
    least: Sequence[float]
    relations: Sequence[Relation]


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


def system_of(
    editions: Sequence[Edition], identities: Identities, fields_of_office: Mapping[str, Sequence[str]]
) -> System:
    """Return the system of all editions; `fields_of_office` is what the catalogue of procedures says."""
    merged = _Merged()
    for number, edition in enumerate(editions):
        _join_same_meaning(number, edition, identities, merged)
    for (n, one), (m, other) in combinations(enumerate(editions), 2):
        _join_between(n, one, m, other, identities, merged)
    roots: dict[Place, int] = {}
    variable_of, values, least = {}, list[float](), list[float]()
    for number, edition in enumerate(editions):
        for spot, cell in edition.cells.items():
            root = merged.find((number, spot))
            if root not in roots:
                roots[root] = len(values)
                values.append(float(cell.value))
                least.append(0.0)
            variable = variable_of[number, spot] = roots[root]
            is_shown_where_zero = cell.is_count and not spot.measure.endswith(REMAINDER)
            least[variable] = max(least[variable], 1.0 if is_shown_where_zero and cell.value else 0.0)
    claims: dict[Relation, None] = {}
    for number, edition in enumerate(editions):
        for relation in _within(number, edition, identities, fields_of_office, variable_of, values):
            claims.setdefault(relation)
    for relation in _tilings(editions, variable_of, values):
        claims.setdefault(relation)
    return System(variable_of, values, least, list(claims))


def _join_same_meaning(number: int, edition: Edition, identities: Identities, merged: _Merged) -> None:
    """Join measures that agree wherever both are stated, and those that are said to be equal where they are."""
    by_measure: dict[str, dict[tuple[str, str], Cell]] = {}
    for spot, cell in edition.cells.items():
        if not spot.measure.endswith(REMAINDER):
            by_measure.setdefault(spot.measure, {})[spot.dimension, spot.value] = cell
    said = {(i.left[0], i.right[0]) for i in identities.identity if len(i.left) == len(i.right) == 1}
    said -= {(i.left[0], i.right[0]) for i in identities.identity if i.relation != "="}
    for (one, cells), (other, others) in combinations(by_measure.items(), 2):
        agreeing = [key for key in cells.keys() & others.keys() if cells[key].value == others[key].value]
        if (one, other) in said or (other, one) in said or _are_alike(cells, others):
            for key in agreeing:
                merged.join((number, Spot(one, *key)), (number, Spot(other, *key)))


def _are_alike(cells: Mapping[tuple[str, str], Cell], others: Mapping[tuple[str, str], Cell]) -> bool:
    """Whether two measures agree in every row of the breakdowns that both have, and have the same rows there.

    Figures have no row for an unknown office, the form has.
    """
    dimensions = {dimension for dimension, _ in cells} & {dimension for dimension, _ in others}
    rows, other_rows = (
        {key: cell.value for key, cell in found.items() if key[0] in dimensions and key != (UNIT, "")}
        for found in (cells, others)
    )
    return len(rows) > 1 and rows == other_rows


def _join_between(n: int, one: Edition, m: int, other: Edition, identities: Identities, merged: _Merged) -> None:
    """Join what did not change between versions, what tells of the same day, and what is handed over."""
    same_start, same_end = one.first_day == other.first_day, one.last_day == other.last_day
    told = {name for name in identities.stock.at_start if same_start} | {
        name for name in identities.stock.at_end if same_end
    }
    for spot, cell in one.cells.items():
        tells_the_same = (same_start and same_end) or spot.measure in told
        if tells_the_same and spot in other.cells and other.cells[spot].value == cell.value:
            merged.join((n, spot), (m, spot))
    for (a, before), (b, after) in (((n, one), (m, other)), ((m, other), (n, one))):
        if (after.first_day - before.last_day).days != 1:
            continue
        for handover in identities.handover:
            for spot, cell in before.cells.items():
                found = spot._replace(measure=handover.right)
                if spot.measure == handover.left and found in after.cells and after.cells[found].value == cell.value:
                    merged.join((a, spot), (b, found))


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


def _within(
    number: int,
    edition: Edition,
    identities: Identities,
    fields_of_office: Mapping[str, Sequence[str]],
    variable_of: Mapping[Place, int],
    values: Sequence[float],
) -> Iterator[Relation]:
    """Yield the relations inside one edition."""
    for group, parts, is_bound in _groups(edition, fields_of_office):
        terms = [(variable_of[number, part], 1.0) for part in parts] + [(variable_of[number, group], -1.0)]
        if (found := _relation(terms, values, is_bound=is_bound)) is not None:
            yield found
    for spot in edition.cells:
        if spot.measure.endswith(NUMERATOR):
            yield from _share_relation(number, edition, spot, variable_of, values)
    for dimension, value in dict.fromkeys((spot.dimension, spot.value) for spot in edition.cells):
        for identity in identities.identity:
            places = _terms(number, identity, dimension, value, variable_of)
            found = _relation(places, values, is_bound=identity.relation == "<=") if places is not None else None
            # A sum that does not hold is nobody's knowledge, and neither is that it falls short.
            if found is not None and (found.is_equality or identity.relation == "<="):
                yield found


def _groups(edition: Edition, fields_of_office: Mapping[str, Sequence[str]]) -> Iterator[tuple[Spot, list[Spot], bool]]:
    """Yield each number that others add up to, and whether it may be more than their sum.

    The department's is the sum of each breakdown, an office's that of its fields, unless it may have dossiers of no
    known field.
    """
    parts: dict[tuple[str, str], list[Spot]] = {}
    for spot in edition.cells:
        if spot.dimension and not spot.measure.endswith(REMAINDER):
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


def _share_relation(
    number: int, edition: Edition, spot: Spot, variable_of: Mapping[Place, int], values: Sequence[float]
) -> Iterator[Relation]:
    """Yield that a share's numerator and remainder are its denominator, or that it does not exceed it."""
    indicator = spot.measure.removesuffix(NUMERATOR)
    whole, rest = (spot._replace(measure=indicator + part) for part in (DENOMINATOR, REMAINDER))
    if not edition.cells[spot].is_count:
        return
    terms = [(variable_of[number, spot], 1.0), (variable_of[number, whole], -1.0)]
    has_rest = rest in edition.cells
    if has_rest:
        terms.append((variable_of[number, rest], 1.0))
    found = _relation(terms, values, is_bound=not has_rest)
    if found is not None:
        yield found


def _terms(
    number: int, identity: Identity, dimension: str, value: str, variable_of: Mapping[Place, int]
) -> list[tuple[int, float]] | None:
    """Return the variables of an identity in one row; None where the row lacks one of them."""
    terms = []
    for names, coefficient in ((identity.left, 1.0), (identity.right, -1.0)):
        for name in names:
            measure, _, at = name.partition("@")
            if at and dimension:
                return None
            spot = Spot(measure, *at.split("=", 1)) if at else Spot(measure, dimension, value)
            if (number, spot) not in variable_of:
                return None
            terms.append((variable_of[number, spot], coefficient))
    return terms


def _tilings(
    editions: Sequence[Edition], variable_of: Mapping[Place, int], values: Sequence[float]
) -> Iterator[Relation]:
    """Yield for each period that shorter ones make up, number by number, that it is their sum where it is."""
    by_window: dict[tuple[object, object], list[int]] = {}
    for number, edition in enumerate(editions):
        by_window.setdefault((edition.first_day, edition.last_day), []).append(number)
    samples = [editions[numbers[0]] for numbers in by_window.values()]
    for whole in samples:
        for tiling in _tiled(whole, samples):
            versions = [by_window[part.first_day, part.last_day] for part in tiling]
            wholes = by_window[whole.first_day, whole.last_day]
            for spot in dict.fromkeys(spot for number in wholes for spot in editions[number].cells):
                choices = [list(dict.fromkeys(variable_of.get((n, spot), -1) for n in v)) for v in (wholes, *versions)]
                for chosen in product(*choices):
                    if -1 in chosen or spot.measure.endswith(REMAINDER):
                        continue
                    terms = [(chosen[0], -1.0), *((variable, 1.0) for variable in chosen[1:])]
                    found = _relation(terms, values)
                    if found is not None and found.is_equality:
                        yield found


def _tiled(whole: Edition, samples: Sequence[Edition], path: Sequence[Edition] = ()) -> Iterator[Sequence[Edition]]:
    """Yield every way in which other windows follow each other from the first day of one to its last."""
    for sample in samples:
        begins = (sample.first_day - path[-1].last_day).days == 1 if path else sample.first_day == whole.first_day
        if not begins or sample is whole or sample.last_day > whole.last_day:
            continue
        longer = (*path, sample)
        if sample.last_day < whole.last_day:
            yield from _tiled(whole, samples, longer)
        elif path:
            yield longer

"""What else must be hidden, so that what is too small cannot be computed from the rest?

For the numbers that the attack can tell, the cheapest other numbers are sought with which they could be different by
the protection width while everything that stays shown stays true; those are hidden too. Then they are guarded
themselves, and so on. The order is fixed and ties are broken, so the same numbers give the same answer.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_diag, hstack, vstack

from releases.disclosure.audit import SLACK, Moves, Part, Seen, doubtful, exposed, parts_of
from releases.disclosure.disclosure import Edition, Spot
from releases.disclosure.meaning import is_shown_itself
from releases.disclosure.relations import System
from releases.disclosure.solver import Bounds, Matrix, cheapest_move, matrix_of

_ALREADY_HIDDEN = 1e-4
_WORLDS = 2
# What is hidden for the sake of some often protects others, too, which is quicker to see than to ask for each.
_AT_ONCE = 32
# The more people look for a number, the dearer it is.
_COST = {"": 40.0, "unit": 4.0, "field": 2.0}
_OTHER_COST = 1.0


class UnprotectableError(Exception):
    """Raised where a number that must stay hidden can be told whatever else is hidden."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self.spots = tuple(spots)
        super().__init__("; ".join(" ".join(spot).rstrip() for spot in spots) or "of an earlier version")


@dataclass(frozen=True)
class Protected:
    """What the last edition hides: what is too small, and what is hidden for its sake."""

    primary: frozenset[Spot]
    secondary: frozenset[Spot]

    @property
    def hidden(self) -> frozenset[Spot]:
        """Every spot that is not shown."""
        return self.primary | self.secondary


class Guard:
    """Which variables of a system are hidden, must be, and may be: the last edition is the one that is being made."""

    def __init__(self, system: System, editions: Sequence[Edition], width: int) -> None:
        number, last = len(editions) - 1, editions[-1]
        self.system, self.cells, self.width = system, last.cells, width
        self.spots: dict[int, list[Spot]] = {}
        for spot in last.cells:
            self.spots.setdefault(system.variable_of[number, spot], []).append(spot)
        earlier = [(system.variable_of[n, s], s in e.hidden) for n, e in enumerate(editions[:-1]) for s in e.cells]
        self.shown = {variable for variable, is_hidden in earlier if not is_hidden}
        self.earlier = {variable for variable, _ in earlier}
        # One that is hidden here and shown there cannot be protected any more; the attack says so.
        self.must = {variable for variable, is_hidden in earlier if is_hidden} | system.differences.keys()
        self.must |= {v for v, spots in self.spots.items() if any(last.cells[spot].is_too_small for spot in spots)}
        fixed = {v for v, spots in self.spots.items() if any(last.cells[spot].is_fixed for spot in spots)}
        self.hidden = frozenset((self.must - self.shown) | (self._lone(system) - fixed))
        self.cost: Mapping[int, float] = {v: self._cost(v) for v in sorted(self.spots.keys() - self.shown - fixed)}
        self.given_away: frozenset[int] = frozenset()

    def _lone(self, system: System) -> frozenset[int]:
        """Return the number of each small difference that alone was not shown before: it must be hidden.

        To hide them all at once is far quicker than to ask for each.
        """
        lone = set()
        for difference in system.differences.values():
            fresh = [v for v, _ in difference.terms if v not in self.shown]
            if len(fresh) == 1 and fresh[0] in self.spots:
                lone.add(fresh[0])
        return frozenset(lone)

    def _cost(self, variable: int) -> float:
        weights = (_COST.get(spot.dimension, _OTHER_COST) for spot in self.spots[variable])
        tie_breaker = 1 + variable / (100 * len(self.system.values))
        return sum(weights) * (1 + math.log10(1 + self.system.values[variable])) * tie_breaker

    @property
    def guarded(self) -> list[int]:
        """What must not be told: all that is or was hidden, and every small difference."""
        return sorted((self.hidden | self.must) - self.given_away)

    @property
    def near(self) -> frozenset[int]:
        """What may move of the last edition, and what is hidden of earlier ones in a relation with any of it."""
        own = self.cost.keys() | (self.hidden & self.spots.keys())
        beside = {
            v
            for relation in self.system.relations
            if any(u in self.spots for u, _ in relation.terms)
            for v, _ in relation.terms
            if v in self.hidden
        }
        return frozenset(own | beside)

    def give_away(self, asked: Sequence[int]) -> frozenset[int]:
        """Return which of these the earlier editions tell by themselves; they are guarded no longer."""
        own = [v for v in asked if self._is_earlier(v)]
        everything_else = frozenset(range(len(self.system.values))) - self.shown
        found = frozenset(exposed(self.system, everything_else, own, self.width)) if own else frozenset()
        self.given_away |= found
        return found

    def _is_earlier(self, variable: int) -> bool:
        difference = self.system.differences.get(variable)
        terms = [variable] if difference is None else [v for v, _ in difference.terms]
        return self.earlier.issuperset(terms)

    def spots_of(self, variable: int) -> list[Spot]:
        """Return the spots of the last edition that a variable is told by, or is a difference of."""
        difference = self.system.differences.get(variable)
        terms = [variable] if difference is None else [v for v, _ in difference.terms]
        return [spot for v in terms for spot in self.spots.get(v, ())]

    def answer(self) -> Protected:
        """Return the spots of the last edition that are hidden."""
        primary = frozenset(spot for spot, cell in self.cells.items() if cell.is_too_small)
        return Protected(primary, frozenset(s for v in self.hidden for s in self.spots.get(v, ())) - primary)


def protect(system: System, editions: Sequence[Edition], width: int) -> Protected:
    """Return what the last of these editions must hide; the others are published and stay as they are.

    Raises UnprotectableError.
    """
    guard, seen = Guard(system, editions, width), Seen(system)
    # Whether one in doubt is really exposed need not be known: what is open already is opened by hiding nothing more.
    while bad := doubtful(system, guard.hidden, guard.guarded, width, seen)[:_AT_ONCE]:
        # What lies close is looked at first: the whole is many times larger, and seldom needed.
        for movable in (guard.near, guard.hidden | guard.cost.keys()):
            left = {variable for variable in bad if not seen.is_open(variable, width)}
            parts = [part for part in parts_of(system.relations, movable) if not left.isdisjoint(part.variables)]
            for ways in (_Ways(guard, part) for part in parts):
                for variable in sorted(left):
                    if variable in ways.column and not seen.is_open(variable, width):
                        ways.open_up(variable, width, seen)
        told = [variable for variable in bad if not seen.is_open(variable, width)]
        given_away = guard.give_away(told) if told else frozenset()
        for variable in told:
            if variable not in given_away:
                raise UnprotectableError(guard.spots_of(variable))
    return guard.answer()


def _is_seen(spot: Spot, protected: Protected) -> bool:
    return is_shown_itself(spot) and spot not in protected.hidden


@dataclass(frozen=True)
class Audit:
    """How many numbers and differences were asked for, which can be told, and which earlier editions tell anyhow."""

    number_count: int
    difference_count: int
    told: tuple[int, ...]
    told_before: tuple[int, ...]


def audited(system: System, editions: Sequence[Edition], protected: Protected, width: int) -> Audit:
    """Attack the last edition as it would be published, with nothing remembered."""
    guard = Guard(system, editions, width)
    shown = {v for v, spots in guard.spots.items() if any(_is_seen(spot, protected) for spot in spots)}
    guard.hidden = frozenset((guard.must | guard.spots.keys()) - guard.shown - shown)
    asked = guard.guarded
    found = exposed(system, guard.hidden, asked, width)
    before = guard.give_away(found)
    told = tuple(variable for variable in found if variable not in before)
    differences = len(system.differences)
    return Audit(len(asked) - differences, differences, told, tuple(sorted(before)))


class _Ways:
    """How the numbers of one part can be moved together, and what each would cost to hide.

    What is asked for are two worlds at once: each variable moves up by one column and down by another, in either.
    """

    def __init__(self, guard: Guard, part: Part) -> None:
        self.guard, self.part = guard, part
        self.column = part.column_of()
        moves = Moves.of(guard.system, part)
        self.equal: Matrix = block_diag([hstack([moves.equal, -moves.equal])] * _WORLDS, format="csr")
        self.below: Matrix = block_diag([hstack([moves.below, -moves.below])] * _WORLDS, format="csr")
        self.room = np.tile(moves.room, _WORLDS)
        self.values = np.array([guard.system.values[v] for v in part.variables])
        down = np.maximum(0.0, self.values - np.array([guard.system.least[v] for v in part.variables]))
        up: list[tuple[float, float | None]] = [(0.0, None)] * len(self.column)
        self.bounds: Bounds = [*up, *((0.0, one) for one in down)] * _WORLDS

    def open_up(self, variable: int, width: int, seen: Seen) -> None:
        """Hide the cheapest numbers with which this one is a width apart in two worlds, where there are any."""
        size, n, hidden = len(self.column), self.column[variable], self.guard.hidden
        # The first world has so much more of it than the second.
        apart = matrix_of(
            [(0, n, -1.0), (0, size + n, 1.0), (0, 2 * size + n, 1.0), (0, 3 * size + n, -1.0)], (1, 4 * size)
        )
        costs = np.array([_ALREADY_HIDDEN if v in hidden else self.guard.cost[v] for v in self.part.variables])
        below: Matrix = vstack([self.below, apart], format="csr")
        room = np.append(self.room, -float(width))
        found = cheapest_move(np.tile(costs, 2 * _WORLDS), self.equal, below, room, self.bounds)
        if found is None:
            return
        for up, down in found.reshape(_WORLDS, 2, size):
            where = np.flatnonzero(np.abs(up - down) > SLACK)
            variables = [self.part.variables[n] for n in where]
            seen.note(variables, (self.values + up - down)[where])
            self.guard.hidden |= frozenset(variables)

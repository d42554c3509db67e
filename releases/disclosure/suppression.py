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
from releases.disclosure.relations import System
from releases.disclosure.solver import Bounds, Matrix, cheapest_move, matrix_of

_ALREADY_HIDDEN = 1e-4
_WORLDS = 2
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

    def __init__(self, system: System, editions: Sequence[Edition]) -> None:
        number, last = len(editions) - 1, editions[-1]
        self.system, self.cells = system, last.cells
        self.spots: dict[int, list[Spot]] = {}
        for spot in last.cells:
            self.spots.setdefault(system.variable_of[number, spot], []).append(spot)
        earlier = [(system.variable_of[n, s], s in e.hidden) for n, e in enumerate(editions[:-1]) for s in e.cells]
        shown = {variable for variable, is_hidden in earlier if not is_hidden}
        # One that is hidden here and shown there cannot be protected any more; the attack says so.
        self.must = {variable for variable, is_hidden in earlier if is_hidden} | {
            v for v, spots in self.spots.items() if any(last.cells[spot].is_too_small for spot in spots)
        }
        fixed = {v for v, spots in self.spots.items() if any(last.cells[spot].is_fixed for spot in spots)}
        self.hidden = frozenset(self.must - shown)
        self.cost: Mapping[int, float] = {v: self._cost(v) for v in sorted(self.spots.keys() - shown - fixed)}

    def _cost(self, variable: int) -> float:
        weights = (_COST.get(spot.dimension, _OTHER_COST) for spot in self.spots[variable])
        tie_breaker = 1 + variable / (100 * len(self.system.values))
        return sum(weights) * (1 + math.log10(1 + self.system.values[variable])) * tie_breaker

    @property
    def guarded(self) -> list[int]:
        """What must not be told: all that is or was hidden."""
        return sorted(self.hidden | self.must)

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

    def answer(self) -> Protected:
        """Return the spots of the last edition that are hidden."""
        primary = frozenset(spot for spot, cell in self.cells.items() if cell.is_too_small)
        return Protected(primary, frozenset(s for v in self.hidden for s in self.spots.get(v, ())) - primary)


def protect(system: System, editions: Sequence[Edition], width: int) -> Protected:
    """Return what the last of these editions must hide; the others are published and stay as they are.

    Raises UnprotectableError.
    """
    guard, seen = Guard(system, editions), Seen(system)
    # Whether one in doubt is really exposed need not be known: what is open already is opened by hiding nothing more.
    while bad := doubtful(system, guard.hidden, guard.guarded, width, seen):
        # What lies close is looked at first: the whole is many times larger, and seldom needed.
        for movable in (guard.near, guard.hidden | guard.cost.keys()):
            parts = [part for part in parts_of(system.relations, movable) if not set(bad).isdisjoint(part.variables)]
            for ways in (_Ways(guard, part) for part in parts):
                for variable in bad:
                    if variable in ways.column and not seen.is_open(variable, width):
                        ways.open_up(variable, width, seen)
        for variable in bad:
            if not seen.is_open(variable, width):
                raise UnprotectableError(guard.spots.get(variable, []))
    return guard.answer()


def audited(system: System, editions: Sequence[Edition], protected: Protected, width: int) -> list[int]:
    """Attack the last edition as it would be published, with nothing remembered, and return what can be told."""
    guard = Guard(system, editions)
    beside = {variable for variable, spots in guard.spots.items() if not protected.hidden.isdisjoint(spots)}
    guard.hidden |= frozenset(beside & guard.cost.keys())
    return exposed(system, guard.hidden, [*guard.guarded, *sorted(beside)], width)


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

"""Can what is hidden be told from what is shown? The attack of a reader with a solver.

Everything shown is put into the system of relations; then worlds are sought (linear programming over real numbers,
which leaves the attacker no less than whole ones would) in which the hidden numbers are others and all that is shown is
the same. A number is protected where it is at least the protection width apart between two such worlds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from releases.relations import Relation, System
from releases.solver import Bounds, Matrix, Vector, cheapest_move, matrix_of

SLACK = 1e-6


class InconsistentSystemError(RuntimeError):
    """Raised where the true numbers do not satisfy their own relations: our mistake, never an answer."""


class Seen:
    """The smallest and the largest value that some possible world gives each number."""

    def __init__(self, system: System) -> None:
        self.lowest: Vector = np.array(system.values, dtype=np.float64)
        self.highest = self.lowest.copy()

    def note(self, variables: Sequence[int], world: Vector) -> None:
        """Remember a possible world; it stays possible when more is hidden."""
        where = np.array(variables, dtype=np.intp)
        self.lowest[where] = np.minimum(self.lowest[where], world)
        self.highest[where] = np.maximum(self.highest[where], world)

    def is_open(self, variable: int, width: float) -> bool:
        """Whether the number is known to be possible over the whole width."""
        return bool(self.highest[variable] - self.lowest[variable] >= width - SLACK)


@dataclass(frozen=True)
class Part:
    """Variables that hang together, and the relations that tie them."""

    variables: tuple[int, ...]
    relations: tuple[Relation, ...]

    def column_of(self) -> Mapping[int, int]:
        """Return the column of each variable."""
        return {variable: n for n, variable in enumerate(self.variables)}


@dataclass(frozen=True)
class Moves:
    """What keeps everything outside of a part as it is: `equal @ move = 0` and `below @ move <= room`."""

    equal: Matrix
    below: Matrix
    room: Vector

    @classmethod
    def of(cls, system: System, part: Part) -> "Moves":
        """Return the moves of a part's variables away from their true values."""
        column = part.column_of()
        sides: list[list[Relation]] = [[], []]
        for relation in part.relations:
            sides[0 if relation.is_equality else 1].append(relation)
        matrices = []
        for side in sides:
            entries = [(row, column[v], c) for row, r in enumerate(side) for v, c in r.terms if v in column]
            matrices.append(matrix_of(entries, (len(side), len(column))))
        room = [max(0.0, -sum(c * system.values[v] for v, c in r.terms)) for r in sides[1]]
        return cls(matrices[0], matrices[1], np.array(room, dtype=np.float64))


def exposed(
    system: System, hidden: Set[int], asked: Iterable[int], width: float, seen: Seen | None = None
) -> list[int]:
    """Return which of the asked variables can be told to less than `width`, in their order.

    `hidden` are the variables that are shown nowhere; one that is asked for and shown is exposed. `seen` takes up the
    worlds that were found.
    """
    wanted = list(dict.fromkeys(asked))
    worlds = seen if seen is not None else Seen(system)
    for part in parts_of(system.relations, hidden):
        doubtful = [v for v in part.variables if v in set(wanted) and not worlds.is_open(v, width)]
        if doubtful:
            _explore(system, part, doubtful, width, worlds)
    tied = {v for relation in system.relations for v, _ in relation.terms}
    return [v for v in wanted if v not in hidden or (v in tied and not worlds.is_open(v, width))]


def parts_of(relations: Iterable[Relation], variables: Set[int]) -> Iterator[Part]:
    """Yield the variables that relations tie together, with those relations; untied ones are in no part."""
    touching = [(r, [v for v, _ in r.terms if v in variables]) for r in relations]
    group_of: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for _, found in touching:
        known = sorted({group_of[v] for v in found if v in group_of})
        fresh = [v for v in found if v not in group_of]
        if not found:
            continue
        target = known[0] if known else fresh[0]
        for old in known[1:]:
            moved = groups.pop(old)
            groups[target] += moved
            group_of.update(dict.fromkeys(moved, target))
        groups.setdefault(target, []).extend(fresh)
        group_of.update(dict.fromkeys(fresh, target))
    tied: dict[int, list[Relation]] = {}
    for relation, found in touching:
        if found:
            tied.setdefault(group_of[found[0]], []).append(relation)
    for target, members in groups.items():
        yield Part(tuple(sorted(members)), tuple(tied[target]))


def _explore(system: System, part: Part, asked: Sequence[int], width: float, seen: Seen) -> None:
    """Look for worlds in which the asked variables are others: many at once first, then each by itself."""
    moves, column = Moves.of(system, part), part.column_of()
    values = np.array([system.values[v] for v in part.variables])
    # One that may move by the width need not move further.
    bounds: Bounds = [(max(system.least[v] - system.values[v], -width), width) for v in part.variables]

    def search(goal: Vector) -> None:
        move = cheapest_move(goal, moves.equal, moves.below, moves.room, bounds)
        if move is None:
            raise InconsistentSystemError("no world is possible, not even the true one")
        seen.note(part.variables, values + move)

    for bit in range(len(asked).bit_length() if len(asked) > 2 else 0):
        for sign in (1.0, -1.0):
            goal = np.zeros(len(column))
            for n, variable in enumerate(asked):
                if not seen.is_open(variable, width):
                    goal[column[variable]] = sign if n >> bit & 1 else -sign
            if goal.any():
                search(goal)
    for variable in asked:
        for sign in (-1.0, 1.0):
            if not seen.is_open(variable, width):
                goal = np.zeros(len(column))
                goal[column[variable]] = sign
                search(goal)

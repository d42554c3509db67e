"""Can what is hidden be told from what is shown? The attack of a reader with a solver.

Everything shown is put into the system of relations; then worlds are sought (linear programming over real numbers,
which leaves the attacker no less than whole ones would) in which the hidden numbers are others and all that is shown is
the same. A number is protected where it is at least the protection width apart between two such worlds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from releases.disclosure.relations import Relation, System
from releases.disclosure.solver import Bounds, Matrix, Vector, cheapest_move, matrix_of

SLACK = 1e-6
# After so many rounds that open nothing more, what is left is asked for one by one.
_ENOUGH = 2
# How many widths a number may move at most while many are looked at.
_REACH = 4


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


def exposed(system: System, hidden: Set[int], asked: Iterable[int], width: float) -> list[int]:
    """Return which of the asked variables can be told to less than `width`, in their order.

    `hidden` are the variables that are shown nowhere; one that is asked for and shown is exposed.
    """
    seen = Seen(system)
    left = doubtful(system, hidden, asked, width, seen)
    for part in parts_of(system.relations, hidden):
        search = _Search(system, part, width, seen)
        for variable in left:
            if variable in search.column:
                search.one(variable)
    return [v for v in left if v not in hidden or not seen.is_open(v, width)]


def doubtful(system: System, hidden: Set[int], asked: Iterable[int], width: float, seen: Seen) -> list[int]:
    """Return the asked variables for which looking for many at once has not found two worlds that far apart.

    None of the others is exposed; of these some may not be. `seen` has the worlds known before, and takes up those that
    were found.
    """
    wanted = list(dict.fromkeys(asked))
    for part in parts_of(system.relations, hidden):
        search = _Search(system, part, width, seen)
        search.many([v for v in wanted if v in search.column])
    tied = {v for relation in system.relations for v, _ in relation.terms}
    return [v for v in wanted if v not in hidden or (v in tied and not seen.is_open(v, width))]


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


class _Search:
    """A search for worlds in which the variables of one part are others."""

    def __init__(self, system: System, part: Part, width: float, seen: Seen) -> None:
        self.part, self.width, self.seen = part, width, seen
        self.moves, self.column = Moves.of(system, part), part.column_of()
        self.values = np.array([system.values[v] for v in part.variables])
        down = [system.least[v] - system.values[v] for v in part.variables]
        self.free: Bounds = [(one, None) for one in down]
        # Whoever pulls at many at once keeps each from running away.
        self.boxed: Bounds = [(max(one, -_REACH * width), _REACH * width) for one in down]

    def many(self, asked: Sequence[int]) -> None:
        """Look at many variables at once: in each round every second of them is sent to the other side.

        What several rounds have not opened hangs together more closely, and is asked for by itself.
        """
        left = [v for v in asked if not self.seen.is_open(v, self.width)]
        fruitless = 0
        for bit in range(len(left).bit_length()):
            before = sum(self.seen.is_open(v, self.width) for v in left)
            for sign in (1.0, -1.0):
                self._look({v: sign if n >> bit & 1 else -sign for n, v in enumerate(left)}, self.boxed)
            fruitless = fruitless + 1 if before == sum(self.seen.is_open(v, self.width) for v in left) else 0
            if fruitless == _ENOUGH:
                return

    def one(self, variable: int) -> None:
        """Look at one variable by itself, which leaves no doubt: the others may move as far as they like."""
        column = self.column[variable]
        bounds = [*self.free[:column], self.boxed[column], *self.free[column + 1 :]]
        for sign in (-1.0, 1.0):
            self._look({variable: sign}, bounds)

    def _look(self, signs: Mapping[int, float], bounds: Bounds) -> None:
        goal = np.zeros(len(self.column))
        for variable, sign in signs.items():
            if not self.seen.is_open(variable, self.width):
                goal[self.column[variable]] = sign
        if not goal.any():
            return
        move = cheapest_move(goal, self.moves.equal, self.moves.below, self.moves.room, bounds)
        if move is None:
            raise InconsistentSystemError("no world is possible, not even the true one")
        self.seen.note(self.part.variables, self.values + move)

"""An attack on open parts from their CSV files alone: what does a reader with a solver find out?

Written without the product's own audit. The reader adds up rows, columns and tables, knows the rule (what is hidden is
no zero), which field belongs to which office, and, the worst case, which cells did not change between two versions.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack
from scipy.sparse.csgraph import connected_components

from schemas.plan import Plan
from tests.support.definition_words import COLUMNS, MEANINGS, is_count

FORM_SUMS = {
    "received_total": (("received_online", "received_in_person_or_postal", "carried_over"),
                       ("resolved_total", "pending_total")),
    "resolved_total": (("resolved_early", "resolved_on_time", "resolved_overdue"),),
    "pending_total": (("pending_within_due", "pending_overdue"),),
}  # fmt: skip
# Rounds of drawn signs before each number that is still in doubt is asked for alone.
DRAWS = 12
EXACT = 1e-6
Key = tuple[str, str, str, str]
Window = tuple[date, date]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines())) if path.exists() else []


def fields_of_office(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return which fields belong to which office, as the catalogue of procedures says."""
    return {
        unit.code: tuple(dict.fromkeys(p.field for p in plan.procedures if p.office == unit.code))
        for unit in plan.units
    }


def cells_of(data: Path, name: str, *, is_official: bool = False) -> dict[Key, str]:
    """Return every number about dossiers or persons: (edition, measure, dimension, value) to its text."""
    found: dict[Key, str] = {}
    tables = {"form_ii06a": ("field", "field"), "form_ii06b": ("unit", "handling_office"), "form_department": ("", "")}
    for table, (dimension, key) in tables.items():
        for row in rows_of(data / f"{table}.csv"):
            for column in COLUMNS:
                found[name, column, dimension, row[key] if key else ""] = row[column]
    if is_official:
        by_field = rows_of(data / "form_ii06a.csv")
        found |= {(name, column, "", ""): str(sum(int(row[column]) for row in by_field)) for column in COLUMNS}
    for row in rows_of(data / "indicators.csv"):
        place = ("unit", row["unit_code"]) if row["unit_code"] else (row["dimension"], row["dimension_value"])
        if row["unit_of_measure"] in ("%", "ngày làm việc", "lần") and not row["indicator_id"].endswith("_p90"):
            for part in ("numerator", "denominator"):
                found[name, f"{row['indicator_id']}.{part}", *place] = row[part]
    return found


def told_elsewhere(data: Path) -> list[str]:
    """Return the rows of an open part that tell what another column or table hides: a ratio, or a target's numbers."""
    rows = rows_of(data / "indicators.csv")
    found = [
        f"{r['indicator_id']} {r['dimension_value']}"
        for r in rows
        if r["value"] and not (r["numerator"] and r["denominator"])
    ]
    whole = {r["indicator_id"]: r for r in rows if not r["unit_code"] and not r["dimension"]}
    for row in rows_of(data / "targets.csv"):
        indicator = whole.get(row["indicator_id"])
        if indicator is not None and indicator["suppressed"] and (row["numerator"] or row["status"] != "suppressed"):
            found.append(row["target_id"])
    return found


@dataclass
class Attack:
    """What is shown, what is hidden, and every sum that the reader can write down."""

    shown: dict[Key, float] = field(default_factory=dict)
    hidden: list[Key] = field(default_factory=list)
    truth: dict[Key, float] = field(default_factory=dict)
    equal: list[dict[Key, float]] = field(default_factory=list)
    below: list[dict[Key, float]] = field(default_factory=list)

    def add(self, folder: Path, name: str, fields_of_office: Mapping[str, Sequence[str]]) -> None:
        """Take up one version: its `open` folder is attacked, its `official` one says what is true."""
        opened, true = cells_of(folder / "open/data", name), cells_of(folder / "official/data", name, is_official=True)
        for key, text in opened.items():
            if text:
                self.shown[key] = float(text)
            elif true[key]:
                self.hidden.append(key)
            if true[key]:
                self.truth[key] = float(true[key])
        here = [key for key in opened if key in self.truth]
        self._sums(name, here, fields_of_office)

    def _sums(self, name: str, here: Sequence[Key], fields_of_office: Mapping[str, Sequence[str]]) -> None:
        for _, measure, dimension, value in here:
            key = (name, measure, dimension, value)
            for parts in FORM_SUMS.get(measure, ()):
                self._sum(key, [(name, part, dimension, value) for part in parts])
            if measure.endswith(".numerator") and is_count(measure):
                self.below.append({key: 1.0, (name, measure[:-9] + "denominator", dimension, value): -1.0})
            self._words(key)
            if not dimension:
                for kind in ("field", "unit"):
                    self._sum(key, [k for k in here if k[1:3] == (measure, kind)], can_exceed=True)
            if dimension == "unit":
                held = [
                    k
                    for k in ((name, measure, "field", one) for one in fields_of_office.get(value, ()))
                    if k in self.truth
                ]
                if self._has_no_strays(key, held):
                    self._sum(key, held, can_exceed=True)
                elif held:
                    self.below.append({key: -1.0, **dict.fromkeys(held, 1.0)})

    def _words(self, key: Key) -> None:
        """What the definition says: the columns of the form that a part is, or of which it is some at most.

        Where a denominator is as large as what it is some of, the exclusions of its definition befell nobody.
        """
        name, measure, *place = key
        if measure not in MEANINGS:
            return
        for columns, is_some in ((MEANINGS[measure].equals, False), (MEANINGS[measure].within, True)):
            whole = [(name, column, *place) for column in columns]
            if not is_some or measure.endswith(".denominator"):
                self._sum(key, whole)
            if is_some and whole and all(one in self.truth for one in whole):
                self.below.append({key: 1.0, **dict.fromkeys(whole, -1.0)})

    def _members_add_up(self, whole: Key, parts: Sequence[Key]) -> bool:
        """Whether days are over the members of their parts: by chance they may add up without."""
        counted = [(n, m.replace(".numerator", ".denominator"), d, v) for n, m, d, v in (whole, *parts)]
        return is_count(whole[1]) or self.truth[counted[0]] == sum(self.truth[one] for one in counted[1:])

    def _has_no_strays(self, office: Key, fields: Sequence[Key]) -> bool:
        """Whether an office has no dossier of an unknown field: there is none, or its members are those of its fields."""
        name, measure, *_ = office
        if self.truth.get((name, measure, "field", ""), 0.0) == 0.0 and is_count(measure):
            return True
        if not measure.endswith(".numerator"):
            return False
        counted = measure.replace(".numerator", ".denominator")
        members, *parts = (self.truth[name, counted, dimension, value] for _, _, dimension, value in (office, *fields))
        return members == sum(parts)

    def _sum(self, whole: Key, parts: Sequence[Key], *, can_exceed: bool = False) -> None:
        if not parts or any(part not in self.truth for part in parts):
            return
        terms = {whole: -1.0, **dict.fromkeys(parts, 1.0)}
        total = sum(c * self.truth[k] for k, c in terms.items())
        if abs(total) < 1e-9 and self._members_add_up(whole, parts):
            self.equal.append(terms)
        elif total < 0 and can_exceed:
            self.below.append(terms)

    def same(self, one: Key, other: Key) -> None:
        """Two cells that the reader takes for the same: the worst case is that he is right."""
        is_the_same = one in self.truth and other in self.truth and self.truth[one] == self.truth[other]
        if is_the_same and self._members_add_up(one, [other]):
            self.equal.append({one: 1.0, other: -1.0})

    def total(self, whole: Key, parts: Sequence[Key]) -> None:
        """A sum between periods."""
        if whole in self.truth:
            self._sum(whole, parts)

    def between(self, windows: Mapping[str, Window]) -> None:
        """Write down what editions have in common: cells of one window, stocks of one day, sums of windows."""
        for one, other in self._told_twice(windows):
            self.same(one, other)
        for whole, parts in self._periods(windows):
            self._sum(whole, parts)

    def subtract(self, windows: Mapping[str, Window], threshold: int, free: Collection[str] = ()) -> list[Key]:
        """Write down every small difference of what editions tell of the same, as a number that nobody shows.

        `free` are the indicators that the rule says are not about persons; those of tasks and of the plan are not, either.
        """
        found = [
            made
            for whole, parts in (*((one, [other]) for one, other in self._told_twice(windows)), *self._periods(windows))
            if whole[1] in MEANINGS and whole[1].partition(".")[0] not in free
            if whole in self.truth and all(part in self.truth for part in parts)
            for made in self._differences(whole, parts, threshold)
        ]
        self.hidden += found
        return found

    def _differences(self, whole: Key, parts: Sequence[Key], threshold: int) -> Iterator[Key]:
        terms = {whole: 1.0, **dict.fromkeys(parts, -1.0)}
        kinds = {whole[1]: terms}
        if whole[1].endswith(".numerator") and is_count(whole[1]):
            wholes = {(n, m.replace(".numerator", ".denominator"), d, v): c for (n, m, d, v), c in terms.items()}
            kinds[whole[1].replace(".numerator", ".remainder")] = {**wholes, **{key: -c for key, c in terms.items()}}
        for measure, summed in kinds.items():
            value = sum(c * self.truth[key] for key, c in summed.items())
            few = abs(self._members(whole) - sum(self._members(part) for part in parts)) < threshold
            is_small = 0 < abs(value) < threshold if is_count(measure) else few
            if not is_small or (not is_count(measure) and self._members_add_up(whole, parts) and not value):
                continue
            key = (f"{whole[0]} - {' - '.join(part[0] for part in parts)}", measure, *whole[2:])
            sign = -1.0 if value < 0 else 1.0
            self.truth[key] = abs(value)
            self.equal.append({key: -1.0, **{one: sign * c for one, c in summed.items()}})
            yield key

    def _members(self, key: Key) -> float:
        """Over how many members days are summed; those with a limit are about those with a result."""
        measure = key[1].replace("handling_against_limit", "handling_days_average").rpartition(".")[0] + ".denominator"
        return self.truth.get((key[0], measure, *key[2:]), 0.0)

    def _told_twice(self, windows: Mapping[str, Window]) -> Iterator[tuple[Key, Key]]:
        """Yield the cells of two editions that tell the same, as far as was known."""
        for one, other in permutations(windows, 2):
            same_start, same_end = (windows[one][n] == windows[other][n] for n in (0, 1))
            follows = windows[other][0] - windows[one][1] == timedelta(days=1)
            for _, measure, *place in [key for key in self.truth if key[0] == one]:
                time = MEANINGS[measure].time if measure in MEANINGS else ""
                if one < other and (
                    (same_start and same_end) or (same_start and time == "start") or (same_end and time == "end")
                ):
                    yield (one, measure, *place), (other, measure, *place)
                if follows and measure == "pending_total":
                    yield (one, measure, *place), (other, "carried_over", *place)

    def _periods(self, windows: Mapping[str, Window]) -> Iterator[tuple[Key, list[Key]]]:
        """Yield the numbers of a period that tells what happened in it, each with those of periods that make it up.

        A row that is not there where its breakdown is has nothing in it.
        """
        breakdowns = {(key[0], key[1], key[2]) for key in self.truth}
        for name, (first, last) in windows.items():
            for parts in tilings(first, last, {n: w for n, w in windows.items() if w != (first, last)}):
                for _, *spot in [key for key in self.truth if key[0] == name]:
                    if spot[0] in MEANINGS and MEANINGS[spot[0]].time == "flow":
                        told = [part for part in parts if (part, *spot[:2]) in breakdowns]
                        if told == parts:
                            yield (name, *spot), [(p, *spot) for p in parts if (p, *spot) in self.truth]

    def told(self, width: float) -> list[tuple[Key, float]]:
        """Return the hidden numbers of which no two possible worlds are a width apart, and how far apart they are.

        What hangs together by no sum is solved by itself. A world in which many numbers are others at once speaks for
        all of them, so signs are drawn first; whatever is still in doubt is asked for alone.
        """
        column = {key: n for n, key in enumerate(self.hidden)}
        truth = np.array([self.truth[key] for key in self.hidden])
        least = np.array([1.0 if is_count(key[1]) else 0.0 for key in self.hidden])
        equal, below = self._system(self.equal, column), self._system(self.below, column)
        lowest, highest = truth.copy(), truth.copy()
        tied = abs(vstack([equal.matrix, below.matrix]))
        count, part_of = connected_components(tied.T @ tied, directed=False)
        for part in range(count):
            where = np.flatnonzero(part_of == part)
            part_equal, part_below = equal.within(where), below.within(where)
            bounds = np.column_stack([np.maximum(least, truth - 9)[where], (truth + 9)[where]])

            def look(goal: np.ndarray, where=where, equal=part_equal, below=part_below, bounds=bounds) -> None:
                answer = linprog(
                    goal, A_ub=below.matrix, b_ub=below.right, A_eq=equal.matrix, b_eq=equal.right, bounds=bounds
                )
                assert answer.status == 0, answer.message
                lowest[where] = np.minimum(lowest[where], answer.x)
                highest[where] = np.maximum(highest[where], answer.x)

            drawn = np.random.default_rng(2022)
            for _ in range(DRAWS if len(where) > 2 else 0):
                doubtful = highest[where] - lowest[where] < width - EXACT
                look(np.where(doubtful, drawn.choice([-1.0, 1.0], len(where)), 0.0))
            for n in range(len(where)):
                for sign in (1.0, -1.0):
                    if highest[where[n]] - lowest[where[n]] < width - EXACT:
                        look(sign * (np.arange(len(where)) == n))
        spread = highest - lowest
        return [(key, spread[n]) for key, n in column.items() if spread[n] < width - EXACT]

    def _system(self, sums: Sequence[dict[Key, float]], column: Mapping[Key, int]) -> "System":
        """Return what the sums say of the hidden numbers; the shown ones are known."""
        kept = [terms for terms in sums if any(key in column for key in terms)]
        entries = [(row, column[key], c) for row, terms in enumerate(kept) for key, c in terms.items() if key in column]
        right = [-sum(c * self.truth[key] for key, c in terms.items() if key not in column) for terms in kept]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        return System(csr_matrix((values, (rows, columns)), (len(kept), len(column))), np.array(right))


@dataclass
class System:
    """Sums over columns: `matrix @ numbers` is (or is at most) `right`."""

    matrix: csr_matrix
    right: np.ndarray

    def within(self, columns: np.ndarray) -> "System":
        """Return the sums over some columns that no sum ties to any other."""
        part = self.matrix[:, columns]
        rows = np.flatnonzero(part.getnnz(axis=1))
        return System(part[rows], self.right[rows])


def tilings(first: date, last: date, windows: Mapping[str, Window]) -> Iterator[list[str]]:
    """Yield every row of windows that follow each other from a first day to a last one."""
    for name, (begins, ends) in windows.items():
        if begins == first and ends == last:
            yield [name]
        elif begins == first and ends < last:
            for rest in tilings(ends + timedelta(days=1), last, windows):
                yield [name, *rest]

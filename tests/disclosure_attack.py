"""An attack on open parts from their CSV files alone: what does a reader with a solver find out?

Written without the product's own audit. The reader adds up rows, columns and tables, knows the rule (what is hidden is
no zero), which field belongs to which office, and, the worst case, which cells did not change between two versions.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

COLUMNS = (
    "received_total", "received_online", "received_in_person_or_postal", "carried_over", "resolved_total",
    "resolved_early", "resolved_on_time", "resolved_overdue", "pending_total", "pending_within_due", "pending_overdue",
    "withdrawn", "waiting",
)  # fmt: skip
FORM_SUMS = {
    "received_total": (("received_online", "received_in_person_or_postal", "carried_over"),
                       ("resolved_total", "pending_total")),
    "resolved_total": (("resolved_early", "resolved_on_time", "resolved_overdue"),),
    "pending_total": (("pending_within_due", "pending_overdue"),),
}  # fmt: skip
SAME = {
    "overdue_share.numerator": "resolved_overdue", "early_share.numerator": "resolved_early",
    "on_time_share.numerator": "resolved_on_time", "overdue_share.denominator": "resolved_total",
    "early_share.denominator": "resolved_total", "on_time_share.denominator": "resolved_total",
    "in_time_share.denominator": "resolved_total", "supplement_share.denominator": "resolved_total",
    "extended_share.denominator": "resolved_total", "pending_overdue_share.numerator": "pending_overdue",
    "pending_overdue_share.denominator": "pending_total", "online_share_all.denominator": "resolved_total",
}  # fmt: skip
Key = tuple[str, str, str, str]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines())) if path.exists() else []


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
            if measure.endswith(".numerator") and self._is_share(key):
                self.below.append({key: 1.0, (name, measure[:-9] + "denominator", dimension, value): -1.0})
            if measure in SAME:
                self._sum(key, [(name, SAME[measure], dimension, value)])
            if not dimension:
                for kind in ("field", "unit"):
                    self._sum(key, [k for k in here if k[1:3] == (measure, kind)], can_exceed=True)
            if dimension == "unit" and self.truth.get((name, measure, "field", ""), 0.0) == 0.0:
                held = [(name, measure, "field", one) for one in fields_of_office.get(value, ())]
                self._sum(key, [one for one in held if one in self.truth], can_exceed=True)

    def _is_share(self, key: Key) -> bool:
        return key[1].split(".")[0] not in ("handling_days_average", "pending_age_average", "handling_against_limit")

    def _sum(self, whole: Key, parts: Sequence[Key], *, can_exceed: bool = False) -> None:
        if not parts or any(part not in self.truth for part in parts):
            return
        terms = {whole: -1.0, **dict.fromkeys(parts, 1.0)}
        total = sum(c * self.truth[k] for k, c in terms.items())
        if abs(total) < 1e-9:
            self.equal.append(terms)
        elif total < 0 and can_exceed:
            self.below.append(terms)

    def same(self, one: Key, other: Key) -> None:
        """Two cells that the reader takes for the same: the worst case is that he is right."""
        if one in self.truth and other in self.truth and self.truth[one] == self.truth[other]:
            self.equal.append({one: 1.0, other: -1.0})

    def total(self, whole: Key, parts: Sequence[Key]) -> None:
        """A sum between periods."""
        if whole in self.truth:
            self._sum(whole, parts)

    def width_of(self, asked: Sequence[Key]) -> Iterator[tuple[Key, float]]:
        """Yield how far apart the smallest and the largest possible value of each asked number are, at most 9."""
        column = {key: n for n, key in enumerate(self.hidden)}
        truth = np.array([self.truth[key] for key in self.hidden])
        least = np.array([0.0 if self._is_amount(key) else 1.0 for key in self.hidden])
        a, b = self._matrix(self.equal, column)
        c, d = self._matrix(self.below, column)
        bounds = [(max(low, true - 9), true + 9) for low, true in zip(least, truth, strict=True)]
        for key in asked:
            ends = []
            for sign in (1.0, -1.0):
                goal = np.zeros(len(column))
                goal[column[key]] = sign
                answer = linprog(goal, A_ub=c, b_ub=d, A_eq=a, b_eq=b, bounds=bounds)
                assert answer.status == 0, answer.message
                ends.append(sign * answer.fun)
            yield key, ends[1] - ends[0]

    def _is_amount(self, key: Key) -> bool:
        return not self._is_share(key)

    def _matrix(self, sums: Sequence[dict[Key, float]], column: Mapping[Key, int]) -> tuple[np.ndarray, np.ndarray]:
        kept = [terms for terms in sums if any(key in column for key in terms)]
        matrix, right = np.zeros((len(kept), len(column))), np.zeros(len(kept))
        for row, terms in enumerate(kept):
            for key, coefficient in terms.items():
                if key in column:
                    matrix[row, column[key]] += coefficient
                else:
                    right[row] -= coefficient * self.truth[key]
        return matrix, right


def narrow(attack: Attack, width: float, chosen: Callable[[Key], bool] = lambda _: True) -> list[tuple[Key, float]]:
    """Return the hidden numbers that the attack tells to less than a width."""
    asked = [key for key in attack.hidden if chosen(key)]
    return [(key, found) for key, found in attack.width_of(asked) if found < width - 1e-6]

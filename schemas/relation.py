"""Do the figures of a report agree with the relations that the plan declares between its line items?

Grammar: relations separated by `;`, each `[sum] operator sum`. A sum adds terms; a term multiplies and divides item
codes, numbers and counts of the report's own task table (`A1.3 + A1.4 <= A1.2`, `<= 100`, `= 100 * A9.2 / A9.1`,
`= tasks.listed`). A relation without a left side is about the item that declares it.

A quotient is compared with `=` as it is written: it is rounded half up to the decimals of the other side, so that 99.74
holds for 100 * 14064 / 14101.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

# What can be counted in the task table of a report: rows; rows with a due day; rows due in the period and done.
TASKS_LISTED, TASKS_DATED, TASKS_DONE = "tasks.listed", "tasks.dated", "tasks.done"
TASK_COUNTS = (TASKS_LISTED, TASKS_DATED, TASKS_DONE)

Term = tuple[str, ...]

_RELATION = re.compile(r"(?P<left>[^<>=]*)(?P<comparison><=|>=|=|<|>)(?P<right>[^<>=]+)")
_ITEM = re.compile(r"[A-Z][A-Z0-9]*\.[0-9]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SIGN = re.compile(r"([*/])")
_SHOWN_DECIMALS = 3
_HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
_OPPOSITE = {"<=": ">", ">=": "<", "=": "≠", "<": ">=", ">": "<="}


@dataclass(frozen=True)
class Relation:
    """A comparison of two sums; a term is its factors with the signs between them, as written."""

    left: tuple[Term, ...]
    comparison: str
    right: tuple[Term, ...]

    @property
    def item_codes(self) -> tuple[str, ...]:
        """The item codes of both sides, each once, in order."""
        return tuple(dict.fromkeys(factor for factor in self._factors if _ITEM.fullmatch(factor)))

    @property
    def task_counts(self) -> tuple[str, ...]:
        """The counts of the task table on both sides, each once, in order."""
        return tuple(dict.fromkeys(factor for factor in self._factors if factor in TASK_COUNTS))

    @property
    def _factors(self) -> list[str]:
        return [factor for term in (*self.left, *self.right) for factor in term[::2]]

    def right_side(self, values: Mapping[str, Decimal]) -> Fraction:
        """Return what the right side comes to, exactly; errors as for `breach`."""
        return _sum(self.right, self._known(values))

    def _known(self, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
        return {factor: Decimal(factor) if _NUMBER.fullmatch(factor) else values[factor] for factor in self._factors}

    def breach(self, values: Mapping[str, Decimal]) -> str | None:
        """Return the broken relation with its numbers, as `A1.3 + A1.4 <= A1.2 (5 + 3 > 6)`, or None where it holds.

        `values` are the items' figures as written and the task table's counts. KeyError names one that is lacking,
        ZeroDivisionError says that a divisor is zero: such a relation cannot be evaluated.
        """
        known = self._known(values)
        left, right = _sum(self.left, known), _sum(self.right, known)
        is_quotient = (_divides(self.left), _divides(self.right))
        if self.comparison == "=" and is_quotient == (True, False):
            left = _rounded(left, _decimals(self.right, known))
        elif self.comparison == "=" and is_quotient == (False, True):
            right = _rounded(right, _decimals(self.left, known))
        if _HOLDS[self.comparison](left, right):
            return None
        codes = f"{_text(self.left)} {self.comparison} {_text(self.right)}"
        sides = [_with_numbers(terms, known, total) for terms, total in ((self.left, left), (self.right, right))]
        return f"{codes} ({sides[0]} {_OPPOSITE[self.comparison]} {sides[1]})"


def parse_relation(text: str, item_code: str) -> Relation:
    """Read one relation that `item_code` declares; ValueError quotes one that does not follow the grammar."""
    match = _RELATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"relation of {item_code}: {text!r} is not `[sum] operator sum`")
    left = match["left"].strip() or item_code
    return Relation(_terms(left, text), match["comparison"], _terms(match["right"], text))


def parse_relations(text: str, item_code: str) -> tuple[Relation, ...]:
    """Read every relation that `item_code` declares, none for a blank text; ValueError as for one."""
    return tuple(parse_relation(part, item_code) for part in text.split(";")) if text.strip() else ()


def _terms(text: str, relation: str) -> tuple[Term, ...]:
    terms = tuple(tuple(token.strip() for token in _SIGN.split(term)) for term in text.split("+"))
    for factor in (factor for term in terms for factor in term[::2]):
        if not (_ITEM.fullmatch(factor) or _NUMBER.fullmatch(factor) or factor in TASK_COUNTS):
            raise ValueError(f"relation {relation!r}: {factor!r} is no item code, number or count of the task table")
    return terms


def _sum(terms: tuple[Term, ...], known: Mapping[str, Decimal]) -> Fraction:
    total = Fraction(0)
    for term in terms:
        product = Fraction(known[term[0]])
        for sign, factor in zip(term[1::2], term[2::2], strict=True):
            product = product * Fraction(known[factor]) if sign == "*" else product / Fraction(known[factor])
        total += product
    return total


def _divides(terms: tuple[Term, ...]) -> bool:
    return any("/" in term for term in terms)


def _decimals(terms: tuple[Term, ...], known: Mapping[str, Decimal]) -> int:
    """Return with how many decimals a sum is written: those of its most exact factor."""
    exponents = [known[factor].as_tuple().exponent for term in terms for factor in term[::2]]
    return max((-exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0), default=0)


def _rounded(value: Fraction, decimals: int) -> Fraction:
    """Round half up to so many decimals; figures are never negative."""
    return Fraction(math.floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def _text(terms: tuple[Term, ...]) -> str:
    return " + ".join(" ".join(term) for term in terms)


def _with_numbers(terms: tuple[Term, ...], known: Mapping[str, Decimal], total: Fraction) -> str:
    numbers = _text(tuple(tuple(_plain(known[token]) if token in known else token for token in term) for term in terms))
    if not _divides(terms):
        return numbers
    shown = _rounded(total, _SHOWN_DECIMALS)
    return f"{numbers} = {_plain(Decimal(shown.numerator) / Decimal(shown.denominator))}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"

"""Do the figures of a report agree with the relations that the plan declares between its line items?

Grammar: `[sum] operator sum`, where a sum adds item codes and numbers (`A1.3 + A1.4 <= A1.2`, `<= 100`). A relation
without a left side is about the item that declares it.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

_RELATION = re.compile(r"(?P<left>[^<>=]*)(?P<comparison><=|>=|=|<|>)(?P<right>[^<>=]+)")
_ITEM = re.compile(r"[A-Z][A-Z0-9]*\.[0-9]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
_OPPOSITE = {"<=": ">", ">=": "<", "=": "≠", "<": ">=", ">": "<="}


@dataclass(frozen=True)
class Relation:
    """A comparison of two sums; each term is an item code or a number as written."""

    left: tuple[str, ...]
    comparison: str
    right: tuple[str, ...]

    @property
    def item_codes(self) -> tuple[str, ...]:
        """The item codes of both sides, each once, in order."""
        return tuple(dict.fromkeys(term for term in (*self.left, *self.right) if not _NUMBER.fullmatch(term)))

    def breach(self, values: Mapping[str, Decimal]) -> str | None:
        """Return the broken relation with its numbers, as `A1.3 + A1.4 <= A1.2 (5 + 3 > 6)`, or None where it holds.

        KeyError names an item without a value: such a relation cannot be evaluated.
        """
        left = [values[term] if term in self.item_codes else Decimal(term) for term in self.left]
        right = [values[term] if term in self.item_codes else Decimal(term) for term in self.right]
        if _HOLDS[self.comparison](sum(left, Decimal(0)), sum(right, Decimal(0))):
            return None
        codes = f"{' + '.join(self.left)} {self.comparison} {' + '.join(self.right)}"
        return f"{codes} ({_sum_text(left)} {_OPPOSITE[self.comparison]} {_sum_text(right)})"


def parse_relation(text: str, item_code: str) -> Relation:
    """Read the relation that `item_code` declares; ValueError quotes one that does not follow the grammar."""
    match = _RELATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"relation of {item_code}: {text!r} is not `[sum] operator sum`")
    left = match["left"].strip() or item_code
    return Relation(_terms(left, text), match["comparison"], _terms(match["right"], text))


def _terms(text: str, relation: str) -> tuple[str, ...]:
    terms = tuple(term.strip() for term in text.split("+"))
    for term in terms:
        if not (_ITEM.fullmatch(term) or _NUMBER.fullmatch(term)):
            raise ValueError(f"relation {relation!r}: {term!r} is neither an item code nor a number")
    return terms


def _sum_text(numbers: list[Decimal]) -> str:
    return " + ".join(f"{number.normalize():f}" for number in numbers)

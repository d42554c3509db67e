"""Which number is written here, in the Vietnamese way?

`1.234` is a thousand, `98,75` has decimals, `98,75%` is a percentage in points. Blank, a dash, `0` and
`Không phát sinh` (no cases) are four different things, and anything else is no number.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from schemas.text import clean, comparison_key

Kind = Literal["number", "percent", "blank", "dash", "no_cases", "other"]

_DASHES: Final = frozenset({"-", "–", "—"})
_NO_CASES: Final = comparison_key("Không phát sinh")
# A dot groups thousands and nothing else: 1.5 or 0.500 could mean two numbers and is refused.
_NUMBER: Final = re.compile(
    r"(?P<sign>-?)(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<part>[0-9]+))?(?P<percent> ?%)?"
)


@dataclass(frozen=True)
class NumberText:
    """What a text says as a number; `value` where it is one, with the decimals that were written."""

    kind: Kind
    value: Decimal | None = None


def read_number(text: str) -> NumberText:
    """Read a cell's text as a number."""
    text = clean(text)
    if not text or text in _DASHES:
        return NumberText("dash" if text else "blank")
    if comparison_key(text) == _NO_CASES:
        return NumberText("no_cases")
    match = _NUMBER.fullmatch(text)
    if match is None:
        return NumberText("other")
    part = f".{match['part']}" if match["part"] else ""
    value = Decimal(f"{match['sign']}{match['whole'].replace('.', '')}{part}")
    return NumberText("percent" if match["percent"] else "number", value)

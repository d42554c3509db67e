"""How long does the text of a procedure's time limit say?

`30 Ngày làm việc`, `5 Ngày` and `8 Giờ` say it; a blank says nothing, and anything else ("Không quy định", "10-25") is
kept for people to read: a limit is never guessed.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from schemas.text import clean, comparison_key

Unit = Literal["working_days", "calendar_days", "hours"]

_LIMIT: Final = re.compile(r"(?P<value>[0-9]+(?:[.,][0-9]{1,2})?) (?P<unit>[^0-9]+)")
_UNITS: Final[dict[str, Unit]] = {
    comparison_key("ngày làm việc"): "working_days",
    comparison_key("ngày"): "calendar_days",
    comparison_key("giờ"): "hours",
}


@dataclass(frozen=True)
class Deadline:
    """A time limit: `value` and `unit` where the text says them, nothing where it is blank or says something else."""

    kind: Literal["limit", "blank", "other"]
    value: Decimal | None = None
    unit: Unit | None = None


def read_deadline(text: str) -> Deadline:
    """Read the text of a time limit."""
    text = clean(text)
    if not text:
        return Deadline("blank")
    match = _LIMIT.fullmatch(text)
    unit = _UNITS.get(comparison_key(match["unit"])) if match else None
    if match is None or unit is None:
        return Deadline("other")
    return Deadline("limit", Decimal(match["value"].replace(",", ".")), unit)

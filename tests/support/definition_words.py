"""What a reader understands of the published columns from the printed definitions alone.

The definitions name the columns of form II.06a that they count ("of all resolved in the period (column 7)"), and say in
words of what they are a part and whether they tell of the period or of its last day. Nothing of the product's own
identities is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sql.indicators import Indicator, load_indicators

NUMBERED = {
    3: "received_total", 4: "received_online", 5: "received_in_person_or_postal", 6: "carried_over",
    7: "resolved_total", 8: "resolved_early", 9: "resolved_on_time", 10: "resolved_overdue",
    11: "pending_total", 12: "pending_within_due", 13: "pending_overdue",
}  # fmt: skip
COLUMNS = (*NUMBERED.values(), "withdrawn", "waiting")
STARTS, ENDS = ("carried_over",), ("pending_total", "pending_within_due", "pending_overdue", "waiting")
# What a phrase of a definition is about, where it names no column: the narrower phrase first.
PHRASES = {
    "resolved overdue in the period": (10,), "received in the period": (4, 5), "resolved in the period": (7,),
    "circulated at all": (7,), "the log says": (7,), "pending": (11,),
}  # fmt: skip
DAYS, TIMES = "ngày làm việc", "lần"


@dataclass(frozen=True)
class Meaning:
    """The columns that add up to a part of an indicator, or of which it is some at most; and when that is."""

    equals: tuple[str, ...]
    within: tuple[str, ...]
    time: str
    is_amount: bool = False


def _columns(words: str) -> tuple[str, ...]:
    named = [int(n) for found in re.findall(r"columns? ([\d, and]+)", words) for n in re.findall(r"\d+", found)]
    return tuple(NUMBERED[n] for n in named)


def _time(words: str) -> str:
    ends = re.search(r"pending|at its end|last day of the period", words) is not None
    flows = re.search(r"(resolved|received)( overdue)? in the period|circulated at all|the log says", words) is not None
    return "mixed" if ends and flows else "end" if ends else "flow" if flows else "reported"


def _meaning(words: str, whole: str) -> Meaning:
    about = next((tuple(NUMBERED[n] for n in numbers) for p, numbers in PHRASES.items() if p in words), ())
    named = _columns(words)
    is_all = re.match(r"all (resolved|received|pending)", words) is not None
    equals = named or (about if is_all else ())
    return Meaning(equals, () if equals else about, _time(words) if _time(words) != "reported" else _time(whole))


def meanings() -> Mapping[str, Meaning]:
    """Return what each numerator and denominator about dossiers or persons means."""
    found = {c: Meaning((), (), "start" if c in STARTS else "end" if c in ENDS else "flow") for c in COLUMNS}
    found["received_total"] = Meaning((), (), "mixed")
    for indicator in load_indicators().values():
        if indicator.kind == "ratio" and indicator.source in ("dossier", "report"):
            found |= _parts(indicator)
    return found


def _parts(indicator: Indicator) -> dict[str, Meaning]:
    said = indicator.definition
    if indicator.unit_of_measure == TIMES:
        both = Meaning((), (), _time(said), True)
        return {f"{indicator.id}.numerator": both, f"{indicator.id}.denominator": both}
    if indicator.unit_of_measure == DAYS:
        counted = _meaning(said.rpartition("summed over the dossiers")[2], said)
        return {
            f"{indicator.id}.numerator": Meaning((), (), counted.time, True),
            f"{indicator.id}.denominator": Meaning((), counted.within, counted.time),
        }
    first, _, rest = said.partition(", of ")
    return {
        f"{indicator.id}.numerator": _meaning(first, said),
        f"{indicator.id}.denominator": _meaning(rest, said),
    }


MEANINGS = meanings()


def is_count(measure: str) -> bool:
    """Tell a count of dossiers or persons from a sum of days."""
    return measure not in MEANINGS or not MEANINGS[measure].is_amount

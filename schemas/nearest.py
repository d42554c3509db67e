"""Which known name did somebody probably mean? A proposal for people: nothing is ever assigned by it.

`nearest` proposes one name for what a file says, `names_meant` what a refusal names of what can be typed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from schemas.plan_models import Procedure, Unit
from schemas.text import comparison_key

# Below this the nearest name is no likely meaning, and above it two names as near as each other are none either.
_LIKELY = 0.75
_NEARLY_EQUAL = 0.02
# A name within a longer one (or the other way round) is likely too, where it is no mere word of it.
_SHORTEST_PART = 8
# What is typed is short: a name of which every second letter fits is worth being told, at most three of them.
_WORTH_TELLING = 0.5
_TOLD = 3
_FEW = 40
_OTHER_SERIES = 10**9
_NUMBER_AT_END = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True)
class NearMatch:
    """A known name near to what was written, and the code of what bears it."""

    name: str
    code: str

    @property
    def proposal(self) -> str:
        """What a finding says of it."""
        return f"gần nhất: {self.name} ({self.code}) / nearest: {self.name} ({self.code})"


def nearest(text: str, names: Mapping[str, str]) -> NearMatch | None:
    """Return the known name (of name: code) nearest to a text by the comparison key; None where none is near.

    Names of one code do not compete with each other; of two codes as near as each other neither is proposed.
    """
    key = comparison_key(text)
    best: dict[str, tuple[float, str]] = {}
    for name, code in names.items():
        score = _score(key, comparison_key(name))
        if score >= _LIKELY and score > best.get(code, (0.0, ""))[0]:
            best[code] = score, name
    ranked = sorted(best.items(), key=lambda entry: (-entry[1][0], entry[0]))
    if not ranked or (len(ranked) > 1 and ranked[0][1][0] - ranked[1][1][0] < _NEARLY_EQUAL):
        return None
    code, (_, name) = ranked[0]
    return NearMatch(name, code)


def _score(key: str, other: str) -> float:
    shorter, longer = sorted((key, other), key=len)
    if len(shorter) >= _SHORTEST_PART and f" {shorter} " in f" {longer} ":
        return _LIKELY + (1 - _LIKELY) * len(shorter) / len(longer)
    matcher = SequenceMatcher(None, key, other, autojunk=False)
    # Cheap upper bounds first: a wrong column holds thousands of names.
    if matcher.real_quick_ratio() < _LIKELY or matcher.quick_ratio() < _LIKELY:
        return 0.0
    return matcher.ratio()


def names_meant(text: str, known: Iterable[str], code_of: Mapping[str, str] | None = None) -> str:
    """Return the end of a refusal: the names nearest to what was typed, of those that there are, with their codes.

    Where none is near all are named if they are not many, else the first; "chưa có / none" where there is none.
    """
    codes = {name: (code_of or {}).get(name, name) for name in known}
    if not codes:
        return "chưa có / none"
    if near := near_names(text, codes, codes):
        return f"gần nhất / nearest: {', '.join(near)}"
    # Of a unit its code is enough.
    every = list(dict.fromkeys(codes.values()))
    more = f", … (+{len(every) - _FEW})" if len(every) > _FEW else ""
    return f"có / there are: {', '.join(every[:_FEW])}{more}"


def near_names(text: str, known: Iterable[str], code_of: Mapping[str, str] | None = None) -> list[str]:
    """Return the names near to what was typed, the nearest first, each with its code where that is another."""
    codes = {name: (code_of or {}).get(name, name) for name in known}
    key = comparison_key(text)
    scored = {name: _likeness(key, comparison_key(name)) for name in codes}
    near = [name for name in codes if scored[name] >= _WORTH_TELLING]
    best: dict[str, str] = {}
    for name in sorted(near, key=lambda name: (-scored[name], _number_apart(key, comparison_key(name)))):
        best.setdefault(codes[name], name)
    return [_told(name, code) for code, name in list(best.items())[:_TOLD]]


def _told(name: str, code: str) -> str:
    return name if name == code else f"{code} ({name})"


def _likeness(key: str, other: str) -> float:
    ratio = SequenceMatcher(None, key, other, autojunk=False).ratio()
    # The beginning of a name, or a word of it, stands for the whole; S-9 for a number of the series S-0009.
    is_part = (len(key) > 1 and key in other) or _number_apart(key, other) < _OTHER_SERIES
    return max(ratio, _LIKELY) if is_part else ratio


def _number_apart(key: str, other: str) -> int:
    """Return how far two numbered names are from each other; those of another series are the farthest."""
    ours, theirs = _NUMBER_AT_END.fullmatch(key), _NUMBER_AT_END.fullmatch(other)
    if ours is None or theirs is None or ours[1] != theirs[1]:
        return _OTHER_SERIES
    return abs(int(ours[2]) - int(theirs[2]))


def unit_names(units: Iterable[Unit]) -> dict[str, str]:
    """Return every name that an office or a unit goes by, with its code."""
    return {
        name: unit.code
        for unit in units
        for name in (unit.name_vi, unit.short_name, *unit.aliases, unit.code)
        if name
    }  # fmt: skip


def procedure_names(procedures: Iterable[Procedure]) -> dict[str, str]:
    """Return the names of procedures with their codes; a name that two of them bear names neither."""
    owners: dict[str, set[str]] = {}
    for procedure in procedures:
        owners.setdefault(procedure.name_vi, set()).add(procedure.code)
    return {name: next(iter(codes)) for name, codes in owners.items() if len(codes) == 1}

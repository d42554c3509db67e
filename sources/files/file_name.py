"""What does a file's own name say of its period and its unit, and is that what the file itself says?

A name may hold a person's, so nothing of it is repeated: only which period or unit of the plan it speaks of. Accents,
case and what stands between words do not count; codes and names of units count as whole words alone. A name that
speaks of several periods says nothing.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from schemas.plan import Plan
from schemas.plan_models import Period

_WORD_BREAK = re.compile(r"[\W_]+")
_YEAR = re.compile(r"\b(20\d\d)\b")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_QUARTER = re.compile(r"\b(?:quy ?(iv|i{1,3}|[1-4])|q([1-4]))\b")
_MONTHS = re.compile(r"\b(6|9) ?thang( (?:dau nam )?cuoi)?\b")
_WHOLE_YEAR = re.compile(r"\bca nam\b|\b20\d\d y\b")
_HALF = re.compile(r"\b20\d\d (h[12]|9m)\b")
_SAYS = "tên tệp nói / file name says "

# Of a name's ending that much may be said; any other may be a word of the name.
_ENDINGS = frozenset({
    ".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".pdf", ".doc", ".docx", ".odt", ".rtf",
    ".ppt", ".pptx", ".zip", ".rar", ".7z", ".xml", ".json", ".html", ".htm", ".jpg", ".jpeg", ".png", ".eml",
    ".msg", ".exe",
})  # fmt: skip


def known_suffix(name: str) -> str:
    """Return the ending of a file's name in lower case; nothing where it is none that files have."""
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix in _ENDINGS else ""


@dataclass(frozen=True)
class Spoken:
    """What a name speaks of: the year and the part of it (as in the plan's ids: Q1, H1, 9M, Y), and units' codes."""

    year: str | None
    part: str | None
    unit_codes: frozenset[str]


def _plain(text: str) -> str:
    """Return the words of a text without case, accents and what stands between them."""
    letters = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join(_WORD_BREAK.split("".join(c for c in letters if not unicodedata.combining(c)))).strip()


def _parts(words: str) -> set[str]:
    quarters = {f"Q{_ROMAN.get(found[0] or found[1], found[0] or found[1])}" for found in _QUARTER.findall(words)}
    months = {"9M" if number == "9" else "H2" if last else "H1" for number, last in _MONTHS.findall(words)}
    halves = {found.upper() for found in _HALF.findall(words)}
    return quarters | months | halves | ({"Y"} if _WHOLE_YEAR.search(words) else set())


def spoken(name: str, plan: Plan) -> Spoken:
    """Return what a file's name, without its suffix, says of a period and of units."""
    words = _plain(name)
    parts, years = _parts(words), set(_YEAR.findall(words))
    bounded = f" {words} "
    units = {
        unit.code
        for unit in plan.units
        if any(f" {_plain(called)} " in bounded for called in (unit.code, unit.name_vi, unit.short_name, *unit.aliases))
    }
    return Spoken(years.pop() if len(years) == 1 else None, parts.pop() if len(parts) == 1 else None, frozenset(units))


def _is_of(period: Period, said: Spoken) -> bool:
    year, _, part = period.id.partition("-")
    return said.year in (None, year) and said.part in (None, part)


def contradictions(said: Spoken, periods: Sequence[Period], unit_code: str | None) -> tuple[str, ...]:
    """Return what a name says that is not so, of a file that can belong to these periods and is of this unit."""
    found = []
    if periods and not any(_is_of(period, said) for period in periods):
        found.append(_SAYS + "-".join(word for word in (said.year, said.part) if word))
    if unit_code is not None and said.unit_codes and unit_code not in said.unit_codes:
        found.append(_SAYS + ", ".join(sorted(said.unit_codes)))
    return tuple(found)

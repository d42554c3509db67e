"""How do logs in the wild call what we know? The vocabulary by which an unknown log is looked at.

`headings.toml` is data: what is met somewhere is added there. It proposes; a confirmed profile rules.
"""

import re
import tomllib
from collections.abc import Collection
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.text import clean, comparison_key

HEADINGS_FILE = Path(__file__).with_name("headings.toml")
# The name of a procedure: no column of the vocabulary of dossiers, and what may stand for one.
PROCEDURE_NAME = "procedure_name"

DateOrderId = Literal["ymd", "dmy", "mdy"]
_LONGEST_LABEL = 60
_LONGEST_NAME = 6
_SEVERAL_DIGITS = re.compile(r"\d(?:\W?\d){2}")


class HeadingsModel(BaseModel):
    """Base of the vocabulary's tables: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DateOrder(HeadingsModel):
    """Formats that write a date the same way round."""

    id: DateOrderId
    formats: tuple[str, ...]


class TitlePattern(HeadingsModel):
    """What a row above a table may say: a pattern with named groups, and how its dates are written."""

    pattern: str
    format: str


class IgnoredClass(HeadingsModel):
    """Rows that are not data."""

    row_class: str
    pattern: str


class KnownColumn(HeadingsModel):
    """What a column is called, what its labels mean, and whether it holds persons."""

    headings: tuple[str, ...] = Field(min_length=1)
    values: dict[str, str] = {}
    personal: Literal["drop", "hmac"] | None = None


class UnusedColumns(HeadingsModel):
    """Headings that are known, and of which nothing is needed."""

    headings: tuple[str, ...]


class Names(HeadingsModel):
    """By what a person's name is suspected."""

    surnames: tuple[str, ...]


class Headings(HeadingsModel):
    """`headings.toml`."""

    date_order: tuple[DateOrder, ...]
    window: tuple[TitlePattern, ...]
    exported_at: tuple[TitlePattern, ...]
    ignore: tuple[IgnoredClass, ...]
    columns: dict[str, KnownColumn]
    unused: UnusedColumns
    names: Names

    @cached_property
    def by_heading(self) -> dict[str, str]:
        """The column of each heading, as it is written here."""
        return {heading: name for name, column in self.columns.items() for heading in column.headings}

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {comparison_key(heading): name for heading, name in self.by_heading.items()}

    @cached_property
    def _unused_keys(self) -> frozenset[str]:
        return frozenset(comparison_key(heading) for heading in self.unused.headings)

    @cached_property
    def _surname_keys(self) -> frozenset[str]:
        return frozenset(comparison_key(surname) for surname in self.names.surnames)

    def column_of(self, heading: str) -> str | None:
        """Return the column that a heading names, or None: never a near match."""
        return self._by_key.get(comparison_key(heading))

    def is_unused(self, heading: str) -> bool:
        """Tell whether a heading is known, and nothing of its column is needed."""
        return comparison_key(heading) in self._unused_keys

    def label(self, column: str, label: str) -> str | None:
        """Return what a label of a column means, or None."""
        values = {comparison_key(known): value for known, value in self.columns[column].values.items()}
        return values.get(comparison_key(label))

    def may_be_personal(self, text: str, persons: Collection[str] = ()) -> bool:
        """Tell whether a text may name or number a person, so that it must not be shown.

        `persons` are what stands in personal columns, and the words of it, in lower case.
        In doubt it may: digits, an address, a name with capitals, or what stands in a personal column too.
        """
        text = clean(text)
        words = text.split(" ")
        if _SEVERAL_DIGITS.search(text) or "@" in text or len(text) > _LONGEST_LABEL or text.lower() in persons:
            return True
        capitals = sum(word[:1].isupper() for word in words)
        return len(words) > 1 and (capitals * 2 > len(words) or self.is_name(text))

    def is_name(self, text: str) -> bool:
        """Tell whether a text begins with a surname and is written as a name is: "Hồ sơ mới" is none, hồ văn a is."""
        words = clean(text).split(" ")
        is_even = len({word[:1].isupper() for word in words}) == 1
        return is_even and 1 < len(words) <= _LONGEST_NAME and comparison_key(words[0]) in self._surname_keys


@cache
def load_headings(path: Path = HEADINGS_FILE) -> Headings:
    """Read the vocabulary; ValueError names a heading that stands for two columns."""
    found = Headings.model_validate(tomllib.loads(path.read_text("utf-8")))
    owner: dict[str, str] = {}
    headings = {name: column.headings for name, column in found.columns.items()} | {"unused": found.unused.headings}
    for name, its_headings in headings.items():
        for heading in its_headings:
            if owner.setdefault(comparison_key(heading), name) != name:
                raise ValueError(f"{heading} stands for {owner[comparison_key(heading)]} and {name} in {path.name}")
    return found

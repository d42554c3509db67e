"""Which indicators are there, and how is each defined?

An indicator is a folder of `4_indicators`: `indicator.toml`, and `members.sql`, which returns one row per member. Their
sum (or one of them, of a quantile) is the figure; selecting from them is the explanation. A composite has no members of
its own, and a ratio of two line items of the units' reports names the two: one query serves all of those.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sql import CURRENT, INDICATORS, Method

_ITEM_MEMBERS = "4_indicators/item_member"


class Indicator(BaseModel):
    """One indicator. `source` is what it is computed from; a composite is a function of its `parts`.

    `dimensions` name columns of its members by whose values it is broken down, beside offices and units.
    `group` is the heading under which people look for it; `better` says which way is an improvement. `numerator_item`
    and `denominator_item` are the codes of the line items that a report's ratio relates. `without_members` says what it
    means that there are none: nothing occurred, or nobody stated anything.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Literal["ratio", "quantile", "composite"]
    source: Literal["dossier", "report", "task", "reporting", "plan"]
    group: Literal["timeliness", "online", "quality", "people", "tasks", "reporting"]
    better: Literal["higher", "lower", "neither"] = "neither"
    # Where it stands among the lines and bars of a report's charts; most are not drawn.
    chart_position: int | None = None
    dimensions: tuple[str, ...] = ()
    quantile: Decimal | None = Field(default=None, gt=0, lt=1)
    parts: tuple[str, ...] = ()
    numerator_item: str = ""
    denominator_item: str = ""
    without_members: Literal["no_cases", "no_data"] = "no_cases"
    name_vi: str
    name_en: str
    definition_vi: str
    definition: str
    exclusions_vi: str
    exclusions: str
    unit_of_measure: str
    basis: str

    @model_validator(mode="after")
    def _composites_have_parts(self) -> "Indicator":
        if (self.kind == "composite") != bool(self.parts):
            raise ValueError("a composite has parts, and nothing else has")
        if (self.kind == "quantile") != (self.quantile is not None):
            raise ValueError("a quantile says which, and nothing else does")
        items = bool(self.numerator_item) + bool(self.denominator_item)
        if items == 1 or (items and (self.kind, self.source) != ("ratio", "report")):
            raise ValueError("a ratio of reports names both of its line items or neither, and nothing else names any")
        return self

    @property
    def relates_items(self) -> bool:
        """Whether it is the ratio of two line items."""
        return bool(self.numerator_item)

    @property
    def members_query(self) -> str:
        """The name of the query that returns the members."""
        return _ITEM_MEMBERS if self.relates_items else f"4_indicators/{self.id}/members"

    @property
    def own_parameters(self) -> dict[str, str]:
        """What the query of its members may ask of the indicator itself."""
        return {"numerator_item": self.numerator_item, "denominator_item": self.denominator_item}


def load_indicators(method: Method = CURRENT) -> Mapping[str, Indicator]:
    """Read every indicator folder, composites after what they need.

    ValueError names an unknown part, and an indicator whose `members.sql` is absent or is not wanted.
    """
    return _defined(
        tuple(
            (folder.name, (folder / "indicator.toml").read_text("utf-8"), (folder / "members.sql").is_file())
            for folder in sorted(method.indicators.iterdir())
            if folder.is_dir()
        )
    )


@lru_cache(maxsize=4)
def _defined(folders: tuple[tuple[str, str, bool], ...]) -> Mapping[str, Indicator]:
    """Return the indicators that these folders hold: of each its name, its definition, and whether it has a query.

    They are asked for hundreds of times in a command, and reading the definitions takes long.
    """
    found = {name: Indicator.model_validate({"id": name, **tomllib.loads(text)}) for name, text, _ in folders}
    for name, _, has_query in folders:
        indicator = found[name]
        if has_query == (indicator.kind == "composite" or indicator.relates_items):
            raise ValueError(f"indicator {name}: members.sql is {'not wanted' if has_query else 'absent'}")
        for part in indicator.parts:
            if part not in found or found[part].kind == "composite":
                raise ValueError(f"indicator {name}: its part {part} is no indicator with members")
    return MappingProxyType(dict(sorted(found.items(), key=lambda one: (one[1].kind == "composite", one[0]))))


def charted_indicators() -> tuple[str, ...]:
    """Return the ids of the indicators that a report's charts draw, in their order."""
    drawn = [(i.chart_position, i.id) for i in load_indicators().values() if i.chart_position is not None]
    return tuple(indicator_id for _, indicator_id in sorted(drawn))


def indicators_sha256() -> str:
    """Return one hash over what every indicator folder says; its test case says nothing."""
    digest = hashlib.sha256()
    for path in sorted((*INDICATORS.rglob("*.sql"), *INDICATORS.glob("*/indicator.toml"))):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{content}  {path.relative_to(INDICATORS).as_posix()}\n".encode())
    return digest.hexdigest()

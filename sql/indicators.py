"""Which indicators are there, and how is each defined?

An indicator is a folder of `4_indicators`: `indicator.toml` and, for a ratio, `members.sql`, which returns one row per
member. Its sum is the figure; selecting from it is the explanation.
"""

import hashlib
import tomllib
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from sql import INDICATORS


class Indicator(BaseModel):
    """One indicator. `source` is what it is computed from; a composite is a function of its `parts`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Literal["ratio", "composite"]
    source: Literal["dossier", "report"]
    parts: tuple[str, ...] = ()
    name_vi: str
    name_en: str
    definition: str
    exclusions: str
    unit_of_measure: str
    basis: str

    @model_validator(mode="after")
    def _composites_have_parts(self) -> "Indicator":
        if (self.kind == "composite") != bool(self.parts):
            raise ValueError("a composite has parts, and nothing else has")
        return self

    @property
    def members_query(self) -> str:
        """The name of the query that returns the members of a ratio."""
        return f"4_indicators/{self.id}/members"


def load_indicators() -> dict[str, Indicator]:
    """Read every indicator folder, ratios before the composites that need them; ValueError names an unknown part."""
    found = {
        folder.name: Indicator.model_validate(
            {"id": folder.name, **tomllib.loads((folder / "indicator.toml").read_text("utf-8"))}
        )
        for folder in sorted(INDICATORS.iterdir())
        if folder.is_dir()
    }
    for indicator in found.values():
        for part in indicator.parts:
            if part not in found or found[part].kind != "ratio":
                raise ValueError(f"indicator {indicator.id}: its part {part} is not a ratio")
    return dict(sorted(found.items(), key=lambda item: (item[1].kind != "ratio", item[0])))


def indicators_sha256() -> str:
    """Return one hash over what every indicator folder says; its test case says nothing."""
    digest = hashlib.sha256()
    for path in sorted((*INDICATORS.rglob("*.sql"), *INDICATORS.glob("*/indicator.toml"))):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{content}  {path.relative_to(INDICATORS).as_posix()}\n".encode())
    return digest.hexdigest()

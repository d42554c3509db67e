"""What is asked of consolidated tables before they may be published?

One TOML file a suite; the expectations are those of Great Expectations, with the reason that people read when one
fails. Thresholds that the plan decides are named, not written.
"""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from schemas.plan_models import Conventions

_FOLDER = Path(__file__).parent


class Expectation(BaseModel):
    """One expectation: its type, the columns and bounds that it is given, and its reason when it fails."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    reason: str
    column: str | None = None
    column_A: str | None = None  # noqa: N815 -- the argument's name in Great Expectations
    column_B: str | None = None  # noqa: N815
    min_value: int | float | None = None
    max_value: int | float | None = None
    min_from: str | None = None
    max_from: str | None = None
    value_set: tuple[str, ...] | None = None

    def arguments(self, conventions: Conventions) -> dict[str, str | float | list[str]]:
        """Return the arguments of the expectation, with the plan's thresholds filled in."""
        given = {
            "column": self.column,
            "column_A": self.column_A,
            "column_B": self.column_B,
            "min_value": float(getattr(conventions, self.min_from).value) if self.min_from else self.min_value,
            "max_value": float(getattr(conventions, self.max_from).value) if self.max_from else self.max_value,
            "value_set": list(self.value_set) if self.value_set is not None else None,
        }
        return {name: value for name, value in given.items() if value is not None}


class Suite(BaseModel):
    """The expectations on one table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    expectation: tuple[Expectation, ...]


def load_suites() -> tuple[Suite, ...]:
    """Read every suite, by table."""
    return tuple(
        Suite.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in sorted(_FOLDER.glob("*.toml"))
    )

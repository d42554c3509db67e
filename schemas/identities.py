"""Which published counts are known to add up, or not to exceed each other?

A term is a column of the form or a part of an indicator, in any row that has it; with `@dimension=value` it is that
value's count of the whole department.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from schemas.plan_models import PlanModel

_FILE = Path(__file__).parent / "identities.toml"


class Identity(PlanModel):
    """The sum of the left terms equals, or does not exceed, the sum of the right ones."""

    left: tuple[str, ...]
    relation: Literal["=", "<="]
    right: tuple[str, ...]


class Handover(PlanModel):
    """What a period leaves in the left column, the period that follows finds in the right one."""

    left: str
    right: str


class Stock(PlanModel):
    """Columns that tell of one day: of the first of a period, or of the last."""

    at_start: tuple[str, ...]
    at_end: tuple[str, ...]


class Identities(PlanModel):
    """`identities.toml`."""

    identity: tuple[Identity, ...]
    handover: tuple[Handover, ...]
    stock: Stock


@cache
def load_identities() -> Identities:
    """Read what is known of the published counts."""
    return Identities.model_validate(tomllib.loads(_FILE.read_text("utf-8")))

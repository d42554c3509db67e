"""Which published counts are known to be the same, to add up, or not to exceed each other?"""

import tomllib
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from schemas.plan_models import PlanModel

_FILE = Path(__file__).parent / "identities.toml"


class Population(PlanModel):
    """Who or what some columns count (or of what they sum the days), and when."""

    time: Literal["flow", "start", "end", "mixed", "reported"]
    columns: tuple[str, ...]
    part_of: tuple[str, ...] = ()
    all_but_few_of: tuple[str, ...] = ()
    amount: bool = False


class Identity(PlanModel):
    """The sum of the left populations equals, or does not exceed, the sum of the right ones.

    With `@dimension=value` a population is that value's part of the whole department's.
    """

    left: tuple[str, ...]
    relation: Literal["=", "<="]
    right: tuple[str, ...]


class Handover(PlanModel):
    """What a period leaves of the left population, the period that follows finds in the right one."""

    left: str
    right: str


class Identities(PlanModel):
    """`identities.toml`."""

    population: dict[str, Population]
    identity: tuple[Identity, ...] = ()
    handover: tuple[Handover, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> "Identities":
        columns = [column for one in self.population.values() for column in one.columns]
        if twice := {column for column in columns if columns.count(column) > 1}:
            raise ValueError(f"a column counts one population: {', '.join(sorted(twice))}")
        named = {name for one in self.population.values() for name in (*one.part_of, *one.all_but_few_of)}
        named |= {name.partition("@")[0] for one in self.identity for name in (*one.left, *one.right)}
        named |= {name for one in self.handover for name in (one.left, one.right)}
        if unknown := named - self.population.keys():
            raise ValueError(f"no such population: {', '.join(sorted(unknown))}")
        return self

    @cached_property
    def population_of(self) -> dict[str, str]:
        """The population that each column counts."""
        return {column: name for name, one in self.population.items() for column in one.columns}

    def columns_at(self, *times: str) -> frozenset[str]:
        """Return the columns that tell of these times."""
        return frozenset(c for one in self.population.values() if one.time in times for c in one.columns)


@cache
def load_identities() -> Identities:
    """Read what is known of the published counts."""
    return Identities.model_validate(tomllib.loads(_FILE.read_text("utf-8")))

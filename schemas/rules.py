"""Which rules are there, what does each say, and how grave is its breach?

`rules.toml` is the one catalogue. A rule is evaluated where its `kind` says: while one submission is read
(cast, column, row, within_file, report, free_form) or when a period is consolidated (across_files, across_periods,
reporting, identity, target, in_period, task, plan). pandera models, SQL files, the ledger and the documents refer to
the id.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "cast",
    "column",
    "row",
    "within_file",
    "report",
    "free_form",
    "across_files",
    "across_periods",
    "reporting",
    "identity",
    "target",
    "in_period",
    "task",
    "plan",
]
# What a rule of the consolidation cannot be evaluated without: what the period took over, every quarter of a sum, an
# earlier report, a log that has columns for apology letters, or for supplements.
Need = Literal["brought_forward", "parts", "earlier_report", "letters", "supplements"]
Severity = Literal["fatal", "warning", "info"]
Grade = Literal["major", "minor", "observation"]

RULES_FILE = Path(__file__).with_name("rules.toml")


class Rule(BaseModel):
    """One rule. `grade` is what its nonconformity is graded; a rule without one opens none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"[A-Z]\d{3}")
    version: int = Field(ge=1)
    kind: Kind
    dataset: Literal["dossier", "report", "form_ii06a", "reporting", "figure", "task", "calendar", "plan"]
    severity: Severity
    grade: Grade | None = None
    needs: Need | None = None
    # Whether a period that breaks it may not be published: a false figure must not leave the house.
    stops_release: bool = False
    dimension: Literal["accuracy", "completeness", "consistency", "timeliness", "uniqueness", "validity"]
    message_vi: str
    message_en: str
    example: str
    basis: str
    clause: str = ""
    since: date


class RulesDocument(BaseModel):
    """`rules.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: tuple[Rule, ...]


@dataclass(frozen=True)
class Rules(Mapping[str, Rule]):
    """The catalogue by id; `sha256` is of its file's bytes."""

    by_id: dict[str, Rule]
    sha256: str

    def __getitem__(self, rule_id: str) -> Rule:
        return self.by_id[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def of_kind(self, *kinds: Kind) -> tuple[Rule, ...]:
        """Return the rules of these kinds, by id."""
        return tuple(rule for _, rule in sorted(self.by_id.items()) if rule.kind in kinds)


@cache
def load_rules(path: Path = RULES_FILE) -> Rules:
    """Read the catalogue; ValueError names an id that stands twice."""
    content = path.read_bytes()
    document = RulesDocument.model_validate(tomllib.loads(content.decode()))
    by_id: dict[str, Rule] = {}
    for rule in document.rule:
        if by_id.setdefault(rule.id, rule) is not rule:
            raise ValueError(f"rule {rule.id} stands twice in {path.name}")
    return Rules(by_id, hashlib.sha256(content).hexdigest())

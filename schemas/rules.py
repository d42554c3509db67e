"""Which rules are there, what does each say, and how grave is its breach?

`rules.toml` is the one catalogue. A rule is evaluated where its `kind` says: while one submission is read
(cast, column, row, within_file, file, report, free_form) or when a period is consolidated (across_files,
across_periods, reporting, identity, target, in_period, task, plan). pandera models, SQL files, the ledger and the
documents refer to the id. A rule may have several versions; `schemas.catalogue` says which is in force on a day.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal[
    "cast",
    "column",
    "row",
    "within_file",
    "file",
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
# earlier report, a report of the tasks, a log that has columns for apology letters, or for supplements.
Need = Literal["brought_forward", "parts", "earlier_report", "task_report", "letters", "supplements"]
Severity = Literal["fatal", "warning", "info"]
Dataset = Literal["dossier", "report", "form_ii06a", "reporting", "figure", "task", "calendar", "plan"]
Grade = Literal["major", "minor", "observation"]
Threshold = int | Decimal

PROCESS_VI: Mapping[Dataset, str] = {
    "dossier": "Tiếp nhận và giải quyết hồ sơ",
    "report": "Lập báo cáo của đơn vị",
    "form_ii06a": "Tổng hợp biểu II.06a",
    "reporting": "Gửi báo cáo định kỳ",
    "figure": "Thực hiện chỉ tiêu của Kế hoạch",
    "task": "Thực hiện nhiệm vụ của Kế hoạch",
    "calendar": "Lịch làm việc",
    "plan": "Quản lý Kế hoạch",
}

RULES_FILE = Path(__file__).with_name("rules.toml")


class Rule(BaseModel):
    """One version of one rule. `grade` is what its nonconformity is graded; a rule without one opens none.

    It is evaluated from the day `since`, and binds from the day `binds_from`; in between it is on trial.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"[A-Z]\d{3}")
    version: int = Field(ge=1)
    kind: Kind
    dataset: Dataset
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
    binds_from: date
    # The thresholds that a department may want to set otherwise; queries and row checks know them by these names.
    parameters: dict[str, Threshold] = {}

    @model_validator(mode="before")
    @classmethod
    def _binds_at_once(cls, stated: dict[str, object]) -> dict[str, object]:
        return {"binds_from": stated.get("since"), **stated}

    @model_validator(mode="after")
    def _is_tried_before_it_binds(self) -> "Rule":
        if self.binds_from < self.since:
            raise ValueError(f"binds_from {self.binds_from} is before since {self.since}")
        return self

    @property
    def process(self) -> str:
        """The process of the department that a breach is about."""
        return PROCESS_VI[self.dataset]

    @property
    def label(self) -> str:
        """How people name this version: D009@2."""
        return f"{self.id}@{self.version}"


class RulesDocument(BaseModel):
    """`rules.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: tuple[Rule, ...]


@dataclass(frozen=True)
class Rules(Mapping[str, Rule]):
    """The rules that bind, by id; `sha256` is of the catalogue that they stand in.

    `on_trial` are the versions that are evaluated beside them and bind nobody yet, by id.
    """

    by_id: dict[str, Rule]
    sha256: str
    on_trial: dict[str, Rule] = field(default_factory=dict)

    def __getitem__(self, rule_id: str) -> Rule:
        return self.by_id[rule_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def of_kind(self, *kinds: Kind) -> tuple[Rule, ...]:
        """Return the rules of these kinds, by id."""
        return tuple(rule for _, rule in sorted(self.by_id.items()) if rule.kind in kinds)

    def with_versions(self, versions: Iterable[Rule]) -> "Rules":
        """Return the rules as if these versions bound, and nothing were on trial."""
        return Rules({**self.by_id, **{rule.id: rule for rule in versions}}, self.sha256)

    def threshold(self, rule_id: str, name: str) -> Threshold:
        """Return a threshold of a rule; that of a rule that is not evaluated does not matter and is 0."""
        return self.by_id[rule_id].parameters[name] if rule_id in self.by_id else 0


@cache
def read_versions(path: Path = RULES_FILE) -> tuple[tuple[Rule, ...], str]:
    """Read every version of every rule, in order, and the hash of the file; ValueError names one that stands twice."""
    content = path.read_bytes()
    document = RulesDocument.model_validate(tomllib.loads(content.decode(), parse_float=Decimal))
    seen: set[tuple[str, int]] = set()
    for rule in document.rule:
        if (rule.id, rule.version) in seen:
            raise ValueError(f"rule {rule.id} stands twice in {path.name} with version {rule.version}")
        seen.add((rule.id, rule.version))
    versions = tuple(sorted(document.rule, key=lambda rule: (rule.id, rule.version)))
    return versions, hashlib.sha256(content).hexdigest()


@cache
def load_rules(path: Path = RULES_FILE) -> Rules:
    """Return the newest version of every rule: for messages and documents, which ask about no day."""
    versions, sha256 = read_versions(path)
    return Rules({rule.id: rule for rule in versions}, sha256)

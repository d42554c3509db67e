"""How does one rule's answer about one place look, and how is a whole evaluation kept?"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from schemas.rules import Rule
from schemas.tables import FINDING, RULE_RESULT

Outcome = Literal["pass", "fail", "not_evaluated"]


@dataclass(frozen=True)
class Finding:
    """What a rule saw at one place. `shown_value` is masked by the one who builds it (`schemas.text.masked`)."""

    rule_id: str
    rule_version: int
    severity: str
    dataset: str
    unit_code: str | None = None
    period: str | None = None
    occurred_on: date | None = None
    subject: str | None = None
    file_sha256: str | None = None
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None
    column_name: str | None = None
    shown_value: str | None = None
    expected: str | None = None

    @classmethod
    def of(cls, rule: Rule, **place: str | int | date | None) -> "Finding":
        """Build a finding of this rule at a place given by the remaining fields."""
        return cls(rule.id, rule.version, rule.severity, rule.dataset, **place)  # type: ignore[arg-type]


@dataclass(frozen=True)
class RuleResult:
    """The verdict of one rule over one unit and file or period, with the quantities behind it."""

    rule_id: str
    rule_version: int
    dataset: str
    unit_code: str | None
    period: str | None
    file_sha256: str | None
    outcome: Outcome
    reason: str
    checked_count: int
    failing_count: int


def findings_table(findings: Iterable[Finding]) -> pa.Table:
    """Return findings as a table in canonical order."""
    rows = [asdict(finding) for finding in findings]
    rows.sort(key=lambda row: [(value is not None, str(value) if not isinstance(value, int) else f"{value:020d}")
                               for value in row.values()])  # fmt: skip
    return pa.Table.from_pylist(rows, schema=FINDING)


def results_table(results: Iterable[RuleResult]) -> pa.Table:
    """Return verdicts as a table in canonical order."""
    rows = [asdict(result) for result in results]
    rows.sort(key=lambda row: (row["rule_id"], row["unit_code"] or "", row["period"] or "", row["file_sha256"] or ""))
    return pa.Table.from_pylist(rows, schema=RULE_RESULT)

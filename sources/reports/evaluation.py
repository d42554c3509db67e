"""How do the findings, the verdicts and the account of one report gather while it is read?"""

from dataclasses import dataclass, field
from datetime import date

from schemas.findings import Finding, Outcome, RuleResult
from schemas.rules import Kind, Rules
from sources.reports.cells import Cell
from sources.reports.identity import Identity

# Cells that do not cast, a state that contradicts the day, an unknown task, a task twice, a unit's own table of tasks
# that cannot be read: the figures stand.
TASK_ROW_RULES = frozenset({"R006", "R008", "R012", "R013", "R064", "R065"})


@dataclass
class Verdict:
    """What one rule has looked at so far, and what it could not look at."""

    checked: int = 0
    failing: int = 0
    not_evaluated: list[str] = field(default_factory=list)


@dataclass
class Evaluation:
    """The state of one reading; nothing of it outlives the reading."""

    file_sha256: str
    rules: Rules
    identity: Identity
    occurred_on: date | None
    # Which rules a verdict is owed of; a report that is not of the template answers those of free form too.
    kinds: tuple[Kind, ...] = ("report",)
    findings: list[Finding] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    dispositions: list[tuple[str, int, str, str]] = field(default_factory=list)

    def verdict(self, rule_id: str) -> Verdict:
        """Return the verdict of a rule; asking for it says that the rule is evaluated."""
        return self.verdicts.setdefault(rule_id, Verdict())

    def leave_out(self, reason: str, *rule_ids: str) -> None:
        """Say why rules are not evaluated, which is no pass."""
        for rule_id in rule_ids:
            self.verdict(rule_id).not_evaluated.append(reason)

    def find(
        self,
        rule_id: str,
        expected: str,
        *,
        sheet: str | None = None,
        cell: Cell | None = None,
        column_name: str | None = None,
        subject: str | None = None,
        written: str | None = None,
    ) -> None:
        """Add a finding at a cell; a blank one has nothing to show. A rule that is not in force finds nothing.

        `expected` is what is needed; of a finding at no cell `written` is what stands there instead, masked already.
        """
        if rule_id not in self.rules:
            return
        self.verdict(rule_id).failing += 1
        finding = Finding.of(
            self.rules[rule_id],
            unit_code=self.identity.unit_code,
            period=self.identity.period,
            occurred_on=self.occurred_on,
            subject=subject,
            file_sha256=self.file_sha256,
            sheet=sheet,
            row=cell.row if cell else None,
            cell=cell.coordinate if cell else None,
            column_name=column_name,
            shown_value=cell.shown if cell and not cell.is_blank else written,
            expected=expected,
        )
        self.findings.append(finding)

    def dispose(self, sheet: str, row: int, disposition: str, reason: str) -> None:
        """Say what became of a row: accepted, rejected (by which rule) or ignored (as what)."""
        self.dispositions.append((sheet, row, disposition, reason))

    @property
    def is_rejected(self) -> bool:
        """Whether the report as a whole is: a fatal finding rejects it, one in its task table rows of that alone."""
        return any(finding.severity == "fatal" and finding.rule_id not in TASK_ROW_RULES for finding in self.findings)

    def fatal_rules(self, sheet: str) -> dict[int, str]:
        """Return the rows of a sheet with a fatal finding, and the first rule that each breaks."""
        rows: dict[int, str] = {}
        for finding in self.findings:
            if finding.sheet == sheet and finding.row is not None and finding.severity == "fatal":
                rows[finding.row] = min(rows.get(finding.row, finding.rule_id), finding.rule_id)
        return rows

    def results(self, reason_unread: str) -> tuple[RuleResult, ...]:
        """Return the verdict of every rule of these kinds; one that nobody asked for was not evaluated."""
        return tuple(
            self._result(rule_id, self.verdicts.get(rule_id, Verdict(not_evaluated=[reason_unread])))
            for rule_id in (rule.id for rule in self.rules.of_kind(*self.kinds))
        )

    def _result(self, rule_id: str, verdict: Verdict) -> RuleResult:
        rule = self.rules[rule_id]
        outcome: Outcome = "fail" if verdict.failing else "not_evaluated" if verdict.not_evaluated else "pass"
        return RuleResult(
            rule_id=rule.id,
            rule_version=rule.version,
            dataset=rule.dataset,
            unit_code=self.identity.unit_code,
            period=self.identity.period,
            file_sha256=self.file_sha256,
            outcome=outcome,
            reason="; ".join(verdict.not_evaluated),
            checked_count=verdict.checked,
            failing_count=verdict.failing,
        )

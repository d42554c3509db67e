"""Which rules does the period break, and which nonconformities does that open?

Rules that look across rows, files and periods are queries that return offenders: no rows, the rule holds. What could
not be evaluated says so; that is not a pass. Rules on trial are evaluated beside those that bind, and open nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from audit.review import Breach
from audit.steps import Identity
from flows.measures.measure import Measured
from schemas.findings import Finding, RuleResult, findings_table, results_table
from schemas.rules import Kind, Need, Rule, Rules

OF_PERIODS: tuple[Kind, ...] = (
    *("across_files", "across_periods", "reporting", "identity", "target"),
    *("in_period", "task", "plan"),
)
# Rules over single dossiers: each belongs to the quarter of its event, and a sum of quarters does not count it again.
_OF_DOSSIERS: tuple[Kind, ...] = ("across_files", "in_period")
# The rule over rows that is evaluated where a log has the columns that these needs are about.
_ROW_RULES: dict[Need, str] = {"letters": "D025", "supplements": "D022"}
_LACKING: dict[Need, str] = {
    "brought_forward": "không có kỳ trước hay số dư đầu kỳ / neither a period before nor an opening balance",
    "parts": "không phải kỳ lũy kế, hoặc có quý chưa tổng hợp / not cumulative, or a quarter is not consolidated",
    "earlier_report": "chưa có báo cáo của kỳ trước / no report of an earlier period",
    "task_report": "chưa có báo cáo thực hiện nhiệm vụ / no report of the tasks",
    "letters": "sổ không có cột thư xin lỗi / no log has a column for the apology letter",
    "supplements": "sổ không có cột bổ sung hồ sơ / no log has columns for supplements",
}
_IN_ITS_QUARTERS = "kỳ lũy kế: từng hồ sơ được xét ở quý của nó / cumulative: dossiers are judged in their quarters"
_OFFENDER_COLUMNS = ("subject", "file_sha256", "sheet", "row", "column_name", "shown_value", "expected")


@dataclass(frozen=True)
class Reviewed:
    """What the rules say of a period: findings and verdicts by table of the store, and what enters the register.

    `not_evaluated` are the rules that said nothing.
    """

    tables: Mapping[str, pa.Table]
    breaches: tuple[Breach, ...]
    not_evaluated: frozenset[str]


def _offenders(measured: Measured, rule: Rule) -> list[Finding]:
    rows = measured.engine.offenders(rule, measured.parameters).to_pylist()
    return [
        Finding.of(
            rule,
            unit_code=row["unit_code"] or "",
            period=measured.period.id,
            occurred_on=measured.period.last_day,
            **{name: row[name] for name in _OFFENDER_COLUMNS if name in row},
        )
        for row in rows
    ]


def _checked(measured: Measured) -> dict[tuple[str, str], int]:
    rows = measured.engine.run("5_nonconformities/_checked").to_pylist()
    return {(row["dataset"], row["unit_code"]): row["checked_count"] for row in rows}


def _verdicts(
    rule: Rule, period: str, offenders: Sequence[Finding], checked: Mapping[tuple[str, str], int]
) -> Iterable[RuleResult]:
    failing = Counter(offender.unit_code or "" for offender in offenders)
    units = {unit for dataset, unit in checked if dataset == rule.dataset} | set(failing)
    for unit in sorted(units):
        count = max(checked.get((rule.dataset, unit), 0), failing[unit])
        yield RuleResult(
            rule.id,
            rule.version,
            rule.dataset,
            unit,
            period,
            None,
            "fail" if failing[unit] else "pass",
            "",
            count,
            failing[unit],
        )


def _not_evaluated(rule: Rule, period: str, reason: str) -> RuleResult:
    return RuleResult(rule.id, rule.version, rule.dataset, "", period, None, "not_evaluated", reason, 0, 0)


def _place_in_file(file_sha256: str, sheet: str | None, place: str | int | None) -> str:
    return f"{file_sha256[:12]} {sheet or ''}!{place or ''}"


def _place(finding: Finding) -> str:
    if finding.file_sha256 is None:
        return f"{finding.subject or finding.dataset}: {finding.shown_value or ''} ≠ {finding.expected or ''}"
    return _place_in_file(finding.file_sha256, finding.sheet, finding.cell or finding.row)


def _breach(rule: Rule, result: RuleResult, evidence: Sequence[str]) -> Breach | None:
    if rule.severity != "fatal" or rule.grade is None or result.outcome != "fail":
        return None
    identity = Identity(rule.id, result.unit_code or "", result.period or "", rule.dataset)
    return Breach(
        identity, rule.version, rule.grade, rule.clause, result.checked_count, result.failing_count, tuple(evidence),
        rule.process,
    )  # fmt: skip


def _submission_breaches(measured: Measured, rules: Rules) -> list[Breach]:
    """Return the fatal verdicts of the submissions that count for the period."""
    period = measured.period
    breaches = []
    for row in measured.engine.run("3_validated/failing_verdict", measured.parameters).to_pylist():
        rule = rules[row["rule_id"]]
        if rule.grade is None:
            continue
        identity = Identity(rule.id, row["unit_code"], period.id, row["dataset"])
        evidence = [_place_in_file(p["file_sha256"], p["sheet"], p["cell"] or p["row"]) for p in row["places"]]
        breaches.append(
            Breach(
                identity, row["rule_version"], rule.grade, rule.clause, row["checked_count"], row["failing_count"],
                tuple(evidence), rule.process,
            )
        )  # fmt: skip
    return breaches


def _has(measured: Measured, need: Need) -> bool:
    if need == "brought_forward":
        return measured.has_brought_forward
    if need == "parts":
        return measured.has_parts
    if need == "earlier_report":
        return measured.engine.whole("report_value_before").num_rows > 0
    if need == "task_report":
        return measured.engine.whole("task_report").num_rows > 0
    judged = {**measured.parameters, "row_rule": _ROW_RULES[need]}
    return measured.engine.run("3_validated/log_judged_by", judged).num_rows > 0


def _why_not_evaluated(measured: Measured, rule: Rule) -> str:
    """Return why a rule cannot be evaluated in this period, "" where it can."""
    if rule.kind in _OF_DOSSIERS and rule.dataset in ("dossier", "calendar") and measured.period.kind == "cumulative":
        return _IN_ITS_QUARTERS
    return _LACKING[rule.needs] if rule.needs is not None and not _has(measured, rule.needs) else ""


@dataclass
class Judged:
    """What some rules found in a period, and their verdicts."""

    findings: list[Finding] = field(default_factory=list)
    results: list[RuleResult] = field(default_factory=list)


def judge(measured: Measured, rules: Iterable[Rule]) -> Judged:
    """Evaluate rules of the consolidation over a measured period."""
    checked = _checked(measured)
    judged = Judged()
    for rule in rules:
        reason = _why_not_evaluated(measured, rule)
        if reason:
            judged.results.append(_not_evaluated(rule, measured.period.id, reason))
            continue
        offenders = _offenders(measured, rule)
        judged.findings += offenders
        judged.results += _verdicts(rule, measured.period.id, offenders, checked)
    return judged


def _breaches(judged: Judged, rules: Rules) -> Iterable[Breach]:
    places: dict[tuple[str, str], list[str]] = {}
    for finding in judged.findings:
        places.setdefault((finding.rule_id, finding.unit_code or ""), []).append(_place(finding))
    for result in judged.results:
        breach = _breach(rules[result.rule_id], result, places.get((result.rule_id, result.unit_code or ""), []))
        if breach is not None:
            yield breach


def review(measured: Measured, rules: Rules) -> Reviewed:
    """Evaluate every rule of the consolidation and gather what opens nonconformities."""
    judged = judge(measured, rules.of_kind(*OF_PERIODS))
    tables = {"finding": findings_table(judged.findings), "rule_result": results_table(judged.results)}
    tried = [rule for _, rule in sorted(rules.on_trial.items()) if rule.kind in OF_PERIODS]
    if tried:
        said = judge(measured, tried)
        tables |= {"trial_finding": findings_table(said.findings), "trial_result": results_table(said.results)}
    breaches = (*_submission_breaches(measured, rules), *_breaches(judged, rules))
    silent = {result.rule_id for result in judged.results if result.outcome == "not_evaluated"}
    return Reviewed(tables, breaches, frozenset(silent))

"""What does the workbook of a release print?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.measures.targets import DEPARTMENT
from flows.measures.wording import day_text
from flows.release.notes import notes
from flows.release.plan_changes import NONE, PlanDecision
from flows.release.publication import Publication
from flows.release.report_rows import (
    figure_row,
    form_rows,
    nonconformity_row,
    pareto_row,
    plan_change_row,
    reporting_row,
    rule_row,
    series_row,
    target_rows,
    task_row,
    task_summary_rows,
    turned_row,
    waiver_row,
)
from flows.release.restatement import CHANGES_NAME, Changes
from flows.release.source_changes import source_text
from releases.workbook.report import ReportContent, TargetRow
from schemas.plan import Plan
from schemas.plan_models import Period
from sql.indicators import charted_indicators


@dataclass(frozen=True)
class Issue:
    """One version of a release: its number, when and by whom it is asked for, and where the record stood then.

    Of a draft nobody has asked for yet: `requested_by` is blank, and `at` is when it was drawn up.
    """

    version: int
    edition: str
    at: datetime
    requested_by: str
    reason: str
    ledger_size: int
    ledger_head: str


def _target_rows(release: Publication, plan: Plan) -> tuple[TargetRow, ...]:
    """Return the lines of every target of the plan, in its order."""
    results: Mapping[str, Mapping[str, object]] = {str(row["target_id"]): row for row in release.rows("targets")}
    figures = {
        (str(row["indicator_id"]), str(row["dimension"]), str(row["dimension_value"])): row
        for row in release.rows("indicators")
        if row["unit_code"] == DEPARTMENT
    }
    return tuple(line for target in plan.targets for line in target_rows(target, results[target.id], figures, plan))


def _plan_lines(plan: Plan, decided: PlanDecision | None) -> tuple[str, ...]:
    """Say which plan is in force: the document's own decision, and by whose decision here it last changed."""
    decision = plan.document.decision
    number = f"số / number {decision.number}" if decision.number else "số chưa xác định / number not determined"
    on = f"ngày / on {day_text(decision.on)}" if decision.on else "ngày chưa xác định / day not determined"
    last = (
        f"Bản đang dùng / in force: {decided.number}, {decided.proposed_by} đề nghị / proposed, {decided.accepted_by}"
        f" chấp nhận / accepted, {day_text(decided.accepted_on)}"
        if decided is not None
        else "Bản đang dùng / in force: bản đầu tiên, chưa thay đổi / the first one, unchanged"
    )
    return (f"Quyết định / decision: {number}, {on}", last, f"SHA-256 {plan.sha256[:16]}…")


def _difference_lines(plan: Plan, issue: Issue, changed: Changes | None) -> tuple[str, ...]:
    """Say what differs from the version before, and what became of submissions since."""
    if changed is None or issue.version == 1:
        return ()
    kinds = Counter(changed.table["kind"].to_pylist())
    before = f"v{issue.version - 1}"
    counts = (
        f"Khác {before}: {kinds['figure']} số liệu, {kinds['target']} kết luận, nêu trong / differs in"
        f" {kinds['figure']} quantities, {kinds['target']} verdicts, told in {CHANGES_NAME}"
    )
    return (counts, *(source_text(one, plan) for one in changed.sources))


def report_content(
    release: Publication,
    plan: Plan,
    period: Period,
    issue: Issue,
    changed: Changes | None,
    decided: PlanDecision | None,
) -> ReportContent:
    """Return what the workbook of this release prints; `decided` is the decision that the plan is in force by."""
    by_plan = changed.by_plan if changed is not None else NONE
    charted = charted_indicators()
    series = [row for row in release.rows("series") if row["indicator_id"] in charted]
    series.sort(key=lambda row: charted.index(str(row["indicator_id"])))
    # Offices and units stand in the order of the plan, the whole department and what all do together before them.
    order = {unit.code: number for number, unit in enumerate(plan.units)}
    figures = sorted(release.rows("indicators"), key=lambda row: order.get(str(row["unit_code"]), -1))
    return ReportContent(
        charted=charted,
        department_vi=plan.document.name_vi,
        department_en=plan.document.name_en,
        title_vi=plan.document.title_vi,
        title_en=plan.document.title_en,
        period_name_vi=period.name_vi,
        period_name_en=period.name_en,
        first_day=period.first_day,
        last_day=period.last_day,
        version=issue.version,
        edition=issue.edition,
        reason=issue.reason,
        ledger_size=issue.ledger_size,
        ledger_head=issue.ledger_head,
        requested_at=issue.at,
        requested_by=issue.requested_by,
        plan_lines=_plan_lines(plan, decided),
        difference_lines=_difference_lines(plan, issue, changed),
        one_account_may_approve=plan.document.one_account_may_approve,
        notes=notes(plan),
        field_form=form_rows(release.rows("form_ii06a"), "field"),
        office_form=form_rows(release.rows("form_ii06b"), "handling_office_name_vi"),
        targets=_target_rows(release, plan),
        figures=tuple(figure_row(row, plan) for row in figures),
        series=tuple(series_row(row) for row in series),
        tasks=tuple(task_row(row, plan) for row in release.rows("tasks")),
        task_summary=task_summary_rows(release.rows("task_summary"), plan),
        reporting=tuple(reporting_row(row) for row in release.rows("reporting")),
        waivers=tuple(waiver_row(row) for row in release.rows("waivers")),
        nonconformities=tuple(nonconformity_row(row, plan) for row in release.rows("nonconformities")),
        rules=tuple(rule_row(row) for row in release.rows("validation_summary")),
        pareto=tuple(pareto_row(row) for row in release.rows("findings_pareto")),
        plan_changes=tuple(plan_change_row(decision, plan) for decision in by_plan.decisions),
        turned_by_plan=tuple(turned_row(verdict, plan) for verdict in by_plan.verdicts),
    )

"""What was a report's workbook made for: by which template, for whose report of which period?

The hidden sheet says it. What it says is believed only as far as the plan knows it; each thing that is wrong with it
breaks a rule of its own.
"""

from dataclasses import dataclass

from schemas.plan import Plan
from schemas.text import masked
from sources.reports.grid import Grid
from sources.templates.template import TEMPLATE_VERSION

NOT_THE_TEMPLATE, WRONG_VERSION, WRONG_UNIT, WRONG_PERIOD = "R004", "R040", "R041", "R042"
NEEDED = "mẫu báo cáo của Sở, tệp .xlsx đọc được / the department's template, a readable .xlsx workbook"
IDENTITY_RULES = (NOT_THE_TEMPLATE, WRONG_VERSION, WRONG_UNIT, WRONG_PERIOD)


@dataclass(frozen=True)
class Problem:
    """Why a workbook is refused: the rule that it breaks, what it needs, and what is written instead, masked."""

    rule_id: str
    needed: str
    written: str | None = None


@dataclass(frozen=True)
class Identity:
    """What the hidden sheet says, as far as the plan knows it, and everything wrong with it."""

    unit_code: str | None = None
    period: str | None = None
    report_type: str | None = None
    problems: tuple[Problem, ...] = ()


def read_identity(grid: Grid, plan: Plan) -> Identity:
    """Compare what the hidden sheet says with the plan: all that is wrong is told at once."""
    entries = {grid.at(row, 1).text: grid.at(row, 2).text for row in range(1, grid.last_row + 1)}
    unit, period, type_id = (entries.get(key, "") for key in ("unit_code", "period", "report_type"))
    workbooks = {t.id: t for t in plan.report_types if t.form == "workbook"}
    report_type = workbooks.get(type_id)
    asked = [report_type] if report_type is not None else workbooks.values()
    senders = {code for one in asked for code in plan.expected_senders(one)}
    is_period = period in {p.id for p in plan.periods}
    due_in = report_type.period_ids if report_type is not None else tuple(p.id for p in plan.periods)
    is_version = entries.get("template_version") == TEMPLATE_VERSION
    checks = (
        (is_version, WRONG_VERSION, f"phiên bản mẫu {TEMPLATE_VERSION}", "template version", "template_version"),
        (
            entries.get("plan_id") == plan.document.id,
            NOT_THE_TEMPLATE,
            f"kế hoạch {plan.document.id}",
            "plan",
            "plan_id",
        ),
        (
            report_type is not None,
            NOT_THE_TEMPLATE,
            "loại báo cáo: " + ", ".join(workbooks),
            "report type",
            "report_type",
        ),
        (unit in senders, WRONG_UNIT, "đơn vị gửi báo cáo này", "a unit that sends it", "unit_code"),
        (is_period and period in due_in, WRONG_PERIOD, "kỳ: " + ", ".join(due_in), "period", "period"),
    )
    problems = tuple(
        Problem(rule_id, f"{wanted} / {called}", masked(entries.get(key, "")) or "–")
        for is_right, rule_id, wanted, called, key in checks
        if not is_right
    )
    return Identity(
        unit if unit in senders else None,
        period if is_period else None,
        report_type.id if report_type is not None else None,
        problems,
    )

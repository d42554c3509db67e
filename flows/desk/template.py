"""Which workbook does a sender fill in for a period?"""

from pathlib import Path

from flows.entry.door import MisuseError
from flows.entry.named import unit_named
from flows.entry.output import require_new_file
from schemas.nearest import names_meant
from schemas.plan import Plan
from schemas.plan_models import Period, ReportType
from sources.templates.template import template_workbook
from warehouse.files import write_bytes


def write_template(
    plan: Plan, unit_name: str, period: Period, type_id: str | None, out: Path | None, *, may_replace: bool = False
) -> Path:
    """Write the template that a sender fills in for a period: its periodic report, unless a type is named.

    MisuseError where the sender owes no such report, or none in this period, and where a file is in the way: it may
    be filled in already.
    """
    workbooks = [t for t in plan.report_types if t.form == "workbook"]
    code = unit_named(plan, unit_name)
    senders = sorted({sender for t in workbooks for sender in plan.expected_senders(t)})
    if code not in senders:
        raise MisuseError(f"{unit_name} không phải gửi báo cáo / sends no report: {', '.join(senders)}")
    owed = [t for t in workbooks if code in plan.expected_senders(t) and type_id in (None, t.id)]
    if not owed:
        known = names_meant(type_id or "", [t.id for t in workbooks if code in plan.expected_senders(t)])
        raise MisuseError(f"{code} không gửi loại báo cáo {type_id} / does not send this report type: {known}")
    report_type = _due_in(owed, period)
    if report_type is None:
        periods = ", ".join(dict.fromkeys(p for t in owed for p in t.period_ids))
        raise MisuseError(f"{code} không có báo cáo nào cho kỳ {period.id} / no report is due for it: {periods}")
    path = out or Path(f"{code}-{report_type.id.replace('_', '-')}-{period.id}.xlsx")
    require_new_file(path, may_replace=may_replace, workspace=plan.folder.parent)
    write_bytes(path, template_workbook(plan, plan.unit(code), period, report_type))
    return path


def _due_in(owed: list[ReportType], period: Period) -> ReportType | None:
    """Return the type that is due in the period; a periodic one, with a day of its own, before one of the year."""
    due = [t for t in owed if period.id in t.period_ids]
    return next((t for t in due if period.id in t.last_day_on), next(iter(due), None))

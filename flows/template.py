"""Which workbook does a unit fill in for a period?"""

from pathlib import Path

from flows.door import MisuseError
from schemas.plan import Plan
from schemas.plan_models import Period
from sources.template import template_workbook
from warehouse.files import write_bytes


def write_template(plan: Plan, unit_name: str, period: Period, out: Path | None) -> Path:
    """Write the template of a unit and period; MisuseError where none is due."""
    code = plan.unit_code(unit_name)
    reporting = [unit.code for unit in plan.units if unit.sends_reports]
    if code not in reporting:
        raise MisuseError(f"{unit_name} không phải gửi báo cáo / sends no report: {', '.join(reporting)}")
    due = [t for t in plan.report_types if period.id in t.item_word]
    if not due:
        periods = sorted({p for t in plan.report_types for p in t.item_word})
        raise MisuseError(
            f"{period.id} không có báo cáo của đơn vị / no unit report is due for it: {', '.join(periods)}"
        )
    path = out or Path(f"{code}-bao-cao-CCHC-{period.id}.xlsx")
    write_bytes(path, template_workbook(plan, plan.unit(code), period, due[0]))
    return path

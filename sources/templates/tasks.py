"""What does the task sheet of a report template look like?

A unit's own table is blank. That of the plan lists every task of the plan, once for each day on which it is due: only
what became of the task is open.
"""

from collections.abc import Mapping
from datetime import date

from openpyxl import Workbook
from openpyxl.utils import absolute_coordinate, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import ReportType, Task
from schemas.spreadsheet import write_text
from sources.templates.checks import CHECK_HEADING, TASK_CHECKS, TASK_DUE, TASK_NAMES, TASK_STATE, task_check
from sources.templates.sheet import (
    BOX,
    HEADING_ROW,
    INPUT_FILL,
    OPEN,
    WRAP,
    colour_checks,
    fill_headings,
    fit_height,
    list_validation,
    name_place,
)
from sources.templates.task_words import (
    CODE,
    DONE,
    DUE,
    EVIDENCE,
    NUMBER,
    PRODUCT,
    STATE,
    STATE_DONE,
    TASK,
    TASK_HEADINGS,
    TASK_STATES,
)

# Who does a task is personal data: the sender may note it, nothing reads it.
ASSIGNEE = "Người thực hiện"
SCHEDULE, LEAD = "Tiến độ theo Kế hoạch", "Chủ trì"

_BLANK_TASKS = 20
# Formulas count tasks down to here: a unit may add rows to its table.
_LAST_COUNTED = 500
_WIDTHS = {
    NUMBER: 6, CODE: 12, TASK: 48, PRODUCT: 26, DUE: 13, DONE: 15, STATE: 17, EVIDENCE: 28, ASSIGNEE: 22, SCHEDULE: 24,
    LEAD: 24, CHECK_HEADING: 22,
}  # fmt: skip
_DAYS = (DUE, DONE)
_OPEN_OF_PLAN = (DONE, STATE, EVIDENCE)


def task_rows(plan: Plan) -> tuple[tuple[Task, date | None], ...]:
    """Return every task of the plan with each of its due days, in the plan's order; one without a day once."""
    return tuple((task, day) for task in plan.tasks for day in (task.last_days_on or (None,)))


def fill_tasks(workbook: Workbook, sheet: Worksheet, plan: Plan, report_type: ReportType, subtitle: str) -> None:
    """Lay out the task table of a report type that has one."""
    is_of_plan = report_type.tasks == "plan"
    beside = (SCHEDULE, LEAD) if is_of_plan else (ASSIGNEE,) if report_type.has_assignees else ()
    headings = (*TASK_HEADINGS, CHECK_HEADING, *beside)
    title = "NHIỆM VỤ CỦA KẾ HOẠCH" if is_of_plan else "NHIỆM VỤ CỦA ĐƠN VỊ"
    fill_headings(sheet, title, subtitle, headings, tuple(_WIDTHS[heading] for heading in headings))
    rows = [_of_plan(plan, task, day) for task, day in task_rows(plan)] if is_of_plan else [{}] * _BLANK_TASKS
    opened = set(_OPEN_OF_PLAN if is_of_plan else headings) - {NUMBER, CODE, CHECK_HEADING}
    letters = {heading: get_column_letter(column) for column, heading in enumerate(headings, start=1)}
    states, days = list_validation(TASK_STATES), _day_validation()
    for number, row in enumerate(rows, start=1):
        texts = [(str(text), _WIDTHS[heading]) for heading, text in row.items() if heading not in _DAYS]
        fit_height(sheet, HEADING_ROW + number, [("", 1), *texts])
        for column, heading in enumerate(headings, start=1):
            cell = sheet.cell(HEADING_ROW + number, column)
            cell.border, cell.alignment = BOX, WRAP
            value = number if heading == NUMBER else row.get(heading)
            if heading == CHECK_HEADING:
                cell.value = task_check(
                    HEADING_ROW + number, [letters[h] for h in (TASK, DONE, STATE, EVIDENCE)], STATE_DONE
                )
            elif isinstance(value, str):
                write_text(cell, value)
            else:
                cell.value = value
            if heading in _DAYS:
                cell.number_format = "dd/mm/yyyy"
            if heading in opened:
                cell.protection, cell.fill = OPEN, INPUT_FILL
                if heading in _DAYS:
                    days.add(cell)
                elif heading == STATE:
                    states.add(cell)
    _name_columns(workbook, sheet, letters, len(rows))
    for validation in (days, states):
        if validation.sqref:
            sheet.add_data_validation(validation)


def _name_columns(workbook: Workbook, sheet: Worksheet, letters: Mapping[str, str], row_count: int) -> None:
    """Name what the checks count in, and colour the checks."""
    first = HEADING_ROW + 1
    for name, heading in ((TASK_NAMES, TASK), (TASK_DUE, DUE), (TASK_STATE, STATE), (TASK_CHECKS, CHECK_HEADING)):
        reference = f"{letters[heading]}{first}:{letters[heading]}{_LAST_COUNTED}"
        name_place(workbook, name, sheet, absolute_coordinate(reference))
    checks = letters[CHECK_HEADING]
    colour_checks(sheet, f"{checks}{first}", f"{checks}{HEADING_ROW + row_count}")


def _of_plan(plan: Plan, task: Task, day: date | None) -> dict[str, str | date | None]:
    leads = ", ".join(plan.lead_name(lead) for lead in task.lead)
    return {
        CODE: task.id, TASK: task.task_vi, PRODUCT: task.product_vi, DUE: day, SCHEDULE: task.schedule_vi, LEAD: leads,
    }  # fmt: skip


def _day_validation() -> DataValidation:
    return DataValidation(
        type="date",
        operator="greaterThan",
        formula1="36526",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Ngày không hợp lệ",
        error="Ghi ngày theo dạng ngày/tháng/năm.",
    )

"""What does the workbook look like that a sender fills in for one period?

What it holds follows the report type: line items, the sender's own tasks, or those of the plan. Every value cell
carries a name of the workbook (`item_A1_1`) and stands in a row with the item's code, so that it is found again
wherever it moves. The very hidden sheet says which plan, unit, period and report type it was made for.
"""

from datetime import UTC, datetime, time

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import absolute_coordinate, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import Basis, Period, ReportItem, ReportType, Unit
from schemas.spreadsheet import stable_bytes, write_text
from sources.templates.checks import CHECK_HEADING, ITEM_CHECKS, item_check, item_name
from sources.templates.cover import fill_cover
from sources.templates.sheet import (
    BOX,
    CENTRED,
    HEADING_ROW,
    INPUT_FILL,
    OPEN,
    SOFT,
    WRAP,
    colour_checks,
    fill_headings,
    fit_height,
    letters,
    list_validation,
    name_place,
)
from sources.templates.task_words import STATE_DONE
from sources.templates.tasks import fill_tasks
from sources.templates.titles import COVER_SHEET, IDENTITY_SHEET, ITEM_SHEET, TASK_SHEET

TEMPLATE_VERSION = "3"

CODE_HEADING = "Mã"
VALUE_HEADING = "Số liệu"
ITEM_LABEL, MEASURE, NOTE = "Chỉ tiêu", "Đơn vị tính", "Ghi chú"
ITEM_HEADINGS = (CODE_HEADING, "Lĩnh vực", ITEM_LABEL, MEASURE, VALUE_HEADING, CHECK_HEADING, NOTE, "Cơ sở")
YES_NO = ("Có", "Không")

_VALUE_COLUMN, _CHECK_COLUMN, _NOTE_COLUMN = (ITEM_HEADINGS.index(h) + 1 for h in (VALUE_HEADING, CHECK_HEADING, NOTE))
_ITEM_WIDTHS = (8, 9, 56, 14, 16, 30, 32, 14)
# A percentage counts in points: 98,75 is typed as it is read.
_FORMATS = {"count": "#,##0", "amount": "#,##0.###", "score": "0.00", "percent": "0.00", "yes_no": "@"}
_BASIS: dict[Basis, str] = {
    "seed": "Kế hoạch", "page": "trang công khai", "example": "ví dụ", "imported": "đơn vị cung cấp",
    "carried": "năm trước, cần xác nhận",
}  # fmt: skip
_MESSAGES = {"count": "Chỉ ghi số nguyên từ 0 trở lên.", "percent": "Chỉ ghi số từ 0 đến 100, ví dụ 98,75."}
_EXAMPLES = (
    "Dòng ghi “ví dụ” là mẫu đặt tạm: biểu chính thức chưa có trong phần mềm, thay ở tệp report_items.csv của kế hoạch "
    "/ Rows marked “ví dụ” are placeholders: the official form is not known to us, replace them in report_items.csv."
)


def template_workbook(plan: Plan, unit: Unit, period: Period, report_type: ReportType) -> bytes:
    """Build the xlsx that this unit fills in for this period; the same arguments give the same bytes.

    Raises ValueError where the report type is not due in the period.
    """
    if period.id not in report_type.period_ids:
        raise ValueError(f"report type {report_type.id} is not due in {period.id}")
    workbook = Workbook()
    cover = workbook.worksheets[0]
    cover.title = COVER_SHEET
    subtitle = f"{unit.name_vi} · {period.name_vi}"
    items = plan.items_required_in(report_type, period.id)
    has_tasks = report_type.tasks != "none"
    if items:
        sheet = workbook.create_sheet(ITEM_SHEET)
        fill_headings(sheet, "SỐ LIỆU BÁO CÁO", subtitle, ITEM_HEADINGS, _ITEM_WIDTHS)
        _fill_items(workbook, sheet, items, period, has_tasks=has_tasks)
    if has_tasks:
        fill_tasks(workbook, workbook.create_sheet(TASK_SHEET), plan, report_type, subtitle)
    fill_cover(cover, plan, unit, period, report_type, workbook.sheetnames[1:])
    _fill_identity(workbook.create_sheet(IDENTITY_SHEET), plan, unit, period, report_type)
    for sheet in workbook.worksheets:
        sheet.protection.sheet = True
        # A protected sheet still lets a unit widen columns, and add rows to its task table.
        sheet.protection.formatColumns = False
        sheet.protection.insertRows = False
    workbook.active = 1
    # Excel edits every selected sheet at once: only the active one may be selected.
    for number, sheet in enumerate(workbook.worksheets):
        sheet.sheet_view.tabSelected = number == 1
    return stable_bytes(workbook, datetime.combine(period.last_day, time(), UTC))


def _fill_items(
    workbook: Workbook, sheet: Worksheet, items: tuple[ReportItem, ...], period: Period, *, has_tasks: bool
) -> None:
    if any(item.basis == "example" for item in items):
        write_text(sheet.cell(HEADING_ROW - 1, 1), _EXAMPLES)
        sheet.cell(HEADING_ROW - 1, 1).font = letters(italic=True, size=9, color=SOFT)
    validations = {item_type: _item_validation(item_type) for item_type in _FORMATS}
    for row, item in enumerate(items, start=HEADING_ROW + 1):
        for column, text in enumerate((item.code, item.area, item.name_vi, item.unit_of_measure), start=1):
            write_text(sheet.cell(row, column), text)
        write_text(sheet.cell(row, len(ITEM_HEADINGS)), _BASIS[item.basis])
        sheet.cell(row, _CHECK_COLUMN).value = item_check(item, period, has_tasks=has_tasks, done=STATE_DONE)
        for column in range(1, len(ITEM_HEADINGS) + 1):
            sheet.cell(row, column).border = BOX
            sheet.cell(row, column).alignment = WRAP
        sheet.cell(row, _CHECK_COLUMN).alignment = CENTRED
        fit_height(sheet, row, [(item.name_vi, _ITEM_WIDTHS[ITEM_HEADINGS.index(ITEM_LABEL)])])
        value, note = sheet.cell(row, _VALUE_COLUMN), sheet.cell(row, _NOTE_COLUMN)
        value.number_format = _FORMATS[item.type]
        value.protection, value.fill, note.protection, note.fill = OPEN, INPUT_FILL, OPEN, INPUT_FILL
        value.font, value.alignment = letters(bold=True), Alignment(horizontal="right", vertical="center")
        validations[item.type].add(value)
        name_place(workbook, item_name(item.code), sheet, absolute_coordinate(value.coordinate))
    first, last = (f"{get_column_letter(_CHECK_COLUMN)}{row}" for row in (HEADING_ROW + 1, HEADING_ROW + len(items)))
    name_place(workbook, ITEM_CHECKS, sheet, absolute_coordinate(f"{first}:{last}"))
    colour_checks(sheet, first, last)
    for validation in validations.values():
        if validation.sqref:
            sheet.add_data_validation(validation)


def _item_validation(item_type: str) -> DataValidation:
    if item_type == "yes_no":
        return list_validation(YES_NO)
    whole = item_type == "count"
    is_percent = item_type == "percent"
    return DataValidation(
        type="whole" if whole else "decimal",
        operator="between" if is_percent else "greaterThanOrEqual",
        formula1="0",
        formula2="100" if is_percent else None,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Số liệu không hợp lệ",
        error=_MESSAGES.get(item_type, "Chỉ ghi số từ 0 trở lên."),
    )


def _fill_identity(sheet: Worksheet, plan: Plan, unit: Unit, period: Period, report_type: ReportType) -> None:
    entries = (
        ("template_version", TEMPLATE_VERSION),
        ("plan_id", plan.document.id),
        ("report_type", report_type.id),
        ("unit_code", unit.code),
        ("period", period.id),
    )
    for row, (key, value) in enumerate(entries, start=1):
        write_text(sheet.cell(row, 1), key)
        write_text(sheet.cell(row, 2), value)
    sheet.sheet_state = "veryHidden"

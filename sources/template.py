"""What does the workbook look like that a sender fills in for one period?

What it holds follows the report type: line items, the sender's own tasks, or those of the plan. Every value cell
carries a name of the workbook (`item_A1_1`) and stands in a row with the item's code, so that it is found again
wherever it moves. The very hidden sheet says which plan, unit, period and report type it was made for.
"""

from datetime import UTC, datetime, time

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import Basis, Period, ReportItem, ReportType, Unit
from schemas.spreadsheet import stable_bytes, write_text
from sources.template_sheet import BOX, HEADING_ROW, INPUT_FILL, OPEN, WRAP, fill_headings, list_validation
from sources.template_tasks import fill_tasks

TEMPLATE_VERSION = "2"
COVER_SHEET = "Bìa"
ITEM_SHEET = "Số liệu"
TASK_SHEET = "Nhiệm vụ"
IDENTITY_SHEET = "_motcua"

CODE_HEADING = "Mã"
VALUE_HEADING = "Số liệu"
ITEM_HEADINGS = (CODE_HEADING, "Lĩnh vực", "Chỉ tiêu", "Đơn vị tính", VALUE_HEADING, "Ghi chú", "Cơ sở")
YES_NO = ("Có", "Không")

_VALUE_COLUMN = ITEM_HEADINGS.index(VALUE_HEADING) + 1
_ITEM_WIDTHS = (8, 10, 62, 14, 18, 34, 18)
# A percentage counts in points: 98,75 is typed as it is read.
_FORMATS = {"count": "#,##0", "amount": "#,##0.###", "score": "0.00", "percent": "0.00", "yes_no": "@"}
_BASIS: dict[Basis, str] = {
    "seed": "Kế hoạch", "page": "trang công khai", "example": "ví dụ", "imported": "đơn vị cung cấp",
}  # fmt: skip
_MESSAGES = {"count": "Chỉ ghi số nguyên từ 0 trở lên.", "percent": "Chỉ ghi số từ 0 đến 100, ví dụ 98,75."}
_EXAMPLES = (
    "Dòng ghi “ví dụ” là mẫu đặt tạm: biểu chính thức chưa có trong phần mềm, thay ở tệp report_items.csv của kế hoạch "
    "/ Rows marked “ví dụ” are placeholders: the official form is not known to us, replace them in report_items.csv."
)


def item_name(item_code: str) -> str:
    """Return the workbook name of an item's value cell, as `item_A1_1` for A1.1."""
    return f"item_{item_code.replace('.', '_')}"


def template_workbook(plan: Plan, unit: Unit, period: Period, report_type: ReportType) -> bytes:
    """Build the xlsx that this unit fills in for this period; the same arguments give the same bytes.

    Raises ValueError where the report type is not due in the period.
    """
    if period.id not in report_type.period_ids:
        raise ValueError(f"report type {report_type.id} is not due in {period.id}")
    workbook = Workbook()
    cover = workbook.worksheets[0]
    cover.title = COVER_SHEET
    _fill_cover(cover, plan, unit, period, report_type)
    subtitle = f"{unit.name_vi} · {period.name_vi}"
    items = plan.items_required_in(report_type, period.id)
    if items:
        _fill_items(workbook, workbook.create_sheet(ITEM_SHEET), items, subtitle)
    if report_type.tasks != "none":
        fill_tasks(workbook.create_sheet(TASK_SHEET), plan, report_type, subtitle)
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


def _fill_cover(sheet: Worksheet, plan: Plan, unit: Unit, period: Period, report_type: ReportType) -> None:
    window = f"{period.first_day:%d/%m/%Y} đến {period.last_day:%d/%m/%Y}"
    last_day_on = plan.last_day_on(report_type, period.id)
    due = f"{last_day_on:%d/%m/%Y}" if last_day_on is not None else "chưa xác định: Quyết định của Sở chưa ghi ngày"
    lines = (
        (report_type.name_vi.upper(), ""),
        ("Cơ quan nhận", plan.document.name_vi),
        ("Đơn vị báo cáo", unit.name_vi),
        ("Kỳ báo cáo", f"{period.name_vi} ({window})"),
        ("Ngày cuối cùng nhận báo cáo", due),
        ("Cơ sở", report_type.basis),
        ("", ""),
        ("Hướng dẫn", "1. Chỉ điền vào các ô màu vàng ở các trang sau trang này."),
        ("", "2. Chỉ ghi số, không ghi chữ hay đơn vị tính trong ô số liệu; phần diễn giải ghi ở cột “Ghi chú”."),
        ("", "3. Không có phát sinh thì ghi 0. Ô để trống nghĩa là chưa báo cáo, không phải là 0."),
        ("", "4. Dấu chấm ngăn cách hàng nghìn, dấu phẩy ngăn cách phần thập phân: 1.234 là một nghìn hai trăm…"),
        ("", "5. Ngày ghi theo dạng ngày/tháng/năm, ví dụ 05/01/2022."),
        ("", "6. Mỗi đơn vị, mỗi kỳ dùng đúng tệp mẫu được cấp; không chép số liệu sang tệp mẫu của kỳ khác."),
        ("In English", "Fill in the yellow cells only; numbers without words; write 0 where there were no cases."),
    )
    for row, (label, text) in enumerate(lines, start=1):
        write_text(sheet.cell(row, 1), label)
        write_text(sheet.cell(row, 2), text)
        sheet.cell(row, 1).font = Font(bold=True, size=14 if row == 1 else 11)
        sheet.cell(row, 2).alignment = WRAP
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 96


def _fill_items(workbook: Workbook, sheet: Worksheet, items: tuple[ReportItem, ...], subtitle: str) -> None:
    fill_headings(sheet, "SỐ LIỆU BÁO CÁO", subtitle, ITEM_HEADINGS, _ITEM_WIDTHS)
    if any(item.basis == "example" for item in items):
        write_text(sheet.cell(HEADING_ROW - 1, 1), _EXAMPLES)
    validations = {item_type: _item_validation(item_type) for item_type in _FORMATS}
    for row, item in enumerate(items, start=HEADING_ROW + 1):
        for column, text in enumerate((item.code, item.area, item.name_vi, item.unit_of_measure), start=1):
            write_text(sheet.cell(row, column), text)
        write_text(sheet.cell(row, len(ITEM_HEADINGS)), _BASIS[item.basis])
        for column in range(1, len(ITEM_HEADINGS) + 1):
            sheet.cell(row, column).border = BOX
            sheet.cell(row, column).alignment = WRAP
        value, note = sheet.cell(row, _VALUE_COLUMN), sheet.cell(row, _VALUE_COLUMN + 1)
        value.number_format = _FORMATS[item.type]
        value.protection, value.fill, note.protection, note.fill = OPEN, INPUT_FILL, OPEN, INPUT_FILL
        validations[item.type].add(value)
        place = f"{quote_sheetname(ITEM_SHEET)}!{absolute_coordinate(value.coordinate)}"
        workbook.defined_names[item_name(item.code)] = DefinedName(item_name(item.code), attr_text=place)
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

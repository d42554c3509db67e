"""What does the workbook look like that a unit fills in for one period?

Every value cell carries a name of the workbook (`item_A1_1`) and stands in a row with the item's code, so that it is
found again wherever it moves. The very hidden sheet says which plan, unit, period and report type it was made for.
"""

from datetime import UTC, datetime, time

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import Period, ReportItem, ReportType, Unit
from schemas.spreadsheet import stable_bytes, write_text

TEMPLATE_VERSION = "1"
COVER_SHEET = "Bìa"
ITEM_SHEET = "Số liệu"
TASK_SHEET = "Nhiệm vụ"
IDENTITY_SHEET = "_motcua"

CODE_HEADING = "Mã"
VALUE_HEADING = "Số liệu"
ITEM_HEADINGS = (CODE_HEADING, "Lĩnh vực", "Chỉ tiêu", "Đơn vị tính", VALUE_HEADING, "Ghi chú")
TASK_HEADINGS = ("TT", "Nhiệm vụ", "Sản phẩm", "Thời hạn", "Ngày hoàn thành", "Tình trạng", "Văn bản minh chứng")
TASK_STATES = ("Hoàn thành", "Đang thực hiện", "Chưa thực hiện")
YES_NO = ("Có", "Không")

_HEADING_ROW = 4
_VALUE_COLUMN = ITEM_HEADINGS.index(VALUE_HEADING) + 1
_BLANK_TASKS = 20
_ITEM_WIDTHS = (8, 10, 62, 14, 18, 34)
_TASK_WIDTHS = (6, 52, 30, 14, 18, 20, 34)
_FORMATS = {"count": "#,##0", "amount": "#,##0.###", "score": "0.00", "yes_no": "@"}
_THIN = Side(style="thin", color="FF9AA5B1")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADING_FILL = PatternFill("solid", fgColor="FFDCE6F1")
_INPUT_FILL = PatternFill("solid", fgColor="FFFFF9E5")
_WRAP = Alignment(wrap_text=True, vertical="center")
_OPEN = Protection(locked=False)


def item_name(item_code: str) -> str:
    """Return the workbook name of an item's value cell, as `item_A1_1` for A1.1."""
    return f"item_{item_code.replace('.', '_')}"


def template_workbook(plan: Plan, unit: Unit, period: Period, report_type: ReportType) -> bytes:
    """Build the xlsx that this unit fills in for this period; the same arguments give the same bytes.

    Raises ValueError where the report type is not due in the period.
    """
    if period.id not in report_type.last_day_on:
        raise ValueError(f"report type {report_type.id} is not due in {period.id}")
    workbook = Workbook()
    cover, items = workbook.worksheets[0], workbook.create_sheet(ITEM_SHEET)
    cover.title = COVER_SHEET
    _fill_cover(cover, plan, unit, period, report_type)
    _fill_items(workbook, items, plan.items_required_in(period.id), f"{unit.name_vi} · {period.name_vi}")
    _fill_tasks(workbook.create_sheet(TASK_SHEET), f"{unit.name_vi} · {period.name_vi}")
    _fill_identity(workbook.create_sheet(IDENTITY_SHEET), plan, unit, period, report_type)
    for sheet in workbook.worksheets:
        sheet.protection.sheet = True
        # A protected sheet still lets a unit widen columns, and add rows to its task table.
        sheet.protection.formatColumns = False
        sheet.protection.insertRows = False
    workbook.active = 1
    # Excel edits every selected sheet at once: only the active one may be selected.
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == ITEM_SHEET
    return stable_bytes(workbook, datetime.combine(period.last_day, time(), UTC))


def _fill_cover(sheet: Worksheet, plan: Plan, unit: Unit, period: Period, report_type: ReportType) -> None:
    window = f"{period.first_day:%d/%m/%Y} đến {period.last_day:%d/%m/%Y}"
    lines = (
        (report_type.name_vi.upper(), ""),
        ("Cơ quan nhận", plan.document.name_vi),
        ("Đơn vị báo cáo", unit.name_vi),
        ("Kỳ báo cáo", f"{period.name_vi} ({window})"),
        ("Ngày cuối cùng nhận báo cáo", f"{report_type.last_day_on[period.id]:%d/%m/%Y}"),
        ("", ""),
        ("Hướng dẫn", f"1. Chỉ điền vào các ô màu vàng ở trang “{ITEM_SHEET}” và trang “{TASK_SHEET}”."),
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
        sheet.cell(row, 2).alignment = _WRAP
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 96


def _fill_headings(
    sheet: Worksheet, title: str, subtitle: str, headings: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    write_text(sheet.cell(1, 1), title)
    write_text(sheet.cell(2, 1), subtitle)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = sheet.cell(_HEADING_ROW, column)
        write_text(cell, heading)
        cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), _HEADING_FILL, _BOX, _WRAP
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _fill_items(workbook: Workbook, sheet: Worksheet, items: tuple[ReportItem, ...], subtitle: str) -> None:
    _fill_headings(sheet, "SỐ LIỆU BÁO CÁO", subtitle, ITEM_HEADINGS, _ITEM_WIDTHS)
    validations = {item_type: _item_validation(item_type) for item_type in _FORMATS}
    for row, item in enumerate(items, start=_HEADING_ROW + 1):
        for column, text in enumerate((item.code, item.area, item.name_vi, item.unit_of_measure), start=1):
            write_text(sheet.cell(row, column), text)
        for column in range(1, len(ITEM_HEADINGS) + 1):
            sheet.cell(row, column).border = _BOX
            sheet.cell(row, column).alignment = _WRAP
        value, note = sheet.cell(row, _VALUE_COLUMN), sheet.cell(row, _VALUE_COLUMN + 1)
        value.number_format = _FORMATS[item.type]
        value.protection, value.fill, note.protection, note.fill = _OPEN, _INPUT_FILL, _OPEN, _INPUT_FILL
        validations[item.type].add(value)
        place = f"{quote_sheetname(ITEM_SHEET)}!{absolute_coordinate(value.coordinate)}"
        workbook.defined_names[item_name(item.code)] = DefinedName(item_name(item.code), attr_text=place)
    for validation in validations.values():
        if validation.sqref:
            sheet.add_data_validation(validation)


def _item_validation(item_type: str) -> DataValidation:
    if item_type == "yes_no":
        return _list_validation(YES_NO)
    whole = item_type == "count"
    return DataValidation(
        type="whole" if whole else "decimal",
        operator="greaterThanOrEqual",
        formula1="0",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Số liệu không hợp lệ",
        error="Chỉ ghi số nguyên từ 0 trở lên." if whole else "Chỉ ghi số từ 0 trở lên.",
    )


def _list_validation(choices: tuple[str, ...]) -> DataValidation:
    return DataValidation(
        type="list",
        formula1=f'"{",".join(choices)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Giá trị không hợp lệ",
        error=f"Chọn một trong: {', '.join(choices)}.",
    )


def _fill_tasks(sheet: Worksheet, subtitle: str) -> None:
    _fill_headings(sheet, "NHIỆM VỤ CỦA ĐƠN VỊ", subtitle, TASK_HEADINGS, _TASK_WIDTHS)
    states = _list_validation(TASK_STATES)
    dates = DataValidation(
        type="date",
        operator="greaterThan",
        formula1="36526",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Ngày không hợp lệ",
        error="Ghi ngày theo dạng ngày/tháng/năm.",
    )
    for row in range(_HEADING_ROW + 1, _HEADING_ROW + 1 + _BLANK_TASKS):
        for column, heading in enumerate(TASK_HEADINGS, start=1):
            cell = sheet.cell(row, column)
            cell.border, cell.alignment = _BOX, _WRAP
            if column == 1:
                cell.value = row - _HEADING_ROW
                continue
            cell.protection, cell.fill = _OPEN, _INPUT_FILL
            if heading in ("Thời hạn", "Ngày hoàn thành"):
                cell.number_format = "dd/mm/yyyy"
                dates.add(cell)
            elif heading == "Tình trạng":
                states.add(cell)
    sheet.add_data_validation(dates)
    sheet.add_data_validation(states)


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

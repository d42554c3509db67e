"""What does the first sheet of a report template tell the one who fills it in?

Whose report it is, for which period, when it is due, how to fill it in, and (by formulas) how far it has come.
Vietnamese first, English small beside.
"""

from collections.abc import Sequence

from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import Period, ReportType, Unit
from schemas.spreadsheet import write_text
from sources.templates.checks import filled_text, overall, recheck_count
from sources.templates.sheet import (
    BOX,
    HEADING_FILL,
    SOFT,
    TITLE_FILL,
    WRAP,
    colour_checks,
    fit_height,
    letters,
    set_up_page,
)

_WIDTHS = {"A": 32, "B": 70, "C": 46}
_CONTENT = 2
_NOT_DETERMINED = "chưa xác định: Quyết định của Sở chưa ghi ngày"
_HOW_TO = (
    ("Chỉ điền vào các ô màu vàng ở các trang sau; các ô khác đã khóa.", "Fill in the yellow cells only."),
    (
        "Trong ô số liệu chỉ ghi số, không ghi chữ hay đơn vị tính; phần diễn giải ghi ở cột “Ghi chú”.",
        "Numbers without words or units; explain in the column for notes.",
    ),
    (
        "Không có phát sinh thì ghi 0. Ô để trống nghĩa là chưa báo cáo, không phải là 0.",
        "Write 0 where there were no cases: blank means not reported.",
    ),
    (
        "Dấu chấm ngăn cách hàng nghìn, dấu phẩy ngăn cách phần thập phân: 1.234 là một nghìn hai trăm ba mươi tư.",
        "1.234 is a thousand; decimals follow a comma.",
    ),
    ("Ngày ghi theo dạng ngày/tháng/năm, ví dụ 05/01/2022.", "Dates as day/month/year."),
    (
        "Cột “Kiểm tra” cho biết ngay ô nào chưa điền hoặc cần kiểm tra lại; gửi khi mọi ô đều OK.",
        "The column of checks tells at once what is blank or wrong: send when all is OK.",
    ),
    (
        "Không gộp ô, không ẩn dòng, không đổi tên cột. Có thể chèn thêm dòng, cột nếu cần.",
        "Merge no cells, hide no rows, rename no columns; inserted rows and columns do no harm.",
    ),
    (
        "Mỗi đơn vị, mỗi kỳ dùng đúng tệp mẫu được cấp; không chép số liệu sang tệp mẫu của kỳ khác.",
        "Each unit and period has its own file.",
    ),
)


def fill_cover(
    sheet: Worksheet, plan: Plan, unit: Unit, period: Period, report_type: ReportType, linked: Sequence[str]
) -> None:
    """Write the cover, with links to the sheets whose titles are `linked`."""
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    for row, (text, size) in enumerate(((report_type.name_vi.upper(), 16), (plan.document.name_vi, 11)), start=1):
        write_text(sheet.cell(row, 1), text)
        for column in (1, 2, 3):
            sheet.cell(row, column).fill = TITLE_FILL
        sheet.cell(row, 1).font = letters(bold=row == 1, size=size, color="FFFFFFFF")
        sheet.cell(row, 1).alignment = Alignment(vertical="center", indent=1)
        sheet.row_dimensions[row].height = 30 if row == 1 else 20
    window = f"{period.first_day:%d/%m/%Y} đến {period.last_day:%d/%m/%Y}"
    last_day_on = plan.last_day_on(report_type, period.id)
    due = f"{last_day_on:%d/%m/%Y}" if last_day_on is not None else _NOT_DETERMINED
    facts = (
        ("Đơn vị báo cáo", unit.name_vi, "Reporting unit"),
        ("Kỳ báo cáo", f"{period.name_vi} ({window})", f"Period: {period.name_en}"),
        ("Ngày cuối cùng nhận báo cáo", due, "Last day on which it is in time"),
        ("Cơ sở", report_type.basis, report_type.name_en),
    )
    row = _section(sheet, 4, "Báo cáo này / this report", facts)
    row = _progress(sheet, row + 1, plan, period, report_type)
    for title in linked:
        _link(sheet, row, title)
        row += 1
    steps = [(str(number), vi, en) for number, (vi, en) in enumerate(_HOW_TO, start=1)]
    _section(sheet, row + 1, "Hướng dẫn / how to fill it in", steps)
    set_up_page(sheet, "landscape")


def _section(
    sheet: Worksheet, row: int, title: str, lines: Sequence[tuple[str, str, str]], *, are_formulas: bool = False
) -> int:
    """Write a titled block of label, content and English; the content may be formulas. Return the row after it."""
    write_text(sheet.cell(row, 1), title)
    for column in (1, 2, 3):
        sheet.cell(row, column).fill = HEADING_FILL
    sheet.cell(row, 1).font = letters(bold=True)
    for row_of_line, (label, vi, en) in enumerate(lines, start=row + 1):
        for column, text in enumerate((label, vi, en), start=1):
            cell = sheet.cell(row_of_line, column)
            if are_formulas and column == _CONTENT:
                cell.value = text
            else:
                write_text(cell, text)
            cell.border, cell.alignment, cell.font = BOX, WRAP, letters()
        sheet.cell(row_of_line, 1).font = letters(bold=True)
        sheet.cell(row_of_line, 3).font = letters(italic=True, size=9, color=SOFT)
        shown = [(label, _WIDTHS["A"]), (en, _WIDTHS["C"])] + [(vi, _WIDTHS["B"])] * (not are_formulas)
        fit_height(sheet, row_of_line, shown)
    return row + 1 + len(lines)


def _progress(sheet: Worksheet, row: int, plan: Plan, period: Period, report_type: ReportType) -> int:
    """Write how far the report has come, by formulas; return the row after it."""
    items = plan.items_required_in(report_type, period.id)
    has_tasks = report_type.tasks != "none"
    lines = [
        ("Số ô cần kiểm tra lại", recheck_count(items, has_tasks=has_tasks), "Cells to look at again"),
        ("Có thể gửi chưa", overall(items, has_tasks=has_tasks), "Can it be sent: OK, or what is lacking"),
    ]
    if items:
        lines.insert(0, ("Số chỉ tiêu đã điền", filled_text(items), "Items filled in, of all"))
    end = _section(sheet, row, "Tình trạng điền / how far it has come", lines, are_formulas=True)
    for line in range(row + 1, end):
        sheet.cell(line, 2).font = letters(bold=True)
        sheet.cell(line, 2).alignment = Alignment(horizontal="left", vertical="center")
    colour_checks(sheet, f"B{end - 1}", f"B{end - 1}")
    return end


def _link(sheet: Worksheet, row: int, title: str) -> None:
    cell = sheet.cell(row, 1)
    write_text(cell, f"→ {title}")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!A1")
    cell.font = letters(underlined=True, color="FF0563C1")

"""How are forms II.06a and II.06b/VPCP/KSTT printed?

One printed form with two ways to count: by field, and by handling office. The official headings as they stand, the row
of column numbers, one row per field or office, and below the table what each column counts here. Counts are printed as
measured: a total that does not add up is shown, never mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from releases.workbook.report import FormRow, ReportContent
from releases.workbook.sheets import (
    COUNT_FORMAT,
    HEAD,
    NOTE,
    QUIET_FILL,
    SUBTITLE,
    TITLE,
    Look,
    fit_height,
    freeze_below,
    open_sheet,
    put,
)

_WIDTHS = (6, 34, 11, 11, 13, 11, 11, 11, 11, 11, 11, 11, 11)
_SPAN = len(_WIDTHS)
_HEAD_ROW = 8
_NUMBER_ROW = _HEAD_ROW + 3


@dataclass(frozen=True)
class Form:
    """A printed form: its sheet, titles and number, and the heading over its rows."""

    sheet: str
    title_vi: str
    title_en: str
    number: str
    rows_vi: str


FIELD_FORM = Form(
    "II.06a",
    "Tình hình, kết quả giải quyết thủ tục hành chính",
    "Form II.06a: receipt and resolution of administrative procedures, by field",
    "II.06a/VPCP/KSTT",
    "Lĩnh vực, công việc giải quyết theo cấp",
)
OFFICE_FORM = Form(
    "II.06b",
    "Tình hình, kết quả giải quyết thủ tục hành chính theo phòng xử lý",
    "Form II.06b: receipt and resolution of administrative procedures, by handling office",
    "II.06b/VPCP/KSTT",
    "Phòng xử lý",
)


@dataclass(frozen=True)
class _Heading:
    text: str
    row: int
    column: int
    span: int = 1
    rows: int = 1


_HEADINGS = (
    _Heading("STT", 0, 1, rows=3),
    _Heading("Tiếp nhận", 0, 3, span=4),
    _Heading("Tổng số", 1, 3, rows=2),
    _Heading("Trong kỳ", 1, 4, span=2),
    _Heading("Trực tuyến", 2, 4),
    _Heading("Trực tiếp, dịch vụ bưu chính", 2, 5),
    _Heading("Từ kỳ trước", 1, 6, rows=2),
    _Heading("Số lượng hồ sơ đã giải quyết", 0, 7, span=4),
    _Heading("Tổng số", 1, 7, rows=2),
    _Heading("Trước hạn", 1, 8, rows=2),
    _Heading("Đúng hạn", 1, 9, rows=2),
    _Heading("Quá hạn", 1, 10, rows=2),
    _Heading("Số lượng hồ sơ đang giải quyết", 0, 11, span=3),
    _Heading("Tổng số", 1, 11, rows=2),
    _Heading("Trong hạn", 1, 12, rows=2),
    _Heading("Quá hạn", 1, 13, rows=2),
)
_NUMBERS = ("(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8)+(9)+(10)", "(8)", "(9)", "(10)",
            "(11)=(12)+(13)", "(12)", "(13)")  # fmt: skip
_FOOTNOTES = (
    (
        "(4), (5): hồ sơ tiếp nhận trong kỳ, theo hình thức nộp; (6): tiếp nhận trước kỳ, chưa giải quyết xong.",
        "Received in the period, by channel; received earlier and still pending when it began.",
    ),
    (
        "(8), (9), (10): có kết quả trước, đúng, sau ngày hẹn trả ban đầu; hồ sơ trả lại, xin rút được tính ở (9).",
        "Finished before, on, after the original due date; returned and withdrawn ones count in (9).",
    ),
    (
        "(12), (13): chưa có kết quả vào cuối ngày cuối kỳ; (13): hẹn trả đến hết ngày đó; chờ bổ sung ở (12).",
        "Pending at the end of the last day; (13) due on or before it; those that wait for a supplement count in (12).",
    ),
    (
        "Phải có (3) = (7) + (11). Số liệu in đúng như đo được, không điều chỉnh.",
        "(3) = (7) + (11) must hold. Counts are printed as measured, never adjusted.",
    ),
)


def add_field_form(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the sheet of form II.06a."""
    _add_form(workbook, FIELD_FORM, content, content.field_form, footer)


def add_office_form(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the sheet of form II.06b."""
    _add_form(workbook, OFFICE_FORM, content, content.office_form, footer)


def _add_form(
    workbook: Workbook, form: Form, content: ReportContent, form_rows: Sequence[FormRow], footer: str
) -> None:
    sheet = open_sheet(workbook, form.sheet, _WIDTHS, is_landscape=True, footer=footer)
    _put_letterhead(sheet, form, content)
    _put_heading(sheet, form)
    row = _put_counts(sheet, _NUMBER_ROW + 1, form_rows)
    row = _put_footnotes(sheet, row + 1)
    _put_signatures(sheet, row + 1)


def _put_letterhead(sheet: Worksheet, form: Form, content: ReportContent) -> None:
    put(sheet, 1, 1, f"Biểu số: {form.number}", Look(size=11, is_bold=True), span=3)
    put(sheet, 1, 9, f"Đơn vị báo cáo: {content.department_vi}", Look(size=11), span=5)
    fit_height(sheet, 1, f"Đơn vị báo cáo: {content.department_vi}", 50)
    put(sheet, 3, 1, form.title_vi.upper(), TITLE, span=_SPAN)
    put(sheet, 4, 1, form.title_en, SUBTITLE, span=_SPAN)
    window = f"(từ ngày {content.first_day:%d/%m/%Y} đến ngày {content.last_day:%d/%m/%Y})"
    period = f"Kỳ báo cáo: {content.period_name_vi} {window}"
    put(sheet, 5, 1, period, Look(size=12, is_bold=True, align="center"), span=_SPAN)
    unit = "Đơn vị tính: Số hồ sơ thủ tục hành chính"
    put(sheet, 6, 1, unit, Look(size=11, is_italic=True, align="right"), span=_SPAN)
    sheet.row_dimensions[3].height = 24


def _put_heading(sheet: Worksheet, form: Form) -> None:
    for heading in (*_HEADINGS, _Heading(form.rows_vi, 0, 2, rows=3)):
        row = _HEAD_ROW + heading.row
        put(sheet, row, heading.column, heading.text, HEAD, span=heading.span, rows=heading.rows)
    for column, number in enumerate(_NUMBERS, start=1):
        look = Look(size=9, is_italic=True, align="center", has_box=True, fill=QUIET_FILL)
        put(sheet, _NUMBER_ROW, column, number, look)
    for offset, height in enumerate((20, 20, 48, 28)):
        sheet.row_dimensions[_HEAD_ROW + offset].height = height
    freeze_below(sheet, _HEAD_ROW, _NUMBER_ROW, 2)


def _put_counts(sheet: Worksheet, row: int, form_rows: Sequence[FormRow]) -> int:
    number = 0
    for form_row in form_rows:
        is_bold = form_row.is_total
        fill = QUIET_FILL if form_row.is_total else ""
        if form_row.is_total:
            label = Look(is_bold=True, align="center", has_box=True, fill=fill)
            put(sheet, row, 1, form_row.label, label, span=2)
        else:
            number += 1
            put(sheet, row, 1, number, Look(align="center", has_box=True))
            put(sheet, row, 2, form_row.label, Look(has_box=True))
        count = Look(align="right", has_box=True, is_bold=is_bold, fill=fill, number_format=COUNT_FORMAT)
        for column, value in enumerate(form_row.counts, start=3):
            put(sheet, row, column, value, count)
        fit_height(sheet, row, form_row.label, _WIDTHS[1], 17)
        row += 1
    return row


def _put_footnotes(sheet: Worksheet, row: int) -> int:
    put(sheet, row, 1, "Ghi chú / Notes:", Look(size=10, is_bold=True), span=_SPAN)
    for text_vi, text_en in _FOOTNOTES:
        row += 1
        text = f"{text_vi} / {text_en}"
        put(sheet, row, 1, text, NOTE, span=_SPAN)
        fit_height(sheet, row, text, sum(_WIDTHS) * 1.1, 13)
    return row + 1


def _put_signatures(sheet: Worksheet, row: int) -> None:
    name = Look(is_bold=True, align="center")
    put(
        sheet,
        row,
        8,
        "............, ngày ...... tháng ...... năm ..........",
        Look(is_italic=True, align="center"),
        span=6,
    )
    put(sheet, row + 1, 1, "NGƯỜI LẬP BIỂU", name, span=4)
    put(sheet, row + 1, 8, "THỦ TRƯỞNG ĐƠN VỊ", name, span=6)
    put(sheet, row + 2, 1, "(Ký, ghi rõ họ tên)", SUBTITLE, span=4)
    put(sheet, row + 2, 8, "(Ký, đóng dấu, ghi rõ họ tên)", SUBTITLE, span=6)

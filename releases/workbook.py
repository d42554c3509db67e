"""What does the report that an office prints, signs and keeps look like?

One workbook: cover, contents, notes, form II.06a, indicators against targets, reporting, nonconformities. It is a pure
function of its content, so the same content gives the same bytes.
"""

from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink

from releases import form_sheet, indicator_sheet
from releases.form_sheet import add_form_sheet
from releases.indicator_sheet import add_indicator_sheet
from releases.report import Grade, ReportContent, ReportState
from releases.sheets import (
    COUNT_FORMAT,
    DAY_FORMAT,
    QUIET_FILL,
    SUBTITLE,
    TITLE,
    Column,
    Look,
    Value,
    fit_height,
    open_sheet,
    put,
    put_heading,
    put_rows,
    put_title,
)
from schemas.spreadsheet import stable_bytes

REPORT_STATE_VI: dict[ReportState, str] = {
    "not_due": "Chưa đến hạn",
    "on_time": "Đúng hạn",
    "late": "Trễ hạn",
    "missing": "Chưa gửi",
    "rejected": "Không được chấp nhận",
}
GRADE_VI: dict[Grade, str] = {"major": "Nặng", "minor": "Nhẹ", "observation": "Lưu ý"}
NONCONFORMITY_STATE_VI = {
    "draft": "Đề xuất",
    "open": "Mới mở",
    "contained": "Đã ngăn chặn",
    "analysed": "Đã phân tích nguyên nhân",
    "planned": "Đã có kế hoạch",
    "in_progress": "Đang thực hiện",
    "implemented": "Đã thực hiện",
    "verifying": "Đang xác minh",
    "closed_effective": "Đã đóng (có hiệu lực)",
    "closed_ineffective": "Đã đóng (không hiệu lực)",
    "closed_corrected": "Đã đóng (đã khắc phục)",
    "cancelled": "Đã hủy",
    "duplicate": "Trùng lặp",
}
COVER, CONTENTS, NOTES = "Bìa", "Mục lục", "Ghi chú"
REPORTING, NONCONFORMITIES = "Tình hình gửi báo cáo", "Điểm không phù hợp"
_VERIFY_VI = (
    "1. Chạy “python verify.py” trong thư mục của bản công bố: mọi tệp, sổ cái và chữ ký được kiểm tra.\n"
    "2. So mã kiểm tra (head) ở trên với mã mà verify.py in ra và với mã ghi trong công văn gửi kèm."
)
_VERIFY_EN = (
    "Run “python verify.py” in the release's folder, then compare the ledger head above with the one that it prints "
    "and with the one in the covering letter."
)


@dataclass(frozen=True)
class _Entry:
    """One line of the contents."""

    sheet: str
    title_vi: str
    title_en: str


_CONTENTS = (
    _Entry(COVER, "Bìa và cách kiểm tra", "Cover and how to verify"),
    _Entry(NOTES, "Ghi chú về số liệu", "Notes on the figures"),
    _Entry(form_sheet.SHEET_NAME, "Tình hình, kết quả giải quyết thủ tục hành chính", "Form II.06a/VPCP/KSTT"),
    _Entry(indicator_sheet.SHEET_NAME, "Kết quả thực hiện các chỉ tiêu", "Indicators against targets"),
    _Entry(REPORTING, "Tình hình gửi báo cáo của các đơn vị", "Reports owed and received"),
    _Entry(NONCONFORMITIES, "Điểm không phù hợp mở trong kỳ", "Nonconformities"),
)
_NOTE_COLUMNS = (
    Column("STT", "No.", 6, "center"),
    Column("Nội dung", "Vietnamese", 62),
    Column("Tiếng Anh", "English", 48),
)
_CONTENT_COLUMNS = (
    Column("STT", "No.", 6, "center"),
    Column("Trang tính", "Sheet", 28),
    Column("Nội dung", "Content", 58),
)
_REPORTING_COLUMNS = (
    Column("STT", "No.", 6, "center"),
    Column("Đơn vị", "Unit", 40),
    Column("Báo cáo", "Report", 34),
    Column("Ngày cuối cùng của hạn gửi", "Last day", 14, "center", DAY_FORMAT),
    Column("Ngày nhận chính thức", "Officially received", 14, "center", DAY_FORMAT),
    Column("Ngày ghi nhận", "Recorded", 14, "center", DAY_FORMAT),
    Column("Tình trạng", "State", 22, "center"),
    Column("Lần nộp", "Submission", 18, "center"),
)
_NONCONFORMITY_COLUMNS = (
    Column("Số", "Number", 19, "center"),
    Column("Quy tắc", "Rule", 9, "center"),
    Column("Nội dung", "Message", 58),
    Column("Đơn vị", "Unit", 30),
    Column("Mức độ", "Grade", 10, "center"),
    Column("Trạng thái", "State", 18, "center"),
    Column("Ngày phát hiện", "Detected", 13, "center", DAY_FORMAT),
    Column("Đã kiểm tra", "Checked", 11, "right", COUNT_FORMAT),
    Column("Không đạt", "Failing", 11, "right", COUNT_FORMAT),
)


def report_workbook(content: ReportContent) -> bytes:
    """Return the report as xlsx; its document times are `content.published_at`."""
    workbook = Workbook()
    for sheet in workbook.worksheets:
        workbook.remove(sheet)
    workbook.properties.title = f"{content.title_vi} – {content.period_name_vi}"
    workbook.properties.creator = content.department_vi
    footer = f"{content.department_vi} – {content.period_name_vi} – v{content.version} – sổ cái {content.ledger_size}: "
    footer += content.ledger_head[:16]
    _add_cover(workbook, content, footer)
    _add_contents(workbook, content, footer)
    _add_notes(workbook, content, footer)
    add_form_sheet(workbook, content, footer)
    add_indicator_sheet(workbook, content, footer)
    _add_reporting(workbook, content, footer)
    _add_nonconformities(workbook, content, footer)
    return stable_bytes(workbook, content.published_at)


def _add_cover(workbook: Workbook, content: ReportContent, footer: str) -> None:
    sheet = open_sheet(workbook, COVER, (34, 68), is_landscape=False, footer=footer)
    put(sheet, 2, 1, content.department_vi.upper(), Look(size=14, is_bold=True, align="center"), span=2)
    put(sheet, 3, 1, content.department_en, SUBTITLE, span=2)
    put(sheet, 8, 1, content.title_vi.upper(), Look(size=20, is_bold=True, align="center", color=TITLE.color), span=2)
    put(sheet, 9, 1, f"{content.period_name_vi} / {content.period_name_en}", Look(size=14, align="center"), span=2)
    fit_height(sheet, 8, content.title_vi, 52, 27)
    window = f"{content.first_day:%d/%m/%Y} – {content.last_day:%d/%m/%Y}"
    rows = (
        ("Kỳ số liệu / Period covered", window),
        ("Phiên bản / Version", f"v{content.version}"),
        ("Công bố lúc / Published at", _moment(content)),
        ("Người đề nghị / Requested by", content.requested_by),
        ("Người phê duyệt / Approved by", content.approved_by),
        ("Số dòng sổ cái / Ledger size", f"{content.ledger_size}"),
        ("Mã kiểm tra sổ cái / Ledger head", content.ledger_head),
        ("Cách kiểm tra / How to verify", f"{_VERIFY_VI}\n{_VERIFY_EN}"),
    )
    for row, (label, text) in enumerate(rows, start=13):
        put(sheet, row, 1, label, Look(is_bold=True, has_box=True, fill=QUIET_FILL))
        is_hash = text == content.ledger_head
        put(
            sheet,
            row,
            2,
            text,
            Look(has_box=True, font="Courier New" if is_hash else TITLE.font, size=10 if is_hash else 12),
        )
        fit_height(sheet, row, text, 60, 17)


def _moment(content: ReportContent) -> str:
    at = content.published_at
    offset = at.strftime("%z")
    zone = f" (UTC{offset[:3]}:{offset[3:5]})" if offset else ""
    return f"{at:%H:%M} ngày {at:%d/%m/%Y}{zone}"


def _add_contents(workbook: Workbook, content: ReportContent, footer: str) -> None:
    widths = [column.width for column in _CONTENT_COLUMNS]
    sheet = open_sheet(workbook, CONTENTS, widths, is_landscape=False, footer=footer)
    row = put_title(sheet, "MỤC LỤC", f"Contents – {content.period_name_en}", len(widths))
    row = put_heading(sheet, row, _CONTENT_COLUMNS)
    rows: list[tuple[Value, ...]] = [
        (number, entry.sheet, f"{entry.title_vi}\n{entry.title_en}") for number, entry in enumerate(_CONTENTS, start=1)
    ]
    put_rows(sheet, row, _CONTENT_COLUMNS, rows, "")
    for offset, entry in enumerate(_CONTENTS):
        look = Look(size=11, has_box=True, color="FF0563C1")
        put(sheet, row + offset, 2, entry.sheet, look)
        cell = sheet.cell(row + offset, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{entry.sheet}'!A1", display=entry.sheet)


def _add_notes(workbook: Workbook, content: ReportContent, footer: str) -> None:
    widths = [column.width for column in _NOTE_COLUMNS]
    sheet = open_sheet(workbook, NOTES, widths, is_landscape=True, footer=footer)
    row = put_title(sheet, "GHI CHÚ VỀ SỐ LIỆU", f"Notes on the figures – {content.period_name_en}", len(widths))
    row = put_heading(sheet, row, _NOTE_COLUMNS)
    rows = [(number, vi, en) for number, (vi, en) in enumerate(content.notes, start=1)]
    put_rows(sheet, row, _NOTE_COLUMNS, rows, "Không có ghi chú. / No notes.")


def _add_reporting(workbook: Workbook, content: ReportContent, footer: str) -> None:
    widths = [column.width for column in _REPORTING_COLUMNS]
    sheet = open_sheet(workbook, REPORTING, widths, is_landscape=True, footer=footer)
    title = f"TÌNH HÌNH GỬI BÁO CÁO – {content.period_name_vi}"
    row = put_title(sheet, title, f"Reports owed and received – {content.period_name_en}", len(widths))
    row = put_heading(sheet, row, _REPORTING_COLUMNS)
    rows = [
        (
            number,
            item.unit_name,
            item.report_name,
            item.last_day_on,
            item.received_on,
            item.recorded_on,
            REPORT_STATE_VI[item.state],
            item.submission,
        )
        for number, item in enumerate(content.reporting, start=1)
    ]
    put_rows(sheet, row, _REPORTING_COLUMNS, rows, "Không có báo cáo nào phải gửi. / No report was owed.")


def _add_nonconformities(workbook: Workbook, content: ReportContent, footer: str) -> None:
    widths = [column.width for column in _NONCONFORMITY_COLUMNS]
    sheet = open_sheet(workbook, NONCONFORMITIES, widths, is_landscape=True, footer=footer)
    title = f"ĐIỂM KHÔNG PHÙ HỢP – {content.period_name_vi}"
    row = put_title(sheet, title, f"Nonconformities – {content.period_name_en}", len(widths))
    row = put_heading(sheet, row, _NONCONFORMITY_COLUMNS)
    rows = [
        (
            item.number,
            item.rule_id,
            item.message_vi,
            item.unit_name,
            GRADE_VI[item.grade],
            NONCONFORMITY_STATE_VI[item.state],
            item.detected_on,
            item.checked_count,
            item.failing_count,
        )
        for item in content.nonconformities
    ]
    put_rows(sheet, row, _NONCONFORMITY_COLUMNS, rows, "Không có điểm không phù hợp. / No nonconformity.")

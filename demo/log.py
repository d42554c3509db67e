"""What does the one-stop shop's system show of the dossiers at the time of an export, and how does its file look?

An export holds what was active in its window: received or entered in it, resolved in it, or open at its end.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from demo.dossiers import Dossier, exported_after
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.spreadsheet import stable_bytes, write_text

MOMENT_FORMAT = "%d/%m/%Y %H:%M:%S"
PENDING, FINISHED, PICKED_UP, WAITING = "Đang xử lý", "Đã có kết quả", "Đã trả kết quả", "Yêu cầu bổ sung"
_ENDED_OTHERWISE = {"withdrawn": "Xin rút", "stopped": "Dừng xử lý"}
# Group heading, and the headings under it; a column without a group spans both header rows.
_HEADER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("STT",)),
    ("Thông tin hồ sơ", ("Số hồ sơ", "Mã thủ tục", "Tên thủ tục hành chính")),
    ("Người nộp", ("Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD")),
    ("Thời gian", ("Ngày tiếp nhận", "Ngày hẹn trả ban đầu", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả")),
    ("Bổ sung hồ sơ", ("Ngày yêu cầu bổ sung", "Ngày bổ sung")),
    ("Xin lỗi, hẹn lại", ("Ngày gửi thư xin lỗi", "Ngày hẹn lại")),
    ("", ("Hình thức nộp",)),
    ("", ("Luân chuyển hồ sơ",)),
    ("", ("Kết quả số hóa",)),
    ("", ("Phòng ban",)),
    ("", ("Cán bộ xử lý",)),
    ("", ("Trạng thái hồ sơ",)),
)
_FIRST_COLUMN = 2
_HEADER_ROW = 6
_WIDTHS = (6, 28, 12, 48, 24, 14, 30, 16, *(20,) * 9, 24, 18, 14, 24, 24, 18)


@dataclass(frozen=True)
class LogRow:
    """One row of the log as it is exported: text, blank where the system has nothing."""

    code: str
    procedure_code: str
    procedure_name: str
    applicant: str
    phone: str
    address: str
    identity_number: str
    received: str
    original_due: str
    due: str
    finished: str
    picked_up: str
    supplement_asked: str
    supplement_completed: str
    apology: str
    reappointed: str
    channel: str
    circulation: str
    digitised: str
    office: str
    officer: str
    status: str


def active_in(quarter: Period, dossiers: Sequence[Dossier], before: Period | None) -> list[Dossier]:
    """Return the dossiers that the export of a quarter holds; `before` is the quarter exported before it."""
    exported_at = exported_after(quarter)
    exported_before_at = exported_after(before) if before is not None else datetime.min
    return [
        dossier
        for dossier in dossiers
        if dossier.entered_at < exported_at
        and dossier.received_at.date() <= quarter.last_day
        and (dossier.last_shown_at is None or exported_at <= dossier.last_shown_at)
        and (
            dossier.received_at.date() >= quarter.first_day
            or dossier.entered_at >= exported_before_at
            or (_finished_at(dossier, exported_at) or datetime.max).date() >= quarter.first_day
        )
    ]


def _finished_at(dossier: Dossier, at: datetime) -> datetime | None:
    """Return the end that the system states at a time."""
    if dossier.finish_changed_at is not None and at <= dossier.finish_changed_at:
        return _known(dossier.first_said_finished_at, at)
    return _known(dossier.finished_at, at)


def _known(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment < at else None


def as_exported(dossier: Dossier, at: datetime) -> LogRow:
    """Return the dossier's row as the system shows it at a time."""
    number, procedure = dossier.number, dossier.procedure
    finished_at, picked_up_at = _finished_at(dossier, at), _known(dossier.picked_up_at, at)
    asked_at, completed_at = _known(dossier.supplement_asked_at, at), _known(dossier.supplement_completed_at, at)
    apology_at = _known(dossier.apology_at, at)
    status = WAITING if asked_at is not None and completed_at is None else PENDING
    if finished_at is not None:
        status = _ENDED_OTHERWISE.get(dossier.fate, PICKED_UP if picked_up_at is not None else FINISHED)
    has_result = status in (FINISHED, PICKED_UP)
    return LogRow(
        code=dossier.code,
        procedure_code=procedure.code,
        procedure_name=procedure.name_vi,
        applicant=f"Người Thử Nghiệm {number:03d}",
        phone=f"0000 {number:06d}",
        address=f"Số {number}, đường Thử Nghiệm",
        identity_number=f"0000 0000 {number:04d}",
        received=_text(dossier.received_at),
        original_due=_text(dossier.due_at),
        due=_text(dossier.due_after_supplement_at if completed_at is not None else dossier.due_at),
        finished=_text(finished_at),
        picked_up=_text(picked_up_at if finished_at is not None else None),
        supplement_asked=_text(asked_at),
        supplement_completed=_text(completed_at),
        apology=_text(apology_at),
        reappointed=_text(dossier.reappointed_at if apology_at is not None else None),
        channel=dossier.channel,
        circulation=dossier.circulation,
        digitised=("Có" if dossier.is_digitised else "Không") if has_result else "",
        office=dossier.office_name,
        officer=dossier.officer,
        status=status,
    )


def _text(moment: datetime | None) -> str:
    return moment.strftime(MOMENT_FORMAT) if moment is not None else ""


def log_workbook(plan: Plan, quarter: Period, rows: Sequence[LogRow]) -> bytes:
    """Return the export's workbook; the same rows give the same bytes."""
    exported_at = exported_after(quarter)
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Sổ theo dõi"
    titles = (
        plan.document.name_vi.upper(),
        "SỔ THEO DÕI HỒ SƠ",
        f"Từ ngày {quarter.first_day:%d/%m/%Y} đến ngày {quarter.last_day:%d/%m/%Y}",
        f"Thời điểm kết xuất: {exported_at:%d/%m/%Y %H:%M:%S}",
    )
    for row, title in enumerate(titles, start=1):
        write_text(sheet.cell(row, _FIRST_COLUMN), title)
        sheet.cell(row, _FIRST_COLUMN).font = Font(bold=row < 3)
    width = _write_header(sheet)
    row = _HEADER_ROW + 2
    for offset in range(width):
        write_text(sheet.cell(row, _FIRST_COLUMN + offset), f"({offset + 1})")
    for number, shown in enumerate(rows, start=1):
        row += 1
        for offset, text in enumerate((str(number), *astuple(shown))):
            if text:
                write_text(sheet.cell(row, _FIRST_COLUMN + offset), text)
    write_text(sheet.cell(row + 1, _FIRST_COLUMN), "TỔNG CỘNG")
    write_text(sheet.cell(row + 1, _FIRST_COLUMN + 1), f"{len(rows)} hồ sơ")
    return stable_bytes(workbook, exported_at.replace(tzinfo=plan.zone))


def _write_header(sheet: Worksheet) -> int:
    """Write the two merged header rows; return how many columns they have."""
    column = _FIRST_COLUMN
    sheet.column_dimensions["A"].width = 3
    for group, headings in _HEADER:
        last = column + len(headings) - 1
        for offset, heading in enumerate(headings):
            write_text(sheet.cell(_HEADER_ROW + bool(group), column + offset), heading)
        if group:
            write_text(sheet.cell(_HEADER_ROW, column), group)
        end_row = _HEADER_ROW if group else _HEADER_ROW + 1
        sheet.merge_cells(start_row=_HEADER_ROW, start_column=column, end_row=end_row, end_column=last)
        column = last + 1
    for row in (_HEADER_ROW, _HEADER_ROW + 1):
        for cell in sheet[row]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for offset, width in enumerate(_WIDTHS):
        sheet.column_dimensions[get_column_letter(_FIRST_COLUMN + offset)].width = width
    return column - _FIRST_COLUMN

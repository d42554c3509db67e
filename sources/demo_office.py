"""How would a real office's files of one quarter look?

One export of the one-stop shop's system and the units' reports, with the mistakes that real ones have. Everything is
invented; the same plan, period and seed give the same bytes. What was planted is returned beside the files.
"""

import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time, timedelta

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import Period, ReportType, Unit
from schemas.spreadsheet import stable_bytes, write_text
from sources.demo_dossiers import LogDossier, invent_dossiers
from sources.template import ITEM_SHEET, TASK_HEADINGS, TASK_SHEET, TASK_STATES, item_name, template_workbook

_REPORT_TYPE = "cchc"
_REJECTING_RULES = ("D001", "D004", "D006", "D008", "D010", "D016")
_DAYS_LATE = 2
# Group heading, and the headings under it; a column without a group spans both header rows.
_HEADER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("STT",)),
    ("Thông tin hồ sơ", ("Số hồ sơ", "Mã thủ tục", "Tên thủ tục hành chính")),
    ("Người nộp", ("Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD")),
    ("Thời gian", ("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả", "Ngày yêu cầu bổ sung")),
    ("", ("Hình thức nộp",)),
    ("", ("Phòng ban",)),
    ("", ("Cán bộ xử lý",)),
    ("", ("Trạng thái hồ sơ",)),
)
_FIRST_COLUMN = 2
_HEADER_ROW = 6
_WIDTHS = (6, 28, 12, 48, 24, 14, 30, 16, 20, 20, 20, 20, 20, 24, 24, 24, 18)


@dataclass(frozen=True)
class DemoFile:
    """A file as it reached the department: when, and what shows that day."""

    name: str
    content: bytes
    officially_received_on: date
    evidence: str


@dataclass(frozen=True)
class Planted:
    """What was planted: rows or cells by rule, and which unit stands for which kind of trouble (codes)."""

    log_row_count: int
    log_rejected_row_count: int
    log_findings: Mapping[str, int]
    report_findings: Mapping[str, int]
    missing_unit: str
    late_unit: str
    text_unit: str
    wrong_sum_unit: str


@dataclass(frozen=True)
class DemoQuarter:
    """The files of a quarter, the log first, and what was planted in them."""

    files: tuple[DemoFile, ...]
    planted: Planted


def demo_files(plan: Plan, period: Period, seed: int) -> DemoQuarter:
    """Invent the files of one quarter, the log first.

    Raises ValueError where no unit report is due in the period, or fewer than four units send one.
    """
    rng = random.Random(seed)
    report_type = plan.report_type(_REPORT_TYPE)
    senders = [unit for unit in plan.units if unit.sends_reports]
    if period.id not in report_type.last_day_on:
        raise ValueError(f"no unit report is due in {period.id}")
    dossiers, log_findings, exported_at = invent_dossiers(plan, period, rng)
    log = DemoFile(
        name=f"so-theo-doi-ho-so-{_slug(period.id)}.xlsx",
        content=_log_workbook(plan, period, dossiers, exported_at),
        officially_received_on=exported_at.date(),
        evidence="E-Office số 05/BPMC",
    )
    missing, late, text, wrong_sum = (unit.code for unit in rng.sample(senders, 4))
    reports = []
    for number, unit in enumerate(senders, start=21):
        figures = _figures(rng)
        if unit.code == text:
            figures |= {"A7.1": "khoảng 120", "A9.1": "12 phiếu"}
        if unit.code == wrong_sum:
            figures |= {"A1.2": 6, "A1.3": 5, "A1.4": 3}
        received_on = report_type.last_day_on[period.id] - timedelta(days=rng.randrange(5))
        if unit.code == late:
            received_on = report_type.last_day_on[period.id] + timedelta(days=_DAYS_LATE)
        report = _report(plan, unit, period, report_type, figures)
        name = f"{unit.code}-bao-cao-CCHC-{period.id}.xlsx"
        if unit.code != missing:
            reports.append(DemoFile(name, report, received_on, f"E-Office số {number}/BC-{unit.code}"))
    planted = Planted(
        log_row_count=len(dossiers),
        log_rejected_row_count=sum(log_findings[rule_id] for rule_id in _REJECTING_RULES),
        log_findings=log_findings,
        report_findings={"R001": 2, "R003": 1},
        missing_unit=missing,
        late_unit=late,
        text_unit=text,
        wrong_sum_unit=wrong_sum,
    )
    return DemoQuarter((log, *reports), planted)


def _slug(period_id: str) -> str:
    year, part = period_id.split("-", 1)
    return f"quy-{part[1:]}-{year}" if part.startswith("Q") else f"{part.lower()}-{year}"


def _log_workbook(plan: Plan, period: Period, dossiers: Sequence[LogDossier], exported_at: datetime) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Sổ theo dõi"
    titles = (
        plan.document.name_vi.upper(),
        "SỔ THEO DÕI HỒ SƠ",
        f"Từ ngày {period.first_day:%d/%m/%Y} đến ngày {period.last_day:%d/%m/%Y}",
        f"Thời điểm kết xuất: {exported_at:%d/%m/%Y %H:%M:%S}",
    )
    for row, title in enumerate(titles, start=1):
        write_text(sheet.cell(row, _FIRST_COLUMN), title)
        sheet.cell(row, _FIRST_COLUMN).font = Font(bold=row < 3)
    width = _write_header(sheet)
    row = _HEADER_ROW + 2
    for offset in range(width):
        write_text(sheet.cell(row, _FIRST_COLUMN + offset), f"({offset + 1})")
    for number, dossier in enumerate(dossiers, start=1):
        row += 1
        for offset, text in enumerate((str(number), *astuple(dossier))):
            if text:
                write_text(sheet.cell(row, _FIRST_COLUMN + offset), text)
    write_text(sheet.cell(row + 1, _FIRST_COLUMN), "TỔNG CỘNG")
    write_text(sheet.cell(row + 1, _FIRST_COLUMN + 1), f"{len(dossiers)} hồ sơ")
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


def _figures(rng: random.Random) -> dict[str, int | str]:
    """Invent the figures of one unit's report; they agree with each other and satisfaction is just above 83 %."""
    planned, due = rng.randrange(12, 20), rng.randrange(4, 9)
    on_time = due - rng.randrange(2)
    staff = rng.randrange(18, 60)
    present, letters, sheets = staff - rng.randrange(3), rng.randrange(90, 400), rng.randrange(80, 220)
    problems, petitions = rng.randrange(4), rng.randrange(3)
    return {
        "A1.1": planned, "A1.2": due, "A1.3": on_time, "A1.4": rng.randrange(due - on_time + 1),
        "A1.5": rng.randrange(2, 12), "A2.1": rng.randrange(4), "A3.1": petitions, "A3.2": petitions,
        "A4.1": staff, "A4.2": present, "A5.1": present - 2, "A5.2": present - 2 - rng.randrange(2),
        "A5.3": rng.randrange(15), "A6.1": rng.randrange(300_000, 2_500_000), "A6.2": rng.randrange(5_000, 400_000),
        "A6.3": "Có", "A7.1": letters, "A7.2": letters - rng.randrange(30), "A7.3": rng.randrange(5, 60),
        "A8.1": problems, "A8.2": problems, "A9.1": sheets, "A9.2": sheets * 83 // 100 + 2,
    }  # fmt: skip


def _report(plan: Plan, unit: Unit, period: Period, report_type: ReportType, figures: Mapping[str, int | str]) -> bytes:
    """Fill in the unit's template as the unit would."""
    workbook = load_workbook(io.BytesIO(template_workbook(plan, unit, period, report_type)))
    items, tasks = workbook[ITEM_SHEET], workbook[TASK_SHEET]
    for item in plan.items_required_in(period.id):
        place = (workbook.defined_names[item_name(item.code)].attr_text or "").rpartition("!")[2]
        figure = figures.get(item.code, 0)
        cell = items[place.replace("$", "")]
        if isinstance(figure, str):
            write_text(cell, figure)
        else:
            cell.value = figure
    heading_row = next(row for row in range(1, tasks.max_row + 1) if tasks.cell(row, 2).value == TASK_HEADINGS[1])
    for number, (state, done_on) in enumerate(
        ((TASK_STATES[0], period.last_day - timedelta(days=20)), (TASK_STATES[1], None), (TASK_STATES[2], None)),
        start=1,
    ):
        row = heading_row + number
        write_text(tasks.cell(row, 2), f"Nhiệm vụ thử nghiệm {number} của {unit.short_name}")
        write_text(tasks.cell(row, 3), "Báo cáo")
        tasks.cell(row, 4).value = period.last_day + timedelta(days=30 * (number - 1))
        tasks.cell(row, 5).value = done_on
        write_text(tasks.cell(row, 6), state)
        if done_on is not None:
            write_text(tasks.cell(row, 7), f"Văn bản số {number:02d}/{unit.code}")
    return stable_bytes(workbook, datetime.combine(period.last_day, time(), UTC))

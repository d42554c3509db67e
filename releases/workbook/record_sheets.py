"""Who sent what, who did not, and which nonconformities came of it?"""

from dataclasses import replace

from openpyxl import Workbook

from releases.workbook.listing import Cell, Column, Listing, Row, add_listing
from releases.workbook.report import ReportContent, ReportState
from releases.workbook.sheets import BAD_FILL, COUNT_FORMAT, DAY_FORMAT, GOOD_FILL, QUIET_FILL
from releases.workbook.words import GRADE_VI, NONCONFORMITY_STATE_VI, NOTHING, REPORT_STATE_VI

REPORTING = Listing(
    "Tình hình gửi báo cáo",
    "Tình hình gửi báo cáo",
    "Reports owed and received, one a row",
    (
        Column("STT", "No.", 6, "center"),
        Column("Đơn vị", "Unit", 40),
        Column("Báo cáo", "Report", 40),
        Column("Ngày cuối cùng của hạn gửi", "Last day", 14, "center", DAY_FORMAT),
        Column("Ngày nhận chính thức", "Officially received", 14, "center", DAY_FORMAT),
        Column("Ngày ghi nhận", "Recorded", 14, "center", DAY_FORMAT),
        Column("Tình trạng", "State", 22, "center"),
        Column("Lần nộp", "Submission", 18, "center"),
        Column("Số lần nộp", "Rounds", 9, "right", COUNT_FORMAT),
        Column("Số ngày đến khi đạt", "Days to acceptance", 12, "right", COUNT_FORMAT),
        Column("Bản tính tại hạn", "Counted at the due date", 14, "center"),
        Column("Bản hiện hành", "In force", 14, "center"),
    ),
    "Không có báo cáo nào phải gửi. / No report was owed.",
)
# Its columns go on with one for each type of report.
REPORTING_BY_UNIT = Listing(
    "Báo cáo theo đơn vị",
    "Báo cáo theo đơn vị và loại",
    "Units and the reports that they owed",
    (
        Column("STT", "No.", 6, "center"),
        Column("Đơn vị", "Unit", 46),
    ),
    REPORTING.when_empty,
    fixed_columns=2,
)
NONCONFORMITIES = Listing(
    "Điểm không phù hợp",
    "Điểm không phù hợp",
    "Nonconformities",
    (
        Column("Số", "Number", 19, "center"),
        Column("Quy tắc", "Rule", 9, "center"),
        Column("Nội dung", "Message", 58),
        Column("Đơn vị", "Unit", 30),
        Column("Mức độ", "Grade", 10, "center"),
        Column("Trạng thái", "State", 18, "center"),
        Column("Ngày phát hiện", "Detected", 13, "center", DAY_FORMAT),
        Column("Đã kiểm tra", "Checked", 11, "right", COUNT_FORMAT),
        Column("Không đạt", "Failing", 11, "right", COUNT_FORMAT),
        Column("Chịu trách nhiệm", "Owner", 26),
        Column("Hạn", "Due", 13, "center", DAY_FORMAT),
        Column("Diễn biến", "Course", 34),
    ),
    "Không có điểm không phù hợp. / No nonconformity.",
)
_FILL: dict[ReportState, str] = {"on_time": GOOD_FILL, "late": BAD_FILL, "missing": BAD_FILL, "rejected": BAD_FILL}


def add_reporting_by_unit(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add a row per unit and a column per type of report; a blank cell is a report that the unit does not owe."""
    reports = list(dict.fromkeys(item.report_name for item in content.reporting))
    units = list(dict.fromkeys(item.unit_name for item in content.reporting))
    states = {(item.unit_name, item.report_name): item.state for item in content.reporting}
    columns = (*REPORTING_BY_UNIT.columns, *(Column(report, "State", 24, "center") for report in reports))
    rows: list[Row] = [
        (number, unit, *(_state(states.get((unit, report))) for report in reports))
        for number, unit in enumerate(units, start=1)
    ]
    add_listing(workbook, replace(REPORTING_BY_UNIT, columns=columns), content, rows, footer)


def _state(state: ReportState | None) -> Cell:
    return Cell("") if state is None else Cell(REPORT_STATE_VI[state], fill=_FILL.get(state, QUIET_FILL))


def add_reporting(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add every report that was owed, with its days and the submission that decided."""
    rows: list[Row] = [
        (
            number,
            item.unit_name,
            item.report_name,
            item.last_day_on or NOTHING,
            item.received_on,
            item.recorded_on,
            _state(item.state),
            item.submission,
            item.round_count,
            item.days_to_acceptance,
            item.submission_at_due,
            item.submission_in_force,
        )
        for number, item in enumerate(content.reporting, start=1)
    ]
    add_listing(workbook, REPORTING, content, rows, footer)


def add_nonconformities(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the period's part of the register."""
    rows: list[Row] = [
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
            item.owner_name,
            item.due_on or NOTHING,
            "\n".join(item.course),
        )
        for item in content.nonconformities
    ]
    add_listing(workbook, NONCONFORMITIES, content, rows, footer)

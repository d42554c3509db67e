"""What became of the plan's tasks, one by one, and by area and lead?"""

from openpyxl import Workbook

from releases.workbook.listing import Cell, Column, Listing, Row, add_listing
from releases.workbook.report import ReportContent, TaskRow, TaskState, TaskSummaryRow
from releases.workbook.sheets import BAD_FILL, COUNT_FORMAT, DAY_FORMAT, GOOD_FILL, QUIET_FILL
from releases.workbook.words import NOTHING, TASK_STATE_VI

TASKS = Listing(
    "Nhiệm vụ",
    "Tình hình thực hiện nhiệm vụ",
    "Every task of the plan and what became of it",
    (
        Column("Mã", "Task", 8, "center"),
        Column("Nhóm nhiệm vụ", "Area", 22),
        Column("Nhiệm vụ", "Task", 50),
        Column("Sản phẩm", "Product", 30),
        Column("Thời gian thực hiện", "Schedule", 22),
        Column("Chủ trì", "Lead", 22),
        Column("Ngày cuối", "Last day", 13, "center", DAY_FORMAT),
        Column("Ngày hoàn thành", "Done on", 13, "center", DAY_FORMAT),
        Column("Tình trạng", "State", 16, "center"),
        Column("Văn bản minh chứng", "Evidence", 24),
    ),
    "Kế hoạch không có nhiệm vụ nào. / The plan has no task.",
)
SUMMARY = Listing(
    "Tổng hợp nhiệm vụ",
    "Tổng hợp nhiệm vụ theo nhóm và nơi chủ trì",
    "Tasks by area and lead",
    (
        Column("Nhóm nhiệm vụ", "Area", 40),
        Column("Chủ trì", "Lead", 34),
        Column("Số nhiệm vụ", "Tasks", 11, "right", COUNT_FORMAT),
        Column("Số lần phải làm", "Times due", 11, "right", COUNT_FORMAT),
        Column("Đúng hạn", "Done on time", 11, "right", COUNT_FORMAT),
        Column("Trễ hạn", "Done late", 11, "right", COUNT_FORMAT),
        Column("Quá hạn", "Overdue", 11, "right", COUNT_FORMAT),
        Column("Chưa đến hạn", "Not due", 11, "right", COUNT_FORMAT),
        Column("Không định ngày", "Without day", 11, "right", COUNT_FORMAT),
        Column("Thiếu minh chứng", "Without evidence", 13, "right", COUNT_FORMAT),
    ),
    "Kế hoạch không có nhiệm vụ nào. / The plan has no task.",
)
_FILL: dict[TaskState, str] = {
    "done_on_time": GOOD_FILL,
    "done": GOOD_FILL,
    "done_late": BAD_FILL,
    "overdue": BAD_FILL,
}


def add_tasks(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add every task, once for each time that it is due."""
    add_listing(workbook, TASKS, content, [_row(task) for task in content.tasks], footer)


def _row(task: TaskRow) -> Row:
    return (
        task.task_id,
        task.area,
        task.task_vi,
        task.product_vi,
        task.schedule_vi,
        task.lead,
        task.last_day_on or NOTHING,
        task.done_on or NOTHING,
        Cell(TASK_STATE_VI[task.state], fill=_FILL.get(task.state, QUIET_FILL)),
        task.evidence or NOTHING,
    )


def add_task_summary(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the counts by area and lead, with their total as measured."""
    rows = [_counts(row) for row in content.task_summary if not row.is_total]
    total = next((row for row in content.task_summary if row.is_total), None)
    add_listing(
        workbook, SUMMARY, content, rows, footer, total=(None, None, *total.counts) if total is not None else None
    )


def _counts(row: TaskSummaryRow) -> Row:
    return (row.area, row.lead, *row.counts)

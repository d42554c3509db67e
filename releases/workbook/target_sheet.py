"""What became of every target of the plan?

A target that can be met in more than one way has a row for each: what this figure says, and what became of the target.
"""

from openpyxl import Workbook

from releases.workbook.figure_cells import QUANTITY_COLUMNS, quantity_cells
from releases.workbook.listing import Cell, Column, Listing, Row, add_listing
from releases.workbook.report import ReportContent, TargetRow, TargetStatus
from releases.workbook.sheets import BAD_FILL, GOOD_FILL, QUIET_FILL
from releases.workbook.words import NOTHING, TARGET_STATUS_VI

TARGETS = Listing(
    "Chỉ tiêu",
    "Kết quả thực hiện các chỉ tiêu",
    "Every target of the plan and what became of it",
    (
        Column("Mã", "Target", 9, "center"),
        Column("Chỉ tiêu", "Target in the plan's words", 50),
        Column("Số liệu đối chiếu", "Figure", 38),
        *QUANTITY_COLUMNS,
        Column("Mức phải đạt", "Bound", 20, "center"),
        Column("Theo số liệu này", "By this figure", 16, "center"),
        Column("Kết quả chỉ tiêu", "Result", 16, "center"),
        Column("Lý do", "Reason", 34),
    ),
    "Kế hoạch không có chỉ tiêu nào. / The plan has no target.",
    fixed_columns=2,
)
_FILL: dict[TargetStatus, str] = {"met": GOOD_FILL, "missed": BAD_FILL}


def add_targets(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the sheet of targets."""
    add_listing(workbook, TARGETS, content, [_row(target) for target in content.targets], footer)


def _row(target: TargetRow) -> Row:
    figure = target.figure
    shown = quantity_cells(figure) if figure is not None else tuple(Cell(NOTHING) for _ in QUANTITY_COLUMNS)
    way: TargetStatus | None = target.way_status
    if figure is not None and figure.has_no_cases:
        way = "no_cases"
    return (
        target.target_id,
        target.text_vi,
        target.figure_name or NOTHING,
        *shown,
        target.bound_text or NOTHING,
        TARGET_STATUS_VI[way] if way is not None else NOTHING,
        Cell(TARGET_STATUS_VI[target.status], fill=_FILL.get(target.status, QUIET_FILL), is_bold=True),
        target.reason,
    )

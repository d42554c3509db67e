"""A task table as a unit draws it itself: below its table of figures, or in a sheet of its own."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

from openpyxl import Workbook

from tests.support.own_report import HEADING, TITLES, Row, item_rows

TASK_HEADING: Row = (
    "STT", "Nhiệm vụ", "Sản phẩm", "Thời hạn", "Ngày hoàn thành", "Tình trạng", "Văn bản minh chứng", "Mã nhiệm vụ",
    "Người thực hiện",
)  # fmt: skip
DUE_ON, DONE_ON = date(2022, 3, 1), date(2022, 2, 28)
# What a task's row says from its name to its document, as the template has it.
SOUND_TASK: Row = ("Việc một", "Báo cáo", DUE_ON, DONE_ON, "Hoàn thành", "Số 01/TV")


def task_rows(*tasks: Row) -> list[Row]:
    return [(number, *task) for number, task in enumerate(tasks, start=1)]


def task_table(*tasks: Row, heading: Row = TASK_HEADING) -> list[Row]:
    """Return what may stand below a table of figures: a title, the heading, a row for each task."""
    return [(), ("II", "NHIỆM VỤ CỦA ĐƠN VỊ"), heading, *task_rows(*tasks)]


def sheets_of(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def in_two_sheets(*tasks: Row) -> bytes:
    """Return a report whose tasks stand in a sheet of their own."""
    return sheets_of({"Số liệu": [*TITLES, HEADING, *item_rows()], "Công việc": task_table(*tasks)})

"""How does an answer look in a terminal? Short tables, Vietnamese first."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

STATES = {
    "not_due": "chưa đến hạn",
    "on_time": "đúng hạn",
    "late": "[yellow]trễ hạn[/]",
    "missing": "[red]chưa gửi[/]",
    "rejected": "[red]bị trả lại[/]",
    "accepted": "chấp nhận",
    "met": "[green]đạt[/]",
    "missed": "[red]không đạt[/]",
    "no_cases": "không phát sinh",
    "no_data": "không có số liệu",
    "provisional": "tạm tính",
    "not_determined": "chưa xác định",
    "done_on_time": "xong đúng hạn",
    "done_late": "xong trễ hạn",
    "overdue": "[red]quá hạn[/]",
    "done": "đã xong",
    "open": "mở",
    "fatal": "[red]chặn[/]",
    "warning": "[yellow]cảnh báo[/]",
    "info": "thông tin",
    "major": "[red]nặng[/]",
    "minor": "nhẹ",
    "observation": "khuyến nghị",
    "requested": "[yellow]đề nghị / requested[/]",
    "approved": "[yellow]đã duyệt / approved[/]",
    "published": "[green]đã công bố / published[/]",
    "superseded": "đã thay / superseded",
    "withdrawn": "[red]đã thu hồi / withdrawn[/]",
}
KINDS = {"dossier_log": "sổ hồ sơ", "unit_report": "báo cáo"}


def console() -> Console:
    """Return the console for answers; wide enough for tables where the output is no terminal."""
    found = Console(highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(highlight=False, width=140)


def word(state: object) -> str:
    """Return what people read for a state."""
    return STATES.get(str(state), str(state)) if state is not None else ""


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()) -> Table:
    """Return a table; `right` names the positions of columns that hold numbers."""
    shown = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for position, column in enumerate(columns):
        shown.add_column(column, justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    return shown

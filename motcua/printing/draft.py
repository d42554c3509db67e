"""What does the command about unknown logs print?"""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from motcua.printing.terminal import table
from schemas.text import visible

if TYPE_CHECKING:
    from sources.drafts.draft import Draft, DraftColumn

_PERSONAL = {"drop": "bỏ, không lưu", "hmac": "thay bằng khóa HMAC"}
_GRAINS = {"row": "mỗi dòng một hồ sơ / a row is a dossier", "event": "mỗi dòng một sự kiện / a row is an event"}


def _said(column: "DraftColumn") -> str:
    """Say what was found in a column, without a value of it."""
    if column.personal is not None:
        return f"dữ liệu cá nhân / personal: {_PERSONAL[column.personal]}"
    if column.dates is not None:
        state = "đã chứng minh" if column.dates.is_proven else "chưa chứng minh"
        return f"{', '.join(column.dates.formats) or '–'} ({state})"
    if column.values:
        return ", ".join(f"{label} → {meaning or '?'}" for label, meaning in column.values.items())
    return ""


def show_draft(console: Console, draft: "Draft", out: Path | None, profiles: Path) -> None:
    """Print a draft: its columns, what it could not tell, and what to do next."""
    from sources.drafts.toml import as_toml

    rows = [[column.heading, column.name, _said(column)] for column in draft.columns]
    title = f"{draft.row_count} dòng, {draft.dossier_count} hồ sơ; {draft.encoding}; {_GRAINS[draft.grain]}"
    console.print(table(title, ("Tiêu đề / heading", "Cột / column", "Nội dung / content"), rows))
    for note in draft.notes:
        console.print(f"· {note}")
    if draft.unused:
        console.print(f"· Không đọc / not read: {', '.join(draft.unused)}")
    asked = [[question.key, question.text] for question in draft.questions]
    console.print(table("Cần xác nhận / to confirm", ("Khóa / key", "Câu hỏi / question"), asked))
    if out is None:
        console.print("Bản nháp / the draft:")
        print(visible(as_toml(draft), kept="\n"), end="")
    else:
        console.print(f"Đã ghi / wrote {out}", soft_wrap=True)
        told = f"Trả lời trong tệp ấy rồi chép vào / answer in it, then copy it to {profiles}"
        console.print(told, soft_wrap=True)

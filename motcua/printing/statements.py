"""What was stated of a submission, by whom, and what took its place: how does that look in a terminal?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Console

from audit.statements import Matter, Statement
from flows.measures.names import column_text, unit_text
from flows.measures.wording import day_text, moment_text
from motcua.printing.terminal import table
from schemas.plan import Plan

if TYPE_CHECKING:
    from audit.events import CorrectionDeclared
    from flows.intake.submission import Shown

_MATTERS: Mapping[Matter, str] = {
    "receipt": "ngày nhận / day of receipt",
    "sender": "nơi gửi / sender",
    "period": "kỳ / period",
    "standing": "hiệu lực / standing",
}
_STANDING = {"counts": "được tính / counts", "withdrawn": "đã rút / withdrawn"}


def _statement_text(one: Statement, plan: Plan) -> str:
    """Return what was stated, by what evidence, as people read it."""
    if not one.value:
        return "không khai / not stated"
    match one.matter:
        case "receipt":
            return f"{day_text(date.fromisoformat(one.value))} ({one.evidence})"
        case "sender":
            said = unit_text(plan, one.value)
        case "period":
            said = one.value
        case "standing":
            said = _STANDING[one.value]
    return f"{said} ({one.evidence})" if one.reason and one.evidence else said


def show_statements(console: Console, stated: Sequence[Statement], plan: Plan) -> None:
    """Print what was stated otherwise before: each matter of which more than one thing was said."""
    mended = [one.matter for one in stated if not one.is_in_force]
    rows = [
        [_MATTERS[one.matter], _statement_text(one, plan), "có / yes" if one.is_in_force else "không còn / no longer",
         one.actor, moment_text(one.at, plan.zone), one.reason]
        for matter in dict.fromkeys(mended) for one in stated if one.matter == matter
    ]  # fmt: skip
    if rows:
        columns = ("Về", "Đã khai", "Hiệu lực / in force", "Ai", "Lúc", "Lý do")
        console.print(table("Đã khai / what was stated", columns, rows))


def show_corrections(console: Console, shown: "Shown", plan: Plan) -> None:
    """Print each cell that is read otherwise than the file holds it: from what to what, by whom, when and why."""
    rows = [
        [one.number, _place(one, shown, plan), f"{one.expected} → {one.replacement}", entry.actor,
         moment_text(entry.at, plan.zone), f"{one.reason} ({one.evidence})"]
        for entry, one in shown.corrections
    ]  # fmt: skip
    if rows:
        columns = ("Số", "Ô", "Trong tệp → được tính", "Ai", "Lúc", "Lý do (chứng cứ)")
        console.print(table("Đính chính / corrections: tệp vẫn như đã gửi / the file stays as it came", columns, rows))


def _place(one: "CorrectionDeclared", shown: "Shown", plan: Plan) -> str:
    """Return where a correction applies, as people find it: the sheet as its sender calls it, the cell or the row."""
    sheet = shown.sheet_titles.get(one.sheet, one.sheet)
    return f"{sheet}!{one.cell}" if one.cell is not None else f"{sheet}!{one.row}, {column_text(plan, one.column_name)}"

"""What was stated of a submission, by whom, and what took its place: how does that look in a terminal?"""

from collections.abc import Mapping, Sequence
from datetime import date

from rich.console import Console

from audit.statements import Matter, Statement
from flows.measures.names import unit_text
from flows.measures.wording import day_text, moment_text
from motcua.printing.terminal import table
from schemas.plan import Plan

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

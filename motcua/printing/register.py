"""How does the register of nonconformities look in a terminal?"""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from rich.console import Console

from audit.events import Source
from audit.steps import STATE_VI
from flows.measures.names import nonconformity_text, rule_text, unit_text
from flows.measures.wording import day_text, local_day, moment_text
from motcua.printing.terminal import styled, table, word
from releases.workbook.words import TAKEN_AWAY_VI

if TYPE_CHECKING:
    from audit.steps import Nonconformity
    from flows.register.book import Card, Line
    from flows.register.pareto import Share
    from schemas.plan import Plan

_SAID = {
    "nonconformity_opened": "mở / opened",
    "nonconformity_recorded": "ghi / recorded",
    "nonconformity_observed": "số lượng khác / other quantities",
    "nonconformity_gone": "không còn thấy / gone",
    "nonconformity_returned": "lại thấy / came back",
    "nonconformity_contained": "ngăn chặn / contained",
    "nonconformity_analysed": "nguyên nhân / cause",
    "nonconformity_planned": "kế hoạch / planned",
    "nonconformity_acted": "đã làm / acted",
    "nonconformity_implemented": "làm xong / implemented",
    "nonconformity_verifying": "xác minh / verifying",
    "nonconformity_closed": "đóng / closed",
    "nonconformity_cancelled": "hủy / cancelled",
    "nonconformity_reopened": "mở lại / reopened",
    "nonconformity_linked": "liên kết / linked",
}
_SOURCES: Mapping[Source, str] = {
    "rule": "quy tắc / a rule",
    "internal_audit": "đánh giá nội bộ / an internal audit",
    "external_audit": "đánh giá bên ngoài / an external audit",
    "complaint": "phản ánh, kiến nghị / a complaint",
    "management_review": "xem xét của lãnh đạo / a management review",
    "supplier": "bên cung cấp / a supplier",
    "person": "người phát hiện / a person",
}
# What says of itself where it stands in the history, or stands in the card already.
_NOT_TOLD = frozenset({
    "event", "number", "evidence", "rule_id", "rule_version", "unit_code", "period", "dataset", "clause", "process",
    "grade", "owner", "due_on", "checked_count", "failing_count",
})  # fmt: skip


def owner_text(plan: "Plan", item: "Nonconformity") -> str:
    """Return whose a nonconformity is: a unit by its name, a person by theirs."""
    return unit_text(plan, item.owner) if any(unit.code == item.owner for unit in plan.units) else item.owner


def course(item: "Nonconformity", zone: tzinfo) -> str:
    """Return where a nonconformity stands: its state, and whether later data took it away."""
    state = STATE_VI[item.state]
    if item.gone_at is not None and item.gone_because is not None:
        by = f"{item.gone_submission} {TAKEN_AWAY_VI[item.gone_because]}".removeprefix("None ")
        state += f"; không còn từ / gone since {day_text(local_day(item.gone_at, zone))}: {by}"
    if item.returned_at is not None:
        state += f"; lại thấy từ / back since {day_text(local_day(item.returned_at, zone))}"
    return state


def _standing(line: "Line", plan: "Plan") -> str:
    waived = f"; ngoại lệ / waived {line.waiver.number}" if line.waiver is not None else ""
    return course(line.item, plan.zone) + waived


def show_lines(console: Console, found: "Sequence[Line]", plan: "Plan") -> None:
    """Print a part of the register."""
    if not found:
        console.print("Không có điểm nào / no nonconformity")
        return
    rows = [
        [one.item.number, f"{nonconformity_text(one.item)}, {unit_text(plan, one.item.identity.unit_code)}",
         word(one.item.grade), _standing(one, plan), owner_text(plan, one.item),
         styled("[red]{}[/]" if one.is_overdue else "{}", day_text(one.item.due_now_on)), one.age_days]
        for one in found
    ]  # fmt: skip
    columns = ("Số", "Nội dung, đơn vị", "Mức", "Trạng thái", "Chịu trách nhiệm", "Hạn", "Tuổi (ngày)")
    console.print(table("Điểm không phù hợp / nonconformities", columns, rows, right=(6,), whole=(0,)))
    still_open = sum(one.item.is_open for one in found)
    console.print(f"Còn mở {still_open} trên {len(found)} / {still_open} of {len(found)} are open")


def show_pareto(console: Console, found: "Sequence[Share]", by: str, plan: "Plan") -> None:
    """Print what most have in common, with the running total."""

    def called(of: str) -> str:
        return rule_text(of) if by == "rule" else unit_text(plan, of) if by == "unit" else of

    rows = [[called(one.of), one.count, f"{one.cumulative_count}/{one.total_count}"] for one in found]
    console.print(table("Điểm không phù hợp theo / by " + by, ("Theo", "Số điểm", "Lũy kế"), rows, right=(1, 2)))


def show_card(console: Console, card: "Card", plan: "Plan") -> None:
    """Print one nonconformity: what it is, what is done about it, what later periods say, and its whole history."""
    item, line = card.line.item, card.line
    facts: Mapping[str, object] = {
        "Nội dung / what": nonconformity_text(item),
        "Nguồn / source": _SOURCES[item.source],
        "Đơn vị / unit": unit_text(plan, item.identity.unit_code),
        "Kỳ / period": item.identity.period,
        "Điều khoản / clause": item.clause,
        "Quá trình / process": item.process,
        "Mức / grade": word(item.grade),
        "Trạng thái / state": course(item, plan.zone),
        "Chịu trách nhiệm / owner": owner_text(plan, item),
        "Hạn / due": day_text(item.due_now_on) + (" (quá hạn / overdue)" if line.is_overdue else ""),
        "Tuổi / age": f"{line.age_days} ngày / days",
        "Không đạt / failing": f"{item.failing_count}/{item.checked_count}",
        "Ngoại lệ / waiver": (
            f"{line.waiver.number} đến hết / until {day_text(line.waiver.last_day_on)}" if line.waiver else ""
        ),
        "Lặp lại của / recurs after": item.recurrence_of or "",
        "Tiếp nối bởi / goes on in": item.followed_by or "",
        "Trùng với / duplicate of": item.duplicate_of or "",
        "Liên quan / related": ", ".join(item.related_to),
        "Bằng chứng / evidence": "; ".join(item.evidence),
    }  # fmt: skip
    console.print(f"{item.number}")
    for name, value in facts.items():
        if str(value).strip():
            console.print(f"  {name}: {value}")
    for action in item.actions:
        done = f"xong / done {day_text(action.done_on)}: {action.evidence}" if action.done_on else "chưa xong / open"
        console.print(f"  {action.number}. {action.text} ({action.owner}, {day_text(action.due_on)}): {done}")
    if item.criterion is not None:
        rule, count = rule_text(item.criterion.rule_id), item.criterion.period_count
        console.print(f"  Hiệu lực khi / works when: {rule}: đạt ở {count} kỳ sau / holds in {count} later periods")
    for check in card.checks:
        said = "đạt / holds" if check.holds else "không đạt / fails"
        console.print(f"  {check.period}: {said} ({check.failing_count}/{check.checked_count})")
    rows = [
        [entry.seq, moment_text(entry.at, plan.zone), entry.actor, _SAID[event.event], _told(event.model_dump())]
        for entry, event in card.history
    ]
    console.print(table("Lịch sử / history", ("Dòng", "Lúc", "Ai", "Việc", "Nội dung"), rows, right=(0,)))


def _told(said: Mapping[str, object]) -> str:
    counts = f"{said['failing_count']}/{said['checked_count']}" if "failing_count" in said else ""
    simple = {name: value for name, value in said.items() if not isinstance(value, tuple | dict)}
    texts = (str(value) for name, value in simple.items() if name not in _NOT_TOLD)
    return "; ".join(text for text in (counts, *texts) if text not in ("", "None"))


def show_step(console: Console, done: "Sequence[Nonconformity]") -> None:
    """Print where each nonconformity stands after a step."""
    for item in done:
        followed = f", tiếp nối bởi / goes on in {item.followed_by}" if item.followed_by else ""
        console.print(f"{item.number}: {STATE_VI[item.state]} / {item.state}{followed}")

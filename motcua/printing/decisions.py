"""How do people, exceptions and releases look in a terminal?"""

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING

from rich.console import Console

from flows.measures.names import rule_text, unit_text
from flows.measures.wording import day_text, moment_text
from motcua.printing.terminal import styled, table, word

if TYPE_CHECKING:
    from audit.releases import Version
    from audit.waivers import Waiver
    from flows.entry.enrolment import Person
    from flows.release.decisions import Requested
    from flows.release.publish import Published
    from schemas.plan import Plan

_ENOUGH_MANAGERS = 2
_ONE_ACCOUNT = " (cùng tài khoản với người đề nghị / under the account that asked)"
_UNSIGNED = " (trước khi ký cá nhân / before persons signed)"
_RESTATEMENTS = {"first": "lần đầu / first", "minor": "số liệu / values", "major": "định nghĩa / definitions"}


def show_people(console: Console, found: "Sequence[Person]", zone: tzinfo) -> None:
    """Print who holds which roles, with which key since when; and where nobody could mend the loss of a key."""
    from flows.entry.authority import ROLE_NAMES

    rows = [
        [
            one.name, "; ".join(ROLE_NAMES[role] for role in sorted(one.roles)),
            one.key.fingerprint[:16] if one.key else "", moment_text(one.key.enrolled_at, zone) if one.key else "",
        ]
        for one in sorted(found, key=lambda one: one.name)
    ]  # fmt: skip
    console.print(table("Con người / people", ("Họ tên", "Vai trò", "Khóa", "Ghi danh lúc"), rows))
    if sum("quality_manager" in one.roles for one in found) < _ENOUGH_MANAGERS:
        console.print(
            "lưu ý / note: chỉ một người quản lý chất lượng, mất khóa thì không ai phân công được nữa / one quality"
            " manager alone: should that key be lost nobody could appoint people any more: appoint a second"
        )


def show_waivers(console: Console, found: "Sequence[Waiver]", plan: "Plan", today: date) -> None:
    """Print exceptions with what became of each."""
    if not found:
        console.print("Không có ngoại lệ nào / no waiver")
        return
    rows: list[list[object]] = []
    for one in found:
        state = styled("[green]hiệu lực / in force[/]" if one.is_in_force(today) else "hết hạn / over")
        if one.revoked_at is not None:
            state = styled("đã thôi / revoked: {}", one.revoked_because)
        rows.append([
            one.number, one.period, rule_text(one.rule_id), unit_text(plan, one.unit_code), one.failing_count,
            day_text(one.last_day_on), state, one.approved_by, one.reason,
        ])  # fmt: skip
    columns = ("Số", "Kỳ", "Nội dung (quy tắc)", "Đơn vị", "Số lỗi", "Đến hết", "Tình trạng", "Người duyệt", "Lý do")
    console.print(table("Ngoại lệ / waivers", columns, rows, right=(4,)))


def _is_new(console: Console, done: "Published | Requested", refused_vi: str) -> bool:
    """Return whether a version came of it; print why none did."""
    if done.reasons:
        console.print(styled("[red]{}: {} / the gate refused[/]", done.period, refused_vi))
        for reason in done.reasons:
            console.print(f"  - {reason}")
        return False
    if not done.is_new:
        console.print(f"{done.period}: không có gì mới so với v{done.version} / nothing new since v{done.version}")
    return done.is_new


_WAITS_FOR = {
    "approval": "đang chờ duyệt / already waits for approval",
    "publication": "đã duyệt, chờ công bố / approved already, waits to be published",
}


def _show_waiting(console: Console, done: "Requested", reason: str) -> None:
    """Print that what is asked for waits already, with which reason; another reason given now is not recorded."""
    with_reason = f", lý do / reason: {done.waits_with}" if done.waits_with else ""
    console.print(f"{done.period} v{done.version}: {_WAITS_FOR[done.waits_for or 'approval']}{with_reason}")
    if reason.strip() not in ("", done.waits_with):
        console.print(f"Lý do mới không được ghi / the new reason is not recorded: {reason.strip()}")


def show_requested(console: Console, done: "Requested", reason: str = "") -> None:
    """Print what was asked for, or every reason against it; `reason` is the one given now."""
    if done.waits_for is not None:
        _show_waiting(console, done, reason)
    elif _is_new(console, done, "không đề nghị được"):
        console.print(
            f"{done.period} v{done.version}: đã đề nghị công bố / requested\nNgười khác đọc rồi duyệt / somebody else"
            f" reads and approves: motcua release show {done.period}, motcua release approve {done.period} --actor …"
        )
    if done.folder is not None:
        console.print(f"Bản để đọc / to be read: {done.folder}")


def show_published(console: Console, done: "Published") -> None:
    """Print the release, or every reason against it."""
    if _is_new(console, done, "không công bố được"):
        console.print(f"{done.period}: đã công bố v{done.version} / published: {done.folder}")


def show_versions(console: Console, found: "Sequence[Version]", zone: tzinfo) -> None:
    """Print every version with its state."""
    if not found:
        console.print("Chưa có bản nào được đề nghị / no release was asked for yet: motcua release request PERIOD")
        return
    rows: list[list[object]] = []
    for one in found:
        why = one.withdrawn_because or one.reason
        kind = _RESTATEMENTS[one.restatement]
        approved_by = one.approved_by + (_ONE_ACCOUNT if one.is_of_one_account and one.approved_key else "")
        if one.approved_by and not one.approved_key:
            approved_by += _UNSIGNED
        rows.append([
            one.period, one.number, word(one.state), kind, one.requested_by, approved_by,
            moment_text(one.published_at, zone), moment_text(one.embargo_until, zone), why,
        ])  # fmt: skip
    columns = ("Kỳ", "Bản", "Tình trạng", "Điều chỉnh", "Đề nghị", "Duyệt", "Công bố lúc", "Cấm đến", "Lý do")
    console.print(table("Bản công bố / releases", columns, rows))

"""What do a proposed plan and its effect look like in a terminal?"""

from collections.abc import Sequence

from rich.console import Console

from audit.events import PlanEffect, PlanProposed
from audit.plans import Proposal
from flows.measures.names import change_name_text, target_text
from flows.measures.wording import day_text, local_day, moment_text
from motcua.printing.terminal import table
from schemas.plan import Plan

STATES = {
    "proposed": "đề nghị / proposed",
    "accepted": "đã chấp nhận / accepted",
    "rejected": "không chấp nhận / rejected",
    "outdated": "đã cũ / outdated",
}
VERDICTS = {
    "met": "đạt / met",
    "missed": "không đạt / missed",
    "no_cases": "không phát sinh / no cases",
    "no_data": "không có số liệu / no data",
    "not_determined": "chưa xác định / not determined",
    "": "không có / none",
}


def line(console: Console, text: str) -> None:
    """Print a text as it is; the terminal breaks it, a file keeps it whole."""
    console.print(text, markup=False, soft_wrap=True)


def show_proposals(console: Console, found: Sequence[Proposal], plan: Plan) -> None:
    """Print every proposal with its state."""
    rows = [
        [one.number, STATES[one.state], one.proposed_by, _day(one.proposed_at, plan), one.decided_by,
         _day(one.decided_at, plan), len(one.event.changes),
         sum(len(effect.verdicts) for effect in one.event.effects), one.event.reason]
        for one in found
    ]  # fmt: skip
    columns = (
        "Số",
        "Tình trạng",
        "Người đề nghị",
        "Ngày",
        "Người quyết định",
        "Ngày",
        "Chỗ đổi",
        "Kết luận đổi",
        "Lý do",
    )
    console.print(table("Đề nghị đổi kế hoạch / proposed plans", columns, rows, right=(6, 7)))


def show_proposal(console: Console, proposal: Proposal, plan: Plan, *, is_seen_again: bool = False) -> None:
    """Print one proposal: every difference, and what it turns."""
    event = proposal.event
    again = " (đã có / was proposed before)" if is_seen_again else ""
    line(console, f"{event.number}: {STATES[proposal.state]}{again}")
    line(console, f"  {proposal.proposed_by}, {moment_text(proposal.proposed_at, plan.zone)} · {event.reason}")
    line(console, f"  Kế hoạch / plan {event.old_plan_sha256[:12]} → {event.new_plan_sha256[:12]}")
    line(console, f"  Minh chứng / evidence: SHA-256 {event.evidence_sha256}, {event.evidence_size} byte")
    if proposal.decided_by:
        because = f" · {proposal.decided_because}" if proposal.decided_because else ""
        line(console, f"  {proposal.decided_by}, {moment_text(proposal.decided_at, plan.zone)}{because}")
    line(console, f"Khác kế hoạch hiện hành / differs from the plan in force ({len(event.changes)})")
    for change in event.changes:
        line(console, f"  {change_name_text(plan, change)}")
    _show_effects(console, event, plan)
    if proposal.state == "proposed":
        line(console, f"Tiếp theo, người khác / next, somebody else: motcua plan accept {event.number} --actor …")


def show_decisions(console: Console, found: Sequence[Proposal], plan: Plan) -> None:
    """Print every accepted change of the plan: who, when, from what to what, and what it turned."""
    if found:
        line(console, "Kế hoạch thay đổi / changes of the plan")
    for one in found:
        line(
            console,
            f"{one.number}: {one.proposed_by} đề nghị / proposed {moment_text(one.proposed_at, plan.zone)},"
            f" {one.decided_by} chấp nhận / accepted {moment_text(one.decided_at, plan.zone)} · {one.event.reason}",
        )
        for change in one.event.changes:
            line(console, f"  {change_name_text(plan, change)}")
        for effect in one.event.effects:
            for verdict in effect.verdicts:
                said = f"{VERDICTS[verdict.before]} → {VERDICTS[verdict.after]}"
                name = target_text(plan, verdict.target_id)
                line(console, f"  kết luận đổi / verdict turned: {effect.period}, {name}: {said}")


def _day(at: str, plan: Plan) -> str:
    return day_text(local_day(at, plan.zone)) if at else ""


def _show_effects(console: Console, event: PlanProposed, plan: Plan) -> None:
    line(console, "Sẽ đổi gì, mọi điều khác như nhau / what it turns, all else being equal")
    if not event.effects:
        line(console, "  chưa có kỳ nào được tổng hợp / no period was consolidated yet")
    for effect in event.effects:
        line(console, f"  {effect.period}: {_said(effect)}")
        for verdict in effect.verdicts:
            turn = f"{VERDICTS[verdict.before]} → {VERDICTS[verdict.after]}"
            line(console, f"    {target_text(plan, verdict.target_id)}: {turn}")


def _said(effect: PlanEffect) -> str:
    if effect.problem:
        return effect.problem
    figures, verdicts = effect.figure_count, len(effect.verdicts)
    if not figures and not verdicts:
        return "không số liệu hay kết luận nào đổi / no figure or verdict changes"
    return f"{figures} số liệu, {verdicts} kết luận đổi / {figures} figures, {verdicts} verdicts change"

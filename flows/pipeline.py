"""When does something run? The Prefect flows around the plain verbs.

Flows are few and large, tasks thin: they call a verb. The ledger is the record; what Prefect remembers may be cleaned
at any time. Who runs a flow, and for which workspace, is no parameter (`flows.flow_run.caller`). What a page shows is
counts and names of the plan, no cell of a file.
"""

from collections.abc import Sequence
from datetime import date

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from audit.ledger import Ledger
from flows.desk.status import status
from flows.flow_run import account
from flows.flow_run.caller import Caller
from flows.flow_run.page import label, show_summary, show_table
from flows.flow_run.steps import StepFailedError, as_step, ended
from flows.intake.intake import Taken, take_in
from flows.measures.consolidate import Consolidated
from flows.measures.consolidate import consolidate as consolidate_verb
from flows.measures.due import closed_by, to_consolidate
from flows.measures.names import period_text
from flows.measures.periods import latest_consolidation
from flows.release.draft_folder import draft_period
from flows.release.publish import Published
from flows.release.publish import publish as publish_verb
from flows.release.written_draft import undrafted
from schemas.plan import Plan
from schemas.plan_models import Period

_FLOW_SECONDS = 4 * 3600


@flow(name="intake", timeout_seconds=_FLOW_SECONDS, persist_result=False)
def intake() -> list[Taken] | State[None]:
    """Tiếp nhận các tệp đang chờ trong inbox / take in what waits."""
    return ended("intake", _take_in)


@flow(name="sweep", timeout_seconds=_FLOW_SECONDS, persist_result=False)
def sweep() -> list[Consolidated] | State[None]:
    """Tiếp nhận, rồi tổng hợp lại những kỳ đã đổi hoặc lỡ lịch / take in, then bring up to date what needs it."""
    return ended("status", _sweep)


@flow(name="consolidate", timeout_seconds=_FLOW_SECONDS, persist_result=False)
def consolidate(period: str | None = None) -> list[Consolidated] | State[None]:
    """Tổng hợp một kỳ; theo lịch thì tiếp nhận rồi tổng hợp các kỳ vừa đóng / consolidate.

    What closed last is told from the time for which the run was scheduled. A named period is consolidated and no more,
    as without a server.
    """
    command = f"consolidate {period}" if period is not None else "status"
    return ended(command, lambda who: _consolidate(who, period))


@flow(name="publish", timeout_seconds=_FLOW_SECONDS, persist_result=False)
def publish(period: str) -> Published | State[None]:
    """Công bố bản đã duyệt của một kỳ; lịch không có quyền này / publish what was approved; the schedule may not."""
    return ended(f"publish {period}", lambda who: _publish(who, period))


def _period(plan: Plan, period_id: str) -> Period:
    known = {period.id: period for period in plan.periods}
    if period_id not in known:
        raise StepFailedError(
            f"kỳ này không có trong kế hoạch / there is no such period in the plan: {', '.join(known)}"
        )
    return known[period_id]


def _take_in(who: Caller) -> list[Taken]:
    plan = who.workspace.plan
    label(plan, "Tiếp nhận", [], "")
    # File names may name people, so none is a parameter.
    taken = as_step("Tiếp nhận", "intake", lambda: take_in(who.workspace, who.door("intake"), []))
    get_run_logger().info(account.taken_line(taken))
    if taken:
        show_table(plan, "submissions", "Các lần nộp", account.submissions_table(plan, taken))
    return taken


def _consolidate(who: Caller, period_id: str | None) -> list[Consolidated]:
    plan = who.workspace.plan
    label(plan, "Tổng hợp", [], "")
    if period_id is not None:
        return _bring_up_to_date(who, (_period(plan, period_id),))
    scheduled = flow_run.get_scheduled_start_time()
    day = scheduled.astimezone(plan.zone).date() if scheduled is not None else date.min
    return _as_scheduled(who, closed_by(plan, day))


def _sweep(who: Caller) -> list[Consolidated]:
    return _as_scheduled(who, ())


def _as_scheduled(who: Caller, closed: Sequence[Period]) -> list[Consolidated]:
    """Take in what waits, consolidate what is to be consolidated by now, and leave a draft of each for a person."""
    _take_in(who)
    workspace = who.workspace
    now, at = who.door("consolidate").stamp.at, workspace.settings.schedule.consolidate_at
    periods = to_consolidate(Ledger(workspace.ledger), workspace.plan, now, at, closed)
    done = _bring_up_to_date(who, periods)
    # Also those of a run that was cut off before it came to its drafts.
    for period in dict.fromkeys((*periods, *undrafted(workspace, Ledger(workspace.ledger)))):
        _draft_period(who, period)
    return done


def _bring_up_to_date(who: Caller, periods: Sequence[Period]) -> list[Consolidated]:
    plan = who.workspace.plan
    if not periods:
        return []
    label(plan, "Tổng hợp", periods, "")
    done = [_consolidate_period(who, period) for period in periods]
    for period, one in zip(periods, done, strict=True):
        _show_period(who, who.door("status").today(plan), period, one)
    label(plan, "Tổng hợp", periods, _inputs_sha256(who, periods))
    return done


def _consolidate_period(who: Caller, period: Period) -> Consolidated:
    door = who.door("consolidate")
    done = as_step(
        f"Tổng hợp {period.id}", f"consolidate {period.id}", lambda: consolidate_verb(who.workspace, door, period)
    )
    get_run_logger().info(account.consolidated_line(period, done))
    return done


def _draft_period(who: Caller, period: Period) -> None:
    door = who.door("draft")
    made = as_step(f"Bản thảo {period.id}", "status", lambda: draft_period(who.workspace, door, period))
    if made is not None:
        get_run_logger().info(account.draft_line(period, made.statement))
        show_summary(who.workspace.plan, f"{period.id}-draft", account.draft_summary(period, made.statement))


def _inputs_sha256(who: Caller, periods: Sequence[Period]) -> str:
    entries = Ledger(who.workspace.ledger).entries
    found = [latest_consolidation(entries, period.id) for period in periods]
    return " ".join(event.inputs_sha256[:8] for one in found if one is not None for event in one[1:])


def _show_period(who: Caller, day: date, period: Period, done: Consolidated) -> None:
    plan = who.workspace.plan
    found = status(who.workspace, plan, day, period).periods[0]
    name, title = period.id, period_text(period)
    show_summary(plan, f"{name}-summary", account.period_summary(plan, found, done))
    show_table(plan, f"{name}-figures", f"Chỉ số, {title}", account.figures_table(found))
    show_table(plan, f"{name}-targets", f"Chỉ tiêu, {title}", account.targets_table(plan, found))
    nonconformities = account.nonconformities_table(plan, found)
    show_table(plan, f"{name}-nonconformities", f"Điểm không phù hợp, {title}", nonconformities)
    get_run_logger().info(account.found_line(period, found))
    get_run_logger().info(account.next_line(period, found))


def _publish(who: Caller, period_id: str) -> Published:
    plan = who.workspace.plan
    label(plan, "Công bố", [], "")
    period = _period(plan, period_id)
    label(plan, "Công bố", [period], "")
    door = who.door("publish")
    published = as_step(
        f"Công bố {period.id}", f"publish {period.id}", lambda: publish_verb(who.workspace, door, period)
    )
    show_summary(plan, f"{period.id}-release", account.published_summary(period, published))
    return published

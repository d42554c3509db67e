"""What does a status print? Who has sent, what the figures are, what is not as it should be, whom to remind."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from rich.console import Console
from rich.text import Text

from flows.measures.names import (
    figure_text,
    nonconformity_text,
    report_type_name,
    target_text,
    unit_name,
    unit_text,
)
from flows.measures.targets import Ratio
from flows.measures.wording import count, day_text, local_day, moment_text, value_text
from motcua.printing.register import course
from motcua.printing.terminal import KINDS, styled, table, word
from motcua.printing.waiting import show_waiting
from releases.workbook.report import Trend
from releases.workbook.words import TREND_VI
from schemas.plan import Plan
from schemas.text import visible
from sql.indicators import load_indicators

if TYPE_CHECKING:
    from flows.desk.reminders import WrittenReminder
    from flows.desk.status import PeriodStatus, Status
    from flows.measures.reporting import ExpectedReport

_OPEN_SHOWN = 3
_PLAN_BEFORE = "tính theo kế hoạch trước / under the plan before"


def _submission_rows(status: "Status", plan: Plan) -> list[list[object]]:
    rows: list[list[object]] = []
    for line in status.submissions:
        taken = line.taken
        state = "đã rút" if line.is_withdrawn else word(taken.state) + (" (trống)" if taken.is_blank else "")
        sender = taken.unit_code or taken.sender
        # A log is of the whole department: who sent it is not always stated.
        of = [KINDS[taken.kind], *([unit_text(plan, sender)] if sender else [])]
        counts = (taken.read_count, taken.accepted_count, taken.rejected_count, taken.ignored_count)
        rows.append(
            [taken.number, ", ".join(of), day_text(taken.officially_received_on),
             day_text(local_day(taken.recorded_at, plan.zone)), state, "/".join(f"{one}" for one in counts),
             line.file_name]
        )  # fmt: skip
    return rows


def show_status(console: Console, status: "Status", plan: Plan) -> None:
    """Print the state of the workspace."""
    if status.writer:
        console.print(styled("[yellow]Đang ghi / writing now:[/] {}", status.writer))
    if status.settings_edit:
        console.print(styled("[yellow]lưu ý / note[/]  {}", status.settings_edit))
    waiting = len(status.waiting_files)
    console.print(
        f"{plan.document.name_vi} · sổ cái {status.ledger_size} dòng · lần ghi cuối"
        f" {moment_text(status.last_commit_at, plan.zone) or '–'} · {waiting} tệp chờ trong inbox"
    )
    if status.open_to_others:
        said = (
            "[yellow]lưu ý / note[/]  {} mục người khác trên máy mở được, lệnh ghi kế tiếp sẽ đóng"
            " / open to others on this machine, the next writing command closes them: {}"
        )
        shown = ", ".join(status.open_to_others[:_OPEN_SHOWN])
        console.print(styled(said, len(status.open_to_others), shown))
    if status.plan_edit:
        edited = f"Kế hoạch bị sửa, chưa hiệu lực / plan edited, not in force: {status.plan_edit}"
        console.print(edited, style="yellow", soft_wrap=True)
    elif status.waiting_proposals:
        numbers = ", ".join(status.waiting_proposals)
        console.print(f"Chờ quyết định về kế hoạch / the plan waits for a decision: {numbers}: motcua plan proposals")
    show_waiting(console, status.waiting)
    _show_left_alone(console, status)
    for sentence in status.untried_backups:
        console.print(styled("[yellow]lưu ý / note[/]  {}", sentence))
    columns = ("Lần nộp", "Loại, nơi gửi", "Nhận chính thức", "Ghi nhận", "Kết quả", "Đọc/nhận/ loại/bỏ qua", "Tệp")
    if status.submissions:
        console.print(table("Các lần nộp / submissions", columns, _submission_rows(status, plan), right=(5,)))
    for period in status.periods:
        show_period(console, period, plan)


def _show_left_alone(console: Console, status: "Status") -> None:
    """Print what the inbox holds that is not taken in, and why; what other programs leave there is counted."""
    if status.inbox_problem:
        console.print(f"inbox: {status.inbox_problem}")
    for sentence in status.register_questions:
        console.print(f"  inbox/{sentence}", soft_wrap=True)
    for one in status.left_alone:
        if not one.is_quiet:
            console.print(f"  inbox/{one.sentence}")
    counts = Counter(one.why for one in status.left_alone if one.is_quiet)
    if counts:
        words = {"mark": "tệp phụ / of other programs", "hidden": "tệp ẩn / hidden"}
        said = " · ".join(f"{number} {words[why]}" for why, number in sorted(counts.items()))
        console.print(f"  không lấy / left alone: {said}")


def show_period(console: Console, status: "PeriodStatus", plan: Plan) -> None:
    """Print one period: who has sent, figures against targets, tasks, nonconformities, release."""
    period = status.period
    days = f"{period.first_day:%d/%m/%Y}–{period.last_day:%d/%m/%Y}"
    console.print(styled("\n[bold]{} ({}, {})[/]", period.name_vi, period.id, days))
    show_expected(console, status, plan)
    show_sent(console, status)
    if status.consolidated_at is None:
        console.print(f"Chưa tổng hợp / not consolidated yet: motcua consolidate {status.period.id}")
        return
    _show_freshness(console, status)
    show_figures(console, status, plan)
    show_tasks(console, status, plan)
    show_nonconformities(console, status, plan)
    release = f"bản công bố v{status.version}" if status.version else "chưa công bố / not published"
    console.print(f"Tổng hợp lúc {moment_text(status.consolidated_at, plan.zone)} · {release}")


def _show_freshness(console: Console, status: "PeriodStatus") -> None:
    """Print what the figures, and the published ones, do not know yet."""
    fresh, period_id = status.fresh, status.period.id
    again = f": motcua consolidate {period_id}"
    if fresh.is_of_plan_before:
        said = f"Số liệu và kết quả dưới đây {_PLAN_BEFORE}; kế hoạch đã đổi / the plan has changed since{again}"
        console.print(said, style="yellow", soft_wrap=True)
    if fresh.since_consolidated:
        said = f"Số liệu dưới đây chưa tính / the figures do not know yet: {_first(fresh.since_consolidated)}{again}"
        console.print(said, style="yellow", soft_wrap=True)
    if fresh.published and fresh.since_published:
        restate = f"{period_id} {fresh.published} đã công bố, phải điều chỉnh / is published and to be restated"
        ask = f"motcua release request {period_id} --reason …"
        console.print(f"{restate}: {_first(fresh.since_published)}: {ask}", style="yellow", soft_wrap=True)


def _first(sentences: Sequence[str]) -> str:
    more = f" (+{len(sentences) - _OPEN_SHOWN})" if len(sentences) > _OPEN_SHOWN else ""
    return "; ".join(sentences[:_OPEN_SHOWN]) + more


# In the order of the table: what is there first, what is lacking last.
_REPORT_STATES = ("on_time", "provisional", "late", "rejected", "missing", "not_due", "not_determined")
_TO_SAY = ("late", "rejected", "missing")


def days_late(expected: "ExpectedReport", today: date) -> int:
    """Return how many days a report is or was past its last day; 0 where it is not, or where that day is unknown."""
    if expected.last_day_on is None:
        return 0
    # A late one came; the others are still out.
    until = expected.officially_received_on if expected.state == "late" else today
    return max(((until or today) - expected.last_day_on).days, 0)


def _sender_text(one: "ExpectedReport", plan: Plan) -> str:
    name = unit_name(plan, one.unit_code)
    if one.officially_received_on is not None:
        return f"{name} ({one.officially_received_on:%d/%m})"
    # Of what is due on no known day the state does not tell that nothing came.
    return f"{name} (chưa gửi)" if one.state == "not_determined" else name


def _of(one: "ExpectedReport", plan: Plan) -> str:
    return f"{unit_text(plan, one.unit_code)}: {report_type_name(plan, one.report_type)}"


def rounds_text(one: "ExpectedReport") -> str:
    """Return how often a report came, how long until it was accepted, and which submission counted when."""
    if one.round_count <= 1:
        return ""
    parts = [f"{one.round_count} lần gửi / rounds"]
    if one.days_to_acceptance is not None:
        parts.append(f"{one.days_to_acceptance} ngày đến khi đạt / days to acceptance")
    if one.submission_in_force is not None:
        at_due = one.submission_at_due or "không / none"
        parts.append(f"tại hạn / at the due date {at_due}, hiện hành / in force {one.submission_in_force}")
    return ", " + ", ".join(parts)


def show_expected(console: Console, status: "PeriodStatus", plan: Plan) -> None:
    """Print the expected reports, one line for each type and state, then one for each that is late or lacking."""
    if not status.expected:
        return
    rows: list[list[object]] = []
    for type_id in dict.fromkeys(one.report_type for one in status.expected):
        of_type = [one for one in status.expected if one.report_type == type_id]
        day = next((f"{one.last_day_on:%d/%m/%Y}" for one in of_type if one.last_day_on), "chưa xác định")
        title, last_day = report_type_name(plan, type_id), day
        for state in _REPORT_STATES:
            found = [one for one in of_type if one.state == state]
            if found:
                senders = ", ".join(_sender_text(one, plan) for one in found)
                rows.append([title, last_day, word(state), f"{len(found)}/{len(of_type)}", senders])
                title, last_day = "", ""
    columns = ("Loại báo cáo", "Ngày cuối", "Tình trạng", "Số", "Nơi gửi (ngày nhận chính thức)")
    console.print(table("Tình hình gửi báo cáo / expected reports", columns, rows, right=(3,)))
    to_say = [one for one in status.expected if one.state in _TO_SAY]
    for one in to_say:
        late = days_late(one, status.today)
        by = f", {late} ngày sau hạn / days late" if late else ""
        console.print(Text.assemble("  ", word(one.state), "  ", visible(f"{_of(one, plan)}{by}{rounds_text(one)}")))
    for one in status.expected:
        if one.round_count > 1 and one not in to_say:
            console.print(f"  {_of(one, plan)}{rounds_text(one)}", style="dim")
    if any(one.state != "late" for one in to_say):
        console.print(
            f"Dự thảo nhắc / reminder drafts: motcua remind {status.period.id} → {status.reminder_folder}/", style="dim"
        )


def show_sent(console: Console, status: "PeriodStatus") -> None:
    """Print what the department itself owes of the period, and whether a release was there by then."""
    for one in status.sent:
        published = f", công bố {one.published_on:%d/%m/%Y}" if one.published_on is not None else ""
        missing = one.state == "missing"
        late = styled("[red]đã quá hạn, chưa công bố / not published[/]")
        state = late if missing else word(one.state)
        report = f"Sở gửi {one.report.recipient_vi}: {one.report.name_vi}, ngày cuối {one.last_day_on:%d/%m/%Y}: "
        console.print(Text.assemble(visible(report), state, published))


def show_tasks(console: Console, status: "PeriodStatus", plan: Plan) -> None:
    """Print what became of the plan's tasks, by area; a task counts once for each time that it is due."""
    if not status.tasks:
        return
    counts = Counter((str(row["area"]), str(row["state"])) for row in status.tasks)
    states = ("done_on_time", "done_late", "overdue", "not_due")
    rows: list[list[object]] = []
    for area in plan.document.area:
        done, still_open = counts[area.id, "done"], counts[area.id, "open"]
        undated = f"{done}/{done + still_open}" if done + still_open else ""
        rows.append([f"{area.id}. {area.name_vi}", *(counts[area.id, state] or "" for state in states), undated])
    columns = ("Lĩnh vực", *(str(word(state)).capitalize() for state in states[:2]), "Quá hạn", "Chưa đến hạn",
               "Không nêu ngày (xong/số)")  # fmt: skip
    console.print(table("Nhiệm vụ / tasks, theo lần đến hạn", columns, rows, right=(1, 2, 3, 4, 5)))


def show_figures(console: Console, status: "PeriodStatus", plan: Plan) -> None:
    """Print what became of the targets, then the department's figures."""
    known = {target.id for target in plan.targets}
    in_words = [target.id for target in plan.targets if not target.ways and not target.tasks]
    targets: list[list[object]] = [
        [target_text(plan, str(row["target_id"])),
         row["threshold"],
         word(row["status"])]
        for row in status.targets
        if row["target_id"] in known and row["target_id"] not in in_words
    ]  # fmt: skip
    title = "Chỉ tiêu / targets" + (f", {_PLAN_BEFORE}" if status.fresh.is_of_plan_before else "")
    console.print(table(title, ("Chỉ tiêu (mã)", "Mức", "Kết quả"), targets))
    if in_words:
        console.print("Chỉ tiêu định tính, không tính từ dữ liệu / stated in words, not computed:")
        for target_id in in_words:
            console.print(f"  {target_text(plan, target_id)}")
        console.print()
    indicators = load_indicators()
    rows: list[list[object]] = []
    for row in status.figures:
        indicator = indicators.get(str(row["indicator_id"]))
        ratio = Ratio(cast(Decimal | None, row["numerator"]), cast(Decimal | None, row["denominator"]))
        if row["status"] == "composite" or indicator is None:
            continue
        shown = value_text(ratio.numerator, ratio.denominator, indicator.unit_of_measure)
        fraction = f"{count(ratio.numerator)}/{count(ratio.denominator)}" if ratio.numerator is not None else ""
        trend = TREND_VI[cast(Trend | None, row["trend"])].lower()
        rows.append([figure_text(indicator.id), fraction, shown, trend])
    columns = ("Chỉ số (mã)", "Tử/mẫu", "Giá trị", "So kỳ trước")
    title = "Chỉ số / figures" + (f", {_PLAN_BEFORE}" if status.fresh.is_of_plan_before else "")
    console.print(table(title, columns, rows, right=(1, 2)))


def show_nonconformities(console: Console, status: "PeriodStatus", plan: Plan) -> None:
    """Print the period's part of the register."""
    if not status.nonconformities:
        console.print("Không có điểm không phù hợp / no nonconformity")
        return
    rows = [
        [nc.number, nonconformity_text(nc), unit_text(plan, nc.identity.unit_code), word(nc.grade),
         course(nc, plan.zone), day_text(nc.due_now_on), f"{nc.failing_count}/{nc.checked_count}"]
        for nc in status.nonconformities
    ]  # fmt: skip
    columns = ("Số", "Nội dung (quy tắc)", "Đơn vị", "Mức", "Trạng thái", "Hạn", "Không đạt/đã kiểm")
    console.print(table("Điểm không phù hợp / nonconformities", columns, rows, right=(6,), whole=(0,)))


def show_reminders(console: Console, written: Sequence["WrittenReminder"], plan: Plan) -> None:
    """Print each draft that was written, and what it asks for."""
    if not written:
        console.print("Không phải nhắc ai / nobody has to be reminded")
        return
    rows = [
        [unit_text(plan, one.reminder.unit_code), report_type_name(plan, report.report_type),
         day_text(report.last_day_on), word(report.state), one.path.name]
        for one in written
        for report in one.reminder.reports
    ]  # fmt: skip
    columns = ("Kính gửi", "Báo cáo", "Ngày cuối", "Tình trạng", "Tệp")
    console.print(table("Dự thảo nhắc / reminder drafts", columns, rows))
    console.print(f"Đã ghi / wrote {len(written)} tệp vào / files into {written[0].path.parent}", soft_wrap=True)

"""What does a status print? Who has sent, what the figures are, what is not as it should be."""

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from rich.console import Console

from flows.targets import Ratio
from motcua.terminal import KINDS, count, share, table, word
from schemas.plan import Plan
from schemas.rules import load_rules
from sql.indicators import load_indicators

if TYPE_CHECKING:
    from flows.status import PeriodStatus, Status


def _submission_rows(status: "Status") -> list[list[object]]:
    rows: list[list[object]] = []
    for line in status.submissions:
        taken = line.taken
        state = "đã rút" if line.is_withdrawn else word(taken.state) + (" (trống)" if taken.is_blank else "")
        recorded = taken.recorded_at[:10]
        official = taken.officially_received_on.isoformat()
        rows.append(
            [taken.number, KINDS[taken.kind], taken.unit_code or taken.sender or "", official, recorded,
             state, taken.read_count, taken.accepted_count, taken.rejected_count, taken.ignored_count, line.file_name]
        )  # fmt: skip
    return rows


def show_status(console: Console, status: "Status", plan: Plan) -> None:
    """Print the state of the workspace."""
    if status.writer:
        console.print(f"[yellow]Đang ghi / writing now:[/] {status.writer}")
    waiting = len([name for name in status.waiting_files if name != "received.csv"])
    console.print(
        f"{plan.document.name_vi} · sổ cái {status.ledger_size} dòng · lần ghi cuối {status.last_commit_at or '–'}"
        f" · {waiting} tệp chờ trong inbox"
    )
    columns = (
        "Lần nộp",
        "Loại",
        "Nơi gửi",
        "Nhận chính thức",
        "Ghi nhận",
        "Kết quả",
        "Đọc",
        "Nhận",
        "Loại bỏ",
        "Bỏ qua",
        "Tệp",
    )
    if status.submissions:
        console.print(table("Các lần nộp / submissions", columns, _submission_rows(status), right=(6, 7, 8, 9)))
    for period in status.periods:
        show_period(console, period, plan)


def show_period(console: Console, status: "PeriodStatus", plan: Plan) -> None:
    """Print one period: who has sent, figures against targets, nonconformities, release."""
    names = {unit.code: unit.name_vi for unit in plan.units}
    types = {report_type.id: report_type.name_vi for report_type in plan.report_types}
    period = status.period
    console.print(f"\n[bold]{period.name_vi} ({period.id}, {period.first_day:%d/%m/%Y}–{period.last_day:%d/%m/%Y})[/]")
    if status.expected:
        rows = [
            [names.get(one.unit_code), types.get(one.report_type), one.last_day_on, one.officially_received_on,
             word(one.state), one.submission]
            for one in status.expected
        ]  # fmt: skip
        columns = ("Đơn vị", "Loại báo cáo", "Ngày cuối", "Nhận ngày", "Tình trạng", "Lần nộp")
        console.print(table("Tình hình gửi báo cáo / expected reports", columns, rows))
    if status.consolidated_at is None:
        console.print(f"Chưa tổng hợp / not consolidated yet: motcua consolidate {status.period.id}")
        return
    show_figures(console, status)
    show_nonconformities(console, status, plan)
    release = f"bản công bố v{status.version}" if status.version else "chưa công bố / not published"
    console.print(f"Tổng hợp lúc {status.consolidated_at} · {release}")


def show_figures(console: Console, status: "PeriodStatus") -> None:
    """Print the department's figures against the targets."""
    indicators = load_indicators()
    rows: list[list[object]] = []
    for row in status.figures:
        ratio = Ratio(cast(Decimal | None, row["numerator"]), cast(Decimal | None, row["denominator"]))
        is_ratio = row["status"] != "composite"
        rows.append(
            [
                row["indicator_id"],
                indicators[str(row["indicator_id"])].name_vi,
                f"{count(ratio.numerator)}/{count(ratio.denominator)}" if ratio.numerator is not None else "",
                share(ratio.numerator, ratio.denominator) if is_ratio else "",
                row["target_id"],
                word(row["target_status"]),
            ]
        )
    columns = ("Mã", "Chỉ số", "Tử/mẫu", "Tỷ lệ", "Chỉ tiêu", "Kết quả")
    console.print(table("Chỉ số so với chỉ tiêu / figures against targets", columns, rows, right=(2, 3)))


def show_nonconformities(console: Console, status: "PeriodStatus", plan: Plan) -> None:
    """Print the period's part of the register."""
    if not status.nonconformities:
        console.print("Không có điểm không phù hợp / no nonconformity")
        return
    names = {unit.code: unit.short_name for unit in plan.units}
    rules = load_rules()
    rows = [
        [nc.number, nc.identity.rule_id, names.get(nc.identity.unit_code, "Toàn Sở"), word(nc.grade), word(nc.state),
         f"{nc.failing_count}/{nc.checked_count}", rules[nc.identity.rule_id].message_vi]
        for nc in status.nonconformities
    ]  # fmt: skip
    columns = ("Số", "Quy tắc", "Đơn vị", "Mức", "Trạng thái", "Không đạt/đã kiểm", "Nội dung")
    console.print(table("Điểm không phù hợp / nonconformities", columns, rows, right=(5,)))

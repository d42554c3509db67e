"""A report as long and as wide as a department's, with invented figures that add up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from releases.workbook.report import (
    FigureRow,
    FormRow,
    NonconformityRow,
    Outcome,
    ParetoRow,
    Quantity,
    Reliance,
    ReportContent,
    ReportingRow,
    ReportState,
    RuleRow,
    SeriesRow,
    Severity,
    TargetRow,
    TaskRow,
    TaskState,
    TaskSummaryRow,
    WaiverRow,
)
from sql.indicators import charted_indicators

HEAD = "5e" * 32
UNITS = tuple(f"Đơn vị giả định số {n:02}" for n in range(1, 14))
FIELDS = ("Di sản văn hóa", "Thể dục thể thao", "Quảng cáo", "Nghệ thuật biểu diễn", "Thư viện")
AREAS = (5, 6, 6, 3, 3, 7, 9)
_LONG = "Nội dung nhiệm vụ được viết dài để thử cách xuống dòng trong một ô hẹp của bảng, kể cả khi in trên giấy A4"
_SHARES = {
    "in_time_share": "Tỷ lệ hồ sơ giải quyết trước và đúng hạn",
    "overdue_share": "Tỷ lệ hồ sơ giải quyết quá hạn",
    "early_share": "Tỷ lệ hồ sơ giải quyết trước hạn",
    "online_share_all": "Tỷ lệ hồ sơ giải quyết trực tuyến",
}
_DAY = date(2022, 3, 14)
SURE = Reliance("final", 388, 400, 2, 1)


def _counts(seed: int) -> tuple[int, ...]:
    """Columns 3 to 13 that keep the form's identities."""
    online, in_person, carried = 100 + seed, 40 + 2 * seed, 15 + seed
    early, on_time, overdue = 60 + seed, 50 + seed, 5 + seed
    received, resolved = online + in_person + carried, early + on_time + overdue
    pending = received - resolved
    return (received, online, in_person, carried, resolved, early, on_time, overdue, pending, pending - 3, 3)


def _sums(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*rows, strict=True))


def form(labels: Sequence[str]) -> tuple[FormRow, ...]:
    """Return a form with a row for each label, and its total."""
    counts = [_counts(7 * n) for n in range(len(labels))]
    rows = [FormRow.of(label, row) for label, row in zip(labels, counts, strict=True)]
    return (*rows, FormRow.of("TỔNG CỘNG", _sums(counts), is_total=True))


def share(numerator: int, denominator: int) -> Quantity:
    """Return a share as it is measured: its value to six decimals."""
    value = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal("0.000001"))
    return Quantity(Decimal(numerator), Decimal(denominator), value)


def _figures() -> tuple[FigureRow, ...]:
    names = [(f"Chỉ số giả định {name}", indicator) for indicator, name in _SHARES.items()]
    whole = [
        FigureRow("timeliness", indicator, name, "An invented indicator", share(90 + n, 120 + n), SURE, trend="rising",
                  before_value=Decimal("0.700000"))
        for n, (name, indicator) in enumerate(names)
    ]  # fmt: skip
    of_units = [
        FigureRow("timeliness", indicator, name, "An invented indicator", share(30 - 5 * m + n, 60), SURE, unit)
        for m, (name, indicator) in enumerate(names)
        for n, unit in enumerate(UNITS[:5])
    ]
    of_units += [
        FigureRow(
            "reporting", "reports_on_time_share", "Tỷ lệ báo cáo đúng hạn", "In time", share(1, 1 + n % 2), SURE, unit
        )
        for n, unit in enumerate(UNITS)
    ]
    parts = [
        FigureRow("timeliness", indicator, name, "An invented indicator", share(20 + n, 50), SURE,
                  dimension="field", dimension_value=field)
        for name, indicator in names
        for n, field in enumerate(FIELDS)
    ]  # fmt: skip
    return (*whole, *of_units, *parts)


def _targets() -> tuple[TargetRow, ...]:
    text = "Đảm bảo không có hồ sơ thủ tục hành chính bị xử lý trễ hạn; tăng tỷ lệ hồ sơ trước hạn"
    nothing = Quantity(Decimal(0), Decimal(0), None, status="no_cases")
    return (
        TargetRow("I.2a", text, "Tỷ lệ quá hạn", share(61, 279), "bằng 0 %", "missed", "missed", ""),
        TargetRow("I.2b", text, "Tỷ lệ tích hợp", nothing, "bằng 100 %", "no_cases", "no_cases", ""),
        TargetRow("I.6", text, "", None, "", None, "not_determined", "chưa có văn bản minh chứng / no evidence yet"),
    )


def _tasks() -> tuple[tuple[TaskRow, ...], tuple[TaskSummaryRow, ...]]:
    states: tuple[TaskState, ...] = ("done_on_time", "done_late", "overdue", "not_due", "done", "open")
    tasks, summary = [], []
    for number, size in enumerate(AREAS, start=1):
        area = f"{number}. Nhóm nhiệm vụ giả định"
        for n in range(size):
            day = _DAY + timedelta(days=30 * n) if n % 2 else None
            tasks.append(
                TaskRow(f"{number}.{n + 1}", area, _LONG, "Kế hoạch, báo cáo, quyết định", "Trước ngày 15 cuối quý",
                        UNITS[n], day, _DAY if n % 3 else None, states[n % 6], "")
            )  # fmt: skip
        summary.append(TaskSummaryRow(area, UNITS[0], (size, size + 2, 1, 0, 1, size - 2, 2, 1)))
    total = TaskSummaryRow("TỔNG CỘNG", "", _sums([row.counts for row in summary]), is_total=True)
    return tuple(tasks), (*summary, total)


def _reporting() -> tuple[ReportingRow, ...]:
    states: tuple[ReportState, ...] = ("on_time", "late", "missing", "rejected", "provisional", "not_determined")
    return tuple(
        ReportingRow(
            unit, report, _DAY, _DAY, _DAY, states[n % len(states)], f"S-{n:04}", 2, 3, f"S-{n:04}", f"S-{n + 1:04}"
        )
        for n, unit in enumerate(UNITS)
        for report in ("Báo cáo cải cách hành chính", "Báo cáo kế hoạch của đơn vị", "Sổ theo dõi hồ sơ")
    )


def _rules() -> tuple[RuleRow, ...]:
    kinds: tuple[tuple[Outcome, Severity], ...] = (("fail", "warning"), ("not_evaluated", "info"), ("pass", "fatal"))
    return tuple(
        RuleRow(f"D{n:03}", _LONG, "An invented rule that says what it wants", severity, outcome, 1000, 7 * (n < 20),
                "không có dữ liệu để kiểm tra" if outcome == "not_evaluated" else "",
                "Đã đối chiếu với bản giấy" if outcome == "fail" else "")
        for n, (outcome, severity) in enumerate(kind for kind in kinds for _ in range(20))
    )  # fmt: skip


def _pareto() -> tuple[ParetoRow, ...]:
    counts = (120, 60, 30, 15, 10, 5)
    return tuple(
        ParetoRow(f"D{n:03}", _LONG, "warning", count, running, (Decimal(running) / 240).quantize(Decimal("0.000001")))
        for n, count in enumerate(counts)
        for running in [sum(counts[: n + 1])]
    )


def sample_report() -> ReportContent:
    """Return a report on an invented quarter."""
    tasks, summary = _tasks()
    return ReportContent(
        charted=charted_indicators(),
        department_vi="Sở Giả Định tỉnh Ví Dụ",
        department_en="Invented department",
        title_vi="Kế hoạch giả định năm 2022",
        title_en="Invented plan of 2022",
        period_name_vi="Quý I năm 2022",
        period_name_en="Quarter 1 of 2022",
        first_day=date(2021, 12, 15),
        last_day=_DAY,
        version=1,
        edition="1.0.0",
        reason="",
        ledger_size=42,
        ledger_head=HEAD,
        requested_at=datetime(2022, 3, 16, 8, 30, tzinfo=timezone(timedelta(hours=7))),
        requested_by="Người Dùng Giả Định 01",
        plan_lines=("Quyết định / decision: số 1/QĐ", "Bản đang dùng / in force: PL-0001"),
        difference_lines=(),
        one_account_may_approve=False,
        notes=tuple((f"{n}. {_LONG}", "An invented convention, said in English as well") for n in range(1, 31)),
        field_form=form(FIELDS),
        office_form=form(UNITS[:5]),
        targets=_targets(),
        figures=_figures(),
        series=tuple(
            SeriesRow(
                indicator, name, "An invented indicator", f"Quý {quarter} năm 2022", share(90 + 2 * n - 25 * m, 100)
            )
            for m, (indicator, name) in enumerate(_SHARES.items())
            for n, quarter in enumerate(("I", "II", "III"))
        ),
        tasks=tasks,
        task_summary=summary,
        reporting=_reporting(),
        nonconformities=(
            NonconformityRow(
                "NC-2022-Q1-001", "F001", _LONG, UNITS[0], "major", "open", _DAY, 279, 61, _LONG, _DAY, (_LONG,)
            ),
        ),
        waivers=(WaiverRow("W-0001", "D001", _LONG, UNITS[0], 2, _LONG, "Người Dùng Giả Định 02", _DAY),),
        rules=_rules(),
        pareto=_pareto(),
    )

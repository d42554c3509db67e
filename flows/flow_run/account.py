"""What does the page of a run tell a person? Tables and a summary in Vietnamese; names stand beside codes.

Counts, names of the plan and sentences of the rules alone: no cell, no file's name, nobody's name. Prefect's tables do
not break lines, so what is long stands in the last column.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from audit.steps import STATE_VI
from flows.desk.status import PeriodStatus
from flows.intake.intake import Taken
from flows.measures.consolidate import Consolidated
from flows.measures.names import figure_text, nonconformity_text, period_text, target_text, unit_text
from flows.measures.targets import Ratio
from flows.measures.wording import count, value_text
from flows.release.publish import Published
from flows.release.written_draft import DraftStatement
from releases.workbook.report import TargetStatus, Trend
from releases.workbook.words import GRADE_VI, NOTHING, TARGET_STATUS_VI, TREND_VI
from schemas.plan import Plan
from schemas.plan_models import Period
from sql.indicators import load_indicators

Table = list[dict[str, str]]
_KIND_VI = {"dossier_log": "Sổ hồ sơ", "unit_report": "Báo cáo"}
_STATE_VI = {"accepted": "Chấp nhận", "rejected": "Trả lại"}


def submissions_table(plan: Plan, taken: Sequence[Taken]) -> Table:
    """Return what became of each file that waited."""
    rows: Table = []
    for one in taken:
        reading = one.reading
        row = {
            "Lần nộp": one.number,
            "Loại": _KIND_VI[reading.kind] if reading else NOTHING,
            "Nơi gửi": unit_text(plan, reading.unit_code) if reading and reading.unit_code else NOTHING,
            "Kết quả": "Đã nhận trước đó" if one.is_seen_again else _STATE_VI.get(one.state, one.state),
        }
        counts = (
            ("Đọc", reading.read_count if reading else None),
            ("Nhận", reading.accepted_count if reading else None),
            ("Loại bỏ", reading.rejected_count if reading else None),
            ("Bỏ qua", reading.ignored_count if reading else None),
            ("Phát hiện", reading.finding_count if reading else None),
        )
        rows.append(row | {name: NOTHING if value is None else str(value) for name, value in counts})
    return rows


def taken_line(taken: Sequence[Taken]) -> str:
    """Return one line on what was taken in."""
    if not taken:
        return "Tiếp nhận: không có tệp nào chờ trong inbox"
    seen = sum(one.is_seen_again for one in taken)
    states = Counter(one.state for one in taken if not one.is_seen_again)
    parts = [f"{number} {_STATE_VI.get(state, state).lower()}" for state, number in sorted(states.items())]
    parts += [f"{seen} đã nhận trước đó"] if seen else []
    findings = sum(one.reading.finding_count for one in taken if one.reading)
    return f"Tiếp nhận: {len(taken)} tệp ({', '.join(parts)}), {findings} phát hiện"


def figures_table(status: PeriodStatus) -> Table:
    """Return the department's figures of a period; a composite one has no value of its own."""
    indicators = load_indicators()
    rows: Table = []
    for row in status.figures:
        indicator = indicators.get(str(row["indicator_id"]))
        if row["status"] == "composite" or indicator is None:
            continue
        ratio = Ratio(cast(Decimal | None, row["numerator"]), cast(Decimal | None, row["denominator"]))
        rows.append(
            {
                "Giá trị": value_text(ratio.numerator, ratio.denominator, indicator.unit_of_measure),
                "Tử/mẫu": NOTHING
                if ratio.numerator is None
                else f"{count(ratio.numerator)}/{count(ratio.denominator)}",
                "So kỳ trước": TREND_VI[cast(Trend | None, row["trend"])],
                "Chỉ số": figure_text(indicator.id),
            }
        )
    return rows


def targets_table(plan: Plan, status: PeriodStatus) -> Table:
    """Return what became of the targets that data can decide."""
    by_id = {target.id: target for target in plan.targets}
    found = [(by_id.get(str(row["target_id"])), row) for row in status.targets]
    return [
        {
            "Kết quả": TARGET_STATUS_VI[cast(TargetStatus, row["status"])],
            "Chỉ tiêu": target_text(plan, target.id),
        }
        for target, row in found
        if target is not None and (target.ways or target.tasks)
    ]


def nonconformities_table(plan: Plan, status: PeriodStatus) -> Table:
    """Return a period's part of the register."""
    return [
        {
            "Số": nc.number,
            "Nơi": unit_text(plan, nc.identity.unit_code),
            "Mức": GRADE_VI[nc.grade],
            "Trạng thái": STATE_VI[nc.state],
            "Không đạt/đã kiểm": f"{nc.failing_count}/{nc.checked_count}",
            "Nội dung": nonconformity_text(nc),
        }
        for nc in status.nonconformities
    ]


def consolidated_line(period: Period, done: Consolidated) -> str:
    """Return one line on what a consolidation came to."""
    if not done.is_new:
        return f"{period_text(period)}: không có gì thay đổi, vẫn là dòng sổ cái {done.seq}"
    return f"{period_text(period)}: đã tổng hợp ở dòng sổ cái {done.seq}, {len(done.opened)} điểm không phù hợp mới"


def period_summary(plan: Plan, status: PeriodStatus, done: Consolidated) -> str:
    """Return a period in a few lines of Markdown: what was done, what was found, what comes next."""
    period = status.period
    targets = Counter(row["Kết quả"] for row in targets_table(plan, status))
    grades = Counter(row["Mức"] for row in nonconformities_table(plan, status))
    late = Counter(one.state for one in status.expected)
    lines = [
        f"# {period.name_vi}",
        f"{plan.document.name_vi}, {period.first_day:%d/%m/%Y}–{period.last_day:%d/%m/%Y}",
        "",
        f"- {consolidated_line(period, done)}.",
        f"- Báo cáo: {late['on_time']} đúng hạn, {late['late']} trễ hạn, {late['missing']} chưa gửi,"
        f" trên {len(status.expected)} báo cáo phải gửi.",
        f"- Chỉ tiêu: {_counts(targets)}.",
        f"- Điểm không phù hợp: {_counts(grades)}.",
        f"- Bản công bố: {f'v{status.version}' if status.version else 'chưa có'}.",
        "",
        next_line(period, status),
    ]
    return "\n".join(lines)


def found_line(period: Period, status: PeriodStatus) -> str:
    """Return one line on what the review of a period found."""
    grades = Counter(GRADE_VI[nc.grade] for nc in status.nonconformities)
    missing = sum(one.state == "missing" for one in status.expected)
    return f"{period_text(period)}: điểm không phù hợp {_counts(grades)}; {missing} báo cáo chưa gửi"


def next_line(period: Period, status: PeriodStatus) -> str:
    """Return what a person does next about a period."""
    if status.version is not None:
        return f"Việc tiếp theo: `motcua status {period.id}`; bản v{status.version} đã công bố."
    return (
        f"Việc tiếp theo: đọc `motcua status {period.id}`, giải trình bằng `motcua justify {period.id}`,"
        f" rồi đề nghị công bố bằng `motcua release request {period.id}`."
    )


def draft_line(period: Period, draft: DraftStatement) -> str:
    """Return one line on the draft of a release; the reasons against it are read in its folder."""
    found = f"còn {len(draft.reasons)} lý do chưa công bố được" if draft.reasons else "không có gì cản trở công bố"
    return f"{period_text(period)}: bản thảo v{draft.version} chờ người xem, {found}"


def draft_summary(period: Period, draft: DraftStatement) -> str:
    """Return where a person reads the draft of a release, in Markdown."""
    return f"# {period.name_vi}\n\n{draft_line(period, draft)}.\n\nViệc tiếp theo: đọc `drafts/{period.id}/reasons.md`."


def _counts(found: Counter[str]) -> str:
    return ", ".join(f"{number} {name.lower()}" for name, number in found.items()) or "không có"


def published_summary(period: Period, published: Published) -> str:
    """Return what came of asking to publish, in Markdown; the reasons against are read with the command."""
    if published.version is None:
        next_step = f"`motcua publish {period.id}` nêu từng lý do"
        return f"# {period.name_vi}\n\nChưa công bố được, còn {len(published.reasons)} lý do: {next_step}."
    new = "mới công bố" if published.is_new else "đã có từ trước"
    return f"# {period.name_vi}\n\nBản công bố v{published.version}, {new}."

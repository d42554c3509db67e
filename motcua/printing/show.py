"""What does each command print?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from pydantic import BaseModel
from rich.console import Console

from flows.intake.sheets import by_label
from flows.measures.names import column_text, rule_text, unit_text
from flows.measures.wording import count, day_text, value_text
from motcua.printing.statements import show_corrections, show_statements
from motcua.printing.terminal import KINDS, styled, table, word
from schemas.rules import load_rules
from schemas.text import is_unseen
from sources.answers.words import answer_lines
from sql.indicators import load_indicators

# What a command does not need is not imported: a status takes a fraction of a second.
if TYPE_CHECKING:
    from audit.events import SubmissionTaken
    from flows.audits.verify import Verification
    from flows.intake.check import Checked
    from flows.intake.intake import Taken
    from flows.intake.mend import Mended
    from flows.intake.reading import Reading
    from flows.intake.submission import Shown
    from flows.measures.consolidate import Consolidated
    from flows.measures.explain import Explanation
    from flows.release.justify import Warned
    from schemas.plan import Plan

_FINDINGS_SHOWN = 50
# What changes what figures rest on leaves them older than the data.
NEXT = "Tiếp theo / next: motcua consolidate"


def as_json(value: object) -> str:
    """Return an answer for machines: dates as ISO text, exact numbers as text."""

    def plain(item: object) -> object:
        if isinstance(item, BaseModel):
            return item.model_dump(mode="json")
        if is_dataclass(item) and not isinstance(item, type):
            return asdict(item)
        if isinstance(item, date | datetime):
            return item.isoformat()
        if isinstance(item, Decimal):
            return count(item)
        return str(item)

    said = json.dumps(value, default=plain, ensure_ascii=False, indent=2)
    # JSON spells out what is below a space; a terminal also obeys what is above, and so does whoever reads along.
    return "".join(c if c == "\n" or not is_unseen(c) else json.dumps(c)[1:-1] for c in said)


def show_taken(console: Console, taken: Sequence["Taken"]) -> None:
    """Print what became of each file."""
    if not taken:
        console.print("Không có tệp nào chờ trong inbox / nothing waits in the inbox")
        return
    rows: list[list[object]] = []
    for one in taken:
        reading = one.reading
        state = "đã nhận trước đó" if one.is_seen_again else word(one.state)
        counts = (
            [
                reading.read_count,
                reading.accepted_count,
                reading.rejected_count,
                reading.ignored_count,
                reading.finding_count,
            ]
            if reading
            else ["", "", "", "", ""]
        )
        rows.append([one.number, one.file_name, state, *counts])
    columns = ("Lần nộp", "Tệp", "Kết quả", "Đọc", "Nhận", "Loại", "Bỏ qua", "Phát hiện")
    console.print(table("Đã tiếp nhận / taken in", columns, rows, right=(3, 4, 5, 6, 7)))
    for one in taken:
        if one.became:
            console.print(one.became, soft_wrap=True)
        elif one.state == "rejected":
            console.print(f"{one.number} bị trả lại, vì sao / was rejected, why: motcua show {one.number}")


def show_consolidated(console: Console, done: "Consolidated") -> None:
    """Print what a consolidation came to."""
    if not done.is_new:
        console.print(
            f"{done.period}: không có gì thay đổi / nothing has changed (dòng sổ cái / ledger line {done.seq})"
        )
        return
    console.print(
        f"{done.period}: đã tổng hợp / consolidated (dòng sổ cái / ledger line {done.seq}),"
        f" {len(done.opened)} điểm không phù hợp mới"
    )


def show_warned(console: Console, found: Sequence["Warned"], plan: "Plan") -> None:
    """Print the warnings of a period and what was said of each."""
    if not found:
        console.print("Không có cảnh báo nào / no warning")
        return
    rows: list[list[object]] = []
    for one in found:
        said = one.justification
        reason = styled("{}", "" if said is None else f"{said.reason} ({said.actor})")
        if said is not None and not one.is_justified:
            only = "[yellow]chỉ giải trình {} / covers {} only[/]: {}"
            reason = styled(only, said.covered_count, said.covered_count, reason)
        rows.append([rule_text(one.rule_id), unit_text(plan, one.unit_code), one.failing_count, reason])
    columns = ("Nội dung (quy tắc)", "Đơn vị", "Số", "Giải trình")
    console.print(table("Cảnh báo / warnings", columns, rows, right=(2,)))


def _findings(console: Console, rows: Sequence[Mapping[str, object]], titles: Mapping[str, str], plan: "Plan") -> None:
    """Print findings sheet by sheet, as their sender reads them; values stay masked.

    `titles` are what the sender called the sheets, by their labels, for those to whom the vault is open.
    """
    lines = answer_lines(rows, load_rules())
    console.print(f"{len(lines)} phát hiện / findings")
    columns = ("Ô/dòng", "Cột", "Nội dung (quy tắc)", "Cần", "Đang ghi (đã che)", "Mức")
    for sheet, found in groupby(lines[:_FINDINGS_SHOWN], key=lambda line: line.sheet):
        shown = [
            [one.cell or one.row, column_text(plan, one.column_name), rule_text(one.rule_id), one.expected_vi,
             one.shown_vi, word(one.severity)]
            for one in found
        ]  # fmt: skip
        title = titles.get(sheet or "", sheet)
        called = f"{sheet} “{title}”" if title != sheet else f"{sheet}"
        console.print(table(f"Trang / sheet {called}" if sheet else "Cả tệp / the whole file", columns, shown))
    if len(lines) > _FINDINGS_SHOWN:
        console.print(f"… và {len(lines) - _FINDINGS_SHOWN} phát hiện nữa / and more: --json prints all")


def accounting(of: "SubmissionTaken | Reading") -> str:
    """Return the account of a file's rows, which closes."""
    return f"đọc {of.read_count} = nhận {of.accepted_count} + loại {of.rejected_count} + bỏ qua {of.ignored_count}"


def refusal_text(refusal: str) -> str:
    """Return why a submission was rejected: a sentence as it is, ids of rules by what they say."""
    ids = refusal.split(", ")
    return "; ".join(rule_text(one) for one in ids) if set(ids) <= set(load_rules()) else refusal


def show_mended(console: Console, done: "Mended") -> None:
    """Print what became of a submission of which something is stated otherwise."""
    taken = done.taken
    console.print(
        styled(
            "{} đã xét lại / judged again: {}, nhận {} ({}), {} phát hiện / findings",
            taken.number, word(taken.state), day_text(taken.officially_received_on), taken.evidence, done.finding_count,
        )
    )  # fmt: skip
    if taken.refusal:
        console.print(styled("[red]{}[/]", refusal_text(taken.refusal)))
    console.print(NEXT)


def show_submission(console: Console, shown: "Shown", plan: "Plan") -> None:
    """Print one submission and its findings."""
    taken = shown.submission.taken
    withdrawn = " · đã rút" if shown.submission.is_withdrawn else ""
    sender = taken.unit_code or taken.sender
    what = f"{KINDS[taken.kind]}, {unit_text(plan, sender)}" if sender else KINDS[taken.kind]
    console.print(
        styled(
            "[bold]{}[/] {} · {} · {}{} · nhận {} ({})", taken.number, shown.file_name, what,
            word(taken.state), withdrawn, day_text(taken.officially_received_on), taken.evidence,
        )
    )  # fmt: skip
    console.print(f"{accounting(taken)} · sha256 {taken.file_sha256}")
    if shown.fate is not None:
        console.print(styled("[yellow]{}[/]", shown.fate))
    if taken.refusal:
        console.print(styled("[red]{}[/]", refusal_text(taken.refusal)))
    show_statements(console, shown.statements, plan)
    show_corrections(console, shown, plan)
    _findings(console, shown.findings.to_pylist(), shown.sheet_titles, plan)
    if shown.findings.num_rows:
        console.print(f"Trả lời nơi gửi / answer its sender: motcua answer {taken.number} OUT.xlsx", style="dim")


def show_checked(console: Console, checked: "Checked", plan: "Plan") -> None:
    """Print the dry run of one file."""
    reading = checked.reading
    said = "[bold]{}[/] · {} · {} · {} (chạy thử / dry run)"
    console.print(styled(said, checked.file_name, KINDS[reading.kind], word(reading.state), accounting(reading)))
    if reading.refusal:
        console.print(styled("[red]{}[/]", refusal_text(reading.refusal)))
    _findings(console, checked.findings.to_pylist(), by_label(checked.reading.sheet_titles), plan)


def show_explanation(console: Console, explained: "Explanation", plan: "Plan") -> None:
    """Print a figure with exactly the members that add up to it."""
    fraction = ""
    shown = value_text(explained.numerator, explained.denominator, explained.unit_of_measure)
    if explained.decided_by is not None:
        fraction = f": {shown}"
    elif explained.numerator is not None:
        fraction = f": {count(explained.numerator)}"
        if explained.denominator is not None:
            fraction += f"/{count(explained.denominator)} = {shown}"
    state, seq = word(explained.target_status), explained.consolidation_seq
    named = f"{explained.title} ({explained.figure_id})"
    console.print(styled("[bold]{}[/]{} {} (dòng sổ cái / ledger line {})", named, fraction, state, seq))
    indicator = load_indicators().get(explained.figure_id)
    if indicator is not None:
        console.print(styled("[dim]{}.[/]", indicator.definition_vi))
    for part in explained.parts:
        show_explanation(console, part, plan)
    if explained.members:
        rows = [
            [
                m.submission,
                m.file_name,
                m.sheet,
                m.place,
                unit_text(plan, m.unit_code),
                m.key,
                count(m.numerator),
                count(m.denominator),
            ]
            for m in explained.members
        ]
        columns = ("Lần nộp", "Tệp", "Trang", "Dòng/ô", "Đơn vị", "Thành phần", "Tử", "Mẫu")
        console.print(table(f"{len(rows)} thành phần / members", columns, rows, right=(6, 7)))
        if explained.decided_by is not None:
            one = explained.decided_by
            where = " ".join(part for part in (one.submission, one.file_name, one.sheet, one.place) if part)
            console.print(f"Thành phần quyết định / the one that decides: {one.key}, {where}: {count(one.numerator)}")
            return
        top = sum((m.numerator for m in explained.members), Decimal(0))
        bottom = sum((m.denominator for m in explained.members), Decimal(0))
        console.print(
            f"Cộng / sum: {count(top)}" + (f" / {count(bottom)}" if explained.denominator is not None else "")
        )


_CHECKED_VI = {
    "ledger lines": "dòng sổ cái",
    "signed heads": "đầu sổ đã ký",
    "keys": "khóa",
    "decisions": "điều đã ghi",
    "releases": "bản công bố",
    "open parts": "phần công khai",
    "plans": "kế hoạch",
    "projections": "bản chiếu",
    "copies of checkpoints": "bản sao đầu sổ",
}


def checked_text(what: str) -> str:
    """Return what was counted while everything was checked, Vietnamese first."""
    folder = what.removeprefix("files of ")
    said = f"tệp của {folder}" if folder != what else _CHECKED_VI.get(what)
    return f"{said} / {what}" if said else what


def show_verification(console: Console, result: "Verification") -> None:
    """Print what was checked and every problem with its place."""
    for problem in result.problems:
        console.print(styled("[red]SAI / FAILED[/]  {}", problem))
    for note in result.notes:
        console.print(styled("[yellow]lưu ý / note[/]  {}", note))
    for what in result.unchecked:
        console.print(styled("[yellow]CHƯA KIỂM TRA / NOT CHECKED[/]  {}", what))
    checked = ", ".join(f"{number} {checked_text(what)}" for what, number in result.checked.items())
    if result.problems:
        said = "[red]{} lỗi / problems[/] (đã kiểm / checked: {})"
        console.print(styled(said, len(result.problems), checked or "–"))
    else:
        holds = "những gì đã kiểm / what was checked holds" if result.unchecked else "/ everything holds"
        console.print(styled("[green]Nguyên vẹn {}[/] (đã kiểm / checked: {})", holds, checked or "–"))

"""Whom does the department have to remind of a period's reports, and how does the draft read?

One draft for each sender that owes a report: missing, rejected, or due within the next working days. A draft repeats
nothing of a rejected file but the rules that it broke and the places; what stands there is not for a letter. The same
record and day give the same drafts; a sender that owes nothing any more keeps none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.ledger import Ledger
from flows.entry.door import MisuseError
from flows.intake.submissions import Submission, submissions
from flows.measures.reporting import ExpectedReport, expected_reports
from schemas.calendar import CalendarGapError
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.rules import load_rules
from warehouse.engine import Engine
from warehouse.files import write_bytes
from warehouse.modes import private
from warehouse.named import table_of
from warehouse.workspace import Workspace

DAYS_AHEAD = 5
_FOLDER = "reminders"
_PLACES_SHOWN = 10
Row = Mapping[str, object]


@dataclass(frozen=True)
class Fault:
    """A rule that a rejected submission broke, in words, and where: cells or rows, never what stands there."""

    message_vi: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Reminder:
    """The draft for one sender, and the reports that it asks for."""

    unit_code: str
    reports: tuple[ExpectedReport, ...]
    text: str


@dataclass(frozen=True)
class WrittenReminder:
    """A draft on the disk."""

    reminder: Reminder
    path: Path


def reminder_folder(period: Period) -> str:
    """Return where a period's drafts lie in a workspace, from its root."""
    return f"{_FOLDER}/{period.id}"


def _file_name(period: Period, unit_code: str) -> str:
    return f"nhac-{period.id}-{unit_code}.txt"


def working_days_left(plan: Plan, today: date, last_day_on: date) -> int | None:
    """Return how many working days are left through the last day; None where the calendar does not reach."""
    try:
        return plan.calendar.working_days_between(today, last_day_on)
    except CalendarGapError:
        return None


def is_to_remind(expected: ExpectedReport, plan: Plan, today: date) -> bool:
    """Tell whether a report is missing, was rejected, or is due within the next working days."""
    if expected.state != "not_due" or expected.last_day_on is None:
        return expected.state in ("missing", "rejected")
    left = working_days_left(plan, today, expected.last_day_on)
    return left is not None and left <= DAYS_AHEAD


def _place(row: Row) -> str:
    if row["cell"] is None:
        return f"dòng {row['row']}" if row["row"] is not None else ""
    return f"ô {row['cell']}" + (f" ({row['column_name']})" if row["column_name"] else "")


def _faults(rows: Iterable[Row]) -> tuple[Fault, ...]:
    """Return the fatal findings of a submission by rule."""
    rules = load_rules()
    places: dict[str, list[str]] = {}
    fatal = [row for row in rows if row["severity"] == "fatal"]
    for row in sorted(fatal, key=lambda r: (str(r["rule_id"]), r["row"] if isinstance(r["row"], int) else 0)):
        places.setdefault(str(row["rule_id"]), []).append(_place(row))
    return tuple(
        Fault(rules[rule_id].message_vi, tuple(Counter(place for place in found if place)))
        for rule_id, found in places.items()
    )


def _findings(workspace: Workspace, ledger: Ledger, submission: Submission) -> list[dict[str, object]]:
    files = [f for f in ledger.entries[submission.judged_seq - 1].files if table_of(f) == "finding"]
    engine = Engine()
    try:
        engine.over_files("finding", "finding", [workspace.root / file.path for file in files])
        rows = engine.records("finding")
    finally:
        engine.close()
    return [row for row in rows if row["file_sha256"] == submission.taken.file_sha256]


def _deadline(expected: ExpectedReport, plan: Plan, today: date) -> str:
    last = expected.last_day_on
    if last is None:
        return "chưa xác định được ngày cuối"
    stated = f"ngày cuối là {last:%d/%m/%Y}"
    if plan.calendar.span.first_day <= last <= plan.calendar.span.last_day and not plan.calendar.is_working(last):
        stated += " (trùng ngày nghỉ, đề nghị gửi trước)"
    if today > last:
        return f"{stated}, đã quá hạn {(today - last).days} ngày"
    if today == last:
        return f"{stated}, tức là hôm nay"
    left = working_days_left(plan, today, last)
    return stated if left is None else f"{stated}, còn {left} ngày làm việc"


def _fault_lines(expected: ExpectedReport, faults: Sequence[Fault]) -> list[str]:
    if expected.state != "rejected" or expected.officially_received_on is None:
        return []
    lines = [f"   - Bản nhận ngày {expected.officially_received_on:%d/%m/%Y} bị trả lại vì:"]
    for fault in faults:
        shown = ", ".join(fault.places[:_PLACES_SHOWN])
        rest = len(fault.places) - _PLACES_SHOWN
        where = (f": {shown}" if shown else "") + (f" và {rest} chỗ khác" if rest > 0 else "")
        lines.append(f"     + {fault.message_vi}{where}.")
    return lines


_STATES = {
    "missing": "chưa nhận được",
    "rejected": "đã nhận nhưng phải gửi lại",
    "not_due": "chưa nhận được, sắp đến hạn",
}


def _report_lines(
    number: int, expected: ExpectedReport, faults: Sequence[Fault], plan: Plan, period: Period, today: date
) -> list[str]:
    report_type = plan.report_type(expected.report_type)
    office = plan.unit(plan.document.consolidating_office).name_vi
    if report_type.form == "workbook":
        source = f"tệp mẫu của đúng đơn vị và kỳ này do {office} gửi kèm; không dùng tệp của kỳ khác"
    else:
        window = f"từ {period.first_day:%d/%m/%Y} đến {period.last_day:%d/%m/%Y}"
        source = f"bản kết xuất của hệ thống một cửa, {window}, kết xuất sau khi kỳ kết thúc"
    return [
        f"{number}. {report_type.name_vi} – {period.name_vi}",
        f"   - Hạn gửi: {_deadline(expected, plan, today)}.",
        f"   - Tình trạng: {_STATES[expected.state]}.",
        *_fault_lines(expected, faults),
        f"   - Căn cứ: {report_type.basis}.",
        f"   - Mẫu: {source}.",
    ]


def draft(
    unit_code: str,
    owed: Sequence[ExpectedReport],
    faults: Mapping[str, Sequence[Fault]],
    plan: Plan,
    period: Period,
    today: date,
) -> str:
    """Return the letter to one sender; `faults` are those of rejected submissions by number."""
    document, unit = plan.document, plan.unit(unit_code)
    office = plan.unit(document.consolidating_office).name_vi
    lines = [
        f"Tiêu đề: Đôn đốc gửi báo cáo {period.name_vi}",
        "",
        document.name_vi.upper(),
        f"{office}, ngày {today:%d/%m/%Y}",
        "",
        f"Kính gửi: {unit.name_vi}",
        "",
        f"Thực hiện {document.title_vi} của {document.name_vi}, đề nghị {unit.name_vi} gửi:",
        "",
    ]
    for number, one in enumerate(owed, start=1):
        lines += [*_report_lines(number, one, faults.get(one.submission or "", ()), plan, period, today), ""]
    lines += [
        "Chỉ tiêu không phát sinh thì ghi 0; ô để trống được hiểu là chưa báo cáo.",
        "Đúng hạn tính theo ngày báo cáo đến Sở. Nếu đã gửi, đề nghị cho biết số và ngày gửi để đối chiếu.",
        "",
        "Trân trọng./.",
        "",
    ]
    return "\n".join(lines)


def reminders(workspace: Workspace, plan: Plan, period: Period, today: date) -> tuple[Reminder, ...]:
    """Return the draft for each sender that has to be reminded, by unit."""
    ledger = Ledger(workspace.ledger)
    found = submissions(ledger.entries)
    by_number = {one.taken.number: one for one in found}
    owed: dict[str, list[ExpectedReport]] = {}
    faults: dict[str, tuple[Fault, ...]] = {}
    for expected in expected_reports(found, plan, period, today):
        if not is_to_remind(expected, plan, today):
            continue
        owed.setdefault(expected.unit_code, []).append(expected)
        if expected.submission is not None:
            faults[expected.submission] = _faults(_findings(workspace, ledger, by_number[expected.submission]))
    return tuple(
        Reminder(unit, tuple(reports), draft(unit, reports, faults, plan, period, today))
        for unit, reports in sorted(owed.items())
    )


@private()
def write_reminders(
    workspace: Workspace, plan: Plan, period: Period, today: date, out: Path | None, *, may_replace: bool = False
) -> tuple[WrittenReminder, ...]:
    """Write the drafts, and drop those of senders that owe nothing any more; nothing goes to the record.

    Raises MisuseError where `out` is a file, or holds drafts of before: those may be reworded, and are replaced only
    where that is said. The workspace's own are always made anew.
    """
    folder = out or workspace.root / reminder_folder(period)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise MisuseError(f"{folder} không phải là thư mục / is not a folder: name a folder for the drafts") from error
    there = [path for unit in plan.units if (path := folder / _file_name(period, unit.code)).exists()]
    if out is not None and there and not may_replace:
        raise MisuseError(
            f"đã có {there[0]} / exists already: chọn thư mục khác / name another folder, hoặc thay / or --replace"
        )
    found = reminders(workspace, plan, period, today)
    for unit in {unit.code for unit in plan.units} - {reminder.unit_code for reminder in found}:
        (folder / _file_name(period, unit)).unlink(missing_ok=True)
    written = tuple(WrittenReminder(one, folder / _file_name(period, one.unit_code)) for one in found)
    for one in written:
        write_bytes(one.path, one.reminder.text.encode())
    return written

"""What does the inbox's register say of how and when each file came, and what of it has to be asked about?

A line is of one file: of the one that it was used for, whose hash stands in the record beside what the line says. What
is doubtful is asked about and never guessed; a file whose line is doubtful waits. A line goes once it was used: the
names of files are the vault's from then on.
"""

import csv
import io
import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from audit.events import SubmissionTaken
from audit.ledger import Ledger
from flows.entry.days import day_typed, moment_typed
from flows.entry.door import MisuseError
from flows.intake.inbox import REGISTER, not_taken
from flows.intake.reading import Reading, Stated
from schemas.nearest import near_names
from schemas.plan import Plan
from schemas.text import visible
from warehouse import arrivals, vault
from warehouse.arrivals import NotTakenError
from warehouse.files import sha256_of, write_bytes
from warehouse.workspace import Workspace

REGISTER_COLUMNS = ("file", "officially_received_on", "evidence", "sender", "exported_at")
# What is awaited comes about its last day; this much before it a slip of the pen is likely.
LONG_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One line: which file, by its name, and what is stated of it."""

    number: int
    file_name: str
    stated: Stated


@dataclass(frozen=True)
class Question:
    """What has to be asked about lines, in one sentence; `file_name` is that of the file that waits, if any."""

    sentence: str
    file_name: str = ""


def _key(name: str) -> str:
    """Return a file's name whichever way its accents are written."""
    return unicodedata.normalize("NFC", name)


def _register_text(path: Path) -> str:
    try:
        with arrivals.open_regular(path) as file:
            return file.read().decode("utf-8-sig")
    except NotTakenError as error:
        raise MisuseError(f"{path.parent}/{not_taken(path.name, error.why)}") from error
    except UnicodeDecodeError as error:
        raise MisuseError(
            f"{path}: không phải UTF-8 / is not UTF-8 (byte {error.start}): lưu lại dạng / save it as CSV UTF-8"
        ) from error


def read_register(inbox: Path, plan: Plan) -> tuple[Line, ...]:
    """Read the inbox's register of when and how each file reached the department; MisuseError names a wrong line."""
    path = inbox / REGISTER
    if not os.path.lexists(path):
        return ()
    lines: list[Line] = []
    reader = csv.DictReader(_register_text(path).splitlines())
    if tuple(reader.fieldnames or ()) != REGISTER_COLUMNS:
        raise MisuseError(f"{path}, dòng / line 1: các cột phải là / the columns must be {','.join(REGISTER_COLUMNS)}")
    for row in reader:
        place = f"{path}, dòng / line {reader.line_num}"
        if None in row or None in row.values():
            raise MisuseError(f"{place}: thừa hoặc thiếu ô / has more or fewer fields than the heading")
        try:
            received = day_typed(row["officially_received_on"])
            exported = moment_typed(row["exported_at"]) if row["exported_at"] else None
        except ValueError as error:
            raise MisuseError(f"{place}: {error}") from error
        sender = plan.unit_code(row["sender"]) if row["sender"] else None
        if row["sender"] and sender is None:
            raise MisuseError(
                f"{place}: {row['sender']} không có trong kế hoạch / is not a unit of the plan: plan/units.csv"
            )
        if not row["evidence"]:
            raise MisuseError(
                f"{place}: ghi rõ chứng cứ của ngày nhận, ví dụ số E-Office / say by what evidence the day is known"
            )
        stated = Stated(received, row["evidence"], sender, exported)
        lines.append(Line(reader.line_num, _key(row["file"]), stated))
    return tuple(lines)


def stated_of(lines: Sequence[Line], name: str) -> Stated | None:
    """Return what the register says of a file."""
    return next((line.stated for line in lines if line.file_name == _key(name)), None)


def _used_for(workspace: Workspace, ledger: Ledger, line: Line) -> SubmissionTaken | None:
    """Return the submission that a line was used for: its record says what the line says, the vault knows its name."""
    said = line.stated
    exported = said.exported_at.isoformat(sep=" ") if said.exported_at else None
    for entry in ledger.entries:
        for event in entry.events:
            if (
                isinstance(event, SubmissionTaken)
                and (event.officially_received_on, event.evidence) == (said.officially_received_on, said.evidence)
                and (event.stated_sender, event.stated_exported_at) == (said.sender, exported)
                and _key(vault.name_of(workspace, event.file_sha256) or "") == line.file_name
            ):
                return event
    return None


def questions(
    workspace: Workspace, ledger: Ledger, lines: Sequence[Line], waiting: Iterable[str], plan: Plan, today: date
) -> list[Question]:
    """Return what has to be asked about the register, in the order of its lines."""
    there = {_key(name): workspace.inbox / name for name in waiting}
    begins = min(period.first_day for period in plan.periods)
    found: list[Question] = []
    for line in lines:
        place = f"{REGISTER}, dòng / line {line.number}: {visible(line.file_name)}"
        same = [one.number for one in lines if one.file_name == line.file_name]
        used, path = _used_for(workspace, ledger, line), there.get(line.file_name)
        day = line.stated.officially_received_on
        days = [day, *([line.stated.exported_at.date()] if line.stated.exported_at else [])]
        if len(same) > 1:
            if line.number == same[0]:
                others = ", ".join(map(str, same))
                say = f"{place}: nhiều dòng cho một tệp, để lại một / several lines are of it, leave one: {others}"
                found.append(Question(say, line.file_name))
        elif path is None and used is None:
            near = near_names(line.file_name, there)
            meant = f": gần nhất / nearest: {', '.join(map(visible, near))}" if near else ""
            found.append(Question(f"{place}: không có tệp này trong inbox / no such file is there{meant}"))
        elif path is not None and used is not None and sha256_of(path) != used.file_sha256:
            say = f"dòng này đã dùng cho {used.number}, ghi dòng cho tệp mới / the line was used for {used.number}"
            found.append(Question(f"{place}: {say}, write one for the file that lies there now", line.file_name))
        elif path is not None and max(days) > today:
            said = f"ngày {max(days):%d/%m/%Y} chưa đến / is still to come"
            found.append(Question(f"{place}: {said}: sửa dòng này / mend the line", line.file_name))
        elif path is not None and day < begins - LONG_BEFORE:
            said = f"ngày {day:%d/%m/%Y} trước năm kế hoạch / lies before the plan's year"
            found.append(Question(f"{place}: {said}: sửa dòng này / mend the line", line.file_name))
    return found


def remark(number: str, stated: Stated, reading: Reading, plan: Plan) -> str:
    """Return a sentence where a file is stated to have come long before anybody expects it, or ""."""
    awaited_on, day = _awaited_on(reading, plan), stated.officially_received_on
    if awaited_on is None or day >= awaited_on - LONG_BEFORE:
        return ""
    return (
        f"{number}: nhận {day:%d/%m/%Y}, {(awaited_on - day).days} ngày trước ngày cuối {awaited_on:%d/%m/%Y} / came"
        f" that long before its last day: nếu sai / if that is wrong: motcua receipt {number} --on dd/mm/yyyy"
    )


def _awaited_on(reading: Reading, plan: Plan) -> date | None:
    """Return the last day of a report, or of a log's days; None of a report that is due on no known day."""
    if reading.kind == "dossier_log":
        return reading.window[1] if reading.window else None
    due = [
        plan.last_day_on(one, reading.period)
        for one in plan.report_types
        if one.id == reading.report_type and reading.period is not None and reading.period in one.period_ids
    ]
    return next(iter(due), None)


def forget_used(workspace: Workspace, ledger: Ledger, lines: Sequence[Line], taken: Iterable[str]) -> None:
    """Take the lines off the register that were used, now (the names of the files `taken`) or before a kill."""
    path = workspace.inbox / REGISTER
    names = {_key(name) for name in taken}
    used = {line.number for line in lines if line.file_name in names}
    there = {_key(name.name) for name in workspace.inbox.iterdir()}
    gone = [line for line in lines if line.number not in used and line.file_name not in there]
    used |= {line.number for line in gone if _used_for(workspace, ledger, line) is not None}
    if not used:
        return
    reader = csv.reader(_register_text(path).splitlines())
    kept = [row for row in reader if reader.line_num not in used]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(kept)
    write_bytes(path, text.getvalue().encode())

"""Which files come in, and what becomes of each?

One file is one commit: original into the vault, tables into the store, then one ledger line. Files of the inbox are
moved, given files copied. The same bytes twice is one submission, seen twice.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from audit.events import SubmissionSeenAgain, SubmissionTaken
from audit.ledger import Ledger
from flows.door import Door, MisuseError
from flows.fingerprint import code_sha256
from flows.reading import ON_ARRIVAL, Reading, SourceFile, Stated
from flows.submissions import submissions
from flows.validate import validate
from flows.validate_log import RuleBook
from schemas.plan import Plan
from schemas.rules import load_rules
from sources.profile import load_profiles
from sources.report_profile import load_report_profiles
from warehouse import vault
from warehouse.files import sha256_of
from warehouse.store import Store
from warehouse.workspace import Workspace, inbox_names
from warehouse.writer import writer

REGISTER = "received.csv"
REGISTER_COLUMNS = ("file", "officially_received_on", "evidence", "sender", "exported_at")


@dataclass(frozen=True)
class Taken:
    """What became of one file."""

    file_name: str
    number: str
    is_seen_again: bool
    state: str
    reading: Reading | None


def rule_book(workspace: Workspace) -> RuleBook:
    """Return what fixes the reading of files in this workspace."""
    profiles = load_profiles(workspace.plan_folder)
    own_forms = load_report_profiles(workspace.plan)
    return RuleBook(workspace.plan, load_rules(), profiles, workspace.pseudonym_key(), own_forms)


def read_register(inbox: Path, plan: Plan) -> Mapping[str, Stated]:
    """Read the inbox's register of when and how each file reached the department; MisuseError names a wrong line."""
    path = inbox / REGISTER
    if not path.exists():
        return {}
    stated: dict[str, Stated] = {}
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MisuseError(
            f"{path}: không phải UTF-8 / is not UTF-8 (byte {error.start}): lưu lại dạng / save it as CSV UTF-8"
        ) from error
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != REGISTER_COLUMNS:
        raise MisuseError(f"{path}, dòng / line 1: các cột phải là / the columns must be {','.join(REGISTER_COLUMNS)}")
    for row in reader:
        place = f"{path}, dòng / line {reader.line_num}"
        if None in row or None in row.values():
            raise MisuseError(f"{place}: thừa hoặc thiếu ô / has more or fewer fields than the heading")
        try:
            received = date.fromisoformat(row["officially_received_on"])
            exported = datetime.fromisoformat(row["exported_at"]) if row["exported_at"] else None
        except ValueError as error:
            raise MisuseError(f"{place}: ngày ghi dạng YYYY-MM-DD / days are written YYYY-MM-DD ({error})") from error
        sender = plan.unit_code(row["sender"]) if row["sender"] else None
        if row["sender"] and sender is None:
            raise MisuseError(
                f"{place}: {row['sender']} không có trong kế hoạch / is not a unit of the plan: plan/units.csv"
            )
        if not row["evidence"]:
            raise MisuseError(
                f"{place}: ghi rõ chứng cứ của ngày nhận, ví dụ số E-Office / say by what evidence the day is known"
            )
        stated[row["file"]] = Stated(received, row["evidence"], sender, exported)
    return stated


def _commit(workspace: Workspace, ledger: Ledger, door: Door, book: RuleBook, source: Path, stated: Stated) -> Taken:
    known = {submission.taken.file_sha256: submission.taken for submission in submissions(ledger.entries)}
    seen = known.get(sha256_of(source))
    if seen is not None:
        again = SubmissionSeenAgain(
            number=seen.number, officially_received_on=stated.officially_received_on, evidence=stated.evidence
        )
        ledger.append(door.stamp, "intake", [again])
        return Taken(source.name, seen.number, True, seen.state, None)
    original = vault.keep(workspace, source)
    suffix = source.suffix.lower()
    store = Store(workspace)
    reading = validate(SourceFile(original.path, original.sha256, suffix), book, stated, store)
    event = SubmissionTaken(
        number=f"S-{len(known) + 1:04d}",
        kind=reading.kind,
        file_sha256=original.sha256,
        file_size=original.size,
        suffix=suffix,
        sender=stated.sender or reading.unit_code,
        unit_code=reading.unit_code,
        period=reading.period,
        report_type=reading.report_type,
        profile_id=reading.profile_id,
        profile_sha256=reading.profile_sha256,
        encoding=reading.encoding,
        coverage=reading.coverage,
        window_first_day=reading.window[0] if reading.window else None,
        window_last_day=reading.window[1] if reading.window else None,
        exported_at=reading.exported_at.isoformat(sep=" ") if reading.exported_at else None,
        officially_received_on=stated.officially_received_on,
        evidence=stated.evidence,
        recorded_at=door.stamp.at.astimezone(book.plan.zone).isoformat(timespec="seconds"),
        state=reading.state,
        is_blank=reading.is_blank,
        refusal=reading.refusal,
        read_count=reading.read_count,
        accepted_count=reading.accepted_count,
        rejected_count=reading.rejected_count,
        ignored_count=reading.ignored_count,
        rules_sha256=book.rules.sha256,
        plan_sha256=book.plan.sha256,
        code_sha256=code_sha256(),
    )
    ledger.append(
        door.stamp, "intake", [event], [original.stored(workspace), store.put_plan(book.plan), *reading.files]
    )
    return Taken(source.name, event.number, False, event.state, reading)


def _unstated(door: Door, book: RuleBook) -> Stated:
    return Stated(door.today(book.plan), ON_ARRIVAL)


def _move_in(workspace: Workspace, ledger: Ledger, door: Door, book: RuleBook, path: Path, stated: Stated) -> Taken:
    """Take in a file that lies in the inbox and must not lie there afterwards, whenever this process is killed."""
    door.on_step(path.name)
    seq = ledger.size + 1
    moved = vault.begin_taking(workspace, path, seq)
    taken = _commit(workspace, ledger, door, book, moved, stated)
    vault.end_taking(workspace, seq)
    return taken


def sweep(workspace: Workspace, ledger: Ledger, door: Door) -> Iterator[Taken]:
    """Take in every file of the inbox, in the order of their names."""
    book = rule_book(workspace)
    register = read_register(workspace.inbox, book.plan)
    for path in (workspace.inbox / name for name in inbox_names(workspace) if name != REGISTER):
        stated = register.get(path.name) or _unstated(door, book)
        yield _move_in(workspace, ledger, door, book, path, stated)


def take_in(workspace: Workspace, door: Door, files: Sequence[Path], stated: Stated | None = None) -> list[Taken]:
    """Take in the given files, or sweep the inbox where none is given; one commit each."""
    for path in files:
        if not path.is_file():
            raise MisuseError(
                f"{path} không phải là tệp, hãy kiểm tra tên / is not a file: check the name, or use {workspace.inbox}"
            )
    with writer(workspace, door.stamp, door.command, door.on_wait) as ledger:
        if not files:
            return list(sweep(workspace, ledger, door))
        book = rule_book(workspace)
        said = stated or _unstated(door, book)
        taken = []
        for path in files:
            is_in_inbox = path.resolve().parent == workspace.inbox
            take = _move_in if is_in_inbox else _commit
            taken.append(take(workspace, ledger, door, book, path, said))
        return taken

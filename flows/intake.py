"""Which files come in, and what becomes of each?

One file is one commit: tables into the store, the original sealed into the vault, then one ledger line. Several are
read at once, each in a process that it cannot harm; the commits follow the order of the names, so the ledger is that of
one after the other. Files of the inbox are moved, given files copied. The same bytes twice is one submission, seen
twice.
"""

import csv
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from audit.events import SubmissionSeenAgain, SubmissionTaken
from audit.ledger import Ledger
from flows.authority import entered
from flows.door import Door, MisuseError
from flows.fingerprint import code_sha256, lock_sha256
from flows.isolation import prepare_readers, processes, read_in_order
from flows.reader import Request, Unread
from flows.reading import ON_ARRIVAL, Reading, SourceFile, Stated
from flows.refusal import reading_of
from flows.rule_book import RuleBook, order_of, rule_book
from flows.submissions import submissions
from schemas.plan import Plan
from warehouse import vault
from warehouse.files import sha256_of
from warehouse.store import Store
from warehouse.workspace import Workspace, inbox_names

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


@dataclass(frozen=True)
class Arrival:
    """A file that is to be taken in; `is_moved` where it lies in the inbox and must not lie there afterwards."""

    path: Path
    stated: Stated
    is_moved: bool


@dataclass(frozen=True)
class _Coming:
    """A file on its way into the vault under the commit with the number `seq`; its tables wait in `aside`."""

    seq: int
    file: SourceFile
    arrival: Arrival
    aside: Workspace


def _commit(
    workspace: Workspace, ledger: Ledger, door: Door, book: RuleBook, coming: _Coming, answer: Reading | Unread | None
) -> Taken:
    known = {submission.taken.file_sha256: submission.taken for submission in submissions(ledger.entries)}
    file, stated, name = coming.file, coming.arrival.stated, coming.file.path.name
    if answer is None:
        seen = known[file.sha256]
        again = SubmissionSeenAgain(
            number=seen.number, officially_received_on=stated.officially_received_on, evidence=stated.evidence
        )
        ledger.append(door.stamp, "intake", [again])
        return Taken(name, seen.number, True, seen.state, None)
    store = Store(workspace)
    if isinstance(answer, Reading):
        store.adopt(coming.aside, answer.files)
    reading = reading_of(answer, file, book, stated, store)
    original = vault.keep(workspace, file.path, file.sha256, door.entropy)
    event = SubmissionTaken(
        number=f"S-{len(known) + 1:04d}",
        kind=reading.kind,
        file_sha256=file.sha256,
        file_size=file.path.stat().st_size,
        suffix=file.suffix,
        sender=stated.sender or reading.unit_code,
        unit_code=reading.unit_code,
        period=reading.period,
        report_type=reading.report_type,
        profile_id=reading.profile_id,
        profile_sha256=reading.profile_sha256,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        stated_sender=stated.sender,
        stated_period=stated.period,
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
        lock_sha256=lock_sha256(),
    )
    ledger.append(door.stamp, "intake", [event], [*original.files, store.put_plan(book.plan), *reading.files])
    return Taken(name, event.number, False, event.state, reading)


def _requests(
    workspace: Workspace,
    door: Door,
    book: RuleBook,
    arrivals: Iterable[tuple[int, Arrival]],
    known: set[str],
    on_coming: Callable[[_Coming], None],
) -> Iterator[Request | None]:
    """Bring in one file after the other as readers become free; None for bytes that were seen before."""
    order = order_of(book)
    for seq, arrival in arrivals:
        door.on_step(arrival.path.name)
        bring = vault.begin_taking if arrival.is_moved else vault.begin_copying
        path = bring(workspace, arrival.path, seq)
        file = SourceFile(path, sha256_of(path), path.suffix.lower(), path.stem)
        aside = Workspace(workspace.staging / str(seq))
        on_coming(_Coming(seq, file, arrival, aside))
        yield None if file.sha256 in known else Request(file, arrival.stated, order, aside.root)
        known.add(file.sha256)


def _take(
    workspace: Workspace, ledger: Ledger, door: Door, book: RuleBook, arrivals: Sequence[Arrival]
) -> Iterator[Taken]:
    """Read several files at once and commit them one after the other, in their order."""
    coming: deque[_Coming] = deque()
    known = {submission.taken.file_sha256 for submission in submissions(ledger.entries)}
    numbered = enumerate(arrivals, start=ledger.size + 1)
    requests = _requests(workspace, door, book, numbered, known, coming.append)
    try:
        for answer in read_in_order(requests, processes(book.limits)):
            taken = _commit(workspace, ledger, door, book, coming[0], answer)
            vault.end_taking(workspace, coming.popleft().seq)
            yield taken
    finally:
        shutil.rmtree(workspace.staging, ignore_errors=True)
        # A file of the inbox that was not committed is put back by the next command.
        for one in coming:
            if not one.arrival.is_moved:
                vault.end_taking(workspace, one.seq)


def sweep(workspace: Workspace, ledger: Ledger, door: Door) -> Iterator[Taken]:
    """Take in every file of the inbox, in the order of their names."""
    names = [name for name in inbox_names(workspace) if name != REGISTER]
    prepare_readers(min(len(names), processes(workspace.settings.reading)))
    book = rule_book(workspace, door.today(workspace.plan))
    register = read_register(workspace.inbox, book.plan)
    unstated = Stated(door.today(book.plan), ON_ARRIVAL)
    arrivals = [Arrival(workspace.inbox / name, register.get(name) or unstated, is_moved=True) for name in names]
    return _take(workspace, ledger, door, book, arrivals)


def take_in(workspace: Workspace, door: Door, files: Sequence[Path], stated: Stated | None = None) -> list[Taken]:
    """Take in the given files, or sweep the inbox where none is given; one commit each."""
    for path in files:
        if not path.is_file():
            raise MisuseError(
                f"{path} không phải là tệp, hãy kiểm tra tên / is not a file: check the name, or use {workspace.inbox}"
            )
    with entered(workspace, door, "intake") as ledger:
        if not files:
            return list(sweep(workspace, ledger, door))
        prepare_readers(min(len(files), processes(workspace.settings.reading)))
        book = rule_book(workspace, door.today(workspace.plan))
        said = stated or Stated(door.today(book.plan), ON_ARRIVAL)
        arrivals = [Arrival(path, said, is_moved=path.resolve().parent == workspace.inbox) for path in files]
        return list(_take(workspace, ledger, door, book, arrivals))

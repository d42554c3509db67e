"""Which files come in, and what becomes of each?

One file is one commit: tables into the store, the original sealed into the vault, then one ledger line. Several are
read at once, each in a process that it cannot harm; the commits follow the order of the names, so the ledger is that of
one after the other. Each is copied once, into the vault, and all of this is done with the copy; a file of the inbox
goes after its commit, where it is still the same. What cannot be taken now is said in a sentence, and stops no other.
The same bytes twice is one submission, seen twice (flows/intake/seen_again.py).
"""

import os
import shutil
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.events import SubmissionSeenAgain
from audit.ledger import Ledger
from audit.numbers import next_number
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.intake.inbox import look, not_taken, require_file
from flows.intake.isolation import processes, read_in_order
from flows.intake.reader import Request, Unread
from flows.intake.reading import ON_ARRIVAL, Reading, SourceFile, Stated
from flows.intake.refusal import reading_of
from flows.intake.register import forget_used, questions, read_register, remark, stated_of
from flows.intake.rule_book import RuleBook, order_of, rule_book
from flows.intake.seen_again import became, known_as
from flows.intake.sheets import keep_titles
from flows.intake.statement import statement
from flows.intake.submissions import submissions
from schemas.text import visible
from sources.files.file_name import known_suffix
from warehouse import arrivals, taking, vault
from warehouse.arrivals import NotTakenError
from warehouse.store import Store
from warehouse.taking import Taking
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Taken:
    """What became of one file; of one that came before, what became of it then, and what can be done."""

    file_name: str
    number: str
    is_seen_again: bool
    state: str
    reading: Reading | None
    became: str = ""


@dataclass(frozen=True)
class Arrival:
    """A file that is to be taken in; `is_moved` where it lies in the inbox and must not lie there afterwards."""

    path: Path
    stated: Stated
    is_moved: bool


@dataclass(frozen=True)
class _Coming:
    """A file on its way into the vault; its tables wait in `aside`."""

    taking: Taking
    file: SourceFile
    stated: Stated
    aside: Workspace


def _see_again(ledger: Ledger, door: Door, coming: _Coming) -> Taken:
    stated = coming.stated
    seen = known_as(ledger.entries, coming.file.sha256, stated)
    if seen is None:
        raise LookupError(f"{coming.file.sha256[:12]} was neither read nor known")
    number, said = seen.taken.number, became(ledger.entries, seen, stated)
    again = SubmissionSeenAgain(
        number=number, officially_received_on=stated.officially_received_on, evidence=stated.evidence
    )
    ledger.append(door.stamp, "intake", [again])
    return Taken(coming.taking.name, number, True, seen.taken.state, None, said)


def _commit(
    workspace: Workspace, ledger: Ledger, door: Door, book: RuleBook, coming: _Coming, answer: Reading | Unread | None
) -> Taken:
    file, stated, name = coming.file, coming.stated, coming.taking.name
    if answer is None:
        return _see_again(ledger, door, coming)
    store = Store(workspace)
    if isinstance(answer, Reading):
        store.adopt(coming.aside, answer.files)
    reading = reading_of(answer, file, book, stated, store)
    original = vault.keep(workspace, file.path, name, file.sha256, door.entropy)
    recorded_at = door.stamp.at.astimezone(book.plan.zone).isoformat(timespec="seconds")
    number = next_number("S", (one.taken.number for one in submissions(ledger.entries)))
    event = statement(number, file, coming.taking.size, stated, reading, book, recorded_at)
    files = [*original.files, *keep_titles(workspace, file.sha256, reading)]
    ledger.append(door.stamp, "intake", [event], [*files, store.put_plan(book.plan), *reading.files])
    return Taken(name, event.number, False, event.state, reading)


def _requests(
    workspace: Workspace,
    door: Door,
    book: RuleBook,
    coming: Iterable[Arrival],
    ledger: Ledger,
    on_coming: Callable[[_Coming], None],
) -> Iterator[Request | None]:
    """Bring in one file after the other as readers become free; None for bytes that were seen before."""
    order, seq = order_of(book), ledger.size + 1
    entries, read = ledger.entries[:], set[str]()
    for arrival in coming:
        door.on_step(arrival.path.name)
        try:
            begun = taking.begin(workspace, arrival.path, seq, is_moved=arrival.is_moved)
        except NotTakenError as error:
            door.on_notice(not_taken(arrival.path.name, error.why))
            continue
        except FileNotFoundError:
            # Taken away by somebody since the inbox was read.
            continue
        named = Path(unicodedata.normalize("NFC", begun.name))
        file = SourceFile(begun.path, begun.sha256, known_suffix(named.name), named.stem)
        aside = Workspace(workspace.staging / str(seq))
        on_coming(_Coming(begun, file, arrival.stated, aside))
        seq += 1
        if file.sha256 in read or known_as(entries, file.sha256, arrival.stated) is not None:
            yield None
        else:
            read.add(file.sha256)
            yield Request(file, arrival.stated, order, aside.root)


def _end(workspace: Workspace, door: Door, begun: Taking, number: str) -> None:
    """Let the original of the inbox go, or say that another file lies there now."""
    if not taking.finish(workspace, begun) and os.path.lexists(begun.source):
        door.on_notice(
            f"{visible(begun.name)}: đã thay đổi sau khi chép, bản đã nhận là {number}, bản mới chờ trong inbox"
            f" / changed after it was copied: what was taken in is {number}, what lies there now waits"
        )


def _take(
    workspace: Workspace, ledger: Ledger, door: Door, book: RuleBook, arrived: Sequence[Arrival]
) -> Iterator[Taken]:
    """Read several files at once and commit them one after the other, in their order."""
    coming: deque[_Coming] = deque()
    requests = _requests(workspace, door, book, arrived, ledger, coming.append)
    try:
        for answer in read_in_order(requests, processes(book.limits)):
            taken = _commit(workspace, ledger, door, book, coming[0], answer)
            _end(workspace, door, coming.popleft().taking, taken.number)
            yield taken
    finally:
        shutil.rmtree(workspace.staging, ignore_errors=True)
        # What was not committed lies where it lay.
        for one in coming:
            taking.drop(workspace, one.taking.seq)


def sweep(workspace: Workspace, ledger: Ledger, door: Door) -> Iterator[Taken]:
    """Take in every file of the inbox, in the order of their names."""
    inbox = look(workspace, door.stamp.at)
    for one in inbox.left_alone:
        if not one.is_quiet:
            door.on_notice(one.sentence)
    book, done = rule_book(workspace, door.today(workspace.plan)), list[str]()
    lines, today = read_register(workspace.inbox, book.plan), door.today(book.plan)
    asked = questions(workspace, ledger, lines, inbox.waiting, book.plan, today)
    for question in asked:
        door.on_notice(question.sentence)
    held = {question.file_name for question in asked}
    names = [name for name in inbox.waiting if unicodedata.normalize("NFC", name) not in held]
    unstated = Stated(today, ON_ARRIVAL)
    arrived = [Arrival(workspace.inbox / name, stated_of(lines, name) or unstated, is_moved=True) for name in names]
    for taken in _take(workspace, ledger, door, book, arrived):
        stated = stated_of(lines, taken.file_name)
        said = remark(taken.number, stated, taken.reading, book.plan) if stated and taken.reading else ""
        if said:
            door.on_notice(said)
        done.append(taken.file_name)
        yield taken
    forget_used(workspace, ledger, lines, done)


def take_in(workspace: Workspace, door: Door, files: Sequence[Path], stated: Stated | None = None) -> list[Taken]:
    """Take in the given files, or sweep the inbox where none is given; one commit each."""
    for path in files:
        require_file(path, workspace.inbox)
        is_waiting = path.parent.resolve() == workspace.inbox
        why = arrivals.look(path, door.stamp.at, workspace.settings.settle_seconds) if is_waiting else None
        if why is not None:
            raise MisuseError(not_taken(path.name, why))
    with entered(workspace, door, "intake") as ledger:
        if not files:
            return list(sweep(workspace, ledger, door))
        book = rule_book(workspace, door.today(workspace.plan))
        said = stated or Stated(door.today(book.plan), ON_ARRIVAL)
        arrived = [Arrival(path, said, is_moved=path.parent.resolve() == workspace.inbox) for path in files]
        return list(_take(workspace, ledger, door, book, arrived))

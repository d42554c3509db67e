"""Which files come in, and what becomes of each?

One file is one commit: tables into the store, the original sealed into the vault, then one ledger line. Several are
read at once, each in a process that it cannot harm; the commits follow the order of the names, so the ledger is that of
one after the other. Files of the inbox are moved, given files copied. The same bytes twice is one submission, seen
twice.
"""

import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.events import SubmissionSeenAgain
from audit.ledger import Ledger
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.intake.inbox import forget_taken, read_register, waiting
from flows.intake.isolation import processes, read_in_order
from flows.intake.reader import Request, Unread
from flows.intake.reading import ON_ARRIVAL, Reading, SourceFile, Stated
from flows.intake.refusal import reading_of
from flows.intake.rule_book import RuleBook, order_of, rule_book
from flows.intake.sheets import keep_titles
from flows.intake.statement import statement
from flows.intake.submissions import submissions
from sources.files.file_name import known_suffix
from warehouse import vault
from warehouse.files import sha256_of
from warehouse.store import Store
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Taken:
    """What became of one file."""

    file_name: str
    number: str
    is_seen_again: bool
    state: str
    reading: Reading | None


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
    recorded_at = door.stamp.at.astimezone(book.plan.zone).isoformat(timespec="seconds")
    size = file.path.stat().st_size
    event = statement(f"S-{len(known) + 1:04d}", file, size, stated, reading, book, recorded_at)
    files = [*original.files, *keep_titles(workspace, file.sha256, reading)]
    ledger.append(door.stamp, "intake", [event], [*files, store.put_plan(book.plan), *reading.files])
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
        file = SourceFile(path, sha256_of(path), known_suffix(path.name), path.stem)
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
    names = waiting(workspace)
    book = rule_book(workspace, door.today(workspace.plan))
    register = read_register(workspace.inbox, book.plan)
    unstated = Stated(door.today(book.plan), ON_ARRIVAL)
    arrivals = [Arrival(workspace.inbox / name, register.get(name) or unstated, is_moved=True) for name in names]
    yield from _take(workspace, ledger, door, book, arrivals)
    forget_taken(workspace.inbox)


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
        book = rule_book(workspace, door.today(workspace.plan))
        said = stated or Stated(door.today(book.plan), ON_ARRIVAL)
        arrivals = [Arrival(path, said, is_moved=path.resolve().parent == workspace.inbox) for path in files]
        return list(_take(workspace, ledger, door, book, arrivals))

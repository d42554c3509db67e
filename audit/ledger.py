"""What has been committed, in which order, by whom?

Invariants:
1. the ledger is the commit: what no line names does not exist, and what a line names is never changed;
2. a line is appended whole and fsynced before anybody is told; a torn last line was never committed;
3. there is no update and no delete;
4. whoever waits while others write comes after them: waiting makes no time run backward;
5. whoever seals the record has the new head signed before its line is written: no line ever stands unsigned.
"""

import math
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from audit.chain import ZERO, canonical, first_break, line_hash
from audit.events import ENTRY, AnyEvent, Entry, StoredFile
from audit.persons import signed_bytes


class Signer(Protocol):
    """Somebody's hand: it signs once the key is unlocked and was found to be the one in force for who holds it."""

    @property
    def fingerprint(self) -> str | None:
        """The fingerprint of the key that signs; None as long as nothing is signed."""

    def sign(self, content: bytes) -> bytes:
        """Return the Ed25519 signature of these bytes."""


def _no_time() -> timedelta:
    return timedelta(0)


@dataclass
class Waiting:
    """How long somebody has been at the door by now, and by how much what they do comes later than they came.

    Shared by all who came in together.
    """

    elapsed: Callable[[], timedelta] = _no_time
    by: timedelta = field(default_factory=_no_time)


@dataclass(frozen=True)
class Stamp:
    """Who does something, when, as which user of the operating system, started by what. Read once, at the door."""

    came_at: datetime
    actor: str
    os_user: str
    trigger: str = ""
    signer: Signer | None = field(default=None, compare=False, repr=False)
    waiting: Waiting = field(default_factory=Waiting, compare=False, repr=False)

    @property
    def at(self) -> datetime:
        """The moment: when they came, or when it was their turn where somebody else wrote in between."""
        return self.came_at + self.waiting.by

    def come_after(self, last: str) -> None:
        """Let the moment be that of now where a line was written while somebody waited, for the lock or a passphrase.

        A last line that is later than now is of a clock that was wrong: that is for `verify` to name.
        """
        waited = timedelta(seconds=math.ceil(self.waiting.elapsed().total_seconds()))
        if self.at < datetime.fromisoformat(last) <= self.came_at + waited:
            self.waiting.by = waited

    @property
    def unsigned(self) -> "Stamp":
        """The same, for what the program says of itself: nobody signs that."""
        return replace(self, signer=None)

    @property
    def at_text(self) -> str:
        """The moment in UTC, to the second, as the ledger writes it."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class PastLedgerError(RuntimeError):
    """Raised where something is to be committed to the past: our own mistake."""


class BrokenLedgerError(ValueError):
    """Raised where the ledger's chain does not hold: nothing may be built on it."""


@dataclass(frozen=True)
class TornLine:
    """The bytes after the last newline: a commit that never happened."""

    content: bytes


# Given a commit and the head that it makes; its line is written inside.
Sealing = Callable[[Entry, str], AbstractContextManager[None]]


def _unsealed(_: Entry, __: str) -> AbstractContextManager[None]:
    return nullcontext()


class Ledger:
    """The lines of `ledger.jsonl`, read once and appended to under the workspace's lock."""

    def __init__(self, path: Path, sealing: Sealing = _unsealed, signed_head: str | None = None) -> None:
        self.path = path
        self._sealing = sealing
        content = path.read_bytes() if path.exists() else b""
        whole, _, rest = content.rpartition(b"\n")
        self.torn = TornLine(rest) if rest else None
        self.lines: list[bytes] = whole.split(b"\n") if whole else []
        broken = first_break(self.lines, signed_head)
        if broken is not None:
            raise BrokenLedgerError(f"{path.name}, dòng / line {broken.line}: {broken.problem}")
        self.entries: list[Entry] = [_entry(path, number, line) for number, line in enumerate(self.lines, start=1)]

    @property
    def size(self) -> int:
        """Number of commits."""
        return len(self.lines)

    @property
    def head(self) -> str:
        """Hash of the last line; ZERO for an empty ledger."""
        return self.head_at(self.size)

    def head_at(self, size: int) -> str:
        """Return the head as it was after this many commits."""
        return line_hash(self.lines[size - 1]) if size else ZERO

    def up_to(self, size: int) -> "Ledger":
        """Return the record as it was after this many commits, to read from only."""
        return _PastLedger(self, size)

    def as_known_on(self, day: date, zone: tzinfo) -> "Ledger":
        """Return the record as it was at the end of a day in a zone: what was known and decided then."""
        later = (entry.seq for entry in self.entries if entry.day_in(zone) > day)
        return self.up_to(next(later, self.size + 1) - 1)

    def drop_torn_line(self) -> None:
        """Cut the file back to its last whole line. The caller has kept the bytes elsewhere."""
        with self.path.open("r+b") as file:
            file.truncate(sum(len(line) + 1 for line in self.lines))
            file.flush()
            os.fsync(file.fileno())
        self.torn = None

    def draft(self, stamp: Stamp, kind: str, events: Sequence[AnyEvent], files: Sequence[StoredFile] = ()) -> Entry:
        """Return the next line as it would stand, but for its signature; nothing is written."""
        return Entry(
            seq=self.size + 1,
            at=stamp.at_text,
            actor=stamp.actor,
            os_user=stamp.os_user,
            trigger=stamp.trigger,
            kind=kind,
            events=tuple(events),
            files=tuple(sorted(files, key=lambda file: file.path)),
            previous=self.head,
            signed_by=stamp.signer.fingerprint if stamp.signer is not None else None,
        )

    def append(self, stamp: Stamp, kind: str, events: Sequence[AnyEvent], files: Sequence[StoredFile] = ()) -> Entry:
        """Commit events and the files they name; return the entry once it is on the disk."""
        entry = self.draft(stamp, kind, events, files)
        if stamp.signer is not None and entry.signed_by is not None:
            signature = stamp.signer.sign(signed_bytes(entry.model_dump(mode="json")))
            entry = entry.model_copy(update={"signature": signature.hex()})
        line = canonical(entry.model_dump(mode="json"))
        with self._sealing(entry, line_hash(line)):
            self._write(line)
        self.lines.append(line)
        self.entries.append(entry)
        return entry

    def _write(self, line: bytes) -> None:
        """Append a line whole; what a full disk took of it is taken back: no line ever follows a half one."""
        with self.path.open("ab", buffering=0) as file:
            before = file.tell()
            try:
                left = memoryview(line + b"\n")
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
            except BaseException:
                os.ftruncate(file.fileno(), before)
                raise


def _entry(path: Path, number: int, line: bytes) -> Entry:
    try:
        return ENTRY.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BrokenLedgerError(
            f"{path.name}, dòng / line {number}: không phải mục sổ cái / is no entry: {place}: {first['msg']}"
        ) from error


class _PastLedger(Ledger):
    """The first commits of a record. Nothing is added to the past."""

    def __init__(self, whole: Ledger, size: int) -> None:
        self.path = whole.path
        self.torn = None
        self.lines = whole.lines[:size]
        self.entries = whole.entries[:size]

    def drop_torn_line(self) -> None:
        raise PastLedgerError("the past has no torn line")

    def append(self, stamp: Stamp, kind: str, events: Sequence[AnyEvent], files: Sequence[StoredFile] = ()) -> Entry:
        raise PastLedgerError(f"{kind}: nothing is committed to the past")

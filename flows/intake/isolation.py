"""How are strangers' files opened so that they can harm nothing but themselves?

Several are read at once, each by a reader process (`flows.intake.reader`), and the answers come in the order of the
requests. A reader that died, hung or ran out of memory gives a refusal and is replaced. Readers that are well are kept
for the next file, since each takes a second or two to start.
"""

import atexit
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, TypeVar, cast

from flows.intake.reader import Done, Errand, Reader, Request, Unread
from flows.intake.reading import Reading
from schemas.limits import Limits

if TYPE_CHECKING:
    from flows.intake.rule_book import BookOrder, RuleBook

T = TypeVar("T")


@dataclass
class _Slot:
    """A request in its turn, the reader that has it, and what came of it."""

    request: Request | None
    reader: Reader | None = None
    answer: Reading | Unread | OSError | None = None

    @property
    def is_done(self) -> bool:
        return self.request is None or self.answer is not None


# Readers that are well and have nothing to do.
_idle: list[Reader] = []


def idle_readers() -> tuple[Reader, ...]:
    """Return the readers that are kept for the next file."""
    return tuple(_idle)


def close_idle_readers() -> None:
    """End the readers that were kept for the next file."""
    ours = [reader for reader in _idle if reader.owner == os.getpid()]
    _idle.clear()
    # Giving back its memory takes a process a while: all are told first, then waited for.
    for reader in ours:
        reader.kill()
    for reader in ours:
        reader.close()


atexit.register(close_idle_readers)


def prepare_readers(count: int) -> None:
    """Start readers ahead of the files."""
    _idle.extend(Reader() for _ in range(count - len(_idle)))


def _take_reader() -> Reader:
    while _idle:
        reader = _idle.pop()
        if reader.is_alive:
            return reader
        if reader.owner == os.getpid():
            reader.close()
    return Reader()


def processes(limits: Limits) -> int:
    """Return how many files are read at once."""
    return limits.processes or len(os.sched_getaffinity(0))


def _hand_out(slots: Iterable[_Slot], count: int) -> None:
    """Give requests that nobody has to readers, at most `count` at a time."""
    busy = sum(slot.reader is not None for slot in slots)
    for slot in slots:
        if busy < count and slot.reader is None and slot.request is not None and slot.answer is None:
            slot.reader = _take_reader()
            slot.reader.ask(slot.request)
            busy += 1


def _gather(slots: Iterable[_Slot]) -> None:
    """Wait until a reader says something or its time is over, and take in what there is."""
    busy = [slot.reader for slot in slots if slot.reader is not None]
    wait([reader.connection for reader in busy], max(0.0, min(r.deadline for r in busy) - time.monotonic()))
    for slot in slots:
        if slot.reader is not None and (answer := slot.reader.answer()) is not None:
            if isinstance(answer, Done):
                raise LookupError("the reading of a file was answered as an errand")
            slot.answer = answer
            if not slot.reader.is_spent:
                _idle.append(slot.reader)
            elif not isinstance(answer, Unread):
                slot.reader.close()
            slot.reader = None


def read_in_order(requests: Iterable[Request | None], count: int) -> Iterator[Reading | Unread | None]:
    """Yield what came of each request, in their order, while up to `count` are read at once; None for None.

    Requests are asked for as they are needed, at most `2 * count` ahead of the answers. Raises OSError where a reader
    cannot write, ReaderNotStartedError where none starts.
    """
    coming = iter(requests)
    slots: deque[_Slot] = deque()
    try:
        while True:
            slots.extend(_Slot(request) for request in islice(coming, 2 * count - len(slots)))
            if not slots:
                return
            _hand_out(slots, count)
            while not slots[0].is_done:
                _gather(slots)
                _hand_out(slots, count)
            answer = slots.popleft().answer
            if isinstance(answer, OSError):
                raise answer
            yield answer
    finally:
        for slot in slots:
            if slot.reader is not None:
                slot.reader.close()


def apart(order: "BookOrder", work: "Callable[[RuleBook], T]") -> T | Unread:
    """Do something else with a stranger's file in a reader process: `work` and what it returns are sent over.

    Raises OSError where the reader cannot write, ReaderNotStartedError where none starts.
    """
    reader = _take_reader()
    try:
        reader.ask(Errand(order, work))
        while (answer := reader.answer()) is None:
            wait([reader.connection], max(0.0, reader.deadline - time.monotonic()))
    except BaseException:
        reader.close()
        raise
    if not reader.is_spent:
        _idle.append(reader)
    elif not isinstance(answer, Unread):
        reader.close()
    if isinstance(answer, OSError):
        raise answer
    if isinstance(answer, Unread):
        return answer
    if not isinstance(answer, Done):
        raise LookupError("an errand was answered with the reading of a file")
    return cast("T", answer.value)


def read_one(request: Request) -> Reading | Unread:
    """Read one file."""
    [answer] = read_in_order([request], 1)
    if answer is None:
        raise LookupError("a request was left without an answer")
    return answer

"""How is one stranger's file read in a process of its own, and what is said when that process does not survive it?

The process (`flows.intake.reader_process`) has limits of time and memory. It is started anew, never forked from a
process that has threads.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from signal import SIGABRT, SIGBUS, SIGKILL, SIGSEGV, SIGXCPU
from typing import TYPE_CHECKING, Literal, Protocol

from flows.entry.places import CHECKOUT
from flows.intake.reading import Reading, SourceFile, Stated
from schemas.limits import Limits

# Readers are started before anything large is imported: what they are asked is imported by then.
if TYPE_CHECKING:
    from flows.intake.rule_book import BookOrder, RuleBook

READER = "flows.intake.reader_process"
_START_SECONDS = 120
_KIBIBYTES = 1024


@dataclass(frozen=True)
class Request:
    """One file to be read, and the folder into which its tables are written."""

    file: SourceFile
    stated: Stated
    order: "BookOrder"
    folder: Path


@dataclass(frozen=True)
class Errand:
    """Anything else that is to be done with a stranger's file: a function of the rule book."""

    order: "BookOrder"
    work: "Callable[[RuleBook], object]"


@dataclass(frozen=True)
class Done:
    """What came of an errand."""

    value: object


@dataclass(frozen=True)
class Broken:
    """What a reader says that could not read a file: out of memory, or where in our code it failed."""

    why: Literal["memory", "failed"]
    place: str = ""


@dataclass(frozen=True)
class Unread:
    """A file that broke its reader, in one sentence for its sender."""

    why: str


@dataclass(frozen=True)
class Ending:
    """How a process ended: its exit status (negative: the signal), and the most memory that was ever counted to it."""

    status: int
    peak_kibibytes: int


def held_much(peak_kibibytes: int, at_start: int, limits: Limits) -> bool:
    """Tell whether a reader held so much memory that another file should not have to live with the rest.

    What the operating system counts to a process begins with the peak of the one that started it.
    """
    return peak_kibibytes > max(at_start, limits.memory_mebibytes * _KIBIBYTES // 2)


def _too_slow(seconds: int) -> str:
    return (
        f"Đọc tệp quá {seconds} giây nên phải dừng: tệp hỏng hoặc quá lớn"
        f" / Reading the file took more than {seconds} seconds and was stopped: it is damaged or too large"
    )


def _too_much(mebibytes: int) -> str:
    return (
        f"Đọc tệp cần nhiều bộ nhớ hơn {mebibytes} MiB nên phải dừng"
        f" / Reading the file needs more than {mebibytes} MiB of memory and was stopped"
    )


def _ended(ending: Ending, peak_at_start: int, limits: Limits) -> str:
    status = ending.status
    if status == -SIGXCPU:
        return _too_slow(limits.seconds)
    # Most libraries say so when they are refused memory; one that writes to where it got none is killed instead.
    if status in (-SIGSEGV, -SIGBUS, -SIGABRT) and held_much(ending.peak_kibibytes, peak_at_start, limits):
        return _too_much(limits.memory_mebibytes)
    how, how_en = (f"tín hiệu {-status}", f"signal {-status}") if status < 0 else (f"mã {status}", f"status {status}")
    return (
        f"Tệp làm chương trình đọc ngừng đột ngột ({how}): tệp hỏng hoặc quá lớn"
        f" / The file made its reader stop ({how_en}): it is damaged or too large"
    )


def _broken(broken: Broken, limits: Limits) -> str:
    if broken.why == "memory":
        return _too_much(limits.memory_mebibytes)
    return (
        f"Chương trình không đọc được tệp này ({broken.place}): hãy báo người phụ trách hệ thống"
        f" / The program failed on this file ({broken.place}): tell whoever looks after it"
    )


# What a reader answers; an OSError is the machine's, and is raised in the parent.
Answer = Reading | Done | Broken | OSError


class ReaderNotStartedError(RuntimeError):
    """Raised where a reader does not start: that is the program's fault or the machine's, never a file's."""


class Process(Protocol):
    """What is needed of a reader's process: its number, and a place for its exit status once that is known."""

    pid: int
    returncode: int | None


def start_process(theirs: Connection) -> Process:
    """Start a reader that holds the other end of a connection."""
    return subprocess.Popen(
        [sys.executable, "-m", READER, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # What parsers say of a file may hold its values.
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "POLARS_MAX_THREADS": "1"},
    )


class Reader:
    """One reader process and what it is doing."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.connection, theirs = Pipe()
        self.process = start_process(theirs)
        theirs.close()
        self.is_ready = False
        self.is_spent = False
        self.deadline = time.monotonic() + _START_SECONDS
        self._limits = Limits()
        self._peak_at_start = 0
        self._request: Request | Errand | None = None
        self._ending: Ending | None = None

    @property
    def is_alive(self) -> bool:
        """Whether another file can be given to it: nobody has spoken, and nobody has hung up."""
        is_ours = self.owner == os.getpid() and not self.is_spent
        return is_ours and not (self.is_ready and self.connection.poll())

    def ask(self, request: Request | Errand) -> None:
        """Hand a file over, or keep it until the reader has started."""
        self._request = request
        if self.is_ready:
            self._send()

    def _send(self) -> None:
        if self._request is None:
            return
        self._limits = self._request.order.limits
        self.deadline = time.monotonic() + self._limits.clock_seconds
        # One that has died in the meantime is seen when its answer is read.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(self._request)

    def answer(self) -> Reading | Done | Unread | OSError | None:
        """Return the answer where it has come or will never come.

        An OSError is that of a reader which could not write; ReaderNotStartedError is raised where it never began.
        """
        if not self.connection.poll():
            if time.monotonic() < self.deadline:
                return None
            self.close()
            if not self.is_ready:
                raise ReaderNotStartedError(
                    "tiến trình đọc tệp không khởi động được"
                    f" / no reader of files has started within {_START_SECONDS} seconds"
                )
            return Unread(_too_slow(self._limits.clock_seconds))
        try:
            said = self.connection.recv()
        except (EOFError, ConnectionResetError):
            ending = self.close()
            if not self.is_ready:
                how = "tiến trình đọc tệp dừng khi khởi động / the reader of files ended with status"
                said = f"{how} {ending.status} at its start"
                raise ReaderNotStartedError(said) from None
            return Unread(_ended(ending, self._peak_at_start, self._limits))
        if not self.is_ready:
            self.is_ready, self._peak_at_start = True, said
            self._send()
            return None
        answer, self.is_spent = said
        if isinstance(answer, Broken):
            return Unread(_broken(answer, self._limits))
        return answer if isinstance(answer, Reading | Done | OSError) else None

    def kill(self) -> None:
        """End the process where it still runs, without waiting until it is gone."""
        self.is_spent = True
        if self._ending is None:
            os.kill(self.process.pid, SIGKILL)

    def close(self) -> Ending:
        """End the process where it still runs; return how it ended."""
        self.kill()
        if self._ending is None:
            _, state, usage = os.wait4(self.process.pid, 0)
            self.process.returncode = os.waitstatus_to_exitcode(state)
            self._ending = Ending(self.process.returncode, usage.ru_maxrss)
            self.connection.close()
        return self._ending

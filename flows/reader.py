"""How is one stranger's file read in a process of its own, and what is said when that process does not survive it?

The process (`flows.reader_process`) has limits of time and memory. It is started anew, never forked from a process that
has threads.
"""

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from signal import SIGXCPU
from typing import Literal, Protocol

from flows.places import CHECKOUT
from flows.reading import Reading, SourceFile, Stated
from flows.rule_book import BookOrder
from schemas.limits import Limits

READER = "flows.reader_process"
_START_SECONDS = 120
_END_SECONDS = 10


@dataclass(frozen=True)
class Request:
    """One file to be read, and the folder into which its tables are written."""

    file: SourceFile
    stated: Stated
    order: BookOrder
    folder: Path


@dataclass(frozen=True)
class Broken:
    """What a reader says that could not read a file: out of memory, or where in our code it failed."""

    why: Literal["memory", "failed"]
    place: str = ""


@dataclass(frozen=True)
class Unread:
    """A file that broke its reader, in one sentence for its sender."""

    why: str


def _too_slow(seconds: int) -> str:
    return (
        f"Đọc tệp quá {seconds} giây nên phải dừng: tệp hỏng hoặc quá lớn"
        f" / Reading the file took more than {seconds} seconds and was stopped: it is damaged or too large"
    )


def _ended(status: int, seconds: int) -> str:
    if status == -SIGXCPU:
        return _too_slow(seconds)
    how, how_en = (f"tín hiệu {-status}", f"signal {-status}") if status < 0 else (f"mã {status}", f"status {status}")
    return (
        f"Tệp làm chương trình đọc ngừng đột ngột ({how}): tệp hỏng hoặc quá lớn"
        f" / The file made its reader stop ({how_en}): it is damaged or too large"
    )


def _broken(broken: Broken, limits: Limits) -> str:
    if broken.why == "memory":
        return (
            f"Đọc tệp cần nhiều bộ nhớ hơn {limits.memory_mebibytes} MiB nên phải dừng"
            f" / Reading the file needs more than {limits.memory_mebibytes} MiB of memory and was stopped"
        )
    return (
        f"Chương trình không đọc được tệp này ({broken.place}): hãy báo người phụ trách hệ thống"
        f" / The program failed on this file ({broken.place}): tell whoever looks after it"
    )


# What a reader answers; an OSError is the machine's, and is raised in the parent.
Answer = Reading | Broken | OSError


class ReaderNotStartedError(RuntimeError):
    """Raised where a reader does not start: that is the program's fault or the machine's, never a file's."""


class Process(Protocol):
    """What is needed of a reader's process."""

    def kill(self) -> None: ...  # noqa: D102

    def wait(self, timeout: float | None = None) -> int: ...  # noqa: D102


def start_process(theirs: Connection) -> Process:
    """Start a reader that holds the other end of a connection."""
    return subprocess.Popen(
        [sys.executable, "-m", READER, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # What parsers say of a file may hold its values.
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
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
        self._request: Request | None = None

    @property
    def is_alive(self) -> bool:
        """Whether another file can be given to it: nobody has spoken, and nobody has hung up."""
        is_ours = self.owner == os.getpid() and not self.is_spent
        return is_ours and not (self.is_ready and self.connection.poll())

    def ask(self, request: Request) -> None:
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

    def answer(self) -> Reading | Unread | OSError | None:
        """Return the answer where it has come or will never come.

        An OSError is that of a reader which could not write; ReaderNotStartedError is raised where it never began.
        """
        if not self.connection.poll():
            if time.monotonic() < self.deadline:
                return None
            self.close()
            if not self.is_ready:
                raise ReaderNotStartedError(f"no reader of files has started within {_START_SECONDS} seconds")
            return Unread(_too_slow(self._limits.clock_seconds))
        try:
            said = self.connection.recv()
        except (EOFError, ConnectionResetError):
            status = self.close()
            if not self.is_ready:
                raise ReaderNotStartedError(f"the reader of files ended with status {status} at its start") from None
            return Unread(_ended(status, self._limits.seconds))
        if not self.is_ready:
            self.is_ready = True
            self._send()
            return None
        answer, self.is_spent = said
        if isinstance(answer, Broken):
            return Unread(_broken(answer, self._limits))
        return answer if isinstance(answer, Reading | OSError) else None

    def close(self) -> int:
        """End the process where it still runs; return its exit status (negative: the signal)."""
        self.is_spent = True
        with suppress(ProcessLookupError):
            self.process.kill()
        status = self.process.wait(_END_SECONDS)
        self.connection.close()
        return status

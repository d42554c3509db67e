"""Who is writing, and since when?

One writer at a time. The lock is the operating system's (flock): it ends with the process that holds it, however that
ends. The file's content only says who it is.
"""

import errno
import fcntl
import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.ledger import Stamp
from warehouse.modes import OWNER_ONLY
from warehouse.workspace import WorkspaceError

_PAUSE_SECONDS = 0.1
_MOST_BYTES = 1 << 12


class WorkspaceBusyError(RuntimeError):
    """Raised where another writer did not finish within the time that one is willing to wait."""


def _opened(path: Path, how: int) -> int:
    """Open the lock's own file, never what a link in its place points to; WorkspaceError where it is no plain file."""
    try:
        # Without O_NONBLOCK a pipe in its place would hold us for ever.
        descriptor = os.open(path, how | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, OWNER_ONLY)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise
        raise _no_lock(path) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_lock(path)
    return descriptor


def _no_lock(path: Path) -> WorkspaceError:
    return WorkspaceError(
        f"{path}: là liên kết hoặc không phải tệp thường, không mở / is a link or no plain file and was not opened:"
        " hãy xem ai đặt, rồi xóa / see who put it there, then remove it"
    )


def _holder(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, _MOST_BYTES, 0))
        return f"{holder['actor']} ({holder['command']}, process {holder['process']}) since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"


@contextmanager
def writing(path: Path, wait_seconds: float, on_wait: Callable[[str], None]) -> Iterator[Callable[[Stamp, str], None]]:
    """Hold the writer's lock; `on_wait` is told once who holds it. WorkspaceBusyError after `wait_seconds`.

    Hands out what writes into the lock who holds it, for which command: a writer that is turned away changes nothing.
    """
    descriptor = _opened(path, os.O_RDWR | os.O_CREAT)
    try:
        deadline = time.monotonic() + wait_seconds
        told = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = _holder(descriptor)
                if not told:
                    on_wait(holder)
                    told = True
                if time.monotonic() >= deadline:
                    raise WorkspaceBusyError(holder) from None
                time.sleep(_PAUSE_SECONDS)

        def announce(stamp: Stamp, command: str) -> None:
            content = {"actor": stamp.actor, "command": command, "process": os.getpid(), "since": stamp.at_text}
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(content, ensure_ascii=False).encode(), 0)

        yield announce
    finally:
        os.close(descriptor)


def holder(path: Path) -> str | None:
    """Return who is writing at this moment, or None; never waits."""
    try:
        descriptor = _opened(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(descriptor)
    finally:
        os.close(descriptor)
    return None

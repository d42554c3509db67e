"""Who is writing, and since when?

One writer at a time. The lock is the operating system's (flock): it ends with the process that holds it, however that
ends. The file's content only says who it is.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.ledger import Stamp

_PAUSE_SECONDS = 0.1


class WorkspaceBusyError(RuntimeError):
    """Raised where another writer did not finish within the time that one is willing to wait."""


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text("utf-8"))
        return f"{holder['actor']} ({holder['command']}, process {holder['process']}) since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"


@contextmanager
def writing(path: Path, wait_seconds: float, on_wait: Callable[[str], None]) -> Iterator[Callable[[Stamp, str], None]]:
    """Hold the writer's lock; `on_wait` is told once who holds it. WorkspaceBusyError after `wait_seconds`.

    Hands out what writes into the lock who holds it, for which command: a writer that is turned away changes nothing.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + wait_seconds
        told = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = _holder(path)
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
    if not path.exists():
        return None
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(path)
    finally:
        os.close(descriptor)
    return None

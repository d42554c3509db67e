"""How does a process start beside us, and how is it made sure that it ends when we do, however we end?

Run as a program it runs another module, after it has asked the kernel to be told when its parent is gone.
"""

import ctypes
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from flows.entry.places import CHECKOUT

_PRIVATE_FILE, _PRIVATE_UMASK = 0o600, 0o077
_END_SECONDS = 20.0
_PAUSE_SECONDS = 0.05
# Of linux/prctl.h.
_SIGNAL_AT_PARENTS_DEATH, _ADOPT_GRANDCHILDREN = 1, 36


def start_child(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a Python module as a process of its own, which writes to a log and outlives us under no circumstances."""
    command = [sys.executable, "-m", "flows.serving.child", str(os.getpid()), module, *arguments]
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _PRIVATE_FILE), "ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | dict(environment),
            cwd=CHECKOUT,
            umask=_PRIVATE_UMASK,
            # Ctrl-C in a terminal reaches us alone: we end them in order.
            start_new_session=True,
        )


def adopt_grandchildren() -> None:
    """Let what a killed child leaves behind become ours, so that it can be ended too."""
    _prctl(_ADOPT_GRANDCHILDREN, 1)


def end_children(children: Iterable[subprocess.Popen[bytes]]) -> None:
    """End these processes in this order; one that does not listen is killed."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def end_orphans() -> None:
    """End whatever is left under this process: runs of a runner that was killed, for whom nobody cares any more."""
    for order in (signal.SIGTERM, signal.SIGKILL):
        left = _descendants(os.getpid())
        for process in left:
            _send(process, order)
        deadline = time.monotonic() + _END_SECONDS
        while left and time.monotonic() < deadline:
            _reap()
            left = _descendants(os.getpid())
            time.sleep(_PAUSE_SECONDS)


def _send(process: int, order: signal.Signals) -> None:
    try:
        os.kill(process, order)
    except ProcessLookupError:
        return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _descendants(process: int) -> list[int]:
    """Return every process under this one, where the system shows them (Linux); none elsewhere."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, which stands in brackets before the rest, may hold spaces and brackets itself.
            state, parent, *_ = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if state != "Z":
            children.setdefault(int(parent), []).append(int(path.parent.name))
    found, left = [], [process]
    while left:
        under = children.get(left.pop(), [])
        found += under
        left += under
    return found


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _main() -> None:
    parent, module, *arguments = sys.argv[1:]
    _prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit("motcua serve đã dừng / has ended")
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()

"""What waits for ever fails instead: a pipe without another end holds whoever opens it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def ended_within(seconds: int) -> Iterator[None]:
    """Fail where what is done inside waits longer than that."""

    def waited(*_: object) -> None:
        pytest.fail(f"something was waited for longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, waited)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

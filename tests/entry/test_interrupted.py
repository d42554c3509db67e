"""Ctrl+C ends any command with one line and status 130; nothing is half written, and the next command goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.audits.verify import verify
from flows.entry.places import CHECKOUT
from tests.keeping.test_erasure import ROW
from tests.keeping.test_tampered import content_of
from tests.support.commands import run
from tests.support.office import PERIOD, Office, log
from tests.support.people import FOUNDER
from warehouse.lock import writing

STOPPED = "motcua: đã dừng / stopped\n"
PATIENCE = 120.0


def started(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Start the program as a shell does: in a group of its own, the readers of strangers' files in it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return subprocess.Popen(
        [sys.executable, "-m", "motcua", *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment | {"PYTHONPATH": str(CHECKOUT), "MOTCUA_ACTOR": FOUNDER}, start_new_session=True,
    )  # fmt: skip


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def stopped(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Press Ctrl+C; return the status and what was said."""
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, output, errors


def children(process: "subprocess.Popen[str]") -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat, command = path.read_text(), (path.parent / "cmdline").read_bytes().decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if stat.rpartition(")")[2].split()[1] == str(process.pid):
            yield command


def test_an_interrupted_command_says_so_in_one_line(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.audits.verify.check_record", interrupted)
    done = run(["verify", "-w", str(office.workspace.root)], monkeypatch, capsys)
    assert (done.status, done.output, done.errors) == (130, "", STOPPED)


def test_a_command_that_waits_for_another_can_be_stopped(office: Office) -> None:
    before = content_of(office.workspace)
    with writing(office.workspace.lock, 0, lambda _: None):
        process = started(office.workspace.root.parent, "consolidate", PERIOD, "-w", str(office.workspace.root))
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Đang chờ / waiting for ")
        assert stopped(process) == (130, "", STOPPED)
    after = content_of(office.workspace)
    assert {name for name in before | after if before.get(name) != after.get(name)} <= {"ledger.lock"}


def test_a_file_that_is_being_taken_in_is_taken_in_later_and_its_reader_says_nothing(office: Office) -> None:
    rows = "\n".join(ROW.replace("-0001", f"-{number:05}") for number in range(1, 3001))
    (office.workspace.root.parent / "so.csv").write_bytes(log(rows))
    size = office.ledger.size
    process = started(office.workspace.root.parent, "intake", "so.csv", "-w", str(office.workspace.root))
    wait_until(lambda: any("reader_process" in command for command in children(process)))
    assert stopped(process) == (130, "", STOPPED)
    assert office.ledger.size == size
    taken = office.take(log(rows))
    assert (taken.state, office.ledger.size) == ("accepted", size + 1)
    assert verify(office.workspace).problems == []
    assert not list(office.workspace.root.rglob(".tmp-*"))

"""One writes, the next waits and is told for whom, and those who read never wait."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.ledger import Stamp, Waiting
from flows.entry.authority import entered
from tests.support.office import Office
from tests.support.people import FOUNDER
from warehouse.lock import holder, writing

CHECKOUT = Path(__file__).parents[2]
LONG = 120
_HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from audit.ledger import Stamp
from flows.entry.door import say_nothing
from warehouse.workspace import Workspace
from warehouse.writer import writer

stamp = Stamp(datetime(2022, 3, 20, 2, 0, tzinfo=UTC), "Người Thử Nghiệm 017", "thu-nghiem")
with writer(Workspace(Path(sys.argv[1])), stamp, "consolidate", say_nothing):
    print("held", flush=True)
    sys.stdin.read()
"""


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}


def motcua(office: Office, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "motcua", *words, "-w", str(office.workspace.root)],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=LONG, env=environment(),
    )  # fmt: skip


@contextmanager
def held(office: Office) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the workspace as a writer; it lets go when its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(office.workspace.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment(),
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        if holder.poll() is None:
            holder.kill()
        holder.communicate()


def will_wait(office: Office, seconds: int) -> None:
    office.workspace.root.joinpath("motcua.toml").write_text(
        f"workspace_version = 1\nlock_wait_seconds = {seconds}\n", "utf-8"
    )


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_second_writer_gives_up_after_the_settable_time_with_one_line_and_status_2(
    office: Office, seconds: int
) -> None:
    will_wait(office, seconds)
    with held(office) as holder:
        before = office.workspace.ledger.read_bytes()
        done = motcua(office, "intake", "--actor", FOUNDER)
        assert done.returncode == 2
        assert done.stdout == ""
        waiting, given_up = done.stderr.splitlines()
        who = rf"Người Thử Nghiệm 017 \(consolidate, process {holder.pid}\) since 2022-03-20T02:00:00Z"
        assert re.search(rf"waiting for {who}", waiting)
        assert re.search(rf"held by {who}: .*lock_wait_seconds in motcua\.toml", given_up)
    assert office.workspace.ledger.read_bytes() == before


def test_a_second_writer_waits_says_for_whom_and_works_as_soon_as_the_first_is_done(office: Office) -> None:
    will_wait(office, LONG)
    with held(office) as holder:
        second = subprocess.Popen(
            [sys.executable, "-m", "motcua", "intake", "--actor", FOUNDER, "-w", str(office.workspace.root)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment(),
        )  # fmt: skip
        assert second.stderr is not None
        assert "waiting for Người Thử Nghiệm 017" in second.stderr.readline()
        assert second.poll() is None, "it waits"
        holder.communicate("")
        output, errors = second.communicate(timeout=LONG)
    assert second.returncode == 0, errors
    assert "inbox" in output


def test_every_command_that_writes_respects_the_lock(office: Office) -> None:
    will_wait(office, 0)
    writes = (
        ("intake", "--actor", FOUNDER),
        ("run", "2022-Q1"),
        ("consolidate", "2022-Q1"),
        ("publish", "2022-Q1", "--approved-by", "Người Dùng Giả Định 02"),
        ("withdraw", "S-0001", "--reason", "gửi nhầm"),
        ("rebuild",),
    )
    with held(office):
        assert {words[0]: motcua(office, *words).returncode for words in writes} == {words[0]: 2 for words in writes}


def test_those_who_read_never_wait_for_a_writer(office: Office) -> None:
    will_wait(office, LONG)
    with held(office) as holder:
        status = motcua(office, "status", "--json")
        verified = motcua(office, "verify")
        assert holder.poll() is None, "the writer was at work all the while"
    assert (status.returncode, verified.returncode) == (0, 0)
    assert status.stderr == ""
    assert (
        f'"writer": "Người Thử Nghiệm 017 (consolidate, process {holder.pid}) since 2022-03-20T02:00:00Z"'
        in status.stdout
    )


def test_nobody_is_named_once_the_writer_is_done(office: Office) -> None:
    office.sweep()
    assert '"writer": null' in motcua(office, "status", "--json").stdout


def test_whoever_holds_the_lock_is_named_whoever_held_it_before(tmp_path: Path) -> None:
    at = datetime(2022, 3, 20, 2, 0, tzinfo=UTC)
    for name in ("Người Thử Nghiệm 017 có tên rất dài", "Lan"):
        with writing(tmp_path / "lock", 0, lambda _: None) as announce:
            announce(Stamp(at, name, "thu-nghiem"), "intake")
            assert holder(tmp_path / "lock") == f"{name} (intake, process {os.getpid()}) since 2022-03-20T02:00:00Z"


def test_the_lock_is_free_when_its_holder_is_killed(office: Office) -> None:
    will_wait(office, 0)
    with held(office) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(LONG)
        assert motcua(office, "intake", "--actor", FOUNDER).returncode == 0
        assert '"writer": null' in motcua(office, "status", "--json").stdout


def test_whoever_waited_while_others_wrote_comes_after_them(office: Office) -> None:
    """A command came at two, waited for lock or passphrase, and somebody else's line is of two minutes later."""
    came, waited = office.at, [timedelta(0)]
    stamp = replace(office.door.stamp, waiting=Waiting(lambda: waited[0]))
    door = replace(office.door, stamp=stamp)
    office.at = came + timedelta(minutes=2)
    office.sweep()
    with entered(office.workspace, office.door, "back_up") as ledger:
        ledger.append(office.door.stamp, "thử", [])
    waited[0] = timedelta(minutes=2, seconds=3.2)
    with entered(office.workspace, door, "back_up") as ledger:
        entry = ledger.append(door.stamp, "thử", [])
        assert door.of("Lan").stamp.at == door.stamp.at, "whoever stands beside them is of the same moment"
    assert entry.at == "2022-03-20T02:02:04Z"
    assert [one.at for one in office.ledger.entries] == sorted(one.at for one in office.ledger.entries)


@pytest.mark.parametrize("waited", [0, 60])
def test_whoever_did_not_wait_that_long_keeps_the_moment_at_which_they_came(office: Office, waited: int) -> None:
    """The last line is of an hour to come: its clock was wrong, not this one."""
    stamp = replace(office.door.stamp, waiting=Waiting(lambda: timedelta(seconds=waited)))
    door = replace(office.door, stamp=stamp)
    office.at += timedelta(hours=1)
    with entered(office.workspace, office.door, "back_up") as ledger:
        ledger.append(office.door.stamp, "thử", [])
    with entered(office.workspace, door, "back_up") as ledger:
        assert ledger.append(door.stamp, "thử", []).at == "2022-03-20T02:00:00Z"

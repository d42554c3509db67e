"""Killed at any write and run again, what seals, erases, keeps and replaces ends as if nothing had happened.

This file is also a program, as tests/keeping/test_crash.py is, whose means it uses: SIGKILL before each change to the files of
one folder that holds workspace, backup and restored workspace side by side.
"""

import hashlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from audit.events import (
    AnyEvent,
    CorrectionDeclared,
    OriginalErased,
    PersonDismissed,
    PseudonymKeyReplaced,
    ReceiptMended,
    ScheduleKeyReplaced,
    SenderMended,
    SigningKeyReplaced,
    SubmissionReinstated,
    SubmissionTaken,
    SubmissionWithdrawn,
)
from audit.ledger import Ledger
from flows.entry.authority import dismiss
from flows.entry.door import Door
from flows.intake.correct import Place, correct
from flows.intake.intake import take_in
from flows.intake.mend import mend_receipt, mend_sender
from flows.intake.originals import erase
from flows.intake.submission import reinstate, withdraw
from flows.keeping.backup import backup, restore
from flows.keeping.create import create
from flows.keeping.keys import replace_pseudonym_key, replace_schedule_key, replace_signing_key
from tests.keeping.test_crash import (
    AT,
    CHECKOUT,
    IS_THOROUGH,
    KILL_POINTS,
    answer_of,
    counted_and_kept,
    in_child,
    problems_of,
    remembering,
    watched,
)
from tests.keeping.test_erasure import NAME, PERSON, PHONE, ROW, holding
from tests.support.office import KEY, log, small_plan
from tests.support.people import APPROVER, FOUNDER, appointed, at_door, sealing_of, seeded
from warehouse.workspace import Workspace

REASON = "thử nghiệm"
# Some commands write at fewer moments than there is time to kill at.
FEWEST_POINTS = 6
# `python -m tests.keeping.test_crash_keeping FOLDER COMMAND 1000` tries every one.
MOST_POINTS = max(FEWEST_POINTS, KILL_POINTS // 4)
AROUND = range(-2, 5) if IS_THOROUGH else range(2)
_NOT_COMPARED = ("ledger.lock", "warehouse.duckdb")
PERSONAL = log(f"{ROW}\n{PERSON}, {PHONE}")
OTHER = log(ROW.replace("0001", "0002"))


def the_door(byte: int = 0x2A) -> Door:
    # Random bytes that are always the same: what ends alike is alike to the byte.
    return at_door(FOUNDER, AT, "thử", entropy=lambda size: bytes([byte]) * size)


def the_approver() -> Door:
    return at_door(APPROVER, AT, "thử", entropy=seeded(APPROVER))


def has(workspace: Workspace, event: type[AnyEvent], count: int = 1) -> bool:
    """Tell whether the record holds as many of these: what is committed is not asked for a second time."""
    events = [one for entry in Ledger(workspace.ledger).entries for one in entry.events if isinstance(one, event)]
    return len(events) >= count


def take(place: Path) -> None:
    workspace = Workspace(place / "workspace")
    if not has(workspace, SubmissionTaken, 2):
        take_in(workspace, the_door(), [place / NAME])
    take_in(workspace, the_door(), [])


def erase_one(place: Path) -> None:
    workspace = Workspace(place / "workspace")
    if not has(workspace, OriginalErased):
        erase(workspace, the_approver(), "S-0001", "QĐ số 17 thử nghiệm", REASON)
    take_in(workspace, the_door(), [])


def replace_keys(place: Path) -> None:
    workspace = Workspace(place / "workspace")
    if not has(workspace, SigningKeyReplaced):
        replace_signing_key(workspace, the_door(0x2B), REASON)
    if not has(workspace, PseudonymKeyReplaced):
        replace_pseudonym_key(workspace, the_door(0x2C), REASON)
    if not has(workspace, ScheduleKeyReplaced):
        replace_schedule_key(workspace, the_door(0x2D), REASON)
    take_in(workspace, the_door(), [])


def mend(place: Path) -> None:
    """Correct a cell of one submission, withdraw another, and dismiss somebody."""
    workspace = Workspace(place / "workspace")
    if not has(workspace, CorrectionDeclared):
        finished = Place(dossier=ROW.split(" | ")[0], field="finished_at")
        days = ("10/01/2022 08:00:00", "11/01/2022 08:00:00")
        correct(workspace, the_door(), "S-0001", finished, *days, REASON, "Phiếu 017")
    if not has(workspace, SubmissionWithdrawn):
        withdraw(workspace, the_door(), "S-0002", REASON)
    if not has(workspace, PersonDismissed):
        dismiss(workspace, the_door(), APPROVER, "approver")
    take_in(workspace, the_door(), [])


def state_anew(place: Path) -> None:
    """Mend when one submission came and who sent it; let another count again that was withdrawn."""
    workspace = Workspace(place / "workspace")
    if not has(workspace, ReceiptMended):
        mend_receipt(workspace, the_door(), "S-0001", AT.date() - timedelta(days=3), "E-Office số 017", REASON)
    if not has(workspace, SenderMended):
        mend_sender(workspace, the_door(), "S-0001", "TV", None, REASON)
    if not has(workspace, SubmissionReinstated):
        reinstate(workspace, the_door(), "S-0002", REASON)
    take_in(workspace, the_door(), [])


def back_up(place: Path) -> None:
    backup(Workspace(place / "workspace"), the_door(), place / "luu", place / "luu" / "keys")


def bring_back(place: Path) -> None:
    new = place / "moi"
    if not (new / "motcua.toml").exists() or (new / ".restoring").exists():
        restore(place / "luu", None, new)


def begin(place: Path) -> None:
    """Lay out a workspace with one submission that names a person."""
    workspace = create(place / "workspace", small_plan(place / "plan"), the_door(), KEY, sealing_of(FOUNDER))
    appointed(workspace, APPROVER, "approver", AT, seeded(APPROVER))
    (workspace.inbox / NAME).write_bytes(PERSONAL)
    take_in(workspace, the_door(), [])


def with_files(place: Path) -> None:
    begin(place)
    (place / NAME).write_bytes(OTHER)
    (place / "workspace" / "inbox" / "so-2.csv").write_bytes(OTHER.replace(b"0002", b"0003"))


def with_two_submissions(place: Path) -> None:
    with_files(place)
    take_in(Workspace(place / "workspace"), the_door(), [])


def with_one_withdrawn(place: Path) -> None:
    with_two_submissions(place)
    withdraw(Workspace(place / "workspace"), the_door(), "S-0002", REASON)


def with_old_backup(place: Path) -> None:
    """A backup of before the last commit and before an erasure: it is brought up to date."""
    begin(place)
    back_up(place)
    (place / "workspace" / "inbox" / "so-2.csv").write_bytes(OTHER)
    erase_one(place)


def with_backup(place: Path) -> None:
    begin(place)
    erase_one(place)
    back_up(place)
    shutil.rmtree(place / "workspace")


WORKS: Mapping[str, tuple[Callable[[Path], None], Callable[[Path], None]]] = {
    "intake": (with_files, take),
    "erase": (begin, erase_one),
    "mend": (with_two_submissions, mend),
    "state anew": (with_one_withdrawn, state_anew),
    "keys": (begin, replace_keys),
    "backup": (with_old_backup, back_up),
    "restore": (with_backup, bring_back),
}


def seen(place: Path) -> dict[str, object]:
    """Return every file's hash, what does not verify, and where the erased person can be read."""
    workspaces = [Workspace(place / name) for name in ("workspace", "moi") if (place / name).exists()]
    content = {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name not in _NOT_COMPARED
    }
    problems = [problem for workspace in workspaces for problem in problems_of(workspace)]
    return {"content": content, "problems": problems, "readable": holding(place / "workspace", PERSON, PHONE, NAME)}


def counted(place: Path, work: Callable[[Path], None]) -> list[str]:
    changes: list[str] = []
    watched(place, changes.append)
    work(place)
    return list(changes)


def die_at(place: Path, work: Callable[[Path], None], point: int) -> None:
    done = Counter[str]()

    def count(_: str) -> None:
        if done["changes"] == point:
            os.kill(os.getpid(), signal.SIGKILL)
        done["changes"] += 1

    watched(place, count)
    work(place)


def kill_points(changes: Sequence[str], most: int, around_a_commit: range) -> list[int]:
    """Return every change but the syncs, before which nothing differs from the next; above `most`, spread evenly.

    Those around each commit, where one moment decides, are always among them.
    """
    every = [n for n, change in enumerate(changes) if not change.startswith("fsync ")]
    commits = [n for n, change in enumerate(changes) if change == "open workspace/ledger.jsonl"]
    around = [n for n in every if any(n - commit in around_a_commit for commit in commits)]
    others = [n for n in every if n not in around]
    count = min(len(others), max(most - len(around), 1))
    return sorted({*around, *(others[(2 * k + 1) * len(others) // (2 * count)] for k in range(count))})


def again(place: Path, work: Callable[[Path], None]) -> dict[str, object]:
    work(place)
    return seen(place)


def killed_everywhere(
    folder: Path, prepare: Callable[[Path], None], work: Callable[[Path], None], most: int, around: range = AROUND
) -> dict[str, object]:
    """Kill a work at its changes; return what it came to undisturbed, and every other end."""
    # A killed process loses nothing that the operating system has taken: the wait for the disk is left out.
    os.fsync = lambda _: None
    # Always at one place: the projection names the folder that it reads.
    place, origin = folder / "place", folder / "origin"
    place.mkdir()
    in_child(lambda: prepare(place))
    place.rename(origin)
    shutil.copytree(origin, place)
    memory: dict[str, object] = {}
    remembering(memory)
    kept = folder / "memory"
    _, changes = in_child(lambda: counted_and_kept(lambda: counted(place, work), memory, kept))
    memory |= pickle.loads(kept.read_bytes())  # noqa: S301 -- our own, of a moment ago
    assert isinstance(changes, list)
    _, undisturbed = in_child(lambda: seen(place))
    shutil.rmtree(place)
    ends = []
    points = kill_points(changes, most, around)
    for point in points:
        shutil.copytree(origin, place)
        ended_by, _ = in_child(partial(die_at, place, work, point))
        _, state = in_child(partial(again, place, work))
        ends.append(
            {
                "place": f"{point}: {changes[point]}",
                "ended_by": ended_by,
                "is_same": state == undisturbed,
                "state": state,
            }
        )
        shutil.rmtree(place)
    wrong = [end for end in ends if not end["is_same"] or end["ended_by"] != signal.SIGKILL]
    return {"undisturbed": undisturbed, "count": len(points), "wrong": wrong}


def wrong_ends(answer: Mapping[str, Any]) -> dict[str, tuple[int, list[str]]]:
    """Return where a kill left something else than the undisturbed work did, the signal, and what."""
    undisturbed = set(map(str, answer["undisturbed"].items()))
    return {
        end["place"]: (end["ended_by"], sorted(set(map(str, end["state"].items())) - undisturbed))
        for end in answer["wrong"]
    }


@pytest.mark.parametrize("command", sorted(WORKS))
def test_killed_at_a_write_and_run_again_it_ends_as_if_undisturbed(tmp_path: Path, command: str) -> None:
    words = [sys.executable, "-m", "tests.keeping.test_crash_keeping", str(tmp_path), command, str(MOST_POINTS)]
    answer = answer_of(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT))
    undisturbed = answer["undisturbed"]
    assert [one for one in undisturbed["problems"] if not one.startswith("note: ")] == []
    assert undisturbed["readable"] == []
    assert wrong_ends(answer) == {}
    assert answer["count"] >= FEWEST_POINTS, "the command writes at so many moments at least"


if __name__ == "__main__":
    print(json.dumps(killed_everywhere(Path(sys.argv[1]), *WORKS[sys.argv[2]], int(sys.argv[3]))))  # noqa: T201

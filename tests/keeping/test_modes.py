"""Nobody else on the machine reads a workspace, whatever the umask is and however it came to lie there."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.entry.door import MisuseError
from motcua.cli import app
from tests.support.office import APPROVER, FOUNDER, PERIOD, Office, log, report, small_plan
from tests.support.people import signing
from warehouse.modes import open_to_others

CHECKOUT = Path(__file__).parents[2]
WORDS = ("--reason", "thử nghiệm")
DECIDED = ("--decision", "QĐ số 01 ngày 01/04/2022", *WORDS)
DOSSIER = "000.00.15.H32-220105-0901"
LOG = log(
    f"{DOSSIER} | 1.004650 | QLVHGD | Trực tiếp | Đã có kết quả | 05/01/2022 08:00:00 | 12/01/2022 08:00:00 |"
    " 10/01/2022 08:00:00"
)


@pytest.fixture(params=[0, 0o022], ids=["umask-000", "umask-022"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def said(office: Office, *words: object, actor: str = FOUNDER, status: tuple[int, ...] = (0, 1)) -> str:
    given = [str(word) for word in (*words, "-w", office.workspace.root)]
    with signing(actor) as environment:
        done = CliRunner(env={"COLUMNS": "400"} | environment).invoke(app, given)
    assert done.exit_code in status, (words, done.output, done.exception)
    # `correct` and the like may be refused here with one line: what is asked is how the workspace lies afterwards.
    assert isinstance(done.exception, SystemExit | MisuseError | None), (words, done.exception)
    return done.output


def wide(office: Office) -> list[str]:
    """Return everything of a workspace that others may open, looked for without the product's own walk."""
    root = office.workspace.root
    inside = [root, *root.rglob("*")]
    return sorted(
        f"{path.relative_to(root)} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in inside
        if not path.is_symlink() and path.lstat().st_mode & 0o077 and path.parent != office.workspace.inbox
    )


def test_a_workspace_is_closed_after_every_kind_of_command_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    assert wide(office) == [], "init"
    office.hurry_inbox()
    (office.workspace.inbox / "bao-cao.xlsx").write_bytes(report("TV", {"A1.1": "hai"}))
    (tmp_path / "so.csv").write_bytes(LOG)
    copied, kept = tmp_path / "luu", tmp_path / "khoa"
    said(office, "people", "enrol", actor=APPROVER)
    assert wide(office) == [], "enrol"
    commands: tuple[tuple[object, ...], ...] = (
        ("people", "appoint", APPROVER, "--role", "approver"),
        ("remind", PERIOD),
        ("intake",),
        ("intake", tmp_path / "so.csv", "--received-on", "2022-03-15", "--evidence", "E-Office số 017"),
        ("status",),
        ("show", "S-0001"),
        ("correct", "S-0001", "--cell", "Số liệu!E7", "--expect", "hai", "--to", "2", *WORDS, "--evidence", "CV 1"),
        ("consolidate", PERIOD),
        ("explain", PERIOD, "online_share"),
        ("answer", "S-0001", tmp_path / "tra-loi.xlsx"),
        ("history",),
        ("publish", PERIOD),
        ("backup", copied, "--keys", kept),
        ("keys", "rotate", *WORDS),
        ("keys", "pseudonym", *WORDS),
        ("rebuild",),
        ("withdraw", "S-0002", *WORDS),
        ("reinstate", "S-0002", *WORDS),
        ("receipt", "S-0002", "--on", "14/03/2022", *WORDS, "--evidence", "CV 1"),
        ("sender", "S-0001", "--unit", "BT", *WORDS),
        ("withdraw", "S-0002", *WORDS),
        ("verify",),
    )
    for words in commands:
        said(office, *words, status=(0, 1, 2))
        assert wide(office) == [], words
    office.settle()
    office.publish()
    assert wide(office) == [], "publish"
    said(office, "erase", "S-0002", *DECIDED, actor=APPROVER)
    assert wide(office) == [], "erase"
    said(office, "backup", copied, "--keys", kept)
    for folder in (copied, kept):
        assert open_to_others(folder, folder / "inbox") == []
    assert (tmp_path / "tra-loi.xlsx").stat().st_mode & 0o077 == 0
    back = tmp_path / "ve"
    done = CliRunner().invoke(app, ["restore", str(copied), str(back), "--keys", str(kept)])
    assert back.is_dir(), done.output
    assert open_to_others(back, back / "inbox") == []


def test_a_workspace_with_wide_modes_is_named_and_closed_by_the_next_writing_command(office: Office) -> None:
    root = office.workspace.root
    for path in (root, *root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    named = json.loads(said(office, "status", "--json"))["open_to_others"]
    assert {".", "keys/signing.pem", "ledger.jsonl"} <= set(named)
    assert "người khác trên máy mở được" in said(office, "status")
    notes = json.loads(said(office, "verify", "--json"))["notes"]
    assert any("open to others on this machine" in note for note in notes)
    said(office, "rebuild")
    assert wide(office) == []
    assert json.loads(said(office, "status", "--json"))["open_to_others"] == []
    assert not any("open to others" in note for note in json.loads(said(office, "verify", "--json"))["notes"])


def test_whoever_closes_a_workspace_says_so(office: Office) -> None:
    office.workspace.ledger.chmod(0o644)
    words = ["rebuild", "-w", str(office.workspace.root)]
    done = subprocess.run(
        [sys.executable, "-m", "motcua", *words], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert "đã đóng quyền của người khác / closed to others: ledger.jsonl" in done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "motcua", *words], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_a_link_in_the_workspace_is_neither_followed_nor_closed(office: Office, tmp_path: Path) -> None:
    outside = tmp_path / "ngoai"
    outside.mkdir(mode=0o755)
    (outside / "tep").write_text("của người khác", "utf-8")
    (outside / "tep").chmod(0o644)
    (office.workspace.root / "reminders").symlink_to(outside)
    (office.workspace.root / "ghi-chu").symlink_to(outside / "tep")
    said(office, "rebuild", status=(0,))
    assert (outside / "tep").stat().st_mode & 0o777 == 0o644
    assert outside.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("kind", ["link", "dangling", "fifo", "folder"])
def test_a_lock_that_is_a_link_or_no_plain_file_is_not_opened(office: Office, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "cua-nguoi-khac"
    if kind == "link":
        target.write_text("không phải khóa", "utf-8")
    lock = office.workspace.lock
    lock.unlink()
    if kind == "fifo":
        os.mkfifo(lock)
    elif kind == "folder":
        lock.mkdir()
    else:
        lock.symlink_to(target)
    before = office.workspace.ledger.read_bytes()
    for command in ("rebuild", "status"):
        done = subprocess.run(
            [sys.executable, "-m", "motcua", command, "-w", str(office.workspace.root)],
            cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert "is a link or no plain file" in done.stderr
    assert office.workspace.ledger.read_bytes() == before
    assert target.read_text("utf-8") == "không phải khóa" if kind == "link" else not target.exists()


def test_a_moved_workspace_needs_no_new_projection(demo: Office, tmp_path: Path) -> None:
    moved = tmp_path / "nơi khác, tên lạ 'x'=1"
    shutil.move(demo.workspace.root, moved)
    words = ["verify", "--json", "-w", str(moved)]
    assert json.loads(CliRunner().invoke(app, words).output)["problems"] == []

"""What verification does not do is said with the command that does it; strange times and accounts are named."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.chain import canonical, line_hash
from audit.checkpoint import SignedCheckpoint
from audit.ledger import Ledger
from flows.audits.verify import verify
from tests.support.commands import run
from tests.support.office import AFTER_THE_CUT_OFF, PERIOD, Office, log, small_plan
from tests.support.old_record import write_record
from tests.support.people import FOUNDER
from warehouse.head import TamperedRecordError
from warehouse.workspace import Workspace

SOUND = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("published")
    office = Office.new(folder, small_plan(folder / "plan"))
    office.take(log(SOUND))
    office.consolidate()
    office.settle()
    assert office.publish().is_new
    return office


@pytest.fixture
def workspace(published: Office, tmp_path: Path) -> Workspace:
    return published.copy(tmp_path / "workspace").workspace


def with_last_line(workspace: Workspace, **fields: str) -> None:
    """Add a line such as anybody could write unsigned, and sign the head of it."""
    lines = workspace.ledger.read_bytes().splitlines()
    entry = json.loads(lines[-1]) | {
        "seq": len(lines) + 1, "previous": line_hash(lines[-1]), "kind": "thử", "events": [], "files": [],
        "signed_by": None, "signature": None, **fields,
    }  # fmt: skip
    write_record(workspace, [*lines, canonical(entry)])


def test_what_was_not_computed_again_is_said_with_the_command_that_does(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(["verify", "-w", str(workspace.root)], monkeypatch, capsys)
    assert said.status == 0
    printed = " ".join(said.output.split())
    assert "NOT CHECKED store/: 1 lần đọc, 1 lần tổng hợp" in printed
    assert f"motcua reproduce {PERIOD} 1 DIR" in printed
    assert "everything holds" not in printed


def test_that_nothing_was_compared_with_a_copy_elsewhere_is_said_until_it_is(
    workspace: Workspace, tmp_path: Path
) -> None:
    def said() -> bool:
        return any(one.startswith("ledger.checkpoint: ") for one in verify(Workspace(workspace.root)).unchecked)

    assert said()
    copies = tmp_path / "copies"
    copies.mkdir()
    shutil.copyfile(workspace.checkpoint, copies / "1.checkpoint")
    assert not any(one.startswith("ledger.checkpoint: ") for one in verify(workspace, copies).unchecked)
    with workspace.settings_file.open("a") as settings:
        settings.write(f'checkpoint_copy = "{copies}"\n')
    assert not said(), "the second place of the settings is asked by itself"
    (copies / "1.checkpoint").write_bytes(workspace.checkpoint.read_bytes().replace(b"\n", b"7\n", 2))
    assert verify(Workspace(workspace.root)).problems != []


def test_the_head_that_a_release_was_signed_with_is_no_head_of_the_record(workspace: Workspace) -> None:
    """The whole record put back to the day of a release, with what that release carries in place of the head."""
    official = workspace.releases / PERIOD / "v1" / "official"
    origin, size, head = (official / "checkpoint.txt").read_text("utf-8").splitlines()
    signed = SignedCheckpoint(origin, int(size), head, (official / "checkpoint.sig").read_bytes())
    shutil.copyfile(official / "ledger.jsonl", workspace.ledger)
    workspace.checkpoint.write_bytes(signed.content)
    shutil.rmtree(workspace.releases / PERIOD)
    before = workspace.ledger.read_bytes()
    with pytest.raises(TamperedRecordError, match="is what a release was signed with"):
        Office(workspace).sweep()
    assert workspace.ledger.read_bytes() == before
    assert "is what a release was signed with" in "\n".join(verify(workspace).problems)
    workspace.checkpoint.rename(workspace.next_checkpoint)
    with pytest.raises(TamperedRecordError, match="is missing"):
        Office(workspace).sweep()


def test_a_line_that_is_still_to_come_is_named(workspace: Workspace) -> None:
    with_last_line(workspace, at="2099-01-01T00:00:00Z")
    size = Ledger(workspace.ledger).size
    now = AFTER_THE_CUT_OFF + timedelta(days=1)
    [note] = [one for one in verify(workspace, now=now).notes if "is still to come" in one]
    assert note.startswith(f"ledger.jsonl, dòng / line {size}: 2099-01-01T00:00:00Z")
    with_last_line(workspace, at="2022-03-20T03:00:00Z")
    with_last_line(workspace, at="2022-03-20T03:00:01Z")
    [note] = [one for one in verify(workspace, now=now).notes if "runs backward" in one]
    assert note.endswith(f"2099-01-01T00:00:00Z (dòng / line {size})")
    assert not any("still to come" in one for one in verify(workspace, now=datetime(2099, 1, 2, tzinfo=UTC)).notes)


def test_an_account_under_which_nobody_enrolled_is_named_once(workspace: Workspace) -> None:
    assert not any("nobody enrolled" in one for one in verify(workspace).notes)
    size = Ledger(workspace.ledger).size
    for _ in range(2):
        with_last_line(workspace, os_user="tai-khoan-la", actor=FOUNDER)
    [note] = [one for one in verify(workspace).notes if "nobody enrolled" in one]
    assert note.startswith("tài khoản / account tai-khoan-la: ")
    assert f"(dòng / line {size + 1}, +1)" in note

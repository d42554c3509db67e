"""A key is replaced with a record; what it signed verifies on. A second place finds out a record that was rewritten."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from audit.chain import canonical, line_hash
from audit.checkpoint import new_key_pem, public_key_pem
from audit.events import CheckpointCopyFailed, PseudonymKeyReplaced, SigningKeyReplaced
from flows.audits.verify import verify
from flows.keeping.keys import replace_pseudonym_key, replace_signing_key
from motcua.cli import app
from tests.keeping.test_erasure import ROW
from tests.support.office import PERIOD, Office, log
from tests.support.old_record import before_persons_signed, write_record
from tests.support.people import FOUNDER, signing
from warehouse.workspace import Workspace, WorkspaceError

REASON = "người giữ khóa thử nghiệm chuyển công tác"


def with_second_place(office: Office, folder: Path) -> Office:
    """Return the office with a folder of its own for copies of its checkpoints, and the settings that name it."""
    settings = office.workspace.root / "motcua.toml"
    settings.write_text(f'{settings.read_text("utf-8")}checkpoint_copy = "{folder.as_posix()}"\n', "utf-8")
    moved = Office(Workspace(office.workspace.root))
    moved.at = office.at
    return moved


@pytest.fixture
def copied(demo: Office, tmp_path: Path) -> Office:
    """The demo with its checkpoint in a second place, and one commit after it."""
    (tmp_path / "noi-khac").mkdir()
    office = with_second_place(demo, tmp_path / "noi-khac")
    office.take(log(ROW))
    office.take(log(ROW.replace("0001", "0002")))
    return office


def against(office: Office) -> list[str]:
    return verify(office.workspace, office.workspace.settings.checkpoint_copy).problems


def truncated(office: Office) -> None:
    size = next(iter((office.workspace.root.parents[1] / "noi-khac").glob("*.checkpoint"))).stem.rpartition("-")[2]
    write_record(office.workspace, office.workspace.ledger.read_bytes().splitlines()[: int(size) - 1])


def chained(office: Office, change: Callable[[int, dict[str, Any]], None]) -> list[bytes]:
    """Return the lines of the record after a change to each, chained anew."""
    written: list[bytes] = []
    for number, line in enumerate(office.workspace.ledger.read_bytes().splitlines()):
        entry = json.loads(line)
        change(number, entry)
        entry["previous"] = line_hash(written[-1]) if written else entry["previous"]
        written.append(canonical(entry))
    return written


def rewritten(office: Office) -> None:
    def change(number: int, entry: dict[str, Any]) -> None:
        entry["actor"] = "Người Thử Nghiệm 666" if number == 3 else entry["actor"]

    write_record(office.workspace, chained(office, change))


def with_another_key(office: Office) -> None:
    """Replace the key in its folder and sign the head with it."""
    private = new_key_pem(b"\x66" * 32)
    keys = office.workspace.keys
    (keys / "signing.pem").write_bytes(private)
    (keys / "signing.pub.pem").write_bytes(public_key_pem(private))
    write_record(office.workspace, office.workspace.ledger.read_bytes().splitlines())


def with_another_key_all_along(office: Office) -> None:
    """Replace the key everywhere: in its folder, in the first line of the record, under the signed head."""
    with_another_key(office)

    def change(number: int, entry: dict[str, Any]) -> None:
        if number == 0:
            entry["events"][0]["signing_public_key"] = office.workspace.public_key().decode()

    write_record(office.workspace, chained(office, change))


def test_a_released_checkpoint_lies_in_the_second_place_and_is_never_overwritten(copied: Office) -> None:
    folder = copied.workspace.settings.checkpoint_copy
    assert folder is not None
    [path] = folder.iterdir()
    assert path.name.startswith(f"{copied.workspace.plan.document.id}-")
    before = path.read_bytes()
    copied.consolidate()
    assert [p.name for p in folder.iterdir()] == [path.name], "only a release is worth a copy"
    assert path.read_bytes() == before
    assert against(copied) == []


@pytest.mark.parametrize(
    ("rewrite", "named"),
    [
        (truncated, "lines are missing"),
        (rewritten, "is not the line that was signed"),
        (with_another_key_all_along, "is not the line that was signed"),
    ],
)
def test_a_record_rewritten_by_a_keyholder_is_caught_by_the_second_place(
    copied: Office, rewrite: Callable[[Office], None], named: str
) -> None:
    rewrite(copied)
    folder = copied.workspace.settings.checkpoint_copy
    [name] = [path.name for path in folder.iterdir()] if folder else [""]
    assert [p for p in against(copied) if name in p and named in p] != []
    words = ["verify", "--against", str(folder), "-w", str(copied.workspace.root)]
    assert CliRunner().invoke(app, words).exit_code == 1


def test_a_key_replaced_in_a_workspace_of_before_the_record_stated_it_is_caught_by_the_second_place(
    office: Office, tmp_path: Path
) -> None:
    write_record(
        office.workspace, before_persons_signed(office.workspace.ledger.read_bytes().splitlines(), before_keys=True)
    )
    (tmp_path / "a.checkpoint").write_bytes(office.workspace.checkpoint.read_bytes())
    with_another_key(office)
    assert [p for p in verify(office.workspace).problems if "signature" in p or "key" in p] == [], (
        "alone it looks sound"
    )
    [problem] = [one for one in verify(office.workspace, tmp_path).problems if one.startswith(str(tmp_path))]
    assert "a.checkpoint: " in problem
    assert problem.endswith("one of them was replaced")


def test_copies_that_are_damaged_of_another_record_or_absent_are_named(copied: Office, tmp_path: Path) -> None:
    folder = copied.workspace.settings.checkpoint_copy
    assert folder is not None
    [path] = folder.iterdir()
    content = path.read_text("utf-8")
    (folder / "a.checkpoint").write_text(content.replace("\n", "\n\n", 1), "utf-8")
    (folder / "b.checkpoint").write_text(content.replace(copied.workspace.plan.document.id, "so-khac"), "utf-8")
    problems = against(copied)
    assert [problem.split(": ", 1)[1].split(",")[0] for problem in problems] == [
        "is not a checkpoint", "is of so-khac",
    ]  # fmt: skip
    (tmp_path / "trong").mkdir()
    done = CliRunner().invoke(app, ["verify", "--against", str(tmp_path / "trong"), "-w", str(copied.workspace.root)])
    assert done.exit_code != 0
    assert "không có điểm kiểm tra" in str(done.exception)


def test_a_second_place_that_cannot_be_reached_is_said_recorded_and_made_good_later(
    office: Office, tmp_path: Path
) -> None:
    place = tmp_path / "chua-gan"
    away = with_second_place(office, place)
    away.take(log(ROW))
    away.consolidate()
    published = away.publish()
    assert published.is_new, published.reasons
    failed = [e for entry in away.ledger.entries for e in entry.events if isinstance(e, CheckpointCopyFailed)]
    assert [str(place) in event.problem for event in failed] == [True]
    assert not place.exists(), "a share that is not mounted is not made up"
    assert verify(away.workspace).problems == []
    place.mkdir()
    away.take(log(ROW.replace("0001", "0002")))
    assert [path.suffix for path in place.iterdir()] == [".checkpoint"]
    assert against(away) == []


def test_a_replaced_signing_key_leaves_releases_and_checkpoints_as_good_as_they_were(copied: Office) -> None:
    old = copied.workspace.public_key()
    event = replace_signing_key(copied.workspace, copied.door, REASON)
    assert event.agreed_by_old is not None
    assert copied.workspace.public_key() != old
    assert against(copied) == []
    copied.consolidate()
    copied.publish()
    result = verify(copied.workspace, copied.workspace.settings.checkpoint_copy)
    assert result.problems == []
    assert [note for note in result.notes if REASON in note and "khóa cũ đã ký" in note] != []
    assert result.checked["releases"] >= 1


@pytest.mark.parametrize("lost", [("signing.pem",), ("signing.pem", "signing.pub.pem")])
def test_a_lost_signing_key_stops_every_command_but_its_replacement(demo: Office, lost: tuple[str, ...]) -> None:
    for name in lost:
        (demo.workspace.keys / name).unlink()
    size = demo.ledger.size
    with pytest.raises(WorkspaceError, match=r"docs/keys\.md"):
        demo.take(log(ROW))
    assert demo.ledger.size == size, "nothing was written"
    event = replace_signing_key(demo.workspace, demo.door, REASON)
    assert event.agreed_by_old is None
    demo.take(log(ROW))
    result = verify(demo.workspace)
    assert result.problems == []
    assert any("khóa cũ không ký" in note for note in result.notes)


def test_a_key_put_in_force_without_a_record_is_named(demo: Office) -> None:
    with_another_key(demo)
    problems = verify(demo.workspace).problems
    assert "keys/signing.pub.pem: không phải khóa mà sổ cái ghi / is not the key that the record names" in problems
    assert any("ledger.checkpoint: " in one and "the signature is not of this content" in one for one in problems)


def test_a_release_signed_anew_with_another_key_is_named(demo: Office) -> None:
    folder = demo.workspace.releases / PERIOD / "v1" / "official"
    (folder / "manifest.sig").write_bytes(bytes(64))
    [problem] = verify(demo.workspace).problems
    assert problem.endswith("manifest.sig: the signature is not of manifest.sha256 by the key that was in force")


def test_a_key_that_waits_without_a_commit_is_dropped(office: Office) -> None:
    before = office.workspace.public_key()
    folder = office.workspace.keys / "next"
    folder.mkdir(mode=0o700)
    (folder / "signing.pem").write_bytes(new_key_pem(b"\x66" * 32))
    office.sweep()
    assert office.workspace.public_key() == before
    assert not folder.exists()


def test_a_new_pseudonym_key_gives_other_codes_from_then_on(office: Office) -> None:
    old = office.workspace.pseudonym_key()
    replace_pseudonym_key(office.workspace, office.door, REASON)
    assert office.workspace.pseudonym_key() != old
    assert [path.read_bytes() for path in (office.workspace.keys / "retired").iterdir()] == [old]
    (office.workspace.keys / "pseudonym.key").unlink()
    shutil.rmtree(office.workspace.keys / "retired")
    with pytest.raises(WorkspaceError, match=r"pseudonym\.key"):
        office.take(log(ROW))
    replace_pseudonym_key(office.workspace, office.door, REASON)
    office.take(log(ROW))
    assert verify(office.workspace).problems == []


def test_a_reason_is_asked_for_and_stands_in_the_record(office: Office) -> None:
    done = CliRunner().invoke(app, ["keys", "rotate", "--reason", " ", "-w", str(office.workspace.root)])
    assert done.exit_code != 0
    assert office.ledger.size == 1
    for verb in ("rotate", "pseudonym"):
        words = ["keys", verb, "--reason", REASON, "-w", str(office.workspace.root)]
        with signing(FOUNDER) as environment:
            assert CliRunner(env=environment).invoke(app, words).exit_code == 0
    events = [event for entry in office.ledger.entries[1:] for event in entry.events]
    assert [type(event) for event in events] == [SigningKeyReplaced, PseudonymKeyReplaced]
    assert all(
        event.reason == REASON for event in events if isinstance(event, SigningKeyReplaced | PseudonymKeyReplaced)
    )

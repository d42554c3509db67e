"""An original is sealed with a key of its own; a decision destroys the key, and everything else still holds."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.chain import canonical
from audit.events import OriginalErased, StoredFile
from flows.audits.verify import verify
from flows.entry.door import MisuseError
from flows.entry.enrolment import enrol
from flows.intake.intake import take_in
from motcua.cli import app
from tests.support.office import Office, log
from tests.support.old_record import before_persons_signed, write_record
from tests.support.people import APPROVER, FOUNDER, sealing_of, signing
from warehouse import vault
from warehouse.files import sha256_of, write_bytes
from warehouse.vault import UnreadableOriginalError
from warehouse.workspace import Workspace
from warehouse.writer import writer

NAME = "so-Người Thử Nghiệm 77.csv"
PERSON, PHONE = "Công dân Thử Nghiệm 0077", "0905077077"
ROW = (
    "000.00.15.H32-220105-0001 | 1.004650 | QLVHGD | Trực tiếp | Đã có kết quả | 05/01/2022 08:00:00 |"
    " 12/01/2022 08:00:00 | 10/01/2022 08:00:00"
)
CONTENT = log(f"{ROW}\n{PERSON}, {PHONE}")
DECISION, REASON = "QĐ số 17/QĐ-SVHTT ngày 20/3/2022", "theo yêu cầu của công dân thử nghiệm"


def taken(office: Office) -> str:
    """Take in a file that names a person and return the hash of its content."""
    office.take(CONTENT, NAME)
    (office.workspace.root.parent / NAME).unlink()
    event = office.ledger.entries[-1].events[0]
    assert event.event == "submission_taken"
    return event.file_sha256


def holding(root: Path, *texts: str) -> list[str]:
    """Return every file below a folder whose bytes or name hold one of these texts."""
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and any(text.encode() in path.read_bytes() or text in path.name for text in texts)
    )


def printed(office: Office, *words: str) -> tuple[int, str]:
    with signing(APPROVER) as environment:
        done = CliRunner(env={"COLUMNS": "400"} | environment).invoke(app, [*words, "-w", str(office.workspace.root)])
    return done.exit_code, done.output


def unsealed_of_before(office: Office, sha256: str) -> None:
    """Make of the last commit one of a workspace before originals were sealed: as they came, under their hash.

    Nobody signed then either; the founder enrols anew.
    """
    workspace = office.workspace
    content, name = vault.content(workspace, sha256), vault.name_of(workspace, sha256)
    lines = before_persons_signed(workspace.ledger.read_bytes().splitlines())
    entry = json.loads(lines[-1])
    plain = vault.plain_path(workspace, sha256)
    entry["files"] = [f for f in entry["files"] if not f["path"].startswith("vault/")]
    entry["files"].append({"path": workspace.relative(plain), "sha256": sha256, "size": len(content)})
    lines[-1] = canonical(entry)
    write_record(workspace, lines)
    for folder in (workspace.vault, workspace.keys / "originals"):
        shutil.rmtree(folder)
    plain.parent.mkdir(parents=True, mode=0o700)
    write_bytes(plain, content)
    write_bytes(plain.with_name(f"{sha256}.name"), str(name).encode())
    for path in workspace.people_keys.iterdir():
        path.unlink()
    enrol(workspace, office.door, sealing_of(FOUNDER))


def test_an_original_and_its_name_lie_sealed_and_read_as_they_came(office: Office) -> None:
    sha256 = taken(office)
    assert holding(office.workspace.root, PERSON, PHONE, NAME) == []
    assert vault.content(office.workspace, sha256) == CONTENT
    assert vault.name_of(office.workspace, sha256) == NAME
    with vault.opened(office.workspace, sha256) as path:
        assert sha256_of(path) == sha256
        assert path.stat().st_mode & 0o077 == 0
    assert list(office.workspace.vault.glob("opened-*")) == []
    assert verify(office.workspace).problems == []


def test_each_original_has_a_key_of_its_own(office: Office) -> None:
    taken(office)
    office.take(CONTENT.replace(b"0077", b"0078"), "khac.csv")
    keys = [path.read_bytes() for path in (office.workspace.keys / "originals").rglob("*.key")]
    assert len(set(keys)) == 2
    assert {len(key) for key in keys} == {32}


def test_the_plaintext_is_nowhere_once_a_given_or_an_inbox_file_was_taken_in(office: Office) -> None:
    (office.workspace.inbox / NAME).write_bytes(CONTENT)
    office.sweep()
    assert holding(office.workspace.root, PERSON, PHONE, NAME) == []


def test_the_same_key_and_bytes_seal_to_the_same_bytes(office: Office, tmp_path: Path) -> None:
    source = tmp_path / NAME
    source.write_bytes(CONTENT)
    sha256 = sha256_of(source)
    first = vault.keep(office.workspace, source, NAME, sha256, lambda size: b"\x01" * size)
    second = vault.keep(office.workspace, source, NAME, sha256, lambda size: b"\x02" * size)
    assert first == second, "the key that is there is used again"


def test_an_erased_original_cannot_be_had_from_the_workspace_and_everything_holds(demo: Office) -> None:
    demo.appoint_approver()
    sha256 = taken(demo)
    sealed = vault.sealed_path(demo.workspace, sha256).read_bytes()
    key = vault.key_path(demo.workspace, sha256).read_bytes()
    number = demo.ledger.entries[-1].events[0].number  # type: ignore[union-attr]
    status, output = printed(demo, "erase", number, "--decision", DECISION, "--reason", REASON)
    assert (status, DECISION in output) == (0, True)
    assert holding(demo.workspace.root, PERSON, PHONE, NAME) == []
    assert [path for path in demo.workspace.root.rglob("*") if path.is_file() and key in path.read_bytes()] == []
    assert vault.sealed_path(demo.workspace, sha256).read_bytes() == sealed, "the hash is still checked"
    result = verify(demo.workspace)
    assert result.problems == []
    assert [note for note in result.notes if DECISION in note] == [
        f"{number}: bản gốc đã xóa theo quyết định {DECISION} / the original was erased ({REASON})"
    ]
    assert result.checked["releases"] == 1
    with pytest.raises(UnreadableOriginalError, match="không đọc được nữa"):
        vault.content(demo.workspace, sha256)


def test_what_is_asked_about_an_erased_original_is_answered_in_a_line(demo: Office) -> None:
    for event in (e for entry in demo.ledger.entries for e in entry.events if e.event == "submission_taken"):
        demo.erase(event.number, DECISION, REASON)
    for words in (("show", "S-0001"), ("status",), ("explain", "2022-Q1", "satisfaction"), ("verify",)):
        status, output = printed(demo, *words)
        assert status in (0, 1), output
        assert "đã xóa" in output, words
    assert printed(demo, "verify")[0] == 0


def test_a_changed_byte_of_an_erased_original_is_still_found(office: Office) -> None:
    sha256 = taken(office)
    office.erase("S-0001", DECISION, REASON)
    path = vault.sealed_path(office.workspace, sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    assert verify(office.workspace).problems == [
        f"{office.workspace.relative(path)}: nội dung bị đổi / its content was changed"
    ]


def test_a_file_of_the_vault_that_is_no_original_is_checked_like_any_other(office: Office) -> None:
    path = office.workspace.vault / "tra-loi"
    write_bytes(path, b"as it was")
    named = StoredFile(path="vault/tra-loi", sha256=sha256_of(path), size=9)
    with writer(office.workspace, office.door.stamp, "test", office.door.on_wait) as ledger:
        ledger.append(office.door.stamp, "test", [], [named])
    assert verify(office.workspace).problems == []
    path.write_bytes(b"as it is!")
    assert verify(office.workspace).problems == ["vault/tra-loi: nội dung bị đổi / its content was changed"]


def test_erasing_twice_and_without_a_decision_is_refused(office: Office) -> None:
    taken(office)
    with pytest.raises(MisuseError, match="--decision"):
        office.erase("S-0001", " ", REASON)
    office.erase("s-0001", DECISION, REASON)
    size = office.ledger.size
    with pytest.raises(MisuseError, match="không cần làm gì"):
        office.erase("S-0001", DECISION, REASON)
    with pytest.raises(MisuseError, match="không có lần nộp"):
        office.erase("S-0099", DECISION, REASON)
    assert office.ledger.size == size


def test_an_erased_file_that_comes_again_is_seen_again_and_not_kept(office: Office) -> None:
    taken(office)
    office.erase("S-0001", DECISION, REASON)
    (office.workspace.inbox / NAME).write_bytes(CONTENT)
    assert office.sweep()[0].is_seen_again
    assert holding(office.workspace.root, PERSON, PHONE, NAME) == []
    assert not vault.has_key(office.workspace, vault_hash(office))


def vault_hash(office: Office) -> str:
    return next(e.file_sha256 for entry in office.ledger.entries for e in entry.events if isinstance(e, OriginalErased))


def test_a_key_that_comes_back_after_its_erasure_is_named_and_destroyed_by_the_next_command(office: Office) -> None:
    sha256 = taken(office)
    path = vault.key_path(office.workspace, sha256)
    key = path.read_bytes()
    office.erase("S-0001", DECISION, REASON)
    path.write_bytes(key)
    assert any("its key is still there" in problem for problem in verify(office.workspace).problems)
    take_in(office.workspace, office.door, [])
    assert verify(office.workspace).problems == []


def test_a_missing_or_changed_key_without_a_decision_is_named_and_can_be_declared(office: Office) -> None:
    office.appoint_approver()
    sha256 = taken(office)
    path = vault.key_path(office.workspace, sha256)
    key = path.read_bytes()
    path.write_bytes(key[:-1] + bytes([key[-1] ^ 1]))
    where = office.workspace.relative(path)
    assert verify(office.workspace).problems == [f"{where}: the original of S-0001 does not open with its key"]
    path.unlink()
    [problem] = verify(office.workspace).problems
    assert problem.startswith(f"{where}: thiếu khóa")
    status, _ = printed(office, "keys", "lost", "S-0001", "--decision", DECISION, "--reason", "mất ổ đĩa")
    result = verify(office.workspace)
    assert (status, result.problems) == (0, [])
    assert any("khóa của bản gốc đã mất" in note for note in result.notes)


def test_a_key_that_is_there_cannot_be_declared_lost(office: Office) -> None:
    office.appoint_approver()
    taken(office)
    status, output = printed(office, "keys", "lost", "S-0001", "--decision", DECISION, "--reason", REASON)
    assert status != 0
    assert office.ledger.entries[-1].kind == "intake", output


def test_originals_of_before_sealing_verify_read_and_are_erased(office: Office) -> None:
    sha256 = taken(office)
    unsealed_of_before(office, sha256)
    take_in(office.workspace, office.door, [])
    assert verify(office.workspace).problems == []
    assert vault.content(office.workspace, sha256) == CONTENT
    assert vault.name_of(office.workspace, sha256) == NAME
    office.erase("S-0001", DECISION, REASON)
    assert holding(office.workspace.root, PERSON, PHONE, NAME) == []
    assert verify(office.workspace).problems == []


def test_what_a_killed_reader_left_open_is_removed_and_a_living_one_is_left_alone(office: Office) -> None:
    sha256 = taken(office)
    dead = office.workspace.vault / "opened-4194304-x"
    dead.mkdir()
    (dead / sha256).write_bytes(CONTENT)
    with vault.opened(office.workspace, sha256) as path:
        take_in(office.workspace, office.door, [])
        assert path.read_bytes() == CONTENT
    assert not dead.exists()


def test_a_given_file_that_fails_to_be_taken_in_leaves_no_plaintext(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Workspace, __: Path, ___: str, ____: str, _____: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(vault, "keep", fail)
    with pytest.raises(RuntimeError):
        office.take(CONTENT, NAME, date(2022, 3, 1))
    (office.workspace.root.parent / NAME).unlink()
    assert holding(office.workspace.root, PERSON, PHONE, NAME) == []

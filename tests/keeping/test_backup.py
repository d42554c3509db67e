"""A backup holds everything that the record names, once; what comes back verifies, byte for byte."""

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.audits.verify import verify
from flows.keeping.backup import backup, restore
from motcua.cli import app
from tests.keeping.test_erasure import CONTENT, DECISION, NAME, PERSON, REASON, ROW, taken, unsealed_of_before
from tests.support.office import Office, log
from tests.support.people import FOUNDER
from warehouse import vault
from warehouse.keys import NAMES
from warehouse.workspace import WorkspaceError

COMPARED = ("vault/", "store/", "releases/", "plan/", "ledger.jsonl", "ledger.checkpoint", "motcua.toml", "keys/")


def content_of(root: Path, *folders: str) -> dict[str, str]:
    return {
        relative: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and (relative := path.relative_to(root).as_posix()).startswith(folders or COMPARED)
    }


def test_what_is_backed_up_and_restored_is_the_same_and_verifies(demo: Office, tmp_path: Path) -> None:
    notes = verify(demo.workspace).notes
    done = backup(demo.workspace, demo.door, tmp_path / "luu", tmp_path / "khoa")
    before = content_of(demo.workspace.root)
    assert (done.copied_count, done.kept_count) == (
        len([path for path in before if not path.startswith("keys/")]), 0
    )  # fmt: skip
    came = restore(tmp_path / "luu", tmp_path / "khoa", tmp_path / "moi")
    assert came.verification.problems == []
    assert came.verification.notes == notes
    assert content_of(came.folder) == before
    modes = {path.stat().st_mode & 0o077 for folder in ("vault", "keys") for path in (came.folder / folder).rglob("*")}
    assert modes == {0}


def test_a_second_backup_copies_only_what_is_new(office: Office, tmp_path: Path) -> None:
    taken(office)
    first = backup(office.workspace, office.door, tmp_path / "luu", None)
    again = backup(office.workspace, office.door, tmp_path / "luu", None)
    assert (again.copied_count, again.kept_count) == (0, first.copied_count - len(list_state(tmp_path / "luu")))
    before = content_of(office.workspace.root, "vault/", "store/")
    office.take(log(ROW.replace("0001", "0002")), "moi.csv")
    new = set(content_of(office.workspace.root, "vault/", "store/")) - set(before)
    third = backup(office.workspace, office.door, tmp_path / "luu", None)
    assert third.copied_count == len(new) + len(list_state(tmp_path / "luu"))
    assert restore(tmp_path / "luu", office.workspace.keys, tmp_path / "moi").verification.problems == []


def list_state(folder: Path) -> list[Path]:
    return [path for path in folder.glob("state-*/**/*") if path.is_file()]


def test_a_restore_killed_while_it_wrote_its_mark_is_begun_anew(office: Office, tmp_path: Path) -> None:
    backup(office.workspace, office.door, tmp_path / "luu", None)
    (new := tmp_path / "moi").mkdir()
    (new / ".tmp-17-.restoring").touch()
    assert restore(tmp_path / "luu", office.workspace.keys, new).verification.problems == []
    assert list(new.glob(".*restoring")) == []


def test_a_backup_without_keys_restores_a_record_that_names_what_it_lacks(office: Office, tmp_path: Path) -> None:
    taken(office)
    backup(office.workspace, office.door, tmp_path / "luu", None)
    assert not (tmp_path / "luu" / "keys").exists()
    problems = restore(tmp_path / "luu", None, tmp_path / "moi").verification.problems
    assert [one for one in problems if not one.startswith("keys/originals/")] == [
        f"keys/{name}: thiếu khóa / the key is missing" for name in NAMES
    ]
    assert len(problems) == len(NAMES) + 1


def test_the_keys_of_erased_originals_go_from_the_next_backup(office: Office, tmp_path: Path) -> None:
    sha256 = taken(office)
    backup(office.workspace, office.door, tmp_path / "luu", tmp_path / "luu" / "keys")
    key = vault.key_path(office.workspace, sha256).read_bytes()
    office.erase("S-0001", DECISION, REASON)
    done = backup(office.workspace, office.door, tmp_path / "luu", None)
    assert done.removed_count == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file() and key in path.read_bytes()] == []
    came = restore(tmp_path / "luu", None, tmp_path / "moi")
    assert came.verification.problems == []
    assert any("đã xóa theo quyết định" in note for note in came.verification.notes)


def test_keys_that_outlived_an_erasure_elsewhere_are_not_restored(office: Office, tmp_path: Path) -> None:
    sha256 = taken(office)
    backup(office.workspace, office.door, tmp_path / "luu", tmp_path / "khoa")
    office.erase("S-0001", DECISION, REASON)
    backup(office.workspace, office.door, tmp_path / "luu", None)
    came = restore(tmp_path / "luu", tmp_path / "khoa", tmp_path / "moi")
    assert came.verification.problems == []
    assert list((came.folder / "keys" / "originals").rglob(f"{sha256}.key")) == []


def test_plaintext_of_before_sealing_goes_from_the_backup_once_erased(office: Office, tmp_path: Path) -> None:
    sha256 = taken(office)
    unsealed_of_before(office, sha256)
    backup(office.workspace, office.door, tmp_path / "luu", None)
    assert any(CONTENT in path.read_bytes() for path in (tmp_path / "luu").rglob("*") if path.is_file())
    office.erase("S-0001", DECISION, REASON)
    backup(office.workspace, office.door, tmp_path / "luu", None)
    left = [path.read_bytes() for path in (tmp_path / "luu").rglob("*") if path.is_file()]
    assert not any(PERSON.encode() in content or NAME.encode() in content for content in left)


@pytest.mark.parametrize("where", ["vault", "store", "ledger.jsonl"])
def test_a_damaged_backup_is_named_and_nothing_is_restored(office: Office, tmp_path: Path, where: str) -> None:
    taken(office)
    backup(office.workspace, office.door, tmp_path / "luu", None)
    path = next(p for p in sorted((tmp_path / "luu").rglob("*")) if p.is_file() and where in p.as_posix())
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(WorkspaceError, match=path.name):
        restore(tmp_path / "luu", office.workspace.keys, tmp_path / "moi")
    assert not (tmp_path / "moi").exists()


def test_a_damaged_file_of_the_workspace_is_not_copied(office: Office, tmp_path: Path) -> None:
    sha256 = taken(office)
    path = vault.sealed_path(office.workspace, sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(WorkspaceError, match="không chép"):
        backup(office.workspace, office.door, tmp_path / "luu", None)
    path.unlink()
    with pytest.raises(WorkspaceError, match="is missing"):
        backup(office.workspace, office.door, tmp_path / "luu", None)


def test_a_folder_in_use_is_never_written_to(office: Office, tmp_path: Path) -> None:
    taken(office)
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / "ghi chu.txt").write_text("của người khác", "utf-8")
    with pytest.raises(WorkspaceError, match="không trống"):
        backup(office.workspace, office.door, tmp_path / "day", None)
    with pytest.raises(WorkspaceError, match="is inside the workspace"):
        backup(office.workspace, office.door, office.workspace.root / "luu", None)
    backup(office.workspace, office.door, tmp_path / "luu", None)
    with pytest.raises(WorkspaceError, match="không trống"):
        restore(tmp_path / "luu", None, tmp_path / "day")
    with pytest.raises(WorkspaceError, match="không phải bản lưu"):
        restore(tmp_path / "day", None, tmp_path / "moi")
    assert [path.name for path in (tmp_path / "day").iterdir()] == ["ghi chu.txt"]


def test_a_backup_of_another_record_is_not_overwritten(office: Office, demo: Office, tmp_path: Path) -> None:
    backup(demo.workspace, demo.door, tmp_path / "luu", None)
    with pytest.raises(WorkspaceError, match="sổ cái khác"):
        backup(office.workspace, office.door, tmp_path / "luu", None)
    assert restore(tmp_path / "luu", demo.workspace.keys, tmp_path / "moi").verification.problems == []
    assert verify(demo.workspace).problems == []


def test_a_backup_of_another_record_that_is_shorter_is_not_overwritten_either(office: Office, tmp_path: Path) -> None:
    other = Office.new(tmp_path / "khac", office.workspace.plan_folder)
    other.take(log(ROW))
    backup(office.workspace, office.door, tmp_path / "luu", None)
    assert office.ledger.size < other.ledger.size
    with pytest.raises(WorkspaceError, match="sổ cái khác"):
        backup(other.workspace, other.door, tmp_path / "luu", None)
    assert restore(tmp_path / "luu", office.workspace.keys, tmp_path / "moi").verification.problems == []


def test_the_commands_say_what_was_copied_and_end_with_what_the_restored_record_is(
    office: Office, tmp_path: Path
) -> None:
    taken(office)

    def run(*words: object) -> tuple[int, str]:
        done = CliRunner(env={"COLUMNS": "400", "MOTCUA_ACTOR": FOUNDER}).invoke(app, [str(word) for word in words])
        return done.exit_code, done.output

    where = ("-w", office.workspace.root)
    status, output = run("backup", tmp_path / "luu", *where)
    assert (status, "Không kèm khóa" in output) == (0, True)
    assert run("restore", tmp_path / "luu", tmp_path / "thieu")[0] == 1, "without keys the originals do not verify"
    status, output = run("backup", tmp_path / "luu", "--with-keys", *where)
    assert (status, "chép / copied 0 ·" in output, "khóa / keys 6" in output) == (0, True, True)
    status, output = run("restore", tmp_path / "luu", tmp_path / "moi")
    assert (status, "Nguyên vẹn" in output) == (0, True)
    assert run("backup", tmp_path / "luu", "--with-keys", "--keys", tmp_path / "khoa", *where)[0] != 0

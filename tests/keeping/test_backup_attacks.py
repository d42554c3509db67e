"""A backup that somebody else had in their hands: nothing of it leads out of the new folder, and nothing is believed."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from audit.chain import canonical, line_hash
from audit.checkpoint import new_key_pem, public_key_pem
from audit.events import SigningKeyReplaced
from audit.ledger import Ledger
from flows.audits.verify import verify
from flows.desk.status import status
from flows.entry.door import MisuseError
from flows.keeping.backup import backup, restore, try_backup
from tests.keeping.test_erasure import taken
from tests.support.office import Office
from tests.support.old_record import write_record
from warehouse.backup_index import INDEX, Index, read_index, write_index
from warehouse.files import sha256_of
from warehouse.head import TamperedRecordError
from warehouse.projection import applied, rebuild
from warehouse.workspace import Workspace, WorkspaceError


@pytest.fixture
def backed_up(office: Office, tmp_path: Path) -> Path:
    taken(office)
    backup(office.workspace, office.door, tmp_path / "luu", tmp_path / "luu" / "keys")
    return tmp_path / "luu"


def resigned(office: Office, folder: Path, change: Callable[[dict[str, str]], object]) -> None:
    """Change the list of files and sign it: the worst that an insider with the key could leave."""
    index = read_index(folder)
    files = dict(index.files)
    change(files)
    write_index(folder, index.model_copy(update={"files": files}), office.workspace)


@pytest.mark.parametrize(
    "path",
    ["/ra-ngoai", "../ra-ngoai", "vault/../../ra-ngoai", "vault//x", "./vault/x", "inbox/x.csv", "keys/signing.pem",
     ".prefect/x", "Vault/x", "state-0000000000000000/motcua.toml", "vault\\..\\x", "vault/a\nb", "vault", ""],
)  # fmt: skip
def test_a_path_that_leads_out_of_a_backup_is_refused_before_anything_is_laid_out(
    office: Office, backed_up: Path, tmp_path: Path, path: str
) -> None:
    (tmp_path / "ra-ngoai").write_bytes(b"x")
    resigned(office, backed_up, lambda files: files.update({path: "0" * 64}))
    with pytest.raises(WorkspaceError, match="has no place in a backup"):
        restore(backed_up, None, tmp_path / "moi")
    assert not (tmp_path / "moi").exists()


def with_a_key_that_nobody_decided(office: Office, root: Path) -> Workspace:
    """Let a line that nobody signed put an own key in force, and sign the head with it."""
    workspace = office.copy(root).workspace
    own = new_key_pem(b"\x66" * 32)
    event = SigningKeyReplaced(
        old_public_key=workspace.public_key().decode(), new_public_key=public_key_pem(own).decode(), reason="mất",
        agreed_by_old=None,
    )  # fmt: skip
    lines = workspace.ledger.read_bytes().splitlines()
    entry = json.loads(lines[-1]) | {
        "seq": len(lines) + 1, "previous": line_hash(lines[-1]), "kind": "keys rotate", "files": [],
        "events": [event.model_dump(mode="json")], "signed_by": None, "signature": None,
    }  # fmt: skip
    (workspace.keys / "signing.pem").write_bytes(own)
    (workspace.keys / "signing.pub.pem").write_bytes(public_key_pem(own))
    write_record(workspace, [*lines, canonical(entry)])
    return workspace


def test_a_key_that_nobody_decided_signs_for_no_writer(office: Office, tmp_path: Path) -> None:
    taken(office)
    workspace = with_a_key_that_nobody_decided(office, tmp_path / "taken-over")
    before = workspace.ledger.read_bytes()
    with pytest.raises(TamperedRecordError, match="nobody who may decided so"):
        Office(workspace).sweep()
    assert workspace.ledger.read_bytes() == before


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_backup_whose_record_ends_in_a_key_that_nobody_decided_does_not_come_back(
    office: Office, backed_up: Path, tmp_path: Path, is_signed: bool
) -> None:
    workspace = with_a_key_that_nobody_decided(office, tmp_path / "taken-over")
    index = read_index(backed_up)
    files = dict(index.files)
    for path in (workspace.ledger, workspace.checkpoint):
        shutil.copyfile(path, backed_up / index.state / path.name)
        files[f"{index.state}/{path.name}"] = sha256_of(path)
    for name in ("signing.pem", "signing.pub.pem"):
        shutil.copyfile(workspace.keys / name, backed_up / "keys" / name)
    ledger = Ledger(workspace.ledger)
    changed = index.model_copy(update={"files": files, "size": ledger.size, "head": ledger.head})
    write_index(backed_up, changed, workspace)
    if not is_signed:
        unsigned = changed.model_copy(update={"signature": ""})
        (backed_up / INDEX).write_text(unsigned.model_dump_json(), "utf-8")
    with pytest.raises(WorkspaceError, match="nobody who may decided so"):
        restore(backed_up, None, tmp_path / "moi", accepts_unsigned=not is_signed)
    assert not (tmp_path / "moi").exists()


def test_two_paths_that_differ_in_case_alone_are_refused(office: Office, backed_up: Path, tmp_path: Path) -> None:
    def twice(files: dict[str, str]) -> None:
        path = next(path for path in files if path.startswith("vault/"))
        files[f"vault/{path.removeprefix('vault/').upper()}"] = files[path]

    resigned(office, backed_up, twice)
    with pytest.raises(WorkspaceError, match="has no place in a backup"):
        restore(backed_up, None, tmp_path / "moi")


@pytest.mark.parametrize("what", ["file", "folder", "pipe", "key", "index"])
def test_a_link_or_pipe_inside_a_backup_is_not_followed(backed_up: Path, tmp_path: Path, what: str) -> None:
    if what == "index":
        path = backed_up / INDEX
    elif what == "key":
        path = backed_up / "keys" / "signing.pem"
    else:
        path = next(path for path in sorted((backed_up / "vault").rglob("*")) if path.is_file())
    moved = path.parent if what == "folder" else path
    elsewhere = moved.rename(tmp_path / "noi-khac")
    if what == "pipe":
        os.mkfifo(moved)
    else:
        moved.symlink_to(elsewhere)
    with pytest.raises(WorkspaceError, match=r"not followed|not a backup"):
        restore(backed_up, None, tmp_path / "moi")
    assert not (tmp_path / "moi").exists()


def test_an_edited_an_unsigned_and_a_foreign_backup_are_told_apart(
    office: Office, backed_up: Path, tmp_path: Path
) -> None:
    sound = (backed_up / INDEX).read_bytes()
    said = json.loads(sound)
    dropped = next(path for path in said["files"] if path.startswith("store/"))
    (backed_up / INDEX).write_text(
        json.dumps({**said, "files": {p: h for p, h in said["files"].items() if p != dropped}})
    )
    with pytest.raises(WorkspaceError, match="it was edited, or is of another record"):
        restore(backed_up, None, tmp_path / "moi")
    (backed_up / INDEX).write_text(json.dumps({**said, "signature": ""}))
    with pytest.raises(WorkspaceError, match="--unsigned"):
        restore(backed_up, None, tmp_path / "moi")
    assert restore(backed_up, None, tmp_path / "cu", accepts_unsigned=True).verification.problems == []
    stranger = Office.new(tmp_path / "la", office.workspace.plan_folder)
    write_index(backed_up, Index.model_validate_json(sound), stranger.workspace)
    with pytest.raises(WorkspaceError, match="it was edited, or is of another record"):
        restore(backed_up, None, tmp_path / "moi")
    (backed_up / INDEX).write_bytes(sound)
    with pytest.raises(WorkspaceError, match="keys are of another record"):
        restore(backed_up, stranger.workspace.keys, tmp_path / "moi")
    assert not (tmp_path / "moi").exists()


def test_what_was_damaged_in_the_backup_is_found_and_mended_by_the_next(
    office: Office, backed_up: Path, tmp_path: Path
) -> None:
    for place in ("vault", "store", "state-"):
        path = next(p for p in sorted(backed_up.rglob("*")) if p.is_file() and place in p.as_posix())
        content = path.read_bytes()
        # The same size: nothing but reading it shows the damage.
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        done = backup(office.workspace, office.door, backed_up, backed_up / "keys")
        assert (done.mended_count, done.copied_count, path.read_bytes()) == (1, 1, content), place
    assert restore(backed_up, None, tmp_path / "moi").verification.problems == []


def test_a_link_at_the_destination_of_a_backup_is_not_written_through(
    office: Office, backed_up: Path, tmp_path: Path
) -> None:
    (tmp_path / "ngoai").mkdir()
    (backed_up / "store").rename(tmp_path / "kho")
    (backed_up / "store").symlink_to(tmp_path / "ngoai")
    with pytest.raises(WorkspaceError, match="not followed"):
        backup(office.workspace, office.door, backed_up, None)
    assert list((tmp_path / "ngoai").iterdir()) == []


def test_a_backup_is_named_as_untried_until_one_came_back(office: Office, backed_up: Path) -> None:
    def named() -> list[str]:
        plan = office.workspace.plan
        shown = status(office.workspace, plan, office.door.today(plan), None, None, office.at).untried_backups
        notes = [note for note in verify(office.workspace).notes if "bản lưu" in note]
        assert list(shown) == notes
        return notes

    assert [str(backed_up) in note for note in named()] == [True]
    tried = try_backup(office.workspace, office.door, backed_up, None)
    assert tried.known is not None
    assert tried.known.tried_size == tried.known.size
    assert named() == []
    # It stays known, also when the backup is brought up to date.
    office.at += timedelta(days=1)
    backup(office.workspace, office.door, backed_up, None)
    assert named() == []
    assert not list(office.workspace.root.glob(".reading*"))


def test_a_trial_that_does_not_verify_or_is_of_another_record_is_not_noted(
    office: Office, backed_up: Path, tmp_path: Path
) -> None:
    assert try_backup(office.workspace, office.door, backed_up, tmp_path).known is None
    stranger = Office.new(tmp_path / "la", office.workspace.plan_folder)
    with pytest.raises(MisuseError, match="another record"):
        try_backup(stranger.workspace, stranger.door, backed_up, None)


def test_a_projection_that_is_behind_is_a_note_and_one_that_was_edited_is_not(office: Office, tmp_path: Path) -> None:
    taken(office)
    before = (office.workspace.root / "warehouse.duckdb").read_bytes()
    office.take(b"x", "khac.csv")
    office.workspace.database.write_bytes(before)
    state = applied(office.workspace.database)
    assert state is not None
    assert state[0] < office.ledger.size
    result = verify(office.workspace)
    assert result.problems == []
    assert [note for note in result.notes if "commits behind" in note]
    # Behind, and of another record's beginning.
    other = Office.new(tmp_path / "la", office.workspace.plan_folder)
    office.workspace.database.write_bytes(other.workspace.database.read_bytes())
    assert [problem for problem in verify(office.workspace).problems if problem.startswith("warehouse.duckdb")]
    rebuild(office.workspace, office.ledger)
    assert verify(office.workspace).problems == []

"""How is a workspace carried to safety, and how does it come back?

A backup is made under the lock, so it is of one moment. Keys go with it only where that is asked for: who holds both
can read every original, who holds the backup alone cannot. A backup is worth what comes back from it: that is tried in
a folder that is thrown away, and until then the backup is named as untried.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flows.audits.verify import Verification, verify
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from warehouse import backups
from warehouse.backup import BackedUp, back_up
from warehouse.backup_index import read_index
from warehouse.backups import KnownBackup
from warehouse.modes import PRIVATE
from warehouse.restore import restore as restore_files
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Restored:
    """A workspace that came back, and what its verification says."""

    folder: Path
    verification: Verification


@dataclass(frozen=True)
class Tried:
    """What a backup gave that was restored for a trial; `known` is what was noted, None where it did not verify."""

    known: KnownBackup | None
    verification: Verification


def backup(workspace: Workspace, door: Door, folder: Path, keys: Path | None) -> BackedUp:
    """Bring a backup up to the record, and note where it lies."""
    with entered(workspace, door, "back_up", subject=folder.name) as ledger:
        done = back_up(workspace, ledger, folder, keys, door.on_step)
        backups.note_made(workspace, folder, done.size, door.stamp.at_text)
        return done


def _require_folder(keys: Path | None) -> None:
    if keys is not None and not keys.is_dir():
        raise MisuseError(f"{keys} không phải là thư mục / is not a folder: name the folder of the keys")


def restore(folder: Path, keys: Path | None, root: Path, *, accepts_unsigned: bool = False) -> Restored:
    """Make a workspace of a backup, and verify it."""
    _require_folder(keys)
    workspace = restore_files(folder, keys, root, accepts_unsigned=accepts_unsigned)
    return Restored(workspace.root, verify(workspace))


def try_backup(workspace: Workspace, door: Door, folder: Path, keys: Path | None) -> Tried:
    """Restore a backup of this workspace into a folder that is thrown away, verify it, and note that it came back.

    MisuseError where the backup is of another record. What does not verify is no proof, and is not noted.
    """
    _require_folder(keys)
    with entered(workspace, door, "back_up", subject=folder.name) as ledger:
        index = read_index(folder)
        if index.size > ledger.size or ledger.head_at(index.size) != index.head:
            raise MisuseError(f"{folder} là bản lưu của sổ cái khác / is a backup of another record: name one of this")
        workspace.staging.mkdir(mode=PRIVATE, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix="thu-", dir=workspace.staging))
        try:
            came = restore(folder, keys, place / "workspace")
        finally:
            shutil.rmtree(workspace.staging, ignore_errors=True)
        if came.verification.problems:
            return Tried(None, came.verification)
        return Tried(backups.note_tried(workspace, folder, index.size, door.stamp.at_text), came.verification)

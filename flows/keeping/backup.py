"""How is a workspace carried to safety, and how does it come back?

A backup is made under the lock, so it is of one moment. Keys go with it only where that is asked for: who holds both
can read every original, who holds the backup alone cannot.
"""

from dataclasses import dataclass
from pathlib import Path

from flows.audits.verify import Verification, verify
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from warehouse.backup import BackedUp, back_up
from warehouse.restore import restore as restore_files
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Restored:
    """A workspace that came back, and what its verification says."""

    folder: Path
    verification: Verification


def _amiss(error: OSError) -> MisuseError:
    return MisuseError(
        f"{error.filename}: {error.strerror}: kiểm tra ổ đĩa và quyền / check the disk and its permissions"
    )


def backup(workspace: Workspace, door: Door, folder: Path, keys: Path | None) -> BackedUp:
    """Bring a backup up to the record; MisuseError where its folder cannot be written to."""
    with entered(workspace, door, "back_up", subject=folder.name) as ledger:
        try:
            return back_up(workspace, ledger, folder, keys, door.on_step)
        except OSError as error:
            raise _amiss(error) from error


def restore(folder: Path, keys: Path | None, root: Path) -> Restored:
    """Make a workspace of a backup, and verify it; MisuseError where the new folder cannot be written to."""
    if keys is not None and not keys.is_dir():
        raise MisuseError(f"{keys} không phải là thư mục / is not a folder: name the folder of the keys")
    try:
        workspace = restore_files(folder, keys, root)
    except OSError as error:
        raise _amiss(error) from error
    return Restored(workspace.root, verify(workspace))

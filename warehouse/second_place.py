"""Where else does the signed state of the record lie, so that whoever rewrites this workspace is found out?

`motcua.toml` names a folder, such as a mounted share. After a release the checkpoint is copied there under its origin
and size; a copy is never overwritten. The folder is not made: where the share is not mounted, nothing lies about it.
"""

import re
from pathlib import Path

from audit.events import CheckpointCopyFailed, ReleasePublished
from audit.ledger import Ledger
from warehouse.files import write_bytes
from warehouse.workspace import Workspace

SUFFIX = ".checkpoint"
# A hash and a signature: it lies there so that others can hold it against the record.
_FOR_OTHERS = 0o644


def _last_release(ledger: Ledger) -> int:
    """Return the line of the last release; 0 where there is none."""
    return max(
        (entry.seq for entry in ledger.entries for event in entry.events if isinstance(event, ReleasePublished)),
        default=0,
    )


def is_failure_recorded(ledger: Ledger) -> bool:
    """Tell whether the record says already that the last release's checkpoint could not be copied."""
    released = _last_release(ledger)
    return any(
        isinstance(event, CheckpointCopyFailed) and event.size >= released
        for entry in ledger.entries
        for event in entry.events
    )


def _sizes(folder: Path, origin: str) -> list[int]:
    name = re.compile(re.escape(origin) + r"-(\d+)" + re.escape(SUFFIX))
    return [int(found[1]) for found in (name.fullmatch(path.name) for path in folder.iterdir()) if found]


def copy_checkpoint(workspace: Workspace, ledger: Ledger) -> str | None:
    """Copy the signed head where no copy yet covers the last release; return in one line why that could not be done."""
    folder, released = workspace.settings.checkpoint_copy, _last_release(ledger)
    if folder is None or not released:
        return None
    folder = workspace.root / folder
    origin = workspace.plan.document.id
    path = folder / f"{origin}-{ledger.size}{SUFFIX}"
    try:
        if any(size >= released for size in _sizes(folder, origin)):
            return None
        write_bytes(path, workspace.checkpoint.read_bytes())
        path.chmod(_FOR_OTHERS)
    except OSError as error:
        return f"{folder}: {error.strerror}"
    return None

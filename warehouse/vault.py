"""Where are the originals, and what were they called?

`vault/<aa>/<sha256>` holds the bytes as they came, `<sha256>.name` the file's own name (it may name a person, so it
stays here). `vault/answers/<aa>/<sha256>` holds what senders got back. `vault/incoming/<seq>/` holds what is being
taken in under the commit with that number: after a crash the ledger tells whether that commit happened.
"""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from audit.events import StoredFile
from warehouse.files import sha256_of, sync_folder, write_bytes, write_whole
from warehouse.workspace import PRIVATE, Workspace

_OWNER_ONLY = 0o600
_ANSWERS = "answers"


@dataclass(frozen=True)
class Original:
    """An original in the vault."""

    path: Path
    name: str
    sha256: str
    size: int

    def stored(self, workspace: Workspace) -> StoredFile:
        """Return how the ledger names it."""
        return StoredFile(path=workspace.relative(self.path), sha256=self.sha256, size=self.size)


def original_path(workspace: Workspace, sha256: str) -> Path:
    """Return where the original with this hash lies."""
    return workspace.vault / sha256[:2] / sha256


def open_original(workspace: Workspace, sha256: str) -> Path:
    """Return a file with the bytes of an original as they came."""
    return original_path(workspace, sha256)


def keep_answer(workspace: Workspace, content: bytes) -> StoredFile:
    """Keep the answer to a submission, which holds what its sender sent; the same bytes are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = workspace.vault / _ANSWERS / sha256[:2] / sha256
    path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    write_bytes(path, content, _OWNER_ONLY)
    return StoredFile(path=workspace.relative(path), sha256=sha256, size=len(content))


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def keep(workspace: Workspace, source: Path) -> Original:
    """Copy a file's bytes and its name into the vault; the same bytes are kept once."""
    sha256 = sha256_of(source)
    path = original_path(workspace, sha256)
    if not path.parent.exists():
        path.parent.mkdir(mode=PRIVATE)
    if not path.exists() or sha256_of(path) != sha256:
        write_whole(path, lambda temporary: _copy(source, temporary), _OWNER_ONLY)
    name = path.with_name(f"{sha256}.name")
    if not name.exists():
        write_bytes(name, source.name.encode(), _OWNER_ONLY)
    return Original(path, source.name, sha256, path.stat().st_size)


def name_of(workspace: Workspace, sha256: str) -> str | None:
    """Return an original's own name for the people of this machine; None where the vault is closed to us."""
    try:
        return original_path(workspace, sha256).with_name(f"{sha256}.name").read_text("utf-8")
    except (FileNotFoundError, PermissionError):
        return None


def begin_taking(workspace: Workspace, source: Path, seq: int) -> Path:
    """Move an inbox file under the number of the commit that will name it; return where it is now."""
    incoming = workspace.vault / "incoming"
    incoming.mkdir(mode=PRIVATE, exist_ok=True)
    folder = incoming / str(seq)
    folder.mkdir(mode=PRIVATE)
    target = folder / source.name
    source.rename(target)
    sync_folder(folder)
    return target


def end_taking(workspace: Workspace, seq: int) -> None:
    """Drop the incoming copy: the commit has happened."""
    shutil.rmtree(workspace.vault / "incoming" / str(seq), ignore_errors=True)


def interrupted(workspace: Workspace) -> list[tuple[int, Path]]:
    """Return what a killed process left: the commit's number and the file."""
    folder = workspace.vault / "incoming"
    if not folder.is_dir():
        return []
    tickets = sorted((int(ticket.name), ticket) for ticket in folder.iterdir() if ticket.name.isdigit())
    for _, ticket in tickets:
        if not any(ticket.iterdir()):
            ticket.rmdir()
    return [(seq, path) for seq, ticket in tickets if ticket.exists() for path in sorted(ticket.iterdir())]

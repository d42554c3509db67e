"""How does one key give way to another, whenever the process is killed?

The new key waits in `keys/next/`; the commit that names it puts it in force; then it takes its place and the old one
moves to `keys/retired/`, where a replay of what it once made finds it. What waits without such a commit is dropped.
"""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from audit.checkpoint import public_key_pem
from audit.events import PseudonymKeyReplaced, SigningKeyReplaced
from audit.ledger import Ledger
from warehouse.files import sync_folder, write_bytes
from warehouse.workspace import PRIVATE, PSEUDONYM_KEY, PUBLIC_KEY, SIGNING_KEY, Workspace

OWNER_ONLY = 0o600


def _next(workspace: Workspace) -> Path:
    return workspace.keys / "next"


def stage(workspace: Workspace, files: Mapping[str, bytes]) -> None:
    """Lay new keys beside those in force."""
    folder = _next(workspace)
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    for name, content in files.items():
        write_bytes(folder / name, content, OWNER_ONLY)


def _committed(ledger: Ledger) -> set[tuple[str, str]]:
    """Return name and hash of every key that a commit put in force."""
    found = set()
    for entry in ledger.entries:
        for event in entry.events:
            if isinstance(event, SigningKeyReplaced):
                found.add((PUBLIC_KEY, hashlib.sha256(event.new_public_key.encode()).hexdigest()))
            elif isinstance(event, PseudonymKeyReplaced):
                found.add((PSEUDONYM_KEY, event.new_key_sha256))
    return found


def _retire(workspace: Workspace, name: str) -> None:
    path = workspace.keys / name
    if path.exists():
        folder = workspace.keys / "retired"
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        known = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        write_bytes(folder / f"{known}-{name}", path.read_bytes(), OWNER_ONLY)


def _identity(name: str, contents: Mapping[str, bytes]) -> tuple[str, str]:
    return name, hashlib.sha256(contents[name]).hexdigest()


def settle(workspace: Workspace, ledger: Ledger) -> None:
    """Put the keys that wait into their places where a commit names them; drop them where none does."""
    folder = _next(workspace)
    if not folder.exists():
        return
    committed = _committed(ledger)
    waiting = {path.name: path.read_bytes() for path in folder.iterdir() if path.name in (SIGNING_KEY, PSEUDONYM_KEY)}
    if SIGNING_KEY in waiting:
        waiting[PUBLIC_KEY] = public_key_pem(waiting[SIGNING_KEY])
    # The record knows a private key by its public half.
    named_by = {SIGNING_KEY: PUBLIC_KEY}
    settled = {
        name: content for name, content in waiting.items() if _identity(named_by.get(name, name), waiting) in committed
    }
    for name, content in sorted(settled.items()):
        if not (workspace.keys / name).exists() or (workspace.keys / name).read_bytes() != content:
            _retire(workspace, name)
            write_bytes(workspace.keys / name, content, OWNER_ONLY)
    shutil.rmtree(folder)
    sync_folder(workspace.keys)

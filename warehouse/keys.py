"""Are the keys those that the record names, and how does one give way to another, whenever the process is killed?

The new key waits in `keys/next/`; the commit that names it puts it in force; then it takes its place and the old one
moves to `keys/retired/`, where a replay of what it once made finds it. What waits without such a commit is dropped.

The record knows the length and hash of every key that lies in `keys/` itself. A key of an original is known by what it
opens: nothing else opens with it.
"""

import hashlib
import shutil
from collections.abc import Container, Mapping
from pathlib import Path

from audit.checkpoint import public_key_pem
from audit.events import (
    KeysFirstSeen,
    KeyStated,
    PseudonymKeyReplaced,
    ScheduleKeyReplaced,
    SigningKeyReplaced,
    WorkspaceCreated,
)
from audit.ledger import Ledger
from audit.persons import persons
from audit.signing_keys import key_in_force
from warehouse.files import sync_folder, write_bytes
from warehouse.modes import PRIVATE
from warehouse.workspace import PSEUDONYM_KEY, PUBLIC_KEY, SCHEDULE_KEY, SIGNING_KEY, Workspace, WorkspaceError

NAMES = (SIGNING_KEY, PUBLIC_KEY, PSEUDONYM_KEY, SCHEDULE_KEY)
PSEUDONYM_KEY_BYTES = 32
MISSING = "thiếu khóa / the key is missing"
NO_KEY = "trống hoặc không phải khóa / is empty, or no key"
FOREIGN = "không phải khóa mà sổ cái ghi / is not the key that the record names"


def _next(workspace: Workspace) -> Path:
    return workspace.keys / "next"


def stage(workspace: Workspace, files: Mapping[str, bytes]) -> None:
    """Lay new keys beside those in force."""
    folder = _next(workspace)
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    for name, content in files.items():
        write_bytes(folder / name, content)


def _committed(ledger: Ledger) -> set[tuple[str, str]]:
    """Return name and hash of every key that a commit put in force."""
    found = set()
    for entry in ledger.entries:
        for event in entry.events:
            if isinstance(event, SigningKeyReplaced):
                found.add((PUBLIC_KEY, hashlib.sha256(event.new_public_key.encode()).hexdigest()))
            elif isinstance(event, PseudonymKeyReplaced):
                found.add((PSEUDONYM_KEY, event.new_key_sha256))
            elif isinstance(event, ScheduleKeyReplaced):
                found.add((SCHEDULE_KEY, hashlib.sha256(event.new_public_key.encode()).hexdigest()))
    return found


def _retire(workspace: Workspace, name: str) -> None:
    path = workspace.keys / name
    if path.exists():
        folder = workspace.keys / "retired"
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        known = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        write_bytes(folder / f"{known}-{name}", path.read_bytes())


def _identity(name: str, content: bytes) -> tuple[str, str]:
    """Return name and hash by which the record knows a key: a private one by its public half."""
    known = public_half(content) if name in (SIGNING_KEY, SCHEDULE_KEY) else content
    return (PUBLIC_KEY if name == SIGNING_KEY else name), hashlib.sha256(known).hexdigest()


def _waiting(workspace: Workspace, ledger: Ledger) -> dict[str, bytes]:
    """Return the keys that wait and that a commit has put in force, by the name of their place."""
    folder = _next(workspace)
    if not folder.exists():
        return {}
    committed = _committed(ledger)
    waiting = {path.name: path.read_bytes() for path in folder.iterdir() if path.name in NAMES}
    if SIGNING_KEY in waiting:
        waiting[PUBLIC_KEY] = public_half(waiting[SIGNING_KEY])
    return {name: content for name, content in waiting.items() if _identity(name, content) in committed}


def settle(workspace: Workspace, ledger: Ledger) -> None:
    """Put the keys that wait into their places where a commit names them; drop them where none does."""
    folder = _next(workspace)
    if not folder.exists():
        return
    for name, content in sorted(_waiting(workspace, ledger).items()):
        if not (workspace.keys / name).exists() or (workspace.keys / name).read_bytes() != content:
            _retire(workspace, name)
            write_bytes(workspace.keys / name, content)
    shutil.rmtree(folder)
    sync_folder(workspace.keys)


def staged_signing_key(workspace: Workspace) -> bytes:
    """Return the signing key that waits to be put in force."""
    return (_next(workspace) / SIGNING_KEY).read_bytes()


def present_public_key(workspace: Workspace) -> bytes | None:
    """Return the public key that lies in the workspace."""
    path = workspace.keys / PUBLIC_KEY
    return path.read_bytes() if path.is_file() else None


def public_half(private: bytes) -> bytes:
    """Return the public half of a private key; nothing where the bytes are none."""
    try:
        return public_key_pem(private)
    except ValueError:
        return b""


def stated(name: str, content: bytes) -> KeyStated:
    """Return a key as the record states it."""
    return KeyStated(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def stated_keys(workspace: Workspace) -> tuple[KeyStated, ...]:
    """Return the keys that lie in the workspace, as the record states them."""
    return stated(PUBLIC_KEY, workspace.public_key()), stated(PSEUDONYM_KEY, workspace.pseudonym_key())


def _in_force(ledger: Ledger, present: bytes | None) -> dict[str, str]:
    """Return the hash of each key that the record says is in force, as far as it says so."""
    found: dict[str, str] = {}
    for entry in ledger.entries:
        for event in entry.events:
            match event:
                case WorkspaceCreated() | KeysFirstSeen():
                    found |= {key.name: key.sha256 for key in event.keys}
                case PseudonymKeyReplaced():
                    found[PSEUDONYM_KEY] = event.new_key_sha256
                case _:
                    pass
    public = key_in_force(ledger.entries, ledger.size, present)
    if public is not None:
        found[PUBLIC_KEY] = hashlib.sha256(public).hexdigest()
    of_schedule = persons(ledger.entries).schedule_public_key
    if of_schedule is not None:
        found[SCHEDULE_KEY] = hashlib.sha256(of_schedule.encode()).hexdigest()
    return found


def expected(ledger: Ledger) -> tuple[str, ...]:
    """Return which keys should lie in the workspace: a schedule of before it signed has none."""
    has_schedule_key = persons(ledger.entries).schedule_public_key is not None
    return tuple(name for name in NAMES if name != SCHEDULE_KEY or has_schedule_key)


def amiss(workspace: Workspace, ledger: Ledger) -> dict[str, str]:
    """Return, by the name of its file, what is wrong with each key that should lie in the workspace."""
    at_hand = {name: _read(workspace.keys / name) for name in expected(ledger)}
    at_hand |= _waiting(workspace, ledger)
    in_force = _in_force(ledger, at_hand[PUBLIC_KEY])
    found = {}
    for name, content in at_hand.items():
        if content is None:
            found[name] = MISSING
        elif not _is_key(name, content):
            found[name] = NO_KEY
        else:
            known_as, sha256 = _identity(name, content)
            # Nothing speaks for a private key whose public half neither the record nor the folder knows.
            if in_force.get(known_as, "" if name == SIGNING_KEY else sha256) != sha256:
                found[name] = FOREIGN
    return found


def _is_key(name: str, content: bytes) -> bool:
    if name in (SIGNING_KEY, SCHEDULE_KEY):
        return public_half(content) != b""
    return len(content) >= (PSEUDONYM_KEY_BYTES if name == PSEUDONYM_KEY else 1)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def require(workspace: Workspace, ledger: Ledger, may_lack: Container[str] = ()) -> None:
    """Return where every key is the one that the record names; WorkspaceError says of the first that is not, why."""
    for name, problem in amiss(workspace, ledger).items():
        if name not in may_lack:
            raise WorkspaceError(
                f"{workspace.keys / name}: {problem}: hãy lấy lại từ bản lưu / put it back from its copy; where there"
                " is none, see docs/keys.md"
            )

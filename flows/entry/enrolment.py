"""Whose key is whose, how does somebody bring one, and how does one stop counting?

The sealed file is laid down first, then the line that it signs itself puts it in force: a command killed in between
leaves a file that counts for nothing.
"""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from audit.authority import offices
from audit.checkpoint import SEED_BYTES
from audit.events import KeyRevoked, PersonEnrolled, Role
from audit.ledger import Ledger
from audit.names import name_key
from audit.persons import PersonKey
from audit.sealed_key import NONCE_BYTES, SALT_BYTES, OpenKey, Sealing, new_key, seal
from flows.entry.authority import open_early, refuse, require, require_signature, require_successor
from flows.entry.door import Door, MisuseError, own_name
from flows.entry.hand import new_hand
from flows.entry.keyring import key_path
from flows.entry.output import require_new_file
from schemas.nearest import names_meant
from warehouse.files import write_bytes
from warehouse.modes import PRIVATE
from warehouse.workspace import Workspace
from warehouse.writer import writer

SHORTEST = 10


@dataclass(frozen=True)
class Person:
    """Somebody with a role, a key, or both."""

    name: str
    roles: frozenset[Role]
    key: PersonKey | None


def lay_key(
    workspace: Workspace, door: Door, sealing: Sealing, file: Path | None = None, known: Container[str] = ()
) -> OpenKey:
    """Make a key of the one at the door and lay it down sealed, in the workspace or in a file of its own."""
    require_passphrase(sealing)
    seed, salt, nonce = (door.entropy(size) for size in (SEED_BYTES, SALT_BYTES, NONCE_BYTES))
    key = new_key(seed)
    path = file or key_path(workspace, key.fingerprint)
    if key.fingerprint in known:
        raise MisuseError(f"khóa này đã từng được ghi danh / this key was enrolled before: {key.fingerprint}")
    if file is not None:
        require_new_file(file)
    else:
        workspace.people_keys.mkdir(mode=PRIVATE, exist_ok=True)
    try:
        write_bytes(path, seal(door.stamp.actor, seed, salt, nonce, sealing))
    except OSError as error:
        raise MisuseError(f"không ghi được khóa / the key cannot be written: {path}: {error.strerror}") from error
    return key


def require_passphrase(sealing: Sealing) -> None:
    """Return where a passphrase can seal a key; else MisuseError."""
    if len(sealing.passphrase) < SHORTEST:
        raise MisuseError(f"mật khẩu phải có ít nhất {SHORTEST} ký tự / the passphrase needs {SHORTEST} characters")


def brought_by(door: Door, key: OpenKey) -> tuple[Door, PersonEnrolled]:
    """Return the door at which a new key signs already, and the event of the line that brings it."""
    event = PersonEnrolled(name=door.stamp.actor, public_key=key.public_pem, fingerprint=key.fingerprint)
    return door.of(door.stamp.actor, new_hand(key)), event


def enrol(workspace: Workspace, door: Door, sealing: Sealing, file: Path | None = None) -> PersonKey:
    """Put a key of the one at the door in force; it gives no role. MisuseError where they have one."""
    who = own_name(door.stamp.actor)
    with writer(workspace, door.stamp.unsigned, door.command, door.on_wait, door.on_notice) as ledger:
        known = offices(ledger.entries, ledger.lines)
        spelled, held = known.name_of(who), known.persons.key_of(who)
        if spelled not in (None, who):
            refuse(
                ledger, door, "enrol", who, "tên viết khác / spelled otherwise",
                f"{who} dễ nhầm với / can be taken for {spelled}: --actor \"{spelled}\"",
            )  # fmt: skip
        if held is not None:
            raise MisuseError(
                f'{who} đã có khóa {held.fingerprint[:16]} / has a key: motcua people revoke "{who}" --reason "..."'
            )
        key = lay_key(workspace, door, sealing, file, known.persons.keys)
        signed, event = brought_by(door, key)
        ledger.append(signed.stamp, "enrol", [event])
        return offices(ledger.entries, ledger.lines).persons.keys[key.fingerprint]


def revoke(workspace: Workspace, door: Door, name: str, reason: str) -> PersonKey:
    """Let a key count no more, one's own or, as a quality manager, another's; the roles held with it lapse.

    Raises MisuseError without a reason, where that name has no key, and where nobody could appoint people any more.
    """
    if not reason.strip():
        raise MisuseError("--reason trống / is empty: nêu lý do / say why the key no longer counts")
    is_own = name_key(name) == name_key(door.stamp.actor)
    open_early(workspace, door, ["revoke_key"], asks_role=not is_own)
    with writer(workspace, door.stamp.unsigned, door.command, door.on_wait, door.on_notice) as ledger:
        (require_signature if is_own else require)(ledger, door, "revoke_key", name)
        known = offices(ledger.entries, ledger.lines)
        key = known.persons.key_of(name)
        if key is None:
            holders = names_meant(name, [one.name for one in known.persons.in_force])
            raise MisuseError(
                f"{name} không có khóa đang hiệu lực / has no key in force: {holders}: motcua people list"
            )
        require_successor(known, key.name)
        ledger.append(
            door.stamp, "revoke-key", [KeyRevoked(name=key.name, fingerprint=key.fingerprint, reason=reason.strip())]
        )
        return key


def people(workspace: Workspace) -> tuple[Person, ...]:
    """Return everybody who holds a role or has a key in force, the schedule first."""
    ledger = Ledger(workspace.ledger)
    known = offices(ledger.entries, ledger.lines)
    names = dict.fromkeys([*known.roles(), *(key.name for key in known.persons.keys.values())])
    found = (Person(name, known.held(name), known.persons.key_of(name)) for name in names)
    return tuple(one for one in found if one.roles or one.key is not None)

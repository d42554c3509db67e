"""Whose key is in force, and did that person sign this line?

Invariants:
1. a person's key counts from the line that brings it and that it signs itself: nobody enrols a key they do not hold;
2. one name has one key at a time, and one key one name for ever; another comes after the first was revoked;
3. signed is the whole line without its signature, so actor, time, account, events and the chain are covered;
4. persons sign from the first line on where the workspace was made so, else from the first key that somebody enrolled:
   what was decided before is readable and is named so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit.chain import Json, canonical, parse
from audit.checkpoint import is_signed
from audit.events import Entry, KeyRevoked, PersonEnrolled, ScheduleKeyReplaced, WorkspaceCreated
from audit.names import name_key

SIGNED_AS = b"motcua entry v1\n"
# The schedule is an actor of its own: it takes in and consolidates, and no person can be given its name.
SCHEDULE = "schedule"


@dataclass(frozen=True)
class PersonKey:
    """A key that somebody enrolled: from which line on, under which account, and what became of it."""

    name: str
    fingerprint: str
    public_key: str
    enrolled_seq: int
    enrolled_at: str
    os_user: str
    revoked_seq: int | None = None
    revoked_at: str = ""
    revoked_because: str = ""


class Persons:
    """The keys of people, line after line. What breaks an invariant puts no key in force."""

    def __init__(self) -> None:
        self.keys: dict[str, PersonKey] = {}
        self.signs_from: int | None = None
        self.schedule_public_key: str | None = None
        self._in_force: dict[str, str] = {}

    @property
    def in_force(self) -> tuple[PersonKey, ...]:
        """Every key in force, one for each person who has one."""
        return tuple(self.keys[fingerprint] for fingerprint in self._in_force.values())

    def follow(self, entry: Entry) -> None:
        """Take up what one line says of keys."""
        for event in entry.events:
            match event:
                case WorkspaceCreated():
                    self.schedule_public_key = event.schedule_public_key
                    if event.persons_sign:
                        self.signs_from = entry.seq
                case ScheduleKeyReplaced():
                    self.schedule_public_key = event.new_public_key
                case PersonEnrolled():
                    self._enrol(entry, event)
                case KeyRevoked():
                    self._revoke(entry, event)
                case _:
                    pass

    def _enrol(self, entry: Entry, event: PersonEnrolled) -> None:
        if enrolment_problem(self, entry, event) is not None:
            return
        self._in_force[name_key(event.name)] = event.fingerprint
        self.keys[event.fingerprint] = PersonKey(
            event.name, event.fingerprint, event.public_key, entry.seq, entry.at, entry.os_user
        )
        if self.signs_from is None:
            self.signs_from = entry.seq

    def _revoke(self, entry: Entry, event: KeyRevoked) -> None:
        key = self.key_of(event.name)
        if key is not None and key.fingerprint == event.fingerprint:
            del self._in_force[name_key(event.name)]
            self.keys[key.fingerprint] = replace(
                key, revoked_seq=entry.seq, revoked_at=entry.at, revoked_because=event.reason
            )

    @property
    def sign(self) -> bool:
        """Whether persons sign by now."""
        return self.signs_from is not None

    def key_of(self, name: str) -> PersonKey | None:
        """Return the key in force of the person of this name, however it is spelled."""
        found = self._in_force.get(name_key(name))
        return self.keys[found] if found is not None else None

    def fingerprint_for(self, actor: str) -> str | None:
        """Return the fingerprint of the key with which an actor's lines are signed now."""
        public_key = self.public_key_for(actor)
        return fingerprint_of(public_key) if public_key is not None else None

    def public_key_for(self, actor: str) -> str | None:
        """Return the public key with which an actor's lines are signed now; the schedule has one of its own."""
        if actor == SCHEDULE:
            return self.schedule_public_key
        key = self.key_of(actor)
        return key.public_key if key is not None else None


def persons(entries: Iterable[Entry]) -> Persons:
    """Return the keys of people after these lines."""
    found = Persons()
    for entry in entries:
        found.follow(entry)
    return found


def enrolment_problem(before: Persons, entry: Entry, event: PersonEnrolled) -> str | None:
    """Return why a line does not put a key in force after these lines; None where it does."""
    if name_key(entry.actor) != name_key(event.name) or name_key(event.name) == SCHEDULE:
        return f"{entry.actor} ghi danh khóa của người khác / enrols another's key: {event.name}"
    if fingerprint_of(event.public_key) != event.fingerprint:
        return f"dấu vân tay không phải của khóa / the fingerprint is not that of the key: {event.name}"
    if entry.signed_by != event.fingerprint:
        return f"khóa không tự ký dòng ghi danh nó / the key does not sign the line that brings it: {event.name}"
    if event.fingerprint in before.keys:
        return f"khóa đã từng được ghi danh / the key was enrolled before: {event.name}"
    if before.key_of(event.name) is not None:
        return f"{event.name} đã có khóa đang hiệu lực / has a key in force"
    return None


def fingerprint_of(public_pem: str) -> str:
    """Return the fingerprint of a public key: the sha256 of its 32 bytes. ValueError for another kind of key."""
    key = serialization.load_pem_public_key(public_pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("the public key is not an Ed25519 key")
    return sha256(key.public_bytes_raw()).hexdigest()


def signed_bytes(fields: Mapping[str, Json]) -> bytes:
    """Return what a person signs of a line: all its fields but the signature."""
    return SIGNED_AS + canonical({name: value for name, value in fields.items() if name != "signature"})


def signature_problem(before: Persons, entry: Entry, line: bytes) -> str | None:
    """Return what is wrong with the signature of a line, `before` being the lines before it; None where nothing is.

    A line that nobody signed has no wrong signature: whether it had to be signed is for `must_be_signed` to say.
    """
    brought = next((event for event in entry.events if isinstance(event, PersonEnrolled)), None)
    problem = enrolment_problem(before, entry, brought) if brought is not None else None
    if problem is not None:
        return problem
    if entry.signed_by is None and entry.signature is None:
        return None
    if entry.signed_by is None or entry.signature is None:
        return "chữ ký không đủ / half a signature"
    if brought is not None:
        public_key = brought.public_key
    else:
        in_force = before.public_key_for(entry.actor)
        if in_force is None or fingerprint_of(in_force) != entry.signed_by:
            return f"không phải khóa đang hiệu lực của {entry.actor} / signed by a key that is not in force for them"
        public_key = in_force
    try:
        signature = bytes.fromhex(entry.signature)
    except ValueError:
        return "chữ ký không đọc được / the signature cannot be read"
    if not is_signed(public_key.encode(), signed_bytes(parse(line)), signature):
        return "chữ ký không khớp nội dung / the signature is not of this line"
    return None

"""Who may do what? This table and nothing else decides it.

Invariants:
1. an action that stands in no row of `ALLOWED` may be done by nobody;
2. a person holds the roles that somebody with authority gave, and nobody is born with one but the founder, who made the
   workspace: analyst and quality manager, so that a beginning is possible, and never the approver of a release;
3. the schedule is an actor of its own: it takes in and consolidates, and no person can be given its name;
4. a role is held by a name together with the key that the appointing quality manager saw; it is given by a line that
   somebody signs who may appoint, and lapses with the key. Roles of before persons signed are held by the name alone,
   until its first key is revoked;
5. who acts signs: every action but those that only take in, compute or copy.

Reading asks for no role, nor does computing the projection anew, which holds nothing of its own: who may do that is
decided by the folder's permissions.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from audit.events import Entry, KeyRevoked, PersonAppointed, PersonDismissed, PersonEnrolled, Role, WorkspaceCreated
from audit.names import name_key
from audit.persons import SCHEDULE as SCHEDULE
from audit.persons import Persons, signature_problem

Action = Literal[
    "intake",
    "answer",
    "consolidate",
    "justify",
    "correct",
    "withdraw_submission",
    "reinstate_submission",
    "mend_statement",
    "request_release",
    "approve_release",
    "publish",
    "withdraw_release",
    "waive",
    "record_nonconformity",
    "decide_nonconformity",
    "appoint",
    "revoke_key",
    "erase",
    "propose_plan",
    "accept_plan",
    "back_up",
    "replace_key",
]

ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)
SIGNED: frozenset[Action] = frozenset(ACTIONS) - {"intake", "answer", "consolidate", "back_up"}
FOUNDER: frozenset[Role] = frozenset({"analyst", "quality_manager"})

ALLOWED: Mapping[Action, frozenset[Role]] = {
    "intake": frozenset({"analyst", "schedule"}),
    "answer": frozenset({"analyst", "quality_manager"}),
    "consolidate": frozenset({"analyst", "schedule"}),
    "justify": frozenset({"analyst", "quality_manager"}),
    "correct": frozenset({"analyst", "quality_manager"}),
    "withdraw_submission": frozenset({"analyst", "quality_manager"}),
    "reinstate_submission": frozenset({"analyst", "quality_manager"}),
    "mend_statement": frozenset({"analyst", "quality_manager"}),
    "request_release": frozenset({"analyst", "quality_manager"}),
    "approve_release": frozenset({"approver"}),
    "publish": frozenset({"analyst", "approver"}),
    "withdraw_release": frozenset({"approver"}),
    "waive": frozenset({"approver", "quality_manager"}),
    "record_nonconformity": frozenset({"analyst", "quality_manager"}),
    "decide_nonconformity": frozenset({"quality_manager"}),
    "appoint": frozenset({"quality_manager"}),
    # And whose key it is, whatever they hold.
    "revoke_key": frozenset({"quality_manager"}),
    "erase": frozenset({"approver"}),
    "propose_plan": frozenset({"analyst", "quality_manager"}),
    "accept_plan": frozenset({"approver", "quality_manager"}),
    "back_up": frozenset({"analyst", "quality_manager", "auditor"}),
    "replace_key": frozenset({"quality_manager"}),
}


_OF_PEOPLE = (WorkspaceCreated, PersonEnrolled, PersonAppointed, PersonDismissed, KeyRevoked)


class Offices:
    """Who holds which roles, line after line. What breaks an invariant gives no role."""

    def __init__(self) -> None:
        self.persons = Persons()
        # By name key: the name as it was written last, and each role with the key that it is bound to.
        self._names: dict[str, str] = {}
        self._held: dict[str, dict[Role, str | None]] = {}

    def follow(self, entry: Entry) -> None:
        """Take up what one line says of roles and keys."""
        may_appoint = not self.persons.sign or (may(self.held(entry.actor), "appoint") and self._signs(entry))
        self.persons.follow(entry)
        for event in entry.events:
            match event:
                case WorkspaceCreated():
                    for role in FOUNDER:
                        self._give(entry.actor, role)
                case PersonAppointed() if may_appoint:
                    key = self.persons.key_of(event.name)
                    if not self.persons.sign or (key is not None and key.fingerprint == event.key_fingerprint):
                        self._give(event.name, event.role)
                case PersonDismissed() if may_appoint:
                    self._held.get(name_key(event.name), {}).pop(event.role, None)
                case KeyRevoked():
                    if self.persons.key_of(event.name) is None:
                        self._held.pop(name_key(event.name), None)
                case _:
                    pass

    def _give(self, name: str, role: Role) -> None:
        key = self.persons.key_of(name)
        if self.persons.sign and key is None:
            return
        self._names[name_key(name)] = name
        self._held.setdefault(name_key(name), {})[role] = key.fingerprint if key is not None else None

    def _signs(self, entry: Entry) -> bool:
        key = self.persons.key_of(entry.actor)
        return key is not None and key.fingerprint == entry.signed_by

    def held(self, name: str) -> frozenset[Role]:
        """Return the roles of the person of this name, however it is spelled."""
        if name == SCHEDULE:
            return frozenset({"schedule"})
        key = self.persons.key_of(name)
        bound = self._held.get(name_key(name), {})
        return frozenset(
            role for role, to in bound.items() if to is None or (key is not None and key.fingerprint == to)
        )

    def name_of(self, name: str) -> str | None:
        """Return how the record spells this name: as its key was enrolled, else as it was given a role."""
        key = self.persons.key_of(name)
        return key.name if key is not None else self._names.get(name_key(name))

    def roles(self) -> dict[str, frozenset[Role]]:
        """Return who holds which roles, by name; nobody who holds none."""
        held = {name: self.held(name) for name in (SCHEDULE, *self._names.values())}
        return {name: found for name, found in held.items() if found}


def offices(entries: Iterable[Entry], lines: Sequence[bytes] | None = None) -> Offices:
    """Return who holds which roles, with which keys, after these lines.

    With their bytes, what a line says of people counts only where the signature that it bears holds.
    """
    found = Offices()
    for number, entry in enumerate(entries):
        if lines is None or counts(found, entry, lines[number]):
            found.follow(entry)
    return found


def counts(before: Offices, entry: Entry, line: bytes) -> bool:
    """Tell whether what a line says of keys and roles can be believed after the lines before it."""
    if not any(isinstance(event, _OF_PEOPLE) for event in entry.events):
        return True
    if signature_problem(before.persons, entry, line) is not None:
        return False
    revoked = [event for event in entry.events if isinstance(event, KeyRevoked)]
    is_own = all(name_key(event.name) == name_key(entry.actor) for event in revoked)
    may_revoke = is_own or may(before.held(entry.actor), "revoke_key")
    return not revoked or (entry.signed_by is not None and may_revoke)


def roles(entries: Iterable[Entry]) -> dict[str, frozenset[Role]]:
    """Return who holds which roles after these lines; the founder's stay until somebody takes them away."""
    return offices(entries).roles()


def may(held: Iterable[Role], action: Action) -> bool:
    """Tell whether these roles suffice for an action."""
    return bool(ALLOWED[action] & set(held))


def must_be_signed(before: Persons, actor: str, action: Action) -> bool:
    """Tell whether an action has to be signed after these lines: decisions are, and what a schedule with a key does."""
    if actor == SCHEDULE:
        return before.schedule_public_key is not None
    return before.sign and action in SIGNED

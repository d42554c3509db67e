"""Who may do what? This table and nothing else decides it.

Invariants:
1. an action that stands in no row of `ALLOWED` may be done by nobody;
2. a person holds the roles that somebody with authority gave, and nobody is born with one but the founder, who made the
   workspace: analyst and quality manager, so that a beginning is possible, and never the approver of a release;
3. the schedule is an actor of its own: it takes in and consolidates, and no person can be given its name.

Reading asks for no role, nor does computing the projection anew, which holds nothing of its own: who may do that is
decided by the folder's permissions.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from audit.events import Entry, PersonAppointed, PersonDismissed, Role, WorkspaceCreated

Action = Literal[
    "intake",
    "answer",
    "consolidate",
    "justify",
    "correct",
    "withdraw_submission",
    "request_release",
    "approve_release",
    "publish",
    "withdraw_release",
    "waive",
    "appoint",
    "erase",
    "back_up",
    "replace_key",
]

SCHEDULE = "schedule"
ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)
FOUNDER: frozenset[Role] = frozenset({"analyst", "quality_manager"})

ALLOWED: Mapping[Action, frozenset[Role]] = {
    "intake": frozenset({"analyst", "schedule"}),
    "answer": frozenset({"analyst", "quality_manager"}),
    "consolidate": frozenset({"analyst", "schedule"}),
    "justify": frozenset({"analyst", "quality_manager"}),
    "correct": frozenset({"analyst", "quality_manager"}),
    "withdraw_submission": frozenset({"analyst", "quality_manager"}),
    "request_release": frozenset({"analyst", "quality_manager"}),
    "approve_release": frozenset({"approver"}),
    "publish": frozenset({"analyst", "approver"}),
    "withdraw_release": frozenset({"approver"}),
    "waive": frozenset({"approver", "quality_manager"}),
    "appoint": frozenset({"quality_manager"}),
    "erase": frozenset({"approver"}),
    "back_up": frozenset({"analyst", "quality_manager", "auditor"}),
    "replace_key": frozenset({"quality_manager"}),
}


def roles(entries: Iterable[Entry]) -> dict[str, frozenset[Role]]:
    """Return who holds which roles after these commits; the founder's stay until somebody takes them away."""
    held: dict[str, set[Role]] = {SCHEDULE: {"schedule"}}
    for entry in entries:
        for event in entry.events:
            if isinstance(event, WorkspaceCreated):
                held.setdefault(entry.actor, set()).update(FOUNDER)
            elif isinstance(event, PersonAppointed):
                held.setdefault(event.name, set()).add(event.role)
            elif isinstance(event, PersonDismissed):
                held.get(event.name, set()).discard(event.role)
    return {name: frozenset(found) for name, found in held.items() if found}


def may(held: Iterable[Role], action: Action) -> bool:
    """Tell whether these roles suffice for an action."""
    return bool(ALLOWED[action] & set(held))

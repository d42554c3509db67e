"""May the one at the door do this? Asked once, under the lock, before anything is written.

`audit.authority` decides; here it is asked, and what is refused is recorded like everything else.
"""

from collections.abc import Container, Iterator
from contextlib import contextmanager

from audit.authority import ALLOWED, ROLES, SCHEDULE, Action, may, roles
from audit.events import ActionRefused, PersonAppointed, PersonDismissed, Role
from audit.ledger import Ledger
from flows.entry.door import Door, MisuseError
from flows.entry.plan_gate import require_plan
from schemas.text import clean
from warehouse.workspace import Workspace
from warehouse.writer import writer

ROLE_NAMES: dict[Role, str] = {
    "analyst": "chuyên viên / analyst",
    "quality_manager": "quản lý chất lượng / quality manager",
    "approver": "người phê duyệt / approver",
    "auditor": "kiểm toán viên / auditor",
    "schedule": "lịch tự động / schedule",
}

# What reads, measures, judges or releases by the plan.
UNDER_THE_PLAN: frozenset[Action] = frozenset(
    {"intake", "correct", "consolidate", "justify", "waive", "request_release", "publish"}
)


class NotAllowedError(MisuseError):
    """Raised where somebody wants what is not theirs to do. Nothing was written but that it was refused."""


@contextmanager
def entered(
    workspace: Workspace, door: Door, *actions: Action, subject: str = "", may_lack: Container[str] = ()
) -> Iterator[Ledger]:
    """Hold the workspace for somebody who may do all of these actions; NotAllowedError for anybody else.

    What is done under the plan begins only where the plan in the folder is the one in force (PlanNotAcceptedError).
    """
    with writer(workspace, door.stamp, door.command, door.on_wait, door.on_notice, may_lack=may_lack) as ledger:
        for action in actions:
            require(ledger, door, action, subject)
        if UNDER_THE_PLAN & set(actions):
            require_plan(workspace, ledger)
        yield ledger


def require(ledger: Ledger, door: Door, action: Action, subject: str = "") -> None:
    """Return where the actor's roles suffice; else record the refusal and raise NotAllowedError."""
    held = roles(ledger.entries).get(door.stamp.actor, frozenset())
    if may(held, action):
        return
    needed = sorted(ALLOWED[action])
    who = " | ".join(ROLE_NAMES[role] for role in needed)
    has = ", ".join(sorted(held)) or "không có vai trò nào / no role"
    mend = f'motcua people appoint "{door.stamp.actor}" --role {needed[0]}'
    refuse(
        ledger, door, action, subject, f"cần / needs {who}",
        f"{door.stamp.actor} ({has}) không được / may not: {action}; cần / needs {who}: {mend}, hoặc / or --actor",
    )  # fmt: skip


def refuse(ledger: Ledger, door: Door, action: Action, subject: str, why: str, message: str) -> None:
    """Record that somebody was refused something, and raise NotAllowedError with this one line."""
    held = tuple(sorted(roles(ledger.entries).get(door.stamp.actor, frozenset())))
    ledger.append(door.stamp, "refused", [ActionRefused(action=action, subject=subject, held=held, why=why)])
    raise NotAllowedError(message)


def appoint_under_lock(ledger: Ledger, door: Door, name: str, role: Role) -> bool:
    """Give somebody a role; tell whether that is new. MisuseError for a name or a role that nobody can have."""
    who = _person(name, role)
    if role in roles(ledger.entries).get(who, frozenset()):
        return False
    ledger.append(door.stamp, "appoint", [PersonAppointed(name=who, role=role)])
    return True


def appoint(workspace: Workspace, door: Door, name: str, role: Role) -> bool:
    """Give somebody a role as a command of its own."""
    with entered(workspace, door, "appoint", subject=f"{name}: {role}") as ledger:
        return appoint_under_lock(ledger, door, name, role)


def dismiss(workspace: Workspace, door: Door, name: str, role: Role) -> None:
    """Take a role away; MisuseError where somebody does not hold it, or is the last who can appoint others."""
    who = _person(name, role)
    with entered(workspace, door, "appoint", subject=f"{name}: {role}") as ledger:
        held = roles(ledger.entries)
        if role not in held.get(who, frozenset()):
            raise MisuseError(f"{who} không giữ vai trò {role} / does not hold that role: motcua people list")
        others = [one for one, its in held.items() if one != who and may(its, "appoint")]
        if role in ALLOWED["appoint"] and not others:
            raise MisuseError(
                f"{who} là người cuối cùng có quyền phân công: hãy phân công người khác trước"
                f" / is the last who can appoint: appoint somebody else as {role} first"
            )
        ledger.append(door.stamp, "dismiss", [PersonDismissed(name=who, role=role)])


def people(workspace: Workspace) -> dict[str, frozenset[Role]]:
    """Return who holds which roles now."""
    return roles(Ledger(workspace.ledger).entries)


def _person(name: str, role: str) -> str:
    who = clean(name)
    if not who or who == SCHEDULE:
        raise MisuseError(f"{name!r} không thể là tên người / cannot be a person's name: write the name in full")
    if role not in ROLES or role == SCHEDULE:
        known = ", ".join(one for one in ROLES if one != SCHEDULE)
        raise MisuseError(f"không có vai trò {role} / there is no role {role}: {known}")
    return who

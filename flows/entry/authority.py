"""May the one at the door do this? Asked once, under the lock, before anything is written.

`audit.authority` decides; here it is asked, and what is refused is recorded like everything else.
"""

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, NoReturn

from audit.authority import ALLOWED, ROLES, SCHEDULE, Action, Offices, may, must_be_signed, offices
from audit.events import ActionRefused, PersonAppointed, PersonDismissed, Role
from audit.ledger import BrokenLedgerError, Ledger
from audit.names import name_key
from flows.entry.door import Door, MisuseError, own_name
from flows.entry.hand import Wanted
from flows.entry.plan_gate import require_plan
from schemas.nearest import names_meant, near_names
from warehouse import head, keys
from warehouse.workspace import Workspace, WorkspaceError
from warehouse.writer import writer

ROLE_NAMES: dict[Role, str] = {
    "analyst": "chuyên viên / analyst",
    "quality_manager": "quản lý chất lượng / quality manager",
    "approver": "người phê duyệt / approver",
    "auditor": "kiểm toán viên / auditor",
    "schedule": "lịch tự động / schedule",
}

ACTION_NAMES: dict[Action, str] = {
    "intake": "tiếp nhận / take in",
    "answer": "lấy bản trả lời / take out an answer",
    "consolidate": "tổng hợp / consolidate",
    "justify": "giải trình / justify",
    "correct": "đính chính / correct",
    "withdraw_submission": "rút lần nộp / withdraw a submission",
    "reinstate_submission": "khôi phục lần nộp đã rút / reinstate a submission",
    "mend_statement": "sửa điều đã khai của lần nộp / mend what was stated of a submission",
    "request_release": "đề nghị công bố / ask for a release",
    "approve_release": "duyệt bản công bố / approve a release",
    "publish": "công bố / publish",
    "withdraw_release": "thu hồi bản công bố / withdraw a release",
    "waive": "chấp nhận ngoại lệ / waive",
    "record_nonconformity": "ghi điểm không phù hợp / record a nonconformity",
    "decide_nonconformity": "quyết định về điểm không phù hợp / decide about a nonconformity",
    "appoint": "phân công / appoint",
    "revoke_key": "thu hồi khóa / revoke a key",
    "erase": "xóa bản gốc / erase an original",
    "propose_plan": "đề nghị đổi kế hoạch / propose a plan",
    "accept_plan": "quyết định về kế hoạch / decide about a plan",
    "back_up": "sao lưu / back up",
    "replace_key": "thay khóa / replace a key",
}

# What reads, measures, judges or releases by the plan.
UNDER_THE_PLAN: frozenset[Action] = frozenset(
    {
        "intake", "correct", "mend_statement", "consolidate", "justify", "waive", "request_release", "approve_release",
        "publish",
    }
)  # fmt: skip


class NotAllowedError(MisuseError):
    """Raised where somebody wants what is not theirs to do. Nothing was written but that it was refused."""


@contextmanager
def entered(
    workspace: Workspace, door: Door, *actions: Action, subject: str = "", may_lack: Container[str] = ()
) -> Iterator[Ledger]:
    """Hold the workspace for somebody who may do all of these actions; NotAllowedError for anybody else.

    What is done under the plan begins only where the plan in the folder is the one in force (PlanNotAcceptedError).
    """
    open_early(workspace, door, actions, may_lack)
    with writer(
        workspace, door.stamp.unsigned, door.command, door.on_wait, door.on_notice, may_lack=may_lack
    ) as ledger:
        for action in actions:
            require(ledger, door, action, subject)
        if UNDER_THE_PLAN & set(actions):
            require_plan(workspace, ledger)
        yield ledger


def open_early(
    workspace: Workspace,
    door: Door,
    actions: Sequence[Action],
    may_lack: Container[str] = (),
    *,
    asks_role: bool = True,
) -> None:
    """Ask for the passphrase of whoever may do this before the workspace is held: nobody waits while somebody types.

    Where record or keys are not what they should be nobody is asked: whoever holds the workspace is told.
    """
    try:
        ledger = head.checked(workspace)
        keys.require(workspace, ledger, may_lack)
    except (head.TamperedRecordError, BrokenLedgerError, WorkspaceError):
        return
    known, actor = offices(ledger.entries, ledger.lines), door.stamp.actor
    fingerprint = known.persons.fingerprint_for(actor)
    is_needed = any(must_be_signed(known.persons, actor, action) for action in actions)
    is_allowed = not asks_role or all(may(known.held(actor), action) for action in actions)
    if is_needed and is_allowed and door.hand is not None and fingerprint is not None:
        door.hand.open(workspace, Wanted(actor, fingerprint))


def require(ledger: Ledger, door: Door, action: Action, subject: str = "") -> None:
    """Return where the actor may do this, and signs it where it has to be signed; else record the refusal.

    NotAllowedError: no role, a name that only looks like somebody's, no signature, or not that of the key in force.
    """
    known = offices(ledger.entries, ledger.lines)
    actor = door.stamp.actor
    held = known.held(actor)
    if not may(held, action):
        needed = sorted(ALLOWED[action])
        who = " | ".join(ROLE_NAMES[role] for role in needed)
        has = ", ".join(ROLE_NAMES[role] for role in sorted(held)) or "không có vai trò nào / no role"
        mend = f'motcua people appoint "{actor}" --role {needed[0]}'
        # A name that the record does not know may be that of somebody whom it knows, mistyped.
        near = near_names(actor, known.roles()) if known.name_of(actor) is None else []
        meant = f" (gần nhất / nearest: {', '.join(near)})" if near else ""
        refuse(
            ledger, door, action, subject, f"cần / needs {who}",
            f"{actor} ({has}) không được / may not: {ACTION_NAMES[action]} ({action});"
            f" cần / needs {who}: {mend}, hoặc / or --actor{meant}",
        )  # fmt: skip
    require_signature(ledger, door, action, subject)


def require_signature(ledger: Ledger, door: Door, action: Action, subject: str = "") -> None:
    """Let the hand at the door sign what follows, where it has to be signed; else record the refusal."""
    known = offices(ledger.entries, ledger.lines)
    actor = door.stamp.actor
    spelled = known.name_of(actor)
    if spelled not in (None, actor):
        refuse(
            ledger, door, action, subject, "tên viết khác / spelled otherwise",
            f"{actor!a} dễ nhầm với / can be taken for {spelled}: --actor \"{spelled}\"",
        )  # fmt: skip
    if not must_be_signed(known.persons, actor, action):
        return
    fingerprint = known.persons.fingerprint_for(actor)
    if fingerprint is None:
        refuse(
            ledger, door, action, subject, "không có khóa đang hiệu lực / no key in force",
            f"{actor} không có khóa đang hiệu lực nên không ký được / has no key in force and cannot sign:"
            f" {ACTION_NAMES[action]}; motcua people enrol --actor \"{actor}\"",
        )  # fmt: skip
    if door.hand is None:
        refuse(
            ledger, door, action, subject, "không ký / unsigned",
            f"{ACTION_NAMES[action]}: {actor} phải ký / has to sign: ở màn hình / at a terminal,"
            " hoặc / or --passphrase-fd N",
        )  # fmt: skip
    if door.hand.open(Workspace(ledger.path.parent), Wanted(actor, fingerprint)) != fingerprint:
        refuse(
            ledger, door, action, subject, "ký bằng khóa khác / signed with another key",
            f"{ACTION_NAMES[action]}: không phải khóa của / not the key in force of {actor}"
            f" ({fingerprint[:16]}): --key FILE",
        )  # fmt: skip
    door.hand.admit()


def refuse(
    ledger: Ledger, door: Door, action: Action | Literal["enrol"], subject: str, why: str, message: str
) -> NoReturn:
    """Record that somebody was refused something, unsigned as it is, and raise NotAllowedError with this one line."""
    held = tuple(sorted(offices(ledger.entries, ledger.lines).held(door.stamp.actor)))
    event = ActionRefused(action=action, subject=subject, held=held, why=why)
    ledger.append(door.stamp.unsigned, "refused", [event])
    raise NotAllowedError(message)


def appoint_under_lock(ledger: Ledger, door: Door, name: str, role: Role, fingerprint: str = "") -> bool:
    """Give somebody a role, bound to the key that they enrolled; tell whether that is new.

    MisuseError for a name or a role that nobody can have, where no key was enrolled or not the one of this fingerprint.
    """
    known = offices(ledger.entries, ledger.lines)
    who = _person(known, name, role)
    key = known.persons.key_of(who)
    if key is None:
        holders = names_meant(who, [one.name for one in known.persons.in_force])
        raise MisuseError(
            f"{who} chưa ghi danh khóa của mình / has not enrolled a key: {holders};"
            f' motcua people enrol --actor "{who}"'
        )
    if not key.fingerprint.startswith(fingerprint.lower()):
        raise MisuseError(
            f"khóa của {who} là {key.fingerprint}, không phải / is not {fingerprint}: hỏi lại / ask that person"
        )
    if role in known.held(who):
        return False
    ledger.append(door.stamp, "appoint", [PersonAppointed(name=who, role=role, key_fingerprint=key.fingerprint)])
    return True


def appoint(workspace: Workspace, door: Door, name: str, role: Role, fingerprint: str = "") -> bool:
    """Give somebody a role as a command of its own."""
    with entered(workspace, door, "appoint", subject=f"{name}: {role}") as ledger:
        return appoint_under_lock(ledger, door, name, role, fingerprint)


def dismiss(workspace: Workspace, door: Door, name: str, role: Role) -> None:
    """Take a role away; MisuseError where somebody does not hold it, or is the last who can appoint others."""
    with entered(workspace, door, "appoint", subject=f"{name}: {role}") as ledger:
        known = offices(ledger.entries, ledger.lines)
        who = _person(known, name, role)
        if role not in known.held(who):
            holders = names_meant(who, [one for one, held in known.roles().items() if role in held])
            raise MisuseError(
                f"{who} không giữ vai trò {role} / does not hold that role: {holders}: motcua people list"
            )
        if role in ALLOWED["appoint"]:
            require_successor(known, who)
        ledger.append(door.stamp, "dismiss", [PersonDismissed(name=who, role=role)])


def require_successor(known: Offices, name: str) -> None:
    """Return where somebody else can appoint people; else MisuseError, since nobody could mend it."""
    others = [one for one, held in known.roles().items() if name_key(one) != name_key(name) and may(held, "appoint")]
    if not any(not known.persons.sign or known.persons.key_of(one) is not None for one in others):
        raise MisuseError(
            f"{name} là người cuối cùng có quyền phân công: hãy phân công người khác trước"
            " / is the last who can appoint: appoint somebody else as quality_manager first"
        )


def _person(known: Offices, name: str, role: str) -> str:
    who = own_name(name)
    spelled = known.name_of(who)
    if spelled not in (None, who):
        raise MisuseError(f"{who} đã được ghi là / is recorded as: {spelled}")
    if role not in ROLES or role == SCHEDULE:
        raise MisuseError(
            f"không có vai trò {role} / there is no role {role}:"
            f" {names_meant(role, [one for one in ROLES if one != SCHEDULE])}"
        )
    return who

"""Might each line have been written by who wrote it, with the rights and the keys of that moment?

The record is read from its first line on, and before each line it is asked what the writer would have asked:
1. every event but those by which the program tells of itself is somebody's action, and its actor held a role that may;
2. a line that has to be signed is signed, by the key in force for its actor, and no signature is of something else;
3. whoever approves a release is not who asked for it, whoever accepts a plan not who proposed it: by name, by key, or
   by account unless the decision says that the plan allows that; request and approval name the same bytes, and so does
   who publishes; nothing is decided before it was asked for, nothing published before it was approved; a nonconformity
   takes no step that the table of its steps refuses; what is said of a submission fits it (`audit.submissions`);
4. time does not run backward. A clock that was set right makes it do so as well, so this is named and no more.
Lines of before roles were recorded are named where they do not fit, and no more: nobody asked then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from audit.authority import Action, Offices, counts, may, must_be_signed
from audit.consolidations import unmeasured
from audit.events import (
    ActionRefused,
    AnswerTaken,
    AnyEvent,
    CheckpointCopyFailed,
    CorrectionDeclared,
    Entry,
    Event,
    KeyRevoked,
    KeysFirstSeen,
    NonconformityActed,
    NonconformityAnalysed,
    NonconformityCancelled,
    NonconformityClosed,
    NonconformityContained,
    NonconformityGone,
    NonconformityImplemented,
    NonconformityLinked,
    NonconformityObserved,
    NonconformityOpened,
    NonconformityPlanned,
    NonconformityRecorded,
    NonconformityReopened,
    NonconformityReturned,
    NonconformityVerifying,
    OriginalErased,
    OriginalKeyLost,
    PeriodConsolidated,
    PersonAppointed,
    PersonDismissed,
    PersonEnrolled,
    PlanAccepted,
    PlanProposed,
    PlanRejected,
    PseudonymKeyReplaced,
    PublicationRefused,
    ReceiptMended,
    ReleaseApproved,
    ReleasePublished,
    ReleaseRequested,
    ReleaseSetAside,
    ReleaseWithdrawn,
    ScheduleKeyReplaced,
    SenderMended,
    SettingsChanged,
    SigningKeyReplaced,
    SubmissionReinstated,
    SubmissionRevalidated,
    SubmissionSeenAgain,
    SubmissionTaken,
    SubmissionWithdrawn,
    TornLineSetAside,
    WaiverGranted,
    WaiverRevoked,
    WarningJustified,
    WorkspaceCreated,
)
from audit.names import name_key
from audit.persons import signature_problem
from audit.register import Register
from audit.releases import is_moment
from audit.signing_keys import replacements
from audit.submissions import Submissions

# Which actions an event may come of; one suffices. None: the program tells of itself, or anybody may.
ACTIONS_OF: Mapping[type[Event], tuple[Action, ...] | None] = {
    WorkspaceCreated: None,
    KeysFirstSeen: None,
    SettingsChanged: None,
    TornLineSetAside: None,
    ReleaseSetAside: None,
    CheckpointCopyFailed: None,
    ActionRefused: None,
    PersonEnrolled: None,
    SubmissionTaken: ("intake",),
    SubmissionSeenAgain: ("intake",),
    SubmissionWithdrawn: ("withdraw_submission",),
    SubmissionReinstated: ("reinstate_submission",),
    ReceiptMended: ("mend_statement",),
    SenderMended: ("mend_statement",),
    CorrectionDeclared: ("correct",),
    SubmissionRevalidated: ("correct", "mend_statement", "consolidate"),
    OriginalErased: ("erase",),
    OriginalKeyLost: ("erase",),
    SigningKeyReplaced: ("replace_key",),
    PseudonymKeyReplaced: ("replace_key",),
    ScheduleKeyReplaced: ("replace_key",),
    AnswerTaken: ("answer",),
    PeriodConsolidated: ("consolidate",),
    NonconformityOpened: ("consolidate",),
    NonconformityObserved: ("consolidate",),
    NonconformityGone: ("consolidate",),
    NonconformityReturned: ("consolidate",),
    NonconformityRecorded: ("record_nonconformity",),
    NonconformityContained: ("record_nonconformity",),
    NonconformityAnalysed: ("record_nonconformity",),
    NonconformityPlanned: ("decide_nonconformity",),
    NonconformityActed: ("record_nonconformity",),
    NonconformityImplemented: ("record_nonconformity",),
    NonconformityVerifying: ("decide_nonconformity",),
    NonconformityClosed: ("decide_nonconformity",),
    NonconformityCancelled: ("decide_nonconformity",),
    NonconformityReopened: ("decide_nonconformity",),
    NonconformityLinked: ("record_nonconformity",),
    WarningJustified: ("justify",),
    KeyRevoked: ("revoke_key",),
    PersonAppointed: ("appoint",),
    PersonDismissed: ("appoint",),
    WaiverGranted: ("waive",),
    WaiverRevoked: ("waive",),
    ReleaseRequested: ("request_release",),
    ReleaseApproved: ("approve_release",),
    ReleaseWithdrawn: ("withdraw_release",),
    PlanProposed: ("propose_plan",),
    PlanAccepted: ("accept_plan",),
    PlanRejected: ("accept_plan",),
    PublicationRefused: ("publish", "request_release"),
    ReleasePublished: ("publish",),
}
# The first of these says that roles were recorded by then.
_OF_ROLES = (PersonAppointed, PersonDismissed, ActionRefused, ReleaseRequested, PersonEnrolled, KeysFirstSeen)


@dataclass(frozen=True)
class Doubt:
    """What does not fit in one line; `is_problem` where it can only be forged, else it is worth knowing."""

    seq: int
    text: str
    is_problem: bool = True


@dataclass(frozen=True)
class _Asked:
    """A release that waits: who asked for it and, if somebody did, approved it."""

    entry: Entry
    event: ReleaseRequested
    approval: Entry | None = None


@dataclass
class _Known:
    """What the record began with or has come to by a line, which numbers it has given, and which versions stand."""

    are_keys_stated: bool = False
    asks_for_releases: bool = False
    numbers: set[tuple[type[Event], str]] = field(default_factory=set)
    # By period, the version that stands.
    standing: dict[str, int] = field(default_factory=dict)


def _begun(known: _Known, entry: Entry) -> Iterator[str]:
    """Yield what happens once and happened before: keys that are stated, a number that is given."""
    for event in entry.events:
        is_guarded = isinstance(event, WorkspaceCreated) and (bool(event.keys) or event.persons_sign)
        if isinstance(event, KeysFirstSeen) and known.are_keys_stated:
            yield "khóa đã được ghi sổ trước đó / the keys were stated before: another took their place"
        known.are_keys_stated = known.are_keys_stated or is_guarded or isinstance(event, KeysFirstSeen)
        known.asks_for_releases = known.asks_for_releases or is_guarded or isinstance(event, ReleaseRequested)
        if isinstance(event, WaiverGranted | PlanProposed):
            one = type(event), event.number
            if one in known.numbers:
                yield f"{event.number} đã cấp trước đó / this number was given before: {event.event}"
            known.numbers.add(one)


def replay(entries: Sequence[Entry], lines: Sequence[bytes]) -> list[Doubt]:
    """Return what does not fit, line by line; `lines` are the bytes of these entries."""
    offices, asked = Offices(), dict[tuple[str, int], _Asked]()
    proposed: dict[str, tuple[Entry, PlanProposed]] = {}
    known, nonconformities, taken = _Known(), Register(), Submissions()
    know_roles = False
    found: list[Doubt] = []
    before = ""
    for entry, line in zip(entries, lines, strict=True):
        know_roles = know_roles or any(map(_tells_of_roles, entry.events))
        for text in (*_signature(offices, entry, line), *_rights(offices, entry)):
            found.append(Doubt(entry.seq, text, know_roles))
        stepped = nonconformities.follow(entry)
        fitting = (
            *_begun(known, entry),
            *_release(asked, entry, known),
            *_plan(proposed, entry),
            *stepped,
            *taken.follow(entry),
        )
        found += [Doubt(entry.seq, text) for text in fitting]
        if entry.at < before:
            text = f"thời gian lùi / time runs backward: {entry.at} sau / after {before} (dòng / line {entry.seq - 1})"
            found.append(Doubt(entry.seq, text, is_problem=False))
        before = entry.at
        if counts(offices, entry, line):
            offices.follow(entry)
    return found


def undecided_replacement(entries: Sequence[Entry], lines: Sequence[bytes]) -> Doubt | None:
    """Return the first line that replaces a signing key and might not: what it and its successors sign says nothing."""
    replaced = {seq for seq, _ in replacements(entries)}
    doubts = replay(entries, lines) if replaced else []
    return next((doubt for doubt in doubts if doubt.is_problem and doubt.seq in replaced), None)


def _tells_of_roles(event: AnyEvent) -> bool:
    is_new = isinstance(event, WorkspaceCreated) and (bool(event.keys) or event.persons_sign)
    return is_new or isinstance(event, _OF_ROLES)


def _actions(event: AnyEvent, entry: Entry) -> tuple[Action, ...] | None:
    if isinstance(event, KeyRevoked) and name_key(event.name) == name_key(entry.actor):
        return None
    return ACTIONS_OF[type(event)]


def _rights(offices: Offices, entry: Entry) -> Iterator[str]:
    """Yield what the actor of a line might not do."""
    held = offices.held(entry.actor)
    for event in entry.events:
        if isinstance(event, WorkspaceCreated) and entry.seq != 1:
            yield "thư mục đã được tạo trước đó / the workspace was made before"
        actions = _actions(event, entry)
        if actions is not None and not any(may(held, action) for action in actions):
            roles = ", ".join(sorted(held)) or "không có vai trò nào / no role"
            yield f"{entry.actor} ({roles}) không được làm việc này / might not do this: {event.event}"


def _signature(offices: Offices, entry: Entry, line: bytes) -> Iterator[str]:
    """Yield what is wrong with the signature of a line, or that it has none."""
    problem = signature_problem(offices.persons, entry, line)
    if problem is not None:
        yield problem
    elif entry.signed_by is None and any(_has_to_be_signed(offices, entry, event) for event in entry.events):
        yield f"{entry.actor} chưa ký / did not sign"


def _has_to_be_signed(offices: Offices, entry: Entry, event: AnyEvent) -> bool:
    actions = ACTIONS_OF[type(event)]
    # An action that one of several rights allowed needs no more than the one that asks for least.
    return actions is not None and all(must_be_signed(offices.persons, entry.actor, action) for action in actions)


def _release(asked: dict[tuple[str, int], _Asked], entry: Entry, known: _Known) -> Iterator[str]:
    """Yield what does not fit between a consolidation, a request, its approval, its publication and its withdrawal."""
    for event in entry.events:
        if isinstance(event, ReleaseRequested):
            if is_moment(event.embargo_until):
                asked[event.period, event.version] = _Asked(entry, event)
            else:
                embargo = event.embargo_until
                yield f"{event.period} v{event.version}: embargo không phải thời điểm / is no moment: {embargo}"
        elif isinstance(event, ReleaseApproved):
            name = f"{event.period} v{event.version}"
            waiting = asked.get((event.period, event.version))
            if waiting is None:
                yield f"{name} được duyệt mà chưa ai đề nghị / is approved, nobody asked for it"
                continue
            yield from _approval(waiting, entry, event, name)
            asked[event.period, event.version] = _Asked(waiting.entry, waiting.event, entry)
        elif isinstance(event, ReleasePublished):
            waiting = asked.pop((event.period, event.version), None)
            yield from _publication(waiting, entry, event, must_be_asked_for=known.asks_for_releases)
            known.standing[event.period] = event.version
        elif isinstance(event, ReleaseWithdrawn):
            if known.standing.get(event.period) != event.version:
                name = f"{event.period} v{event.version}"
                yield f"{name} không đang hiệu lực mà bị rút / is withdrawn, but does not stand"
            else:
                del known.standing[event.period]
        elif isinstance(event, PeriodConsolidated) and (lacking := unmeasured(entry)):
            yield f"{event.period}: tổng hợp mà không có bảng / is consolidated without tables: {', '.join(lacking)}"


def _plan(proposed: dict[str, tuple[Entry, PlanProposed]], entry: Entry) -> Iterator[str]:
    """Yield what does not fit between a proposed plan and the decision about it."""
    for event in entry.events:
        if isinstance(event, PlanProposed):
            proposed[event.number] = entry, event
        elif isinstance(event, PlanAccepted | PlanRejected):
            before = proposed.pop(event.number, None)
            if before is None:
                yield f"{event.number} chưa ai đề nghị, hoặc đã quyết định / nobody proposed it, or it was decided"
            elif isinstance(event, PlanAccepted):
                yield from _second_person(before[0], entry, event.number, is_said=event.one_account)
                if event.plan_sha256 != before[1].new_plan_sha256:
                    yield f"{event.number}: chấp nhận kế hoạch khác / another plan is accepted than was proposed"
            if isinstance(event, PlanAccepted):
                # What was proposed from the plan before is outdated.
                proposed.clear()


def _second_person(asked: Entry, entry: Entry, name: str, *, is_said: bool) -> Iterator[str]:
    """Yield why a decision is not another person's than who asked; `is_said`: it says that one account did both."""
    is_one_key = entry.signed_by is not None and entry.signed_by == asked.signed_by
    if is_one_key or name_key(entry.actor) == name_key(asked.actor):
        yield f"{name} do chính người đề nghị duyệt / is approved by the one who asked for it: {entry.actor}"
    if entry.signed_by is not None and entry.os_user == asked.os_user and not is_said:
        yield f"{name} do tài khoản đã đề nghị duyệt / is approved under the account that asked for it: {entry.os_user}"
    if entry.at < asked.at:
        yield f"{name}: duyệt trước khi đề nghị / the approval is older than its request"


def _approval(waiting: _Asked, entry: Entry, event: ReleaseApproved, name: str) -> Iterator[str]:
    yield from _second_person(waiting.entry, entry, name, is_said=event.one_account)
    said = waiting.event.datasets_sha256, waiting.event.content_sha256
    if said != (event.datasets_sha256, event.content_sha256):
        yield f"{name}: duyệt nội dung khác bản đề nghị / the approval is of other bytes than were asked for"


def _publication(
    waiting: _Asked | None, entry: Entry, event: ReleasePublished, *, must_be_asked_for: bool
) -> Iterator[str]:
    name = f"{event.period} v{event.version}"
    if waiting is None:
        # A release of before requests were recorded names its approver itself.
        if must_be_asked_for or not event.approved_by:
            yield f"{name} được công bố mà chưa ai đề nghị / is published, nobody asked for it"
    elif waiting.approval is None:
        yield f"{name} được công bố mà chưa ai duyệt / is published, nobody approved it"
    else:
        if event.datasets_sha256 != waiting.event.datasets_sha256:
            yield f"{name}: công bố nội dung khác bản được duyệt / other data are published than were approved"
        if event.approved_by != waiting.approval.actor:
            yield f"{name}: ghi sai người duyệt / names another approver: {event.approved_by}"
        if entry.at < waiting.approval.at:
            yield f"{name}: công bố trước khi duyệt / the publication is older than its approval"
        embargo = waiting.event.embargo_until
        if embargo is not None and not _is_past(embargo, entry.at):
            yield f"{name}: công bố trước thời điểm cho phép / is published under embargo until {embargo}"


def _is_past(embargo: str, at: str) -> bool:
    return datetime.fromisoformat(embargo) <= datetime.fromisoformat(at)

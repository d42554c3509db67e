"""Is the record what was signed, are the keys its own, and might each line have been written by who wrote it?

Read as of one moment, though a writer may be at work: record and signed head are read anew until they belong together.
"""

from dataclasses import dataclass, field
from datetime import datetime

from audit import releases
from audit.authority_replay import replay
from audit.checkpoint import SignedCheckpoint
from audit.events import KeysFirstSeen, PlanAccepted, ReleaseApproved
from audit.ledger import BrokenLedgerError, Ledger
from audit.persons import SCHEDULE, persons
from audit.signing_keys import is_agreed, replacements
from flows.audits.verify_keys import key_count, key_notes, key_problems
from flows.entry.four_eyes import one_account_may_decide
from warehouse.head import TamperedRecordError, check_releases, unsigned_from
from warehouse.named import DamagedStoreError
from warehouse.workspace import Workspace

_TRIES = 20


@dataclass
class RecordCheck:
    """The record as far as it can be read, what does not hold, what is worth knowing, and what was counted."""

    ledger: Ledger | None = None
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)


def check_record(workspace: Workspace, now: datetime | None = None) -> RecordCheck:
    """Check record, signed head, keys and authority; the ledger is None where its chain is broken.

    Lines that are later than `now` are named where it is stated.
    """
    check = _read(workspace)
    if check.ledger is not None and check.ledger.size:
        _check_keys(workspace, check.ledger, check)
        _check_authority(workspace, check.ledger, check)
        _note_times(check.ledger, now, check)
        _note_accounts(check.ledger, check)
    return check


def _heads(workspace: Workspace) -> tuple[bytes | None, bytes | None]:
    found = (workspace.checkpoint, workspace.next_checkpoint)
    first, second = (path.read_bytes() if path.is_file() else None for path in found)
    return first, second


def _read(workspace: Workspace) -> RecordCheck:
    """Read record and signed head, as often as a writer signs in between."""
    check = RecordCheck()
    for _ in range(_TRIES):
        try:
            before = _heads(workspace)
            check = _read_once(workspace)
            if _heads(workspace) == before:
                break
        except FileNotFoundError:
            # The head took its place between two looks.
            continue
    return check


def _read_once(workspace: Workspace) -> RecordCheck:
    check, name = RecordCheck(), workspace.ledger.name
    try:
        signed: SignedCheckpoint | None = SignedCheckpoint.parse(workspace.checkpoint.read_bytes())
    except (FileNotFoundError, ValueError):
        signed = None
    try:
        ledger = Ledger(workspace.ledger, signed_head=signed.head if signed is not None else None)
    except BrokenLedgerError as error:
        check.problems.append(str(error))
        return check
    if ledger.torn is not None:
        check.problems.append(f"{name}: dòng cuối không trọn / the last line is not whole (line {ledger.size + 1})")
    if ledger.size == 0:
        check.problems.append(f"{name}: trống / there is no commit")
    check.ledger, check.checked["ledger lines"] = ledger, ledger.size
    _check_signed_head(workspace, ledger, check)
    return check


def _check_signed_head(workspace: Workspace, ledger: Ledger, check: RecordCheck) -> None:
    """Name where the record is not what was signed, and every line behind the signed head."""
    check.checked["signed heads"] = 1
    try:
        unsigned = unsigned_from(workspace, ledger)
    except TamperedRecordError as error:
        check.problems.append(error.what)
        return
    check.problems += [
        f"{ledger.path.name}, dòng / line {entry.seq}: chưa ký / is not signed: {entry.kind}, {entry.actor}"
        for entry in (ledger.entries[unsigned - 1 :] if unsigned is not None else ())
    ]
    try:
        check_releases(workspace, ledger)
    except TamperedRecordError as error:
        check.problems.append(error.what)


def _check_keys(workspace: Workspace, ledger: Ledger, check: RecordCheck) -> None:
    check.problems += key_problems(workspace, ledger)
    check.notes += key_notes(workspace, ledger)
    check.checked["keys"] = key_count(ledger)
    for entry in ledger.entries:
        for event in entry.events:
            if isinstance(event, KeysFirstSeen):
                check.notes.append(
                    f"dòng / line {entry.seq}: khóa được ghi sổ lần đầu, không ai bảo đảm cho lúc trước"
                    " / keys first seen here; nobody vouches for the time before"
                )
                if event.unsigned_from is not None:
                    lines = f"{event.unsigned_from}-{entry.seq - 1}"
                    check.notes.append(f"dòng / lines {lines}: khi đó chưa ký / were not signed then")
    for seq, replaced in replacements(ledger.entries):
        agreed = (
            "khóa cũ đã ký / signed by the old key" if is_agreed(replaced) else "khóa cũ không ký / not by the old key"
        )
        check.notes.append(f"dòng / line {seq}: thay khóa ký / signing key replaced ({agreed}): {replaced.reason}")


def _check_authority(workspace: Workspace, ledger: Ledger, check: RecordCheck) -> None:
    """Name every line whose actor might not have written it then, and every one that does not fit those before."""
    for doubt in replay(ledger.entries, ledger.lines):
        said = f"{ledger.path.name}, dòng / line {doubt.seq}: {doubt.text}"
        (check.problems if doubt.is_problem else check.notes).append(said)
    check.checked["decisions"] = sum(len(entry.events) for entry in ledger.entries)
    _check_accounts(workspace, ledger, check)
    _note_persons(ledger, check)


def _note_times(ledger: Ledger, now: datetime | None, check: RecordCheck) -> None:
    """Name every line that was not written yet: a clock was wrong, or a hand."""
    check.notes += [
        f"{ledger.path.name}, dòng / line {entry.seq}: {entry.at} chưa tới / is still to come: {entry.kind},"
        f" {entry.actor}"
        for entry in ledger.entries
        if now is not None and datetime.fromisoformat(entry.at) > now
    ]


def _note_accounts(ledger: Ledger, check: RecordCheck) -> None:
    """Name each account under which lines were written though nobody enrolled a key there: whose is it?"""
    known = persons(ledger.entries)
    bound = {key.os_user for key in known.keys.values()}
    unbound: dict[str, list[int]] = {}
    for entry in ledger.entries:
        is_asked = known.signs_from is not None and entry.seq >= known.signs_from and entry.actor != SCHEDULE
        if is_asked and entry.os_user not in bound:
            unbound.setdefault(entry.os_user, []).append(entry.seq)
    check.notes += [
        f"tài khoản / account {account}: chưa ai ghi danh khóa dưới đó / nobody enrolled a key under it"
        f" (dòng / line {seqs[0]}{f', +{len(seqs) - 1}' if len(seqs) > 1 else ''})"
        for account, seqs in unbound.items()
    ]


def _check_accounts(workspace: Workspace, ledger: Ledger, check: RecordCheck) -> None:
    """Name every decision that one account asked for and took though the plan in force then did not let it."""
    for entry in ledger.entries:
        for event in entry.events:
            if not isinstance(event, ReleaseApproved | PlanAccepted) or not event.one_account:
                continue
            place = f"{ledger.path.name}, dòng / line {entry.seq}"
            try:
                is_allowed = one_account_may_decide(workspace, ledger.entries[: entry.seq - 1])
            except (DamagedStoreError, ValueError):
                # Its file is missing or is no plan any more: that is a problem by itself, named with its file.
                check.notes.append(f"{place}: không hỏi được kế hoạch khi đó / the plan of then could not be asked")
                continue
            if not is_allowed:
                check.problems.append(
                    f"{place}: một tài khoản tự duyệt mà kế hoạch khi đó không cho phép / one account asked and"
                    f" decided, the plan in force then did not let it: {entry.os_user}"
                )


def _note_persons(ledger: Ledger, check: RecordCheck) -> None:
    """Say which lines are older than people's signatures, and which releases one account asked for and approved."""
    first = persons(ledger.entries).signs_from
    if first is None:
        check.notes.append("chưa ai ký quyết định ở đây / nobody signs decisions here yet: motcua people enrol")
    elif first > 1:
        check.notes.append(
            f"dòng / lines 1-{first - 1}: quyết định trước khi ký cá nhân / decided before persons signed"
        )
    for one in releases.versions(ledger.entries):
        if one.is_of_one_account and one.approved_key:
            check.notes.append(
                f"{one.period} {one.number}: một tài khoản vừa đề nghị vừa duyệt, theo kế hoạch / one account asked for"
                f" it and approved it, as the plan allows: {one.approved_account}"
            )

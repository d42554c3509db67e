"""Who asks for a release, who approves it, and how does one that should not stand stop standing?

Four eyes: whoever approves is not the one who asked. Both speak of the same bytes, by their hash.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from audit import releases
from audit.events import ReleaseApproved, ReleaseRequested, ReleaseWithdrawn, Restatement
from audit.ledger import Ledger
from flows.entry.authority import entered, refuse
from flows.entry.door import Door, MisuseError
from flows.entry.four_eyes import require_second_person
from flows.intake.submissions import submissions
from flows.measures.reporting import expected_reports
from flows.release.computed import Computed, compute_anew, is_as_asked
from flows.release.content import Content, content, issue_asked_for, issue_of
from flows.release.draft import NOT_CONSOLIDATED, Draft, ask_gate, draft, obstacles
from flows.release.publish import refuse as refuse_publication
from flows.release.reading_copy import changed_since, lay_out_for_reading
from flows.release.reading_page import read_first
from releases.manifest import sha256_hex
from schemas.plan_models import Period
from warehouse.versions import reading_folder
from warehouse.workspace import Workspace

_OTHER_PAGE = (
    "Trang đọc trước không phải trang mà sổ cái và kho cho ra / The page that is read first is not what record and"
    " store give: motcua release request {}"
)


@dataclass(frozen=True)
class Requested:
    """What came of asking: the version that was asked for, or every reason against; nothing new says neither.

    Of what was asked for before and waits still, `waits_for` says what for, and `waits_with` with which reason.
    `computed` is what was computed for it here.
    """

    period: str
    version: int | None
    is_new: bool
    reasons: tuple[str, ...] = ()
    folder: Path | None = None
    waits_for: Literal["approval", "publication"] | None = None
    waits_with: str = ""
    computed: Computed | None = None


def _embargo(at: datetime | None, workspace: Workspace) -> str | None:
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=workspace.plan.zone)).isoformat(timespec="seconds")


def _restatement(ledger: Ledger, period: Period, drafted: Draft) -> Restatement:
    before = releases.published(ledger.entries, period.id)[-1:]
    if not before:
        return "first"
    defined = releases.definitions_of(ledger.entries, period.id, before[0].version)
    return "minor" if defined == drafted.definitions_sha256 else "major"


def request_under_lock(
    workspace: Workspace, ledger: Ledger, door: Door, period: Period, reason: str, embargo_until: datetime | None = None
) -> Requested:
    """Ask to publish the draft as it is now; the gate is asked first, so that nobody approves what it refuses."""
    drafted = draft(workspace, ledger, door, period)
    if drafted is None:
        return Requested(period.id, None, False, (NOT_CONSOLIDATED,))
    embargo = _embargo(embargo_until, workspace)
    standing = releases.in_force(ledger.entries, period.id)
    if standing is not None and standing.datasets_sha256 == drafted.datasets_sha256:
        return Requested(period.id, standing.version, False)
    asked = releases.asked_for(ledger.entries, period.id)
    door.on_step(f"{period.id}: cổng kiểm tra / gate")
    gate = ask_gate(workspace, drafted)
    reasons = (*obstacles(workspace, ledger, door, drafted), *gate.reasons)
    if asked is not None and (asked.datasets_sha256, asked.embargo_until) == (drafted.datasets_sha256, embargo):
        issue = issue_asked_for(workspace, ledger, asked)
        made = content(workspace, ledger, drafted, gate, issue)
        first = _page_asked_for(workspace, ledger, period, asked, made)
        if (made.sha256, sha256_hex(first)) == (asked.content_sha256, asked.read_first_sha256):
            folder = lay_out_for_reading(workspace, period, asked.version, made, first)
            waits_for: Literal["approval", "publication"] = "publication" if asked.approved_at else "approval"
            return Requested(
                period.id, asked.version, False, folder=folder, waits_for=waits_for, waits_with=asked.reason,
                computed=Computed(drafted, made, (*reasons, *made.obstacles)),
            )  # fmt: skip
    restatement = _restatement(ledger, period, drafted)
    if restatement != "first" and not reason.strip():
        raise MisuseError(
            f"{period.id} đã công bố: --reason nêu lý do điều chỉnh / was published before: say why it is restated"
        )
    if reasons:
        refused = refuse_publication(ledger, door, drafted, reasons)
        return Requested(period.id, None, False, refused.reasons)
    found = submissions(ledger.entries)
    expected = expected_reports(found, workspace.plan, period, door.today(workspace.plan))
    number = releases.next_version(ledger.entries, period.id)
    about = period.id, number, restatement, reason.strip()
    issue = issue_of(workspace, ledger, door.stamp.at, door.stamp.actor, about)
    made = content(workspace, ledger, drafted, gate, issue)
    if made.obstacles:
        refused = refuse_publication(ledger, door, drafted, made.obstacles)
        return Requested(period.id, None, False, refused.reasons)
    first = read_first(workspace, ledger, period, issue, made)
    event = ReleaseRequested(
        period=period.id,
        version=number,
        consolidation_seq=drafted.release.consolidation_seq,
        datasets_sha256=drafted.datasets_sha256,
        definitions_sha256=drafted.definitions_sha256,
        restatement=restatement,
        reason=reason.strip(),
        embargo_until=embargo,
        expected_reports=tuple(f"{one.report_type}/{one.unit_code}" for one in expected),
        content_sha256=made.sha256,
        read_first_sha256=sha256_hex(first),
    )
    folder = lay_out_for_reading(workspace, period, number, made, first)
    ledger.append(door.stamp, "request", [event])
    return Requested(period.id, number, True, folder=folder, computed=Computed(drafted, made, ()))


def request(
    workspace: Workspace, door: Door, period: Period, reason: str, embargo_until: datetime | None = None
) -> Requested:
    """Ask to publish one period as a command of its own."""
    with entered(workspace, door, "request_release", subject=period.id) as ledger:
        return request_under_lock(workspace, ledger, door, period, reason, embargo_until)


def approve_under_lock(
    workspace: Workspace, ledger: Ledger, door: Door, period: Period, computed: Computed | None = None
) -> releases.Version:
    """Approve what was asked for; MisuseError where nothing waits.

    NotAllowedError for the one who asked, unless the plan lets one account do both for the account that asked, and for
    everybody where what was asked for is not what is computed now. `computed` is what a request of the same command
    computed: that is not done twice.
    """
    asked = releases.asked_for(ledger.entries, period.id)
    if asked is None:
        raise MisuseError(
            f"{period.id}: không có đề nghị nào chờ duyệt / nothing waits for approval:"
            f" motcua release request {period.id}"
        )
    if asked.state == "approved":
        raise MisuseError(f"{period.id} {asked.number} đã được duyệt / was approved by {asked.approved_by} before")
    one_account = require_second_person(
        workspace, ledger, door, "approve_release", f"{period.id} {asked.number}",
        asked.requested_by, asked.requested_account,
    )  # fmt: skip
    changed = changed_since(workspace, asked)
    if changed is not None:
        where = workspace.relative(reading_folder(workspace, period.id, asked.version) / changed)
        refuse(
            ledger, door, "approve_release", f"{period.id} {asked.number}", f"bản thảo bị đổi / changed: {changed}",
            f"{where}: không phải bản được đề nghị / is not what was asked for, nothing is approved; lay it out anew:"
            f" motcua release request {period.id}",
        )  # fmt: skip
    _require_computed(workspace, ledger, door, period, asked, computed)
    event = ReleaseApproved(
        period=period.id,
        version=asked.version,
        datasets_sha256=asked.datasets_sha256,
        content_sha256=asked.content_sha256,
        one_account=one_account,
    )
    ledger.append(door.stamp, "approve", [event])
    return asked


def _page_asked_for(
    workspace: Workspace, ledger: Ledger, period: Period, asked: releases.Version, made: Content
) -> bytes:
    """Return the page that is read first, as record and store give it for what was asked for."""
    issue = issue_asked_for(workspace, ledger, asked)
    return read_first(workspace, ledger.up_to(asked.requested_seq - 1), period, issue, made)


def _require_computed(
    workspace: Workspace,
    ledger: Ledger,
    door: Door,
    period: Period,
    asked: releases.Version,
    computed: Computed | None,
) -> None:
    """Return where what was asked for is what the store gives and nothing stands against it; else NotAllowedError.

    So is the page that is read first: it is what the approver believes of all the rest.
    """
    if computed is None or not is_as_asked(computed, asked):
        drafted = draft(workspace, ledger, door, period)
        computed = compute_anew(workspace, ledger, door, drafted, asked) if drafted is not None else None
    against = (NOT_CONSOLIDATED,) if computed is None else computed.reasons
    if not against and computed is not None and computed.made is not None:
        first = _page_asked_for(workspace, ledger, period, asked, computed.made)
        against = () if sha256_hex(first) == asked.read_first_sha256 else (_OTHER_PAGE.format(period.id),)
    if against:
        refuse(
            ledger, door, "approve_release", f"{period.id} {asked.number}", "tính lại khác / computed otherwise",
            f"{period.id} {asked.number}: tính lại từ kho không ra bản được đề nghị, chưa duyệt gì / computed anew from"
            f" the store it is not what was asked for, or may not leave; nothing is approved: {'; '.join(against)}",
        )  # fmt: skip


def approve(workspace: Workspace, door: Door, period: Period) -> releases.Version:
    """Approve one period's request as a command of its own."""
    with entered(workspace, door, "approve_release", subject=period.id) as ledger:
        return approve_under_lock(workspace, ledger, door, period)


def withdraw_release(workspace: Workspace, door: Door, period: Period, reason: str) -> releases.Version:
    """Say that the version which stands no longer does; its files stay. MisuseError where none stands."""
    if not reason.strip():
        raise MisuseError("--reason trống / is empty: nêu lý do / say why the release no longer stands")
    with entered(workspace, door, "withdraw_release", subject=period.id) as ledger:
        standing = releases.in_force(ledger.entries, period.id)
        if standing is None:
            raise MisuseError(f"{period.id}: không có bản nào đang hiệu lực / no version stands: motcua release list")
        event = ReleaseWithdrawn(period=period.id, version=standing.version, reason=reason.strip())
        ledger.append(door.stamp, "withdraw-release", [event])
    return standing

"""How does an approved draft leave the house? Through the gate, whole, signed, and never twice the same.

The release is written in full beside its place, then one ledger line names its manifest, then it takes its place. A
refused publication is recorded too.
"""

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from audit import releases
from audit.checkpoint import released_text, sign
from audit.events import PublicationRefused, ReleasePublished, StoredFile
from audit.ledger import Ledger
from flows.entry.authority import entered
from flows.entry.door import Door
from flows.measures.wording import moment_text
from flows.release.computed import Computed, compute_anew, is_as_asked
from flows.release.content import OFFICIAL, Content, issue_asked_for
from flows.release.draft import NOT_CONSOLIDATED, Draft, draft
from flows.release.open_editions import OPEN
from flows.release.report_content import Issue
from releases.manifest import MANIFEST_NAME, write_release
from releases.verify import CHECKPOINT, CHECKPOINT_SIGNATURE, CONTENT, KEY, LEDGER, RELEASE
from schemas.plan_models import Period
from warehouse.versions import put_in_place, version_folder, written_folder
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Published:
    """What came of asking to publish: a new version, the one that already says so, or every reason against."""

    period: str
    version: int | None
    is_new: bool
    folder: Path | None
    reasons: tuple[str, ...] = ()


def release_folder(workspace: Workspace, period_id: str, version: int) -> Path:
    """Return where the official part of a version lies."""
    return version_folder(workspace, period_id, version) / OFFICIAL


def refuse(ledger: Ledger, door: Door, drafted: Draft, reasons: tuple[str, ...]) -> Published:
    """Record a refusal with all its reasons, unless the same was recorded before, and return it."""
    refusal = PublicationRefused(
        period=drafted.period.id, inputs_sha256=drafted.consolidated.inputs_sha256, reasons=reasons
    )
    if not any(refusal == earlier for entry in ledger.entries for earlier in entry.events):
        ledger.append(door.stamp, "publish", [refusal])
    return Published(drafted.period.id, None, False, None, reasons)


def _not_yet(asked: releases.Version | None, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    """Return why what was asked for may not leave now: nobody approved it, or it is under embargo."""
    if asked is None:
        return ()
    reasons = []
    if asked.state != "approved":
        reasons.append(f"Chưa được duyệt / Not approved yet: motcua release approve {asked.period}")
    if asked.embargo_until is not None and now < datetime.fromisoformat(asked.embargo_until):
        until = moment_text(asked.embargo_until, zone)
        reasons.append(f"Chưa đến thời điểm công bố / Under embargo until {until}")
    return tuple(reasons)


def _statement(asked: releases.Version, issue: Issue) -> bytes:
    """Return which release this is, as the record says it."""
    stated = {
        "period": asked.period,
        "version": issue.version,
        "edition": issue.edition,
        "reason": issue.reason,
        "requested_by": issue.requested_by,
        "approved_by": asked.approved_by,
        "datasets_sha256": asked.datasets_sha256,
        "content_sha256": asked.content_sha256,
    }
    return (json.dumps(stated, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def write_version(
    workspace: Workspace, ledger: Ledger, drafted: Draft, asked: releases.Version, made: Content
) -> ReleasePublished:
    """Write the official and the open part of a version beside their place; return what is to be committed."""
    folder = written_folder(workspace, asked.period, asked.version)
    checkpoint = released_text(workspace.plan.document.id, ledger.size, ledger.head)
    key = {KEY: workspace.public_key()}
    official = {
        **made.official,
        **key,
        CONTENT: made.listing,
        RELEASE: _statement(asked, issue_asked_for(workspace, ledger, asked)),
        LEDGER: b"".join(line + b"\n" for line in ledger.lines),
        CHECKPOINT: checkpoint,
        CHECKPOINT_SIGNATURE: sign(workspace.signing_key(), checkpoint),
    }
    manifest, open_manifest = (
        write_release(where, files, lambda signed: sign(workspace.signing_key(), signed))
        for where, files in ((folder / OFFICIAL, official), (folder / OPEN, {**made.opened, **key}))
    )
    return ReleasePublished(
        period=asked.period,
        version=asked.version,
        consolidation_seq=drafted.release.consolidation_seq,
        datasets_sha256=drafted.datasets_sha256,
        manifest_sha256=manifest,
        open_manifest_sha256=open_manifest,
        approved_by=asked.approved_by,
        ledger_size=ledger.size,
        ledger_head=ledger.head,
    )


def _release(
    workspace: Workspace, ledger: Ledger, door: Door, drafted: Draft, asked: releases.Version, made: Content
) -> Published:
    period, version = drafted.period, asked.version
    door.on_step(f"{period.id}: bản công bố v{version} / release v{version}")
    event = write_version(workspace, ledger, drafted, asked, made)
    folder = release_folder(workspace, period.id, version)
    size = (written_folder(workspace, period.id, version) / OFFICIAL / MANIFEST_NAME).stat().st_size
    stored = StoredFile(path=workspace.relative(folder / MANIFEST_NAME), sha256=event.manifest_sha256, size=size)
    ledger.append(door.stamp, "publish", [event], [stored])
    put_in_place(workspace, period.id, version)
    return Published(period.id, version, True, folder)


def publish_under_lock(
    workspace: Workspace, ledger: Ledger, door: Door, period: Period, computed: Computed | None = None
) -> Published:
    """Publish what was approved, unless the version that stands already says the same.

    `computed` is what a request of the same command computed: that is not done twice.
    """
    drafted = draft(workspace, ledger, door, period) if computed is None else computed.drafted
    if drafted is None:
        return Published(period.id, None, False, None, (NOT_CONSOLIDATED,))
    standing = releases.in_force(ledger.entries, period.id)
    if standing is not None and standing.datasets_sha256 == drafted.datasets_sha256:
        folder = release_folder(workspace, period.id, standing.version)
        return Published(period.id, standing.version, False, folder)
    asked = releases.asked_for(ledger.entries, period.id)
    if computed is None or asked is None or not is_as_asked(computed, asked):
        computed = compute_anew(workspace, ledger, door, drafted, asked)
    reasons = (*computed.reasons, *_not_yet(asked, door.stamp.at, workspace.plan.zone))
    if reasons or asked is None or computed.made is None:
        return refuse(ledger, door, drafted, reasons)
    return _release(workspace, ledger, door, drafted, asked, computed.made)


def publish(workspace: Workspace, door: Door, period: Period) -> Published:
    """Publish one period as a command of its own."""
    with entered(workspace, door, "publish", subject=period.id) as ledger:
        return publish_under_lock(workspace, ledger, door, period)

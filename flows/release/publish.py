"""How does an approved draft leave the house? Through the gate, whole, signed, and never twice the same.

The release is written in full beside its place, then one ledger line names its manifest, then it takes its place. A
refused publication is recorded too.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit import releases
from audit.checkpoint import checkpoint_text, sign
from audit.events import PublicationRefused, ReleasePublished, StoredFile
from audit.ledger import Ledger
from flows.entry.authority import entered
from flows.entry.door import Door
from flows.entry.places import VERIFIER
from flows.release.draft import NOT_CONSOLIDATED, Draft, ask_gate, draft, obstacles
from flows.release.open_part import OPEN, open_files
from flows.release.report_content import Issue, report_content
from flows.release.restatement import CHANGES_NAME, changes
from releases.datasets import csv_bytes, datapackage_bytes
from releases.gate import GateResult
from releases.manifest import MANIFEST_NAME, sha256_hex, write_release
from releases.workbook.workbook import report_workbook
from schemas.plan_models import Period
from warehouse.versions import put_in_place, version_folder, written_folder
from warehouse.workspace import Workspace

OFFICIAL = "official"


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


def _against(asked: releases.Version | None, drafted: Draft, now: datetime) -> tuple[str, ...]:
    """Return what is wrong with the request and its approval."""
    ask = f"motcua release request {drafted.period.id}"
    if asked is None:
        return (f"Chưa có đề nghị công bố / Nobody has asked to publish: {ask}",)
    if asked.datasets_sha256 != drafted.datasets_sha256:
        return (f"Số liệu đã khác bản được đề nghị / The figures are no longer those that were asked for: {ask}",)
    reasons = []
    if asked.state != "approved":
        reasons.append(f"Chưa được duyệt / Not approved yet: motcua release approve {drafted.period.id}")
    if asked.embargo_until is not None and now < datetime.fromisoformat(asked.embargo_until):
        reasons.append(f"Chưa đến thời điểm công bố / Under embargo until {asked.embargo_until}")
    return tuple(reasons)


def _files(workspace: Workspace, ledger: Ledger, drafted: Draft, gate: GateResult, issue: Issue) -> dict[str, bytes]:
    """Return every file of the official part but its manifest."""
    plan = workspace.plan.document
    period = drafted.period
    content = report_content(drafted.release, workspace.plan, period, ledger, issue)
    checkpoint = checkpoint_text(plan.id, ledger.size, ledger.head)
    package = datapackage_bytes(
        f"{plan.id}-{period.id}".lower(),
        f"{plan.name_vi}: {period.name_vi}",
        issue.edition,
        issue.at,
        drafted.release.datasets,
        {name: (len(file), sha256_hex(file)) for name, file in drafted.data.items()},
    )
    changed = changes(workspace, ledger, period, drafted.release.consolidation_seq)
    return {
        **drafted.data,
        **({CHANGES_NAME: csv_bytes(changed)} if changed is not None else {}),
        "report.xlsx": report_workbook(content),
        "datapackage.json": package,
        "gate.json": gate.document,
        "release.json": _statement(drafted, issue),
        "ledger.jsonl": b"".join(line + b"\n" for line in ledger.lines),
        "checkpoint.txt": checkpoint,
        "checkpoint.sig": sign(workspace.signing_key(), checkpoint),
        "public_key.pem": workspace.public_key(),
        "verify.py": VERIFIER.read_bytes(),
    }


def _statement(drafted: Draft, issue: Issue) -> bytes:
    """Return which release this is; what the ledger says of it is checked against it."""
    stated = {
        "period": drafted.period.id,
        "version": issue.version,
        "edition": issue.edition,
        "reason": issue.reason,
        "requested_by": issue.requested_by,
        "approved_by": issue.approved_by,
        "datasets_sha256": drafted.datasets_sha256,
    }
    return (json.dumps(stated, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def write_version(
    workspace: Workspace, ledger: Ledger, door: Door, drafted: Draft, asked: releases.Version, gate: GateResult
) -> ReleasePublished:
    """Write the official and the open part of a version beside their place; return what is to be committed."""
    period, version = drafted.period, asked.version
    folder = written_folder(workspace, period.id, version)
    at = door.stamp.at.astimezone(workspace.plan.zone)
    edition = releases.edition(ledger.entries, period.id, version)
    issue = Issue(version, edition, at, asked.requested_by, asked.approved_by, asked.reason)
    files = _files(workspace, ledger, drafted, gate, issue)
    opened = open_files(workspace, ledger, drafted.release, version, door.stamp.at)
    manifest, open_manifest = (
        write_release(where, content, lambda signed: sign(workspace.signing_key(), signed))
        for where, content in ((folder / OFFICIAL, files), (folder / OPEN, opened))
    )
    return ReleasePublished(
        period=period.id,
        version=version,
        consolidation_seq=drafted.release.consolidation_seq,
        datasets_sha256=drafted.datasets_sha256,
        manifest_sha256=manifest,
        open_manifest_sha256=open_manifest,
        approved_by=asked.approved_by,
        ledger_size=ledger.size,
        ledger_head=ledger.head,
    )


def _release(
    workspace: Workspace, ledger: Ledger, door: Door, drafted: Draft, asked: releases.Version, gate: GateResult
) -> Published:
    period, version = drafted.period, asked.version
    door.on_step(f"{period.id}: bản công bố v{version} / release v{version}")
    event = write_version(workspace, ledger, door, drafted, asked, gate)
    folder = release_folder(workspace, period.id, version)
    size = (written_folder(workspace, period.id, version) / OFFICIAL / MANIFEST_NAME).stat().st_size
    stored = StoredFile(path=workspace.relative(folder / MANIFEST_NAME), sha256=event.manifest_sha256, size=size)
    ledger.append(door.stamp, "publish", [event], [stored])
    put_in_place(workspace, period.id, version)
    return Published(period.id, version, True, folder)


def publish_under_lock(workspace: Workspace, ledger: Ledger, door: Door, period: Period) -> Published:
    """Publish what was approved, unless the version that stands already says the same."""
    drafted = draft(workspace, ledger, door, period)
    if drafted is None:
        return Published(period.id, None, False, None, (NOT_CONSOLIDATED,))
    standing = releases.in_force(ledger.entries, period.id)
    if standing is not None and standing.datasets_sha256 == drafted.datasets_sha256:
        folder = release_folder(workspace, period.id, standing.version)
        return Published(period.id, standing.version, False, folder)
    door.on_step(f"{period.id}: cổng kiểm tra / gate")
    gate = ask_gate(workspace, drafted)
    asked = releases.asked_for(ledger.entries, period.id)
    against = _against(asked, drafted, door.stamp.at)
    reasons = (*obstacles(workspace, ledger, door, drafted), *gate.reasons, *against)
    if reasons or asked is None:
        return refuse(ledger, door, drafted, reasons)
    return _release(workspace, ledger, door, drafted, asked, gate)


def publish(workspace: Workspace, door: Door, period: Period) -> Published:
    """Publish one period as a command of its own."""
    with entered(workspace, door, "publish", subject=period.id) as ledger:
        return publish_under_lock(workspace, ledger, door, period)

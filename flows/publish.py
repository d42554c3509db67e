"""How does a consolidation leave the house? Through the gate, whole, signed, and never twice the same.

The release is written in full, then one ledger line names its manifest. A refused publication is recorded too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.checkpoint import checkpoint_text, sign
from audit.events import PeriodConsolidated, PublicationRefused, ReleasePublished, StoredFile
from audit.ledger import Ledger
from flows.consolidate import inputs_sha256
from flows.door import Door
from flows.justify import reasons_against, warned
from flows.open_part import open_files, open_folder
from flows.periods import latest_consolidation
from flows.places import VERIFIER
from flows.publication import Publication, publication
from flows.report_content import Issue, report_content
from releases.datasets import csv_bytes, datapackage_bytes, parquet_bytes
from releases.gate import GateResult, run_gate
from releases.manifest import MANIFEST_NAME, manifest_bytes, sha256_hex, write_release
from releases.report import ReportContent
from releases.workbook import report_workbook
from schemas.plan_models import Period
from schemas.suites import load_suites
from warehouse.workspace import Workspace
from warehouse.writer import writer

_NOT_CONSOLIDATED = "Kỳ chưa được tổng hợp / The period has not been consolidated: motcua consolidate"
_OUTDATED = (
    "Số liệu cũ hơn dữ liệu, quy tắc hoặc kế hoạch hiện có / The figures are older than the data, rules or plan:"
    " motcua consolidate"
)


@dataclass(frozen=True)
class Published:
    """What came of asking to publish: a new version, the one that already says so, or every reason against."""

    period: str
    version: int | None
    is_new: bool
    folder: Path | None
    reasons: tuple[str, ...] = ()


def releases_of(ledger: Ledger, period_id: str) -> list[ReleasePublished]:
    """Return the published versions of a period, oldest first."""
    return [
        event
        for entry in ledger.entries
        for event in entry.events
        if isinstance(event, ReleasePublished) and event.period == period_id
    ]


def release_folder(workspace: Workspace, period_id: str, version: int) -> Path:
    """Return where the official part of a version lies."""
    return workspace.releases / period_id / f"v{version}" / "official"


def _data_files(release: Publication) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for dataset in release.datasets:
        files[f"data/{dataset.name}.csv"] = csv_bytes(dataset.table)
        files[f"data/{dataset.name}.parquet"] = parquet_bytes(dataset.table)
    return files


def _datasets_sha256(data: Mapping[str, bytes]) -> str:
    return sha256_hex(manifest_bytes({name: sha256_hex(content) for name, content in data.items()}))


def _gate(workspace: Workspace, release: Publication, data: Mapping[str, bytes]) -> GateResult:
    tables = {dataset.name: data[f"data/{dataset.name}.parquet"] for dataset in release.datasets}
    tables |= {name: parquet_bytes(table) for name, table in release.gate_tables.items()}
    return run_gate(load_suites(), workspace.plan.conventions, tables)


def _files(
    workspace: Workspace,
    ledger: Ledger,
    content: ReportContent,
    release: Publication,
    data: Mapping[str, bytes],
    gate: GateResult,
) -> dict[str, bytes]:
    """Return every file of the official part but its manifest."""
    plan = workspace.plan.document
    checkpoint = checkpoint_text(plan.id, ledger.size, ledger.head)
    package = datapackage_bytes(
        f"{plan.id}-{release.period.id}".lower(),
        f"{plan.name_vi}: {release.period.name_vi}",
        f"{content.version}.0.0",
        content.published_at,
        release.datasets,
        {name: (len(file), sha256_hex(file)) for name, file in data.items()},
    )
    return {
        **data,
        "report.xlsx": report_workbook(content),
        "datapackage.json": package,
        "gate.json": gate.document,
        "ledger.jsonl": b"".join(line + b"\n" for line in ledger.lines),
        "checkpoint.txt": checkpoint,
        "checkpoint.sig": sign(workspace.signing_key(), checkpoint),
        "public_key.pem": workspace.public_key(),
        "verify.py": VERIFIER.read_bytes(),
    }


def _refuse(ledger: Ledger, door: Door, refusal: PublicationRefused) -> Published:
    """Record a refusal, unless the same was recorded before, and return it."""
    if not any(refusal == earlier for entry in ledger.entries for earlier in entry.events):
        ledger.append(door.stamp, "publish", [refusal])
    return Published(refusal.period, None, False, None, refusal.reasons)


def _release(
    workspace: Workspace,
    ledger: Ledger,
    door: Door,
    release: Publication,
    consolidated: PeriodConsolidated,
    approved_by: str,
) -> Published:
    period = release.period
    data = _data_files(release)
    said = _datasets_sha256(data)
    earlier = releases_of(ledger, period.id)
    if earlier and earlier[-1].datasets_sha256 == said:
        version = earlier[-1].version
        return Published(period.id, version, False, release_folder(workspace, period.id, version))
    door.on_step(f"{period.id}: cổng kiểm tra / gate")
    gate = _gate(workspace, release, data)
    reasons = gate.reasons + reasons_against(warned(workspace, ledger, workspace.plan, period), period)
    if reasons:
        refusal = PublicationRefused(
            period=period.id,
            inputs_sha256=consolidated.inputs_sha256,
            approved_by=approved_by,
            reasons=reasons,
        )
        return _refuse(ledger, door, refusal)
    version = len(earlier) + 1
    door.on_step(f"{period.id}: bản công bố v{version} / release v{version}")
    folder = release_folder(workspace, period.id, version)
    issue = Issue(version, door.stamp.at.astimezone(workspace.plan.zone), door.stamp.actor, approved_by)
    content = report_content(release, workspace.plan, period, ledger, issue)
    files = _files(workspace, ledger, content, release, data, gate)
    opened = open_files(workspace, ledger, release, version, door.stamp.at)
    manifest, open_manifest = (
        write_release(where, content, lambda signed: sign(workspace.signing_key(), signed))
        for where, content in ((folder, files), (open_folder(workspace, period.id, version), opened))
    )
    event = ReleasePublished(
        period=period.id,
        version=version,
        consolidation_seq=release.consolidation_seq,
        datasets_sha256=said,
        manifest_sha256=manifest,
        open_manifest_sha256=open_manifest,
        approved_by=approved_by,
        ledger_size=ledger.size,
        ledger_head=ledger.head,
    )
    path = folder / MANIFEST_NAME
    stored = StoredFile(path=workspace.relative(path), sha256=manifest, size=path.stat().st_size)
    ledger.append(door.stamp, "publish", [event], [stored])
    return Published(period.id, version, True, folder)


def publish_under_lock(workspace: Workspace, ledger: Ledger, door: Door, period: Period, approved_by: str) -> Published:
    """Publish the consolidation in force unless the last version already says the same."""
    found = latest_consolidation(ledger.entries, period.id)
    if found is None:
        return Published(period.id, None, False, None, (_NOT_CONSOLIDATED,))
    if found[1].inputs_sha256 != inputs_sha256(door, ledger, workspace.plan, period):
        return Published(period.id, None, False, None, (_OUTDATED,))
    entry, consolidated = found
    release = publication(workspace, ledger, workspace.plan, period, entry)
    return _release(workspace, ledger, door, release, consolidated, approved_by)


def publish(workspace: Workspace, door: Door, period: Period, approved_by: str) -> Published:
    """Publish one period as a command of its own."""
    with writer(workspace, door.stamp, door.command, door.on_wait) as ledger:
        return publish_under_lock(workspace, ledger, door, period, approved_by)

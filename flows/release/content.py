"""Which bytes leave the house, and by which hash are they asked for, approved, published and checked?

Everything that a release says is known when it is asked for: data, workbook, changes, the gate's answer, descriptions,
the open part, the verifier. Their hash, `content_sha256`, stands in the request and in the approval, and whoever
publishes writes these bytes and no others. What depends on the publication itself is outside and is checked by itself:
the record, its signed head, the key, and `release.json`, which only repeats what the record says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from audit import releases
from audit.events import Restatement
from audit.ledger import Ledger
from flows.entry.places import VERIFIER
from flows.release.draft import Draft
from flows.release.open_editions import OPEN
from flows.release.open_part import open_files, open_part
from flows.release.plan_changes import decisions_between
from flows.release.report_content import Issue, report_content
from flows.release.restatement import CHANGES_NAME, Changes, changes
from releases.datasets import csv_bytes, datapackage_bytes
from releases.gate import GateResult
from releases.manifest import manifest_bytes, sha256_hex
from releases.workbook.workbook import report_workbook
from warehouse.workspace import Workspace

OFFICIAL = "official"


@dataclass(frozen=True)
class Content:
    """The files of the official and of the open part as they were asked for, and the list that their hash is of.

    `obstacles` are what stands against letting them go; `changed` is what `changes.csv` tells.
    """

    official: Mapping[str, bytes]
    opened: Mapping[str, bytes]
    obstacles: tuple[str, ...]
    changed: Changes | None = None

    @property
    def listing(self) -> bytes:
        """Every file with its hash, as `sha256sum` writes it, from the folder of the version."""
        files = {f"{OFFICIAL}/{path}": content for path, content in self.official.items()}
        files |= {f"{OPEN}/{path}": content for path, content in self.opened.items()}
        return manifest_bytes({path: sha256_hex(content) for path, content in files.items()})

    @property
    def sha256(self) -> str:
        """The hash by which people ask for, approve and publish."""
        return sha256_hex(self.listing)


def issue_of(
    workspace: Workspace, ledger: Ledger, at: datetime, requested_by: str, about: tuple[str, int, Restatement, str]
) -> Issue:
    """Return which version is asked for: `about` is its period, number, kind and reason; `ledger` ends before that."""
    period_id, version, restatement, reason = about
    edition = releases.edition(ledger.entries, period_id, version, restatement)
    return Issue(version, edition, at.astimezone(workspace.plan.zone), requested_by, reason, ledger.size, ledger.head)


def issue_asked_for(workspace: Workspace, ledger: Ledger, asked: releases.Version) -> Issue:
    """Return the issue that somebody asked for, as it was when they did."""
    about = asked.period, asked.version, asked.restatement, asked.reason
    at = datetime.fromisoformat(asked.requested_at)
    return issue_of(workspace, ledger.up_to(asked.requested_seq - 1), at, asked.requested_by, about)


def content(workspace: Workspace, ledger: Ledger, drafted: Draft, gate: GateResult, issue: Issue) -> Content:
    """Return every file of a version whose bytes are known when it is asked for."""
    plan, period = workspace.plan, drafted.period
    package = datapackage_bytes(
        f"{plan.document.id}-{period.id}".lower(),
        f"{plan.document.name_vi}: {period.name_vi}",
        issue.edition,
        issue.at,
        drafted.release.datasets,
        {name: (len(file), sha256_hex(file)) for name, file in drafted.data.items()},
    )
    changed = changes(workspace, ledger, period, drafted.release.consolidation_seq)
    decided = next(iter(decisions_between(ledger, plan, 0, issue.ledger_size)[-1:]), None)
    official = {
        **drafted.data,
        **({CHANGES_NAME: csv_bytes(changed.table)} if changed is not None else {}),
        "report.xlsx": report_workbook(report_content(drafted.release, plan, period, issue, changed, decided)),
        "datapackage.json": package,
        "gate.json": gate.document,
        "verify.py": VERIFIER.read_bytes(),
    }
    part = open_part(workspace, ledger, drafted.release, issue.version)
    opened = open_files(workspace, drafted.release, part, issue.version, issue.at)
    return Content(official, opened, part.obstacles(period.id), changed)

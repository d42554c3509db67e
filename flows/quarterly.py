"""The whole quarter, as an ordered list of verbs. Read this file first.

take in    every file of the inbox: original into the vault, rows cast and validated, one commit a file
measure    states, form II.06a, indicators, each with its members
review     rules across files and periods; what fails opens nonconformities
record     measures and review are one commit
request    somebody asks to publish exactly these data files
gate       Great Expectations reads what would leave the house; all reasons at once
approve    somebody else agrees, to the same bytes
publish    a new version, signed, with the means to check it offline
"""

from dataclasses import dataclass

from audit import releases
from audit.ledger import Ledger
from flows.entry.authority import entered, require
from flows.entry.door import Door
from flows.intake.intake import Taken, sweep
from flows.measures.consolidate import Consolidated, consolidate_under_lock
from flows.release.decisions import approve_under_lock, request_under_lock
from flows.release.publish import Published, publish_under_lock
from schemas.plan_models import Period
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Quarter:
    """What one run of a quarter came to."""

    taken: tuple[Taken, ...]
    consolidated: Consolidated
    published: Published | None


def run_quarter(workspace: Workspace, door: Door, period: Period, approver: Door | None = None) -> Quarter:
    """Run the verbs in order under one lock; ask for a release and publish it only where an approver stands by."""
    with entered(workspace, door, "intake", "consolidate", subject=period.id) as ledger:
        taken = tuple(sweep(workspace, ledger, door))
        consolidated = consolidate_under_lock(workspace, ledger, door, period)
        published = release_under_lock(workspace, ledger, door, approver, period) if approver is not None else None
    return Quarter(taken, consolidated, published)


def release_under_lock(
    workspace: Workspace, ledger: Ledger, door: Door, approver: Door, period: Period, reason: str = ""
) -> Published:
    """Ask for a release, have it approved and publish it; return the first refusal with all its reasons."""
    require(ledger, door, "request_release", period.id)
    asked = request_under_lock(workspace, ledger, door, period, reason)
    if asked.reasons:
        return Published(period.id, None, False, None, asked.reasons)
    waiting = releases.asked_for(ledger.entries, period.id)
    # One that was asked for before, by a run that did not come to its end, waits as well.
    if waiting is not None and (waiting.version, waiting.state) == (asked.version, "requested"):
        require(ledger, approver, "approve_release", period.id)
        approve_under_lock(workspace, ledger, approver, period, asked.computed)
    require(ledger, door, "publish", period.id)
    return publish_under_lock(workspace, ledger, door, period, asked.computed)

"""The whole quarter, as an ordered list of verbs. Read this file first.

take in    every file of the inbox: original into the vault, rows cast and validated, one commit a file
measure    states, form II.06a, indicators, each with its members
review     rules across files and periods; what fails opens nonconformities
record     measures and review are one commit
gate       Great Expectations reads what would leave the house; all reasons at once
publish    a new version, signed, with the means to check it offline
"""

from dataclasses import dataclass

from flows.consolidate import Consolidated, consolidate_under_lock
from flows.door import Door
from flows.intake import Taken, sweep
from flows.publish import Published, publish_under_lock
from schemas.plan_models import Period
from warehouse.workspace import Workspace
from warehouse.writer import writer


@dataclass(frozen=True)
class Quarter:
    """What one run of a quarter came to."""

    taken: tuple[Taken, ...]
    consolidated: Consolidated
    published: Published | None


def run_quarter(workspace: Workspace, door: Door, period: Period, approved_by: str | None = None) -> Quarter:
    """Run the verbs in order under one lock; publish only where somebody approves."""
    with writer(workspace, door.stamp, door.command, door.on_wait, door.on_notice) as ledger:
        taken = tuple(sweep(workspace, ledger, door))
        consolidated = consolidate_under_lock(workspace, ledger, door, period)
        published = publish_under_lock(workspace, ledger, door, period, approved_by) if approved_by else None
    return Quarter(taken, consolidated, published)

"""What waits for a person? Moments that passed while nothing ran, drafts, requests, approvals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from audit import releases
from audit.ledger import Ledger
from flows.measures.due import is_in_hand, missed
from flows.release.written_draft import written_draft
from schemas.plan import Plan
from warehouse.workspace import Workspace

Kind = Literal["missed", "draft", "requested", "approved"]


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for somebody: since when, of which version, how many reasons stand against publishing."""

    kind: Kind
    period: str
    since: str
    skipped: tuple[str, ...] = ()
    version: int | None = None
    reason_count: int = 0
    folder: str = ""


def waiting_for_people(workspace: Workspace, ledger: Ledger, plan: Plan, now: datetime) -> tuple[Waiting, ...]:
    """Return what waits, in the order in which it has to be decided: what was missed first, then by period."""
    found = [
        Waiting("missed", one.period.id, one.at.isoformat(), tuple(moment.isoformat() for moment in one.skipped))
        for one in missed(ledger, plan, now, workspace.settings.schedule.consolidate_at)
    ]
    for period in plan.periods:
        drafted = None if is_in_hand(ledger, period) else written_draft(workspace, ledger, period.id)
        if drafted is not None:
            said = drafted.statement
            where = workspace.relative(drafted.folder)
            found.append(Waiting("draft", period.id, said.drafted_at, (), said.version, len(said.reasons), where))
        asked = releases.asked_for(ledger.entries, period.id)
        if asked is not None and asked.state == "requested":
            found.append(Waiting("requested", period.id, asked.requested_at, (), asked.version))
        elif asked is not None:
            found.append(Waiting("approved", period.id, asked.approved_at, (), asked.version))
    return tuple(found)

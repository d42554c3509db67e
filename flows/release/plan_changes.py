"""Which decisions about the plan stand between two versions of a period, and which verdicts did they turn?"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from audit.events import Entry, PeriodConsolidated, PlanKeyChange, SubmissionRevalidated, VerdictTurned
from audit.ledger import Ledger
from audit.plans import PlanInForce, Proposal, plans_in_force, proposals
from flows.measures.quantities import measured_outcome, recorded_outcome
from flows.plans.effect import turned_verdicts
from schemas.plan import Plan, load_plan
from schemas.plan_models import Period
from warehouse.kept import lay_out
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class PlanDecision:
    """An accepted change of the plan: who asked for it, who agreed and when, why, and from what to what."""

    number: str
    proposed_by: str
    accepted_by: str
    accepted_on: date
    reason: str
    changes: tuple[PlanKeyChange, ...]


@dataclass(frozen=True)
class PlanChanges:
    """The decisions about the plan behind a version, and the verdicts that they turned, all else being equal."""

    decisions: tuple[PlanDecision, ...]
    verdicts: tuple[VerdictTurned, ...]


NONE = PlanChanges((), ())


def decisions_between(ledger: Ledger, plan: Plan, after_seq: int, until_seq: int) -> tuple[PlanDecision, ...]:
    """Return the decisions about the plan that were made after one commit and until another."""
    return tuple(
        _decision(one, plan)
        for one in proposals(ledger.entries)
        if one.state == "accepted" and after_seq < one.decided_seq <= until_seq
    )


def _decision(one: Proposal, plan: Plan) -> PlanDecision:
    accepted_on = datetime.fromisoformat(one.decided_at).astimezone(plan.zone).date()
    return PlanDecision(one.number, one.proposed_by, one.decided_by, accepted_on, one.event.reason, one.event.changes)


def _loaded(workspace: Workspace, in_force: PlanInForce, folder: Path) -> Plan:
    lay_out(workspace, in_force.file, folder / in_force.file.sha256)
    return load_plan(folder / in_force.file.sha256)


def since_the_first_plan(workspace: Workspace, ledger: Ledger, period: Period, entry: Entry) -> PlanChanges:
    """Return what decisions turned of a period's first version: against the first plan that knew the period.

    The same data are measured under that plan, as the submissions were read before the plan was changed.
    """
    plans = [one for one in plans_in_force(ledger.entries) if one.since_seq < entry.seq]
    if len(plans) < 2:
        return NONE
    with tempfile.TemporaryDirectory() as name:
        loaded = ((one, _loaded(workspace, one, Path(name))) for one in plans)
        knowing = ((one, plan) for one, plan in loaded if any(p.id == period.id for p in plan.periods))
        found = next(knowing, None)
        if found is None:
            return NONE
        first, plan = found
        decisions = decisions_between(ledger, workspace.plan, first.since_seq, entry.seq)
        if not decisions:
            return NONE
        [event] = [event for event in entry.events if isinstance(event, PeriodConsolidated)]
        entries = _read_as_before(ledger.entries[: event.as_of_seq])
        today = entry.day_in(workspace.plan.zone)
        before = measured_outcome(workspace, entries, plan, plan.period(period.id), today)
    return PlanChanges(decisions, tuple(turned_verdicts(period.id, before, recorded_outcome(workspace, entry))))


def _read_as_before(entries: Sequence[Entry]) -> list[Entry]:
    """Return the record without what was read again because the plan alone was changed."""
    return [
        entry
        for entry in entries
        if not any(isinstance(event, SubmissionRevalidated) and event.because == ("plan",) for event in entry.events)
    ]

"""Which plan is in force, who asked for it, who agreed, and what did it change?

Invariants:
1. the first plan is in force by the workspace's creation; every other one by a proposal that somebody else accepted;
2. a proposal starts from the plan that was in force when it was made: where another was accepted since, it is outdated;
3. a plan that was in force lies in the store under its hash, so that whatever was computed under it can be asked again.

A record of before plans changed by decision names no plan at its beginning: the plan of its last consolidation counts
as accepted, and where it has none, the first that it kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audit.events import (
    Entry,
    PeriodConsolidated,
    PlanAccepted,
    PlanProposed,
    PlanRejected,
    StoredFile,
    SubmissionRevalidated,
    SubmissionTaken,
    WorkspaceCreated,
)

State = Literal["proposed", "accepted", "rejected", "outdated"]
PLAN_FOLDER, PROPOSAL_FOLDER = "store/plan/", "store/plan_proposal/"


@dataclass(frozen=True)
class PlanInForce:
    """A plan in force: the file of the store that keeps it, the commit since which it is, and its proposal's number.

    `sha256` is None where an old record kept the plan without naming its hash; `number` is blank for the first plan.
    """

    file: StoredFile
    sha256: str | None
    since_seq: int
    number: str = ""


@dataclass(frozen=True)
class Proposal:
    """A proposed plan and what became of it. Moments are those of the ledger, in UTC."""

    event: PlanProposed
    file: StoredFile
    seq: int
    state: State
    proposed_by: str
    proposed_at: str
    proposed_account: str
    decided_by: str = ""
    decided_at: str = ""
    decided_seq: int = 0
    decided_because: str = ""

    @property
    def number(self) -> str:
        """The proposal as people write it: PL-0001, ..."""
        return self.event.number


def _kept(entry: Entry, folder: str = PLAN_FOLDER) -> StoredFile | None:
    return next((file for file in entry.files if file.path.startswith(folder)), None)


def _first(entries: Sequence[Entry]) -> PlanInForce | None:
    """Return the plan that was in force before the first decision about one."""
    beginning = next((entry for entry in entries if _kept(entry) is not None), None)
    kept = _kept(beginning) if beginning is not None else None
    if beginning is None or kept is None:
        return None
    for event in beginning.events:
        if isinstance(event, WorkspaceCreated) and event.plan_sha256 is not None:
            return PlanInForce(kept, event.plan_sha256, beginning.seq)
    found = PlanInForce(kept, None, beginning.seq)
    for entry in entries:
        for event in entry.events:
            if isinstance(event, PlanAccepted):
                return found
            used = _kept(entry)
            if isinstance(event, PeriodConsolidated) and used is not None:
                found = PlanInForce(used, event.plan_sha256, entry.seq)
    return found


def plans_in_force(entries: Sequence[Entry]) -> tuple[PlanInForce, ...]:
    """Return every plan that was in force, oldest first; the last is in force now. Empty where no plan was kept."""
    first = _first(entries)
    accepted = [
        PlanInForce(kept, event.plan_sha256, entry.seq, event.number)
        for entry in entries
        for event in entry.events
        if isinstance(event, PlanAccepted) and (kept := _kept(entry)) is not None
    ]
    return (*([first] if first is not None else []), *accepted)


def plan_in_force(entries: Sequence[Entry]) -> PlanInForce | None:
    """Return the plan that is in force after these commits; None where no plan was ever kept."""
    return plans_in_force(entries)[-1] if plans_in_force(entries) else None


def proposals(entries: Iterable[Entry]) -> tuple[Proposal, ...]:
    """Return every proposed plan with what became of it, oldest first."""
    found: dict[str, Proposal] = {}
    for entry in entries:
        for event in entry.events:
            match event:
                case PlanProposed():
                    kept = _kept(entry, PROPOSAL_FOLDER)
                    if kept is not None:
                        found[event.number] = Proposal(
                            event, kept, entry.seq, "proposed", entry.actor, entry.at, entry.os_user
                        )
                case PlanAccepted() if event.number in found:
                    found[event.number] = _decided(found[event.number], "accepted", entry)
                    for other in found.values():
                        if other.state == "proposed":
                            found[other.number] = replace(other, state="outdated")
                case PlanRejected() if event.number in found:
                    found[event.number] = _decided(found[event.number], "rejected", entry, event.reason)
                case _:
                    pass
    return tuple(found.values())


def _decided(proposal: Proposal, state: State, entry: Entry, reason: str = "") -> Proposal:
    return replace(
        proposal,
        state=state,
        decided_by=entry.actor,
        decided_at=entry.at,
        decided_seq=entry.seq,
        decided_because=reason,
    )


def waiting_proposals(entries: Iterable[Entry]) -> tuple[Proposal, ...]:
    """Return the proposals that nobody has decided about."""
    return tuple(one for one in proposals(entries) if one.state == "proposed")


def undecided_uses(entries: Sequence[Entry]) -> list[tuple[int, str]]:
    """Return the commits that read or measured under a plan that was not in force then, and what each did.

    Of an old record only what followed the first decision about a plan is looked at: before it every edit counted.
    """
    in_force: str | None = None
    is_decided = False
    found = []
    for entry in entries:
        for event in entry.events:
            match event:
                case WorkspaceCreated():
                    in_force, is_decided = event.plan_sha256, event.plan_sha256 is not None
                case PlanAccepted():
                    in_force, is_decided = event.plan_sha256, True
                case PlanProposed() if not is_decided:
                    in_force, is_decided = event.old_plan_sha256, True
                case SubmissionTaken() | PeriodConsolidated() if is_decided and event.plan_sha256 != in_force:
                    found.append((entry.seq, entry.kind))
                case SubmissionRevalidated() if is_decided and event.taken.plan_sha256 != in_force:
                    found.append((entry.seq, entry.kind))
                case _:
                    pass
    return found

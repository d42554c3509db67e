"""Which nonconformities does a review open, and which does it meet again?

Invariants:
1. identity is rule × unit × period × dataset: a rerun opens nothing twice;
2. numbers NC-<period>-001, -002, ... have no gaps and are never reused;
3. nothing here closes a nonconformity: only later data and an effectiveness check do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from audit.events import AnyEvent, Entry, NonconformityObserved, NonconformityOpened

EVIDENCE_LIMIT = 20


@dataclass(frozen=True, order=True)
class Identity:
    """What makes two breaches the same nonconformity; unit_code "" is the department."""

    rule_id: str
    unit_code: str
    period: str
    dataset: str


@dataclass(frozen=True)
class Breach:
    """A rule's failing verdict over one unit and period, with where to look."""

    identity: Identity
    rule_version: int
    grade: Literal["major", "minor", "observation"]
    clause: str
    checked_count: int
    failing_count: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Nonconformity:
    """A nonconformity as the events up to now leave it."""

    number: str
    identity: Identity
    rule_version: int
    grade: str
    clause: str
    state: str
    opened_at: str
    checked_count: int
    failing_count: int
    evidence: tuple[str, ...]


def register(entries: Iterable[Entry]) -> dict[Identity, Nonconformity]:
    """Return every nonconformity that these ledger entries opened, by identity, in the order of opening."""
    by_number: dict[str, Nonconformity] = {}
    for entry in entries:
        for event in entry.events:
            if isinstance(event, NonconformityOpened):
                by_number[event.number] = Nonconformity(
                    event.number,
                    Identity(event.rule_id, event.unit_code, event.period, event.dataset),
                    event.rule_version,
                    event.grade,
                    event.clause,
                    "open",
                    entry.at,
                    event.checked_count,
                    event.failing_count,
                    event.evidence,
                )
            elif isinstance(event, NonconformityObserved):
                by_number[event.number] = replace(
                    by_number[event.number],
                    checked_count=event.checked_count,
                    failing_count=event.failing_count,
                )
    return {nonconformity.identity: nonconformity for nonconformity in by_number.values()}


def review(known: Mapping[Identity, Nonconformity], breaches: Sequence[Breach], period: str) -> tuple[AnyEvent, ...]:
    """Return the events by which one period's breaches enter the register; none where nothing is new.

    A breach that is known with the same quantities says nothing new. A known nonconformity without a breach stays as
    it is: a run that passes closes nothing.
    """
    events: list[AnyEvent] = []
    serial = sum(1 for identity in known if identity.period == period)
    for breach in sorted(breaches, key=lambda breach: breach.identity):
        met = known.get(breach.identity)
        if met is None:
            serial += 1
            events.append(
                NonconformityOpened(
                    number=f"NC-{period}-{serial:03d}",
                    rule_id=breach.identity.rule_id,
                    rule_version=breach.rule_version,
                    unit_code=breach.identity.unit_code,
                    period=period,
                    dataset=breach.identity.dataset,
                    grade=breach.grade,
                    clause=breach.clause,
                    checked_count=breach.checked_count,
                    failing_count=breach.failing_count,
                    evidence=breach.evidence[:EVIDENCE_LIMIT],
                )
            )
        elif (met.checked_count, met.failing_count) != (breach.checked_count, breach.failing_count):
            events.append(
                NonconformityObserved(
                    number=met.number, checked_count=breach.checked_count, failing_count=breach.failing_count
                )
            )
    return tuple(events)

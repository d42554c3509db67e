"""What does a consolidation write into the register: what it finds anew, otherwise, no longer, and again?

Invariants:
1. identity is rule × unit × period × dataset: a rerun opens nothing twice;
2. a finding is gone only where its rule was evaluated and no longer finds it: what could not be evaluated says nothing;
3. the same rule and unit in two periods running is one matter that recurs: the later one names the earlier.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from audit.events import (
    AnyEvent,
    Grade,
    NonconformityGone,
    NonconformityObserved,
    NonconformityOpened,
    NonconformityReturned,
    TakenAwayBy,
)
from audit.register import number_of
from audit.steps import HIGHER, Identity, Nonconformity

EVIDENCE_LIMIT = 20


@dataclass(frozen=True)
class Breach:
    """A rule's failing verdict over one unit and period, with where to look, and the process that it is about."""

    identity: Identity
    rule_version: int
    grade: Grade
    clause: str
    checked_count: int
    failing_count: int
    evidence: tuple[str, ...]
    process: str = ""


@dataclass(frozen=True)
class TakenAway:
    """What took a finding away, and by which submission, if one did."""

    because: TakenAwayBy
    submission: str | None = None


@dataclass(frozen=True)
class Seen:
    """What a consolidation found in a period, and what a reader of it has to know.

    `before` are the periods that ended last before this one, `not_evaluated` the rules that said nothing;
    `due_on` says by when one of a grade is due, `department` whose it is where no unit's.
    """

    period: str
    breaches: Sequence[Breach]
    taken_away: Callable[[Identity], TakenAway]
    before: frozenset[str] = frozenset()
    not_evaluated: frozenset[str] = frozenset()
    due_on: Mapping[Grade, date | None] = field(default_factory=dict)
    department: str = ""


def review(known: Mapping[str, Nonconformity], seen: Seen) -> tuple[AnyEvent, ...]:
    """Return the events by which one period's findings enter the register; none where nothing is new.

    A breach that is known with the same quantities says nothing new.
    """
    by_identity = {item.identity: item for item in known.values() if item.source == "rule"}
    events: list[AnyEvent] = []
    further = 0
    for breach in sorted(seen.breaches, key=lambda breach: breach.identity):
        met = by_identity.get(breach.identity)
        if met is None:
            number = number_of(known, seen.period, further)
            further += 1
            events.append(_opened(seen, breach, number, _earlier(known.values(), seen, breach)))
        else:
            events += _met(met, breach)
    found = {breach.identity for breach in seen.breaches}
    for identity, item in sorted(by_identity.items()):
        is_looked_for = identity.period == seen.period and identity.rule_id not in seen.not_evaluated
        if is_looked_for and identity not in found and item.gone_at is None:
            away = seen.taken_away(identity)
            events.append(NonconformityGone(number=item.number, because=away.because, submission=away.submission))
    return tuple(events)


def _opened(seen: Seen, breach: Breach, number: str, earlier: str | None) -> NonconformityOpened:
    grade = HIGHER[breach.grade] if earlier is not None else breach.grade
    return NonconformityOpened(
        number=number,
        rule_id=breach.identity.rule_id,
        rule_version=breach.rule_version,
        unit_code=breach.identity.unit_code,
        period=breach.identity.period,
        dataset=breach.identity.dataset,
        grade=grade,
        clause=breach.clause,
        checked_count=breach.checked_count,
        failing_count=breach.failing_count,
        evidence=breach.evidence[:EVIDENCE_LIMIT],
        process=breach.process,
        owner=breach.identity.unit_code or seen.department,
        due_on=seen.due_on.get(grade),
        recurrence_of=earlier,
    )


def _met(met: Nonconformity, breach: Breach) -> Iterable[AnyEvent]:
    counts = breach.checked_count, breach.failing_count
    if met.gone_at is not None:
        yield NonconformityReturned(number=met.number, checked_count=counts[0], failing_count=counts[1])
    elif (met.checked_count, met.failing_count) != counts:
        yield NonconformityObserved(number=met.number, checked_count=counts[0], failing_count=counts[1])


def _earlier(known: Iterable[Nonconformity], seen: Seen, breach: Breach) -> str | None:
    """Return the number of the same matter in the period before, where it was one and still is."""
    about = breach.identity.rule_id, breach.identity.unit_code
    same = (
        item.number
        for item in known
        if item.identity.period in seen.before
        and (item.identity.rule_id, item.identity.unit_code) == about
        and item.gone_at is None
        and not item.was_none
    )
    return next(same, None)

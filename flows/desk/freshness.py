"""Are a period's figures of today: of the plan in force, and of the submissions as they are known now?

What differs is named, so that nobody reads what was found under one plan, or of one set of files, as if it were of
another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from audit import releases
from audit.events import Entry, PeriodConsolidated
from audit.ledger import Ledger
from flows.measures.periods import latest_consolidation
from flows.release.source_changes import source_changes, source_text
from schemas.plan import Plan
from schemas.plan_models import Period


@dataclass(frozen=True)
class Freshness:
    """What became of plan and submissions since a period was consolidated, and since it was published, in words.

    `published` is the version that stands, "" where none does.
    """

    is_of_plan_before: bool = False
    since_consolidated: tuple[str, ...] = ()
    published: str = ""
    since_published: tuple[str, ...] = ()


def freshness(ledger: Ledger, plan: Plan, period: Period) -> Freshness:
    """Return what differs from what a period's figures, and its published ones, were computed from."""
    last = latest_consolidation(ledger.entries, period.id)
    if last is None:
        return Freshness()
    standing = releases.in_force(ledger.entries, period.id)
    changed = _since(ledger.entries, last[1], plan, period)
    if standing is None:
        return Freshness(last[1].plan_sha256 != plan.sha256, changed)
    seq = next(
        event.consolidation_seq
        for event in releases.publications(ledger.entries)
        if (event.period, event.version) == (period.id, standing.version)
    )
    behind = next(event for event in ledger.entries[seq - 1].events if isinstance(event, PeriodConsolidated))
    return Freshness(
        last[1].plan_sha256 != plan.sha256,
        changed,
        standing.number,
        _since(ledger.entries, behind, plan, period),
    )


def _since(entries: Sequence[Entry], consolidated: PeriodConsolidated, plan: Plan, period: Period) -> tuple[str, ...]:
    found = source_changes(entries[: consolidated.as_of_seq], entries, plan, period)
    return tuple(source_text(one, plan) for one in found)

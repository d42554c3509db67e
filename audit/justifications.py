"""Why may the warnings of a period stand in its release?

A justification covers a count: when more rows break the rule later, what was said before does not speak for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from audit.events import Entry, WarningJustified


@dataclass(frozen=True)
class Justification:
    """What was said last of one rule and unit in one period, by whom and when; `covered_count` places are covered."""

    rule_id: str
    unit_code: str
    covered_count: int
    reason: str
    actor: str
    stated_at: str


def justifications(entries: Iterable[Entry], period: str) -> dict[tuple[str, str], Justification]:
    """Return the justification in force of every rule and unit of a period."""
    found: dict[tuple[str, str], Justification] = {}
    for entry in entries:
        for event in entry.events:
            if isinstance(event, WarningJustified) and event.period == period:
                found[event.rule_id, event.unit_code] = Justification(
                    event.rule_id, event.unit_code, event.failing_count, event.reason, entry.actor, entry.at
                )
    return found

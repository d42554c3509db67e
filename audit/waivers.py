"""Which exceptions are in force, who approved them, and until when?

A waiver is a concession (ISO 9001:2015, 8.7.1 d): for one rule, unit and period, with a reason, by somebody with the
authority, and with a last day. After that day, or once it is revoked, the rule binds again. It hides nothing: the
verdict is shown as waived, with its counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from audit.events import Entry, WaiverGranted, WaiverRevoked


@dataclass(frozen=True)
class Waiver:
    """One exception; unit_code "" is the department. `revoked_at` is the moment from which it no longer holds."""

    number: str
    rule_id: str
    unit_code: str
    period: str
    reason: str
    approved_by: str
    granted_at: str
    last_day_on: date
    failing_count: int
    revoked_at: str | None = None
    revoked_because: str = ""

    def is_in_force(self, today: date) -> bool:
        """Tell whether the waiver still holds on this day."""
        return self.revoked_at is None and today <= self.last_day_on


def waivers(entries: Iterable[Entry]) -> tuple[Waiver, ...]:
    """Return every waiver ever granted, in the order of granting."""
    found: dict[str, Waiver] = {}
    for entry in entries:
        for event in entry.events:
            if isinstance(event, WaiverGranted):
                found[event.number] = Waiver(
                    event.number, event.rule_id, event.unit_code, event.period, event.reason, entry.actor, entry.at,
                    event.last_day_on, event.failing_count,
                )  # fmt: skip
            elif isinstance(event, WaiverRevoked):
                found[event.number] = replace(found[event.number], revoked_at=entry.at, revoked_because=event.reason)
    return tuple(found.values())


def in_force(entries: Iterable[Entry], period: str, today: date) -> dict[tuple[str, str], Waiver]:
    """Return the waivers of a period that hold on a day, by rule and unit; of several the one granted last."""
    return {
        (one.rule_id, one.unit_code): one for one in waivers(entries) if one.period == period and one.is_in_force(today)
    }

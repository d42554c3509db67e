"""What was stated of each submission, by whom and when, and what of it holds?

What is stated of a matter takes the place of what was stated of it before, and all of it stays in the record. What does
not count (`audit.submissions`) states nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from audit.events import (
    AnyEvent,
    Entry,
    ReceiptMended,
    SenderMended,
    SubmissionReinstated,
    SubmissionTaken,
    SubmissionWithdrawn,
)
from audit.submissions import follow_all

Matter = Literal["receipt", "sender", "period", "standing"]
COUNTS, WITHDRAWN = "counts", "withdrawn"


@dataclass(frozen=True)
class Statement:
    """What somebody stated of one matter, why and by what evidence; the value is "" where none was stated.

    `is_in_force` where nobody stated anything else of it since.
    """

    matter: Matter
    value: str
    actor: str
    at: str
    reason: str
    evidence: str
    is_in_force: bool


def _stated(event: AnyEvent) -> tuple[str, Mapping[Matter, str], str, str]:
    """Return of which submission an event states what, why and by what evidence; nothing where it states nothing."""
    match event:
        case SubmissionTaken():
            of: Mapping[Matter, str] = {
                "receipt": event.officially_received_on.isoformat(),
                "sender": event.stated_sender or "",
                "period": event.stated_period or "",
                "standing": COUNTS,
            }
            return event.number, of, "", event.evidence
        case ReceiptMended():
            return event.number, {"receipt": event.officially_received_on.isoformat()}, event.reason, event.evidence
        case SenderMended():
            stated: dict[Matter, str] = {}
            if event.stated_sender is not None:
                stated["sender"] = event.stated_sender
            if event.stated_period is not None:
                stated["period"] = event.stated_period
            return event.number, stated, event.reason, event.evidence
        case SubmissionWithdrawn():
            return event.number, {"standing": WITHDRAWN}, event.reason, ""
        case SubmissionReinstated():
            return event.number, {"standing": COUNTS}, event.reason, ""
        case _:
            return "", {}, "", ""


def statements_of(entries: Iterable[Entry], number: str) -> tuple[Statement, ...]:
    """Return everything that was stated of one submission, in the order in which it was."""
    found: list[tuple[Matter, str, Entry, str, str]] = []
    for entry, event in follow_all(entries).said:
        of, stated, reason, evidence = _stated(event)
        if of == number:
            found += [(matter, value, entry, reason, evidence) for matter, value in stated.items()]
    last = {matter: place for place, (matter, *_) in enumerate(found)}
    return tuple(
        Statement(matter, value, entry.actor, entry.at, reason, evidence, last[matter] == place)
        for place, (matter, value, entry, reason, evidence) in enumerate(found)
    )

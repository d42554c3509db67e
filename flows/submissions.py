"""Which submissions are there, and which of them count?

Derived from the ledger's events alone, so that the answer can be given as of any commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from audit.events import Entry, SubmissionTaken, SubmissionWithdrawn


@dataclass(frozen=True)
class Submission:
    """One submission: the event that took it in, the commit's number, and what became of it since."""

    seq: int
    taken: SubmissionTaken
    is_withdrawn: bool

    @property
    def is_in_force(self) -> bool:
        """Whether its data count: accepted, not blank, not withdrawn."""
        return self.taken.state == "accepted" and not self.taken.is_blank and not self.is_withdrawn


_TEXTS = ("number", "kind", "file_sha256", "sender", "unit_code", "period", "coverage", "state", "evidence", "refusal")
_DAYS = ("window_first_day", "window_last_day", "officially_received_on", "recorded_on")
_COUNTS = ("committed_seq", "read_count", "accepted_count", "rejected_count", "ignored_count")
_FLAGS = ("is_blank", "is_withdrawn", "is_in_force")
_COLUMNS: list[tuple[str, pa.DataType]] = [
    *((name, pa.string()) for name in _TEXTS),
    *((name, pa.date32()) for name in _DAYS),
    *((name, pa.int64()) for name in _COUNTS),
    *((name, pa.bool_()) for name in _FLAGS),
    ("exported_at", pa.timestamp("us")),
]
_SCHEMA = pa.schema(_COLUMNS)


def submissions(entries: Iterable[Entry]) -> list[Submission]:
    """Return every submission in the order of the commits."""
    taken: list[tuple[int, SubmissionTaken]] = []
    withdrawn: set[str] = set()
    for entry in entries:
        for event in entry.events:
            if isinstance(event, SubmissionTaken):
                taken.append((entry.seq, event))
            elif isinstance(event, SubmissionWithdrawn):
                withdrawn.add(event.number)
    return [Submission(seq, event, event.number in withdrawn) for seq, event in taken]


def submission_table(found: Iterable[Submission]) -> pa.Table:
    """Return submissions as the table that the queries join."""
    rows = []
    for submission in found:
        row = submission.taken.model_dump()
        row["exported_at"] = datetime.fromisoformat(row["exported_at"]) if row["exported_at"] else None
        row["recorded_on"] = date.fromisoformat(row["recorded_at"][:10])
        row |= {
            "committed_seq": submission.seq,
            "is_withdrawn": submission.is_withdrawn,
            "is_in_force": submission.is_in_force,
        }
        rows.append({name: row[name] for name in _SCHEMA.names})
    return pa.Table.from_pylist(rows, schema=_SCHEMA)

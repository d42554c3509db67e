"""How do submissions and expected reports look as tables that queries join?"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

import pyarrow as pa

from flows.intake.submissions import Submission
from flows.measures.reporting import ExpectedReport
from schemas.tables import EXPECTED_REPORT

_TEXTS = (
    "number",
    "kind",
    "file_sha256",
    "sender",
    "unit_code",
    "period",
    "report_type",
    "coverage",
    "state",
    "evidence",
    "refusal",
)
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


def expected_table(expected: Iterable[ExpectedReport]) -> pa.Table:
    """Return expected reports as the table that is kept."""
    return pa.Table.from_pylist([asdict(one) for one in expected], schema=EXPECTED_REPORT)

"""What is known of one submission, and how does a wrong one stop counting?"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from audit.events import SubmissionTaken, SubmissionWithdrawn
from audit.ledger import Ledger
from flows.door import Door, MisuseError
from flows.submissions import Submission, submissions
from schemas.tables import FINDING
from warehouse import vault
from warehouse.named import table_of
from warehouse.workspace import Workspace
from warehouse.writer import writer


@dataclass(frozen=True)
class Shown:
    """A submission with its findings; the file's own name comes from the vault."""

    submission: Submission
    file_name: str
    findings: pa.Table


def _find(ledger: Ledger, number: str) -> Submission:
    found = {submission.taken.number: submission for submission in submissions(ledger.entries)}
    if number.upper() not in found:
        known = f"{min(found)} … {max(found)}" if found else "chưa có lần nộp nào / none yet"
        raise MisuseError(f"không có lần nộp {number} / there is no submission {number}: {known}")
    return found[number.upper()]


def show(workspace: Workspace, number: str, past: Ledger | None = None) -> Shown:
    """Return one submission and everything that the rules found in it, as known now or in a `past` record."""
    ledger = past or Ledger(workspace.ledger)
    submission = _find(ledger, number)
    files = [f for f in ledger.entries[submission.seq - 1].files if table_of(f) == "finding"]
    tables = [pq.read_table(workspace.root / file.path) for file in files]
    sha256 = submission.taken.file_sha256
    return Shown(
        submission,
        vault.name_of(workspace, sha256) or sha256[:12],
        pa.concat_tables(tables) if tables else FINDING.empty_table(),
    )


def withdraw(workspace: Workspace, door: Door, number: str, reason: str) -> SubmissionTaken:
    """Record that a submission no longer counts; it stays, and so does everything found in it."""
    with writer(workspace, door.stamp, door.command, door.on_wait) as ledger:
        submission = _find(ledger, number)
        if submission.is_withdrawn:
            number = submission.taken.number
            raise MisuseError(f"{number} đã rút trước đó, không cần làm gì / was withdrawn before: nothing to do")
        ledger.append(door.stamp, "withdraw", [SubmissionWithdrawn(number=submission.taken.number, reason=reason)])
    return submission.taken

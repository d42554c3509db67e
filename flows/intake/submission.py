"""What is known of one submission, and how does a wrong one stop counting, or one that was not wrong count again?"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from audit.corrections import declared_for
from audit.erasures import fate_text, fates
from audit.events import CorrectionDeclared, Entry, SubmissionReinstated, SubmissionTaken, SubmissionWithdrawn
from audit.ledger import Ledger
from audit.statements import Statement, statements_of
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.intake.sheets import titles_by_label
from flows.intake.submissions import Submission, find_submission, submissions
from schemas.tables import FINDING
from warehouse import vault
from warehouse.named import present, table_of
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """A submission with its findings, what was ever stated of it, and each cell that is read otherwise than it came.

    `fate` says what became of the original.

    Its own name, and the titles of its sheets by their labels, come from the vault.
    """

    submission: Submission
    file_name: str
    findings: pa.Table
    fate: str | None
    sheet_titles: Mapping[str, str]
    statements: tuple[Statement, ...] = ()
    corrections: tuple[tuple[Entry, CorrectionDeclared], ...] = ()


def show(workspace: Workspace, number: str, past: Ledger | None = None) -> Shown:
    """Return one submission and everything that the rules found in it, as known now or in a `past` record."""
    ledger = past or Ledger(workspace.ledger)
    submission = find_submission(ledger.entries, number)
    files = [f for f in ledger.entries[submission.judged_seq - 1].files if table_of(f) == "finding"]
    tables = [pq.read_table(path) for path in present(workspace.root / file.path for file in files)]
    sha256 = submission.taken.file_sha256
    fate = fates(ledger.entries).get(sha256)
    return Shown(
        submission,
        vault.called(workspace, sha256),
        pa.concat_tables(tables) if tables else FINDING.empty_table(),
        fate_text(fate) if fate is not None else None,
        titles_by_label(workspace, sha256),
        statements_of(ledger.entries, submission.taken.number),
        declared_for(ledger.entries, submission.taken.number),
    )


def withdraw(workspace: Workspace, door: Door, number: str, reason: str) -> SubmissionTaken:
    """Record that a submission no longer counts; it stays, and so does everything found in it.

    MisuseError where no reason is given, or it was withdrawn before.
    """
    if not reason.strip():
        raise MisuseError("ghi rõ --reason / say for which --reason")
    with entered(workspace, door, "withdraw_submission", subject=number) as ledger:
        submission = find_submission(ledger.entries, number)
        if submission.is_withdrawn:
            number = submission.taken.number
            raise MisuseError(f"{number} đã rút trước đó, không cần làm gì / was withdrawn before: nothing to do")
        ledger.append(
            door.stamp, "withdraw", [SubmissionWithdrawn(number=submission.taken.number, reason=reason.strip())]
        )
    return submission.taken


def reinstate(workspace: Workspace, door: Door, number: str, reason: str) -> SubmissionTaken:
    """Record that a submission counts again that was withdrawn by mistake, as it did before.

    MisuseError where it was not withdrawn, or the same bytes count by another number since.
    """
    if not reason.strip():
        raise MisuseError("ghi rõ --reason / say for which --reason")
    with entered(workspace, door, "reinstate_submission", subject=number) as ledger:
        taken = find_submission(ledger.entries, number).taken
        known = submissions(ledger.entries)
        counting = [one.taken for one in known if one.taken.file_sha256 == taken.file_sha256 and not one.is_withdrawn]
        if any(one.number == taken.number for one in counting):
            raise MisuseError(f"{taken.number} chưa bị rút, không cần làm gì / was not withdrawn: nothing to do")
        if counting:
            other = counting[0].number
            raise MisuseError(
                f"{taken.number}: chính tệp này đang được tính với số {other} / this very file counts as {other}: rút"
                f" {other} trước / withdraw that first: motcua withdraw {other}"
            )
        event = SubmissionReinstated(number=taken.number, reason=reason.strip())
        ledger.append(door.stamp, "reinstate", [event])
    return taken

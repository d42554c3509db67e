"""Which submissions are there, and which of them count?

Derived from the ledger's events alone, so that the answer can be given as of any commit.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from audit.events import Entry, SubmissionTaken, SubmissionWithdrawn
from flows.door import MisuseError


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


def find_submission(entries: Iterable[Entry], number: str) -> Submission:
    """Return the submission of this number, whatever its case; MisuseError says which there are."""
    found = {submission.taken.number: submission for submission in submissions(entries)}
    if number.upper() not in found:
        known = f"{min(found)} … {max(found)}" if found else "chưa có lần nộp nào / none yet"
        raise MisuseError(f"không có lần nộp {number} / there is no submission {number}: {known}")
    return found[number.upper()]

"""Which commits' tables count, and which submission is meant by a number?

Derived from the ledger's events alone, so that the answer can be given as of any commit.
"""

from collections.abc import Sequence

from audit.events import AnyEvent, Entry, SubmissionRevalidated, SubmissionTaken
from audit.submissions import Submission as Submission
from audit.submissions import submissions as submissions
from flows.entry.door import MisuseError
from schemas.nearest import names_meant


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """Return the commits whose tables count.

    Without those by which a submission was judged before it was again, and those of what was withdrawn.
    """
    judged = {one.taken.number: one.judged_seq for one in submissions(entries) if not one.is_withdrawn}
    return [
        entry
        for entry in entries
        if all(judged.get(number) == entry.seq for event in entry.events if (number := _judges(event)) is not None)
    ]


def _judges(event: AnyEvent) -> str | None:
    """Return the number of the submission that an event judges."""
    if isinstance(event, SubmissionTaken):
        return event.number
    return event.taken.number if isinstance(event, SubmissionRevalidated) else None


def find_submission(entries: Sequence[Entry], number: str) -> Submission:
    """Return the submission of this number, whatever its case; MisuseError says which there are."""
    found = {submission.taken.number: submission for submission in submissions(entries)}
    if number.upper() not in found:
        raise MisuseError(no_submission(number, entries))
    return found[number.upper()]


def find_counting(entries: Sequence[Entry], number: str) -> Submission:
    """Return the submission of this number; MisuseError where there is none, or it was withdrawn."""
    found = find_submission(entries, number)
    if found.is_withdrawn:
        number = found.taken.number
        raise MisuseError(
            f"{number} đã rút, không còn được tính / was withdrawn, nothing of it counts: motcua reinstate {number}"
        )
    return found


def no_submission(number: str, entries: Sequence[Entry]) -> str:
    """Return the refusal of a submission that is not there, with the nearest numbers that are."""
    known = [submission.taken.number for submission in submissions(entries)]
    return f"không có lần nộp {number} / there is no such submission: {names_meant(number, known)}: motcua status"

"""The same bytes come once more: are they a submission that is known, what became of that, and what can be done?

Bytes that count, or that came as they are stated now, are the submission that they were. Only what was withdrawn, and
is stated to be of another sender or period than ever before, is taken in anew. An erased original never comes back.
"""

from collections.abc import Sequence

from audit.erasures import fate_text, fates
from audit.events import Entry, SubmissionTaken
from audit.statements import statements_of
from flows.intake.reading import ON_ARRIVAL, Stated
from flows.intake.submissions import Submission, submissions


def known_as(entries: Sequence[Entry], sha256: str, stated: Stated) -> Submission | None:
    """Return the submission that these bytes, stated so, are; None where they are to be taken in."""
    same = [one for one in submissions(entries) if one.taken.file_sha256 == sha256]
    counting = [one for one in same if not one.is_withdrawn]
    if not same or counting or sha256 in fates(entries):
        return next(reversed(counting or same), None)
    return next((one for one in reversed(same) if _is_stated_alike(one.taken, stated)), None)


def _is_stated_alike(taken: SubmissionTaken, stated: Stated) -> bool:
    """Tell whether nothing is stated now of sender or period that is not what is known of a submission."""
    return stated.sender in (None, taken.sender) and stated.period in (None, taken.stated_period, taken.period)


def became(entries: Sequence[Entry], known: Submission, stated: Stated) -> str:
    """Return one sentence: what became of the bytes that came again, and what can be done."""
    taken = known.taken
    number, fate = taken.number, fates(entries).get(taken.file_sha256)
    if fate is not None:
        return f"{number}: {fate_text(fate)}; tệp này không nhận lại được / it cannot be taken in again"
    if known.is_withdrawn:
        last = next(one for one in reversed(statements_of(entries, number)) if one.matter == "standing")
        return (
            f"{number} đã rút / was withdrawn ({last.reason}): nếu rút nhầm / if by mistake: motcua reinstate {number};"
            " nếu của nơi gửi hoặc kỳ khác / if it is of another sender or period: --sender, --period"
        )
    said = [_standing(taken), *_stated_otherwise(taken, stated)]
    return f"{number} " + "; ".join(said)


def _standing(taken: SubmissionTaken) -> str:
    day = f"{taken.officially_received_on:%d/%m/%Y}"
    if taken.state == "rejected":
        return (
            f"đã đến ngày {day} và bị trả lại / came then and was rejected: gửi tệp đã sửa / a mended file is needed:"
            f" motcua show {taken.number}, motcua answer {taken.number}"
        )
    if taken.is_blank:
        return f"đã đến ngày {day}, còn trống / came then and is blank: gửi tệp đã điền / a filled-in one is needed"
    return f"đã nhận ngày {day} và được tính, không cần làm gì / was received then and counts: nothing to do"


def _stated_otherwise(taken: SubmissionTaken, stated: Stated) -> list[str]:
    """Return what mends each statement about a submission that is another now."""
    mends = []
    if stated.evidence != ON_ARRIVAL and stated.officially_received_on != taken.officially_received_on:
        day = f"{stated.officially_received_on:%d/%m/%Y}"
        mends.append(f"nếu ngày đúng là {day} / if that is the right day: motcua receipt {taken.number} --on {day}")
    options = [f"--unit {stated.sender}"] if stated.sender not in (None, taken.sender) else []
    if stated.period not in (None, taken.stated_period, taken.period):
        options.append(f"--period {stated.period}")
    if options:
        command = f"motcua sender {taken.number} {' '.join(options)}"
        mends.append(f"nếu khai lần này mới đúng / if what is stated now is right: {command}")
    return mends

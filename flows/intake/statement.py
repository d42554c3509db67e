"""What does the record say of a submission that was read, and what was stated of it by whoever handed it in?"""

from datetime import datetime

from audit.events import SubmissionTaken
from flows.entry.fingerprint import code_sha256, lock_sha256
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.rule_book import RuleBook


def statement(
    number: str, file: SourceFile, size: int, stated: Stated, reading: Reading, book: RuleBook, recorded_at: str
) -> SubmissionTaken:
    """Return what is recorded of a submission; `recorded_at` is when it came, however often it is read."""
    return SubmissionTaken(
        number=number,
        kind=reading.kind,
        file_sha256=file.sha256,
        file_size=size,
        suffix=file.suffix,
        sender=stated.sender or reading.unit_code,
        stated_sender=stated.sender,
        stated_period=stated.period,
        stated_exported_at=stated.exported_at.isoformat(sep=" ") if stated.exported_at else None,
        unit_code=reading.unit_code,
        period=reading.period,
        report_type=reading.report_type,
        profile_id=reading.profile_id,
        profile_sha256=reading.profile_sha256,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        coverage=reading.coverage,
        window_first_day=reading.window[0] if reading.window else None,
        window_last_day=reading.window[1] if reading.window else None,
        exported_at=reading.exported_at.isoformat(sep=" ") if reading.exported_at else None,
        officially_received_on=stated.officially_received_on,
        evidence=stated.evidence,
        recorded_at=recorded_at,
        state=reading.state,
        is_blank=reading.is_blank,
        refusal=reading.refusal,
        read_count=reading.read_count,
        accepted_count=reading.accepted_count,
        rejected_count=reading.rejected_count,
        ignored_count=reading.ignored_count,
        rules_sha256=book.rules.sha256,
        plan_sha256=book.plan.sha256,
        code_sha256=code_sha256(),
        lock_sha256=lock_sha256(),
    )


def stated_of(taken: SubmissionTaken) -> Stated:
    """Return what was stated of a submission when it came, so that it can be read again as it was then."""
    exported = datetime.fromisoformat(taken.stated_exported_at) if taken.stated_exported_at else None
    return Stated(taken.officially_received_on, taken.evidence, taken.stated_sender, exported, taken.stated_period)

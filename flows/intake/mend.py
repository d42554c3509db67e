"""How is what was stated of a submission mended: when and how it came, who sent it, which period it is about?

What was stated stays in the record, and what takes its place says why. The original is read anew under it, since rules
ask for the day, the sender and the period; what is found is committed together with the statement, or nothing is.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from audit.corrections import corrections_of
from audit.events import ReceiptMended, SenderMended, SubmissionTaken
from audit.submissions import as_stated
from flows.entry.authority import entered
from flows.entry.days import require_past
from flows.entry.door import Door, MisuseError
from flows.intake.revalidate import Reread, commit_again, read_again
from flows.intake.submissions import find_counting
from schemas.plan import Plan
from warehouse.workspace import Workspace

Mend = ReceiptMended | SenderMended


@dataclass(frozen=True)
class Mended:
    """A submission as it is known since a statement about it was mended, and how much was found in it."""

    taken: SubmissionTaken
    finding_count: int


def mend_receipt(
    workspace: Workspace, door: Door, number: str, received_on: date, evidence: str, reason: str
) -> Mended:
    """State anew on which day, and by what evidence, a submission officially came, and judge it again.

    MisuseError without a reason or evidence, for a day on which it cannot have come, and where nothing would change.
    """
    if not reason.strip() or not evidence.strip():
        raise MisuseError("ghi rõ --reason và --evidence / say for which --reason and by what --evidence")
    require_past("--on", received_on, door.today(workspace.plan))

    def stated(taken: SubmissionTaken) -> ReceiptMended:
        recorded_on = date.fromisoformat(taken.recorded_at[:10])
        if received_on > recorded_on:
            raise MisuseError(
                f"--on {received_on:%d/%m/%Y}: {taken.number} đã ở đây từ {recorded_on:%d/%m/%Y}, không thể đến sau"
                " ngày đó / was taken in by then, and cannot have come later"
            )
        if (received_on, evidence.strip()) == (taken.officially_received_on, taken.evidence):
            raise MisuseError(_nothing_to_do(taken, "ngày nhận và chứng cứ", "day and evidence"))
        return ReceiptMended(
            number=taken.number, officially_received_on=received_on, evidence=evidence.strip(), reason=reason.strip()
        )

    return _mend(workspace, door, number, stated)


def mend_sender(
    workspace: Workspace,
    door: Door,
    number: str,
    unit_code: str | None,
    period_id: str | None,
    reason: str,
    evidence: str = "",
) -> Mended:
    """State anew who sent a submission, or of which period it is, and judge it again.

    MisuseError without a reason, where neither is named or nothing would change, and where the file itself says of
    which period it is.
    """
    if not reason.strip():
        raise MisuseError("ghi rõ --reason / say for which --reason")
    if unit_code is None and period_id is None:
        raise MisuseError("nêu --unit hoặc --period / name a --unit or a --period")

    def stated(taken: SubmissionTaken) -> SenderMended:
        if period_id is not None and taken.kind == "dossier_log":
            raise MisuseError(
                f"{taken.number} là sổ hồ sơ, ngày trong sổ cho biết kỳ: bỏ --period / is a log, and its days say of"
                " which period it is: leave --period out"
            )
        unit = unit_code if unit_code != taken.sender else None
        period = period_id if period_id not in (taken.stated_period, taken.period) else None
        if unit is None and period is None:
            raise MisuseError(_nothing_to_do(taken, "nơi gửi và kỳ", "sender and period"))
        return SenderMended(
            number=taken.number,
            stated_sender=unit,
            stated_period=period,
            reason=reason.strip(),
            evidence=evidence.strip(),
        )

    return _mend(workspace, door, number, stated)


def _nothing_to_do(taken: SubmissionTaken, what: str, what_en: str) -> str:
    return (
        f"{taken.number}: {what} đã ghi đúng như vậy, không cần làm gì / that {what_en} stands on record already:"
        " nothing to do"
    )


def _mend(workspace: Workspace, door: Door, number: str, stated: Callable[[SubmissionTaken], Mend]) -> Mended:
    with entered(workspace, door, "mend_statement", subject=number) as ledger:
        submission = find_counting(ledger.entries, number)
        taken = submission.taken
        event = stated(taken)
        mended = replace(submission, taken=as_stated(taken, event))
        corrections = corrections_of(ledger.entries, taken.number)
        try:
            folder = workspace.staging / taken.number
            reread = read_again(workspace, ledger, mended, corrections, ["statement"], folder)
            _require_borne_out(reread, taken, event, workspace.plan)
            commit_again(workspace, ledger, door, "mend", reread, [event])
        finally:
            shutil.rmtree(workspace.staging, ignore_errors=True)
    return Mended(reread.event.taken, reread.reading.finding_count)


def _require_borne_out(reread: Reread, before: SubmissionTaken, event: Mend, plan: Plan) -> None:
    """Raise MisuseError where a period is stated and the file itself says another."""
    if isinstance(event, ReceiptMended) or event.stated_period is None:
        return
    read = reread.reading.period
    said = read if read is not None else before.period if before.state == "accepted" else event.stated_period
    if said != event.stated_period and said is not None:
        name = plan.period(said).name_vi
        raise MisuseError(
            f"--period {event.stated_period}: tệp {before.number} tự ghi {name} / the file itself says {said}: gửi tệp"
            " đúng, rồi rút tệp này / send the right one and withdraw this"
        )

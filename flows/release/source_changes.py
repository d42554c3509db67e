"""Which submissions were withdrawn, corrected, stated otherwise or sent anew between two versions of a period, and why?

The parts of a change are five (`restatement.CAUSES`). What came for the first time is a late report; whatever else
became of a submission is a corrected source, and says by which deed: withdrawn or counted again, a cell corrected,
another day of receipt, another sender or period, another round.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from audit.corrections import every_correction
from audit.events import (
    Entry,
    ReceiptMended,
    SenderMended,
    SubmissionReinstated,
    SubmissionRevalidated,
    SubmissionTaken,
    SubmissionWithdrawn,
)
from flows.intake.submissions import submissions
from flows.measures.names import report_type_name, unit_name
from schemas.plan import Plan
from schemas.plan_models import Period

Deed = Literal["late", "withdrawn", "reinstated", "corrected", "receipt_mended", "sender_mended", "another_round"]
CAUSE_OF: Mapping[Deed, str] = {
    "late": "late_reports",
    "withdrawn": "corrected_source",
    "reinstated": "corrected_source",
    "corrected": "corrected_source",
    "receipt_mended": "corrected_source",
    "sender_mended": "corrected_source",
    "another_round": "corrected_source",
}
_STANDING: frozenset[Deed] = frozenset({"withdrawn", "reinstated"})
_KINDS = {"dossier_log": "sổ hồ sơ / dossier log", "unit_report": "báo cáo / report"}
DEED_WORDS: Mapping[Deed, str] = {
    "late": "đến sau / came later",
    "withdrawn": "đã rút / withdrawn",
    "reinstated": "được tính lại / counts again",
    "corrected": "ô được đính chính / cell corrected",
    "receipt_mended": "ngày nhận được sửa / day of receipt mended",
    "sender_mended": "nơi gửi hoặc kỳ được sửa / sender or period mended",
    "another_round": "gửi lại / sent again",
}


@dataclass(frozen=True)
class SourceChange:
    """What became of one submission, and the reason that somebody gave; blank where none is asked for.

    `taken` is what is recorded of it: of what it is, and whose; `turn` is from what to what a statement was mended.
    """

    deed: Deed
    number: str
    reason: str = ""
    taken: SubmissionTaken | None = field(default=None, compare=False)
    turn: str = ""

    @property
    def cause(self) -> str:
        """To which part of a change it belongs."""
        return CAUSE_OF[self.deed]


def source_text(one: SourceChange, plan: Plan) -> str:
    """Return what became of a submission as people read it: what it is, whose, its number, and why."""
    said = f"{_submission_text(one, plan)}: {DEED_WORDS[one.deed]}" + (f", {one.turn}" if one.turn else "")
    return f"{said}: {one.reason}" if one.reason else said


def _submission_text(one: SourceChange, plan: Plan) -> str:
    if one.taken is None:
        return one.number
    # A plan need not have a type for the log that it is measured by.
    is_known = any(known.id == one.taken.report_type for known in plan.report_types)
    what = report_type_name(plan, one.taken.report_type or "") if is_known else _KINDS[one.taken.kind]
    sender = one.taken.unit_code or one.taken.sender
    return ", ".join([what, *([unit_name(plan, sender)] if sender else [])]) + f" ({one.number})"


def replaces(taken: SubmissionTaken, before: Sequence[SubmissionTaken]) -> bool:
    """Tell whether a submission is another round of one that was known: the same report, or days that a log covered."""
    if taken.kind == "unit_report":
        mine = (taken.report_type, taken.unit_code, taken.period)
        return any((one.report_type, one.unit_code, one.period) == mine for one in before)
    return any(
        one.kind == "dossier_log"
        and (one.window_first_day or date.max) <= (taken.window_last_day or date.min)
        and (one.window_last_day or date.min) >= (taken.window_first_day or date.max)
        for one in before
    )


def source_changes(before: Sequence[Entry], after: Sequence[Entry], plan: Plan, period: Period) -> list[SourceChange]:
    """Return what became of submissions between two states of the record, in order; reports of other days are out."""
    known = {one.taken.number: one.taken for one in submissions(before)}
    declared = every_correction(after[len(before) :])
    found: list[SourceChange] = []
    for entry in after[len(before) :]:
        for event in entry.events:
            match event:
                case SubmissionTaken():
                    deed: Deed = "another_round" if replaces(event, list(known.values())) else "late"
                    found.append(SourceChange(deed, event.number, taken=event))
                    known[event.number] = event
                case SubmissionWithdrawn():
                    found.append(SourceChange("withdrawn", event.number, event.reason, known.get(event.number)))
                case SubmissionReinstated():
                    found.append(SourceChange("reinstated", event.number, event.reason, known.get(event.number)))
                case ReceiptMended() | SenderMended() if event.number in known:
                    found.append(_mended(event, known[event.number], plan))
                case SubmissionRevalidated():
                    if "correction" in event.because:
                        said = [one.reason for one in declared if one.submission == event.taken.number]
                        reasons = "; ".join(dict.fromkeys(said))
                        found.append(SourceChange("corrected", event.taken.number, reasons, event.taken))
                    known[event.taken.number] = event.taken
                case _:
                    pass
    # What a submission was stated to be before may have counted for a period, and what it is stated to be now may.
    return [
        one
        for one in dict.fromkeys(_without_undone(found, _withdrawn(before), _withdrawn(after)))
        if any(_may_concern(taken, plan, period) for taken in (one.taken, known.get(one.number)))
    ]


def _withdrawn(entries: Sequence[Entry]) -> frozenset[str]:
    return frozenset(one.taken.number for one in submissions(entries) if one.is_withdrawn)


def _without_undone(found: Sequence[SourceChange], was: frozenset[str], now: frozenset[str]) -> Iterator[SourceChange]:
    """Yield what still holds: of withdrawals and reinstatements of a submission the last, where it changed anything."""
    last = {one.number: one for one in found if one.deed in _STANDING}
    for one in found:
        if one.deed not in _STANDING or (one is last[one.number] and (one.number in was) != (one.number in now)):
            yield one


def _mended(event: ReceiptMended | SenderMended, before: SubmissionTaken, plan: Plan) -> SourceChange:
    """Return what a mended statement says, from what to what."""
    if isinstance(event, ReceiptMended):
        turns = [f"{before.officially_received_on:%d/%m/%Y} → {event.officially_received_on:%d/%m/%Y}"]
        return SourceChange("receipt_mended", event.number, event.reason, before, *turns)
    turns = []
    if event.stated_sender is not None:
        was = unit_name(plan, before.sender) if before.sender else "–"
        turns.append(f"{was} → {unit_name(plan, event.stated_sender)}")
    if event.stated_period is not None:
        turns.append(f"{before.stated_period or before.period or '–'} → {event.stated_period}")
    return SourceChange("sender_mended", event.number, event.reason, before, "; ".join(turns))


def _may_concern(taken: SubmissionTaken | None, plan: Plan, period: Period) -> bool:
    """Whether a submission can have to do with a period: a log may always, a report by the days of its own period."""
    of = next((one for one in plan.periods if taken is not None and one.id == taken.period), None)
    if of is None or taken is None or taken.kind == "dossier_log":
        return True
    return of.first_day <= period.last_day and of.last_day >= period.first_day

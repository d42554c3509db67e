"""Which submissions were withdrawn, corrected, sent anew or came late between two versions of a period, and why?

The parts of a change are five (`restatement.CAUSES`). What came for the first time is a late report; whatever else
became of a submission is a corrected source, and says by which deed: withdrawn, a cell corrected, another round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from audit.corrections import every_correction
from audit.events import Entry, SubmissionRevalidated, SubmissionTaken, SubmissionWithdrawn
from flows.measures.names import report_type_name, unit_name
from schemas.plan import Plan
from schemas.plan_models import Period

Deed = Literal["late", "withdrawn", "corrected", "another_round"]
CAUSE_OF: Mapping[Deed, str] = {
    "late": "late_reports",
    "withdrawn": "corrected_source",
    "corrected": "corrected_source",
    "another_round": "corrected_source",
}
_KINDS = {"dossier_log": "sổ hồ sơ / dossier log", "unit_report": "báo cáo / report"}
DEED_WORDS: Mapping[Deed, str] = {
    "late": "đến sau / came later",
    "withdrawn": "đã rút / withdrawn",
    "corrected": "ô được đính chính / cell corrected",
    "another_round": "gửi lại / sent again",
}


@dataclass(frozen=True)
class SourceChange:
    """What became of one submission, and the reason that somebody gave; blank where none is asked for.

    `taken` is what was recorded when it came: of what it is, and whose.
    """

    deed: Deed
    number: str
    reason: str = ""
    taken: SubmissionTaken | None = field(default=None, compare=False)

    @property
    def cause(self) -> str:
        """To which part of a change it belongs."""
        return CAUSE_OF[self.deed]


def source_text(one: SourceChange, plan: Plan) -> str:
    """Return what became of a submission as people read it: what it is, whose, its number, and why."""
    said = f"{_submission_text(one, plan)}: {DEED_WORDS[one.deed]}"
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
    known = {event.number: event for entry in before for event in entry.events if isinstance(event, SubmissionTaken)}
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
                case SubmissionRevalidated() if "correction" in event.because:
                    said = [one.reason for one in declared if one.submission == event.taken.number]
                    found.append(
                        SourceChange("corrected", event.taken.number, "; ".join(dict.fromkeys(said)), event.taken)
                    )
                case _:
                    pass
    return [one for one in dict.fromkeys(found) if _may_concern(known.get(one.number), plan, period)]


def _may_concern(taken: SubmissionTaken | None, plan: Plan, period: Period) -> bool:
    """Whether a submission can have to do with a period: a log may always, a report by the days of its own period."""
    of = next((one for one in plan.periods if taken is not None and one.id == taken.period), None)
    if of is None or taken is None or taken.kind == "dossier_log":
        return True
    return of.first_day <= period.last_day and of.last_day >= period.first_day

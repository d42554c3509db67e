"""Which submissions are there, what is known of each, and does what a line says of one fit what stood before?

A fold over the record, as of any of its lines. Invariants:
1. a number is given once, and the same bytes count by one number at a time;
2. what is said of a submission is said of one that is there and counts, or was withdrawn where it shall count again;
3. what is stated anew, or corrected, is so for a reason and in one line with the rereading under it;
4. a rereading changes nothing of what came, nor of what was stated but for what its own line states anew;
5. what does not fit counts for nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from audit.events import (
    AnswerTaken,
    AnyEvent,
    CorrectionDeclared,
    Entry,
    ReceiptMended,
    SenderMended,
    SubmissionReinstated,
    SubmissionRevalidated,
    SubmissionSeenAgain,
    SubmissionTaken,
    SubmissionWithdrawn,
)

# What intake fixed and what was stated: no rereading gives it another value.
_FIXED = (
    "file_sha256", "file_size", "suffix", "recorded_at", "officially_received_on", "evidence", "stated_sender",
    "stated_period", "stated_exported_at",
)  # fmt: skip
_Stating = ReceiptMended | SenderMended | CorrectionDeclared


@dataclass(frozen=True)
class Submission:
    """One submission: the commit that took it in, what is known of it now, and what became of it since.

    `judged_seq` is the commit whose tables count: the same one, unless it was judged again. `is_withdrawn` also where
    its bytes counted by another number when it was taken in.
    """

    seq: int
    taken: SubmissionTaken
    is_withdrawn: bool
    judged_seq: int

    @property
    def is_in_force(self) -> bool:
        """Whether its data count: accepted, not blank, not withdrawn."""
        return self.taken.state == "accepted" and not self.taken.is_blank and not self.is_withdrawn


def as_stated(taken: SubmissionTaken, event: ReceiptMended | SenderMended) -> SubmissionTaken:
    """Return what is known of a submission with what is stated of it now, for it to be read again."""
    if isinstance(event, ReceiptMended):
        return taken.model_copy(
            update={"officially_received_on": event.officially_received_on, "evidence": event.evidence}
        )
    stated = {"stated_sender": event.stated_sender, "stated_period": event.stated_period}
    return taken.model_copy(update={name: value for name, value in stated.items() if value is not None})


class Submissions:
    """The submissions by number, line after line, in the order of the commits, and what was said of them and counts."""

    def __init__(self) -> None:
        self.by_number: dict[str, Submission] = {}
        self.said: list[tuple[Entry, AnyEvent]] = []

    def follow(self, entry: Entry) -> list[str]:
        """Take up one line; return why what in it does not fit counts for nothing."""
        found: list[str] = []
        stated: list[_Stating] = []
        for event in entry.events:
            if isinstance(event, SubmissionTaken):
                said = self._take_in(entry, event)
            elif isinstance(event, SubmissionRevalidated):
                said = self._judge_again(entry, event, stated)
            elif isinstance(event, _Stating):
                said = self._unfit_statement(entry, event)
                stated += [event] if said is None else []
            else:
                said = self._standing(entry, event)
            found += [f"{_number_of(event)}: {said}"] if said is not None else []
        return found

    def _take_in(self, entry: Entry, event: SubmissionTaken) -> str | None:
        if event.number in self.by_number:
            return f"đã cấp trước đó / this number was given before: {event.event}"
        twin = self._twin(event)
        self.by_number[event.number] = Submission(entry.seq, event, twin is not None, entry.seq)
        self.said.append((entry, event))
        return _same_bytes(twin)

    def _twin(self, taken: SubmissionTaken) -> str | None:
        """Return the other number by which the same bytes count."""
        return next(
            (
                number
                for number, one in self.by_number.items()
                if one.taken.file_sha256 == taken.file_sha256 and number != taken.number and not one.is_withdrawn
            ),
            None,
        )

    def _uncounted(self, number: str) -> str | None:
        """Return why nothing can be said of a submission."""
        known = self.by_number.get(number)
        if known is None:
            return "chưa từng nhận / was never taken in"
        return "đã rút trước đó / was withdrawn before" if known.is_withdrawn else None

    def _standing(self, entry: Entry, event: AnyEvent) -> str | None:
        """Take up that a submission no longer counts, or counts again; return why it cannot."""
        if isinstance(event, SubmissionSeenAgain | AnswerTaken):
            return None if event.number in self.by_number else self._uncounted(event.number)
        if isinstance(event, SubmissionWithdrawn):
            unfit = self._uncounted(event.number)
        elif isinstance(event, SubmissionReinstated):
            unfit = self._unfit_return(event)
        else:
            return None
        if unfit is None:
            is_withdrawn = isinstance(event, SubmissionWithdrawn)
            self.by_number[event.number] = replace(self.by_number[event.number], is_withdrawn=is_withdrawn)
            self.said.append((entry, event))
        return unfit

    def _unfit_return(self, event: SubmissionReinstated) -> str | None:
        known = self.by_number.get(event.number)
        if known is None:
            return self._uncounted(event.number)
        if not known.is_withdrawn:
            return "chưa bị rút / was not withdrawn"
        return _same_bytes(self._twin(known.taken)) if event.reason.strip() else _NO_REASON

    def _unfit_statement(self, entry: Entry, event: _Stating) -> str | None:
        """Return why a statement or correction does not fit the submission or its own line."""
        number, because = _number_of(event), _because(event)
        unfit = self._uncounted(number)
        if unfit is not None:
            return unfit
        has_evidence = isinstance(event, SenderMended) or bool(event.evidence.strip())
        if not event.reason.strip() or not has_evidence:
            return _NO_REASON
        if isinstance(event, ReceiptMended):
            recorded_on = date.fromisoformat(self.by_number[number].taken.recorded_at[:10])
            if event.officially_received_on > recorded_on:
                return f"đã ở đây từ {recorded_on:%d/%m/%Y} / was here by then, cannot have come later"
        is_reread = any(
            isinstance(one, SubmissionRevalidated) and one.taken.number == number and because in one.because
            for one in entry.events
        )
        return None if is_reread else f"không đọc lại trong cùng dòng / is not reread in the same line: {event.event}"

    def _judge_again(self, entry: Entry, event: SubmissionRevalidated, stated: list[_Stating]) -> str | None:
        taken = event.taken
        unfit = self._uncounted(taken.number)
        if unfit is not None:
            return unfit
        own = [one for one in stated if _number_of(one) == taken.number]
        before = expected = self.by_number[taken.number].taken
        for one in own:
            expected = as_stated(expected, one) if not isinstance(one, CorrectionDeclared) else expected
        may_be = {_because(one) for one in own}
        may_be |= {"plan"} if taken.plan_sha256 != before.plan_sha256 else set()
        may_be |= {"rules"} if taken.rules_sha256 != before.rules_sha256 else set()
        if not event.because or not may_be.issuperset(event.because):
            told = ", ".join(event.because)
            return f"đọc lại không có căn cứ trong sổ / is reread for what the record does not bear out: {told}"
        other = [name for name in _FIXED if getattr(taken, name) != getattr(expected, name)]
        other += _read_otherwise(before, expected, taken)
        if other:
            return f"đọc lại thành tệp hoặc lời khai khác / is reread as what did not come so: {', '.join(other)}"
        self.by_number[taken.number] = replace(self.by_number[taken.number], taken=taken, judged_seq=entry.seq)
        self.said += [(entry, one) for one in own]
        return None


_NO_REASON = "thiếu lý do hoặc chứng cứ / reason or evidence is lacking"


def _number_of(event: AnyEvent) -> str:
    """Return of which submission an event speaks; blank where of none."""
    match event:
        case CorrectionDeclared():
            return event.submission
        case SubmissionRevalidated():
            return event.taken.number
        case (
            SubmissionTaken() | SubmissionSeenAgain() | SubmissionWithdrawn() | SubmissionReinstated()
            | ReceiptMended() | SenderMended() | AnswerTaken()
        ):  # fmt: skip
            return event.number
        case _:
            return ""


def _because(event: _Stating) -> str:
    return "correction" if isinstance(event, CorrectionDeclared) else "statement"


def _same_bytes(twin: str | None) -> str | None:
    return f"chính tệp này đang được tính với số {twin} / the same bytes count as {twin}" if twin is not None else None


def _read_otherwise(before: SubmissionTaken, expected: SubmissionTaken, taken: SubmissionTaken) -> list[str]:
    """Return what was read of sender and period otherwise than before, though neither plan nor statement says so."""
    other = []
    if taken.sender != (taken.stated_sender or taken.unit_code):
        other.append("sender")
    is_plan_same = taken.plan_sha256 == before.plan_sha256
    if is_plan_same and expected.stated_sender == before.stated_sender and _differ(before.unit_code, taken.unit_code):
        other.append("unit_code")
    is_stated = expected.stated_period != before.stated_period
    if _differ(expected.stated_period if is_stated else before.period, taken.period) and (is_stated or is_plan_same):
        other.append("period")
    return other


def _differ(one: str | None, other: str | None) -> bool:
    """Tell whether two values are known and not the same."""
    return None not in (one, other) and one != other


def follow_all(entries: Iterable[Entry]) -> Submissions:
    """Return the submissions after these lines."""
    found = Submissions()
    for entry in entries:
        found.follow(entry)
    return found


def submissions(entries: Iterable[Entry]) -> list[Submission]:
    """Return every submission in the order of the commits."""
    return list(follow_all(entries).by_number.values())

"""Which nonconformities are there, and where does each stand? A fold over the record, as of any of its lines.

Invariants:
1. numbers NC-<period>-001, -002, ... have no gaps and are never reused: another number than the next opens nothing;
2. a step that the table of `audit.steps` refuses counts for nothing, whoever signed it;
3. a consolidation tells what it found, no longer finds and finds again, and closes nothing; what it finds again after
   it was closed as corrected is open again; what a line tells that consolidates no such period counts for nothing;
4. nothing leaves the register;
5. whoever writes asks first: what would not count is not written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC

from audit.events import (
    AnyEvent,
    Entry,
    NonconformityActed,
    NonconformityAnalysed,
    NonconformityCancelled,
    NonconformityClosed,
    NonconformityContained,
    NonconformityGone,
    NonconformityLinked,
    NonconformityObserved,
    NonconformityOpened,
    NonconformityPlanned,
    NonconformityRecorded,
    NonconformityReopened,
    NonconformityReturned,
    PeriodConsolidated,
    StoredFile,
)
from audit.ledger import Ledger, Stamp
from audit.steps import (
    HIGHER,
    STEPS,
    Consolidation,
    Hand,
    Identity,
    Nonconformity,
    StepEvent,
    Taking,
    planned,
    refusal,
    step_of,
)

# What a row has no column for: `motcua nc show` tells it.
_NESTED = frozenset({"identity", "actions", "criterion", "checks", "related_to", "owners", "hands"})
_Told = NonconformityObserved | NonconformityGone | NonconformityReturned
NonconformityEvent = NonconformityOpened | NonconformityRecorded | _Told | StepEvent


class UncountedEventError(ValueError):
    """Raised where somebody would write what the register does not count; the message says why, in one sentence."""


def number_of(known: Mapping[str, Nonconformity], period: str, further: int = 0) -> str:
    """Return the number of the next nonconformity of a period, or of the one so many further on."""
    serial = 1 + further + sum(item.identity.period == period for item in known.values())
    return f"NC-{period}-{serial:03d}"


class Register:
    """The nonconformities by number, line after line, in the order of opening."""

    def __init__(self) -> None:
        self.by_number: dict[str, Nonconformity] = {}
        self._consolidated: dict[str, Consolidation] = {}

    def follow(self, entry: Entry) -> Iterator[str]:
        """Take up one line; yield why what in it may not follow what stood there before does not count."""
        for event in entry.events:
            refused = self.take(entry, event)
            if refused is not None:
                yield refused

    def take(self, entry: Entry, event: AnyEvent) -> str | None:
        """Take up one event of a line; return why it does not count, None where it does or is about something else."""
        if isinstance(event, PeriodConsolidated):
            self._consolidated[event.period] = Consolidation(entry.seq, entry.day_in(UTC))
        elif isinstance(event, NonconformityOpened | NonconformityRecorded):
            refused = self._why_not_opened(entry, event)
            if refused is not None:
                return refused
            self._open(entry, event)
        elif isinstance(event, _Told):
            item = self.by_number.get(event.number)
            if item is None:
                return f"{event.number}: không có điểm này / there is no such nonconformity: {event.event}"
            if not _consolidates(entry, item.identity.period):
                return _not_consolidated(event, item.identity.period)
            self._tell(entry, event, item)
        elif isinstance(event, StepEvent):
            taking = Taking(entry.actor, entry.day_in(UTC), entry.signed_by, self._consolidated)
            refused = refusal(self.by_number, event, taking)
            if refused is not None:
                return refused
            self._step(entry, event)
        return None

    def _why_not_opened(self, entry: Entry, event: NonconformityOpened | NonconformityRecorded) -> str | None:
        if event.number in self.by_number:
            return f"{event.number} đã cấp trước đó / this number was given before: {event.event}"
        expected = number_of(self.by_number, event.period)
        if event.number != expected:
            return (
                f"{event.number}: số kế tiếp của kỳ {event.period} là / the next number of the period is {expected}:"
                f" {event.event}"
            )
        if isinstance(event, NonconformityOpened) and not _consolidates(entry, event.period):
            return _not_consolidated(event, event.period)
        return None

    def _open(self, entry: Entry, event: NonconformityOpened | NonconformityRecorded) -> None:
        if isinstance(event, NonconformityRecorded):
            identity = Identity("", event.unit_code, event.period, "")
            found = Nonconformity(
                event.number, identity, 0, event.grade, event.clause, "open", entry.at, 0, 0, (),
                source=event.source, description=event.description,
            )  # fmt: skip
        else:
            identity = Identity(event.rule_id, event.unit_code, event.period, event.dataset)
            found = Nonconformity(
                event.number, identity, event.rule_version, event.grade, event.clause, "open", entry.at,
                event.checked_count, event.failing_count, event.evidence,
            )  # fmt: skip
            found = self._recurring(found, event.recurrence_of)
        self.by_number[event.number] = replace(
            found, grade=event.grade, process=event.process, owner=event.owner, owners=(event.owner,),
            due_on=event.due_on,
        )  # fmt: skip

    def _recurring(self, item: Nonconformity, before: str | None) -> Nonconformity:
        """Return it as one that recurs after another: linked, counted, graded a step higher; once."""
        if before is None or before not in self.by_number or item.recurrence_of is not None:
            return item
        count = self.by_number[before].recurrence_count + 1
        return replace(item, recurrence_of=before, recurrence_count=count, grade=HIGHER[item.grade])

    def _tell(self, entry: Entry, event: _Told, item: Nonconformity) -> None:
        if isinstance(event, NonconformityGone):
            item = replace(
                item, gone_at=entry.at, gone_because=event.because, gone_submission=event.submission, returned_at=None
            )
        else:
            item = replace(item, checked_count=event.checked_count, failing_count=event.failing_count)
        if isinstance(event, NonconformityReturned):
            state = "open" if item.state == "closed_corrected" else item.state
            item = replace(
                item, state=state, gone_at=None, gone_because=None, gone_submission=None, returned_at=entry.at
            )
        self.by_number[event.number] = item

    def _step(self, entry: Entry, event: StepEvent) -> None:
        before = self.by_number[event.number]
        item = replace(before, state=STEPS[step_of(event)][before.state])
        match event:
            case NonconformityContained():
                owner = event.owner or item.owner
                item = replace(item, correction=event.correction, owner=owner, owners=(*item.owners, owner))
            case NonconformityAnalysed():
                item = replace(item, method=event.method, cause=event.cause, similar=event.similar)
            case NonconformityPlanned():
                owners = (*item.owners, *(one.owner for one in event.actions))
                item = replace(item, actions=planned(event.actions), criterion=event.criterion, owners=owners)
            case NonconformityActed():
                done = (
                    replace(one, done_on=event.done_on, evidence=event.evidence) if one.number == event.action else one
                    for one in item.actions
                )
                item = replace(item, actions=tuple(done))
            case NonconformityClosed():
                item = replace(item, checks=event.checks, followed_by=event.followed_by)
                if event.followed_by is not None:
                    follower = self.by_number[event.followed_by]
                    self.by_number[follower.number] = self._recurring(follower, item.number)
            case NonconformityCancelled():
                item = replace(item, duplicate_of=event.duplicate_of)
            case NonconformityReopened():
                item = replace(
                    item, actions=(), criterion=None, checks=(), cause="", method=None, correction="", duplicate_of=None
                )
            case NonconformityLinked():
                item = self._recurring(item, event.to) if event.is_recurrence else item
                item = item if event.is_recurrence else replace(item, related_to=(*item.related_to, event.to))
            case _:
                pass
        if isinstance(event, NonconformityContained | NonconformityActed):
            item = replace(item, hands=(*item.hands, Hand(entry.actor, entry.signed_by)))
        if isinstance(event, NonconformityClosed | NonconformityCancelled | NonconformityReopened):
            item = replace(item, decided_at=entry.at, decided_by=entry.actor, reason=event.reason)
        self.by_number[event.number] = item


def _consolidates(entry: Entry, period: str) -> bool:
    return any(isinstance(one, PeriodConsolidated) and one.period == period for one in entry.events)


def _not_consolidated(event: NonconformityOpened | _Told, period: str) -> str:
    return f"{event.number}: dòng này không tổng hợp kỳ {period} / this line consolidates no {period}: {event.event}"


def register(entries: Iterable[Entry]) -> dict[str, Nonconformity]:
    """Return every nonconformity of these lines by number, in the order of opening."""
    return _after(entries).by_number


def _after(entries: Iterable[Entry]) -> Register:
    found = Register()
    for entry in entries:
        for event in entry.events:
            found.take(entry, event)
    return found


def append_counted(
    ledger: Ledger, stamp: Stamp, kind: str, events: Sequence[AnyEvent], files: Sequence[StoredFile] = ()
) -> Entry:
    """Commit what the register counts, all or none; UncountedEventError with the first reason where it would not."""
    refused = next(_after(ledger.entries).follow(ledger.draft(stamp, kind, events, files)), None)
    if refused is not None:
        raise UncountedEventError(refused)
    return ledger.append(stamp, kind, events, files)


def register_rows(entries: Iterable[Entry]) -> list[dict[str, object]]:
    """Return the register as rows of plain values: what tables, datasets and sheets say of it comes from here alone."""
    return [
        {
            **{name: value for name, value in vars(item).items() if name not in _NESTED},
            **vars(item.identity),
            "is_open": item.is_open,
            "due_on": item.due_now_on,
            "evidence": list(item.evidence),
        }
        for item in register(entries).values()
    ]


def history(entries: Iterable[Entry], number: str) -> list[tuple[Entry, NonconformityEvent]]:
    """Return each event about one nonconformity that counts, with its line."""
    before, found = Register(), list[tuple[Entry, NonconformityEvent]]()
    for entry in entries:
        for event in entry.events:
            if before.take(entry, event) is None and isinstance(event, NonconformityEvent) and event.number == number:
                found.append((entry, event))
    return found

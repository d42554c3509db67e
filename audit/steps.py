"""Which step may a nonconformity take from where it stands, and what has to be there before? This table decides.

Invariants:
1. a step that stands in no row of `STEPS` for a state is refused, and a line that says it happened all the same counts
   for nothing (`audit.register` asks here, and so does whoever verifies the record);
2. nothing is ever deleted: what is closed, cancelled or a duplicate stays, with its reason;
3. a major or recurring one has a cause, found by a named method, before its plan;
4. by what it is known that the actions worked is fixed before the first is done, and later periods alone decide it:
   nobody types "effective";
5. whoever verifies, closes or cancels is not and never was the owner, of the nonconformity or of one of its actions;
   nor did they contain it or act on it, but where what was corrected at once is closed as corrected;
6. a day that is stated fits the day of its line, and a check names the line that consolidated its period last;
7. a duplicate points at one that stands by itself: never at another duplicate, nor in a circle.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from audit.events import (
    CauseMethod,
    Criterion,
    EffectCheck,
    Grade,
    NonconformityActed,
    NonconformityAnalysed,
    NonconformityCancelled,
    NonconformityClosed,
    NonconformityContained,
    NonconformityImplemented,
    NonconformityLinked,
    NonconformityPlanned,
    NonconformityReopened,
    NonconformityVerifying,
    PlannedAction,
    Source,
    TakenAwayBy,
)
from audit.names import name_key

State = Literal[
    "open", "contained", "analysed", "planned", "in_progress", "implemented", "verifying", "closed_effective",
    "closed_ineffective", "closed_corrected", "cancelled", "duplicate",
]  # fmt: skip
Step = Literal[
    "contain", "analyse", "plan", "act", "implement", "verify", "close_effective", "close_ineffective",
    "close_corrected", "cancel", "duplicate", "reopen", "link",
]  # fmt: skip
StepEvent = (
    NonconformityContained
    | NonconformityAnalysed
    | NonconformityPlanned
    | NonconformityActed
    | NonconformityImplemented
    | NonconformityVerifying
    | NonconformityClosed
    | NonconformityCancelled
    | NonconformityReopened
    | NonconformityLinked
)
STATES: tuple[State, ...] = get_args(State)
ALL_STEPS: tuple[Step, ...] = get_args(Step)
# In the order of the work; behind them stand the states that a decision ended it in.
OPEN: tuple[State, ...] = STATES[:7]

STEPS: Mapping[Step, Mapping[State, State]] = {
    "contain": {"open": "contained", "contained": "contained"},
    "analyse": {"contained": "analysed", "analysed": "analysed"},
    "plan": {"contained": "planned", "analysed": "planned", "planned": "planned"},
    "act": {"planned": "in_progress", "in_progress": "in_progress"},
    "implement": {"in_progress": "implemented"},
    "verify": {"implemented": "verifying"},
    "close_effective": {"verifying": "closed_effective"},
    "close_ineffective": {"verifying": "closed_ineffective"},
    "close_corrected": dict.fromkeys(("open", "contained", "analysed"), "closed_corrected"),
    "cancel": dict.fromkeys(OPEN, "cancelled"),
    "duplicate": dict.fromkeys(OPEN, "duplicate"),
    "reopen": dict.fromkeys(("closed_effective", "closed_corrected", "cancelled", "duplicate"), "open"),
    "link": {state: state for state in STATES},
}
# Decided by another than who contained it or acted on it.
_OF_ANOTHER: frozenset[Step] = frozenset({"verify", "close_effective", "close_ineffective", "cancel", "duplicate"})
# By how much a day in some zone may differ from the day in UTC.
_A_DAY = timedelta(days=1)
# What recurs is graded a step higher.
HIGHER: Mapping[Grade, Grade] = {"observation": "minor", "minor": "major", "major": "major"}
STATE_VI: Mapping[State, str] = {
    "open": "Mới mở",
    "contained": "Đã ngăn chặn",
    "analysed": "Đã phân tích nguyên nhân",
    "planned": "Đã có kế hoạch",
    "in_progress": "Đang thực hiện",
    "implemented": "Đã thực hiện",
    "verifying": "Đang xác minh",
    "closed_effective": "Đã đóng (có hiệu lực)",
    "closed_ineffective": "Đã đóng (không hiệu lực)",
    "closed_corrected": "Đã đóng (đã khắc phục)",
    "cancelled": "Đã hủy",
    "duplicate": "Trùng lặp",
}
STEP_WORDS: Mapping[Step, tuple[str, str]] = {
    "contain": ("ghi ngăn chặn", "be contained"),
    "analyse": ("phân tích nguyên nhân", "be analysed"),
    "plan": ("lập kế hoạch", "be planned"),
    "act": ("ghi hành động", "be acted on"),
    "implement": ("kết thúc thực hiện", "be implemented"),
    "verify": ("xác minh", "be verified"),
    "close_effective": ("đóng theo hiệu lực", "be closed by its effect"),
    "close_ineffective": ("đóng theo hiệu lực", "be closed by its effect"),
    "close_corrected": ("đóng vì đã khắc phục", "be closed as corrected"),
    "cancel": ("hủy", "be cancelled"),
    "duplicate": ("ghi là trùng", "be a duplicate"),
    "reopen": ("mở lại", "be reopened"),
    "link": ("liên kết", "be linked"),
}
# What a state lacks for the steps behind it, and the command that brings it.
_LACKS: Mapping[State, tuple[str, str, str]] = {
    "open": ("chưa ghi cách ngăn chặn, khắc phục", "no containment is recorded", "contain"),
    "contained": ("chưa tìm nguyên nhân", "no cause was looked for", "analyse"),
    "analysed": ("chưa có kế hoạch", "there is no plan", "plan"),
    "planned": ("chưa hành động nào được thực hiện", "no action was done", "act"),
    "in_progress": ("chưa kết thúc thực hiện", "the actions are not said to be implemented", "implement"),
    "implemented": ("chưa ai xác minh", "nobody has looked at the evidence", "verify"),
    "verifying": ("đang chờ số liệu kỳ sau", "it waits for later data", "close"),
}


@dataclass(frozen=True)
class Action:
    """An action of a plan, and when it was done by what evidence; None while it is not."""

    number: int
    kind: str
    text: str
    owner: str
    due_on: date
    done_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Hand:
    """Who did something about a nonconformity: under which name, signed by which key, if any."""

    name: str
    key: str | None


@dataclass(frozen=True)
class Consolidation:
    """The line that consolidated a period last, and its day in UTC."""

    seq: int
    on: date


@dataclass(frozen=True)
class Taking:
    """Who takes a step, on which day in UTC, signed by which key, and which line consolidated each period last."""

    actor: str
    on: date
    key: str | None
    consolidated: Mapping[str, Consolidation]

    @property
    def latest_on(self) -> date:
        """The last day that it can be anywhere."""
        return self.on + _A_DAY


@dataclass(frozen=True, order=True)
class Identity:
    """What makes two breaches the same nonconformity; unit_code "" is the department."""

    rule_id: str
    unit_code: str
    period: str
    dataset: str


@dataclass(frozen=True)
class Nonconformity:
    """A nonconformity as the events up to now leave it.

    `gone_at` is the moment of the consolidation that no longer found it, `gone_submission` what took it away;
    `owners` are all who ever owned it or an action of it, `hands` who contained it or acted on it.
    """

    number: str
    identity: Identity
    rule_version: int
    grade: Grade
    clause: str
    state: State
    opened_at: str
    checked_count: int
    failing_count: int
    evidence: tuple[str, ...]
    source: Source = "rule"
    process: str = ""
    description: str = ""
    owner: str = ""
    owners: tuple[str, ...] = ()
    hands: tuple[Hand, ...] = ()
    due_on: date | None = None
    gone_at: str | None = None
    gone_because: TakenAwayBy | None = None
    gone_submission: str | None = None
    returned_at: str | None = None
    recurrence_of: str | None = None
    recurrence_count: int = 0
    followed_by: str | None = None
    duplicate_of: str | None = None
    related_to: tuple[str, ...] = ()
    correction: str = ""
    method: CauseMethod | None = None
    cause: str = ""
    similar: str = ""
    actions: tuple[Action, ...] = ()
    criterion: Criterion | None = None
    checks: tuple[EffectCheck, ...] = ()
    decided_at: str | None = None
    decided_by: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed or cancelled it yet."""
        return self.state in OPEN

    @property
    def was_none(self) -> bool:
        """Whether somebody decided that it was none, or another's duplicate: it stands for nothing itself."""
        return self.state in ("cancelled", "duplicate")

    @property
    def needs_cause(self) -> bool:
        """Whether its cause has to be found: a major one, and one that recurs."""
        return self.grade == "major" or self.recurrence_of is not None

    @property
    def open_actions(self) -> tuple[Action, ...]:
        """The actions of its plan that are not done."""
        return tuple(one for one in self.actions if one.done_on is None)

    @property
    def last_done_on(self) -> date | None:
        """The day on which the last of its actions was done; None while one is not, or there is none."""
        if self.open_actions or not self.actions:
            return None
        return max(one.done_on for one in self.actions if one.done_on is not None)

    @property
    def due_now_on(self) -> date | None:
        """By when something has to be done: the next action of its plan, else the whole; None while data decide."""
        if not self.is_open or self.state in ("implemented", "verifying"):
            return None
        return min((one.due_on for one in self.open_actions), default=self.due_on)

    def is_overdue(self, today: date) -> bool:
        """Tell whether what has to be done was not done by its day."""
        return self.due_now_on is not None and self.due_now_on < today

    def is_owner(self, name: str) -> bool:
        """Tell whether this is or was the owner of it or of one of its actions, however the name is spelled."""
        owners = (self.owner, *self.owners, *(action.owner for action in self.actions))
        return name_key(name) in {name_key(one) for one in owners}

    def has_hand_of(self, taking: Taking) -> bool:
        """Tell whether they contained it or acted on it, under this name or with this key."""
        return any(
            name_key(one.name) == name_key(taking.actor) or (one.key is not None and one.key == taking.key)
            for one in self.hands
        )

    def breaks(self, criterion: Criterion, period: str) -> bool:
        """Tell whether it is what a criterion's rule found of its unit in a period, whatever was decided about it."""
        about = criterion.rule_id, criterion.unit_code, period
        same = (self.identity.rule_id, self.identity.unit_code, self.identity.period) == about
        return same and self.gone_at is None


def step_of(event: StepEvent) -> Step:
    """Return which step an event is."""
    match event:
        case NonconformityContained():
            return "contain"
        case NonconformityAnalysed():
            return "analyse"
        case NonconformityPlanned():
            return "plan"
        case NonconformityActed():
            return "act"
        case NonconformityImplemented():
            return "implement"
        case NonconformityVerifying():
            return "verify"
        case NonconformityClosed(outcome="effective"):
            return "close_effective"
        case NonconformityClosed(outcome="ineffective"):
            return "close_ineffective"
        case NonconformityClosed():
            return "close_corrected"
        case NonconformityCancelled(duplicate_of=None):
            return "cancel"
        case NonconformityCancelled():
            return "duplicate"
        case NonconformityReopened():
            return "reopen"
        case NonconformityLinked():
            return "link"


def state_refusal(item: Nonconformity, step: Step) -> str | None:
    """Return why a step cannot be taken from this state, in one sentence that says what is missing; None where it can.

    Of a step that is only for simple ones, that this one is not.
    """
    if item.state in STEPS[step] and not (step == "plan" and item.state == "contained" and item.needs_cause):
        return None
    vi, en = STEP_WORDS[step]
    if step == "reopen":
        lack = ("vẫn đang mở", "is still open", "show")
        if not item.is_open:
            follower = item.followed_by or "điểm sau / the one after"
            lack = (f"được tiếp nối bởi {follower}", f"goes on in {follower}", "show")
    elif not item.is_open:
        lack = (f"{STATE_VI[item.state].lower()}, không còn gì chờ", f"is {item.state}", "reopen")
    elif item.state not in STEPS[step] and _is_past(item.state, step):
        lack = (f"{STATE_VI[item.state].lower()}, đã qua bước này", f"is {item.state}, past this step", "show")
    else:
        lack = _LACKS[item.state]
    return f"{item.number}: chưa thể {vi}: {lack[0]} / cannot {en}: {lack[1]}: motcua nc {lack[2]} {item.number}"


def _is_past(state: State, step: Step) -> bool:
    return all(OPEN.index(state) > OPEN.index(one) for one in STEPS[step])


def refusal(known: Mapping[str, Nonconformity], event: StepEvent, taking: Taking) -> str | None:
    """Return why this event may not follow what is known, in one sentence; None where it may."""
    item = known.get(event.number)
    if item is None:
        return f"{event.number}: không có điểm này / there is no such nonconformity: motcua nc list"
    return state_refusal(item, step_of(event)) or next(_lacking(known, item, event, taking), None)


def _lacking(
    known: Mapping[str, Nonconformity], item: Nonconformity, event: StepEvent, taking: Taking
) -> Iterator[str]:
    """Yield what an event lacks, each in one sentence."""
    decides = isinstance(event, NonconformityVerifying | NonconformityClosed | NonconformityCancelled)
    if decides and item.is_owner(taking.actor):
        yield (
            f"{item.number}: {taking.actor} là hoặc từng là người chịu trách nhiệm nên không được xác minh hay đóng"
            " / owns it or did and may neither verify nor close it: người khác gõ / somebody else types: --actor …"
        )
    if step_of(event) in _OF_ANOTHER and item.has_hand_of(taking):
        yield (
            f"{item.number}: {taking.actor} đã ngăn chặn hoặc thực hiện nên không được xác minh, đóng hay hủy"
            " / contained it or acted on it and may not verify, close or cancel it:"
            " người khác gõ / somebody else types: --actor …"
        )
    blank = next((name for name, text in _texts(event) if not text.strip()), None)
    if blank is not None:
        yield f"{item.number}: --{blank} trống / is empty: motcua nc {step_of(event).split('_')[0]} --help"
    match event:
        case NonconformityPlanned():
            if [one.number for one in event.actions] != list(range(1, len(event.actions) + 1)) or not event.actions:
                yield f"{item.number}: kế hoạch không có hành động / the plan has no action: --action"
            yield from _fixing(item, event.criterion, taking)
        case NonconformityActed():
            yield from _acting(item, event, taking)
        case NonconformityImplemented() | NonconformityVerifying():
            if item.open_actions:
                left = ", ".join(str(one.number) for one in item.open_actions)
                yield (
                    f"{item.number}: hành động {left} chưa xong / action {left} is still open:"
                    f" motcua nc act {item.number} --action {item.open_actions[0].number}"
                )
        case NonconformityClosed():
            yield from _closing(known, item, event, taking)
        case NonconformityCancelled(duplicate_of=str(other)) | NonconformityLinked(to=str(other)):
            if other not in known or other == item.number:
                yield f"{other}: không phải một điểm khác / is no other nonconformity: motcua nc list"
            elif isinstance(event, NonconformityCancelled):
                yield from _doubling(known, item, known[other])
        case _:
            pass


def _texts(event: StepEvent) -> Iterator[tuple[str, str]]:
    """Yield what a person has to say with a step, by the option that says it."""
    match event:
        case NonconformityContained():
            yield "correction", event.correction
        case NonconformityAnalysed():
            yield from (("cause", event.cause), ("similar", event.similar))
        case NonconformityPlanned():
            yield from (("action", one.text) for one in event.actions)
            yield from (("action", one.owner) for one in event.actions)
        case NonconformityActed():
            yield "evidence", event.evidence
        case NonconformityImplemented():
            yield from (("risks", event.risks), ("system", event.system))
        case NonconformityClosed() | NonconformityCancelled() | NonconformityReopened():
            yield "reason", event.reason
        case _:
            pass


def _doubling(known: Mapping[str, Nonconformity], item: Nonconformity, other: Nonconformity) -> Iterator[str]:
    if other.was_none:
        yield (
            f"{other.number}: {STATE_VI[other.state].lower()}, không đứng thay điểm khác được / is {other.state} and"
            f" stands for no other: motcua nc show {other.number}"
        )
    stood_for = [one.number for one in known.values() if one.duplicate_of == item.number]
    if stood_for:
        yield (
            f"{item.number}: {', '.join(stood_for)} là bản trùng của điểm này / are its duplicates, so it cannot be"
            f" one: motcua nc show {item.number}"
        )


def _fixing(item: Nonconformity, criterion: Criterion, taking: Taking) -> Iterator[str]:
    if abs(criterion.fixed_on - taking.on) > _A_DAY:
        yield (
            f"{item.number}: ngày định tiêu chí {criterion.fixed_on:%d/%m/%Y} không phải ngày ghi"
            f" {taking.on:%d/%m/%Y} / is not the day on which it is written: motcua nc plan {item.number}"
        )
    is_own = criterion.rule_id == item.identity.rule_id if item.source == "rule" else bool(criterion.rule_id.strip())
    if criterion.unit_code != item.identity.unit_code or not is_own:
        yield (
            f"{item.number}: tiêu chí {criterion.rule_id} {criterion.unit_code} không phải quy tắc, đơn vị của điểm này"
            " / is not this one's rule and unit: --rule"
        )


def _acting(item: Nonconformity, event: NonconformityActed, taking: Taking) -> Iterator[str]:
    action = next((one for one in item.actions if one.number == event.action), None)
    if action is None:
        yield f"{item.number}: kế hoạch không có hành động {event.action} / the plan has no such action: motcua nc show"
    elif action.done_on is not None:
        yield f"{item.number}: hành động {event.action} đã xong / this action is done already: motcua nc show"
    if item.criterion is None or event.done_on < item.criterion.fixed_on:
        fixed = f"{item.criterion.fixed_on:%d/%m/%Y}" if item.criterion is not None else "–"
        yield (
            f"{item.number}: ngày xong {event.done_on:%d/%m/%Y} trước ngày định tiêu chí hiệu lực {fixed} / was done"
            " before it was fixed by what one knows that it worked: --done-on"
        )
    if event.done_on > taking.latest_on:
        yield f"{item.number}: ngày xong {event.done_on:%d/%m/%Y} chưa tới / is still to come: --done-on"


def _closing(
    known: Mapping[str, Nonconformity], item: Nonconformity, event: NonconformityClosed, taking: Taking
) -> Iterator[str]:
    if event.outcome == "corrected":
        if item.needs_cause:
            yield (
                f"{item.number}: nặng hoặc lặp lại nên cần tìm nguyên nhân / is major or recurs, so its cause has to be"
                f" found: motcua nc {_LACKS[item.state][2]} {item.number}"
            )
        if item.state == "open" and item.gone_at is None:
            yield (
                f"{item.number}: số liệu vẫn thấy lỗi và chưa ghi cách khắc phục / the data still show it and no"
                f" correction is recorded: motcua nc contain {item.number}"
            )
        return
    counted = [one for one in event.checks if item.last_done_on is not None and one.first_day > item.last_done_on]
    failed = [one for one in counted if not one.holds]
    if event.outcome == "ineffective":
        yield from _following(known, item, failed, event.followed_by)
    else:
        yield from _holding(item, counted)
    yield from (
        f"{item.number}: tổng hợp kỳ {one.period} không nói như vậy / what consolidated the period does not say so:"
        f" motcua consolidate {one.period}"
        for one in event.checks
        if one not in counted or not _is_so(known, item, one, taking)
    )


def _holding(item: Nonconformity, counted: Sequence[EffectCheck]) -> Iterator[str]:
    held = {one.period for one in counted if one.holds}
    needed = item.criterion.period_count if item.criterion is not None else 1
    if len(held) < needed or not all(one.holds for one in counted):
        yield (
            f"{item.number}: mới có {len(held)}/{needed} kỳ sau hành động cho thấy đã hết / {len(held)} of {needed}"
            " periods after the action show that it holds: motcua consolidate"
        )


def _is_so(known: Mapping[str, Nonconformity], item: Nonconformity, check: EffectCheck, taking: Taking) -> bool:
    """Tell whether a check can be what the last consolidation of a later period said."""
    last = taking.consolidated.get(check.period)
    if last is None or item.criterion is None or check.period == item.identity.period:
        return False
    is_broken = any(one.breaks(item.criterion, check.period) for one in known.values())
    is_evaluated = 0 <= check.failing_count <= check.checked_count and check.checked_count > 0
    return (
        (last.seq, check.holds, check.holds) == (check.seq, not is_broken, check.failing_count == 0)
        and is_evaluated
        and check.first_day <= last.on
    )


def _following(
    known: Mapping[str, Nonconformity], item: Nonconformity, failed: Sequence[EffectCheck], follower: str | None
) -> Iterator[str]:
    after = known.get(follower) if follower is not None else None
    if after is None or item.criterion is None or not any(after.breaks(item.criterion, one.period) for one in failed):
        yield f"{item.number}: chưa kỳ nào cho thấy không hiệu lực / no later period shows that it did not work"
    elif after.was_none:
        yield (
            f"{after.number}: {STATE_VI[after.state].lower()}, mở lại trước đã / is {after.state} and has to be open"
            f" again first: motcua nc reopen {after.number}"
        )


def planned(actions: tuple[PlannedAction, ...]) -> tuple[Action, ...]:
    """Return the actions of a plan, none of them done."""
    return tuple(Action(one.number, one.kind, one.text, one.owner, one.due_on) for one in actions)

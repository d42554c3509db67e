"""Each step of a nonconformity from each state: what the table lets, and one sentence for every other pair."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from audit.events import (
    Criterion,
    EffectCheck,
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
)
from audit.steps import (
    ALL_STEPS,
    STATES,
    Action,
    Consolidation,
    Hand,
    Identity,
    Nonconformity,
    State,
    Step,
    StepEvent,
    Taking,
    refusal,
    step_of,
)

NUMBER, OTHER = "NC-2022-Q1-001", "NC-2022-Q2-001"
MANAGER, OWNER = "Người Thử Nghiệm 017", "Người Thử Nghiệm 018"
FIXED, DONE = date(2022, 3, 21), date(2022, 3, 25)
# What the department decided, written out once more, in the order of the states.
TABLE = """
contain           | x | x | . | . | . | . | . | . | . | . | . | .
analyse           | . | x | x | . | . | . | . | . | . | . | . | .
plan              | . | . | x | x | . | . | . | . | . | . | . | .
act               | . | . | . | x | x | . | . | . | . | . | . | .
implement         | . | . | . | . | x | . | . | . | . | . | . | .
verify            | . | . | . | . | . | x | . | . | . | . | . | .
close_effective   | . | . | . | . | . | . | x | . | . | . | . | .
close_ineffective | . | . | . | . | . | . | x | . | . | . | . | .
close_corrected   | . | . | . | . | . | . | . | . | . | . | . | .
cancel            | x | x | x | x | x | x | x | . | . | . | . | .
duplicate         | x | x | x | x | x | x | x | . | . | . | . | .
reopen            | . | . | . | . | . | . | . | x | . | x | x | x
link              | x | x | x | x | x | x | x | x | x | x | x | x
"""
OF_A_MAJOR: dict[tuple[str, str], bool] = {
    (cells[0], state): cell == "x"
    for line in TABLE.strip().splitlines()
    for cells in [[cell.strip() for cell in line.split("|")]]
    for state, cell in zip(STATES, cells[1:], strict=True)
}
PLAN = PlannedAction(number=1, kind="corrective", text="đổi quy trình", owner=OWNER, due_on=date(2022, 4, 29))
CRITERION = Criterion(rule_id="D037", unit_code="VP", period_count=1, fixed_on=FIXED)


def check(period: str = "2022-Q2", first_day: date = date(2022, 3, 26), *, holds: bool = True) -> EffectCheck:
    return EffectCheck(
        period=period, first_day=first_day, seq=9, holds=holds, checked_count=5, failing_count=int(not holds)
    )  # fmt: skip


EVENTS: Mapping[Step, StepEvent] = {
    "contain": NonconformityContained(number=NUMBER, correction="gửi thư xin lỗi"),
    "analyse": NonconformityAnalysed(number=NUMBER, method="5-why", cause="thiếu người", similar="không"),
    "plan": NonconformityPlanned(number=NUMBER, actions=(PLAN,), criterion=CRITERION),
    "act": NonconformityActed(number=NUMBER, action=1, done_on=DONE, evidence="QĐ 017"),
    "implement": NonconformityImplemented(number=NUMBER, risks="có", system="không"),
    "verify": NonconformityVerifying(number=NUMBER),
    "close_effective": NonconformityClosed(number=NUMBER, outcome="effective", reason="đạt", checks=(check(),)),
    "close_ineffective": NonconformityClosed(
        number=NUMBER, outcome="ineffective", reason="chưa", checks=(check(holds=False),), followed_by=OTHER
    ),
    "close_corrected": NonconformityClosed(number=NUMBER, outcome="corrected", reason="đã nhận"),
    "cancel": NonconformityCancelled(number=NUMBER, reason="nhầm"),
    "duplicate": NonconformityCancelled(number=NUMBER, reason="trùng", duplicate_of=OTHER),
    "reopen": NonconformityReopened(number=NUMBER, reason="còn"),
    "link": NonconformityLinked(number=NUMBER, to=OTHER, is_recurrence=False),
}


def planned_by(**criterion: object) -> NonconformityPlanned:
    return NonconformityPlanned(number=NUMBER, actions=(PLAN,), criterion=CRITERION.model_copy(update=criterion))


def closed_on(**stated: object) -> NonconformityClosed:
    said = check().model_copy(update=stated)
    return NonconformityClosed(number=NUMBER, outcome="effective", reason="đạt", checks=(said,))


def standing(state: State, **other: object) -> Nonconformity:
    """Return a major one as it would stand there: with an action from its plan on, done from its acting on."""
    done = Action(1, "corrective", PLAN.text, OWNER, PLAN.due_on, DONE, "QĐ 017")
    is_done = state in ("implemented", "verifying")
    action = done if is_done else replace(done, done_on=None, evidence="")
    identity = Identity("D037", "VP", "2022-Q1", "dossier")
    item = Nonconformity(
        NUMBER, identity, 1, "major", "8.7", state, "2022-03-20T02:00:00Z", 5, 1, (), owner="VP", actions=(action,),
        criterion=CRITERION,
    )  # fmt: skip
    return replace(item, **other)  # type: ignore[arg-type]


def day_of(event: StepEvent) -> date:
    """Return the day on which such an event is written; what is decided is decided when the later periods are over."""
    if isinstance(event, NonconformityPlanned):
        return FIXED
    return DONE if isinstance(event, NonconformityActed) else date(2022, 12, 20)


def taking(event: StepEvent, actor: str = MANAGER, key: str | None = None) -> Taking:
    over = {name: Consolidation(9, date(2022, 9, 20)) for name in ("2022-Q2", "2022-Q3")}
    return Taking(actor, day_of(event), key, over)


def refused(item: Nonconformity, event: StepEvent, actor: str = MANAGER, key: str | None = None) -> str | None:
    other = replace(item, number=OTHER)
    if isinstance(event, NonconformityClosed) and event.outcome == "ineffective":
        other = replace(other, identity=replace(item.identity, period="2022-Q2"))
    return refusal({NUMBER: item, OTHER: other}, event, taking(event, actor, key))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", ALL_STEPS)
def test_each_step_is_let_from_the_states_of_the_table_and_refused_in_one_sentence_else(
    step: Step, state: State
) -> None:
    item = standing(state)
    if step == "implement":
        item = replace(item, actions=(replace(item.actions[0], done_on=DONE),))
    assert step_of(EVENTS[step]) == step
    said = refused(item, EVENTS[step])
    assert (said is None) is OF_A_MAJOR[step, state], said
    if said is not None:
        # One line, in both languages, naming which and what to type.
        assert said.startswith(NUMBER)
        assert "\n" not in said
        assert " / " in said
        assert "motcua nc " in said or "--actor" in said


LACKING: Mapping[str, tuple[Nonconformity, StepEvent, str, str]] = {
    "a major one is planned without a cause": (standing("contained"), EVENTS["plan"], MANAGER, "no cause was looked for"),
    "a recurring one is planned without a cause": (
        standing("contained", grade="minor", recurrence_of=OTHER), EVENTS["plan"], MANAGER, "no cause was looked for"
    ),
    "a recurring one is closed as corrected": (
        standing("contained", grade="minor", recurrence_of=OTHER), EVENTS["close_corrected"], MANAGER, "recurs"
    ),
    "a minor one that data still show is closed as corrected": (
        standing("open", grade="minor"), EVENTS["close_corrected"], MANAGER, "no correction is recorded"
    ),
    "the plan has no action": (
        standing("analysed"), NonconformityPlanned(number=NUMBER, actions=(), criterion=CRITERION), MANAGER, "no action"
    ),
    "an action was done before one fixed by what one knows": (
        standing("planned"), EVENTS["act"].model_copy(update={"done_on": date(2022, 3, 20)}), MANAGER, "was done before"
    ),
    "an action that is not there is done": (
        standing("planned"), EVENTS["act"].model_copy(update={"action": 2}), MANAGER, "no such action"
    ),
    "an action is done again": (
        standing("in_progress", actions=standing("implemented").actions), EVENTS["act"], MANAGER, "done already"
    ),
    "implemented while an action is open": (standing("in_progress"), EVENTS["implement"], MANAGER, "still open"),
    "verified while an action is open": (
        standing("implemented", actions=standing("planned").actions), EVENTS["verify"], MANAGER, "still open"
    ),
    "verified by the owner of an action": (standing("implemented"), EVENTS["verify"], OWNER.upper(), "owns it"),
    "closed by the owner": (standing("verifying", owner=MANAGER), EVENTS["close_effective"], MANAGER, "owns it"),
    "closed on no later period": (
        standing("verifying"), EVENTS["close_effective"].model_copy(update={"checks": ()}), MANAGER, "0 of 1"
    ),
    "closed on the period of the action": (
        standing("verifying"), EVENTS["close_effective"].model_copy(update={"checks": (check(first_day=DONE),)}),
        MANAGER, "0 of 1",
    ),
    "closed on one period of two": (
        standing("verifying", criterion=CRITERION.model_copy(update={"period_count": 2})), EVENTS["close_effective"],
        MANAGER, "1 of 2",
    ),
    "closed on the same period twice": (
        standing("verifying", criterion=CRITERION.model_copy(update={"period_count": 2})),
        EVENTS["close_effective"].model_copy(update={"checks": (check(), check())}), MANAGER, "1 of 2",
    ),
    "closed as effective though a later period fails": (
        standing("verifying"),
        EVENTS["close_effective"].model_copy(update={"checks": (check(), check("2022-Q3", holds=False))}), MANAGER,
        "1 of 1",
    ),
    "closed as ineffective though nothing fails": (
        standing("verifying"), EVENTS["close_ineffective"].model_copy(update={"checks": (check(),)}), MANAGER,
        "no later period shows",
    ),
    "ineffective, and goes on nowhere": (
        standing("verifying"), EVENTS["close_ineffective"].model_copy(update={"followed_by": None}), MANAGER,
        "no later period shows",
    ),
    "verified by who contained it under another name": (
        standing("implemented", hands=(Hand("Người Thử Nghiệm 019", "aa"),)), EVENTS["verify"], MANAGER, "contained it"
    ),
    "closed by who acted on it": (
        standing("verifying", hands=(Hand(MANAGER.upper(), None),)), EVENTS["close_effective"], MANAGER, "contained it"
    ),
    "cancelled by who owned it once": (
        standing("verifying", owners=(MANAGER, "VP")), EVENTS["cancel"], MANAGER, "owns it or did"
    ),
    "a criterion of another day": (
        standing("analysed"), planned_by(fixed_on=date(2022, 3, 19)), MANAGER, "is not the day on which it is written"
    ),
    "a criterion of another unit": (
        standing("analysed"), planned_by(unit_code="TV"), MANAGER, "is not this one's rule and unit"
    ),
    "a criterion of another rule": (
        standing("analysed"), planned_by(rule_id="P001"), MANAGER, "is not this one's rule and unit"
    ),
    "an action is done on a day to come": (
        standing("planned"), EVENTS["act"].model_copy(update={"done_on": date(2022, 3, 27)}), MANAGER, "still to come"
    ),
    "closed on a period that was not consolidated": (
        standing("verifying"), closed_on(period="2022-Q4"), MANAGER, "does not say so"
    ),
    "closed on what another line said": (standing("verifying"), closed_on(seq=8), MANAGER, "does not say so"),
    "closed on a period that begins after it was consolidated": (
        standing("verifying"), closed_on(first_day=date(2022, 9, 21)), MANAGER, "does not say so"
    ),
    "closed on its own period": (
        standing("verifying", identity=Identity("D037", "VP", "2022-Q3", "dossier"), gone_at="2022-09-01T00:00:00Z"),
        closed_on(period="2022-Q3"), MANAGER, "does not say so",
    ),
    "closed as effective on a period in which something fails": (
        standing("verifying"), closed_on(failing_count=1), MANAGER, "does not say so"
    ),
    "closed as effective on nothing that was checked": (
        standing("verifying"), closed_on(checked_count=0), MANAGER, "does not say so"
    ),
    "a duplicate of itself": (
        standing("open"), EVENTS["duplicate"].model_copy(update={"duplicate_of": NUMBER}), MANAGER, "no other"
    ),
    "linked to nothing": (
        standing("open"), EVENTS["link"].model_copy(update={"to": "NC-2022-Q1-099"}), MANAGER, "no other"
    ),
    "cancelled without a reason": (
        standing("open"), EVENTS["cancel"].model_copy(update={"reason": " "}), MANAGER, "--reason trống"
    ),
    "a cause without words": (
        standing("contained"), EVENTS["analyse"].model_copy(update={"cause": ""}), MANAGER, "--cause trống"
    ),
}  # fmt: skip


@pytest.mark.parametrize("lack", LACKING)
def test_what_a_step_lacks_is_said(lack: str) -> None:
    item, event, actor, said = LACKING[lack]
    assert said in str(refused(item, event, actor, "aa"))


def test_a_minor_isolated_one_is_closed_by_one_decision_once_it_is_gone_or_was_corrected() -> None:
    gone = standing("open", grade="minor", actions=(), gone_at="2022-03-22T02:00:00Z", gone_because="received")
    assert refused(gone, EVENTS["close_corrected"]) is None
    assert refused(standing("contained", grade="minor", actions=()), EVENTS["close_corrected"]) is None
    assert refused(standing("contained", grade="minor", actions=()), EVENTS["plan"]) is None
    assert refused(standing("open", gone_at="2022-03-22T02:00:00Z", gone_because="received"), EVENTS["close_corrected"])


def test_what_is_not_there_takes_no_step() -> None:
    assert "no such nonconformity" in str(refusal({}, EVENTS["contain"], taking(EVENTS["contain"])))


def test_what_waits_for_later_data_is_not_overdue() -> None:
    late = date(2022, 12, 1)
    assert standing("planned").is_overdue(late)
    assert not standing("planned").is_overdue(PLAN.due_on)
    assert not standing("verifying").is_overdue(late)
    assert not standing("cancelled", due_on=FIXED).is_overdue(late)
    assert standing("open", actions=(), due_on=FIXED).is_overdue(late)

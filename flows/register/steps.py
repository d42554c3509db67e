"""How does a nonconformity take a step? Asked of the one table under the lock, then committed, signed by who decides.

What the table refuses (`audit.steps`) is a person's mistake: one sentence that says what is missing.
"""

from collections.abc import Sequence

from audit.authority import Action
from audit.events import (
    Criterion,
    NonconformityClosed,
    NonconformityPlanned,
    NonconformityRecorded,
    PlannedAction,
)
from audit.ledger import Ledger
from audit.register import UncountedEventError, append_counted, register
from audit.steps import Nonconformity, StepEvent, state_refusal
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.register.effect import effect_checks, standing_in
from schemas.nearest import names_meant
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse.workspace import Workspace


def nonconformity_named(ledger: Ledger, number: str) -> Nonconformity:
    """Return the nonconformity of this number, whatever its case; MisuseError names the nearest."""
    known = register(ledger.entries)
    if number.upper() not in known:
        raise MisuseError(
            f"{number}: không có điểm này / there is no such nonconformity: {names_meant(number.upper(), known)}:"
            " motcua nc list"
        )
    return known[number.upper()]


def commit(
    ledger: Ledger, door: Door, kind: str, events: Sequence[StepEvent | NonconformityRecorded]
) -> tuple[Nonconformity, ...]:
    """Commit what is said of several nonconformities, all or none; MisuseError with the first refusal."""
    try:
        append_counted(ledger, door.stamp, kind, list(events))
    except UncountedEventError as error:
        raise MisuseError(str(error)) from error
    after = register(ledger.entries)
    return tuple(after[event.number] for event in events)


def _step(ledger: Ledger, door: Door, events: Sequence[StepEvent]) -> tuple[Nonconformity, ...]:
    return commit(ledger, door, f"nc {events[0].event.removeprefix('nonconformity_')}", events)


def take_step(workspace: Workspace, door: Door, action: Action, event: StepEvent) -> Nonconformity:
    """Take one step as a command of its own."""
    with entered(workspace, door, action, subject=event.number) as ledger:
        item = nonconformity_named(ledger, event.number)
        [after] = _step(ledger, door, [event.model_copy(update={"number": item.number})])
        return after


def plan_actions(
    workspace: Workspace,
    door: Door,
    number: str,
    actions: Sequence[PlannedAction],
    period_count: int,
    rule_id: str | None = None,
) -> Nonconformity:
    """Plan actions and fix by what it will be known that they worked: the rule, over the unit, in later periods."""
    with entered(workspace, door, "decide_nonconformity", subject=number) as ledger:
        item = nonconformity_named(ledger, number)
        rule = _criterion_rule(workspace.plan, door, item, rule_id)
        fixed = Criterion(
            rule_id=rule, unit_code=item.identity.unit_code, period_count=period_count,
            fixed_on=door.today(workspace.plan),
        )  # fmt: skip
        event = NonconformityPlanned(number=item.number, actions=tuple(actions), criterion=fixed)
        [after] = _step(ledger, door, [event])
        return after


def _criterion_rule(plan: Plan, door: Door, item: Nonconformity, stated: str | None) -> str:
    """Return the rule by which it will be known; one that opens nonconformities, since those are what is looked for."""
    rules = plan.catalogue.on(door.today(plan))
    known = [rule.id for rule in rules.values() if rule.grade is not None and rule.severity == "fatal"]
    chosen = (stated or item.identity.rule_id).upper()
    if chosen not in known:
        raise MisuseError(
            f"{item.number}: --rule {chosen or '?'}: cần quy tắc mở điểm không phù hợp / has to be a rule that opens"
            f" nonconformities: {names_meant(chosen, known)}"
        )
    return chosen


def close_by_effect(workspace: Workspace, door: Door, number: str, reason: str) -> Nonconformity:
    """Close by what later periods show: effective, or ineffective and going on in the one that they opened."""
    with entered(workspace, door, "decide_nonconformity", subject=number) as ledger:
        item, known = nonconformity_named(ledger, number), register(ledger.entries)
        refused = state_refusal(item, "close_effective")
        if refused is not None:
            raise MisuseError(refused)
        checks = effect_checks(workspace, ledger, workspace.plan, known, item)
        failed = next((one for one in checks if not one.holds), None)
        follower = standing_in(known, item, failed.period) if failed is not None else None
        event = NonconformityClosed(
            number=item.number,
            outcome="effective" if failed is None else "ineffective",
            reason=reason.strip(),
            checks=checks,
            followed_by=follower.number if follower is not None else None,
        )
        [after] = _step(ledger, door, [event])
        return after


def close_corrected(
    workspace: Workspace, door: Door, numbers: Sequence[str], all_gone: Period | None, reason: str
) -> tuple[Nonconformity, ...]:
    """Close as corrected, in one decision: these, or every simple one of a period that later data took away."""
    with entered(workspace, door, "decide_nonconformity", subject=" ".join(numbers)) as ledger:
        chosen = [nonconformity_named(ledger, number).number for number in dict.fromkeys(numbers)]
        if all_gone is not None:
            chosen += [one.number for one in awaiting(ledger, all_gone) if one.number not in chosen]
        if not chosen:
            raise MisuseError(
                "không có điểm nào chờ đóng / nothing waits to be closed: nêu số / name a number: motcua nc list"
            )
        events = [NonconformityClosed(number=number, outcome="corrected", reason=reason.strip()) for number in chosen]
        return _step(ledger, door, events)


def awaiting(ledger: Ledger, period: Period) -> tuple[Nonconformity, ...]:
    """Return what one decision may close: minor, isolated, and taken away by later data."""
    return tuple(
        one
        for one in register(ledger.entries).values()
        if one.identity.period == period.id
        and one.gone_at is not None
        and not one.needs_cause
        and state_refusal(one, "close_corrected") is None
    )

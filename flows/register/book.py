"""Which nonconformities are there on a day, what became of each, and which are late?"""

from dataclasses import dataclass
from datetime import date

from audit.events import EffectCheck, Entry
from audit.ledger import Ledger
from audit.register import NonconformityEvent, history, register
from audit.steps import Nonconformity
from audit.waivers import Waiver, in_force
from flows.measures.wording import local_day
from flows.register.effect import effect_checks
from flows.register.steps import nonconformity_named
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Line:
    """One nonconformity on a day: how many days old, and the waiver beside it."""

    item: Nonconformity
    age_days: int
    is_overdue: bool
    waiver: Waiver | None


@dataclass(frozen=True)
class Card:
    """One nonconformity with all that was ever said of it, and what later periods say of its criterion so far."""

    line: Line
    history: tuple[tuple[Entry, NonconformityEvent], ...]
    checks: tuple[EffectCheck, ...]


def lines(
    ledger: Ledger,
    plan: Plan,
    today: date,
    period: Period | None = None,
    *,
    only_open: bool = False,
    only_overdue: bool = False,
) -> tuple[Line, ...]:
    """Return the register, or what of it is open, or late, on a day."""
    found = (_line(ledger, plan, one, today) for one in register(ledger.entries).values())
    return tuple(
        one
        for one in found
        if (period is None or one.item.identity.period == period.id)
        and (one.item.is_open or not only_open)
        and (one.is_overdue or not only_overdue)
    )


def _line(ledger: Ledger, plan: Plan, item: Nonconformity, today: date) -> Line:
    holding = in_force(ledger.entries, item.identity.period, today)
    ended = item.decided_at if not item.is_open and item.decided_at is not None else None
    until = local_day(ended, plan.zone) if ended is not None else today
    waiver = holding.get((item.identity.rule_id, item.identity.unit_code))
    return Line(item, (until - local_day(item.opened_at, plan.zone)).days, item.is_overdue(today), waiver)


def card(workspace: Workspace, ledger: Ledger, plan: Plan, number: str, today: date) -> Card:
    """Return everything about one nonconformity; MisuseError where there is none of this number."""
    item = nonconformity_named(ledger, number)
    told = tuple(history(ledger.entries, item.number))
    checks = effect_checks(workspace, ledger, plan, register(ledger.entries), item) if item.is_open else item.checks
    return Card(_line(ledger, plan, item, today), told, checks)

"""How does a nonconformity enter the register that no rule found: of an audit, a complaint, a review, or seen?"""

from dataclasses import dataclass
from datetime import date

from audit.events import Grade, NonconformityRecorded, Source
from audit.ledger import Ledger
from audit.register import number_of, register
from audit.steps import Nonconformity
from flows.entry.authority import entered
from flows.entry.days import require_not_over
from flows.entry.door import Door, MisuseError
from flows.measures.nonconforming import due_on
from flows.register.steps import commit
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Told:
    """What somebody says of a nonconformity; unit_code "" is the department. Owner and day follow where blank."""

    source: Source
    grade: Grade
    clause: str
    process: str
    description: str
    unit_code: str = ""
    owner: str = ""
    due_on: date | None = None


def record_under_lock(ledger: Ledger, door: Door, plan: Plan, period: Period, told: Told) -> Nonconformity:
    """Record a nonconformity of a period; MisuseError where something of it is blank, or due on a day that is over."""
    blank = [name for name in ("clause", "process", "description") if not getattr(told, name).strip()]
    if blank:
        raise MisuseError(f"--{blank[0]} trống / is empty: motcua nc open --help")
    if told.due_on is not None:
        require_not_over("--due", told.due_on, door.today(plan))
    event = NonconformityRecorded(
        number=number_of(register(ledger.entries), period.id),
        source=told.source,
        period=period.id,
        unit_code=told.unit_code,
        clause=told.clause.strip(),
        process=told.process.strip(),
        grade=told.grade,
        description=told.description.strip(),
        owner=told.owner or told.unit_code or plan.document.consolidating_office,
        due_on=told.due_on or due_on(plan, told.grade, door.today(plan)),
    )
    [after] = commit(ledger, door, "nc open", [event])
    return after


def record(workspace: Workspace, door: Door, period: Period, told: Told) -> Nonconformity:
    """Record a nonconformity as a command of its own."""
    with entered(workspace, door, "record_nonconformity", subject=period.id) as ledger:
        return record_under_lock(ledger, door, workspace.plan, period, told)

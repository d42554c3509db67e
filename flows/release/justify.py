"""Which warnings of a period need a justification before it may be published, and who gave one?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.events import WarningJustified
from audit.justifications import Justification, justifications
from audit.ledger import Ledger
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.measures.names import rule_text
from flows.measures.periods import latest_consolidation
from flows.measures.plan_tables import open_plan
from flows.release.publication import open_results, period_days
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse.engine import Engine
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Warned:
    """A rule that warns of one unit in a period: how many places, and what was said of them, if anything."""

    rule_id: str
    unit_code: str
    failing_count: int
    justification: Justification | None

    @property
    def is_justified(self) -> bool:
        """Whether what was said covers all that the rule sees now."""
        return self.justification is not None and self.failing_count <= self.justification.covered_count


def warned(workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, today: date) -> tuple[Warned, ...]:
    """Return every warning of the consolidation in force that is not waived today; MisuseError where there is none."""
    found = latest_consolidation(ledger.entries, period.id)
    if found is None:
        raise MisuseError(f"{period.id} chưa được tổng hợp / has not been consolidated: motcua consolidate {period.id}")
    said = justifications(ledger.entries, period.id)
    engine = Engine()
    try:
        open_plan(engine, plan, plan.catalogue.on(found[0].day_in(plan.zone)))
        open_results(engine, workspace, ledger, period, found[0], today)
        rows = engine.run("6_published/_failing_warnings", period_days(period)).to_pylist()
    finally:
        engine.close()
    return tuple(
        Warned(row["rule_id"], row["unit_code"], row["failing_count"], said.get((row["rule_id"], row["unit_code"])))
        for row in rows
    )


def justify_under_lock(
    workspace: Workspace, ledger: Ledger, door: Door, period: Period, rule_id: str, unit_code: str | None, reason: str
) -> tuple[Warned, ...]:
    """Record why the warnings of a rule may stand, of one unit or of every one that it warns of; return what it covers.

    Raises MisuseError where no reason is given, or the rule warns of nothing there.
    """
    if not reason.strip():
        raise MisuseError("--reason trống / is empty: nêu lý do / say why the warnings may stand")
    warnings = warned(workspace, ledger, workspace.plan, period, door.today(workspace.plan))
    chosen = [w for w in warnings if w.rule_id == rule_id.upper() and unit_code in (None, w.unit_code)]
    if not chosen:
        known = ", ".join(dict.fromkeys(w.rule_id for w in warnings)) or "không có / none"
        raise MisuseError(f"{rule_id} không cảnh báo gì ở đây / warns of nothing here; {period.id}: {known}")
    state(ledger, door, period, chosen, reason.strip())
    return tuple(chosen)


def state(ledger: Ledger, door: Door, period: Period, chosen: Sequence[Warned], reason: str) -> None:
    """Commit why these warnings may stand."""
    events = [
        WarningJustified(
            period=period.id, rule_id=w.rule_id, unit_code=w.unit_code, failing_count=w.failing_count, reason=reason
        )
        for w in chosen
    ]
    ledger.append(door.stamp, "justify", events)


def justify(
    workspace: Workspace, door: Door, period: Period, rule_id: str, unit_code: str | None, reason: str
) -> tuple[Warned, ...]:
    """Justify the warnings of one rule as a command of its own."""
    with entered(workspace, door, "justify", subject=f"{period.id} {rule_id}") as ledger:
        return justify_under_lock(workspace, ledger, door, period, rule_id, unit_code, reason)


def reasons_against(warnings: Sequence[Warned], period: Period) -> tuple[str, ...]:
    """Return one line for each rule whose warnings nobody has justified, with the command that does."""
    lacking: dict[str, int] = {}
    for one in warnings:
        if not one.is_justified:
            lacking[one.rule_id] = lacking.get(one.rule_id, 0) + one.failing_count
    return tuple(
        f"Cảnh báo chưa được giải trình / warning without justification: {rule_text(rule_id)}:"
        f" {count} chỗ / places: motcua justify {period.id} {rule_id} --reason …"
        for rule_id, count in sorted(lacking.items())
    )

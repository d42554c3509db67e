"""Which failing verdicts of a period are accepted as they are, by whom, and until when?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.events import WaiverGranted, WaiverRevoked
from audit.ledger import Ledger
from audit.numbers import next_number
from audit.waivers import Waiver, waivers
from flows.entry.authority import entered
from flows.entry.days import require_not_over
from flows.entry.door import Door, MisuseError
from flows.measures.periods import latest_consolidation
from flows.measures.plan_tables import open_plan
from flows.release.publication import open_results, period_days
from schemas.nearest import names_meant
from schemas.plan_models import Period
from warehouse.engine import Engine
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Failing:
    """A verdict that could be waived: rule, unit ("" is the department), and in how many places it fails."""

    rule_id: str
    unit_code: str
    failing_count: int


def failing(workspace: Workspace, ledger: Ledger, period: Period, today: date) -> tuple[Failing, ...]:
    """Return what fails behind the consolidation in force and is not waived; MisuseError where there is none."""
    found = latest_consolidation(ledger.entries, period.id)
    if found is None:
        raise MisuseError(f"{period.id} chưa được tổng hợp / has not been consolidated: motcua consolidate {period.id}")
    engine = Engine()
    try:
        open_plan(engine, workspace.plan, workspace.plan.catalogue.on(found[0].day_in(workspace.plan.zone)))
        open_results(engine, workspace, ledger, period, found[0], today)
        engine.keep("period_verdict", "6_published/_period_verdict", period_days(period))
        rows = engine.run("6_published/_failing", period_days(period)).to_pylist()
    finally:
        engine.close()
    return tuple(Failing(row["rule_id"], row["unit_code"], row["failing_count"]) for row in rows)


def waive_under_lock(
    workspace: Workspace,
    ledger: Ledger,
    door: Door,
    period: Period,
    rule_id: str,
    units: Sequence[str] | None,
    reason: str,
    last_day_on: date,
) -> tuple[Waiver, ...]:
    """Accept what one rule finds in a period, of these units or of every one, through a day; return the waivers.

    Raises MisuseError without a reason, for a day that is over, where the rule finds nothing there, and for a rule
    whose breach makes a published figure false: that nobody can accept.
    """
    today = door.today(workspace.plan)
    if not reason.strip():
        raise MisuseError("--reason trống / is empty: nêu lý do / say why this may stand")
    require_not_over("--until", last_day_on, today)
    rule = workspace.plan.catalogue.on(today).get(rule_id.upper())
    if rule is not None and rule.stops_release:
        raise MisuseError(
            f"{rule.id} không thể chấp nhận: số công bố sẽ sai / cannot be waived: a published figure would be false"
        )
    found = failing(workspace, ledger, period, today)
    chosen = [one for one in found if one.rule_id == rule_id.upper() and (units is None or one.unit_code in units)]
    if not chosen:
        known = ", ".join(dict.fromkeys(one.rule_id for one in found)) or "không có / none"
        raise MisuseError(f"{rule_id} không có lỗi nào ở đây / fails nowhere here; {period.id}: {known}")
    return grant(ledger, door, period, chosen, reason.strip(), last_day_on)


def grant(
    ledger: Ledger, door: Door, period: Period, chosen: Sequence[Failing], reason: str, last_day_on: date
) -> tuple[Waiver, ...]:
    """Commit a waiver for each of these verdicts, and return them."""
    before = waivers(ledger.entries)
    given = [one.number for one in before]
    events = [
        WaiverGranted(
            number=next_number("W", given, further), rule_id=one.rule_id, unit_code=one.unit_code, period=period.id,
            reason=reason, last_day_on=last_day_on, failing_count=one.failing_count,
        )
        for further, one in enumerate(chosen)
    ]  # fmt: skip
    ledger.append(door.stamp, "waive", events)
    return waivers(ledger.entries)[len(before) :]


def waive(
    workspace: Workspace,
    door: Door,
    period: Period,
    rule_id: str,
    units: Sequence[str] | None,
    reason: str,
    last_day_on: date,
) -> tuple[Waiver, ...]:
    """Accept what one rule finds as a command of its own."""
    with entered(workspace, door, "waive", subject=f"{period.id} {rule_id}") as ledger:
        return waive_under_lock(workspace, ledger, door, period, rule_id, units, reason, last_day_on)


def revoke(workspace: Workspace, door: Door, number: str, reason: str) -> Waiver:
    """Let a rule bind again before its waiver ends; MisuseError for one that does not hold."""
    if not reason.strip():
        raise MisuseError("--reason trống / is empty: nêu lý do / say why")
    with entered(workspace, door, "waive", subject=number) as ledger:
        held = {one.number: one for one in waivers(ledger.entries) if one.revoked_at is None}
        found = held.get(number.upper())
        if found is None:
            raise MisuseError(
                f"{number}: không có hoặc đã thôi / is not there or was revoked: {names_meant(number, held)}:"
                " motcua waivers"
            )
        ledger.append(door.stamp, "revoke", [WaiverRevoked(number=found.number, reason=reason.strip())])
    return found

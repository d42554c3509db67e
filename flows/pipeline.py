"""When does something run? The Prefect flows around the plain verbs.

Flows are few and large, tasks thin: they receive paths and ids and call a verb. The ledger is the record; what Prefect
remembers may be cleaned at any time. Artifacts hold counts and codes, no cell of a file.
"""

import getpass
from datetime import UTC, date, datetime
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.runtime import flow_run

from audit.authority import SCHEDULE
from audit.ledger import Stamp
from flows.desk.status import status
from flows.entry.door import Door
from flows.intake.intake import Taken, take_in
from flows.measures.consolidate import Consolidated
from flows.measures.consolidate import consolidate as consolidate_verb
from flows.release.publish import Published
from flows.release.publish import publish as publish_verb
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse.workspace import Workspace


def _door(actor: str, command: str) -> Door:
    what = "schedule" if actor == SCHEDULE else "prefect"
    return Door(Stamp(datetime.now(UTC), actor, getpass.getuser(), f"{what} {command}"), command)


def _key(workspace: Workspace, what: str) -> str:
    return f"{workspace.plan.document.id}-{what}".lower()


def periods_closed_by(plan: Plan, day: date) -> tuple[Period, ...]:
    """Return the periods that ended last before this day: on 15/6 the second quarter and the first half."""
    ended = [period for period in plan.periods if period.last_day < day]
    last = max((period.last_day for period in ended), default=None)
    return tuple(period for period in ended if period.last_day == last)


@task(name="take-in")
def take_in_task(workspace: str, actor: str) -> list[Taken]:
    """Take in the inbox. File names may name people, so none is a parameter."""
    return take_in(Workspace(Path(workspace)), _door(actor, "intake"), [])


@task(name="consolidate-period")
def consolidate_task(workspace: str, period: str, actor: str) -> Consolidated:
    """Measure, review and record one period."""
    opened = Workspace(Path(workspace))
    return consolidate_verb(opened, _door(actor, "consolidate"), opened.plan.period(period))


@task(name="publish-period")
def publish_task(workspace: str, period: str, actor: str) -> Published:
    """Ask the gate and publish what was approved of one period."""
    opened = Workspace(Path(workspace))
    return publish_verb(opened, _door(actor, "publish"), opened.plan.period(period))


@flow(name="intake", log_prints=False)
def intake(workspace: str, actor: str = SCHEDULE) -> list[Taken]:
    """Take in what waits."""
    taken = take_in_task(workspace, actor)
    rows = [
        {
            "submission": one.number,
            "state": one.state,
            "seen again": one.is_seen_again,
            "read": one.reading.read_count if one.reading else 0,
            "accepted": one.reading.accepted_count if one.reading else 0,
            "rejected": one.reading.rejected_count if one.reading else 0,
            "findings": one.reading.finding_count if one.reading else 0,
        }
        for one in taken
    ]
    create_table_artifact(table=rows, key=_key(Workspace(Path(workspace)), "submissions"))
    return taken


@flow(name="consolidate", log_prints=False)
def consolidate(workspace: str, period: str | None = None, actor: str = SCHEDULE) -> list[Consolidated]:
    """Consolidate one period, or, on schedule, take in what waits and consolidate the periods that closed last.

    What closed last is told from the time for which the run was scheduled. A named period is consolidated and no more,
    as without a server.
    """
    opened = Workspace(Path(workspace))
    plan = opened.plan
    scheduled = flow_run.get_scheduled_start_time()
    day = scheduled.astimezone(plan.zone).date() if scheduled is not None else date.min
    periods = (plan.period(period),) if period is not None else periods_closed_by(plan, day)
    if period is None:
        take_in_task(workspace, actor)
    done = [consolidate_task(workspace, one.id, actor) for one in periods]
    for one in (status(opened, plan, day, chosen).periods[0] for chosen in periods):
        rows = [
            {name: str(row[name]) for name in ("indicator_id", "numerator", "denominator", "status", "trend")}
            for row in one.figures
        ]
        create_table_artifact(table=rows, key=_key(opened, f"{one.period.id}-figures"))
        found = [
            {"number": nc.number, "rule": nc.identity.rule_id, "unit": nc.identity.unit_code, "grade": nc.grade}
            for nc in one.nonconformities
        ]
        create_table_artifact(table=found, key=_key(opened, f"{one.period.id}-nonconformities"))
    return done


@flow(name="publish", log_prints=False)
def publish(workspace: str, period: str, actor: str) -> Published:
    """Publish what was approved of one period; the schedule itself may not, so a run names who asks for it."""
    published = publish_task(workspace, period, actor)
    rows = [{"period": period, "version": published.version, "new": published.is_new}]
    rows += [{"period": period, "version": None, "new": False, "reason": reason} for reason in published.reasons]
    create_table_artifact(table=rows, key=_key(Workspace(Path(workspace)), f"{period}-release"))
    return published

"""Which flows does a workspace's server run, and on which schedules?

A deployment belongs to the workspace for which this process was started, and works in the schedule's name: neither is a
parameter. Publishing needs a person, so nothing deployed publishes.
"""

from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.utilities.callables import ParameterSchema

from flows import pipeline
from flows.entry.fingerprint import code_sha256
from flows.serving.schedules import CONSOLIDATION, SWEEP, consolidation_crons
from warehouse.workspace import Workspace

_VERSION_LENGTH = 12


def deployments(workspace: Workspace) -> tuple[RunnerDeployment, ...]:
    """Return the deployments of a workspace, with their schedules in the plan's zone."""
    plan = workspace.plan
    zone, tags, version = plan.document.timezone, [plan.document.id], code_sha256()[:_VERSION_LENGTH]
    hours = workspace.settings.schedule
    sweep = pipeline.sweep.to_deployment(
        name=SWEEP,
        description=(
            f"{plan.document.name_vi}: tiếp nhận những gì chờ trong inbox, tổng hợp lại các kỳ liên quan"
            " / take in what waits, bring up to date what it changes."
        ),
        schedule=Cron(hours.sweep_cron, timezone=zone),
        paused=False,
        concurrency_limit=1,
        tags=tags,
        version=version,
    )
    after_cut_off = pipeline.consolidate.to_deployment(
        name=CONSOLIDATION,
        description=f"{plan.document.name_vi}: tổng hợp các kỳ vừa đóng / consolidate what closed last.",
        schedules=[Cron(cron, timezone=zone) for cron in consolidation_crons(plan, hours.consolidate_at)],
        paused=False,
        concurrency_limit=1,
        tags=tags,
        version=version,
    )
    # Outside an event loop a deployment comes as itself; its type says that it may be awaited.
    found = tuple(one for one in (sweep, after_cut_off) if isinstance(one, RunnerDeployment))
    for one in found:
        _offer_periods(one, [period.id for period in plan.periods])
    return found


class _ClosedSchema(ParameterSchema):
    """The parameters of a flow, and no others."""

    additionalProperties: bool  # noqa: N815 -- JSON Schema's own name


def _offer_periods(deployment: RunnerDeployment, period_ids: list[str]) -> None:
    """Let the server itself refuse a period that is not in the plan, and what is no parameter, before a run begins."""
    # Prefect derives the schema from the flow's signature, and has no public way to say what this workspace allows.
    derived = deployment._parameter_openapi_schema.model_dump(exclude_unset=True)
    for choice in derived["properties"].get("period", {}).get("anyOf", ()):
        if choice["type"] == "string":
            choice["enum"] = period_ids
    deployment._parameter_openapi_schema = _ClosedSchema(**derived, additionalProperties=False)

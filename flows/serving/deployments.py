"""Which flows does a workspace's server run, and on which schedules?"""

from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron

from flows import pipeline
from flows.serving.crons import SWEEP_CRON, cut_off_crons
from warehouse.workspace import Workspace


def deployments(workspace: Workspace) -> tuple[RunnerDeployment, ...]:
    """Return the deployments of a workspace, with their schedules in the plan's zone."""
    zone = workspace.plan.document.timezone
    given = {"workspace": str(workspace.root)}
    found = (
        pipeline.intake.to_deployment(
            name="inbox-sweep", schedule=Cron(SWEEP_CRON, timezone=zone), parameters=given, concurrency_limit=1
        ),
        pipeline.consolidate.to_deployment(
            name="after-cut-off",
            schedules=[Cron(cron, timezone=zone) for cron in cut_off_crons(workspace.plan)],
            parameters=given,
            concurrency_limit=1,
        ),
        pipeline.publish.to_deployment(name="on-approval", parameters=given, concurrency_limit=1),
    )
    # Outside an event loop a deployment comes as itself; its type says that it may be awaited.
    return tuple(one for one in found if isinstance(one, RunnerDeployment))

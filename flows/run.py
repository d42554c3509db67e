"""Does a command run through Prefect or by itself?

With a server running for the workspace the flow runs against it and is seen there; without one the same verbs run
plainly. Either way the ledger is the record (ADR 3).
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flows.entry.door import Door, MisuseError
from flows.intake.inbox import look
from flows.intake.isolation import prepare_readers, processes
from flows.intake.reading import Stated
from flows.serving.address import running_url
from flows.serving.settings import environment
from schemas.plan_models import Period
from warehouse.workspace import Workspace

# What one verb needs takes up to a second to import: nobody waits for what another verb needs.
if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from flows.intake.intake import Taken
    from flows.measures.consolidate import Consolidated
    from flows.release.publish import Published


T = TypeVar("T")


def _through_prefect(workspace: Workspace) -> bool:
    """Tell whether a server runs; Prefect then reads its settings from the environment that is set here."""
    url = running_url(workspace)
    if url is None:
        return False
    # The person is answered by the command; Prefect's own lines go to the run's page.
    os.environ.update(environment(workspace, url) | {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"})
    return True


def _in_person(workspace: Workspace, door: Door, run: "Callable[[], State[T | State[None]]]") -> T:
    """Let a flow run in this process, in the name of whoever came through the door; raise what ended it."""
    from flows.flow_run.caller import as_person
    from flows.flow_run.steps import StepFailedError, result_of

    with as_person(workspace, door) as caller:
        state = run()
    try:
        return result_of(state)
    except StepFailedError as failed:
        raise (caller.error or MisuseError(str(failed))) from None


def run_intake(workspace: Workspace, door: Door, files: Sequence[Path], stated: Stated | None) -> "list[Taken]":
    """Take in files or the inbox. Given files never go through Prefect: their names may name people."""
    # A reader takes most of a second to start: in that time the rest is imported and the workspace entered.
    count = sum(path.is_file() for path in files) if files else len(look(workspace, door.stamp.at).waiting)
    prepare_readers(min(count, processes(workspace.settings.reading)))
    if not files and _through_prefect(workspace):
        from flows import pipeline

        return _in_person(workspace, door, lambda: pipeline.intake(return_state=True))
    from flows.intake.intake import take_in

    return take_in(workspace, door, files, stated)


def run_consolidate(workspace: Workspace, door: Door, period: Period) -> "Consolidated":
    """Consolidate a period."""
    if _through_prefect(workspace):
        from flows import pipeline

        return _in_person(workspace, door, lambda: pipeline.consolidate(period.id, return_state=True))[0]
    from flows.measures.consolidate import consolidate

    return consolidate(workspace, door, period)


def run_publish(workspace: Workspace, door: Door, period: Period) -> "Published":
    """Publish what was approved of a period."""
    if _through_prefect(workspace):
        from flows import pipeline

        return _in_person(workspace, door, lambda: pipeline.publish(period.id, return_state=True))
    from flows.release.publish import publish

    return publish(workspace, door, period)

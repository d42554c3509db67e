"""Does a command run through Prefect or by itself?

With a server running for the workspace the flow runs against it and is seen there; without one the same verbs run
plainly. Either way the ledger is the record (ADR 3).
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from audit.authority import Action, may, roles
from audit.ledger import Ledger
from flows.entry.door import Door
from flows.intake.inbox import waiting
from flows.intake.isolation import prepare_readers, processes
from flows.intake.reading import Stated
from flows.serving.address import running_url
from flows.serving.settings import environment
from schemas.plan_models import Period
from warehouse.workspace import Workspace

# What one verb needs takes up to a second to import: nobody waits for what another verb needs.
if TYPE_CHECKING:
    from flows.intake.intake import Taken
    from flows.measures.consolidate import Consolidated
    from flows.release.publish import Published


def _through_prefect(workspace: Workspace, door: Door, action: Action) -> bool:
    """Tell whether a server runs; Prefect then reads its settings from the environment that is set here.

    Who may not do it is told so, and recorded, by the verb itself: Prefect would print how it failed, at length.
    """
    if not may(roles(Ledger(workspace.ledger).entries).get(door.stamp.actor, ()), action):
        return False
    url = running_url(workspace)
    if url is None:
        return False
    os.environ.update(environment(workspace, url) | {"PREFECT_LOGGING_LEVEL": "ERROR"})
    return True


def run_intake(workspace: Workspace, door: Door, files: Sequence[Path], stated: Stated | None) -> "list[Taken]":
    """Take in files or the inbox. Given files never go through Prefect: their names may name people."""
    # A reader takes most of a second to start: in that time the rest is imported and the workspace entered.
    count = sum(path.is_file() for path in files) if files else len(waiting(workspace))
    prepare_readers(min(count, processes(workspace.settings.reading)))
    if not files and _through_prefect(workspace, door, "intake"):
        from flows import pipeline

        return pipeline.intake(str(workspace.root), door.stamp.actor)
    from flows.intake.intake import take_in

    return take_in(workspace, door, files, stated)


def run_consolidate(workspace: Workspace, door: Door, period: Period) -> "Consolidated":
    """Consolidate a period."""
    if _through_prefect(workspace, door, "consolidate"):
        from flows import pipeline

        return pipeline.consolidate(str(workspace.root), period.id, door.stamp.actor)[0]
    from flows.measures.consolidate import consolidate

    return consolidate(workspace, door, period)


def run_publish(workspace: Workspace, door: Door, period: Period) -> "Published":
    """Publish what was approved of a period."""
    if _through_prefect(workspace, door, "publish"):
        from flows import pipeline

        return pipeline.publish(str(workspace.root), period.id, door.stamp.actor)
    from flows.release.publish import publish

    return publish(workspace, door, period)

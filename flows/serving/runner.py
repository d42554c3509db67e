"""Which process runs the flows? This one: it registers the deployments and runs what is scheduled, one run at a time.

One at a time, because one workspace has one writer: runs would only wait for each other, and some in vain.
"""

import os
from pathlib import Path

from prefect import serve

from flows.flow_run.caller import WORKSPACE_VARIABLE
from flows.serving.deployments import deployments
from warehouse.workspace import Workspace


def main() -> None:
    """Run what the server schedules, until a signal ends it; the schedules stay switched on."""
    workspace = Workspace(Path(os.environ[WORKSPACE_VARIABLE]))
    serve(*deployments(workspace), pause_on_shutdown=False, print_starting_message=False, limit=1)


if __name__ == "__main__":
    main()

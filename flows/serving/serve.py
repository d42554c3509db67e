"""How does a workspace run by itself? A server that schedules, and a runner of the flows, until somebody stops it."""

import os
import signal
from collections.abc import Callable
from types import FrameType

from flows.entry.places import CHECKOUT
from flows.flow_run.caller import WORKSPACE_VARIABLE
from flows.serving.address import forget_address, url_on, write_address
from flows.serving.server import end_server, start_server
from flows.serving.settings import environment
from warehouse.workspace import Workspace


def serve(workspace: Workspace, port: int, shows_page: bool, on_ready: Callable[[str], None]) -> None:
    """Run the server and the schedules until interrupted."""
    process, url = start_server(workspace, port, shows_page), url_on(port)
    try:
        write_address(workspace, url, process.pid)
        os.environ.update(environment(workspace, url) | {WORKSPACE_VARIABLE: str(workspace.root)})
        os.chdir(CHECKOUT)
        _run_schedules(workspace, lambda: on_ready(url))
    finally:
        forget_address(workspace)
        end_server(process)


def _run_schedules(workspace: Workspace, on_ready: Callable[[], None]) -> None:
    # Prefect reads its settings when it is imported: not before they are there.
    from prefect import serve as serve_flows

    from flows.serving.deployments import deployments

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    on_ready()
    serve_flows(*deployments(workspace), print_starting_message=False)

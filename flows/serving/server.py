"""How is a Prefect server started for a workspace, and when does it answer?"""

import subprocess
import sys
import time
from pathlib import Path

from flows.entry.door import MisuseError
from flows.flow_run.caller import WORKSPACE_VARIABLE
from flows.serving.address import answers, is_taken, url_on
from flows.serving.child import start_child
from flows.serving.log_tail import LogTail
from flows.serving.secret import make_private_home, write_new_secret
from flows.serving.settings import environment, server_command, server_environment
from warehouse.workspace import Workspace

_START_SECONDS = 300
_PAUSE_SECONDS = 0.2
_ASK_SECONDS = 15.0
_LARGEST_LOG_BYTES = 10_000_000


def server_log(workspace: Workspace) -> Path:
    """Return where the server writes what it has to say."""
    return workspace.prefect_home / "server.log"


def runner_log(workspace: Workspace) -> Path:
    """Return where the runner, and the runs that it starts, write what they have to say."""
    return workspace.prefect_home / "runner.log"


def start_server(workspace: Workspace, port: int, shows_page: bool) -> subprocess.Popen[bytes]:
    """Start a server on a port; MisuseError where the port is taken."""
    if is_taken(port):
        raise MisuseError(f"cổng {port} đang được dùng / something answers on port {port} already: use another --port")
    make_private_home(workspace)
    write_new_secret(workspace)
    for log in (server_log(workspace), runner_log(workspace)):
        if log.exists() and log.stat().st_size > _LARGEST_LOG_BYTES:
            log.replace(log.with_suffix(".before.log"))
    _, _, module, *arguments = server_command(sys.executable, port)
    return start_child(module, arguments, server_environment(workspace, port, shows_page), server_log(workspace))


def wait_for_server(workspace: Workspace, port: int, process: subprocess.Popen[bytes], tail: LogTail) -> None:
    """Return once the server answers; MisuseError with what it said where it does not come up."""
    deadline = time.monotonic() + _START_SECONDS
    while not answers(workspace, url_on(port), _ASK_SECONDS):
        if process.poll() is not None or time.monotonic() > deadline:
            said = tail.error(is_whole=True) or "không báo lỗi nào / it reports no error"
            raise MisuseError(f"máy chủ Prefect không khởi động được / the server did not start: {said} ({tail.path})")
        time.sleep(_PAUSE_SECONDS)


def start_runner(workspace: Workspace, port: int) -> subprocess.Popen[bytes]:
    """Start the process that registers the deployments and runs what is scheduled."""
    settings = environment(workspace, url_on(port)) | {WORKSPACE_VARIABLE: str(workspace.root)}
    return start_child("flows.serving.runner", (), settings, runner_log(workspace))

"""How is a Prefect server started for a workspace, and ended?"""

import os
import signal
import subprocess
import sys
import time

from flows.entry.door import MisuseError
from flows.serving.address import HOST, answers, url_on
from flows.serving.settings import environment
from warehouse.workspace import Workspace

_START_SECONDS = 120
_END_SECONDS = 20


def start_server(workspace: Workspace, port: int) -> subprocess.Popen[bytes]:
    """Start a server on a port and return its process once it answers; MisuseError where it cannot be started."""
    url = url_on(port)
    if answers(url):
        raise MisuseError(f"cổng {port} đang được dùng / something answers on port {port} already: use another --port")
    workspace.prefect_home.mkdir(exist_ok=True)
    log = workspace.prefect_home / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port), "--no-ui"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | environment(workspace, None),
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_SECONDS
    while not answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            raise MisuseError(f"máy chủ Prefect không khởi động được / the server did not start: see {log}")
        time.sleep(0.2)
    return process


def end_server(process: subprocess.Popen[bytes]) -> None:
    """Let the server end by itself; end it where it does not."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()

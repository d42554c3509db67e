"""How is a Prefect server started for a workspace, and ended?"""

import os
import signal
import subprocess
import sys
import time

from flows.entry.door import MisuseError
from flows.entry.places import CHECKOUT
from flows.serving.address import answers, is_taken, url_on
from flows.serving.secret import PRIVATE_FILE, PRIVATE_UMASK, make_private_home, write_new_secret
from flows.serving.settings import server_command, server_environment
from warehouse.workspace import Workspace

_START_SECONDS = 300
_END_SECONDS = 20


def start_server(workspace: Workspace, port: int, shows_page: bool) -> subprocess.Popen[bytes]:
    """Start a server on a port and return its process once it answers; MisuseError where it cannot be started."""
    url = url_on(port)
    if is_taken(port):
        raise MisuseError(f"cổng {port} đang được dùng / something answers on port {port} already: use another --port")
    make_private_home(workspace)
    write_new_secret(workspace)
    log = workspace.prefect_home / "server.log"
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE_FILE), "ab") as output:
        process = subprocess.Popen(
            server_command(sys.executable, port),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | server_environment(workspace, port, shows_page),
            cwd=CHECKOUT,
            umask=PRIVATE_UMASK,
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_SECONDS
    while not answers(workspace, url):
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

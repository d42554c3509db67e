"""Does a Prefect server answer for this workspace, and where?

The server listens on this machine only, and hears nobody without the workspace's secret. Its address stands in the
workspace while it runs.
"""

import json
import socket
import urllib.error
import urllib.request
from pathlib import Path

from flows.serving.guard import HOST, own_origin
from flows.serving.secret import credentials
from warehouse.files import write_bytes
from warehouse.workspace import Workspace

_ASK_SECONDS = 1.0


def url_on(port: int) -> str:
    """Return the address of the API of a server on this port."""
    return f"{own_origin(port)}/api"


def is_taken(port: int) -> bool:
    """Tell whether somebody listens on this port already."""
    with socket.socket() as probe:
        probe.settimeout(_ASK_SECONDS)
        return probe.connect_ex((HOST, port)) == 0


def answers(workspace: Workspace, url: str, within_seconds: float = _ASK_SECONDS) -> bool:
    """Tell whether a server answers there to this workspace's secret, and says that it is well."""
    asked = urllib.request.Request(f"{url}/health", headers=credentials(workspace))  # noqa: S310 -- always http on this host
    try:
        with urllib.request.urlopen(asked, timeout=within_seconds) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def running_url(workspace: Workspace) -> str | None:
    """Return the API address of this workspace's server where one answers."""
    try:
        url = str(json.loads(_state_file(workspace).read_text("utf-8"))["url"])
    except (OSError, ValueError, KeyError):
        return None
    return url if answers(workspace, url) else None


def write_address(workspace: Workspace, url: str, process: int) -> None:
    """Let commands find the server."""
    write_bytes(_state_file(workspace), json.dumps({"url": url, "process": process}).encode())


def forget_address(workspace: Workspace) -> None:
    """Let commands run by themselves again."""
    _state_file(workspace).unlink(missing_ok=True)


def _state_file(workspace: Workspace) -> Path:
    return workspace.prefect_home / "motcua-server.json"

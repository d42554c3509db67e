"""Where is the secret without which this workspace's server hears nobody?

It is made anew at each start and lies in one file of the workspace's Prefect home, which nobody else can read. It
stands in environments of this account's processes alone, never on a command line and in no log.
"""

import secrets
import stat
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from warehouse.files import write_bytes
from warehouse.workspace import Workspace

PRIVATE_UMASK = 0o077
_PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
_SECRET_BYTES = 32


def make_private_home(workspace: Workspace) -> None:
    """Make Prefect's home, and close it, and what older versions left open in it, to everybody else."""
    home = workspace.prefect_home
    home.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
    home.chmod(_PRIVATE_FOLDER)
    for path in home.iterdir():
        if stat.S_ISREG(path.lstat().st_mode):
            path.chmod(PRIVATE_FILE)


def secret_file(workspace: Workspace) -> Path:
    """Return where the running server's secret lies."""
    return workspace.prefect_home / "server-secret"


def write_new_secret(workspace: Workspace, entropy: Callable[[int], bytes] = secrets.token_bytes) -> None:
    """Write the secret of the server that is about to start."""
    write_bytes(secret_file(workspace), f"motcua:{entropy(_SECRET_BYTES).hex()}".encode())


def secret_of(workspace: Workspace) -> str:
    """Return the running server's secret; nothing where none was left."""
    try:
        return secret_file(workspace).read_text("ascii")
    except (OSError, ValueError):
        return ""


def credentials(workspace: Workspace) -> dict[str, str]:
    """Return the header with which the server hears a request."""
    return {"Authorization": f"Basic {b64encode(secret_of(workspace).encode()).decode()}"}

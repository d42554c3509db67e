"""In which environment do Prefect's processes run?

Its files are kept in the workspace's own Prefect home, and it calls nobody.
"""

from flows.entry.places import CHECKOUT
from warehouse.workspace import Workspace


def environment(workspace: Workspace, url: str | None) -> dict[str, str]:
    """Return the environment in which Prefect keeps to this workspace and to this machine."""
    settings = {
        "PREFECT_HOME": str(workspace.prefect_home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PYTHONPATH": str(CHECKOUT),
    }
    return settings | ({"PREFECT_API_URL": url} if url else {})

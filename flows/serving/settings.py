"""In which environment do Prefect's processes run, and with which command line?

Their files are kept in the workspace's own Prefect home, they call nobody, and the secret stands in environments alone.
"""

import os

from flows.entry.places import CHECKOUT
from flows.serving.guard import HOST, own_origin
from flows.serving.secret import secret_of
from warehouse.workspace import Workspace


def environment(workspace: Workspace, url: str) -> dict[str, str]:
    """Return the environment in which Prefect's clients keep to this workspace and are heard by its server."""
    return {
        "PREFECT_HOME": str(workspace.prefect_home),
        "PREFECT_API_URL": url,
        "PREFECT_API_AUTH_STRING": secret_of(workspace),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        # What a run itself says stands on its page, not in the terminal.
        "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "INFO",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
        "PYTHONPATH": os.pathsep.join([str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }


def server_environment(workspace: Workspace, port: int, shows_page: bool) -> dict[str, str]:
    """Return the environment in which the server's process keeps to this workspace and lets nobody in."""
    url = f"{own_origin(port)}/api"
    return environment(workspace, url) | {
        "PREFECT_SERVER_API_AUTH_STRING": secret_of(workspace),
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": "",
        "PREFECT_SERVER_UI_ENABLED": str(shows_page).lower(),
        "PREFECT_SERVER_UI_API_URL": url,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # A plan's next day may be most of a year away; Prefect looks a hundred days ahead.
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P400D",
        # Else Prefect unpacks its page into the folder in which it is installed.
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(workspace.prefect_home / "page"),
    }


def server_command(python: str, port: int) -> list[str]:
    """Return the command line of the server's process: Prefect's application behind the guard, on this machine only."""
    listens = ["--host", HOST, "--port", str(port), "--no-proxy-headers"]
    speaks = ["--no-access-log", "--no-server-header", "--log-level", "warning"]
    return [python, "-m", "uvicorn", "--factory", "flows.serving.guarded:application", *listens, *speaks]

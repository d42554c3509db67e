"""What does the server's process run? Prefect's own application, behind the guard.

Prefect 3.8 looks neither at the Host nor, for web sockets, at the Origin, and answers its health and its documentation
to anybody (ADR 10). uvicorn calls `application`; the secret comes in the environment, never on a command line.
"""

from prefect.server.api.server import create_app
from prefect.settings import get_current_settings

from flows.serving.guard import Guard


def application() -> Guard:
    """Return Prefect's server as the settings say, behind the guard; without a secret there is none."""
    settings = get_current_settings().server
    if settings.api.auth_string is None:
        raise SystemExit("máy chủ không có chuỗi bí mật / the server has no secret: start it with motcua serve")
    return Guard(
        create_app(final=True),
        port=settings.api.port,
        secret=settings.api.auth_string.get_secret_value(),
        shows_page=settings.ui.enabled,
    )

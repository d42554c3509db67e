"""Is a Prefect server running for this workspace, and how is one started?

The server keeps its files in the workspace's own Prefect home, listens on this machine only and calls nobody.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import FrameType

from flows.entry.door import MisuseError
from flows.entry.places import CHECKOUT
from schemas.plan import Plan
from warehouse.files import write_bytes
from warehouse.workspace import Workspace

_HOST = "127.0.0.1"
_START_SECONDS = 120
_ASK_SECONDS = 1.0
_SWEEP_CRON = "*/30 7-18 * * 1-6"
_CUT_OFF_HOUR = 6


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


def cut_off_crons(plan: Plan) -> tuple[str, ...]:
    """Return when periods are consolidated: in the morning of the day after each cut-off, one cron for each such day.

    The plan of the department gives one for its 15/3 (Q1), 15/6 (Q2, H1), 15/9 (Q3, 9M) and 15/12 (Q4, year).
    """
    days = {(day.day, day.month) for period in plan.periods for day in (period.last_day + timedelta(days=1),)}
    months: dict[int, list[int]] = {}
    for day, month in sorted(days):
        months.setdefault(day, []).append(month)
    return tuple(f"0 {_CUT_OFF_HOUR} {day} {','.join(map(str, found))} *" for day, found in months.items())


def _state_file(workspace: Workspace) -> Path:
    return workspace.prefect_home / "motcua-server.json"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=_ASK_SECONDS) as answer:  # noqa: S310 -- always http on this host
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def running_url(workspace: Workspace) -> str | None:
    """Return the API address of this workspace's server where one answers."""
    try:
        url = str(json.loads(_state_file(workspace).read_text("utf-8"))["url"])
    except (OSError, ValueError, KeyError):
        return None
    return url if _answers(url) else None


def _start(workspace: Workspace, port: int) -> tuple[subprocess.Popen[bytes], str]:
    url = f"http://{_HOST}:{port}/api"
    if _answers(url):
        raise MisuseError(f"cổng {port} đang được dùng / something answers on port {port} already: use another --port")
    workspace.prefect_home.mkdir(exist_ok=True)
    log = workspace.prefect_home / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", _HOST, "--port", str(port), "--no-ui"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | environment(workspace, None),
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            raise MisuseError(f"máy chủ Prefect không khởi động được / the server did not start: see {log}")
        time.sleep(0.2)
    return process, url


def serve(workspace: Workspace, port: int, on_ready: Callable[[str], None]) -> None:
    """Run the server and the schedules until interrupted."""
    process, url = _start(workspace, port)
    try:
        write_bytes(_state_file(workspace), json.dumps({"url": url, "process": process.pid}).encode())
        os.environ.update(environment(workspace, url))
        os.chdir(CHECKOUT)
        _serve_deployments(workspace, lambda: on_ready(url))
    finally:
        _state_file(workspace).unlink(missing_ok=True)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _serve_deployments(workspace: Workspace, on_ready: Callable[[], None]) -> None:
    from prefect import serve as serve_flows
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron

    from flows import pipeline

    zone = workspace.plan.document.timezone
    given = {"workspace": str(workspace.root)}
    deployments = [
        pipeline.intake.to_deployment(
            name="inbox-sweep", schedule=Cron(_SWEEP_CRON, timezone=zone), parameters=given, concurrency_limit=1
        ),
        pipeline.consolidate.to_deployment(
            name="after-cut-off",
            schedules=[Cron(cron, timezone=zone) for cron in cut_off_crons(workspace.plan)],
            parameters=given,
            concurrency_limit=1,
        ),
        pipeline.publish.to_deployment(name="on-approval", parameters=given, concurrency_limit=1),
    ]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    on_ready()
    # Outside an event loop a deployment comes as itself; its type says that it may be awaited.
    serve_flows(*(d for d in deployments if isinstance(d, RunnerDeployment)), print_starting_message=False)

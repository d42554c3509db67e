"""How does a workspace run by itself? A server that schedules, a runner of the flows, and a watch over both.

It is ready when the schedule has made a run, not when a port answers, and ends, and says why, as soon as the schedule
no longer runs.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import FrameType

from audit.ledger import Ledger
from flows.measures.due import Missed, due_days, missed
from flows.serving.address import forget_address, url_on, write_address
from flows.serving.api import Api
from flows.serving.backlog import end_leftovers, make_up
from flows.serving.child import adopt_grandchildren, end_children, end_orphans
from flows.serving.log_tail import LogTail
from flows.serving.secret import credentials
from flows.serving.server import runner_log, server_log, start_runner, start_server, wait_for_server
from flows.serving.sole import sole_server
from flows.serving.timetable import Registered
from flows.serving.watch import Logs, Watch
from warehouse.workspace import Workspace

_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Ready:
    """What a workspace's server says when it is ready: where it answers, what it makes up for, what runs next.

    `is_plan_over` where no day of the plan is left: what runs then has nothing to consolidate.
    """

    url: str
    made_up: tuple[Missed, ...]
    ended_count: int
    next_runs: Mapping[str, datetime]
    is_plan_over: bool


@dataclass(frozen=True)
class Attendant:
    """Who is told, of what runs next where plan or settings changed it too, and what the time is."""

    on_ready: Callable[[Ready], None]
    on_registered: Callable[[Mapping[str, datetime]], None]
    on_notice: Callable[[str], None]
    clock: Callable[[], datetime]


def serve(workspace: Workspace, port: int, shows_page: bool, attendant: Attendant) -> None:
    """Run the server and the schedules until interrupted; ScheduleStoppedError where they do not run."""
    with sole_server(workspace):
        signal.signal(signal.SIGTERM, _interrupt)
        adopt_grandchildren()
        children: list[subprocess.Popen[bytes]] = []
        try:
            _run(workspace, port, shows_page, attendant, children)
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            forget_address(workspace)
            end_children(reversed(children))
            end_orphans()


def _run(
    workspace: Workspace, port: int, shows_page: bool, attendant: Attendant, children: list[subprocess.Popen[bytes]]
) -> None:
    logs = Logs(LogTail(server_log(workspace)), LogTail(runner_log(workspace)))
    server = start_server(workspace, port, shows_page)
    children.append(server)
    wait_for_server(workspace, port, server, logs.server)
    api = Api(url_on(port), credentials(workspace))
    ended = end_leftovers(api, attendant.clock())
    registered = Registered(workspace)
    watch = _registering(workspace, port, api, logs, attendant, children)
    at = workspace.settings.schedule.consolidate_at
    overdue = missed(Ledger(workspace.ledger), workspace.plan, attendant.clock(), at)
    make_up(api, overdue)
    write_address(workspace, api.url, server.pid)
    today = attendant.clock().astimezone(workspace.plan.zone).date()
    is_over = max(due.day for due in due_days(workspace.plan)) < today
    attendant.on_ready(Ready(api.url, overdue, len(ended), watch.next_runs, is_over))
    is_outdated = False
    while True:
        time.sleep(_LOOK_SECONDS)
        watch.look(attendant.clock(), attendant.on_notice)
        is_outdated = registered.has_changed() or is_outdated
        # The runner is not stopped while a flow runs.
        if is_outdated and watch.is_idle():
            end_children([children.pop()])
            watch = _registering(workspace, port, api, logs, attendant, children)
            is_outdated = False
            attendant.on_registered(watch.next_runs)


def _registering(
    workspace: Workspace, port: int, api: Api, logs: Logs, attendant: Attendant, children: list[subprocess.Popen[bytes]]
) -> Watch:
    """Start the runner after the server; return the watch over both once the schedule has made runs."""
    [server] = children
    runner = start_runner(workspace, port)
    children.append(runner)
    watch = Watch(api, server, runner, logs, attendant.clock())
    while not watch.next_runs:
        watch.look(attendant.clock(), attendant.on_notice)
        time.sleep(_LOOK_SECONDS)
    return watch


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

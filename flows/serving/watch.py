"""Does the schedule still run? What serves is watched by its effects, not by its own word.

A server that answers may schedule nothing: with sqlalchemy 2.1 Prefect's scheduler fails at every pass, and the server
says that it is well. What counts is what came of it: runs that the schedule made, and that are run when they are due.
"""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.entry.door import MisuseError
from flows.serving.api import Api, ServerSilentError
from flows.serving.log_tail import LogTail
from flows.serving.schedules import SCHEDULED

_REGISTERED_WITHIN = timedelta(seconds=300)
_SCHEDULED_WITHIN = timedelta(seconds=60)
_ASKED_EVERY = timedelta(seconds=15)
_SILENT_FOR = timedelta(seconds=90)
_LATE_BY = timedelta(minutes=10)


class ScheduleStoppedError(MisuseError):
    """Raised where the schedule no longer runs; the message says why in one line."""


@dataclass(frozen=True)
class Logs:
    """What the two processes write."""

    server: LogTail
    runner: LogTail


class Watch:
    """Two processes and their logs, looked at again and again."""

    def __init__(
        self,
        api: Api,
        server: subprocess.Popen[bytes],
        runner: subprocess.Popen[bytes],
        logs: Logs,
        began: datetime,
    ) -> None:
        self._api = api
        self._server = server
        self._runner = runner
        self._logs = logs
        self._began = began
        self._answered = self._asked = self._complete = began
        self._registered: datetime | None = None
        self._told: set[str] = set()
        self.next_runs: dict[str, datetime] = {}

    def look(self, now: datetime, on_failure: Callable[[str], None]) -> None:
        """Return where all is well so far; ScheduleStoppedError else. `on_failure` is told of each run that failed."""
        # Of a failed run the runner's log says more than enough; of the server's every error counts.
        error = self._logs.server.error()
        if error is not None:
            self._stop(f"máy chủ báo lỗi / the server reports an error: {error} ({self._logs.server.path})")
        self._look_for_ended("máy chủ Prefect", "the Prefect server", self._server, self._logs.server)
        self._look_for_ended("tiến trình chạy luồng", "the runner of the flows", self._runner, self._logs.runner)
        if self.next_runs and now - self._asked < _ASKED_EVERY:
            return
        self._asked = now
        try:
            self._ask(now, on_failure)
            self._answered = now
        except ServerSilentError as error:
            if now - self._answered > _SILENT_FOR:
                self._stop(str(error))

    def is_idle(self) -> bool:
        """Return whether no flow runs; a server that does not answer may be running one."""
        try:
            return not self._api.runs("RUNNING", "PENDING")
        except ServerSilentError:
            return False

    def _look_for_ended(self, name_vi: str, name_en: str, process: subprocess.Popen[bytes], log: LogTail) -> None:
        status = process.poll()
        if status is not None:
            error = log.error(is_whole=True)
            because = f": {error}" if error is not None else ""
            self._stop(f"{name_vi} đã dừng / {name_en} has ended, status {status}{because} ({log.path})")

    def _ask(self, now: datetime, on_failure: Callable[[str], None]) -> None:
        # What an earlier start registered, and the runs made of it, are gone as soon as this one's runner registers.
        known = {one.id: one.name for one in self._api.deployments() if one.updated >= self._began and one.is_scheduled}
        if self._registered is None and set(known.values()) >= SCHEDULED:
            self._registered = self._complete = now
        coming = [run for run in self._api.runs("SCHEDULED", after=now) if run.auto_scheduled]
        found = {
            known[run.deployment_id]: run.expected_start_time for run in reversed(coming) if run.deployment_id in known
        }
        if set(found) >= SCHEDULED:
            self.next_runs = found
            self._complete = now
        elif self._registered is None and now - self._began > _REGISTERED_WITHIN:
            self._stop(f"chưa có lịch nào được đăng ký / no schedule was registered: {self._logs.runner.path}")
        elif self._registered is not None and now - self._complete > _SCHEDULED_WITHIN:
            lacking = ", ".join(sorted(SCHEDULED - set(found)))
            self._stop(f"lịch không tạo lượt chạy nào / the schedule has made no run: {lacking}")
        self._look_for_late(now)
        for run in self._api.runs("FAILED", "CRASHED", after=self._began - timedelta(days=1)):
            if run.id not in self._told:
                self._told.add(run.id)
                why = run.message or run.state_name
                on_failure(f"lượt chạy {run.name} không xong / the run did not succeed: {why}")

    def _look_for_late(self, now: datetime) -> None:
        late = self._api.runs("SCHEDULED", before=now - _LATE_BY)
        if late and not self._api.runs("RUNNING", "PENDING"):
            since = min(run.expected_start_time for run in late)
            self._stop(f"không ai chạy lượt đến hạn / nobody runs what is due since {since:%d/%m/%Y %H:%M} UTC")

    def _stop(self, why: str) -> None:
        raise ScheduleStoppedError(why)

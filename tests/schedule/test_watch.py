"""A server that is well and schedules nothing: the watch says so, and what an earlier server left is ended."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from flows.measures.due import Missed
from flows.serving.address import url_on
from flows.serving.api import Api, KnownDeployment
from flows.serving.backlog import end_leftovers, make_up
from flows.serving.child import end_children
from flows.serving.log_tail import LogTail
from flows.serving.schedules import CONSOLIDATION, SCHEDULED, SWEEP
from flows.serving.secret import credentials
from flows.serving.server import server_log, start_server, wait_for_server
from flows.serving.watch import Logs, ScheduleStoppedError, Watch
from tests.support.office import PLAN, Office, small_plan
from tests.support.served import answered, free_port
from warehouse.workspace import Workspace

pytestmark = pytest.mark.server
NOON = datetime(2026, 3, 15, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Bare:
    """A server without a scheduler and without a runner."""

    workspace: Workspace
    process: subprocess.Popen[bytes]
    api: Api

    def post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        headers = {"content-type": "application/json", **credentials(self.workspace)}
        request = urllib.request.Request(self.api.url + path, json.dumps(body).encode(), headers)
        made = answered(request)
        assert isinstance(made, dict)
        return made

    def deployment(self, name: str, *, is_scheduled: bool) -> KnownDeployment:
        flow = self.post("/flows/", {"name": "consolidate"})
        schedules = [{"schedule": {"cron": "* * * * *"}, "active": True}] if is_scheduled else []
        self.post("/deployments/", {"name": name, "flow_id": flow["id"], "schedules": schedules})
        return next(one for one in self.api.deployments() if one.name == name)

    def watch(self, runner: subprocess.Popen[bytes], began: datetime) -> Watch:
        logs = Logs(LogTail(server_log(self.workspace)), LogTail(self.workspace.prefect_home / "runner.log"))
        return Watch(self.api, self.process, runner, logs, began)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    folder = tmp_path_factory.mktemp("bare")
    workspace, port = Office.new(folder, small_plan(folder / "plan")).workspace, free_port()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED", "false")
        process = start_server(workspace, port, shows_page=False)
    try:
        wait_for_server(workspace, port, process, LogTail(server_log(workspace)))
        yield Bare(workspace, process, Api(url_on(port), credentials(workspace)))
    finally:
        end_children([process])


@pytest.fixture
def runner() -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs nothing."""
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def silence(message: str) -> None:
    raise AssertionError(message)


def test_a_schedule_that_makes_no_run_within_a_minute_is_said(bare: Bare, runner: subprocess.Popen[bytes]) -> None:
    began = datetime.now(UTC)
    for name in SCHEDULED:
        bare.deployment(name, is_scheduled=True)
    now = datetime.now(UTC)
    watch = bare.watch(runner, began)
    watch.look(now, silence)
    watch.look(now + timedelta(seconds=59), silence)
    assert watch.next_runs == {}
    with pytest.raises(ScheduleStoppedError, match="has made no run: after-cut-off, inbox-sweep"):
        watch.look(now + timedelta(seconds=62), silence)


def test_what_an_earlier_start_registered_makes_nobody_ready(bare: Bare, runner: subprocess.Popen[bytes]) -> None:
    for name in SCHEDULED:
        bare.deployment(name, is_scheduled=True)
    began = datetime.now(UTC)
    watch = bare.watch(runner, began)
    watch.look(began + timedelta(seconds=299), silence)
    with pytest.raises(ScheduleStoppedError, match="no schedule was registered"):
        watch.look(began + timedelta(seconds=301), silence)


def test_a_schedule_that_somebody_switched_off_is_said(bare: Bare, runner: subprocess.Popen[bytes]) -> None:
    began = datetime.now(UTC)
    bare.deployment(CONSOLIDATION, is_scheduled=True)
    bare.deployment(SWEEP, is_scheduled=False)
    with pytest.raises(ScheduleStoppedError, match="no schedule was registered"):
        bare.watch(runner, began).look(began + timedelta(seconds=301), silence)


def test_what_is_due_and_run_by_nobody_is_said(bare: Bare, runner: subprocess.Popen[bytes]) -> None:
    deployment = bare.deployment("nobody", is_scheduled=False)
    now = datetime.now(UTC)
    bare.api.create_run(deployment, "lỡ", now - timedelta(minutes=11), [])
    try:
        with pytest.raises(ScheduleStoppedError, match="nobody runs what is due"):
            bare.watch(runner, now).look(now, silence)
    finally:
        end_leftovers(bare.api, now)


def test_a_process_that_ended_is_said_with_what_it_wrote_last(bare: Bare, runner: subprocess.Popen[bytes]) -> None:
    now = datetime.now(UTC)
    watch = bare.watch(runner, now)
    log = bare.workspace.prefect_home / "runner.log"
    log.write_text("Traceback (most recent call last):\n  File\nValueError: no such cron\n", "utf-8")
    runner.kill()
    runner.wait()
    with pytest.raises(ScheduleStoppedError, match=r"the runner .* has ended, status -9: ValueError: no such cron"):
        watch.look(now, silence)


def test_of_a_run_that_failed_it_is_said_why(bare: Bare, runner: subprocess.Popen[bytes]) -> None:
    deployment, now = bare.deployment(SWEEP, is_scheduled=False), datetime.now(UTC)
    bare.api.create_run(deployment, "quét", now, [])
    [run] = [one for one in bare.api.runs("SCHEDULED") if one.name == "quét"]
    bare.api.end_run(run, "FAILED", "plan/ không phải\nkế hoạch được chấp nhận")
    watch, told = bare.watch(runner, now), list[str]()
    watch.look(datetime.now(UTC), told.append)
    watch.look(datetime.now(UTC) + timedelta(minutes=1), told.append)
    said = "lượt chạy quét không xong / the run did not succeed: plan/ không phải kế hoạch được chấp nhận"
    assert [one for one in told if "quét" in one] == [said], "once"


def test_what_an_earlier_server_left_is_ended_and_what_was_never_begun_is_counted(bare: Bare) -> None:
    deployment = bare.deployment("left", is_scheduled=False)
    now = datetime.now(UTC)
    for days in (1, 2, 3):
        bare.api.create_run(deployment, f"{days}", now - timedelta(days=days), [])
    began, *_ = bare.api.runs("SCHEDULED", before=now)
    bare.api.end_run(began, "RUNNING", "")
    assert [run.name for run in end_leftovers(bare.api, now)] == ["2", "1"]
    assert bare.api.runs("SCHEDULED", "RUNNING", "PENDING", before=now) == ()
    assert {run.name for run in bare.api.runs("CANCELLED") if run.deployment_id == deployment.id} == {"1", "2"}
    assert {run.name for run in bare.api.runs("CRASHED") if run.deployment_id == deployment.id} == {"3"}


def test_what_was_missed_is_made_up_for_by_one_run_for_its_latest_moment(bare: Bare) -> None:
    deployment = bare.deployment(CONSOLIDATION, is_scheduled=False)
    missed = [Missed(PLAN.period("2022-Q1"), NOON), Missed(PLAN.period("2022-Q2"), NOON + timedelta(days=2), (NOON,))]
    make_up(bare.api, ())
    make_up(bare.api, missed)
    [run] = [one for one in bare.api.runs("SCHEDULED") if one.deployment_id == deployment.id]
    assert (run.expected_start_time, run.auto_scheduled) == (NOON + timedelta(days=2), False)
    end_leftovers(bare.api, datetime.now(UTC))

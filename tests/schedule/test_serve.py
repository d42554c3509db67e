"""`motcua serve` is judged by what its schedule does, and by what it says when that does not happen."""

import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from audit.events import Entry
from flows.entry.places import CHECKOUT
from flows.keeping.create import create
from flows.measures.periods import latest_consolidation
from flows.serving.address import running_url
from flows.serving.schedules import CONSOLIDATION, SWEEP
from tests.support.office import KEY, log, small_plan
from tests.support.people import at_door, sealing_of
from tests.support.served import Served, processes_of, until
from warehouse.workspace import Workspace

pytestmark = pytest.mark.server
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PERIOD = '[[period]]\nid = "{id}"\nname_vi = "Kỳ {id}"\nname_en = "Period {id}"\nkind = "flow"\nfirst_day = {first}\nlast_day = {last}\n'
EARLIER, LAST = "K1", "K2"
DOSSIER = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
BREAKS_THE_SCHEDULER = '''
"""Every pass of Prefect's scheduler fails, as it does with sqlalchemy 2.1."""
import importlib.abc, importlib.machinery, sys

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "prefect.server.services.scheduler":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        run = spec.loader.exec_module
        def broken(module):
            run(module)
            from sqlalchemy.exc import InvalidRequestError
            async def fail(*_, **__):
                raise InvalidRequestError("Can't evaluate bulk DML statement; please supply a bind")
            module.models.deployments._insert_scheduled_flow_runs = fail
        spec.loader.exec_module = broken
        return spec

sys.meta_path.insert(0, Finder())
'''


def today() -> date:
    return datetime.now(HANOI).date()


def workspace_with(folder: Path, *, consolidate_at: time, founded: date) -> Workspace:
    """Return a workspace of two periods: one ended ten days ago, one yesterday; its inbox is swept every minute."""
    plan = small_plan(folder / "plan")
    spans = {
        EARLIER: (today() - timedelta(40), today() - timedelta(10)),
        LAST: (today() - timedelta(9), today() - timedelta(1)),
    }
    text = "".join(PERIOD.format(id=name, first=first, last=last) for name, (first, last) in spans.items())
    (plan / "periods.toml").write_text("report_type = []\n" + text, "utf-8")
    at = datetime.combine(founded, time(3), UTC)
    workspace = create(folder / "workspace", plan, at_door("tester", at, "init"), KEY, sealing_of("tester"))
    set_schedule(workspace, consolidate_at)
    return Workspace(workspace.root)


def set_schedule(workspace: Workspace, consolidate_at: time) -> None:
    settings = workspace.root / "motcua.toml"
    kept = settings.read_text("utf-8").split("[schedule]")[0]
    said = f'[schedule]\nconsolidate_at = {consolidate_at:%H:%M:%S}\nsweep_cron = "* * * * *"\n'
    settings.write_text(kept + said, "utf-8")


def consolidated(served: Served, period: str) -> Entry | None:
    found = latest_consolidation(served.ledger.entries, period)
    return found[0] if found is not None else None


def by_schedule(entry: Entry) -> bool:
    return entry.actor == "schedule"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a workspace whose earlier period's moment passed while nothing ran, and whose last one's has not."""
    folder = tmp_path_factory.mktemp("served")
    served = Served(workspace_with(folder, consolidate_at=time(23, 59), founded=today() - timedelta(20)))
    try:
        served.wait_until_ready()
        yield served
    finally:
        served.end()


def test_a_cut_off_that_passed_while_nothing_ran_is_made_up_for_at_start(running: Served) -> None:
    assert f"made up for now: {EARLIER}, " in running.said
    # Its plan ended yesterday; the last period is due tonight.
    assert "no day of the plan is left" not in running.said
    entry = until("the consolidation", lambda: consolidated(running, EARLIER))
    assert by_schedule(entry)
    made_up = running.wait_for_run(CONSOLIDATION, auto_scheduled=False)
    moment = datetime.combine(today() - timedelta(9), time(23, 59), HANOI)
    assert made_up.expected_start_time == moment


def test_the_schedule_sweeps_the_inbox_by_itself(running: Served) -> None:
    (running.workspace.inbox / "so.csv").write_bytes(log(DOSSIER))
    until("the sweep", lambda: not any(running.workspace.inbox.glob("*.csv")))
    assert running.wait_for_run(SWEEP, auto_scheduled=True).state_type == "COMPLETED"
    taken = until("its commit", lambda: next((one for one in running.ledger.entries if one.kind == "intake"), None))
    assert by_schedule(taken)


def hour_set(served: Served, deployment: str) -> datetime | None:
    """Have a deployment run at the minute after the next one; None where the server is busy."""
    soon = datetime.now(HANOI) + timedelta(minutes=2)
    cron = {"cron": f"{soon.minute} {soon.hour} * * *", "timezone": HANOI.key}
    request = urllib.request.Request(
        f"{served.api.url}/deployments/{deployment}",
        json.dumps({"schedules": [{"schedule": cron, "active": True}]}).encode(),
        served.api._headers,
        method="PATCH",
    )
    try:
        urllib.request.urlopen(request, timeout=30).close()
    except (urllib.error.URLError, TimeoutError):
        return None
    return soon


def test_a_cron_of_the_next_minute_fires_consolidates_and_leaves_a_draft_for_a_person(running: Served) -> None:
    deployment = next(one for one in running.api.deployments() if one.name == CONSOLIDATION)
    soon = until("the new hour", lambda: hour_set(running, deployment.id))
    run = running.wait_for_run(CONSOLIDATION, auto_scheduled=True)
    assert run.expected_start_time == soon.replace(second=0, microsecond=0)
    entry = consolidated(running, LAST)
    assert entry is not None
    assert by_schedule(entry)
    draft = running.workspace.drafts / LAST
    assert {path.name for path in draft.iterdir()} == {"official", "open", "reasons.md", "draft.json"}


def test_hours_that_are_set_while_it_serves_count_from_then_on(running: Served) -> None:
    was = running.workspace.settings_file.read_text("utf-8")
    try:
        running.workspace.settings_file.write_text(was.replace("23:59:00", "23:58:00"), "utf-8")
        # What runs next is printed after it.
        said = "23:58 tổng hợp / consolidation"
        until("the new hour", lambda: said in running.said.partition("registered anew")[2] or None)
        assert running.process.poll() is None, running.said
    finally:
        running.workspace.settings_file.write_text(was, "utf-8")
        until("the old hours", lambda: running.said.count("registered anew") > 1 or None)


def test_a_second_server_of_one_workspace_says_so_and_takes_nothing_from_the_first(running: Served) -> None:
    before = {
        path: path.read_bytes()
        for path in running.workspace.prefect_home.glob("*")
        if "server-secret" in path.name or path.suffix == ".json"
    }
    second = Served(running.workspace)
    assert second.wait_for_end() == 2
    *_, line = second.said.splitlines()
    assert "is being served by process" in line
    assert second.said.count("\n") <= 2, second.said
    assert str(running.process.pid) in line
    assert {path: path.read_bytes() for path in before} == before != {}
    assert running_url(running.workspace) == running.api.url
    assert running.process.poll() is None


def test_a_stop_over_a_cut_off_is_made_up_for_and_every_end_is_clean_or_named(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, consolidate_at=time(23, 59), founded=today() - timedelta(2))
    first = Served(workspace)
    assert "made up" not in first.wait_until_ready()
    assert first.end() == 0
    assert processes_of(workspace) == []
    assert "Traceback" not in first.said
    assert running_url(workspace) is None

    # The moment of the last period passes while nothing runs.
    passed = datetime.now(HANOI).replace(second=0, microsecond=0)
    set_schedule(workspace, passed.time())
    second = Served(workspace)
    assert f"made up for now: {LAST}, {passed:%d/%m/%Y %H:%M}" in second.wait_until_ready()
    assert second.wait_for_run(CONSOLIDATION, auto_scheduled=False).expected_start_time == passed
    assert consolidated(second, LAST) is not None
    os.kill(second.child("flows.serving.runner"), signal.SIGKILL)
    assert second.wait_for_end() == 2
    assert "the runner of the flows has ended" in second.said.splitlines()[-1]
    assert processes_of(workspace) == []

    third = Served(workspace)
    assert "made up" not in third.wait_until_ready(), "it is made up for once"
    os.kill(third.child("uvicorn"), signal.SIGKILL)
    assert third.wait_for_end() == 2
    assert "the Prefect server has ended" in third.said.splitlines()[-1]
    assert "Traceback" not in third.said
    assert processes_of(workspace) == []


def test_a_scheduler_that_fails_at_every_pass_ends_serve_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(BREAKS_THE_SCHEDULER, "utf-8")
    workspace = workspace_with(tmp_path, consolidate_at=time(23, 59), founded=today())
    served = Served(workspace, {"PYTHONPATH": f"{CHECKOUT}{os.pathsep}{tmp_path / 'broken'}"})
    assert served.wait_for_end() == 2
    *_, line = served.said.splitlines()
    assert "Can't evaluate bulk DML statement" in line
    assert "ready" not in served.said
    assert processes_of(workspace) == []

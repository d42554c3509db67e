"""A real Prefect server: schedules registered, flows run, artifacts without personal data, nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import cast

import pytest

from demo.people import APPROVER
from demo.run import make_demo
from flows.entry.places import CHECKOUT
from flows.serving.address import running_url
from flows.serving.secret import credentials
from tests.support.people import CHEAP, FOUNDER, at_door, fd_in, signing
from tests.support.served import answered
from warehouse.workspace import Workspace

pytestmark = pytest.mark.server
START_SECONDS = 320
RUN_SECONDS = 300


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    workspace: Workspace
    url: str

    def post(self, path: str, body: dict[str, object]) -> list[dict[str, object]]:
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"} | credentials(self.workspace),
        )
        # A list where it is asked for several, one entry where it is asked to make one.
        return cast("list[dict[str, object]]", answered(request))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(seconds: float, what: str, ask) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.3)
    raise AssertionError(f"{what} did not happen within {seconds} s")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("served") / "demo"
    # Made now, so that no cut-off of 2022 passed since.
    door = at_door(FOUNDER, datetime.now(UTC), "demo")
    workspace = make_demo(root, door, b"k" * 32, replace=False, cost=CHEAP)
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "motcua", "serve", "-w", str(root), "--port", str(port)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
    )
    try:
        url = _until(START_SECONDS, "the server's start", lambda: process.poll() is None and running_url(workspace))
        served = Server(process, workspace, str(url))
        _until(START_SECONDS, "registration", lambda: len(served.post("/deployments/filter", {})) == 2)
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _run(server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    with signing(APPROVER if "approve" in words else FOUNDER) as environment:
        return subprocess.run(
            [sys.executable, "-m", "motcua", *words, "-w", str(server.workspace.root)],
            cwd=CHECKOUT,
            env=os.environ | environment,
            pass_fds=fd_in(environment),
            capture_output=True,
            text=True,
            check=False,
        )


def test_the_schedules_are_registered_in_the_plan_s_zone(server: Server) -> None:
    found = {
        str(one["name"]): sorted((s["schedule"]["cron"], s["schedule"]["timezone"]) for s in one["schedules"])  # type: ignore[attr-defined]
        for one in server.post("/deployments/filter", {})
    }
    assert found == {
        "after-cut-off": [
            (cron, "Asia/Ho_Chi_Minh") for cron in ("0 6 15 3,6,9,12 *", "0 6 17 3,6,9,12 *", "0 6 25 11 *")
        ],
        "inbox-sweep": [("*/30 7-18 * * 1-6", "Asia/Ho_Chi_Minh")],
    }


def test_a_quarter_runs_through_the_server_and_leaves_no_personal_data_in_prefect(server: Server) -> None:
    deployment = next(one for one in server.post("/deployments/filter", {}) if one["name"] == "inbox-sweep")
    created = server.post(f"/deployments/{deployment['id']}/create_flow_run", {"idempotency_key": "once"})
    run_id = created["id"]  # type: ignore[call-overload]

    def state() -> str | None:
        runs = server.post("/flow_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
        kind = str(runs[0]["state_type"])
        assert kind not in ("FAILED", "CRASHED"), runs[0]["state"]
        return kind if kind == "COMPLETED" else None

    _until(RUN_SECONDS, "the scheduled intake", state)
    assert not list(server.workspace.inbox.glob("*.xlsx"))

    late = server.workspace.inbox / "den-sau.csv"
    late.write_bytes(b"x")
    consolidated = _run(server, "consolidate", "2022-Q1")
    assert late.is_file(), "a named period is consolidated and no more, as without a server"
    late.unlink()
    assert consolidated.returncode == 0, consolidated.stderr
    listed = json.loads(_run(server, "justify", "2022-Q1", "--json").stdout)
    for rule_id in dict.fromkeys(str(one["rule_id"]) for one in listed):
        said = _run(server, "justify", "2022-Q1", rule_id, "--reason", "lỗi gieo sẵn của bản chạy thử")
        assert said.returncode == 0, said.stderr
    for reason in json.loads(_run(server, "release", "request", "2022-Q1", "--json").stdout)["reasons"]:
        words = reason.split("motcua waive ", 1)[1].split()
        accepted = _run(server, "waive", *words, "--reason", "lỗi gieo sẵn", "--until", "2099-12-31")
        # Several reasons may speak of one rule, of which every unit is accepted at once.
        assert accepted.returncode == 0 or "fails nowhere here" in accepted.stderr, accepted.stderr
    refused = _run(server, "consolidate", "2022-Q1", "--actor", "Người Dùng Giả Định 09")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    requested = _run(server, "release", "request", "2022-Q1")
    assert requested.returncode == 0, requested.stdout + requested.stderr
    approved = _run(server, "release", "approve", "2022-Q1", "--actor", APPROVER)
    assert approved.returncode == 0, approved.stderr
    published = _run(server, "publish", "2022-Q1")
    assert published.returncode == 0, published.stdout + published.stderr
    assert "Traceback" not in consolidated.stdout + consolidated.stderr + published.stdout + published.stderr
    assert (server.workspace.releases / "2022-Q1" / "v1" / "official" / "verify.py").is_file()

    _runs_can_be_read(server)
    personal = ("Người Thử Nghiệm".encode(), "đường Thử Nghiệm".encode())
    for path in server.workspace.prefect_home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(word in content or word.decode().encode("unicode_escape") in content for word in personal), (
                path
            )


def _runs_can_be_read(server: Server) -> None:
    """Hold what the runs of the quarter show against what a person at the page needs."""
    runs = {str(run["name"]): run for run in server.post("/flow_runs/filter", {}) if run["state_type"] == "COMPLETED"}
    assert any(name == "Tiếp nhận · Sở Văn hóa và Thể thao tỉnh Khánh Hòa" for name in runs), runs.keys()
    name = next(name for name in runs if name.startswith("Tổng hợp 2022-Q1 · "))
    assert re.fullmatch(r"Tổng hợp 2022-Q1 · [0-9a-f]{8} · Sở Văn hóa và Thể thao tỉnh Khánh Hòa", name)
    assert {"svhtt-khanh-hoa-2022", "2022-Q1"} <= set(runs[name]["tags"])  # type: ignore[call-overload]
    assert {str(run["parameters"]) for run in runs.values()} == {"{}", "{'period': '2022-Q1'}"}

    logs = server.post("/logs/filter", {"logs": {"flow_run_id": {"any_": [runs[name]["id"]]}}})
    said = "\n".join(str(line["message"]) for line in logs)
    assert "Quý I năm 2022 (2022-Q1): đã tổng hợp ở dòng sổ cái" in said
    assert "Việc tiếp theo: đọc `motcua status 2022-Q1`" in said

    found = {str(one["key"]): one for one in reversed(server.post("/artifacts/filter", {"sort": "CREATED_DESC"}))}
    whats = ("summary", "figures", "targets", "nonconformities", "release")
    assert {f"svhtt-khanh-hoa-2022-2022-q1-{what}" for what in whats} <= found.keys()
    figures = json.loads(str(found["svhtt-khanh-hoa-2022-2022-q1-figures"]["data"]))
    on_time = next(row for row in figures if "(on_time_share)" in row["Chỉ số"])
    assert re.fullmatch(r"\d+,\d\d %", on_time["Giá trị"])
    assert re.fullmatch(r"\d+/\d+", on_time["Tử/mẫu"])
    nonconformities = json.loads(str(found["svhtt-khanh-hoa-2022-2022-q1-nonconformities"]["data"]))
    assert all(re.fullmatch(r"Toàn Sở|.+ \(.+\)", row["Nơi"]) for row in nonconformities)
    assert all(re.fullmatch(r".+ \([A-Z]\d{3}\)", row["Nội dung"]) for row in nonconformities)
    shown = json.dumps([one["data"] for one in found.values()], ensure_ascii=False)
    for raw in ("None", "null", "Decimal", "no_cases", "no_data", "missed", "major", "accepted"):
        assert raw not in shown, raw


def test_a_period_that_is_not_in_the_plan_is_refused_before_a_run_begins(server: Server) -> None:
    deployment = next(one for one in server.post("/deployments/filter", {}) if one["name"] == "after-cut-off")
    asked = f"/deployments/{deployment['id']}/create_flow_run"
    for parameters in ({"period": "2031-Q9"}, {"actor": APPROVER}, {"workspace": "/elsewhere"}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            server.post(asked, {"parameters": parameters})
        assert refused.value.code == HTTPStatus.CONFLICT
    # Whoever tells the server not to look is told by the run itself, in one sentence.
    unasked = {"parameters": {"period": "2031-Q9"}, "enforce_parameter_schema": False}
    run_id = server.post(asked, unasked)["id"]  # type: ignore[call-overload]

    def ended() -> dict[str, object] | None:
        run = server.post("/flow_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})[0]
        return run if run["state_type"] in ("FAILED", "CRASHED", "COMPLETED") else None

    run = _until(RUN_SECONDS, "the end of the run", ended)
    assert "there is no such period in the plan: 2022-Q1, " in run["state"]["message"]  # type: ignore[index]
    logs = server.post("/logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}})
    assert "Traceback" not in "".join(str(line["message"]) for line in logs)


def test_without_a_server_a_command_does_not_import_prefect(tmp_path: Path) -> None:
    script = "import sys, flows.run, flows.quarterly, flows.desk.status, motcua.cli; print('prefect' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"

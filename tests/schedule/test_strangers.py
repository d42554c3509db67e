"""A real server, and strangers who speak to it: whoever lacks the secret, a page of another site, a rebound name.

Every route of the application's own table is tried. Each is refused, and nothing is written anywhere.
"""

import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from flows.serving.child import end_children
from flows.serving.guard import HOST
from flows.serving.log_tail import LogTail
from flows.serving.secret import credentials, secret_file, secret_of
from flows.serving.server import server_log, start_server, wait_for_server
from warehouse.workspace import Workspace

pytestmark = pytest.mark.server
ANY_ID = "00000000-0000-4000-8000-000000000000"
BUSY_SECONDS = 60
# What the server writes by itself, seconds after something was done by whoever may.
OF_THE_SERVER = ("events", "event_resources")
FOREIGN = "http://evil.example"
SOCKETS = (
    "/api/events/in",
    "/api/events/out",
    "/api/logs/out",
    "/api/task_runs/subscriptions/scheduled",
    "/api/work_pools/any/workers/connect",
)


@dataclass(frozen=True)
class Served:
    workspace: Workspace
    port: int
    process: subprocess.Popen[bytes]

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: object = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        connection = HTTPConnection(HOST, self.port, timeout=30)
        connection.putrequest(method, path, skip_host="Host" in headers)
        content = json.dumps(body).encode() if body is not None else b""
        for name, value in {"content-type": "application/json", "content-length": str(len(content)), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(content)
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def known(self, method: str, path: str, body: object = None) -> object:
        """Ask as whoever has the secret; a server whose database is being written is asked again."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            status, _, content = self.ask(method, path, credentials(self.workspace), body)
            if status != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                assert status < 300, content
                return json.loads(content)
            time.sleep(0.5)

    def state(self) -> tuple[dict[str, int], dict[str, bytes]]:
        """Return how many rows each table of Prefect's database has, and what lies in the workspace beside it."""
        database = sqlite3.connect(f"file:{self.workspace.prefect_home / 'prefect.db'}?mode=ro", uri=True)
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        tables = [name for name in tables if name not in OF_THE_SERVER]
        counts = {name: database.execute(f"select count(*) from {name}").fetchone()[0] for name in tables}
        database.close()
        files = {
            str(path): path.read_bytes()
            for path in self.workspace.root.rglob("*")
            if path.is_file() and not path.is_relative_to(self.workspace.prefect_home)
        }
        return counts, files


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("strangers")
    (root / "motcua.toml").write_text("workspace_version = 1\n", "utf-8")
    workspace = Workspace(root)
    home = workspace.prefect_home
    # As an older version left it: open to everybody.
    home.mkdir(mode=0o755)
    (home / "prefect.db").touch(mode=0o644)
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    process = start_server(workspace, port, shows_page=True)
    try:
        wait_for_server(workspace, port, process, LogTail(server_log(workspace)))
        yield Served(workspace, port, process)
    finally:
        end_children([process])


@pytest.fixture(scope="module")
def routes(served: Served) -> list[tuple[str, str]]:
    """Every route that answers something of Prefect's, from the application's own tables."""
    script = (
        "import json\n"
        "from prefect.server.api.server import create_app\n"
        "app = create_app()\n"
        "found = [(m.upper(), '/api' + path) for path, of in app.api_app.openapi()['paths'].items() for m in of]\n"
        "found += [(m, r.path) for r in app.routes for m in sorted(getattr(r, 'methods', None) or ())]\n"
        "found += [(m, '/api' + r.path) for r in app.api_app.routes for m in sorted(getattr(r, 'methods', None) or ())]\n"
        "print(json.dumps(sorted(set(map(tuple, found)))))\n"
    )
    home = {"PREFECT_HOME": str(served.workspace.root.parent / "routes"), "PREFECT_SERVER_UI_ENABLED": "false"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | home, capture_output=True, text=True, check=True
    )
    found = [(method, path) for method, path in json.loads(done.stdout.splitlines()[-1])]
    assert len(found) > 150
    return [(method, _filled(path)) for method, path in found]


def _filled(path: str) -> str:
    return "/".join(ANY_ID if part.startswith("{") else part for part in path.split("/"))


def _refused_everywhere(served: Served, routes: list[tuple[str, str]], headers: Mapping[str, str], status: int) -> None:
    before = served.state()
    answers = {(method, path): served.ask(method, path, headers, {"name": "stranger"}) for method, path in routes}
    assert {route: found[0] for route, found in answers.items() if found[0] != status} == {}
    assert not any("access-control-allow-origin" in found[1] for found in answers.values())
    assert served.state() == before


def test_nothing_is_said_or_done_without_credentials(served: Served, routes: list[tuple[str, str]]) -> None:
    _refused_everywhere(served, routes, {}, 401)


def test_nothing_is_said_or_done_with_wrong_credentials(served: Served, routes: list[tuple[str, str]]) -> None:
    guessed = {"Authorization": "Basic " + b64encode(b"motcua:" + b"0" * 64).decode()}
    _refused_everywhere(served, routes, guessed, 401)


def test_nothing_is_said_or_done_for_a_page_of_another_site(served: Served, routes: list[tuple[str, str]]) -> None:
    _refused_everywhere(served, routes, {"Origin": FOREIGN} | credentials(served.workspace), 403)


def test_nothing_is_said_or_done_under_a_rebound_name(served: Served, routes: list[tuple[str, str]]) -> None:
    rebound = {"Host": f"evil.example:{served.port}"} | credentials(served.workspace)
    _refused_everywhere(served, routes, rebound, 400)


def test_a_preflight_allows_nothing(served: Served, routes: list[tuple[str, str]]) -> None:
    asks = {
        "Origin": FOREIGN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    for path in sorted({path for _, path in routes}):
        status, headers, _ = served.ask("OPTIONS", path, asks)
        assert status == 403
        assert not [name for name in headers if name.startswith("access-control-")]


def test_a_stranger_sets_no_pull_step_and_runs_no_command(served: Served) -> None:
    flow = served.known("POST", "/api/flows/", {"name": "of the department"})
    named = {"name": "after-cut-off", "flow_id": flow["id"]}  # type: ignore[index]
    deployment = served.known("POST", "/api/deployments/", named)
    ours = f"/api/deployments/{deployment['id']}"  # type: ignore[index]
    planted = served.workspace.root / "planted"
    evil = {"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": f"touch {planted}"}}]}
    before = served.state()
    for stranger in ({}, {"Origin": FOREIGN}, {"Host": f"evil.example:{served.port}"}):
        for method, path, body in (
            ("PATCH", ours, evil | {"entrypoint": "evil.py:run"}),
            ("POST", "/api/deployments/", named | evil),
            ("POST", f"{ours}/create_flow_run", {}),
            ("DELETE", ours, None),
        ):
            assert served.ask(method, path, stranger, body)[0] in (400, 401, 403)
    assert served.state() == before
    kept = served.known("GET", ours)
    assert (kept["pull_steps"], kept["entrypoint"]) == ([], None)  # type: ignore[index]
    assert not planted.exists()
    # Whoever has the secret can: what keeps a stranger out is the secret, not a server that does nothing.
    run = served.known("POST", f"{ours}/create_flow_run", {})
    assert served.state()[0]["flow_run"] == before[0]["flow_run"] + 1
    status, _, _ = served.ask("DELETE", f"/api/flow_runs/{run['id']}", credentials(served.workspace))  # type: ignore[index]
    assert status == HTTPStatus.NO_CONTENT


@pytest.mark.parametrize("path", SOCKETS)
def test_a_web_socket_hears_no_stranger(served: Served, path: str) -> None:
    where, before = f"ws://{HOST}:{served.port}{path}", served.state()
    rebound = where.replace(HOST, "evil.example")
    for named, origin in ((where, FOREIGN), (where, "null"), (rebound, None)):
        with (
            socket.create_connection((HOST, served.port)) as line,
            pytest.raises(InvalidStatus) as refused,
            connect(named, sock=line, origin=origin, subprotocols=["prefect"]),  # type: ignore[arg-type, list-item]
        ):
            pass
        assert refused.value.response.status_code == 403
    for first in ('{"type": "auth", "token": "guessed"}', '{"type": "auth", "token": "ằ"}', "{", '{"type": "filter"}'):
        with connect(where, subprotocols=["prefect"]) as stranger:  # type: ignore[list-item]
            stranger.send(first)
            with pytest.raises(ConnectionClosed):
                stranger.recv(timeout=20)
    with connect(where, subprotocols=["prefect"]) as known:  # type: ignore[list-item]
        known.send(json.dumps({"type": "auth", "token": secret_of(served.workspace)}))
        assert json.loads(known.recv(timeout=20)) == {"type": "auth_success"}
    assert served.state() == before


def test_the_table_of_sockets_is_whole() -> None:
    # Found without being imported, which takes seconds.
    found = find_spec("prefect")
    assert found is not None
    assert found.origin is not None
    sources = Path(found.origin).parent.joinpath("server").rglob("*.py")
    declared = sum(path.read_text("utf-8").count(".websocket(") for path in sources)
    assert declared == len(SOCKETS)


def test_the_page_opens_and_holds_no_secret(served: Served) -> None:
    secret = secret_of(served.workspace).removeprefix("motcua:").encode()
    for path in ("/", "/runs", "/ui-settings", "/v2/"):
        status, headers, body = served.ask("GET", path, {"Accept": "text/html"})
        assert status in (200, 307), path
        assert secret not in body
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_secret_is_in_one_private_file_and_on_no_command_line(served: Served) -> None:
    secret = secret_of(served.workspace).removeprefix("motcua:").encode()
    home = served.workspace.prefect_home
    assert len(secret) == 64
    shown = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    assert shown
    assert not any(secret in line for line in shown)
    holding = [path for path in home.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert holding == [secret_file(served.workspace)]


def test_nobody_else_can_read_prefect_s_home(served: Served) -> None:
    home = served.workspace.prefect_home
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    files = [path for path in home.iterdir() if path.is_file()]
    assert {"prefect.db", "server-secret", "server.log"} <= {path.name for path in files}
    assert {path.name: oct(path.stat().st_mode) for path in files if path.stat().st_mode & 0o077} == {}


def test_the_server_listens_on_this_machine_alone(served: Served) -> None:
    listening = [
        line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"
    ]
    listening += [
        line.split()[1] for line in Path("/proc/net/tcp6").read_text().splitlines()[1:] if line.split()[3] == "0A"
    ]
    port = f"{served.port:04X}"
    assert [address for address in listening if address.endswith(f":{port}")] == [f"0100007F:{port}"]


def test_strangers_leave_no_error_in_the_server_s_log(served: Served) -> None:
    served.ask("GET", "/api/health", {"Authorization": "Basic \xff"})
    assert "Traceback" not in (served.workspace.prefect_home / "server.log").read_text("utf-8")

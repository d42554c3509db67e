"""A workspace that `motcua serve` runs as a process of its own, looked at from outside: output, runs, what it leaves."""

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
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from audit.ledger import Ledger
from flows.entry.places import CHECKOUT
from flows.serving.address import url_on
from flows.serving.api import Api, KnownRun, ServerSilentError
from flows.serving.secret import credentials
from warehouse.workspace import Workspace

PATIENCE_SECONDS = 420.0
BUSY_SECONDS = 60.0
Answer = TypeVar("Answer")


def answered(request: urllib.request.Request) -> object:
    """Return what a server answers in JSON.

    Busy, it says while its database is being written, and that nothing was done; Prefect's own client asks again too.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, ask: Callable[[], Answer | None], seconds: float = PATIENCE_SECONDS) -> Answer:
    """Ask until there is an answer; it has long, because other programs share the processors."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def processes_of(workspace: Workspace) -> list[int]:
    """Return every process that has this workspace in its command line or environment: ours as well as Prefect's."""
    named = str(workspace.root).encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if named in said and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


class Served:
    """One `motcua serve`."""

    def __init__(self, workspace: Workspace, more: Mapping[str, str] | None = None) -> None:
        self.workspace = Workspace(workspace.root)
        self.port = free_port()
        self.output = workspace.root.parent / f"serve-{self.port}.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        command = [sys.executable, "-m", "motcua", "serve", "-w", str(workspace.root), "--port", str(self.port)]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=CHECKOUT, stdout=output, stderr=subprocess.STDOUT, env=clean | dict(more or {})
            )

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8")

    @property
    def api(self) -> Api:
        return Api(url_on(self.port), credentials(self.workspace))

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.workspace.ledger)

    def order(self, deployment: str, parameters: Mapping[str, object]) -> None:
        """Have a deployment run now, as a person at Prefect's page does."""
        [found] = [one for one in self.api.deployments() if one.name == deployment]
        request = urllib.request.Request(
            f"{url_on(self.port)}/deployments/{found.id}/create_flow_run",
            json.dumps({"parameters": dict(parameters)}).encode(),
            {"content-type": "application/json"} | credentials(self.workspace),
        )
        assert answered(request)

    def wait_until_ready(self) -> str:
        def ready() -> str | None:
            assert self.process.poll() is None, self.said
            return self.said if "Sẵn sàng / ready" in self.said else None

        return until("ready", ready)

    def wait_for_end(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)

    def wait_for_run(self, deployment: str, *, auto_scheduled: bool) -> KnownRun:
        """Return a run of a deployment that came to a good end."""

        def ended() -> KnownRun | None:
            assert self.process.poll() is None, self.said
            try:
                ids = {one.id for one in self.api.deployments() if one.name == deployment}
                mine = [run for run in self.api.runs("COMPLETED", "FAILED", "CRASHED") if run.deployment_id in ids]
            except ServerSilentError:
                return None
            chosen = [run for run in mine if run.auto_scheduled is auto_scheduled]
            assert {run.state_type for run in chosen} <= {"COMPLETED"}, (chosen, self.runner_log)
            return next(iter(chosen), None)

        return until(f"a run of {deployment}", ended)

    @property
    def runner_log(self) -> str:
        path = self.workspace.prefect_home / "runner.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def child(self, module: str) -> int:
        """Return the process that runs a module for this server."""
        for process in processes_of(self.workspace):
            line = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
            if b"flows.serving.child" in line and any(re.search(module.encode(), part) for part in line[4:]):
                return process
        raise AssertionError(f"no process runs {module}")

    def end(self, order: signal.Signals = signal.SIGTERM) -> int:
        """Stop it if it still runs, and wait for what it leaves; return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(order)
        return self.process.wait(PATIENCE_SECONDS)

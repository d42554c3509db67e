"""What does the server know of deployments and runs, and how is it told something?"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from uuid import uuid4

from pydantic import BaseModel, TypeAdapter

from flows.entry.door import MisuseError

_ASK_SECONDS = 30.0
_BUSY_SECONDS = 60.0
_PAUSE_SECONDS = 0.5
_MOST = 200
_LONGEST_MESSAGE = 300


class ServerSilentError(MisuseError):
    """Raised where the server did not answer as it should, for as long as one waits for a busy one."""


class RunSchedule(BaseModel):
    """A schedule of a deployment."""

    active: bool


class KnownDeployment(BaseModel):
    """A deployment as the server knows it."""

    id: str
    name: str
    paused: bool
    updated: datetime
    schedules: tuple[RunSchedule, ...] = ()

    @property
    def is_scheduled(self) -> bool:
        """Whether the server is to make runs of it by itself."""
        return not self.paused and any(one.active for one in self.schedules)


class RunState(BaseModel):
    """What a run came to, in one sentence if it said so."""

    message: str | None = None


class KnownRun(BaseModel):
    """A run as the server knows it."""

    id: str
    name: str
    deployment_id: str | None
    state_type: str
    state_name: str
    expected_start_time: datetime
    auto_scheduled: bool
    state: RunState | None = None

    @property
    def message(self) -> str:
        """What it said at its end, in one line; blank where it said nothing."""
        said = self.state.message if self.state is not None else None
        return " ".join((said or "").split())[:_LONGEST_MESSAGE]


_DEPLOYMENTS = TypeAdapter(tuple[KnownDeployment, ...])
_RUNS = TypeAdapter(tuple[KnownRun, ...])


class Api:
    """The server's API, asked plainly: what watches Prefect does not stand on Prefect's client."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self.url = url
        self._headers = {"content-type": "application/json", **headers}

    def deployments(self) -> tuple[KnownDeployment, ...]:
        """Return the deployments of the workspace."""
        return _DEPLOYMENTS.validate_json(self._post("/deployments/filter", {}))

    def runs(self, *states: str, after: datetime | None = None, before: datetime | None = None) -> tuple[KnownRun, ...]:
        """Return runs of deployments in these states that are scheduled within these bounds, the earliest first."""
        bounds = {name: at.isoformat() for name, at in (("after_", after), ("before_", before)) if at is not None}
        asked: dict[str, object] = {"state": {"type": {"any_": list(states)}}, "deployment_id": {"is_null_": False}}
        if bounds:
            asked["expected_start_time"] = bounds
        body = {"flow_runs": asked, "sort": "EXPECTED_START_TIME_ASC", "limit": _MOST}
        return _RUNS.validate_json(self._post("/flow_runs/filter", body))

    def end_run(self, run: KnownRun, state: str, message: str) -> None:
        """Say that a run has come to its end, and how."""
        said = {"type": state, "name": state.capitalize(), "message": message}
        self._post(f"/flow_runs/{run.id}/set_state", {"state": said, "force": True})

    def create_run(self, deployment: KnownDeployment, name: str, scheduled: datetime, tags: Sequence[str]) -> None:
        """Have a deployment run for a moment that has passed."""
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": scheduled.isoformat()}}
        # Asked again where the server was busy, it makes one run all the same.
        said = {"name": name, "state": state, "tags": list(tags), "idempotency_key": str(uuid4())}
        self._post(f"/deployments/{deployment.id}/create_flow_run", said)

    def _post(self, path: str, body: Mapping[str, object]) -> bytes:
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), self._headers)  # noqa: S310 -- always http on this host
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                with urllib.request.urlopen(request, timeout=_ASK_SECONDS) as answer:  # noqa: S310
                    return bytes(answer.read())
            except urllib.error.HTTPError as error:
                # Busy, says a server whose database is being written; Prefect's own client asks again too.
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                    raise _silent(path, error) from error
                time.sleep(_PAUSE_SECONDS)
            except (urllib.error.URLError, OSError) as error:
                raise _silent(path, error) from error


def _silent(path: str, error: Exception) -> ServerSilentError:
    return ServerSilentError(f"máy chủ Prefect không trả lời / the Prefect server does not answer: {path}: {error}")

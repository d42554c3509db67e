"""Whose a run is, and what of an error reaches Prefect: without a server."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect import Flow
from prefect.client.schemas.objects import State

from audit.authority import SCHEDULE
from audit.ledger import BrokenLedgerError, Stamp
from flows import pipeline
from flows.entry.authority import NotAllowedError
from flows.entry.door import Door, MisuseError
from flows.entry.plan_gate import PlanNotAcceptedError
from flows.flow_run.caller import WORKSPACE_VARIABLE, Caller, as_person, caller
from flows.flow_run.steps import StepFailedError, ended
from schemas.plan import PlanError
from schemas.plan_files import Mistake
from warehouse.engine import QueryFailedError
from warehouse.lock import WorkspaceBusyError
from warehouse.workspace import Workspace, WorkspaceError

NAME = "Người Thử Nghiệm 017"


def _door(actor: str) -> Door:
    return Door(Stamp(datetime(2022, 3, 20, tzinfo=UTC), actor, "login"), "consolidate")


def test_neither_workspace_nor_actor_is_a_parameter_of_a_run() -> None:
    flows = {name: one for name, one in vars(pipeline).items() if isinstance(one, Flow)}
    assert {"intake", "consolidate", "publish"} <= flows.keys()
    for name, one in flows.items():
        assert set(one.parameters.properties) <= {"period"}, name


def test_a_deployed_run_works_for_its_process_s_workspace_as_the_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, "/somewhere")
    found = caller()
    assert found.workspace.root == Path("/somewhere")
    assert (found.door("consolidate").stamp.actor, found.is_person) == (SCHEDULE, False)


def test_a_run_without_a_workspace_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WORKSPACE_VARIABLE, raising=False)
    end = ended("consolidate", lambda who: who)
    assert isinstance(end, State)
    assert WORKSPACE_VARIABLE in str(end.message)


def test_a_person_s_run_has_the_person_s_own_door_and_only_while_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, "/of-the-schedule")
    door = _door("tester")
    with as_person(Workspace(Path("/own")), door):
        assert caller().door("consolidate") is door
        assert caller().workspace.root == Path("/own")
    assert caller().door("consolidate").stamp.actor == SCHEDULE


@pytest.mark.parametrize(
    ("error", "told", "is_passing"),
    [
        (OSError(errno.ENOSPC, "x", f"/inbox/{NAME}.xlsx"), "No space left on device", True),
        (WorkspaceBusyError(f"{NAME} (intake, process 7)"), "somebody else is writing", True),
        (NotAllowedError(f"{NAME} không được phép"), "a person with the right", False),
        (BrokenLedgerError(f"line 7 of {NAME}"), "motcua verify", False),
        (MisuseError(f"received.csv, dòng 2: {NAME}"), "motcua consolidate 2022-Q1", False),
        (WorkspaceError(f"/home/{NAME}/motcua.toml"), "motcua status", False),
        (PlanNotAcceptedError(f"plan/units.csv: {NAME}"), "motcua plan diff", False),
        (PlanError([Mistake("units.csv", "2", NAME)]), "motcua plan check", False),
        (QueryFailedError(f"cannot cast {NAME}"), "QueryFailedError, test_flow_run.py:", False),
        (KeyError(NAME), "KeyError, test_flow_run.py:", False),
        (StepFailedError("said already"), "said already", False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_run_that_fails_says_why_without_the_error_s_own_words(
    error: Exception, told: str, is_passing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, "/somewhere")

    def fail(_: Caller) -> None:
        raise error

    end = ended("consolidate 2022-Q1", fail)
    assert isinstance(end, State)
    assert end.is_failed()
    assert told in str(end.message)
    assert str(end.message).count("\n") == 0
    assert NAME not in end.model_dump_json()
    assert (end.name == "Unavailable") is is_passing


def test_a_person_is_told_the_error_in_full() -> None:
    error = MisuseError(f"received.csv, dòng 2: {NAME}")

    def fail(_: Caller) -> None:
        raise error

    with as_person(Workspace(Path("/own")), _door("tester")) as who:
        ended("consolidate", fail)
    assert who.error is error

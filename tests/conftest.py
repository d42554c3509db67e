"""What several tests share: one demo a process, copied for each test that changes it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.run import make_demo, run_demo
from tests.support.office import KEY, Office, small_plan
from tests.support.people import CHEAP, FOUNDER, at_door

DEMO_DAY = datetime(2022, 3, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared_demo(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The demo, run and published; no test may change it."""
    door = at_door(FOUNDER, DEMO_DAY, "demo")
    workspace = make_demo(tmp_path_factory.mktemp("demo") / "workspace", door, KEY, replace=False, cost=CHEAP)
    run_demo(workspace, door)
    return Office(workspace)


@pytest.fixture
def demo(shared_demo: Office, tmp_path: Path) -> Office:
    """A copy of the demo that a test may change."""
    return shared_demo.copy(tmp_path / "demo" / "workspace")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A new workspace under a plan with nothing due and no target."""
    return Office.new(tmp_path, small_plan(tmp_path / "plan"))

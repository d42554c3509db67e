"""What several tests share: one demo a process, copied for each test that changes it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.run import make_demo, run_demo
from tests.support.office import KEY, Office, small_plan
from tests.support.people import CHEAP, FOUNDER, at_door

# Files that take minutes, those that wait for a server among them: begun first, they do not keep everybody at the end.
LONGEST = ("demo/test_year", "keeping/test_crash", "schedule/test_serve", "schedule/test_server",
           "house/test_documents", "keeping/test_crash_releases", "audits/test_planted", "schedule/test_planted_runs",
           "keeping/test_tampered")  # fmt: skip
DEMO_DAY = datetime(2022, 3, 20, 2, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first; within a file, and among the others, the order stays."""
    places = {f"{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get("/".join(item.path.parts[-2:]), len(places)))


@pytest.fixture(autouse=True)
def as_a_shell_starts_it() -> Iterator[None]:
    """Keep from other tests what a command that runs in this process sets for the whole of it."""
    before = os.environ.get("NO_COLOR")
    os.umask(0o022)
    yield
    os.umask(0o022)
    if before is None:
        os.environ.pop("NO_COLOR", None)


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

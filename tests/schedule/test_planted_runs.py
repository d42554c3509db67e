"""Two hundred personal values come in through a real Prefect server: none is in its database, its logs, its artifacts."""

import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.keeping.create import create
from flows.measures.periods import latest_consolidation
from flows.serving.schedules import CONSOLIDATION, SWEEP
from tests.audits.test_planted import SEED, UNIT, lay_in
from tests.support.office import KEY, PERIOD, Office, small_plan
from tests.support.people import FOUNDER, at_door, sealing_of
from tests.support.planted import Planted, files, found_in, texts_of
from tests.support.served import Served, until
from warehouse.workspace import Workspace

pytestmark = pytest.mark.server


@dataclass(frozen=True)
class Run:
    """A server that took the planted files in and consolidated their quarter, stopped; and what was planted."""

    served: Served
    planted: Planted
    taken: int


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    root = tmp_path_factory.mktemp("planted-runs")
    # Founded now, so that no cut-off of the plan's year passed since.
    door = at_door(FOUNDER, datetime.now(UTC), "init")
    workspace = create(root / "workspace", small_plan(root / "plan", sender=UNIT), door, KEY, sealing_of(FOUNDER))
    planted = Planted(SEED)
    folder = planted.title()
    content = files(planted, UNIT)
    lay_in(Office(workspace), content, folder)
    served = Served(Workspace(workspace.root))
    try:
        served.wait_until_ready()
        served.order(SWEEP, {})
        served.wait_for_run(SWEEP, auto_scheduled=False)
        served.order(CONSOLIDATION, {"period": PERIOD})
        served.wait_for_run(CONSOLIDATION, auto_scheduled=False)
        until("the consolidation", lambda: latest_consolidation(served.ledger.entries, PERIOD))
        yield Run(served, planted, len(content))
    finally:
        served.end()


def test_everything_planted_was_taken_in_and_shown_by_the_runs(run: Run) -> None:
    kinds = [event.event for entry in run.served.ledger.entries for event in entry.events]
    assert kinds.count("submission_taken") == run.taken
    # The search below sees what the server keeps: the department's name, and the number of a file.
    shown = "".join(form for _, form in forms(run.served))
    assert found_in(shown, ("Sở Văn hóa và Thể thao tỉnh Khánh Hòa",))
    assert "S-0001" in shown


def test_who_serves_a_plan_of_a_past_year_is_told(run: Run) -> None:
    assert "no day of the plan is left to consolidate: motcua plan next-year" in run.served.said


def test_no_planted_value_is_in_the_server_s_database_logs_artifacts_or_output(run: Run) -> None:
    leaks = {f"{path.name}: {value}" for path, form in forms(run.served) for value in found_in(form, run.planted.all)}
    assert sorted(leaks) == []


def forms(served: Served) -> Iterator[tuple[Path, str]]:
    """Yield what the server printed and keeps; what JSON or an address escapes is the same value."""
    for path in [served.output, *served.workspace.prefect_home.rglob("*")]:
        for text in texts_of(path) if path.is_file() else ():
            yield from ((path, form) for form in (text, urllib.parse.unquote(text), _unescaped(text)))


def _unescaped(text: str) -> str:
    r"""Return a text with its \uXXXX written out."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)

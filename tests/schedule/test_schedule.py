"""What is to be consolidated when is the plan's: no cut-off and no due day stands in code."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
import yaml

from flows.entry.places import CHECKOUT
from flows.measures.due import closed_by, due_days
from flows.serving.deployments import deployments
from flows.serving.schedules import consolidation_crons
from schemas.plan import load_plan
from tests.support.office import PLAN, PLAN_FOLDER, PLANS, Office
from warehouse.workspace import Workspace, WorkspaceError

SIX = time(6)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param(
            "svhtt-khanh-hoa-2022",
            ("0 6 15 3,6,9,12 *", "0 6 17 3,6,9,12 *", "0 6 25 11 *"),
            id="windows from the 15th to the 14th, logs and task reports on the 16th, annual reports on 24/11",
        ),
        pytest.param("receipt-log-2011", ("0 6 1 1,4,7,10 *",), id="calendar quarters"),
    ],
)
def test_the_schedule_follows_the_cut_offs_and_due_days_of_the_plan(plan: str, expected: tuple[str, ...]) -> None:
    assert consolidation_crons(load_plan(PLANS / plan), SIX) == expected


def test_the_hour_of_the_schedule_is_the_workspace_s() -> None:
    assert consolidation_crons(PLAN, time(7, 45))[0] == "45 7 15 3,6,9,12 *"


def test_a_run_follows_the_last_day_of_each_kind_of_report() -> None:
    found = {(due.period_id, due.because, due.day) for due in due_days(PLAN)}
    expected = {
        (period_id, kind.id, last_day_on + timedelta(days=1))
        for kind in PLAN.report_types
        for period_id in kind.period_ids
        if (last_day_on := PLAN.last_day_on(kind, period_id)) is not None
    }
    assert expected <= found
    assert {due.day for due in due_days(PLAN) if due.period_id == "2022-Y"} == {
        date(2022, 11, 25), date(2022, 12, 15), date(2022, 12, 17),
    }  # fmt: skip


def test_a_sum_follows_the_log_of_its_last_part() -> None:
    assert date(2022, 9, 17) in {due.day for due in due_days(PLAN) if due.period_id == "2022-9M"}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 3, 14), set()),
        (date(2022, 3, 15), {"2022-Q1"}),
        (date(2022, 6, 15), {"2022-Q2", "2022-H1"}),
        (date(2022, 9, 15), {"2022-Q3", "2022-9M"}),
        (date(2022, 12, 14), {"2022-Q3", "2022-9M"}),
        (date(2022, 12, 15), {"2022-Q4", "2022-H2", "2022-Y"}),
    ],
)
def test_a_run_takes_its_periods_from_the_time_it_was_scheduled_for(day: date, expected: set[str]) -> None:
    assert {period.id for period in closed_by(PLAN, day)} == expected


def test_prefect_yaml_declares_what_serve_registers(tmp_path: Path) -> None:
    declared = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text("utf-8"))["deployments"]
    registered = deployments(Office.new(tmp_path, PLAN_FOLDER).workspace)
    assert {
        one["name"]: (
            one["entrypoint"],
            [(schedule["cron"], schedule["timezone"]) for schedule in one.get("schedules", [])],
            one["concurrency_limit"],
        )
        for one in declared
    } == {
        one.name: (
            one.entrypoint,
            [(one.schedule.cron, one.schedule.timezone) for one in one.schedules or []],
            one.concurrency_limit,
        )
        for one in registered
    }


@pytest.mark.parametrize(
    "said", ['sweep_cron = "every day"', 'sweep_cron = "* * * *"', 'consolidate_at = "noon"', "hour = 6"]
)
def test_a_schedule_that_is_none_is_said_before_anything_is_started(office: Office, said: str) -> None:
    settings = office.workspace.root / "motcua.toml"
    settings.write_text(f"{settings.read_text('utf-8')}[schedule]\n{said}\n", "utf-8")
    with pytest.raises(WorkspaceError, match="schedule"):
        _ = Workspace(office.workspace.root).settings

"""What closes when is the plan's: no cut-off stands in code."""

from datetime import date

import pytest

from flows.pipeline import periods_closed_by
from flows.serving.crons import cut_off_crons
from schemas.plan import load_plan
from tests.support.office import PLAN, PLANS


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param("svhtt-khanh-hoa-2022", ("0 6 15 3,6,9,12 *",), id="windows from the 15th to the 14th"),
        pytest.param("receipt-log-2011", ("0 6 1 1,4,7,10 *",), id="calendar quarters"),
    ],
)
def test_the_schedule_follows_the_cut_offs_of_the_plan(plan: str, expected: tuple[str, ...]) -> None:
    assert cut_off_crons(load_plan(PLANS / plan)) == expected


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
    assert {period.id for period in periods_closed_by(PLAN, day)} == expected

"""On which days does the department work, and when does a limit end? Worked values, and the laws of counting."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.calendar import Calendar, CalendarGapError
from schemas.plan_models import CalendarDay, CalendarSpan
from tests.support.office import PLAN, drawn

CALENDAR = PLAN.calendar
FIRST, LAST = PLAN.document.calendar.first_day, PLAN.document.calendar.last_day
# A limit of 200 working days from any of these days still ends inside the calendar.
DAYS = st.dates(FIRST, LAST - timedelta(days=400))
LIMITS = st.integers(1, 200)
# The package does not know that Friday 2/1/2026 was exchanged for Saturday 10/1/2026.
NOT_IN_THE_PACKAGE = {date(2026, 1, 2), date(2026, 1, 10)}

ENDS = """
2022-01-05 | 30 | 2022-02-23
2022-01-28 |  5 | 2022-02-11
2022-04-28 |  3 | 2022-05-05
2022-08-30 |  5 | 2022-09-08
2024-04-26 |  5 | 2024-05-07
"""
WORKING_DAYS = """
2022-Q1 |  58
2022-Q2 |  63
2022-Q3 |  64
2022-Q4 |  65
2022-Y  | 250
"""


@pytest.mark.parametrize(("received", "limit", "end"), drawn(ENDS))
def test_a_limit_in_working_days_ends_when_it_was_worked_out_by_hand(received: str, limit: str, end: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(received), int(limit)) == date.fromisoformat(end)


@pytest.mark.parametrize(("period_id", "count"), drawn(WORKING_DAYS))
def test_a_period_has_the_working_days_that_were_counted_by_hand(period_id: str, count: str) -> None:
    period = PLAN.period(period_id)
    assert CALENDAR.working_days_in(period.first_day, period.last_day) == int(count)


@pytest.mark.parametrize("year", range(2020, 2027))
def test_the_table_agrees_with_the_holidays_package(year: int) -> None:
    known = holidays.country_holidays("VN", years=year)
    days = [fact for fact in CALENDAR.facts if fact.day.year == year]
    assert len(days) in (365, 366)
    differing = {fact.day for fact in days if fact.is_working != known.is_working_day(fact.day)}
    assert differing == {day for day in NOT_IN_THE_PACKAGE if day.year == year}


def test_an_exchanged_saturday_is_worked_and_its_friday_is_not() -> None:
    assert not CALENDAR.is_working(date(2026, 1, 2))
    assert CALENDAR.is_working(date(2026, 1, 10))


def test_days_not_yet_decreed_are_marked() -> None:
    assert CALENDAR.fact(date(2026, 12, 31)).is_decreed
    assert not CALENDAR.fact(date(2027, 1, 4)).is_decreed
    assert {day.status for day in PLAN.calendar_days if day.day.year == 2027} == {"expected"}


def test_calendar_days_count_days_off_and_only_their_end_moves() -> None:
    assert CALENDAR.add_calendar_days(date(2022, 1, 21), 5) == date(2022, 1, 26)
    assert CALENDAR.add_calendar_days(date(2022, 1, 21), 10) == date(2022, 2, 7)


@pytest.mark.parametrize(
    ("day", "count"),
    [
        pytest.param(FIRST - timedelta(days=1), 1, id="a receipt before the calendar"),
        pytest.param(LAST - timedelta(days=3), 30, id="an end beyond the calendar"),
    ],
)
def test_a_count_that_leaves_the_calendar_is_refused_not_guessed(day: date, count: int) -> None:
    with pytest.raises(CalendarGapError):
        CALENDAR.add_working_days(day, count)


def test_a_limit_in_calendar_days_that_ends_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(CalendarGapError):
        CALENDAR.add_calendar_days(LAST - timedelta(days=3), 30)


def test_a_limit_of_no_days_is_no_limit() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        CALENDAR.add_working_days(date(2022, 1, 5), 0)


@given(DAYS, LIMITS)
def test_adding_working_days_and_counting_them_gives_the_number_back(day: date, limit: int) -> None:
    assert CALENDAR.working_days_between(day, CALENDAR.add_working_days(day, limit)) == limit


@given(DAYS, LIMITS)
def test_a_limit_ends_on_a_working_day_after_the_event(day: date, limit: int) -> None:
    end = CALENDAR.add_working_days(day, limit)
    assert CALENDAR.is_working(end)
    assert end > day


@given(DAYS, LIMITS)
def test_a_later_event_or_a_longer_limit_never_ends_earlier(day: date, limit: int) -> None:
    end = CALENDAR.add_working_days(day, limit)
    assert CALENDAR.add_working_days(day + timedelta(days=1), limit) >= end
    assert CALENDAR.add_working_days(day, limit + 1) > end


@given(DAYS, LIMITS)
def test_a_limit_in_calendar_days_ends_on_the_first_working_day_from_its_last(day: date, limit: int) -> None:
    end = CALENDAR.add_calendar_days(day, limit)
    last = day + timedelta(days=limit)
    assert end >= last
    assert CALENDAR.is_working(end)
    assert not any(CALENDAR.is_working(last + timedelta(days=n)) for n in range((end - last).days))


@given(DAYS, DAYS, DAYS)
def test_counts_add_up_over_a_day_between(first: date, middle: date, last: date) -> None:
    between = CALENDAR.working_days_between
    assert between(first, middle) + between(middle, last) == between(first, last)


@given(st.sets(st.dates(date(2022, 3, 1), date(2022, 3, 31)), max_size=12))
def test_a_stated_day_off_or_a_worked_one_changes_the_count_by_one(stated: set[date]) -> None:
    span = CalendarSpan(first_day=date(2022, 3, 1), last_day=date(2022, 3, 31), decreed_through=date(2022, 3, 31))
    days = [
        CalendarDay.model_validate(
            {"day": day, "kind": "worked" if day.isoweekday() > 5 else "off", "name_vi": "", "status": "decreed",
             "basis": "thử nghiệm"}
        )
        for day in stated
    ]  # fmt: skip
    change = sum(1 if day.kind == "worked" else -1 for day in days)
    assert Calendar(span, days).working_days_in(span.first_day, span.last_day) == 23 + change

"""On which days does the department work, and how many working days lie between two days?

Day counts follow the Civil Code 2015, art. 147 and 148: the day of the event is not counted, a period ends at the end
of its last day, and one that ends on a day off ends on the next working day.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from schemas.plan_models import CalendarDay, CalendarSpan


class CalendarGapError(LookupError):
    """Raised where a count needs a day that the calendar does not reach: never guessed."""


@dataclass(frozen=True)
class DayFact:
    """One day of the calendar; `ordinal` counts the working days from the calendar's first day through this one."""

    day: date
    is_working: bool
    ordinal: int
    is_decreed: bool


class Calendar:
    """The working days between the first and the last day of a plan's calendar."""

    def __init__(self, span: CalendarSpan, days: Iterable[CalendarDay]) -> None:
        self.span = span
        self._stated = {stated.day: stated for stated in days}

    @cached_property
    def facts(self) -> tuple[DayFact, ...]:
        """Every day of the calendar, in order."""
        facts, ordinal = [], 0
        for offset in range((self.span.last_day - self.span.first_day).days + 1):
            day = self.span.first_day + timedelta(days=offset)
            stated = self._stated.get(day)
            is_off = day.isoweekday() in self.span.weekly_days_off
            is_working = stated.kind == "worked" if stated is not None else not is_off
            ordinal += is_working
            facts.append(DayFact(day, is_working, ordinal, day <= self.span.decreed_through))
        return tuple(facts)

    @cached_property
    def _working_days(self) -> tuple[date, ...]:
        return tuple(fact.day for fact in self.facts if fact.is_working)

    def fact(self, day: date) -> DayFact:
        """Return what is known of a day; CalendarGapError names one beyond the calendar."""
        if not self.span.first_day <= day <= self.span.last_day:
            raise CalendarGapError(f"{day.isoformat()} lies beyond the calendar")
        return self.facts[(day - self.span.first_day).days]

    def is_working(self, day: date) -> bool:
        """Tell whether the department works on this day; CalendarGapError names a day beyond the calendar."""
        return self.fact(day).is_working

    def working_days_between(self, first: date, last: date) -> int:
        """Return how many working days lie after `first`, through `last`; negative where `last` is earlier."""
        return self.fact(last).ordinal - self.fact(first).ordinal

    def working_days_in(self, first: date, last: date) -> int:
        """Return how many working days a window has, both its days included; CalendarGapError beyond the calendar."""
        return self.working_days_between(first, last) + self.is_working(first)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day on which a limit of `count` working days ends that began with an event on `day`.

        Raises CalendarGapError where that is beyond the calendar, ValueError for a count below one.
        """
        if count < 1:
            raise ValueError("a limit in working days is at least one day")
        at = self.fact(day).ordinal + count - 1
        if at >= len(self._working_days):
            raise CalendarGapError(f"{count} working days after {day.isoformat()} lie beyond the calendar")
        return self._working_days[at]

    def working_day_from(self, day: date) -> date:
        """Return the day itself where it is worked, else the next working day; CalendarGapError beyond the calendar."""
        self.fact(day)
        at = bisect_left(self._working_days, day)
        if at >= len(self._working_days):
            raise CalendarGapError(f"no working day from {day.isoformat()} on lies in the calendar")
        return self._working_days[at]

    def add_calendar_days(self, day: date, count: int) -> date:
        """Return the day on which a limit of `count` calendar days ends: a day off moves it to the next working day."""
        return self.working_day_from(day + timedelta(days=count))

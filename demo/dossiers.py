"""Which dossiers would a one-stop shop handle in a year, and how does each of them go?

Everything is invented and looks it. The world is simulated once; what an export shows of it at a time is asked in
`demo.log`. Due dates follow the plan's calendar and limits exactly, and nothing happens on a day off.
"""

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import ceil
from typing import Literal

from schemas.plan import Plan
from schemas.plan_models import Period, Procedure, Unit

Fate = Literal["early", "on_time", "overdue", "overdue_with_letter", "extended", "supplement", "withdrawn", "stopped"]
ONLINE, IN_PERSON, POSTAL = "Trực tuyến", "Trực tiếp", "Dịch vụ bưu chính công ích"
_EXPORT_TIME = time(8, 30)

_LEAST_RECEIVED, _RECEIVED_SPREAD = 360, 20
_CARRIED_COUNT = 30
_CARRIED_DAYS = 12
_CARRIED_LEAST_LIMIT = 15
_DAYS = ("working_day", "calendar_day")
# How many dossiers of a quarter go otherwise than early.
_FATES: dict[Fate, int] = {
    "on_time": 50, "supplement": 14, "overdue": 4, "overdue_with_letter": 3, "withdrawn": 3, "extended": 2,
    "stopped": 1,
}  # fmt: skip
# Shares at the year's first day, and how much they have grown by its last.
_ONLINE_SHARE, _ONLINE_GROWTH = 0.45, 0.22
_POSTAL_SHARE = 0.1
_ELECTRONIC_SHARE, _ELECTRONIC_GROWTH = 0.44, 0.30
_CIRCULATED_SHARE = 0.9
_DIGITISED_SHARE, _DIGITISED_GROWTH = 0.30, 0.45
_PICKED_UP_SHARE = 0.7
_NEVER_COMPLETED_SHARE = 0.15
_LATE_ENTRIES_OPEN, _LATE_ENTRIES_CLOSED = 2, 1


@dataclass(frozen=True)
class Dossier:
    """One dossier with all that ever happens to it; blank days are things that do not happen within the calendar.

    `entered_at` is when the system first shows it; `first_said_finished_at` what the system says of its end until
    `finish_changed_at`; after `last_shown_at` no export holds it any more.
    """

    number: int
    code: str
    procedure: Procedure
    channel: str
    office_name: str
    officer: str
    circulation: str
    is_digitised: bool
    received_at: datetime
    due_at: datetime | None
    fate: Fate
    entered_at: datetime
    finished_at: datetime | None = None
    picked_up_at: datetime | None = None
    supplement_asked_at: datetime | None = None
    supplement_completed_at: datetime | None = None
    due_after_supplement_at: datetime | None = None
    apology_at: datetime | None = None
    reappointed_at: datetime | None = None
    first_said_finished_at: datetime | None = None
    finish_changed_at: datetime | None = None
    last_shown_at: datetime | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing but its receipt, its result and its return is told of it."""
        has_history = (self.first_said_finished_at, self.last_shown_at, self.supplement_asked_at, self.apology_at)
        return self.fate in ("early", "on_time") and self.entered_at == self.received_at and not any(has_history)


@dataclass(frozen=True)
class World:
    """A year's dossiers in the order of their receipt, and the quarters in which they come."""

    dossiers: tuple[Dossier, ...]
    quarters: tuple[Period, ...]


@dataclass(frozen=True)
class _Days:
    """The working days of the plan, and the days of the year."""

    working: tuple[date, ...]
    first_day: date
    last_day: date

    def after(self, day: date, count: int) -> date:
        """Return the working day this many after (or before) a working day."""
        return self.working[bisect_left(self.working, day) + count]

    def within(self, first: date, last: date) -> tuple[date, ...]:
        """Return the working days from one day through another."""
        return tuple(day for day in self.working if first <= day <= last)

    def share(self, day: date, start: float, growth: float) -> float:
        """Return a share that grows evenly from the year's first day to its last."""
        passed = (day - self.first_day).days / (self.last_day - self.first_day).days
        return start + growth * min(max(passed, 0.0), 1.0)


def invent_world(plan: Plan, quarters: Sequence[Period], rng: random.Random) -> World:
    """Return every dossier received in these quarters (in order), and those carried over into the first of them."""
    working = tuple(fact.day for fact in plan.calendar.facts if fact.is_working)
    days = _Days(working, quarters[0].first_day, quarters[-1].last_day)
    units = {unit.code: unit for unit in plan.units}
    serials: Counter[date] = Counter()
    dossiers: list[Dossier] = []
    for received_at, procedure, fate in _carried(plan, days, rng) + [
        receipt for quarter in quarters for receipt in _received(plan, quarter, days, rng)
    ]:
        serials[received_at.date()] += 1
        number, serial = len(dossiers) + 1, serials[received_at.date()]
        dossier = _receive(number, serial, received_at, procedure, units[procedure.office], fate, plan, days, rng)
        dossiers.append(_handle(dossier, plan, days, rng))
    _misremember(dossiers, quarters, days, rng)
    return World(tuple(dossiers), tuple(quarters))


Receipt = tuple[datetime, Procedure, Fate]


def _in_order(receipts: list[Receipt]) -> list[Receipt]:
    return sorted(receipts, key=lambda receipt: (receipt[0], receipt[1].code))


def _carried(plan: Plan, days: _Days, rng: random.Random) -> list[Receipt]:
    """Dossiers of slow procedures, received shortly before the year and still open on its first day."""
    before = [day for day in days.working if day < days.first_day][-_CARRIED_DAYS:]
    slow = [p for p in plan.procedures if p.limit_unit == "working_day" and p.limit >= _CARRIED_LEAST_LIMIT]
    return _in_order(
        [(_office_hour(rng.choice(before), rng), _pick_procedure(slow, rng), "early") for _ in range(_CARRIED_COUNT)]
    )


def _received(plan: Plan, quarter: Period, days: _Days, rng: random.Random) -> list[Receipt]:
    inside = days.within(quarter.first_day, quarter.last_day)
    count = _LEAST_RECEIVED + rng.randrange(_RECEIVED_SPREAD)
    drawn = [(_office_hour(rng.choice(inside), rng), _pick_procedure(plan.procedures, rng)) for _ in range(count)]
    with_limit = sum(procedure.limit_unit in _DAYS for _, procedure in drawn)
    fates: list[Fate] = [fate for fate, times in _FATES.items() for _ in range(times)]
    fates += ["early"] * (with_limit - len(fates))
    rng.shuffle(fates)
    told = iter(fates)
    return _in_order(
        [(at, procedure, next(told) if procedure.limit_unit in _DAYS else "early") for at, procedure in drawn]
    )


def _office_hour(day: date, rng: random.Random) -> datetime:
    return datetime.combine(day, time(7, 30)) + timedelta(seconds=rng.randrange(9 * 3600))


def _pick_procedure(procedures: Sequence[Procedure], rng: random.Random) -> Procedure:
    """Quick procedures are asked for more often."""
    weights = [12 if p.immediate or p.limit <= 8 else 3 if p.limit <= 20 else 1 for p in procedures]
    return rng.choices(procedures, weights)[0]


def _due_at(procedure: Procedure, from_at: datetime, plan: Plan) -> datetime:
    """Return the end of the procedure's limit; part of a working day is one, and eight hours are one."""
    if procedure.limit_unit == "calendar_day":
        due_on = plan.calendar.add_calendar_days(from_at.date(), ceil(procedure.limit))
    else:
        limit_days = ceil(procedure.limit / 8) if procedure.limit_unit == "hour" else ceil(procedure.limit)
        due_on = plan.calendar.add_working_days(from_at.date(), limit_days)
    return datetime.combine(due_on, from_at.time())


def _receive(
    number: int, serial: int, received_at: datetime, procedure: Procedure, office: Unit, fate: Fate, plan: Plan,
    days: _Days,
    rng: random.Random,
) -> Dossier:  # fmt: skip
    day, roll = received_at.date(), rng.random()
    channel = POSTAL if roll > 1 - _POSTAL_SHARE else IN_PERSON
    if procedure.is_announced_online and roll < days.share(day, _ONLINE_SHARE, _ONLINE_GROWTH):
        channel = ONLINE
    circulation = "Không luân chuyển"
    if not procedure.immediate and rng.random() < _CIRCULATED_SHARE:
        is_electronic = rng.random() < days.share(day, _ELECTRONIC_SHARE, _ELECTRONIC_GROWTH)
        circulation = "Điện tử" if is_electronic else "Giấy"
    return Dossier(
        number=number,
        code=f"{plan.document.dossier_code.agencies[0]}-{received_at:%y%m%d}-{serial:04d}",
        procedure=procedure,
        channel=channel,
        office_name=rng.choice((office.name_vi, office.short_name, *office.aliases)),
        officer=f"Cán bộ Thử Nghiệm {rng.randrange(1, 9):02d}",
        circulation=circulation,
        is_digitised=rng.random() < days.share(day, _DIGITISED_SHARE, _DIGITISED_GROWTH),
        received_at=received_at,
        due_at=None if procedure.immediate else _due_at(procedure, received_at, plan),
        fate=fate,
        entered_at=received_at,
    )


def _handle(dossier: Dossier, plan: Plan, days: _Days, rng: random.Random) -> Dossier:
    """Tell how the dossier goes on until its result is picked up."""
    received_at, due_at = dossier.received_at, dossier.due_at
    if due_at is None:
        finished_at = received_at + timedelta(minutes=rng.randrange(5, 40))
        is_picked_up = rng.random() < _PICKED_UP_SHARE
        picked_up_at = finished_at + timedelta(minutes=5) if is_picked_up else None
        return replace(dossier, finished_at=finished_at, picked_up_at=picked_up_at)
    due_on = due_at.date()
    if dossier.fate == "supplement":
        return _supplement(dossier, plan, days, rng)
    if dossier.fate in ("overdue_with_letter", "extended"):
        dossier = _apologise(dossier, due_on, days, rng)
    if dossier.fate == "overdue":
        return _finish(dossier, _office_hour(days.after(due_on, rng.randrange(1, 4)), rng), days, rng)
    if dossier.fate == "overdue_with_letter":
        return _finish(dossier, _office_hour(days.after(due_on, rng.randrange(1, 5)), rng), days, rng)
    if dossier.fate == "on_time":
        return _finish(dossier, _office_hour(due_on, rng), days, rng)
    return _finish(dossier, _before_due(dossier.received_at, due_on, days, rng), days, rng)


def _before_due(from_at: datetime, due_on: date, days: _Days, rng: random.Random) -> datetime:
    """Return a moment before the due date and, for a dossier carried into the year, not before the year's first day."""
    first_open = max(days.after(from_at.date(), 1), days.first_day)
    early = [day for day in days.within(first_open, due_on) if day < due_on]
    if early:
        return _office_hour(rng.choice(early[len(early) // 3 :]), rng)
    return _office_hour(due_on, rng) if from_at.date() < days.first_day else from_at + timedelta(minutes=25)


def _supplement(dossier: Dossier, plan: Plan, days: _Days, rng: random.Random) -> Dossier:
    """The notice goes out within three working days; when the file is complete the limit starts anew."""
    asked_on = days.after(dossier.received_at.date(), rng.randrange(1, 4))
    dossier = replace(dossier, supplement_asked_at=datetime.combine(asked_on, time(16, 30)))
    if rng.random() < _NEVER_COMPLETED_SHARE:
        return dossier
    completed_at = _office_hour(days.after(asked_on, rng.randrange(2, 16)), rng)
    due_at = _due_at(dossier.procedure, completed_at, plan)
    dossier = replace(dossier, supplement_completed_at=completed_at, due_after_supplement_at=due_at)
    return _finish(dossier, _before_due(completed_at, due_at.date(), days, rng), days, rng)


def _apologise(dossier: Dossier, due_on: date, days: _Days, rng: random.Random) -> Dossier:
    """Send the letter on the working day before the due date, with one new date."""
    letter_on = days.after(due_on, -1)
    new_on = days.after(due_on, 5 + rng.randrange(3))
    return replace(
        dossier, apology_at=datetime.combine(letter_on, time(16, 30)), reappointed_at=datetime.combine(new_on, time(17))
    )


def _finish(dossier: Dossier, finished_at: datetime, days: _Days, rng: random.Random) -> Dossier:
    is_picked_up = rng.random() < _PICKED_UP_SHARE
    picked_up_at = _office_hour(days.after(finished_at.date(), 1 + rng.randrange(3)), rng)
    if not is_picked_up or dossier.fate in ("withdrawn", "stopped"):
        return replace(dossier, finished_at=finished_at)
    return replace(dossier, finished_at=finished_at, picked_up_at=picked_up_at)


def _misremember(dossiers: list[Dossier], quarters: Sequence[Period], days: _Days, rng: random.Random) -> None:
    """Let the system learn some things late, and forget one.

    At the end of every second quarter a few dossiers are entered only in the next one, and the end of one, stated
    before the cut-off, is corrected to a day after it. At the end of the others one open dossier is lost.
    """
    for n, (quarter, following) in enumerate(pairwise(quarters)):
        exported_at = exported_after(quarter)
        plain = [
            i
            for i, d in enumerate(dossiers)
            if d.is_plain and d.due_at is not None and quarter.first_day <= d.received_at.date() <= quarter.last_day
        ]
        still_open = [i for i in plain if (end := dossiers[i].finished_at) is not None and end >= exported_at]
        if n % 2:
            lost = still_open[0]
            dossiers[lost] = replace(dossiers[lost], last_shown_at=exported_at)
            continue
        recent = days.within(quarter.first_day, quarter.last_day)[-10:]
        closed = [i for i in plain if _is_closed_within(dossiers[i], recent)]
        entered_at = datetime.combine(days.within(following.first_day, following.last_day)[1], time(9))
        for i in still_open[:_LATE_ENTRIES_OPEN] + rng.sample(closed, _LATE_ENTRIES_CLOSED):
            dossiers[i] = replace(dossiers[i], entered_at=entered_at)
        changed = next(i for i in still_open[_LATE_ENTRIES_OPEN:] if dossiers[i].received_at.date() < recent[-1])
        said_at = datetime.combine(recent[-1], time(16))
        dossiers[changed] = replace(
            dossiers[changed], first_said_finished_at=said_at, finish_changed_at=entered_at, picked_up_at=None
        )


def _is_closed_within(dossier: Dossier, recent: Sequence[date]) -> bool:
    return dossier.received_at.date() in recent and (dossier.finished_at or datetime.max).date() <= recent[-1]


def exported_after(quarter: Period) -> datetime:
    """Return when the export of a quarter is made: on the morning after its last day."""
    return datetime.combine(quarter.last_day + timedelta(days=1), _EXPORT_TIME)

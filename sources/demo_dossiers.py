"""Which dossiers would a one-stop shop hold after one quarter, and with which mistakes?

Everything is invented and looks it. The mistakes are planted on rows of their own, so that each breaks exactly the rule
that it is counted under.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil

from schemas.plan import Plan
from schemas.plan_models import Period, Procedure, Unit

MOMENT_FORMAT = "%d/%m/%Y %H:%M:%S"
EXPORT_TIME = time(8, 30)
UNKNOWN_PROCEDURE = "1.999999"

_RECEIVED_COUNT = 368
_CARRIED_COUNT = 30
_CARRIED_PENDING_COUNT = 3
_CARRIED_DAYS = 12
_CARRIED_LEAST_LIMIT = 15
_OVERDUE_COUNT = 7
_ON_TIME_COUNT = 50
_ONLINE_SHARE = 0.48
_POSTAL_SHARE = 0.1
_PICKED_UP_SHARE = 0.7
_WAITING_COUNT = 5
_WITHDRAWN_COUNT = 3
# The days off of the first quarter of 2022 that are no weekend: New Year's compensation and Tết.
_DAYS_OFF = frozenset([date(2022, 1, 3), date(2022, 1, 31), *(date(2022, 2, day) for day in range(1, 5))])
_PLANTED_COUNTS = {"D001": 2, "D004": 2, "D006": 2, "D008": 2, "D009": 2, "D010": 2, "D012": 1, "D013": 4, "D015": 1}
_REPEATED_COUNT = 2


@dataclass(frozen=True)
class LogDossier:
    """One row of the log as it is exported: text, blank where the system has nothing."""

    code: str
    procedure_code: str
    procedure_name: str
    applicant: str
    phone: str
    address: str
    identity_number: str
    received: str
    due: str
    finished: str
    picked_up: str
    supplement_asked: str
    channel: str
    office: str
    officer: str
    status: str


@dataclass(frozen=True)
class _Clock:
    """The working days around the period; the export is made in the morning after its last day."""

    days: tuple[date, ...]
    period: Period

    @property
    def exported_at(self) -> datetime:
        return datetime.combine(self.period.last_day + timedelta(days=1), EXPORT_TIME)

    def after(self, day: date, count: int) -> date:
        """Return the working day this many after (or before) a working day."""
        return self.days[self.days.index(day) + count]


def invent_dossiers(
    plan: Plan, period: Period, rng: random.Random
) -> tuple[tuple[LogDossier, ...], dict[str, int], datetime]:
    """Return the rows of a log, how many rows break each rule, and the moment of the export."""
    start = period.first_day - timedelta(days=60)
    span = [start + timedelta(days=n) for n in range((period.last_day - start).days + 120)]
    clock = _Clock(tuple(day for day in span if day.weekday() < 5 and day not in _DAYS_OFF), period)
    inside = [day for day in clock.days if period.first_day <= day <= period.last_day]
    before = [day for day in clock.days if day < period.first_day][-_CARRIED_DAYS:]
    slow = [p for p in plan.procedures if p.limit_unit == "working_day" and p.limit >= _CARRIED_LEAST_LIMIT]
    receipts = sorted(
        [(_office_hour(rng.choice(before), rng), _pick_procedure(slow, rng)) for _ in range(_CARRIED_COUNT)]
        + [
            (_office_hour(rng.choice(inside), rng), _pick_procedure(plan.procedures, rng))
            for _ in range(_RECEIVED_COUNT)
        ],
        key=lambda receipt: (receipt[0], receipt[1].code),
    )
    units = {unit.code: unit for unit in plan.units}
    serials: Counter[date] = Counter()
    fates = _fates(len(receipts), rng)
    dossiers = []
    for number, ((received_at, procedure), fate) in enumerate(zip(receipts, fates, strict=True), start=1):
        serials[received_at.date()] += 1
        code = f"000.00.15.H32-{received_at:%y%m%d}-{serials[received_at.date()]:04d}"
        dossier = _receive(number, code, received_at, procedure, units[procedure.office], rng)
        dossiers.append(_handle(dossier, received_at, procedure, fate, clock, rng))
    _settle_pending(dossiers, clock, rng)
    planted = _plant(dossiers, plan, clock, rng)
    return tuple(dossiers), planted, clock.exported_at


def _office_hour(day: date, rng: random.Random) -> datetime:
    return datetime.combine(day, time(7, 30)) + timedelta(seconds=rng.randrange(9 * 3600))


def _pick_procedure(procedures: Sequence[Procedure], rng: random.Random) -> Procedure:
    """Quick procedures are asked for more often."""
    weights = [12 if p.immediate or p.limit <= 8 else 3 if p.limit <= 20 else 1 for p in procedures]
    return rng.choices(procedures, weights)[0]


def _fates(count: int, rng: random.Random) -> list[str]:
    """The first few carried ones stay pending; overdue and on-time ones are spread over the rest."""
    rest = count - _CARRIED_PENDING_COUNT
    fates = ["overdue"] * _OVERDUE_COUNT + ["on_time"] * _ON_TIME_COUNT
    fates += ["early"] * (rest - len(fates))
    rng.shuffle(fates)
    return ["pending"] * _CARRIED_PENDING_COUNT + fates


def _receive(
    number: int, code: str, received_at: datetime, procedure: Procedure, office: Unit, rng: random.Random
) -> LogDossier:
    roll = rng.random()
    channel = "Dịch vụ bưu chính công ích" if roll > 1 - _POSTAL_SHARE else "Trực tiếp"
    if procedure.is_announced_online and roll < _ONLINE_SHARE:
        channel = "Trực tuyến"
    return LogDossier(
        code=code,
        procedure_code=procedure.code,
        procedure_name=procedure.name_vi,
        applicant=f"Người Thử Nghiệm {number:03d}",
        phone=f"{number:010d}",
        address=f"Số {number}, đường Thử Nghiệm",
        identity_number=f"{number:012d}",
        received=received_at.strftime(MOMENT_FORMAT),
        due="",
        finished="",
        picked_up="",
        supplement_asked="",
        channel=channel,
        office=rng.choice((office.name_vi, office.short_name, *office.aliases)),
        officer=f"Cán bộ Thử Nghiệm {rng.randrange(1, 9):02d}",
        status="Đang xử lý",
    )


def _handle(
    dossier: LogDossier, received_at: datetime, procedure: Procedure, fate: str, clock: _Clock, rng: random.Random
) -> LogDossier:
    """Give the dossier its due date and, where it was finished before the export, its end."""
    received_on = received_at.date()
    if procedure.immediate:
        finished_at = received_at + timedelta(minutes=rng.randrange(5, 40))
    else:
        days = ceil(procedure.limit / 8) if procedure.limit_unit == "hour" else ceil(procedure.limit)
        due_on = clock.after(received_on, days)
        dossier = replace(dossier, due=datetime.combine(due_on, received_at.time()).strftime(MOMENT_FORMAT))
        first_open = max(received_on, clock.period.first_day)
        if fate == "overdue":
            finished_at = _office_hour(clock.after(due_on, rng.randrange(1, 4)), rng)
        elif fate == "on_time":
            finished_at = _office_hour(due_on, rng)
        else:
            early = [day for day in clock.days if first_open <= day < due_on and day > received_on]
            if early:
                finished_at = _office_hour(rng.choice(early[len(early) // 3 :]), rng)
            elif received_on < first_open:
                finished_at = _office_hour(due_on, rng)
            else:
                finished_at = received_at + timedelta(minutes=25)
    if fate == "pending" or finished_at >= clock.exported_at:
        return dossier
    dossier = replace(dossier, finished=finished_at.strftime(MOMENT_FORMAT), status="Đã có kết quả")
    picked_up_at = _office_hour(clock.after(finished_at.date(), 1 + rng.randrange(3)), rng)
    if procedure.immediate:
        picked_up_at = finished_at + timedelta(minutes=5)
    if picked_up_at >= clock.exported_at or rng.random() > _PICKED_UP_SHARE:
        return dossier
    return replace(dossier, picked_up=picked_up_at.strftime(MOMENT_FORMAT), status="Đã trả kết quả")


def _settle_pending(dossiers: list[LogDossier], clock: _Clock, rng: random.Random) -> None:
    """Some of the pending wait for a supplement; some of the finished were withdrawn by their applicants."""
    pending = [n for n, dossier in enumerate(dossiers) if not dossier.finished]
    for n in rng.sample(pending, _WAITING_COUNT):
        received_at = _moment(dossiers[n].received)
        asked_on = min(clock.after(received_at.date(), 2), clock.period.last_day)
        asked_at = datetime.combine(asked_on, time(16, 30)).strftime(MOMENT_FORMAT)
        dossiers[n] = replace(dossiers[n], status="Yêu cầu bổ sung", supplement_asked=asked_at)
    finished = [n for n, dossier in enumerate(dossiers) if dossier.finished and dossier.due and not dossier.picked_up]
    for n in rng.sample(finished, _WITHDRAWN_COUNT):
        dossiers[n] = replace(dossiers[n], status="Xin rút")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT_FORMAT)


def _plant(dossiers: list[LogDossier], plan: Plan, clock: _Clock, rng: random.Random) -> dict[str, int]:
    """Put the mistakes into rows of the period that are otherwise sound; return how many rows break each rule."""
    level_two = {procedure.code for procedure in plan.procedures if procedure.level_2022 == 2}
    first = datetime.combine(clock.after(clock.period.first_day, 2), time())
    sound = [n for n, dossier in enumerate(dossiers) if _moment(dossier.received) >= first]
    rng.shuffle(sound)

    def take(count: int, is_fit: Callable[[LogDossier], bool]) -> list[int]:
        chosen = [n for n in sound if is_fit(dossiers[n])][:count]
        for n in chosen:
            sound.remove(n)
        return chosen

    def is_pending(dossier: LogDossier) -> bool:
        return dossier.status == "Đang xử lý"

    def is_finished(dossier: LogDossier) -> bool:
        return bool(dossier.due) and dossier.status == "Đã có kết quả" and dossier.received[11:] > "08:00:00"

    changes: dict[str, tuple[Callable[[LogDossier], bool], Callable[[LogDossier], LogDossier]]] = {
        "D001": (is_pending, lambda d: replace(d, finished=f"31/02/{clock.period.last_day.year} 09:15:00")),
        "D004": (is_pending, lambda d: replace(d, status="Treo")),
        "D006": (is_finished, lambda d: replace(d, received="")),
        "D008": (is_finished, lambda d: replace(d, finished=_shift(d.received, clock, days=-1))),
        "D009": (is_finished, lambda d: replace(d, finished=_shift(d.received, clock, minutes=-12))),
        "D010": (is_finished, lambda d: replace(d, finished="")),
        "D012": (is_finished, lambda d: replace(d, procedure_code=UNKNOWN_PROCEDURE)),
        "D013": (
            lambda d: is_finished(d) and d.channel == "Trực tuyến",
            lambda d: replace(d, code=_code_of_day_before(d, clock)),
        ),
        "D015": (lambda d: d.procedure_code in level_two, lambda d: replace(d, channel="Trực tuyến")),
    }
    planted = {}
    for rule_id, (is_fit, change) in changes.items():
        chosen = take(_PLANTED_COUNTS[rule_id], is_fit)
        for n in chosen:
            dossiers[n] = change(dossiers[n])
        planted[rule_id] = len(chosen)
    repeated = sorted(take(_REPEATED_COUNT, is_finished), reverse=True)
    for n in repeated:
        dossiers.insert(n + 1, dossiers[n])
    return planted | {"D016": len(repeated)}


def _shift(moment: str, clock: _Clock, *, days: int = 0, minutes: int = 0) -> str:
    at = _moment(moment)
    shifted = datetime.combine(clock.after(at.date(), days), at.time()) + timedelta(minutes=minutes)
    return shifted.strftime(MOMENT_FORMAT)


def _code_of_day_before(dossier: LogDossier, clock: _Clock) -> str:
    """Filed online the evening before it was received; the serial is beyond those of that day's counter."""
    agency, _, serial = dossier.code.rsplit("-", 2)
    filed_on = clock.after(_moment(dossier.received).date(), -1)
    return f"{agency}-{filed_on:%y%m%d}-{int(serial) + 500:04d}"

"""Which mistakes of the one-stop shop does an export carry, and how many rows break each rule?

Each mistake is planted on a row of its own that is otherwise sound, so that it breaks exactly the rule that it is
counted under. The next export shows the dossier as it is.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from demo.dossiers import ONLINE, Dossier
from demo.log import FINISHED, MOMENT_FORMAT, PENDING, LogRow
from schemas.plan import Plan
from schemas.plan_models import Period

UNKNOWN_PROCEDURE = "1.999999"
REJECTING_RULES = ("D001", "D004", "D006", "D008", "D010", "D016")
_COUNTS = {"D001": 2, "D004": 2, "D006": 2, "D008": 2, "D009": 2, "D010": 2, "D012": 1, "D013": 4, "D015": 1}
_REPEATED_COUNT = 2
_SERIALS_OF_EVENINGS = 500


@dataclass(frozen=True)
class PlantedLog:
    """The rows with their mistakes, how many rows break each rule, and the codes of open dossiers that are rejected."""

    rows: tuple[LogRow, ...]
    counts: dict[str, int]
    rejected_open_codes: tuple[str, ...]


def _is_open(row: LogRow) -> bool:
    return row.status == PENDING and not row.supplement_asked


def _is_finished(row: LogRow) -> bool:
    return bool(row.due) and row.status == FINISHED and row.received[11:] > "08:00:00"


def _is_finished_online(row: LogRow) -> bool:
    return _is_finished(row) and row.channel == ONLINE


def plant(
    plan: Plan,
    quarter: Period,
    shown: Sequence[tuple[Dossier, LogRow]],
    rng: random.Random,
    *,
    rejects_open: bool,
) -> PlantedLog:
    """Put mistakes into the rows of plain dossiers of the quarter.

    Two open dossiers have an unknown status where `rejects_open`: the file is then short of what the next one holds.
    Otherwise they are finished ones, which no later export holds.
    """
    rows = [row for _, row in shown]
    first_day = plan.calendar.add_working_days(quarter.first_day, 2)
    level_two = {procedure.code for procedure in plan.procedures if procedure.level_number == 2}
    sound = [
        n
        for n, (dossier, row) in enumerate(shown)
        if dossier.is_plain
        and dossier.received_at.date() >= first_day
        and (not row.finished or _moment(row.finished).date() <= quarter.last_day)
    ]
    rng.shuffle(sound)

    def take(count: int, is_fit: Callable[[LogRow], bool]) -> list[int]:
        chosen = [n for n in sound if is_fit(rows[n])][:count]
        for n in chosen:
            sound.remove(n)
        return chosen

    is_hanging = _is_open if rejects_open else _is_finished
    broken_day = f"31/02/{quarter.last_day.year} 09:15:00"
    changes: dict[str, tuple[Callable[[LogRow], bool], Callable[[LogRow], LogRow]]] = {
        "D001": (_is_finished, lambda r: replace(r, finished=broken_day, status=PENDING, digitised="")),
        "D004": (is_hanging, lambda r: replace(r, status="Treo")),
        "D006": (_is_finished, lambda r: replace(r, received="")),
        "D008": (_is_finished, lambda r: replace(r, finished=_of_day_before(r, plan))),
        "D009": (_is_finished, lambda r: replace(r, finished=_minutes_before(r))),
        "D010": (_is_finished, lambda r: replace(r, finished="")),
        "D012": (_is_finished, lambda r: replace(r, procedure_code=UNKNOWN_PROCEDURE)),
        "D013": (_is_finished_online, lambda r: replace(r, code=_code_of_day_before(r, plan))),
        "D015": (lambda r: r.procedure_code in level_two, lambda r: replace(r, channel=ONLINE)),
    }
    counts, hanging = {}, []
    for rule_id, (is_fit, change) in changes.items():
        chosen = take(_COUNTS[rule_id], is_fit)
        for n in chosen:
            rows[n] = change(rows[n])
        counts[rule_id] = len(chosen)
        hanging += [rows[n].code for n in chosen if rule_id == "D004" and rejects_open]
    repeated = sorted(take(_REPEATED_COUNT, _is_finished), reverse=True)
    for n in repeated:
        rows.insert(n + 1, rows[n])
    return PlantedLog(tuple(rows), counts | {"D016": len(repeated)}, tuple(hanging))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT_FORMAT)


def _working_day_before(moment: datetime, plan: Plan) -> datetime:
    before = moment - timedelta(days=1)
    while not plan.calendar.is_working(before.date()):
        before -= timedelta(days=1)
    return before


def _of_day_before(row: LogRow, plan: Plan) -> str:
    return _working_day_before(_moment(row.received), plan).strftime(MOMENT_FORMAT)


def _minutes_before(row: LogRow) -> str:
    return (_moment(row.received) - timedelta(minutes=12)).strftime(MOMENT_FORMAT)


def _code_of_day_before(row: LogRow, plan: Plan) -> str:
    """Filed online the evening before it was received; the serial is beyond those of that day's counter."""
    agency, _, serial = row.code.rsplit("-", 2)
    filed_at = _working_day_before(_moment(row.received), plan)
    return f"{agency}-{filed_at:%y%m%d}-{int(serial) + _SERIALS_OF_EVENINGS:04d}"

"""How a rule's case is drawn: a small table that breaks the rule, and its corrected neighbour.

Columns of a drawn log: dossier | procedure | office | channel | status | received | due | finished.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pyarrow as pa

from audit.corrections import Correction
from schemas.tables import FORM_ROW
from tests.support.office import AFTER_THE_CUT_OFF, PERIOD, Office, ReadLog, drawn, log, report, small_plan, titles
from warehouse.engine import Engine


@dataclass(frozen=True)
class Seen:
    """What an evaluation saw: the rules with findings, and the outcomes of the one in question."""

    rules: frozenset[str]
    outcomes: frozenset[str]
    opened: frozenset[str] = frozenset()


Evaluate = Callable[[Path, str], Seen]


@dataclass(frozen=True)
class Case:
    """One rule's two neighbours. `also` are the rules that the same fault cannot help breaking."""

    broken: Evaluate
    sound: Evaluate
    also: frozenset[str] = frozenset()


def read(content: bytes, *corrections: Correction) -> Evaluate:
    """Evaluate the rules of one submission."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        one = ReadLog(folder, content, corrections=corrections)
        return Seen(frozenset(one.rules), frozenset(one.outcomes(rule_id)))

    return evaluate


def row_case(broken: str, sound: str) -> Case:
    return Case(read(log(broken)), read(log(sound)))


Put = tuple[bytes, str, date]


def quarter(
    *files: Put,
    opening: str = "",
    sender: str = "",
    has_targets: bool = False,
    alter: Callable[[Path], object] | None = None,
) -> Evaluate:
    """Take files in and consolidate the first quarter under a plan with only what the case needs; `alter` changes it."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        folder.mkdir(parents=True, exist_ok=True)
        plan = small_plan(folder / "plan", opening=opening, sender=sender, has_targets=has_targets)
        if alter is not None:
            alter(plan)
        office = Office.new(folder, plan)
        for content, name, received_on in files:
            # A report is recorded on the day on which it came: the two days differ in P004's case alone.
            is_report = name.endswith(".xlsx")
            office.at = datetime.combine(received_on, time(2), UTC) if is_report else AFTER_THE_CUT_OFF
            office.take(content, name, received_on)
        office.at = AFTER_THE_CUT_OFF
        office.consolidate()
        return Seen(
            frozenset(str(row["rule_id"]) for row in office.findings()),
            frozenset(office.outcomes(rule_id)),
            frozenset(item.identity.rule_id for item in office.nonconformities if item.identity.period == PERIOD),
        )

    return evaluate


def one_log(table: str) -> Put:
    return log(table), "so.csv", date(2022, 3, 14)


def later_log(table: str) -> Put:
    """The same window, exported once more a day later."""
    return log(table, titles(exported="16/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 14)


def unit_report(received_on: date, **figures: object) -> Put:
    return report("TV", {code.replace("_", "."): value for code, value in figures.items()}), "TV.xlsx", received_on


def half_year(late: str = "") -> Evaluate:
    """Consolidate two quarters, then take in what the system exported too late, and sum them up to the half-year."""
    logs = [
        (log(FINISHED_IN_Q1), "quy-1.csv", date(2022, 3, 15)),
        (log(FINISHED_IN_Q2, window_titles("15/03/2022", "14/06/2022", "15/06/2022 08:00:00")), "quy-2.csv",
         date(2022, 6, 15)),
    ]  # fmt: skip
    late_titles = window_titles("15/12/2021", "14/06/2022", "20/06/2022 08:00:00")

    def evaluate(folder: Path, rule_id: str) -> Seen:
        folder.mkdir(parents=True, exist_ok=True)
        office = Office.new(folder, small_plan(folder / "plan"))
        office.at = datetime(2022, 6, 21, 2, 0, tzinfo=UTC)
        for (content, name, received_on), period in zip(logs, ("2022-Q1", "2022-Q2"), strict=True):
            office.take(content, name, received_on)
            office.consolidate(period)
        if late:
            office.take(log(late, late_titles), "muon.csv", date(2022, 6, 20))
        office.consolidate("2022-H1")
        return Seen(
            frozenset(str(row["rule_id"]) for row in office.findings()),
            frozenset(office.outcomes(rule_id, "2022-H1")),
            frozenset(item.identity.rule_id for item in office.nonconformities),
        )

    return evaluate


def window_titles(first: str, last: str, exported: str) -> list[list[str]]:
    return [["SỔ THEO DÕI HỒ SƠ"], [f"Từ ngày {first} đến ngày {last}"], [f"Thời điểm kết xuất: {exported}"]]


def asked(table: str) -> Evaluate:
    """Ask one rule's query about form rows as drawn: for what no file can break, since both sides count alike."""
    headings, *cells = drawn(table)

    def evaluate(_: Path, rule_id: str) -> Seen:
        rows = [
            {n: int(c) if n not in ("handling_office", "field") else c for n, c in zip(headings, row, strict=True)}
            for row in cells
        ]
        engine = Engine()
        try:
            engine.over_rows("form_row", pa.Table.from_pylist(rows, schema=FORM_ROW))
            found = engine.run(f"5_nonconformities/{rule_id}").num_rows
        finally:
            engine.close()
        outcome = frozenset({"fail" if found else "pass"})
        rules = frozenset({rule_id} if found else ())
        return Seen(rules, outcome, rules)

    return evaluate


# One dossier each, drawn.
FINISHED_IN_Q1 = (
    "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
)
FINISHED_IN_Q2 = (
    "H32.15-220405-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/04/2022 | 27/04/2022 | 20/04/2022"
)
OVERDUE = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 27/01/2022"
ON_TIME = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 26/01/2022"
PENDING = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |"
IN_PERSON = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tiếp | Đang xử lý | 05/01/2022 | 26/01/2022 |"
CARRIED = "H32.15-211210-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 10/12/2021 | 31/12/2021 |"
OTHER = "H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 10/02/2022 |"

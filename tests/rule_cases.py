"""For each rule a small table that breaks it, and its corrected neighbour.

Columns of a drawn log: dossier | procedure | office | channel | status | received | due | finished.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from schemas.tables import FORM_ROW
from tests.office import HEADINGS, PERIOD, Office, ReadLog, csv_of, drawn, log, report, small_plan, titles
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


def read(content: bytes) -> Evaluate:
    """Evaluate the rules of one submission."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        one = ReadLog(folder, content)
        return Seen(frozenset(one.rules), frozenset(one.outcomes(rule_id)))

    return evaluate


def row_case(broken: str, sound: str) -> Case:
    return Case(read(log(broken)), read(log(sound)))


Put = tuple[bytes, str, date]


def quarter(*files: Put, opening: str = "", sender: str = "", has_targets: bool = False) -> Evaluate:
    """Take files in and consolidate the first quarter under a plan with only what the case needs."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        folder.mkdir(parents=True, exist_ok=True)
        plan = small_plan(folder / "plan", opening=opening, sender=sender, has_targets=has_targets)
        office = Office.new(folder, plan)
        for content, name, received_on in files:
            office.take(content, name, received_on)
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


_OVERDUE = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 27/01/2022"
_ON_TIME = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 26/01/2022"
_PENDING = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |"
_IN_PERSON = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tiếp | Đang xử lý | 05/01/2022 | 26/01/2022 |"
_CARRIED = "H32.15-211210-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 10/12/2021 | 31/12/2021 |"
_OTHER = "H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |"

CASES: dict[str, Case] = {
    "D001": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 | 31/02/2022
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 | 28/02/2022
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D002": row_case(
        """
                           | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D003": row_case(
        "220105-1 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
        "000.00.15.H32-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D004": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Treo | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | đang xử LÝ | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D005": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Qua Zalo | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD |          | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | nộp trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D006": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý |            | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D007": row_case(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | |",
        # An immediate-result procedure needs no appointment.
        "H32.15-220105-0001 | 9.000001 | VP | Trực tiếp | Đang xử lý | 05/01/2022 | |",
    ),
    "D008": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 04/01/2022 23:59
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 05/01/2022 00:00
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D009": row_case(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 05/01/2022 08:30 | 26/01/2022 | 05/01/2022 08:29",
        "H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 05/01/2022 08:30 | 26/01/2022 | 05/01/2022 08:30",
    ),
    "D010": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã trả kết quả | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã trả kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D011": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 15/03/2022 08:01
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 15/03/2022 08:00
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D012": row_case(
        "H32.15-220105-0001 | 1.999999 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D013": row_case(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 06/01/2022 00:00 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 23:59 | 26/01/2022 |",
    ),
    "D014": row_case(
        "H32.15-220105-0001 | 1.003654 | Phòng Tổng hợp | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | quản lý văn hóa gia đình | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D015": row_case(
        "H32.15-220105-0001 | 9.000001 | VP | Trực tuyến | Đang xử lý | 05/01/2022 | 05/01/2022 |",
        "H32.15-220105-0001 | 9.000001 | VP | Trực tiếp | Đang xử lý | 05/01/2022 | 05/01/2022 |",
    ),
    "D021": row_case(
        "H32.15-220105-0001 | 1.003654 | VP | Trực tiếp | Yêu cầu bổ sung | 05/01/2022 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | VP | Trực tiếp | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D016": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220105-0002 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        """,
    ),
    "D017": Case(quarter(one_log(_PENDING), later_log(_IN_PERSON)), quarter(one_log(_PENDING), later_log(_ON_TIME))),
    "D018": Case(
        quarter(one_log(_PENDING), later_log(_OTHER)), quarter(one_log(_PENDING), later_log(f"{_PENDING}\n{_OTHER}"))
    ),
    "D019": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D020": Case(read(csv_of([HEADINGS[:-1], *drawn(_PENDING)])), read(csv_of([HEADINGS, *drawn(_PENDING)]))),
    "F001": Case(
        quarter(one_log(_PENDING.replace("Trực tuyến", "Qua Zalo"))), quarter(one_log(_PENDING)), frozenset({"D005"})
    ),
    "F002": Case(
        quarter(one_log(_ON_TIME.replace("26/01/2022 |", "|"))), quarter(one_log(_ON_TIME)), frozenset({"D007"})
    ),
    "F003": Case(
        quarter(one_log(_PENDING.replace("26/01/2022 |", "|"))), quarter(one_log(_PENDING)), frozenset({"D007"})
    ),
    "F004": Case(
        asked("""
              handling_office | field    | received_total | resolved_total | pending_total
              QLVHGD          | Quảng cáo | 120            | 90             | 31
              """),
        asked("""
              handling_office | field    | received_total | resolved_total | pending_total
              QLVHGD          | Quảng cáo | 120            | 90             | 30
              """),
    ),
    "F005": Case(
        quarter(one_log(_CARRIED), opening="2022-Q1,QLVHGD,Văn hóa cơ sở,2,biên bản 17,imported\n"),
        quarter(one_log(_CARRIED), opening="2022-Q1,QLVHGD,Văn hóa cơ sở,1,biên bản 17,imported\n"),
    ),
    "P001": Case(quarter(sender="TV"), quarter(unit_report(date(2022, 3, 14)), sender="TV")),
    "P002": Case(
        quarter(unit_report(date(2022, 3, 15)), sender="TV"), quarter(unit_report(date(2022, 3, 14)), sender="TV")
    ),
    "P003": Case(
        quarter(unit_report(date(2022, 3, 14), A7_1="khoảng 120"), sender="TV"),
        quarter(unit_report(date(2022, 3, 14), A7_1=120), sender="TV"),
        frozenset({"R001"}),
    ),
    "T001": Case(quarter(one_log(_OVERDUE), has_targets=True), quarter(one_log(_ON_TIME), has_targets=True)),
}

"""What was found in a file speaks for a period only while the file counts: not once it is withdrawn, or sent anew."""

from datetime import date

import pytest

from flows.intake.submission import reinstate, withdraw
from flows.release.justify import warned
from flows.release.waive import failing
from tests.support.office import PERIOD, Office, log, report, small_plan

ROW = "H32.15-220105-{n:04d} | 1.003654 | QLVHGD | {channel} | Đã có kết quả | {came} | {due} | {done}"


def row(n: int = 1, channel: str = "Trực tuyến", came: str = "05/01/2022", due: str = "26/01/2022",
        done: str = "20/01/2022") -> str:  # fmt: skip
    return ROW.format(n=n, channel=channel, came=came, due=due, done=done)


SENT: dict[str, tuple[str, bytes]] = {
    "a sum that does not add up": ("TV.xlsx", report("TV", {"A1.3": 5, "A1.4": 5})),
    "a share that is not of its parts": ("TV.xlsx", report("TV", {"A9.1": 100, "A9.2": 84, "A9.3": 50})),
    "a figure in words": ("TV.xlsx", report("TV", {"A7.1": "khoảng 120"})),
    "a figure left out": ("TV.xlsx", report("TV", {"A7.1": None})),
    "a negative figure": ("TV.xlsx", report("TV", {"A7.1": -3})),
    "an answer that is none": ("TV.xlsx", report("TV", {"A6.3": "chắc là có"})),
    "more than the whole": ("TV.xlsx", report("TV", {"A9.1": 10, "A9.2": 20})),
    "a name of another unit": ("BT-bao-cao.xlsx", report("TV", {})),
    "a name of another period": ("bao-cao quý III 2022.xlsx", report("TV", {"A7.1": 7})),
    "a log with the day of receipt after its code": ("so.csv", log(row(came="07/01/2022"))),
    "a log with a day that is none": ("so.csv", log(row(1) + "\n" + row(2, came="32/01/2022"))),
    "a log with a dossier twice": ("so.csv", log(row(1) + "\n" + row(2) + "\n" + row(2))),
    "a log with a result before its receipt": ("so.csv", log(row(1) + "\n" + row(2, done="04/01/2022"))),
    "a log of a name of another period": ("sổ quý III 2022.csv", log(row(1))),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that has consolidated what it had: nothing. Each test leaves it so, with one more file withdrawn."""
    folder = tmp_path_factory.mktemp("withdrawn")
    office = Office.new(folder, small_plan(folder / "plan", sender="TV"))
    office.consolidate()
    return office


def against(office: Office) -> set[tuple[str, str, int]]:
    """Return what stands against publishing, be it a warning or what fails: rule, unit, in how many places."""
    plan, today = office.workspace.plan, office.door.today(office.workspace.plan)
    warnings = warned(office.workspace, office.ledger, plan, plan.period(PERIOD), today)
    failed = failing(office.workspace, office.ledger, plan.period(PERIOD), today)
    return {(one.rule_id, one.unit_code, one.failing_count) for one in (*warnings, *failed)}


@pytest.mark.parametrize("what", SENT)
def test_what_was_found_in_a_withdrawn_file_stands_against_nothing(office: Office, what: str) -> None:
    clean = against(office)
    number = office.take(SENT[what][1], SENT[what][0]).number
    found = against(office)
    assert found > clean, "the file shows nothing"
    withdraw(office.workspace, office.door, number, "gửi nhầm")
    assert against(office) == clean
    reinstate(office.workspace, office.door, number, "rút nhầm")
    assert against(office) == found
    withdraw(office.workspace, office.door, number, "gửi nhầm")


def test_what_was_found_in_a_round_that_a_later_one_replaces_stands_against_nothing(office: Office) -> None:
    clean = against(office)
    first = office.take(report("TV", {"A9.1": 200, "A9.2": 84}), "BT-bao-cao.xlsx", date(2022, 3, 10)).number
    assert against(office) > clean
    second = office.take(report("TV", {"A9.1": 200, "A9.2": 85}), "TV.xlsx", date(2022, 3, 11)).number
    assert against(office) == clean
    withdraw(office.workspace, office.door, second, "lần sau sai")
    assert against(office) > clean
    withdraw(office.workspace, office.door, first, "lần đầu sai")

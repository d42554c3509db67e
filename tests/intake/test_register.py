"""A line of the inbox's register is of the file that it was used for; what is doubtful is asked about, never guessed."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.desk.status import status
from flows.intake.intake import Taken, take_in
from flows.intake.reading import Reading, Stated
from flows.intake.register import remark
from flows.intake.submissions import submissions
from tests.support.office import PERIOD, PLAN, Office, log, report, small_plan

HEADING = "file,officially_received_on,evidence,sender,exported_at"
ROW = "H32.15-220105-{n:04d} | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
GOOD = "a.csv,2022-03-14,E-Office số 017,,"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    office.hurry_inbox()
    return office


def lay(office: Office, name: str, number: int = 1) -> None:
    content = report("TV", {"A7.1": number}) if name.endswith("xlsx") else log(ROW.format(n=number))
    (office.workspace.inbox / name).write_bytes(content)


def write(office: Office, *lines: str) -> None:
    (office.workspace.inbox / "received.csv").write_text("\n".join([HEADING, *lines]) + "\n", "utf-8")


def left(office: Office) -> list[str]:
    return (office.workspace.inbox / "received.csv").read_text("utf-8").splitlines()[1:]


def sweep(office: Office) -> tuple[list[Taken], list[str]]:
    said: list[str] = []
    taken = take_in(office.workspace, replace(office.door, on_notice=said.append), [])
    return taken, said


# What lies in the inbox, the lines of its register, which files are taken, and what is asked.
ASKED = [
    (["a.csv"], [GOOD], ["a.csv"], []),
    (["a.csv"], ["b.csv,2022-03-14,E-Office số 017,,"], ["a.csv"], ["line 2: b.csv: .*no such file.*nearest: a.csv"]),
    (["a.csv"], [GOOD, "so-quy-1.xlsx,2022-03-14,CV 7,,"], ["a.csv"], ["line 3: so-quy-1.xlsx: .*no such file"]),
    ([], [GOOD], [], ["no such file is there$"]),
    (["a.csv"], [GOOD, GOOD], [], ["several lines are of it, leave one: 2, 3"]),
    (["a.csv", "b.csv"], [GOOD, "a.csv,2022-03-10,CV 7,,"], ["b.csv"], ["several lines.*2, 3"]),
    (["a.csv"], [GOOD, GOOD, GOOD], [], ["leave one: 2, 3, 4"]),
    (["á.csv"], ["a\u0301.csv,2022-03-14,CV 7,,", "á.csv,2022-03-15,CV 8,,"], [], ["several lines"]),
    (["a.csv", "b.csv"], ["a.csv,2022-03-21,CV 7,,"], ["b.csv"], ["21/03/2022 chưa đến / is still to come"]),
    (["a.csv"], ["a.csv,2222-03-14,CV 7,,"], [], ["14/03/2222 chưa đến"]),
    (["a.csv"], ["a.csv,2022-03-14,CV 7,,2022-03-22T08:00:00"], [], ["22/03/2022 chưa đến"]),
    (["a.csv", "b.csv"], ["a.csv,2021-03-14,CV 7,,"], ["b.csv"], ["14/03/2021 .*before the plan's year"]),
    (["a.csv"], ["a.csv,1022-03-14,CV 7,,"], [], ["before the plan's year"]),
    (["a.csv"], ["a.csv,2022-01-14,CV 7,,"], ["a.csv"], ["S-0001: nhận 14/01/2022, 59 ngày .*motcua receipt S-0001"]),
    (["a.xlsx"], ["a.xlsx,2022-01-31,CV 7,TV,"], ["a.xlsx"], ["S-0001: nhận 31/01/2022, 42 ngày trước ngày cuối 14/03/2022 .*before its last day"]),
    (["a.xlsx"], ["a.xlsx,2022-03-01,CV 7,TV,"], ["a.xlsx"], []),
    (["a.csv"], ["a.csv,2022-03-20,CV 7,,"], ["a.csv"], []),
    (["A.csv"], [GOOD], ["A.csv"], ["no such file is there: gần nhất / nearest: A.csv"]),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(ASKED)))
def test_what_is_doubtful_in_the_register_is_asked_about_and_its_file_waits(office: Office, case: int) -> None:
    files, lines, taken, asked = ASKED[case]
    for number, name in enumerate(files, start=1):
        lay(office, name, number)
    write(office, *lines)
    today = office.door.today(office.workspace.plan)
    shown = status(office.workspace, office.workspace.plan, today, None, at=office.at).register_questions
    done, said = sweep(office)
    assert [one.file_name for one in done] == taken
    assert len(said) == len(asked)
    assert all(re.search(wanted, one) and "\n" not in one for wanted, one in zip(asked, said, strict=True)), said
    # What is asked before anything is taken in stands in the status as well.
    assert list(shown) == [one for one in said if not one.startswith("S-")]
    assert {path.name for path in office.workspace.inbox.iterdir()} == {*files, "received.csv"} - {*taken}
    assert [line for line in lines if line.split(",")[0] not in taken] == left(office)


def test_a_line_is_of_the_file_that_it_was_used_for_and_of_no_other(office: Office) -> None:
    lay(office, "a.csv")
    write(office, GOOD)
    sweep(office)
    assert left(office) == []
    # Put back, or never removed since the process was killed: another file of that name is not what the line speaks of.
    write(office, GOOD)
    lay(office, "a.csv", 2)
    done, said = sweep(office)
    assert done == []
    assert "dòng này đã dùng cho S-0001" in said[0]
    assert "the line was used for S-0001" in said[0]
    write(office, "a.csv,2022-03-16,E-Office số 018,,")
    done, said = sweep(office)
    assert (len(done), said) == (1, [])
    first, second = submissions(office.ledger.entries)
    assert (first.taken.evidence, second.taken.evidence) == ("E-Office số 017", "E-Office số 018")


def test_a_line_that_was_used_goes_though_the_process_was_killed_before_it_did(office: Office) -> None:
    lay(office, "a.csv")
    write(office, GOOD)
    sweep(office)
    write(office, GOOD, "b.csv,2022-03-14,CV 7,,")
    done, said = sweep(office)
    assert (done, len(said)) == ([], 1)
    assert left(office) == ["b.csv,2022-03-14,CV 7,,"]


def test_the_same_bytes_under_the_line_that_was_used_are_seen_again(office: Office) -> None:
    lay(office, "a.csv")
    write(office, GOOD)
    sweep(office)
    lay(office, "a.csv")
    write(office, GOOD)
    done, said = sweep(office)
    assert [(one.number, one.is_seen_again) for one in done] == [("S-0001", True)]
    assert (said, left(office)) == ([], [])


def test_a_line_waits_for_its_file_however_often_the_inbox_is_swept(office: Office) -> None:
    write(office, GOOD)
    for _ in range(3):
        sweep(office)
    lay(office, "a.csv")
    sweep(office)
    (only,) = submissions(office.ledger.entries)
    assert (only.taken.officially_received_on, only.taken.evidence) == (date(2022, 3, 14), "E-Office số 017")
    assert left(office) == []


@pytest.mark.parametrize(
    ("report_type", "period", "day", "is_asked"),
    [
        ("cchc", PERIOD, date(2022, 2, 11), True),
        ("cchc", PERIOD, date(2022, 2, 12), False),
        # The last day of a year's report lies before the year ends.
        ("cchc", "2022-Y", date(2022, 10, 20), True),
        ("cchc", "2022-Y", date(2022, 11, 20), False),
        # A unit's plan of the year is due on no known day, and comes at its beginning.
        ("unit_plan", PERIOD, date(2022, 1, 5), False),
        ("cchc", "2022-Q2", date(2022, 1, 5), False),
        (None, PERIOD, date(2022, 1, 5), False),
    ],
)
def test_a_day_is_asked_about_that_lies_long_before_the_report_s_own_last_day(
    report_type: str | None, period: str, day: date, is_asked: bool
) -> None:
    reading = Reading("unit_report", "accepted", (), period=period, report_type=report_type)
    said = remark("S-0001", Stated(day, "CV 7"), reading, PLAN)
    assert bool(said) is is_asked, said

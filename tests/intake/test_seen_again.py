"""The same bytes that come again: always a sentence on what became of them; taken in anew only where that is meant."""

from datetime import date
from pathlib import Path

import pytest

from flows.audits.verify import verify
from flows.entry.door import MisuseError
from flows.intake.intake import Taken, take_in
from flows.intake.reading import ON_ARRIVAL, Stated
from flows.intake.submission import reinstate, withdraw
from flows.intake.submissions import submissions
from tests.support.office import Office, log, report, small_plan
from tests.support.own_report import own_report

DAY, OTHER_DAY = date(2022, 3, 14), date(2022, 3, 10)
NAMELESS = (("BÁO CÁO CÔNG TÁC CẢI CÁCH HÀNH CHÍNH",), ())
FILES = {
    "own": own_report(titles=NAMELESS),
    "blank": report("TV", {}),
    "log": log(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
    ),
    "broken": b"PK\x03\x04" + b"\x00" * 300,
}
NAMES = {"own": "bao-cao.xlsx", "blank": "TV.xlsx", "log": "so.csv", "broken": "hong.xlsx"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))


def bring(
    office: Office, what: str, sender: str = "", period: str = "", day: date = DAY, evidence: str = "E-Office số 017"
) -> Taken:
    path = office.workspace.root.parent / NAMES[what]
    path.write_bytes(FILES[what])
    return take_in(office.workspace, office.door, [path], Stated(day, evidence, sender or None, None, period or None))[
        0
    ]


# What came, as stated first; whether it was withdrawn; as stated now; the number that it has then, and what is said.
AGAIN = """
  own    | TV, 2022-Q1 | no  | TV, 2022-Q1           | S-0001 | được tính, không cần làm gì / was received then and counts
  own    | TV, 2022-Q1 | no  | -                     | S-0001 | nothing to do
  own    | TV, 2022-Q1 | no  | BT                    | S-0001 | motcua sender S-0001 --unit BT
  own    | TV, 2022-Q1 | no  | -, 2022-H1            | S-0001 | motcua sender S-0001 --period 2022-H1
  own    | TV, 2022-Q1 | no  | BT, 2022-H1           | S-0001 | motcua sender S-0001 --unit BT --period 2022-H1
  own    | TV, 2022-Q1 | no  | -, -, 10/03           | S-0001 | motcua receipt S-0001 --on 10/03/2022
  own    | -           | no  | -                     | S-0001 | was rejected: gửi tệp đã sửa / a mended file
  own    | -           | no  | TV, 2022-Q1           | S-0001 | motcua sender S-0001 --unit TV --period 2022-Q1
  own    | TV, 2022-Q1 | yes | TV, 2022-Q1           | S-0001 | motcua reinstate S-0001
  own    | TV, 2022-Q1 | yes | -                     | S-0001 | đã rút / was withdrawn (gửi nhầm)
  own    | TV, 2022-Q1 | yes | TV, -, 10/03          | S-0001 | motcua reinstate S-0001
  own    | TV, 2022-Q1 | yes | TV, 2022-H1           | S-0002 |
  own    | TV, 2022-Q1 | yes | BT, 2022-Q1           | S-0002 |
  own    | -           | yes | TV, 2022-Q1           | S-0002 |
  blank  | TV          | no  | TV                    | S-0001 | được tính
  blank  | TV          | yes | BT                    | S-0002 |
  log    | VP          | no  | VP                    | S-0001 | được tính
  log    | VP          | yes | -                     | S-0001 | motcua reinstate S-0001
  log    | VP          | yes | TV                    | S-0002 |
  broken | TV          | no  | TV                    | S-0001 | was rejected
  broken | TV          | yes | -                     | S-0001 | was withdrawn
"""


def stated(text: str) -> dict[str, object]:
    said = ["" if part.strip() == "-" else part.strip() for part in text.split(",")]
    sender, period, day = [*said, "", ""][:3]
    return {"sender": sender, "period": period, "day": OTHER_DAY if day else DAY}


@pytest.mark.parametrize("row", AGAIN.strip().splitlines())
def test_the_same_bytes_are_what_they_were_or_what_they_are_stated_to_be(office: Office, row: str) -> None:
    what, first, is_withdrawn, now, number, said = (cell.strip() for cell in row.split("|"))
    bring(office, what, **stated(first))  # type: ignore[arg-type]
    if is_withdrawn == "yes":
        withdraw(office.workspace, office.door, "S-0001", "gửi nhầm")
    again = bring(office, what, **stated(now))  # type: ignore[arg-type]
    assert (again.number, again.is_seen_again) == (number, bool(said))
    assert said in again.became
    assert bool(again.became) == bool(said)
    assert "\n" not in again.became
    assert [one.taken.number for one in submissions(office.ledger.entries)] == ["S-0001", "S-0002"][: int(number[-1])]


def test_what_is_stated_otherwise_on_arrival_alone_asks_for_nothing(office: Office) -> None:
    bring(office, "log")
    assert "receipt" not in bring(office, "log", day=OTHER_DAY, evidence=ON_ARRIVAL).became


def test_one_of_two_submissions_of_the_same_bytes_counts_and_its_data_count_once(office: Office) -> None:
    bring(office, "log", "TV")
    office.consolidate()
    before = office.totals()
    assert before["received_total"] == 1
    withdraw(office.workspace, office.door, "S-0001", "nơi gửi ghi sai")
    assert bring(office, "log", "VP").number == "S-0002"
    office.consolidate()
    assert office.totals() == before
    with pytest.raises(MisuseError, match=r"counts as S-0002.*motcua withdraw S-0002"):
        reinstate(office.workspace, office.door, "S-0001", "không sai")
    withdraw(office.workspace, office.door, "S-0002", "vẫn sai")
    assert bring(office, "log", "TV").number == "S-0001"
    assert bring(office, "log", "VP").number == "S-0002"
    assert bring(office, "log", "BT").number == "S-0003"
    withdraw(office.workspace, office.door, "S-0003", "vẫn sai")
    reinstate(office.workspace, office.door, "S-0001", "không sai")
    office.consolidate()
    assert office.totals() == before
    assert verify(office.workspace).problems == []


def test_the_same_bytes_twice_in_one_batch_are_one_submission(office: Office) -> None:
    for name in ("a.csv", "b.csv"):
        (office.workspace.root.parent / name).write_bytes(FILES["log"])
    paths = [office.workspace.root.parent / name for name in ("a.csv", "b.csv")]
    said = Stated(DAY, "E-Office số 017", "TV")
    first, second = take_in(office.workspace, office.door, paths, said)
    assert [(one.number, one.is_seen_again) for one in (first, second)] == [("S-0001", False), ("S-0001", True)]
    withdraw(office.workspace, office.door, "S-0001", "gửi nhầm")
    first, second = take_in(office.workspace, office.door, paths, Stated(DAY, "E-Office số 017", "VP"))
    assert [(one.number, one.is_seen_again) for one in (first, second)] == [("S-0002", False), ("S-0002", True)]


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_an_erased_original_never_comes_back(office: Office, is_withdrawn: bool) -> None:
    bring(office, "log", "TV")
    if is_withdrawn:
        withdraw(office.workspace, office.door, "S-0001", "gửi nhầm")
    office.erase("S-0001", "QĐ số 017 thử nghiệm", "hết thời hạn lưu")
    again = bring(office, "log", "VP")
    assert (again.number, again.is_seen_again) == ("S-0001", True)
    assert "it cannot be taken in again" in again.became
    assert verify(office.workspace).problems == []

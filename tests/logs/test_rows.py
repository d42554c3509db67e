"""Rows that are no dossiers are ignored under their class; what could be a dossier is one; cells that Excel changed."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.support.office import HEADINGS, Cells, Office, ReadLog, csv_of, drawn, log, titles, xlsx_of
from tests.support.rule_cases.base import IN_PERSON, PENDING, later_log, one_log, quarter

ONE, OTHER, THIRD = drawn("""
H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
H32.15-220106-0002 | 1.003676 | QLVHGD | BCCI       | Đang xử lý | 06/01/2022 | 28/03/2022 |
H32.15-220107-0003 | 1.003676 | QLVHGD | Trực tiếp  | Đang xử lý | 07/01/2022 | 28/03/2022 |
""")
BLANKS = [""] * 7


def first_cell(text: str) -> list[str]:
    return [text, *BLANKS]


def fates(rows: Cells, folder: Path, name: str = "so.csv") -> list[str]:
    """Return the class or rule of every row that is no accepted one, in the order of the rows."""
    content = csv_of(rows) if name.endswith("csv") else xlsx_of(rows)
    return [str(reason) for _, _, reason in ReadLog(folder, content, name).fates]


@pytest.mark.parametrize("name", ["so.csv", "so.xlsx"])
def test_total_section_number_and_continuation_rows_are_never_data(name: str, tmp_path: Path) -> None:
    """Trap 7: such rows read as data."""
    rows: Cells = [
        *titles(),
        list(HEADINGS),
        [f"({n})" for n in range(1, 9)],
        first_cell("I. Trên hệ thống của tỉnh"),
        ONE,
        ["", "", "và Gia đình", *[""] * 5],
        first_cell("Cộng mục I"),
        [""] * 8,
        list(HEADINGS),
        OTHER,
        ["TỔNG CỘNG", "2 hồ sơ", *[""] * 6],
    ]
    assert fates(rows, tmp_path, name) == [
        *["title"] * 3, "header", "number", "section", "continuation", "subtotal", "blank", "header", "total"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["I. Trên hệ thống", *ONE[1:]], None),
        (["TỔNG CỘNG", *ONE[1:]], None),
        (["", *ONE[1:]], "D002"),
        (["", "1.003654", "QLVHGD", *[""] * 5], "D002"),
        (["", "", "QLVHGD", "", "Đang xử lý", *[""] * 3], "D002"),
    ],
)
def test_a_row_that_could_be_a_dossier_is_one_and_answers_for_itself(
    row: list[str], rule: str | None, tmp_path: Path
) -> None:
    one = ReadLog(tmp_path, csv_of([HEADINGS, OTHER, row]))
    assert [fate for number, fate, _ in one.fates if number == 3] == ([] if rule is None else ["rejected"])
    assert rule is None or rule in one.rules


def test_a_second_table_with_other_headings_is_not_read_by_the_first_ones(tmp_path: Path) -> None:
    swapped = [*HEADINGS[:5], HEADINGS[6], HEADINGS[5], HEADINGS[7]]
    moved = [*OTHER[:5], OTHER[6], OTHER[5], OTHER[7]]
    one = ReadLog(tmp_path, csv_of([HEADINGS, ONE, [], swapped, moved, [], HEADINGS, THIRD]))
    assert [row["dossier_code"] for row in one.table("dossier_row")] == [ONE[0], THIRD[0]]
    assert [fate for fate in one.fates if fate[2] == "D067"] == [(4, "rejected", "D067"), (5, "rejected", "D067")]
    assert {row["row"] for row in one.table("finding") if row["rule_id"] == "D067"} == {4, 5}


def test_rows_too_short_or_too_long_name_their_line_and_a_delimiter_at_every_end_does_not(tmp_path: Path) -> None:
    one = ReadLog(tmp_path, csv_of([HEADINGS, ONE, OTHER[:-1], [*THIRD, ""]]))
    assert one.fates == [(1, "ignored", "header"), (3, "rejected", "D019"), (4, "rejected", "D019")]
    assert {row["expected"] for row in one.table("finding")} == {"8 ô / cells"}
    # Neither are rows that all lack the same cell.
    short = ReadLog(tmp_path / "short", csv_of([HEADINGS, *(row[:-1] for row in (ONE, OTHER, THIRD))]))
    assert short.fates == [(1, "ignored", "header"), *((number, "rejected", "D019") for number in (2, 3, 4))]
    ended = ReadLog(tmp_path / "ended", csv_of([HEADINGS, [*ONE, ""], [*OTHER, ""], [*THIRD, ""]]))
    assert (ended.rules, ended.reading.accepted_count) == (set(), 3)


def test_a_heading_that_stands_twice_says_which_column_is_read(tmp_path: Path) -> None:
    one = ReadLog(tmp_path, csv_of([[*HEADINGS, "Ngày tiếp nhận"], [*ONE, "01/02/2022"]]))
    (finding,) = one.table("finding")
    assert (finding["rule_id"], finding["row"], finding["column_name"]) == ("D063", 1, "9")
    assert finding["expected"] == "đọc cột 6 / column 6 is read"
    assert [row["received_at"] for row in one.table("dossier_row")] == [datetime(2022, 1, 5)]


@pytest.mark.parametrize(
    ("received", "code", "moment", "said"),
    [
        ("44566", "H32.15-220105-0001", datetime(2022, 1, 5), "05/01/2022 (Excel 1900)"),
        ("43104,5", "H32.15-220105-0001", datetime(2022, 1, 5, 12), "05/01/2022 (Excel 1904)"),
        ("43104", "220105-1", None, None),
        ("40000", "H32.15-220105-0001", None, None),
    ],
)
def test_a_serial_is_a_day_only_where_the_code_leaves_one_reading(
    received: str, code: str, moment: datetime | None, said: str | None, tmp_path: Path
) -> None:
    one = ReadLog(tmp_path, csv_of([HEADINGS, [code, *ONE[1:5], received, "26/01/2022", ""], OTHER]))
    assert one.table("dossier_row")[0]["received_at"] == moment
    found = {row["rule_id"]: row["expected"] for row in one.table("finding") if row["row"] == 2}
    assert found.get("D069") == said
    assert ("D001" in found) == (moment is None)


def test_a_day_and_month_that_changed_places_are_said_so_and_kept(tmp_path: Path) -> None:
    row = ["H32.15-220105-0001", *ONE[1:5], "01/05/2022", "26/06/2022", ""]
    one = ReadLog(tmp_path, log("", titles(exported="30/06/2022 08:00:00")) + csv_of([row]))
    assert one.rules == {"D013", "D068"}
    assert one.table("dossier_row")[0]["received_at"] == datetime(2022, 5, 1)


@pytest.mark.parametrize(
    ("written", "read", "said"),
    [
        ("1.00465", "1.004650", "read as 1.004650"),
        ("1,00465", "1.004650", "read as 1.004650"),
        ("1.0036", None, "the catalogue leaves it open"),
        ("2", None, "the catalogue leaves it open"),
    ],
)
def test_a_procedure_code_that_became_a_number_is_completed_in_one_way_or_not(
    written: str, read: str | None, said: str, tmp_path: Path
) -> None:
    one = ReadLog(tmp_path, csv_of([HEADINGS, [ONE[0], written, *ONE[2:]]]))
    code = str(one.table("dossier_row")[0]["procedure_code"])
    assert code == read if read else code.startswith("?")
    (finding,) = [row for row in one.table("finding") if row["rule_id"] == "D070"]
    assert said in str(finding["expected"])
    assert ("D012" in one.rules) == (read is None)


def test_two_files_that_disagree_about_one_dossier_are_a_finding_and_not_settled_by_the_last(tmp_path: Path) -> None:
    """Trap 8: de-duplicating by "keep last"."""
    assert quarter(one_log(PENDING), later_log(IN_PERSON))(tmp_path / "differ", "D017").outcomes == {"fail"}
    assert quarter(one_log(PENDING), later_log(PENDING))(tmp_path / "agree", "D017").outcomes == {"pass"}


def test_the_encoding_that_was_found_is_recorded_and_said(office: Office) -> None:
    office.take(log(PENDING).decode().encode("utf-16"), "so.csv")
    assert (office.ledger.entries[-1].events[0].model_dump()["encoding"], office.findings()) == ("utf-16", [])

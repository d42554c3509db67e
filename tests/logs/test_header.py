"""A header is found by its headings, over one to three rows, and a merged cell groups the columns below it."""

from dataclasses import replace
from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from sources.files.source import MergedRange, SourceRow
from sources.logs.header import find_header
from sources.logs.profile import ColumnProfile, Profile, load_profiles
from tests.support.office import HEADINGS, PLAN_FOLDER, ReadLog, drawn, titles
from tests.support.workbooks import SHEET, xlsx_of

(ONE_STOP,) = [profile for profile in load_profiles(PLAN_FOLDER) if profile.document.id == "one-stop-vn"]
CODE, STATUS = "Số hồ sơ", "Trạng thái"


def knowing(**headings: str) -> Profile:
    """Return a profile that knows these columns, all of them required."""
    columns = {name: ColumnProfile(headings=(heading,), required=True) for name, heading in headings.items()}
    return replace(ONE_STOP, document=ONE_STOP.document.model_copy(update={"columns": columns}))


def rows(table: str) -> list[SourceRow]:
    return [SourceRow(number, cells) for number, cells in enumerate(drawn(table), start=1)]


GROUPED = """
    Số hồ sơ | Đã giải quyết |           | Chưa giải quyết |
             | Trước hạn     | Đúng hạn  | Trước hạn       | Quá hạn
    1        | a             | b         | c               | d
"""
GROUPS = (MergedRange(1, 1, 2, 1), MergedRange(1, 2, 1, 3), MergedRange(1, 4, 1, 5))


def test_a_column_is_known_by_its_path_under_a_merged_group() -> None:
    profile = knowing(
        dossier_code="Số hồ sơ", finished_at="Đã giải quyết > Đúng hạn", due_at="Chưa giải quyết > Trước hạn"
    )
    header = find_header(profile, rows(GROUPED), GROUPS)
    assert header is not None
    assert (header.first_row, header.last_row, header.width) == (1, 2, 5)
    assert header.positions == {"dossier_code": 0, "finished_at": 2, "due_at": 3}


def test_a_column_is_known_by_the_last_part_of_its_path_and_the_path_says_more() -> None:
    profile = knowing(dossier_code="Số hồ sơ", due_at="Trước hạn", received_at="Đã giải quyết > Trước hạn")
    header = find_header(profile, rows(GROUPED), GROUPS)
    assert header is not None
    assert header.positions == {"dossier_code": 0, "received_at": 1, "due_at": 3}


def test_without_its_merged_range_a_group_names_its_first_column_alone() -> None:
    profile = knowing(dossier_code="Số hồ sơ", finished_at="Đã giải quyết > Đúng hạn")
    assert find_header(profile, rows(GROUPED)) is None


def test_three_header_rows_make_a_path_of_three() -> None:
    table = """
        Số hồ sơ | Ngày tháng |          |
                 | Tiếp nhận  | Trả      |
                 |            | Hẹn      | Thực
        1        | a          | b        | c
    """
    merged = (MergedRange(1, 1, 3, 1), MergedRange(1, 2, 1, 4), MergedRange(2, 2, 3, 2), MergedRange(2, 3, 2, 4))
    profile = knowing(
        dossier_code="Số hồ sơ", received_at="Tiếp nhận", due_at="Trả > Hẹn", finished_at="Ngày tháng > Trả > Thực"
    )
    header = find_header(profile, rows(table), merged)
    assert header is not None
    assert (header.last_row, header.positions) == (
        3,
        {"dossier_code": 0, "received_at": 1, "due_at": 2, "finished_at": 3},
    )


def test_a_merged_title_right_above_is_no_part_of_the_header() -> None:
    table = """
        Sổ theo dõi |
        Số hồ sơ    | Trạng thái
        1           | a
    """
    header = find_header(knowing(dossier_code=CODE, status=STATUS), rows(table), (MergedRange(1, 1, 1, 2),))
    assert header is not None
    assert (header.first_row, header.last_row) == (2, 2)


def test_a_log_with_a_merged_header_of_two_rows_is_read(tmp_path: Path) -> None:
    upper = [*HEADINGS[:5], "Ngày", "", ""]
    lower = ["", "", "", "", "", *HEADINGS[5:]]
    data = drawn("H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |")

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("F4:H4")
        for column in "ABCDE":
            sheet.merge_cells(f"{column}4:{column}5")

    log = ReadLog(
        tmp_path, xlsx_of({SHEET: [*titles(), upper, lower, *data]}, lambda book: merge(book[SHEET])), "so.xlsx"
    )
    assert log.rules == set()
    assert [row["dossier_code"] for row in log.table("dossier_row")] == ["H32.15-220105-0001"]
    assert [(row, reason) for row, _, reason in log.fates if reason == "header"] == [(4, "header"), (5, "header")]

"""Whatever workbook a log comes in, its rows are the same, and what its cells do not say is a finding."""

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from sources.files.source import Remark, Source, UnreadableError
from sources.logs.profile import load_profiles
from sources.logs.reader import open_source
from tests.support.office import HEADINGS, PLAN_FOLDER, ReadLog
from tests.support.workbooks import HEADER_ROW, SHEET, log_cells, log_xlsx, ods_cell, ods_of, xlsb_of, xlsx_of

PROFILES = load_profiles(PLAN_FOLDER)
FIRST_ROW = HEADER_ROW + 1
OFFICE = shutil.which("soffice")
NEEDS_OFFICE = pytest.mark.skipif(OFFICE is None, reason="soffice (LibreOffice) is not installed")


def opened(folder: Path, content: bytes, suffix: str = ".xlsx") -> Source:
    path = folder / f"so{suffix}"
    path.write_bytes(content)
    return open_source(path, suffix, PROFILES)


def cells_of(source: Source) -> list[list[str]]:
    return [row.cells for batch in source.batches for row in batch]


def states(log: ReadLog) -> list[tuple[object, ...]]:
    names = ("dossier_code", "procedure_code", "handling_office", "received_at", "due_at", "finished_at")
    return [tuple(row[name] for name in names) for row in log.table("dossier_row")]


def converted(folder: Path, content: bytes, suffix: str) -> bytes:
    """Let LibreOffice write a workbook in another format."""
    assert OFFICE is not None
    (folder / "goc.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/office"
    words = [OFFICE, profile, "--headless", "--convert-to", suffix.lstrip("."), "--outdir", str(folder)]
    subprocess.run([*words, str(folder / "goc.xlsx")], check=True, capture_output=True, timeout=240)
    return (folder / f"goc{suffix}").read_bytes()


def test_the_same_log_reads_the_same_in_xlsx_xlsm_ods_and_xlsb(tmp_path: Path) -> None:
    contents = {
        ".xlsx": log_xlsx(),
        ".xlsm": log_xlsx(),
        ".ods": ods_of(log_cells()),
        ".xlsb": xlsb_of(log_cells()),
    }
    logs = {suffix: ReadLog(tmp_path / suffix[1:], content, f"so{suffix}") for suffix, content in contents.items()}
    assert {log.reading.encoding for log in logs.values()} == {suffix[1:] for suffix in contents}
    assert all(log.rules == set() for log in logs.values())
    expected = states(logs[".xlsx"])
    assert len(expected) == 2
    assert all(states(log) == expected for log in logs.values())


@NEEDS_OFFICE
def test_real_ods_and_xls_files_give_what_the_xlsx_gives(tmp_path: Path) -> None:
    def dated(sheet: Worksheet) -> None:
        sheet.cell(FIRST_ROW, 6).value = datetime(2022, 1, 5, 8, 30)
        sheet.cell(FIRST_ROW, 7).value = date(2022, 1, 26)
        sheet.cell(FIRST_ROW, 9).value = "=1/0"
        sheet.row_dimensions[FIRST_ROW].hidden = True
        sheet.merge_cells(start_row=FIRST_ROW, end_row=FIRST_ROW + 1, start_column=3, end_column=3)

    content = log_xlsx(dated)
    rows = states(ReadLog(tmp_path / "xlsx", content, "so.xlsx"))
    for suffix in (".ods", ".xls"):
        log = ReadLog(tmp_path / suffix[1:], converted(tmp_path, content, suffix), f"so{suffix}")
        assert states(log) == rows
        # What LibreOffice opens it calculates: the formula has become an error.
        assert log.rules == {"D050", "D055", "D058"}


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_days_and_times_are_read_by_the_workbooks_own_calendar(tmp_path: Path, epoch: datetime | None) -> None:
    def of_1904(book: Workbook) -> None:
        if epoch is not None:
            book.epoch = epoch

    row = [datetime(2022, 1, 5, 8, 30, 15), date(2022, 1, 5), time(7, 5)]
    source = opened(tmp_path, xlsx_of({SHEET: [row]}, of_1904))
    assert cells_of(source) == [["2022-01-05 08:30:15", "2022-01-05", "07:05:00"]]


def test_a_code_turned_into_a_number_arrives_as_the_shortest_text_of_that_number(tmp_path: Path) -> None:
    source = opened(tmp_path, xlsx_of({SHEET: [[1.00465, 123456789012, 0.1, -2.5, True]]}))
    assert cells_of(source) == [["1.00465", "123456789012", "0.1", "-2.5", "true"]]


def test_rows_keep_their_numbers_where_the_table_begins_elsewhere(tmp_path: Path) -> None:
    source = opened(tmp_path, xlsx_of({SHEET: [[], [], ["", "", "x", "y"]]}))
    assert cells_of(source)[2] == ["", "", "x", "y"]


# Trap 7 of the domain: what only looks blank.
def test_a_merged_cell_counts_for_every_row_that_it_spans_and_is_a_finding(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells(start_row=FIRST_ROW, end_row=FIRST_ROW + 1, start_column=3, end_column=3)

    log = ReadLog(tmp_path, log_xlsx(merge), "so.xlsx")
    assert [row["handling_office"] for row in log.table("dossier_row")] == ["QLVHGD", "QLVHGD"]
    (finding,) = log.table("finding")
    assert (finding["rule_id"], finding["row"], finding["column_name"]) == ("D058", FIRST_ROW, "C")


def test_a_merged_title_is_no_finding(tmp_path: Path) -> None:
    log = ReadLog(tmp_path, log_xlsx(lambda sheet: sheet.merge_cells("A1:H1")), "so.xlsx")
    assert log.rules == set()


@pytest.mark.parametrize(("value", "rule_id", "shown"), [("=TODAY()", "D056", "="), ("#N/A", "D055", "#N/A")])
def test_a_formula_without_a_result_is_not_taken_for_a_blank(
    tmp_path: Path, value: str, rule_id: str, shown: str
) -> None:
    finished = HEADINGS.index("Ngày kết thúc xử lý") + 1

    def break_it(sheet: Worksheet) -> None:
        sheet.cell(FIRST_ROW, finished).value = value

    log = ReadLog(tmp_path, log_xlsx(break_it), "so.xlsx")
    # A blank day of finishing would have made the dossier a pending one; this one is rejected.
    assert (FIRST_ROW, "rejected", "D001") in log.fates
    found = {row["rule_id"]: row for row in log.table("finding")}
    assert set(found) == {"D001", rule_id}
    assert (found[rule_id]["row"], found[rule_id]["column_name"], found[rule_id]["shown_value"]) == (
        *(FIRST_ROW, "H"),
        shown,
    )


def test_errors_and_hidden_cells_of_ods_and_xlsb_are_seen_too(tmp_path: Path) -> None:
    rows = log_cells()
    error = ods_cell("#N/A", 'calcext:value-type="error"')
    ods = [*rows[:-1], [*rows[-1][:-1], error]]
    assert remarks(opened(tmp_path, ods_of(ods, hidden=[FIRST_ROW]), ".ods")) == {
        ("D050", FIRST_ROW, ""),
        ("D055", FIRST_ROW + 1, "I"),
    }
    xlsb: list[list[str | None]] = [*rows[:-1], [*rows[-1][:-1], None]]
    assert remarks(opened(tmp_path, xlsb_of(xlsb), ".xlsb")) == {("D055", FIRST_ROW + 1, "I")}


def remarks(source: Source) -> set[tuple[str, int | None, str]]:
    return {(remark.rule_id, remark.row, remark.column) for remark in source.remarks}


def test_a_filter_that_hides_many_rows_is_one_finding(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        for row in (FIRST_ROW, FIRST_ROW + 1):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["B"].hidden = True

    assert opened(tmp_path, log_xlsx(hide)).remarks == (
        Remark("D050", "trang 1", FIRST_ROW, shown=f"{FIRST_ROW}-{FIRST_ROW + 1}"),
        Remark("D050", "trang 1", column="B", shown="B-B"),
    )


def test_the_first_visible_sheet_with_a_known_header_is_read(tmp_path: Path) -> None:
    cover = [["Sở Thử Nghiệm"], ["Kính gửi"]]

    def hide(book: Workbook) -> None:
        book["Ẩn"].sheet_state = "hidden"

    source = opened(tmp_path, xlsx_of({"Bìa": cover, "Ẩn": log_cells(), SHEET: log_cells(), "Sau": log_cells()}, hide))
    assert source.sheet == "trang 3", "a sender's title may name a person"
    assert source.titles == ("Bìa", "Ẩn", SHEET, "Sau")
    assert {(remark.rule_id, remark.sheet) for remark in source.remarks} == {("D051", "trang 2"), ("D052", "trang 4")}


def test_runs_of_a_cell_in_a_workbook_of_today_are_decoded_by_their_own_fonts(tmp_path: Path) -> None:
    def mixed(sheet: Worksheet) -> None:
        tcvn3, plain = TextBlock(InlineFont(rFont=".VnTime"), "§· tr¶ "), TextBlock(InlineFont(rFont="Arial"), "đủ")
        sheet.cell(FIRST_ROW, 9).value = CellRichText(tcvn3, plain)
        sheet.cell(FIRST_ROW + 1, 9).value = "Ñaõ traû"
        sheet.cell(FIRST_ROW + 1, 9).font = Font(name="VNI-Times")

    source = opened(tmp_path, log_xlsx(mixed))
    assert source.encoding == "tcvn3+unicode+vni"
    assert [row[8] for row in cells_of(source)[HEADER_ROW:]] == ["Đã trả đủ", "Đã trả"]
    assert ("D057", None, "") in remarks(source)


def test_a_sheet_without_a_known_header_is_refused_whatever_the_format(tmp_path: Path) -> None:
    book = xlsx_of({"Một": [["a"]], "Hai": [["b"]]})
    assert cells_of(opened(tmp_path, book)) == [["a"]]
    log = ReadLog(tmp_path / "log", book, "so.xlsx")
    assert (log.reading.state, log.rules) == ("rejected", {"D020"})


def test_a_workbook_of_today_under_an_old_suffix_is_read(tmp_path: Path) -> None:
    log = ReadLog(tmp_path, log_xlsx(), "so.xls")
    assert (log.rules, log.reading.encoding) == (set(), "xlsx")


# calamine can end the process on a damaged xlsb: what guards against that is the child process, not an exception.
MADE: dict[str, Callable[[], bytes]] = {".xlsx": log_xlsx, ".ods": lambda: ods_of(log_cells())}


def damaged(content: bytes, rng: Random) -> Iterable[bytes]:
    """Yield bytes that were cut off, flipped, or have a stretch missing or overwritten."""
    yield content[: rng.randrange(len(content))]
    at = rng.randrange(len(content))
    yield content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :]
    end = min(len(content), at + rng.randrange(1, 200))
    yield content[:at] + content[end:]
    yield content[:at] + rng.randbytes(end - at) + content[end:]


@pytest.mark.parametrize("suffix", MADE)
def test_damaged_bytes_are_read_or_refused_and_raise_nothing_else(tmp_path: Path, suffix: str) -> None:
    rng = Random(suffix)
    for _ in range(12):
        for content in damaged(MADE[suffix](), rng):
            with contextlib.suppress(UnreadableError):
                cells_of(opened(tmp_path, content, suffix))


@pytest.mark.parametrize("suffix", [".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_bytes_of_another_kind_are_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    with pytest.raises(UnreadableError, match=" / "):
        opened(tmp_path, content, suffix)

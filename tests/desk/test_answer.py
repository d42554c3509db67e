"""What a sender gets back: the same workbook or table, marked, and a first sheet that lists every finding."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.cell.cell import Cell

from audit.events import AnswerTaken
from flows.desk.answer import answer_words, take_answer
from flows.entry.door import MisuseError
from flows.intake.submission import show as show_submission
from flows.intake.submissions import submissions
from flows.measures.reporting import expected_reports
from motcua.printing.show import as_json
from sources.answers.marks import FILLS
from sources.files.workbook import ANSWER_SHEET
from sources.templates.titles import ITEM_SHEET, TASK_SHEET
from tests.support.filled_report import SOUND, filled, tasks
from tests.support.office import HEADINGS, PLAN, Office, csv_of, log, report, small_plan, titles
from warehouse import vault

PAYLOADS = Path(__file__).parents[3] / "shared" / "data" / "hostile" / "csv_injection_payloads.txt"
MARKS = {fill.fgColor.rgb for fill in FILLS.values()}
DUE = date(2022, 3, 1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.new(tmp_path / "office", small_plan(tmp_path / "plan", sender="TV"))


def taken_out(office: Office, number: str = "S-0001", name: str = "tra-loi.xlsx") -> Workbook:
    path = office.workspace.root.parent / name
    take_answer(office.workspace, office.door, number, path)
    return openpyxl.load_workbook(path)


def cells_of(workbook: Workbook, *, but: str = ANSWER_SHEET) -> dict[tuple[str, str], Cell]:
    return {
        (sheet.title, cell.coordinate): cell
        for sheet in workbook.worksheets
        if sheet.title != but
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell)
    }


def marked(workbook: Workbook) -> dict[tuple[str, str], str]:
    """Return every cell with one of our fills, and its comment."""
    return {
        place: cell.comment.text if cell.comment else ""
        for place, cell in cells_of(workbook).items()
        if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in MARKS
    }


def listed(workbook: Workbook) -> list[list[object]]:
    """Return the rows of the first sheet's table."""
    rows = [[cell.value for cell in row] for row in workbook.worksheets[0].iter_rows()]
    first = next(number for number, row in enumerate(rows) if row[0] == "TT")
    return rows[first + 1 :]


def links(workbook: Workbook) -> list[str]:
    sheet = workbook.worksheets[0]
    return [str(cell.hyperlink.location) for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def twelve_mistakes(workbook: Workbook) -> None:
    done = ("Báo cáo", DUE, date(2022, 2, 28), "Hoàn thành", "Số 01/TV")
    tasks(
        ("Việc 1", *done),
        ("Việc 2", "Báo cáo", DUE, date(2022, 3, 20), "Hoàn thành", "Số 02/TV"),
        ("Việc 3", "Báo cáo", DUE, date(2022, 2, 28), "Hoàn thành", None),
        ("Việc 4",), ("Việc 5",), ("Việc 6",),
        ("Việc 7", "Báo cáo", DUE, date(2022, 2, 28), "Đang thực hiện", "Số 03/TV"),
        ("Việc 8", "Báo cáo", "Quý I"),
    )(workbook)  # fmt: skip
    sheet = workbook[ITEM_SHEET]
    sheet["D18"].value, sheet["F9"].value, sheet["G9"].value = "triệu đồng", "OK", "=[1]Sheet1!A1"


WRONG: dict[str, object] = {"A5.3": "khoảng 120", "A2.1": 2.5, "A7.3": None, "A3.2": 9}
TWELVE = {
    (ITEM_SHEET, "E17"): "R001", (ITEM_SHEET, "E10"): "R001", (ITEM_SHEET, "E23"): "R002", (ITEM_SHEET, "E12"): "R003",
    (ITEM_SHEET, "D18"): "R044", (ITEM_SHEET, "F9"): "R045", (ITEM_SHEET, "G9"): "R046", (TASK_SHEET, "F6"): "R009",
    (TASK_SHEET, "H7"): "R010", (TASK_SHEET, "G11"): "R008", (TASK_SHEET, "E12"): "R006",
    (ITEM_SHEET, "E28"): "R018",
}  # fmt: skip


def test_twelve_mistakes_are_told_in_one_round_each_in_its_cell_and_the_mended_answer_is_accepted(
    office: Office,
) -> None:
    wrong = filled(SOUND | WRONG | {"A9.1": 0, "A9.2": 0, "A9.3": 104.5}, twelve_mistakes)
    first = office.take(wrong, "bao-cao.xlsx", date(2022, 3, 10))
    assert first.state == "rejected"
    answer = taken_out(office)
    assert len(listed(answer)) == len(answer_words(office.workspace, "S-0001").lines) == 12
    marks = marked(answer)
    assert {place: text.split("[")[1][:4] for place, text in marks.items()} == TWELVE
    assert sorted(links(answer)) == sorted(f"'{sheet}'!{cell}" for sheet, cell in TWELVE)
    assert "số nguyên từ 0 trở lên" in marks[ITEM_SHEET, "E17"]
    # The sender mends the answer itself and sends that.
    items, own = answer[ITEM_SHEET], answer[TASK_SHEET]
    sound = openpyxl.load_workbook(io.BytesIO(filled(SOUND)))[ITEM_SHEET]
    for place in ("D18", "F9", "G9", "E17", "E10", "E23", "E12", "E26", "E27", "E28"):
        items[place].value = sound[place].value
    own["F6"].value, own["H7"].value, own["E5"].value = date(2022, 2, 27), "Số 04/TV", DUE
    own["F11"].value, own["H11"].value = None, None
    items["E5"].value, own["E12"].value = 8, date(2022, 9, 1)
    saved = io.BytesIO()
    answer.save(saved)
    second = office.take(saved.getvalue(), "bao-cao-2.xlsx", date(2022, 3, 12))
    assert (second.number, second.state) == ("S-0002", "accepted")
    assert show_submission(office.workspace, "S-0002").findings.num_rows == 0
    known = submissions(office.ledger.entries)
    assert [one.taken.state for one in known] == ["rejected", "accepted"]
    assert all(vault.sealed_path(office.workspace, one.taken.file_sha256).is_file() for one in known)
    reports = expected_reports(known, PLAN, PLAN.period("2022-Q1"), date(2022, 3, 20))
    one = next(r for r in reports if (r.unit_code, r.report_type) == ("TV", "cchc"))
    assert (one.round_count, one.is_first_time_right, one.state) == (2, False, "on_time")


def formulas(workbook: Workbook) -> dict[tuple[str, str], object]:
    return {place: cell.value for place, cell in cells_of(workbook).items() if cell.data_type == "f"}


def test_all_but_the_marks_of_the_senders_workbook_stays(office: Office) -> None:
    content = filled(SOUND | {"A5.3": "vài", "A6.1": "=100+20"})
    office.take(content, "bao-cao.xlsx")
    before, after = openpyxl.load_workbook(io.BytesIO(content)), taken_out(office)
    assert after.sheetnames == [ANSWER_SHEET, *before.sheetnames]
    mine, theirs = cells_of(before), cells_of(after)
    assert {place: cell.value for place, cell in mine.items()} == {place: cell.value for place, cell in theirs.items()}
    assert formulas(before) == formulas(after)
    changed = {place for place in mine if mine[place].fill.fgColor.rgb != theirs[place].fill.fgColor.rgb}
    assert changed == set(marked(after))
    assert set(before.defined_names) == set(after.defined_names)
    assert after["_motcua"].sheet_state == "veryHidden"


def test_the_marks_of_an_earlier_answer_go_and_the_senders_own_comment_stays(office: Office) -> None:
    def comment(workbook: Workbook) -> None:
        workbook[ITEM_SHEET]["E10"].comment = openpyxl.comments.Comment("Đã hỏi lại", "Người Dùng Giả Định 01")

    office.take(filled(SOUND | {"A5.3": "vài", "A2.1": "vài"}, comment), "bao-cao.xlsx")
    answer = taken_out(office)
    assert set(marked(answer)) == {(ITEM_SHEET, "E17"), (ITEM_SHEET, "E10")}
    answer[ITEM_SHEET]["E10"].value = 6
    saved = io.BytesIO()
    answer.save(saved)
    office.take(saved.getvalue(), "bao-cao-2.xlsx")
    again = taken_out(office, "S-0002", "lan-2.xlsx")
    assert (set(marked(again)), again.sheetnames.count(ANSWER_SHEET)) == ({(ITEM_SHEET, "E17")}, 1)
    kept = again[ITEM_SHEET]["E10"].comment
    assert kept is not None
    assert kept.text == "Đã hỏi lại"


def payloads() -> list[str]:
    if not PAYLOADS.is_file():
        pytest.skip("../shared/data/hostile is not here")
    return [line for line in PAYLOADS.read_text("utf-8").splitlines() if line]


def test_no_hostile_text_of_a_report_starts_a_formula_in_the_answer(office: Office) -> None:
    hostile = payloads()

    def plant(workbook: Workbook) -> None:
        tasks(*((f"Việc {n}",) for n in range(len(hostile))))(workbook)
        for row, text in enumerate(hostile, start=5):
            for cell in (workbook[TASK_SHEET].cell(row, 4), workbook[ITEM_SHEET].cell(row, 7)):
                cell.value, cell.data_type = text, "s"

    content = filled(SOUND | {"A5.3": "vài"}, plant)
    office.take(content, "bao-cao.xlsx")
    answer = taken_out(office)
    assert formulas(answer) == formulas(openpyxl.load_workbook(io.BytesIO(content)))
    found = [cell for cell in cells_of(answer, but="").values() if cell.value in hostile]
    assert len(found) >= 2 * len(hostile)
    assert {(cell.data_type, bool(cell.quotePrefix)) for cell in found if str(cell.value)[0] in "=@"} == {("s", True)}


def test_no_hostile_text_of_a_csv_starts_a_formula_in_the_answer_which_holds_the_same_table(office: Office) -> None:
    hostile = payloads()
    rows = [
        (f"H32.15-220105-{n:04}", text, "QLVHGD", text, "Treo", "31/02/2022", text, "")
        for n, text in enumerate(hostile)
    ]
    table = [*titles(), HEADINGS, *rows]
    office.take(csv_of(table), "so.csv")
    answer = taken_out(office)
    sheet = answer["CSV"]
    assert [["" if v is None else v for v in row][: len(HEADINGS)] for row in sheet.iter_rows(values_only=True)] == [
        [*row, *[""] * (len(HEADINGS) - len(row))] for row in table
    ]
    assert formulas(answer) == {}
    assert {cell.data_type for cell in cells_of(answer, but="").values()} <= {"s", "n"}
    assert all(cell.value is None for cell in cells_of(answer, but="").values() if cell.data_type == "n")


def test_the_answer_of_a_csv_marks_each_cell_and_links_to_it_and_its_mended_table_is_read(office: Office) -> None:
    office.take(
        log(
            """
            H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
            H32.15-220106-0002 | 1.003654 | QLVHGD | Trực tuyến | Treo       | 06/01/2022 | 31/02/2022 |
            """
        ),
        "so.csv",
    )
    answer = taken_out(office)
    places = {cell for _, cell in marked(answer)}
    row = 2 + next(r for r, cells in enumerate(answer["CSV"].iter_rows(values_only=True), 1) if cells[0] == HEADINGS[0])
    assert places == {f"E{row}", f"G{row}"}
    assert set(links(answer)) == {f"'CSV'!E{row}", f"'CSV'!G{row}"}
    assert {line[4] for line in listed(answer)} == {"Trạng thái hồ sơ", "Ngày hẹn trả"}
    answer["CSV"][f"E{row}"].value, answer["CSV"][f"G{row}"].value = "Đang xử lý", "26/01/2022"
    saved = io.BytesIO()
    answer.save(saved)
    mended = office.take(saved.getvalue(), "so-2.xlsx")
    assert mended.reading is not None
    assert (mended.state, mended.reading.accepted_count, mended.reading.finding_count) == ("accepted", 2, 0)


def test_a_file_that_cannot_be_read_is_answered_with_the_list_alone(office: Office) -> None:
    office.take(b"not a workbook", "so.xlsx")
    answer = taken_out(office)
    assert (answer.sheetnames, len(listed(answer))) == ([ANSWER_SHEET], 1)


def test_the_first_sheet_says_what_of_the_workbook_is_not_kept(office: Office) -> None:
    content = io.BytesIO(filled(SOUND | {"A5.3": "vài"}))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/media/image1.png", b"x")
    office.take(content.getvalue(), "bao-cao.xlsx")
    text = str([cell.value for row in taken_out(office).worksheets[0].iter_rows() for cell in row])
    assert "hình ảnh" in text
    office.take(filled(SOUND | {"A5.3": "nhiều"}), "bao-cao-2.xlsx")
    assert "hình ảnh" not in str([c.value for r in taken_out(office, "S-0002", "2.xlsx").worksheets[0] for c in r])


def test_the_answer_lies_in_the_vault_and_the_ledger_names_it_each_time_that_it_is_taken_out(office: Office) -> None:
    office.take(report("TV", {"A5.3": "vài"}), "bao-cao.xlsx")
    folder = office.workspace.root.parent
    first = take_answer(office.workspace, office.door, "s-0001", folder / "1.xlsx")
    again = take_answer(office.workspace, office.door, "S-0001", folder / "2.xlsx")
    assert first.sha256 == again.sha256
    assert (folder / "1.xlsx").read_bytes() == (folder / "2.xlsx").read_bytes()
    plain = (folder / "1.xlsx").read_bytes()
    taken = [entry for entry in office.ledger.entries if any(isinstance(event, AnswerTaken) for event in entry.events)]
    kept = [office.workspace.root / file.path for entry in taken for file in entry.files]
    assert all(path.is_file() and plain not in path.read_bytes() for path in kept)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*kept, folder / "1.xlsx")} == {0o600}
    events = [event for entry in taken for event in entry.events if isinstance(event, AnswerTaken)]
    assert [(e.number, e.sha256, e.size) for e in events] == [("S-0001", first.sha256, len(plain))] * 2


def test_the_words_of_an_answer_show_no_value(office: Office) -> None:
    office.take(report("TV", {"A5.3": "Người Thử Nghiệm 017"}), "bao-cao.xlsx")
    said = as_json(answer_words(office.workspace, "S-0001"))
    assert "Nghiệm" not in said
    line = next(line for line in json.loads(said)["lines"] if line["rule_id"] == "R001")
    assert (line["sheet"], line["cell"], line["severity"]) == (ITEM_SHEET, "E17", "fatal")
    assert line["message_vi"]
    assert line["mend_vi"]
    assert line["expected"].startswith("số nguyên")


def sound(office: Office) -> None:
    office.take(filled(SOUND), "bao-cao.xlsx")


def wrong(office: Office) -> None:
    office.take(filled(SOUND | {"A5.3": "vài"}), "bao-cao.xlsx")


@pytest.mark.parametrize(
    ("given", "number", "name", "told"),
    [
        (sound, "S-0001", "a.xlsx", "nothing was found"), (wrong, "S-0009", "a.xlsx", "no such submission"),
        (wrong, "S-0001", "co-roi.xlsx", "exists already"), (wrong, "S-0001", "khong-co/a.xlsx", "no such folder"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_taken_out_is_refused_in_one_line_and_nothing_is_recorded(
    office: Office, given: Callable[[Office], None], number: str, name: str, told: str
) -> None:
    given(office)
    folder = office.workspace.root.parent
    (folder / "co-roi.xlsx").write_bytes(b"")
    size = office.ledger.size
    with pytest.raises(MisuseError, match=told) as refused:
        take_answer(office.workspace, office.door, number, folder / name)
    assert "\n" not in str(refused.value)
    assert office.ledger.size == size
    assert not (office.workspace.vault / "answers").exists()

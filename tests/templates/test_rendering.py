"""LibreOffice opens the template and the answer without repair, computes the checks, and prints every sheet."""

import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from flows.desk.answer import take_answer
from sources.files.workbook import ANSWER_SHEET
from sources.templates.checks import INCOMPLETE, OK, RECHECK
from sources.templates.titles import COVER_SHEET, ITEM_SHEET, TASK_SHEET
from tests.release.test_rendering import convert, pages_of
from tests.support.filled_report import SOUND, Change, filled, progress, read, seen, tasks, template
from tests.support.office import Office, log, small_plan

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice (LibreOffice) is not on this machine")


def saved_there(content: bytes, folder: Path) -> bytes:
    """Return the workbook as LibreOffice saves it, with every formula computed."""
    source = folder / "mau.xlsx"
    source.write_bytes(content)
    return convert(source, "xlsx", folder).read_bytes()


def computed(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def wrong_tasks() -> Change:
    return tasks(("Việc một", "Báo cáo", None, None, "Hoàn thành", "Số 01/TV"), ("Việc hai",))


def test_the_checks_beside_the_cells_say_what_is_blank_and_what_is_wrong(tmp_path: Path) -> None:
    figures = SOUND | {"A1.3": 5, "A1.4": 3, "A2.1": 2.5, "A5.3": "khoảng 120", "A7.3": None, "A6.3": None}
    told = computed(saved_there(filled(figures, wrong_tasks()), tmp_path))
    checks = {row[0]: str(row[5]) for row in told[ITEM_SHEET].iter_rows(min_row=5, max_row=28, values_only=True)}
    wrong = {code: text for code, text in checks.items() if text.startswith(RECHECK)}
    assert wrong == {
        "A1.1": f"{RECHECK}: A1.1 = số nhiệm vụ ở trang Nhiệm vụ",
        "A1.4": f"{RECHECK}: A1.3 + A1.4 <= A1.2",
        "A2.1": f"{RECHECK}: chỉ ghi số nguyên",
        "A5.3": f"{RECHECK}: chỉ ghi số",
    }
    assert {code for code, text in checks.items() if text == INCOMPLETE} == {"A6.3", "A7.3"}
    assert {text for code, text in checks.items() if code not in wrong} == {OK, INCOMPLETE}
    assert [told[TASK_SHEET][f"I{row}"].value or "" for row in (5, 6, 7)] == [
        f"{RECHECK}: thiếu ngày hoàn thành", "", "",
    ]  # fmt: skip
    cover = [[cell.value for cell in row] for row in told[COVER_SHEET].iter_rows(max_col=2)]
    assert ["Số chỉ tiêu đã điền", "22 / 24"] in cover
    assert ["Số ô cần kiểm tra lại", 5] in cover
    assert ["Có thể gửi chưa", INCOMPLETE] in cover


def test_a_report_filled_in_there_is_read_like_any_other_and_its_checks_are_the_templates(tmp_path: Path) -> None:
    content = saved_there(filled(SOUND), tmp_path)
    assert seen(read(content)) == []
    told = computed(content)
    assert {row[5] for row in told[ITEM_SHEET].iter_rows(min_row=5, max_row=28, values_only=True)} == {OK}
    assert OK in [cell.value for cell in told[COVER_SHEET]["B"]]
    change = progress(("I.4", {"Tình trạng": "Đang thực hiện"}))
    folder = tmp_path / "plan"
    folder.mkdir()
    assert seen(read(saved_there(filled({}, change, template("plan_tasks", "VP")), folder))) == []


def test_the_template_prints_every_sheet_on_pages_as_wide_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "mau.xlsx"
    source.write_bytes(template())
    pages = pages_of(convert(source, "pdf", tmp_path))
    assert len(pages) == 3
    assert "Thư viện tỉnh Khánh Hòa" in pages[0]
    assert "Kiểm tra" in pages[1]
    assert "Văn bản minh chứng" in pages[2]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_answer_opens_with_its_marks_comments_and_links(kind: str, tmp_path: Path) -> None:
    office = Office.new(tmp_path / "office", small_plan(tmp_path / "plan", sender="TV"))
    row = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Treo | 05/01/2022 | 26/01/2022 |"
    content = filled(SOUND | {"A5.3": "vài"}) if kind == "xlsx" else log(row)
    office.take(content, f"gui.{kind}")
    path = tmp_path / "tra-loi.xlsx"
    take_answer(office.workspace, office.door, "S-0001", path)
    ours, theirs = openpyxl.load_workbook(path), openpyxl.load_workbook(convert(path, "xlsx", tmp_path))
    assert theirs.sheetnames == ours.sheetnames
    assert theirs.sheetnames[0] == ANSWER_SHEET
    for sheet in ours.worksheets:
        for cell in (cell for row_ in sheet.iter_rows() for cell in row_ if cell.comment):
            read_there = theirs[sheet.title][cell.coordinate]
            assert read_there.comment is not None
            assert read_there.comment.text.split() == cell.comment.text.split()
            assert read_there.fill.fgColor.rgb == cell.fill.fgColor.rgb
    linked = [cell.hyperlink for line in theirs[ANSWER_SHEET].iter_rows() for cell in line if cell.hyperlink]
    assert len(linked) == 1
    assert "PHÁT HIỆN TRONG TỆP ĐÃ GỬI" in pages_of(convert(path, "pdf", tmp_path))[0]

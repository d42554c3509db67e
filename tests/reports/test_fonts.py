"""Text in old fonts is decoded by the font in reports too; where font and text do not fit, it is kept and asked about."""

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from sources.files.legacy_text import seeming_encoding
from sources.reports.layout import open_report
from sources.templates.task_words import TASK, TASK_HEADINGS
from sources.templates.titles import TASK_SHEET
from tests.reports.test_own_report import free
from tests.reports.test_tasks import SOUND_ROW
from tests.support.filled_report import PLAN, SOUND, Change, filled, report, seen, tasks
from tests.support.own_report import TITLES, own_report

TCVN3, VNI, READABLE = "Tæ chøc héi nghÞ", "Toå chöùc hoäi nghò", "Tổ chức hội nghị"


def task(value: object, font: str) -> Change:
    """Fill in one task whose text is set in a font."""

    def change(workbook: Workbook) -> None:
        tasks((value, *SOUND_ROW[1:]))(workbook)
        for row in workbook[TASK_SHEET].iter_rows(min_row=5, max_row=5):
            for cell in row:
                if cell.value == value:
                    cell.font = Font(name=font)

    return change


def read_task(change: Change) -> str:
    """Return the first task's name as the reader sees it; it leaves the vault in no table."""
    grid = open_report(filled(SOUND, change), PLAN).tasks
    return grid.at(5, TASK_HEADINGS.index(TASK) + 1).text


def of_fonts(found: Sequence[tuple[str, str | None]]) -> list[str]:
    return [rule_id for rule_id, _ in found if rule_id in ("R032", "R033")]


@pytest.mark.parametrize(("font", "text"), [(".VnTime", TCVN3), ("VNI-Times", VNI)])
def test_the_font_of_a_cell_decides_and_the_decoding_is_recorded(font: str, text: str) -> None:
    reading = report(task(text, font))
    assert read_task(task(text, font)) == READABLE
    assert of_fonts(seen(reading)) == ["R032"]
    assert not reading.is_rejected


def test_each_run_is_decoded_by_its_own_font() -> None:
    mixed = CellRichText("Quý I: ", TextBlock(InlineFont(rFont=".VnTime"), TCVN3))
    reading = report(task(mixed, "Times New Roman"))
    assert read_task(task(mixed, "Times New Roman")) == f"Quý I: {READABLE}"
    assert of_fonts(seen(reading)) == ["R032"]


def test_text_that_does_not_fit_its_font_is_kept_and_asked_about() -> None:
    reading = report(task(TCVN3, "Arial"))
    assert read_task(task(TCVN3, "Arial")) == TCVN3
    (finding,) = [one for one in reading.findings if one.rule_id == "R033"]
    assert (finding.sheet, finding.row) == (TASK_SHEET, 5)
    assert "tcvn3" in (finding.expected or "")


def test_a_table_of_a_unit_s_own_form_is_found_whatever_font_its_headings_are_in() -> None:
    workbook = load_workbook(io.BytesIO(own_report(heading=("STT", "Néi dung", "§¬n vÞ tÝnh", "Sè liÖu"))))
    sheet = workbook.worksheets[0]
    for cell in sheet[len(TITLES) + 1]:
        cell.font = Font(name=".VnTime")
    workbook.save(saved := io.BytesIO())
    old, new = free(saved.getvalue()), free(own_report())
    assert old is not None
    assert new is not None
    assert not old.reading.is_rejected
    assert old.reading.values.num_rows == new.reading.values.num_rows > 10
    assert of_fonts(seen(old.reading)) == ["R032"]


def test_text_of_today_passes_both() -> None:
    assert of_fonts(seen(report(task(READABLE, "Times New Roman")))) == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TCVN3, "tcvn3"),
        (VNI, "vni"),
        ("B¸o c¸o", "tcvn3"),
        (READABLE, "unicode"),
        ("Diện tích 5 m²; 7 µm; Microsoft® Office", "unicode"),
        ("7 µm", "unicode"),
        ("Müller, Zürich, Beyoncé", "unicode"),
        ("§ 5", "unicode"),
        ("Hanoi", "unicode"),
    ],
)
def test_what_text_seems_to_be_is_told_by_its_syllables(text: str, encoding: str) -> None:
    assert seeming_encoding(text) == encoding

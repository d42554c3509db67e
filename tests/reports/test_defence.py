"""What a sender changed in the template beyond the yellow cells is told, each kind by a rule of its own."""

from collections.abc import Callable

import pytest
from openpyxl import Workbook

from sources.templates.task_words import DONE, STATE, TASK, TASK_HEADINGS
from sources.templates.titles import ITEM_SHEET, TASK_SHEET
from tests.support.filled_report import (
    SOUND,
    Change,
    filled,
    item_sheet,
    outcomes,
    progress,
    read,
    report,
    seen,
    tasks,
    template,
)

COLUMN = {heading: number for number, heading in enumerate(TASK_HEADINGS, start=1)}


def found(change: Change, rule_id: str) -> list[tuple[str | None, str | None, str]]:
    """Return sheet, cell and severity of every finding of a rule in a report that is sound but for the change."""
    return [(f.sheet, f.cell, f.severity) for f in report(change).findings if f.rule_id == rule_id]


def test_an_untouched_template_breaks_none_of_them() -> None:
    assert seen(report()) == []
    of_plan = read(filled({}, progress(("I.4", {STATE: "Đang thực hiện"})), template("plan_tasks", "VP")))
    assert seen(of_plan) == []


@pytest.mark.parametrize(
    ("sender", "outcome"), [(None, "not_evaluated"), ("TV", "pass"), ("VP", "pass"), ("BT", "fail"), ("TTR", "fail")]
)
def test_a_report_comes_from_its_own_unit_or_through_the_consolidating_office(sender: str | None, outcome: str) -> None:
    reading = read(filled(SOUND), sender=sender)
    assert outcomes(reading)["R043"] == outcome
    assert reading.is_rejected is (outcome == "fail")
    # The rest of the report is told in the same round.
    assert ("R001", "A5.3") in seen(read(filled(SOUND | {"A5.3": "vài"}), sender=sender))


def put(sheet: str, **cells: object) -> Change:
    def change(workbook: Workbook) -> None:
        for place, value in cells.items():
            workbook[sheet][place].value = value  # type: ignore[assignment]

    return change


@pytest.mark.parametrize(
    ("place", "text"), [("A5", "A1.9"), ("C9", "Số tin bài"), ("D18", "triệu đồng"), ("D18", None), ("G4", "Lý do")]
)
def test_r044_an_altered_label(place: str, text: str | None) -> None:
    cell = None if place == "G4" else place
    assert found(put(ITEM_SHEET, **{place: text}), "R044") == [(ITEM_SHEET, cell, "warning")]


def test_r044_is_not_broken_by_other_spacing_case_or_place_of_the_tone_mark() -> None:
    changed = put(ITEM_SHEET, C10="SỐ  VĂN BẢN QPPL được góp ý hoặc tham mưu ", C4="chỉ tiêu")
    assert found(changed, "R044") == []


def test_r044_an_altered_task_of_the_plan() -> None:
    change = progress(("I.4", {TASK: "Việc khác", STATE: "Đang thực hiện"}))
    reading = read(filled({}, change, template("plan_tasks", "VP")))
    assert seen(reading) == [("R044", TASK)]


@pytest.mark.parametrize("text", ["OK", None, '="OK"'])
def test_r045_an_altered_check(text: str | None) -> None:
    assert found(put(ITEM_SHEET, F8=text), "R045") == [(ITEM_SHEET, "F8", "warning")]


def test_r045_an_altered_check_of_a_task_and_none_in_a_row_that_was_added() -> None:
    sound = tasks(("Việc một",))

    def change(workbook: Workbook) -> None:
        sound(workbook)
        workbook[TASK_SHEET]["I5"].value = "OK"
        workbook[TASK_SHEET].cell(40, COLUMN[TASK]).value = "Việc thêm"

    assert found(change, "R045") == [(TASK_SHEET, "I5", "warning")]


@pytest.mark.parametrize("formula", ["='[So tay.xlsx]Quý I'!B7", "=[1]Sheet1!A1+2", "=cmd|'/C calc'!A0"])
def test_r046_a_formula_that_points_out_of_the_workbook(formula: str) -> None:
    assert found(put(ITEM_SHEET, G9=formula), "R046") == [(ITEM_SHEET, "G9", "warning")]


@pytest.mark.parametrize("formula", ["=E5+E6", "='Nhiệm vụ'!C5", "=SUM(Bang[So])+'Nhiệm vụ'!A5"])
def test_r046_is_not_broken_by_formulas_that_stay_inside(formula: str) -> None:
    assert found(put(ITEM_SHEET, G9=formula), "R046") == []


def test_r047_a_hidden_sheet_or_task_row() -> None:
    def hide_sheet(workbook: Workbook) -> None:
        workbook.create_sheet("Nháp").sheet_state = "hidden"

    def hide_row(workbook: Workbook) -> None:
        tasks(("Việc một",), ("Việc hai",))(workbook)
        workbook[TASK_SHEET].row_dimensions[6].hidden = True

    def hide_nothing(workbook: Workbook) -> None:
        tasks(("Việc một",))(workbook)
        workbook[TASK_SHEET].row_dimensions[6].hidden = True

    assert found(hide_sheet, "R047") == [("trang 5", None, "warning")]
    assert found(hide_row, "R047") == [(TASK_SHEET, "C6", "warning")]
    assert found(hide_nothing, "R047") == []


def merge(sheet: str, place: str, fill: Change = lambda _: None) -> Change:
    def change(workbook: Workbook) -> None:
        fill(workbook)
        workbook[sheet].merge_cells(place)

    return change


def test_r048_merged_cells_whose_value_belongs_to_nobody_knows_which_row() -> None:
    two = tasks(("Việc một", "Báo cáo"), ("Việc hai", "Báo cáo"))
    assert found(merge(ITEM_SHEET, "E7:E8"), "R048") == [(ITEM_SHEET, "E7", "fatal")]
    assert found(merge(TASK_SHEET, "D5:D6", two), "R048") == [(TASK_SHEET, "D5", "fatal")]
    assert found(merge(ITEM_SHEET, "A1:H1"), "R048") == found(merge(ITEM_SHEET, "G7:G8"), "R048") == []


def test_r049_a_task_table_without_one_of_its_columns_is_not_read_and_the_figures_are() -> None:
    def change(workbook: Workbook) -> None:
        tasks(("Việc một", "Báo cáo"))(workbook)
        workbook[TASK_SHEET].delete_cols(COLUMN[STATE])

    reading = report(change, A5_3="vài")
    assert sorted(seen(reading)) == [("R001", "A5.3"), ("R049", STATE)]
    assert (reading.is_rejected, reading.tasks.num_rows) == (True, 0)
    assert {outcomes(reading)[rule_id] for rule_id in ("R006", "R015")} == {"not_evaluated"}


def test_r050_a_column_that_stands_twice() -> None:
    def change(workbook: Workbook) -> None:
        item_sheet(workbook)["J4"].value = "Số liệu"

    assert found(change, "R050") == [(ITEM_SHEET, "J4", "fatal")]
    assert found(put(TASK_SHEET, K4=DONE), "R050") == [(TASK_SHEET, "K4", "fatal")]
    assert found(put(ITEM_SHEET, J4="Ghi chú"), "R050") == []


def swap(sheet: str, first: int, second: int) -> Change:
    def change(workbook: Workbook) -> None:
        for row in range(4, workbook[sheet].max_row + 1):
            one, other = workbook[sheet].cell(row, first), workbook[sheet].cell(row, second)
            one.value, other.value = other.value, one.value

    return change


def test_r051_reordered_columns_are_told_and_do_no_harm() -> None:
    row = tasks(("Việc một", "Báo cáo", None, None, "Đang thực hiện"))
    swapped = swap(TASK_SHEET, COLUMN[TASK], COLUMN[STATE])

    def change(workbook: Workbook) -> None:
        row(workbook)
        swapped(workbook)

    reading = report(change)
    assert [(f.rule_id, f.severity) for f in reading.findings if f.rule_id == "R051"] == [("R051", "info")]
    assert (reading.is_rejected, reading.tasks.to_pylist()[0]["state"]) == (False, "Đang thực hiện")
    assert found(swap(ITEM_SHEET, 3, 5), "R051") == [(ITEM_SHEET, "C4", "info")]
    assert report(swap(ITEM_SHEET, 3, 5)).values.column("value") == report().values.column("value")


@pytest.mark.parametrize("move", [lambda sheet: sheet.insert_rows(8), lambda sheet: sheet.insert_cols(3)])
def test_inserted_rows_and_columns_break_none_of_them(move: Callable[[object], None]) -> None:
    assert seen(report(lambda workbook: move(item_sheet(workbook)))) == []

"""Reading a unit's report: values, findings, verdicts, account."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas.relation import parse_relations
from sources.reports.report import ReportReading
from sources.templates.titles import IDENTITY_SHEET, ITEM_SHEET, TASK_SHEET
from tests.support.filled_report import (
    ITEMS,
    RULES,
    SOUND,
    filled,
    item_sheet,
    outcomes,
    read,
    report,
    seen,
    tasks,
    template,
)

# What no unit's report of its figures can say anything about, and what needs a filled-in task table.
NOT_OF_THE_PLAN, NEEDS_TASKS = {"R012", "R013", "R014"}, {"R015"}
# What is stated of a report beside it: who sent it, and the day on which it came.
NEEDS_STATED = {"R043", "R071"}


def numbers(reading: ReportReading) -> dict[str, Decimal | None]:
    return {row["item_code"]: row["value"] for row in reading.values.to_pylist()}


def test_a_filled_in_template_gives_back_the_same_values() -> None:
    reading = report(A6_1=1234.5, A9_1="1.200", A9_2="Không phát sinh", A9_3=0)
    expected = {code: Decimal(str(value)) for code, value in SOUND.items() if value != "Có"}
    expected |= {"A6.1": Decimal("1234.5"), "A6.3": Decimal(1), "A9.1": Decimal(1200)}
    expected |= {"A9.2": Decimal(0), "A9.3": Decimal(0)}
    assert numbers(reading) == expected
    assert (reading.unit_code, reading.period, reading.report_type) == ("TV", "2022-Q1", "cchc")
    assert (reading.is_rejected, reading.is_blank, reading.findings) == (False, False, ())
    passed = {rule_id for rule_id, outcome in outcomes(reading).items() if outcome == "pass"}
    assert passed == {rule.id for rule in RULES.of_kind("report")} - NOT_OF_THE_PLAN - NEEDS_TASKS - NEEDS_STATED
    assert set(outcomes(reading)) == {rule.id for rule in RULES.of_kind("report")}


def test_each_value_points_to_its_cell() -> None:
    for row in report().values.to_pylist():
        assert row["cell"] == f"E{row['row']}"
        assert row["sheet"] == ITEM_SHEET


@pytest.mark.parametrize("has_names", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: sheet.insert_rows(3, 2),
        lambda sheet: sheet.insert_rows(9),
        lambda sheet: sheet.insert_cols(1),
        lambda sheet: sheet.insert_cols(3, 2),
        lambda sheet: sheet.delete_rows(1, 3),
        lambda sheet: sheet.delete_cols(3),
    ],
)
def test_moved_rows_and_columns_do_no_harm(change: Callable[[Worksheet], None], has_names: bool) -> None:
    figures: dict[str, object] = {item.code: 100 + n for n, item in enumerate(ITEMS) if not item.relation}
    figures |= {item.code: n for n, item in enumerate(ITEMS, start=1) if item.relation} | {"A6.3": "Không"}

    def move(workbook: Workbook) -> None:
        change(item_sheet(workbook))
        if not has_names:
            workbook.defined_names.clear()

    moved = numbers(read(filled(figures, move)))
    assert moved == numbers(read(filled(figures)))
    assert len(set(moved.values())) == len(ITEMS)


def test_a_renamed_sheet_with_renamed_headings_is_found_by_the_names() -> None:
    def rename(workbook: Workbook) -> None:
        sheet = item_sheet(workbook)
        sheet.title = "So lieu '22"
        sheet["E4"].value = "Kết quả"
        for defined in workbook.defined_names.values():
            defined.attr_text = (defined.attr_text or "").replace(f"'{ITEM_SHEET}'", "'So lieu ''22'")

    assert numbers(report(rename)) == numbers(report())


@pytest.mark.parametrize("text", ["khoảng 120", "12 phiếu", "#DIV/0!", -1, 2.5])
def test_r001_reports_a_cell_that_holds_no_legal_figure(text: object) -> None:
    reading = report(A5_3=text)
    assert seen(reading) == [("R001", "A5.3")]
    assert (reading.is_rejected, outcomes(reading)["R001"], numbers(reading)["A5.3"]) == (True, "fail", None)
    assert (reading.findings[0].cell, reading.findings[0].subject) == ("E17", "A5.3")
    assert reading.findings[0].occurred_on == date(2022, 3, 14)
    assert {"R001"} == {row["reason"] for row in reading.account.to_pylist() if row["disposition"] == "rejected"}


def test_r001_reports_a_formula_without_its_result_and_not_a_blank() -> None:
    assert seen(report(A5_3="=SUM(E5:E6)")) == [("R001", "A5.3")]


def test_r001_shows_no_text_of_the_cell() -> None:
    reading = report(A5_3="Người Thử Nghiệm 017")
    assert "Nghiệm" not in str(reading.findings)


def test_r001_hides_no_other_finding() -> None:
    reading = report(A5_3="12 phiếu", A2_1="vài", A6_3="Rồi", A7_1=None, A3_2=9)
    assert sorted(seen(reading)) == [
        ("R001", "A2.1"), ("R001", "A5.3"), ("R001", "A6.3"), ("R002", "A7.1"), ("R003", "A3.2"),
    ]  # fmt: skip


def test_r001_reports_a_second_row_of_an_item_that_holds_a_figure_too() -> None:
    def repeat(workbook: Workbook) -> None:
        sheet = item_sheet(workbook)
        sheet["A40"].value, sheet["E40"].value = "A2.1", 9

    reading = report(repeat)
    assert [(finding.rule_id, finding.cell) for finding in reading.findings] == [("R001", "E40")]


def test_r002_reports_a_required_item_that_is_blank_and_rejects_nothing() -> None:
    reading = report(A5_3="-", A2_1=None)
    assert sorted(seen(reading)) == [("R002", "A2.1"), ("R002", "A5.3")]
    assert not reading.is_rejected
    assert [row["is_blank"] for row in reading.values.to_pylist() if row["item_code"] == "A2.1"] == [True]


def test_r002_reports_an_item_whose_row_was_deleted() -> None:
    def delete(workbook: Workbook) -> None:
        item_sheet(workbook).delete_rows(9)

    reading = report(delete)
    assert [(f.rule_id, f.subject, f.cell) for f in reading.findings] == [("R002", "A1.5", None)]
    assert numbers(reading)["A2.1"] == 6


def test_r003_reports_a_wrong_sum_with_its_numbers() -> None:
    reading = report(A1_2=6, A1_3=5, A1_4=3)
    assert [(f.rule_id, f.cell, f.expected) for f in reading.findings] == [
        ("R003", "E8", "A1.3 + A1.4 <= A1.2 (5 + 3 > 6)")
    ]
    assert (reading.is_rejected, reading.rejected_count) == (True, 1)


@pytest.mark.parametrize("value", [None, "12 phiếu"])
def test_r003_is_not_passed_where_a_needed_value_is_lacking(value: object) -> None:
    reading = report(A7_1=value)
    result = next(r for r in reading.results if r.rule_id == "R003")
    assert (result.outcome, result.failing_count) == ("not_evaluated", 0)
    assert "A7.2" in result.reason
    declared = [relation for item in ITEMS for relation in parse_relations(item.relation, item.code)]
    assert result.checked_count == len([relation for relation in declared if not relation.task_counts]) - 1


def identity(key: str, value: str) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        for row in workbook[IDENTITY_SHEET].iter_rows():
            if row[0].value == key:
                row[1].value = value

    return change


@pytest.mark.parametrize(
    ("rule_id", "key", "value"),
    [
        ("R004", "plan_id", "another"), ("R004", "report_type", "dossier_log"), ("R004", "report_type", "other"),
        ("R040", "template_version", "2"), ("R041", "unit_code", "XYZ"), ("R041", "unit_code", "VP"),
        ("R042", "period", "2021-Q1"), ("R042", "period", "2022-Q2"),
    ],
)  # fmt: skip
def test_a_workbook_that_was_made_for_something_else_is_refused_by_a_rule_of_its_own(
    rule_id: str, key: str, value: str
) -> None:
    reading = report(identity(key, value))
    assert seen(reading) == [(rule_id, None)]
    assert reading.is_rejected
    asked = {rule: o for rule, o in outcomes(reading).items() if o != "not_evaluated"}
    assert asked == {"R004": "pass", "R040": "pass", "R041": "pass", "R042": "pass"} | {rule_id: "fail"}
    assert (reading.values.num_rows, reading.tasks.num_rows, reading.read_count) == (0, 0, 0)


def test_everything_wrong_with_the_identity_is_told_at_once() -> None:
    def change(workbook: Workbook) -> None:
        for key, value in (("template_version", "2"), ("unit_code", "XYZ"), ("period", "2022-Q2")):
            identity(key, value)(workbook)

    assert [rule_id for rule_id, _ in seen(report(change))] == ["R040", "R041", "R042"]


def test_r004_still_says_whose_report_was_refused() -> None:
    assert report(identity("plan_id", "another")).unit_code == "TV"


@pytest.mark.parametrize("title", [IDENTITY_SHEET, TASK_SHEET])
def test_r004_refuses_a_workbook_without_one_of_its_sheets(title: str) -> None:
    def drop(workbook: Workbook) -> None:
        workbook.remove(workbook[title])

    assert seen(report(drop)) == [("R004", None)]


def test_r004_refuses_a_sheet_that_is_too_large_to_be_a_report() -> None:
    def stretch(workbook: Workbook) -> None:
        item_sheet(workbook)["E900000"].value = 1

    reading = report(stretch)
    assert (seen(reading), reading.unit_code) == ([("R004", None)], "TV")


def test_r005_reports_a_blank_report_once() -> None:
    reading = read(template())
    assert [(f.rule_id, f.severity) for f in reading.findings] == [("R005", "fatal")]
    assert (reading.is_blank, reading.is_rejected) == (True, True)
    assert outcomes(reading)["R002"] == outcomes(reading)["R003"] == "not_evaluated"


@pytest.mark.parametrize("zero", [0, "0", "Không phát sinh"])
def test_a_report_of_zeros_is_not_blank_and_is_asked_about(zero: object) -> None:
    reading = read(filled({item.code: zero for item in ITEMS} | {"A6.3": "Không"}))
    assert (reading.is_blank, reading.is_rejected, seen(reading)) == (False, False, [("R016", None)])


def test_a_report_of_bad_cells_is_not_blank() -> None:
    reading = read(filled({"A7.1": "khoảng 120"}))
    assert not reading.is_blank
    assert ("R001", "A7.1") in seen(reading)


def test_tasks_are_read_by_their_headings() -> None:
    fill = tasks(("Việc một", "Báo cáo", date(2022, 3, 1), "28/02/2022", "Hoàn thành", "Số 01/TV"), ("Việc hai",))

    def change(workbook: Workbook) -> None:
        fill(workbook)
        workbook[TASK_SHEET].insert_cols(2)

    rows = report(change).tasks.to_pylist()
    assert [(r["row"], r["due_on"], r["done_on"], r["state"], r["evidence"]) for r in rows] == [
        (5, date(2022, 3, 1), date(2022, 2, 28), "Hoàn thành", "01/TV"),
        (6, None, None, None, None),
    ]


def test_the_account_names_what_every_other_row_is() -> None:
    reading = report(tasks(("Việc một",)))
    reasons = [(row["sheet"], row["row"], row["reason"]) for row in reading.account.to_pylist()]
    assert reasons[:5] == [
        (TASK_SHEET, 1, "title"), (TASK_SHEET, 2, "title"), (TASK_SHEET, 3, "blank"), (TASK_SHEET, 4, "heading"),
        (TASK_SHEET, 6, "blank"),
    ]  # fmt: skip
    assert reading.accepted_count == len(ITEMS) + 1
    assert reading.read_count == 4 + len(ITEMS) + 24

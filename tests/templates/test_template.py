"""The workbook that a unit fills in."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from flows.desk.template import write_template
from flows.entry.door import MisuseError
from schemas.plan import Plan, load_plan
from schemas.relation import parse_relation
from sources.templates.checks import item_name
from sources.templates.task_words import CODE, DONE, DUE, EVIDENCE, STATE, TASK_HEADINGS
from sources.templates.tasks import ASSIGNEE, task_rows
from sources.templates.template import template_workbook
from sources.templates.titles import COVER_SHEET, IDENTITY_SHEET, ITEM_SHEET, TASK_SHEET

PLAN = load_plan(Path(__file__).parents[2] / "plans" / "svhtt-khanh-hoa-2022")


def made(plan: Plan, period: str = "2022-Q1") -> bytes:
    return template_workbook(plan, plan.unit("TV"), plan.period(period), plan.report_type("cchc"))


def opened() -> Workbook:
    return load_workbook(io.BytesIO(made(PLAN)))


def test_the_same_template_has_the_same_bytes() -> None:
    assert made(PLAN) == made(PLAN)


def test_every_required_item_has_one_named_open_cell_beside_its_code() -> None:
    workbook = opened()
    sheet = workbook[ITEM_SHEET]
    items = PLAN.items_required_in(PLAN.report_type("cchc"), "2022-Q1")
    named = {name for name in workbook.defined_names if name.startswith("item_A")}
    assert named == {item_name(item.code) for item in items}
    for item in items:
        ((title, coordinate),) = workbook.defined_names[item_name(item.code)].destinations
        cell = sheet[coordinate.replace("$", "")]
        assert (title, sheet.cell(cell.row, 1).value, cell.protection.locked) == (ITEM_SHEET, item.code, False)


def test_only_what_a_unit_fills_in_is_open_and_no_password_is_set() -> None:
    for sheet in opened().worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    locked = {c.column for row in opened()[ITEM_SHEET].iter_rows(min_row=5) for c in row if c.protection.locked}
    assert locked == {1, 2, 3, 4, 6, 8}


def test_every_value_cell_has_a_data_validation_and_yes_no_a_list() -> None:
    sheet = opened()[ITEM_SHEET]
    rows = range(5, 5 + len(PLAN.items_required_in(PLAN.report_type("cchc"), "2022-Q1")))
    validated = {f"E{row}": v for v in sheet.data_validations.dataValidation for row in rows if f"E{row}" in v.sqref}
    assert len(validated) == len(rows)
    lists = {sheet.cell(int(place[1:]), 1).value for place, v in validated.items() if v.formula1 == '"Có,Không"'}
    assert lists == {
        item.code for item in PLAN.items_required_in(PLAN.report_type("cchc"), "2022-Q1") if item.type == "yes_no"
    }


def test_the_identity_is_very_hidden_and_complete() -> None:
    sheet = opened()[IDENTITY_SHEET]
    assert sheet.sheet_state == "veryHidden"
    assert {row[0]: row[1] for row in sheet.iter_rows(values_only=True)} == {
        "template_version": "3",
        "plan_id": PLAN.document.id,
        "report_type": "cchc",
        "unit_code": "TV",
        "period": "2022-Q1",
    }


def test_the_task_table_offers_twenty_rows_with_a_list_of_states() -> None:
    sheet = opened()[TASK_SHEET]
    assert [sheet.cell(row, 1).value for row in range(5, 25)] == list(range(1, 21))
    assert '"Hoàn thành,Đang thực hiện,Chưa thực hiện"' in {v.formula1 for v in sheet.data_validations.dataValidation}


def test_the_yearly_template_asks_for_the_self_score_and_not_for_the_half_yearly_items() -> None:
    codes = {row[0] for row in load_workbook(io.BytesIO(made(PLAN, "2022-Y")))[ITEM_SHEET].iter_rows(values_only=True)}
    assert "A10.1" in codes
    assert "A6.3" not in codes


def test_there_is_no_template_for_a_period_without_this_report() -> None:
    with pytest.raises(ValueError, match="2022-Q2"):
        made(PLAN, "2022-Q2")


def of_type(type_id: str, unit: str = "TV", period: str = "2022-Q1") -> Workbook:
    content = template_workbook(PLAN, PLAN.unit(unit), PLAN.period(period), PLAN.report_type(type_id))
    return load_workbook(io.BytesIO(content))


def headings(workbook: Workbook) -> list[object]:
    return [cell.value for cell in workbook[TASK_SHEET][4]]


def test_the_plans_tasks_stand_in_the_template_once_for_each_day_on_which_they_are_due() -> None:
    sheet = of_type("plan_tasks", "VP")[TASK_SHEET]
    column = {heading: n for n, heading in enumerate(TASK_HEADINGS, start=1)}
    listed = [
        (sheet.cell(row, column[CODE]).value, value.date() if (value := sheet.cell(row, column[DUE]).value) else None)
        for row in range(5, sheet.max_row + 1)
    ]
    assert listed == [(task.id, day) for task, day in task_rows(PLAN)]
    assert [day for code, day in listed if code == "V.3"] == [date(2022, 1, 31), date(2022, 5, 31)]
    assert len({code for code, _ in listed}) == 39


def test_only_what_became_of_a_task_of_the_plan_is_open() -> None:
    workbook = of_type("plan_tasks", "VP")
    opened = {c.column for row in workbook[TASK_SHEET].iter_rows(min_row=5) for c in row if not c.protection.locked}
    assert opened == {TASK_HEADINGS.index(heading) + 1 for heading in (DONE, STATE, EVIDENCE)}
    assert ITEM_SHEET not in workbook.sheetnames


def test_the_code_column_of_a_units_own_tasks_is_locked_and_blank() -> None:
    sheet = opened()[TASK_SHEET]
    cells = [sheet.cell(row, TASK_HEADINGS.index(CODE) + 1) for row in range(5, 25)]
    assert {(cell.value, cell.protection.locked) for cell in cells} == {(None, True)}


def test_who_does_a_task_may_be_noted_in_a_units_plan_alone() -> None:
    assert headings(of_type("unit_plan"))[-1] == ASSIGNEE
    assert ASSIGNEE not in headings(opened())
    assert ASSIGNEE not in headings(of_type("plan_tasks", "VP"))


def test_a_self_score_has_no_task_sheet_and_its_maxima_sum_to_a_hundred() -> None:
    assert TASK_SHEET not in of_type("self_score", period="2022-Y").sheetnames
    items = PLAN.items_required_in(PLAN.report_type("self_score"), "2022-Y")
    grid = {item.code: item for item in items if item.relation.startswith("<=")}
    assert sum(Decimal(parse_relation(item.relation, code).right[0][0]) for code, item in grid.items()) == 100
    assert {item.area for item in grid.values()} == {area.id for area in PLAN.document.area}
    (total,) = [item for item in items if item.code not in grid]
    assert parse_relation(total.relation, total.code).item_codes == (total.code, *grid)


def test_a_template_says_which_rows_are_examples_of_ours() -> None:
    sheet = of_type("self_score", period="2022-Y")[ITEM_SHEET]
    assert "report_items.csv" in str(sheet["A3"].value)
    assert {sheet.cell(row, 8).value for row in range(5, sheet.max_row + 1)} == {"ví dụ"}
    assert "QĐ 371" in str(sheet.cell(sheet.max_row, 3).value)


def test_a_last_day_that_is_not_determined_is_said_so() -> None:
    cover = of_type("unit_plan")[COVER_SHEET]
    assert "chưa xác định" in str([row[1].value for row in cover.iter_rows()])


@pytest.mark.parametrize(
    ("unit", "period", "type_id", "name"),
    [
        ("TV", "2022-Q1", None, "TV-cchc-2022-Q1.xlsx"),
        ("Thư viện tỉnh", "2022-Y", None, "TV-cchc-2022-Y.xlsx"),
        ("TV", "2022-Y", "self_score", "TV-self-score-2022-Y.xlsx"),
        ("TV", "2022-Q1", "unit_plan", "TV-unit-plan-2022-Q1.xlsx"),
        ("VP", "2022-Q1", None, "VP-plan-tasks-2022-Q1.xlsx"),
    ],
)
def test_the_default_template_is_the_periodic_report_and_its_name_follows_the_type(
    unit: str, period: str, type_id: str | None, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_template(PLAN, unit, PLAN.period(period), type_id, None) == Path(name)
    assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("unit", "period", "type_id", "told"),
    [
        ("TV", "2022-Q2", None, "2022-Q2"), ("TTR", "2022-Q1", None, "TTR"), ("TV", "2022-Q1", "plan_tasks", "cchc"),
        ("TV", "2022-Q1", "self_score", "2022-Y"), ("VP", "2022-Q1", "cchc", "plan_tasks"), ("Ai đó", "2022-Q1", None, "TV"),
    ],
)  # fmt: skip
def test_a_template_that_nobody_owes_is_refused_in_one_line(
    unit: str, period: str, type_id: str | None, told: str, tmp_path: Path
) -> None:
    with pytest.raises(MisuseError, match=told) as refused:
        write_template(PLAN, unit, PLAN.period(period), type_id, tmp_path / "mau.xlsx")
    assert " / " in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "mau.xlsx").exists()

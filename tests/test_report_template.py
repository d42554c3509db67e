"""The workbook that a unit fills in."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from schemas.plan import Plan, load_plan
from sources.template import IDENTITY_SHEET, ITEM_SHEET, TASK_SHEET, item_name, template_workbook

PLAN = load_plan(Path(__file__).parents[1] / "plans" / "svhtt-khanh-hoa-2022")


def made(plan: Plan, period: str = "2022-Q1") -> bytes:
    return template_workbook(plan, plan.unit("TV"), plan.period(period), plan.report_type("cchc"))


def opened() -> Workbook:
    return load_workbook(io.BytesIO(made(PLAN)))


def test_the_same_template_has_the_same_bytes() -> None:
    assert made(PLAN) == made(PLAN)


def test_every_required_item_has_one_named_open_cell_beside_its_code() -> None:
    workbook = opened()
    sheet = workbook[ITEM_SHEET]
    items = PLAN.items_required_in("2022-Q1")
    assert set(workbook.defined_names) == {item_name(item.code) for item in items}
    for item in items:
        ((title, coordinate),) = workbook.defined_names[item_name(item.code)].destinations
        cell = sheet[coordinate.replace("$", "")]
        assert (title, sheet.cell(cell.row, 1).value, cell.protection.locked) == (ITEM_SHEET, item.code, False)


def test_only_what_a_unit_fills_in_is_open_and_no_password_is_set() -> None:
    for sheet in opened().worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    locked = {c.column for row in opened()[ITEM_SHEET].iter_rows(min_row=5) for c in row if c.protection.locked}
    assert locked == {1, 2, 3, 4}


def test_every_value_cell_has_a_data_validation_and_yes_no_a_list() -> None:
    sheet = opened()[ITEM_SHEET]
    rows = range(5, 5 + len(PLAN.items_required_in("2022-Q1")))
    validated = {f"E{row}": v for v in sheet.data_validations.dataValidation for row in rows if f"E{row}" in v.sqref}
    assert len(validated) == len(rows)
    lists = {sheet.cell(int(place[1:]), 1).value for place, v in validated.items() if v.formula1 == '"Có,Không"'}
    assert lists == {item.code for item in PLAN.items_required_in("2022-Q1") if item.type == "yes_no"}


def test_the_identity_is_very_hidden_and_complete() -> None:
    sheet = opened()[IDENTITY_SHEET]
    assert sheet.sheet_state == "veryHidden"
    assert {row[0]: row[1] for row in sheet.iter_rows(values_only=True)} == {
        "template_version": "1",
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

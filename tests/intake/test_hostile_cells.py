"""Whatever stands in a cell that was sent, or in a name of the plan, starts no formula in anything that we write."""

import ast
import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from releases.datasets import csv_bytes
from releases.workbook.workbook import report_workbook
from schemas.plan import Plan
from schemas.spreadsheet import starts_formula
from sources.templates.template import template_workbook
from tests.release.test_workbook import content
from tests.support.office import PERIOD, PLAN

CHECKOUT = Path(__file__).parents[2]
PAYLOADS = CHECKOUT.parent / "shared" / "data" / "hostile" / "csv_injection_payloads.txt"
PACKAGES = ("audit", "flows", "motcua", "releases", "schemas", "sources", "warehouse")
# Who may write CSV without `safe_text`: the inbox's register and the tables of a plan, which we read back as they stand.
WRITES_CSV = {
    "flows/intake/register.py",
    "flows/plans/next_calendar.py",
    "flows/plans/next_year.py",
    "flows/plans/propose.py",
}


def payloads() -> list[str]:
    if not PAYLOADS.exists():
        pytest.skip(f"{PAYLOADS} is not on this machine")
    values = PAYLOADS.read_text("utf-8").splitlines()
    assert len(values) == 15
    return values


def hostile_plan(text: str) -> Plan:
    """Return the plan with the text in place of every name that a template prints."""
    document = PLAN.document.model_copy(update={"name_vi": text, "title_vi": text})
    return replace(
        PLAN,
        document=document,
        units=tuple(unit.model_copy(update={"name_vi": text}) for unit in PLAN.units),
        report_items=tuple(
            item.model_copy(update={"name_vi": text, "unit_of_measure": text}) for item in PLAN.report_items
        ),
        tasks=tuple(
            task.model_copy(update={"task_vi": text, "product_vi": text, "schedule_vi": text}) for task in PLAN.tasks
        ),
    )


def template_of(type_id: str) -> Callable[[str], bytes]:
    def write(text: str) -> bytes:
        plan = hostile_plan(text)
        return template_workbook(plan, plan.unit("TV"), plan.period(PERIOD), plan.report_type(type_id))

    return write


WORKBOOKS: dict[str, Callable[[str], bytes]] = {
    "the report of a release": lambda text: report_workbook(content(text)),
    **{f"the template {type_id}": template_of(type_id) for type_id in ("cchc", "unit_plan", "plan_tasks")},
}


@pytest.mark.parametrize("writer", WORKBOOKS)
def test_no_payload_starts_a_formula_in_a_workbook(writer: str) -> None:
    for payload in payloads():
        workbook = openpyxl.load_workbook(io.BytesIO(WORKBOOKS[writer](payload)))
        cells = [cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row]
        holding = [cell for cell in cells if payload in str(cell.value)]
        assert holding, payload
        assert {cell.data_type for cell in holding} == {"s"}, payload
        exact = [cell for cell in holding if cell.value == payload]
        assert all(cell.quotePrefix == starts_formula(payload) for cell in exact), payload


def test_no_payload_starts_a_formula_in_a_csv_however_a_spreadsheet_cuts_it() -> None:
    for payload in payloads():
        text = csv_bytes(pa.table({"first": [payload], "last": [f"x;{payload}"]})).decode("utf-8-sig")
        for delimiter in ",;\t":
            cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row]
            assert not [cell for cell in cells if starts_formula(cell)], payload


def test_every_csv_is_written_where_text_is_made_safe() -> None:
    found = {
        path.relative_to(CHECKOUT).as_posix()
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and (node.attr == "write_csv" or ast.unparse(node) in ("csv.writer", "csv.DictWriter"))
    }
    assert found == WRITES_CSV

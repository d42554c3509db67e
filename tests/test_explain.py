"""Explaining a figure lists exactly the members that add up to it, each with a place where it really stands."""

import re
from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook

from flows.door import MisuseError
from flows.explain import FORM_COLUMNS, Explanation, Member, explain
from flows.submissions import submissions
from sql.indicators import load_indicators
from tests.office import PERIOD, PLAN, Office
from warehouse.vault import original_path

OFFICES = tuple(unit.code for unit in PLAN.units if unit.handles_dossiers)


def explained(office: Office, figure: str, unit: str | None = None) -> Explanation:
    return explain(office.workspace, office.workspace.plan, office.workspace.plan.period(PERIOD), figure, unit)


def sums(members: tuple[Member, ...]) -> tuple[Decimal, Decimal]:
    return sum((m.numerator for m in members), Decimal(0)), sum((m.denominator for m in members), Decimal(0))


def originals(office: Office) -> dict[str, Workbook]:
    """Open each submission's original from the vault, without the product's readers."""
    return {
        one.taken.number: load_workbook(original_path(office.workspace, one.taken.file_sha256).open("rb"))
        for one in submissions(office.ledger.entries)
    }


@pytest.mark.parametrize("indicator", [one.id for one in load_indicators().values() if one.kind == "ratio"])
def test_the_members_of_every_figure_add_up_to_it(shared_demo: Office, indicator: str) -> None:
    figures = [row for row in shared_demo.table("figure") if row["indicator_id"] == indicator]
    assert len(figures) > 2
    for figure in figures:
        unit = str(figure["unit_code"])
        found = explained(shared_demo, indicator, unit or None)
        assert sums(found.members) == (figure["numerator"], figure["denominator"])
        assert (found.numerator, found.denominator) == (figure["numerator"], figure["denominator"])
        assert {member.unit_code for member in found.members} == (
            {unit} if unit else {str(f["unit_code"]) for f in figures} - {""}
        )
        assert len({(member.key, member.unit_code) for member in found.members}) == len(found.members) > 0


@pytest.mark.parametrize("column", FORM_COLUMNS)
def test_the_members_of_every_cell_of_the_form_add_up_to_it(shared_demo: Office, column: str) -> None:
    rows = shared_demo.table("form_row")
    for unit in (None, *OFFICES):
        found = explained(shared_demo, f"II.06a.{column}", unit)
        expected = sum(int(str(row[column])) for row in rows if unit in (None, row["handling_office"]))
        assert found.numerator == expected == len(found.members) == sums(found.members)[0]
        assert len({member.key for member in found.members}) == len(found.members)


def test_the_columns_are_those_of_the_form() -> None:
    assert len(FORM_COLUMNS) == 13
    assert FORM_COLUMNS[0] == "received_total"


def test_a_composite_is_explained_by_its_parts(shared_demo: Office) -> None:
    found = explained(shared_demo, "online_share")
    assert (found.members, found.numerator, found.target_status) == ((), None, "met")
    assert [part.figure_id for part in found.parts] == ["online_share_all", "online_share_announced"]
    for part in found.parts:
        assert sums(part.members) == (part.numerator, part.denominator)


def test_a_dossier_stands_in_the_row_of_the_original_that_is_named(shared_demo: Office) -> None:
    workbooks = originals(shared_demo)
    members = explained(shared_demo, "II.06a.received_total").members
    assert len(members) > 350
    for member in members:
        row = re.fullmatch(r"dòng (\d+)", member.place)
        assert row is not None
        cells = [cell.value for cell in workbooks[member.submission][member.sheet][int(row[1])]]
        assert member.key in cells
        assert member.file_name == "so-theo-doi-ho-so-quy-1-2022.xlsx"


def test_a_resolved_overdue_dossier_is_late_in_the_original_too(shared_demo: Office) -> None:
    workbooks = originals(shared_demo)
    members = explained(shared_demo, "II.06a.resolved_overdue").members
    assert members
    for member in members:
        sheet = workbooks[member.submission][member.sheet]
        headings = {str(cell.value): cell.column for cell in sheet[7] if cell.value}
        row = int(member.place.removeprefix("dòng "))
        due, end = (
            datetime.strptime(str(sheet.cell(row, headings[name]).value)[:10], "%d/%m/%Y")
            for name in ("Ngày hẹn trả", "Ngày kết thúc xử lý")
        )
        assert end > due


def test_a_reports_figures_are_the_cells_of_the_original_that_are_named(shared_demo: Office) -> None:
    workbooks = originals(shared_demo)
    found = explained(shared_demo, "satisfaction")
    assert len(found.members) == 5
    for member in found.members:
        satisfied, valid = member.place.split(" / ")
        sheet = workbooks[member.submission][member.sheet]
        assert (sheet[satisfied].value, sheet[valid].value) == (member.numerator, member.denominator)


@pytest.mark.parametrize(
    ("figure", "unit", "said"),
    [
        ("no_such", None, "overdue_share.*satisfaction"),
        ("II.06a.no_such", None, "received_total"),
        ("satisfaction", "Phòng Tổng hợp", "not a unit"),
        ("overdue_share", "TV", "no figure for TV"),
    ],
)
def test_an_unknown_figure_is_answered_with_those_that_there_are(
    shared_demo: Office, figure: str, unit: str | None, said: str
) -> None:
    with pytest.raises(MisuseError, match=said):
        explained(shared_demo, figure, unit)


def test_a_period_that_was_not_consolidated_has_nothing_to_explain(shared_demo: Office) -> None:
    workspace = shared_demo.workspace
    with pytest.raises(MisuseError, match="motcua consolidate 2022-Q2"):
        explain(workspace, workspace.plan, workspace.plan.period("2022-Q2"), "satisfaction", None)


def test_a_unit_may_be_named_as_people_name_it(shared_demo: Office) -> None:
    assert explained(shared_demo, "overdue_share", "quản lý văn hóa gia đình") == explained(
        shared_demo, "overdue_share", "QLVHGD"
    )

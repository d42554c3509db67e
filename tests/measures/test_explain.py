"""Explaining a figure lists exactly the members that add up to it, each with a place where it really stands."""

import io
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook

from flows.entry.door import MisuseError
from flows.intake.submissions import submissions
from flows.measures.explain import FORM_COLUMNS, Explanation, Member, explain, member_of, members_at
from flows.measures.trends import Place
from motcua.cli import main
from schemas.tables import INDICATOR_MEMBER
from sql.indicators import load_indicators
from tests.support.office import PERIOD, PLAN, Office
from warehouse import vault
from warehouse.workspace import Workspace

OFFICES = tuple(unit.code for unit in PLAN.units if unit.handles_dossiers)


def explained(
    office: Office, figure: str, unit: str | None = None, dimension: str = "", value: str = ""
) -> Explanation:
    plan = office.workspace.plan
    return explain(office.workspace, plan, plan.period(PERIOD), figure, unit, dimension, value)


def sums(members: tuple[Member, ...]) -> tuple[Decimal, Decimal]:
    return sum((m.numerator for m in members), Decimal(0)), sum((m.denominator for m in members), Decimal(0))


def originals(office: Office) -> dict[str, Workbook]:
    """Open each submission's original from the vault, without the product's readers."""
    return {
        one.taken.number: load_workbook(io.BytesIO(vault.content(office.workspace, one.taken.file_sha256)))
        for one in submissions(office.ledger.entries)
    }


def a_place_of_each_kind(figures: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the whole, every unit and the first value of each dimension."""
    first: dict[tuple[object, object], dict[str, object]] = {}
    for figure in figures:
        first.setdefault((figure["unit_code"], figure["dimension"]), figure)
    return list(first.values())


@pytest.mark.parametrize("indicator", [one.id for one in load_indicators().values() if one.kind == "ratio"])
def test_the_members_of_every_figure_add_up_to_it(shared_demo: Office, indicator: str) -> None:
    figures = [row for row in shared_demo.table("figure") if row["indicator_id"] == indicator]
    units = {str(figure["unit_code"]) for figure in figures} - {""}
    for figure in a_place_of_each_kind(figures):
        unit = str(figure["unit_code"])
        found = explained(
            shared_demo, indicator, unit or None, str(figure["dimension"]), str(figure["dimension_value"])
        )
        assert (found.numerator, found.denominator) == (figure["numerator"], figure["denominator"])
        if figure["status"] == "no_data":
            assert found.members == ()
            continue
        assert sums(found.members) == (figure["numerator"], figure["denominator"])
        assert {member.unit_code for member in found.members} <= ({unit} if unit else units)
        assert len({(member.key, member.unit_code) for member in found.members}) == len(found.members)


def test_the_value_of_a_dimension_is_explained_by_its_own_members_alone(shared_demo: Office) -> None:
    whole = {member.key for member in explained(shared_demo, "early_share").members}
    figures = [
        r for r in shared_demo.table("figure") if (r["indicator_id"], r["dimension"]) == ("early_share", "field")
    ]
    values = [str(figure["dimension_value"]) for figure in figures]
    assert len(values) > 2
    parts = [{m.key for m in explained(shared_demo, "early_share", None, "field", v).members} for v in values]
    assert all(parts)
    assert sum(len(part) for part in parts) == len(whole)
    assert set().union(*parts) == whole


def test_a_quantile_shows_the_member_that_decides_and_all_the_others(shared_demo: Office) -> None:
    found = explained(shared_demo, "handling_days_p90")
    taken = sorted(member.numerator for member in found.members)
    assert found.decided_by in found.members
    assert found.decided_by is not None
    assert found.numerator == found.decided_by.numerator == taken[-(-len(taken) * 9 // 10) - 1]
    assert found.unit_of_measure == "ngày làm việc"
    assert explained(shared_demo, "overdue_share").decided_by is None


def test_a_member_of_the_plan_stands_in_no_submission_but_in_the_plan(shared_demo: Office) -> None:
    members = explained(shared_demo, "procedures_announced_share").members
    assert {(m.submission, m.file_name, m.sheet, m.place) for m in members} == {("", "plan/procedures.csv", "", "")}
    codes = {procedure.code for procedure in shared_demo.workspace.plan.procedures if procedure.is_eligible_online}
    assert {member.key for member in members} == codes


def test_a_report_that_never_came_says_so_and_one_that_came_names_its_file(shared_demo: Office) -> None:
    states = {
        (row["report_type"], row["unit_code"]): row
        for row in shared_demo.table("expected_report")
        if row["state"] not in ("not_due", "not_determined")
    }
    members = explained(shared_demo, "reports_received_share").members
    assert {(member.key, member.unit_code) for member in members} == set(states)
    assert "missing" in {row["state"] for row in states.values()}
    for member in members:
        row = states[member.key, member.unit_code]
        assert (member.submission, member.numerator) == (
            row["submission"] or "",
            row["state"] in ("on_time", "late", "provisional"),
        )
        assert ("nothing came" in member.place) == (row["state"] == "missing")


def test_a_task_that_no_report_speaks_of_stands_in_the_plan(tmp_path: Path) -> None:
    place = Place("tasks_overdue_share")
    rows = [
        {"indicator_id": place.indicator_id, "unit_code": "VP", "member_key": "T-01 2022-03-01", "numerator": 1,
         "denominator": 1, "area": "I"},
    ]  # fmt: skip
    (row,) = members_at(pa.Table.from_pylist(rows, schema=INDICATOR_MEMBER), place)
    member = member_of(row, "task", {}, Workspace(tmp_path))
    assert (member.submission, member.file_name, member.key) == ("", "plan/tasks.csv", "T-01 2022-03-01")
    assert "not reported" in member.place


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
    assert len(found.members) > 4
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


@pytest.mark.parametrize(
    ("figure", "unit", "dimension", "said"),
    [
        ("early_share", None, "colour", "there is no such dimension: có / there are: field"),
        ("early_share", None, "field", "has no figure for field 'red'"),
        ("early_share", "VP", "field", "not both"),
        ("II.06a.resolved_total", None, "field", "by --unit alone"),
    ],
)
def test_an_unknown_dimension_or_value_is_answered(
    shared_demo: Office, figure: str, unit: str | None, dimension: str, said: str
) -> None:
    with pytest.raises(MisuseError, match=said):
        explained(shared_demo, figure, unit, dimension, "red")


def test_the_command_shows_a_value_of_a_dimension_and_the_member_that_decides(
    shared_demo: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(shared_demo.workspace.root)
    asked = ["explain", PERIOD, "handling_days_p90", "-w", root, "--dimension", "channel", "--value", "postal"]
    monkeypatch.setattr("sys.argv", ["motcua", *asked])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    found = explained(shared_demo, "handling_days_p90", None, "channel", "postal")
    assert found.decided_by is not None
    assert f"{len(found.members)} thành phần / members" in said
    assert f"the one that decides: {found.decided_by.key}" in said
    assert "ngày làm việc" in said
    assert "Cộng / sum" not in said


def test_a_period_that_was_not_consolidated_has_nothing_to_explain(shared_demo: Office) -> None:
    workspace = shared_demo.workspace
    with pytest.raises(MisuseError, match="motcua consolidate 2022-Q2"):
        explain(workspace, workspace.plan, workspace.plan.period("2022-Q2"), "satisfaction", None)


def test_a_unit_may_be_named_as_people_name_it(shared_demo: Office) -> None:
    assert explained(shared_demo, "overdue_share", "quản lý văn hóa gia đình") == explained(
        shared_demo, "overdue_share", "QLVHGD"
    )

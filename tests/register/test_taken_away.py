"""What took a finding away is what happened since it was found, not what had come long before."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from audit.review import TakenAway
from audit.steps import Identity
from flows.intake.correct import Place, correct
from flows.intake.mend import mend_receipt
from flows.intake.submissions import submissions
from flows.measures.nonconforming import taken_away
from flows.measures.reporting import ExpectedReport, expected_reports
from tests.support.office import PERIOD, Office, report, rows_of, small_plan

REJECTED = Identity("P003", "TV", PERIOD, "reporting")


def with_another_report_of_the_unit(office: Office) -> list[ExpectedReport]:
    """Every report that is owed, and beside them one of the unit that came, and was accepted, before all else."""
    plan = office.workspace.plan
    found = expected_reports(submissions(office.ledger.entries), plan, plan.period(PERIOD), office.door.today(plan))
    earlier = replace(found[0], report_type="unit_plan", unit_code="TV", state="on_time", submission="S-9999")
    return [*found, earlier]


def why(office: Office) -> TakenAway:
    plan = office.workspace.plan
    reports = with_another_report_of_the_unit(office)
    return taken_away(office.ledger.entries, plan, plan.period(PERIOD), REJECTED, reports)


def office_with_a_report(folder: Path) -> Office:
    office = Office.new(folder, small_plan(folder / "plan", sender="TV"))
    office.take(report("TV", {"A9.1": 100, "A9.2": 84}), "TV.xlsx")
    office.consolidate()
    return office


def test_a_corrected_report_is_the_cause_though_another_of_the_unit_came_before(tmp_path: Path) -> None:
    office = office_with_a_report(tmp_path)
    cell = next(
        f"{row['sheet']}!{row['cell']}"
        for entry in office.ledger.entries
        for row in rows_of(office.workspace.root, entry.files, "report_value")
        if row["item_code"] == "A9.2"
    )
    correct(office.workspace, office.door, "S-0001", Place(cell=cell), "84", "85", "gõ nhầm", "Phiếu số 017")
    assert why(office) == TakenAway("corrected", "S-0001")


def test_a_day_that_was_mended_is_the_cause(tmp_path: Path) -> None:
    office = office_with_a_report(tmp_path)
    mend_receipt(office.workspace, office.door, "S-0001", date(2022, 3, 10), "Phiếu số 018", "ghi nhầm ngày")
    assert why(office) == TakenAway("corrected", "S-0001")


def test_a_report_that_came_since_is_the_cause(tmp_path: Path) -> None:
    office = office_with_a_report(tmp_path)
    office.take(report("TV", {"A9.1": 100, "A9.2": 85}), "TV-2.xlsx")
    assert why(office) == TakenAway("received", "S-0002")


def test_where_nothing_happened_since_it_is_the_report_that_stands(tmp_path: Path) -> None:
    assert why(office_with_a_report(tmp_path)) == TakenAway("received", "S-9999")

"""A correction of a report's cell is applied where the cell holds what it expects, else the report is returned."""

from audit.corrections import Correction
from schemas.rules import load_rules
from sources.reports.report import ReportReading, read_report
from sources.templates.titles import ITEM_SHEET
from tests.support.office import PLAN, report

CONTENT = report("BT", {"A1.5": 9})


def read(*corrections: Correction) -> ReportReading:
    return read_report(CONTENT, "a" * 64, PLAN, load_rules(), corrections=corrections)


def cell_of_item(code: str) -> str:
    return next(str(row["cell"]) for row in read().values.to_pylist() if row["item_code"] == code)


def value_of(reading: ReportReading, code: str) -> str:
    return next(str(row["value"]) for row in reading.values.to_pylist() if row["item_code"] == code)


def correction(expected: str, sheet: str = ITEM_SHEET) -> Correction:
    cell = cell_of_item("A1.5")
    return Correction("C-0001", sheet, int(cell[1:]), cell, None, expected, "8")


def outcome(reading: ReportReading) -> str:
    return next(result.outcome for result in reading.results if result.rule_id == "R090")


def test_what_fits_is_read_otherwise_and_nothing_else_is() -> None:
    before, after = read(), read(correction("9"))
    assert (value_of(before, "A1.5"), value_of(after, "A1.5")) == ("9.000", "8.000")
    assert (outcome(after), after.is_rejected) == ("pass", False)
    others = [row for row in before.values.to_pylist() if row["item_code"] != "A1.5"]
    assert [row for row in after.values.to_pylist() if row["item_code"] != "A1.5"] == others


def test_what_does_not_fit_returns_the_report_and_names_the_correction() -> None:
    for unfit in (correction("7"), correction("9", "Trang không có")):
        reading = read(unfit)
        assert (outcome(reading), reading.is_rejected, value_of(reading, "A1.5")) == ("fail", True, "9.000")
        assert [finding.subject for finding in reading.findings if finding.rule_id == "R090"] == ["C-0001"]

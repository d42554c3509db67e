"""A number is given once, whatever numbers a record holds already: the next never clashes, so nothing is lost."""

import ast
from datetime import date
from pathlib import Path

import pytest

from audit.events import SubmissionTaken, WaiverGranted
from audit.numbers import next_number
from audit.submissions import submissions
from audit.waivers import waivers
from flows.entry.authority import entered
from flows.intake.intake import take_in
from flows.release.waive import waive
from tests.keeping.test_erasure import ROW
from tests.support.office import PERIOD, Office, log, small_plan

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("audit", "flows", "motcua", "releases", "schemas", "sources", "warehouse")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], "S-0001"), (["S-0001"], "S-0002"), (["S-0001", "S-0003"], "S-0004"), (["S-0003", "S-0001"], "S-0004"),
        (["S-9999"], "S-10000"), (["W-0007"], "S-0001"), (["S-x", "S-", "S-²", "S-0002"], "S-0003"),
    ],
)  # fmt: skip
def test_the_next_number_is_beyond_the_highest_that_was_given(given: list[str], expected: str) -> None:
    assert next_number("S", given) == expected


def test_several_are_given_at_once() -> None:
    assert [next_number("W", ["W-0002"], further) for further in range(3)] == ["W-0003", "W-0004", "W-0005"]


def test_a_file_that_comes_after_a_number_out_of_turn_counts(office: Office) -> None:
    first = office.take(log(ROW))
    [taken] = [one.taken for one in submissions(office.ledger.entries)]
    odd = taken.model_copy(update={"number": "S-0003", "file_sha256": "ab" * 32})
    with entered(office.workspace, office.door, "intake") as ledger:
        ledger.append(office.door.stamp, "intake", [odd])
    second, third = (office.take(log(ROW.replace("0001", f"000{n}")), f"so-{n}.csv") for n in (2, 3))
    assert [first.number, second.number, third.number] == ["S-0001", "S-0004", "S-0005"]
    counted = {one.taken.number: one.is_in_force for one in submissions(office.ledger.entries)}
    assert counted == {"S-0001": True, "S-0003": True, "S-0004": True, "S-0005": True}
    assert take_in(office.workspace, office.door, []) == []
    numbers = [e.number for entry in office.ledger.entries for e in entry.events if isinstance(e, SubmissionTaken)]
    assert len(numbers) == len(set(numbers)) == 4


def test_a_waiver_after_a_number_out_of_turn_takes_the_place_of_none(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    office.consolidate()
    odd = WaiverGranted(
        number="W-0002",
        rule_id="P002",
        unit_code="TV",
        period=PERIOD,
        reason="thử",
        last_day_on=date(2022, 4, 30),
        failing_count=1,
    )
    with entered(office.workspace, office.door, "waive") as ledger:
        ledger.append(office.door.stamp, "waive", [odd])
    period = office.workspace.plan.period(PERIOD)
    [granted] = waive(office.workspace, office.door, period, "P001", None, "thử", date(2022, 4, 30))
    assert granted.number == "W-0003"
    assert [one.number for one in waivers(office.ledger.entries)] == ["W-0002", "W-0003"]


def test_numbers_are_given_at_one_place() -> None:
    found = {
        path.relative_to(CHECKOUT).as_posix()
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FormattedValue) and node.format_spec and ast.unparse(node.format_spec) == "f'04d'"
    }
    assert found == {"audit/numbers.py"}

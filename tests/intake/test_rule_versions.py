"""A version of a rule is evaluated from one day and binds from another; in between nothing follows from it."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schemas.catalogue import OVERLAY
from schemas.plan import PlanError, load_plan
from schemas.rules import RULES_FILE, load_rules
from sql import FOLDER, Method
from tests.support.office import Office, log, rows_of, small_plan
from tests.support.rule_cases.base import IN_PERSON
from warehouse.engine import Engine
from warehouse.workspace import Workspace

# Finished a minute before it was received.
A_MINUTE_EARLY = (
    "H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 05/01/2022 08:30 | 26/01/2022 | 05/01/2022 08:29"
)
# Received in person on a Sunday.
ON_A_SUNDAY = IN_PERSON.replace("220105", "220102").replace("05/01", "02/01").replace("26/01", "24/01")
STRICTER = (
    'id = "D009"\nversion = 2\nsince = 2022-03-01\nbinds_from = 2022-04-01\nseverity = "fatal"\ngrade = "minor"\n'
)
LENIENT = 'id = "D009"\nversion = 2\nsince = 2022-03-01\nparameters = { minutes = 60 }\n'


def office_with(folder: Path, *versions: str) -> Office:
    """A small department whose plan states versions of rules of its own."""
    plan = small_plan(folder / "plan")
    if versions:
        (plan / OVERLAY).write_text("".join(f"[[rule]]\n{one}\n" for one in versions), "utf-8")
    return Office.new(folder, plan)


def verdicts(office: Office, table: str) -> set[tuple[object, object]]:
    """Return which versions of D009 failed, by table of the store."""
    rows = [row for entry in office.ledger.entries for row in rows_of(office.workspace.root, entry.files, table)]
    return {(row["rule_id"], row["rule_version"]) for row in rows if row.get("outcome", "fail") == "fail"}


def test_a_version_on_trial_is_recorded_and_rejects_nothing(tmp_path: Path) -> None:
    office = office_with(tmp_path, STRICTER)
    taken = office.take(log(A_MINUTE_EARLY))
    office.consolidate()
    assert taken.reading is not None
    assert (taken.reading.accepted_count, taken.reading.finding_count) == (1, 1)
    assert ("D009", 1) in verdicts(office, "rule_result")
    assert verdicts(office, "trial_result") == verdicts(office, "trial_finding") == {("D009", 2)}
    assert "D009" not in {nonconformity.identity.rule_id for nonconformity in office.nonconformities}


def test_it_binds_from_its_day_on(tmp_path: Path) -> None:
    office = office_with(tmp_path, STRICTER)
    office.at = datetime(2022, 3, 31, 16, 59, tzinfo=UTC)
    before = office.take(log(A_MINUTE_EARLY))
    # Midnight in Khánh Hòa.
    office.at = datetime(2022, 3, 31, 17, 0, tzinfo=UTC)
    after = office.take(log(A_MINUTE_EARLY.replace("-0001", "-0002")), "so-2.csv")
    assert (before.state, after.state) == ("accepted", "rejected")
    assert ("D009", 2) in verdicts(office, "rule_result")


def test_a_rule_of_the_consolidation_on_trial_opens_no_nonconformity(tmp_path: Path) -> None:
    tried = 'id = "C003"\nversion = 2\nsince = 2022-03-01\nbinds_from = {day}\nseverity = "fatal"\ngrade = "major"\n'
    for day, opened in (("2022-04-01", set()), ("2022-03-02", {"C003"})):
        office = office_with(tmp_path / day, tried.format(day=day))
        office.take(log(ON_A_SUNDAY))
        office.consolidate()
        assert {one.identity.rule_id for one in office.nonconformities} == opened
        assert (("C003", 2) in verdicts(office, "trial_result")) == (not opened)


def test_a_threshold_of_the_department_replaces_that_of_the_product(tmp_path: Path) -> None:
    office = office_with(tmp_path, LENIENT)
    office.take(log(A_MINUTE_EARLY))
    assert "D009" not in {row["rule_id"] for row in office.findings()}


def test_the_day_on_which_a_version_begins_to_bind_calls_for_a_new_consolidation(tmp_path: Path) -> None:
    office = office_with(tmp_path, STRICTER)
    first = office.consolidate()
    assert not office.consolidate().is_new
    office.at = datetime(2022, 4, 1, 2, 0, tzinfo=UTC)
    assert office.consolidate().seq > first.seq


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ('id = "D999"\nversion = 1\nsince = 2022-03-01\n', "key rule.1 (D999)"),
        ('id = "D009"\nversion = 1\nsince = 2022-03-01\n', "key rule.1 (D009)"),
        ('id = "D009"\nversion = 2\nsince = 2022-03-01\nbinds_from = 2022-02-01\n', "key rule.1 (D009)"),
        ('id = "D009"\nversion = 2\nsince = 2022-03-01\nparameters = { hours = 1 }\n', "key rule.1 (D009)"),
        ('id = "D009"\nversion = 2\nsince = 2022-03-01\nseverity = "deadly"\n', "key rule.0.severity"),
        ("id = ", "document"),
    ],
)
def test_a_mistake_in_the_plans_rules_is_named(tmp_path: Path, stated: str, place: str) -> None:
    plan = small_plan(tmp_path / "plan")
    (plan / OVERLAY).write_text(f"[[rule]]\n{stated}", "utf-8")
    with pytest.raises(PlanError) as raised:
        load_plan(plan)
    assert [(mistake.file, mistake.place) for mistake in raised.value.mistakes] == [(OVERLAY, place)]


def test_the_hash_of_the_rules_covers_the_plans_own(tmp_path: Path) -> None:
    plan = small_plan(tmp_path / "plan")
    without = load_plan(plan).catalogue
    (plan / OVERLAY).write_text(f"[[rule]]\n{LENIENT}", "utf-8")
    with_own = load_plan(plan).catalogue
    assert without.sha256 == load_rules(RULES_FILE).sha256 != with_own.sha256


@pytest.mark.parametrize(
    ("day", "binding", "on_trial"),
    [(date(2022, 2, 28), 1, None), (date(2022, 3, 1), 1, 2), (date(2022, 3, 31), 1, 2), (date(2022, 4, 1), 2, None)],
)
def test_the_version_of_a_day(tmp_path: Path, day: date, binding: int, on_trial: int | None) -> None:
    plan = small_plan(tmp_path / "plan")
    (plan / OVERLAY).write_text(f"[[rule]]\n{STRICTER}", "utf-8")
    rules = load_plan(plan).catalogue.on(day)
    tried = rules.on_trial.get("D009")
    assert (rules["D009"].version, tried.version if tried else None) == (binding, on_trial)


def test_what_a_version_does_not_state_is_that_of_the_version_before(tmp_path: Path) -> None:
    plan = small_plan(tmp_path / "plan")
    (plan / OVERLAY).write_text(f"[[rule]]\n{LENIENT}", "utf-8")
    first, second = (load_plan(plan).catalogue.version("D009", number) for number in (1, 2))
    assert first is not None
    assert second == first.model_copy(
        update={"version": 2, "since": date(2022, 3, 1), "binds_from": date(2022, 3, 1), "parameters": {"minutes": 60}}
    )


def test_an_old_version_whose_logic_differs_is_asked_by_a_query_of_its_own(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "sql")
    queries = tmp_path / "sql" / "5_nonconformities"
    (queries / "C003.v1.sql").write_text("SELECT 1 AS old", "utf-8")
    (queries / "C003.sql").write_text("SELECT 2 AS new", "utf-8")
    newest = load_rules()["C003"]
    engine = Engine(Method(tmp_path / "sql"))
    try:
        assert engine.offenders(newest).column_names == ["old"]
        assert engine.offenders(newest.model_copy(update={"version": 2})).column_names == ["new"]
    finally:
        engine.close()


def opened_again(office: Office) -> Office:
    """The same workspace, its plan read anew."""
    again = Office(Workspace(office.workspace.root))
    again.at = office.at
    return again

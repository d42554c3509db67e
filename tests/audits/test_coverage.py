"""What no rule looks at is derived from the rules, so it is right for any plan."""

import shutil
from pathlib import Path

import pytest

import flows.audits.coverage
from flows.audits.coverage import coverage, uncovered
from schemas.plan import load_plan
from tests.support.office import PLAN, PLAN_FOLDER

RULES = PLAN.catalogue.newest


def with_item(folder: Path, relation: str) -> set[str]:
    shutil.copytree(PLAN_FOLDER, folder)
    with (folder / "report_items.csv").open("a", encoding="utf-8") as file:
        file.write(f"cchc,A9.9,VII,Mục thử nghiệm,việc,count,true,all,{relation},,example\n")
    return {one.name for one in uncovered(load_plan(folder), RULES) if one.what == "item"}


def test_an_item_without_a_relation_is_not_covered_and_one_with_is(tmp_path: Path) -> None:
    known = {one.name for one in uncovered(PLAN, RULES) if one.what == "item"}
    assert with_item(tmp_path / "without", "") == known | {"cchc A9.9"}
    # A7.3 has no relation of its own either, and is covered once another item is compared with it.
    assert "cchc A7.3" in known
    assert with_item(tmp_path / "with", "<= A7.3") == known - {"cchc A7.3"}


def test_a_column_that_only_one_rule_needed_is_not_covered_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [one.name for one in uncovered(PLAN, RULES) if one.what == "column"]
    names = {rule_id: one for rule_id, one in flows.audits.coverage.WITHIN_FILE.items() if rule_id != "D036"}
    monkeypatch.setattr(flows.audits.coverage, "WITHIN_FILE", names)
    fewer = RULES.with_versions([])
    del fewer.by_id["D036"], fewer.by_id["D016"]
    assert [one.name for one in uncovered(PLAN, fewer) if one.what == "column"] == ["applicant_key"]


def test_a_rule_is_named_at_each_column_that_it_needs() -> None:
    by = {one.name: one.by for one in coverage(PLAN, RULES) if one.what == "column"}
    assert "D009" in by["finished_at"]
    assert "D009" in by["received_at"]
    assert "C007" in by["supplement_requested_at"]
    assert by["circulation"] == ("D016", "D034")

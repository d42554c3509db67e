"""A period that is reviewed again counts the same breaches once, and a rule says what it lacked."""

from pathlib import Path

import pytest

from tests.support.office import HEADINGS, Office, log, small_plan, titles
from tests.support.rule_cases.base import OVERDUE, PENDING

LETTERS = (*HEADINGS, "Ngày gửi thư xin lỗi", "Ngày hẹn lại")


def test_what_a_review_found_in_a_file_is_not_counted_again_as_the_file_s_own(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(f"{OVERDUE} | |", headings=LETTERS))
    office.consolidate()
    [found] = [item for item in office.nonconformities if item.identity.rule_id == "D037"]
    office.take(log(f"{OVERDUE} | |", titles(exported="16/03/2022 08:00:00"), LETTERS), "so-2.csv")
    assert office.consolidate().opened == ()
    [again] = [item for item in office.nonconformities if item.identity.rule_id == "D037"]
    assert (again.number, again.failing_count, again.checked_count) == (found.number, 1, 1)


@pytest.mark.parametrize("rule_id", ["D037", "D041", "C007"])
def test_a_log_without_the_columns_leaves_a_rule_unevaluated_which_is_no_pass(rule_id: str, tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(PENDING))
    office.consolidate()
    assert office.outcomes(rule_id) == {"not_evaluated"}
    [reason] = {row["reason"] for row in office.table("rule_result") if row["rule_id"] == rule_id}
    assert "sổ không có cột" in str(reason)

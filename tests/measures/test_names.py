"""What people read names things first and keeps the code behind; moments are those of the plan's own clocks."""

from datetime import date
from pathlib import Path

import pytest

from flows.measures.names import (
    breakdown_name,
    change_name_text,
    column_text,
    figure_text,
    item_text,
    report_type_name,
    rule_text,
    target_text,
    task_text,
    unit_text,
)
from flows.measures.wording import day_text, local_day, moment_text
from schemas.plan import load_plan
from schemas.plan_diff import KeyChange

PLAN = load_plan(Path(__file__).parents[2] / "plans" / "svhtt-khanh-hoa-2022")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(unit_text(PLAN, "HD"), "Đoàn Hải Đăng (HD)", id="a unit"),
        pytest.param(
            unit_text(PLAN, "QLTDTT"), "Phòng Quản lý thể dục thể thao (QLTDTT)", id="a short name as the code"
        ),
        pytest.param(unit_text(PLAN, ""), "Toàn Sở", id="the department"),
        pytest.param(unit_text(PLAN, None), "Toàn Sở", id="nobody in particular"),
        pytest.param(unit_text(PLAN, "*office"), "Các phòng chuyên môn (*office)", id="all offices together"),
        pytest.param(unit_text(PLAN, "XX"), "XX", id="a unit of another plan"),
        pytest.param(rule_text("D006"), "Thiếu ngày tiếp nhận (D006)", id="a rule"),
        pytest.param(rule_text("Z999"), "Z999", id="a rule of another catalogue"),
        pytest.param(figure_text("overdue_share"), "Tỷ lệ hồ sơ giải quyết quá hạn (overdue_share)", id="an indicator"),
        pytest.param(figure_text("none_such"), "none_such", id="an indicator of another method"),
        pytest.param(column_text(PLAN, "received_at"), "Ngày tiếp nhận (received_at)", id="a column of a log"),
        pytest.param(column_text(PLAN, None), "", id="no column"),
        pytest.param(report_type_name(PLAN, "cchc"), "Báo cáo cải cách hành chính định kỳ", id="a type of report"),
        pytest.param(breakdown_name("indicators", "unit").split(" / ")[0], "Chỉ số", id="the indicators as a whole"),
    ],
)
def test_a_name_stands_first_and_its_code_behind(said: str, expected: str) -> None:
    assert said == expected


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (target_text(PLAN, "I.7"), "I.7"),
        (task_text(PLAN, "VI.6"), "VI.6"),
        (item_text(PLAN, "A9.2"), "A9.2"),
        (column_text(PLAN, "A9.2"), "A9.2"),
    ],
)
def test_words_of_the_plan_are_whole_and_end_with_their_number(said: str, code: str) -> None:
    assert said.endswith(f" ({code})")
    assert len(said) > len(code) + 10
    assert "…" not in said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            KeyChange("units.csv", "changed", "HD, sends_reports", "yes", "no"),
            "Đoàn Ca múa nhạc Hải Đăng: plan/units.csv, HD, sends_reports: yes → no",
            id="a unit",
        ),
        pytest.param(
            KeyChange("report_items.csv", "changed", "cchc A1.5, type", "count", "amount"),
            "Số tin bài tuyên truyền CCHC: plan/report_items.csv, cchc A1.5, type: count → amount",
            id="a line item",
        ),
        pytest.param(
            KeyChange("periods.toml", "changed", "period 2022-Q1, last_day", "2022-03-14", "2022-03-15"),
            "Quý I năm 2022: plan/periods.toml, period 2022-Q1, last_day: 2022-03-14 → 2022-03-15",
            id="a period",
        ),
        pytest.param(
            KeyChange("units.csv", "changed", "XX, name_vi", "a", "b"),
            "plan/units.csv, XX, name_vi: a → b",
            id="unknown",
        ),
        pytest.param(
            KeyChange("calendar.csv", "text", ""),
            "plan/calendar.csv: chỉ thứ tự, chú thích hoặc khoảng trắng / order, comments or spacing alone",
            id="of nothing in particular",
        ),
    ],
)
def test_a_change_of_the_plan_names_what_it_is_about(change: KeyChange, expected: str) -> None:
    assert change_name_text(PLAN, change) == expected


def test_a_changed_target_is_told_in_its_words() -> None:
    said = change_name_text(PLAN, KeyChange("targets.toml", "changed", "target I.7, threshold", "0.83", "0.85"))
    words = next(one.text_vi for one in PLAN.targets if one.id == "I.7")
    assert said == f"{words}: plan/targets.toml, target I.7, threshold: 0.83 → 0.85"


def test_a_moment_of_the_record_is_told_by_the_clocks_of_the_plan() -> None:
    late = "2022-03-31T18:30:00Z"
    assert moment_text(late, PLAN.zone) == "01/04/2022 01:30"
    assert day_text(local_day(late, PLAN.zone)) == "01/04/2022"
    assert moment_text("2022-04-01T01:30:00+07:00", PLAN.zone) == "01/04/2022 01:30"
    assert (moment_text(None, PLAN.zone), moment_text("", PLAN.zone), day_text(None)) == ("", "", "")
    assert local_day(late, PLAN.zone) == date(2022, 4, 1)

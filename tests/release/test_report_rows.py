"""A line of the workbook says days by the plan's clocks, tasks in words, and submissions by what and whose they are."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from audit.events import VerdictTurned
from flows.release.report_rows import nonconformity_row, target_rows, turned_row
from flows.release.source_changes import SourceChange, source_text
from schemas.plan import load_plan

PLAN = load_plan(Path(__file__).parents[2] / "plans" / "svhtt-khanh-hoa-2022")


def test_a_nonconformity_is_found_on_the_day_that_it_was_here() -> None:
    row: Mapping[str, object] = {
        "number": "NC-2022-Q1-001", "rule_id": "D001", "message_vi": "…", "unit_name_vi": None, "grade": "minor",
        "state": "open", "opened_at": "2022-03-15T18:30:00Z", "checked_count": 2, "failing_count": 1,
        "owner_name_vi": "Thư viện", "due_on": date(2022, 4, 1), "gone_at": "2022-03-20T18:30:00Z",
        "gone_because": "received", "gone_submission": "S-0012", "waiver_number": "W-0001",
        "waived_until_on": date(2022, 4, 30), "recurrence_of": None, "followed_by": None, "duplicate_of": None,
        "decided_at": None,
    }  # fmt: skip
    assert nonconformity_row(row, PLAN).course == (
        "Không còn từ 21/03/2022: S-0012 đã nhận",
        "Ngoại lệ W-0001 đến hết 30/04/2022",
    )
    assert nonconformity_row(row, PLAN).detected_on == date(2022, 3, 16)


def test_the_tasks_that_a_target_waits_for_stand_in_words_with_their_numbers() -> None:
    target = next(one for one in PLAN.targets if one.tasks)
    [first, *_] = target.tasks
    words = next(one.task_vi for one in PLAN.tasks if one.id == first)
    missing = f"chưa có văn bản minh chứng / no evidence yet: {first}"
    [line] = target_rows(target, {"status": "not_determined", "reason": missing}, {}, PLAN)
    assert line.reason.splitlines() == ["chưa có văn bản minh chứng / no evidence yet:", f"– {words} ({first})"]


def test_a_reason_that_names_no_task_stays_as_it_is() -> None:
    target = next(one for one in PLAN.targets if one.tasks)
    for reason in ("", "chỉ tiêu định tính / stated in words", "kỳ: 2022-Q1"):
        [line] = target_rows(target, {"status": "not_determined", "reason": reason}, {}, PLAN)
        assert line.reason == reason


def test_a_verdict_that_the_plan_turned_is_of_a_target_in_words() -> None:
    target = PLAN.targets[0]
    turned = VerdictTurned(period="2022-Q1", target_id=target.id, before="missed", after="met")
    assert turned_row(turned, PLAN).text_vi == target.text_vi


def test_a_submission_whose_beginning_is_not_known_goes_by_its_number() -> None:
    assert source_text(SourceChange("withdrawn", "S-0009", "gửi nhầm"), PLAN) == "S-0009: đã rút / withdrawn: gửi nhầm"

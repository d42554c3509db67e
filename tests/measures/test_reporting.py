"""Who owed what, and what came: each state, the last day itself, and what decides where several came."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit.events import Entry, ReleasePublished, SubmissionTaken
from flows.intake.submissions import Submission
from flows.measures.reporting import ExpectedReport, expected_reports, sent_reports
from motcua.printing.period import days_late
from schemas.plan import Plan
from schemas.plan_models import Decision
from tests.support.office import PLAN

LONG_AFTER = date(2023, 2, 1)
DAY = timedelta(days=1)
DUE = [(t, period, day) for t in PLAN.report_types for period, day in t.last_day_on.items()]
DUE_IDS = [f"{t.id} {period}" for t, period, _ in DUE]


def taken(number: int, received_on: date, **stated: object) -> SubmissionTaken:
    """Return the event of one submission: an accepted report of TV for the first quarter unless stated."""
    event: dict[str, object] = {
        "number": f"S-{number:04d}", "kind": "unit_report", "file_sha256": f"{number:064d}", "file_size": 1,
        "suffix": ".xlsx", "sender": None, "unit_code": "TV", "period": "2022-Q1", "report_type": "cchc",
        "profile_id": None, "profile_sha256": None, "encoding": None, "coverage": None, "window_first_day": None,
        "window_last_day": None, "exported_at": None, "officially_received_on": received_on,
        "evidence": "E-Office số 017", "recorded_at": "2022-03-20T09:00:00+07:00", "state": "accepted",
        "is_blank": False, "refusal": "", "read_count": 1, "accepted_count": 1, "rejected_count": 0,
        "ignored_count": 0, "rules_sha256": "", "plan_sha256": "", "code_sha256": "",
    }  # fmt: skip
    return SubmissionTaken.model_validate(event | stated)


def came(number: int, received_on: date, *, is_withdrawn: bool = False, **stated: object) -> Submission:
    return Submission(number, taken(number, received_on, **stated), is_withdrawn, number)


def window(number: int, received_on: date, first: date, last: date, **stated: object) -> Submission:
    """Return a dossier log with this window."""
    log = {"kind": "dossier_log", "report_type": "dossier_log", "unit_code": None, "period": None}
    return came(number, received_on, window_first_day=first, window_last_day=last, **(log | stated))


def expected(
    *found: Submission, report_type: str = "cchc", period: str = "2022-Q1", unit: str = "TV",
    today: date = LONG_AFTER, plan: Plan = PLAN,
) -> ExpectedReport:  # fmt: skip
    reports = expected_reports(found, plan, plan.period(period), today)
    return next(one for one in reports if (one.report_type, one.unit_code) == (report_type, unit))


def answering(period: str, report_type: str, received_on: date) -> Submission:
    """Return a submission that answers one report of the plan."""
    known = PLAN.period(period)
    if report_type == "dossier_log":
        return window(1, received_on, known.first_day, known.last_day)
    unit = PLAN.expected_senders(PLAN.report_type(report_type))[0]
    return came(1, received_on, period=period, report_type=report_type, unit_code=unit)


@pytest.mark.parametrize(("report_type", "period", "last_day_on"), DUE, ids=DUE_IDS)
def test_the_last_day_itself_is_in_time_and_the_day_after_is_late(
    report_type: object, period: str, last_day_on: date
) -> None:
    type_id = str(getattr(report_type, "id", ""))
    unit = PLAN.expected_senders(PLAN.report_type(type_id))[0]
    place = {"report_type": type_id, "period": period, "unit": unit}
    in_time = expected(answering(period, type_id, last_day_on), **place)
    assert in_time.state in ("on_time", "provisional")
    assert expected(answering(period, type_id, last_day_on + DAY), **place).state == "late"


@pytest.mark.parametrize(("report_type", "period", "last_day_on"), DUE, ids=DUE_IDS)
def test_a_report_that_has_not_come_is_missing_from_the_day_after_the_last_day(
    report_type: object, period: str, last_day_on: date
) -> None:
    type_id = str(getattr(report_type, "id", ""))
    unit = PLAN.expected_senders(PLAN.report_type(type_id))[0]
    on_the_day = expected(report_type=type_id, period=period, unit=unit, today=last_day_on)
    after = expected(report_type=type_id, period=period, unit=unit, today=last_day_on + DAY)
    assert (on_the_day.state, after.state) == ("not_due", "missing")


def test_the_days_of_the_plan_are_those_of_its_text() -> None:
    cchc = {period: day.isoformat() for t, period, day in DUE if t.id == "cchc"}
    assert cchc == {
        "2022-Q1": "2022-03-14", "2022-H1": "2022-06-14", "2022-Q3": "2022-09-14", "2022-Y": "2022-11-24",
    }  # fmt: skip


def test_no_report_is_expected_of_the_second_and_fourth_quarter() -> None:
    for period in ("2022-Q2", "2022-Q4"):
        reports = expected_reports([], PLAN, PLAN.period(period), LONG_AFTER)
        assert {one.report_type for one in reports} == {"dossier_log"}


def test_the_first_accepted_submission_decides_and_every_round_counts() -> None:
    one = expected(came(1, date(2022, 3, 10), state="rejected"), came(2, date(2022, 3, 14)), came(3, date(2022, 3, 18)))
    assert (one.state, one.submission, one.round_count, one.is_first_time_right) == ("on_time", "S-0002", 3, False)
    assert (one.submission_at_due, one.submission_in_force, one.days_to_acceptance) == ("S-0002", "S-0003", 4)


def test_a_late_or_rejected_submission_does_not_count_at_the_due_date() -> None:
    late = expected(came(1, date(2022, 3, 14), state="rejected"), came(2, date(2022, 3, 15)))
    assert (late.submission_at_due, late.submission_in_force, late.days_to_acceptance) == (None, "S-0002", 1)
    refused = expected(came(1, date(2022, 3, 14), state="rejected"))
    assert (refused.submission_at_due, refused.submission_in_force, refused.days_to_acceptance) == (None, None, None)


def test_a_first_submission_that_is_accepted_was_right_the_first_time() -> None:
    assert expected(came(1, date(2022, 3, 10))).is_first_time_right is True
    assert expected().is_first_time_right is None


def test_the_day_of_official_receipt_decides_and_the_day_of_recording_is_kept_beside_it() -> None:
    one = expected(came(1, date(2022, 3, 14)))
    assert (one.state, one.officially_received_on, one.recorded_on) == ("on_time", date(2022, 3, 14), date(2022, 3, 20))


def test_a_rejected_report_is_not_a_received_one_and_not_a_missing_one() -> None:
    assert expected(came(1, date(2022, 3, 10), state="rejected")).state == "rejected"


def test_a_blank_report_is_no_report_of_zeros() -> None:
    blank, zeros = came(1, date(2022, 3, 10), is_blank=True), came(1, date(2022, 3, 10))
    assert (expected(blank).state, expected(zeros).state) == ("rejected", "on_time")


def test_a_report_that_came_blank_in_time_and_filled_in_too_late_is_late() -> None:
    assert expected(came(1, date(2022, 3, 10), is_blank=True), came(2, date(2022, 3, 15))).state == "late"


def test_a_withdrawn_report_falls_back_to_the_next_and_counts_no_round() -> None:
    withdrawn = came(1, date(2022, 3, 10), is_withdrawn=True)
    one = expected(withdrawn, came(2, date(2022, 3, 16)))
    assert (one.state, one.submission, one.round_count) == ("late", "S-0002", 1)
    assert expected(withdrawn).state == "missing"


def test_a_report_of_another_unit_type_or_period_answers_nothing() -> None:
    others = (
        came(1, date(2022, 3, 10), unit_code="BT"),
        came(2, date(2022, 3, 10), report_type="unit_plan"),
        came(3, date(2022, 3, 10), period="2022-H1"),
    )
    assert expected(*others).state == "missing"


def annual(received_on: date, number: int = 1) -> Submission:
    return came(number, received_on, period="2022-Y")


def test_an_annual_report_is_provisional_until_one_comes_after_the_year_has_ended() -> None:
    first = annual(date(2022, 11, 24))
    assert expected(first, period="2022-Y").state == "provisional"
    assert expected(first, annual(date(2022, 12, 14), 2), period="2022-Y").state == "provisional"
    final = expected(first, annual(date(2022, 12, 15), 2), period="2022-Y")
    # In time by the first, whenever the final one came.
    assert (final.state, final.submission, final.round_count) == ("on_time", "S-0001", 2)


def test_a_provisional_report_that_came_too_late_is_late() -> None:
    assert expected(annual(date(2022, 11, 25)), period="2022-Y").state == "late"


def decided(on: date) -> Plan:
    return replace(PLAN, document=PLAN.document.model_copy(update={"decision": Decision(on=on)}))


def test_the_units_own_plan_is_not_determined_while_the_day_of_the_decision_is_blank() -> None:
    own = came(1, date(2022, 2, 1), report_type="unit_plan")
    for one in (expected(report_type="unit_plan"), expected(own, report_type="unit_plan")):
        assert (one.state, one.last_day_on) == ("not_determined", None)


@pytest.mark.parametrize(("received_on", "state"), [(date(2022, 2, 9), "on_time"), (date(2022, 2, 10), "late")])
def test_the_units_own_plan_is_due_thirty_days_after_the_decision(received_on: date, state: str) -> None:
    plan = decided(date(2022, 1, 10))
    one = expected(came(1, received_on, report_type="unit_plan"), report_type="unit_plan", plan=plan)
    assert (one.last_day_on, one.state) == (date(2022, 2, 9), state)


FIRST, LAST = PLAN.period("2022-Q1").first_day, PLAN.period("2022-Q1").last_day


def log_state(*logs: Submission) -> ExpectedReport:
    return expected(*logs, report_type="dossier_log", unit="VP")


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [
        pytest.param(FIRST, LAST, "on_time", id="exactly the period"),
        pytest.param(FIRST - DAY, LAST + DAY, "on_time", id="more than the period"),
        pytest.param(FIRST + DAY, LAST, "missing", id="without the first day"),
        pytest.param(FIRST, LAST - DAY, "missing", id="without the last day"),
    ],
)
def test_a_log_is_received_where_its_window_covers_the_period(first: date, last: date, state: str) -> None:
    assert log_state(window(1, LAST, first, last)).state == state


def test_logs_that_cover_the_period_together_are_received_with_the_last_of_them() -> None:
    middle = date(2022, 1, 31)
    parts = (window(1, date(2022, 2, 1), FIRST, middle), window(2, date(2022, 3, 17), middle + DAY, LAST))
    one = log_state(*parts)
    assert (one.state, one.submission) == ("late", "S-0002")
    gap = log_state(parts[0], window(2, date(2022, 3, 15), middle + 2 * DAY, LAST))
    assert gap.state == "missing"


def test_a_rejected_log_does_not_cover_anything() -> None:
    assert log_state(window(1, LAST, FIRST, LAST, state="rejected")).state == "rejected"


def entries(at: str, period: str = "2022-Q1") -> Iterator[Entry]:
    published = ReleasePublished(
        period=period, version=1, consolidation_seq=1, datasets_sha256="", manifest_sha256="",
        approved_by="Người Dùng Giả Định 02", ledger_size=1, ledger_head="",
    )  # fmt: skip
    yield Entry(
        seq=1, at=at, actor="Người Dùng Giả Định 01", os_user="thu-nghiem", kind="publish", events=(published,),
        files=(), previous="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "state"),
    [
        # 17:00 UTC is the next day in the plan's zone.
        pytest.param("2022-03-16T16:59:59Z", "on_time", id="the last minute of the last day"),
        pytest.param("2022-03-16T17:00:00Z", "late", id="the first minute of the day after"),
    ],
)
def test_the_departments_own_report_is_in_time_where_a_release_was_published_by_its_last_day(
    at: str, state: str
) -> None:
    [one] = sent_reports(entries(at), PLAN, PLAN.period("2022-Q1"), LONG_AFTER)
    assert (one.last_day_on, one.state) == (date(2022, 3, 16), state)


def test_the_departments_own_report_is_missing_from_the_day_after_its_last_day() -> None:
    period = PLAN.period("2022-Q1")
    states = [sent_reports([], PLAN, period, day)[0].state for day in (date(2022, 3, 16), date(2022, 3, 17))]
    assert states == ["not_due", "missing"]
    assert sent_reports([], PLAN, PLAN.period("2022-Q2"), LONG_AFTER) == ()


def test_days_late_run_to_the_receipt_of_a_late_report_and_to_today_for_a_missing_one() -> None:
    today = date(2022, 3, 24)
    late, missing = expected(came(1, date(2022, 3, 16))), expected(today=today)
    assert (days_late(late, today), days_late(missing, today)) == (2, 10)


@pytest.mark.parametrize("library", ["pyarrow", "pandas", "openpyxl", "prefect"])
def test_a_status_imports_no_heavy_library(library: str) -> None:
    code = f"import sys, motcua.cli, flows.desk.status, motcua.printing.period; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0

"""A nonconformity from the day that it is found to the day that it is closed, on real files in a real workspace."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from audit.events import (
    AnyEvent,
    EffectCheck,
    NonconformityActed,
    NonconformityAnalysed,
    NonconformityCancelled,
    NonconformityClosed,
    NonconformityContained,
    NonconformityGone,
    NonconformityImplemented,
    NonconformityObserved,
    NonconformityOpened,
    NonconformityRecorded,
    NonconformityReopened,
    NonconformityReturned,
    NonconformityVerifying,
    PlannedAction,
)
from audit.ledger import Ledger
from audit.register import UncountedEventError, append_counted, register
from audit.steps import Nonconformity
from flows.audits.verify import verify
from flows.entry.authority import NotAllowedError, entered
from flows.entry.door import Door, MisuseError
from flows.intake.submission import withdraw
from flows.measures.periods import latest_consolidation
from flows.register.book import card, lines
from flows.register.record import Told, record
from flows.register.steps import close_by_effect, close_corrected, plan_actions, take_step
from flows.release.publication import publication
from tests.support.office import PERIOD, Office, log, report, small_plan, titles
from tests.support.people import FOUNDER
from tests.support.rule_cases.base import OVERDUE, PENDING

LETTERS = ("Số hồ sơ", "Mã thủ tục", "Phòng ban", "Hình thức nộp", "Trạng thái hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả",
           "Ngày kết thúc xử lý", "Ngày gửi thư xin lỗi", "Ngày hẹn lại")  # fmt: skip
SECOND = "2022-Q2"
LATER_TITLES = titles("15/03/2022", "14/06/2022", "15/06/2022 08:00:00")
ON_TIME_LATER = (
    "H32.15-220405-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/04/2022 | 26/04/2022 | 26/04/2022 | |"
)
OVERDUE_LATER = ON_TIME_LATER.replace("26/04/2022 | |", "27/04/2022 | |")
ANALYST, MANAGER = "Người Thử Nghiệm 017", "Người Thử Nghiệm 018"
AFTER_Q2 = datetime(2022, 6, 20, 2, 0, tzinfo=UTC)


def one(office: Office, rule_id: str, period: str = PERIOD) -> Nonconformity:
    [found] = [
        item for item in office.nonconformities
        if (item.identity.rule_id, item.identity.period) == (rule_id, period)
    ]  # fmt: skip
    return found


def owed(tmp_path: Path) -> Office:
    """Return an office in which a report that was owed had not come when the quarter was consolidated."""
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    office.consolidate()
    return office


def overdue(tmp_path: Path) -> Office:
    """Return an office in which a dossier was overdue without an apology letter."""
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(f"{OVERDUE} | |", headings=LETTERS))
    office.consolidate()
    return office


def released_rows(office: Office, period: str = PERIOD) -> dict[str, list[dict[str, object]]]:
    """Return what a release of the period would say of reports and of nonconformities."""
    plan, chosen = office.workspace.plan, office.workspace.plan.period(period)
    found = latest_consolidation(office.ledger.entries, period)
    assert found is not None
    release = publication(office.workspace, office.ledger, plan, chosen, found[0], office.door.today(plan))
    return {name: release.rows(name) for name in ("reporting", "nonconformities", "indicators")}


def test_a_report_that_comes_late_takes_its_nonconformity_away_and_one_decision_closes_it(tmp_path: Path) -> None:
    office = owed(tmp_path)
    found = one(office, "P001")
    assert (found.state, found.owner, found.gone_at) == ("open", "TV", None)
    assert found.due_on == date(2022, 4, 18)
    taken = office.take(report("TV", {}), "tv.xlsx")
    office.consolidate()
    gone = one(office, "P001")
    assert (gone.state, gone.gone_because, gone.gone_submission) == ("open", "received", taken.number)
    [closed] = close_corrected(office.workspace, office.door, [], office.workspace.plan.period(PERIOD), "đã nhận")
    assert (closed.number, closed.state, closed.reason) == (found.number, "closed_corrected", "đã nhận")
    entry = office.ledger.entries[-1]
    assert (entry.actor, entry.signed_by is not None) == (FOUNDER, True)
    assert verify(office.workspace).problems == []


def test_a_finding_that_comes_back_says_so_and_is_open_again(tmp_path: Path) -> None:
    office = owed(tmp_path)
    taken = office.take(report("TV", {}), "tv.xlsx")
    office.consolidate()
    close_corrected(office.workspace, office.door, [one(office, "P001").number], None, "đã nhận")
    withdraw(office.workspace, office.door, taken.number, "nhầm tệp")
    office.consolidate()
    back = one(office, "P001")
    assert (back.state, back.gone_at, back.returned_at is not None) == ("open", None, True)


def test_a_later_log_that_says_otherwise_takes_a_finding_away(tmp_path: Path) -> None:
    office = overdue(tmp_path)
    assert one(office, "D037").gone_at is None
    says_otherwise = log(f"{OVERDUE} | 25/01/2022 | 27/01/2022", titles(exported="16/03/2022 08:00:00"), LETTERS)
    office.take(says_otherwise, "so-2.csv")
    office.consolidate()
    gone = one(office, "D037")
    assert (gone.state, gone.gone_because, gone.gone_submission) == ("open", "received", "S-0002")


def test_what_cannot_be_evaluated_any_more_is_not_gone(tmp_path: Path) -> None:
    office = overdue(tmp_path)
    withdraw(office.workspace, office.door, "S-0001", "nhầm tệp")
    office.take(log(PENDING), "so-2.csv")
    office.consolidate()
    assert office.outcomes("D037") == {"not_evaluated"}
    assert one(office, "D037").gone_at is None


def releases(tmp_path: Path) -> Iterator[Office]:
    """Yield the small quarter at each moment at which it could be released: a report missing, waived, come, closed."""
    office = owed(tmp_path)
    yield office
    office.waive("P001", "TV")
    yield office
    office.take(report("TV", {}), "tv.xlsx")
    office.consolidate()
    yield office
    close_corrected(office.workspace, office.door, [one(office, "P001").number], None, "đã nhận")
    yield office


def test_every_release_says_the_same_of_a_report_and_of_its_nonconformity(tmp_path: Path) -> None:
    told = []
    for office in releases(tmp_path):
        rows = released_rows(office)
        [reporting] = rows["reporting"]
        [row] = [item for item in rows["nonconformities"] if item["rule_id"] == "P001"]
        item = one(office, "P001")
        today = office.door.today(office.workspace.plan)
        [line] = [
            one for one in lines(office.ledger, office.workspace.plan, today) if one.item.number == item.number
        ]  # fmt: skip
        # The report is missing if and only if the nonconformity about it is still found.
        assert (reporting["state"] == "missing") is (row["gone_at"] is None)
        assert (row["state"], row["is_open"], row["due_on"]) == (item.state, item.is_open, item.due_now_on)
        assert (row["gone_submission"], reporting["submission"]) in ((None, None), (reporting["submission"],) * 2)
        assert row["waiver_number"] == (line.waiver.number if line.waiver else None)
        open_count = next(
            figure["open_nonconformity_count"] for figure in rows["indicators"]
            if (figure["indicator_id"], figure["unit_code"]) == ("reports_on_time_share", "")
        )  # fmt: skip
        assert open_count == sum(
            bool(item["is_open"]) for item in rows["nonconformities"] if item["dataset"] == "reporting"
        )
        told.append((reporting["state"], row["state"], row["waiver_number"]))
    assert told == [
        ("missing", "open", None), ("missing", "open", "W-0001"), ("on_time", "open", "W-0001"),
        ("on_time", "closed_corrected", "W-0001"),
    ]  # fmt: skip


def manager(office: Office) -> Door:
    """Return the door of a quality manager who neither owns nor does anything."""
    return office.appoint(MANAGER, "quality_manager")


def steps_until_verifying(office: Office, item: Nonconformity, done_on: date = date(2022, 3, 14)) -> None:
    workspace, door, number = office.workspace, office.door, item.number

    def recorded(event: object) -> None:
        take_step(workspace, door, "record_nonconformity", event)  # type: ignore[arg-type]

    recorded(NonconformityContained(number=number, correction="gửi thư xin lỗi"))
    recorded(NonconformityAnalysed(number=number, method="5-why", cause="thiếu người", similar="không"))
    action = PlannedAction(
        number=1, kind="corrective", text="nhắc hạn", owner="QLVHGD", due_on=date(2022, 4, 29)
    )  # fmt: skip
    plan_actions(workspace, door, number, [action], 1)
    recorded(NonconformityActed(number=number, action=1, done_on=done_on, evidence="thông báo 017"))
    recorded(NonconformityImplemented(number=number, risks="không đổi", system="có"))
    take_step(workspace, manager(office), "decide_nonconformity", NonconformityVerifying(number=number))


def verifying(tmp_path: Path) -> Office:
    office = overdue(tmp_path)
    # Planned and acted on before the second quarter begins.
    office.at = datetime(2022, 3, 14, 2, 0, tzinfo=UTC)
    steps_until_verifying(office, one(office, "D037"))
    return office


def test_later_data_alone_close_it_as_effective(tmp_path: Path) -> None:
    office = verifying(tmp_path)
    number = one(office, "D037").number
    with pytest.raises(MisuseError, match="0/1"):
        close_by_effect(office.workspace, manager(office), number, "đạt")
    office.at = AFTER_Q2
    office.take(log(ON_TIME_LATER, LATER_TITLES, LETTERS), "so-2.csv")
    office.consolidate(SECOND)
    closed = close_by_effect(office.workspace, manager(office), number, "đạt")
    assert closed.state == "closed_effective"
    [check] = closed.checks
    assert (check.period, check.holds, check.checked_count) == (SECOND, True, 2)
    told = card(office.workspace, office.ledger, office.workspace.plan, number, date(2022, 6, 20))
    assert [event.event.removeprefix("nonconformity_") for _, event in told.history] == [
        "opened", "contained", "analysed", "planned", "acted", "implemented", "verifying", "closed",
    ]  # fmt: skip
    assert verify(office.workspace).problems == []


def test_actions_that_did_not_work_go_on_in_the_one_that_later_data_opened(tmp_path: Path) -> None:
    office = verifying(tmp_path)
    office.at = AFTER_Q2
    office.take(log(OVERDUE_LATER, LATER_TITLES, LETTERS), "so-2.csv")
    office.consolidate(SECOND)
    after = one(office, "D037", SECOND)
    assert (after.recurrence_of, after.recurrence_count, after.grade) == ("NC-2022-Q1-001", 1, "major")
    closed = close_by_effect(office.workspace, manager(office), "NC-2022-Q1-001", "vẫn quá hạn")
    assert (closed.state, closed.followed_by) == ("closed_ineffective", after.number)
    with pytest.raises(MisuseError, match=f"goes on in {after.number}"):
        take_step(
            office.workspace, office.door, "decide_nonconformity",
            NonconformityReopened(number=closed.number, reason="còn"),
        )  # fmt: skip


def test_a_minor_one_that_recurs_is_graded_up_and_due_as_a_major_one(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    office.consolidate()
    office.at = AFTER_Q2
    office.consolidate("2022-H1")
    again = one(office, "P001", "2022-H1")
    assert (again.recurrence_of, again.grade, again.due_on) == (one(office, "P001").number, "major", date(2022, 7, 4))


def test_what_was_taken_away_before_is_no_recurrence(tmp_path: Path) -> None:
    office = owed(tmp_path)
    office.take(report("TV", {}), "tv.xlsx")
    office.consolidate()
    office.at = AFTER_Q2
    office.consolidate("2022-H1")
    again = one(office, "P001", "2022-H1")
    assert (again.recurrence_of, again.grade) == (None, "minor")


def test_an_analyst_records_and_only_the_quality_manager_decides(tmp_path: Path) -> None:
    office = owed(tmp_path)
    analyst: Door = office.appoint(ANALYST, "analyst")
    number = one(office, "P001").number
    event = NonconformityContained(number=number.lower(), correction="đã nhắc")
    take_step(office.workspace, analyst, "record_nonconformity", event)
    with pytest.raises(NotAllowedError):
        close_corrected(office.workspace, analyst, [number], None, "đã nhắc")
    assert close_corrected(office.workspace, manager(office), [number], None, "đã nhắc")[0].decided_by == MANAGER


def test_several_are_closed_together_or_none(tmp_path: Path) -> None:
    office = overdue(tmp_path)
    told = Told("complaint", "minor", "ISO 9001:2015, 8.2", "Một cửa", "khiếu nại về thái độ")
    minor = record(office.workspace, office.door, office.workspace.plan.period(PERIOD), told)
    assert (minor.number, minor.source, minor.owner) == ("NC-2022-Q1-002", "complaint", "VP")
    take_step(
        office.workspace, office.door, "record_nonconformity",
        NonconformityContained(number=minor.number, correction="xin lỗi"),
    )  # fmt: skip
    before = office.ledger.size
    with pytest.raises(MisuseError, match="NC-2022-Q1-001"):
        close_corrected(office.workspace, office.door, [minor.number, "NC-2022-Q1-001"], None, "gộp")
    assert office.ledger.size == before
    assert close_corrected(office.workspace, office.door, [minor.number], None, "gộp")[0].state == "closed_corrected"


def test_a_line_that_skips_a_gate_counts_for_nothing_and_is_named(tmp_path: Path) -> None:
    office = overdue(tmp_path)
    door = office.door
    with entered(office.workspace, door, "decide_nonconformity") as ledger:
        ledger.append(door.stamp, "nc verifying", [NonconformityVerifying(number="NC-2022-Q1-001")])
    assert office.ledger.entries[-1].signed_by is not None
    assert one(office, "D037").state == "open"
    assert any("no containment is recorded" in problem for problem in verify(office.workspace).problems)


def test_the_register_is_told_as_of_any_line(tmp_path: Path) -> None:
    office = verifying(tmp_path)
    ledger = Ledger(office.workspace.ledger)
    states = [register(ledger.up_to(size).entries)["NC-2022-Q1-001"].state for size in range(3, ledger.size + 1)]
    kept = list(dict.fromkeys(states))
    assert kept == ["open", "contained", "analysed", "planned", "in_progress", "implemented", "verifying"]


def other_than_consolidating(office: Office, *events: AnyEvent) -> list[str]:
    """Write a line by hand, signed as it should be, that consolidates nothing; return what `verify` says of it."""
    with entered(office.workspace, office.door, "decide_nonconformity") as ledger:
        seq = ledger.append(office.door.stamp, "nc", events).seq
    return [problem for problem in verify(office.workspace).problems if f"line {seq}:" in problem]


def recorded_as(number: str) -> NonconformityRecorded:
    return NonconformityRecorded(
        number=number, source="person", period=PERIOD, unit_code="TV", clause="8.5.1", process="x", grade="minor",
        description="x", owner="TV", due_on=None,
    )  # fmt: skip


@pytest.mark.parametrize("number", ["NC-2022-Q1-003", "NC-2022-Q2-002", "NC-2022-Q1-02", "NC-2022-Q1-001"])
def test_another_number_than_the_next_opens_nothing_and_hides_nothing_that_comes_after(
    tmp_path: Path, number: str
) -> None:
    office = overdue(tmp_path)
    before = register(office.ledger.entries)
    assert any(number in problem for problem in other_than_consolidating(office, recorded_as(number)))
    assert register(office.ledger.entries) == before
    told = Told("complaint", "major", "8.2.1", "Tiếp công dân", "khiếu nại quan trọng")
    for expected in ("NC-2022-Q1-002", "NC-2022-Q1-003"):
        added = record(office.workspace, office.door, office.workspace.plan.period(PERIOD), told)
        assert (added.number, added.description) == (expected, told.description)


def test_what_would_not_count_is_not_written(tmp_path: Path) -> None:
    office = overdue(tmp_path)
    ledger = office.ledger
    with pytest.raises(UncountedEventError, match="the next number of the period is NC-2022-Q1-002"):
        append_counted(ledger, office.door.stamp, "nc open", [recorded_as("NC-2022-Q1-003")])
    assert office.ledger.size == ledger.size


OPENED_BY_HAND = NonconformityOpened(
    number="NC-2022-Q1-002", rule_id="D001", rule_version=1, unit_code="TV", period=PERIOD, dataset="dossier",
    grade="major", clause="1", checked_count=1, failing_count=1, evidence=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (NonconformityGone(number="NC-2022-Q1-001", because="corrected"), "consolidates no 2022-Q1"),
        (NonconformityObserved(number="NC-2022-Q1-001", checked_count=0, failing_count=0), "consolidates no 2022-Q1"),
        (NonconformityReturned(number="NC-2022-Q1-001", checked_count=9, failing_count=9), "consolidates no 2022-Q1"),
        (NonconformityGone(number="NC-2022-Q1-009", because="corrected"), "there is no such nonconformity"),
        (OPENED_BY_HAND, "consolidates no 2022-Q1"),
    ],
)
def test_what_a_consolidation_tells_counts_in_its_own_line_alone(tmp_path: Path, event: AnyEvent, said: str) -> None:
    office = overdue(tmp_path)
    before = register(office.ledger.entries)
    assert any(said in problem for problem in other_than_consolidating(office, event))
    assert register(office.ledger.entries) == before


@pytest.mark.parametrize("duplicate_of", [None, "NC-2022-Q1-001"])
def test_a_decision_about_what_a_later_period_found_makes_no_action_effective(
    tmp_path: Path, duplicate_of: str | None
) -> None:
    office = verifying(tmp_path)
    office.at = AFTER_Q2
    office.take(log(OVERDUE_LATER, LATER_TITLES, LETTERS), "so-2.csv")
    office.consolidate(SECOND)
    after = one(office, "D037", SECOND)
    away = NonconformityCancelled(number=after.number, reason="không phải lỗi", duplicate_of=duplicate_of)
    take_step(office.workspace, manager(office), "decide_nonconformity", away)
    with pytest.raises(MisuseError, match=f"motcua nc reopen {after.number}"):
        close_by_effect(office.workspace, manager(office), "NC-2022-Q1-001", "đạt")
    shown = card(office.workspace, office.ledger, office.workspace.plan, "NC-2022-Q1-001", date(2022, 6, 20))
    assert [(check.period, check.holds, check.failing_count) for check in shown.checks] == [(SECOND, False, 1)]
    again = NonconformityReopened(number=after.number, reason="còn")
    assert take_step(office.workspace, manager(office), "decide_nonconformity", again).duplicate_of is None
    closed = close_by_effect(office.workspace, manager(office), "NC-2022-Q1-001", "vẫn quá hạn")
    assert (closed.state, closed.followed_by) == ("closed_ineffective", after.number)


def test_a_check_that_no_consolidation_made_closes_nothing(tmp_path: Path) -> None:
    office = verifying(tmp_path)
    office.at = AFTER_Q2
    office.take(log(ON_TIME_LATER, LATER_TITLES, LETTERS), "so-2.csv")
    office.consolidate(SECOND)
    number = "NC-2022-Q1-001"
    check = EffectCheck(
        period=SECOND, first_day=date(2022, 3, 15), seq=2, holds=True, checked_count=5, failing_count=0
    )  # fmt: skip
    event = NonconformityClosed(number=number, outcome="effective", reason="tốt", checks=(check,))
    door = manager(office)
    with entered(office.workspace, door, "decide_nonconformity") as ledger:
        ledger.append(door.stamp, "nc closed", [event])
    assert one(office, "D037").state == "verifying"
    assert any("does not say so" in problem for problem in verify(office.workspace).problems)


def test_who_owned_it_once_or_contained_it_decides_nothing_by_handing_it_on(tmp_path: Path) -> None:
    office = overdue(tmp_path)
    period = office.workspace.plan.period(PERIOD)
    told = Told("person", "minor", "8.2.1", "Một cửa", "x", owner=FOUNDER)
    number = record(office.workspace, office.door, period, told).number
    handed_on = NonconformityContained(number=number, correction="đã sửa", owner="TV")
    take_step(office.workspace, office.door, "record_nonconformity", handed_on)
    with pytest.raises(MisuseError, match="owns it or did"):
        close_corrected(office.workspace, office.door, [number], None, "x")
    contained = NonconformityContained(number="NC-2022-Q1-001", correction="đã sửa")
    take_step(office.workspace, office.door, "record_nonconformity", contained)
    with pytest.raises(MisuseError, match="contained it or acted on it"):
        take_step(
            office.workspace, office.door, "decide_nonconformity",
            NonconformityCancelled(number="NC-2022-Q1-001", reason="x"),
        )  # fmt: skip


def test_duplicates_never_stand_in_a_circle(tmp_path: Path) -> None:
    office = overdue(tmp_path)
    period = office.workspace.plan.period(PERIOD)
    first, second, third = (
        record(office.workspace, office.door, period, Told("person", "minor", "8", "x", "x")).number for _ in range(3)
    )

    def call(number: str, other: str) -> Nonconformity:
        event = NonconformityCancelled(number=number, reason="trùng", duplicate_of=other)
        return take_step(office.workspace, manager(office), "decide_nonconformity", event)

    assert call(first, second).state == "duplicate"
    with pytest.raises(MisuseError, match="stands for no other"):
        call(second, first)
    with pytest.raises(MisuseError, match="are its duplicates"):
        call(second, third)
    again = NonconformityReopened(number=first, reason="khác")
    take_step(office.workspace, manager(office), "decide_nonconformity", again)
    assert call(second, third).duplicate_of == third

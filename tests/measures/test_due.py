"""Which periods the schedule brings up to date: what was missed, what became outdated, until a person has them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.measures.due import Missed, missed, outdated, to_consolidate
from tests.support.office import PLAN_FOLDER, Office, log, titles

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SIX = time(6)
LATE_LOG = log(
    """
    H32.15-220705-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/07/2022 | 26/07/2022 | 20/07/2022
    """,
    titles("15/06/2022", "14/09/2022", "15/09/2022 08:00:00"),
)


def at(day: int, month: int, hour: int = 8) -> datetime:
    return datetime(2022, month, day, hour, tzinfo=HANOI)


def ids(office: Office, now: datetime) -> dict[str, Missed]:
    return {one.period.id: one for one in missed(office.ledger, office.workspace.plan, now, SIX)}


def consolidate(office: Office, now: datetime, period: str) -> None:
    office.at = now.astimezone(UTC)
    office.consolidate(period)


@pytest.fixture
def due_office(tmp_path: Path) -> Office:
    """An office under the department's own plan, with all that is due; it was made on 20/3."""
    return Office.new(tmp_path, PLAN_FOLDER)


def test_what_passed_before_the_workspace_was_made_concerns_nobody(due_office: Office) -> None:
    assert ids(due_office, at(21, 3)) == {}


def test_a_cut_off_that_passed_while_nothing_ran_is_missed_until_the_period_is_consolidated(office: Office) -> None:
    assert ids(office, at(15, 6, 5)) == {}, "it is not six o'clock yet"
    assert ids(office, at(16, 6)) == {
        name: Missed(office.workspace.plan.period(name), at(15, 6, 6)) for name in ("2022-Q2", "2022-H1")
    }
    consolidate(office, at(16, 6), "2022-Q2")
    assert set(ids(office, at(16, 6, 9))) == {"2022-H1"}
    consolidate(office, at(16, 6, 9), "2022-H1")
    assert ids(office, at(16, 6, 10)) == {}


def test_only_the_latest_moment_of_a_period_is_made_up_for_and_the_skipped_ones_are_named(due_office: Office) -> None:
    found = ids(due_office, at(20, 12))["2022-Y"]
    assert (found.at, found.skipped) == (at(17, 12, 6), (at(25, 11, 6), at(15, 12, 6)))


def test_a_report_that_became_due_after_the_consolidation_is_a_moment_of_its_own(due_office: Office) -> None:
    consolidate(due_office, at(15, 6), "2022-Q2")
    assert "2022-Q2" not in ids(due_office, at(16, 6, 23))
    found = ids(due_office, at(17, 6))["2022-Q2"]
    assert (found.at, found.skipped) == (at(17, 6, 6), ())


def test_a_moment_is_settled_by_figures_that_would_be_the_same_today(office: Office) -> None:
    consolidate(office, at(15, 6, 5), "2022-Q2")
    assert "2022-Q2" not in ids(office, at(15, 6))


def test_what_comes_later_makes_a_consolidated_period_outdated_until_a_release_is_asked_for(office: Office) -> None:
    plan = office.workspace.plan
    for period in ("2022-Q3", "2022-9M"):
        consolidate(office, at(15, 9), period)
    assert outdated(office.ledger, plan, date(2022, 9, 15)) == ()
    office.take(LATE_LOG, received_on=date(2022, 9, 15))
    found = to_consolidate(office.ledger, plan, at(15, 9), SIX)
    assert [one.id for one in found if one.id in ("2022-Q3", "2022-9M")] == ["2022-Q3", "2022-9M"]
    consolidate(office, at(15, 9), "2022-Q3")
    office.settle("2022-Q3")
    assert office.publish("2022-Q3").is_new
    office.take(LATE_LOG.replace(b"-0001", b"-0002"), "muon.csv", received_on=date(2022, 9, 15))
    chosen = {one.id for one in to_consolidate(office.ledger, plan, at(16, 9), SIX, (plan.period("2022-Q3"),))}
    assert "2022-9M" in chosen
    assert "2022-Q3" not in chosen, "its figures are in a person's hand"


def test_parts_come_before_their_sums_whatever_the_plan_s_order(office: Office) -> None:
    plan = replace(office.workspace.plan, periods=tuple(reversed(office.workspace.plan.periods)))
    found = [one.id for one in to_consolidate(office.ledger, plan, at(20, 12), SIX)]
    assert found.index("2022-Q2") < found.index("2022-H1") < found.index("2022-Q3") < found.index("2022-9M")
    assert found.index("2022-Q4") < min(found.index("2022-H2"), found.index("2022-Y"))

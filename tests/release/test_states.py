"""A release is asked for, approved by somebody else, published once its embargo is over, superseded, withdrawn."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from audit.events import ActionRefused, PublicationRefused
from audit.releases import in_force, versions
from audit.waivers import waivers
from flows.entry.authority import NotAllowedError
from flows.entry.door import MisuseError
from flows.release.decisions import approve, request, withdraw_release
from flows.release.publication import publication
from flows.release.publish import publish, release_folder
from flows.release.waive import revoke, waive
from tests.support.office import PERIOD, Office, log, report, small_plan, titles
from tests.support.people import APPROVER, FOUNDER

SOUND = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
LATER = "H32.15-220106-0002 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 06/01/2022 | 27/01/2022 | 20/01/2022"
# One date that is none, among enough rows for it to be the exception.
BROKEN = "H32.15-220106-0003 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 06/01/2022 | 28/03/2022 | 31/02/2022"
MANY = "\n".join(SOUND.replace("-0001", f"-{number:04d}") for number in range(101, 141))


@pytest.fixture
def ready(tmp_path: Path) -> Office:
    """An office with one sound log, consolidated, and an approver."""
    made = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    made.take(log(SOUND))
    made.consolidate()
    made.appoint_approver()
    return made


def period_of(office: Office):
    return office.workspace.plan.period(PERIOD)


def states(office: Office) -> list[str]:
    return [one.state for one in versions(office.ledger.entries, PERIOD)]


def ask(office: Office, reason: str = "", embargo: datetime | None = None):
    return request(office.workspace, office.door, period_of(office), reason, embargo)


def agree(office: Office) -> None:
    approve(office.workspace, office.door_of(APPROVER), period_of(office))


def leave(office: Office):
    return publish(office.workspace, office.door, period_of(office))


def test_the_states_follow_one_another(ready: Office) -> None:
    assert states(ready) == []
    ask(ready)
    assert states(ready) == ["requested"]
    agree(ready)
    assert states(ready) == ["approved"]
    assert leave(ready).version == 1
    assert states(ready) == ["published"]
    ready.take(log(f"{SOUND}\n{LATER}", titles(exported="16/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 16))
    ready.consolidate()
    ask(ready, "bổ sung hồ sơ")
    assert states(ready) == ["published", "requested"]
    agree(ready)
    assert leave(ready).version == 2
    assert states(ready) == ["superseded", "published"]
    withdraw_release(ready.workspace, ready.door_of(APPROVER), period_of(ready), "sai biểu mẫu")
    assert states(ready) == ["superseded", "withdrawn"]
    assert in_force(ready.ledger.entries, PERIOD) is None
    assert release_folder(ready.workspace, PERIOD, 2).is_dir()


def test_whoever_asked_may_not_approve_and_the_attempt_is_recorded(ready: Office) -> None:
    ready.appoint(FOUNDER, "approver")
    ask(ready)
    with pytest.raises(NotAllowedError, match="may not decide"):
        approve(ready.workspace, ready.door, period_of(ready))
    refused = ready.ledger.entries[-1].events[0]
    assert isinstance(refused, ActionRefused)
    assert refused.action == "approve_release"
    assert states(ready) == ["requested"]


def test_nothing_is_published_that_nobody_asked_for_or_approved(ready: Office) -> None:
    assert [reason for reason in leave(ready).reasons if "Nobody has asked" in reason]
    ask(ready)
    assert [reason for reason in leave(ready).reasons if "Not approved yet" in reason]
    assert not release_folder(ready.workspace, PERIOD, 1).exists()


def test_what_was_approved_is_what_is_published(ready: Office) -> None:
    ask(ready)
    agree(ready)
    ready.take(log(f"{SOUND}\n{LATER}", titles(exported="16/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 16))
    ready.consolidate()
    assert [reason for reason in leave(ready).reasons if "no longer those" in reason]
    assert ask(ready).version == 1
    agree(ready)
    assert leave(ready).version == 1


def test_an_embargo_holds_until_its_moment(ready: Office) -> None:
    ask(ready, embargo=datetime(2022, 3, 25, 8, 0))
    agree(ready)
    assert [reason for reason in leave(ready).reasons if "embargo until 25/03/2022 08:00" in reason]
    ready.at += timedelta(days=5)
    assert leave(ready).version == 1


def test_a_restatement_says_why(ready: Office) -> None:
    ask(ready)
    agree(ready)
    leave(ready)
    ready.take(log(f"{SOUND}\n{LATER}", titles(exported="16/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 16))
    ready.consolidate()
    with pytest.raises(MisuseError, match="--reason"):
        ask(ready)
    ask(ready, "bổ sung hồ sơ")
    assert [one.restatement for one in versions(ready.ledger.entries, PERIOD)] == ["first", "minor"]


def test_the_gate_gives_all_its_reasons_at_once_and_records_them(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="BT"))
    office.take(log(f"{SOUND}\n{BROKEN}\n{LATER.replace('220106', '220105')}"))
    office.consolidate()
    office.take(log(SOUND, titles(exported="17/03/2022 08:00:00")), "so-3.csv", date(2022, 3, 17))
    refused = ask(office)
    said = " ".join(refused.reasons)
    owed = "Báo cáo cải cách hành chính định kỳ (cchc), Bảo tàng (BT): chưa nhận / missing"
    warned = "without justification: Ngày trong mã hồ sơ khác ngày tiếp nhận"
    for expected in ("older than the data", owed, "neither received nor waived", warned, "(D013): 1 chỗ / places"):
        assert expected in said, expected
    event = office.ledger.entries[-1].events[0]
    assert isinstance(event, PublicationRefused)
    assert event.reasons == refused.reasons


def test_an_open_fatal_finding_stops_a_release_until_later_data_or_a_waiver_answers_it(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(f"{MANY}\n{BROKEN}"))
    office.consolidate()
    stopped = [reason for reason in office.publish().reasons if "motcua waive" in reason]
    named = "Ô ngày không đọc được theo định dạng của hồ sơ kê khai (D001): QLVH&GĐ (QLVHGD), 1 chỗ"
    assert [reason for reason in stopped if named in reason], stopped
    office.waive("D001")
    published = office.publish()
    assert published.version == 1
    assert published.folder is not None
    assert "W-0001" in (published.folder / "data" / "waivers.csv").read_text("utf-8")
    results = (published.folder / "data" / "rule_results.csv").read_text("utf-8").splitlines()
    assert [line for line in results if line.startswith("D001,") and ",waived,W-0001: " in line]


def test_a_corrected_export_answers_the_findings_of_the_one_before(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(f"{MANY}\n{BROKEN}"))
    mended = BROKEN.replace("31/02/2022", "")
    office.take(log(f"{MANY}\n{mended}", titles(exported="16/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 16))
    office.consolidate()
    assert not [reason for reason in office.publish().reasons if "D001" in reason]


def test_a_waiver_ends_on_its_last_day_and_the_rule_binds_again(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(f"{MANY}\n{BROKEN}"))
    office.consolidate()
    last = office.door.today(office.workspace.plan)
    waive(office.workspace, office.door, period_of(office), "D001", None, "chờ sổ mới", last)
    assert not [reason for reason in ask(office).reasons if "D001" in reason]
    office.appoint_approver()
    agree(office)
    office.at += timedelta(days=1)
    assert [reason for reason in leave(office).reasons if "D001" in reason]


def test_a_revoked_waiver_stays_in_the_list_and_holds_no_more(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(f"{MANY}\n{BROKEN}"))
    office.consolidate()
    office.waive("D001")
    revoke(office.workspace, office.door, "W-0001", "đã có sổ mới")
    [found] = waivers(office.ledger.entries)
    assert (found.revoked_because, found.is_in_force(date(2022, 3, 20))) == ("đã có sổ mới", False)
    assert [reason for reason in office.publish().reasons if "D001" in reason]


def test_a_broken_identity_cannot_be_waived(ready: Office) -> None:
    until = ready.door.today(ready.workspace.plan)
    with pytest.raises(MisuseError, match="cannot be waived"):
        waive(ready.workspace, ready.door, period_of(ready), "F001", None, "không được", until)


@pytest.mark.parametrize(
    ("rule_id", "reason", "days", "message"),
    [
        pytest.param("D001", " ", 1, "--reason", id="no reason"),
        pytest.param("D001", "có", -1, "ngày đã qua", id="a day that is over"),
        pytest.param("D001", "có", 1, "fails nowhere here", id="a rule that finds nothing"),
    ],
)
def test_a_mistake_about_a_waiver_records_nothing(
    ready: Office, rule_id: str, reason: str, days: int, message: str
) -> None:
    before = ready.ledger.size
    until = ready.door.today(ready.workspace.plan) + timedelta(days=days)
    with pytest.raises(MisuseError, match=message):
        waive(ready.workspace, ready.door, period_of(ready), rule_id, None, reason, until)
    assert ready.ledger.size == before


def test_a_figure_says_how_far_it_can_be_relied_on(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="BT"))
    office.take(log(f"{MANY}\n{BROKEN}"))
    office.take(report("BT", {"A9.1": 100, "A9.2": 90}), "bao-cao.xlsx")
    office.consolidate()
    office.settle()
    folder = office.publish().folder
    assert folder is not None
    rows = list(csv.DictReader((folder / "data" / "indicators.csv").read_text("utf-8-sig").splitlines()))
    of = {row["indicator_id"]: row for row in rows if row["unit_code"] == "" and row["dimension"] == ""}
    names = ("label", "coverage_accepted", "coverage_read", "open_nonconformity_count", "waiver_count")
    said = {name: tuple(of[name][column] for column in names) for name in ("early_share", "satisfaction")}
    # One row of the log was rejected, opened a nonconformity and was accepted as it is.
    assert said["early_share"] == ("final", "40", "41", "1", "1")
    assert said["satisfaction"] == ("final", "1", "1", "0", "0")
    assert tuple(of["procedures_announced_share"][column] for column in names)[:3] == ("final", "", "")


def test_a_figure_of_a_period_that_is_not_over_is_provisional(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.at -= timedelta(days=10)
    office.take(log(MANY, titles(exported="09/03/2022 08:00:00")), received_on=date(2022, 3, 9))
    office.consolidate()
    found = publication(
        office.workspace,
        office.ledger,
        office.workspace.plan,
        period_of(office),
        office.ledger.entries[-1],
        office.door.today(office.workspace.plan),
    )
    labels = {str(row["label"]) for row in found.rows("indicators")}
    assert labels == {"provisional", "missing"}

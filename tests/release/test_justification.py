"""A warning passes only with a justification, which is recorded, covers a count, and is published."""

import json
from datetime import date
from pathlib import Path

import pytest

from flows.entry.door import MisuseError
from flows.release.justify import Warned, justify, warned
from tests.support.office import PERIOD, Office, log, small_plan, titles

SOUND = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
# Filed under the day before: D013 warns of the row and keeps it.
WARNED = "H32.15-220105-0002 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 06/01/2022 | 27/01/2022 | 20/01/2022"
MORE = "H32.15-220105-0003 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 06/01/2022 | 27/01/2022 | 20/01/2022"
REASON = "Nộp trực tuyến ngoài giờ ngày hôm trước"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    made.take(log(f"{SOUND}\n{WARNED}"))
    made.consolidate()
    return made


def warnings(office: Office) -> list[Warned]:
    return list(
        warned(
            office.workspace,
            office.ledger,
            office.workspace.plan,
            office.workspace.plan.period(PERIOD),
            office.door.today(office.workspace.plan),
        )
    )


def say(office: Office, rule_id: str = "D013", unit: str | None = None, reason: str = REASON) -> None:
    justify(office.workspace, office.door, office.workspace.plan.period(PERIOD), rule_id, unit, reason)


def test_the_gate_names_every_rule_that_nobody_has_justified(office: Office) -> None:
    refused = office.publish()
    assert refused.version is None
    assert [reason for reason in refused.reasons if "(D013): 1 chỗ" in reason and "motcua justify" in reason]


def test_what_was_justified_is_published_with_its_reason(office: Office) -> None:
    say(office)
    published = office.publish()
    assert published.version == 1
    assert published.folder is not None
    said = (published.folder / "data" / "validation_summary.csv").read_text("utf-8")
    assert REASON in said
    assert [w.is_justified for w in warnings(office)] == [True]


def test_a_justification_does_not_speak_for_what_came_later(office: Office) -> None:
    say(office)
    again = log(f"{SOUND}\n{WARNED}\n{MORE}", titles(exported="16/03/2022 08:00:00"))
    office.take(again, "so-2.csv", date(2022, 3, 16))
    office.consolidate()
    assert [(w.failing_count, w.is_justified) for w in warnings(office)] == [(3, False)]
    assert office.publish().reasons
    say(office)
    assert office.publish().version == 1


def test_another_unit_is_not_covered(office: Office) -> None:
    with pytest.raises(MisuseError, match="D013 không cảnh báo gì ở đây"):
        say(office, unit="VP")
    say(office, unit="QLVHGD")
    assert office.publish().version == 1


@pytest.mark.parametrize(
    ("rule_id", "reason", "message"),
    [
        pytest.param("D001", REASON, "2022-Q1: D013", id="a rule that warns of nothing"),
        pytest.param("D013", "  ", "--reason trống", id="no reason"),
    ],
)
def test_a_mistake_records_nothing(office: Office, rule_id: str, reason: str, message: str) -> None:
    before = office.ledger.size
    with pytest.raises(MisuseError, match=message):
        say(office, rule_id, None, reason)
    assert office.ledger.size == before


def test_what_was_said_first_stays_in_the_ledger(office: Office) -> None:
    say(office)
    say(office, reason="Đã đối chiếu với nhật ký cổng dịch vụ công")
    reasons = [
        event["reason"]
        for line in office.ledger.lines
        for event in json.loads(line)["events"]
        if event["event"] == "warning_justified"
    ]
    assert reasons == [REASON, "Đã đối chiếu với nhật ký cổng dịch vụ công"]

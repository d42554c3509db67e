"""A file's own name and the day on which it came, held against what a report says of itself."""

import hashlib
from datetime import date

import pytest

from sources.files.file_name import Spoken, contradictions, spoken
from sources.reports.report import read_report
from tests.support.filled_report import PLAN, RULES, SOUND, filled

DAY = date(2022, 3, 14)


def told(name: str, received_on: date = DAY) -> dict[str, str | None]:
    content = filled(SOUND)
    reading = read_report(
        content, hashlib.sha256(content).hexdigest(), PLAN, RULES, file_name=name, received_on=received_on
    )
    return {one.rule_id: one.expected for one in reading.findings if one.rule_id in ("R070", "R071")}


@pytest.mark.parametrize(
    ("name", "part", "year"),
    [
        ("TV-bao-cao-CCHC-2022-Q2-lan-2", "Q2", "2022"),
        ("bao cao quy-1", "Q1", None),
        ("Báo cáo Quý IV năm 2022", "Q4", "2022"),
        ("BAO_CAO_QUY_III_2022", "Q3", "2022"),
        ("báo cáo 6 tháng đầu năm 2022", "H1", "2022"),
        ("bao cao 6thang cuoi nam 2022", "H2", "2022"),
        ("9 thang 2022", "9M", "2022"),
        ("2022-9M", "9M", "2022"),
        ("cả năm 2022", "Y", "2022"),
        ("kế hoạch năm 2022", None, "2022"),
        ("quý 1 và quý 2 năm 2022", None, "2022"),
        ("quyet dinh 12022", None, None),
        ("mười 16 thang", None, None),
    ],
)
def test_periods_are_understood_as_people_write_them(name: str, part: str | None, year: str | None) -> None:
    said = spoken(name, PLAN)
    assert (said.part, said.year) == (part, year)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("TV-bao-cao", {"TV"}),
        ("bao_cao_thu-vien", {"TV"}),
        ("Báo cáo Bảo tàng gửi Văn phòng", {"BT", "VP"}),
        ("TVBT", set()),
        ("Bảo tàngg", set()),
    ],
)
def test_units_are_whole_words(name: str, codes: set[str]) -> None:
    assert spoken(name, PLAN).unit_codes == codes


def test_a_name_that_says_nothing_contradicts_nothing() -> None:
    assert contradictions(Spoken(None, None, frozenset()), [PLAN.period("2022-Q1")], "TV") == ()


def test_another_period_and_another_unit_are_told_without_the_name() -> None:
    assert told("Người Thử Nghiệm 017, Quý II 2022") == {"R070": "tên tệp nói / file name says 2022-Q2"}
    assert told("Người Thử Nghiệm 017 BT") == {"R070": "tên tệp nói / file name says BT"}
    assert told("năm 2021") == {"R070": "tên tệp nói / file name says 2021"}


@pytest.mark.parametrize("name", ["TV-2022-Q1", "Thư viện, quý 1", "TV gửi VP", "x", "năm 2022"])
def test_a_name_that_agrees_is_silent(name: str) -> None:
    assert told(name) == {}


def test_a_period_that_has_not_begun_is_asked_about() -> None:
    assert told("x", date(2021, 12, 14)) == {"R071": "từ 15/12/2021 / from that day on"}
    assert told("x", date(2021, 12, 15)) == {}

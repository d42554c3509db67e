"""Texts of cells: Vietnamese numbers, time limits and Excel's serials are read as they are meant, and never guessed."""

import csv
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from sources.files.number_text import NumberText, read_number
from sources.files.serial_day import serial_moment
from sources.logs.cast import moments
from sources.logs.deadline import Deadline, read_deadline
from sources.logs.number_code import completed_code

CHANNELS = Path(__file__).parents[3] / "shared" / "data" / "procedures" / "tthc_207_channels.csv"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.234", NumberText("number", Decimal(1234))),
        ("98,75", NumberText("number", Decimal("98.75"))),
        ("98,75%", NumberText("percent", Decimal("98.75"))),
        ("0", NumberText("number", Decimal(0))),
        ("-", NumberText("dash")),
        (" – ", NumberText("dash")),
        ("", NumberText("blank")),
        ("Không phát sinh", NumberText("no_cases")),
        ("1.5", NumberText("other")),
        ("khoảng 120", NumberText("other")),
    ],
)
def test_a_thousand_a_share_a_dash_a_blank_a_zero_and_no_cases_are_different_things(
    text: str, read: NumberText
) -> None:
    assert read_number(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("30 Ngày làm việc", Deadline("limit", Decimal(30), "working_days")),
        ("05 Ngày", Deadline("limit", Decimal(5), "calendar_days")),
        ("0.5 Giờ", Deadline("limit", Decimal("0.5"), "hours")),
        ("  ", Deadline("blank")),
        ("Không quy định", Deadline("other")),
        ("10-25", Deadline("other")),
        ("30", Deadline("other")),
        ("5 Ngày hoặc 7 Ngày", Deadline("other")),
        ("3 tuần", Deadline("other")),
    ],
)
def test_a_time_limit_is_read_or_left_alone(text: str, read: Deadline) -> None:
    assert read_deadline(text) == read


@pytest.mark.skipif(not CHANNELS.exists(), reason="../shared/data/procedures is absent")
def test_the_time_limits_of_a_ministry_are_read_and_none_is_guessed() -> None:
    with CHANNELS.open(encoding="utf-8-sig", newline="") as file:
        read = [read_deadline(row["thoi_han"]) for row in csv.DictReader(file)]
    assert Counter(one.unit or one.kind for one in read) == {
        "working_days": 176, "calendar_days": 186, "hours": 44, "blank": 7, "other": 49,
    }  # fmt: skip
    assert all((one.value is None) == (one.kind != "limit") for one in read)


def test_a_serial_is_read_in_the_date_system_that_lies_near_the_codes_day() -> None:
    day = date(2022, 1, 5)
    in_1900, in_1904 = serial_moment("44566.25", day), serial_moment("43104", day)
    assert in_1900 is not None
    assert in_1904 is not None
    assert (in_1900.moment, in_1900.system) == (datetime(2022, 1, 5, 6), "1900")
    assert (in_1904.moment, in_1904.system) == (datetime(2022, 1, 5), "1904")
    assert serial_moment("44566", None) is serial_moment("20220105", day) is serial_moment("30000", day) is None


def test_a_code_is_completed_with_zeros_and_only_where_no_other_code_begins_so() -> None:
    assert completed_code("1.00465", ["1.004650", "1.003654"]) == "1.004650"
    assert completed_code("1.00465", ["1.004650", "1.004651"]) is None
    assert completed_code("1.00465", ["1.004651"]) is None


@pytest.mark.parametrize("pattern", ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M:%S%#z", "%+"])
def test_a_moment_with_its_zone_is_that_of_the_plan(pattern: str) -> None:
    text = pl.Series(["2022-01-05T23:30:00+01:00", "2022-01-05 09:00:00", "2022-01-05T02:00:00+00:00"])
    read = moments(text, [pattern, "%Y-%m-%d %H:%M:%S"], "Asia/Ho_Chi_Minh")
    assert read.to_list() == [datetime(2022, 1, 6, 5, 30), datetime(2022, 1, 5, 9), datetime(2022, 1, 5, 9)]

"""A figure is compared with the period before and with that of a year ago, as fractions, and a break is flagged."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.measures.figures import figure_table
from flows.measures.targets import Ratio
from flows.measures.trends import Compared, Place, breaks_series, last_day_of, trend
from schemas.plan_models import SeriesBreak
from sql.indicators import load_indicators
from tests.support.office import PLAN, Office, log, small_plan, titles

FOUND = load_indicators()
EARLIER_HEADING = "period,indicator,unit,numerator,denominator,evidence,basis\n"
WINDOWS = {"2022-Q1": ("15/12/2021", "14/03/2022"), "2022-Q2": ("15/03/2022", "14/06/2022")}


def of(numerator: int | None, denominator: int | None) -> Ratio:
    if numerator is None or denominator is None:
        return Ratio(None, None)
    return Ratio(Decimal(numerator), Decimal(denominator))


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        ((2, 3), (3, 5), "rising"),
        ((3, 5), (2, 3), "falling"),
        ((2, 3), (200, 300), "unchanged"),
        # As rounded shares both are 33.33 %; as floating-point numbers too, nearly.
        ((33334, 100000), (33333, 100000), "rising"),
        ((10**14, 3 * 10**14), (1, 3), "unchanged"),
        ((10**14 + 1, 3 * 10**14), (1, 3), "rising"),
        ((0, 5), (0, 7), "unchanged"),
        ((0, 0), (1, 2), None),
        ((1, 2), (0, 0), None),
        ((None, None), (1, 2), None),
        ((1, 2), (None, None), None),
    ],
)
def test_a_trend_compares_fractions(
    now: tuple[int | None, int | None], then: tuple[int | None, int | None], expected: str | None
) -> None:
    assert trend(of(*now), of(*then)) == expected


def test_there_is_no_trend_without_something_to_compare_with() -> None:
    assert trend(of(1, 2), None) is None


COUNTS = st.tuples(st.integers(0, 10**9), st.integers(1, 10**9))


@given(COUNTS, COUNTS)
def test_a_trend_looked_at_from_the_other_end_is_the_opposite(now: tuple[int, int], then: tuple[int, int]) -> None:
    opposite = {"rising": "falling", "falling": "rising", "unchanged": "unchanged"}
    found = trend(of(*now), of(*then))
    assert found is not None
    assert trend(of(*then), of(*now)) == opposite[found]


def office_with(tmp_path: Path, earlier: str = "") -> Office:
    folder = small_plan(tmp_path / "plan")
    (folder / "earlier_figures.csv").write_text(EARLIER_HEADING + earlier, "utf-8")
    return Office.new(tmp_path, folder)


def dossiers(office: Office, period: str, first: int, last: int, early: int) -> None:
    """Take in a log of dossiers, received in the last month of a quarter, of which so many were finished early."""
    month = {"2022-Q1": "03", "2022-Q2": "06"}[period]
    received, before, due = (f"{day}/{month}/2022" for day in ("01", "09", "10"))
    lines = [
        f"H32.15-22{month}01-{n:04} | 9.000001 | VP | Trực tiếp | Đã có kết quả | {received} | {due} | "
        f"{before if n < first + early else due}"
        for n in range(first, last + 1)
    ]
    above = titles(*WINDOWS[period], f"15/{month}/2022 08:00:00")
    office.take(log("\n".join(lines), above), f"so-{period}.csv")


def figure(office: Office, period: str, indicator: str = "early_share", unit: str = "") -> dict[str, object]:
    (found,) = [
        row
        for row in office.table("figure", period)
        if (row["indicator_id"], row["unit_code"], row["dimension"]) == (indicator, unit, "")
    ]
    return found


def test_a_figure_is_compared_with_the_consolidated_period_before(tmp_path: Path) -> None:
    office = office_with(tmp_path)
    dossiers(office, "2022-Q1", 1, 4, early=1)
    office.consolidate("2022-Q1")
    assert figure(office, "2022-Q1")["trend"] is None
    assert figure(office, "2022-Q1")["before_period"] is None
    office.at = office.at.replace(month=6)
    dossiers(office, "2022-Q2", 1, 3, early=1)
    office.consolidate("2022-Q2")
    found = figure(office, "2022-Q2")
    assert (found["numerator"], found["denominator"]) == (1, 3)
    assert (found["before_period"], found["before_numerator"], found["before_denominator"]) == ("2022-Q1", 1, 4)
    assert found["trend"] == "rising"
    assert (found["year_ago_period"], found["year_ago_trend"]) == (None, None)
    # An office and the value of a dimension are compared with their own.
    assert figure(office, "2022-Q2", unit="VP")["trend"] == "rising"
    of_field = [
        r for r in office.table("figure", "2022-Q2") if (r["indicator_id"], r["dimension"]) == ("early_share", "field")
    ]
    assert [row["trend"] for row in of_field] == ["rising"]


def test_a_figure_is_compared_with_imported_ones_of_the_year_before(tmp_path: Path) -> None:
    earlier = (
        "2021-Q1,early_share,,60,100,báo cáo 12/BC,imported\n"
        "2021-Q1,early_share,VP,1,4,báo cáo 12/BC,imported\n"
        "2021-Q4,early_share,,10,100,báo cáo 15/BC,imported\n"
        "2021-H1,early_share,,1,2,báo cáo 13/BC,imported\n"
    )
    office = office_with(tmp_path, earlier)
    dossiers(office, "2022-Q1", 1, 4, early=1)
    office.consolidate("2022-Q1")
    found = figure(office, "2022-Q1")
    assert (found["year_ago_period"], found["year_ago_numerator"], found["year_ago_denominator"]) == (
        "2021-Q1",
        60,
        100,
    )
    assert found["year_ago_trend"] == "falling"
    assert (found["before_period"], found["trend"]) == ("2021-Q4", "rising")
    assert figure(office, "2022-Q1", unit="VP")["year_ago_trend"] == "unchanged"
    assert figure(office, "2022-Q1", "on_time_share")["year_ago_period"] is None
    # Six months are compared with six months, never with a quarter.
    office.at = office.at.replace(month=6)
    dossiers(office, "2022-Q2", 1, 4, early=1)
    for period in ("2022-Q2", "2022-H1"):
        office.consolidate(period)
    half = figure(office, "2022-H1")
    assert (half["numerator"], half["denominator"]) == (2, 8)
    assert (half["year_ago_period"], half["year_ago_trend"]) == ("2021-H1", "falling")


def test_a_period_that_is_consolidated_again_changes_what_is_compared_with_it(tmp_path: Path) -> None:
    office = office_with(tmp_path)
    dossiers(office, "2022-Q1", 1, 4, early=1)
    office.at = office.at.replace(month=6)
    dossiers(office, "2022-Q2", 1, 4, early=1)
    office.consolidate("2022-Q2")
    assert figure(office, "2022-Q2")["trend"] is None
    office.consolidate("2022-Q1")
    assert office.consolidate("2022-Q2").is_new
    assert figure(office, "2022-Q2")["trend"] == "unchanged"


def test_every_period_is_compared_with_one_of_its_own_kind() -> None:
    for period in PLAN.periods:
        assert period.year_ago == f"{int(period.id[:4]) - 1}{period.id[4:]}"
        if period.before in {one.id for one in PLAN.periods}:
            assert PLAN.period(period.before).kind == period.kind
            assert (period.first_day - PLAN.period(period.before).last_day).days == 1


(BREAK,) = PLAN.series_breaks


@pytest.mark.parametrize(
    ("period", "compared", "expected"),
    [
        pytest.param("2022-Q3", ["2022-Q2"], True, id="the quarter in which it happened"),
        pytest.param("2022-Q4", ["2022-Q3"], False, id="both end after it"),
        pytest.param("2022-Q4", ["2022-Q3", "2021-Q4"], True, id="the year before lies before it"),
        pytest.param("2022-Q2", ["2022-Q1", "2021-Q2"], False, id="both end before it"),
        pytest.param("2022-Y", ["2021-Y"], True, id="the year"),
        pytest.param("2022-H1", ["2021-H1"], False, id="the first half"),
        pytest.param("2022-Q4", [], False, id="nothing is compared"),
    ],
)
def test_a_break_in_the_series_lies_between_the_two_ends(period: str, compared: list[str], expected: bool) -> None:
    assert BREAK.on == date(2022, 8, 15)
    for indicator in BREAK.indicators:
        assert breaks_series(PLAN, indicator, PLAN.period(period), compared) is expected
    assert not breaks_series(PLAN, "satisfaction", PLAN.period(period), compared)


def broken_on(day: date) -> SeriesBreak:
    return SeriesBreak(on=day, indicators=("early_share",), text_vi="x", text_en="x", basis="x")


def test_a_break_on_the_last_day_belongs_to_the_period_and_one_on_the_day_after_does_not() -> None:
    third = PLAN.period("2022-Q3")
    for on, expected in ((third.last_day, True), (date(2022, 9, 15), False), (date(2022, 6, 15), True)):
        changed = replace(PLAN, series_breaks=(broken_on(on),))
        assert breaks_series(changed, "early_share", third, ["2022-Q2"]) is expected


def test_a_period_before_the_plan_lies_before_its_first_day() -> None:
    first = min(one.first_day for one in PLAN.periods)
    assert last_day_of(PLAN, "2021-Q3") == first - timedelta(days=1)
    assert last_day_of(PLAN, "2022-Q3") == date(2022, 9, 14)
    # What changed on the plan's first day changed after what was before it.
    changed = replace(PLAN, series_breaks=(broken_on(first),))
    for other, expected in (("2021-Q1", True), ("2022-Q1", False)):
        assert breaks_series(changed, "early_share", PLAN.period("2022-Q1"), [other]) is expected


def test_the_figure_that_is_compared_across_a_break_is_flagged_and_keeps_its_trend() -> None:
    place, other = Place("online_share_announced"), Place("early_share")
    now = {place: of(2, 3), other: of(2, 3)}
    before = Compared("2022-Q2", {place: of(1, 3), other: of(1, 3)})
    rows = figure_table(PLAN, PLAN.period("2022-Q3"), FOUND, now, before, Compared("2021-Q3", {})).to_pylist()
    assert {row["indicator_id"]: (row["trend"], row["is_series_broken"]) for row in rows} == {
        "online_share_announced": ("rising", True),
        "early_share": ("rising", False),
    }
    alone = figure_table(
        PLAN, PLAN.period("2022-Q3"), FOUND, now, Compared("2022-Q2", {}), Compared("2021-Q3", {})
    ).to_pylist()
    assert {row["is_series_broken"] for row in alone} == {False}

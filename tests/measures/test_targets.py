"""Every target of the plan is exact at its bound; what nobody can tell is neither met nor missed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from flows.measures.figures import figure_table
from flows.measures.target_results import done_with_evidence, target_results, target_table
from flows.measures.targets import Measured, Ratio, target_result, way_status
from flows.measures.trends import Compared, Place
from schemas.plan_models import Period, Target, TargetPart
from schemas.tables import TASK_STATE
from sql.indicators import load_indicators
from tests.support.office import PERIOD, PLAN

FOUND = load_indicators()
TARGETS = {target.id: target for target in PLAN.targets}
DECIDED = replace(
    PLAN,
    document=PLAN.document.model_copy(
        update={"decision": PLAN.document.decision.model_copy(update={"on": date(2022, 1, 10)})}
    ),
)


def due_in(target_id: str) -> Period:
    """Return a period in which what the target asks about is due: the self-score with the year, all else in Q1."""
    return PLAN.period("2022-Y" if target_id == "IV.3-self-score" else PERIOD)


def ratio(text: str) -> Ratio:
    if not text:
        return Ratio(None, None)
    top, bottom = text.split("/")
    return Ratio(Decimal(top), Decimal(bottom))


def figures_of(stated: Mapping[str, str], before: Mapping[str, str]) -> pa.Table:
    """Return the table of figures as a consolidation keeps it; `indicator@dimension=value` names a breakdown."""

    def places(texts: Mapping[str, str]) -> dict[Place, Ratio]:
        found = {}
        for name, text in texts.items():
            indicator, _, rest = name.partition("@")
            dimension, _, value = rest.partition("=")
            found[Place(indicator, "", dimension, value)] = ratio(text)
        return found

    return figure_table(
        PLAN, PLAN.period(PERIOD), FOUND, places(stated), Compared("2021-Q4", places(before)), Compared("2021-Q1", {})
    )


def status(target_id: str, stated: Mapping[str, str], before: Mapping[str, str] | None = None) -> str:
    figures = figures_of(stated, before or {}).to_pylist()
    found = target_results(DECIDED, due_in(target_id), figures, [])
    return {one.target.id: one.status for one in found}[target_id]


BOUNDS = [
    # Strictly more than 83 %: not one in a quadrillion less.
    ("I.7", {"satisfaction": "83/100"}, "missed"),
    ("I.7", {"satisfaction": "166/200"}, "missed"),
    ("I.7", {"satisfaction": "84/100"}, "met"),
    ("I.7", {"satisfaction": "830000000001/1000000000000"}, "met"),
    ("I.7", {"satisfaction": "0/100"}, "missed"),
    # None at all.
    ("I.2a", {"overdue_share": "0/1"}, "met"),
    ("I.2a", {"overdue_share": "1/100000"}, "missed"),
    # All of them.
    ("I.2b", {"services_on_portal_share": "15/15"}, "met"),
    ("I.2b", {"services_on_portal_share": "14/15"}, "missed"),
    ("I.2c-announced", {"procedures_announced_share": "15/15"}, "met"),
    ("I.2c-announced", {"procedures_announced_share": "14/15"}, "missed"),
    # At least, one of two ways.
    ("I.2c", {"online_share_all": "35/100", "online_share_announced": "0/100"}, "met"),
    ("I.2c", {"online_share_all": "34/100", "online_share_announced": "55/100"}, "met"),
    ("I.2c", {"online_share_all": "34/100", "online_share_announced": "54/100"}, "missed"),
    ("I.2c", {"online_share_all": "349999/1000000", "online_share_announced": "549999/1000000"}, "missed"),
    ("I.2c", {"online_share_all": "34/100", "online_share_announced": "0/0"}, "not_determined"),
    ("I.2c", {"online_share_all": "35/100", "online_share_announced": "0/0"}, "met"),
    # At least.
    ("I.2c-electronic", {"electronic_circulation_share": "1/2"}, "met"),
    ("I.2c-electronic", {"electronic_circulation_share": "499/1000"}, "missed"),
    ("I.4", {"employees_meeting_standard": "97/100"}, "met"),
    ("I.4", {"employees_meeting_standard": "969/1000"}, "missed"),
    # Of the appendix, and of the reports of one type.
    ("tasks", {"tasks_overdue_share": "0/39"}, "met"),
    ("tasks", {"tasks_overdue_share": "1/39"}, "missed"),
    ("IV.3-plan", {"reports_on_time_share@report_type=unit_plan": "8/8", "reports_on_time_share": "0/9"}, "met"),
    ("IV.3-plan", {"reports_on_time_share@report_type=unit_plan": "7/8", "reports_on_time_share": "9/9"}, "missed"),
    ("IV.3-self-score", {"reports_on_time_share@report_type=self_score": "8/8"}, "met"),
    ("IV.3-self-score", {"reports_on_time_share@report_type=self_score": "7/8"}, "missed"),
]
RISING = ("I.2a-early", "I.2d")


@pytest.mark.parametrize(("target_id", "stated", "expected"), BOUNDS)
def test_a_target_is_exact_at_its_bound(target_id: str, stated: Mapping[str, str], expected: str) -> None:
    assert status(target_id, stated) == expected


def test_every_target_with_a_bound_is_tried_on_both_of_its_sides() -> None:
    with_bound = {t.id for t in PLAN.targets if t.ways and t.id not in RISING}
    for answer in ("met", "missed"):
        assert {target_id for target_id, _, expected in BOUNDS if expected == answer} == with_bound
    assert {t.id for t in PLAN.targets if any(way.comparison == "rising" for way in t.ways)} == set(RISING)


def test_the_bounds_are_those_of_the_document() -> None:
    stated = {t.id: [(way.comparison, way.threshold) for way in t.ways] for t in PLAN.targets if t.ways}
    assert stated["I.7"] == [(">", Decimal("0.83"))]
    assert stated["I.2a"] == [("=", Decimal(0))]
    assert stated["I.2c"] == [(">=", Decimal("0.35")), (">=", Decimal("0.55"))]
    assert stated["I.2c-electronic"] == [(">=", Decimal("0.5"))]
    assert stated["I.4"] == [(">=", Decimal("0.97"))]
    assert stated["I.2b"] == stated["I.2c-announced"] == [("=", Decimal(1))]


@pytest.mark.parametrize("target_id", RISING)
@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param("2/3", "3/5", "met", id="rising"),
        pytest.param("3/5", "2/3", "missed", id="falling"),
        pytest.param("2/3", "4/6", "missed", id="unchanged is not rising"),
        pytest.param("2/3", None, "not_determined", id="nothing to compare with"),
        pytest.param("2/3", "0/0", "not_determined", id="no cases before"),
        pytest.param("2/3", "", "not_determined", id="no data before"),
        pytest.param("0/0", "2/3", "no_cases", id="no cases now"),
        pytest.param("", "2/3", "no_data", id="no data now"),
    ],
)
def test_a_target_that_rises_is_compared_with_the_period_before(
    target_id: str, now: str, before: str | None, expected: str
) -> None:
    indicator = TARGETS[target_id].indicator
    assert status(target_id, {indicator: now}, {indicator: before} if before is not None else {}) == expected


def test_what_cannot_be_told_says_why() -> None:
    figures = figures_of({"early_share": "2/3"}, {}).to_pylist()
    reasons = {
        one.target.id: (one.status, one.reason) for one in target_results(PLAN, PLAN.period(PERIOD), figures, [])
    }
    assert "nothing to compare with" in reasons["I.2a-early"][1]
    assert reasons["I.1"][0] == "not_determined"
    assert "not computed" in reasons["I.1"][1]
    assert "III.2" in reasons["I.3"][1]
    assert reasons["I.7"] == ("no_data", "")
    assert reasons["IV.3-plan"][0] == reasons["IV.3-self-score"][0] == "not_determined"
    assert "the plan's decision has no day yet" in reasons["IV.3-plan"][1]
    assert "not due in this period" in reasons["IV.3-self-score"][1]


@pytest.mark.parametrize("target_id", [t.id for t in PLAN.targets if t.ways])
def test_no_cases_and_no_data_are_not_missed(target_id: str) -> None:
    names = [
        way.indicator + (f"@{way.dimension}={way.dimension_value}" if way.dimension else "")
        for way in TARGETS[target_id].ways
    ]
    assert status(target_id, dict.fromkeys(names, "0/0")) == "no_cases"
    assert status(target_id, dict.fromkeys(names, "")) == "no_data"
    assert status(target_id, {}) == "no_data"


def test_a_bound_is_compared_as_a_fraction_and_not_as_a_rounded_share() -> None:
    # 5 of 6 is 83.33... %: shown as 83 %, and above it. A third must not tip either.
    above = TargetPart(indicator="satisfaction", comparison=">", threshold=Decimal("0.83"))
    assert Fraction(5, 6) > Fraction(83, 100)
    assert way_status(Measured(ratio("5/6")), above) == "met"
    third = TargetPart(indicator="x", comparison=">=", threshold=Decimal("0.3333"))
    assert way_status(Measured(ratio("1/3")), third) == "met"
    assert way_status(Measured(ratio("3332/10000")), third) == "missed"


@pytest.mark.parametrize(
    ("comparison", "answers"),
    [
        ("=", ("missed", "met", "missed")),
        (">", ("missed", "missed", "met")),
        (">=", ("missed", "met", "met")),
        ("<", ("met", "missed", "missed")),
        ("<=", ("met", "met", "missed")),
    ],
)
def test_each_comparison_below_at_and_above_its_bound(comparison: str, answers: tuple[str, ...]) -> None:
    way = TargetPart.model_validate({"indicator": "x", "comparison": comparison, "threshold": "0.5"})
    assert tuple(way_status(Measured(ratio(text)), way) for text in ("49/100", "1/2", "51/100")) == answers


def state(task: str, **columns: object) -> dict[str, object]:
    return {"task_id": task, "state": "done_on_time", "done_on": "2022-03-01", "evidence": "BC 01", **columns}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param([state("A"), state("B")], "met", id="each done with its document"),
        pytest.param([state("A"), state("B", state="done_late")], "met", id="late, and shown"),
        pytest.param([state("A")], "not_determined", id="one is not reported"),
        pytest.param([state("A"), state("B", evidence="")], "not_determined", id="no document"),
        pytest.param([state("A"), state("B", evidence=None)], "not_determined", id="blank document"),
        pytest.param(
            [state("A"), state("B", state="overdue", done_on=None)], "not_determined", id="overdue is not done"
        ),
        pytest.param(
            [state("A"), state("B"), state("B", state="overdue", done_on=None)], "not_determined", id="one of its times"
        ),
        pytest.param(
            [state("A"), state("B"), state("B", state="not_due", done_on=None)], "met", id="the next time is not due"
        ),
    ],
)
def test_a_target_that_tasks_show_is_met_by_their_evidence(states: list[dict[str, object]], expected: str) -> None:
    target = Target(id="T", text_vi="thử nghiệm", text_en="a test", basis="thử nghiệm", tasks=("A", "B"))
    assert target_result(target, lambda way: None, done_with_evidence(states)).status == expected


def test_every_target_has_one_row_in_the_order_of_the_plan() -> None:
    rows = target_table(PLAN, PLAN.period(PERIOD), figures_of({}, {}), TASK_STATE.empty_table()).to_pylist()
    assert [row["target_id"] for row in rows] == [target.id for target in PLAN.targets]
    assert {row["period"] for row in rows} == {PERIOD}


def test_every_indicator_that_a_target_names_is_there_and_no_part_is_a_composite() -> None:
    for target in PLAN.targets:
        if target.indicator:
            assert target.indicator in FOUND
        for way in target.ways:
            assert FOUND[way.indicator].kind != "composite"
            assert way.dimension in ("", *FOUND[way.indicator].dimensions)


def test_a_target_made_of_parts_names_the_composite_of_those_parts() -> None:
    for target in PLAN.targets:
        if target.part:
            assert FOUND[target.indicator].parts == tuple(way.indicator for way in target.part)


def test_the_plan_has_a_target_of_each_class() -> None:
    comparisons = {way.comparison for target in PLAN.targets for way in target.ways}
    assert comparisons == {"=", ">", ">=", "rising"}
    assert any(target.part for target in PLAN.targets)
    assert any(target.tasks for target in PLAN.targets)
    assert any(not (target.ways or target.tasks) for target in PLAN.targets)
    assert any(way.dimension for target in PLAN.targets for way in target.ways)

"""Every indicator has its metadata, its query and its case; figures and targets are right at their bounds."""

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest

from flows.targets import Ratio, target_status, way_status
from schemas.plan_models import Target, TargetPart
from schemas.tables import SCHEMAS
from sql import INDICATORS
from sql.indicators import Indicator, load_indicators
from tests.office import PERIOD, PLAN, Office, drawn, log, report, small_plan, titles
from warehouse.engine import Engine

FOUND = load_indicators()
TARGETS = {target.indicator: target for target in PLAN.targets}
INPUTS = {**SCHEMAS, "report_value_in_force": SCHEMAS["report_value"]}


def cases_of(kind: str) -> list[object]:
    return [
        pytest.param(indicator, case, id=f"{indicator.id}: {case['name']}")
        for indicator in FOUND.values()
        if indicator.kind == kind and (INDICATORS / indicator.id / "case.toml").is_file()
        for case in tomllib.loads((INDICATORS / indicator.id / "case.toml").read_text("utf-8"))["case"]
    ]


@pytest.mark.parametrize("indicator", FOUND.values(), ids=FOUND)
def test_an_indicator_has_metadata_query_and_case(indicator: Indicator) -> None:
    held = {path.name for path in (INDICATORS / indicator.id).iterdir()}
    assert held == {"indicator.toml", "case.toml"} | ({"members.sql"} if indicator.kind == "ratio" else set())


def test_every_target_of_the_plan_is_measured_by_an_indicator() -> None:
    assert {way.indicator for target in PLAN.targets for way in target.ways} | set(TARGETS) <= set(FOUND)


def value_of(text: str, kind: pa.DataType) -> object:
    if not text:
        return None
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[text]
    if pa.types.is_decimal(kind):
        return Decimal(text)
    return int(text) if pa.types.is_integer(kind) else text


def input_table(table: str, rows: str) -> pa.Table:
    """Return an input as drawn; the columns that a case leaves out are blank."""
    schema = INPUTS[table]
    headings, *cells = drawn(rows)
    assert set(headings) <= set(schema.names)
    read = [{n: value_of(text, schema.field(n).type) for n, text in zip(headings, row, strict=True)} for row in cells]
    return pa.Table.from_pylist(read, schema=schema)


@pytest.mark.parametrize(("indicator", "case"), cases_of("ratio"))
def test_the_members_of_a_case_add_up_to_its_figure(indicator: Indicator, case: dict[str, str]) -> None:
    engine = Engine()
    try:
        engine.over_rows(case["table"], input_table(case["table"], case["rows"]))
        members = engine.run(indicator.members_query).to_pylist()
    finally:
        engine.close()
    assert sorted(member["member_key"] for member in members) == case["members"]
    assert sum(member["numerator"] for member in members) == case["numerator"]
    assert sum(member["denominator"] for member in members) == case["denominator"]


def ratio(text: str) -> Ratio:
    top, bottom = text.split("/")
    return Ratio(Decimal(top), Decimal(bottom))


@pytest.mark.parametrize(("indicator", "case"), cases_of("composite"))
def test_a_composite_is_met_by_any_of_its_parts(indicator: Indicator, case: dict[str, dict[str, str]]) -> None:
    assert set(case["parts"]) == set(indicator.parts)
    parts = {name: ratio(text) for name, text in case["parts"].items()}
    assert target_status(TARGETS[indicator.id], parts) == case["target_status"]


@pytest.mark.parametrize(
    ("indicator", "figure", "status"),
    [
        ("satisfaction", "83/100", "missed"),
        ("satisfaction", "830000000000001/1000000000000000", "met"),
        ("satisfaction", "84/100", "met"),
        ("satisfaction", "0/100", "missed"),
        ("satisfaction", "0/0", "no_cases"),
        ("overdue_share", "0/1", "met"),
        ("overdue_share", "1/100000", "missed"),
        ("overdue_share", "0/0", "no_cases"),
    ],
)
def test_targets_are_exact_at_their_bounds(indicator: str, figure: str, status: str) -> None:
    assert target_status(TARGETS[indicator], {indicator: ratio(figure)}) == status


def test_a_bound_is_compared_as_a_fraction_and_not_as_a_rounded_share() -> None:
    # 5 of 6 is 83.33... %, 166 of 200 exactly 83 %: thirds must not tip either.
    above = TargetPart(indicator="satisfaction", comparison=">", threshold=Decimal("0.83"))
    assert Fraction(5, 6) > Fraction(83, 100)
    assert way_status(ratio("5/6"), above) == "met"
    assert way_status(ratio("166/200"), above) == "missed"
    third = TargetPart(indicator="x", comparison=">=", threshold=Decimal("0.3333"))
    assert way_status(ratio("1/3"), third) == "met"
    assert way_status(ratio("3332/10000"), third) == "missed"


def test_no_data_and_a_target_without_its_figure_are_not_missed() -> None:
    nothing = Ratio(None, None)
    assert target_status(TARGETS["satisfaction"], {"satisfaction": nothing}) == "no_data"
    either: Target = TARGETS["online_share"]
    assert target_status(either, {way.indicator: nothing for way in either.ways}) == "no_data"
    assert target_status(TARGETS["satisfaction"], {}) == "not_determined"


@pytest.fixture
def measured(tmp_path: Path) -> Office:
    return Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV", has_targets=True))


def figures(office: Office) -> dict[tuple[object, object], tuple[object, object, object, object]]:
    return {
        (row["indicator_id"], row["unit_code"]): (
            row["numerator"],
            row["denominator"],
            row["status"],
            row["target_status"],
        )
        for row in office.table("figure")
    }


EDGES = """
H32.15-211101-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 01/11/2021 | 30/11/2021 | 14/12/2021 23:59:59
H32.15-211101-0002 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 01/11/2021 | 14/12/2021 | 15/12/2021 00:00:00
H32.15-211215-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 15/12/2021 00:00:00 | 14/03/2022 | 14/03/2022 23:59:59
H32.15-220314-0001 | 1.003654 | QLVHGD | Trực tiếp  | Đang xử lý    | 14/03/2022 23:59:59 | 14/03/2022 |
H32.15-220315-0001 | 1.003654 | QLVHGD | Trực tiếp  | Đang xử lý    | 15/03/2022 00:00:00 | 04/04/2022 |
H32.15-220301-0001 | 1.003654 | QLVHGD | Trực tiếp  | Đã có kết quả | 01/03/2022 | 15/03/2022 | 15/03/2022 00:00:00
"""


def test_the_first_and_the_last_day_belong_to_the_window_and_their_neighbours_do_not(office: Office) -> None:
    office.take(log(EDGES))
    office.consolidate()
    assert {name: count for name, count in office.totals().items() if count} == {
        "received_total": 4,
        "received_online": 1,
        "received_in_person_or_postal": 2,
        "carried_over": 1,
        "resolved_total": 2,
        "resolved_on_time": 1,
        "resolved_overdue": 1,
        "pending_total": 2,
        # Due on the last day and open at its end: overdue. Due on the day after: not.
        "pending_overdue": 1,
        "pending_within_due": 1,
    }


def test_nothing_received_is_no_data(measured: Office) -> None:
    measured.consolidate()
    assert {unit for _, unit in figures(measured)} == {""}
    for indicator in ("overdue_share", "satisfaction", "online_share_all"):
        assert figures(measured)[indicator, ""][:3] == (None, None, "no_data")
    assert {figures(measured)[indicator, ""][3] for indicator in TARGETS} == {"no_data"}


def test_a_log_without_a_resolved_dossier_is_no_cases(measured: Office) -> None:
    measured.take(log("H32.15-220301-0001 | 1.003654 | QLVHGD | BCCI | Đang xử lý | 01/03/2022 | 22/03/2022 |"))
    measured.consolidate()
    found = figures(measured)
    assert found["overdue_share", ""] == (0, 0, "no_cases", "no_cases")
    assert found["online_share", ""] == (None, None, "composite", "no_cases")
    assert found["satisfaction", ""][3] == "no_data"


def test_figures_of_units_add_up_to_the_departments_and_have_no_target(measured: Office) -> None:
    measured.take(
        log(
            """
            H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 27/01/2022
            H32.15-220105-0002 | 1.003654 | QLVHGD | Trực tiếp  | Đã có kết quả | 05/01/2022 | 26/01/2022 | 26/01/2022
            H32.15-220105-0003 | 1.002396 | QLTDTT | Trực tuyến | Xin rút       | 05/01/2022 | 14/01/2022 | 20/01/2022
            H32.15-220105-0004 | 9.000001 | VP     | Trực tiếp  | Đã có kết quả | 05/01/2022 |            | 05/01/2022
            """
        )
    )
    measured.take(report("TV", {"A9.1": 100, "A9.2": 83}), "TV.xlsx", date(2022, 3, 14))
    measured.consolidate()
    found = figures(measured)
    assert found["overdue_share", ""] == (1, 4, "final", "missed")
    assert found["overdue_share", "QLVHGD"] == (1, 2, "final", None)
    assert found["online_share_all", ""] == (2, 4, "final", None)
    assert found["online_share_announced", ""] == (2, 3, "final", None)
    assert found["online_share", ""] == (None, None, "composite", "met")
    assert found["satisfaction", ""] == (83, 100, "final", "missed")
    for indicator in FOUND.values():
        of_units = [figure for (name, unit), figure in found.items() if name == indicator.id and unit]
        if indicator.kind == "ratio":
            assert found[indicator.id, ""][:2] == tuple(sum(Decimal(str(f[n])) for f in of_units) for n in (0, 1))


def test_an_extended_due_date_does_not_erase_lateness_and_a_restart_does(office: Office) -> None:
    headings = [
        "Số hồ sơ", "Mã thủ tục", "Phòng ban", "Hình thức nộp", "Trạng thái hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả",
        "Ngày kết thúc xử lý", "Ngày yêu cầu bổ sung", "Ngày bổ sung",
    ]  # fmt: skip
    first = """
        H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đang xử lý | 05/01/2022 | 26/01/2022 | |            |
        H32.15-220105-0002 | 1.003654 | QLVHGD | BCCI | Đang xử lý | 05/01/2022 | 26/01/2022 | | 07/01/2022 |
    """
    second = """
        H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 05/01/2022 | 28/01/2022 | 28/01/2022 |            |
        H32.15-220105-0002 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 05/01/2022 | 07/02/2022 | 28/01/2022 | 10/01/2022 | 12/01/2022
    """
    office.take(log(first, titles(exported="10/01/2022 08:00:00"), headings), "so-1.csv")
    office.take(log(second, titles(), headings), "so-2.csv")
    office.consolidate()
    state = {row["dossier_code"]: row for row in office.table("dossier_state", PERIOD)}
    extended, restarted = state["H32.15-220105-0001"], state["H32.15-220105-0002"]
    assert (extended["due_on"], extended["is_resolved_overdue"]) == (date(2022, 1, 26), True)
    assert (restarted["due_on"], restarted["is_resolved_early"]) == (date(2022, 2, 7), True)
    assert restarted["original_due_on"] == date(2022, 1, 26)

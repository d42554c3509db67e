"""Every indicator has its metadata, its query and a case that bites; roll-ups add counts; a new one takes one folder."""

import re
import shutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sql
import sql.indicators
from flows.measures.explain import explain, members_at
from flows.measures.figures import ratios_of
from flows.measures.measure import SOURCES, members_of
from flows.measures.plan_tables import open_plan
from flows.measures.targets import Ratio
from flows.measures.trends import Place
from schemas.dimensions import MEMBER_DIMENSIONS
from schemas.tables import DOSSIER_STATE, SCHEMAS
from sql import INDICATORS
from sql.indicators import Indicator, load_indicators
from tests.support.office import PERIOD, PLAN, Office, drawn, log, report, small_plan, titles
from warehouse.engine import Engine

FOUND = load_indicators()
WITH_MEMBERS = [indicator for indicator in FOUND.values() if indicator.kind != "composite"]
DOSSIER_INDICATORS = [indicator for indicator in WITH_MEMBERS if indicator.source == "dossier"]
VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
HAS_DATA = dict.fromkeys(SOURCES, True)
PARAMETERS = {"period": PERIOD}


def plan_table(name: str) -> pa.Table:
    engine = Engine()
    try:
        open_plan(engine, PLAN)
        return engine.whole(name)
    finally:
        engine.close()


CATALOGUES = {name: plan_table(name) for name in ("plan_indicator", "plan_dimension")}
INPUTS = {
    **SCHEMAS,
    "report_value_in_force": SCHEMAS["report_value"],
    "plan_procedure": plan_table("plan_procedure").schema,
}


@dataclass(frozen=True)
class Case:
    """An input table as the stage before hands it over, the figure that it comes to, and its members."""

    indicator_id: str
    name: str
    table: str
    rows: pa.Table
    figure: Ratio
    members: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What an indicator says of a case."""

    figure: Ratio
    members: tuple[str, ...]
    numerators: tuple[Decimal, ...]
    denominators: tuple[Decimal, ...]


def value_of(text: str, kind: pa.DataType) -> object:
    if not text:
        return None
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[text]
    if pa.types.is_date(kind):
        return date.fromisoformat(text)
    if pa.types.is_decimal(kind):
        return Decimal(text)
    # A space stands between quotes, since around a cell they are none of it.
    return int(text) if pa.types.is_integer(kind) else text.strip("'")


def input_table(table: str, rows: str) -> pa.Table:
    """Return an input as drawn; the columns that a case leaves out are blank, or false."""
    schema = INPUTS[table]
    headings, *cells = drawn(rows)
    assert set(headings) <= set(schema.names)
    flags = {field.name: False for field in schema if pa.types.is_boolean(field.type) and field.name not in headings}
    read = [{n: value_of(text, schema.field(n).type) for n, text in zip(headings, row, strict=True)} for row in cells]
    return pa.Table.from_pylist([flags | row for row in read], schema=schema)


def cases_of(indicator_id: str) -> list[Case]:
    found = []
    for case in tomllib.loads((INDICATORS / indicator_id / "case.toml").read_text("utf-8"))["case"]:
        top, bottom = (Decimal(str(case[n])) if n in case else None for n in ("numerator", "denominator"))
        rows = input_table(case["table"], case["rows"])
        members = tuple(case["members"])
        found.append(Case(indicator_id, case["name"], case["table"], rows, Ratio(top, bottom), members))
    return found


CASES = [case for indicator in WITH_MEMBERS for case in cases_of(indicator.id)]


def members_and_sums(
    indicators: Sequence[Indicator], table: str, rows: pa.Table
) -> tuple[pa.Table, dict[Place, Ratio]]:
    """Return the members of indicators over one input, and every figure that they add up to."""
    engine = Engine()
    try:
        engine.over_rows(table, rows)
        for name, catalogue in CATALOGUES.items():
            engine.over_rows(name, catalogue)
        members = pa.concat_tables([members_of(engine, indicator, PARAMETERS) for indicator in indicators])
        engine.over_rows("indicator_member", members)
        sums = engine.run("4_indicators/member_sum").to_pylist()
    finally:
        engine.close()
    return members, ratios_of(sums, {indicator.id: indicator for indicator in indicators}, HAS_DATA)


def answer_to(case: Case, catalogue: Mapping[str, Indicator]) -> Answer | None:
    """Return what the catalogue's indicator says of a case; None where there is no such indicator."""
    if case.indicator_id not in catalogue:
        return None
    members, ratios = members_and_sums([catalogue[case.indicator_id]], case.table, case.rows)
    numerators, denominators = (tuple(members.column(name).to_pylist()) for name in ("numerator", "denominator"))
    keys = tuple(sorted(members.column("member_key").to_pylist()))
    return Answer(ratios[Place(case.indicator_id)], keys, numerators, denominators)


def holds(case: Case, catalogue: Mapping[str, Indicator]) -> bool:
    answer = answer_to(case, catalogue)
    return answer is not None and (answer.figure, answer.members) == (case.figure, case.members)


@pytest.mark.parametrize("indicator", FOUND.values(), ids=FOUND)
def test_an_indicator_has_metadata_query_and_case(indicator: Indicator) -> None:
    held = {path.name for path in (INDICATORS / indicator.id).iterdir()}
    has_query = indicator.kind != "composite" and not indicator.relates_items
    assert held == {"indicator.toml", "case.toml"} | ({"members.sql"} if has_query else set())
    assert set(indicator.dimensions) <= set(MEMBER_DIMENSIONS)


@pytest.mark.parametrize("indicator", FOUND.values(), ids=FOUND)
def test_an_indicator_is_defined_in_vietnamese(indicator: Indicator) -> None:
    assert VIETNAMESE.search(indicator.definition_vi)
    assert bool(indicator.exclusions_vi) == bool(indicator.exclusions)
    assert not indicator.exclusions_vi or VIETNAMESE.search(indicator.exclusions_vi)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.indicator_id}: {case.name}")
def test_the_members_of_a_case_add_up_to_its_figure(case: Case) -> None:
    answer = answer_to(case, FOUND)
    assert answer is not None
    assert answer.members == case.members
    assert answer.figure == case.figure


@pytest.mark.parametrize("indicator", WITH_MEMBERS, ids=lambda indicator: indicator.id)
def test_a_case_fails_when_its_indicator_is_removed_or_counts_everything(indicator: Indicator) -> None:
    cases = [case for case in CASES if case.indicator_id == indicator.id]
    without = {name: other for name, other in FOUND.items() if name != indicator.id}
    assert all(holds(case, FOUND) for case in cases)
    assert not any(holds(case, without) for case in cases)
    answers = [(case, answer) for case in cases if (answer := answer_to(case, FOUND)) is not None]
    assert any(len(answer.members) < case.rows.num_rows for case, answer in answers), "every row is a member"
    assert any(answer.numerators != answer.denominators for _, answer in answers), "every member counts"


def test_the_cases_tell_every_indicator_from_every_other() -> None:
    said: dict[str, list[object]] = {indicator.id: [] for indicator in WITH_MEMBERS}
    for case in CASES:
        source = FOUND[case.indicator_id].source
        asked = [indicator for indicator in WITH_MEMBERS if indicator.source == source]
        members, ratios = members_and_sums(asked, case.table, case.rows)
        for indicator in asked:
            keys = tuple(str(row["member_key"]) for row in members_at(members, Place(indicator.id)))
            said[indicator.id].append((ratios[Place(indicator.id)], keys))
    alike = [(one, other) for one in said for other in said if one < other and said[one] == said[other]]
    assert alike == []


def test_every_indicator_that_the_plan_names_is_there() -> None:
    ways = {way.indicator for target in PLAN.targets for way in target.ways}
    named = {target.indicator for target in PLAN.targets if target.indicator}
    broken = {indicator for one in PLAN.series_breaks for indicator in one.indicators}
    items = {item.indicator for item in PLAN.report_items if item.indicator}
    assert ways | named | broken | items <= set(FOUND)


def test_the_line_items_of_an_indicator_are_those_that_the_plan_says() -> None:
    items = {item.code: item for item in PLAN.report_items}
    for indicator in FOUND.values():
        if indicator.relates_items:
            assert items[indicator.numerator_item].indicator == indicator.id
            assert f"<= {indicator.denominator_item}" in items[indicator.numerator_item].relation
            assert indicator.denominator_item in items


TEXT = st.sampled_from(("A", "B", "C"))
FLAG = st.booleans()
DAYS = st.one_of(st.none(), st.integers(0, 60))
DOSSIERS = st.lists(
    st.fixed_dictionaries({
        "handling_office": TEXT,
        "field": st.one_of(st.just(""), TEXT),
        "procedure_code": st.one_of(st.none(), TEXT),
        "channel": st.one_of(st.none(), st.sampled_from(("online", "postal", "in_person"))),
        "circulation": st.one_of(st.none(), st.sampled_from(("electronic", "paper", "none"))),
        "result_form": st.one_of(st.none(), st.sampled_from(("digitised", "paper"))),
        "limit_working_days": st.one_of(st.none(), st.integers(1, 30)),
        "handling_working_days": DAYS,
        "pending_working_days": DAYS,
        "age_class": st.one_of(st.none(), st.sampled_from(("1: 0-5", "4: >20"))),
        **{field.name: FLAG for field in DOSSIER_STATE if pa.types.is_boolean(field.type)},
    }),
    max_size=25,
)  # fmt: skip


def added(ratios: Sequence[Ratio]) -> tuple[Decimal, Decimal]:
    return (
        sum((r.numerator for r in ratios if r.numerator is not None), Decimal(0)),
        sum((r.denominator for r in ratios if r.denominator is not None), Decimal(0)),
    )


def nth_smallest(values: Sequence[Decimal], indicator: Indicator) -> tuple[Decimal, Decimal]:
    """The smallest value that at least the quantile of all do not exceed, by trying each."""
    assert indicator.quantile is not None
    fits = [v for v in values if sum(w <= v for w in values) >= indicator.quantile * len(values)]
    return min(fits), Decimal(1)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(DOSSIERS)
def test_the_whole_is_the_sum_of_its_units_and_of_each_dimension_and_so_are_its_members(
    dossiers: list[dict[str, object]],
) -> None:
    rows = [{**row, "dossier_code": f"HS-{n:03}"} for n, row in enumerate(dossiers)]
    members, ratios = members_and_sums(
        DOSSIER_INDICATORS, "dossier_state", pa.Table.from_pylist(rows, schema=DOSSIER_STATE)
    )
    for place, ratio in ratios.items():
        indicator = FOUND[place.indicator_id]
        own = members_at(members, place)
        parts = [Ratio(row["numerator"], row["denominator"]) for row in own]  # type: ignore[arg-type]
        if not own:
            assert ratio.status in ("no_cases", "no_data")
        elif indicator.quantile is None:
            assert added([ratio]) == added(parts)
        else:
            values = [part.numerator for part in parts if part.numerator is not None]
            assert added([ratio]) == nth_smallest(values, indicator)
    for indicator in DOSSIER_INDICATORS:
        if indicator.quantile is not None:
            continue
        of_units = [r for p, r in ratios.items() if p.indicator_id == indicator.id and p.unit_code]
        assert added(of_units) == added([ratios[Place(indicator.id)]])
        for dimension in indicator.dimensions:
            of_values = [r for p, r in ratios.items() if (p.indicator_id, p.dimension) == (indicator.id, dimension)]
            assert added(of_values) == added([ratios[Place(indicator.id)]])


@pytest.fixture
def own_indicators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the queries, in which an indicator can be added."""
    folder = tmp_path / "queries"
    shutil.copytree(sql.FOLDER, folder)
    monkeypatch.setattr(sql, "FOLDER", folder)
    monkeypatch.setattr(sql.indicators, "INDICATORS", folder / "4_indicators")
    # The method of this checkout is one object that everything shares; for this test it stands elsewhere.
    monkeypatch.setitem(vars(sql.CURRENT), "folder", folder)
    return folder / "4_indicators"


ADDED = """
kind = "ratio"
source = "dossier"
group = "quality"
dimensions = ["channel"]
name_vi = "Tỷ lệ hồ sơ rút"
name_en = "Share withdrawn"
definition_vi = "Số hồ sơ rút trên số hồ sơ đã giải quyết"
definition = "Withdrawn of resolved"
exclusions_vi = "Hồ sơ đang giải quyết."
exclusions = "Pending ones."
unit_of_measure = "%"
basis = "thử nghiệm"
"""
ADDED_MEMBERS = """
SELECT
    *,
    handling_office AS unit_code,
    dossier_code AS member_key,
    is_withdrawn::INTEGER AS numerator,
    1 AS denominator
FROM dossier_state
WHERE is_resolved
ORDER BY unit_code, member_key;
"""
FOUR = """
H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 27/01/2022
H32.15-220105-0002 | 1.003654 | QLVHGD | Trực tiếp  | Đã có kết quả | 05/01/2022 | 26/01/2022 | 26/01/2022
H32.15-220105-0003 | 1.002396 | QLTDTT | Trực tuyến | Xin rút       | 05/01/2022 | 14/01/2022 | 20/01/2022
H32.15-220105-0004 | 9.000001 | VP     | Trực tiếp  | Đã có kết quả | 05/01/2022 |            | 05/01/2022
"""


def test_adding_an_indicator_takes_one_folder_and_no_python(own_indicators: Path, tmp_path: Path) -> None:
    folder = own_indicators / "withdrawn_share"
    folder.mkdir()
    (folder / "indicator.toml").write_text(ADDED, "utf-8")
    (folder / "members.sql").write_text(ADDED_MEMBERS, "utf-8")
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(FOUR))
    office.consolidate()
    assert figures(office)["withdrawn_share", ""] == (1, 4, "final")
    explained = explain(
        office.workspace, office.workspace.plan, office.workspace.plan.period(PERIOD), "withdrawn_share"
    )
    assert [m.key for m in explained.members if m.numerator] == ["H32.15-220105-0003"]
    assert len(explained.members) == explained.denominator == 4
    assert office.publish().reasons == ()
    (dataset,) = (office.workspace.root / "releases").rglob("official/data/indicators.parquet")
    published = [row for row in pq.read_table(dataset).to_pylist() if row["indicator_id"] == "withdrawn_share"]
    assert {row["dimension_value"] for row in published if row["dimension"]} == {"online", "in_person"}
    assert {row["indicator_name_vi"] for row in published} == {"Tỷ lệ hồ sơ rút"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda folder: (folder / "members.sql").unlink(), "members.sql is absent", id="no query"),
        pytest.param(
            lambda folder: (folder / "indicator.toml").write_text(ADDED.replace('"dossier"', '"nowhere"'), "utf-8"),
            "source",
            id="an unknown source",
        ),
        pytest.param(
            lambda folder: (folder / "indicator.toml").write_text(ADDED + 'numerator_item = "A1.1"\n', "utf-8"),
            "both of its line items",
            id="half a ratio of items",
        ),
        pytest.param(
            lambda folder: (folder / "indicator.toml").write_text(ADDED + "quantile = 0.5\n", "utf-8"),
            "a quantile says which",
            id="a ratio with a quantile",
        ),
    ],
)
def test_a_folder_that_is_no_indicator_is_refused(
    own_indicators: Path, change: Callable[[Path], object], said: str
) -> None:
    folder = own_indicators / "withdrawn_share"
    folder.mkdir()
    (folder / "indicator.toml").write_text(ADDED, "utf-8")
    (folder / "members.sql").write_text(ADDED_MEMBERS, "utf-8")
    assert "withdrawn_share" in load_indicators()
    change(folder)
    with pytest.raises(ValueError, match=said):
        load_indicators()


@pytest.fixture
def measured(tmp_path: Path) -> Office:
    """An office of which one unit reports, with three of the plan's targets."""
    folder = small_plan(tmp_path / "plan", sender="TV")
    stated = (PLAN.folder / "targets.toml").read_text("utf-8").split("[[series_break]]")[0].split("[[target]]")[1:]
    kept = [one for one in stated if one.split('"')[1] in ("I.2a", "I.2c", "I.7")]
    (folder / "targets.toml").write_text("".join("[[target]]" + one for one in kept), "utf-8")
    return Office.new(tmp_path, folder)


def figures(office: Office) -> dict[tuple[object, object], tuple[object, object, object]]:
    """Return the figures of the department and of its units."""
    return {
        (row["indicator_id"], row["unit_code"]): (row["numerator"], row["denominator"], row["status"])
        for row in office.table("figure")
        if not row["dimension"]
    }


def results(office: Office) -> dict[object, object]:
    return {row["target_id"]: row["status"] for row in office.table("target_result")}


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
    for indicator in ("overdue_share", "satisfaction", "online_share_all", "tasks_done_share"):
        assert figures(measured)[indicator, ""] == (None, None, "no_data")
    for target in ("I.2a", "I.2c", "I.7"):
        assert results(measured)[target] == "no_data"
    # The plan is always known.
    assert figures(measured)["services_on_portal_share", ""][2] == "final"


def test_a_log_without_a_resolved_dossier_is_no_cases(measured: Office) -> None:
    measured.take(log("H32.15-220301-0001 | 1.003654 | QLVHGD | BCCI | Đang xử lý | 01/03/2022 | 22/03/2022 |"))
    measured.consolidate()
    found = figures(measured)
    assert found["overdue_share", ""] == found["handling_days_p90", ""] == (0, 0, "no_cases")
    assert found["online_share", ""] == (None, None, "composite")
    assert found["electronic_circulation_share", ""] == (None, None, "no_data")
    assert results(measured)["I.2a"] == results(measured)["I.2c"] == "no_cases"
    assert results(measured)["I.7"] == "no_data"


def test_figures_of_units_add_up_to_the_departments(measured: Office) -> None:
    measured.take(log(FOUR))
    measured.take(report("TV", {"A9.1": 100, "A9.2": 83}), "TV.xlsx", date(2022, 3, 14))
    measured.consolidate()
    found = figures(measured)
    assert found["overdue_share", ""] == (1, 4, "final")
    assert found["overdue_share", "QLVHGD"] == (1, 2, "final")
    assert found["online_share_all", ""] == (2, 4, "final")
    assert found["online_share_announced", ""] == (2, 3, "final")
    assert found["satisfaction", ""] == (83, 100, "final")
    assert {name: results(measured)[name] for name in ("I.2a", "I.2c", "I.7")} == {
        "I.2a": "missed",
        "I.2c": "met",
        "I.7": "missed",
    }
    # 05/01 + 16 and 15 working days (Tết among them), and a result on the day itself; the withdrawn one has none.
    assert found["handling_days_average", ""] == (31, 3, "final")
    assert found["handling_days_p90", ""] == (16, 1, "final")
    for indicator in FOUND.values():
        of_units = [figure for (name, unit), figure in found.items() if name == indicator.id and unit]
        if indicator.kind == "ratio" and found[indicator.id, ""][2] != "no_data":
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

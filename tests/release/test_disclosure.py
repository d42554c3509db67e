"""The open part of a release gives nobody away: whoever adds up all its tables and versions learns no hidden number."""

import csv
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.audits.verify import verify
from flows.release.disclosure import rehearse
from flows.release.justify import justify, warned
from flows.release.open_editions import open_folder
from releases.disclosure.audit import exposed
from releases.disclosure.disclosure import FIELD, UNIT, Cell, Edition, Spot, amount_cells, count_cell
from releases.disclosure.open_readme import BREAKDOWN_WORDS
from releases.disclosure.relations import Relation, System, system_of
from releases.disclosure.suppression import Guard, Protected, UnprotectableError, audited, protect
from schemas.dimensions import MEMBER_DIMENSIONS
from schemas.identities import Identities, Identity, Population, load_identities
from tests.release.test_flow import texts
from tests.support.definition_words import MEANINGS
from tests.support.disclosure_attack import Attack, cells_of, fields_of_office
from tests.support.office import PERIOD, PLAN, Office, log, small_plan, titles

WIDTH, THRESHOLD = PLAN.disclosure.protection_width.value, PLAN.disclosure.threshold.value
FORM = Identities(
    population={name: Population(time="flow", columns=(name,)) for name in ("all", "early", "late")},
    identity=(Identity(left=("all",), relation="=", right=("early", "late")),),
)


def version_folder(office: Office, version: int) -> Path:
    return office.workspace.releases / PERIOD / f"v{version}"


def attack_on(office: Office, versions: tuple[int, ...]) -> Attack:
    attack = Attack()
    for version in versions:
        attack.add(version_folder(office, version), f"v{version}", fields_of_office(PLAN))
    return attack


def test_no_hidden_number_of_the_demo_can_be_told(shared_demo: Office) -> None:
    attack = attack_on(shared_demo, (1,))
    assert len(attack.hidden) > 50
    assert len(attack.shown) > 200
    assert attack.told(WIDTH) == []


def test_with_one_hidden_number_shown_the_attack_tells_others(shared_demo: Office) -> None:
    attack = attack_on(shared_demo, (1,))
    # What was hidden for the sake of others: as large as anything that is shown.
    beside = [key for key in attack.hidden if attack.truth[key] >= 2 * THRESHOLD and key[2]]
    assert beside
    attack.hidden = [key for key in attack.hidden if key not in beside]
    assert attack.told(1)


def test_what_is_shown_is_what_the_official_part_says(shared_demo: Office) -> None:
    folder = version_folder(shared_demo, 1)
    true = cells_of(folder / "official/data", "", is_official=True)
    opened = cells_of(folder / "open/data", "")
    assert {key: text for key, text in opened.items() if text} == {
        key: true[key] for key, text in opened.items() if text
    }
    assert opened["", "received_total", "", ""] == true["", "received_total", "", ""]
    small = [k for k, text in opened.items() if text and "." not in k[1] and 0 < int(text) < THRESHOLD]
    assert small == []


def test_ratios_with_a_small_part_remainder_or_whole_are_hidden(shared_demo: Office) -> None:
    with (version_folder(shared_demo, 1) / "open/data/indicators.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["unit_of_measure"] == "%" and row["status"] == "final"]
    about_tasks = {"tasks", "reporting"}
    free = set(PLAN.disclosure.not_about_persons.value) | {"services_on_portal_share", "procedures_announced_share"}
    rows = [row for row in rows if row["indicator_group"] not in about_tasks and row["indicator_id"] not in free]
    assert len(rows) > 30
    for row in rows:
        numerator, denominator = int(row["numerator"]), int(row["denominator"])
        assert not any(0 < n < THRESHOLD for n in (numerator, denominator, denominator - numerator)), row


def test_nothing_in_the_open_part_names_a_dossier_a_submission_or_a_file(shared_demo: Office) -> None:
    codes = {str(row["dossier_code"]) for row in shared_demo.table("dossier_state")}
    assert len(codes) > 350
    numbers = {f"S-{n:04d}" for n in range(1, 40)}
    for name, text in texts(version_folder(shared_demo, 1) / "open").items():
        assert [secret for secret in codes | numbers | {"000.00.15.H32", "so-ho-so"} if secret in text] == [], name


def test_the_open_part_is_signed_named_by_the_ledger_and_verified(demo: Office) -> None:
    assert verify(demo.workspace).problems == []
    folder = open_folder(demo.workspace, PERIOD, 1)
    readme = folder / "README.txt"
    readme.write_bytes(readme.read_bytes() + b"\n")
    assert [p for p in verify(demo.workspace).problems if "open" in p and "README.txt" in p]
    shutil.rmtree(folder)
    assert [p for p in verify(demo.workspace).problems if p.endswith("v1/open: không còn / is missing")]


def dossiers(counts: Mapping[tuple[str, str], int], start: int = 1) -> str:
    """Draw dossiers that were resolved early (or late) by procedure and office; numbers go on from `start`."""
    lines, number = [], start
    for (procedure, ending), count in counts.items():
        for _ in range(count):
            office = "QLTDTT" if procedure == "1.002396" else "QLVHGD"
            finished = "12/01/2022" if ending == "early" else "20/02/2022"
            lines.append(
                f"000.00.15.H32-220105-{number:04d} | {procedure} | {office} | Trực tiếp | Đã trả kết quả"
                f" | 05/01/2022 | 26/01/2022 | {finished}"
            )
            number += 1
    return "\n".join(lines)


def published(office: Office) -> int:
    office.consolidate()
    period = office.workspace.plan.period(PERIOD)
    for rule_id in {
        one.rule_id
        for one in warned(
            office.workspace, office.ledger, office.workspace.plan, period, office.door.today(office.workspace.plan)
        )
    }:
        justify(office.workspace, office.door, period, rule_id, None, "thử nghiệm / test")
    done = office.publish()
    assert done.version is not None, done.reasons
    return done.version


def test_two_versions_with_a_late_record_give_nothing_away(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    first = {("1.003654", "early"): 12, ("1.003654", "late"): 4, ("1.009397", "early"): 20, ("1.009397", "late"): 6,
             ("1.002396", "early"): 30, ("1.002396", "late"): 8}  # fmt: skip
    office.take(log(dossiers(first)), "so-1.csv")
    assert published(office) == 1
    # One more late dossier lifts the small count to the threshold: shown now, it would give the first version away.
    late = dossiers(first) + "\n" + dossiers({("1.003654", "late"): 1}, start=500)
    office.take(log(late, titles(exported="16/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 16))
    assert published(office) == 2
    attack = attack_on(office, (1, 2))
    assert attack.hidden
    spots = {key[1:] for key in attack.truth if key[0] == "v1"}
    unchanged = {spot for spot in spots if attack.truth.get(("v2", *spot)) == attack.truth["v1", *spot]}
    hidden = {key[1:] for key in attack.hidden if key[0] == "v1"}
    assert hidden & unchanged & {key[1:] for key in attack.shown if key[0] == "v2"} == set()
    period = PLAN.period(PERIOD)
    windows = dict.fromkeys(("v1", "v2"), (period.first_day, period.last_day))
    attack.between(windows)
    assert len(attack.subtract(windows, THRESHOLD)) > 10
    assert attack.told(WIDTH) == []


def test_the_rehearsal_says_what_would_be_shown_and_that_the_attack_fails(shared_demo: Office) -> None:
    size = shared_demo.ledger.size
    done = rehearse(shared_demo.workspace, shared_demo.workspace.plan.period(PERIOD), date(2022, 3, 20))
    assert (done.version, done.exposed_count) == (2, 0)
    assert sum(table.shown_count for table in done.tables) > 200
    assert {"form_department", "form_ii06a", "form_ii06b"} <= {table.name for table in done.tables}
    assert shared_demo.ledger.size == size


def test_every_breakdown_that_may_be_left_out_has_words_for_the_public() -> None:
    assert set(BREAKDOWN_WORDS) == {"", UNIT, *MEMBER_DIMENSIONS}


# Small tables: fields by early and late, their sums, and an office that has some of the fields.
numbers = st.integers(min_value=0, max_value=12)
tables = st.lists(st.tuples(numbers, numbers), min_size=3, max_size=6)


def edition(rows: list[tuple[int, int]], version: int = 1) -> Edition:
    def three(early: int, late: int, dimension: str = "", value: str = "") -> Iterator[tuple[Spot, Cell]]:
        for measure, count in (("early", early), ("late", late), ("all", early + late)):
            yield Spot(measure, dimension, value), count_cell(Decimal(count), THRESHOLD)

    cells: dict[Spot, Cell] = {}
    for n, (early, late) in enumerate(rows):
        cells.update(three(early, late, FIELD, str(n)))
    halves = (rows[:2], rows[2:])
    for office, held in zip(("A", "B"), halves, strict=True):
        cells.update(three(sum(r[0] for r in held), sum(r[1] for r in held), UNIT, office))
    cells.update(three(sum(r[0] for r in rows), sum(r[1] for r in rows)))
    return Edition("kỳ", version, date(2022, 1, 1), date(2022, 3, 31), cells)


def attack_by_hand(editions: list[tuple[Edition, frozenset[Spot]]]) -> Attack:
    """Write the sums of small tables down as a reader would, without the product's relations."""
    attack = Attack()
    for made, hidden in editions:
        name = str(made.version)
        for spot, cell in made.cells.items():
            attack.truth[name, *spot] = float(cell.value)
        attack.hidden += [(name, *spot) for spot in made.cells if spot in hidden]
        fields = [spot.value for spot in made.cells if spot.measure == "all" and spot.dimension == FIELD]
        for measure in ("early", "late", "all"):
            attack.total((name, measure, "", ""), [(name, measure, FIELD, one) for one in fields])
            attack.total((name, measure, "", ""), [(name, measure, UNIT, one) for one in "AB"])
            attack.total((name, measure, UNIT, "A"), [(name, measure, FIELD, one) for one in fields[:2]])
            attack.total((name, measure, UNIT, "B"), [(name, measure, FIELD, one) for one in fields[2:]])
        for spot in made.cells:
            if spot.measure == "all":
                attack.total((name, *spot), [(name, part, spot.dimension, spot.value) for part in ("early", "late")])
    return attack


def offices(rows: list[tuple[int, int]]) -> dict[str, tuple[str, ...]]:
    names = tuple(str(n) for n in range(len(rows)))
    return {"A": names[:2], "B": names[2:]}


@settings(max_examples=25, deadline=None)
@given(rows=tables)
def test_of_small_tables_no_hidden_number_can_be_told(rows: list[tuple[int, int]]) -> None:
    made = edition(rows)
    try:
        protected = protect(system_of([made], FORM, offices(rows), THRESHOLD), [made], WIDTH)
    except UnprotectableError:
        return
    assert {spot for spot, cell in made.cells.items() if cell.is_too_small} == protected.primary
    assert not any(made.cells[spot].is_fixed for spot in protected.hidden)
    assert attack_by_hand([(made, protected.hidden)]).told(WIDTH) == []


@settings(max_examples=15, deadline=None)
@given(rows=tables, added=st.integers(min_value=0, max_value=5), early=st.integers(min_value=0, max_value=3))
def test_of_two_versions_of_small_tables_no_hidden_number_can_be_told(
    rows: list[tuple[int, int]], added: int, early: int
) -> None:
    first = edition(rows)
    try:
        before = protect(system_of([first], FORM, offices(rows), THRESHOLD), [first], WIDTH).hidden
        place = added % len(rows)
        changed = [(a + early, b + 1) if n == place else (a, b) for n, (a, b) in enumerate(rows)]
        old = Edition("kỳ", 1, first.first_day, first.last_day, first.cells, before)
        second = edition(changed, 2)
        after = protect(system_of([old, second], FORM, offices(rows), THRESHOLD), [old, second], WIDTH).hidden
    except UnprotectableError:
        return
    attack = attack_by_hand([(first, before), (second, after)])
    window = (first.first_day, first.last_day)
    attack.between({"1": window, "2": window})
    attack.subtract({"1": window, "2": window}, THRESHOLD)
    assert attack.told(WIDTH) == []


def test_without_what_is_hidden_beside_it_a_small_count_is_told() -> None:
    made = edition([(10, 2), (9, 8), (12, 7), (6, 9)])
    protected = protect(system_of([made], FORM, offices([(0, 0)] * 4), THRESHOLD), [made], WIDTH)
    assert protected.primary == {Spot("late", FIELD, "0")}
    assert protected.secondary
    assert attack_by_hand([(made, protected.primary)]).told(1) == [(("1", "late", FIELD, "0"), pytest.approx(0))]


def one_number(period: str, first_day: date, last_day: date, count: int) -> Edition:
    return Edition(period, 1, first_day, last_day, {Spot("all"): count_cell(Decimal(count), THRESHOLD)})


def test_what_cannot_be_protected_is_said_and_not_published() -> None:
    """The first quarter and the half are out: the second quarter is what is left."""
    quarter = one_number("Q1", date(2022, 1, 1), date(2022, 3, 31), 10)
    half = one_number("H1", date(2022, 1, 1), date(2022, 6, 30), 12)
    editions = [quarter, half, one_number("Q2", date(2022, 4, 1), date(2022, 6, 30), 2)]
    system = system_of(editions, FORM, {}, THRESHOLD)
    with pytest.raises(UnprotectableError, match="all"):
        protect(system, editions, WIDTH)
    guard = Guard(system, editions, WIDTH)
    assert exposed(system, guard.hidden, guard.guarded, WIDTH)


def test_a_number_is_open_although_another_must_move_far_with_it() -> None:
    """A sum of twenty equal numbers: each may be two more where the sum is forty more."""
    total = Relation(((0, 1.0), (1, -20.0)), is_equality=True)
    system = System({(0, Spot("all")): 0, (0, Spot("early")): 1}, [200.0, 10.0], [1.0, 1.0], [total], {})
    assert exposed(system, {0, 1}, [0, 1], WIDTH) == []
    assert exposed(system, {1}, [1], WIDTH) == [1]


def test_every_column_counts_a_population_and_the_definitions_say_of_when() -> None:
    said = load_identities()
    assert set(said.population_of) == set(MEANINGS) | {"handling_days_p90.denominator"}
    times = {column: said.population[name].time for column, name in said.population_of.items()}
    assert {column: times[column] for column in MEANINGS} == {column: one.time for column, one in MEANINGS.items()}
    amounts = {column for column, name in said.population_of.items() if said.population[name].amount}
    assert amounts == {column for column, one in MEANINGS.items() if one.is_amount}


def test_what_the_definitions_say_is_equal_is_one_population() -> None:
    said = load_identities()
    for column, meaning in MEANINGS.items():
        population = said.population_of[column]
        if len(meaning.equals) == 1:
            assert population == said.population_of[meaning.equals[0]], column
        elif meaning.equals:
            sums = [one for one in said.identity if one.left == (population,) and one.relation == "="]
            wanted = {said.population_of[one] for one in meaning.equals}
            assert wanted in [set(one.right) for one in sums], column


def test_every_number_about_persons_of_the_demo_counts_a_population(shared_demo: Office) -> None:
    official = version_folder(shared_demo, 1) / "official/data"
    known = {key[1] for key in cells_of(official, "", is_official=True)}
    about_tasks = {measure for measure in known if measure.startswith(("tasks_", "reports_", "first_time_right"))}
    about_plan = {m for m in known if m.startswith(("services_on_portal", "procedures_announced"))}
    assert known - about_tasks - about_plan <= set(load_identities().population_of)


def test_a_total_hidden_in_one_table_is_not_told_by_the_denominator_of_an_average() -> None:
    """Nobody was withdrawn in field 0: the average's denominator is the total, and the form's other columns add up."""
    cells: dict[Spot, Cell] = {}
    for dimension, value, early, late, members in (
        (FIELD, "0", 12, 2, 14), (FIELD, "1", 20, 9, 28), (FIELD, "2", 30, 8, 36), ("", "", 62, 19, 78),
    ):  # fmt: skip
        place = (dimension, value)
        for column, count in (("resolved_early", early), ("resolved_overdue", late), ("resolved_total", early + late)):
            cells[Spot(column, *place)] = count_cell(Decimal(count), THRESHOLD)
        cells[Spot("resolved_on_time", *place)] = count_cell(Decimal(0), THRESHOLD)
        average = Spot("handling_days_average", *place)
        cells |= amount_cells(average, Decimal(members * 4), Decimal(members), members, THRESHOLD)
    made = Edition("kỳ", 1, date(2022, 1, 1), date(2022, 3, 31), cells)
    system = system_of([made], load_identities(), {}, THRESHOLD)
    hidden = protect(system, [made], WIDTH).hidden
    total, members = (Spot(m, FIELD, "0") for m in ("resolved_total", "handling_days_average.denominator"))
    assert system.variable_of[0, total] == system.variable_of[0, members]
    assert (total in hidden) == (members in hidden)


def test_a_version_does_not_show_a_number_that_differs_by_one_from_the_version_before() -> None:
    first = edition([(10, 9), (9, 8), (12, 7), (6, 9)])
    names = offices([(0, 0)] * 4)
    before = protect(system_of([first], FORM, names, THRESHOLD), [first], WIDTH).hidden
    assert before == frozenset()
    second = edition([(11, 9), (12, 8), (13, 7), (6, 9)], 2)
    system = system_of([first, second], FORM, names, THRESHOLD)
    assert [d.value for d in system.differences.values() if len(d.places) == 2].count(1.0) >= 2
    hidden = protect(system, [first, second], WIDTH).hidden
    assert {Spot("early", FIELD, one) for one in "012"} <= hidden
    # Five more in all are enough to be told, and what did not change stays shown.
    assert Spot("all") not in hidden
    assert Spot("late", FIELD, "3") not in hidden


def test_of_a_version_that_gives_a_difference_away_the_audit_says_so() -> None:
    first, second = edition([(10, 9), (9, 8), (12, 7)]), edition([(11, 9), (9, 8), (12, 7)], 2)
    system = system_of([first, second], FORM, offices([(0, 0)] * 3), THRESHOLD)
    open_all = audited(system, [first, second], Protected(frozenset(), frozenset()), WIDTH)
    assert set(open_all.told) == system.differences.keys()
    assert open_all.told
    third = edition([(11, 9), (9, 8), (12, 7)], 3)
    again = system_of([first, second, third], FORM, offices([(0, 0)] * 3), THRESHOLD)
    # What is out is out: a third version need not hide what the first two have told.
    protected = protect(again, [first, second, third], WIDTH)
    done = audited(again, [first, second, third], protected, WIDTH)
    assert (done.told, protected.hidden) == ((), frozenset())
    assert done.told_before


def test_what_a_period_tells_more_than_its_parts_is_a_difference() -> None:
    """A dossier was entered late: only the half has it, so that who subtracts the quarters finds it."""

    quarters = [
        one_number("Q1", date(2022, 1, 1), date(2022, 3, 31), 20),
        one_number("Q2", date(2022, 4, 1), date(2022, 6, 30), 30),
    ]
    half = one_number("H1", date(2022, 1, 1), date(2022, 6, 30), 51)
    system = system_of([*quarters, half], FORM, {}, THRESHOLD)
    assert [d.value for d in system.differences.values()] == [1.0]
    assert protect(system, [*quarters, half], WIDTH).hidden == {Spot("all")}


def test_days_that_add_up_by_chance_are_no_equal_numbers() -> None:
    """One more dossier, of no days: who subtracts learns that it took none."""
    versions = [
        Edition(
            "kỳ", n, date(2022, 1, 1), date(2022, 3, 31),
            amount_cells(Spot("handling_days_average"), Decimal(80), Decimal(members), members, THRESHOLD),
        )
        for n, members in ((1, 20), (2, 21))
    ]  # fmt: skip
    system = system_of(versions, load_identities(), {}, THRESHOLD)
    days, members = (Spot(f"handling_days_average.{part}") for part in ("numerator", "denominator"))
    assert protect(system, versions, WIDTH).hidden == {days, members}


def test_a_quantile_is_shown_only_where_the_number_of_its_members_is(shared_demo: Office) -> None:
    folder = version_folder(shared_demo, 1) / "open/data/indicators.csv"
    with folder.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator_id"].startswith("handling_days_")]
    place = {(r["indicator_id"], r["unit_code"], r["dimension"], r["dimension_value"]): r for r in rows}
    quantiles = [
        (key, row) for key, row in place.items() if key[0] == "handling_days_p90" and row["status"] != "no_cases"
    ]
    assert [key for key, row in quantiles if not row["value"]]
    for key, row in quantiles:
        average = place.get(("handling_days_average", *key[1:]))
        assert average is None or bool(row["value"]) == bool(average["denominator"]), key


def test_an_open_part_that_gives_a_number_away_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    counts = {("1.003654", "early"): 12, ("1.003654", "late"): 4, ("1.009397", "early"): 20, ("1.009397", "late"): 6}
    office.take(log(dossiers(counts)), "so-1.csv")

    def only_too_small(_system: System, editions: list[Edition], _width: int) -> Protected:
        return Protected(frozenset(s for s, cell in editions[-1].cells.items() if cell.is_too_small), frozenset())

    monkeypatch.setattr("flows.release.open_part.protect", only_too_small)
    with pytest.raises(AssertionError, match="hidden numbers away"):
        published(office)
    assert not open_folder(office.workspace, PERIOD, 1).exists()


def test_what_is_measured_of_an_office_adds_up_where_its_members_do() -> None:
    """Days over members: office A has the fields 0 and 1, B the field 2 and one dossier of no known field."""
    cells: dict[Spot, Cell] = {}
    for dimension, value, amount, members in (
        (FIELD, "0", 60, 30), (FIELD, "1", 12, 12), (FIELD, "2", 50, 20), (FIELD, "", 0, 1),
        (UNIT, "A", 72, 42), (UNIT, "B", 50, 21), ("", "", 122, 63),
    ):  # fmt: skip
        cells |= amount_cells(Spot("age", dimension, value), Decimal(amount), Decimal(members), members, THRESHOLD)
    made = Edition("kỳ", 1, date(2022, 1, 1), date(2022, 3, 31), cells)
    system = system_of([made], FORM, {"A": ("0", "1"), "B": ("2",)}, THRESHOLD)
    adds_up = {frozenset(v for v, _ in relation.terms): relation.is_equality for relation in system.relations}

    def of(measure: str, office: str, *fields: str) -> bool:
        spots = (Spot(measure, UNIT, office), *(Spot(measure, FIELD, one) for one in fields))
        return adds_up[frozenset(system.variable_of[0, spot] for spot in spots)]

    assert of("age.numerator", "A", "0", "1")
    # B's days add up by chance: nobody can know that its stray dossier took none.
    assert not of("age.numerator", "B", "2")
    # Whose the stray dossier is can be seen only where the numbers of members are shown.
    assert not of("age.denominator", "A", "0", "1")

"""The demo year: whatever does not hold between its published periods stands in the register; nothing is hidden.

Identities are checked here from the released tables alone, without a query of the product.
"""

import csv
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb
import pytest
from typer.testing import CliRunner

import demo.run
import motcua.app
import motcua.cli
from audit.ledger import Ledger
from audit.register import register
from audit.releases import published
from audit.steps import Nonconformity
from demo.dossiers import Dossier
from demo.office import DemoOffice
from demo.run import DemoRun, invented_office, make_demo, run_demo, run_year
from flows.release.publish import Published, release_folder
from schemas.plan import Plan
from schemas.plan_models import Period
from sql import FOLDER
from tests.support.disclosure_attack import Attack, fields_of_office, told_elsewhere
from tests.support.office import KEY
from tests.support.people import CHEAP, FOUNDER, at_door
from tests.support.second_hand.files import PlanFiles
from tests.support.second_hand.published import KEYS, Difference, SecondHand
from warehouse.workspace import Workspace

DAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
FLOW = ("received_online", "received_in_person_or_postal", "resolved_total", "resolved_early", "resolved_on_time",
        "resolved_overdue")  # fmt: skip
STOCK = ("pending_total", "pending_within_due", "pending_overdue")
REPORTED = ("2022-Q1", "2022-H1", "2022-Q3", "2022-Y")

Form = dict[str, Counter[str]]


@dataclass(frozen=True)
class Year:
    """A workspace after the whole year, and what the run came to."""

    workspace: Workspace
    run: DemoRun
    office: DemoOffice

    @property
    def plan(self) -> Plan:
        return self.workspace.plan

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.workspace.ledger)

    @property
    def released(self) -> list[Published]:
        return [one for one in self.run.published if one.version is not None]

    def nonconformities(self) -> list[Nonconformity]:
        return list(register(self.ledger.entries).values())

    def versions(self, period: Period) -> list[int]:
        return [release.version for release in published(self.ledger.entries, period.id)]

    def rows(self, period_id: str, version: int, dataset: str) -> list[dict[str, str]]:
        path = release_folder(self.workspace, period_id, version) / "data" / f"{dataset}.csv"
        return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))

    def form(self, period_id: str, version: int) -> Form:
        """The published form by office, as counts."""
        names = (*FLOW, *STOCK, "received_total", "carried_over")
        return defaultdict(
            Counter,
            {
                row["handling_office"]: Counter({name: int(row[name]) for name in names})
                for row in self.rows(period_id, version, "form_ii06b")
            },
        )

    def findings(self, where: str) -> list[tuple[str, str, int]]:
        """Rule, file or period, and how many distinct places, of the findings in the store."""
        files = str(self.workspace.store / "finding" / "*.parquet")
        return (
            duckdb.connect()
            .execute(
                "SELECT rule_id, coalesce(period, file_sha256), count(DISTINCT CASE WHEN period IS NULL THEN row::VARCHAR ELSE subject END)"
                f" FROM read_parquet('{files}') WHERE dataset = 'dossier' AND {where} GROUP BY ALL ORDER BY ALL"
            )
            .fetchall()
        )


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    door = at_door(FOUNDER, DAY, "demo")
    workspace = make_demo(tmp_path_factory.mktemp("year") / "workspace", door, KEY, replace=False, cost=CHEAP)
    return Year(workspace, run_year(workspace, door), invented_office())


@pytest.fixture(scope="module")
def second_hand(year: Year) -> SecondHand:
    """The raw files as the office sent them, and what the workspace published: the way in between is computed anew."""
    raw = {
        hashlib.sha256(file.content).hexdigest(): (file.content, file.officially_received_on)
        for batch in year.office.batches()
        for file in batch.files
    }
    root = year.workspace.root
    return SecondHand(root, raw, PlanFiles(root / "plan", FOLDER / "4_indicators"))


def differences(second_hand: SecondHand) -> list[Difference]:
    return [found for version in second_hand.versions for found in second_hand.differences(version)]


def breaches(year: Year) -> Iterator[tuple[str, str, str, tuple[int, ...]]]:
    """Every identity that does not hold between the published forms: rule, period, office, the versions compared."""
    plan = year.plan
    for period in plan.periods:
        for version in year.versions(period):
            form = year.form(period.id, version)
            before = next((p for p in plan.periods if p.kind == "flow" and p.id == period.before), None)
            for office, c in form.items():
                within = {
                    "F001": (c["received_total"], c["received_online"] + c["received_in_person_or_postal"] + c["carried_over"]),
                    "F002": (c["resolved_total"], c["resolved_early"] + c["resolved_on_time"] + c["resolved_overdue"]),
                    "F003": (c["pending_total"], c["pending_within_due"] + c["pending_overdue"]),
                    "F004": (c["received_total"], c["resolved_total"] + c["pending_total"]),
                }  # fmt: skip
                yield from (
                    (rule, period.id, office, (version,)) for rule, (left, right) in within.items() if left != right
                )
            for old in year.versions(before) if before is not None and period.kind == "flow" else ():
                taken_over = year.form(before.id, old)
                for office in set(form) | set(taken_over):
                    if form[office]["carried_over"] != taken_over[office]["pending_total"]:
                        yield "F005", period.id, office, (old, version)


def parts(plan: Plan, period: Period) -> list[Period]:
    inside = [
        p for p in plan.periods if p.kind == "flow" and period.first_day <= p.first_day <= p.last_day <= period.last_day
    ]
    return sorted(inside, key=lambda p: p.first_day)


def test_every_period_of_the_year_is_published_in_the_end(year: Year) -> None:
    assert year.run.refused == ()
    assert {period.id for period in year.plan.periods} == {one.period for one in year.run.published}


def test_the_command_runs_the_year_and_shows_what_came_of_it(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo.run, "make_demo", lambda *_, **__: year.workspace)
    monkeypatch.setattr(demo.run, "run_year", lambda *_: year.run)
    done = CliRunner(env={"COLUMNS": "400"}).invoke(motcua.app.app, ["demo", "--year", "--dir", "demo-year"])
    assert done.exit_code == 0, done.output
    shown = set(re.findall(r"published: \S*/releases/(\S+)/v(\d+)/official", done.output.replace("\n", "")))
    assert shown == {(one.period, str(one.version)) for one in year.released}
    assert "motcua status 2022-Y -w demo-year" in done.output


def test_the_identities_within_every_published_form_hold(year: Year) -> None:
    assert [breach for breach in breaches(year) if breach[0] != "F005"] == []


def test_each_breach_between_published_quarters_has_an_open_nonconformity(year: Year) -> None:
    found = {(rule, period, office) for rule, period, office, _ in breaches(year)}
    known = {
        (nc.identity.rule_id, nc.identity.period, nc.identity.unit_code)
        for nc in year.nonconformities()
        if nc.state == "open"
    }
    assert found
    assert found <= known


def test_every_published_number_is_what_the_raw_files_come_to_by_the_words_of_the_definitions(
    year: Year, second_hand: SecondHand
) -> None:
    assert differences(second_hand) == []
    assert [(version.period, version.number) for version in second_hand.versions] == [
        (one.period, one.version) for one in year.released
    ]
    assert len(second_hand.files) == len(year.run.taken)


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        ("form_ii06a", "pending_overdue"), ("form_ii06b", "resolved_on_time"), ("reporting", "state"),
        ("indicators", "numerator"), ("indicators", "denominator"), ("indicators", "year_ago_value"),
        ("indicators", "label"), ("series", "value"), ("targets", "status"), ("tasks", "done_on"),
        ("task_summary", "overdue_count"), ("intake_accounting", "rejected_count"),
    ],
)  # fmt: skip
def test_a_published_cell_that_is_altered_does_not_agree_with_the_raw_files(
    second_hand: SecondHand, dataset: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, row = next(
        (version, row)
        for version in reversed(second_hand.versions)
        for row in second_hand.published(version, dataset)
        if row[column] and row.get("kind") != "unit_report"
    )
    altered = f"1{row[column]}"
    rows = [{**one, column: altered} if one == row else one for one in second_hand.published(version, dataset)]
    published = SecondHand.published
    monkeypatch.setattr(
        SecondHand, "published", lambda self, of, name: rows if name == dataset else published(self, of, name)
    )
    found = list(second_hand.differences(version))
    assert [(one.dataset, one.row, one.column, one.published) for one in found] == [
        (dataset, "|".join(row[name] for name in KEYS[dataset]), column, altered)
    ]


def test_the_latest_versions_agree_with_each_other(year: Year) -> None:
    plan = year.plan
    latest = {p.id: year.form(p.id, year.versions(p)[-1]) for p in plan.periods}
    for quarter in (p for p in plan.periods if p.kind == "flow" and p.before in latest):
        for office in latest[quarter.id]:
            assert latest[quarter.id][office]["carried_over"] == latest[quarter.before][office]["pending_total"], (
                quarter.id
            )
    for period in (p for p in plan.periods if p.kind == "cumulative"):
        quarters = [latest[p.id] for p in parts(plan, period)]
        for office, shown in latest[period.id].items():
            for name in FLOW:
                assert shown[name] == sum(quarter[office][name] for quarter in quarters), (period.id, office, name)
            assert shown["carried_over"] == quarters[0][office]["carried_over"], (period.id, office)
            for name in STOCK:
                assert shown[name] == quarters[-1][office][name], (period.id, office, name)


def test_what_was_open_before_the_year_is_its_opening_balance(year: Year) -> None:
    opening: Counter[str] = Counter()
    for balance in year.office.opening_balance:
        opening[balance.office] += balance.pending_count
    carried = {office: counts["carried_over"] for office, counts in year.form("2022-Q1", 1).items()}
    assert {office: count for office, count in carried.items() if count} == dict(opening)


def test_late_records_restate_the_quarter_before_and_what_is_summed_to_its_end(year: Year) -> None:
    versions = {p.id: len(year.versions(p)) for p in year.plan.periods}
    assert versions == {
        "2022-Q1": 2, "2022-Q2": 1, "2022-H1": 1, "2022-Q3": 2, "2022-9M": 2, "2022-Q4": 1, "2022-H2": 1, "2022-Y": 2,
    }  # fmt: skip
    before, after = (sum((year.form("2022-Q1", v).values()), Counter()) for v in (1, 2))
    # Three entered late and two whose status was unknown, of which one had gone out within the quarter.
    assert after["received_total"] - before["received_total"] == 5
    # The corrected end turns one more from resolved into pending.
    assert after["pending_total"] - before["pending_total"] == 5


def test_a_refused_quarter_is_in_the_record_and_its_breach_in_the_register(year: Year) -> None:
    refused = [one.period for one in year.run.published if one.reasons]
    assert refused == ["2022-Q2", "2022-H1", "2022-Q4", "2022-H2", "2022-Y"]
    broken = {
        nc.identity.period for nc in year.nonconformities() if nc.identity.rule_id in ("F005", "F006", "F007", "F008")
    }
    assert broken == set(refused)


def test_the_rows_of_each_log_break_the_planted_rules_and_no_other(year: Year) -> None:
    by_file = {t.number: t for t in year.run.taken}
    logs = [t for t in by_file.values() if t.file_name.startswith("so-theo-doi")]
    assert len(logs) == 4
    for taken, quarter in zip(sorted(logs, key=lambda t: t.file_name), year.office.world.quarters, strict=True):
        planted = year.office.planted(quarter)
        assert taken.reading is not None
        assert taken.reading.rejected_count == planted.rejected_row_count
        assert taken.reading.accepted_count == planted.row_count - planted.rejected_row_count
        sha = next(
            e.file_sha256
            for entry in year.ledger.entries
            for e in entry.events
            if getattr(e, "number", "") == taken.number and hasattr(e, "file_sha256")
        )
        found = {rule: count for rule, _, count in year.findings(f"period IS NULL AND file_sha256 = '{sha}'")}
        assert found == dict(planted.findings)


def overdue_without_letter(dossier: Dossier, quarter: Period) -> bool:
    """Whether it ended in the quarter after its date, or waits past it at the quarter's end, without a letter."""
    is_lost = dossier.last_shown_at is not None
    if dossier.due_at is None or dossier.apology_at is not None or not (is_lost or dossier.fate == "overdue"):
        return False
    ended_on = dossier.finished_at.date() if dossier.finished_at is not None and not is_lost else date.max
    if ended_on <= quarter.last_day:
        return ended_on >= quarter.first_day
    return dossier.due_at.date() <= quarter.last_day


def test_across_exports_only_what_was_planted_is_found(year: Year) -> None:
    dossiers, quarters = year.office.world.dossiers, year.office.world.quarters
    expected: dict[tuple[str, str], int] = {}
    for quarter in quarters:
        lost = [d for d in dossiers if d.last_shown_at is not None and d.last_shown_at.date() <= quarter.first_day]
        said = [
            d
            for d in dossiers
            for end in (d.first_said_finished_at, d.finished_at)
            if d.finish_changed_at and end and quarter.first_day <= end.date() <= quarter.last_day
        ]
        without_letter = [d for d in dossiers if overdue_without_letter(d, quarter)]
        expected |= {
            ("D018", quarter.id): len(lost),
            ("D039", quarter.id): len(said),
            ("D037", quarter.id): len(without_letter),
        }
    found = {(rule, period): count for rule, period, count in year.findings("period IS NOT NULL")}
    assert found == {place: count for place, count in expected.items() if count}
    assert {rule for rule, _ in found} == {"D018", "D037", "D039"}


def test_a_unit_that_keeps_making_the_same_mistake_shows_in_every_period(year: Year) -> None:
    repeating = year.office.troubles(year.plan.period("2022-Q1")).repeating
    for rule_id in ("R003", "P003"):
        seen = {
            nc.identity.period
            for nc in year.nonconformities()
            if (nc.identity.rule_id, nc.identity.unit_code) == (rule_id, repeating)
        }
        assert seen == set(REPORTED)


def test_a_resubmission_counts_two_rounds_and_not_first_time_right(year: Year) -> None:
    for period_id in REPORTED:
        unit = year.office.troubles(year.plan.period(period_id)).resubmitting
        row = next(
            r for r in year.rows(period_id, 1, "reporting") if (r["report_type"], r["unit_code"]) == ("cchc", unit)
        )
        assert (row["round_count"], row["is_first_time_right"]) == ("2", "false")
        assert row["state"] in ("on_time", "provisional")


def test_annual_reports_are_provisional_until_the_final_ones_come(year: Year) -> None:
    states = [
        Counter(r["state"] for r in year.rows("2022-Y", version, "reporting") if r["report_type"] == "cchc")
        for version in (1, 2)
    ]
    assert states[0]["provisional"] > states[1]["provisional"] > 0
    assert states[1]["on_time"] == len(year.office.final_reports(year.plan.period("2022-Y")))


def test_one_report_is_missing_and_one_late_in_every_period(year: Year) -> None:
    for period_id in REPORTED:
        troubles = year.office.troubles(year.plan.period(period_id))
        rows = [r for r in year.rows(period_id, 1, "reporting") if r["report_type"] == "cchc"]
        assert [r["unit_code"] for r in rows if r["state"] == "missing"] == [troubles.missing]
        assert [r["unit_code"] for r in rows if r["state"] == "late"] == [troubles.late]


def test_tasks_of_the_plan_fall_due_and_some_are_late_or_never_done(year: Year) -> None:
    states = Counter(row["state"] for row in year.rows("2022-Y", 2, "tasks"))
    assert min(states["done_on_time"], states["done_late"], states["overdue"]) >= 1


def test_no_hidden_number_of_any_open_table_and_no_small_difference_of_versions_can_be_told(year: Year) -> None:
    attack, windows, folders = Attack(), {}, []
    for period in year.plan.periods:
        for version in year.versions(period):
            name = f"{period.id} v{version}"
            windows[name] = (period.first_day, period.last_day)
            folders.append(release_folder(year.workspace, period.id, version).parent)
            attack.add(folders[-1], name, fields_of_office(year.plan))
    hidden_count = len(attack.hidden)
    attack.between(windows)
    rule = year.plan.disclosure
    differences = attack.subtract(windows, rule.threshold.value, rule.not_about_persons.value)
    assert len(windows) == len(year.released) > len(year.plan.periods)
    assert hidden_count > 500
    assert len(differences) > 200
    assert attack.told(rule.protection_width.value) == []
    assert attack.shown == {key: attack.truth[key] for key in attack.shown}
    assert [told for folder in folders for told in told_elsewhere(folder / "open/data")] == []
    totals = [key for key in attack.shown if key[1] == "received_total" and not key[2]]
    periods = {period.id for period in year.plan.periods}
    assert {key[0].split()[0] for key in totals} == periods, "some version of every period shows its total"


def test_the_demo_quarter_has_the_figures_of_the_year_s_first(
    year: Year, tmp_path_factory: pytest.TempPathFactory
) -> None:
    door = at_door(FOUNDER, DAY, "demo")
    workspace = make_demo(tmp_path_factory.mktemp("quarter") / "workspace", door, KEY, replace=False, cost=CHEAP)
    alone = Year(workspace, run_demo(workspace, door), year.office)
    assert alone.run.refused == ()
    assert alone.form("2022-Q1", 1) == year.form("2022-Q1", 1)
    assert [alone.rows("2022-Q1", 1, name) for name in ("indicators", "reporting")] == [
        year.rows("2022-Q1", 1, name) for name in ("indicators", "reporting")
    ]

"""The form's identities hold for clean data, break under planted faults, and what breaks them does not leave the house."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.office import PERIOD, PLAN, Office, log, small_plan, titles

FIRST, LAST = PLAN.period(PERIOD).first_day, PLAN.period(PERIOD).last_day
IDENTITIES = ("F001", "F002", "F003", "F004", "F005")
FIELD = "Văn hóa cơ sở"
CLEAN = """
H32.15-211210-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 10/12/2021 | 31/12/2021 | 20/12/2021
H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tiếp  | Đã có kết quả | 05/01/2022 | 26/01/2022 | 26/01/2022
H32.15-220301-0001 | 1.003654 | QLVHGD | BCCI       | Đang xử lý    | 01/03/2022 | 22/03/2022 |
"""
OPENING = f"{PERIOD},QLVHGD,{FIELD},1,biên bản kiểm kê 17,imported\n"


def new_office(folder: Path, opening: str = OPENING) -> Office:
    return Office.new(folder, small_plan(folder / "plan", opening=opening))


def verdicts(office: Office, period: str = PERIOD) -> dict[str, set[str]]:
    return {rule_id: office.outcomes(rule_id, period) for rule_id in IDENTITIES}


def broken(office: Office, period: str = PERIOD) -> set[str]:
    return {rule_id for rule_id, outcomes in verdicts(office, period).items() if "fail" in outcomes}


def opened(office: Office, period: str = PERIOD) -> set[tuple[str, str]]:
    return {
        (item.identity.rule_id, item.grade)
        for item in office.nonconformities
        if item.identity.period == period and item.identity.dataset == "form_ii06a"
    }


def test_clean_data_with_an_opening_balance_hold_every_identity(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    office.take(log(CLEAN))
    office.consolidate()
    assert verdicts(office) == {rule_id: {"pass"} for rule_id in IDENTITIES}
    assert office.nonconformities == []


def test_without_an_opening_balance_the_carry_over_is_not_evaluated(tmp_path: Path) -> None:
    office = new_office(tmp_path, opening="")
    office.take(log(CLEAN))
    office.consolidate()
    assert office.outcomes("F005") == {"not_evaluated"}
    reasons = {row["reason"] for row in office.table("rule_result") if row["rule_id"] == "F005"}
    assert all(reasons)
    assert broken(office) == set()


@pytest.mark.parametrize(
    ("fault", "mended", "seen", "breaks"),
    [
        pytest.param("Qua Zalo", "Trực tiếp ", "D005", "F001", id="unknown channel"),
        pytest.param(" ", "Trực tiếp ", "D005", "F001", id="blank channel"),
        pytest.param("| | 26/01/2022", "| 26/01/2022 | 26/01/2022", "D007", "F002", id="no due date, resolved"),
        pytest.param("01/03/2022 | |", "01/03/2022 | 22/03/2022 |", "D007", "F003", id="no due date, pending"),
    ],
)
def test_a_planted_fault_breaks_its_identity_as_a_major_nonconformity(
    fault: str, mended: str, seen: str, breaks: str, tmp_path: Path
) -> None:
    assert CLEAN.count(mended) == 1
    office = new_office(tmp_path)
    office.take(log(CLEAN.replace(mended, fault)))
    office.consolidate()
    assert broken(office) == {breaks}
    assert {row["rule_id"] for row in office.findings()} == {seen, breaks}
    assert opened(office) == {(breaks, "major")}


def test_an_immediate_result_procedure_needs_no_due_date(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    immediate = "H32.15-220106-0001 | 9.000001 | VP | Trực tiếp | Đã có kết quả | 06/01/2022 08:00 | | 06/01/2022 08:05"
    office.take(log(f"{CLEAN}{immediate}"))
    office.consolidate()
    assert broken(office) == set()
    assert office.totals()["resolved_on_time"] == 2


@pytest.mark.parametrize("count", [0, 2])
def test_an_altered_opening_balance_breaks_the_carry_over(count: int, tmp_path: Path) -> None:
    office = new_office(tmp_path, opening=OPENING.replace(",1,", f",{count},"))
    office.take(log(CLEAN))
    office.consolidate()
    assert broken(office) == {"F005"}
    assert opened(office) == {("F005", "major")}


def test_an_opening_balance_of_another_field_breaks_it_on_both_sides(tmp_path: Path) -> None:
    office = new_office(tmp_path, opening=OPENING.replace(FIELD, "Quảng cáo"))
    office.take(log(CLEAN))
    office.consolidate()
    found = {row["subject"]: (row["shown_value"], row["expected"]) for row in office.table("finding")}
    assert found == {FIELD: ("1", "0"), "Quảng cáo": ("0", "1")}


def test_a_back_dated_receipt_breaks_the_carry_over_of_the_next_quarter(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    office.take(log(CLEAN))
    office.consolidate()
    above = titles("15/03/2022", "14/06/2022", "15/06/2022 08:00:00")
    second = """
        H32.15-220301-0001 | 1.003654 | QLVHGD | BCCI       | Đã có kết quả | 01/03/2022 | 22/03/2022 | 21/03/2022
        H32.15-220310-0009 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý    | 10/03/2022 | 31/03/2022 |
    """
    office.at = datetime(2022, 6, 20, tzinfo=UTC)
    office.take(log(second, above), "so-q2.csv", date(2022, 6, 15))
    office.consolidate("2022-Q2")
    assert office.totals("2022-Q2")["carried_over"] == 2
    assert broken(office, "2022-Q2") == {"F005"}
    assert opened(office, "2022-Q2") == {("F005", "major")}
    # What was consolidated before stays as it was.
    assert office.totals()["pending_total"] == 1


def test_a_second_run_opens_nothing_twice_and_numbers_have_no_gap(tmp_path: Path) -> None:
    office = new_office(tmp_path, opening=OPENING.replace(",1,", ",5,"))
    office.take(log(CLEAN.replace("BCCI", "Qua Zalo")))
    first = office.consolidate()
    assert first.opened == ("NC-2022-Q1-001", "NC-2022-Q1-002")
    assert office.consolidate() == type(first)(PERIOD, first.seq, False, ())
    office.take(log(CLEAN.replace("BCCI", "Qua Zalo"), titles(exported="15/03/2022 09:00:00")), "so-2.csv")
    again = office.consolidate()
    assert (again.is_new, again.opened) == (True, ())
    assert [item.number for item in office.nonconformities] == ["NC-2022-Q1-001", "NC-2022-Q1-002"]


def test_broken_identities_block_publication_with_all_reasons_at_once(tmp_path: Path) -> None:
    office = new_office(tmp_path, opening=OPENING.replace(",1,", ",5,"))
    faulty = CLEAN.replace("BCCI", "Qua Zalo").replace("26/01/2022 | 26/01/2022", "| 26/01/2022")
    rejected = "\n".join(
        f"H32.15-22010{n}-0007 | 1.003654 | VP | BCCI | Treo | 0{n}/01/2022 | 26/01/2022 |" for n in range(4, 8)
    )
    office.take(log(f"{faulty}{rejected}"))
    office.consolidate()
    refused = office.publish()
    assert (refused.version, refused.is_new, refused.folder) == (None, False, None)
    reasons = " ".join(refused.reasons)
    for said in ("3 = 4 + 5 + 6 is broken", "7 = 8 + 9 + 10 is broken", "major rule", "Too few dossier rows"):
        assert said in reasons
    assert list(office.workspace.releases.rglob("*")) == []
    kinds = Counter(entry.kind for entry in office.ledger.entries)
    assert office.publish().reasons == refused.reasons
    assert Counter(entry.kind for entry in office.ledger.entries) == kinds, "the same refusal is recorded once"


@dataclass(frozen=True)
class Dossier:
    received: date
    days_to_due: int
    days_to_end: int | None
    channel: str
    procedure: str
    is_withdrawn: bool

    @property
    def is_immediate(self) -> bool:
        return self.procedure == "9.000001"

    @property
    def due(self) -> date:
        return self.received if self.is_immediate else self.received + timedelta(days=self.days_to_due)

    @property
    def finished(self) -> date | None:
        """The end, unless it lies after the export: then the dossier is pending."""
        end = None if self.days_to_end is None else self.received + timedelta(days=self.days_to_end)
        return end if end is not None and end <= LAST + timedelta(days=20) else None

    def row(self, number: int) -> list[str]:
        status = "Đang xử lý" if self.finished is None else "Xin rút" if self.is_withdrawn else "Đã có kết quả"
        return [
            f"H32.15-{self.received:%y%m%d}-{number:04d}", self.procedure,
            "VP" if self.is_immediate else "QLVHGD", self.channel, status,
            f"{self.received:%d/%m/%Y}", "" if self.is_immediate else f"{self.due:%d/%m/%Y}",
            f"{self.finished:%d/%m/%Y}" if self.finished else "",
        ]  # fmt: skip


def recount(dossiers: list[Dossier]) -> dict[str, int]:
    """Count the form in the plainest way."""
    form: Counter[str] = Counter()
    for one in dossiers:
        end = one.finished
        if one.received > LAST or (end is not None and end < FIRST):
            continue
        form["received_total"] += 1
        if one.received < FIRST:
            form["carried_over"] += 1
        elif one.channel == "Trực tuyến":
            form["received_online"] += 1
        else:
            form["received_in_person_or_postal"] += 1
        if end is None or end > LAST:
            form["pending_total"] += 1
            form["pending_overdue" if one.due <= LAST else "pending_within_due"] += 1
            continue
        form["resolved_total"] += 1
        form["withdrawn"] += one.is_withdrawn
        if one.is_withdrawn or end == one.due:
            form["resolved_on_time"] += 1
        else:
            form["resolved_early" if end < one.due else "resolved_overdue"] += 1
    return {name: count for name, count in form.items() if count}


def around(day: date) -> st.SearchStrategy[date]:
    return st.dates(day - timedelta(days=2), day + timedelta(days=2))


DOSSIERS = st.lists(
    st.builds(
        Dossier,
        received=st.one_of(around(FIRST), around(LAST), st.dates(FIRST - timedelta(days=60), LAST + timedelta(days=5))),
        days_to_due=st.integers(0, 90),
        days_to_end=st.one_of(st.none(), st.integers(0, 110)),
        channel=st.sampled_from(["Trực tuyến", "Trực tiếp", "BCCI"]),
        procedure=st.sampled_from(["1.003654", "1.004650", "9.000001"]),
        is_withdrawn=st.booleans(),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(dossiers=DOSSIERS)
def test_any_clean_dossiers_hold_the_identities_and_equal_a_plain_recount(
    dossiers: list[Dossier], tmp_path_factory: pytest.TempPathFactory
) -> None:
    dossiers = [
        one
        if not (one.is_immediate and one.channel == "Trực tuyến")
        else Dossier(**{**one.__dict__, "channel": "BCCI"})
        for one in dossiers
    ]
    folder = tmp_path_factory.mktemp("clean")
    office = new_office(folder, opening="")
    rows = [one.row(number) for number, one in enumerate(dossiers, start=1)]
    table = "\n".join(" | ".join(row) for row in rows)
    taken = office.take(log(table, titles(exported="10/04/2022 08:00:00")), received_on=date(2022, 4, 10))
    assert taken.reading is not None
    assert (taken.reading.rejected_count, taken.reading.finding_count) == (0, 0)
    office.consolidate()
    assert {name: count for name, count in office.totals().items() if count} == recount(dossiers)
    assert broken(office) == set()

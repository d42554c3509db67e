"""The receipt log, a real one-stop log of 2011 that nobody here wrote, gives the figures that are known of it."""

import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.support.office import PLANS, Office, drawn, rows_of

SOURCE = Path(__file__).parents[3] / "shared" / "data" / "receipt" / "receipt.csv"
pytestmark = pytest.mark.skipif(not SOURCE.is_file(), reason="the receipt log is not on this machine")

COLUMNS = (
    "received_total", "received_online", "received_in_person_or_postal", "carried_over", "resolved_total",
    "resolved_early", "resolved_on_time", "resolved_overdue", "pending_total", "pending_within_due", "pending_overdue",
)  # fmt: skip
FORM = """
2011-Q1 | 533 | 243 | 75 | 215 | 279 | 201 | 17 | 61 | 254 | 217 | 37
2011-Q2 | 546 | 260 | 32 | 254 | 318 | 213 | 26 | 79 | 228 | 184 | 44
2011-Q3 | 472 | 240 |  4 | 228 | 296 | 196 | 12 | 88 | 176 | 123 | 53
2011-Q4 | 416 | 234 |  6 | 176 | 271 | 215 |  6 | 50 | 145 |  99 | 46
"""
QUARTERS = {row[0]: dict(zip(COLUMNS, map(int, row[1:]), strict=True)) for row in drawn(FORM)}


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The log taken in and its four quarters consolidated; no test changes it."""
    office = Office.new(tmp_path_factory.mktemp("receipt"), PLANS / "receipt-log-2011")
    office.take(SOURCE.read_bytes(), "receipt.csv", date(2012, 3, 1))
    for quarter in QUARTERS:
        office.consolidate(quarter)
    return office


@pytest.fixture(scope="module")
def dossiers(receipt: Office) -> list[dict[str, object]]:
    files = [file for entry in receipt.ledger.entries for file in entry.files]
    return rows_of(receipt.workspace.root, files, "dossier_row")


def source_places() -> dict[str, set[int]]:
    """Return the lines of each dossier as the file itself has them, read without the product."""
    places: dict[str, set[int]] = {}
    with SOURCE.open(encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text)
        for row in reader:
            places.setdefault(row["case:concept:name"], set()).add(reader.line_num)
    return places


def rows_in(ranges: str) -> set[int]:
    found: set[int] = set()
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def test_every_event_is_folded_into_its_dossier(dossiers: list[dict[str, object]]) -> None:
    assert len(dossiers) == 1434
    assert sum(int(str(row["row_count"])) for row in dossiers) == 8577
    assert {str(row["dossier_code"]): rows_in(str(row["rows"])) for row in dossiers} == source_places()


def test_the_account_of_the_log_closes(receipt: Office) -> None:
    event = receipt.ledger.entries[1].events[0]
    assert (event.read_count, event.accepted_count, event.rejected_count) == (8578, 8577, 0)  # type: ignore[union-attr]
    assert event.ignored_count == 1  # type: ignore[union-attr]  # the header


def test_internet_is_online_and_every_other_channel_is_not(dossiers: list[dict[str, object]]) -> None:
    assert Counter(row["channel"] for row in dossiers) == {"online": 1250, "in_person": 131, "postal": 53}


def test_timeliness_goes_by_local_dates(dossiers: list[dict[str, object]]) -> None:
    finished = [(row["finished_at"], row["due_at"]) for row in dossiers if row["finished_at"]]
    assert len(finished) == 1329
    moments = [(end, due) for end, due in finished if isinstance(end, datetime) and isinstance(due, datetime)]
    assert len(moments) == 1329
    assert sum(end.date() <= due.date() for end, due in moments) == 1020
    assert sum(end <= due for end, due in moments) == 952


@pytest.mark.parametrize("quarter", QUARTERS)
def test_all_cells_of_the_quarters_form(receipt: Office, quarter: str) -> None:
    totals = receipt.totals(quarter)
    assert {column: totals[column] for column in COLUMNS} == QUARTERS[quarter]


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_quarters_identities_hold(receipt: Office, quarter: str) -> None:
    for rule_id in ("F001", "F002", "F003", "F004"):
        assert receipt.outcomes(rule_id, quarter) == {"pass"}
    expected = {"not_evaluated"} if quarter == "2011-Q1" else {"pass"}
    assert receipt.outcomes("F005", quarter) == expected


def test_dossiers_that_end_before_they_start_are_warned_about_and_kept(
    receipt: Office, dossiers: list[dict[str, object]]
) -> None:
    found = {row["subject"]: row["severity"] for row in receipt.findings() if row["rule_id"] == "D009"}
    assert found == {"case-10862": "warning", "case-8267": "warning"}
    counted = {row["dossier_code"] for quarter in QUARTERS for row in receipt.table("dossier_state", quarter)}
    in_2011 = {
        row["dossier_code"]
        for row in dossiers
        if row["dossier_code"] in found and isinstance(row["received_at"], datetime) and row["received_at"].year == 2011
    }
    assert in_2011
    assert in_2011 <= counted


def test_nothing_of_the_log_is_rejected_or_fatal(receipt: Office) -> None:
    assert [row for row in receipt.findings() if row["severity"] == "fatal"] == []

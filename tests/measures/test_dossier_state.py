"""A dossier stands where its dates put it as of the period's last day: at every boundary, under every convention."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from flows.measures.measure import period_parameters
from flows.measures.plan_tables import open_plan
from schemas.plan import Plan, load_plan
from schemas.tables import SCHEMAS
from sql import query
from tests.support.office import PERIOD, PLAN, PLANS, ReadLog, drawn
from warehouse.engine import Engine, Parameter

RECEIPT = Path(__file__).parents[3] / "shared" / "data" / "receipt" / "receipt.csv"
FIRST, LAST = PLAN.period(PERIOD).first_day, PLAN.period(PERIOD).last_day
RESULTS = ("early", "on_time", "overdue")
PROCEDURE = "1.003654"
EXPORT = "2022-03-15 08:00:00"
Row = dict[str, object]


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def seen(text: str, **also: str) -> Row:
    """Return what one export said of a dossier: `received | due | finished`, and the columns named besides."""
    received, due, finished = (cell for row in drawn(text) for cell in row)
    row: Row = {
        "file_sha256": "f" * 64, "sheet": "", "row": 7, "rows": "7", "row_count": 1,
        "dossier_code": "H32.15-220105-0001", "procedure_code": PROCEDURE, "handling_office": "QLVHGD",
        "channel": "online", "status": "in_process", "exported_at": moment(EXPORT), "committed_seq": 1,
        "submission": "S-0001", "received_at": moment(received), "due_at": moment(due), "finished_at": moment(finished),
    }  # fmt: skip
    texts = {"status", "procedure_code", "channel", "dossier_code"}
    return row | {name: value if name in texts else moment(value) for name, value in also.items()}


def versions(rows: Iterable[Row]) -> pa.Table:
    """Lay out what the exports said as `dossier_version`, the newest first."""
    newest_first = sorted(rows, key=lambda row: str(row["exported_at"]), reverse=True)
    numbered = [{**row, "recency": number} for number, row in enumerate(newest_first, start=1)]
    given = [
        *SCHEMAS["dossier_row"],
        pa.field("submission", pa.string()),
        pa.field("committed_seq", pa.int64()),
        pa.field("exported_at", pa.timestamp("us")),
        pa.field("recency", pa.int64()),
    ]
    return pa.Table.from_pylist(numbered, schema=pa.schema(given))


def states(table: pa.Table, plan: Plan, parameters: dict[str, Parameter]) -> list[Row]:
    engine = Engine()
    try:
        open_plan(engine, plan)
        engine.over_rows("dossier_version", table)
        return engine.run("3_validated/dossier_state", parameters).to_pylist()
    finally:
        engine.close()


def asked(rows: Iterable[Row], period: str = PERIOD, **conventions: bool) -> list[Row]:
    return states(versions(rows), PLAN, {**period_parameters(PLAN, PLAN.period(period), LAST), **conventions})


def state(*rows: Row, period: str = PERIOD, **conventions: bool) -> Row:
    (one,) = asked(rows, period, **conventions)
    return one


def places(one: Row) -> set[str]:
    """Return in which columns of the form the dossier counts, by the names of their predicates."""
    names = (
        *("received_in_period", "carried_over", "resolved", "resolved_early", "resolved_on_time", "resolved_overdue"),
        *("pending", "pending_within_due", "pending_overdue", "waiting", "withdrawn"),
    )
    return {name for name in names if one[f"is_{name}"]}


RESOLVED_EARLY = {"resolved", "resolved_early"}
WITHIN_DUE = {"pending", "pending_within_due"}


@pytest.mark.parametrize(
    ("dossier", "expected"),
    [
        # Received: the window's days belong to it from 00:00 of the first to 24:00 of the last.
        ("2021-12-14T23:59:59 | 2022-04-01 |", {"carried_over", *WITHIN_DUE}),
        ("2021-12-15T00:00:00 | 2022-04-01 |", {"received_in_period", *WITHIN_DUE}),
        ("2022-03-14T23:59:59 | 2022-04-01 |", {"received_in_period", *WITHIN_DUE}),
        ("2022-03-15T00:00:00 | 2022-04-01 |", None),
        # Resolved: before the window it is of no concern, after it the dossier is still pending.
        ("2021-12-01 | 2022-04-01 | 2021-12-14T23:59:59", None),
        ("2021-12-01 | 2022-04-01 | 2021-12-15T00:00:00", {"carried_over", *RESOLVED_EARLY}),
        ("2022-01-05 | 2022-04-01 | 2022-03-14T23:59:59", {"received_in_period", *RESOLVED_EARLY}),
        ("2022-01-05 | 2022-04-01 | 2022-03-15T00:00:00", {"received_in_period", *WITHIN_DUE}),
        # Pending: due on the last day is overdue as of its end, due on the next day is not.
        ("2022-01-05 | 2022-03-14T17:00:00 |", {"received_in_period", "pending", "pending_overdue"}),
        ("2022-01-05 | 2022-03-15T00:00:00 |", {"received_in_period", *WITHIN_DUE}),
        # On the due date is on time at any hour; the day before is early, the day after overdue.
        ("2022-01-05 | 2022-01-26T08:00:00 | 2022-01-25T23:59:59", {"received_in_period", *RESOLVED_EARLY}),
        ("2022-01-05 | 2022-01-26T08:00:00 | 2022-01-26T23:59:59", {"received_in_period", "resolved", "resolved_on_time"}),
        ("2022-01-05 | 2022-01-26T08:00:00 | 2022-01-27T00:00:00", {"received_in_period", "resolved", "resolved_overdue"}),
        # Without a due date it is in none of the classes, so that the form's identities break.
        ("2022-01-05 | | 2022-01-26", {"received_in_period", "resolved"}),
        ("2022-01-05 | |", {"received_in_period", "pending"}),
    ],
)  # fmt: skip
def test_a_dossier_stands_where_its_dates_put_it(dossier: str, expected: set[str] | None) -> None:
    found = asked([seen(dossier)])
    assert [places(one) for one in found] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        ("2022-01-26T08:59:59", "early"),
        ("2022-01-26T09:00:00", "on_time"),
        ("2022-01-26T09:00:01", "overdue"),
    ],
)
def test_by_moments_the_time_of_the_due_day_decides(finished: str, expected: str) -> None:
    one = state(seen(f"2022-01-05 | 2022-01-26T09:00:00 | {finished}"), is_by_moment=True)
    assert [name for name in RESULTS if one[f"is_resolved_{name}"]] == [expected]


def test_by_moments_a_missing_due_date_is_in_no_class_either() -> None:
    one = state(seen("2022-01-05 | | 2022-01-26"), is_by_moment=True)
    assert places(one) == {"received_in_period", "resolved"}


@pytest.mark.parametrize("is_by_moment", [False, True])
@pytest.mark.parametrize(("finished", "expected"), [("2022-01-05T16:00", "on_time"), ("2022-01-06T08:00", "overdue")])
def test_an_immediate_result_is_due_on_the_day_of_receipt(finished: str, expected: str, is_by_moment: bool) -> None:
    one = state(seen(f"2022-01-05T09:00 | | {finished}", procedure_code="9.000001"), is_by_moment=is_by_moment)
    assert one["due_on"] == date(2022, 1, 5)
    assert [name for name in RESULTS if one[f"is_resolved_{name}"]] == [expected]


LETTER = {"apology_at": "2022-01-24T09:00", "reappointed_at": "2022-02-10"}


@pytest.mark.parametrize(
    ("finished", "counted", "moved"),
    [
        ("2022-01-26", "on_time", "early"),
        ("2022-02-10", "overdue", "on_time"),
        ("2022-02-11", "overdue", "overdue"),
    ],
)
def test_an_extension_is_overdue_unless_the_plan_lets_it_move_the_due_date(
    finished: str, counted: str, moved: str
) -> None:
    row = seen(f"2022-01-05 | 2022-01-26 | {finished}", **LETTER)
    by_default, by_setting = state(row), state(row, extension_moves_due_date=True)
    assert [name for name in RESULTS if by_default[f"is_resolved_{name}"]] == [counted]
    assert [name for name in RESULTS if by_setting[f"is_resolved_{name}"]] == [moved]
    assert by_default["due_on"] == date(2022, 1, 26)
    assert by_setting["due_on"] == date(2022, 2, 10)
    for one in (by_default, by_setting):
        assert (one["has_apology"], one["is_extended"], one["extended_to"]) == (True, True, date(2022, 2, 10))
        assert one["original_due_on"] == date(2022, 1, 26)


def test_a_new_date_without_an_apology_letter_never_moves_the_due_date() -> None:
    row = seen("2022-01-05 | 2022-01-26 | 2022-02-10", reappointed_at="2022-02-10")
    one = state(row, extension_moves_due_date=True)
    assert (one["due_on"], one["has_apology"], one["is_resolved_overdue"]) == (date(2022, 1, 26), False, True)


def test_a_due_date_that_a_later_export_moved_is_an_extension_of_the_first() -> None:
    first = seen("2022-01-05 | 2022-01-26 |", exported_at="2022-01-20")
    one = state(first, seen("2022-01-05 | 2022-02-10 | 2022-02-10"))
    assert (one["original_due_on"], one["due_on"]) == (date(2022, 1, 26), date(2022, 1, 26))
    assert (one["is_extended"], one["extended_to"]) == (True, date(2022, 2, 10))
    assert one["is_resolved_overdue"]


@pytest.mark.parametrize(("letter", "known"), [("2022-03-14T23:59", True), ("2022-03-15T00:00", False)])
def test_a_letter_that_was_sent_after_the_last_day_was_not_known_by_then(letter: str, known: bool) -> None:
    row = seen("2022-01-05 | 2022-03-20 |", apology_at=letter, reappointed_at="2022-04-10")
    one = state(row, extension_moves_due_date=True)
    assert (one["has_apology"], one["is_extended"]) == (known, known)
    assert one["due_on"] == (date(2022, 4, 10) if known else date(2022, 3, 20))


SUPPLEMENT = {"supplement_requested_at": "2022-01-07", "supplement_completed_at": "2022-01-20"}


def test_a_restart_after_a_supplement_replaces_the_due_date_and_keeps_the_old_one() -> None:
    first = seen("2022-01-05 | 2022-01-26 |", exported_at="2022-01-10", supplement_requested_at="2022-01-07")
    one = state(first, seen("2022-01-05 | 2022-02-17 | 2022-02-17", **SUPPLEMENT))
    assert (one["original_due_on"], one["due_on"]) == (date(2022, 1, 26), date(2022, 2, 17))
    assert places(one) == {"received_in_period", "resolved", "resolved_on_time"}
    assert (one["is_supplemented"], one["is_extended"]) == (True, False)


def test_an_extension_after_a_restart_is_measured_against_the_restart() -> None:
    restarted = seen("2022-01-05 | 2022-02-17 |", exported_at="2022-01-21", **SUPPLEMENT)
    one = state(restarted, seen("2022-01-05 | 2022-03-01 | 2022-03-01", **SUPPLEMENT))
    assert (one["due_on"], one["is_resolved_overdue"]) == (date(2022, 2, 17), True)
    assert (one["is_extended"], one["extended_to"]) == (True, date(2022, 3, 1))


@pytest.mark.parametrize(
    ("completed", "due_on", "expected"),
    [
        ("2022-03-14T23:59", date(2022, 4, 5), WITHIN_DUE),
        # Not there yet as of the end of the last day: the first due date holds, and the dossier waits.
        ("2022-03-15T00:00", date(2022, 3, 1), {*WITHIN_DUE, "waiting"}),
    ],
)
def test_a_supplement_restarts_the_clock_from_the_day_on_which_it_came(
    completed: str, due_on: date, expected: set[str]
) -> None:
    asked_at = {"supplement_requested_at": "2022-02-10"}
    first = seen("2022-02-08 | 2022-03-01 |", exported_at="2022-02-15", **asked_at)
    one = state(first, seen("2022-02-08 | 2022-04-05 |", supplement_completed_at=completed, **asked_at))
    assert (one["due_on"], one["is_extended"]) == (due_on, False)
    assert places(one) == {"received_in_period", *expected}


@pytest.mark.parametrize(
    ("requested", "by_default", "by_due_date"),
    [
        ("2022-03-14T23:59", {*WITHIN_DUE, "waiting"}, {"pending", "pending_overdue", "waiting"}),
        ("2022-03-15T00:00", {"pending", "pending_overdue"}, {"pending", "pending_overdue"}),
    ],
)
def test_who_waits_for_a_supplement_counts_within_due_or_by_its_due_date(
    requested: str, by_default: set[str], by_due_date: set[str]
) -> None:
    row = seen("2022-01-05 | 2022-03-14 |", supplement_requested_at=requested)
    assert places(state(row)) == {"received_in_period", *by_default}
    assert places(state(row, waiting_is_within_due=False)) == {"received_in_period", *by_due_date}


@pytest.mark.parametrize("status", ["withdrawn", "stopped"])
@pytest.mark.parametrize(
    ("finished", "by_date"), [("2022-01-25", "early"), ("2022-01-26", "on_time"), ("2022-01-27", "overdue")]
)
def test_a_withdrawn_dossier_is_on_time_or_counts_by_its_dates(status: str, finished: str, by_date: str) -> None:
    row = seen(f"2022-01-05 | 2022-01-26 | {finished}", status=status)
    assert places(state(row)) == {"received_in_period", "resolved", "resolved_on_time", "withdrawn"}
    expected = {"received_in_period", "resolved", f"resolved_{by_date}", "withdrawn"}
    assert places(state(row, withdrawn_is_on_time=False)) == expected


def test_a_dossier_withdrawn_after_the_last_day_is_pending_and_not_withdrawn_by_then() -> None:
    row = seen("2022-01-05 | 2022-03-01 | 2022-03-15", status="withdrawn")
    assert places(state(row)) == {"received_in_period", "pending", "pending_overdue"}


@pytest.mark.parametrize("status", ["newly_filed", "not_accepted"])
def test_what_was_never_received_is_in_no_column(status: str) -> None:
    assert asked([seen("2022-01-05 | 2022-01-26 |", status=status)]) == []


def test_the_status_of_today_decides_nothing() -> None:
    finished_by_status = state(seen("2022-01-05 | 2022-04-01 | 2022-03-20", status="returned"))
    assert places(finished_by_status) == {"received_in_period", *WITHIN_DUE}


def test_working_days_are_counted_after_receipt_through_the_end_and_skip_tet() -> None:
    resolved = state(seen("2022-01-28T16:00 | 2022-02-18 | 2022-02-11T09:00"))
    assert resolved["handling_working_days"] == 5
    assert resolved["pending_working_days"] is None
    pending = state(seen("2022-03-07 | 2022-04-01 |"))
    assert (pending["pending_working_days"], pending["age_class"]) == (5, "1: 0-5")


def test_the_cumulative_period_holds_both_quarters_flows_and_the_last_days_stock() -> None:
    rows = [seen("2022-01-05 | 2022-01-26 | 2022-04-20", dossier_code="H32.15-220105-0001")]
    assert places(asked(rows, "2022-H1")[0]) == {"received_in_period", "resolved", "resolved_overdue"}


def receipt_states(is_by_moment: bool, folder: Path) -> list[Row]:
    plan = load_plan(PLANS / "receipt-log-2011")
    rows = ReadLog(folder, RECEIPT.read_bytes(), "receipt.csv", plan).table("dossier_row")
    also = {"submission": "S-0001", "committed_seq": 1, "exported_at": moment("2012-03-01"), "recency": 1}
    table = versions(row | also for row in rows).set_column(
        versions([]).schema.get_field_index("recency"), "recency", pa.array([1] * len(rows), pa.int64())
    )
    whole: dict[str, Parameter] = {
        "period": "all", "first_day": date(2010, 1, 1), "last_day": date(2012, 12, 31), "is_by_moment": is_by_moment,
        "extension_moves_due_date": False, "withdrawn_is_on_time": True, "waiting_is_within_due": True,
    }  # fmt: skip
    return states(table, plan, whole)


@pytest.mark.skipif(not RECEIPT.is_file(), reason="the receipt log is not on this machine")
@pytest.mark.parametrize(("is_by_moment", "in_time"), [(False, 1020), (True, 952)])
def test_the_receipt_log_by_days_and_by_moments(is_by_moment: bool, in_time: int, tmp_path: Path) -> None:
    found = receipt_states(is_by_moment, tmp_path)
    assert sum(bool(one["is_resolved"]) for one in found) == 1329
    assert sum(bool(one["is_resolved_early"] or one["is_resolved_on_time"]) for one in found) == in_time


def test_the_query_names_no_day_of_today() -> None:
    text = query("3_validated/dossier_state").casefold()
    assert [word for word in ("now()", "current_date", "today()") if word in text] == []


def limit_ends(receipt: str, due: str, procedure: str, **also: str) -> list[object]:
    """Return the due dates that the calendar gives dossiers whose own one is another."""
    engine = Engine()
    days = {
        **period_parameters(PLAN, PLAN.period(PERIOD), LAST),
        "first_day": date(2020, 1, 1),
        "last_day": date(2026, 12, 31),
    }
    try:
        open_plan(engine, PLAN)
        engine.over_rows("dossier_version", versions([seen(f"{receipt} | {due} |", procedure_code=procedure, **also)]))
        engine.keep("dossier_state", "3_validated/dossier_state", days)
        return engine.run("5_nonconformities/C001", days).column("expected").to_pylist()
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("receipt", "procedure", "end"),
    [
        pytest.param("2022-01-05", "1.003793", "2022-02-23", id="30 working days over Tết"),
        pytest.param("2022-01-28", "1.004650", "2022-02-11", id="5 working days over Tết"),
        pytest.param("2022-08-30", "1.004650", "2022-09-08", id="5 working days over the National Day"),
        pytest.param("2024-04-26", "1.004650", "2024-05-07", id="a Saturday that was worked counts"),
        pytest.param("2022-01-05", "1.005162", "2022-01-12", id="half a day counts whole: 4.5 are 5"),
        pytest.param("2022-01-07", "9.000002", "2022-01-10", id="8 hours are one working day"),
        pytest.param("2022-01-08", "1.004650", "2022-01-14", id="received on a Saturday"),
    ],
)
def test_a_due_date_is_receipt_plus_limit_by_the_calendar(receipt: str, procedure: str, end: str) -> None:
    at = PLAN.calendar.fact(date.fromisoformat(end)).ordinal
    day_before, day_after = (
        next(fact.day for fact in PLAN.calendar.facts if fact.ordinal == ordinal) for ordinal in (at - 1, at + 1)
    )
    assert limit_ends(receipt, end, procedure) == []
    assert limit_ends(receipt, max(day_before.isoformat(), receipt), procedure) == [end]
    assert limit_ends(receipt, day_after.isoformat(), procedure) == [end]


def test_a_supplement_leaves_the_due_date_to_the_restart() -> None:
    assert limit_ends("2022-01-05", "2022-02-17", PROCEDURE, supplement_requested_at="2022-01-07") == []

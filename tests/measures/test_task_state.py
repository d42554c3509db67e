"""What became of a task of the plan: every boundary of its last day, and which report decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from schemas.tables import REPORT_TASK
from warehouse.engine import Engine

LAST_DAY = date(2022, 2, 28)
JANUARY, MAY = date(2022, 1, 31), date(2022, 5, 31)
PERIODS = {
    "2022-Q1": date(2022, 3, 14), "2022-Q2": date(2022, 6, 14), "2022-H1": date(2022, 6, 14),
    "2022-Q3": date(2022, 9, 14),
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """One report of the plan's tasks: due day and day done of each row of the one task."""

    period: str
    rows: Sequence[tuple[date | None, date | None]]
    received_on: date = date(2022, 3, 15)
    is_in_force: bool = True
    report_type: str = "plan_tasks"


def states(
    *reports: Report, due: Sequence[date | None] = (LAST_DAY,), period: str = "2022-Q1", as_of: date | None = None
) -> list[tuple[str, date | None]]:
    """Return state and day done of the task, once for each time that it is due."""
    submissions, rows = [], []
    for seq, report in enumerate(reports):
        submissions.append({
            "file_sha256": f"{seq:064d}", "period": report.period, "report_type": report.report_type,
            "is_in_force": report.is_in_force, "officially_received_on": report.received_on, "committed_seq": seq,
        })  # fmt: skip
        rows += [
            {"file_sha256": f"{seq:064d}", "task_code": "V.3", "due_on": due_on, "done_on": done_on, "row": row}
            for row, (due_on, done_on) in enumerate(report.rows, start=5)
        ]
    text, day, count = pa.string(), pa.date32(), pa.int64()
    submission = pa.schema([
        ("file_sha256", text), ("period", text), ("report_type", text), ("is_in_force", pa.bool_()),
        ("officially_received_on", day), ("committed_seq", count),
    ])  # fmt: skip
    tasks = pa.schema([
        ("task_id", text), ("occurrence", count), ("area", text), ("lead", text), ("schedule_kind", text),
        ("last_day_on", day),
    ])  # fmt: skip
    engine = Engine()
    try:
        engine.over_rows("submission", pa.Table.from_pylist(submissions, schema=submission))
        engine.over_rows("report_task", pa.Table.from_pylist(rows, schema=REPORT_TASK))
        engine.over_rows("plan_period", pa.table({"id": list(PERIODS), "last_day": list(PERIODS.values())}))
        engine.over_rows("plan_report_type", pa.table({"id": ["cchc", "plan_tasks"], "tasks": ["own", "plan"]}))
        planned = [
            {"task_id": "V.3", "occurrence": n, "area": "V", "lead": "KHTC", "schedule_kind": "recurring",
             "last_day_on": last_day}
            for n, last_day in enumerate(due, start=1)
        ]  # fmt: skip
        engine.over_rows("plan_task_due", pa.Table.from_pylist(planned, schema=tasks))
        last_day = PERIODS[period]
        parameters = {"period": period, "last_day": last_day, "as_of": as_of or last_day}
        engine.keep("task_report", "3_validated/task_report", parameters)
        found = engine.run("3_validated/task_state", parameters).to_pylist()
    finally:
        engine.close()
    return [(row["state"], row["done_on"]) for row in found]


def done(day: date | None, period: str = "2022-Q1", due: date | None = LAST_DAY) -> Report:
    return Report(period, [(due, day)])


def test_a_task_done_on_its_last_day_is_on_time_and_a_day_later_is_late() -> None:
    assert states(done(date(2022, 2, 28))) == [("done_on_time", date(2022, 2, 28))]
    assert states(done(date(2022, 3, 1))) == [("done_late", date(2022, 3, 1))]


def test_a_task_is_overdue_once_its_last_day_is_over_and_not_before() -> None:
    assert states(done(None), as_of=date(2022, 2, 27)) == [("not_due", None)]
    assert states(done(None), as_of=date(2022, 2, 28)) == [("overdue", None)]


def test_a_task_due_on_the_last_day_of_the_period_is_overdue_in_it() -> None:
    assert states(done(None, due=date(2022, 3, 14)), due=[date(2022, 3, 14)]) == [("overdue", None)]
    assert states(done(None, due=date(2022, 3, 15)), due=[date(2022, 3, 15)]) == [("not_due", None)]


def test_a_task_without_a_day_is_open_or_done_and_never_late() -> None:
    assert states(done(None, due=None), due=[None]) == [("open", None)]
    assert states(done(date(2022, 3, 14), due=None), due=[None]) == [("done", date(2022, 3, 14))]


def test_what_is_done_after_the_period_is_not_done_in_it() -> None:
    assert states(done(date(2022, 3, 14))) == [("done_late", date(2022, 3, 14))]
    assert states(done(date(2022, 3, 15))) == [("overdue", None)]


def test_each_time_that_a_task_is_due_has_its_own_state() -> None:
    both = [JANUARY, MAY]
    first = Report("2022-Q1", [(JANUARY, date(2022, 1, 31)), (MAY, None)])
    assert states(first, due=both) == [("done_on_time", JANUARY), ("not_due", None)]
    half = Report("2022-H1", [(MAY, date(2022, 6, 1)), (JANUARY, date(2022, 1, 31))])
    assert states(first, half, due=both, period="2022-H1") == [
        ("done_on_time", JANUARY), ("done_late", date(2022, 6, 1)),
    ]  # fmt: skip


def test_a_row_about_another_day_says_nothing_of_this_one() -> None:
    assert states(done(date(2022, 2, 1), due=MAY)) == [("overdue", None)]


def test_without_any_report_what_is_due_is_overdue() -> None:
    assert states(due=[LAST_DAY, MAY, None]) == [("overdue", None), ("not_due", None), ("open", None)]


def test_the_report_that_came_last_decides_and_a_draw_goes_to_the_later_commit() -> None:
    early, late = (Report("2022-Q1", [(LAST_DAY, date(2022, 2, day))], date(2022, 3, 10 + day)) for day in (3, 4))
    assert states(late, early) == [("done_on_time", date(2022, 2, 4))]
    one, two = (Report("2022-Q1", [(LAST_DAY, date(2022, 2, day))]) for day in (3, 4))
    assert states(one, two) == [("done_on_time", date(2022, 2, 4))]


def test_a_report_about_a_later_period_decides_even_where_an_earlier_one_is_corrected_after_it() -> None:
    corrected = Report("2022-Q1", [(LAST_DAY, date(2022, 2, 3))], date(2022, 7, 1))
    half = Report("2022-H1", [(LAST_DAY, date(2022, 2, 4))], date(2022, 6, 15))
    assert states(corrected, half, period="2022-Q3") == [("done_on_time", date(2022, 2, 4))]


def test_a_period_without_a_report_of_its_own_uses_an_earlier_one() -> None:
    assert states(done(date(2022, 2, 3)), period="2022-Q2") == [("done_on_time", date(2022, 2, 3))]


def test_a_report_about_a_later_period_says_nothing_of_an_earlier_one() -> None:
    assert states(done(date(2022, 2, 3), period="2022-H1")) == [("overdue", None)]


def test_a_report_that_is_not_in_force_or_lists_own_tasks_is_not_used() -> None:
    told = [(LAST_DAY, date(2022, 2, 3))]
    assert states(Report("2022-Q1", told, is_in_force=False)) == [("overdue", None)]
    assert states(Report("2022-Q1", told, report_type="cchc")) == [("overdue", None)]

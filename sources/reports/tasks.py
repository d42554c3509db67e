"""What does the task table of a report say, and which rules do its rows break?

A row that cannot be read, contradicts itself, or names a task that the plan does not have is rejected alone; the
figures of the report stand. Who does a task is not read.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa

from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.relation import TASKS_DATED, TASKS_DONE, TASKS_LISTED
from schemas.tables import REPORT_TASK
from schemas.text import comparison_key
from sources.reports.cells import EXPECTED_DAY, Cell, cast_day
from sources.reports.evaluation import Evaluation
from sources.reports.evidence import documents_named
from sources.reports.task_table import TaskTable
from sources.templates.task_words import (
    CODE,
    DONE,
    DUE,
    EVIDENCE,
    STATE,
    STATE_DONE,
    TASK,
    TASK_HEADINGS,
    TASK_STATES,
)
from sources.templates.tasks import task_rows

TASK_RULES = ("R006", "R007", "R008", "R009", "R010", "R011")
PLAN_TASK_RULES = ("R012", "R013", "R014")
NOT_OF_THE_PLAN = "bảng không liệt kê nhiệm vụ của Kế hoạch / the table does not list the plan's tasks"


@dataclass(frozen=True)
class _Row:
    """A task row as cast, with its cells."""

    number: int
    cells: Mapping[str, Cell]
    task_code: str | None
    due_on: date | None
    done_on: date | None
    state: str | None

    @property
    def is_filled_in(self) -> bool:
        """Whether it says what became of the task."""
        return any(not self.cells[heading].is_blank for heading in (DONE, STATE, EVIDENCE))

    @property
    def key(self) -> tuple[str, date | None]:
        """The task of the plan, and the time that it is due."""
        return self.task_code or "", self.due_on

    @property
    def said(self) -> tuple[str, str, str]:
        """What became of the task, as written."""
        return self.cells[DONE].text, self.cells[STATE].text, self.cells[EVIDENCE].text


@dataclass(frozen=True)
class TaskReading:
    """The accepted rows, what relations may count in them, and whether any says what became of a task.

    `why_unread` says why there is none of it, `is_rejected` that there is one which could not be read.
    """

    table: pa.Table
    counts: Mapping[str, Decimal]
    is_filled_in: bool
    is_rejected: bool = False
    why_unread: str = ""


def read_tasks(reading: Evaluation, table: TaskTable, plan: Plan, period: Period, *, is_of_plan: bool) -> TaskReading:
    """Cast the rows of the task table, evaluate its rules and dispose of every row that is its own."""
    sheet = table.grid.sheet
    rows = _cast_rows(reading, table, is_of_plan=is_of_plan)
    for rule_id in TASK_RULES:
        reading.verdict(rule_id)
    if is_of_plan:
        _check_against_plan(reading, sheet, rows, plan)
    else:
        reading.leave_out(NOT_OF_THE_PLAN, *PLAN_TASK_RULES)
    readable = [row for row in rows if row.number not in reading.fatal_rules(sheet)]
    for row in readable:
        _check_row(reading, sheet, row, plan, period)
    rejected = reading.fatal_rules(sheet)
    for row in rows:
        broken = rejected.get(row.number, "")
        reading.dispose(sheet, row.number, "rejected" if broken else "accepted", broken)
    accepted = [row for row in rows if row.number not in rejected]
    due = [row for row in accepted if row.due_on and period.first_day <= row.due_on <= period.last_day]
    counts = {
        TASKS_LISTED: Decimal(len(accepted)),
        TASKS_DATED: Decimal(sum(row.due_on is not None for row in accepted)),
        TASKS_DONE: Decimal(sum(row.state == STATE_DONE for row in due)),
    }
    kept = pa.Table.from_pylist([_kept(reading, sheet, row, plan) for row in accepted], schema=REPORT_TASK)
    return TaskReading(kept, counts, any(row.is_filled_in for row in rows))


def without_tasks(reading: Evaluation, reason: str, tables: Sequence[TaskTable] = (), rule_id: str = "") -> TaskReading:
    """Say why no rule over tasks is evaluated, and dispose of tables that cannot be read without guessing.

    `rule_id` is what such a table breaks, and so does every row of it.
    """
    reading.leave_out(reason, *TASK_RULES, *PLAN_TASK_RULES)
    for table in tables:
        for number in table.rows:
            ignored = table.ignored_as(number)
            reading.dispose(table.grid.sheet, number, "ignored" if ignored else "rejected", ignored or rule_id)
    return TaskReading(REPORT_TASK.empty_table(), {}, is_filled_in=False, is_rejected=bool(tables), why_unread=reason)


def _cast_rows(reading: Evaluation, table: TaskTable, *, is_of_plan: bool) -> list[_Row]:
    rows = []
    for number in table.rows:
        ignored = table.ignored_as(number)
        if ignored:
            reading.dispose(table.grid.sheet, number, "ignored", ignored)
        else:
            rows.append(_cast_row(reading, table, number, is_of_plan=is_of_plan))
    return rows


def _cast_row(reading: Evaluation, table: TaskTable, number: int, *, is_of_plan: bool) -> _Row:
    cells = table.cells(number)
    state = table.states.get(comparison_key(cells[STATE].text))
    days = {heading: cast_day(cells[heading]) for heading in (DUE, DONE)}
    refused = {heading: "văn bản / text" for heading, cell in cells.items() if cell.is_broken}
    if cells[TASK].is_blank:
        refused[TASK] = "tên nhiệm vụ / the task's name"
    refused |= {h: EXPECTED_DAY for h, day in days.items() if day is None and not cells[h].is_blank}
    if state is None and not cells[STATE].is_blank:
        refused[STATE] = ", ".join(TASK_STATES)
    reading.verdict("R006").checked += sum(heading in table.columns for heading in cells)
    for heading in TASK_HEADINGS:
        if heading in refused:
            reading.find("R006", refused[heading], sheet=table.grid.sheet, cell=cells[heading], column_name=heading)
    # The column of the code belongs to the plan's tasks: in a unit's own table it says nothing.
    code = (cells[CODE].text or None) if is_of_plan else None
    return _Row(number, cells, code, days[DUE], days[DONE], state)


def _check_against_plan(reading: Evaluation, sheet: str, rows: Sequence[_Row], plan: Plan) -> None:
    """Each task of the plan stands in the table once for each day on which it is due, and no other does."""
    expected = [(task.id, day) for task, day in task_rows(plan)]
    days = {code: [day for known, day in expected if known == code] for code, _ in expected}
    alike = Counter(row.key for row in rows)
    first: dict[tuple[str, date | None], _Row] = {}
    for row in rows:
        reading.verdict("R012").checked += 1
        reading.verdict("R013").checked += 1
        same = first.setdefault(row.key, row)
        if row.task_code not in days:
            told = "mã nhiệm vụ của Kế hoạch / a task of the plan"
            reading.find("R012", told, sheet=sheet, cell=row.cells[CODE], column_name=CODE)
        elif row.due_on not in days[row.task_code]:
            told = ", ".join(f"{day:%d/%m/%Y}" if day else "để trống / blank" for day in days[row.task_code])
            cell = row.cells[DUE]
            reading.find("R012", told, sheet=sheet, cell=cell, column_name=DUE, subject=row.task_code)
        elif alike[row.key] > 1 and (row is not same or _differs(row, rows)):
            told = "mỗi lần đến hạn một dòng / one row for each time that it is due"
            cell = row.cells[DONE]
            reading.find("R013", told, sheet=sheet, cell=cell, column_name=CODE, subject=row.task_code)
    reading.verdict("R014").checked = len(expected)
    for code, day in expected:
        if (code, day) not in alike:
            told = f"{day:%d/%m/%Y}" if day else "một dòng / one row"
            reading.find("R014", told, sheet=sheet, column_name=CODE, subject=code)


def _differs(row: _Row, rows: Sequence[_Row]) -> bool:
    """Tell whether another row about the same time of the same task says something else: nobody may pick one."""
    return len({other.said for other in rows if other.key == row.key}) > 1


def _check_row(reading: Evaluation, sheet: str, row: _Row, plan: Plan, period: Period) -> None:
    """Evaluate what stands between the cells of one row; warnings keep it."""
    is_done = row.done_on is not None or row.state == STATE_DONE
    known = {task.id for task in plan.tasks}
    first_day = min(one.first_day for one in plan.periods)
    last_day = max(date(plan.document.year, 12, 31), max(one.last_day for one in plan.periods))
    checks = (
        ("R007", row.state == STATE_DONE, row.done_on is None, DONE, EXPECTED_DAY),
        ("R008", row.done_on is not None, row.state not in (None, STATE_DONE), STATE, STATE_DONE),
        ("R009", row.done_on is not None, row.done_on is not None and row.done_on > period.last_day, DONE,
         f"≤ {period.last_day:%d/%m/%Y}"),
        ("R010", is_done, row.cells[EVIDENCE].is_blank, EVIDENCE, "số, ngày văn bản / number and day of the document"),
        ("R011", row.due_on is not None, row.due_on is not None and not first_day <= row.due_on <= last_day, DUE,
         f"{first_day:%d/%m/%Y} – {last_day:%d/%m/%Y}"),
    )  # fmt: skip
    for rule_id, concerns, is_broken, heading, expected in checks:
        reading.verdict(rule_id).checked += concerns
        if concerns and is_broken:
            cell = row.cells[heading]
            subject = row.task_code if row.task_code in known else None
            reading.find(rule_id, expected, sheet=sheet, cell=cell, column_name=heading, subject=subject)


def _kept(reading: Evaluation, sheet: str, row: _Row, plan: Plan) -> dict[str, str | int | date | None]:
    """Return what of a row leaves the vault: no words of its sender's."""
    known = {task.id for task in plan.tasks}
    return {
        "file_sha256": reading.file_sha256, "unit_code": reading.identity.unit_code, "period": reading.identity.period,
        "report_type": reading.identity.report_type, "sheet": sheet, "row": row.number,
        "cell": row.cells[DONE].coordinate, "task_code": row.task_code if row.task_code in known else None,
        "due_on": row.due_on, "done_on": row.done_on, "state": row.state,
        "evidence": documents_named(row.cells[EVIDENCE], plan),
    }  # fmt: skip

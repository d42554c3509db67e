"""What would a unit report over a year, and what would the standing office say of the plan's tasks?

Figures that accumulate are drawn by quarter and summed; all of a unit's reports tell one story. Forms are filled in as
a person would: the named cell of an item, the column under a heading.
"""

import io
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan
from schemas.plan_models import Period, ReportItem, ReportType, Task, Unit
from schemas.relation import TASKS_DATED, TASKS_DONE, TASKS_LISTED, parse_relations
from schemas.spreadsheet import stable_bytes, write_text
from sources.templates.checks import item_name
from sources.templates.task_words import (
    CODE,
    DONE,
    DUE,
    EVIDENCE,
    PRODUCT,
    STATE,
    STATE_DONE,
    STATE_IN_PROGRESS,
    STATE_NOT_BEGUN,
    TASK,
)
from sources.templates.tasks import task_rows
from sources.templates.template import template_workbook
from sources.templates.titles import TASK_SHEET

Figure = int | float | str
Figures = Mapping[str, Figure]
# A task as a form's row holds it: text or day by heading.
TaskRow = Mapping[str, str | date]

# Part of the last quarter that a unit can know when it reports the year before its end.
_KNOWN_IN_NOVEMBER = 80
_SHARE_LATE, _SHARE_NEVER, _SHARE_WITHOUT_EVIDENCE = 0.15, 0.08, 0.08


@dataclass(frozen=True)
class UnitYear:
    """One unit's year: what comes anew in each quarter, and what stands at the end of each."""

    flows: tuple[Mapping[str, int], ...]
    stocks: tuple[Figures, ...]

    def figures(self, parts: Sequence[int], *, is_provisional: bool = False) -> dict[str, Figure]:
        """Return the figures of the quarters numbered in `parts`, summed; a provisional last one is known in part."""
        summed: dict[str, Figure] = {}
        for code in self.flows[0]:
            known = [self.flows[n][code] for n in parts]
            if is_provisional:
                known[-1] = known[-1] * _KNOWN_IN_NOVEMBER // 100
            summed[code] = sum(known)
        return {**self.stocks[parts[-1]], **summed}


def invent_unit_year(rng: random.Random) -> UnitYear:
    """Invent four quarters whose figures agree with each other; satisfaction is just above 83 %."""
    planned, staff = rng.randrange(17, 21), rng.randrange(18, 60)
    budget, income = rng.randrange(300_000, 2_500_000), rng.randrange(5_000, 400_000)
    letters_base, sheets_base = rng.randrange(120, 400), rng.randrange(90, 220)
    flows: list[Mapping[str, int]] = []
    stocks: list[Figures] = []
    for _ in range(4):
        due = rng.randrange(3, 5)
        on_time = due - rng.randrange(2)
        letters, sheets = _around(letters_base, rng), _around(sheets_base, rng)
        petitions, problems = rng.randrange(1, 3), rng.randrange(1, 3)
        present = staff - rng.randrange(3)
        flows.append({
            "A1.2": due, "A1.3": on_time, "A1.4": rng.randrange(due - on_time + 1), "A1.5": rng.randrange(4, 12),
            "A2.1": rng.randrange(1, 4), "A3.1": petitions, "A3.2": petitions, "A5.3": rng.randrange(5, 15),
            "A6.1": _around(budget, rng), "A6.2": _around(income, rng), "A7.1": letters,
            "A7.2": letters - rng.randrange(20), "A7.3": rng.randrange(20, 60), "A8.1": problems, "A8.2": problems,
            "A9.1": sheets, "A9.2": sheets * 83 // 100 + 2,
        })  # fmt: skip
        stocks.append({
            "A1.1": planned, "A4.1": staff, "A4.2": present, "A5.1": present - 2,
            "A5.2": present - 2 - rng.randrange(2), "A6.3": "Có", "A10.1": rng.randrange(78, 95),
        })  # fmt: skip
    return UnitYear(tuple(flows), tuple(stocks))


def _around(base: int, rng: random.Random) -> int:
    return base * rng.randrange(90, 111) // 100


def invent_scores(items: Sequence[ReportItem], rng: random.Random) -> dict[str, Figure]:
    """Invent a self-score: most of what each item may have at the most, and the sum where an item is one."""
    scores: dict[str, Figure] = {}
    for item in items:
        if item.relation.startswith("="):
            continue
        most = re.search(r"<=\s*(\d+)\s*$", item.relation)
        top = int(most[1]) if most else 100 if item.type in ("score", "percent") else 10
        scores[item.code] = "Có" if item.type == "yes_no" else top * rng.randrange(80, 98) // 100
    return scores


def own_tasks(unit: Unit, period: Period, figures: Figures) -> list[TaskRow]:
    """Return as many tasks of a unit as its figures count: planned, due in the period, done in time and late."""
    planned, due, on_time, late = (int(figures[code]) for code in ("A1.1", "A1.2", "A1.3", "A1.4"))
    due_on, next_on = period.last_day - timedelta(days=20), period.last_day + timedelta(days=14)
    rows: list[TaskRow] = []
    for number in range(1, planned + 1):
        row: TaskRow = {TASK: f"Nhiệm vụ thử nghiệm {number} của {unit.short_name}", PRODUCT: "Báo cáo"}
        if number <= on_time + late:
            done_on = due_on + timedelta(days=-1 if number <= on_time else 1)
            shown: TaskRow = {DONE: done_on, STATE: STATE_DONE, EVIDENCE: f"Văn bản số {number:02d}/{unit.code}"}
            rows.append({**row, DUE: due_on, **shown})
        elif number <= due:
            rows.append({**row, DUE: due_on, STATE: STATE_IN_PROGRESS})
        else:
            rows.append({**row, DUE: next_on, STATE: STATE_NOT_BEGUN})
    return rows


def planned_tasks(unit: Unit, year: int) -> list[TaskRow]:
    """Return the tasks of a unit's own plan: none of them is done yet."""
    return [
        {
            TASK: f"Nhiệm vụ thử nghiệm {number} của {unit.short_name}",
            PRODUCT: "Báo cáo",
            DUE: date(year, 3 * number, 10),
            STATE: STATE_NOT_BEGUN,
        }
        for number in (1, 2, 3, 4)
    ]


def _with_rolls(plan: Plan, seed: int) -> Iterator[tuple[tuple[Task, date | None], float]]:
    """Deal numbers between 0 and 1 evenly: among the tasks due before December, and among all others."""
    rows = task_rows(plan)
    ends_before = [due_on is not None and due_on < date(plan.document.year, 12, 1) for _, due_on in rows]
    for wanted in (True, False):
        group = [row for row, is_before in zip(rows, ends_before, strict=True) if is_before is wanted]
        random.Random(f"{seed}/tasks/{wanted}").shuffle(group)
        yield from ((row, n / len(group)) for n, row in enumerate(group))


def progress_of(plan: Plan, period: Period, seed: int) -> dict[tuple[str, date | None], TaskRow]:
    """Say of each task of the plan, once for each time that it is due, what became of it by the end of a period.

    Each has one story for the whole year: done in time, done late, never done, or done without a document to show it.
    """
    told: dict[tuple[str, date | None], TaskRow] = {}
    for (task, due_on), roll in _with_rolls(plan, seed):
        rng = random.Random(f"{seed}/task/{task.id}/{due_on}")
        number = rng.randrange(10, 900)
        days = rng.randrange(3, 25)
        aimed_on = due_on or date(plan.document.year, rng.randrange(2, 12), rng.randrange(1, 28))
        done_on = aimed_on + timedelta(days=days if roll < _SHARE_LATE else -days)
        is_never = _SHARE_LATE <= roll < _SHARE_LATE + _SHARE_NEVER
        if is_never or done_on > period.last_day:
            is_begun = is_never or aimed_on - timedelta(days=60) <= period.last_day
            told[task.id, due_on] = {STATE: STATE_IN_PROGRESS if is_begun else STATE_NOT_BEGUN}
        else:
            shown = {} if roll > 1 - _SHARE_WITHOUT_EVIDENCE else {EVIDENCE: f"Văn bản số {number}/SVHTT-VP"}
            told[task.id, due_on] = {DONE: done_on, STATE: STATE_DONE, **shown}
    return told


def filled_report(
    plan: Plan, unit: Unit, period: Period, report_type: ReportType, figures: Figures, tasks: Sequence[TaskRow] = ()
) -> bytes:
    """Fill in the sender's template, with tasks of its own below the heading of the task table."""
    workbook = load_workbook(io.BytesIO(template_workbook(plan, unit, period, report_type)))
    items = plan.items_required_in(report_type, period.id)
    _fill_items(workbook, items, _with_sums(items, figures, _task_counts(period, tasks)))
    if tasks:
        sheet = workbook[TASK_SHEET]
        heading_row, columns = _task_columns(sheet)
        for row, task in enumerate(tasks, start=heading_row + 1):
            _fill_task(sheet, row, columns, task)
    return stable_bytes(workbook, datetime.combine(period.last_day, time(), UTC))


def filled_progress(plan: Plan, unit: Unit, period: Period, report_type: ReportType, seed: int) -> bytes:
    """Fill in the template that lists the plan's tasks: the row of each says what became of it."""
    workbook = load_workbook(io.BytesIO(template_workbook(plan, unit, period, report_type)))
    _fill_items(workbook, plan.items_required_in(report_type, period.id), {})
    sheet = workbook[TASK_SHEET]
    heading_row, columns = _task_columns(sheet)
    told = progress_of(plan, period, seed)
    for row in range(heading_row + 1, sheet.max_row + 1):
        code, due = (sheet.cell(row, columns[heading]).value for heading in (CODE, DUE))
        story = told.get(
            (str(code), due.date() if isinstance(due, datetime) else due if isinstance(due, date) else None)
        )
        if story is not None:
            _fill_task(sheet, row, columns, story)
    return stable_bytes(workbook, datetime.combine(period.last_day, time(), UTC))


def _task_counts(period: Period, tasks: Sequence[TaskRow]) -> dict[str, int]:
    """Count the rows of a task table as the relations of line items name them."""
    due = [task.get(DUE) for task in tasks]
    done = [
        day
        for task, day in zip(tasks, due, strict=True)
        if isinstance(day, date) and period.first_day <= day <= period.last_day and task.get(STATE) == STATE_DONE
    ]
    return {TASKS_LISTED: len(tasks), TASKS_DATED: sum(day is not None for day in due), TASKS_DONE: len(done)}


def _with_sums(items: Sequence[ReportItem], figures: Figures, task_counts: Mapping[str, int]) -> Figures:
    """Add the figures that are not invented but follow from others: sums, and percentages to two decimals."""
    told = dict(figures)
    for item in items:
        known = {code: Decimal(str(told[code])) for code in told if isinstance(told[code], int | float)}
        known |= {name: Decimal(count) for name, count in task_counts.items()}
        for relation in parse_relations(item.relation, item.code):
            is_fixed = relation.comparison == "=" and relation.left == ((item.code,),) and item.code not in told
            if is_fixed and all(code in known for code in relation.item_codes if code != item.code):
                exact = relation.right_side(known | {item.code: Decimal(0)})
                told[item.code] = (
                    int(exact) if exact.denominator == 1 else math.floor(exact * 100 + Fraction(1, 2)) / 100
                )
    return told


def _fill_items(workbook: Workbook, items: Sequence[ReportItem], figures: Figures) -> None:
    for item in items:
        sheet_name, _, place = (workbook.defined_names[item_name(item.code)].attr_text or "").rpartition("!")
        figure = figures.get(item.code, "Có" if item.type == "yes_no" else 0)
        cell = workbook[sheet_name.strip("'")][place.replace("$", "")]
        if isinstance(figure, str):
            write_text(cell, figure)
        else:
            cell.value = figure


def _task_columns(sheet: Worksheet) -> tuple[int, dict[str, int]]:
    """Return the row of the task table's headings, and the column under each."""
    for row in range(1, sheet.max_row + 1):
        columns = {str(sheet.cell(row, n).value): n for n in range(1, sheet.max_column + 1)}
        if TASK in columns and STATE in columns:
            return row, columns
    raise ValueError(f"the sheet {sheet.title} has no task table")


def _fill_task(sheet: Worksheet, row: int, columns: Mapping[str, int], task: TaskRow) -> None:
    for heading, value in task.items():
        cell = sheet.cell(row, columns[heading])
        if isinstance(value, str):
            write_text(cell, value)
        else:
            cell.value = value

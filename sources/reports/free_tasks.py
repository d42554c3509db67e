"""Where in a unit's own workbook does its task table stand, and which of its rows are tasks?

Known by its headings alone, like the table of figures. Of two tables that may be meant neither is read, nor is one
that lacks a column; the figures stand all the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.text import comparison_key
from sources.reports.cells import Cell, cast_day
from sources.reports.evaluation import Evaluation
from sources.reports.free_form import Table, headings_by_row, is_numbering
from sources.reports.grid import Grid
from sources.reports.profile import ReportProfile, TaskProfile
from sources.reports.task_table import FEWEST_HEADINGS, TaskTable
from sources.templates.task_words import CODE, DONE, DUE, EVIDENCE, STATE, TASK

SEVERAL_TASKS_RULE, TASK_COLUMN_RULE = "R064", "R065"
_NOT_DESCRIBED = "báo cáo tự lập: hồ sơ không mô tả bảng nhiệm vụ / its profile describes no task table"
_NOT_FOUND = "báo cáo tự lập: không có bảng nhiệm vụ nhận ra được theo tiêu đề / no task table that its headings tell"
_SEVERAL = "không rõ bảng hay cột nhiệm vụ nào (R064) / several tables or columns may hold the tasks (R064)"
_LACKING = "bảng nhiệm vụ thiếu cột (R065) / the task table lacks columns (R065)"
# Without one of these a rule would judge what nobody was asked to write; a product may be left out.
_NEEDED = (TASK, DUE, DONE, STATE, EVIDENCE)


@dataclass(frozen=True)
class OwnTasks:
    """What may be a task table: the columns under each of the template's headings, and the rows that are its own."""

    described: TaskProfile
    grid: Grid
    heading_row: int
    columns: Mapping[str, tuple[int, ...]]
    rows: range = range(0)

    @property
    def place(self) -> str:
        """Where its headings stand, for people."""
        return f"{self.grid.sheet}, dòng {self.heading_row}"

    @property
    def days(self) -> frozenset[tuple[int, int]]:
        """The row and column of every day below its headings: the rest of a task is words, which may name people."""
        columns = [column for heading in (DUE, DONE) for column in self.columns.get(heading, ())]
        return frozenset((row, column) for row in self.rows if row > self.heading_row for column in columns)


@dataclass(frozen=True)
class Figures:
    """The table of figures, and the rows that name a line item."""

    table: Table
    item_rows: frozenset[int]

    def shares_rows(self, own: OwnTasks) -> bool:
        """Tell whether rows of a task table may be rows of this one, too."""
        is_beside = own.heading_row == self.table.heading_row or not self.item_rows.isdisjoint(own.rows)
        return own.grid.sheet == self.table.grid.sheet and is_beside


@dataclass(frozen=True)
class LocatedTasks:
    """The task table that is meant; else why there is none, and those that break a rule and are not read."""

    table: OwnTasks | None = None
    unread: tuple[OwnTasks, ...] = ()
    reason: str = ""
    rule_id: str = ""

    def rows_on(self, sheet: str) -> frozenset[int]:
        """Return the rows of a sheet for which task tables answer."""
        tables = (*self.unread, *([self.table] if self.table is not None else []))
        return frozenset(row for table in tables if table.grid.sheet == sheet for row in table.rows)


def find_task_tables(grids: Sequence[Grid], profile: ReportProfile) -> list[OwnTasks]:
    """Return every row that has the heading of the tasks' names and enough others of a task table."""
    described = profile.document.tasks
    if described is None:
        return []
    headings = {comparison_key(name): heading for heading, names in described.headings.items() for name in names}
    found = []
    for grid in grids:
        for row, cells in headings_by_row(grid).items():
            columns: dict[str, tuple[int, ...]] = {}
            for column, key in cells:
                if key in headings:
                    columns[headings[key]] = (*columns.get(headings[key], ()), column)
            if TASK in columns and len(columns) >= FEWEST_HEADINGS:
                found.append(OwnTasks(described, grid, row, columns))
    return found


def locate_tasks(
    reading: Evaluation, found: Sequence[OwnTasks], figures: Figures | None, profile: ReportProfile, *, is_of_plan: bool
) -> LocatedTasks:
    """Return the one task table that is meant; what hinders is a finding."""
    if profile.document.tasks is None:
        reading.leave_out(_NOT_DESCRIBED, SEVERAL_TASKS_RULE, TASK_COLUMN_RULE)
        return LocatedTasks(reason=_NOT_DESCRIBED)
    reading.verdict(SEVERAL_TASKS_RULE).checked = 1
    if not found:
        reading.leave_out(_NOT_FOUND, TASK_COLUMN_RULE)
        return LocatedTasks(reason=_NOT_FOUND)
    all_found = list(_with_rows(found, figures))
    beside = [one for one in all_found if figures is not None and figures.shares_rows(one)]
    # Rows that name a line item are those of the figures, whatever else they hold.
    apart = tuple(one for one in all_found if one not in beside)
    why = _why_several(beside, apart)
    if why:
        reading.find(SEVERAL_TASKS_RULE, why, sheet=found[0].grid.sheet)
        reading.leave_out(_SEVERAL, TASK_COLUMN_RULE)
        return LocatedTasks(unread=apart, reason=_SEVERAL, rule_id=SEVERAL_TASKS_RULE)
    (only,) = apart
    if _find_lacking(reading, only, is_of_plan=is_of_plan):
        return LocatedTasks(unread=apart, reason=_LACKING, rule_id=TASK_COLUMN_RULE)
    return LocatedTasks(only)


def _why_several(beside: Sequence[OwnTasks], apart: Sequence[OwnTasks]) -> str:
    """Say what would make clear which table and columns hold the tasks; nothing where that is clear."""
    if beside:
        return f"bảng nhiệm vụ ở dòng riêng, nay ở {beside[0].place} / the task table on rows of its own"
    if len(apart) > 1:
        return f"một bảng, nay có {'; '.join(one.place for one in apart)} / one table"
    doubled = [heading for heading, under in apart[0].columns.items() if len(under) > 1]
    return f"một cột “{doubled[0]}” ở {apart[0].place} / one column" if doubled else ""


def _find_lacking(reading: Evaluation, own: OwnTasks, *, is_of_plan: bool) -> list[str]:
    needed = _needed(is_of_plan=is_of_plan)
    lacking = [heading for heading in needed if heading not in own.columns]
    reading.verdict(TASK_COLUMN_RULE).checked = len(needed)
    for heading in lacking:
        told = f"cột “{'”/“'.join(own.described.headings[heading])}” ở {own.place} / a column"
        reading.find(TASK_COLUMN_RULE, told, sheet=own.grid.sheet, column_name=heading)
    return lacking


def _needed(*, is_of_plan: bool) -> tuple[str, ...]:
    return (CODE, *_NEEDED) if is_of_plan else _NEEDED


def _with_rows(found: Sequence[OwnTasks], figures: Figures | None) -> Iterator[OwnTasks]:
    """Give each table the rows down to the next one; the titles above it are its own where no other table is near."""
    for one in found:
        sheet = one.grid.sheet
        others = [other.heading_row for other in found if other.grid.sheet == sheet]
        is_first = one.heading_row == min(others)
        if figures is not None and figures.table.grid.sheet == sheet:
            others.append(figures.table.heading_row)
            is_first = False
        end = min((row for row in others if row > one.heading_row), default=one.grid.last_row + 1)
        yield replace(one, rows=range(1 if is_first else one.heading_row, end))


def task_table(own: OwnTasks, grid: Grid, profile: ReportProfile, *, is_of_plan: bool) -> TaskTable:
    """Return a table as its rows are read; `grid` is its sheet, perhaps with corrections."""
    columns = {heading: under[0] for heading, under in own.columns.items()}
    table = TaskTable(grid, own.rows, own.heading_row, columns, _needed(is_of_plan=is_of_plan))
    words = {comparison_key(word): state for state, named in own.described.states.items() for word in named}
    table = replace(table, states={**table.states, **words})
    filled: dict[int, list[Cell]] = {}
    for (row, _), cell in sorted(grid.cells.items()):
        if row in own.rows and row > own.heading_row and cell.text:
            filled.setdefault(row, []).append(cell)
    classes = {row: _ignored_as(table, row, cells, profile) for row, cells in filled.items()}
    return replace(table, ignored={row: told for row, told in classes.items() if told})


def _ignored_as(table: TaskTable, row: int, filled: Sequence[Cell], profile: ReportProfile) -> str:
    """Say as what a row is ignored that says neither by when nor what became of a task.

    Titles of sections, notes and signatures have words alone, and those who sign are not to be taken for tasks.
    """
    cells = table.cells(row)
    is_dated = any(cast_day(cells[heading]) is not None for heading in (DUE, DONE))
    if is_dated or comparison_key(cells[STATE].text) in table.states:
        return ""
    told = profile.row_class(filled[0].text)
    if told or is_numbering(filled):
        return told or "text"
    # What does not cast here is a finding: the row was meant to say something of a task.
    spoken = [heading for heading in (CODE, DUE, DONE, STATE) if heading in table.needed]
    return "" if any(not cells[heading].is_blank for heading in spoken) else "text"

"""Where does the task table of a report stand, and which rows of its sheet are its own?

The same for the template's and for a unit's own: how its rows are cast and judged does not depend on who drew it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.text import comparison_key
from sources.reports.cells import Cell
from sources.reports.grid import Grid
from sources.templates.task_words import READ_HEADINGS, TASK_STATES

# With fewer of the table's headings, a row is some other row that happens to name the task.
FEWEST_HEADINGS = 3


@dataclass(frozen=True)
class TaskTable:
    """A task table: its columns by the template's headings, and the rows of its sheet for which it answers.

    `needed` are the columns without which no row can be judged; `ignored` are rows that hold no task, by their class.
    """

    grid: Grid
    rows: range
    heading_row: int
    columns: Mapping[str, int]
    needed: tuple[str, ...] = READ_HEADINGS
    ignored: Mapping[int, str] = field(default_factory=dict)
    # The template's words for what became of a task, by the key of each word that says so.
    states: Mapping[str, str] = field(default_factory=lambda: {comparison_key(state): state for state in TASK_STATES})

    @property
    def missing(self) -> tuple[str, ...]:
        """The needed columns that it has not."""
        return tuple(heading for heading in self.needed if heading not in self.columns)

    def cells(self, number: int) -> dict[str, Cell]:
        """Return the cells of a row by heading; a column that is not there is blank."""
        return {
            heading: self.grid.at(number, self.columns[heading]) if heading in self.columns else Cell(number, "", None)
            for heading in READ_HEADINGS
        }

    def ignored_as(self, number: int) -> str:
        """Return the class of a row that holds no task, nothing for one that does."""
        if number < self.heading_row:
            return "title" if number in self.grid.filled_rows else "blank"
        if number == self.heading_row:
            return "heading"
        if number in self.ignored:
            return self.ignored[number]
        return "blank" if all(cell.is_blank for cell in self.cells(number).values()) else ""

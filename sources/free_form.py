"""Where in a unit's own workbook does its table of figures stand, and of whom and when does it speak?

Nothing is read by position, and nothing is chosen for the unit: of two tables that may be meant, neither is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.nearest import nearest, unit_names
from schemas.plan import Plan
from schemas.text import clean, comparison_key, masked
from sources.report_cells import Cell
from sources.report_grid import Grid
from sources.report_layout import ItemLayout
from sources.report_profile import ReportProfile

# How far down a sheet without a table may say what it is.
_TITLE_ROWS = 60
_NUMBERING = re.compile(r"^(?:\(?\d+(?:\.\d+)*\)?[.)]?|\(?[a-zđ]\)|[a-zđ]\.|[-–—+•*])\s+")


@dataclass(frozen=True)
class Table:
    """A table that its headings tell: its sheet, heading row, the columns of items (and codes), and of figures."""

    grid: Grid
    heading_row: int
    label_columns: tuple[int, ...]
    value_columns: tuple[int, ...]

    @property
    def place(self) -> str:
        """Where it begins, for people."""
        return f"{self.grid.sheet}, dòng / row {self.heading_row}"


@dataclass(frozen=True)
class UnknownLabel:
    """A row with a figure whose label is no line item: its cell, and what the label is near to."""

    label: Cell
    value: Cell
    proposal: str


def find_tables(grids: Sequence[Grid], profile: ReportProfile) -> list[Table]:
    """Return every row that holds a heading of items or codes and one of figures."""
    document = profile.document
    codes, items, values = (
        {comparison_key(heading) for heading in headings}
        for headings in (document.code_headings, document.item_headings, document.value_headings)
    )
    found = []
    for grid in grids:
        by_row: dict[int, list[tuple[int, str]]] = {}
        for (row, column), cell in sorted(grid.cells.items()):
            by_row.setdefault(row, []).append((column, comparison_key(cell.text)))
        for row, cells in by_row.items():
            # A code says more than a name: it is looked at first.
            labels = [column for keys in (codes, items) for column, key in cells if key in keys]
            figures = [column for column, key in cells if key in values]
            if labels and figures:
                found.append(Table(grid, row, tuple(labels), tuple(figures)))
    return found


def titles(grids: Sequence[Grid], tables: Sequence[Table]) -> Iterator[str]:
    """Yield what stands above the tables, and at the beginning of the sheets without one."""
    heading_rows = {table.grid.sheet: table.heading_row for table in reversed(tables)}
    for grid in grids:
        last = heading_rows.get(grid.sheet, _TITLE_ROWS + 1)
        for (row, _), cell in sorted(grid.cells.items()):
            if row < last and isinstance(cell.value, str):
                yield cell.text


def is_titled(texts: Sequence[str], profile: ReportProfile) -> bool:
    """Tell whether a title says that the workbook is a report of this kind."""
    return any(re.search(pattern, text) for pattern in profile.document.title_patterns for text in texts)


def units_said(texts: Sequence[str], profile: ReportProfile, plan: Plan) -> tuple[set[str], list[str]]:
    """Return the codes of the units that the titles name, and what is wrong with a name that the plan lacks."""
    codes: set[str] = set()
    problems = []
    for name in _captured(texts, profile.document.unit_patterns, "unit"):
        code = plan.unit_code(name)
        if code is not None:
            codes.add(code)
            continue
        near = nearest(name, unit_names(plan.units))
        proposal = f", {near.proposal}" if near is not None else ""
        problems.append(f"không rõ đơn vị / unknown unit: {masked(name)}{proposal}")
    return codes, problems


def periods_said(texts: Sequence[str], profile: ReportProfile, plan: Plan) -> tuple[set[str], list[str]]:
    """Return the periods that the titles name, and what is wrong with one that the plan lacks."""
    known = profile.periods_by_key(plan)
    ids: set[str] = set()
    problems = []
    for name in _captured(texts, profile.document.period_patterns, "period"):
        period_id = known.get(comparison_key(name))
        if period_id is None:
            problems.append(f"không rõ kỳ / unknown period: {name}")
        else:
            ids.add(period_id)
    return ids, problems


def _captured(texts: Sequence[str], patterns: Sequence[str], group: str) -> list[str]:
    found = [match[group] for text in texts for pattern in patterns for match in re.finditer(pattern, text)]
    return list(dict.fromkeys(clean(name) for name in found))


def locate(
    table: Table, profile: ReportProfile, plan: Plan, required: Sequence[str]
) -> tuple[ItemLayout, list[UnknownLabel]]:
    """Find the row of every required item by its code or name; the other rows with a figure are unknown labels.

    Section titles, rows without a figure and what the profile ignores are no labels.
    """
    labels = profile.labels_of(plan)
    by_key = {comparison_key(name): code for name, code in labels.items()}
    places: dict[str, Cell] = {}
    repeated: dict[int, tuple[str, Cell]] = {}
    unknown = []
    for row in sorted(row for row in table.grid.filled_rows if row > table.heading_row):
        value = table.grid.at(row, table.value_columns[0])
        cells = [cell for column in table.label_columns if (cell := table.grid.at(row, column)).text]
        codes = [code for cell in cells if (code := _code_of(cell.text, by_key)) is not None]
        if not codes:
            if cells and not value.is_blank and not _is_ignored(cells, value, profile):
                near = nearest(_without_number(cells[-1].text), labels)
                unknown.append(UnknownLabel(cells[-1], value, near.proposal if near is not None else ""))
        elif len(set(codes)) > 1:
            if not value.is_blank:
                unknown.append(UnknownLabel(cells[0], value, " ≠ ".join(dict.fromkeys(codes))))
        elif codes[0] not in required:
            continue
        elif codes[0] in places:
            repeated[row] = (codes[0], value)
        else:
            places[codes[0]] = value
    return ItemLayout(places, repeated, table.heading_row), unknown


def _code_of(text: str, by_key: dict[str, str]) -> str | None:
    for written in (text, _without_number(text)):
        code = by_key.get(comparison_key(written.rstrip(":.; ")))
        if code is not None:
            return code
    return None


def _without_number(text: str) -> str:
    return _NUMBERING.sub("", clean(text))


def _is_ignored(cells: Sequence[Cell], value: Cell, profile: ReportProfile) -> bool:
    """Tell whether a row is one of column numbers, or of a class that the profile leaves out."""
    if all(re.fullmatch(r"\(?\d{1,2}\)?", cell.text) for cell in (*cells, value)):
        return True
    return any(re.search(one.pattern, cell.text) for one in profile.document.ignore for cell in cells)

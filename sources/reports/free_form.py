"""Where in a unit's own workbook does its table of figures stand, and of whom and when does it speak?

Nothing is read by position, and nothing is chosen for the unit: of two tables that may be meant, neither is.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemas.nearest import nearest, unit_names
from schemas.plan import Plan
from schemas.text import clean, comparison_key, masked
from sources.reports.cells import Cell
from sources.reports.grid import Grid
from sources.reports.layout import ItemLayout
from sources.reports.profile import ReportProfile

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
        """Where its headings stand, for people."""
        return f"{self.grid.sheet}, dòng {self.heading_row}"

    @property
    def figures(self) -> frozenset[tuple[int, int]]:
        """The row and column of every figure below its headings."""
        rows = [row for row in self.grid.filled_rows if row > self.heading_row]
        return frozenset((row, column) for row in rows for column in self.value_columns)


@dataclass(frozen=True)
class UnknownLabel:
    """A row with a figure whose label is no line item: its cell, and what the label is near to."""

    label: Cell
    value: Cell
    proposal: str


@dataclass(frozen=True)
class Wrong:
    """What is wrong with what a report says of itself: what is needed, and what is written instead, masked."""

    needed: str
    written: str | None = None


def find_tables(grids: Sequence[Grid], profile: ReportProfile) -> list[Table]:
    """Return every row that holds a heading of items or codes and one of figures."""
    document = profile.document
    codes, items, values = (
        {comparison_key(heading) for heading in headings}
        for headings in (document.code_headings, document.item_headings, document.value_headings)
    )
    found = []
    for grid in grids:
        for row, cells in headings_by_row(grid).items():
            # A code says more than a name: it is looked at first.
            labels = [column for keys in (codes, items) for column, key in cells if key in keys]
            figures = [column for column, key in cells if key in values]
            if labels and figures:
                found.append(Table(grid, row, tuple(labels), tuple(figures)))
    return found


def headings_by_row(grid: Grid) -> dict[int, list[tuple[int, str]]]:
    """Return the filled columns of every row, each with the key of what it says."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), cell in sorted(grid.cells.items()):
        by_row.setdefault(row, []).append((column, comparison_key(cell.text)))
    return by_row


def titles(grids: Sequence[Grid], heading_rows: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Yield what stands above the tables, and at the beginning of the sheets without one.

    `heading_rows` are the sheet and row of every table's headings.
    """
    first = dict(sorted(heading_rows, reverse=True))
    for grid in grids:
        last = first.get(grid.sheet, _TITLE_ROWS + 1)
        for (row, _), cell in sorted(grid.cells.items()):
            if row < last and isinstance(cell.value, str):
                yield cell.text


def is_titled(texts: Sequence[str], profile: ReportProfile) -> bool:
    """Tell whether a title says that the workbook is a report of this kind."""
    return any(re.search(pattern, text) for pattern in profile.document.title_patterns for text in texts)


def units_said(texts: Sequence[str], profile: ReportProfile, plan: Plan) -> tuple[set[str], list[Wrong]]:
    """Return the codes of the units that the titles name, and what is wrong with a name that the plan lacks."""
    codes: set[str] = set()
    problems = []
    for name in _captured(texts, profile.document.unit_patterns, "unit"):
        code = plan.unit_code(name)
        if code is not None:
            codes.add(code)
            continue
        near = nearest(name, unit_names(plan.units))
        needed = near.proposal if near is not None else "một đơn vị của kế hoạch / a unit of the plan"
        problems.append(Wrong(needed, masked(name)))
    return codes, problems


def periods_said(texts: Sequence[str], profile: ReportProfile, plan: Plan) -> tuple[set[str], list[Wrong]]:
    """Return the periods that the titles name, and what is wrong with one that the plan lacks."""
    known = profile.periods_by_key(plan)
    ids: set[str] = set()
    problems = []
    for name in _captured(texts, profile.document.period_patterns, "period"):
        period_id = known.get(comparison_key(name))
        if period_id is None:
            problems.append(Wrong("một kỳ của kế hoạch / a period of the plan", masked(name)))
        else:
            ids.add(period_id)
    return ids, problems


def _captured(texts: Sequence[str], patterns: Sequence[str], group: str) -> list[str]:
    found = [match[group] for text in texts for pattern in patterns for match in re.finditer(pattern, text)]
    return list(dict.fromkeys(clean(name) for name in found))


def locate(
    table: Table, profile: ReportProfile, plan: Plan, required: Sequence[str], elsewhere: Container[int]
) -> tuple[ItemLayout, list[UnknownLabel]]:
    """Find the row of every required item by its code or name; the other rows with a figure are unknown labels.

    Section titles, rows without a figure and what the profile ignores are no labels; the rows `elsewhere` are those of
    another table.
    """
    labels = profile.labels_of(plan)
    by_key = {comparison_key(name): code for name, code in labels.items()}
    places: dict[str, Cell] = {}
    repeated: dict[int, tuple[str, Cell]] = {}
    unknown = []
    for row in sorted(row for row in table.grid.filled_rows if row > table.heading_row and row not in elsewhere):
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


def item_rows(table: Table, profile: ReportProfile, plan: Plan) -> frozenset[int]:
    """Return the rows below a table's headings that name a line item of the report type."""
    codes = sorted(set(profile.labels_of(plan).values()))
    layout, _ = locate(table, profile, plan, codes, ())
    return frozenset(cell.row for cell in layout.places.values()) | frozenset(layout.repeated)


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
    return is_numbering([*cells, value]) or any(profile.row_class(cell.text) for cell in cells)


def is_numbering(cells: Sequence[Cell]) -> bool:
    """Tell whether a row does nothing but number the columns."""
    return all(re.fullmatch(r"\(?\d{1,2}\)?", cell.text) for cell in cells)

"""What does a workbook hold, cell by cell, and what does it carry beside its cells?

The detailed view, for readers that need fonts, merged ranges, formulas and what is hidden. Rows and columns count
from 1. Logs of a hundred thousand rows take the short way of `sources.logs.workbook` and meet the same shapes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sources.files.legacy_text import Encoding, encoding_name
from sources.files.source import MergedRange, SourceRow

# The text of a formula that was saved without its result: no blank, and no value.
NEVER_CALCULATED = "="
# The title of the first sheet of an answer to a sender; a reader that looks for data passes it by.
ANSWER_SHEET = "Cần sửa"

Place = tuple[int, int]


@dataclass(frozen=True)
class WorkbookCell:
    """One filled cell: its text as decoded, the font that the cell is set in, its formula where the file tells it."""

    row: int
    column: int
    text: str
    font: str = ""
    formula: str | None = None
    is_error: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether the cell shows an error, or holds a formula that was never calculated."""
        return self.is_error or (self.formula is not None and self.text == NEVER_CALCULATED)


@dataclass(frozen=True)
class SheetNotes:
    """What the text of a sheet's cells does not say: filled rows and columns that are hidden, and broken cells.

    `broken` has the error code of each cell that shows an error, and NEVER_CALCULATED for a formula without a result.
    """

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    broken: Mapping[Place, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its filled cells by row and column, and how it shows them."""

    name: str
    is_hidden: bool
    cells: Mapping[Place, WorkbookCell] = field(repr=False)
    merged: tuple[MergedRange, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    encodings: frozenset[Encoding] = frozenset()

    def rows(self) -> Iterator[SourceRow]:
        """Yield every row down to the last filled one, all as wide as the widest."""
        width = max((column for _, column in self.cells), default=0)
        last_row = max((row for row, _ in self.cells), default=0)
        for row in range(1, last_row + 1):
            places = ((row, column) for column in range(1, width + 1))
            yield SourceRow(row, [self.cells[place].text if place in self.cells else "" for place in places])

    @property
    def encoding(self) -> str:
        """How the text of its cells was encoded."""
        return encoding_name(self.encodings)

    @cached_property
    def notes(self) -> SheetNotes:
        """What a reader of the rows alone would miss."""
        return SheetNotes(
            self.hidden_rows & {row for row, _ in self.cells},
            self.hidden_columns & {column for _, column in self.cells},
            {place: cell.text for place, cell in self.cells.items() if cell.is_broken},
        )


@dataclass(frozen=True)
class Contents:
    """What a workbook carries as a whole: macros, which are never run, and the other files that it refers to."""

    has_macros: bool = False
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """A workbook read as a whole, sheets in their order."""

    sheets: tuple[Sheet, ...]
    contents: Contents

    @property
    def encoding(self) -> str:
        """How the text of its cells was encoded: `unicode`, `tcvn3`, `vni`, or a mixture such as `tcvn3+unicode`."""
        return encoding_name(encoding for sheet in self.sheets for encoding in sheet.encodings)


def filled(cells: Iterable[WorkbookCell]) -> dict[Place, WorkbookCell]:
    """Return the cells that hold something, by row and column."""
    return {(cell.row, cell.column): cell for cell in cells if cell.text or cell.formula is not None}

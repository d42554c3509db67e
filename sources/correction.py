"""What does a declared correction do to a file that stays as it came?

Data are never mended in code. A correction names a cell, what it holds, what it should hold, why and by what evidence;
it is applied to the text of the cell while the file is read, and only where the cell still says what the correction
expects. Where it does not, the correction itself is a finding: nobody may overwrite what they have not seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.text import clean
from sources.report_cells import Cell
from sources.report_grid import Grid


@dataclass(frozen=True)
class Correction:
    """One declared correction. A log's cell is named by row and column of the vocabulary, a report's by its address."""

    number: str
    sheet: str
    row: int
    cell: str | None
    column_name: str | None
    expected: str
    replacement: str

    @property
    def place(self) -> str:
        """Where it applies, as people find it."""
        return f"{self.sheet}!{self.cell or f'{self.row} {self.column_name}'}"


class CorrectedRows:
    """Applies the corrections of one log to its rows, and remembers those that did not fit."""

    def __init__(self, corrections: Sequence[Correction], positions: Mapping[str, int]) -> None:
        self._by_row: dict[int, list[Correction]] = {}
        self._positions = positions
        self.unfit: list[Correction] = []
        for one in corrections:
            self._by_row.setdefault(one.row, []).append(one)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to apply any more."""
        return not self._by_row

    def apply(self, number: int, cells: list[str]) -> list[str]:
        """Return the cells of a row with its corrections applied."""
        found = list(cells)
        for one in self._by_row.pop(number, ()):
            position = self._positions.get(one.column_name or "")
            if position is None or position >= len(found) or clean(found[position]) != one.expected:
                self.unfit.append(one)
            else:
                found[position] = one.replacement
        return found

    def finish(self) -> list[Correction]:
        """Return every correction that did not fit, those of rows that never came too."""
        return [*self.unfit, *(one for left in self._by_row.values() for one in left)]


def corrected_grid(grid: Grid, corrections: Sequence[Correction]) -> tuple[Grid, list[Correction]]:
    """Return a report's sheet with the corrections of its cells applied, and those that did not fit."""
    cells = dict(grid.cells)
    by_address = {cell.coordinate: place for place, cell in cells.items()}
    unfit = []
    for one in corrections:
        place = by_address.get(one.cell or "")
        if place is None or cells[place].text != one.expected:
            unfit.append(one)
        else:
            old = cells[place]
            cells[place] = Cell(old.row, old.coordinate, one.replacement)
    return replace(grid, cells=cells), unfit

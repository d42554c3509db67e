"""What does a declared correction do to a file that stays as it came?

Data are never mended in code. A correction names a cell, what it holds, what it should hold, why and by what evidence;
it is applied to the text of the cell while the file is read, and only where the cell still says what the correction
expects. Where it does not, the correction itself is a finding: nobody may overwrite what they have not seen.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from audit.corrections import Correction
from schemas.text import clean, masked
from sources.report_cells import Cell
from sources.report_evaluation import Evaluation
from sources.report_grid import Grid
from sources.source import SourceRow

# The rules that a correction itself breaks which no longer fits, by kind of file.
UNFIT_IN_LOG, UNFIT_IN_REPORT = "D090", "R090"
UNFIT = (UNFIT_IN_LOG, UNFIT_IN_REPORT)


def _holds(text: str, correction: Correction) -> bool:
    """Tell whether a cell holds what a correction expects; the record knows words by their shape alone."""
    return (masked(text) if correction.is_shape else clean(text)) == correction.expected


class CorrectedRows:
    """The rows of one log with its corrections applied; `unfit` are, at the end, those that did not fit."""

    def __init__(
        self, batches: Iterable[list[SourceRow]], corrections: Sequence[Correction], positions: Mapping[str, int]
    ) -> None:
        self._batches = batches
        self._positions = positions
        self.unfit: list[Correction] = list(corrections)

    def __iter__(self) -> Iterator[list[SourceRow]]:
        for batch in self._batches:
            yield [self._corrected(row) for row in batch] if self.unfit else batch

    def _corrected(self, row: SourceRow) -> SourceRow:
        for one in [one for one in self.unfit if one.row == row.number]:
            position = self._positions.get(one.column_name or "")
            if position is not None and position < len(row.cells) and _holds(row.cells[position], one):
                cells = [*row.cells[:position], one.replacement, *row.cells[position + 1 :]]
                row = replace(row, cells=cells)
                self.unfit.remove(one)
        return row


def corrected_grids(
    reading: Evaluation,
    grids: Mapping[str, Grid],
    corrections: Sequence[Correction],
    places: Mapping[str, Container[tuple[int, int]]],
) -> dict[str, Grid]:
    """Return sheets of a report, by title, with the corrections of their cells applied; what did not fit is a finding.

    `places` are the rows and columns, by sheet, in which a cell may be corrected.
    """
    corrected, unfit = dict(grids), [one for one in corrections if one.sheet not in grids]
    for sheet, grid in grids.items():
        its_own = [one for one in corrections if one.sheet == sheet]
        corrected[sheet], left = _corrected_grid(grid, its_own, places.get(sheet, ()))
        unfit += left
    reading.verdict(UNFIT_IN_REPORT).checked = len(corrections)
    for one in unfit:
        reading.find(UNFIT_IN_REPORT, f"“{one.expected}” ({one.place})", sheet=one.sheet, subject=one.number)
    return corrected


def find_unapplied(reading: Evaluation, corrections: Sequence[Correction]) -> None:
    """Find every correction of a report unfit in which no table was located: there is no cell that it could mend."""
    if corrections:
        corrected_grids(reading, {}, corrections, {})


def _corrected_grid(
    grid: Grid, corrections: Sequence[Correction], places: Container[tuple[int, int]]
) -> tuple[Grid, list[Correction]]:
    cells = dict(grid.cells)
    by_address = {cell.coordinate: place for place, cell in cells.items() if place in places}
    unfit = []
    for one in corrections:
        place = by_address.get(one.cell or "")
        if place is None or not _holds(cells[place].text, one):
            unfit.append(one)
        else:
            cells[place] = Cell(one.row, one.cell or "", one.replacement)
    return replace(grid, cells=cells), unfit

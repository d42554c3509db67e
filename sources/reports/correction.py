"""What does a declared correction do to the cells of a unit's report?"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from audit.corrections import Correction
from sources.files.sheet_label import label_of
from sources.logs.correction import UNFIT_IN_REPORT, holds
from sources.reports.cells import Cell
from sources.reports.evaluation import Evaluation
from sources.reports.grid import Grid


def corrected_grids(
    reading: Evaluation,
    grids: Mapping[str, Grid],
    corrections: Sequence[Correction],
    places: Mapping[str, Container[tuple[int, int]]],
) -> dict[str, Grid]:
    """Return sheets of a report, by label, with the corrections of their cells applied; what did not fit is a finding.

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


def labelled(corrections: Sequence[Correction], labels: Mapping[str, str]) -> list[Correction]:
    """Return corrections with their sheets called by label, as they are while a workbook with these titles is read.

    Who declares one, and a record of before, may call a sheet by its title.
    """
    return [replace(one, sheet=label_of(one.sheet, labels)) for one in corrections]


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
        if place is None or not holds(cells[place].text, one):
            unfit.append(one)
        else:
            cells[place] = Cell(one.row, one.cell or "", one.replacement)
    return replace(grid, cells=cells), unfit

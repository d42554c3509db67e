"""What does a declared correction do to a file that stays as it came?

Data are never mended in code. A correction names a cell, what it holds, what it should hold, why and by what evidence;
it is applied to the text of the cell while the file is read, and only where the cell still says what the correction
expects. Where it does not, the correction itself is a finding: nobody may overwrite what they have not seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from audit.corrections import Correction
from schemas.text import clean, masked
from sources.files.source import SourceRow

# The rules that a correction itself breaks which no longer fits, by kind of file.
UNFIT_IN_LOG, UNFIT_IN_REPORT = "D090", "R090"
UNFIT = (UNFIT_IN_LOG, UNFIT_IN_REPORT)


def holds(text: str, correction: Correction) -> bool:
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
            if position is not None and position < len(row.cells) and holds(row.cells[position], one):
                cells = [*row.cells[:position], one.replacement, *row.cells[position + 1 :]]
                row = replace(row, cells=cells)
                self.unfit.remove(one)
        return row

"""Which cells of which submissions are to be read otherwise than they were sent, why, and by what evidence?

Data are never mended in code, and a file stays as it came. A correction is a declared entry of the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from audit.events import CorrectionDeclared, Entry
from audit.submissions import follow_all


@dataclass(frozen=True)
class Correction:
    """One declared correction. A log's cell is named by row and column of the vocabulary, a report's by its address.

    Of words the record keeps the shape alone, and says so by `is_shape`.
    """

    number: str
    sheet: str
    row: int
    cell: str | None
    column_name: str | None
    expected: str
    replacement: str
    is_shape: bool = False

    @property
    def place(self) -> str:
        """Where it applies, as people find it."""
        return f"{self.sheet}!{self.cell or f'{self.row} {self.column_name}'}"


def every_correction(entries: Iterable[Entry]) -> list[CorrectionDeclared]:
    """Return every correction ever declared, in order."""
    return [event for entry in entries for event in entry.events if isinstance(event, CorrectionDeclared)]


def declared_for(entries: Iterable[Entry], number: str) -> tuple[tuple[Entry, CorrectionDeclared], ...]:
    """Return the corrections of one submission that count as they were declared, each with its line."""
    return tuple(
        (entry, event)
        for entry, event in follow_all(entries).said
        if isinstance(event, CorrectionDeclared) and event.submission == number
    )


def corrections_of(entries: Iterable[Entry], number: str) -> tuple[Correction, ...]:
    """Return the corrections of one submission that count, in the order in which they were declared."""
    names = [field.name for field in fields(Correction)]
    return tuple(
        Correction(**{name: getattr(event, name) for name in names}) for _, event in declared_for(entries, number)
    )

"""What does a merged cell say of the rows that it spans?

A sheet keeps its value in the first row alone and shows it for all of them: read as they are stored, the others would
look blank. Across columns nothing is repeated, since two columns do not mean the same.
"""

from collections.abc import Iterable, Iterator, Sequence

from sources.files.source import MergedRange, SourceRow


def _filled(row: SourceRow, shown: Iterable[tuple[MergedRange, str]]) -> SourceRow:
    cells = list(row.cells)
    for span, text in shown:
        cells += [""] * (span.first_column - len(cells))
        cells[span.first_column - 1] = text
    return SourceRow(row.number, cells)


def _repeated(
    batch: Sequence[SourceRow], spans: Iterable[MergedRange], shown: dict[MergedRange, str]
) -> list[SourceRow]:
    first_of: dict[int, list[MergedRange]] = {}
    for span in spans:
        first_of.setdefault(span.first_row, []).append(span)
    rows = []
    for row in batch:
        active = [(span, text) for span, text in shown.items() if row.number <= span.last_row]
        rows.append(_filled(row, active) if active else row)
        shown.clear()
        shown.update(active)
        for span in first_of.get(row.number, ()):
            if span.first_column <= len(row.cells):
                shown[span] = row.cells[span.first_column - 1]
    return rows


def repeated_down(
    batches: Iterator[list[SourceRow]], merged: Sequence[MergedRange], header_row: int
) -> Iterator[list[SourceRow]]:
    """Return the batches with the value of each merged cell below the header in every row that it spans."""
    spans = [span for span in merged if span.last_row > span.first_row > header_row]
    if not spans:
        return batches
    shown: dict[MergedRange, str] = {}
    return (_repeated(batch, spans, shown) for batch in batches)

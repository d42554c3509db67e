"""In which fonts is the text of a cell of today's workbooks set, run by run?"""

from collections.abc import Iterator

from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock


def font_runs(value: str | CellRichText, cell: Cell) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a value, each with the name of its font; where a run has none, it is the cell's."""
    font = str(cell.font.name or "")
    for piece in value if isinstance(value, CellRichText) else [value]:
        if isinstance(piece, TextBlock):
            yield piece.text, piece.font.rFont or font
        else:
            yield str(piece), font

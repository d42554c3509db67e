"""What does a cell of today's workbooks say, each run of its text decoded by the font that it is set in?"""

from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock

from sources.legacy_text import Encoding, decoded, encoding_of_font, seeming_encoding


@dataclass(frozen=True)
class FontText:
    """The text of a cell as Unicode, and the encodings of what of it is no ASCII.

    ASCII is the same in every encoding: it tells nothing of them. `seems` is another encoding than Unicode where the
    fonts say Unicode, and the text only reads as Vietnamese in that one.
    """

    text: str
    encodings: frozenset[Encoding] = frozenset()
    seems: Encoding = "unicode"


def _runs(value: str | CellRichText, font: str) -> Iterator[tuple[str, str]]:
    for piece in value if isinstance(value, CellRichText) else [value]:
        if isinstance(piece, TextBlock):
            yield piece.text, piece.font.rFont or font
        else:
            yield str(piece), font


def font_text(value: str | CellRichText, cell: Cell) -> FontText:
    """Return the text of a value in the fonts of its cell."""
    runs = list(_runs(value, str(cell.font.name or "")))
    encodings = frozenset(encoding_of_font(font) for piece, font in runs if not piece.isascii())
    text = "".join(decoded(piece, font) for piece, font in runs)
    return FontText(text, encodings, seeming_encoding(text) if encodings == {"unicode"} else "unicode")

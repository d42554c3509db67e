"""How is a cell marked so that its sender sees at once what is wrong with it?"""

from collections.abc import Sequence

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from sources.answers.words import SEVERITIES, AnswerLine

FILLS = {
    severity: PatternFill("solid", fgColor=colour)
    for severity, colour in zip(SEVERITIES, ("FFF4B183", "FFFFE699", "FFBDD7EE"), strict=True)
}
_COLOURS = frozenset(fill.fgColor.rgb for fill in FILLS.values())
# Everything from here on in a comment is ours, and goes when the corrected file comes back.
_OURS = "motcua – cần sửa:"
_AUTHOR = "motcua"
_WIDTH, _LINE_HEIGHT, _CHARACTERS = 380, 20, 52


def mark(cell: Cell, lines: Sequence[AnswerLine]) -> None:
    """Fill a cell by its gravest finding and say in a comment what is wrong; what the sender commented stays."""
    gravest = min(lines, key=lambda line: list(SEVERITIES).index(line.severity))
    cell.fill = FILLS[gravest.severity]
    before = cell.comment.text.rstrip() + "\n" if cell.comment is not None else ""
    text = before + "\n".join([_OURS, *dict.fromkeys(line.comment for line in lines)])
    author = cell.comment.author if cell.comment is not None else _AUTHOR
    height = _LINE_HEIGHT * sum(1 + len(part) // _CHARACTERS for part in text.split("\n"))
    cell.comment = Comment(text, author, height=height, width=_WIDTH)


def unmark(cell: Cell, plain: PatternFill) -> None:
    """Take an earlier answer's mark off a cell; `plain` is the fill that it gets back."""
    if cell.comment is None or _OURS not in cell.comment.text:
        return
    before = cell.comment.text.split(_OURS)[0].rstrip()
    cell.comment = Comment(before, cell.comment.author) if before else None
    if cell.fill.fgColor.rgb in _COLOURS:
        cell.fill = plain

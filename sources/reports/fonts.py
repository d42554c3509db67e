"""In which encodings was the text of a report's cells, by their fonts, and where do font and text not fit?"""

from collections.abc import Iterable

from sources.files.legacy_text import encoding_name
from sources.reports.evaluation import Evaluation
from sources.reports.grid import Grid

DECODED_RULE, UNDECODED_RULE = "R032", "R033"
_FONT_VI, _FONT_EN = "phông Unicode, ví dụ Times New Roman", "a Unicode font"


def see_fonts(reading: Evaluation, grids: Iterable[Grid]) -> None:
    """Evaluate the rules over the fonts of a report's sheets."""
    sheets = list({grid.sheet: grid for grid in grids if grid.sheet}.values())
    for rule_id in (DECODED_RULE, UNDECODED_RULE):
        reading.verdict(rule_id).checked = max(1, len(sheets))
    for grid in sheets:
        if grid.encodings:
            name = encoding_name(grid.encodings)
            expected = f"{_FONT_VI} (đã đổi từ {name}) / {_FONT_EN} (decoded from {name})"
            reading.find(DECODED_RULE, expected, sheet=grid.sheet)
        for place, encoding in sorted(grid.undecoded.items()):
            expected = f"{_FONT_VI} (chữ đọc như {encoding}) / {_FONT_EN} (the text reads as {encoding})"
            reading.find(UNDECODED_RULE, expected, sheet=grid.sheet, cell=grid.at(*place))

"""What is a table that was sent, whatever its file format?

Every cell is text before it is anything else. Rows come in batches, so that memory does not grow with the file; a row's
number is the line on which it begins (delimited text) or the sheet's row (workbooks).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BATCH_ROWS = 100_000

# What is wrong with a line of delimited text: quotes that open or close nowhere; quotes inside a field that is not
# quoted, where only one reading is left; NUL or bytes that the encoding does not know; another line end than the first.
Damage = Literal["quotes", "stray_quotes", "characters", "line_end"]


class UnreadableError(ValueError):
    """Raised where a file cannot be read at all: the message is one sentence for its sender."""


@dataclass(frozen=True)
class SourceRow:
    """One row of a source: its number, its cells as text (blank cells as ""), and what is wrong with its line."""

    number: int
    cells: list[str]
    damage: Damage | None = None


@dataclass(frozen=True)
class Source:
    """A readable table: the sheet it stands on, how its bytes were decoded, and its rows in batches.

    `is_ragged` tells that a row's number of cells means something; `usual_width` is what most rows of delimited text
    have of them, and `delimiter` what stands between.
    """

    sheet: str
    encoding: str
    is_ragged: bool
    batches: Iterator[list[SourceRow]]
    delimiter: str = ""
    usual_width: int = 0

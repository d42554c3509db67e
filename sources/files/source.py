"""What is a readable table, whatever file it came in?

Every cell is text before it is anything else. Rows come in batches, so that memory does not grow with the file; a row's
number is the line on which it begins (delimited text) or the sheet's row (workbooks).
"""

import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

BATCH_ROWS = 100_000

# What is wrong with a line of delimited text: quotes that open or close nowhere; quotes inside a field that is not
# quoted, where only one reading is left; NUL or bytes that the encoding does not know; another line end than the first.
Damage = Literal["quotes", "stray_quotes", "characters", "line_end"]


class UnreadableError(ValueError):
    """Raised where a file cannot be read at all: the message is one sentence for its sender."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a source: its number, its cells as text (blank cells as ""), and what is wrong with its line."""

    number: int
    cells: list[str]
    damage: Damage | None = None


@dataclass(frozen=True)
class MergedRange:
    """Cells of a sheet shown as one; rows and columns count from 1, both ends belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Remark:
    """What a file itself is or carries that breaks a rule; `shown` identifies nobody. A whole file has no row."""

    rule_id: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Source:
    """A readable table: the sheet it stands on, how its text was encoded, and its rows in batches.

    `is_ragged` tells that a row's number of cells means something; `usual_width` is what most rows of delimited text
    have of them, and `delimiter` what stands between. Only workbooks have merged cells and remarks.
    `sheet` is a label (`sources.files.sheet_label`); `titles` are what the sender called the workbook's sheets.
    """

    sheet: str
    encoding: str
    is_ragged: bool
    batches: Iterator[list[SourceRow]]
    merged: tuple[MergedRange, ...] = ()
    remarks: tuple[Remark, ...] = ()
    is_workbook: bool = False
    delimiter: str = ""
    usual_width: int = 0
    titles: tuple[str, ...] = field(default=(), repr=False)


def batched(rows: Iterable[SourceRow]) -> Iterator[list[SourceRow]]:
    """Yield rows in batches of BATCH_ROWS, the last one shorter."""
    source = iter(rows)
    while batch := _taken(source):
        yield batch


def _taken(rows: Iterator[SourceRow]) -> list[SourceRow]:
    """Take one batch. Rows are many and hold no cycles: to look for some among them takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return list(islice(rows, BATCH_ROWS))
    finally:
        if was_enabled:
            gc.enable()

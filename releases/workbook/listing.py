"""How is a table of a report set on a sheet of its own?

A title, two heading rows (Vietnamese, English) that stay in sight and are repeated on paper, one row per item, or one
line that says that there is none. A total row says TỔNG CỘNG.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from releases.workbook.report import ReportContent
from releases.workbook.sheets import (
    HEAD,
    HEAD_FILL,
    LINE_POINTS,
    QUIET_FILL,
    SUBTITLE,
    TITLE,
    Horizontal,
    Look,
    Value,
    fit_height,
    freeze_below,
    lines,
    open_sheet,
    put,
)
from releases.workbook.words import TOTAL

_HEAD_ENGLISH = Look(size=9, is_italic=True, align="center", has_box=True, fill=HEAD_FILL)
# A column as wide as 10 digits holds this many times 10 letters of a text of size 11.
_FIT = 1.15
_TITLE_ROW, _HEAD_ROW = 1, 4


@dataclass(frozen=True)
class Column:
    """One column of a listing: headings, width in characters, and how its values are set."""

    title_vi: str
    title_en: str
    width: float
    align: Horizontal = "left"
    number_format: str = ""


@dataclass(frozen=True)
class Cell:
    """A value that is set in its own way: another number format or fill than its column's."""

    value: Value
    number_format: str = ""
    fill: str = ""
    is_bold: bool = False


Row = Sequence[Value | Cell]


@dataclass(frozen=True)
class Listing:
    """A sheet that holds one table: its names, its columns and what it says when it is empty."""

    sheet: str
    title_vi: str
    title_en: str
    columns: Sequence[Column]
    when_empty: str
    is_landscape: bool = True
    # How many columns stay in sight when one scrolls to the right.
    fixed_columns: int = 1


@dataclass(frozen=True)
class Set:
    """A listing as it was set: where its first row stands, and the first row below it."""

    sheet: Worksheet
    first_row: int
    next_row: int


def add_listing(
    workbook: Workbook,
    listing: Listing,
    content: ReportContent,
    rows: Sequence[Row],
    footer: str,
    total: Sequence[Value] | None = None,
) -> Set:
    """Add the sheet of a listing; `total` are the values of a last row, of which the first stands under TỔNG CỘNG.

    Leading None values of the total are covered by its label.
    """
    columns = listing.columns
    widths = [column.width for column in columns]
    sheet = open_sheet(workbook, listing.sheet, widths, is_landscape=listing.is_landscape, footer=footer)
    title = f"{listing.title_vi.upper()} – {content.period_name_vi}"
    put(sheet, _TITLE_ROW, 1, title, TITLE, span=len(columns))
    subtitle = f"{listing.title_en} – {content.period_name_en}"
    put(sheet, _TITLE_ROW + 1, 1, subtitle, SUBTITLE, span=len(columns))
    fit_height(sheet, _TITLE_ROW, title, sum(widths) * 0.6, LINE_POINTS * 1.35)
    row = first = _put_heading(sheet, columns, listing.fixed_columns)
    for values in rows:
        _put_row(sheet, row, columns, values)
        row += 1
    if not rows:
        look = Look(is_italic=True, align="center", has_box=True)
        put(sheet, row, 1, listing.when_empty, look, span=len(columns))
        row += 1
    if total is not None and rows:
        _put_total(sheet, row, columns, total)
        row += 1
    return Set(sheet, first, row)


def _put_heading(sheet: Worksheet, columns: Sequence[Column], fixed_columns: int) -> int:
    row = _HEAD_ROW
    for index, column in enumerate(columns, start=1):
        put(sheet, row, index, column.title_vi, HEAD)
        put(sheet, row + 1, index, column.title_en, _HEAD_ENGLISH)
    sheet.row_dimensions[row].height = LINE_POINTS * max(lines(c.title_vi, c.width * 0.85) for c in columns) + 4
    sheet.row_dimensions[row + 1].height = 13 * max(lines(c.title_en, c.width) for c in columns) + 3
    freeze_below(sheet, row, row + 1, fixed_columns)
    return row + 2


def _put_row(sheet: Worksheet, row: int, columns: Sequence[Column], values: Row) -> None:
    tallest = 1
    for index, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
        cell = value if isinstance(value, Cell) else Cell(value)
        look = Look(
            size=11,
            is_bold=cell.is_bold,
            align=column.align,
            has_box=True,
            fill=cell.fill,
            number_format=cell.number_format or column.number_format,
        )
        put(sheet, row, index, cell.value, look)
        if isinstance(cell.value, str):
            tallest = max(tallest, lines(cell.value, column.width * _FIT))
    sheet.row_dimensions[row].height = LINE_POINTS * tallest + 3


def _put_total(sheet: Worksheet, row: int, columns: Sequence[Column], values: Sequence[Value]) -> None:
    span = next(index for index, value in enumerate(values) if value is not None)
    put(sheet, row, 1, TOTAL, Look(is_bold=True, align="center", has_box=True, fill=QUIET_FILL), span=span)
    for index in range(span, len(columns)):
        column = columns[index]
        look = Look(
            size=11,
            is_bold=True,
            align=column.align,
            has_box=True,
            fill=QUIET_FILL,
            number_format=column.number_format,
        )
        put(sheet, row, index + 1, values[index], look)
    sheet.row_dimensions[row].height = LINE_POINTS + 5

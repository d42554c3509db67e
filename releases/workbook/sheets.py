"""How does a sheet of a report look on the screen and on A4 paper?

Every value goes into its cell by its type; text goes through `write_text`, so that none of it runs.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from schemas.spreadsheet import write_text

Value = str | int | Decimal | date | None
Horizontal = Literal["left", "center", "right"]

COUNT_FORMAT = "#,##0"
SHARE_FORMAT = "0.00%"
DAY_FORMAT = "dd/mm/yyyy"
FRACTION_FORMAT = "#,##0.0##"

_FONT = "Times New Roman"
_A4 = 9
LINE_POINTS = 15.5
_THIN = Side(style="thin", color="FF404040")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_NAVY = "FF1F3864"
HEAD_FILL = "FFD9E2F3"
GOOD_FILL = "FFE2EFDA"
BAD_FILL = "FFFBE0DD"
WARN_FILL = "FFFFF2CC"
QUIET_FILL = "FFF2F2F2"


@dataclass(frozen=True)
class Look:
    """How one cell is set."""

    size: int = 12
    is_bold: bool = False
    is_italic: bool = False
    align: Horizontal = "left"
    has_box: bool = False
    fill: str = ""
    number_format: str = ""
    color: str = "FF000000"
    font: str = _FONT


TITLE = Look(size=15, is_bold=True, align="center", color=_NAVY)
SUBTITLE = Look(size=11, is_italic=True, align="center", color="FF595959")
HEAD = Look(size=11, is_bold=True, align="center", has_box=True, fill=HEAD_FILL)
NOTE = Look(size=10, is_italic=True)


def open_sheet(workbook: Workbook, name: str, widths: Sequence[float], *, is_landscape: bool, footer: str) -> Worksheet:
    """Add a sheet that prints on A4, one page wide; `footer` stands on every page beside the page number."""
    sheet: Worksheet = workbook.create_sheet(name)
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.6, 0.5, 0.6, 0.7
    page_footer = HeaderFooterItem()
    # An ampersand starts a code in a footer.
    page_footer.left.text, page_footer.left.size = footer.replace("&", "&&"), 8
    page_footer.right.text, page_footer.right.size = "Trang &P/&N", 8
    sheet.HeaderFooter.oddFooter = page_footer
    return sheet


def put(sheet: Worksheet, row: int, column: int, value: Value, look: Look, *, span: int = 1, rows: int = 1) -> None:
    """Set one cell, or a merged block `span` columns wide and `rows` high, to this value; no text leaves it blank."""
    last_row, last_column = row + rows - 1, column + span - 1
    style = _style_named(sheet, look, "" if isinstance(value, str) else look.number_format)
    for r in range(row, last_row + 1):
        for c in range(column, last_column + 1):
            sheet.cell(r, c).style = style
    cell = sheet.cell(row, column)
    if isinstance(value, str) and value:
        write_text(cell, value)
    elif not isinstance(value, str) and value is not None:
        cell.value = value
    if span > 1 or rows > 1:
        sheet.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=last_column)


def freeze_below(sheet: Worksheet, first_row: int, last_row: int, fixed_columns: int) -> None:
    """Keep rows up to `last_row` and the first columns in sight, and repeat the heading rows on every page."""
    sheet.freeze_panes = f"{get_column_letter(fixed_columns + 1)}{last_row + 1}"
    sheet.print_title_rows = f"{first_row}:{last_row}"


def fit_height(sheet: Worksheet, row: int, text: str, width: float, line_points: float = LINE_POINTS) -> None:
    """Make a row high enough for this text in this width: Excel does not do it for merged cells."""
    sheet.row_dimensions[row].height = line_points * lines(text, width) + 3


def lines(text: str, width: float) -> int:
    """Return on how many lines this text is set in a column of this width in characters."""
    return sum(max(1, math.ceil(len(part) / max(width - 2, 1))) for part in text.split("\n"))


def is_whole(value: Decimal) -> bool:
    """Tell whether a quantity has no fraction."""
    return value == value.to_integral_value()


def _style_named(sheet: Worksheet, look: Look, number_format: str) -> str:
    """Return the name of the workbook's style for this look, made where it is not there yet.

    Cells that look alike share one style: setting font, border and fill of each by itself takes most of the time that
    a workbook takes. Styles are hidden: nobody need choose among them.
    """
    words = (look.font, look.size, "bold" if look.is_bold else "", "italic" if look.is_italic else "", look.align,
             "box" if look.has_box else "", look.fill, look.color, number_format)  # fmt: skip
    name = " ".join(str(word) for word in words if word)
    workbook = sheet.parent
    if workbook is None:
        raise TypeError(f"{sheet.title} stands in no workbook")
    if name not in workbook.named_styles:
        indent = 1 if look.has_box and look.align != "center" else 0
        style = NamedStyle(
            name,
            Font(name=look.font, size=look.size, bold=look.is_bold, italic=look.is_italic, color=look.color),
            PatternFill("solid", fgColor=look.fill) if look.fill else None,
            _BOX if look.has_box else None,
            Alignment(horizontal=look.align, vertical="center", wrap_text=True, indent=indent),
            number_format or "General",
            hidden=True,
        )
        workbook.add_named_style(style)
    return name

"""How does a sheet of the report template look, whatever it asks for?"""

import math
from collections.abc import Iterable
from typing import Literal

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from schemas.spreadsheet import write_text
from sources.templates.checks import INCOMPLETE, OK, RECHECK

HEADING_ROW = 4
FONT = "Calibri"
# Points that a line of text takes, and what a row adds.
_LINE, _ROW = 15.0, 5.0
# Words do not break: a line holds less than its width.
_WIDENED = 1.15
INK, SOFT = "FF1F3864", "FF7F7F7F"
_THIN = Side(style="thin", color="FF9AA5B1")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
TITLE_FILL = PatternFill("solid", fgColor=INK)
HEADING_FILL = PatternFill("solid", fgColor="FFDCE6F1")
INPUT_FILL = PatternFill("solid", fgColor="FFFFF9E5")
WRAP = Alignment(wrap_text=True, vertical="center")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
OPEN = Protection(locked=False)
# Green, amber and red of a check: fill and letters.
_COLOURS = {OK: ("FFE2F0D9", "FF375623"), INCOMPLETE: ("FFFFF2CC", "FF7F6000"), RECHECK: ("FFF8CBAD", "FF9C0006")}


def letters(
    *, bold: bool = False, italic: bool = False, size: int = 11, color: str | None = None, underlined: bool = False
) -> Font:
    """Return the one typeface of the template in this form."""
    return Font(FONT, size, bold, italic, color=color, underline="single" if underlined else None)


def fit_height(sheet: Worksheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as the longest of its texts needs in a column of its width (in characters)."""
    lines = max(math.ceil(len(text) * _WIDENED / width) for text, width in texts)
    sheet.row_dimensions[row].height = _ROW + _LINE * max(lines, 1)


def fill_headings(
    sheet: Worksheet, title: str, subtitle: str, headings: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    """Write title, subtitle and heading row, and set the sheet up for print."""
    write_text(sheet.cell(1, 1), title)
    write_text(sheet.cell(2, 1), subtitle)
    sheet.cell(1, 1).font = letters(bold=True, size=14, color=INK)
    sheet.cell(2, 1).font = letters(color=SOFT)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = sheet.cell(HEADING_ROW, column)
        write_text(cell, heading)
        cell.font, cell.fill, cell.border, cell.alignment = letters(bold=True), HEADING_FILL, BOX, CENTRED
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[HEADING_ROW].height = 32
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    set_up_page(sheet, "landscape")


def set_up_page(sheet: Worksheet, orientation: Literal["portrait", "landscape"]) -> None:
    """Fit the sheet's width on A4, with page numbers."""
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = HeaderFooterItem()
    footer.right.text, footer.right.size = "Trang &P/&N", 8
    sheet.HeaderFooter.oddFooter = footer
    sheet.sheet_view.showGridLines = False


def name_place(workbook: Workbook, name: str, sheet: Worksheet, reference: str) -> None:
    """Give a cell or range of a sheet, written with dollars, a name in the workbook."""
    workbook.defined_names[name] = DefinedName(name, attr_text=f"'{sheet.title}'!{reference}")


def colour_checks(sheet: Worksheet, first: str, last: str) -> None:
    """Let the checks in a range of cells show their verdict by colour as well."""
    for verdict, (fill, ink) in _COLOURS.items():
        condition = f'LEFT({first},{len(verdict)})="{verdict}"'
        style = DifferentialStyle(font=Font(color=ink), fill=PatternFill("solid", bgColor=fill))
        rule = Rule(type="expression", dxf=style, formula=[condition])
        sheet.conditional_formatting.add(f"{first}:{last}", rule)


def list_validation(choices: tuple[str, ...]) -> DataValidation:
    """Return a validation that offers these choices and nothing else."""
    return DataValidation(
        type="list",
        formula1=f'"{",".join(choices)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Giá trị không hợp lệ",
        error=f"Chọn một trong: {', '.join(choices)}.",
    )

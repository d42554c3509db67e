"""How does a sheet of the report template look, whatever it asks for?"""

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from schemas.spreadsheet import write_text

HEADING_ROW = 4
_THIN = Side(style="thin", color="FF9AA5B1")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
HEADING_FILL = PatternFill("solid", fgColor="FFDCE6F1")
INPUT_FILL = PatternFill("solid", fgColor="FFFFF9E5")
WRAP = Alignment(wrap_text=True, vertical="center")
OPEN = Protection(locked=False)


def fill_headings(
    sheet: Worksheet, title: str, subtitle: str, headings: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    """Write title, subtitle and heading row, and set the sheet up for print."""
    write_text(sheet.cell(1, 1), title)
    write_text(sheet.cell(2, 1), subtitle)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = sheet.cell(HEADING_ROW, column)
        write_text(cell, heading)
        cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), HEADING_FILL, BOX, WRAP
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


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

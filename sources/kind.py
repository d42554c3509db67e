"""Which kind of file is this?"""

from collections.abc import Container
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from sources.templates.titles import IDENTITY_SHEET, ITEM_SHEET


def sheet_titles(path: Path) -> tuple[str, ...]:
    """Return the titles of a workbook's sheets in their order; none of a file that is no workbook."""
    try:
        sheets = CalamineWorkbook.from_path(str(path)).sheets_metadata
    except (CalamineError, OSError):
        return ()
    return tuple(sheet.name for sheet in sheets if sheet.typ is SheetTypeEnum.WorkSheet)


def is_report_template(titles: Container[str]) -> bool:
    """Tell whether a workbook is a unit report: it has the template's identity sheet, or at least its data sheet."""
    return IDENTITY_SHEET in titles or ITEM_SHEET in titles

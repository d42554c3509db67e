"""Which kind of file is this?"""

from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from sources.templates.template import IDENTITY_SHEET, ITEM_SHEET


def is_report_template(path: Path) -> bool:
    """Tell whether a workbook is a unit report: it has the template's identity sheet, or at least its data sheet."""
    try:
        names = CalamineWorkbook.from_path(str(path)).sheet_names
    except (CalamineError, OSError):
        return False
    return IDENTITY_SHEET in names or ITEM_SHEET in names

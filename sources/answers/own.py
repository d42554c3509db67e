"""How does a sender's own workbook become its answer: the same workbook, with marked cells and a first sheet?

Formulas stay formulas and text stays text: text that looks like a formula gets Excel's own text mark. What an earlier
answer marked is unmarked first, since senders correct the answer itself and send it back.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import TYPE_STRING, Cell, MergedCell
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from schemas.spreadsheet import starts_formula
from sources.answers.listing import TITLE, AnswerHead, Target, fill_list
from sources.answers.marks import mark, unmark
from sources.answers.parts import lost_parts
from sources.answers.words import AnswerLine
from sources.files.workbook import ANSWER_SHEET
from sources.reports.layout import UNREADABLE
from sources.templates.sheet import INPUT_FILL

# What is larger unpacked is answered as a table: opening it whole would take more memory than an office machine has.
_MOST_BYTES = 64 * 1024 * 1024
_LOST = "Bản trả lời không giữ được (tệp gốc vẫn còn nguyên) / not kept in this answer: {}"


def own_workbook(
    content: bytes, head: AnswerHead, lines: Sequence[AnswerLine], columns: Mapping[str, int]
) -> Workbook | None:
    """Return the sender's workbook marked; None where it cannot be opened, or is too large to be.

    `columns` gives the position (from 0) of each column by its name in the findings, for findings without a cell.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                return None
            lost = lost_parts(archive)
        workbook = load_workbook(io.BytesIO(content), rich_text=True)
    except UNREADABLE:
        return None
    if ANSWER_SHEET in workbook.sheetnames and workbook[ANSWER_SHEET]["A1"].value == TITLE:
        workbook.remove(workbook[ANSWER_SHEET])
    for sheet in workbook.worksheets:
        _make_safe(sheet)
    targets: dict[int, Target] = {}
    marked: dict[tuple[str, str], list[AnswerLine]] = {}
    for number, line in enumerate(lines):
        found = workbook[line.sheet] if line.sheet in workbook.sheetnames else None
        if isinstance(found, Worksheet):
            place = _place(found, line, columns)
            targets[number] = Target(found.title, place or "A1")
            if place is not None:
                marked.setdefault((found.title, place), []).append(line)
    for (title, place), its_lines in marked.items():
        cell = workbook[title][place]
        if isinstance(cell, Cell):
            mark(cell, its_lines)
    notes = [_LOST.format("; ".join(lost))] if lost else []
    listed = workbook.create_sheet(ANSWER_SHEET, 0)
    fill_list(listed, head, lines, targets, notes)
    workbook.active = 0
    for number, sheet in enumerate(workbook.worksheets):
        sheet.sheet_view.tabSelected = number == 0
    return workbook


def _make_safe(sheet: Worksheet) -> None:
    """Mark text that looks like a formula as text, and take off what an earlier answer put on."""
    for cell in list(sheet._cells.values()):
        if not isinstance(cell, Cell):
            continue
        if cell.data_type == TYPE_STRING and starts_formula(str(cell.value)):
            cell.quotePrefix = True
        unmark(cell, PatternFill() if cell.protection.locked else INPUT_FILL)


def _place(sheet: Worksheet, line: AnswerLine, columns: Mapping[str, int]) -> str | None:
    """Return the cell to mark: the finding's own, that of its row and column, or the first filled one of its row."""
    if line.cell is not None:
        return _first_of_merged(sheet, line.cell)
    if line.row is None:
        return None
    column = columns.get(line.column_name or "")
    if column is not None:
        return _first_of_merged(sheet, f"{get_column_letter(column + 1)}{line.row}")
    filled = (cell.coordinate for cell in sheet[line.row] if isinstance(cell, Cell) and cell.value is not None)
    return _first_of_merged(sheet, next(filled, f"A{line.row}"))


def _first_of_merged(sheet: Worksheet, place: str) -> str:
    """Return the cell that shows at a place: inside a merged range that is its first one."""
    if isinstance(sheet[place], MergedCell):
        row, column = coordinate_to_tuple(place)
        for one in sheet.merged_cells.ranges:
            if one.min_row <= row <= one.max_row and one.min_col <= column <= one.max_col:
                return f"{get_column_letter(one.min_col)}{one.min_row}"
    return place

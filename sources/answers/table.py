"""How does a table that came in no workbook of its own (CSV and the like) become an answer that one can mark?

A new workbook holds the same table as text, each row in the row of its number in the file, so that a finding's line is
the sheet's row. Rows pass by one at a time: memory does not grow with the file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from schemas.spreadsheet import write_text
from sources.answers.listing import AnswerHead, Target, fill_list, sheet_title
from sources.answers.marks import mark
from sources.answers.words import AnswerLine
from sources.files.workbook import ANSWER_SHEET
from sources.templates.sheet import set_up_page

_WIDTH = 22
_MOST_COMMENTS = 5_000
_UNREAD = "Nội dung tệp không đọc được nên không có bảng kèm theo / the file could not be read: no table follows"
_MANY = f"Chỉ {_MOST_COMMENTS} ô đầu có ghi chú và màu / only the first {_MOST_COMMENTS} cells are marked"


@dataclass(frozen=True)
class AnswerTable:
    """The rows of a file, each with its number, and the position (from 0) of each column by its name in findings."""

    title: str
    rows: Iterable[tuple[int, Sequence[str]]] = field(repr=False)
    columns: Mapping[str, int]


def table_workbook(table: AnswerTable | None, head: AnswerHead, lines: Sequence[AnswerLine]) -> Workbook:
    """Return a new workbook: the list of findings, then the table with its cells marked."""
    workbook = Workbook(write_only=True)
    listed = _sheet(workbook, ANSWER_SHEET)
    if table is None:
        fill_list(listed, head, lines, {}, [_UNREAD])
        return workbook
    title = sheet_title(table.title)
    marked: dict[int, dict[int, list[AnswerLine]]] = {}
    targets: dict[int, Target] = {}
    count = 0
    for number, line in enumerate(lines):
        column = table.columns.get(line.column_name or "", 0)
        if line.row is None:
            targets[number] = Target(title, "A1")
            continue
        targets[number] = Target(title, f"{get_column_letter(column + 1)}{line.row}")
        if count < _MOST_COMMENTS:
            marked.setdefault(line.row, {}).setdefault(column, []).append(line)
            count += 1
    fill_list(listed, head, lines, targets, [_MANY] if count == _MOST_COMMENTS else [])
    sheet = _sheet(workbook, title)
    set_up_page(sheet, "landscape")
    for column in range(1, 1 + max(table.columns.values(), default=0) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    written = 0
    for number, texts in table.rows:
        for _ in range(written + 1, number):
            sheet.append([])
        its_marks = marked.get(number, {})
        width = max(len(texts), 1 + max(its_marks, default=-1))
        sheet.append([_cell(sheet, texts, column, its_marks.get(column)) for column in range(width)])
        written = max(written, number)
    return workbook


def _sheet(workbook: Workbook, title: str) -> Worksheet:
    """Add a sheet that is written row by row: all that is asked of it here works as with any other sheet."""
    return cast("Worksheet", workbook.create_sheet(title))


def _cell(sheet: Worksheet, texts: Sequence[str], column: int, lines: Sequence[AnswerLine] | None) -> Cell | None:
    text = texts[column] if column < len(texts) else ""
    if not text and not lines:
        return None
    cell: Cell = WriteOnlyCell(sheet)
    if text:
        write_text(cell, text)
    if lines:
        mark(cell, lines)
    return cell

"""What does the first sheet of an answer say?

Whose file it is, what to do, and every finding with a link to its cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from schemas.spreadsheet import write_text
from sources.answers.marks import FILLS
from sources.answers.words import SEVERITIES, AnswerLine
from sources.templates.sheet import BOX, FONT, HEADING_FILL, INK, SOFT, WRAP, set_up_page

TITLE = "PHÁT HIỆN TRONG TỆP ĐÃ GỬI"
_COLUMNS = (
    ("TT", 5), ("Mức", 16), ("Trang", 14), ("Ô, dòng", 11), ("Cột", 20), ("Nội dung", 52), ("Cần ghi", 34),
    ("Cách sửa", 40), ("Quy tắc", 9), ("In English", 46),
)  # fmt: skip
_LINK_COLUMN = 4
# Where the table begins if there are no notes above it.
_HEADING_ROW = 8
_RETURNED = "Tệp bị trả lại: sửa các ô được đánh dấu ngay trong tệp này (hoặc tệp gốc), rồi gửi lại cả tệp."
_KEPT = "Tệp đã được nhận. Những chỗ dưới đây cần sửa rồi gửi lại, hoặc giải trình."
_ENGLISH = "Mend the marked cells, here or in the original, and send the whole file again."
_LEGEND = "Màu: cam = phải sửa; vàng = kiểm tra lại, giải trình; xanh = lưu ý. Di chuột vào ô để đọc ghi chú."


@dataclass(frozen=True)
class AnswerHead:
    """Which submission is answered: number, the file's own name, unit and period as far as known, and its fate."""

    number: str
    file_name: str
    unit_name: str
    period_name: str
    received_on: date
    is_rejected: bool


@dataclass(frozen=True)
class Target:
    """Where a finding's link leads: a cell of a sheet."""

    sheet: str
    coordinate: str


def fill_list(
    sheet: Worksheet,
    head: AnswerHead,
    lines: Sequence[AnswerLine],
    targets: Mapping[int, Target],
    notes: Sequence[str],
) -> None:
    """Write the first sheet; `targets` gives, by position in `lines`, the cell that a line links to."""
    for number, (_, width) in enumerate(_COLUMNS):
        sheet.column_dimensions["ABCDEFGHIJ"[number]].width = width
    set_up_page(sheet, "landscape")
    heading_row = _HEADING_ROW + len(notes)
    sheet.freeze_panes = f"A{heading_row + 1}"
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    about = " · ".join(part for part in (head.unit_name, head.period_name, f"nhận {head.received_on:%d/%m/%Y}") if part)
    sheet.append([_cell(sheet, TITLE, font=Font(FONT, 14, True, color=INK))])
    sheet.append([_cell(sheet, f"{head.number} · {head.file_name}", font=Font(FONT, 11, True))])
    sheet.append([_cell(sheet, about)])
    sheet.append([_cell(sheet, _RETURNED if head.is_rejected else _KEPT, font=Font(FONT, 11, True))])
    sheet.append([_cell(sheet, _ENGLISH, font=Font(FONT, 9, italic=True, color=SOFT))])
    sheet.append([_cell(sheet, _LEGEND, font=Font(FONT, 9, color=SOFT))])
    for note in notes:
        sheet.append([_cell(sheet, note, font=Font(FONT, 11, True, color="FF9C0006"))])
    sheet.append([])
    heading = [_cell(sheet, name, font=Font(FONT, 11, True), fill=HEADING_FILL, boxed=True) for name, _ in _COLUMNS]
    sheet.append(heading)
    for number, line in enumerate(lines, start=1):
        sheet.append(_line_cells(sheet, heading_row + number, number, line, targets.get(number - 1)))


def _line_cells(sheet: Worksheet, row: int, number: int, line: AnswerLine, target: Target | None) -> list[Cell]:
    place = line.cell or (target.coordinate if target and line.row else "") or (f"dòng {line.row}" if line.row else "")
    texts = (
        str(number), SEVERITIES[line.severity], line.sheet or "", place or ("→" if target else ""),
        line.column_name or "", line.said_vi, line.expected_vi, line.mend_vi, line.rule_id, line.message_en,
    )  # fmt: skip
    cells = [_cell(sheet, text, boxed=True) for text in texts]
    cells[1].fill = FILLS[line.severity]
    cells[-1].font = Font(FONT, 9, italic=True, color=SOFT)
    if target is not None:
        link = cells[_LINK_COLUMN - 1]
        quoted = target.sheet.replace("'", "''")
        link.hyperlink = Hyperlink(ref="", location=f"'{quoted}'!{target.coordinate}")
        # Setting the link puts it at the cell's present place; a cell that is appended gets its own afterwards.
        link.hyperlink.ref = f"D{row}"
        link.font = Font(FONT, 11, underline="single", color="FF0563C1")
    lines = max(-(-len(text) * 5 // (4 * width)) for text, (_, width) in zip(texts, _COLUMNS, strict=True))
    sheet.row_dimensions[row].height = 5 + 15 * max(1, lines)
    return cells


def _cell(
    sheet: Worksheet, text: str, *, font: Font | None = None, fill: PatternFill | None = None, boxed: bool = False
) -> Cell:
    cell: Cell = WriteOnlyCell(sheet)
    if text:
        write_text(cell, text)
    cell.font = font or Font(FONT, 11)
    cell.alignment = WRAP if boxed else Alignment(vertical="center")
    if boxed:
        cell.border = BOX
    if fill is not None:
        cell.fill = fill
    return cell


def sheet_title(text: str) -> str:
    """Return a text as the title of a sheet may be: without the signs that Excel forbids, at most 31 characters."""
    return INVALID_TITLE_REGEX.sub(" ", text)[:31] or "Bảng"

"""Cases of the rules over what a log's workbook itself is."""

from collections.abc import Callable
from pathlib import Path

from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.office import ReadLog
from tests.support.rule_cases.base import Case, Evaluate, Seen
from tests.support.workbooks import HEADER_ROW, SHEET, log_cells, log_xlsx, ods_of, with_part, xlsx_of

NOTE_CELL = f"I{HEADER_ROW + 1}"
LINK_RELATIONS_NAME = "xl/externalLinks/_rels/externalLink1.xml.rels"
LINK_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="externalLinkPath" Target="file:///C:/so-goc.xlsx" TargetMode="External"/>'
    b"</Relationships>"
)


def read_workbook(content: bytes, suffix: str = ".xlsx", name: str = "so") -> Evaluate:
    """Evaluate the rules of one log that is a workbook."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        one = ReadLog(folder, content, f"{name}{suffix}")
        return Seen(frozenset(one.rules), frozenset(one.outcomes(rule_id)))

    return evaluate


def altered(alter: Callable[[Worksheet], object]) -> Case:
    return Case(read_workbook(log_xlsx(alter)), read_workbook(log_xlsx()))


def hide_row(sheet: Worksheet) -> None:
    sheet.row_dimensions[HEADER_ROW + 1].hidden = True


def write_error(sheet: Worksheet) -> None:
    sheet[NOTE_CELL].value = "#N/A"


def write_formula(sheet: Worksheet) -> None:
    sheet[NOTE_CELL].value = "=1+1"


def write_tcvn3(sheet: Worksheet) -> None:
    sheet[NOTE_CELL].value = "§· tr¶ kÕt qu¶"
    sheet[NOTE_CELL].font = Font(name=".VnTime")


def merge_notes(sheet: Worksheet) -> None:
    sheet[NOTE_CELL].value = "Chung"
    sheet.merge_cells(f"{NOTE_CELL}:I{HEADER_ROW + 2}")


def sheets(*names: str, hidden: str = "") -> bytes:
    def hide(book: object) -> None:
        if hidden:
            book[hidden].sheet_state = "hidden"  # type: ignore[index]

    return xlsx_of({SHEET: log_cells(), **{name: log_cells() for name in names}}, hide)


SOUND = read_workbook(log_xlsx())
CASES: dict[str, Case] = {
    "D050": altered(hide_row),
    "D051": Case(read_workbook(sheets("Nháp", hidden="Nháp")), SOUND),
    "D052": Case(read_workbook(sheets("Tháng 2")), SOUND),
    "D053": Case(read_workbook(with_part(log_xlsx(), LINK_RELATIONS_NAME, LINK_RELATIONS)), SOUND),
    "D054": Case(read_workbook(with_part(log_xlsx(), "xl/vbaProject.bin", b"x"), ".xlsm"), SOUND),
    "D055": altered(write_error),
    "D056": altered(write_formula),
    "D057": altered(write_tcvn3),
    "D058": altered(merge_notes),
    "D059": Case(read_workbook(ods_of(log_cells(), [".VnTime"]), ".ods"), read_workbook(ods_of(log_cells()), ".ods")),
    "D080": Case(
        read_workbook(log_xlsx(), name="Sổ hồ sơ Quý II năm 2022"),
        read_workbook(log_xlsx(), name="Sổ hồ sơ Quý I-2022"),
    ),
}

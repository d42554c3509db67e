"""The report opens in LibreOffice without repair, prints whole on its pages, and its totals come out the same there."""

import re
import shutil
import subprocess
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from releases.workbook.workbook import SHEETS, report_workbook
from tests.support.sample_report import sample_report

SOFFICE = shutil.which("soffice")
PDFTOTEXT = shutil.which("pdftotext")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="soffice (LibreOffice) is not on this machine")
# Where the totals are: the sheet, the first column that is added up, and the first row below the headings.
TOTALS = (("II.06a", 3, 12), ("II.06b", 3, 12), ("Tổng hợp nhiệm vụ", 3, 6))


def convert(source: Path, kind: str, folder: Path) -> Path:
    """Let LibreOffice convert a file, with a profile of its own."""
    out = folder / "out"
    profile = (folder / "profile").as_uri()
    command = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    done = subprocess.run(
        [*command, "--convert-to", kind, "--outdir", str(out), str(source)],
        capture_output=True,
        timeout=240,
        check=False,
        text=True,
    )
    target = out / f"{source.stem}.{kind}"
    assert target.is_file(), done.stdout + done.stderr
    return target


def report_file(folder: Path) -> Path:
    path = folder / "report.xlsx"
    path.write_bytes(report_workbook(sample_report()))
    return path


def pages_of(pdf: Path) -> list[str]:
    """Return the text of every page."""
    done = subprocess.run([str(PDFTOTEXT), "-layout", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def shows(page: str, value: object) -> bool:
    """Tell whether every word of a text stands on a page whose spaces were taken out."""
    return not isinstance(value, str) or all(word in page for word in re.findall(r"\w+", value))


def plain(value: object) -> object:
    """Bring a value of either workbook to one form."""
    match value:
        case datetime():
            return value.replace(microsecond=0)
        case int() | float() | Decimal():
            return round(float(value), 9)
        case _:
            return value


def by_sheet(pages: list[str], titles: dict[str, str]) -> dict[str, list[str]]:
    """Return the pages of each sheet, spaces taken out; a sheet begins on the page that bears its title."""
    found: dict[str, list[str]] = {}
    current = next(iter(titles))
    for page in map(squeezed, pages):
        current = next((name for name, title in titles.items() if page.startswith(squeezed(title))), current)
        found.setdefault(current, []).append(page)
    return found


@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext (poppler-utils) is not on this machine")
def test_every_page_shows_every_column_and_none_is_empty(tmp_path: Path) -> None:
    source = report_file(tmp_path)
    pages = pages_of(convert(source, "pdf", tmp_path))
    assert len(SHEETS) <= len(pages) <= 45
    for number, page in enumerate(pages, start=1):
        # A page that only holds the footer would be the rest of a table that is cut at the right.
        assert len(squeezed(page)) > 150, f"page {number} is nearly empty"
        assert f"Trang{number}/{len(pages)}" in squeezed(page)
    workbook = openpyxl.load_workbook(source)
    titles = {sheet.title: str(sheet["A1"].value or sheet["A2"].value) for sheet in workbook.worksheets}
    printed = by_sheet(pages, titles)
    assert list(printed) == list(SHEETS)
    for sheet in workbook.worksheets:
        first, last = (int(row) for row in (sheet.print_title_rows or "1:2").replace("$", "").split(":"))
        headings = [cell for row in sheet.iter_rows(min_row=first, max_row=last) for cell in row]
        for page in printed[sheet.title]:
            assert [cell.coordinate for cell in headings if not shows(page, cell.value)] == [], sheet.title
        whole = "".join(printed[sheet.title])
        at_the_edge = [row[-1] for row in sheet.iter_rows(min_row=last + 1)]
        assert [cell.coordinate for cell in at_the_edge if not shows(whole, cell.value)] == [], sheet.title


def test_libreoffice_reads_every_cell_as_we_wrote_it(tmp_path: Path) -> None:
    source = report_file(tmp_path)
    ours, theirs = openpyxl.load_workbook(source), openpyxl.load_workbook(convert(source, "xlsx", tmp_path))
    assert theirs.sheetnames == ours.sheetnames
    for sheet in ours.worksheets:
        read = theirs[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value not in (None, ""):
                    found = read[cell.coordinate].value
                    assert plain(found) == plain(cell.value), f"{sheet.title}!{cell.coordinate}"
        assert read.print_title_rows == sheet.print_title_rows


def test_libreoffice_keeps_the_charts(tmp_path: Path) -> None:
    source = report_file(tmp_path)
    theirs = openpyxl.load_workbook(convert(source, "xlsx", tmp_path))
    drawn = [sheet.title for sheet in theirs.worksheets if getattr(sheet, "_charts")]  # noqa: B009
    assert drawn == ["Biểu đồ đơn vị", "Biểu đồ diễn biến", "Biểu đồ Pareto"]


def total_row(sheet: Worksheet) -> tuple[Cell, ...]:
    return next(row for row in sheet.iter_rows() if row[0].value == "TỔNG CỘNG")  # type: ignore[return-value]


def test_totals_recomputed_by_libreoffice_equal_ours(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(report_file(tmp_path))
    ours: dict[str, list[object]] = {}
    for name, first_column, first_row in TOTALS:
        total = total_row(workbook[name])
        counted = total[first_column - 1 :]
        ours[name] = [cell.value for cell in counted if cell.value is not None]
        for cell in counted:
            letter = get_column_letter(cell.column)
            cell.value = f"=SUM({letter}{first_row}:{letter}{cell.row - 1})"
    recomputed = tmp_path / "recomputed.xlsx"
    workbook.save(recomputed)
    theirs = openpyxl.load_workbook(convert(recomputed, "xlsx", tmp_path), data_only=True)
    for name, first_column, _ in TOTALS:
        found = [cell.value for cell in total_row(theirs[name])[first_column - 1 :] if cell.value is not None]
        assert found == ours[name], name
        assert any(ours[name])

"""No cell that we write runs, and the same workbook gives the same bytes."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.cell import Cell

from releases.datasets import csv_bytes
from schemas.spreadsheet import safe_text, stable_bytes, starts_formula, write_text

CHECKOUT = Path(__file__).parents[2]
PAYLOADS = CHECKOUT.parent / "shared" / "data" / "hostile" / "csv_injection_payloads.txt"
DISGUISED = (
    "=1+1", "+1", "-1", "@SUM(1)", " =1", "\t=1", "\r=1", "\x00=1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋1",
    "－1", "＠A1", "\u3000＝1", "\n=1",
)  # fmt: skip
AT = datetime(2022, 3, 16, 8, 30, tzinfo=UTC)


def hostile_values() -> list[str]:
    if not PAYLOADS.exists():
        pytest.skip(f"{PAYLOADS} is not on this machine")
    values = PAYLOADS.read_text(encoding="utf-8").splitlines()
    assert values
    return values


def first_cell(content: bytes) -> Cell:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cell = sheet.cell(1, 1)
    assert isinstance(cell, Cell)
    return cell


def written(value: str) -> Cell:
    workbook = openpyxl.Workbook()
    cell = workbook.worksheets[0].cell(1, 1)
    write_text(cell, value)
    return first_cell(stable_bytes(workbook, AT))


def test_no_hostile_payload_starts_a_formula_in_a_csv() -> None:
    for value in hostile_values():
        lines = csv_bytes(pa.table({"text": [value]})).decode("utf-8-sig").split("\r\n")
        assert lines[1].lstrip('"')[:1] not in tuple("=+-@"), value


def test_no_hostile_payload_starts_a_formula_in_a_workbook() -> None:
    for value in hostile_values():
        cell = written(value)
        assert (cell.data_type, cell.value) == ("s", value)


@pytest.mark.parametrize("value", DISGUISED)
def test_a_disguised_formula_is_marked_as_text_in_a_csv(value: str) -> None:
    assert safe_text(value).startswith("'")


@pytest.mark.parametrize("value", DISGUISED)
def test_a_disguised_formula_is_marked_as_text_in_a_workbook(value: str) -> None:
    cell = written(value)
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("value", ["Di sản văn hóa", "1.003654", "H32.15-220105-0001", "a=b", "", "'đã có dấu nháy"])
def test_ordinary_text_is_not_touched(value: str) -> None:
    assert not starts_formula(value)
    assert safe_text(value) == value


def test_a_formula_hidden_behind_a_semicolon_is_disarmed() -> None:
    assert safe_text('ghi chú; "=cmd|x') == "ghi chú; \"'=cmd|x"


def test_a_csv_cell_keeps_no_control_character() -> None:
    assert safe_text("a\x00b\x1b[31m\r\nc\td\x7f") == "ab[31m c d"


@pytest.mark.parametrize("value", ["#N/A", "#REF!", "TRUE", "44635"])
def test_text_that_openpyxl_takes_for_something_else_stays_text(value: str) -> None:
    cell = written(value)
    assert (cell.data_type, cell.value) == ("s", value)


def test_characters_that_xml_cannot_hold_do_not_break_the_workbook() -> None:
    assert written("a\x0bb\ud800c\uffffd\ne").value == "abcd\ne"


def test_text_inside_a_merged_range_is_refused_and_not_lost() -> None:
    sheet = openpyxl.Workbook().worksheets[0]
    sheet.merge_cells("A1:B1")
    with pytest.raises(TypeError, match="B1"):
        write_text(sheet.cell(1, 2), "mất")


def test_the_workbook_carries_the_stated_moment_in_utc() -> None:
    local = datetime(2022, 3, 16, 15, 30, tzinfo=timezone(timedelta(hours=7)))
    content = stable_bytes(openpyxl.Workbook(), local)
    properties = openpyxl.load_workbook(io.BytesIO(content)).properties
    assert (properties.created, properties.modified) == (datetime(2022, 3, 16, 8, 30), datetime(2022, 3, 16, 8, 30))


def test_the_archive_holds_no_clock_and_one_order() -> None:
    with zipfile.ZipFile(io.BytesIO(stable_bytes(openpyxl.Workbook(), AT))) as archive:
        names = archive.namelist()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == ["[Content_Types].xml", *sorted(set(names) - {"[Content_Types].xml"})]


def test_two_processes_write_the_same_bytes() -> None:
    script = (
        "import sys, hashlib, openpyxl; from datetime import datetime; from schemas.spreadsheet import stable_bytes;"
        "w = openpyxl.Workbook(); w.worksheets[0].append(['Quý I', 12.5]);"
        "sys.stdout.write(hashlib.sha256(stable_bytes(w, datetime(2022, 3, 16))).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Ho_Chi_Minh"))
    }
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["Quý I", 12.5])
    assert digests == {hashlib.sha256(stable_bytes(workbook, datetime(2022, 3, 16))).hexdigest().encode()}

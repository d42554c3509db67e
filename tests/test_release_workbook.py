"""The report prints what was measured, runs nothing, and is the same file every time."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.worksheet.worksheet import Worksheet

from releases.report import FormRow, IndicatorRow, NonconformityRow, ReportContent, ReportingRow
from releases.workbook import NONCONFORMITY_STATE_VI, report_workbook

PAYLOADS = Path(__file__).parents[2] / "shared" / "data" / "hostile" / "csv_injection_payloads.txt"
SHEETS = ["Bìa", "Mục lục", "Ghi chú", "II.06a", "Chỉ tiêu", "Tình hình gửi báo cáo", "Điểm không phù hợp"]
HEAD = "5e" * 32
# The real receipt log's first quarter.
Q1 = (533, 243, 75, 215, 279, 201, 17, 61, 254, 217, 37)
MISSED = IndicatorRow(
    "I.2a", "Không có hồ sơ trễ hạn", "No overdue dossier", Decimal(61), Decimal(279), Decimal(61) / Decimal(279),
    "= 0%", "missed", threshold=Decimal(0),
)  # fmt: skip
NO_CASES = IndicatorRow("I.2b", "Tích hợp", "Integrated", Decimal(0), Decimal(0), None, "100%", "no_cases")
NO_DATA = IndicatorRow("I.4", "Đạt chuẩn", "Meets the standard", None, None, None, "≥ 97%", "no_data")


def content(text: str = "Đơn vị thử nghiệm") -> ReportContent:
    """A small report; `text` stands in every place that a file or a person may fill."""
    day = date(2022, 3, 14)
    return ReportContent(
        department_vi=text,
        department_en=text,
        title_vi=text,
        period_name_vi="Quý I năm 2022",
        period_name_en="Quarter 1 of 2022",
        first_day=date(2021, 12, 15),
        last_day=day,
        version=1,
        ledger_size=42,
        ledger_head=HEAD,
        published_at=datetime(2022, 3, 16, 8, 30, tzinfo=timezone(timedelta(hours=7))),
        requested_by=text,
        approved_by=text,
        notes=((text, text),),
        form_rows=(FormRow(text, *Q1), FormRow("TỔNG CỘNG", *Q1, is_total=True)),
        indicators=(replace(MISSED, name_vi=text, threshold_text=text), NO_CASES, NO_DATA),
        reporting=(ReportingRow(text, text, day, None, day, "missing", text),),
        nonconformities=(NonconformityRow(text, text, text, text, "major", "open", day, 279, 61),),
    )


def opened(report: ReportContent) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(report_workbook(report)))


def rows_of(sheet: Worksheet) -> Iterator[list[object]]:
    for row in sheet.iter_rows(values_only=True):
        yield [value for value in row if value is not None]


def charts_of(sheet: Worksheet) -> list[BarChart]:
    return list(getattr(sheet, "_charts"))  # noqa: B009  openpyxl has no public list of charts


def row_with(sheet: Worksheet, value: object) -> list[object]:
    return next(row for row in rows_of(sheet) if value in row)


def test_the_same_content_gives_the_same_bytes() -> None:
    assert report_workbook(content()) == report_workbook(content())


def test_the_document_times_are_those_of_the_publication() -> None:
    properties = opened(content()).properties
    assert properties.created == properties.modified == datetime(2022, 3, 16, 1, 30, tzinfo=UTC).replace(tzinfo=None)


def test_it_has_the_sheets_and_the_contents_link_to_each_of_them() -> None:
    workbook = opened(content())
    assert workbook.sheetnames == SHEETS
    links = [cell.hyperlink for row in workbook["Mục lục"].iter_rows() for cell in row if cell.hyperlink is not None]
    assert [link.location for link in links] == [f"'{name}'!A1" for name in SHEETS if name != "Mục lục"]


def test_the_cover_prints_what_ties_it_to_the_ledger() -> None:
    rows = list(rows_of(opened(content())["Bìa"]))
    printed = [value for row in rows for value in row]
    for value in (HEAD, "42", "v1", "15/12/2021 – 14/03/2022", "08:30 ngày 16/03/2022 (UTC+07:00)"):
        assert value in printed
    assert any("python verify.py" in str(value) for value in printed)


def test_the_form_prints_the_eleven_counts_as_numbers_under_their_column_numbers() -> None:
    sheet = opened(content())["II.06a"]
    numbers, field_row, total = list(sheet.iter_rows(min_row=11, max_row=13, values_only=True))
    assert [str(text).split("=")[0] for text in numbers] == [f"({n})" for n in range(1, 14)]
    assert field_row == (1, "Đơn vị thử nghiệm", *Q1)
    assert total == ("TỔNG CỘNG", None, *Q1)


def test_the_form_prints_a_total_that_does_not_add_up_as_it_is() -> None:
    wrong = FormRow("TỔNG CỘNG", 9, *Q1[1:], is_total=True)
    sheet = opened(replace(content(), form_rows=(FormRow("Di sản", *Q1), wrong)))["II.06a"]
    assert row_with(sheet, "TỔNG CỘNG")[1] == 9


def test_no_cases_is_never_zero_percent() -> None:
    sheet = opened(content())["Chỉ tiêu"]
    assert row_with(sheet, "I.2b")[2:] == [0, 0, "Không phát sinh", "%", "100%", "Không phát sinh"]


def test_a_zero_denominator_is_no_cases_whatever_the_status_says() -> None:
    odd = replace(NO_CASES, value=Decimal(0), status="met")
    sheet = opened(replace(content(), indicators=(odd,)))["Chỉ tiêu"]
    assert row_with(sheet, "I.2b")[4] == "Không phát sinh"
    assert row_with(sheet, "I.2b")[-1] == "Không phát sinh"
    assert charts_of(sheet) == []


def test_a_percentage_keeps_its_precision_and_is_rounded_only_for_display() -> None:
    sheet = opened(content())["Chỉ tiêu"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.number_format == "0.00%")
    assert cell.value == pytest.approx(61 / 279, abs=1e-15)
    assert "Không đạt" in row_with(sheet, "I.2a")


def test_the_chart_shows_only_indicators_that_have_a_value() -> None:
    sheet = opened(content())["Chỉ tiêu"]
    (chart,) = charts_of(sheet)
    plotted = chart.series[0].val.numRef.f.split("!")[1].replace("$", "").split(":")
    assert len(set(plotted)) == 1
    assert sheet[plotted[0]].value == pytest.approx(61 / 279)


def test_a_report_without_values_has_no_chart() -> None:
    assert charts_of(opened(replace(content(), indicators=(NO_CASES, NO_DATA)))["Chỉ tiêu"]) == []


def test_a_quarter_in_which_nothing_happened_still_gives_a_report() -> None:
    empty = replace(content(), form_rows=(), indicators=(), reporting=(), nonconformities=(), notes=())
    workbook = opened(empty)
    assert workbook.sheetnames == SHEETS
    assert ["Không có điểm không phù hợp. / No nonconformity."] in list(rows_of(workbook["Điểm không phù hợp"]))


def test_every_state_of_a_nonconformity_has_a_vietnamese_name() -> None:
    row = content().nonconformities[0]
    report = replace(content(), nonconformities=tuple(replace(row, state=state) for state in NONCONFORMITY_STATE_VI))
    sheet = opened(report)["Điểm không phù hợp"]
    printed = {value for cells in rows_of(sheet) for value in cells}
    assert set(NONCONFORMITY_STATE_VI.values()) <= printed


def test_every_sheet_prints_on_a4_one_page_wide() -> None:
    for sheet in opened(content()).worksheets:
        assert str(sheet.page_setup.paperSize) == "9"
        fitting, footer = sheet.sheet_properties.pageSetUpPr, sheet.oddFooter
        assert fitting is not None
        assert fitting.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert footer is not None
        assert HEAD[:16] in str(footer.left.text)


def test_long_tables_repeat_their_heading_and_keep_it_in_sight() -> None:
    workbook = opened(content())
    for name in SHEETS[2:]:
        assert workbook[name].print_title_rows
        assert workbook[name].freeze_panes


def test_no_hostile_text_becomes_a_formula_anywhere_in_the_report() -> None:
    if not PAYLOADS.exists():
        pytest.skip(f"{PAYLOADS} is not on this machine")
    for payload in PAYLOADS.read_text(encoding="utf-8").splitlines():
        cells = [cell for sheet in opened(content(payload)).worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert sum(cell.value == payload for cell in cells) >= 12

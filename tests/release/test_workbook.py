"""The report prints what was measured, runs nothing, and is the same file every time."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, LineChart
from openpyxl.worksheet.worksheet import Worksheet

from releases.workbook.report import (
    FigureRow,
    FormRow,
    NonconformityRow,
    ParetoRow,
    Quantity,
    ReportContent,
    ReportingRow,
    RuleRow,
    SeriesRow,
    TargetRow,
    TaskRow,
    TaskSummaryRow,
    WaiverRow,
)
from releases.workbook.sheets import lines
from releases.workbook.summary_sheet import SUMMARY_PAGE
from releases.workbook.words import NONCONFORMITY_STATE_VI
from releases.workbook.workbook import SHEETS, report_workbook
from tests.support.sample_report import HEAD, SURE, sample_report

PAYLOADS = Path(__file__).parents[3] / "shared" / "data" / "hostile" / "csv_injection_payloads.txt"
CHARTS = ["Biểu đồ đơn vị", "Biểu đồ diễn biến", "Biểu đồ Pareto"]
TEXT = "Đơn vị thử nghiệm"
# The real receipt log's first quarter.
Q1 = (533, 243, 75, 215, 279, 201, 17, 61, 254, 217, 37)
OVERDUE = Quantity(Decimal(61), Decimal(279), Decimal(61) / Decimal(279))
NO_CASES = Quantity(Decimal(0), Decimal(0), None, status="no_cases")
NO_DATA = Quantity(None, None, None, status="no_data")
MISSED = TargetRow("I.2a", TEXT, TEXT, OVERDUE, "bằng 0 %", "missed", "missed", "")


def content(text: str = TEXT) -> ReportContent:
    """A small report; `text` stands in every place that a file or a person may fill."""
    day = date(2022, 3, 14)
    return replace(
        sample_report(),
        department_vi=text,
        department_en=text,
        title_vi=text,
        requested_by=text,
        one_account_may_approve=True,
        reason=text,
        notes=((text, text),),
        field_form=(FormRow(text, *Q1), FormRow("TỔNG CỘNG", *Q1, is_total=True)),
        office_form=(FormRow(text, *Q1), FormRow("TỔNG CỘNG", *Q1, is_total=True)),
        targets=(
            replace(MISSED, text_vi=text, figure_name=text, reason=text),
            replace(MISSED, target_id="I.2b", figure=NO_CASES, way_status="no_cases", status="no_cases"),
            replace(MISSED, target_id="I.4", figure=NO_DATA, way_status="no_data", status="no_data"),
        ),
        figures=(
            FigureRow("timeliness", "overdue_share", text, text, OVERDUE, SURE),
            FigureRow("timeliness", "overdue_share", text, text, OVERDUE, SURE, unit_name=text),
            FigureRow(
                "timeliness", "overdue_share", text, text, OVERDUE, SURE, dimension="field", dimension_value=text
            ),
        ),
        series=(SeriesRow("overdue_share", text, text, text, OVERDUE),),
        tasks=(TaskRow(text, text, text, text, text, text, day, None, "overdue", text),),
        task_summary=(TaskSummaryRow(text, text, (1,) * 8), TaskSummaryRow("TỔNG CỘNG", "", (1,) * 8, is_total=True)),
        reporting=(ReportingRow(text, text, day, None, day, "missing", text, 2, 3, text, text),),
        nonconformities=(NonconformityRow(text, text, text, text, "major", "open", day, 279, 61, text, None, (text,)),),
        waivers=(WaiverRow(text, text, text, text, 61, text, text, day),),
        rules=(RuleRow(text, text, text, "warning", "fail", 279, 61, text, text),),
        pareto=(ParetoRow(text, text, "warning", 61, 61, Decimal(1)),),
    )


def opened(report: ReportContent) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(report_workbook(report)))


def rows_of(sheet: Worksheet) -> Iterator[list[object]]:
    for row in sheet.iter_rows(values_only=True):
        yield [value for value in row if value is not None]


def charts_of(sheet: Worksheet) -> list[BarChart | LineChart]:
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
    assert workbook.sheetnames == list(SHEETS)
    links = [cell.hyperlink for row in workbook["Mục lục"].iter_rows() for cell in row if cell.hyperlink is not None]
    assert [link.location for link in links] == [f"'{name}'!A1" for name in SHEETS if name != "Mục lục"]


def test_the_cover_prints_what_ties_it_to_the_ledger() -> None:
    rows = list(rows_of(opened(content())["Bìa"]))
    printed = [value for row in rows for value in row]
    window = "Quý I năm 2022 / Quarter 1 of 2022: 15/12/2021 – 14/03/2022"
    for value in (HEAD, "42", "v1 (1.0.0)", window, "16/03/2022 08:30 (UTC+07:00)"):
        assert value in printed
    assert any("python verify.py" in str(value) for value in printed)


def cover(report: ReportContent) -> dict[str, str]:
    """Return the rows of the cover by the Vietnamese half of their label."""
    rows = opened(report)["Bìa"].iter_rows(min_row=13, max_col=2, values_only=True)
    return {str(label).split(" / ")[0]: str(text) for label, text in rows}


def test_the_cover_says_of_what_it_is_where_it_stands_under_which_plan_and_what_differs() -> None:
    first = cover(content())
    assert first["Văn bản"] == f"{TEXT} / Invented plan of 2022"
    assert first["Trạng thái"].startswith("Đã đề nghị công bố")
    assert first["Kế hoạch"].splitlines()[1] == "Bản đang dùng / in force: PL-0001"
    assert first["Khác bản trước"].startswith("Bản đầu tiên của kỳ")
    second = cover(replace(content(), version=2, difference_lines=("Khác v1: 3 số liệu", "sổ hồ sơ (S-0002): đã rút")))
    assert second["Khác bản trước"] == "Khác v1: 3 số liệu\nsổ hồ sơ (S-0002): đã rút"


def test_the_cover_of_a_draft_says_that_nobody_asked_for_it() -> None:
    drafted = cover(replace(content(), requested_by=""))
    assert drafted["Trạng thái"].startswith("Bản thảo, chưa ai đề nghị")
    assert drafted["Lập lúc"] == "16/03/2022 08:30 (UTC+07:00)"
    assert drafted["Người đề nghị"].startswith("Chưa ai đề nghị")


def test_no_row_of_the_cover_is_lower_than_its_label_or_its_text() -> None:
    sheet = opened(content())["Bìa"]
    for row in range(13, sheet.max_row + 1):
        label, text = (str(sheet.cell(row, column).value) for column in (1, 2))
        needed = max(lines(label, 30), lines(text, 60))
        assert sheet.row_dimensions[row].height >= 17 * needed, label


def test_no_two_columns_of_a_sheet_have_the_same_heading() -> None:
    for name in ("Phân tổ", "Chỉ tiêu", "Điểm không phù hợp", "Ngoại lệ"):
        heading = [cell.value for cell in opened(content())[name][4] if cell.value is not None]
        assert len(heading) == len(set(heading)), name


@pytest.mark.parametrize("form", ["II.06a", "II.06b"])
def test_a_form_prints_the_eleven_counts_as_numbers_under_their_column_numbers(form: str) -> None:
    sheet = opened(content())[form]
    numbers, counted, total = list(sheet.iter_rows(min_row=11, max_row=13, values_only=True))
    assert [str(text).split("=")[0] for text in numbers] == [f"({n})" for n in range(1, 14)]
    assert counted == (1, TEXT, *Q1)
    assert total == ("TỔNG CỘNG", None, *Q1)


def test_the_two_forms_differ_in_their_number_and_in_what_a_row_is() -> None:
    workbook = opened(content())
    by_field, by_office = ([v for row in rows_of(workbook[n]) for v in row] for n in ("II.06a", "II.06b"))
    assert {"Biểu số: II.06a/VPCP/KSTT", "Lĩnh vực, công việc giải quyết theo cấp"} <= set(by_field)
    assert {"Biểu số: II.06b/VPCP/KSTT", "Phòng xử lý"} <= set(by_office)
    assert "Phòng xử lý" not in by_field


def test_the_form_prints_a_total_that_does_not_add_up_as_it_is() -> None:
    wrong = FormRow("TỔNG CỘNG", 9, *Q1[1:], is_total=True)
    sheet = opened(replace(content(), field_form=(FormRow("Di sản", *Q1), wrong)))["II.06a"]
    assert row_with(sheet, "TỔNG CỘNG")[1] == 9


def test_no_cases_is_never_zero_percent() -> None:
    row = row_with(opened(content())["Chỉ tiêu"], "I.2b")
    assert row[3:7] == [0, 0, "Không phát sinh", "%"]
    assert row[8:10] == ["Không phát sinh", "Không phát sinh"]


def test_a_zero_denominator_is_no_cases_whatever_the_status_says() -> None:
    odd = replace(MISSED, figure=replace(NO_CASES, value=Decimal(0), status="final"), way_status="met")
    row = row_with(opened(replace(content(), targets=(odd,)))["Chỉ tiêu"], "I.2a")
    assert (row[5], row[8]) == ("Không phát sinh", "Không phát sinh")


def test_a_percentage_keeps_its_precision_and_is_rounded_only_for_display() -> None:
    sheet = opened(content())["Chỉ tiêu"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.number_format == "0.00%")
    assert cell.value == pytest.approx(61 / 279, abs=1e-15)
    assert "Không đạt" in row_with(sheet, "I.2a")


def test_a_figure_that_is_no_share_is_printed_in_its_own_unit() -> None:
    days = Quantity(Decimal(11), Decimal(2), Decimal("5.5"), unit="ngày làm việc")
    figure = replace(content().figures[0], quantity=days)
    sheet = opened(replace(content(), figures=(figure,)))["Chỉ số"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 5.5)
    assert "%" not in cell.number_format
    assert "ngày làm việc" in row_with(sheet, 5.5)


def test_the_departments_figures_show_both_trends_and_the_break_of_the_series() -> None:
    figure = replace(content().figures[0], before_value=Decimal("0.1"), trend="rising", year_ago_value=Decimal("0.3"),
                     year_ago_trend="falling", is_series_broken=True)  # fmt: skip
    row = row_with(opened(replace(content(), figures=(figure,)))["Chỉ số"], "Tăng")
    assert row[-7:] == [0.1, "Tăng", 0.3, "Giảm", "Có", "Chính thức", "388/400; 2; 1"]


def test_the_units_stand_side_by_side_and_only_what_they_have_is_filled() -> None:
    one = content().figures[1]
    other = replace(one, indicator_id="early_share", name_vi="Trước hạn", unit_name="Đơn vị giả định khác")
    sheet = opened(replace(content(), figures=(one, other)))["Chỉ số theo đơn vị"]
    heading = row_with(sheet, "Đơn vị giả định khác")
    assert heading == ["Chỉ số", "Đơn vị tính", TEXT, "Đơn vị giả định khác"]
    values = [row[2:4] for row in sheet.iter_rows(min_row=6, max_row=7, values_only=True)]
    assert [sorted(bool(value) for value in row) for row in values] == [[False, True], [False, True]]


def plotted(workbook: openpyxl.Workbook, reference: str) -> list[object]:
    """Return the values of the cells that a chart's series reads."""
    name, cells = reference.rsplit("!", 1)
    area = workbook[name.strip("'")][cells.replace("$", "")]
    rows = area if isinstance(area, tuple) else ((area,),)
    return [cell.value for row in rows for cell in row]


def test_the_lines_over_the_year_read_one_indicator_each() -> None:
    report = sample_report()
    workbook = opened(report)
    (chart,) = charts_of(workbook["Biểu đồ diễn biến"])
    drawn = [plotted(workbook, series.val.numRef.f) for series in chart.series]
    wanted: dict[str, list[float]] = {}
    for row in report.series:
        wanted.setdefault(row.indicator_id, []).append(float(row.quantity.value or 0))
    assert drawn == list(wanted.values())


def test_the_pareto_chart_has_the_counts_as_bars_and_the_running_share_as_a_line() -> None:
    report = sample_report()
    workbook = opened(report)
    (bars,) = charts_of(workbook["Biểu đồ Pareto"])
    line = next(part for part in getattr(bars, "_charts") if isinstance(part, LineChart))  # noqa: B009
    assert plotted(workbook, bars.series[0].val.numRef.f) == [row.failing_count for row in report.pareto]
    assert plotted(workbook, line.series[0].val.numRef.f) == [float(row.cumulative_share) for row in report.pareto]
    assert line.y_axis.axId != bars.y_axis.axId


def test_the_units_bars_span_the_units_that_have_the_share() -> None:
    workbook = opened(sample_report())
    (chart,) = charts_of(workbook["Biểu đồ đơn vị"])
    assert len(chart.series) == 4
    assert all(len(plotted(workbook, series.val.numRef.f)) == 5 for series in chart.series)


def test_every_task_of_the_plan_has_its_row_and_the_summary_its_total() -> None:
    report = sample_report()
    workbook = opened(report)
    codes = [row[0] for row in workbook["Nhiệm vụ"].iter_rows(min_row=6, max_col=1, values_only=True)]
    assert codes == [task.task_id for task in report.tasks]
    assert row_with(workbook["Tổng hợp nhiệm vụ"], "TỔNG CỘNG")[1:] == list(report.task_summary[-1].counts)


def test_a_warning_shows_its_justification_and_a_rule_not_evaluated_its_reason() -> None:
    sheet = opened(sample_report())["Kiểm tra dữ liệu"]
    assert row_with(sheet, "D000")[-1] == "Đã đối chiếu với bản giấy"
    assert row_with(sheet, "D020")[-1] == "không có dữ liệu để kiểm tra"


def test_a_unit_and_a_type_of_report_meet_in_one_cell() -> None:
    sheet = opened(sample_report())["Báo cáo theo đơn vị"]
    assert row_with(sheet, "Đơn vị giả định số 03")[2:] == ["Chưa gửi"] * 3


def test_a_quarter_in_which_nothing_happened_still_gives_a_report() -> None:
    empty = replace(content(), field_form=(), office_form=(), targets=(), figures=(), series=(), tasks=(),
                    task_summary=(), reporting=(), nonconformities=(), rules=(), pareto=(), notes=())  # fmt: skip
    workbook = opened(empty)
    assert workbook.sheetnames == list(SHEETS)
    assert ["Không có điểm không phù hợp. / No nonconformity."] in list(rows_of(workbook["Điểm không phù hợp"]))
    for name in CHARTS:
        assert charts_of(workbook[name]) == []
        assert ["Chưa có số liệu để vẽ biểu đồ. / Nothing to draw yet."] in list(rows_of(workbook[name]))


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
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, int(sheet.title == SUMMARY_PAGE))
        assert footer is not None
        assert HEAD[:16] in str(footer.left.text)


def test_long_tables_repeat_their_heading_and_keep_it_in_sight() -> None:
    workbook = opened(content())
    for name in (name for name in SHEETS[2:] if name not in CHARTS):
        assert workbook[name].print_title_rows
        assert workbook[name].freeze_panes


def test_no_hostile_text_becomes_a_formula_anywhere_in_the_report() -> None:
    if not PAYLOADS.exists():
        pytest.skip(f"{PAYLOADS} is not on this machine")
    for payload in PAYLOADS.read_text(encoding="utf-8").splitlines():
        cells = [cell for sheet in opened(content(payload)).worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert sum(cell.value == payload for cell in cells) >= 12

"""How are the figures shown against their targets?

Numerator and denominator stand beside every percentage. A figure without cases says "Không phát sinh" and never 0 %,
and stays out of the chart.
"""

from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from releases.report import IndicatorRow, ReportContent, TargetStatus
from releases.sheets import (
    BAD_FILL,
    COUNT_FORMAT,
    GOOD_FILL,
    HEAD,
    NO_CASES,
    QUIET_FILL,
    SHARE_FORMAT,
    Column,
    Look,
    Value,
    fit_height,
    is_whole,
    open_sheet,
    put,
    put_heading,
    put_rows,
    put_title,
)

SHEET_NAME = "Chỉ tiêu"
_FRACTION_FORMAT = "#,##0.0##"
_PERCENT = "%"
_COLUMNS = (
    Column("Mã chỉ tiêu", "Target", 10, "center"),
    Column("Chỉ tiêu", "Indicator", 52),
    Column("Tử số", "Numerator", 12, "right", COUNT_FORMAT),
    Column("Mẫu số", "Denominator", 12, "right", COUNT_FORMAT),
    Column("Kết quả", "Value", 17, "right", SHARE_FORMAT),
    Column("Đơn vị tính", "Unit", 9, "center"),
    Column("Mục tiêu", "Threshold", 26, "center"),
    Column("Đánh giá", "Status", 18, "center"),
)
_VALUE_COLOR, _THRESHOLD_COLOR = "1F3864", "BFBFBF"
_VALUE_COLUMN, _STATUS_COLUMN = 5, 8
STATUS_VI: dict[TargetStatus, str] = {
    "met": "Đạt",
    "missed": "Không đạt",
    "no_cases": NO_CASES,
    "no_data": "Chưa có số liệu",
    "not_determined": "Chưa xác định",
}
_STATUS_FILL: dict[TargetStatus, str] = {"met": GOOD_FILL, "missed": BAD_FILL}


def add_indicator_sheet(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the sheet of indicators against targets, with a chart of those that have a value."""
    widths = [column.width for column in _COLUMNS]
    sheet = open_sheet(workbook, SHEET_NAME, widths, is_landscape=True, footer=footer)
    title = f"KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU – {content.period_name_vi}"
    row = put_title(sheet, title, f"Indicators against the plan's targets – {content.period_name_en}", len(_COLUMNS))
    row = put_heading(sheet, row, _COLUMNS)
    first = row
    rows = [_values(indicator) for indicator in content.indicators]
    row = put_rows(sheet, row, _COLUMNS, rows, "Không có chỉ tiêu nào được đo. / No indicator was measured.")
    for offset, indicator in enumerate(content.indicators):
        _mark(sheet, first + offset, indicator)
    charted = [item for item in content.indicators if item.value is not None and item.unit == _PERCENT]
    charted = [item for item in charted if not _has_no_cases(item)]
    if charted:
        _add_chart(sheet, row + 1, charted)


def _values(indicator: IndicatorRow) -> tuple[Value, ...]:
    return (
        indicator.target_id,
        f"{indicator.name_vi}\n{indicator.name_en}",
        indicator.numerator if indicator.numerator is not None else "–",
        indicator.denominator if indicator.denominator is not None else "–",
        _shown_value(indicator),
        indicator.unit,
        indicator.threshold_text,
        STATUS_VI["no_cases" if _has_no_cases(indicator) else indicator.status],
    )


def _has_no_cases(indicator: IndicatorRow) -> bool:
    return indicator.status == "no_cases" or indicator.denominator == 0


def _shown_value(indicator: IndicatorRow) -> Decimal | str:
    if _has_no_cases(indicator):
        return NO_CASES
    if indicator.value is None:
        return STATUS_VI["no_data"] if indicator.status == "no_data" else "–"
    return indicator.value


def _mark(sheet: Worksheet, row: int, indicator: IndicatorRow) -> None:
    """Set the formats that depend on the row: fractions, other units of measure, and the colour of the verdict."""
    for column, quantity in ((3, indicator.numerator), (4, indicator.denominator)):
        if quantity is not None and not is_whole(quantity):
            sheet.cell(row, column).number_format = _FRACTION_FORMAT
    if indicator.unit != _PERCENT:
        sheet.cell(row, _VALUE_COLUMN).number_format = _FRACTION_FORMAT
    status: TargetStatus = "no_cases" if _has_no_cases(indicator) else indicator.status
    look = Look(size=11, is_bold=True, align="center", has_box=True, fill=_STATUS_FILL.get(status, QUIET_FILL))
    put(sheet, row, _STATUS_COLUMN, STATUS_VI[status], look)


def _add_chart(sheet: Worksheet, row: int, charted: Sequence[IndicatorRow]) -> None:
    """Set the chart's own small table, so that the numbers behind the bars can be read, and the chart below it."""
    sheet.row_breaks.append(Break(id=row - 2))
    heading = "Số liệu của biểu đồ / Figures of the chart"
    put(sheet, row, 2, heading, HEAD)
    put(sheet, row, 3, "Kết quả", HEAD)
    put(sheet, row, 4, "Mục tiêu", HEAD)
    share = Look(size=11, align="right", has_box=True, number_format=SHARE_FORMAT)
    for offset, indicator in enumerate(charted, start=1):
        label = f"{indicator.target_id} – {indicator.name_vi}"
        put(sheet, row + offset, 2, label, Look(size=11, has_box=True))
        put(sheet, row + offset, 3, indicator.value, share)
        put(sheet, row + offset, 4, indicator.threshold, share)
        fit_height(sheet, row + offset, label, _COLUMNS[1].width)
    last = row + len(charted)
    sheet.add_chart(_chart(sheet, row, last, max(float(item.value or 0) for item in charted)), f"A{last + 2}")


def _chart(sheet: Worksheet, heading_row: int, last_row: int, greatest: float) -> BarChart:
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "bar", "clustered", 60
    chart.title = "Kết quả so với mục tiêu / Value against threshold"
    chart.add_data(Reference(sheet, min_col=3, max_col=4, min_row=heading_row, max_row=last_row), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=2, min_row=heading_row + 1, max_row=last_row))
    for series, color in zip(chart.series, (_VALUE_COLOR, _THRESHOLD_COLOR), strict=True):
        series.graphicalProperties.solidFill = color
    labels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False)
    chart.series[0].dLbls = labels
    # The first indicator on top, and the scale nevertheless at the bottom.
    chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = "0%"
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_THRESHOLD_COLOR)))
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, max(1.0, greatest)
    chart.legend.position = "b"
    chart.width, chart.height = 29, min(15.0, 4 + 2.2 * (last_row - heading_row))
    return chart

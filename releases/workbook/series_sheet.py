"""How did the year go, quarter by quarter?

One row per indicator and quarter, so that each line of the chart reads one block of rows.
"""

from itertools import groupby

from openpyxl import Workbook
from openpyxl.chart import LineChart, Reference

from releases.workbook.charts import ChartSheet, add_chart_sheet, line_chart
from releases.workbook.figure_cells import QUANTITY_COLUMNS, quantity_cells
from releases.workbook.listing import Column, Listing, Row, Set, add_listing
from releases.workbook.report import ReportContent

SERIES = Listing(
    "Diễn biến trong năm",
    "Diễn biến trong năm theo từng quý",
    "The year so far, quarter by quarter",
    (
        Column("Chỉ số", "Indicator", 60),
        Column("Kỳ", "Period", 22, "center"),
        *QUANTITY_COLUMNS,
    ),
    "Chưa có kỳ nào để so sánh. / No period to show yet.",
)
TREND = ChartSheet("Biểu đồ diễn biến", "Diễn biến trong năm", "The year so far: a line per indicator")
_PERIOD, _VALUE = 2, 5


def add_series(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the figures of each quarter that was consolidated so far, and the sheet of their lines."""
    rows: list[Row] = [
        (f"{one.name_vi}\n{one.name_en}", one.period_name, *quantity_cells(one.quantity)) for one in content.series
    ]
    done = add_listing(workbook, SERIES, content, rows, footer)
    add_chart_sheet(workbook, TREND, content, footer, _lines(content, done) if rows else None)


def _lines(content: ReportContent, done: Set) -> LineChart:
    names: list[str] = []
    values: list[Reference] = []
    row = done.first_row
    for _, block in groupby(content.series, key=lambda one: one.indicator_id):
        figures = list(block)
        last = row + len(figures) - 1
        names.append(figures[0].name_vi)
        values.append(Reference(done.sheet, min_col=_VALUE, min_row=row, max_row=last))
        row = last + 1
    periods = len({one.period_name for one in content.series})
    first = done.first_row
    return line_chart(names, values, Reference(done.sheet, min_col=_PERIOD, min_row=first, max_row=first + periods - 1))

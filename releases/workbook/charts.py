"""How do the charts of a report look?

Every chart stands on a sheet of its own, and reads the cells of the table on the sheet before it: nothing is drawn that
is not printed there as a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.utils import get_column_letter

from releases.workbook.report import ReportContent
from releases.workbook.sheets import SUBTITLE, TITLE, Look, open_sheet, put

# Told apart in print without colour too: from dark to light, each line with its own marker.
_COLORS = ("1F3864", "C00000", "2E7D32", "B26A00")
_MARKERS = ("circle", "square", "triangle", "diamond")
_GRID = "D9D9D9"
_PERCENT_FORMAT = "0%"
_SHEET_COLUMNS, _LAST_ROW = (13,) * 10, 34
# More bars than these stand so close that their labels would cover each other.
_LABELLED_CATEGORIES = 6


@dataclass(frozen=True)
class ChartSheet:
    """A sheet that holds one chart: its names, and what it says where there is nothing to draw."""

    sheet: str
    title_vi: str
    title_en: str
    when_empty: str = "Chưa có số liệu để vẽ biểu đồ. / Nothing to draw yet."


def add_chart_sheet(
    workbook: Workbook, named: ChartSheet, content: ReportContent, footer: str, chart: BarChart | LineChart | None
) -> None:
    """Add the sheet of a chart, which fills one page."""
    sheet = open_sheet(workbook, named.sheet, (*_SHEET_COLUMNS, 1), is_landscape=True, footer=footer)
    span = len(_SHEET_COLUMNS)
    put(sheet, 1, 1, f"{named.title_vi.upper()} – {content.period_name_vi}", TITLE, span=span)
    put(sheet, 2, 1, f"{named.title_en} – {content.period_name_en}", SUBTITLE, span=span)
    sheet.row_dimensions[1].height = 24
    if chart is None:
        put(sheet, 4, 1, named.when_empty, Look(is_italic=True, align="center"), span=span)
    else:
        chart.anchor = _full_page()  # type: ignore[assignment]  # the stubs know addresses only
        sheet.add_chart(chart)
        # A row more than the chart: its lower edge would be cut off.
        sheet.print_area = f"A1:{get_column_letter(span + 1)}{_LAST_ROW + 1}"


def _full_page() -> TwoCellAnchor:
    """Return where the chart stands: tied to the cells, so that a wider default font does not make it narrower."""
    last = AnchorMarker(col=len(_SHEET_COLUMNS), row=_LAST_ROW)
    return TwoCellAnchor(editAs="twoCell", _from=AnchorMarker(col=0, row=3), to=last)


def line_chart(names: Sequence[str], values: Sequence[Reference], categories: Reference) -> LineChart:
    """Return a chart with one line per name, of shares over periods."""
    chart = LineChart()
    for index, (name, reference) in enumerate(zip(names, values, strict=True)):
        series = Series(reference, title=name)
        color = _COLORS[index % len(_COLORS)]
        series.graphicalProperties.line.solidFill = color
        series.graphicalProperties.line.width = 28_000
        series.marker.symbol, series.marker.size = _MARKERS[index % len(_MARKERS)], 8
        series.marker.graphicalProperties = GraphicalProperties(solidFill=color)
        series.smooth = False
        series.dLbls = _labels("0.0%", "t")
        chart.series.append(series)
    chart.set_categories(categories)
    _set_axes(chart)
    return chart


def bar_chart(names: Sequence[str], values: Sequence[Reference], categories: Reference) -> BarChart:
    """Return a chart with one group of bars per category, of shares."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "col", "clustered", 60
    for index, (name, reference) in enumerate(zip(names, values, strict=True)):
        series = Series(reference, title=name)
        series.graphicalProperties.solidFill = _COLORS[index % len(_COLORS)]
        if len(reference) <= _LABELLED_CATEGORIES:
            series.dLbls = _labels("0%", "outEnd")
        chart.series.append(series)
    chart.set_categories(categories)
    _set_axes(chart)
    return chart


def pareto_chart(counts: Reference, shares: Reference, categories: Reference) -> BarChart:
    """Return bars of counts with the line of their running share on an axis of its own."""
    bars = BarChart()
    bars.type, bars.gapWidth = "col", 40
    counted = Series(counts, title="Số không đạt / Failing")
    counted.graphicalProperties.solidFill = _COLORS[0]
    counted.dLbls = _labels("#,##0", "outEnd")
    bars.series.append(counted)
    bars.set_categories(categories)
    _set_axes(bars)
    bars.y_axis.number_format, bars.y_axis.scaling.max = "#,##0", None
    line = LineChart()
    running = Series(shares, title="Tỷ lệ cộng dồn / Cumulative share")
    running.graphicalProperties.line.solidFill = _COLORS[1]
    running.marker.symbol, running.marker.size = _MARKERS[0], 7
    running.marker.graphicalProperties = GraphicalProperties(solidFill=_COLORS[1])
    running.smooth = False
    line.series.append(running)
    line.y_axis.axId, line.y_axis.crosses = 200, "max"
    line.y_axis.number_format, line.y_axis.majorGridlines = _PERCENT_FORMAT, None
    line.y_axis.scaling.min, line.y_axis.scaling.max = 0, 1
    line.y_axis.delete = False
    bars += line
    return bars


def _set_axes(chart: BarChart | LineChart) -> None:
    chart.legend = Legend(legendPos="b")
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = _PERCENT_FORMAT
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID)))
    chart.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.06, y=0.05, w=0.88, h=0.74))


def _labels(number_format: str, position: str) -> DataLabelList:
    shown = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False)
    shown.numFmt, shown.position = number_format, position
    return shown

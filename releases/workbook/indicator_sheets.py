"""How did the department, its offices and units, and each part of the work do?

The department's figures by group with what they are compared with; the units side by side; every breakdown one figure
a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference

from releases.workbook.charts import ChartSheet, add_chart_sheet, bar_chart
from releases.workbook.figure_cells import PERCENT, QUANTITY_COLUMNS, measure, quantity_cells, quantity_value
from releases.workbook.listing import Cell, Column, Listing, Row, Set, add_listing
from releases.workbook.report import FigureRow, Label, Reliance, ReportContent
from releases.workbook.sheets import GOOD_FILL, QUIET_FILL, SHARE_FORMAT, WARN_FILL
from releases.workbook.words import DIMENSION_VI, GROUP_VI, LABEL_VI, NOTHING, TREND_VI

DEPARTMENT = Listing(
    "Chỉ số",
    "Chỉ số của toàn Sở",
    "Indicators of the department",
    (
        Column("Nhóm", "Group", 20),
        Column("Chỉ số", "Indicator", 52),
        *QUANTITY_COLUMNS,
        Column("Kỳ trước", "Period before", 12, "right", SHARE_FORMAT),
        Column("So kỳ trước", "Trend", 12, "center"),
        Column("Cùng kỳ năm trước", "Same period last year", 12, "right", SHARE_FORMAT),
        Column("So cùng kỳ", "Trend", 12, "center"),
        Column("Ngắt chuỗi số liệu", "Series break", 11, "center"),
        Column("Mức tin cậy", "Label", 12, "center"),
        Column("Nhận/đọc; KPH mở; ngoại lệ", "Coverage; open NCs; waivers", 18, "center"),
    ),
    "Không có chỉ số nào được đo. / No indicator was measured.",
    fixed_columns=2,
)
# Its columns go on with one for each office and unit.
UNITS = Listing(
    "Chỉ số theo đơn vị",
    "Chỉ số theo phòng, đơn vị",
    "Indicators of offices and units, side by side",
    (
        Column("Chỉ số", "Indicator", 46),
        Column("Đơn vị tính", "Unit of measure", 12, "center"),
    ),
    "Không có chỉ số nào của phòng, đơn vị. / No indicator of an office or unit.",
    fixed_columns=2,
)
BREAKDOWNS = Listing(
    "Phân tổ",
    "Chỉ số phân tổ",
    "Indicators broken down by field, procedure, channel, age and area",
    (
        Column("Chỉ số", "Indicator", 52),
        Column("Phân tổ theo", "Broken down by", 20),
        Column("Nhóm", "Of", 44),
        *QUANTITY_COLUMNS,
    ),
    "Không có số liệu phân tổ. / Nothing was broken down.",
)
_LABEL_FILL: dict[Label, str] = {
    "final": GOOD_FILL,
    "provisional": WARN_FILL,
    "estimated": WARN_FILL,
    "missing": QUIET_FILL,
}
UNITS_CHART = ChartSheet("Biểu đồ đơn vị", "So sánh giữa các phòng, đơn vị", "Offices and units side by side")


def add_department(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the department's figures, by group."""
    groups = list(GROUP_VI)
    whole = [figure for figure in content.figures if not figure.unit_name and not figure.dimension]
    whole.sort(key=lambda figure: (groups.index(figure.group), figure.indicator_id))
    add_listing(workbook, DEPARTMENT, content, [_department_row(figure) for figure in whole], footer)


def _department_row(figure: FigureRow) -> Row:
    unit = figure.quantity.unit
    return (
        GROUP_VI[figure.group],
        f"{figure.name_vi}\n{figure.name_en}",
        *quantity_cells(figure.quantity),
        measure(figure.before_value, unit),
        TREND_VI[figure.trend],
        measure(figure.year_ago_value, unit),
        TREND_VI[figure.year_ago_trend],
        "Có" if figure.is_series_broken else "",
        Cell(LABEL_VI[figure.reliance.label], fill=_LABEL_FILL[figure.reliance.label]),
        _reliance(figure.reliance),
    )


def _reliance(found: Reliance) -> str:
    coverage = NOTHING if found.read_count is None else f"{found.accepted_count}/{found.read_count}"
    return f"{coverage}; {found.open_nonconformity_count}; {found.waiver_count}"


def add_units(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add a row per indicator with the offices and units side by side, and the sheet of their bars."""
    figures = [figure for figure in content.figures if figure.unit_name and not figure.dimension]
    units = list(dict.fromkeys(figure.unit_name for figure in figures))
    found = {(figure.indicator_id, figure.unit_name): figure for figure in figures}
    groups = list(GROUP_VI)
    indicators = sorted(
        {figure.indicator_id: figure for figure in figures}.values(),
        key=lambda figure: (groups.index(figure.group), figure.indicator_id),
    )
    columns = (*UNITS.columns, *(Column(unit, "", 13, "right", SHARE_FORMAT) for unit in units))
    rows: list[Row] = [
        (
            f"{indicator.name_vi}\n{indicator.name_en}",
            indicator.quantity.unit,
            *(_of_unit(found.get((indicator.indicator_id, unit))) for unit in units),
        )
        for indicator in indicators
    ]
    done = add_listing(workbook, replace(UNITS, columns=columns), content, rows, footer)
    add_chart_sheet(workbook, UNITS_CHART, content, footer, _bars(done, indicators, units, found, content.charted))


def _of_unit(figure: FigureRow | None) -> Cell:
    return Cell("") if figure is None else quantity_value(figure.quantity)


def _bars(
    done: Set,
    indicators: Sequence[FigureRow],
    units: Sequence[str],
    found: Mapping[tuple[str, str], FigureRow],
    drawn: Sequence[str],
) -> BarChart | None:
    """Return the bars of the units from the first to the last that has one of the charted shares."""
    rows = {one.indicator_id: row for row, one in enumerate(indicators, start=done.first_row)}
    names = {one.indicator_id: one.name_vi for one in indicators if one.quantity.unit == PERCENT}
    charted = [one for one in drawn if one in names]
    told = [n for n, unit in enumerate(units) if any((one, unit) in found for one in charted)]
    if not told:
        return None
    first, last = len(UNITS.columns) + 1 + told[0], len(UNITS.columns) + 1 + told[-1]
    values = [Reference(done.sheet, min_col=first, max_col=last, min_row=rows[one]) for one in charted]
    heading = done.first_row - 2
    categories = Reference(done.sheet, min_col=first, max_col=last, min_row=heading)
    return bar_chart([names[one] for one in charted], values, categories)


def add_breakdowns(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add every figure of a part of the work: a field, a procedure, a channel, an age class, an area."""
    rows: list[Row] = [
        (
            f"{figure.name_vi}\n{figure.name_en}",
            DIMENSION_VI[figure.dimension],
            figure.dimension_value,
            *quantity_cells(figure.quantity),
        )
        for figure in content.figures
        if figure.dimension
    ]
    add_listing(workbook, BREAKDOWNS, content, rows, footer)

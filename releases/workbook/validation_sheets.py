"""What did the rules see, which of them could not be evaluated, and which few account for most of it?"""

from openpyxl import Workbook
from openpyxl.chart import Reference

from releases.workbook.charts import ChartSheet, add_chart_sheet, pareto_chart
from releases.workbook.listing import Cell, Column, Listing, Row, add_listing
from releases.workbook.report import Outcome, ReportContent, RuleRow
from releases.workbook.sheets import BAD_FILL, COUNT_FORMAT, DAY_FORMAT, GOOD_FILL, QUIET_FILL, SHARE_FORMAT, WARN_FILL
from releases.workbook.words import OUTCOME_VI, SEVERITY_VI

RULES = Listing(
    "Kiểm tra dữ liệu",
    "Tổng hợp kiểm tra dữ liệu",
    "Validation summary, failing rules first",
    (
        Column("Quy tắc", "Rule", 9, "center"),
        Column("Nội dung", "Message", 66),
        Column("Mức", "Severity", 14, "center"),
        Column("Kết quả", "Outcome", 14, "center"),
        Column("Đã kiểm tra", "Checked", 11, "right", COUNT_FORMAT),
        Column("Không đạt", "Failing", 11, "right", COUNT_FORMAT),
        Column("Lý do chưa đánh giá", "Why not evaluated", 34),
        Column("Giải trình, ngoại lệ", "Justifications and waivers", 34),
    ),
    "Không có quy tắc nào. / No rule.",
)
PARETO = Listing(
    "Pareto phát hiện",
    "Phát hiện theo quy tắc, nhiều nhất trước",
    "Findings by rule, most first",
    (
        Column("Quy tắc", "Rule", 10, "center"),
        Column("Nội dung", "Message", 70),
        Column("Mức", "Severity", 14, "center"),
        Column("Không đạt", "Failing", 12, "right", COUNT_FORMAT),
        Column("Cộng dồn", "Running total", 12, "right", COUNT_FORMAT),
        Column("Tỷ lệ cộng dồn", "Cumulative share", 13, "right", SHARE_FORMAT),
    ),
    "Không có phát hiện nào. / No finding.",
)
WAIVERS = Listing(
    "Ngoại lệ",
    "Ngoại lệ được chấp nhận",
    "Waivers in force: failing verdicts that somebody with authority accepted",
    (
        Column("Số", "No.", 10, "center"),
        Column("Quy tắc", "Rule", 9, "center"),
        Column("Nội dung", "Message", 56),
        Column("Đơn vị", "Unit", 22),
        Column("Không đạt", "Failing", 11, "right", COUNT_FORMAT),
        Column("Lý do", "Reason", 42),
        Column("Người chấp nhận", "Approved by", 20),
        Column("Đến hết ngày", "Last day", 12, "center", DAY_FORMAT),
    ),
    "Không có ngoại lệ nào. / No waiver.",
)
PARETO_CHART = ChartSheet("Biểu đồ Pareto", "Biểu đồ Pareto của phát hiện", "Pareto of findings by rule")
_RULE, _FAILING, _SHARE = 1, 4, 6
_FILL: dict[Outcome, str] = {"pass": GOOD_FILL, "fail": BAD_FILL, "waived": WARN_FILL, "not_evaluated": QUIET_FILL}


def add_rules(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add what became of every rule."""
    add_listing(workbook, RULES, content, [_row(rule) for rule in content.rules], footer)


def _row(rule: RuleRow) -> Row:
    return (
        rule.rule_id,
        f"{rule.message_vi}\n{rule.message_en}",
        SEVERITY_VI[rule.severity],
        Cell(OUTCOME_VI[rule.outcome], fill=_FILL[rule.outcome]),
        rule.checked_count,
        rule.failing_count,
        rule.not_evaluated_reason,
        rule.justification,
    )


def add_waivers(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the exceptions that hold for the period."""
    rows: list[Row] = [
        (
            one.number,
            one.rule_id,
            one.message_vi,
            one.unit_name,
            one.failing_count,
            one.reason,
            one.approved_by,
            one.last_day_on,
        )
        for one in content.waivers
    ]
    add_listing(workbook, WAIVERS, content, rows, footer)


def add_pareto(workbook: Workbook, content: ReportContent, footer: str) -> None:
    """Add the findings by rule with their running total, and the sheet of the chart of both."""
    rows = [
        (
            one.rule_id,
            one.message_vi,
            SEVERITY_VI[one.severity],
            one.failing_count,
            one.cumulative_count,
            one.cumulative_share,
        )
        for one in content.pareto
    ]
    done = add_listing(workbook, PARETO, content, rows, footer)
    first, last = done.first_row, done.next_row - 1
    columns = [Reference(done.sheet, min_col=n, min_row=first, max_row=last) for n in (_FAILING, _SHARE, _RULE)]
    add_chart_sheet(workbook, PARETO_CHART, content, footer, pareto_chart(*columns) if rows else None)

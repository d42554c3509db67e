"""A report as a sender fills it in, and what reading it gave."""

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas.plan import Plan, load_plan
from schemas.rules import load_rules
from sources.reports.report import ReportReading, read_report
from sources.templates.task_words import CODE, TASK_HEADINGS
from sources.templates.template import template_workbook
from sources.templates.titles import ITEM_SHEET, TASK_SHEET

PLAN = load_plan(Path(__file__).parents[2] / "plans" / "svhtt-khanh-hoa-2022")
RULES = load_rules()
ITEMS = PLAN.items_required_in(PLAN.report_type("cchc"), "2022-Q1")
# Figures that agree with each other: every item is 6, what is done on time or late leaves room in A1.2.
SOUND: dict[str, object] = {item.code: 6 for item in ITEMS} | {"A1.3": 2, "A1.4": 1, "A6.3": "Có", "A9.3": 100}

Change = Callable[[Workbook], None]


def template(type_id: str = "cchc", unit: str = "TV", period: str = "2022-Q1", plan: Plan = PLAN) -> bytes:
    return template_workbook(plan, plan.unit(unit), plan.period(period), plan.report_type(type_id))


def filled(figures: Mapping[str, object], change: Change | None = None, content: bytes | None = None) -> bytes:
    """Put figures beside their codes, then change the workbook."""
    workbook = load_workbook(io.BytesIO(template() if content is None else content))
    if ITEM_SHEET in workbook.sheetnames:
        sheet = item_sheet(workbook)
        for row in range(1, sheet.max_row + 1):
            if sheet.cell(row, 1).value in figures:
                sheet.cell(row, 5).value = figures[str(sheet.cell(row, 1).value)]  # type: ignore[assignment]
    if change is not None:
        change(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def item_sheet(workbook: Workbook) -> Worksheet:
    sheet = workbook[ITEM_SHEET]
    assert isinstance(sheet, Worksheet)
    return sheet


def read(content: bytes, plan: Plan = PLAN, sender: str | None = None) -> ReportReading:
    reading = read_report(content, hashlib.sha256(content).hexdigest(), plan, RULES, sender)
    assert reading.read_count == reading.accepted_count + reading.rejected_count + reading.ignored_count
    assert reading.account.num_rows == reading.rejected_count + reading.ignored_count
    return reading


def report(change: Change | None = None, **figures: object) -> ReportReading:
    """Read a sound periodic report of the first quarter but for these figures."""
    return read(filled(SOUND | {code.replace("_", "."): value for code, value in figures.items()}, change))


def seen(reading: ReportReading) -> list[tuple[str, str | None]]:
    return [(finding.rule_id, finding.column_name) for finding in reading.findings]


def outcomes(reading: ReportReading) -> dict[str, str]:
    return {result.rule_id: result.outcome for result in reading.results}


def tasks(*rows: Sequence[object]) -> Change:
    """Fill in a unit's own table: task, product, due, done, state, evidence, and who does it."""

    def change(workbook: Workbook) -> None:
        sheet = workbook[TASK_SHEET]
        for n, row in enumerate(rows, start=5):
            for place, value in enumerate(row, start=TASK_HEADINGS.index(CODE) + 2):
                # The column of the checks stands between the document and the one who does the task.
                sheet.cell(n, place + (place > len(TASK_HEADINGS))).value = value  # type: ignore[assignment]

    return change


def progress(*told: tuple[str, Mapping[str, object]]) -> Change:
    """Say in the table of the plan's tasks what became of each; a task that is due twice is named `V.3#2`."""

    def change(workbook: Workbook) -> None:
        sheet = workbook[TASK_SHEET]
        column = {heading: n for n, heading in enumerate(TASK_HEADINGS, start=1)}
        rows: dict[str, int] = {}
        for row in range(5, sheet.max_row + 1):
            code = str(sheet.cell(row, column[CODE]).value)
            rows[code if code not in rows else f"{code}#2"] = row
        for name, cells in told:
            for heading, value in cells.items():
                sheet.cell(rows[name], column[heading]).value = value  # type: ignore[assignment]

    return change

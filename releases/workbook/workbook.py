"""What does the report that an office prints, signs and keeps look like?

One workbook, one table a sheet, in the order below. It is a pure function of its content, so the same content gives
the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from openpyxl import Workbook

from releases.workbook.form_sheet import FIELD_FORM, OFFICE_FORM, add_field_form, add_office_form
from releases.workbook.front_sheets import CONTENTS, COVER, NOTES, Entry, add_contents, add_cover, add_notes
from releases.workbook.indicator_sheets import (
    BREAKDOWNS,
    DEPARTMENT,
    UNITS,
    UNITS_CHART,
    add_breakdowns,
    add_department,
    add_units,
)
from releases.workbook.record_sheets import (
    NONCONFORMITIES,
    REPORTING,
    REPORTING_BY_UNIT,
    add_nonconformities,
    add_reporting,
    add_reporting_by_unit,
)
from releases.workbook.report import ReportContent
from releases.workbook.series_sheet import SERIES, TREND, add_series
from releases.workbook.summary_sheet import SUMMARY_PAGE, TITLE_EN, TITLE_VI, add_summary
from releases.workbook.target_sheet import TARGETS, add_targets
from releases.workbook.task_sheets import SUMMARY, TASKS, add_task_summary, add_tasks
from releases.workbook.validation_sheets import (
    PARETO,
    PARETO_CHART,
    RULES,
    WAIVERS,
    add_pareto,
    add_rules,
    add_waivers,
)
from schemas.spreadsheet import stable_bytes


class _Named(Protocol):
    """What has the names of a sheet."""

    @property
    def sheet(self) -> str: ...

    @property
    def title_vi(self) -> str: ...

    @property
    def title_en(self) -> str: ...


@dataclass(frozen=True)
class _Part:
    """Sheets that are added together (a table and its chart): their lines in the contents, and what adds them."""

    entries: tuple[Entry, ...]
    add: Callable[[Workbook, ReportContent, str], None]


def _part(add: Callable[[Workbook, ReportContent, str], None], *sheets: _Named) -> _Part:
    return _Part(tuple(Entry(one.sheet, one.title_vi, one.title_en) for one in sheets), add)


_SUMMARY = Entry(SUMMARY_PAGE, TITLE_VI, TITLE_EN)
_COVER = Entry(COVER, "Bìa và cách kiểm tra", "Cover and how to verify")
_PARTS = (
    _part(add_notes, NOTES),
    _part(add_field_form, FIELD_FORM),
    _part(add_office_form, OFFICE_FORM),
    _part(add_targets, TARGETS),
    _part(add_department, DEPARTMENT),
    _part(add_units, UNITS, UNITS_CHART),
    _part(add_breakdowns, BREAKDOWNS),
    _part(add_series, SERIES, TREND),
    _part(add_tasks, TASKS),
    _part(add_task_summary, SUMMARY),
    _part(add_reporting_by_unit, REPORTING_BY_UNIT),
    _part(add_reporting, REPORTING),
    _part(add_nonconformities, NONCONFORMITIES),
    _part(add_rules, RULES),
    _part(add_waivers, WAIVERS),
    _part(add_pareto, PARETO, PARETO_CHART),
)
_ENTRIES = (_SUMMARY, _COVER, *(entry for part in _PARTS for entry in part.entries))
SHEETS = (SUMMARY_PAGE, COVER, CONTENTS.sheet, *(entry.sheet for entry in _ENTRIES[2:]))


def report_workbook(content: ReportContent) -> bytes:
    """Return the report as xlsx; its document times are `content.requested_at`."""
    workbook = Workbook()
    for sheet in workbook.worksheets:
        workbook.remove(sheet)
    workbook.properties.title = f"{content.title_vi} – {content.period_name_vi}"
    workbook.properties.creator = content.department_vi
    footer = f"{content.department_vi} – {content.period_name_vi} – v{content.version} – sổ cái {content.ledger_size}: "
    footer += content.ledger_head[:16]
    if content.is_draft:
        footer = f"BẢN THẢO / DRAFT – {footer}"
    add_summary(workbook, content, footer)
    add_cover(workbook, content, footer)
    add_contents(workbook, content, footer, _ENTRIES)
    for part in _PARTS:
        part.add(workbook, content, footer)
    return stable_bytes(workbook, content.requested_at)

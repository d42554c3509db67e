"""Do the rows of a plan's tables agree with each other and with the rest of the plan?

Units, procedures, tasks, report items and the balances that a plan begins with.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from schemas.plan_content import PlanFiles
from schemas.plan_files import Mistake, Table
from schemas.plan_models import (
    EVERY_OFFICE,
    EVERY_UNIT,
    Procedure,
    ReportItem,
    Task,
)
from schemas.relation import parse_relations
from schemas.text import comparison_key

_ONLINE_LEVEL = 3
_NEW_LEVELS = ("một phần", "toàn trình")
# How many last days a schedule has: at least, at most.
_DAYS_OF_KIND = {
    "dated": (1, 1),
    "in_period": (1, 1),
    "recurring": (2, 366),
    "ongoing": (0, 0),
    "on_instruction": (0, 0),
}


def _units(files: PlanFiles) -> Iterator[Mistake]:
    names: dict[str, str] = {}
    for line, unit in files.units:
        if unit.code.startswith("*"):
            yield files.units.mistake(line, "code", f"{EVERY_OFFICE}, {EVERY_UNIT} là nhóm / are groups, not units")
        for name in (unit.code, unit.name_vi, unit.short_name, *unit.aliases):
            owner = names.setdefault(comparison_key(name), unit.code)
            if owner != unit.code:
                problem = f"tên {name} đã thuộc / the name belongs already to {owner}"
                yield Mistake("units.csv", f"line {line}", problem)


def _procedures(files: PlanFiles) -> Iterator[Mistake]:
    offices = files.unit_codes
    table = files.procedures
    for line, procedure in table:
        if procedure.office not in offices:
            yield table.mistake(line, "office", f"{procedure.office} không có trong / is not in units.csv")
        try:
            is_code = re.fullmatch(files.document.procedure_code.pattern, procedure.code)
        except re.error:
            # The pattern itself is wrong, and is said where it stands.
            is_code = re.match("", "")
        if is_code is None:
            yield table.mistake(line, "code", f"{procedure.code} không đúng mẫu / does not match procedure_code")
        if procedure.immediate != (procedure.limit_unit == "immediate"):
            yield table.mistake(line, "immediate", "không khớp / disagrees with limit_unit")
        if (procedure.limit > 0) == procedure.immediate:
            problem = "phải lớn hơn 0, trừ thủ tục trả ngay / must be above 0, and 0 where the result is immediate"
            yield table.mistake(line, "limit", problem)
        if procedure.fee_vnd < 0:
            yield table.mistake(line, "fee_vnd", "âm / is negative")
        yield from _online(table, line, procedure)


def _online(table: Table[Procedure], line: int, procedure: Procedure) -> Iterator[Mistake]:
    """A procedure is announced online at level 3 or 4, and only then on the portal under one of the new labels."""
    is_announced = procedure.is_announced_online
    if procedure.level_number not in range(1, 5):
        yield table.mistake(line, "level_number", "phải từ 1 đến 4 / must be 1 to 4")
    if procedure.level_name and procedure.level_name not in _NEW_LEVELS:
        yield table.mistake(line, "level_name", f"phải là / must be {', '.join(_NEW_LEVELS)}, or blank")
    if procedure.level_name and not is_announced:
        problem = f"có mức mới mà chưa đến mức / has a new level below level {_ONLINE_LEVEL}"
        yield table.mistake(line, "level_name", problem)
    if is_announced and not procedure.is_eligible_online:
        problem = f"công bố mức {procedure.level_number} mà không đủ điều kiện / is announced online but not eligible"
        yield table.mistake(line, "is_eligible_online", problem)
    if procedure.is_on_national_portal and not is_announced:
        problem = f"trên Cổng mà chưa đến mức / is on the portal below level {_ONLINE_LEVEL}: not announced online"
        yield table.mistake(line, "is_on_national_portal", problem)


def _tasks(files: PlanFiles) -> Iterator[Mistake]:
    table, areas = files.tasks, files.area_ids
    responsible = files.unit_codes | {EVERY_OFFICE, EVERY_UNIT}
    numbers: dict[str, int] = {}
    for line, task in table:
        if task.area not in areas:
            yield table.mistake(line, "area", f"{task.area} không có trong / is not in plan.toml")
        if task.id != f"{task.area}.{task.number}":
            yield table.mistake(line, "id", f"phải là / must be {task.area}.{task.number}")
        expected = numbers.get(task.area, 0) + 1
        numbers[task.area] = task.number
        if task.number != expected:
            problem = f"nhiệm vụ thứ {expected} của lĩnh vực {task.area} / must be {expected}: no gap in an area"
            yield table.mistake(line, "number", problem)
        if not task.lead:
            yield table.mistake(line, "lead", "không ai chủ trì / nobody leads the task")
        for column, codes in (("lead", task.lead), ("cooperating", task.cooperating)):
            for code in sorted(set(codes) - responsible):
                yield table.mistake(line, column, f"{code} không có trong / is not in units.csv")
        for code in sorted(set(task.lead) & set(task.cooperating)):
            yield table.mistake(line, "cooperating", f"{code} đã chủ trì / leads the task already")
        yield from _task_days(table, line, task)


def _task_days(table: Table[Task], line: int, task: Task) -> Iterator[Mistake]:
    least, most = _DAYS_OF_KIND[task.schedule_kind]
    if not least <= len(task.last_days_on) <= most:
        wanted = {0: "không có ngày / no day", 1: "đúng một ngày / one day", 2: "từ hai ngày / two days and more"}[
            least
        ]
        yield table.mistake(line, "last_days_on", f"{task.schedule_kind}: {wanted}")
    if any(later <= earlier for earlier, later in pairwise(task.last_days_on)):
        yield table.mistake(line, "last_days_on", "không theo thứ tự / are not in order")
    if task.first_day is not None and any(day < task.first_day for day in task.last_days_on):
        yield table.mistake(line, "first_day", "sau ngày cuối / is after a last day")


def _report_items(files: PlanFiles) -> Iterator[Mistake]:
    table, types = files.report_items, files.report_type_by_id
    for line, item in table:
        report_type = types.get(item.report_type)
        if report_type is None or report_type.form != "workbook":
            problem = (
                f"{item.report_type} không phải loại báo cáo bằng bảng tính / is no report type that is a workbook"
            )
            yield table.mistake(line, "report_type", problem)
            continue
        words = {"all", *report_type.item_word.values()}
        for word in sorted(set(item.required_in) - words):
            yield table.mistake(line, "required_in", f"{word} không phải kỳ nào / stands for no period")
        yield from _relation(table, line, item)


def _relation(table: Table[ReportItem], line: int, item: ReportItem) -> Iterator[Mistake]:
    """A relation is between items of one workbook."""
    codes = {other.code for other in table.rows if other.report_type == item.report_type}
    try:
        relations = parse_relations(item.relation, item.code)
    except ValueError as error:
        yield table.mistake(line, "relation", str(error))
        return
    unknown = sorted({code for relation in relations for code in relation.item_codes} - codes)
    if unknown:
        yield table.mistake(line, "relation", f"không có mục / unknown item {', '.join(unknown)}")


def _opening_balance(files: PlanFiles) -> Iterator[Mistake]:
    table, first_line = files.opening_balance, dict[tuple[str, str, str], int]()
    fields = {procedure.field for procedure in files.procedures.rows}
    for line, balance in table:
        if balance.period not in files.period_by_id:
            yield table.mistake(line, "period", f"không có kỳ / unknown period {balance.period}")
        if balance.office not in files.unit_codes:
            yield table.mistake(line, "office", f"{balance.office} không có trong / is not in units.csv")
        if balance.field not in fields:
            yield table.mistake(line, "field", f"{balance.field} không có trong / is no field of procedures.csv")
        first = first_line.setdefault((balance.period, balance.office, balance.field), line)
        if first != line:
            yield table.mistake(line, "field", f"đã có ở dòng / stands already in line {first}")


def _earlier_figures(files: PlanFiles) -> Iterator[Mistake]:
    table, first_line = files.earlier_figures, dict[tuple[str, str, str], int]()
    asked_for = {name for period in files.periods.period for name in (period.before, period.year_ago) if name}
    for line, figure in table:
        if figure.period in files.period_by_id:
            yield table.mistake(line, "period", f"{figure.period} là kỳ của kế hoạch / is a period of the plan itself")
        elif figure.period not in asked_for:
            problem = f"không kỳ nào so với {figure.period} / no period is compared with it"
            yield table.mistake(line, "period", problem)
        if figure.unit and figure.unit not in files.unit_codes:
            yield table.mistake(line, "unit", f"{figure.unit} không có trong / is not in units.csv")
        if figure.denominator < 0 or figure.numerator < 0:
            yield table.mistake(line, "numerator", "âm / a part of the figure is negative")
        first = first_line.setdefault((figure.period, figure.indicator, figure.unit), line)
        if first != line:
            yield table.mistake(line, "indicator", f"đã có ở dòng / stands already in line {first}")


TABLE_CHECKS = (_units, _procedures, _tasks, _report_items, _opening_balance, _earlier_figures)

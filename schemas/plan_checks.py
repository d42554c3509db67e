"""Do the files of a plan agree with each other, and does each say what can be?

Every check returns its mistakes; none stops at the first. A row or key that could not be read is not here any more.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.plan_files import Mistake, Table
from schemas.plan_models import (
    EVERY_OFFICE,
    EVERY_UNIT,
    CalendarDay,
    CodePattern,
    EarlierFigure,
    OpeningBalance,
    Period,
    PeriodsDocument,
    PlanDocument,
    Procedure,
    ReportItem,
    ReportType,
    Target,
    TargetsDocument,
    Task,
    Unit,
)
from schemas.relation import parse_relations
from schemas.text import comparison_key

# A report is in time at the latest this long after its period: a later day is a wrong year.
_LATEST = timedelta(days=366)
_ONLINE_LEVEL = 3
_NEW_LEVELS = ("một phần", "toàn trình")


@dataclass(frozen=True)
class PlanFiles:
    """Everything of a plan folder that could be read."""

    document: PlanDocument
    periods: PeriodsDocument
    targets: TargetsDocument
    units: Table[Unit]
    procedures: Table[Procedure]
    tasks: Table[Task]
    report_items: Table[ReportItem]
    calendar_days: Table[CalendarDay]
    opening_balance: Table[OpeningBalance]
    earlier_figures: Table[EarlierFigure]

    @property
    def unit_codes(self) -> set[str]:
        """The codes of offices and units."""
        return {unit.code for unit in self.units.rows}

    @property
    def period_by_id(self) -> dict[str, Period]:
        """The periods by name."""
        return {period.id: period for period in self.periods.period}

    @property
    def report_type_by_id(self) -> dict[str, ReportType]:
        """The report types by name."""
        return {report_type.id: report_type for report_type in self.periods.report_type}

    @property
    def area_ids(self) -> set[str]:
        """The names of the areas."""
        return {area.id for area in self.document.area}


def cross_check(files: PlanFiles) -> list[Mistake]:
    """Return every mistake of a plan whose files could each be read."""
    checks: Sequence[Callable[[PlanFiles], Iterable[Mistake]]] = (
        _document, _calendar, _periods, _report_types, _outgoing_reports, _targets, _series_breaks, _units,
        _procedures, _tasks, _report_items, _opening_balance, _earlier_figures,
    )  # fmt: skip
    return [mistake for check in checks for mistake in check(files)]


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _twice(file: str, noun: str, names: Iterable[str]) -> list[Mistake]:
    return [Mistake(file, f"{noun} {name}", "có hai lần / stands twice") for name in _repeated(names)]


def _document(files: PlanFiles) -> Iterator[Mistake]:
    document, span = files.document, files.document.calendar
    try:
        ZoneInfo(document.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        problem = f"không có múi giờ / unknown time zone {document.timezone}"
        yield Mistake("plan.toml", "key timezone", problem)
    if document.consolidating_office not in files.unit_codes:
        yield Mistake("plan.toml", "key consolidating_office", "không có trong / is not in units.csv")
    yield from _code_pattern("dossier_code", document.dossier_code)
    yield from _code_pattern("procedure_code", document.procedure_code)
    if span.last_day < span.first_day:
        yield Mistake("plan.toml", "key calendar.last_day", "trước ngày đầu / is before the first day")
    if not span.first_day <= span.decreed_through <= span.last_day:
        yield Mistake("plan.toml", "key calendar.decreed_through", "nằm ngoài lịch / lies outside the calendar")
    if not set(span.weekly_days_off) < set(range(1, 8)):
        problem = "phải là thứ 1 đến 7 và chừa ngày làm việc / must be ISO weekdays 1 to 7, and not all of them"
        yield Mistake("plan.toml", "key calendar.weekly_days_off", problem)
    yield from _twice("plan.toml", "area", (area.id for area in document.area))
    yield from _twice("plan.toml", "provision", (provision.id for provision in document.provision))


def _code_pattern(key: str, code: CodePattern) -> Iterator[Mistake]:
    try:
        matches = re.fullmatch(code.pattern, code.example)
    except re.error as error:
        yield Mistake("plan.toml", f"key {key}.pattern", f"không phải mẫu / is no regular expression: {error}")
        return
    if matches is None:
        yield Mistake("plan.toml", f"key {key}.example", "không đúng mẫu / does not match the pattern")


def _calendar(files: PlanFiles) -> Iterator[Mistake]:
    span = files.document.calendar
    for line, stated in files.calendar_days:
        is_weekly_off = stated.day.isoweekday() in span.weekly_days_off
        if not span.first_day <= stated.day <= span.last_day:
            problem = f"ngoài lịch / is outside {span.first_day} to {span.last_day}"
            yield files.calendar_days.mistake(line, "day", problem)
        if stated.kind == "worked" and not is_weekly_off:
            problem = "ngày làm việc sẵn / is a working day already: only a weekly day off can be worked"
            yield files.calendar_days.mistake(line, "kind", problem)
        if stated.kind == "off" and is_weekly_off:
            yield files.calendar_days.mistake(line, "kind", "là ngày nghỉ hằng tuần / is a weekly day off already")
        expected = "expected" if stated.day > span.decreed_through else "decreed"
        if stated.status != expected:
            problem = f"phải là / must be {expected}: decreed_through = {span.decreed_through}"
            yield files.calendar_days.mistake(line, "status", problem)


def _periods(files: PlanFiles) -> Iterator[Mistake]:
    periods, span = files.periods.period, files.document.calendar
    known = files.period_by_id
    yield from _twice("periods.toml", "period", (period.id for period in periods))
    for period in periods:
        place = f"period {period.id}"
        if period.last_day < period.first_day:
            yield Mistake("periods.toml", place, "kết thúc trước khi bắt đầu / ends before it begins")
        if period.first_day < span.first_day or span.last_day < period.last_day:
            yield Mistake("periods.toml", place, "nằm ngoài lịch / lies outside the calendar")
        for key, other in (("before", period.before), ("year_ago", period.year_ago)):
            if other in known and known[other].last_day >= period.first_day:
                yield Mistake("periods.toml", f"{place}, {key}", f"{other} không ở trước / is not before it")
    flows = sorted((p for p in periods if p.kind == "flow"), key=lambda p: (p.first_day, p.id))
    for earlier, later in pairwise(flows):
        if earlier.id != later.id and later.first_day <= earlier.last_day:
            problem = f"chồng lên / overlaps {earlier.id}: a dossier would count twice"
            yield Mistake("periods.toml", f"period {later.id}", problem)


def _day_is_sensible(file_place: str, period: Period | None, period_id: str, last_day_on: date) -> Iterator[Mistake]:
    """Check a report's last day against its period: an unknown period, or a day in the wrong year."""
    if period is None:
        yield Mistake("periods.toml", file_place, f"không có kỳ / unknown period {period_id}")
    elif last_day_on < period.first_day:
        yield Mistake("periods.toml", file_place, f"hạn của / the last day for {period_id} is before the period begins")
    elif last_day_on > period.last_day + _LATEST:
        yield Mistake("periods.toml", file_place, f"hạn của / the last day for {period_id} is over a year after it")


def _report_types(files: PlanFiles) -> Iterator[Mistake]:
    known = files.period_by_id
    yield from _twice("periods.toml", "report_type", (report_type.id for report_type in files.periods.report_type))
    for report_type in files.periods.report_type:
        place = f"report_type {report_type.id}"
        for period_id, last_day_on in report_type.last_day_on.items():
            yield from _day_is_sensible(place, known.get(period_id), period_id, last_day_on)
        named = {*report_type.days_after_decision, *report_type.item_word, *report_type.provisional_in}
        for period_id in sorted(named - set(known)):
            yield Mistake("periods.toml", place, f"không có kỳ / unknown period {period_id}")
        for period_id in sorted(set(report_type.last_day_on) & set(report_type.days_after_decision)):
            yield Mistake("periods.toml", place, f"hai hạn cho / two last days for {period_id}")
        for period_id, days in report_type.days_after_decision.items():
            if days < 1:
                yield Mistake(
                    "periods.toml", place, f"hạn cho / the last day for {period_id} is not after the decision"
                )
        for period_id in report_type.provisional_in:
            stated = report_type.last_day_on.get(period_id)
            if period_id in known and (stated is None or stated >= known[period_id].last_day):
                problem = f"tạm tính mà hạn không trước ngày cuối kỳ / is due after {period_id} ends: not provisional"
                yield Mistake("periods.toml", place, problem)


def _outgoing_reports(files: PlanFiles) -> Iterator[Mistake]:
    known = files.period_by_id
    yield from _twice("periods.toml", "outgoing_report", (report.id for report in files.periods.outgoing_report))
    for report in files.periods.outgoing_report:
        for period_id, last_day_on in report.last_day_on.items():
            place = f"outgoing_report {report.id}"
            yield from _day_is_sensible(place, known.get(period_id), period_id, last_day_on)


def _dimension_values(files: PlanFiles) -> Mapping[str, set[str]]:
    """Return the values that the plan itself gives a dimension; others have values of the data."""
    return {
        "report_type": set(files.report_type_by_id),
        "area": files.area_ids,
        "field": {procedure.field for procedure in files.procedures.rows},
        "procedure_code": {procedure.code for procedure in files.procedures.rows},
    }


def _targets(files: PlanFiles) -> Iterator[Mistake]:
    yield from _twice("targets.toml", "target", (target.id for target in files.targets.target))
    task_ids = {task.id for task in files.tasks.rows}
    values = _dimension_values(files)
    for target in files.targets.target:
        place = f"target {target.id}"
        yield from _target_kind(target, place)
        for task in sorted(set(target.tasks) - task_ids):
            yield Mistake("targets.toml", place, f"không có nhiệm vụ / unknown task {task}")
        for way in target.ways:
            if not way.indicator:
                yield Mistake("targets.toml", place, "so sánh mà không nêu chỉ số / compares without an indicator")
            if (way.threshold is None) != (way.comparison == "rising"):
                problem = "cần ngưỡng, trừ khi là rising / needs a threshold unless it is rising"
                yield Mistake("targets.toml", place, problem)
            if bool(way.dimension) != bool(way.dimension_value):
                yield Mistake("targets.toml", place, "cần cả / needs dimension and dimension_value, or neither")
            elif way.dimension in values and way.dimension_value not in values[way.dimension]:
                problem = f"{way.dimension} không có giá trị / has no value {way.dimension_value}"
                yield Mistake("targets.toml", place, problem)


def _target_kind(target: Target, place: str) -> Iterator[Mistake]:
    """A target is met by one comparison, by parts or by tasks, or it stands in words alone."""
    told = [target.comparison is not None, bool(target.part), bool(target.tasks)]
    if sum(told) > 1:
        problem = "chỉ một cách: so sánh, part hoặc tasks / takes a comparison, parts or tasks, not two of them"
        yield Mistake("targets.toml", place, problem)
    if target.comparison is None and (target.threshold is not None or target.dimension):
        yield Mistake("targets.toml", place, "thiếu comparison / has a threshold or dimension without a comparison")
    if target.indicator and not any(told):
        yield Mistake("targets.toml", place, "có chỉ số mà không so sánh / names an indicator without a comparison")
    if target.indicator and target.tasks:
        yield Mistake("targets.toml", place, "có cả chỉ số và nhiệm vụ / names both an indicator and tasks")


def _series_breaks(files: PlanFiles) -> Iterator[Mistake]:
    span = files.document.calendar
    for broken in files.targets.series_break:
        place = f"series_break {broken.on}"
        if not broken.indicators:
            yield Mistake("targets.toml", place, "không nêu chỉ số / names no indicator")
        if not span.first_day <= broken.on <= span.last_day:
            yield Mistake("targets.toml", place, "nằm ngoài lịch / lies outside the calendar")


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
    if procedure.level_2022 not in range(1, 5):
        yield table.mistake(line, "level_2022", "phải từ 1 đến 4 / must be 1 to 4")
    if procedure.level_after_2022_08 and procedure.level_after_2022_08 not in _NEW_LEVELS:
        yield table.mistake(line, "level_after_2022_08", f"phải là / must be {', '.join(_NEW_LEVELS)}, or blank")
    if procedure.level_after_2022_08 and not is_announced:
        problem = f"có mức mới mà chưa đến mức / has a new level below level {_ONLINE_LEVEL}"
        yield table.mistake(line, "level_after_2022_08", problem)
    if is_announced and not procedure.is_eligible_online:
        problem = f"công bố mức {procedure.level_2022} mà không đủ điều kiện / is announced online but not eligible"
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


# How many last days a schedule has: at least, at most.
_DAYS_OF_KIND = {
    "dated": (1, 1),
    "in_period": (1, 1),
    "recurring": (2, 366),
    "ongoing": (0, 0),
    "on_instruction": (0, 0),
}


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

"""Do the files of a plan agree with each other, and does each say what can be?

Every check returns its mistakes; none stops at the first. A row or key that could not be read is not here any more.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.plan_content import PlanFiles
from schemas.plan_files import Mistake, twice
from schemas.plan_models import CodePattern, Period, Target
from schemas.plan_table_checks import TABLE_CHECKS

# A report is in time at the latest this long after its period: a later day is a wrong year.
_LATEST = timedelta(days=366)


def cross_check(files: PlanFiles) -> list[Mistake]:
    """Return every mistake of a plan whose files could each be read."""
    checks: Sequence[Callable[[PlanFiles], Iterable[Mistake]]] = (
        _document, _calendar, _periods, _report_types, _outgoing_reports, _targets, _series_breaks, *TABLE_CHECKS,
    )  # fmt: skip
    return [mistake for check in checks for mistake in check(files)]


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
    yield from twice("plan.toml", "area", (area.id for area in document.area))
    yield from twice("plan.toml", "provision", (provision.id for provision in document.provision))


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
    yield from twice("periods.toml", "period", (period.id for period in periods))
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
    yield from twice("periods.toml", "report_type", (report_type.id for report_type in files.periods.report_type))
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
    yield from twice("periods.toml", "outgoing_report", (report.id for report in files.periods.outgoing_report))
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
    yield from twice("targets.toml", "target", (target.id for target in files.targets.target))
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

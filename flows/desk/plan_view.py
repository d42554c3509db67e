"""What does the plan fix, as people look it up? And is it right, down to the indicators that it names?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from flows.entry.door import MisuseError
from flows.entry.places import PLANS
from schemas.disclosure import DISCLOSURE_FILE
from schemas.nearest import names_meant
from schemas.plan import Plan, PlanError, load_plan
from schemas.plan_files import Mistake
from schemas.plan_models import (
    Area,
    CalendarDay,
    Convention,
    Note,
    OutgoingReport,
    Period,
    PlanDocument,
    Procedure,
    ReportItem,
    ReportType,
    SeriesBreak,
    Target,
    Task,
    Unit,
)
from sources.logs.profile import load_profiles
from sources.reports.profile import load_report_profiles
from sql.indicators import load_indicators

DEFAULT_PLAN = "svhtt-khanh-hoa-2022"
_DOCUMENT = "plan.toml"


@dataclass(frozen=True)
class DueDay:
    """The last day in time; None while it is not determined. A day off is flagged, and moves only where that is set."""

    last_day_on: date | None
    is_day_off: bool
    period: str = ""
    is_provisional: bool = False


@dataclass(frozen=True)
class PeriodShown:
    """A period and how many days of it are worked."""

    period: Period
    working_day_count: int


@dataclass(frozen=True)
class ReportTypeShown:
    """A report type, who sends it (codes of units), when, and with which line items."""

    report_type: ReportType
    senders: tuple[str, ...]
    due: tuple[DueDay, ...]
    items: tuple[ReportItem, ...]


@dataclass(frozen=True)
class OutgoingShown:
    """A report that the department owes, and when."""

    report: OutgoingReport
    due: tuple[DueDay, ...]


@dataclass(frozen=True)
class TaskShown:
    """A task, the names of those who lead and cooperate, and its last days."""

    task: Task
    lead_vi: tuple[str, ...]
    cooperating_vi: tuple[str, ...]
    due: tuple[DueDay, ...]


@dataclass(frozen=True)
class AreaShown:
    """An area of the appendix with its tasks."""

    area: Area
    tasks: tuple[TaskShown, ...]


@dataclass(frozen=True)
class YearShown:
    """A calendar year: its working days, and the days that are not what their weekday says."""

    year: int
    working_day_count: int
    is_decreed: bool
    days: tuple[CalendarDay, ...]


@dataclass(frozen=True)
class PlanView:
    """Everything that a plan fixes."""

    document: PlanDocument
    sha256: str
    periods: tuple[PeriodShown, ...]
    report_types: tuple[ReportTypeShown, ...]
    outgoing_reports: tuple[OutgoingShown, ...]
    targets: tuple[Target, ...]
    series_breaks: tuple[SeriesBreak, ...]
    areas: tuple[AreaShown, ...]
    units: tuple[Unit, ...]
    procedures: tuple[Procedure, ...]
    calendar: tuple[YearShown, ...]
    conventions: Mapping[str, Convention[str] | Convention[bool] | Convention[Decimal]]
    notes: tuple[Note, ...]


def plan_folder(named: str) -> Path:
    """Return the folder of a plan: one that is named by its path, or a bundled one; MisuseError lists the bundled."""
    stated = Path(named)
    if stated.is_dir() and (stated / _DOCUMENT).is_file():
        return stated
    bundled = sorted(path.name for path in PLANS.iterdir() if (path / _DOCUMENT).is_file())
    if named in bundled:
        return PLANS / named
    raise MisuseError(
        f"không có kế hoạch {named} / there is no such plan: hãy nêu thư mục có {_DOCUMENT} / give a folder with"
        f" {_DOCUMENT}, hoặc kế hoạch kèm theo / or a bundled one, {names_meant(named, bundled)}"
    )


def checked_plan(folder: Path) -> Plan:
    """Return the plan of a folder, its profiles and indicators checked too; PlanError has every mistake."""
    plan = load_plan(folder)
    load_profiles(plan.folder)
    load_report_profiles(plan)
    mistakes = list(_unknown_indicators(plan))
    if mistakes:
        raise PlanError(mistakes)
    return plan


def _unknown_indicators(plan: Plan) -> Iterator[Mistake]:
    """Find what the plan asks of indicators that are not there."""
    indicators = load_indicators()
    problem = "không có chỉ số / unknown indicator {}"
    for target in plan.targets:
        place = f"target {target.id}"
        named = [target.indicator, *(way.indicator for way in target.ways)]
        for name in dict.fromkeys(name for name in named if name and name not in indicators):
            yield Mistake("targets.toml", place, problem.format(name))
        for way in target.ways:
            indicator = indicators.get(way.indicator)
            if indicator is not None and way.dimension and way.dimension not in indicator.dimensions:
                yield Mistake("targets.toml", place, f"{indicator.id} không chia theo / is not by {way.dimension}")
    for broken in plan.series_breaks:
        for name in broken.indicators:
            if name not in indicators:
                yield Mistake("targets.toml", f"series_break {broken.on}", problem.format(name))
    for name in plan.disclosure.not_about_persons.value:
        if name not in indicators:
            yield Mistake(DISCLOSURE_FILE, "key not_about_persons", problem.format(name))
    for figure in plan.earlier_figures:
        if figure.indicator not in indicators:
            place = f"{figure.period} {figure.unit}".strip()
            yield Mistake("earlier_figures.csv", place, problem.format(figure.indicator))


def counts(plan: Plan) -> dict[str, int]:
    """Return how many rows of each kind a plan has, by the name of the kind."""
    return {
        "periods": len(plan.periods),
        "report_types": len(plan.report_types),
        "report_items": len(plan.report_items),
        "outgoing_reports": len(plan.outgoing_reports),
        "targets": len(plan.targets),
        **{f"tasks {shown.area.id}": len(shown.tasks) for shown in areas_shown(plan)},
        "tasks": len(plan.tasks),
        "offices": sum(unit.kind == "office" for unit in plan.units),
        "units": sum(unit.kind == "unit" for unit in plan.units),
        "procedures": len(plan.procedures),
        "calendar_days": len(plan.calendar_days),
        "opening_balance": len(plan.opening_balance),
        "earlier_figures": len(plan.earlier_figures),
    }


def areas_shown(plan: Plan, only: str | None = None) -> tuple[AreaShown, ...]:
    """Return the areas with their tasks, or one of them; MisuseError lists the areas where it is unknown."""
    areas = plan.document.area
    if only is not None and only not in {area.id for area in areas}:
        known = names_meant(only, [area.id for area in areas])
        raise MisuseError(f"kế hoạch không có lĩnh vực {only} / the plan has no such area: {known}")
    return tuple(
        AreaShown(area, tuple(_task(plan, task) for task in plan.tasks if task.area == area.id))
        for area in areas
        if only in (None, area.id)
    )


def plan_view(plan: Plan) -> PlanView:
    """Return everything that the plan fixes, in its own order."""
    calendar = plan.calendar
    return PlanView(
        document=plan.document,
        sha256=plan.sha256,
        periods=tuple(PeriodShown(p, calendar.working_days_in(p.first_day, p.last_day)) for p in plan.periods),
        report_types=tuple(_report_type(plan, report_type) for report_type in plan.report_types),
        outgoing_reports=tuple(
            OutgoingShown(report, tuple(_due(plan, day, period) for period, day in report.last_day_on.items()))
            for report in plan.outgoing_reports
        ),
        targets=plan.targets,
        series_breaks=plan.series_breaks,
        areas=areas_shown(plan),
        units=plan.units,
        procedures=plan.procedures,
        calendar=tuple(_years(plan)),
        conventions=plan.conventions.settings(),
        notes=plan.conventions.note,
    )


def _due(plan: Plan, day: date | None, period: str = "", provisional_in: Iterable[str] = ()) -> DueDay:
    is_day_off = day is not None and not plan.calendar.is_working(day)
    return DueDay(day, is_day_off, period, period in provisional_in)


def _report_type(plan: Plan, report_type: ReportType) -> ReportTypeShown:
    due = (
        _due(plan, plan.last_day_on(report_type, period), period, report_type.provisional_in)
        for period in report_type.period_ids
    )
    items = tuple(item for item in plan.report_items if item.report_type == report_type.id)
    return ReportTypeShown(report_type, plan.expected_senders(report_type), tuple(due), items)


def _task(plan: Plan, task: Task) -> TaskShown:
    return TaskShown(
        task,
        tuple(plan.lead_name(code) for code in task.lead),
        tuple(plan.lead_name(code) for code in task.cooperating),
        tuple(_due(plan, day) for day in task.last_days_on),
    )


def _years(plan: Plan) -> Iterator[YearShown]:
    span = plan.document.calendar
    for year in range(span.first_day.year, span.last_day.year + 1):
        first, last = max(span.first_day, date(year, 1, 1)), min(span.last_day, date(year, 12, 31))
        stated = tuple(day for day in sorted(plan.calendar_days, key=lambda d: d.day) if day.day.year == year)
        yield YearShown(year, plan.calendar.working_days_in(first, last), last <= span.decreed_through, stated)

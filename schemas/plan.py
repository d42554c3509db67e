"""What does the plan fix, and is the folder that holds it right?

A plan is a folder of data: department, periods, due dates, units, procedures, line items, targets. It is checked as a
whole at load; every mistake is reported at once with its file and its line or key: first what cannot be read, then,
where everything could be, what does not agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas.calendar import Calendar
from schemas.catalogue import Catalogue, read_catalogue
from schemas.disclosure import DISCLOSURE_FILE, Disclosure, check_disclosure
from schemas.plan_checks import cross_check
from schemas.plan_content import PlanFiles
from schemas.plan_files import Mistake, Table, plan_texts, read_document, read_table, texts_sha256
from schemas.plan_models import (
    EVERY_OFFICE,
    EVERY_UNIT,
    CalendarDay,
    Conventions,
    EarlierFigure,
    OpeningBalance,
    OutgoingReport,
    Period,
    PeriodsDocument,
    PlanDocument,
    Procedure,
    ReportItem,
    ReportType,
    SeriesBreak,
    Target,
    TargetsDocument,
    Task,
    ToConfirm,
    Unit,
)
from schemas.text import comparison_key

TO_CONFIRM = "to_confirm.csv"


class PlanError(ValueError):
    """Raised with every mistake of a plan folder at once; `remedy` says what to type where there is a way back."""

    def __init__(self, mistakes: Iterable[Mistake], remedy: str = "") -> None:
        self.mistakes = tuple(sorted(mistakes))
        self.remedy = remedy
        super().__init__("; ".join(str(mistake) for mistake in self.mistakes))


@dataclass(frozen=True)
class Plan:
    """A checked plan. `sha256` covers the name and the bytes of every file of its folder, which are its `texts`."""

    folder: Path
    sha256: str
    texts: Mapping[str, str] = field(repr=False)
    document: PlanDocument
    conventions: Conventions
    disclosure: Disclosure
    periods: tuple[Period, ...]
    report_types: tuple[ReportType, ...]
    outgoing_reports: tuple[OutgoingReport, ...]
    targets: tuple[Target, ...]
    series_breaks: tuple[SeriesBreak, ...]
    units: tuple[Unit, ...]
    procedures: tuple[Procedure, ...]
    tasks: tuple[Task, ...]
    report_items: tuple[ReportItem, ...]
    calendar_days: tuple[CalendarDay, ...]
    opening_balance: tuple[OpeningBalance, ...]
    earlier_figures: tuple[EarlierFigure, ...]
    to_confirm: tuple[ToConfirm, ...]
    catalogue: Catalogue

    @property
    def open_items(self) -> tuple[ToConfirm, ...]:
        """What somebody must still confirm before the plan can be in force."""
        return tuple(item for item in self.to_confirm if item.is_open)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the plan's days begin and end."""
        return ZoneInfo(self.document.timezone)

    @cached_property
    def calendar(self) -> Calendar:
        """The working days of the plan."""
        return Calendar(self.document.calendar, self.calendar_days)

    @cached_property
    def _unit_by_key(self) -> dict[str, str]:
        return {
            comparison_key(name): unit.code
            for unit in self.units
            for name in (unit.code, unit.name_vi, unit.short_name, *unit.aliases)
        }

    def unit_code(self, name: str) -> str | None:
        """Return the code of the unit or office that goes by this name, or None: never a near match."""
        return self._unit_by_key.get(comparison_key(name))

    def unit(self, code: str) -> Unit:
        """Return the unit with this code; KeyError names an unknown one."""
        return {unit.code: unit for unit in self.units}[code]

    def period(self, period_id: str) -> Period:
        """Return the period with this id; KeyError names an unknown one."""
        return {period.id: period for period in self.periods}[period_id]

    def report_type(self, type_id: str) -> ReportType:
        """Return the report type with this id; KeyError names an unknown one."""
        return {report_type.id: report_type for report_type in self.report_types}[type_id]

    def expected_senders(self, report_type: ReportType) -> tuple[str, ...]:
        """Return the codes of those who owe this report."""
        if report_type.senders == "consolidating_office":
            return (self.document.consolidating_office,)
        return tuple(unit.code for unit in self.units if unit.sends_reports)

    def last_day_on(self, report_type: ReportType, period_id: str) -> date | None:
        """Return the last day on which this report is in time; None while the day of the decision is not known."""
        stated = report_type.last_day_on.get(period_id)
        if stated is None:
            decided_on = self.document.decision.on
            if decided_on is None:
                return None
            stated = decided_on + timedelta(days=report_type.days_after_decision[period_id])
        is_moved = self.conventions.last_day_off_is_moved.value
        return self.calendar.working_day_from(stated) if is_moved else stated

    def items_required_in(self, report_type: ReportType, period_id: str) -> tuple[ReportItem, ...]:
        """Return the line items that this report must fill for this period."""
        words = {"all", report_type.item_word.get(period_id, "all")}
        return tuple(
            item for item in self.report_items if item.report_type == report_type.id and words & set(item.required_in)
        )

    def lead_name(self, lead: str) -> str:
        """Return how the lead of a task is called: a unit, or every office or unit together."""
        together = {EVERY_OFFICE: "Các phòng chuyên môn", EVERY_UNIT: "Các đơn vị sự nghiệp"}
        return together.get(lead) or self.unit(lead).name_vi


def load_plan(folder: Path) -> Plan:
    """Read and check a plan folder; raise PlanError with all its mistakes."""
    mistakes: list[Mistake] = []
    texts = plan_texts(folder, mistakes)
    document = read_document(folder / "plan.toml", PlanDocument, mistakes)
    conventions = read_document(folder / "conventions.toml", Conventions, mistakes)
    disclosure = read_document(folder / DISCLOSURE_FILE, Disclosure, mistakes)
    periods = read_document(folder / "periods.toml", PeriodsDocument, mistakes)
    targets = read_document(folder / "targets.toml", TargetsDocument, mistakes)
    units = read_table(folder / "units.csv", Unit, "code", mistakes)
    procedures = read_table(folder / "procedures.csv", Procedure, "code", mistakes)
    items = read_table(folder / "report_items.csv", ReportItem, "code", mistakes)
    tasks = read_table(folder / "tasks.csv", Task, "id", mistakes)
    days = read_table(folder / "calendar.csv", CalendarDay, "day", mistakes)
    opening = read_table(folder / "opening_balance.csv", OpeningBalance, None, mistakes)
    earlier = read_table(folder / "earlier_figures.csv", EarlierFigure, None, mistakes)
    has_open = (folder / TO_CONFIRM).exists()
    to_confirm = (
        read_table(folder / TO_CONFIRM, ToConfirm, "item", mistakes) if has_open else Table[ToConfirm](TO_CONFIRM)
    )
    catalogue = read_catalogue(folder, mistakes)
    if document is None or conventions is None or disclosure is None or periods is None or targets is None or mistakes:
        raise PlanError(mistakes)
    files = PlanFiles(document, periods, targets, units, procedures, tasks, items, days, opening, earlier)
    mistakes = [*cross_check(files), *check_disclosure(disclosure)]
    if mistakes:
        raise PlanError(mistakes)
    return Plan(
        folder=folder,
        sha256=texts_sha256(texts),
        texts=texts,
        document=document,
        conventions=conventions,
        disclosure=disclosure,
        periods=periods.period,
        report_types=periods.report_type,
        outgoing_reports=periods.outgoing_report,
        targets=targets.target,
        series_breaks=targets.series_break,
        units=units.rows,
        procedures=procedures.rows,
        tasks=tasks.rows,
        report_items=items.rows,
        calendar_days=days.rows,
        opening_balance=opening.rows,
        earlier_figures=earlier.rows,
        to_confirm=to_confirm.rows,
        catalogue=catalogue,
    )

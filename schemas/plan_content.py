"""What do the files of a plan folder hold, once each of them could be read?"""

from dataclasses import dataclass

from schemas.plan_files import Table
from schemas.plan_models import (
    CalendarDay,
    EarlierFigure,
    OpeningBalance,
    Period,
    PeriodsDocument,
    PlanDocument,
    Procedure,
    ReportItem,
    ReportType,
    TargetsDocument,
    Task,
    Unit,
)


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

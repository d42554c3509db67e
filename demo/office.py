"""How would a real office's files of a year look, in the order in which they come?

The one-stop shop's export of each quarter and the units' reports, with the mistakes that real ones have. Everything is
invented; the same plan and seed give the same bytes. What was planted is returned beside the files.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from demo.dossiers import World, exported_after, invent_world
from demo.faults import REJECTING_RULES, PlantedLog, plant
from demo.log import active_in, as_exported, log_workbook
from demo.reports import (
    Figure,
    UnitYear,
    filled_progress,
    filled_report,
    invent_scores,
    invent_unit_year,
    own_tasks,
    planned_tasks,
)
from schemas.plan import Plan
from schemas.plan_models import EarlierFigure, OpeningBalance, Period, ReportType, Unit

INVENTED = "số liệu giả định cho bản chạy thử"
_DAYS_LATE = 2
_DAYS_TO_CORRECT = 2
_MINIMUM_SENDERS = 4
# Shares of the year before, in thousandths, by indicator: of the first quarter and of the last.
_SHARES_BEFORE = {
    "early_share": (700, 745), "overdue_share": (31, 24), "online_share_all": (262, 334), "satisfaction": (812, 826),
}  # fmt: skip
_DOSSIERS_BEFORE = 330


@dataclass(frozen=True)
class DemoFile:
    """A file as it reached the department: when, and what shows that day."""

    name: str
    content: bytes
    officially_received_on: date
    evidence: str


@dataclass(frozen=True)
class PlantedLogFaults:
    """What was planted in one export: rows, rejected rows, rows by rule, and open dossiers whose row is rejected."""

    row_count: int
    rejected_row_count: int
    findings: Mapping[str, int]
    rejected_open_codes: tuple[str, ...]


@dataclass(frozen=True)
class Troubles:
    """Which unit stands for which kind of trouble in a period (codes).

    The repeating unit's sums are wrong every time; the resubmitting one writes words into number cells, and corrects
    them two days later.
    """

    missing: str
    late: str
    resubmitting: str
    repeating: str

    @property
    def report_findings(self) -> dict[str, int]:
        """How many cells break each rule in the period's reports."""
        return {"R001": 2, "R003": 1}


@dataclass(frozen=True)
class DemoBatch:
    """Files that come together, and the periods that are consolidated when they have been taken in."""

    period_ids: tuple[str, ...]
    files: tuple[DemoFile, ...]


@dataclass(frozen=True)
class DemoOffice:
    """One invented year of an office: its dossiers, and its units by code."""

    plan: Plan
    seed: int
    world: World
    unit_years: Mapping[str, UnitYear]
    order: tuple[str, ...]

    @property
    def opening_balance(self) -> tuple[OpeningBalance, ...]:
        """The dossiers that were open when the year began, by office and field."""
        first = self.world.quarters[0]
        procedures = [d.procedure for d in self.world.dossiers if d.received_at.date() < first.first_day]
        counted = Counter((procedure.office, procedure.field) for procedure in procedures)
        return tuple(
            OpeningBalance(
                period=first.id, office=office, field=field, pending_count=count, evidence=INVENTED, basis="example"
            )
            for (office, field), count in sorted(counted.items())
        )

    @property
    def earlier_figures(self) -> tuple[EarlierFigure, ...]:
        """Figures of the periods with which those of the year are compared, marked as invented."""
        ids = {i for p in self.plan.periods for i in (p.before, p.year_ago) if i} - {p.id for p in self.plan.periods}
        return tuple(
            EarlierFigure(
                period=period_id,
                indicator=indicator,
                unit="",
                numerator=Decimal(_DOSSIERS_BEFORE * (first + (last - first) * n // max(len(ids) - 1, 1)) // 1000),
                denominator=Decimal(_DOSSIERS_BEFORE),
                evidence=INVENTED,
                basis="example",
            )
            for n, period_id in enumerate(sorted(ids))
            for indicator, (first, last) in _SHARES_BEFORE.items()
        )

    def troubles(self, period: Period) -> Troubles:
        """Return who has which trouble with the report of a period: always one, and the others in turn."""
        repeating, *others = self.order
        turn = list(self.plan.report_type("cchc").last_day_on).index(period.id)
        missing, late, resubmitting = (others[(turn + step) % len(others)] for step in range(3))
        return Troubles(missing, late, resubmitting, repeating)

    def planted_log(self, quarter: Period) -> PlantedLog:
        """Return the rows of a quarter's export, with its mistakes."""
        n = self.world.quarters.index(quarter)
        before = self.world.quarters[n - 1] if n else None
        at = exported_after(quarter)
        shown = [(d, as_exported(d, at)) for d in active_in(quarter, self.world.dossiers, before)]
        rng = random.Random(f"{self.seed}/log/{quarter.id}")
        return plant(self.plan, quarter, shown, rng, rejects_open=n % 2 == 0)

    def planted(self, quarter: Period) -> PlantedLogFaults:
        """Return what was planted in a quarter's export."""
        log = self.planted_log(quarter)
        rejected = sum(log.counts[rule_id] for rule_id in REJECTING_RULES)
        return PlantedLogFaults(len(log.rows), rejected, log.counts, log.rejected_open_codes)

    def log_file(self, quarter: Period) -> DemoFile:
        """Return the export of a quarter."""
        n = self.world.quarters.index(quarter)
        content = log_workbook(self.plan, quarter, self.planted_log(quarter).rows)
        name = f"so-theo-doi-ho-so-quy-{n + 1}-{self.plan.document.year}.xlsx"
        return DemoFile(name, content, exported_after(quarter).date(), f"E-Office số {5 + 20 * n:02d}/BPMC")

    def _parts(self, period: Period) -> list[int]:
        return [
            n
            for n, quarter in enumerate(self.world.quarters)
            if period.first_day <= quarter.first_day and quarter.last_day <= period.last_day
        ]

    def _senders(self) -> list[tuple[int, Unit]]:
        return list(enumerate((unit for unit in self.plan.units if unit.sends_reports), start=21))

    def unit_reports(self, period: Period) -> list[DemoFile]:
        """Return the units' periodic reports; one is missing, one late, one wrong, one corrected two days later."""
        report_type, files = self.plan.report_type("cchc"), []
        last_day, troubles = report_type.last_day_on[period.id], self.troubles(period)
        is_provisional = period.id in report_type.provisional_in
        rng = random.Random(f"{self.seed}/reports/{period.id}")
        for number, unit in self._senders():
            received_on = last_day - timedelta(days=_DAYS_TO_CORRECT + rng.randrange(5))
            if unit.code == troubles.missing:
                continue
            figures = self.unit_years[unit.code].figures(self._parts(period), is_provisional=is_provisional)
            if unit.code == troubles.late:
                received_on = last_day + timedelta(days=_DAYS_LATE)
            name, evidence = f"{unit.code}-bao-cao-CCHC-{period.id}", f"E-Office số {number}/BC-{unit.code}"
            if unit.code == troubles.resubmitting:
                wrong = figures | {"A7.1": f"khoảng {figures['A7.1']}", "A9.1": f"{figures['A9.1']} phiếu"}
                content = self._periodic(unit, period, report_type, wrong)
                files.append(DemoFile(f"{name}.xlsx", content, received_on, evidence))
                name, evidence = f"{name}-lan-2", f"E-Office số {number}b/BC-{unit.code}"
                received_on += timedelta(days=_DAYS_TO_CORRECT)
            if unit.code == troubles.repeating:
                figures = _with_wrong_sum(figures)
            files.append(
                DemoFile(f"{name}.xlsx", self._periodic(unit, period, report_type, figures), received_on, evidence)
            )
        return files

    def final_reports(self, period: Period) -> list[DemoFile]:
        """Return the final reports that some units send after a period whose reports were provisional."""
        report_type, troubles = self.plan.report_type("cchc"), self.troubles(period)
        chosen = [(n, u) for n, u in self._senders() if n % 2 and u.code not in (troubles.missing, troubles.repeating)]
        return [
            DemoFile(
                f"{unit.code}-bao-cao-CCHC-{period.id}-chinh-thuc.xlsx",
                self._periodic(unit, period, report_type, self.unit_years[unit.code].figures(self._parts(period))),
                period.last_day + timedelta(days=5),
                f"E-Office số {number}c/BC-{unit.code}",
            )
            for number, unit in chosen
        ]

    def _periodic(self, unit: Unit, period: Period, report_type: ReportType, figures: Mapping[str, Figure]) -> bytes:
        return filled_report(self.plan, unit, period, report_type, figures, own_tasks(unit, period, figures))

    def unit_plans(self, period: Period) -> list[DemoFile]:
        """Return the plans of all units but the one that reports wrong."""
        report_type = self.plan.report_type("unit_plan")
        return [
            DemoFile(
                f"{unit.code}-ke-hoach-CCHC-{self.plan.document.year}.xlsx",
                filled_report(self.plan, unit, period, report_type, {}, planned_tasks(unit, self.plan.document.year)),
                date(self.plan.document.year, 2, 7) + timedelta(days=number % 5),
                f"E-Office số {number}/KH-{unit.code}",
            )
            for number, unit in self._senders()
            if unit.code != self.order[0]
        ]

    def self_scores(self, period: Period) -> list[DemoFile]:
        """Return the self-scores of all units but the one whose annual report is missing."""
        report_type = self.plan.report_type("self_score")
        items, files = self.plan.items_required_in(report_type, period.id), []
        for number, unit in self._senders():
            scores = invent_scores(items, random.Random(f"{self.seed}/score/{unit.code}"))
            if unit.code != self.troubles(period).missing:
                content = filled_report(self.plan, unit, period, report_type, scores)
                received_on = report_type.last_day_on[period.id] - timedelta(days=number % 4)
                name = f"{unit.code}-tu-cham-diem-{period.id}.xlsx"
                files.append(DemoFile(name, content, received_on, f"E-Office số {number}/CĐ-{unit.code}"))
        return files

    def progress_report(self, period: Period) -> DemoFile:
        """Return what the standing office says of the plan's tasks."""
        report_type, office = self.plan.report_type("plan_tasks"), self.plan.document.consolidating_office
        return DemoFile(
            f"{office}-tien-do-nhiem-vu-{period.id}.xlsx",
            filled_progress(self.plan, self.plan.unit(office), period, report_type, self.seed),
            report_type.last_day_on[period.id],
            f"E-Office số {period.last_day:%m}/BC-{office}",
        )

    def first_batch(self) -> DemoBatch:
        """Return the files of the first quarter."""
        first = self.world.quarters[0]
        reports = [*self.unit_reports(first), *self.unit_plans(first), self.progress_report(first)]
        return DemoBatch((first.id,), (self.log_file(first), *reports))

    def batches(self) -> tuple[DemoBatch, ...]:
        """Return the files of the year, quarter by quarter, and the final reports that follow it."""
        due = self.plan.report_type("cchc").last_day_on
        found = [self.first_batch()]
        for quarter in self.world.quarters[1:]:
            closed = [period for period in self.plan.periods if period.last_day == quarter.last_day]
            files = [self.log_file(quarter)]
            for period in closed:
                if period.id in due:
                    files += [*self.unit_reports(period), self.progress_report(period)]
                if period.id in self.plan.report_type("self_score").last_day_on:
                    files += self.self_scores(period)
            found.append(DemoBatch(tuple(period.id for period in closed), tuple(files)))
        for period_id in self.plan.report_type("cchc").provisional_in:
            found.append(DemoBatch((period_id,), tuple(self.final_reports(self.plan.period(period_id)))))
        return tuple(found)


def _with_wrong_sum(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """Report two more tasks done late than there are tasks left, as a unit does that counts one twice."""
    due, on_time = figures["A1.2"], figures["A1.3"]
    if isinstance(due, str) or isinstance(on_time, str):
        raise ValueError("the tasks of a unit are numbers")
    return {**figures, "A1.4": due - on_time + 2}


def demo_office(plan: Plan, seed: int) -> DemoOffice:
    """Invent a year of an office.

    Raises ValueError where the plan has no quarters or too few units send reports.
    """
    quarters = sorted((period for period in plan.periods if period.kind == "flow"), key=lambda p: p.first_day)
    senders = [unit.code for unit in plan.units if unit.sends_reports]
    if not quarters or len(senders) < _MINIMUM_SENDERS:
        raise ValueError("the plan has no flow periods, or too few units that send reports")
    rng = random.Random(seed)
    return DemoOffice(
        plan=plan,
        seed=seed,
        world=invent_world(plan, quarters, rng),
        unit_years={code: invent_unit_year(random.Random(f"{seed}/unit/{code}")) for code in senders},
        order=tuple(random.Random(f"{seed}/troubles").sample(senders, len(senders))),
    )

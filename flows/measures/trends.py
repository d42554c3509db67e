"""What is a figure compared with: the period before it, and the same period of the year before?

Those periods are consolidated ones of the ledger, or earlier figures that were imported with the plan, with their
evidence. A day on which an indicator's meaning changed breaks the series: the comparison is shown and flagged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from audit.events import Entry, StoredFile
from flows.measures.periods import latest_consolidation
from flows.measures.targets import Ratio
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse.engine import Engine
from warehouse.named import files_by_table
from warehouse.workspace import Workspace

Trend = Literal["rising", "falling", "unchanged"]


@dataclass(frozen=True)
class Place:
    """Which figure: an indicator of the department, of a unit, or of one value of a dimension."""

    indicator_id: str
    unit_code: str = ""
    dimension: str = ""
    dimension_value: str = ""


Figures = Mapping[Place, Ratio]


@dataclass(frozen=True)
class Compared:
    """The figures of one period that others are compared with; empty where nothing is known of it."""

    period_id: str
    figures: Figures


def trend(now: Ratio, then: Ratio | None) -> Trend | None:
    """Return which way a figure went, compared as fractions; None where one of the two has no value."""
    if then is None or "final" not in (now.status, then.status) or now.status != then.status:
        return None
    if now.numerator is None or now.denominator is None or then.numerator is None or then.denominator is None:
        return None
    here, there = now.numerator * then.denominator, then.numerator * now.denominator
    return "unchanged" if here == there else "rising" if here > there else "falling"


def compared_file(entries: Sequence[Entry], period_id: str) -> StoredFile | None:
    """Return the table of figures of a period's latest consolidation; None where it has none."""
    found = latest_consolidation(entries, period_id) if period_id else None
    return files_by_table([found[0]])["figure"][0] if found is not None else None


def _recorded(workspace: Workspace, file: StoredFile) -> Figures:
    engine = Engine()
    try:
        engine.over_files("figure", "figure", [workspace.root / file.path])
        rows = engine.whole("figure").to_pylist()
    finally:
        engine.close()
    return {
        Place(row["indicator_id"], row["unit_code"], row["dimension"], row["dimension_value"]): Ratio(
            row["numerator"], row["denominator"]
        )
        for row in rows
    }


def compared_with(workspace: Workspace, entries: Sequence[Entry], plan: Plan, period_id: str) -> Compared:
    """Return the figures of a period that another is compared with."""
    file = compared_file(entries, period_id)
    if file is not None:
        return Compared(period_id, _recorded(workspace, file))
    return Compared(
        period_id,
        {
            Place(earlier.indicator, earlier.unit): Ratio(earlier.numerator, earlier.denominator)
            for earlier in plan.earlier_figures
            if earlier.period == period_id
        },
    )


def last_day_of(plan: Plan, period_id: str) -> date:
    """Return the last day of a period that this one is compared with.

    One that is not among the plan's periods lies before its first: the day before the plan's first day stands for it.
    """
    known = {one.id: one.last_day for one in plan.periods}
    return known.get(period_id, min(one.first_day for one in plan.periods) - timedelta(days=1))


def breaks_series(plan: Plan, indicator_id: str, period: Period, compared: Sequence[str]) -> bool:
    """Tell whether the indicator's meaning changed between this period's end and that of one it is compared with."""
    return any(
        indicator_id in broken.indicators and last_day_of(plan, other) < broken.on <= period.last_day
        for broken in plan.series_breaks
        for other in compared
        if other
    )

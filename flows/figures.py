"""Which figure do these members add up to, and does it meet its target?

Counts are added, percentages never averaged: the department's figure is the sum over all members, a unit's the sum over
its own.
"""

from collections.abc import Mapping
from decimal import Decimal

import pyarrow as pa

from flows.targets import DEPARTMENT, Ratio, target_status
from schemas.plan import Plan
from schemas.plan_models import Period, Target
from schemas.tables import FIGURE
from sql.indicators import Indicator


def _ratios(members: pa.Table) -> dict[str, Ratio]:
    """Return the sums of a ratio's members by unit, the department's under DEPARTMENT."""
    sums: dict[str, tuple[Decimal, Decimal]] = {DEPARTMENT: (Decimal(0), Decimal(0))}
    for member in members.select(["unit_code", "numerator", "denominator"]).to_pylist():
        for unit in {DEPARTMENT, str(member["unit_code"])}:
            top, bottom = sums.get(unit, (Decimal(0), Decimal(0)))
            sums[unit] = (top + member["numerator"], bottom + member["denominator"])
    return {unit: Ratio(top, bottom) for unit, (top, bottom) in sums.items()}


def _row(indicator: Indicator, unit: str, ratio: Ratio, target: Target | None, answer: str | None) -> dict[str, object]:
    return {
        "indicator_id": indicator.id,
        "unit_code": unit,
        "numerator": ratio.numerator,
        "denominator": ratio.denominator,
        "status": ratio.status if indicator.kind == "ratio" else "composite",
        "target_id": target.id if target is not None else None,
        "target_status": answer,
    }


def figure_table(
    plan: Plan,
    period: Period,
    indicators: Mapping[str, Indicator],
    members: Mapping[str, pa.Table],
    has_data: Mapping[str, bool],
) -> pa.Table:
    """Return the figures of a period, ratios before the composites that need them.

    `members` has a table for each ratio, `has_data` says of each source whether anything was received that could tell.
    Targets are the department's; a unit's figure has none.
    """
    nothing = Ratio(None, None)
    department: dict[str, Ratio] = {}
    rows: list[dict[str, object]] = []
    targets = {target.indicator: target for target in plan.targets}
    for indicator in indicators.values():
        ratios = _ratios(members[indicator.id]) if indicator.kind == "ratio" else {DEPARTMENT: nothing}
        if not has_data[indicator.source]:
            ratios = {DEPARTMENT: nothing}
        department[indicator.id] = ratios[DEPARTMENT]
        for unit, ratio in sorted(ratios.items()):
            target = targets.get(indicator.id) if unit == DEPARTMENT else None
            answer = target_status(target, department) if target is not None else None
            rows.append({"period": period.id, **_row(indicator, unit, ratio, target, answer)})
    return pa.Table.from_pylist(rows, schema=FIGURE)

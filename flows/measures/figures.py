"""Which figure do these members add up to, and what is it compared with?

Counts are added, percentages never averaged: the department's figure is the sum over all members, an office's or a
field's the sum over its own.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast

import pyarrow as pa

from flows.measures.targets import Ratio
from flows.measures.trends import Compared, Place, breaks_series, trend
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.tables import FIGURE
from sql.indicators import Indicator

_NOTHING = Ratio(None, None)


def ratios_of(
    sums: Iterable[Mapping[str, object]], indicators: Mapping[str, Indicator], has_data: Mapping[str, bool]
) -> dict[Place, Ratio]:
    """Return the figures of a period; an indicator whose source brought nothing has no data, not 0/0.

    Neither has one for which no row states what it asks: a blank is no zero.
    `sums` are the rows of `4_indicators/member_sum`, `has_data` says of each source whether it could tell anything.
    """
    found = {}
    for row in sums:
        place = Place(*(str(row[name]) for name in ("indicator_id", "unit_code", "dimension", "dimension_value")))
        found[place] = Ratio(cast(Decimal, row["numerator"]), cast(Decimal, row["denominator"]))
    ratios: dict[Place, Ratio] = {}
    for indicator in indicators.values():
        whole = Place(indicator.id)
        if indicator.kind == "composite" or not has_data[indicator.source]:
            ratios[whole] = _NOTHING
            continue
        without_members = _NOTHING if indicator.without_members == "no_data" else Ratio(Ratio.ZERO, Ratio.ZERO)
        ratios[whole] = found.get(whole, without_members)
        ratios |= {place: ratio for place, ratio in found.items() if place.indicator_id == indicator.id}
    return ratios


def figure_table(
    plan: Plan,
    period: Period,
    indicators: Mapping[str, Indicator],
    ratios: Mapping[Place, Ratio],
    before: Compared,
    year_ago: Compared,
) -> pa.Table:
    """Return the figures of a period with what they are compared with, in canonical order."""
    rows = []
    for place, ratio in sorted(ratios.items(), key=lambda item: tuple(vars(item[0]).values())):
        is_composite = indicators[place.indicator_id].kind == "composite"
        then, last_year = before.figures.get(place), year_ago.figures.get(place)
        known = [c.period_id for c, r in ((before, then), (year_ago, last_year)) if r is not None]
        rows.append({
            "period": period.id,
            **vars(place),
            "numerator": ratio.numerator,
            "denominator": ratio.denominator,
            "status": "composite" if is_composite else ratio.status,
            "before_period": before.period_id if then is not None else None,
            "before_numerator": then.numerator if then is not None else None,
            "before_denominator": then.denominator if then is not None else None,
            "trend": trend(ratio, then),
            "year_ago_period": year_ago.period_id if last_year is not None else None,
            "year_ago_numerator": last_year.numerator if last_year is not None else None,
            "year_ago_denominator": last_year.denominator if last_year is not None else None,
            "year_ago_trend": trend(ratio, last_year),
            "is_series_broken": breaks_series(plan, place.indicator_id, period, known),
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=FIGURE)

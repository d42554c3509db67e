"""Which numbers about persons do the tables of a release hold?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from releases.disclosure.disclosure import (
    DENOMINATOR,
    FIELD,
    NUMERATOR,
    UNIT,
    Cell,
    Spot,
    amount_cells,
    count_cell,
    share_cells,
)
from schemas.disclosure import Disclosure
from schemas.tables import FORM_ROW
from sql.indicators import Indicator

Row = Mapping[str, object]
FORM_COLUMNS = tuple(name for name in FORM_ROW.names if name not in ("period", "handling_office", "field"))
# A breakdown: an indicator or the form, and the dimension by which it is broken down.
Breakdown = tuple[str, str]
FORM = "form"
_SHARE = "%"


@dataclass(frozen=True)
class Tables:
    """The rows of a release that are about persons, and of how many members each figure was made."""

    by_field: tuple[Row, ...]
    by_office: tuple[Row, ...]
    indicators: tuple[Row, ...]
    member_counts: Mapping[Spot, int]


def figure_spot(row: Row) -> Spot:
    """Return whose figure a row of the indicators is; its measure is the indicator."""
    if row["unit_code"]:
        return Spot(str(row["indicator_id"]), UNIT, str(row["unit_code"]))
    return Spot(str(row["indicator_id"]), str(row["dimension"]), str(row["dimension_value"]))


def number(value: object) -> Decimal:
    """Return a whole or decimal number of a table exactly."""
    return Decimal(str(value))


def department_form(by_field: Iterable[Row]) -> dict[str, int]:
    """Return the form's totals: the sum of its rows by field."""
    rows = list(by_field)
    return {column: sum(int(str(row[column])) for row in rows) for column in FORM_COLUMNS}


def cells_of(tables: Tables, indicators: Mapping[str, Indicator], rule: Disclosure) -> dict[Spot, Cell]:
    """Return every number about persons in the tables, with the verdict of the rule on it.

    A quantile is no sum of anything; what there is to know of it is over how many members it is, and that is its cell.
    """
    threshold = rule.threshold.value
    cells = {Spot(c): count_cell(Decimal(v), threshold) for c, v in department_form(tables.by_field).items()}
    for dimension, key, rows in ((FIELD, "field", tables.by_field), (UNIT, "handling_office", tables.by_office)):
        for row in rows:
            for column in FORM_COLUMNS:
                cells[Spot(column, dimension, str(row[key]))] = count_cell(number(row[column]), threshold)
    for row in tables.indicators:
        indicator = indicators[str(row["indicator_id"])]
        if is_published(row, indicator, rule) and row["numerator"] is not None:
            cells |= _figure_cells(row, indicator, tables.member_counts, rule)
    return cells


def _figure_cells(
    row: Row, indicator: Indicator, member_counts: Mapping[Spot, int], rule: Disclosure
) -> dict[Spot, Cell]:
    if not rule.is_about_persons(indicator.id, indicator.source):
        return {}
    spot, numerator, denominator = figure_spot(row), number(row["numerator"]), number(row["denominator"])
    if indicator.kind == "quantile":
        return {parts_of_figure(spot)[1]: count_cell(Decimal(member_counts.get(spot, 0)), rule.threshold.value)}
    if indicator.unit_of_measure == _SHARE:
        return share_cells(spot, numerator, denominator, rule.threshold.value)
    return amount_cells(spot, numerator, denominator, member_counts.get(spot, 0), rule.threshold.value)


def breakdown_of(spot: Spot) -> Breakdown:
    """Return which breakdown of what a number stands in; the form's columns stand and fall together."""
    indicator, dot, _ = spot.measure.rpartition(".")
    return (indicator if dot else FORM), spot.dimension


def sparse_breakdowns(cells: Mapping[Spot, Cell], rule: Disclosure) -> frozenset[Breakdown]:
    """Return the breakdowns of indicators of whose rows too many would be hidden."""
    rows: dict[Breakdown, dict[str, bool]] = {}
    for spot, cell in cells.items():
        breakdown = breakdown_of(spot)
        if spot.dimension and breakdown[0] != FORM:
            found = rows.setdefault(breakdown, {})
            found[spot.value] = found.get(spot.value, False) or cell.is_too_small
    share = rule.maximum_hidden_share.value
    return frozenset(breakdown for breakdown, found in rows.items() if sum(found.values()) > share * len(found))


def without(cells: Mapping[Spot, Cell], dropped: Collection[Breakdown]) -> dict[Spot, Cell]:
    """Return the cells that stand in no dropped breakdown."""
    return {spot: cell for spot, cell in cells.items() if breakdown_of(spot) not in dropped}


def is_published(row: Row, indicator: Indicator, rule: Disclosure) -> bool:
    """Whether the open part has this row at all."""
    about_persons = rule.is_about_persons(indicator.id, indicator.source)
    return not (about_persons and row["dimension"] in rule.dropped_dimensions.value)


def parts_of_figure(spot: Spot) -> tuple[Spot, Spot]:
    """Return the spots of a figure's numerator and denominator."""
    return spot._replace(measure=spot.measure + NUMERATOR), spot._replace(measure=spot.measure + DENOMINATOR)

"""What does a year leave to the next: dossiers still pending, and figures to compare with?

Both are taken from the consolidations in force, each with the commit that measured it and, where it was published, the
release whose manifest anybody can check.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow.parquet as pq

from audit import releases
from audit.events import Entry
from audit.ledger import Ledger
from flows.measures.periods import latest_consolidation
from flows.plans.next_year import NextYear, next_id, next_year
from schemas.plan import Plan
from sql.indicators import load_indicators
from warehouse.named import files_by_table, present
from warehouse.workspace import Workspace

Row = Mapping[str, str]


@dataclass(frozen=True)
class Carried:
    """The rows of `opening_balance.csv` and `earlier_figures.csv` for the year to come."""

    opening: tuple[Row, ...]
    earlier: tuple[Row, ...]


def next_year_of(workspace: Workspace, ledger: Ledger, plan: Plan) -> NextYear:
    """Return next year's plan with what this workspace's year leaves to it."""
    left = carried(workspace, ledger, plan)
    return next_year(plan, left.opening, left.earlier)


def carried(workspace: Workspace, ledger: Ledger, plan: Plan) -> Carried:
    """Return what the plan's year leaves: nothing of a period that was not consolidated."""
    flows = sorted((one for one in plan.periods if one.kind == "flow"), key=lambda one: one.last_day)
    opening = tuple(_opening(workspace, ledger, plan, flows[0].id, flows[-1].id)) if flows else ()
    asked_for = dict.fromkeys(
        next_id(name) for period in plan.periods for name in (period.before, period.year_ago) if name
    )
    # Of the plan's own year: what comes before it is not this workspace's to say.
    own = [period.id for period in plan.periods if period.id in asked_for]
    earlier = tuple(row for name in own for row in _figures(workspace, ledger, plan, name))
    return Carried(opening, earlier)


def _evidence(ledger: Ledger, period_id: str, entry: Entry) -> str:
    standing = releases.in_force(ledger.entries, period_id)
    measured = f"{period_id}: sổ cái dòng / ledger line {entry.seq}"
    if standing is None:
        return measured
    return f"{measured}; bản công bố / release {standing.number}, manifest {standing.manifest_sha256}"


def _rows(workspace: Workspace, entry: Entry, table: str) -> list[dict[str, object]]:
    paths = present(workspace.root / file.path for file in files_by_table([entry])[table])
    return [row for path in paths for row in pq.read_table(path).to_pylist()]


def _opening(workspace: Workspace, ledger: Ledger, plan: Plan, first: str, last: str) -> Iterable[Row]:
    """Yield column 11 of the form of the year's last quarter, by office and field that the plan knows."""
    found = latest_consolidation(ledger.entries, last)
    if found is None:
        return
    offices, fields = {unit.code for unit in plan.units}, {one.field for one in plan.procedures}
    for row in _rows(workspace, found[0], "form_row"):
        if row["pending_total"] and row["handling_office"] in offices and row["field"] in fields:
            yield {
                "period": next_id(first), "office": str(row["handling_office"]), "field": str(row["field"]),
                "pending_count": str(row["pending_total"]), "evidence": _evidence(ledger, last, found[0]),
                "basis": "imported",
            }  # fmt: skip


def _figures(workspace: Workspace, ledger: Ledger, plan: Plan, period_id: str) -> Iterable[Row]:
    """Yield the figures of one period, of the department and its units."""
    found = latest_consolidation(ledger.entries, period_id)
    if found is None:
        return
    units, indicators = {"", *(unit.code for unit in plan.units)}, load_indicators()
    for row in _rows(workspace, found[0], "figure"):
        numerator, denominator = row["numerator"], row["denominator"]
        if not (isinstance(numerator, Decimal) and isinstance(denominator, Decimal)):
            continue
        if row["dimension"] or row["unit_code"] not in units or min(numerator, denominator) < 0:
            continue
        if row["indicator_id"] in indicators:
            yield {
                "period": period_id, "indicator": str(row["indicator_id"]), "unit": str(row["unit_code"]),
                "numerator": f"{numerator.normalize():f}", "denominator": f"{denominator.normalize():f}",
                "evidence": _evidence(ledger, period_id, found[0]), "basis": "imported",
            }  # fmt: skip

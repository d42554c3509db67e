"""Which single numbers and verdicts does a period come to, so that two ways of computing it can be compared?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from audit.events import Entry
from flows.measures.measure import measure
from schemas.plan import Plan
from schemas.plan_models import Period
from sql import CURRENT, Method
from warehouse.named import table_of
from warehouse.workspace import Workspace

_FORM = "II.06a"
_FORM_PLACE = ("period", "handling_office", "field")


@dataclass(frozen=True, order=True)
class Cell:
    """One published quantity: a count of the form by office and field, or an indicator's numerator or denominator."""

    figure: str
    unit_code: str
    dimension: str
    dimension_value: str
    quantity: str


Quantities = Mapping[Cell, Decimal]


@dataclass(frozen=True)
class Outcome:
    """Every quantity of a period that has a value, and the verdict on each target."""

    quantities: Quantities
    verdicts: Mapping[str, str]


def _outcome(form: pa.Table, figures: pa.Table, targets: pa.Table) -> Outcome:
    found = {
        Cell(_FORM, row["handling_office"] or "", "field", row["field"] or "", name): Decimal(value)
        for row in form.to_pylist()
        for name, value in row.items()
        if name not in _FORM_PLACE and value is not None
    }
    found |= {
        Cell(row["indicator_id"], row["unit_code"], row["dimension"], row["dimension_value"], name): row[name]
        for row in figures.to_pylist()
        for name in ("numerator", "denominator")
        if row[name] is not None
    }
    return Outcome(found, {row["target_id"]: row["status"] for row in targets.to_pylist()})


def measured_outcome(
    workspace: Workspace,
    entries: Sequence[Entry],
    plan: Plan,
    period: Period,
    today: date,
    method: Method = CURRENT,
) -> Outcome:
    """Measure a period and return what it comes to; nothing is written."""
    measured = measure(workspace, entries, plan, period, today, method)
    measured.engine.close()
    tables = measured.tables
    return _outcome(tables["form_row"], tables["figure"], tables["target_result"])


def recorded_outcome(workspace: Workspace, entry: Entry) -> Outcome:
    """Return what a period came to when this commit measured it."""
    tables = {table_of(file): workspace.root / file.path for file in entry.files}
    return _outcome(*(pq.read_table(tables[name]) for name in ("form_row", "figure", "target_result")))

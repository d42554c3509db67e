"""What would a release of this consolidation say?

The tables that a commit named, turned into the published datasets, the gate's checks and the workbook's content.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from audit.events import Entry
from audit.justifications import justifications
from audit.ledger import Ledger
from audit.register import register_rows
from audit.waivers import in_force
from flows.intake.submissions import standing, submissions
from flows.measures.periods import latest_consolidation, stock_period
from flows.measures.plan_tables import open_plan
from flows.measures.tables import submission_table
from releases.datasets import ColumnNote, Dataset
from schemas.plan import Plan
from schemas.plan_models import Period
from sql.datasets import published_datasets
from warehouse.engine import Engine, Parameter
from warehouse.named import files_by_table
from warehouse.workspace import Workspace

_GATE_ONLY = ("form_checks", "period_checks", "share_checks", "open_fatal", "unaccounted_reports")

_REGISTER_COLUMNS: Mapping[pa.DataType, tuple[str, ...]] = {
    pa.string(): (
        "number", "source", "clause", "process", "grade", "state", "description", "opened_at", "owner", "gone_at",
        "gone_because", "gone_submission", "recurrence_of", "followed_by", "duplicate_of", "decided_at", "decided_by",
        "reason", "rule_id", "unit_code", "period", "dataset",
    ),
    pa.int64(): ("rule_version", "checked_count", "failing_count", "recurrence_count"),
    pa.bool_(): ("is_open",),
    pa.date32(): ("due_on",),
}  # fmt: skip


@dataclass(frozen=True)
class Publication:
    """The datasets of a release and the tables that only the gate sees."""

    period: Period
    consolidation_seq: int
    datasets: tuple[Dataset, ...]
    gate_tables: Mapping[str, pa.Table]

    def rows(self, name: str) -> list[dict[str, object]]:
        """Return one dataset's rows."""
        return next(dataset for dataset in self.datasets if dataset.name == name).table.to_pylist()


def _register_table(ledger: Ledger) -> pa.Table:
    schema = pa.schema([(name, kind) for kind, names in _REGISTER_COLUMNS.items() for name in names])
    rows = register_rows(ledger.entries)
    return pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=schema)


def _justification_table(ledger: Ledger, period: Period) -> pa.Table:
    texts = ("rule_id", "unit_code", "reason", "actor", "stated_at")
    columns: list[tuple[str, pa.DataType]] = [*((name, pa.string()) for name in texts), ("covered_count", pa.int64())]
    said = justifications(ledger.entries, period.id).values()
    return pa.Table.from_pylist([vars(one) for one in said], schema=pa.schema(columns))


def _waiver_table(ledger: Ledger, period: Period, today: date) -> pa.Table:
    texts = ("number", "rule_id", "unit_code", "reason", "approved_by")
    columns: list[tuple[str, pa.DataType]] = [*((name, pa.string()) for name in texts)]
    columns += [("last_day_on", pa.date32()), ("failing_count", pa.int64())]
    schema = pa.schema(columns)
    holding = in_force(ledger.entries, period.id, today).values()
    return pa.Table.from_pylist([{name: vars(one)[name] for name in schema.names} for one in holding], schema=schema)


def period_days(period: Period) -> dict[str, Parameter]:
    """Return what every query about a release may ask of its period."""
    return {
        "period": period.id,
        "first_day": period.first_day,
        "last_day": period.last_day,
        "is_flow": period.kind == "flow",
    }


def open_results(
    engine: Engine, workspace: Workspace, ledger: Ledger, period: Period, entry: Entry, today: date
) -> None:
    """Lay out the verdicts behind a consolidation, the waivers that hold today, and the submissions they are about."""
    engine.over_rows("waiver", _waiver_table(ledger, period, today))
    results = files_by_table(standing(ledger.entries))["rule_result"]
    engine.over_files("every_rule_result", "rule_result", [workspace.root / file.path for file in results])
    here = [workspace.root / file.path for file in files_by_table([entry])["rule_result"]]
    engine.over_files("consolidation_result", "rule_result", here)
    engine.keep("rule_result", "6_published/_rule_result", {"period": period.id})
    engine.over_rows("submission", submission_table(submissions(ledger.entries)))


def _open_tables(
    engine: Engine, workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, entry: Entry, today: date
) -> None:
    files = files_by_table([entry])
    for name in ("figure", "target_result", "form_row", "expected_report", "task_state"):
        engine.over_files(name, name, [workspace.root / file.path for file in files[name]])
    open_results(engine, workspace, ledger, period, entry, today)
    findings = files_by_table(standing(ledger.entries))["finding"]
    engine.over_files("finding", "finding", [workspace.root / file.path for file in findings])
    so_far = [one for one in ledger.entries if one.seq <= entry.seq]
    flows = [one for one in plan.periods if one.kind == "flow" and one.last_day <= period.last_day]
    told = [found[0] for one in flows if (found := latest_consolidation(so_far, one.id)) is not None]
    figures = files_by_table(told).get("figure", [])
    engine.over_files("period_figure", "figure", [workspace.root / file.path for file in figures])
    before = stock_period(plan, period)
    previous = latest_consolidation(ledger.entries, before.id) if before is not None else None
    brought = files_by_table([previous[0]])["form_row"] if previous is not None else []
    engine.over_files("previous_form", "form_row", [workspace.root / file.path for file in brought])
    engine.over_rows("justification", _justification_table(ledger, period))
    engine.over_rows("nonconformity", _register_table(ledger))


def publication(
    workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, entry: Entry, today: date
) -> Publication:
    """Compute the published datasets of the consolidation that `entry` committed; `today` says which waivers hold."""
    engine = Engine()
    measured_on = datetime.fromisoformat(entry.at).astimezone(plan.zone).date()
    days = period_days(period) | {"as_of": min(period.last_day, measured_on - timedelta(days=1))}
    try:
        open_plan(engine, plan, plan.catalogue.on(entry.day_in(plan.zone)))
        _open_tables(engine, workspace, ledger, plan, period, entry, today)
        for name in ("consolidation_breach", "period_verdict", "form_count", "figure_label"):
            engine.keep(name, f"6_published/_{name}", days)
        datasets = tuple(
            Dataset(
                described.name,
                described.title_vi,
                described.title_en,
                described.description,
                tuple(ColumnNote(c.name, c.title_vi, c.description) for c in described.column),
                engine.run(described.query, days),
            )
            for described in published_datasets()
        )
        gate_tables = {name: engine.run(f"6_published/_{name}", days) for name in _GATE_ONLY}
        gate_tables["consolidation_breach"] = engine.whole("consolidation_breach")
    finally:
        engine.close()
    return Publication(period, entry.seq, datasets, gate_tables)

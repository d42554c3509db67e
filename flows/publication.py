"""What would a release of this consolidation say?

The tables that a commit named, turned into the published datasets, the gate's checks and the workbook's content.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from audit.events import Entry
from audit.ledger import Ledger
from audit.register import register
from flows.periods import latest_consolidation, previous_period
from flows.submissions import submissions
from flows.tables import submission_table
from releases.datasets import ColumnNote, Dataset
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.rules import load_rules
from sql.datasets import published_datasets
from sql.indicators import load_indicators
from warehouse.engine import Engine, Parameter
from warehouse.named import files_by_table
from warehouse.workspace import Workspace

_GATE_ONLY = ("form_checks", "period_checks")


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


def _texts(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema([(column, pa.string()) for column in columns]))


def _target_table(plan: Plan) -> pa.Table:
    rows = [
        {
            "indicator_id": way.indicator,
            "target_id": target.id,
            "comparison": way.comparison,
            "threshold": way.threshold,
        }
        for target in plan.targets
        for way in target.ways
    ]
    rows += [
        {"indicator_id": target.indicator, "target_id": target.id, "comparison": None, "threshold": None}
        for target in plan.targets
        if target.part
    ]
    columns: list[tuple[str, pa.DataType]] = [
        ("indicator_id", pa.string()),
        ("target_id", pa.string()),
        ("comparison", pa.string()),
        ("threshold", pa.decimal128(18, 6)),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(columns))


def _open_plan(engine: Engine, plan: Plan) -> None:
    engine.over_rows(
        "plan_unit", _texts([{"code": u.code, "name_vi": u.name_vi} for u in plan.units], ("code", "name_vi"))
    )
    engine.over_rows(
        "plan_report_type", _texts([{"id": t.id, "name_vi": t.name_vi} for t in plan.report_types], ("id", "name_vi"))
    )
    indicators = [{"id": i.id, "name_vi": i.name_vi, "name_en": i.name_en} for i in load_indicators().values()]
    engine.over_rows("plan_indicator", _texts(indicators, ("id", "name_vi", "name_en")))
    rules = [
        {
            "id": r.id, "severity": r.severity, "grade": r.grade or "",
            "message_vi": r.message_vi, "message_en": r.message_en,
        }
        for r in load_rules().values()
    ]  # fmt: skip
    engine.over_rows("plan_rule", _texts(rules, ("id", "severity", "grade", "message_vi", "message_en")))
    engine.over_rows("plan_target", _target_table(plan))


def _register_table(ledger: Ledger) -> pa.Table:
    names = ("number", "clause", "grade", "state", "opened_at", "rule_id", "unit_code", "period", "dataset")
    counts = ("rule_version", "checked_count", "failing_count")
    rows = [{**item.__dict__, **item.identity.__dict__} for item in register(ledger.entries).values()]
    schema = pa.schema([(name, pa.string()) for name in names] + [(name, pa.int64()) for name in counts])
    return pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=schema)


def _open_tables(
    engine: Engine, workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, entry: Entry
) -> None:
    files = files_by_table([entry])
    for name in ("figure", "form_row", "expected_report"):
        engine.over_files(name, name, [workspace.root / file.path for file in files[name]])
    results = files_by_table(ledger.entries)["rule_result"]
    engine.over_files("every_rule_result", "rule_result", [workspace.root / file.path for file in results])
    here = [workspace.root / file.path for file in files["rule_result"]]
    engine.over_files("consolidation_result", "rule_result", here)
    engine.keep("rule_result", "6_published/_rule_result", {"period": period.id})
    before = previous_period(plan, period)
    previous = latest_consolidation(ledger.entries, before.id) if before is not None else None
    brought = files_by_table([previous[0]])["form_row"] if previous is not None else []
    engine.over_files("previous_form", "form_row", [workspace.root / file.path for file in brought])
    engine.over_rows("submission", submission_table(submissions(ledger.entries)))
    engine.over_rows("nonconformity", _register_table(ledger))


def publication(workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, entry: Entry) -> Publication:
    """Compute the published datasets of the consolidation that `entry` committed."""
    engine = Engine()
    days: dict[str, Parameter] = {"period": period.id, "first_day": period.first_day, "last_day": period.last_day}
    try:
        _open_plan(engine, plan)
        _open_tables(engine, workspace, ledger, plan, period, entry)
        engine.keep("consolidation_breach", "6_published/_consolidation_breach", days)
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
    finally:
        engine.close()
    return Publication(period, entry.seq, datasets, gate_tables)

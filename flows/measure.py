"""What are the figures of a period, and of which members is each the sum?

Everything is computed from the submissions in force as the ledger knows them, by queries that read only the stages
before their own. The outcome is immutable tables; nothing is decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from audit.ledger import Ledger
from flows.figures import figure_table
from flows.periods import latest_consolidation, previous_period
from flows.reporting import expected_reports
from flows.submissions import submissions
from flows.tables import expected_table, submission_table
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.tables import INDICATOR_MEMBER, SCHEMAS
from sql.indicators import Indicator, load_indicators
from warehouse.engine import Engine, Parameter
from warehouse.named import files_by_table
from warehouse.workspace import Workspace

KEPT_TABLES = ("dossier_state", "form_row", "expected_report", "indicator_member", "figure")


@dataclass(frozen=True)
class Measured:
    """The tables of one period, and the engine in which the review's queries can go on reading them."""

    period: Period
    engine: Engine
    tables: Mapping[str, pa.Table]
    has_brought_forward: bool


def _plan_procedures(plan: Plan) -> pa.Table:
    columns: list[tuple[str, pa.DataType]] = [
        ("code", pa.string()),
        ("field", pa.string()),
        ("is_immediate", pa.bool_()),
        ("is_announced_online", pa.bool_()),
    ]
    rows = [
        {"code": p.code, "field": p.field, "is_immediate": p.immediate, "is_announced_online": p.is_announced_online}
        for p in plan.procedures
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(columns))


def _brought_forward(workspace: Workspace, ledger: Ledger, plan: Plan, period: Period) -> pa.Table | None:
    """Return column 11 of the period before, or the opening balance; None where there is neither."""
    before = previous_period(plan, period)
    found = latest_consolidation(ledger.entries, before.id) if before is not None else None
    if found is not None:
        engine = Engine()
        try:
            files = files_by_table([found[0]])["form_row"]
            engine.over_files("form_row", "form_row", [workspace.root / file.path for file in files])
            return engine.run("4_indicators/brought_forward")
        finally:
            engine.close()
    opening = [
        {"handling_office": b.office, "field": b.field, "pending_total": b.pending_count}
        for b in plan.opening_balance
        if b.period == period.id
    ]
    return pa.Table.from_pylist(opening) if opening else None


def _open_inputs(workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, engine: Engine) -> None:
    files = files_by_table(ledger.entries)
    for name in ("dossier_row", "row_account", "report_value", "finding"):
        engine.over_files(name, name, [workspace.root / file.path for file in files.get(name, [])])
    results = [workspace.root / file.path for file in files.get("rule_result", [])]
    engine.over_files("submission_result", "rule_result", results)
    engine.over_rows("submission", submission_table(submissions(ledger.entries)))
    engine.over_rows("plan_procedure", _plan_procedures(plan))


def _members(engine: Engine, indicator: Indicator, period: Period) -> pa.Table:
    rows = engine.run(indicator.members_query, {})
    for name, value in (("period", period.id), ("indicator_id", indicator.id)):
        rows = rows.append_column(name, pa.array([value] * rows.num_rows, pa.string()))
    return rows.select(INDICATOR_MEMBER.names).cast(INDICATOR_MEMBER)


def _has_data(engine: Engine, period: Period, source: str) -> bool:
    parameters: dict[str, Parameter] = {
        "period": period.id,
        "first_day": period.first_day,
        "last_day": period.last_day,
        "source": source,
    }
    return engine.run("3_validated/has_data", parameters).num_rows > 0


def measure(workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, today: date) -> Measured:
    """Compute every table of one period; `today` decides what is not due yet.

    The caller closes the engine of what is returned.
    """
    engine = Engine()
    _open_inputs(workspace, ledger, plan, period, engine)
    parameters: dict[str, Parameter] = {
        "period": period.id,
        "first_day": period.first_day,
        "last_day": period.last_day,
    }
    engine.keep("dossier_version", "3_validated/dossier_version", parameters)
    state = engine.keep("dossier_state", "3_validated/dossier_state", parameters)
    engine.keep("form_member", "4_indicators/form_member")
    tables = {
        "dossier_state": state,
        "expected_report": expected_table(expected_reports(submissions(ledger.entries), plan, period, today)),
        "form_row": engine.keep("form_row", "4_indicators/form_row", parameters),
    }
    engine.over_rows("expected_report", tables["expected_report"])
    engine.keep("report_value_in_force", "3_validated/report_value_in_force", parameters)
    indicators = load_indicators()
    members = {i.id: _members(engine, i, period) for i in indicators.values() if i.kind == "ratio"}
    has = {source: _has_data(engine, period, source) for source in ("dossier", "report")}
    tables["indicator_member"] = pa.concat_tables(members.values())
    tables["figure"] = figure_table(plan, period, indicators, members, has)
    engine.over_rows("figure", tables["figure"])
    brought = _brought_forward(workspace, ledger, plan, period)
    if brought is not None:
        engine.over_rows("brought_forward", brought)
    exact = {name: table.select(SCHEMAS[name].names).cast(SCHEMAS[name]) for name, table in tables.items()}
    return Measured(period, engine, exact, brought is not None)

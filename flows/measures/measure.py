"""What are the figures of a period, and of which members is each the sum?

Everything is computed from the submissions in force as the ledger knows them, by queries that read only the stages
before their own. The outcome is immutable tables; nothing is decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from audit.events import Entry
from flows.intake.submissions import standing, submissions
from flows.measures.figures import figure_table, ratios_of
from flows.measures.periods import as_of, latest_consolidation, parts_of, stock_period
from flows.measures.plan_tables import open_plan
from flows.measures.reporting import expected_reports
from flows.measures.tables import expected_table, submission_table
from flows.measures.target_results import target_table
from flows.measures.trends import compared_with
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.tables import FORM_ROW, INDICATOR_MEMBER, QUANTITY, SCHEMAS
from sql import CURRENT, Method
from sql.indicators import Indicator, load_indicators
from warehouse.engine import Engine, Parameter
from warehouse.named import files_by_table
from warehouse.workspace import Workspace

KEPT_TABLES = (
    *("dossier_state", "form_row", "expected_report", "task_state"),
    *("indicator_member", "figure", "target_result"),
)
SOURCES = ("dossier", "report", "task", "reporting", "plan")
# Arrow narrows no whole number of 64 bits to a quantity; it does so by way of the widest decimal.
_WIDE_MEMBER = pa.schema(
    [f.with_type(pa.decimal128(38, QUANTITY.scale)) if f.type == QUANTITY else f for f in INDICATOR_MEMBER]
)


@dataclass(frozen=True)
class Measured:
    """The tables of one period, and the engine in which the review's queries can go on reading them.

    `has_brought_forward` says whether anything is known of what the period took over, `has_parts` whether every period
    of which a cumulative one is the sum has been consolidated.
    """

    period: Period
    engine: Engine
    tables: Mapping[str, pa.Table]
    parameters: Mapping[str, Parameter]
    has_brought_forward: bool
    has_parts: bool


def period_parameters(plan: Plan, period: Period, today: date) -> dict[str, Parameter]:
    """Return what every query about a period may ask for; `as_of` is its last day that is over."""
    conventions = plan.conventions
    return {
        "period": period.id,
        "first_day": period.first_day,
        "last_day": period.last_day,
        "as_of": as_of(period, today),
        "is_flow": period.kind == "flow",
        "is_by_moment": conventions.granularity.value == "timestamp",
        "extension_moves_due_date": conventions.extension_moves_due_date.value,
        "withdrawn_is_on_time": conventions.withdrawn_counts_as.value == "on_time",
        "waiting_is_within_due": conventions.waiting_counts_as_within_due.value,
        "outlier_factor": conventions.outlier_factor.value,
        "decided_on": plan.document.decision.on,
    }


def _form_rows(
    workspace: Workspace, entries: Sequence[Entry], engine: Engine, name: str, periods: Sequence[Period]
) -> bool:
    """Lay out the form rows of other periods as a table; tell whether all of them were consolidated."""
    found = [latest_consolidation(entries, period.id) for period in periods]
    files = [files_by_table([one[0]])["form_row"][0] for one in found if one is not None]
    engine.over_files(name, "form_row", [workspace.root / file.path for file in files])
    return bool(periods) and None not in found


def _brought_forward(
    workspace: Workspace, entries: Sequence[Entry], plan: Plan, period: Period, engine: Engine
) -> bool:
    """Lay out column 11 of the period before, or the opening balance; tell whether there is either."""
    before = stock_period(plan, period)
    has_before = _form_rows(workspace, entries, engine, "form_row_before", [before] if before is not None else [])
    starts_with = {p.id for p in plan.periods if p.first_day == period.first_day}
    opening = [balance for balance in plan.opening_balance if balance.period in starts_with]
    rows = [{"handling_office": b.office, "field": b.field, "pending_total": b.pending_count} for b in opening]
    schema = pa.schema([FORM_ROW.field(name) for name in ("handling_office", "field", "pending_total")])
    engine.over_rows("opening_balance", pa.Table.from_pylist(rows, schema=schema))
    engine.keep("brought_forward", "4_indicators/brought_forward")
    return has_before or bool(opening)


def _open_inputs(workspace: Workspace, entries: Sequence[Entry], plan: Plan, engine: Engine, today: date) -> None:
    files = files_by_table(standing(entries))
    for name in ("dossier_row", "row_account", "report_value", "report_task", "finding"):
        engine.over_files(name, name, [workspace.root / file.path for file in files.get(name, [])])
    results = [workspace.root / file.path for file in files.get("rule_result", [])]
    engine.over_files("submission_result", "rule_result", results)
    engine.over_rows("submission", submission_table(submissions(entries)))
    open_plan(engine, plan, plan.catalogue.on(today))


def members_of(engine: Engine, indicator: Indicator, parameters: Mapping[str, Parameter]) -> pa.Table:
    """Return the members of an indicator: of what its query returns, the columns that members have.

    A column that the query does not return is null.
    """
    rows = engine.run(indicator.members_query, {**parameters, **indicator.own_parameters})
    stated = {"period": parameters["period"], "indicator_id": indicator.id}
    rows = rows.drop_columns([name for name in stated if name in rows.column_names])
    for name, value in stated.items():
        rows = rows.append_column(name, pa.repeat(pa.scalar(value, pa.string()), rows.num_rows))
    for field in INDICATOR_MEMBER:
        if field.name not in rows.column_names:
            rows = rows.append_column(field.name, pa.nulls(rows.num_rows, field.type))
    return rows.select(INDICATOR_MEMBER.names).cast(_WIDE_MEMBER).cast(INDICATOR_MEMBER)


def measure(
    workspace: Workspace,
    entries: Sequence[Entry],
    plan: Plan,
    period: Period,
    today: date,
    method: Method = CURRENT,
) -> Measured:
    """Compute every table of one period from what these commits know; `today` decides what is not due yet.

    The caller closes the engine of what is returned.
    """
    engine = Engine(method)
    _open_inputs(workspace, entries, plan, engine, today)
    parameters = period_parameters(plan, period, today)
    engine.keep("dossier_version", "3_validated/dossier_version", parameters)
    tables = {"dossier_state": engine.keep("dossier_state", "3_validated/dossier_state", parameters)}
    engine.keep("form_member", "4_indicators/form_member")
    tables["expected_report"] = expected_table(expected_reports(submissions(entries), plan, period, today))
    engine.over_rows("expected_report", tables["expected_report"])
    tables["form_row"] = engine.keep("form_row", "4_indicators/form_row", parameters)
    engine.keep("latest_report_value", "3_validated/latest_report_value")
    engine.keep("report_value_in_force", "3_validated/report_value_in_force", parameters)
    engine.keep("report_value_before", "3_validated/report_value_before", parameters)
    engine.keep("task_report", "3_validated/task_report", parameters)
    tables["task_state"] = engine.keep("task_state", "3_validated/task_state", parameters)
    indicators = load_indicators(method)
    with_members = [i for i in indicators.values() if i.kind != "composite"]
    tables["indicator_member"] = pa.concat_tables([members_of(engine, i, parameters) for i in with_members])
    engine.over_rows("indicator_member", tables["indicator_member"])
    has = {s: engine.run("3_validated/has_data", {**parameters, "source": s}).num_rows > 0 for s in SOURCES}
    ratios = ratios_of(engine.run("4_indicators/member_sum").to_pylist(), indicators, has)
    before = compared_with(workspace, entries, plan, period.before)
    year_ago = compared_with(workspace, entries, plan, period.year_ago)
    tables["figure"] = figure_table(plan, period, indicators, ratios, before, year_ago)
    tables["target_result"] = target_table(plan, period, tables["figure"], tables["task_state"])
    engine.over_rows("figure", tables["figure"])
    engine.over_rows("target_result", tables["target_result"])
    has_brought_forward = _brought_forward(workspace, entries, plan, period, engine)
    has_parts = _form_rows(workspace, entries, engine, "part_form_row", parts_of(plan, period))
    engine.keep("cumulative_form", "4_indicators/cumulative_form", parameters)
    exact = {name: table.select(SCHEMAS[name].names).cast(SCHEMAS[name]) for name, table in tables.items()}
    return Measured(period, engine, exact, parameters, has_brought_forward, has_parts)

"""How does the plan look as tables that queries join?"""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from schemas.plan import Plan
from schemas.rules import Rules
from sql.indicators import load_indicators
from warehouse.engine import Engine

_TEXT, _DAY, _COUNT, _FLAG, _EXACT = pa.string(), pa.date32(), pa.int64(), pa.bool_(), pa.decimal128(18, 6)
Row = Mapping[str, object]


def _table(columns: Mapping[str, pa.DataType], rows: Iterable[Row]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema(list(columns.items())))


def _texts(names: Sequence[str], rows: Iterable[Row]) -> pa.Table:
    return _table(dict.fromkeys(names, _TEXT), rows)


def _procedures(plan: Plan) -> pa.Table:
    columns: dict[str, pa.DataType] = {
        "code": _TEXT, "name_vi": _TEXT, "field": _TEXT, "office": _TEXT, "limit_value": _EXACT, "limit_unit": _TEXT,
        "is_immediate": _FLAG, "is_announced_online": _FLAG, "is_eligible_online": _FLAG,
        "is_on_national_portal": _FLAG, "limit_basis": _TEXT,
    }  # fmt: skip
    rows = [
        {
            **p.model_dump(include={"code", "name_vi", "field", "office", "limit_unit", "limit_basis"}),
            "limit_value": p.limit, "is_immediate": p.immediate, "is_announced_online": p.is_announced_online,
            "is_eligible_online": p.is_eligible_online, "is_on_national_portal": p.is_on_national_portal,
        }
        for p in plan.procedures
    ]  # fmt: skip
    return _table(columns, rows)


def _tasks(plan: Plan) -> pa.Table:
    """Return every task once for each time that it is due; one without a stated day once, without a day."""
    columns: dict[str, pa.DataType] = {
        "task_id": _TEXT, "occurrence": _COUNT, "area": _TEXT, "lead": _TEXT, "schedule_kind": _TEXT,
        "last_day_on": _DAY,
    }  # fmt: skip
    rows = [
        {
            "task_id": task.id, "occurrence": n, "area": task.area, "lead": task.lead[0], "last_day_on": day,
            "schedule_kind": task.schedule_kind,
        }
        for task in plan.tasks
        for n, day in enumerate(task.last_days_on or (None,), start=1)
    ]  # fmt: skip
    return _table(columns, rows)


def _target_ways(plan: Plan) -> pa.Table:
    columns: dict[str, pa.DataType] = {
        "target_id": _TEXT, "indicator_id": _TEXT, "dimension": _TEXT, "dimension_value": _TEXT, "comparison": _TEXT,
        "threshold": _EXACT,
    }  # fmt: skip
    rows = [
        {"target_id": target.id, "indicator_id": way.indicator, **way.model_dump(exclude={"indicator"})}
        for target in plan.targets
        for way in target.ways
    ]
    return _table(columns, rows)


def open_plan(engine: Engine, plan: Plan, rules: Rules | None = None) -> None:
    """Lay out everything of the plan, the rules and the indicators that queries may join, as `plan_*` tables.

    The rules are those in force on the day that is asked about; the newest where no day is.
    """
    calendar = [
        {"day": f.day, "is_working": f.is_working, "ordinal": f.ordinal, "is_decreed": f.is_decreed}
        for f in plan.calendar.facts
    ]
    engine.over_rows(
        "plan_day", _table({"day": _DAY, "is_working": _FLAG, "ordinal": _COUNT, "is_decreed": _FLAG}, calendar)
    )
    periods = [p.model_dump(include={"id", "name_vi", "kind", "first_day", "last_day"}) for p in plan.periods]
    engine.over_rows(
        "plan_period",
        _table({"id": _TEXT, "name_vi": _TEXT, "kind": _TEXT, "first_day": _DAY, "last_day": _DAY}, periods),
    )
    engine.over_rows("plan_procedure", _procedures(plan))
    engine.over_rows("plan_task_due", _tasks(plan))
    tasks = ("id", "area", "task_vi", "product_vi", "schedule_vi", "assignment_vi", "basis")
    engine.over_rows("plan_task", _texts(tasks, (t.model_dump(include=set(tasks)) for t in plan.tasks)))
    areas = ("id", "name_vi", "name_en")
    engine.over_rows("plan_area", _texts(areas, (a.model_dump() for a in plan.document.area)))
    units = ("code", "kind", "name_vi", "short_name", "basis")
    engine.over_rows("plan_unit", _texts(units, (u.model_dump(include=set(units)) for u in plan.units)))
    types = ("id", "name_vi", "name_en", "tasks", "form")
    engine.over_rows("plan_report_type", _texts(types, (t.model_dump(include=set(types)) for t in plan.report_types)))
    items = [
        {**i.model_dump(include={"report_type", "code", "area", "name_vi", "unit_of_measure", "type", "accumulates"})}
        for i in plan.report_items
    ]
    item_columns = dict.fromkeys(("report_type", "code", "area", "name_vi", "unit_of_measure", "type"), _TEXT)
    engine.over_rows("plan_report_item", _table({**item_columns, "accumulates": _FLAG}, items))
    due = [
        {
            "report_type": t.id, "period": p, "last_day_on": plan.last_day_on(t, p),
            "is_provisional": p in t.provisional_in,
        }
        for t in plan.report_types
        for p in t.period_ids
    ]  # fmt: skip
    due_columns: dict[str, pa.DataType] = {
        "report_type": _TEXT,
        "period": _TEXT,
        "last_day_on": _DAY,
        "is_provisional": _FLAG,
    }
    engine.over_rows("plan_report_due", _table(due_columns, due))
    engine.over_rows("plan_target_way", _target_ways(plan))
    targets = ("id", "text_vi", "text_en", "basis")
    engine.over_rows("plan_target", _texts(targets, (t.model_dump(include=set(targets)) for t in plan.targets)))
    _open_catalogues(engine, rules if rules is not None else plan.catalogue.newest)


def _open_catalogues(engine: Engine, catalogue: Rules) -> None:
    """Lay out the rules and the indicators."""
    rules = ("id", "kind", "dataset", "severity", "grade", "message_vi", "message_en")
    rows = [{**r.model_dump(include=set(rules)), "stops_release": r.stops_release} for r in catalogue.values()]
    engine.over_rows("plan_rule", _table({**dict.fromkeys(rules, _TEXT), "stops_release": _FLAG}, rows))
    texts = ("id", "kind", "source", "group", "better", "name_vi", "name_en", "unit_of_measure")
    indicators = load_indicators(engine.method).values()
    engine.over_rows(
        "plan_indicator",
        _table(
            {**dict.fromkeys(texts, _TEXT), "quantile": pa.decimal128(4, 3)},
            ({**i.model_dump(include=set(texts)), "quantile": i.quantile} for i in indicators),
        ),
    )
    dimensions = [{"indicator_id": i.id, "dimension": d} for i in indicators for d in i.dimensions]
    engine.over_rows("plan_dimension", _texts(("indicator_id", "dimension"), dimensions))

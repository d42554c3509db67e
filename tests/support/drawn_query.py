"""What does one query make of tables drawn as text?

A case is a TOML file in `tests/queries/`, in the folder and with the name of its query:

    [parameters]                    # those of every case of the file
    [given]                         # tables that every case is given
    plan_period = '''...'''
    [[case]]
    name = "what the rows stand for"
    parameters = {...}              # more, or others
    given.dossier_state = '''
    dossier_code | is_pending
    HS-001       | true
    '''
    expected = '''                  # in this order; the columns that the case is about
    subject | row
    '''

A file whose query keeps a table for others says `in_any_order = true`, and draws its rows sorted as text.

A blank cell is NULL, '' a blank text and ' ' a space; a parameter without a value is "NULL". The columns of a known table that a case leaves out are blank, or false. A
heading of another table says its type by its ending (`_on` a day, `_at` a moment, `is_`, `has_` a flag, `_count`,
`row`, `seq`, `ordinal` a whole number) or openly: `value:decimal`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from flows.measures.plan_tables import open_plan
from flows.measures.tables import submission_table
from schemas.rules import load_rules
from schemas.tables import SCHEMAS
from tests.support.office import PLAN, drawn
from warehouse.engine import Engine, Parameter

CASES = Path(__file__).parents[1] / "queries"
# What a query reads under another name than the store's.
_ALIASES = {
    "consolidation_result": "rule_result", "every_rule_result": "rule_result", "submission_result": "rule_result",
    "form_row_before": "form_row", "part_form_row": "form_row", "previous_form": "form_row",
    "period_figure": "figure",
    "latest_report_value": "report_value", "report_value_before": "report_value",
    "report_value_in_force": "report_value",
}  # fmt: skip
_VERSION = {
    "submission": pa.string(), "committed_seq": pa.int64(), "exported_at": pa.timestamp("us"), "recency": pa.int64(),
}  # fmt: skip
_QUOTE = "'"
# TOML has no way to say that a parameter is given without a value.
_NO_VALUE = "NULL"
_ABSENT = "(no such column)"
_KINDS = {
    "text": pa.string(), "day": pa.date32(), "moment": pa.timestamp("us"), "count": pa.int64(), "flag": pa.bool_(),
    "decimal": pa.decimal128(18, 6),
}  # fmt: skip
_ENDINGS = (("_on", "day"), ("_day", "day"), ("_at", "moment"), ("_count", "count"), ("_seq", "count"))
_WHOLE_NUMBERS = {"row", "seq", "ordinal", "occurrence", "size"}


@dataclass(frozen=True)
class QueryCase:
    """Tables as they are laid out, the query's parameters, and the rows that it must return, in order."""

    query: str
    name: str
    given: Mapping[str, pa.Table]
    parameters: Mapping[str, Parameter]
    headings: tuple[str, ...]
    expected: tuple[tuple[str, ...], ...]
    in_any_order: bool = False


@cache
def _known() -> Mapping[str, pa.Schema]:
    engine = Engine()
    try:
        open_plan(engine, PLAN, load_rules())
        names = [row[0] for row in engine.connection.execute("SHOW TABLES").fetchall()]
        plan = {name: engine.whole(name).schema for name in names}
    finally:
        engine.close()
    aliased = {alias: SCHEMAS[table] for alias, table in _ALIASES.items()}
    version = pa.schema([*SCHEMAS["dossier_row"], *_VERSION.items()])
    return {**SCHEMAS, **plan, **aliased, "dossier_version": version, "submission": submission_table([]).schema}


def _kind(heading: str) -> pa.DataType:
    name, _, stated = heading.partition(":")
    if stated:
        return _KINDS[stated]
    if name.startswith(("is_", "has_")):
        return _KINDS["flag"]
    if name in _WHOLE_NUMBERS:
        return _KINDS["count"]
    return _KINDS[next((kind for ending, kind in _ENDINGS if name == ending[1:] or name.endswith(ending)), "text")]


def _value(text: str, kind: pa.DataType) -> object:
    if not text:
        return None
    if pa.types.is_string(kind) and len(text) > 1 and text[0] == text[-1] == _QUOTE:
        return text[1:-1]
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[text]
    if pa.types.is_date(kind):
        return date.fromisoformat(text)
    if pa.types.is_timestamp(kind):
        return datetime.fromisoformat(text)
    if pa.types.is_decimal(kind):
        return Decimal(text)
    return int(text) if pa.types.is_integer(kind) else text


def drawn_table(name: str, text: str) -> pa.Table:
    """Return a table as drawn; ValueError names a heading that the table does not have."""
    headings, *lines = drawn(text)
    schema = _known().get(name)
    if schema is None:
        schema = pa.schema([(heading.partition(":")[0], _kind(heading)) for heading in headings])
    names = [heading.partition(":")[0] for heading in headings]
    unknown = set(names) - set(schema.names)
    if unknown:
        raise ValueError(f"{name} has no column {', '.join(sorted(unknown))}")
    flags = {field.name: False for field in schema if pa.types.is_boolean(field.type) and field.name not in names}
    rows = [
        flags | {one: _value(cell, schema.field(one).type) for one, cell in zip(names, line, strict=True)}
        for line in lines
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def _parameters(*stated: Mapping[str, Any]) -> dict[str, Parameter]:
    given = {name: value for one in stated for name, value in one.get("parameters", {}).items()}
    return {name: None if value == _NO_VALUE else value for name, value in given.items()}


def cases_of(query: str) -> list[QueryCase]:
    """Return the cases of a query, `<stage>/<name>`; none where it has no file of them."""
    path = CASES / f"{query}.toml"
    if not path.exists():
        return []
    written = tomllib.loads(path.read_text("utf-8"))
    found = []
    for case in written["case"]:
        given = {**written.get("given", {}), **case.get("given", {})}
        headings, *rows = drawn(case["expected"])
        found.append(
            QueryCase(
                query,
                case["name"],
                {name: drawn_table(name, text) for name, text in given.items()},
                _parameters(written, case),
                tuple(headings),
                tuple(tuple(row) for row in rows),
                written.get("in_any_order", False),
            )
        )
    return found


def shown(value: object) -> str:
    """Return a value as an expectation draws it."""
    if value is None:
        return ""
    if value == "":
        return _QUOTE * 2
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, dict):
        return " ".join(f"{name}={shown(one)}" for name, one in value.items())
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _lay(engine: Engine, name: str, rows: pa.Table) -> None:
    """Lay a table out; `schema.table` in its schema."""
    schema, _, _ = name.rpartition(".")
    if schema:
        engine.connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    engine.over_rows(name, rows)


class Laid:
    """The tables of one case, laid out twice: as drawn, and with the rows of each table the other way round.

    What a query says does not depend on the order in which its tables lie.
    """

    def __init__(self, case: QueryCase) -> None:
        self.case = case
        self._engines = (Engine(), Engine())
        for name, table in case.given.items():
            for engine, rows in zip(
                self._engines, (table, table.take(pa.array(range(len(table) - 1, -1, -1), pa.int64()))), strict=True
            ):
                _lay(engine, name, rows)

    def close(self) -> None:
        """Release the databases."""
        for engine in self._engines:
            engine.close()

    def answers(self, text: str) -> Iterator[tuple[tuple[str, ...], ...]]:
        """Yield what a query's text says of the tables, either way, in the columns of the expectation."""
        statement = duckdb.extract_statements(text)[0]
        wanted = {name: self.case.parameters[name] for name in statement.named_parameters}
        for engine in self._engines:
            table = engine.connection.execute(statement, wanted).to_arrow_table()
            rows = [tuple(shown(row.get(one, _ABSENT)) for one in self.case.headings) for row in table.to_pylist()]
            yield tuple(sorted(rows) if self.case.in_any_order else rows)

    def is_answered(self, text: str) -> bool:
        """Tell whether a query's text says what the case expects, whichever way the tables lie."""
        return all(answer == self.case.expected for answer in self.answers(text))

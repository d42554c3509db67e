"""How does a query run over the store?

Connections are opened here and nowhere else. Extensions are never fetched; parameters are always named; a query gets
exactly the parameters that it mentions.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from schemas.rules import Rule
from sql import CURRENT, Method, query
from warehouse.named import VARIED, present
from warehouse.workspace import WorkspaceError

# A reader of a few rows does without Arrow, which takes longer to import than the query to run.
if TYPE_CHECKING:
    import pyarrow as pa

Parameter = None | bool | int | str | date | datetime | Decimal | Sequence[str] | Sequence[int]


def connect(
    path: Path | None = None, *, read_only: bool = False, root: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a database file, or one in memory; a projection's views read the store of the workspace at `root`."""
    connection = duckdb.connect(
        str(path) if path is not None else ":memory:",
        read_only=read_only,
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
    )
    connection.execute(query("1_raw/settings"))
    if root is not None:
        connection.execute(query("1_raw/_place"), {"workspace": str(root)})
    return connection


class DatabaseFaultError(WorkspaceError):
    """Raised where the database cannot write or has no memory: that is the machine's fault, in one sentence."""


@contextmanager
def machine_faults(path: Path) -> Iterator[None]:
    """Tell what the machine refuses the database while it writes a file; DatabaseFaultError."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise DatabaseFaultError(
            f"{path}: không ghi được, kiểm tra chỗ trống, quyền và bộ nhớ / cannot be written, check space, rights and"
            f" memory ({str(error).splitlines()[0]})"
        ) from error


class QueryFailedError(RuntimeError):
    """Raised where a query cannot be run over what was laid out for it."""


def literal(value: Parameter) -> str:
    """Return a value as SQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | Decimal):
        return str(value)
    if isinstance(value, str | date):
        return "'" + str(value).replace("'", "''") + "'"
    return "[" + ", ".join(literal(one) for one in value) + "]"


class Engine:
    """A database in memory with views over chosen files of the store; its queries are those of one method."""

    def __init__(self, method: Method = CURRENT, projection: Path | None = None) -> None:
        """Open an empty database, or the projection of a workspace to read from."""
        root = projection.parent if projection is not None else None
        self.connection = connect(projection, read_only=projection is not None, root=root)
        self.method = method

    def close(self) -> None:
        """Release the database."""
        self.connection.close()

    def over_files(self, name: str, table: str, files: Sequence[Path]) -> None:
        """Make a view over Parquet files of one store table; no files give an empty view."""
        if files:
            read = self.connection.read_parquet(present(files), union_by_name=table in VARIED, hive_partitioning=False)
            read.create_view(name)
        else:
            from schemas.tables import SCHEMAS

            self.over_rows(name, SCHEMAS[table].empty_table())

    def over_rows(self, name: str, rows: "pa.Table") -> None:
        """Make a table of rows that are in memory."""
        self.connection.from_arrow(rows).create(name)

    def run(self, query_name: str, parameters: Mapping[str, Parameter] | None = None) -> "pa.Table":
        """Run one .sql file and return its rows; QueryFailedError names one that does not run."""
        try:
            statement = duckdb.extract_statements(self.method.query(query_name))[0]
            wanted = {name: (parameters or {})[name] for name in statement.named_parameters}
            return self.connection.execute(statement, wanted).to_arrow_table()
        except duckdb.Error as error:
            raise QueryFailedError(f"{query_name}: {error}") from error

    def rows(self, query_name: str, parameters: Mapping[str, Parameter] | None = None) -> list[dict[str, object]]:
        """Run one SELECT of a .sql file that returns few rows.

        The values are bound by the engine itself: DuckDB's own binding of Python values imports pandas, which takes
        longer than the answer.
        """
        text = self.method.query(query_name)
        wanted = duckdb.extract_statements(text)[0].named_parameters
        given = ", ".join(f"{name} := {literal((parameters or {})[name])}" for name in sorted(wanted))
        self.connection.execute(f"PREPARE asked AS {text}")
        done = self.connection.execute(f"EXECUTE asked({given})" if given else "EXECUTE asked")
        columns = [column[0] for column in done.description]
        return [dict(zip(columns, row, strict=True)) for row in done.fetchall()]

    def rows_of_files(
        self, query_name: str, files: Sequence[Path], parameters: Mapping[str, Parameter]
    ) -> list[dict[str, object]]:
        """Run one .sql file that reads the Parquet files `$paths` and returns few rows."""
        return self.rows(query_name, {**parameters, "paths": present(files)})

    def offenders(self, rule: Rule, parameters: Mapping[str, Parameter] | None = None) -> "pa.Table":
        """Run the query of one version of a rule: `<id>.v<version>.sql` where its logic is not the newest's."""
        own = f"5_nonconformities/{rule.id}.v{rule.version}"
        name = own if self.method.has(own) else f"5_nonconformities/{rule.id}"
        return self.run(name, {**(parameters or {}), **rule.parameters})

    def whole(self, name: str) -> "pa.Table":
        """Return all rows of a view or table."""
        return self.connection.table(name).to_arrow_table()

    def records(self, name: str) -> list[dict[str, object]]:
        """Return all rows of a view or table that has few."""
        relation = self.connection.table(name)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]

    def keep(self, name: str, query_name: str, parameters: Mapping[str, Parameter] | None = None) -> "pa.Table":
        """Run one .sql file, keep its rows as a table for the queries that follow, and return them."""
        rows = self.run(query_name, parameters)
        self.over_rows(name, rows)
        return rows

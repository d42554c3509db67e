"""How many mutants of the queries do the drawn cases notice?

`python -m tests.mutation.queries [QUERY ...]` breaks the named queries (all that are SELECTs without one named), asks
every case, and lists the mutants that gave what the case expects. `--since COMMIT` takes the queries changed since.
Those that mean the same as the query are listed with their reason in `equivalent.toml`.
"""

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from sql import FOLDER
from tests.mutation.sql_mutants import Mutant, mutants, round_trip
from tests.support.drawn_query import Laid, cases_of

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
ENOUGH = 0.95


@dataclass(frozen=True)
class Outcome:
    """What became of the mutants of one query; those that no database takes are none."""

    query: str
    noticed: int
    survivors: tuple[Mutant, ...]
    equivalent: int


def is_select(text: str) -> bool:
    """Tell whether a file holds one query and nothing that changes tables."""
    statements = duckdb.extract_statements(text)
    return len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT


@cache
def queries() -> tuple[str, ...]:
    """Return every query that a case can be drawn for; an indicator's has its cases beside it."""
    paths = sorted(FOLDER.glob("*/*.sql"))
    return tuple(
        path.relative_to(FOLDER).with_suffix("").as_posix() for path in paths if is_select(path.read_text("utf-8"))
    )


@cache
def equivalents() -> dict[str, str]:
    """Return the reason of each mutant that means the same as its query, by its key."""
    if not EQUIVALENT.exists():
        return {}
    return {one["key"]: one["reason"] for one in tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]}


def _is_noticed(mutant: Mutant, cases: Sequence[Laid]) -> bool | None:
    """Tell whether a case notices the mutant; None where the database does not take it."""
    for laid in cases:
        try:
            if not laid.is_answered(mutant.text):
                return True
        except duckdb.Error as error:
            if isinstance(error, duckdb.BinderException | duckdb.ParserException | duckdb.CatalogException):
                return None
            return True
    return False


def tried(query: str) -> Outcome:
    """Break one query in every way, and ask its cases."""
    text = (FOLDER / f"{query}.sql").read_text("utf-8")
    cases = [Laid(case) for case in cases_of(query)]
    try:
        for laid in cases:
            if not laid.is_answered(round_trip(text)):
                raise ValueError(f"{query}: the unbroken query fails its case: {laid.case.name}")
        known = equivalents()
        said = [(mutant, _is_noticed(mutant, cases)) for mutant in mutants(query, text)]
    finally:
        for laid in cases:
            laid.close()
    alive = [mutant for mutant, noticed in said if noticed is False]
    return Outcome(
        query,
        sum(noticed is True for _, noticed in said),
        tuple(mutant for mutant in alive if mutant.key not in known),
        sum(mutant.key in known for mutant in alive),
    )


def changed_since(commit: str) -> list[str]:
    """Return the queries whose text or cases changed since a commit."""
    listed = subprocess.run(
        ["git", "diff", "--name-only", commit, "--", "sql", "tests/queries"],
        cwd=FOLDER.parent, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    names = {
        Path(path).with_suffix("").as_posix().removeprefix("sql/").removeprefix("tests/queries/") for path in listed
    }
    return [query for query in queries() if query in names]


def main(arguments: Sequence[str]) -> int:
    """Break queries and say what no case noticed; 1 where too much went unnoticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.queries")
    parser.add_argument("query", nargs="*")
    parser.add_argument("--since", metavar="COMMIT")
    parser.add_argument("--quiet", action="store_true", help="counts alone")
    asked = parser.parse_args(arguments)
    chosen = changed_since(asked.since) if asked.since else asked.query or list(queries())
    with ProcessPoolExecutor() as pool:
        outcomes = list(pool.map(tried, chosen))
    for outcome in outcomes:
        total = outcome.noticed + len(outcome.survivors)
        print(f"{outcome.query}: {outcome.noticed} of {total} noticed, {outcome.equivalent} equivalent")
        for mutant in () if asked.quiet else outcome.survivors:
            print(f"    {mutant.key}  {mutant.what}")
    noticed = sum(one.noticed for one in outcomes)
    total = noticed + sum(len(one.survivors) for one in outcomes)
    share = noticed / total if total else 1.0
    print(f"{noticed} of {total} mutants noticed ({share:.1%}), {sum(one.equivalent for one in outcomes)} equivalent")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

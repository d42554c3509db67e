"""Imports point down the drawing of ADR 1, and the SQL of a stage reads no later stage."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

CHECKOUT = Path(__file__).parents[2]
DRAWING = CHECKOUT / "docs" / "adr" / "0001-layout.md"
SQL = CHECKOUT / "sql"

# Who stands where among the names that queries read without a schema. A name that is a query of a stage stands there
# by itself; these are given to the queries by the flows. 0 is the plan, which stands before every stage.
GIVEN = {
    "expectation": 0, "opening_balance": 0, "plan_area": 0, "plan_day": 0, "plan_dimension": 0, "plan_indicator": 0,
    "plan_period": 0, "plan_procedure": 0, "plan_report_due": 0, "plan_report_item": 0, "plan_report_type": 0,
    "plan_rule": 0, "plan_target": 0, "plan_target_way": 0, "plan_task": 0, "plan_task_due": 0, "plan_unit": 0,
    "submission": 1,
    "dossier_row": 2, "report_task": 2, "report_value": 2, "row_account": 2,
    "consolidation_result": 3, "every_rule_result": 3, "expected_report": 3, "finding": 3, "submission_result": 3,
    "figure": 4, "form_row_before": 4, "indicator_member": 4, "part_form_row": 4, "period_figure": 4,
    "previous_form": 4, "target_result": 4,
    "justification": 5, "nonconformity": 5, "waiver": 5,
    "consolidation_breach": 6, "figure_label": 6, "form_count": 6, "period_verdict": 6, "rule_result": 6,
}  # fmt: skip


@dataclass(frozen=True)
class Arrow:
    """One import between top-level packages."""

    place: str
    importer: str
    imported: str


def drawn_layers(text: str) -> list[set[str]]:
    """Read the block ```layers: one layer a line, the highest first; what follows two spaces is said about it."""
    block = re.search(r"```layers\n(.*?)```", text, re.DOTALL)
    assert block is not None, "the ADR has no ```layers block"
    return [{name.strip() for name in re.split(r"\s{2,}", line)[0].split("|")} for line in block[1].splitlines()]


def packages_of(root: Path) -> set[str]:
    return {path.parent.name for path in root.glob("*/__init__.py") if not path.parent.name.startswith(".")} - {"tests"}


def arrows(root: Path) -> Iterator[Arrow]:
    """Yield every import of one top-level package by another, wherever in a file it stands."""
    packages = packages_of(root)
    for path in sorted(path for package in packages for path in (root / package).rglob("*.py")):
        importer = path.relative_to(root).parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for name in named:
                imported = name.split(".")[0]
                if imported in packages and imported != importer:
                    yield Arrow(f"{path.relative_to(root).as_posix()}:{node.lineno}", importer, imported)


def not_downward(found: Iterator[Arrow], layers: list[set[str]]) -> list[str]:
    height = {name: -depth for depth, layer in enumerate(layers) for name in layer}
    return [
        f"{arrow.place}: {arrow.importer} imports {arrow.imported}"
        for arrow in found
        if height[arrow.imported] >= height[arrow.importer]
    ]


def planted(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, "utf-8")
    return root


def test_every_import_between_packages_points_down_the_drawing() -> None:
    assert not_downward(arrows(CHECKOUT), drawn_layers(DRAWING.read_text("utf-8"))) == []


def test_the_drawing_holds_every_package_of_the_checkout_once() -> None:
    drawn = [name for layer in drawn_layers(DRAWING.read_text("utf-8")) for name in layer]
    assert sorted(drawn) == sorted(packages_of(CHECKOUT))


def test_the_import_contract_of_make_check_is_the_same_drawing() -> None:
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    drawn = [layer for layer in drawn_layers(DRAWING.read_text("utf-8")) if layer <= set(contracts["root_packages"])]
    layers = next(contract["layers"] for contract in contracts["contracts"] if "containers" not in contract)
    assert [{name.strip() for name in layer.split("|")} for layer in layers] == drawn


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's sources and contracts, in a folder where an import may be planted."""
    copy = tmp_path_factory.mktemp("house")
    for package in packages_of(CHECKOUT) - {"bench", "docs"}:
        shutil.copytree(CHECKOUT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", copy)
    return copy


def contracts_broken_by(house: Path, file: str, line: str) -> str:
    """Return what the import contracts say of the house while a file of it has one line more; blank where they hold."""
    path = house / file
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{line}\n", "utf-8")
    try:
        done = subprocess.run(
            [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
            cwd=house, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        path.write_text(before, "utf-8")
    return done.stdout if done.returncode else ""


@pytest.mark.parametrize(
    ("file", "line", "is_against"),
    [
        pytest.param("flows/intake/inbox.py", "import flows.measures.figures", True, id="intake may not know measures"),
        pytest.param("flows/measures/figures.py", "import flows.intake.inbox", False, id="measures may know intake"),
        pytest.param("sources/logs/fold.py", "import sources.reports.cells", True, id="logs may not know reports"),
        pytest.param("sources/reports/cells.py", "import sources.logs.fold", False, id="reports may know logs"),
    ],
)
def test_make_check_fails_on_an_import_against_the_arrows_between_rooms(
    copied_house: Path, file: str, line: str, is_against: bool
) -> None:
    said = contracts_broken_by(copied_house, file, line)
    assert ("Rooms of" in said and "BROKEN" in said) is is_against, said


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("from upper import door", ["lower/ink.py:2: lower imports upper"], id="an arrow that goes up"),
        pytest.param("from lowest import x", [], id="an arrow that goes down"),
        pytest.param("import beside.x", ["lower/ink.py:2: lower imports beside"], id="an arrow to a sibling"),
    ],
)
def test_an_arrow_is_seen_even_inside_a_function(tmp_path: Path, line: str, expected: list[str]) -> None:
    files = {
        "upper/door.py": "from lower import ink\n",
        "lower/ink.py": f"def later():\n    {line}\n",
        "beside/x.py": "",
        "lowest/x.py": "",
    }
    layers = drawn_layers("```layers\nupper     DOOR\nlower | beside\nlowest    INK\n```")
    assert not_downward(arrows(planted(tmp_path, files)), layers) == expected


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(item)


def tables_read(text: str) -> set[str]:
    """Return the tables and views that a query reads, as DuckDB's own parser sees them; without its own CTEs."""
    parsed = duckdb.execute("SELECT json_serialize_sql(?)", [text]).fetchone()
    assert parsed is not None
    tree = list(nodes(json.loads(parsed[0])))
    named = {f"{n['schema_name']}.{n['table_name']}".strip(".") for n in tree if n.get("type") == "BASE_TABLE"}
    maps = [n["cte_map"] for n in tree if isinstance(n.get("cte_map"), dict)]
    return named - {entry["key"] for found in maps for entry in found["map"]}


def is_select(text: str) -> bool:
    return all(found.type == duckdb.StatementType.SELECT for found in duckdb.extract_statements(text))


def stage_number(path: Path) -> int:
    return int(path.relative_to(SQL).parts[0].split("_")[0])


QUERIES = sorted(path for path in SQL.rglob("*.sql"))
SCHEMAS = {path.name.split("_", 1)[1]: stage_number(path) for path in SQL.iterdir() if re.match(r"\d_", path.name)}
SCHEMAS |= {"audit": 0}
KNOWN = GIVEN | {
    path.stem: stage_number(path)
    for path in QUERIES
    if len(path.relative_to(SQL).parts) == 2 and not path.stem.startswith("_") and path.stem not in GIVEN
}


def stage_of(table: str) -> int | None:
    schema, _, _ = table.rpartition(".")
    return SCHEMAS.get(schema) if schema else KNOWN.get(table)


def reads_later(number: int, text: str) -> list[str]:
    """Return the tables of later stages that a query of this stage reads, and those that nobody placed."""
    stages = {table: stage_of(table) for table in sorted(tables_read(text))}
    return [table for table, stage in stages.items() if stage is None or stage > number]


@pytest.mark.parametrize("path", [path for path in QUERIES if is_select(path.read_text("utf-8"))], ids=lambda p: p.stem)
def test_a_query_reads_only_its_own_stage_and_those_before_it(path: Path) -> None:
    assert reads_later(stage_number(path), path.read_text("utf-8")) == []


def test_a_query_that_reads_ahead_or_reads_an_unplaced_table_is_seen() -> None:
    text = """
        WITH dated AS (SELECT * FROM dossier_row, figure)
        SELECT * FROM dated INNER JOIN nonconformities.nonconformity AS n ON n.number IS DISTINCT FROM dated.number
        WHERE EXISTS (SELECT 1 FROM nobody_knows)
    """
    assert reads_later(3, text) == ["figure", "nobody_knows", "nonconformities.nonconformity"]
    assert reads_later(5, text) == ["nobody_knows"]


@pytest.mark.parametrize("path", sorted(SQL.glob("*/_tables.sql")), ids=lambda path: path.parent.name)
def test_a_stage_lays_out_tables_in_its_own_schema_only(path: Path) -> None:
    created = set(re.findall(r"CREATE TABLE (\w+)\.", path.read_text("utf-8")))
    assert created <= {path.parent.name.split("_", 1)[1], "audit"}


def test_only_the_first_stage_keeps_the_record() -> None:
    keepers = [path.parent.name for path in QUERIES if "CREATE TABLE audit." in path.read_text("utf-8")]
    assert keepers == ["1_raw"]

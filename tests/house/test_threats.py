"""Each attack that the documents name has its test."""

import ast
import re
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
THREATS = (CHECKOUT / "docs" / "threats.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", THREATS)


def functions_of(path: str) -> set[str]:
    tree = ast.parse((CHECKOUT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_guards_against_an_attack_is_there() -> None:
    assert [f"{path}::{name}" for path, name in NAMED if name not in functions_of(path)] == []


def test_every_attack_names_its_test() -> None:
    rows = [line for line in THREATS.splitlines() if line.startswith("| ")]
    attacks = [row for row in rows if not row.startswith(("| attack", "| ---"))]
    assert [row for row in attacks if "`tests/" not in row] == []
    assert len(attacks) > 30

"""Each breakage can still be made, and every test that guards against an attack has one to show that it does."""

import ast
from functools import cache

import pytest

from tests.house.test_threats import NAMED
from tests.mutation.breakages import CHECKOUT, Breakage, breakages

LISTED = breakages()
# The product alone is broken: its tests are what is asked.
PRODUCT = ("audit/", "flows/", "motcua/", "releases/", "schemas/", "sources/", "sql/", "warehouse/")


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((CHECKOUT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def without_parameters(test: str) -> str:
    return test.partition("[")[0]


@pytest.mark.parametrize("breakage", LISTED, ids=lambda one: f"{one.changes[0].file}: {one.changes[0].now[:40]!a}")
def test_a_breakage_can_be_made_and_its_tests_are_there(breakage: Breakage) -> None:
    for change in breakage.changes:
        assert change.file.startswith(PRODUCT)
        assert (CHECKOUT / change.file).read_text("utf-8").count(change.was) == 1, change
        assert change.was != change.now
    assert breakage.tests
    for test in map(without_parameters, breakage.tests):
        path, _, name = test.partition("::")
        assert name in functions_of(path), test


def test_no_breakage_is_listed_twice() -> None:
    assert len({(one.changes, one.tests) for one in LISTED}) == len(LISTED)


def test_every_test_that_guards_against_an_attack_has_a_breakage() -> None:
    shown = {without_parameters(test) for one in LISTED for test in one.tests}
    assert [f"{path}::{name}" for path, name in NAMED if f"{path}::{name}" not in shown] == []


def test_every_attack_of_a_breakage_is_one_that_the_documents_name() -> None:
    rows = [line.removeprefix("| ") for line in (CHECKOUT / "docs" / "threats.md").read_text("utf-8").splitlines()]
    rooms = tuple(path.rstrip("/") for path in PRODUCT)
    attacks = {one.attack for one in LISTED if not one.attack.startswith(rooms)}
    assert [attack for attack in attacks if not any(row.startswith(attack) for row in rows)] == []

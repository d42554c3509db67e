"""The second way to the published numbers stands alone, and each of its rules is asked for what it decides."""

import ast
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sql import FOLDER
from tests.support.second_hand.dossiers import columns_of, members_of
from tests.support.second_hand.files import Dossier, PlanFiles

CHECKOUT = Path(__file__).parents[2]
HAND = CHECKOUT / "tests" / "support" / "second_hand"
PLAN = PlanFiles(CHECKOUT / "plans" / "svhtt-khanh-hoa-2022", FOLDER / "4_indicators")
QUARTER = PLAN.periods["2022-Q1"]
LAST = QUARTER.last
SOUND = Dossier(
    code="000.00.15.H32-220110-0001", procedure="1.003654", office="QLVHGD", channel="online", circulation="electronic",
    result="digitised", status="finished", received=date(2022, 1, 10), original_due=date(2022, 2, 7),
    due=date(2022, 2, 7), finished=date(2022, 2, 7), asked=None, completed=None, apology=None, reappointed=None,
)  # fmt: skip
ON_TIME = {"received_total", "received_online", "resolved_total", "resolved_on_time"}


def test_the_second_hand_imports_nothing_of_the_product() -> None:
    imported = {
        name
        for path in HAND.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if not name.startswith("tests.support.second_hand")
    }
    packages = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")}
    assert imported
    assert {name.split(".")[0] for name in imported} & (packages | {"tests"}) == set()


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ({}, ON_TIME),
        ({"finished": date(2022, 2, 8)}, ON_TIME - {"resolved_on_time"} | {"resolved_overdue"}),
        ({"finished": date(2022, 2, 8), "status": "withdrawn"}, ON_TIME | {"withdrawn"}),
        ({"finished": date(2022, 2, 8), "due": date(2022, 2, 9), "completed": date(2022, 1, 20)},
         ON_TIME - {"resolved_on_time"} | {"resolved_early"}),
        ({"finished": date(2022, 2, 8), "apology": date(2022, 2, 4), "reappointed": date(2022, 2, 9)},
         ON_TIME - {"resolved_on_time"} | {"resolved_overdue"}),
        ({"finished": None, "status": "in_process", "original_due": LAST},
         {"received_total", "received_online", "pending_total", "pending_overdue"}),
        ({"finished": date(2022, 3, 15), "original_due": date(2022, 3, 15)},
         {"received_total", "received_online", "pending_total", "pending_within_due"}),
        ({"finished": None, "status": "supplement_asked", "asked": LAST},
         {"received_total", "received_online", "pending_total", "pending_within_due", "waiting"}),
        ({"received": date(2021, 12, 14), "channel": "postal"},
         {"received_total", "carried_over", "resolved_total", "resolved_on_time"}),
        ({"procedure": "9.000001", "original_due": None, "due": None, "finished": date(2022, 1, 10)}, ON_TIME),
        ({"original_due": None, "due": None}, ON_TIME - {"resolved_on_time"}),
        ({"received": date(2022, 3, 15)}, set()),
        ({"finished": date(2021, 12, 14), "received": date(2021, 12, 1)}, set()),
    ],
)  # fmt: skip
def test_a_dossier_counts_in_the_columns_that_the_form_s_words_say(
    change: dict[str, object], columns: set[str]
) -> None:
    assert columns_of(replace(SOUND, **change), QUARTER, PLAN) == columns


@pytest.mark.parametrize(
    ("change", "indicator", "numerator", "denominator"),
    [
        # Lunar new year, five days off, lies between receipt and result.
        ({}, "handling_against_limit", 15, 15),
        ({"procedure": "9.000002"}, "handling_against_limit", 15, 1),
        ({"circulation": "paper"}, "electronic_circulation_share", 0, 1),
        ({"channel": "postal"}, "postal_share", 1, 1),
        ({"finished": date(2022, 2, 8), "apology": date(2022, 2, 4)}, "overdue_with_apology_share", 1, 1),
        ({"finished": date(2022, 2, 8), "apology": LAST.replace(day=15)}, "overdue_with_apology_share", 0, 1),
        ({"apology": date(2022, 2, 4), "reappointed": date(2022, 2, 8)}, "extended_share", 1, 1),
    ],
)
def test_a_dossier_adds_to_an_indicator_what_its_definition_says(
    change: dict[str, object], indicator: str, numerator: int, denominator: int
) -> None:
    added = dict(members_of(replace(SOUND, **change), QUARTER, PLAN))
    assert (added[indicator].numerator, added[indicator].denominator) == (numerator, denominator)


@pytest.mark.parametrize(
    ("change", "indicator"),
    [
        ({"circulation": "none"}, "electronic_circulation_share"),
        ({"result": ""}, "digitised_results_share"),
        ({"procedure": "1.999999"}, "handling_against_limit"),
        ({"procedure": "9.000001"}, "online_share_announced"),
        ({"status": "stopped"}, "handling_days_average"),
        ({"received": date(2021, 12, 14)}, "postal_share"),
    ],
)
def test_what_a_definition_excludes_is_in_neither_count(change: dict[str, object], indicator: str) -> None:
    assert indicator in dict(members_of(SOUND, QUARTER, PLAN))
    assert indicator not in dict(members_of(replace(SOUND, **change), QUARTER, PLAN))

"""Relations between line items: the grammar and the sentence about a breach."""

from decimal import Decimal

import pytest

from schemas.relation import parse_relation, parse_relations


def breach(text: str, **values: int | str) -> str | None:
    figures = {name.replace("_", "."): Decimal(value) for name, value in values.items()}
    return parse_relation(text, "A1.4").breach(figures)


def test_a_sum_that_is_too_large_is_told_with_its_numbers() -> None:
    told = breach("A1.3 + A1.4 <= A1.2", A1_2=6, A1_3=5, A1_4=3)
    assert told == "A1.3 + A1.4 <= A1.2 (5 + 3 > 6)"


def test_a_relation_without_a_left_side_is_about_its_own_item() -> None:
    assert breach("<= A1.1", A1_1=10, A1_4=11) == "A1.4 <= A1.1 (11 > 10)"
    assert breach("<= 100", A1_4=100) is None


@pytest.mark.parametrize(
    ("text", "equal", "less", "more"),
    [("<= 5", True, True, False), (">= 5", True, False, True), ("= 5", True, False, False),
     ("< 5", False, True, False), ("> 5", False, False, True)],
)  # fmt: skip
def test_each_operator_holds_where_it_should(text: str, equal: bool, less: bool, more: bool) -> None:
    assert [breach(text, A1_4=value) is None for value in (5, 4, 6)] == [equal, less, more]


def test_numbers_are_written_plainly() -> None:
    assert breach("<= 100", A1_4=2000) == "A1.4 <= 100 (2000 > 100)"


@pytest.mark.parametrize(
    "text",
    ["", "A1.1", "<=", "A1.1 <= A1.2 <= A1.3", "<= A1.1 - A1.2", "<= tổng", "=> 3", "= A1.1 /",
              "= * 2", "= tasks.other", "= A1.1 x 2"],
)  # fmt: skip
def test_what_does_not_follow_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="relation"):
        parse_relation(text, "A1.4")


def test_a_missing_value_is_no_pass() -> None:
    with pytest.raises(KeyError, match=r"A1\.1"):
        breach("<= A1.1", A1_4=1)


@pytest.mark.parametrize(
    ("written", "holds"),
    [("97", True), ("96.9", True), ("96.92", True), ("96.923", True),
     ("96", False), ("97.0", False), ("96.93", False), ("96.922", False), ("98.75", False)],
)  # fmt: skip
def test_a_percentage_holds_where_the_quotient_rounds_to_it_as_written(written: str, holds: bool) -> None:
    told = breach("= 100 * A9.2 / A9.1", A1_4=written, A9_1=1300, A9_2=1260)
    assert (told is None) == holds


def test_half_a_unit_of_the_last_decimal_is_rounded_up() -> None:
    """98.75 stands for anything from 98.745 to just under 98.755."""
    bounds = {19749: True, 19750: True, 19751: False, 19748: False}
    told = {part: breach("= 100 * A9.2 / A9.1", A1_4="98.75", A9_1=20000, A9_2=part) is None for part in bounds}
    assert told == bounds


def test_a_broken_percentage_is_told_with_what_it_should_be() -> None:
    told = breach("= 100 * A9.2 / A9.1", A1_4="98.75", A9_1=1300, A9_2=1260)
    assert told == "A1.4 = 100 * A9.2 / A9.1 (98.75 ≠ 100 * 1260 / 1300 = 96.92)"


def test_other_operators_compare_a_quotient_exactly() -> None:
    assert breach("<= 100 * A9.2 / A9.1", A1_4="66.667", A9_1=3, A9_2=2) is not None
    assert breach("<= 100 * A9.2 / A9.1", A1_4="66.666", A9_1=3, A9_2=2) is None


def test_a_quotient_without_a_divisor_is_no_pass_and_no_breach() -> None:
    with pytest.raises(ZeroDivisionError):
        breach("= 100 * A9.2 / A9.1", A1_4=0, A9_1=0, A9_2=0)


def test_relations_stand_beside_each_other_and_may_count_the_task_table() -> None:
    first, second = parse_relations("A1.3 + A1.4 <= A1.2; A1.3 + A1.4 = tasks.done", "A1.4")
    assert (first.item_codes, first.task_counts) == (("A1.3", "A1.4", "A1.2"), ())
    assert (second.item_codes, second.task_counts) == (("A1.3", "A1.4"), ("tasks.done",))
    known = {"A1.3": Decimal(2), "A1.4": Decimal(1), "tasks.done": Decimal(4)}
    assert second.breach(known) == "A1.3 + A1.4 = tasks.done (2 + 1 ≠ 4)"
    assert parse_relations(" ", "A1.4") == ()


@pytest.mark.parametrize(
    ("relation", "values", "is_consistent"),
    [
        ("= A2.1 + A2.2", {"A1_4": 16_234, "A2_1": 14_043, "A2_2": 2_191}, True),
        ("= A2.1 + A2.2", {"A1_4": 14_101, "A2_1": 14_064, "A2_2": 37}, True),
        ("= 100 * A2.1 / A2.2", {"A1_4": "99.74", "A2_1": 14_064, "A2_2": 14_101}, True),
        ("= 100 * A2.1 / A2.2", {"A1_4": "98.75", "A2_1": 1_260, "A2_2": 1_300}, False),
        ("= A2.1 + A2.2 + A2.3", {"A1_4": 257_141, "A2_1": 124_907, "A2_2": 102_770, "A2_3": 19_852}, False),
    ],
)  # fmt: skip
def test_published_figures_that_add_up_pass_and_those_that_do_not_are_caught(
    relation: str, values: dict[str, int | str], is_consistent: bool
) -> None:
    assert (breach(relation, **values) is None) == is_consistent

"""Relations between line items: the grammar and the sentence about a breach."""

from decimal import Decimal

import pytest

from schemas.relation import parse_relation


def breach(text: str, **values: int) -> str | None:
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


@pytest.mark.parametrize("text", ["", "A1.1", "<=", "A1.1 <= A1.2 <= A1.3", "<= A1.1 - A1.2", "<= tổng", "=> 3"])
def test_what_does_not_follow_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="relation"):
        parse_relation(text, "A1.4")


def test_a_missing_value_is_no_pass() -> None:
    with pytest.raises(KeyError, match=r"A1\.1"):
        breach("<= A1.1", A1_4=1)

"""Each query says of its drawn tables what it is asked: rows on either side of every predicate, and on its edge."""

import pytest

from sql import query
from tests.mutation.queries import queries
from tests.support.drawn_query import CASES, Laid, QueryCase, cases_of

DRAWN = [case for name in queries() for case in cases_of(name)]


@pytest.mark.parametrize("case", DRAWN, ids=lambda case: f"{case.query}: {case.name}")
def test_a_query_answers_its_drawn_tables(case: QueryCase) -> None:
    laid = Laid(case)
    try:
        assert list(laid.answers(query(case.query))) == [case.expected, case.expected]
    finally:
        laid.close()


def test_every_query_has_drawn_tables_and_none_is_drawn_for_a_query_that_is_not_there() -> None:
    drawn = {path.relative_to(CASES).with_suffix("").as_posix() for path in CASES.rglob("*.toml")}
    assert sorted(drawn ^ set(queries())) == []

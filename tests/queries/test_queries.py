"""Each query says of its drawn tables what it is asked: rows on either side of every predicate, and on its edge."""

import pytest

from sql import FOLDER, query
from tests.mutation.queries import queries
from tests.support.drawn_query import CASES, Laid, QueryCase, cases_of

# What reads files, a macro or the database itself is tried where these are: by the room that asks it.
TRIED_ELSEWHERE = {
    "1_raw/catalogue": "tests/audits/test_verify.py",
    "1_raw/copied_rows": "tests/audits/test_history.py",
    "3_validated/history_group": "tests/audits/test_history.py",
    "3_validated/history_row": "tests/audits/test_history.py",
    "3_validated/history_verdict": "tests/audits/test_history.py",
}
CHECKOUT = FOLDER.parent
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
    assert sorted(drawn ^ (set(queries()) - set(TRIED_ELSEWHERE))) == []
    assert [path for path in TRIED_ELSEWHERE.values() if not (CHECKOUT / path).exists()] == []

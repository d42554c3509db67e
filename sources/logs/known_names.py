"""Which names of a log's column does the plan know, and which is an unknown one nearly?"""

from collections.abc import Mapping

import polars as pl

from schemas.nearest import nearest, procedure_names
from schemas.plan import Plan
from schemas.text import comparison_key

# How many unknown names of one batch are compared with the known ones: a column of nothing else is a wrong column.
_MOST_PROPOSALS = 200


def codes_of_procedures(text: pl.Series, plan: Plan) -> pl.Series:
    """Return codes in the place of procedures that are called by their name; what else there is stays."""
    by_key = {comparison_key(name): code for name, code in procedure_names(plan.procedures).items()}
    called = {
        name: code
        for name in text.drop_nulls().unique(maintain_order=True).to_list()
        if (code := by_key.get(comparison_key(name))) is not None
    }
    return text.replace(called) if called else text


def proposals_for(
    rows: pl.Series, column: str, text: pl.Series, unknown: pl.Series, names: Mapping[str, str]
) -> dict[tuple[int, str], str]:
    """Say which known name the unknown ones of a column are near to."""
    distinct = text.filter(unknown).drop_nulls().unique(maintain_order=True).to_list()[:_MOST_PROPOSALS]
    near = {name: found.proposal for name in distinct if (found := nearest(name, names)) is not None}
    return {
        (row, column): near[name]
        for row, name in zip(rows.filter(unknown).to_list(), text.filter(unknown).to_list(), strict=True)
        if name in near
    }

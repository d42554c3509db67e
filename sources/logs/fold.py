"""How do the events of one dossier become its one row?

For logs whose grain is the event: each column is folded as its profile says. A column folded `same` must hold one value
for the whole dossier; where it does not, every row of the dossier is reported.
"""

from collections.abc import Mapping

import polars as pl

from schemas.vocabulary import COLUMNS
from sources.logs.profile import Fold

_FOLDED = (*COLUMNS, "applicant_key")


def row_ranges(rows: list[int]) -> str:
    """Return row numbers as ranges: [7, 8, 9, 12] gives "7-9,12"."""
    ranges: list[list[int]] = []
    for row in sorted(rows):
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _folded(column: str, fold: Fold) -> pl.Expr:
    values = pl.col(column).drop_nulls()
    if fold in ("same", "first"):
        return values.first().alias(column)
    if fold == "last":
        return values.last().alias(column)
    return (values.min() if fold == "min" else values.max()).alias(column)


def fold_events(frame: pl.DataFrame, folds: Mapping[str, Fold]) -> pl.DataFrame:
    """Return one row per dossier, in the order of first appearance.

    Adds `rows` (ranges), `row_list`, `row_count` and `disagreeing`: the columns folded `same` that hold several values.
    """
    same = [column for column in _FOLDED if folds.get(column, "same") == "same" and column != "dossier_code"]
    return (
        frame.group_by("dossier_code", maintain_order=True)
        .agg(
            pl.col("row").first(),
            pl.col("row").alias("row_list"),
            pl.len().cast(pl.Int64).alias("row_count"),
            pl.concat_list(
                [
                    pl.when(pl.col(column).drop_nulls().n_unique() > 1).then(pl.lit(column)).otherwise(None)
                    for column in same
                ]
            )
            .list.drop_nulls()
            .alias("disagreeing"),
            *[_folded(column, folds.get(column, "same")) for column in _FOLDED if column != "dossier_code"],
        )
        .with_columns(pl.col("row_list").map_elements(lambda rows: row_ranges(rows.to_list()), pl.String).alias("rows"))
    )


def as_single_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a log whose grain is the dossier in the shape that `fold_events` gives."""
    return frame.with_columns(
        pl.col("row").cast(pl.String).alias("rows"),
        pl.concat_list("row").alias("row_list"),
        pl.lit(1, dtype=pl.Int64).alias("row_count"),
        pl.lit([], dtype=pl.List(pl.String)).alias("disagreeing"),
    )

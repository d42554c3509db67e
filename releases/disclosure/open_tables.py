"""What do the open tables of a release look like, once it is known what is hidden?

A hidden number is empty, and the column `suppressed` names the columns of its row that are. Nothing is rounded or
altered. What the public has no use for (numbers of submissions, comparisons that would give earlier figures away) is
left out.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from releases.datasets import ColumnNote, Dataset
from releases.disclosure.disclosure import FIELD, UNIT, Spot
from releases.disclosure.open_cells import (
    FORM,
    FORM_COLUMNS,
    Breakdown,
    Row,
    department_form,
    figure_spot,
    is_published,
    parts_of_figure,
)
from schemas.disclosure import Disclosure
from schemas.plan_models import Target, TargetPart
from sql.indicators import Indicator

SUPPRESSED = "suppressed"
SUPPRESSED_STATUS = "suppressed"
_NOTE = ColumnNote(
    SUPPRESSED, "Số không nêu", "Columns of this row that are empty because a count is too small or would give one away"
)
# The breakdown of the form that each table shows.
_FORMS = {"form_ii06a": (FORM, FIELD), "form_ii06b": (FORM, UNIT)}
_UNCHANGED = ("task_summary",)
_LEFT_OUT = {
    "reporting": ("submission", "submission_at_due", "submission_in_force", "recorded_on"),
    "indicators": (
        "before_period", "before_value", "trend", "year_ago_period", "year_ago_value", "year_ago_trend",
        "is_series_broken",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Opening:
    """What is hidden of a release, what is left out as a whole, and what decides on the rest."""

    hidden: Collection[Spot]
    dropped: Collection[Breakdown]
    rule: Disclosure
    indicators: Mapping[str, Indicator]


def open_datasets(official: Sequence[Dataset], opening: Opening, targets: Sequence[Target]) -> tuple[Dataset, ...]:
    """Return the open tables of a release, from its official ones."""
    by_name = {dataset.name: dataset for dataset in official}
    made = [_department(by_name["form_ii06a"], opening)] if (FORM, "") not in opening.dropped else []
    made += [_form(by_name[name], opening) for name, place in _FORMS.items() if place not in opening.dropped]
    made.append(_with_rows(by_name["indicators"], lambda row: _figure(row, opening)))
    ways = {target.id: target for target in targets}
    figures = {figure_spot(row): row for row in by_name["indicators"].table.to_pylist()}
    made.append(_with_rows(by_name["targets"], lambda row: _target(row, ways[str(row["target_id"])], figures, opening)))
    made += [_less(by_name[name]) for name in (*_UNCHANGED, "reporting")]
    return tuple(sorted(made, key=lambda dataset: dataset.name))


def _less(dataset: Dataset) -> Dataset:
    """Return a table that is not about persons, without what is left out of it."""
    left_out = _LEFT_OUT.get(dataset.name, ())
    kept = [note for note in dataset.columns if note.name not in left_out]
    table = dataset.table.select([note.name for note in kept])
    return Dataset(dataset.name, dataset.title_vi, dataset.title_en, dataset.description, tuple(kept), table)


def _with_rows(dataset: Dataset, open_row: Callable[[Row], Row | None]) -> Dataset:
    """Return a table whose rows are opened one by one; a row that is opened to nothing is left out."""
    plain = _less(dataset)
    rows = [row for one in dataset.table.to_pylist() if (row := open_row(one)) is not None]
    schema = plain.table.schema.append(pa.field(SUPPRESSED, pa.string()))
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    return Dataset(
        plain.name, plain.title_vi, plain.title_en, plain.description, (*plain.columns, _NOTE), table
    )  # fmt: skip


def _masked(row: Row, hidden: Collection[str]) -> dict[str, object]:
    named = [name for name in row if name in hidden]
    return {**{name: None if name in hidden else value for name, value in row.items()}, SUPPRESSED: " ".join(named)}


def _form(dataset: Dataset, opening: Opening) -> Dataset:
    dimension = _FORMS[dataset.name][1]
    key = "field" if dimension == FIELD else "handling_office"

    def opened(row: Row) -> Row:
        value = str(row[key])
        return _masked(row, [c for c in FORM_COLUMNS if Spot(c, dimension, value) in opening.hidden])

    return _with_rows(dataset, opened)


def _department(by_field: Dataset, opening: Opening) -> Dataset:
    """Return the form's totals as a table of one row: with hidden rows a reader could not add them up."""
    rows = by_field.table.to_pylist()
    total = {"period": rows[0]["period"], **department_form(rows)} if rows else {}
    columns = tuple(note for note in by_field.columns if note.name != "field")
    schema = pa.schema([by_field.table.schema.field(note.name) for note in columns])
    table = pa.Table.from_pylist([total] if total else [], schema=schema)
    plain = Dataset(
        "form_department", "Biểu II.06a/VPCP/KSTT toàn Sở", "Form II.06a of the department",
        "Tổng số của biểu / The form's totals, one row", columns, table,
    )  # fmt: skip
    return _with_rows(plain, lambda row: _masked(row, [c for c in FORM_COLUMNS if Spot(c) in opening.hidden]))


def _hidden_of(row: Row, opening: Opening) -> list[str]:
    """Return which of numerator and denominator of a figure are hidden: of a quantile both, where its members are."""
    numerator, denominator = parts_of_figure(figure_spot(row))
    if opening.indicators[str(row["indicator_id"])].kind == "quantile":
        return ["numerator", "denominator"] if denominator in opening.hidden else []
    return [n for n, s in (("numerator", numerator), ("denominator", denominator)) if s in opening.hidden]


def _is_dropped(row: Row, opening: Opening) -> bool:
    spot = figure_spot(row)
    indicator = opening.indicators[spot.measure]
    return not is_published(row, indicator, opening.rule) or (spot.measure, spot.dimension) in opening.dropped


def _figure(row: Row, opening: Opening) -> Row | None:
    if _is_dropped(row, opening):
        return None
    hidden = _hidden_of(row, opening)
    opened = _masked(row, [*hidden, "value"] if hidden else [])
    return {**opened, "status": SUPPRESSED_STATUS} if hidden else opened


def _target(row: Row, target: Target, figures: Mapping[Spot, Row], opening: Opening) -> Row:
    """Return a target's row; what became of it tells of its figures, so it is shown only where all of them are."""
    asked = [figures.get(Spot(w.indicator, w.dimension, w.dimension_value)) for w in target.ways]
    known = [one for one in asked if one is not None]
    hidden = [
        name
        for one in known
        if one["indicator_id"] == row["indicator_id"]
        for name in (["numerator", "denominator"] if _is_dropped(one, opening) else _hidden_of(one, opening))
    ]
    is_told = not any(_tells_more(way, figures, opening) for way in target.ways)
    opened = _masked(row, hidden if is_told else [*hidden, "status", "reason"])
    return opened if is_told else {**opened, "status": SUPPRESSED_STATUS}


def _tells_more(way: TargetPart, figures: Mapping[Spot, Row], opening: Opening) -> bool:
    """Whether meeting or missing a way says more of a figure than is shown of it.

    A rise compares with a figure of another period. That a number is zero is shown, so that it is not is known, too.
    """
    indicator = opening.indicators[way.indicator]
    figure = figures.get(Spot(way.indicator, way.dimension, way.dimension_value))
    if not opening.rule.is_about_persons(indicator.id, indicator.source) or figure is None:
        return False
    asks_for_zero = way.comparison == "=" and way.threshold == 0
    is_hidden = bool(_hidden_of(figure, opening)) and not asks_for_zero
    return way.comparison == "rising" or _is_dropped(figure, opening) or is_hidden

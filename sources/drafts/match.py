"""Which column of an unknown log is which?

By its heading where the vocabulary knows it; a heading that is nearly a known one, and a column whose content alone
speaks for it, are proposed with a question. A column that nothing speaks for is not read.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from schemas.headings import PROCEDURE_NAME, Headings
from schemas.nearest import nearest, procedure_names, unit_names
from schemas.plan import Plan
from schemas.text import comparison_key, masked
from schemas.vocabulary import LABEL_COLUMNS, MOMENT_COLUMNS
from sources.drafts.draft import Question
from sources.drafts.log import UnknownLog

_CERTAIN, _LIKELY = 0.9, 0.5
_CONTACT = re.compile(r"\+?(?:\d[ .\-]?){9,15}|\S+@\S+\.\S+")
# Without these a row cannot be counted: a log that lacks one of them is asked about.
NEEDED = ("dossier_code", "procedure_code", "handling_office", "received_at", "due_at", "finished_at", "channel")


@dataclass(frozen=True)
class Matches:
    """The position of each column that was found, of those that hold persons, and the headings that are not read."""

    found: Mapping[str, int]
    personal: Mapping[str, int]
    unused: tuple[str, ...]
    questions: tuple[Question, ...]


def share(text: pl.Series, holds: Callable[[str], bool]) -> float:
    """Return the share of a column's filled cells of which something holds; 0 where none is filled."""
    counts = text.drop_nulls().value_counts(sort=False)
    if not counts.height:
        return 0.0
    numbers: dict[str, int] = dict(counts.iter_rows())
    return sum(number for cell, number in numbers.items() if holds(cell)) / sum(numbers.values())


class Recognition:
    """By what content a column is recognised, under one plan and vocabulary."""

    def __init__(self, plan: Plan, headings: Headings) -> None:
        document = plan.document
        self._headings = headings
        self._code = re.compile(document.dossier_code.pattern)
        self._procedure = re.compile(document.procedure_code.pattern)
        self._procedures = {comparison_key(name) for name in procedure_names(plan.procedures)}
        self._offices = {comparison_key(name) for name in unit_names(plan.units)}

    def share_of(self, column: str, text: pl.Series) -> float:
        """Return the share of filled cells that speak for this column; dates are read elsewhere."""
        if column == "dossier_code":
            return share(text, lambda cell: self._code.fullmatch(cell) is not None)
        if column == "procedure_code":
            return share(text, lambda cell: bool(self._procedure.fullmatch(cell)) or self._is_procedure(cell))
        if column == "handling_office":
            return share(text, lambda cell: comparison_key(cell) in self._offices)
        if column in LABEL_COLUMNS:
            return share(text, lambda cell: self._headings.label(column, cell) is not None)
        return 0.0

    def _is_procedure(self, cell: str) -> bool:
        return comparison_key(cell) in self._procedures

    def holds_persons(self, text: pl.Series) -> bool:
        """Tell whether most cells are names, telephone or identity numbers, or addresses of persons."""
        return share(text, self._is_person) > _LIKELY

    def _is_person(self, cell: str) -> bool:
        return _CONTACT.fullmatch(cell) is not None or self._headings.is_name(cell)


def match_columns(log: UnknownLog, plan: Plan, headings: Headings) -> Matches:
    """Say which column is which, and ask where only a near heading or the content says so."""
    recognition = Recognition(plan, headings)
    found: dict[str, int] = {}
    questions: list[Question] = []
    left: list[int] = []
    for position, heading in enumerate(log.headings):
        name = headings.column_of(heading) if heading else None
        if name is None:
            left.append(position)
        elif name in found:
            text = f"hai cột cùng nghĩa: “{log.headings[found[name]]}” và “{heading}” / two columns mean the same"
            questions.append(Question(f"columns.{name}", text))
        else:
            found[name] = position
    if PROCEDURE_NAME in found:
        position = found.pop(PROCEDURE_NAME)
        if "procedure_code" not in found:
            found["procedure_code"] = position
    left = [p for p in left if not headings.is_unused(log.headings[p]) and not _is_empty(log, p)]
    for propose in (_near_heading, _content):
        for position in list(left):
            proposed = propose(log, position, headings, recognition, found)
            if proposed is not None:
                name, question = proposed
                found[name] = position
                questions.append(question)
                left.remove(position)
    personal = {name: p for name, p in found.items() if name in headings.columns and headings.columns[name].personal}
    personal |= {f"personal_{p + 1}": p for p in left if recognition.holds_persons(log.columns[p])}
    unused = [p for p in range(len(log.headings)) if p not in {*found.values(), *personal.values()}]
    return Matches(
        {name: position for name, position in found.items() if name not in personal},
        personal,
        tuple(shown_heading(log.headings[p], headings) for p in unused if log.headings[p]),
        tuple(questions),
    )


def _is_empty(log: UnknownLog, position: int) -> bool:
    return log.columns[position].null_count() == log.rows.len()


def shown_heading(heading: str, headings: Headings) -> str:
    """Return a heading as it may be shown: what was taken for one may be a row of data."""
    known = headings.column_of(heading) is not None or headings.is_unused(heading)
    return masked(heading) if not known and headings.may_be_personal(heading) else heading


def _near_heading(
    log: UnknownLog, position: int, headings: Headings, _: Recognition, found: Mapping[str, int]
) -> tuple[str, Question] | None:
    heading = log.headings[position]
    near = nearest(heading, headings.by_heading) if heading else None
    if near is None or near.code in found or near.code == PROCEDURE_NAME:
        return None
    text = f"tiêu đề “{heading}” gần giống “{near.name}” / the heading is nearly a known one"
    return near.code, Question(f"columns.{near.code}", text)


def _content(
    log: UnknownLog, position: int, headings: Headings, recognition: Recognition, found: Mapping[str, int]
) -> tuple[str, Question] | None:
    text, heading = log.columns[position], log.headings[position]
    # The profile has to name the heading: one that may be a person's name is not written down.
    if not heading or headings.may_be_personal(heading):
        return None
    wanted = [name for name in (*NEEDED, *LABEL_COLUMNS) if name not in found and name not in MOMENT_COLUMNS]
    shares = {name: recognition.share_of(name, text) for name in wanted}
    name = max(shares, key=lambda one: shares[one], default=None)
    if name is None or shares[name] < _CERTAIN:
        return None
    said = f"cột “{heading}” không rõ tiêu đề, {shares[name]:.0%} ô cho thấy là {name}"
    return name, Question(f"columns.{name}", f"{said} / by its content alone the column is {name}")

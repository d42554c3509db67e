"""What do the cells of the columns that were found say, and where do they contradict their heading?"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

import polars as pl

from schemas.headings import DateOrderId, Headings
from schemas.nearest import nearest, unit_names
from schemas.plan import Plan
from schemas.text import masked
from schemas.vocabulary import LABEL_COLUMNS, MOMENT_COLUMNS
from sources.drafts.dates import DateReading, read_dates
from sources.drafts.draft import DraftColumn, Question, rows_named
from sources.drafts.log import UnknownLog
from sources.drafts.match import NEEDED, Matches, Recognition
from sources.logs.cast import moments

# More labels than this are no list of values.
_MOST_LABELS = 30
_CONTRADICTED = 0.5
# Dossiers that were due, or done, before they came: a few are mistakes, more are two headings that were swapped.
_MOST_BACKWARDS = 0.1


def read_columns(
    log: UnknownLog, matches: Matches, plan: Plan, headings: Headings
) -> tuple[list[DraftColumn], list[Question], list[str]]:
    """Return the columns with their labels and dates, the questions that their cells raise, and notes."""
    columns: list[DraftColumn] = []
    questions: list[Question] = []
    notes: list[str] = []
    recognition = Recognition(plan, headings)
    persons = _persons(log, matches.personal.values())
    for name, position in matches.found.items():
        text = log.columns[position]
        column = DraftColumn(name, position, log.headings[position], is_required=name in NEEDED)
        if name in MOMENT_COLUMNS:
            column = replace(column, dates=read_dates(text, headings.date_order, plan.document.timezone))
        elif name in LABEL_COLUMNS:
            column = replace(column, values=_labels(log, column, headings, persons, questions))
        elif text.null_count() < text.len() and recognition.share_of(name, text) < _CONTRADICTED:
            fit = recognition.share_of(name, text)
            said = f"chỉ {fit:.0%} ô của “{column.heading}” đúng là {name} / few of its cells are one: sai tiêu đề?"
            questions.append(Question(f"columns.{name}", said))
        if name == "handling_office":
            notes += _unknown_offices(log, column, plan, headings, persons)
        columns.append(column)
    columns = _settle_orders(columns)
    for column in columns:
        if column.dates is not None:
            questions += _date_questions(log, column, column.dates, plan.document.timezone)
    questions += _backwards(log, columns, plan.document.timezone)
    columns += [
        DraftColumn(name, p, log.headings[p], personal=_kept(headings, name)) for name, p in matches.personal.items()
    ]
    return columns, questions, notes


def _kept(headings: Headings, name: str) -> Literal["drop", "hmac"]:
    known = headings.columns.get(name)
    return (known.personal if known else None) or "drop"


def _persons(log: UnknownLog, positions: Iterable[int]) -> frozenset[str]:
    """Return what stands in personal columns, and the words of it, in lower case."""
    found: set[str] = set()
    for position in positions:
        lower = log.columns[position].drop_nulls().str.to_lowercase().unique()
        found.update(lower.to_list(), lower.str.split(" ").explode().drop_nulls().unique().to_list())
    return frozenset(found)


def _rows_where(log: UnknownLog, mask: pl.Series) -> list[int]:
    return log.rows.filter(mask.fill_null(False)).to_list()


def _labels(
    log: UnknownLog, column: DraftColumn, headings: Headings, persons: frozenset[str], questions: list[Question]
) -> dict[str, str]:
    """Return each label with its meaning, "" where it is unknown; one that may be personal is asked about unseen."""
    text = log.columns[column.position]
    labels = text.drop_nulls().unique(maintain_order=True).sort().to_list()
    known = {label: meaning for label in labels if (meaning := headings.label(column.name, label)) is not None}
    unknown = [label for label in labels if label not in known]
    if not unknown:
        return known
    hidden = [label for label in unknown if headings.may_be_personal(label, persons)]
    shown = [label for label in unknown if label not in hidden]
    said = []
    if len(unknown) > _MOST_LABELS or not known:
        said.append(f"{len(unknown)} nhãn lạ, {len(known)} nhãn đã biết: đúng là cột này? / is it this column at all?")
    if len(unknown) > _MOST_LABELS:
        hidden, shown = unknown, []
    if shown:
        said.append(f"nhãn chưa biết nghĩa / unknown labels: {', '.join(f'“{label}”' for label in shown)}")
    if hidden:
        rows = _rows_where(log, text.is_in(hidden))
        said.append(f"nhãn lạ không hiện ở đây, xem dòng / labels not shown here, see rows: {rows_named(rows)}")
    questions.append(Question(f"columns.{column.name}.values", "; ".join(said)))
    return known | dict.fromkeys(shown, "")


def _unknown_offices(
    log: UnknownLog, column: DraftColumn, plan: Plan, headings: Headings, persons: frozenset[str]
) -> list[str]:
    """Say which office names the plan does not have, each with the nearest that it has."""
    text = log.columns[column.position]
    names = unit_names(plan.units)
    notes = []
    for name in text.drop_nulls().unique(maintain_order=True).sort().to_list()[:_MOST_LABELS]:
        if plan.unit_code(name) is not None:
            continue
        rows = rows_named(_rows_where(log, text == name))
        near = nearest(name, names)
        shown = masked(name) if headings.may_be_personal(name, persons) else f"“{name}”"
        proposal = f": {near.proposal}" if near is not None else ""
        notes.append(f"phòng không có trong kế hoạch / office unknown to the plan: {shown}, dòng {rows}{proposal}")
    return notes


def _settle_orders(columns: Sequence[DraftColumn]) -> list[DraftColumn]:
    """Let a column that could be read both ways be proposed as the proven ones of its file are; it stays undecided."""
    proven = [c.dates.order for c in columns if c.dates is not None and c.dates.is_proven and c.dates.order != "ymd"]
    settled = []
    for column in columns:
        dates = column.dates
        if dates is not None and dates.rivals and proven and proven[0] in dates.rivals:
            dates = replace(dates, order=proven[0], formats=tuple(_turned(f, proven[0]) for f in dates.formats),
                            rivals=(dates.order,) if dates.order else ())  # fmt: skip
        settled.append(replace(column, dates=dates))
    return settled


def _turned(pattern: str, order: DateOrderId) -> str:
    """Return a format with day and month in the other order."""
    if pattern.startswith("%Y"):
        return pattern
    day_first = pattern.index("%d") < pattern.index("%m")
    if day_first == (order == "dmy"):
        return pattern
    return pattern.replace("%d", "%-").replace("%m", "%d").replace("%-", "%m")


def _date_questions(log: UnknownLog, column: DraftColumn, dates: DateReading, zone: str) -> list[Question]:
    if not dates.filled_count or dates.is_proven:
        return []
    if not dates.is_date:
        said = f"chỉ {dates.parsed_count} trong {dates.filled_count} ô của “{column.heading}” là ngày: sai tiêu đề?"
        return [Question(f"columns.{column.name}", f"{said} / most of its cells are no dates")]
    doubts = []
    if dates.rivals:
        doubts.append(
            "không ô nào có ngày trên 12: ngày/tháng hay tháng/ngày? / no day above 12 tells dd/mm from mm/dd"
        )
    if dates.parsed_count < dates.filled_count:
        text = log.columns[column.position]
        unread = text.is_not_null() & moments(text, dates.formats, zone).is_null()
        rows = rows_named(_rows_where(log, unread))
        doubts.append(
            f"{dates.filled_count - dates.parsed_count} trong {dates.filled_count} ô không đọc được, dòng {rows}"
            " / cells that do not parse"
        )
    return [Question(f"columns.{column.name}.formats", f"“{column.heading}”: {'; '.join(doubts)}")]


def _backwards(log: UnknownLog, columns: Sequence[DraftColumn], zone: str) -> list[Question]:
    """Ask where dossiers were due or done before they came: then two headings may have been swapped."""
    when = {
        c.name: moments(log.columns[c.position], c.dates.formats, zone).dt.date()
        for c in columns
        if c.name in ("received_at", "due_at", "finished_at") and c.dates is not None and c.dates.is_date
    }
    questions = []
    for later in ("due_at", "finished_at"):
        if "received_at" not in when or later not in when:
            continue
        both = int((when["received_at"].is_not_null() & when[later].is_not_null()).sum())
        backwards = int((when[later] < when["received_at"]).fill_null(False).sum())
        if both and backwards > _MOST_BACKWARDS * both:
            said = f"{backwards} trong {both} dòng có {later} trước received_at: hai tiêu đề bị đổi chỗ?"
            questions.append(Question(f"columns.{later}", f"{said} / it comes before the receipt: swapped headings?"))
    return questions


def date_columns_left(log: UnknownLog, matches: Matches, plan: Plan, headings: Headings) -> list[str]:
    """Return the headings of columns that hold dates and that nothing speaks for."""
    taken = {*matches.found.values(), *matches.personal.values()}
    return [
        heading if not headings.may_be_personal(heading) else masked(heading)
        for position, heading in enumerate(log.headings)
        if position not in taken
        and heading
        and not headings.is_unused(heading)
        and read_dates(log.columns[position], headings.date_order, plan.document.timezone).is_date
    ]

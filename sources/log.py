"""What does a dossier log say, cast to the vocabulary, and what became of each of its rows?

Rows are read as text and cast; a cell that does not cast is a failure of its own and hides no other. Personal columns
are dropped, or replaced by a keyed HMAC, before a frame leaves this module. read = staged + ignored + rejected here.
"""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

import polars as pl

from schemas.dossier import COLUMNS, MOMENT_COLUMNS, TEXT_COLUMNS
from schemas.nearest import procedure_names, unit_names
from schemas.plan import Plan
from schemas.text import clean, comparison_key
from sources.header import SEARCHED_ROWS, Header, find_header
from sources.known_names import codes_of_procedures, proposals_for
from sources.profile import Profile
from sources.reader import Source, SourceRow, UnreadableError

# A true date cell of a workbook arrives in this form whatever the profile says.
_ISO_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
_NUMBER_CELL = re.compile(r"\(?\d{1,2}\)?")
# The rule that a cell breaks which does not cast, by column; every date column breaks the same one.
CAST_RULES = {
    "channel": "D005",
    "status": "D004",
    "handling_office": "D014",
    "dossier_code": "D003",
    "circulation": "D034",
    "result_form": "D035",
}
_DATE_RULE = "D001"
_RAGGED_RULE = "D019"


@dataclass(frozen=True)
class CastFailure:
    """A cell that does not cast. `row` is the source row; `text` is as read and must be masked before it is kept."""

    row: int
    column: str
    rule_id: str
    text: str


@dataclass(frozen=True)
class RowFate:
    """A source row that is no data row: its class, or the rule that rejected it before casting."""

    row: int
    disposition: str
    reason: str


@dataclass
class Batch:
    """Typed rows of one batch with their source rows, the cells that did not cast, and the rows that are no data.

    `proposals` says by source row and column which known name an unknown one is near to: for people, never assigned.
    """

    frame: pl.DataFrame
    failures: list[CastFailure]
    fates: list[RowFate]
    proposals: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class LogHead:
    """What stands above the table: the header, and what the title rows say of window and export.

    `columns` are those of the vocabulary that the log has, and the applicant's key where it has an applicant.
    """

    header: Header
    columns: frozenset[str]
    window: tuple[date, date] | None
    exported_at: datetime | None


@dataclass(frozen=True)
class OpenLog:
    """A log whose header was found; its batches can be read once."""

    source: Source
    profile: Profile
    head: LogHead
    rows: Iterator[list[SourceRow]] = field(repr=False)


def _titles(profile: Profile, rows: Sequence[SourceRow]) -> tuple[tuple[date, date] | None, datetime | None]:
    document = profile.document
    window, exported_at = None, None
    for text in (clean(cell) for row in rows for cell in row.cells if cell):
        if document.window_pattern and (found := re.search(document.window_pattern, text)):
            first, last = (datetime.strptime(found[name], document.window_format).date() for name in ("first", "last"))
            window = (first, last)
        if document.exported_at_pattern and (found := re.search(document.exported_at_pattern, text)):
            exported_at = datetime.strptime(found["at"], document.exported_at_format)
    return window, exported_at


def open_log(source: Source, profiles: Sequence[Profile]) -> OpenLog:
    """Find the header under the profile that knows most of its headings; UnreadableError where none fits."""
    first: list[list[SourceRow]] = []
    for batch in source.batches:
        first.append(batch)
        if sum(len(rows) for rows in first) > SEARCHED_ROWS:
            break
    start = [row for batch in first for row in batch]
    found = [(profile, header) for profile in profiles if (header := find_header(profile, start)) is not None]
    if not found:
        raise UnreadableError(
            "Không tìm thấy dòng tiêu đề có đủ các cột bắt buộc của một sổ theo dõi hồ sơ"
            " / No header row with all required columns of a known log was found"
        )
    profile, header = max(found, key=lambda pair: len(pair[1].positions))
    try:
        window, exported_at = _titles(profile, [row for row in start if row.number < header.first_row])
    except ValueError as error:
        raise UnreadableError(
            f"Ngày ở phần đầu tệp không đọc được ({error}) / A date above the table is illegal"
        ) from error
    known = {name for name in (*header.positions, *profile.document.constants) if name in COLUMNS}
    if _has_applicant_key(profile, header):
        known.add("applicant_key")
    head = LogHead(header, frozenset(known), window, exported_at)
    return OpenLog(source, profile, head, chain(first, source.batches))


def _has_applicant_key(profile: Profile, header: Header) -> bool:
    return "applicant" in header.positions and profile.document.columns["applicant"].personal == "hmac"


def row_class_of(log: OpenLog, row: SourceRow) -> str | None:
    """Return the class of a row that is no data, or None; runs once a row, so it looks no further than it must."""
    header = log.head.header
    if row.number < header.first_row:
        return "title"
    if row.number <= header.last_row:
        return "header"
    first = next((text for cell in row.cells if (text := cell.strip())), "")
    if not first:
        return "blank"
    if _NUMBER_CELL.fullmatch(first) and _is_number_row(row):
        return "number"
    text = first if first.isascii() else clean(first)
    return next((name for name, pattern in log.profile.ignored if pattern.search(text)), None)


def _is_number_row(row: SourceRow) -> bool:
    """Tell whether every filled cell, and there are more than two, is a column number such as (3)."""
    filled = [text for cell in row.cells if (text := cell.strip())]
    return len(filled) > 2 and all(_NUMBER_CELL.fullmatch(text) for text in filled)


def _is_ragged(source: Source, header: Header, row: SourceRow) -> bool:
    extra = row.cells[header.width :]
    return source.is_ragged and (len(row.cells) < header.width or any(cell.strip() for cell in extra))


def text_column(rows: Sequence[SourceRow], position: int) -> pl.Series:
    """Return one column as text in NFC, trimmed; blank cells are null."""
    cells = [row.cells[position] if position < len(row.cells) else "" for row in rows]
    return (
        pl.Series(cells, dtype=pl.String)
        .str.normalize("NFC")
        .str.replace_all("[\u200b\u200c\u200d\u2060\ufeff\u00a0]", " ")
        .str.strip_chars()
        .replace("", None)
    )


def moment_as(pattern: str, zone: str) -> pl.Expr:
    """Return the moments of a column `text` under one format, local to the zone; null where it does not parse."""
    column = pl.col("text")
    if "%z" in pattern or "%:z" in pattern:
        moment = column.str.to_datetime(pattern, strict=False, time_unit="us", time_zone="UTC")
        return moment.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    if "%H" in pattern:
        return column.str.to_datetime(pattern, strict=False, time_unit="us")
    return column.str.to_date(pattern, strict=False).cast(pl.Datetime("us"))


def moments(text: pl.Series, formats: Sequence[str], zone: str) -> pl.Series:
    """Return the moments of a column under the first of these formats, or that of a true date cell, which parses."""
    patterns = dict.fromkeys((*formats, *_ISO_FORMATS))
    parsed = [moment_as(pattern, zone) for pattern in patterns]
    return text.to_frame("text").select(pl.coalesce(parsed).alias("moment")).to_series()


def _labels(text: pl.Series, names: dict[str, str]) -> pl.Series:
    by_key = {comparison_key(label): value for label, value in names.items()}
    distinct = text.drop_nulls().unique(maintain_order=True).to_list()
    return text.replace_strict(
        {label: by_key.get(comparison_key(label)) for label in distinct}, default=None, return_dtype=pl.String
    )


def _pseudonyms(text: pl.Series, key: bytes) -> pl.Series:
    """Return the keyed HMAC of each name, whatever its case and spacing; only distinct names are computed."""
    plain = text.str.to_lowercase().str.replace_all(r"\s+", " ")
    distinct = plain.drop_nulls().unique(maintain_order=True).to_list()
    keyed = [hmac.digest(key, name.encode(), "sha256").hex() for name in distinct]
    return plain.replace_strict(distinct, keyed, default=None, return_dtype=pl.String)


def _codes(text: pl.Series, plan: Plan, name: str, key: bytes) -> pl.Series:
    """Return codes as they are where they follow the plan's pattern, else a pseudonym.

    What stands in a code's place may be anything, a name too: it stays distinct, and in the vault.
    """
    document = plan.document
    pattern = document.dossier_code.pattern if name == "dossier_code" else document.procedure_code.pattern
    is_code = text.str.contains(f"^(?:{pattern})$")
    distinct = text.filter(~is_code.fill_null(True)).unique(maintain_order=True).to_list()
    keyed = {value: "?" + hmac.digest(key, value.encode(), "sha256").hex()[:16] for value in distinct}
    return text.replace(keyed) if keyed else text


def _cast(log: OpenLog, rows: Sequence[SourceRow], plan: Plan, key: bytes) -> Batch:
    document = log.profile.document
    numbers = pl.Series("row", [row.number for row in rows], dtype=pl.Int64)
    columns: dict[str, pl.Series] = {}
    failures: list[CastFailure] = []
    proposals: dict[tuple[int, str], str] = {}
    for name in COLUMNS:
        profile = document.columns.get(name)
        if name in document.constants:
            columns[name] = pl.Series([document.constants[name]] * len(rows), dtype=pl.String)
            continue
        if profile is None or name not in log.head.header.positions:
            dtype = pl.Datetime("us") if name in MOMENT_COLUMNS else pl.String
            columns[name] = pl.Series([None] * len(rows), dtype=dtype)
            continue
        text = text_column(rows, log.head.header.positions[name])
        if name in MOMENT_COLUMNS:
            cast = moments(text, profile.formats or document.date_formats, plan.document.timezone)
        elif name == "handling_office":
            cast = _labels(text, unit_names(plan.units))
            proposals |= proposals_for(numbers, name, text, cast.is_null(), unit_names(plan.units))
        elif name == "procedure_code":
            text = codes_of_procedures(text, plan)
            cast = _codes(text, plan, name, key)
            unknown = (cast != text).fill_null(False)
            proposals |= proposals_for(numbers, name, text, unknown, procedure_names(plan.procedures))
        elif name in TEXT_COLUMNS:
            cast = _codes(text, plan, name, key)
        else:
            cast = _labels(text, profile.values)
        rule_id = _DATE_RULE if name in MOMENT_COLUMNS else CAST_RULES.get(name)
        if rule_id is not None:
            # A blank channel enters neither column 4 nor 5, so it fails as an unknown one does.
            lost = cast.is_null() if name == "channel" else cast.is_null() & text.is_not_null()
            lost |= (cast != text).fill_null(False) if name == "dossier_code" else False
            failures += [
                CastFailure(row, name, rule_id, value or "")
                for row, value in zip(numbers.filter(lost).to_list(), text.filter(lost).to_list(), strict=True)
            ]
        columns[name] = cast
    header = log.head.header
    columns["applicant_key"] = (
        _pseudonyms(text_column(rows, header.positions["applicant"]), key)
        if _has_applicant_key(log.profile, header)
        else pl.Series([None] * len(rows), dtype=pl.String)
    )
    return Batch(pl.DataFrame({"row": numbers, **columns}), failures, [], proposals)


def read_batches(log: OpenLog, plan: Plan, key: bytes) -> Iterator[Batch]:
    """Yield the log's rows, cast, in batches; `key` is that of the applicants' HMAC.

    A batch's frame has `row` and the columns of the vocabulary. Raises UnreadableError where the file breaks off.
    """
    header = log.head.header
    for rows in log.rows:
        data: list[SourceRow] = []
        fates: list[RowFate] = []
        failures: list[CastFailure] = []
        for row in rows:
            row_class = row_class_of(log, row)
            if row_class is not None:
                fates.append(RowFate(row.number, "ignored", row_class))
            elif _is_ragged(log.source, header, row):
                fates.append(RowFate(row.number, "rejected", _RAGGED_RULE))
                failures.append(CastFailure(row.number, "row", _RAGGED_RULE, ""))
            else:
                data.append(row)
        batch = _cast(log, data, plan, key)
        yield Batch(batch.frame, failures + batch.failures, fates, batch.proposals)

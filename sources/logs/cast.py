"""What do the cells of a log say in the vocabulary?

Cells are cast column by column; a cell that does not cast is a failure of its own and hides no other. Personal columns
are dropped, or replaced by a keyed HMAC, before a frame leaves this module.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from schemas.nearest import procedure_names, unit_names
from schemas.plan import Plan
from schemas.text import comparison_key
from schemas.vocabulary import COLUMNS, MOMENT_COLUMNS, TEXT_COLUMNS
from sources.files.serial_day import serial_moment
from sources.files.source import SourceRow
from sources.logs.header import Header
from sources.logs.known_names import codes_of_procedures, proposals_for
from sources.logs.number_code import as_number, completed_code
from sources.logs.profile import Profile
from sources.logs.rows import CastFailure

# A true date cell of a workbook arrives in this form whatever the profile says.
_ISO_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
# The rule that a cell breaks which does not cast, by column; every date column breaks the same one.
CAST_RULES = {
    "channel": "D005",
    "status": "D004",
    "handling_office": "D014",
    "dossier_code": "D003",
    "circulation": "D034",
    "result_form": "D035",
}
DATE_RULE = "D001"
_OPEN = "danh mục không cho biết mã nào / the catalogue leaves it open"
# Cells that a spreadsheet turned into numbers: a day into its serial, a code without the zeros at its end.
SERIAL_RULE = "D069"
CODE_RULE = "D070"
# Beyond the letters of Latin scripts that are NFC by themselves; the no-break space is among those.
_NAMES_ZONE = re.compile(r"%(?:[:#]*z|\+)")
_NOT_PLAIN = "[^\\x00-\\x9f\u00a1-\u02ff\u1ea0-\u1ef9\u2010-\u2027]"


@dataclass(frozen=True)
class LogCells:
    """Everything that fixes how the cells of one log are cast; `key` is that of the applicants' HMAC."""

    profile: Profile
    header: Header
    plan: Plan
    key: bytes

    @property
    def has_applicant_key(self) -> bool:
        """Whether the log has an applicant whose keyed HMAC is kept."""
        return has_applicant_key(self.profile, self.header)


def has_applicant_key(profile: Profile, header: Header) -> bool:
    """Tell whether the log has an applicant whose keyed HMAC is kept."""
    return "applicant" in header.positions and profile.document.columns["applicant"].personal == "hmac"


def text_column(rows: Sequence[SourceRow], position: int) -> pl.Series:
    """Return one column as text in NFC, trimmed; blank cells are null."""
    cells = [row.cells[position] if position < len(row.cells) else "" for row in rows]
    text = pl.Series(cells, dtype=pl.String)
    # Most columns hold nothing that NFC or a blank would change; to see that costs a tenth of changing nothing.
    if text.str.contains(_NOT_PLAIN).any():
        text = text.str.normalize("NFC").str.replace_all("[\u200b\u200c\u200d\u2060\ufeff\u00a0]", " ")
    return text.str.strip_chars().replace("", None)


def moments_as(text: pl.Series, pattern: str, zone: str) -> pl.Series:
    """Return the moments of the texts in one format, local to the zone; null where a text is in another."""
    if _NAMES_ZONE.search(pattern):
        moment = text.str.to_datetime(pattern, strict=False, time_unit="us", time_zone="UTC")
        return moment.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    if "%H" in pattern:
        return text.str.to_datetime(pattern, strict=False, time_unit="us")
    return text.str.to_date(pattern, strict=False).cast(pl.Datetime("us"))


def moments(text: pl.Series, formats: Sequence[str], zone: str) -> pl.Series:
    """Return the moments of the texts in the first format that fits each; most are in the first one."""
    moment = pl.Series([None] * len(text), dtype=pl.Datetime("us"))
    for pattern in dict.fromkeys((*formats, *_ISO_FORMATS)):
        missing = (moment.is_null() & text.is_not_null()).arg_true()
        if missing.is_empty():
            break
        moment = moment.scatter(missing, moments_as(text.gather(missing), pattern, zone))
    return moment


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


def _code_days(codes: pl.Series, plan: Plan) -> list[date | None]:
    """Return the day that each dossier code states; None where a code, or the plan's pattern, states none."""
    pattern = plan.document.dossier_code.pattern
    if "(?P<received>" not in pattern:
        return [None] * codes.len()
    return codes.str.extract(f"^{pattern}$", 1).str.to_date("%y%m%d", strict=False).to_list()


@dataclass(frozen=True)
class CastRows:
    """The rows typed, the cells that do not cast, and by source row and column which known name one is near to."""

    frame: pl.DataFrame
    failures: list[CastFailure]
    proposals: dict[tuple[int, str], str]


@dataclass
class _Caster:
    """Casts the rows of one batch; what does not cast is gathered in `failures`."""

    cells: LogCells
    rows: Sequence[SourceRow]
    numbers: pl.Series
    failures: list[CastFailure] = field(default_factory=list)
    proposals: dict[tuple[int, str], str] = field(default_factory=dict)

    def text(self, name: str) -> pl.Series:
        return text_column(self.rows, self.cells.header.positions[name])

    def fail(self, name: str, rule_id: str | None, text: pl.Series, lost: pl.Series) -> None:
        if rule_id is not None:
            places = lost.arg_true().to_list()
            self.failures += [CastFailure(self.rows[at].number, name, rule_id, text[at] or "") for at in places]

    def column(self, name: str) -> pl.Series:
        """Return one column of the vocabulary; nulls where the log says nothing of it."""
        document = self.cells.profile.document
        if name in document.constants:
            return pl.Series([document.constants[name]] * len(self.rows), dtype=pl.String)
        if name not in document.columns or name not in self.cells.header.positions:
            return pl.Series([None] * len(self.rows), dtype=pl.Datetime("us") if name in MOMENT_COLUMNS else pl.String)
        text = self.text(name)
        if name in MOMENT_COLUMNS:
            return self.moment(name, text)
        if name == "procedure_code":
            return self.procedure(text)
        if name in TEXT_COLUMNS and name != "handling_office":
            cast = _codes(text, self.cells.plan, name, self.cells.key)
        elif name == "handling_office":
            names = unit_names(self.cells.plan.units)
            cast = _labels(text, names)
            self.propose(name, text, cast.is_null(), names)
        else:
            cast = _labels(text, document.columns[name].values)
        # A blank channel enters neither column 4 nor 5, so it fails as an unknown one does.
        lost = cast.is_null() if name == "channel" else cast.is_null() & text.is_not_null()
        lost |= (cast != text).fill_null(False) if name == "dossier_code" else False
        self.fail(name, CAST_RULES.get(name), text, lost)
        return cast

    def moment(self, name: str, text: pl.Series) -> pl.Series:
        """Return moments; an Excel serial is one where the dossier code leaves only one reading of it."""
        document = self.cells.profile.document
        formats = document.columns[name].formats or document.date_formats
        cast = moments(text, formats, self.cells.plan.document.timezone)
        lost = cast.is_null() & text.is_not_null()
        if lost.any() and "dossier_code" in self.cells.header.positions:
            days = _code_days(self.text("dossier_code"), self.cells.plan)
            found: dict[int, datetime] = {}
            for at in lost.arg_true().to_list():
                serial = serial_moment(text[at], days[at])
                if serial is not None:
                    found[at] = serial.moment
                    said = f"{serial.moment:%d/%m/%Y} (Excel {serial.system})"
                    self.failures.append(CastFailure(self.rows[at].number, name, SERIAL_RULE, text[at], said))
            cast = cast.scatter(list(found), list(found.values())) if found else cast
            lost = cast.is_null() & text.is_not_null()
        self.fail(name, DATE_RULE, text, lost)
        return cast

    def propose(self, name: str, text: pl.Series, unknown: pl.Series, names: dict[str, str]) -> None:
        """Say which known name the unknown ones of a column are near to."""
        self.proposals |= proposals_for(self.numbers, name, text, unknown, names)

    def procedure(self, text: pl.Series) -> pl.Series:
        """Return procedure codes; a procedure may be called by its name, too."""
        plan = self.cells.plan
        codes = self.completed(codes_of_procedures(text, plan))
        cast = _codes(codes, plan, "procedure_code", self.cells.key)
        self.propose("procedure_code", codes, (cast != codes).fill_null(False), procedure_names(plan.procedures))
        return cast

    def completed(self, text: pl.Series) -> pl.Series:
        """Return procedure codes with the zeros that a spreadsheet dropped, where the catalogue leaves one reading."""
        pattern = self.cells.plan.document.procedure_code.pattern
        catalogue = [procedure.code for procedure in self.cells.plan.procedures]
        numbers = [value for value in text.drop_nulls().unique().to_list() if as_number(value, pattern)]
        if not numbers:
            return text
        completed = {value: completed_code(value, catalogue) for value in numbers}
        for at in text.is_in(numbers).fill_null(False).arg_true().to_list():
            code = completed[text[at]]
            said = f"đọc là {code} / read as {code}" if code else _OPEN
            self.failures.append(CastFailure(self.rows[at].number, "procedure_code", CODE_RULE, text[at], said))
        return text.replace({value: code for value, code in completed.items() if code is not None})


def cast_rows(cells: LogCells, rows: Sequence[SourceRow]) -> CastRows:
    """Cast rows; the frame has `row`, the columns of the vocabulary and `applicant_key`."""
    caster = _Caster(cells, rows, pl.Series([row.number for row in rows], dtype=pl.Int64))
    columns = {name: caster.column(name) for name in COLUMNS}
    columns["applicant_key"] = (
        _pseudonyms(caster.text("applicant"), cells.key)
        if cells.has_applicant_key
        else pl.Series([None] * len(rows), dtype=pl.String)
    )
    return CastRows(pl.DataFrame({"row": caster.numbers, **columns}), caster.failures, caster.proposals)

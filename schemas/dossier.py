"""Is this dossier row legal?

The pandera model whose checks carry the rule ids; the columns are those of `schemas.vocabulary`. Checks across columns
are written as column checks: pandera's frame checks put whole rows, and with them personal data, into failure cases.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from schemas.plan import Plan
from schemas.rules import Rules

FINISHED_STATUSES = ("finished", "returned", "withdrawn", "stopped")
ENDED_WITHOUT_RESULT = ("withdrawn", "stopped")
# Rules that need the whole file, with the columns that each needs; it is reported on the first of them.
WITHIN_FILE: dict[str, tuple[str, ...]] = {
    "D016": ("dossier_code",),
    "D036": ("applicant_key", "procedure_code", "received_at"),
}


@dataclass(frozen=True)
class RowCheck:
    """One rule over a row: the column it is reported on, the columns it needs, and when the row is legal."""

    rule_id: str
    column: str
    needs: tuple[str, ...]
    is_legal: pl.Expr


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.date()


def row_checks(plan: Plan, exported_at: datetime, rules: Rules) -> tuple[RowCheck, ...]:
    """Return the checks of one plan, export and day's rules. A check whose columns are blank in a row holds there."""
    checks = (*_base_checks(plan, exported_at, rules), *_handling_checks(plan), *_extension_checks(rules))
    return tuple(check for check in checks if check.rule_id in rules)


def _base_checks(plan: Plan, exported_at: datetime, rules: Rules) -> tuple[RowCheck, ...]:
    """What a row must hold to be counted: codes, dates, procedure and channel."""
    document = plan.document
    immediate = [procedure.code for procedure in plan.procedures if procedure.immediate]
    not_online = [procedure.code for procedure in plan.procedures if not procedure.is_announced_online]
    code_day = pl.col("dossier_code").str.extract(document.dossier_code.pattern, 1)
    codes = [procedure.code for procedure in plan.procedures]
    received, finished, due = (pl.col(name) for name in ("received_at", "finished_at", "due_at"))
    procedure, status, channel = (pl.col(name) for name in ("procedure_code", "status", "channel"))
    same_day = _day("finished_at") == _day("received_at")
    ahead = pl.duration(days=int(rules.threshold("D011", "days")))
    in_time = (received - ahead <= exported_at) & (finished.fill_null(exported_at) - ahead <= exported_at)
    early = pl.duration(minutes=int(rules.threshold("D009", "minutes")))
    asked = pl.col("supplement_requested_at").is_not_null()
    apart = (code_day.str.to_date("%y%m%d", strict=False) - _day("received_at")).abs()
    is_near = (apart <= pl.duration(days=int(rules.threshold("D013", "days")))).fill_null(value=False)
    code_fits = code_day.is_null() | _day("received_at").is_null() | is_near
    is_swapped = code_day == _day("received_at").dt.strftime("%y%d%m")
    # A plan whose codes hold no date cannot be asked whether it fits.
    dated = () if "(?P<received>" in document.dossier_code.pattern else ("date in the dossier code",)
    both = ("received_at", "finished_at")
    return (
        RowCheck("D002", "dossier_code", ("dossier_code",), pl.col("dossier_code").is_not_null()),
        RowCheck("D006", "received_at", ("received_at",), received.is_not_null()),
        RowCheck("D007", "due_at", ("due_at", "procedure_code"), due.is_not_null() | procedure.is_in(immediate)),
        RowCheck("D008", "finished_at", both, _day("finished_at") >= _day("received_at")),
        RowCheck("D009", "finished_at", both, (finished + early >= received) | ~same_day),
        RowCheck(
            "D010", "finished_at", ("status", "finished_at"), finished.is_not_null() | ~status.is_in(FINISHED_STATUSES)
        ),
        RowCheck("D011", "received_at", ("received_at",), in_time),
        RowCheck("D012", "procedure_code", ("procedure_code",), procedure.is_in(codes).fill_null(False)),
        RowCheck("D013", "received_at", ("dossier_code", "received_at", *dated), code_fits),
        RowCheck("D068", "received_at", ("dossier_code", "received_at", *dated), code_fits | ~is_swapped),
        RowCheck(
            "D015", "channel", ("procedure_code", "channel"), (channel != "online") | ~procedure.is_in(not_online)
        ),
        RowCheck("D021", "status", ("status",), (status != "supplement_asked") | asked),
        RowCheck("D024", "due_at", ("due_at", "received_at"), _day("due_at") >= _day("received_at")),
    )


def _handling_checks(plan: Plan) -> tuple[RowCheck, ...]:
    """What became of the dossier: who handled it, whether it waited for a supplement, and who took the result away."""
    document = plan.document
    agencies = document.dossier_code.agencies
    offices = {procedure.code: procedure.office for procedure in plan.procedures}
    code, status, picked_up = (pl.col(name) for name in ("dossier_code", "status", "picked_up_at"))
    requested, completed = pl.col("supplement_requested_at"), pl.col("supplement_completed_at")
    is_waiting = requested.is_not_null() & completed.is_null() & ~status.is_in(ENDED_WITHOUT_RESULT).fill_null(False)
    is_own = pl.any_horizontal(pl.lit(False), *(code.str.starts_with(f"{agency}-") for agency in agencies))
    is_code = code.str.contains(f"^(?:{document.dossier_code.pattern})$")
    office_of = pl.col("procedure_code").replace_strict(offices, default=None, return_dtype=pl.String)
    # A plan that names no agency cannot be asked whose code it is.
    named = () if agencies else ("agency in the dossier code",)
    supplement = ("supplement_requested_at", "supplement_completed_at")
    return (
        RowCheck(
            "D022", "supplement_completed_at", supplement,
            _day("supplement_completed_at") >= _day("supplement_requested_at"),
        ),
        RowCheck(
            "D023", "picked_up_at", ("picked_up_at", "finished_at"), _day("picked_up_at") >= _day("finished_at")
        ),
        RowCheck("D028", "dossier_code", ("dossier_code", *named), ~is_code | is_own),
        RowCheck(
            "D029", "picked_up_at", ("status", "picked_up_at"),
            ~status.is_in(ENDED_WITHOUT_RESULT) | picked_up.is_null(),
        ),
        RowCheck("D030", "picked_up_at", ("status", "picked_up_at"), (status != "returned") | picked_up.is_not_null()),
        RowCheck("D031", "supplement_completed_at", supplement, completed.is_null() | requested.is_not_null()),
        RowCheck("D032", "finished_at", ("finished_at", *supplement), pl.col("finished_at").is_null() | ~is_waiting),
        RowCheck(
            "D033", "handling_office", ("handling_office", "procedure_code"), pl.col("handling_office") == office_of
        ),
    )  # fmt: skip


def _extension_checks(rules: Rules) -> tuple[RowCheck, ...]:
    """Whether an apology letter came in time and with a new date that is one."""
    apology, reappointed, due = (pl.col(name).dt.date() for name in ("apology_at", "reappointed_at", "due_at"))
    # The due date that the letter replaces. Where it is not kept, the due date may be the new one already.
    replaced = pl.when(pl.col("supplement_completed_at").is_null()).then(_day("original_due_at"))
    is_new = pl.when(replaced.is_not_null()).then(reappointed > replaced).otherwise(reappointed >= due)
    before = pl.duration(days=int(rules.threshold("D027", "days")))
    return (
        RowCheck("D025", "apology_at", ("apology_at", "reappointed_at"), apology.is_null() | reappointed.is_not_null()),
        RowCheck("D026", "reappointed_at", ("reappointed_at", "due_at"), is_new),
        RowCheck("D027", "apology_at", ("apology_at", "due_at"), apology + before <= pl.coalesce(replaced, due)),
    )


@dataclass(frozen=True)
class RowFailure:
    """A row, by its position in the validated frame, that breaks a rule at a column."""

    index: int
    rule_id: str
    column: str


class ValidationBrokenError(RuntimeError):
    """Raised where a check itself failed to run: our own mistake, never a verdict on the data."""


def _check(check: RowCheck) -> pa.Check:
    def legal(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(check.is_legal.fill_null(True))

    return pa.Check(legal, error=check.rule_id, ignore_na=False)


def model(checks: tuple[RowCheck, ...], have: Callable[[str], bool]) -> pa.DataFrameSchema:
    """Return the pandera model of the checks whose columns the source has."""
    by_column: dict[str, list[pa.Check]] = {}
    for check in checks:
        if all(have(column) for column in check.needs):
            by_column.setdefault(check.column, []).append(_check(check))
    return pa.DataFrameSchema(
        {name: pa.Column(nullable=True, checks=column_checks) for name, column_checks in by_column.items()}
    )


def validate_rows(frame: pl.DataFrame, schema: pa.DataFrameSchema, columns: Mapping[str, str]) -> list[RowFailure]:
    """Return every failing row of every rule, all in one round; `columns` names the column of each rule id.

    Raises ValidationBrokenError where pandera reports anything that is not a row's failure.
    """
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        failures = []
        for index, rule_id in errors.failure_cases.select("index", "check").iter_rows():
            if index is None or rule_id not in columns:
                raise ValidationBrokenError(f"the check {rule_id} did not run") from errors
            failures.append(RowFailure(int(index), str(rule_id), columns[rule_id]))
        return sorted(failures, key=lambda failure: (failure.index, failure.rule_id))
    return []

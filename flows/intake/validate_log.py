"""What do the rules say of one dossier log?

A pure function of the file's bytes, profile, rules and plan; its results are immutable tables in the store. Reading,
casting and the checks of rows run batch by batch; what needs the whole file (repeated codes) runs as SQL over the
table just written.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pyarrow as pa

from audit.events import StoredFile
from flows.intake.log_account import LogAccount, Place, place_in
from flows.intake.log_remarks import name_remarks, remark_findings, remark_results, remarks_of
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.refusal import refused_log
from flows.intake.rule_book import RuleBook
from schemas.dossier import WITHIN_FILE, model, row_checks, validate_rows
from schemas.findings import findings_table, results_table
from schemas.rules import Kind, Rules
from schemas.tables import DOSSIER_ROW
from sources.files.source import UnreadableError
from sources.logs.cast import CAST_RULES
from sources.logs.correction import UNFIT_IN_LOG, CorrectedRows
from sources.logs.fold import as_single_rows, fold_events
from sources.logs.log import Batch, OpenLog, open_log, read_batches
from sources.logs.profile import Profile
from sources.logs.reader import open_source
from warehouse.engine import Engine
from warehouse.store import Store

_ROW_KINDS: tuple[Kind, ...] = ("cast", "column", "row", "within_file")
_NO_ROW = "Không có dòng hồ sơ nào được chấp nhận / No dossier row was accepted"


def open_known(file: SourceFile, profiles: tuple[Profile, ...]) -> OpenLog:
    """Open a log under the profile that fits; UnreadableError where none does."""
    return open_log(open_source(file.path, file.suffix, profiles), profiles)


def _dossier_rows(log: OpenLog, book: RuleBook) -> Iterator[tuple[pl.DataFrame, Batch]]:
    """Yield frames of one row per dossier row, each with the batch that it came from.

    A log of events is folded as a whole: the events of a dossier may stand anywhere in it.
    """
    document = log.profile.document
    batches = read_batches(log, book.plan, book.pseudonym_key)
    if document.grain == "row":
        for batch in batches:
            yield as_single_rows(batch.frame), batch
        return
    parts = list(batches)
    whole = Batch(
        pl.concat([batch.frame for batch in parts]),
        [failure for batch in parts for failure in batch.failures],
        [fate for batch in parts for fate in batch.fates],
        dict(item for batch in parts for item in batch.proposals.items()),
    )
    yield fold_events(whole.frame, {name: column.fold for name, column in document.columns.items()}), whole


def _as_table(frame: pl.DataFrame, file: SourceFile, sheet: str) -> pa.Table:
    named = frame.with_columns(pl.lit(file.sha256).alias("file_sha256"), pl.lit(sheet).alias("sheet"))
    return named.select(DOSSIER_ROW.names).to_arrow().cast(DOSSIER_ROW)


def _validated(
    log: OpenLog, file: SourceFile, book: RuleBook, account: LogAccount, exported_at: datetime
) -> Iterator[pa.Table]:
    """Yield the typed rows of each batch while their failures enter the account."""
    checks = row_checks(book.plan, exported_at, book.rules)
    schema = model(checks, lambda column: column in log.head.columns)
    column_of = {check.rule_id: check.column for check in checks}
    for frame, batch in _dossier_rows(log, book):
        account.add(frame, batch, validate_rows(frame, schema, column_of))
        yield _as_table(frame, file, log.source.sheet)


def _add_within_file(account: LogAccount, table: StoredFile, root: Path, rules: Rules) -> None:
    """Enter the rows that break a rule over the whole file, such as a dossier code that stands more than once."""
    engine = Engine()
    try:
        engine.over_files("dossier_row", "dossier_row", [root / table.path])
        asked = [rules[rule_id] for rule_id in WITHIN_FILE if rule_id in rules]
        rows = {rule.id: engine.offenders(rule).column("row").to_pylist() for rule in asked}
    finally:
        engine.close()
    for rule_id, (column, *_) in WITHIN_FILE.items():
        if rows.get(rule_id):
            found = pl.scan_parquet(root / table.path).filter(pl.col("row").is_in(rows[rule_id])).collect()
            account.places += [place_in(found, index, rule_id, column, None) for index in range(found.height)]


def _missing_columns(book: RuleBook, columns: frozenset[str]) -> dict[str, list[str]]:
    needs = {check.rule_id: set(check.needs) for check in row_checks(book.plan, datetime.max, book.rules)}
    needs |= {rule_id: {column} for column, rule_id in CAST_RULES.items()}
    needs |= {rule_id: set(columns) for rule_id, columns in WITHIN_FILE.items()}
    return {rule_id: sorted(needed - columns) for rule_id, needed in needs.items() if needed - columns}


def _window(log: OpenLog, account: LogAccount, exported_at: datetime) -> tuple[date, date]:
    """Return what the file says that it covers, else from the first receipt to the last moment that it mentions."""
    first, last = account.first_moment or exported_at, account.last_moment or exported_at
    return log.head.window or (first.date(), last.date())


def validate_log(log: OpenLog, file: SourceFile, book: RuleBook, stated: Stated, store: Store) -> Reading:
    """Read and validate an opened dossier log; one that breaks off is a rejected submission, not an exception.

    The time of export is what the file says, else what was stated, else (where the profile takes it from the data)
    the last moment that the file mentions, else the end of the day of receipt: no export is later than that.
    """
    account = LogAccount()
    corrected = CorrectedRows(log.rows, file.corrections, log.head.header.positions)
    log = replace(log, rows=iter(corrected))
    received_end = datetime.combine(stated.officially_received_on, time.max)
    said = log.head.exported_at or stated.exported_at
    in_data = log.profile.document.exported_at_from_data
    bound = said or (datetime.max if in_data else received_end)
    try:
        table = store.put_batches("dossier_row", _validated(log, file, book, account, bound))
    except UnreadableError as error:
        return refused_log(file, book, stated, store, str(error))
    account.places += [
        Place(one.row, UNFIT_IN_LOG, one.column_name or "", None, subject=one.number) for one in corrected.unfit
    ]
    _add_within_file(account, table, store.workspace.root, book.rules)
    account.keep_rules(book.rules)
    account.reject_fatal(book.rules)
    exported_at = said or (account.last_moment if in_data else None) or received_end
    window = _window(log, account, exported_at)
    sheet = log.source.sheet
    named = name_remarks(file.name, window, stated.sender, book.plan, book.rules)
    remarks = (*remarks_of(log, account.ignored), *named)
    findings = account.findings(book.rules, file.sha256, sheet, window)
    findings += remark_findings(remarks, book.rules, file.sha256, window[1])
    rules = [rule for rule in book.rules.of_kind(*_ROW_KINDS) if rule.dataset == "dossier"]
    results = account.results(rules, _missing_columns(book, log.head.columns), file.sha256)
    results += remark_results(remarks, book.rules.of_kind("file"), file.sha256, is_workbook=log.source.is_workbook)
    files = (
        table,
        store.put("row_account", account.table(file.sha256, sheet)),
        store.put("finding", findings_table(findings)),
        store.put("rule_result", results_table(results)),
    )
    return Reading(
        "dossier_log",
        "accepted" if account.accepted_count else "rejected",
        files,
        read_count=account.read_count,
        accepted_count=account.accepted_count,
        rejected_count=len(account.rejected),
        ignored_count=len(account.ignored),
        finding_count=len(findings),
        refusal="" if account.accepted_count else _NO_ROW,
        profile_id=log.profile.document.id,
        profile_sha256=log.profile.sha256,
        encoding=log.source.encoding,
        delimiter=log.source.delimiter or None,
        coverage=log.profile.document.coverage,
        report_type="dossier_log",
        window=window,
        exported_at=exported_at,
        sheet_titles=log.source.titles,
    )

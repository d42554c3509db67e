"""What do the rules say of one submission?

A pure function of the file's bytes, profile, rules and plan; its results are immutable tables in the store. Reading,
casting and the checks of rows run batch by batch; what needs the whole file (repeated codes) runs as SQL over the
table just written.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pyarrow as pa

from audit.events import StoredFile
from flows.reading import Reading, SourceFile, Stated
from schemas.dossier import model, row_checks, validate_rows
from schemas.findings import Finding, RuleResult, findings_table, results_table
from schemas.plan import Plan
from schemas.rules import Rules
from schemas.tables import DOSSIER_ROW, ROW_ACCOUNT
from schemas.text import masked
from sources.fold import as_single_rows, fold_events
from sources.log import Batch, OpenLog, open_log, read_batches
from sources.profile import Profile
from sources.reader import UnreadableError, open_source
from warehouse.engine import Engine
from warehouse.store import Store

_ROW_KINDS = ("cast", "column", "row", "within_file")
_REPEATED = "D016"
_UNREADABLE = "D020"


@dataclass(frozen=True)
class RuleBook:
    """Everything that fixes what reading a file gives, beside its bytes."""

    plan: Plan
    rules: Rules
    profiles: tuple[Profile, ...]
    pseudonym_key: bytes


@dataclass(frozen=True)
class _Place:
    """A failing place before it becomes a finding: source row, rule, column, masked value."""

    row: int
    rule_id: str
    column: str
    shown: str | None
    unit_code: str | None = None
    received_on: date | None = None
    subject: str | None = None


@dataclass
class _Account:
    """What a file's rows came to, gathered batch by batch."""

    read: int = 0
    ignored: list[tuple[int, str]] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)
    places: list[_Place] = field(default_factory=list)
    dossiers_by_unit: Counter[str] = field(default_factory=Counter)
    rows_of: dict[int, list[int]] = field(default_factory=dict)
    first_moment: datetime | None = None
    last_moment: datetime | None = None

    def see_moments(self, frame: pl.DataFrame) -> None:
        """Widen the window by the receipts and finishes of a batch."""
        received = frame["received_at"].drop_nulls()
        finished = frame["finished_at"].drop_nulls()
        firsts = [m for m in (self.first_moment, received.min()) if isinstance(m, datetime)]
        lasts = [m for m in (self.last_moment, received.max(), finished.max()) if isinstance(m, datetime)]
        self.first_moment = min(firsts, default=None)
        self.last_moment = max(lasts, default=None)


def _grains(log: OpenLog, book: RuleBook, account: _Account) -> Iterator[tuple[pl.DataFrame, Batch]]:
    """Yield frames of one row per dossier row with the batch that they came from."""
    document = log.profile.document
    batches = read_batches(log, book.plan, book.pseudonym_key)
    if document.grain == "row":
        for batch in batches:
            yield as_single_rows(batch.frame), batch
        return
    whole = Batch(pl.DataFrame(), [], [])
    frames = []
    for batch in batches:
        frames.append(batch.frame)
        whole.failures += batch.failures
        whole.fates += batch.fates
    folded = fold_events(pl.concat(frames), {name: column.fold for name, column in document.columns.items()})
    for first, rows in folded.filter(pl.col("row_count") > 1).select("row", "row_list").iter_rows():
        account.rows_of[first] = rows
    yield folded, whole


def _shown(frame: pl.DataFrame, index: int, column: str) -> str | None:
    value = frame[column][index]
    if value is None:
        return None
    return value.isoformat(sep=" ") if isinstance(value, datetime) else masked(str(value))


def _batch_tables(log: OpenLog, file: SourceFile, book: RuleBook, account: _Account, exported_at: datetime | None) -> Iterator[pa.Table]:  # fmt: skip
    checks = row_checks(book.plan, exported_at or datetime.max)
    schema = model(checks, lambda column: column in log.head.columns)
    column_of = {check.rule_id: check.column for check in checks}
    for frame, batch in _grains(log, book, account):
        account.read += sum(frame["row_count"].to_list()) + len(batch.fates)
        account.see_moments(frame)
        account.ignored += [(fate.row, fate.reason) for fate in batch.fates if fate.disposition == "ignored"]
        account.rejected |= {fate.row: fate.reason for fate in batch.fates if fate.disposition == "rejected"}
        account.dossiers_by_unit.update(office or "" for office in frame["handling_office"].to_list())
        index_of = {row: index for index, rows in enumerate(frame["row_list"].to_list()) for row in rows} if batch.failures else {}  # fmt: skip
        failing = [(index_of.get(f.row), f.row, f.rule_id, f.column, masked(f.text) or None) for f in batch.failures]
        failing += [
            (failure.index, frame["row"][failure.index], failure.rule_id, failure.column,
             _shown(frame, failure.index, failure.column))
            for failure in validate_rows(frame, schema, column_of)
        ]  # fmt: skip
        failing += [
            (index, frame["row"][index], _REPEATED, columns[0], None)
            for index, columns in enumerate(frame["disagreeing"].to_list())
            if columns
        ]
        for index, row, rule_id, column, shown in failing:
            received = frame["received_at"][index] if index is not None else None
            account.places.append(
                _Place(
                    row, rule_id, column, shown,
                    frame["handling_office"][index] if index is not None else None,
                    received.date() if received is not None else None,
                    frame["dossier_code"][index] if index is not None else None,
                )
            )  # fmt: skip
        yield _as_table(frame, file, log.source.sheet)


def _as_table(frame: pl.DataFrame, file: SourceFile, sheet: str) -> pa.Table:
    named = frame.with_columns(pl.lit(file.sha256).alias("file_sha256"), pl.lit(sheet).alias("sheet"))
    return named.select(DOSSIER_ROW.names).to_arrow().cast(DOSSIER_ROW)


def _repeated_rows(engine: Engine, table: StoredFile, root: Path) -> set[int]:
    engine.over_files("dossier_row", "dossier_row", [root / table.path])
    return set(engine.run(f"5_nonconformities/{_REPEATED}").column("row").to_pylist())


def _add_repeated(account: _Account, rows: set[int], table: StoredFile, root: Path) -> None:
    if not rows:
        return
    found = pl.read_parquet(root / table.path).filter(pl.col("row").is_in(sorted(rows)))
    for row, office, received, code in found.select(
        "row", "handling_office", "received_at", "dossier_code"
    ).iter_rows():
        account.places.append(
            _Place(row, _REPEATED, "dossier_code", None, office, received.date() if received else None, code)
        )


def _reject(account: _Account, rules: Rules) -> None:
    for place in sorted(account.places, key=lambda place: (place.row, place.rule_id)):
        if rules[place.rule_id].severity == "fatal":
            for row in account.rows_of.get(place.row, [place.row]):
                account.rejected.setdefault(row, place.rule_id)


def _occurred_on(received_on: date | None, window: tuple[date, date]) -> date:
    """Return the day that decides a finding's period: the receipt, kept within what the file covers."""
    return min(max(received_on or window[1], window[0]), window[1])


def _results(account: _Account, book: RuleBook, columns: frozenset[str], file: SourceFile) -> list[RuleResult]:
    checks = {check.rule_id: check for check in row_checks(book.plan, datetime.max)}
    failing = Counter((place.rule_id, place.unit_code or "") for place in account.places)
    results = []
    for rule in (rule for rule in book.rules.of_kind(*_ROW_KINDS) if rule.dataset == "dossier"):
        check = checks.get(rule.id)
        missing = sorted(set(check.needs) - columns) if check is not None else []
        units = sorted({*account.dossiers_by_unit, *(unit for rule_id, unit in failing if rule_id == rule.id)})
        for unit in units:
            failed = failing[rule.id, unit]
            if missing:
                outcome, reason = "not_evaluated", "columns absent: " + ", ".join(missing)
            else:
                outcome, reason = ("fail" if failed else "pass"), ""
            checked = 0 if missing else max(account.dossiers_by_unit[unit], failed)
            results.append(
                RuleResult(rule.id, rule.version, rule.dataset, unit, None, file.sha256, outcome, reason, checked, failed)  # type: ignore[arg-type]
            )  # fmt: skip
    return results


def refused_log(file: SourceFile, book: RuleBook, stated: Stated, store: Store, why: str) -> Reading:
    rule = book.rules[_UNREADABLE]
    day = stated.officially_received_on
    finding = Finding.of(rule, unit_code="", occurred_on=day, file_sha256=file.sha256, expected=why)
    result = RuleResult(rule.id, rule.version, rule.dataset, "", None, file.sha256, "fail", "", 1, 1)
    files = (
        store.put("finding", findings_table([finding])),
        store.put("rule_result", results_table([result])),
    )
    return Reading("dossier_log", "rejected", files, refusal=why, finding_count=1)


def validate_log(file: SourceFile, book: RuleBook, stated: Stated, store: Store) -> Reading:
    """Read and validate a dossier log; a file that cannot be read is a rejected submission, not an exception."""
    root = store.workspace.root
    try:
        log = open_log(open_source(file.path, file.suffix, ","), book.profiles)
        document = log.profile.document
        received_end = datetime.combine(stated.officially_received_on, time.max)
        exported_at = log.head.exported_at or stated.exported_at
        if exported_at is None and not document.exported_at_from_data:
            exported_at = received_end
        account = _Account()
        table = store.put_batches("dossier_row", _batch_tables(log, file, book, account, exported_at))
    except UnreadableError as error:
        return refused_log(file, book, stated, store, str(error))
    engine = Engine()
    try:
        _add_repeated(account, _repeated_rows(engine, table, root), table, root)
    finally:
        engine.close()
    _reject(account, book.rules)
    exported_at = exported_at or account.last_moment or received_end
    window = log.head.window or (
        (account.first_moment or exported_at).date(),
        (account.last_moment or exported_at).date(),
    )
    findings = [
        Finding.of(
            book.rules[place.rule_id],
            unit_code=place.unit_code or "",
            occurred_on=_occurred_on(place.received_on, window),
            subject=place.subject,
            file_sha256=file.sha256,
            sheet=log.source.sheet,
            row=place.row,
            column_name=place.column,
            shown_value=place.shown,
        )
        for place in account.places
    ]
    fates = [(row, "ignored", reason) for row, reason in account.ignored]
    fates += [(row, "rejected", reason) for row, reason in account.rejected.items()]
    rows = [
        {"file_sha256": file.sha256, "sheet": log.source.sheet, "row": row, "disposition": fate, "reason": reason}
        for row, fate, reason in sorted(fates)
    ]
    files = (
        table,
        store.put("row_account", pa.Table.from_pylist(rows, schema=ROW_ACCOUNT)),
        store.put("finding", findings_table(findings)),
        store.put("rule_result", results_table(_results(account, book, log.head.columns, file))),
    )
    accepted = account.read - len(account.ignored) - len(account.rejected)
    return Reading(
        "dossier_log",
        "accepted" if accepted else "rejected",
        files,
        read_count=account.read,
        accepted_count=accepted,
        rejected_count=len(account.rejected),
        ignored_count=len(account.ignored),
        finding_count=len(findings),
        refusal="" if accepted else "Không có dòng hồ sơ nào được chấp nhận / No dossier row was accepted",
        profile_id=document.id,
        profile_sha256=log.profile.sha256,
        encoding=log.source.encoding,
        coverage=document.coverage,
        window=window,
        exported_at=exported_at,
    )

"""What does the record say, as tables that one can query?

`warehouse.duckdb` is computed from the ledger and the store and holds nothing else: it may be deleted at any time. It
is written beside and swapped in by rename, so that readers never wait for a writer.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from audit.chain import line_hash
from audit.events import (
    ActionRefused,
    AnswerTaken,
    CorrectionDeclared,
    Entry,
    PeriodConsolidated,
    PersonAppointed,
    PersonDismissed,
    PublicationRefused,
    ReceiptMended,
    ReleaseApproved,
    ReleasePublished,
    ReleaseRequested,
    ReleaseWithdrawn,
    SenderMended,
    SubmissionReinstated,
    SubmissionRevalidated,
    SubmissionSeenAgain,
    SubmissionTaken,
    SubmissionWithdrawn,
    WaiverGranted,
    WaiverRevoked,
    WarningJustified,
)
from audit.ledger import Ledger
from audit.register import register_rows
from sql import STAGES, names, query
from warehouse.engine import connect, literal, machine_faults
from warehouse.files import sync_folder, temporary_beside
from warehouse.named import VARIED, files_by_table, present, table_of
from warehouse.workspace import Workspace

# Verdicts that bind and those on trial stand in one table of the projection, which says of each whether it is a shadow.
VERDICTS = {"rule_result": False, "trial_result": True}
# Small tables of the store are copied into the projection, large ones are views over their files.
COPIED = {
    "expected_report": "validated.expected_report",
    "task_state": "validated.task_state",
    "figure": "indicators.figure",
    "target_result": "indicators.target_result",
    "form_row": "indicators.form_row",
}
VIEWED = {
    "dossier_row": ("2_staged", "dossier_row"),
    "row_account": ("2_staged", "row_account"),
    "report_value": ("2_staged", "report_value"),
    "report_task": ("2_staged", "report_task"),
    "finding": ("3_validated", "finding"),
    "dossier_state": ("3_validated", "dossier_state"),
    "indicator_member": ("4_indicators", "member"),
}
REGISTER = "nonconformities.nonconformity"
RUN = "audit.run"
_FIXES_A_RUN = {"code_sha256", "lock_sha256", "plan_sha256", "profile_sha256", "rules_sha256"}
_LAYOUT = "audit.layout"

_TABLE_OF_EVENT: dict[type, str] = {
    SubmissionTaken: "raw.submission",
    SubmissionSeenAgain: "raw.sighting",
    SubmissionWithdrawn: "raw.withdrawal",
    SubmissionReinstated: "raw.reinstatement",
    ReceiptMended: "raw.receipt_mend",
    SenderMended: "raw.sender_mend",
    AnswerTaken: "raw.answer",
    PeriodConsolidated: "indicators.consolidation",
    ReleasePublished: "published.release",
    PublicationRefused: "published.refusal",
    WarningJustified: "published.justification",
    ReleaseRequested: "published.request",
    ReleaseApproved: "published.approval",
    ReleaseWithdrawn: "published.withdrawal",
    CorrectionDeclared: "raw.correction",
    SubmissionRevalidated: "raw.revalidation",
    WaiverGranted: "audit.waiver",
    WaiverRevoked: "audit.waiver_revocation",
    PersonAppointed: "audit.appointment",
    PersonDismissed: "audit.dismissal",
    ActionRefused: "audit.refused_action",
}


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        columns = connection.table(table).columns
        connection.from_arrow(
            pa.Table.from_pylist([{column: row.get(column) for column in columns} for row in rows])
        ).insert_into(table)


def _circumstances(entry: Entry) -> dict[str, object]:
    return {
        "committed_seq": entry.seq,
        "committed_at": entry.at,
        "actor": entry.actor,
        "os_user": entry.os_user,
        "trigger": entry.trigger,
        "kind": entry.kind,
    }


def _event_rows(entries: Iterable[Entry]) -> dict[str, list[Mapping[str, object]]]:
    rows: dict[str, list[Mapping[str, object]]] = {}
    for entry in entries:
        for event in entry.events:
            table = _TABLE_OF_EVENT.get(type(event))
            if table is not None:
                rows.setdefault(table, []).append({**event.model_dump(mode="json"), "committed_seq": entry.seq})
            # What is judged again, with a cell corrected or under other rules, is a run like the first.
            judging = event.taken if isinstance(event, SubmissionRevalidated) else event
            if isinstance(judging, SubmissionTaken | PeriodConsolidated):
                fixed = judging.model_dump(include=_FIXES_A_RUN)
                judged = {"submission": getattr(judging, "number", None), "period": judging.period}
                rows.setdefault(RUN, []).append({**_circumstances(entry), **judged, **fixed})
        for file in entry.files:
            rows.setdefault("audit.file", []).append({**vars(file), "committed_seq": entry.seq})
    return rows


def _copied_rows(
    connection: duckdb.DuckDBPyConnection, root: Path, entries: Sequence[Entry], table: str
) -> pa.Table | None:
    """Return the rows of one table of the store that these commits name, all its files at once: they are many."""
    named = [(entry.seq, str(root / file.path)) for entry in entries for file in entry.files if table_of(file) == table]
    if not named:
        return None
    seqs, paths = zip(*named, strict=True)
    given = {"seqs": list(seqs), "named": list(paths), "paths": present(map(Path, dict.fromkeys(paths)))}
    return connection.execute(query("1_raw/copied_rows"), given).to_arrow_table()


def _copy_small_tables(connection: duckdb.DuckDBPyConnection, root: Path, entries: Sequence[Entry]) -> None:
    for table, target in COPIED.items():
        rows = _copied_rows(connection, root, entries, table)
        if rows is not None:
            connection.from_arrow(rows).insert_into(target)
    said = [
        rows.append_column("is_shadow", pa.repeat(is_shadow, rows.num_rows))
        for table, is_shadow in VERDICTS.items()
        if (rows := _copied_rows(connection, root, entries, table)) is not None
    ]
    if said:
        # In the order of the commits, as they would come one by one; the sort keeps the order within a commit.
        verdicts = pa.concat_tables(said).sort_by([("committed_seq", "ascending"), ("is_shadow", "ascending")])
        connection.from_arrow(verdicts).insert_into("validated.rule_result")


def _make_views(
    connection: duckdb.DuckDBPyConnection, root: Path, entries: Sequence[Entry], added: Sequence[Entry]
) -> None:
    # The first commit names an empty file of every table, so each view has at least one file to read.
    files, new = files_by_table(entries), files_by_table(added)
    for table, (stage, name) in VIEWED.items():
        if table in new:
            connection.execute(query(f"{stage}/_use"))
            present(root / file.path for file in files[table])
            # A view takes no parameters: what is its own is written into it.
            own = {"viewed": name, "$is_varied": literal(table in VARIED)}
            own["$paths"] = literal([file.path for file in files[table]])
            text = query("1_raw/_view")
            for parameter, value in own.items():
                text = text.replace(parameter, value)
            connection.execute(text)
    connection.execute(query("1_raw/_use_main"))


def _apply(connection: duckdb.DuckDBPyConnection, root: Path, ledger: Ledger, done: int) -> None:
    entries = ledger.entries[done:]
    connection.execute(query("1_raw/begin"))
    _insert(
        connection,
        "audit.ledger",
        [
            {
                **_circumstances(entry),
                "seq": entry.seq,
                "event_count": len(entry.events),
                "line_sha256": line_hash(line),
            }
            for entry, line in zip(entries, ledger.lines[done:], strict=True)
        ],
    )
    for table, rows in sorted(_event_rows(entries).items()):
        _insert(connection, table, rows)
    _copy_small_tables(connection, root, entries)
    connection.execute(query("5_nonconformities/_clear"))
    _insert(connection, REGISTER, register_rows(ledger.entries))
    _make_views(connection, root, ledger.entries, entries)
    connection.execute(query("1_raw/commit"))


def _definitions() -> list[str]:
    return [name for stage in STAGES for name in names(stage) if name.endswith("/_tables")]


def layout_sha256() -> str:
    """Return the hash of the definitions of the projection's tables: one with others is built anew."""
    return hashlib.sha256("".join(query(name) for name in _definitions()).encode()).hexdigest()


def build(root: Path, ledger: Ledger, target: Path) -> None:
    """Write a projection of the whole ledger to a new file."""
    connection = connect(target, root=root)
    try:
        for name in _definitions():
            connection.execute(query(name))
        _insert(connection, _LAYOUT, [{"sha256": layout_sha256()}])
        _apply(connection, root, ledger, 0)
    finally:
        connection.close()


def applied(path: Path) -> tuple[int, str] | None:
    """Return how many commits a projection holds and the hash of the last; None where it cannot be read."""
    if not path.exists():
        return None
    try:
        connection = connect(path, read_only=True)
    except duckdb.Error:
        return None
    try:
        row = connection.execute(query("1_raw/applied"), {"layout": layout_sha256()}).fetchone()
    except duckdb.Error:
        return None
    finally:
        connection.close()
    return (int(row[0]), str(row[1])) if row is not None else (0, "")


def catch_up(workspace: Workspace, ledger: Ledger) -> None:
    """Bring the projection up to the ledger's last commit and swap it in; rebuild it where it does not fit."""
    if ledger.size == 0:
        return
    state = applied(workspace.database)
    if state == (ledger.size, ledger.head):
        return
    can_go_on = state is not None and 0 < state[0] <= ledger.size and state[1] == ledger.head_at(state[0])
    if state is None or not can_go_on:
        rebuild(workspace, ledger)
        return
    with _swapped_in(workspace) as temporary:
        shutil.copyfile(workspace.database, temporary)
        connection = connect(temporary, root=workspace.root)
        try:
            _apply(connection, workspace.root, ledger, state[0])
        finally:
            connection.close()


@contextmanager
def _swapped_in(workspace: Workspace) -> Iterator[Path]:
    """Hand out where a projection is written, and swap it in; what could not be written to its end goes at once."""
    temporary = temporary_beside(workspace.database)
    temporary.unlink(missing_ok=True)
    try:
        with machine_faults(workspace.database):
            yield temporary
        temporary.replace(workspace.database)
    finally:
        for left in (temporary, temporary.with_name(f"{temporary.name}.wal")):
            left.unlink(missing_ok=True)
    sync_folder(workspace.root)


def differences(live: Path, fresh: Path) -> list[str]:
    """Return where a workspace's projection says something else than a fresh one: table, row and column."""
    try:
        ours, theirs = (connect(path, read_only=True, root=live.parent) for path in (fresh, live))
    except duckdb.Error as error:
        return [f"{live.name}: cannot be opened ({str(error).splitlines()[0]})"]
    try:
        return _compare(ours, theirs, live.name)
    except duckdb.Error as error:
        return [f"{live.name}: cannot be read ({str(error).splitlines()[0]})"]
    finally:
        ours.close()
        theirs.close()


def _compare(ours: duckdb.DuckDBPyConnection, theirs: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    catalogue = ours.execute(query("1_raw/catalogue")).fetchall()
    found = theirs.execute(query("1_raw/catalogue")).fetchall()
    if catalogue != found:
        odd = sorted({str(row[0]) for row in [*catalogue, *found] if row not in catalogue or row not in found})
        return [f"{name}: {table} is missing, added or defined otherwise" for table in odd]
    should, shows = (c.execute(query("6_published/_view_counts")).fetchall() for c in (ours, theirs))
    problems = [
        f"{name}: {view} shows {count} rows and should show {expected}"
        for (view, expected), (_, count) in zip(should, shows, strict=True)
        if count != expected
    ]
    for table in (str(row[0]) for row in catalogue if row[1] == "table"):
        mine, live = (c.table(table).to_arrow_table().to_pylist() for c in (ours, theirs))
        if len(mine) != len(live):
            problems.append(f"{name}: {table} has {len(live)} rows and should have {len(mine)}")
        for number, (expected, stated) in enumerate(zip(mine, live, strict=False), start=1):
            problems += [
                f"{name}: {table}, row {number}, column {column}: the record says otherwise"
                for column in expected
                if expected[column] != stated[column]
            ]
    return problems


def rebuild(workspace: Workspace, ledger: Ledger) -> None:
    """Compute the projection anew from nothing but ledger and store, and swap it in."""
    with _swapped_in(workspace) as temporary:
        build(workspace.root, ledger, temporary)

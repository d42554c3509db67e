"""A law: whatever is deleted, edited, reordered or inserted in what the record covers is detected, and its place named.

Each example changes one thing in one shared workspace, verifies it and puts it back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flows.audits.verify import verify
from tests.keeping.test_crash import lay_out, run
from warehouse.workspace import Workspace

COVERED = ("vault", "store", "releases", "keys/originals")
law = settings(
    max_examples=15, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.fixture(scope="module")
def tampered(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A published quarter of a small department for the whole module: every example leaves it as it found it."""
    workspace = lay_out(tmp_path_factory.mktemp("tamper"))
    run(workspace)
    return workspace


def said(workspace: Workspace) -> list[str]:
    result = verify(workspace)
    return [*result.problems, *result.notes]


@contextmanager
def put_back(path: Path) -> Iterator[bytes]:
    """Hand out a file's content and restore it, whatever becomes of the file."""
    content = path.read_bytes() if path.exists() else None
    try:
        yield content or b""
    finally:
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)


def covered(workspace: Workspace) -> list[Path]:
    return [path for name in COVERED for path in sorted((workspace.root / name).rglob("*")) if path.is_file()]


def edited(content: bytes, data: st.DataObject) -> bytes:
    """Return the content with one byte changed, taken out or put in, at any place."""
    place = data.draw(st.integers(0, len(content) - 1), "place")
    kind = data.draw(st.sampled_from(("change", "take out", "put in")), "kind")
    if kind == "change":
        return content[:place] + bytes([content[place] ^ data.draw(st.integers(1, 255))]) + content[place + 1 :]
    if kind == "take out":
        return content[:place] + content[place + 1 :]
    return content[:place] + bytes([data.draw(st.integers(0, 255))]) + content[place:]


def test_the_untouched_workspace_holds(tampered: Workspace) -> None:
    assert said(tampered) == []


@law
@given(data=st.data())
def test_any_edit_of_any_covered_file_is_named(tampered: Workspace, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(covered(tampered)), "file")
    with put_back(path) as content:
        path.write_bytes(edited(content, data))
        assert [one for one in said(tampered) if path.name in one] != []


@law
@given(data=st.data())
def test_any_deleted_file_is_named(tampered: Workspace, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(covered(tampered)), "file")
    with put_back(path):
        path.unlink()
        assert [one for one in said(tampered) if path.name in one] != []


@law
@given(data=st.data())
def test_any_inserted_file_is_named(tampered: Workspace, data: st.DataObject) -> None:
    folders = sorted({path.parent for path in covered(tampered)} - {tampered.root})
    path = data.draw(st.sampled_from(folders), "folder") / data.draw(st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True))
    with put_back(path):
        path.write_bytes(data.draw(st.binary(max_size=40)))
        assert [one for one in said(tampered) if path.name in one] != []


@law
@given(data=st.data())
def test_files_that_change_places_are_named(tampered: Workspace, data: st.DataObject) -> None:
    paths = [path for path in covered(tampered) if path.suffix != ".key"]
    one = data.draw(st.sampled_from(paths), "one")
    others = [path for path in paths if path.read_bytes() != one.read_bytes()]
    other = data.draw(st.sampled_from(others), "other")
    with put_back(one) as first, put_back(other) as second:
        one.write_bytes(second)
        other.write_bytes(first)
        found = "\n".join(said(tampered))
        assert one.name in found
        assert other.name in found


@law
@given(data=st.data())
def test_any_edit_of_the_record_and_its_signed_head_is_named(tampered: Workspace, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from((tampered.ledger, tampered.checkpoint)), "file")
    with put_back(path) as content:
        path.write_bytes(edited(content, data))
        assert [one for one in said(tampered) if path.name in one] != []


@law
@given(data=st.data())
def test_any_line_of_the_record_deleted_repeated_or_moved_is_named(tampered: Workspace, data: st.DataObject) -> None:
    with put_back(tampered.ledger) as content:
        lines = content.splitlines()
        place = data.draw(st.integers(0, len(lines) - 1), "line")
        other = data.draw(st.integers(0, len(lines) - 1).filter(lambda n: n != place), "other")
        kind = data.draw(st.sampled_from(("delete", "repeat", "swap", "cut off")), "kind")
        line = lines[place]
        if kind == "delete":
            del lines[place]
        elif kind == "repeat":
            lines.insert(other, line)
        elif kind == "swap":
            lines[place], lines[other] = lines[other], line
        else:
            lines = lines[:place]
        tampered.ledger.write_bytes(b"".join(line + b"\n" for line in lines))
        assert [one for one in said(tampered) if one.startswith("ledger.jsonl")] != []


def change_rows(connection: duckdb.DuckDBPyConnection, table: str, kind: str, row: int) -> None:
    """Delete, repeat, move or edit one row of a table; the row's number is counted from 0."""
    if kind in ("repeat", "move"):
        connection.execute(f"INSERT INTO {table} SELECT * FROM {table} WHERE rowid = {row}")
    if kind in ("delete", "move"):
        connection.execute(f"DELETE FROM {table} WHERE rowid = {row}")
    if kind == "edit":
        column, type_ = next(
            (name, type_)
            for name, type_, *_ in connection.execute(f"DESCRIBE {table}").fetchall()
            if type_ in ("VARCHAR", "BIGINT", "BOOLEAN")
        )
        value = {"VARCHAR": f"coalesce({column}, '') || 'x'", "BIGINT": f"coalesce({column}, 0) + 1"}
        connection.execute(f"UPDATE {table} SET {column} = {value.get(type_, f'NOT {column}')} WHERE rowid = {row}")


@law
@given(data=st.data())
def test_any_row_of_the_projection_deleted_inserted_moved_or_edited_is_named(
    tampered: Workspace, data: st.DataObject
) -> None:
    with put_back(tampered.database):
        with duckdb.connect(str(tampered.database)) as connection:
            rows = connection.execute(
                "SELECT schema_name || '.' || table_name, estimated_size FROM duckdb_tables() ORDER BY ALL"
            ).fetchall()
            counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table, _ in rows}
            tables = [table for table, count in counts.items() if count]
            table = data.draw(st.sampled_from(tables), "table")
            # The last row has nowhere to move to.
            kinds = ("delete", "repeat", "edit", "move") if counts[table] > 1 else ("delete", "repeat", "edit")
            kind = data.draw(st.sampled_from(kinds), "kind")
            last = counts[table] - (2 if kind == "move" else 1)
            change_rows(connection, table, kind, data.draw(st.integers(0, last), "row"))
        assert [one for one in said(tampered) if one.startswith(f"warehouse.duckdb: {table}")] != []

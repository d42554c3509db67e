"""One changed byte anywhere is found and its place named; what can be computed again is computed the same."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from audit.chain import canonical, line_hash
from motcua.cli import app
from motcua.printing.show import checked_text
from tests.support.office import PERIOD, Office

CHECKOUT = Path(__file__).parents[2]
OFFICIAL = f"releases/{PERIOD}/v1/official"
RELEASED = (
    "report.xlsx", "release.json", "datapackage.json", "gate.json", "content.sha256", "ledger.jsonl", "checkpoint.txt", "checkpoint.sig",
    "public_key.pem", "verify.py", "manifest.sha256", "manifest.sig", "data/form_ii06a.csv", "data/form_ii06a.parquet",
)  # fmt: skip


def verified(office: Office) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["verify", "--json", "-w", str(office.workspace.root)])
    return done.exit_code, "\n".join(json.loads(done.stdout)["problems"])


def change_byte(path: Path, place: int | None = None) -> None:
    content = bytearray(path.read_bytes())
    place = len(content) // 2 if place is None else place
    content[place] ^= 1
    path.write_bytes(content)


def originals(office: Office) -> list[Path]:
    return sorted(office.workspace.vault.glob(f"*/{'?' * 64}.sealed"))


def digits(path: Path, number: int) -> int:
    """Return where a digit stands in a line of a text file, so that a changed byte leaves the line well formed."""
    lines = path.read_bytes().split(b"\n")
    before = sum(len(line) + 1 for line in lines[:number])
    return before + lines[number].index(b'"sha256":"') + 12


def test_the_demo_holds(shared_demo: Office) -> None:
    assert verified(shared_demo) == (0, "")


def test_what_was_checked_is_counted_in_both_languages(shared_demo: Office) -> None:
    done = CliRunner().invoke(app, ["verify", "--json", "-w", str(shared_demo.workspace.root)])
    counted = json.loads(done.stdout)["checked"]
    assert {"ledger lines", "files of store/"} <= set(counted)
    for what in (*counted, "copies of checkpoints"):
        vietnamese, _, english = checked_text(what).partition(" / ")
        assert (bool(vietnamese), english) == (True, what)


def test_the_program_says_so_with_its_exit_status(demo: Office) -> None:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "motcua", "verify", "-w", str(demo.workspace.root)],
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    assert run().returncode == 0
    change_byte(originals(demo)[0])
    changed = run()
    assert changed.returncode == 1
    assert originals(demo)[0].name[:32] in changed.stdout.replace("\n", "")
    assert changed.stderr == ""


def test_a_changed_byte_of_any_original_is_named(demo: Office) -> None:
    for path in originals(demo):
        change_byte(path)
    status, problems = verified(demo)
    assert status == 1
    assert problems.count("its content was changed") == len(originals(demo)) == 17
    assert all(demo.workspace.relative(path) in problems for path in originals(demo))


def test_a_changed_byte_of_any_stored_table_is_named(demo: Office) -> None:
    files = sorted(path for path in demo.workspace.store.rglob("*") if path.is_file())
    for path in files:
        change_byte(path)
    status, problems = verified(demo)
    assert status == 1
    assert {path for path in files if demo.workspace.relative(path) not in problems} == set()


@pytest.mark.parametrize("table", ["dossier_row", "report_value", "finding", "figure", "plan"])
def test_one_changed_byte_of_a_stored_table_is_enough(demo: Office, table: str) -> None:
    path = max((demo.workspace.store / table).iterdir(), key=lambda path: path.stat().st_size)
    change_byte(path)
    assert verified(demo) == (1, f"{demo.workspace.relative(path)}: nội dung bị đổi / its content was changed")


@pytest.mark.parametrize("folder", ["vault", "store"])
def test_a_missing_file_is_named(demo: Office, folder: str) -> None:
    path = max((demo.workspace.root / folder).rglob("*"), key=lambda path: path.stat().st_size * path.is_file())
    path.unlink()
    status, problems = verified(demo)
    assert status == 1
    assert f"{demo.workspace.relative(path)}: không còn / is missing" in problems


@pytest.mark.parametrize(("number", "named"), [(0, "line 1"), (5, "line 6"), (-1, "line {size}")])
def test_a_changed_byte_of_the_record_is_named_in_its_first_a_middle_and_its_last_line(
    demo: Office, number: int, named: str
) -> None:
    size = demo.ledger.size
    path = demo.workspace.ledger
    change_byte(path, digits(path, number % size))
    status, problems = verified(demo)
    assert status == 1
    assert f"ledger.jsonl, dòng / {named.format(size=size)}" in problems


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_byte_that_makes_a_line_of_the_record_illegible_is_named(demo: Office, number: int) -> None:
    number %= demo.ledger.size
    path = demo.workspace.ledger
    change_byte(path, sum(len(line) + 1 for line in path.read_bytes().split(b"\n")[:number]))
    status, problems = verified(demo)
    assert status == 1
    assert f"ledger.jsonl, dòng / line {number + 1}: is not JSON" in problems


def test_a_last_line_that_is_taken_away_is_missed(demo: Office) -> None:
    path = demo.workspace.ledger
    path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[:-2]) + b"\n")
    status, problems = verified(demo)
    assert status == 1
    assert "lines are missing" in problems


def test_a_record_written_anew_from_some_line_on_does_not_carry_the_signature(demo: Office) -> None:
    lines = [json.loads(line) for line in demo.workspace.ledger.read_bytes().splitlines()]
    lines[4]["actor"] = "Người Thử Nghiệm 666"
    written: list[bytes] = []
    for line in lines:
        line["previous"] = line_hash(written[-1]) if written else line["previous"]
        written.append(canonical(line))
    demo.workspace.ledger.write_bytes(b"".join(line + b"\n" for line in written))
    status, problems = verified(demo)
    assert status == 1
    assert (
        f"ledger.jsonl, dòng / line {len(lines)}: không phải dòng đã ký / is not the line that was signed" in problems
    )
    assert f"{OFFICIAL}/ledger.jsonl: is not the beginning of ledger.jsonl" in problems


@pytest.mark.parametrize("number", range(4))
def test_a_changed_byte_of_the_signed_head_is_named(demo: Office, number: int) -> None:
    path = demo.workspace.checkpoint
    change_byte(path, sum(len(line) + 1 for line in path.read_bytes().split(b"\n")[:number]))
    status, problems = verified(demo)
    assert status == 1
    assert "ledger.checkpoint" in problems


def test_a_missing_signed_head_is_named(demo: Office) -> None:
    demo.workspace.checkpoint.unlink()
    assert verified(demo) == (1, "ledger.checkpoint: không có / is missing")


@pytest.mark.parametrize("name", RELEASED)
def test_a_changed_byte_of_a_released_file_is_named(demo: Office, name: str) -> None:
    change_byte(demo.workspace.root / OFFICIAL / name)
    status, problems = verified(demo)
    assert status == 1
    assert any(line.startswith(OFFICIAL) and name in line for line in problems.splitlines())


def noted(office: Office) -> list[str]:
    done = CliRunner().invoke(app, ["verify", "--json", "-w", str(office.workspace.root)])
    return [note for note in json.loads(done.stdout)["notes"] if "written" in note or "not in its place" in note]


def test_a_release_that_waits_to_take_its_place_is_whole_and_said_once(demo: Office) -> None:
    """Its writer was killed after the commit; the next one moves it."""
    place = demo.workspace.releases / PERIOD
    (place / "v1").rename(place / ".v1.written")
    assert verified(demo) == (0, "")
    assert [note.split(":")[0] for note in noted(demo)] == [f"{PERIOD} v1"]


@pytest.mark.parametrize("name", ["report.xlsx", "manifest.sha256", "data/form_ii06a.csv"])
def test_a_changed_byte_of_a_release_that_waits_to_take_its_place_is_named(demo: Office, name: str) -> None:
    place = demo.workspace.releases / PERIOD
    (place / "v1").rename(place / ".v1.written")
    change_byte(place / ".v1.written" / "official" / name)
    status, problems = verified(demo)
    assert status == 1
    assert name in problems


def test_a_release_that_is_being_written_is_one_note(demo: Office) -> None:
    place = demo.workspace.releases / PERIOD
    shutil.copytree(place / "v1", place / ".v2.written")
    assert verified(demo) == (0, "")
    assert noted(demo) == [f"releases/{PERIOD}/.v2.written/: chưa ghi sổ / named by no commit"]


def test_every_kind_of_released_file_was_tried(shared_demo: Office) -> None:
    released = {path.name for path in (shared_demo.workspace.root / OFFICIAL).iterdir()}
    assert released == {name.split("/")[0] for name in RELEASED}


@pytest.mark.parametrize("table", ["raw.submission", "indicators.figure", "indicators.form_row", "audit.ledger",
                                   "nonconformities.nonconformity", "published.release", "validated.rule_result"])  # fmt: skip
def test_one_changed_value_of_the_projection_is_named(demo: Office, table: str) -> None:
    with duckdb.connect(str(demo.workspace.database)) as connection:
        column, kind = next(
            (name, kind)
            for name, kind, *_ in connection.execute(f"DESCRIBE {table}").fetchall()
            if kind in ("VARCHAR", "BIGINT") and name not in ("committed_seq", "seq")
        )
        value = "'khác'" if kind == "VARCHAR" else "-1"
        connection.execute(f"UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT max(rowid) FROM {table})")
    status, problems = verified(demo)
    assert status == 1
    assert f"warehouse.duckdb: {table}, row " in problems
    assert f"column {column}: the record says otherwise" in problems


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DELETE FROM indicators.figure WHERE indicator_id = 'satisfaction'", "indicators.figure has"),
        ("DROP TABLE published.refusal", "published.refusal is missing, added or defined otherwise"),
        ("ALTER TABLE raw.submission ADD COLUMN note VARCHAR", "raw.submission is missing, added or defined otherwise"),
        ("CREATE TABLE main.mine AS SELECT 1 AS one", "main.mine is missing, added or defined otherwise"),
        (
            "CREATE OR REPLACE VIEW validated.finding AS SELECT 'D001' AS rule_id",
            "validated.finding is missing, added or defined otherwise",
        ),
    ],
)
def test_rows_tables_and_columns_added_or_taken_away_are_named(demo: Office, change: str, named: str) -> None:
    with duckdb.connect(str(demo.workspace.database)) as connection:
        connection.execute(change)
    status, problems = verified(demo)
    assert status == 1
    assert f"warehouse.duckdb: {named}" in problems


def test_a_projection_that_is_no_database_is_named(demo: Office) -> None:
    demo.workspace.database.write_bytes(b"not a database")
    status, problems = verified(demo)
    assert status == 1
    assert "warehouse.duckdb: cannot be opened" in problems


def tables_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("SET VARIABLE workspace = $1", [str(path.parent)])
        names = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY ALL"
        ).fetchall()
        return {name: connection.execute(f"FROM {name}").fetchall() for (name,) in names}


def test_a_deleted_projection_is_missed_and_computed_anew_the_same(demo: Office) -> None:
    before = tables_of(demo.workspace.database)
    assert len(before) > 15
    assert len(before["staged.dossier_row"]) > 300
    demo.workspace.database.unlink()
    assert verified(demo) == (1, "warehouse.duckdb: không còn / is missing (motcua rebuild makes it anew)")
    assert CliRunner().invoke(app, ["rebuild", "-w", str(demo.workspace.root)]).exit_code == 0
    after = tables_of(demo.workspace.database)
    assert list(after) == list(before)
    for name in before:
        assert sorted(map(repr, before[name])) == sorted(map(repr, after[name])), name
    assert verified(demo) == (0, "")


def check_offline(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=120, cwd=folder.parent,
    )  # fmt: skip


def test_the_release_verifies_itself_with_no_package_wherever_it_is_taken(demo: Office, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere" / "official"
    shutil.copytree((demo.workspace.root / OFFICIAL).parent, folder.parent)
    done = check_offline(folder)
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    assert CliRunner().invoke(app, ["verify", str(folder)]).exit_code == 0
    shutil.rmtree(folder.with_name("open"))
    alone = check_offline(folder)
    assert (alone.returncode, "NOT CHECKED  open/: " in alone.stdout) == (3, True), "what it brings along is sound"


@pytest.mark.parametrize("name", sorted(set(RELEASED) - {"verify.py"}))
def test_the_release_finds_its_own_changed_byte_as_the_workspace_does(demo: Office, name: str) -> None:
    folder = demo.workspace.root / OFFICIAL
    change_byte(folder / name)
    done = check_offline(folder)
    assert done.returncode == 1
    assert name in done.stdout
    assert CliRunner().invoke(app, ["verify", str(folder)]).exit_code == 1


def changes() -> list[Callable[[Office], None]]:
    return [
        lambda office: change_byte(originals(office)[0]),
        lambda office: change_byte(office.workspace.checkpoint, 0),
        lambda office: office.workspace.database.unlink(),
    ]


@pytest.mark.parametrize("change", changes())
def test_verifying_writes_nothing(demo: Office, change: Callable[[Office], None]) -> None:
    change(demo)
    before = {path: path.stat().st_mtime_ns for path in demo.workspace.root.rglob("*")}
    verified(demo)
    assert {path: path.stat().st_mtime_ns for path in demo.workspace.root.rglob("*")} == before


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("plan.toml", lambda text: text.replace(" = ", " = = ", 1)),
        ("plan.toml", lambda text: text[: len(text) // 2] + "[["),
        ("targets.toml", lambda text: text + "[[target"),
        ("conventions.toml", lambda text: text.replace('"', "", 1)),
        ("periods.toml", lambda text: text + "\0"),
        ("units.csv", lambda text: text.replace(",", ";")),
        ("units.csv", lambda text: ""),
        ("tasks.csv", lambda text: text + '"'),
        ("calendar.csv", lambda text: text.replace("2022-", "2022/")),
        ("report_items.csv", lambda text: text.split("\n", 1)[1]),
    ],
)
def test_a_plan_that_cannot_be_read_stops_no_verification_and_names_the_way_back(
    demo: Office, name: str, edit: Callable[[str], str]
) -> None:
    path = demo.workspace.plan_folder / name
    before = path.read_text("utf-8")
    path.write_text(edit(before), "utf-8")
    original = originals(demo)[0]
    change_byte(original)
    status, said = verified(demo)
    assert status == 1
    assert f"plan/{name}, " in said
    assert demo.workspace.relative(original) in said, "the rest is checked, too"
    assert "chỉ thứ tự, chú thích hoặc khoảng trắng" not in said, "more than spacing was changed"
    for command in (["status"], ["history"], ["consolidate", PERIOD]):
        done = subprocess.run(
            [sys.executable, "-m", "motcua", *command, "-w", str(demo.workspace.root)],
            capture_output=True, text=True, cwd=CHECKOUT, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert "motcua plan restore" in done.stderr.splitlines()[-1]

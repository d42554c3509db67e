"""Where a part of a workspace is gone, every command names it and how to mend it; none answers as if all were well.

Which commands there are is asked of the program: one that nobody thought of fails here.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.keeping.test_tampered import MAKES_ANOTHER, READS, STARTS, WRITES, WRITES_LETTERS, content_of
from tests.support.commands import Ran, every_command, run
from tests.support.office import PERIOD, Office, log, small_plan
from tests.support.people import FOUNDER, signing
from warehouse.workspace import Workspace

# What each command that writes nothing into the record is asked.
ASKED: Mapping[str, tuple[str, ...]] = {
    "check": ("so.csv",),
    "disclosure": (PERIOD,),
    "explain": (PERIOD, "overdue_share"),
    "history": (),
    "people list": (),
    "plan check": (),
    "plan diff": (),
    "plan next-year": ("--out", "ke-hoach-2023"),
    "plan proposals": (),
    "plan show": (),
    "nc list": (),
    "nc overdue": (),
    "nc pareto": (),
    "nc show": ("NC-2022-Q1-001",),
    "profile": ("so.csv",),
    "release list": (),
    "release show": (PERIOD,),
    "remind": (PERIOD,),
    "replay": ("D001",),
    "reproduce": (PERIOD, "1", "tinh-lai"),
    "serve": (),
    "show": ("S-0001",),
    "status": (),
    "template": ("TV", PERIOD),
    "waivers": (),
}
# Other ways to ask, which must not go round the question.
ALSO_ASKED: Mapping[str, tuple[str, ...]] = {
    "answer": ("S-0001", "--json"),
    "history": ("--uncovered",),
    "justify": (PERIOD,),
    "plan show": ("--proposal", "PL-0001"),
    "nc list": ("--as-known-on", "2022-03-20"),
    "status": ("--as-known-on", "2022-03-20"),
}
FOLDERS = ("inbox", "plan", "releases", "store", "vault")
# Makes the projection anew at its first run.
NEEDS_NO_PROJECTION = STARTS


def without_record(workspace: Workspace) -> None:
    workspace.ledger.unlink()


def emptied_record(workspace: Workspace) -> None:
    workspace.ledger.write_bytes(b"")


def without_projection(workspace: Workspace) -> None:
    workspace.database.unlink()


FILES: Mapping[str, tuple[Callable[[Workspace], None], str]] = {
    "ledger.jsonl": (without_record, "không có sổ cái / the record is missing: lấy lại từ bản lưu"),
    "ledger.jsonl, emptied": (emptied_record, "sổ cái trống / the record holds no commit: lấy lại từ bản lưu"),
    "warehouse.duckdb": (without_projection, "không có / is missing: tính lại / compute it anew: motcua rebuild"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("whole")
    return Office.new(folder, small_plan(folder / "plan")).workspace


@pytest.fixture
def workspace(whole: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    shutil.copytree(whole.root, tmp_path / "workspace")
    (tmp_path / "so.csv").write_bytes(log(""))
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path / "workspace")


def ask(
    workspace: Workspace,
    command: str,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ran:
    with signing(FOUNDER) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return run([*command.split(), *words, "-w", str(workspace.root)], monkeypatch, capsys)


def one_line(done: Ran, status: int) -> str:
    assert (done.status, done.output) == (status, ""), done
    [line] = done.errors.splitlines()
    return line


def test_every_command_of_the_program_is_asked_or_makes_another_workspace() -> None:
    assert set(ASKED) == READS - {"verify"} | WRITES_LETTERS | STARTS
    assert every_command() == set(ASKED) | {"verify"} | set(WRITES) | MAKES_ANOTHER


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_is_gone_or_is_none_is_named_by_every_command(
    workspace: Workspace, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(workspace.root / name)
    asked = [*ASKED.items(), *ALSO_ASKED.items()]
    for kind, commands in (
        ("không có thư mục này / the folder is missing: ", [*WRITES.items(), *asked]),
        ("không phải thư mục / is no folder: ", asked),
    ):
        before = content_of(workspace)
        for command, words in commands:
            if (command, name) != ("plan restore", "plan"):
                line = one_line(ask(workspace, command, words, monkeypatch, capsys), 2)
                assert line.startswith(f"motcua: {workspace.root / name}: {kind}"), command
        done = ask(workspace, "verify", (), monkeypatch, capsys)
        assert done.status == 1
        assert f"{name}/: {kind}" in done.output
        assert content_of(workspace) == before
        (workspace.root / name).write_bytes(b"a file in the place of a folder")
    assert not {"ke-hoach-2023", "tinh-lai", "LUU"} & {path.name for path in workspace.root.parent.iterdir()}


@pytest.mark.parametrize("gone", FILES)
def test_a_record_or_a_projection_that_is_gone_is_named_by_whoever_asks(
    workspace: Workspace, gone: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    take_away, said = FILES[gone]
    take_away(workspace)
    before = content_of(workspace)
    for command, words in [*ASKED.items(), *ALSO_ASKED.items()]:
        if command not in NEEDS_NO_PROJECTION:
            line = one_line(ask(workspace, command, words, monkeypatch, capsys), 2)
            assert line.startswith(f"motcua: {workspace.root / gone.split(',')[0]}: {said}"), command
    done = ask(workspace, "verify", (), monkeypatch, capsys)
    assert done.status == 1
    assert gone.split(",")[0] in done.output
    assert content_of(workspace) == before


def test_several_that_are_gone_are_one_line(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.database.unlink()
    shutil.rmtree(workspace.inbox)
    line = one_line(ask(workspace, "status", (), monkeypatch, capsys), 2)
    assert f"{workspace.database}: " in line
    assert f"; {workspace.inbox}: " in line


def test_a_plan_that_is_gone_is_laid_out_again_and_a_projection_made_anew(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content_of(workspace)
    shutil.rmtree(workspace.plan_folder)
    assert ask(workspace, "plan restore", (), monkeypatch, capsys).status == 0
    assert {path: sha256 for path, sha256 in content_of(workspace).items() if path.startswith("plan/")} == {
        path: sha256 for path, sha256 in before.items() if path.startswith("plan/")
    }
    workspace.database.unlink()
    assert ask(workspace, "rebuild", (), monkeypatch, capsys).status == 0
    assert ask(workspace, "status", (), monkeypatch, capsys).status == 0


def test_a_decided_plan_that_is_about_to_take_its_place_is_no_missing_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.plan_folder.rename(workspace.next_plan_folder)
    assert ask(workspace, "plan show", (), monkeypatch, capsys).status == 0
    assert ask(workspace, "status", (), monkeypatch, capsys).status == 0


def test_a_workspace_that_is_named_and_is_none_is_not_replaced_by_the_bundled_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOTCUA_WORKSPACE", str(tmp_path / "khong-co"))
    assert "is not a workspace" in one_line(run(["plan", "check"], monkeypatch, capsys), 2)
    monkeypatch.delenv("MOTCUA_WORKSPACE")
    assert run(["plan", "check"], monkeypatch, capsys).status == 0


def test_one_file_of_the_store_that_is_gone_is_named(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = office.take(log("017 | x | y | z | w | a | b | c"))
    [finding] = [file for file in office.ledger.entries[-1].files if file.path.startswith("store/finding/")]
    (office.workspace.root / finding.path).unlink()
    for command in ("show", "answer"):
        words = (taken.number,) if command == "show" else (taken.number, str(office.workspace.root.parent / "a.xlsx"))
        line = one_line(ask(office.workspace, command, words, monkeypatch, capsys), 1)
        assert f"thiếu tệp / file is missing: {office.workspace.root / finding.path}" in line

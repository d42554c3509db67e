"""A link, a pipe, a device or a folder in the place of a part of a workspace is one sentence, never followed or awaited."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.audits.verify import verify
from tests.support.commands import run
from tests.support.office import Office, log, small_plan
from warehouse.workspace import Workspace, WorkspaceError

SOUND = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
FILES = (
    "motcua.toml", "ledger.jsonl", "ledger.checkpoint", "keys/signing.pem", "keys/signing.pub.pem",
    "keys/pseudonym.key", "keys/schedule.pem", "plan/plan.toml", "plan/units.csv",
)  # fmt: skip
FOLDERS = ("store", "vault", "plan", "releases", "keys", "keys/people", "store/plan", "drafts", ".reading", "torn")
COMMANDS = (("status",), ("verify",), ("keys", "rotate", "--reason", "thử"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("made")
    office = Office.new(folder, small_plan(folder / "plan"))
    office.take(log(SOUND))
    return office


@pytest.fixture
def workspace(made: Office, tmp_path: Path) -> Workspace:
    return made.copy(tmp_path / "workspace").workspace


def as_link(path: Path) -> None:
    root = next(parent for parent in path.parents if parent.name == "workspace")
    elsewhere = root.parent / "elsewhere"
    if not path.exists():
        path.mkdir()
    shutil.move(path, elsewhere)
    path.symlink_to(elsewhere)


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


PLACES = [
    *((name, as_link, "is a link") for name in (*FILES, *FOLDERS)),
    *((name, as_pipe, "is no plain file") for name in FILES),
    ("ledger.jsonl", as_device, "is a link"),
    ("ledger.jsonl", as_folder, "is no plain file"),
    ("ledger.checkpoint", as_folder, "is no plain file"),
]


@pytest.mark.parametrize(("name", "attack", "said"), PLACES, ids=lambda one: getattr(one, "__name__", str(one)))
def test_what_is_not_the_file_or_folder_itself_is_one_sentence_and_nothing_is_written(
    workspace: Workspace,
    name: str,
    attack: Callable[[Path], None],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    attack(workspace.root / name)
    for words in COMMANDS:
        done = run([*words, "-w", str(workspace.root)], monkeypatch, capsys)
        told = done.output if words == ("verify",) else done.errors
        assert done.status == (1 if words == ("verify",) else 2), (words, done)
        assert f"{name}: " in "".join(told.split("\n")), words
        assert said in " ".join(told.split()), words
        assert words == ("verify",) or len(told.splitlines()) == 1
    with pytest.raises(WorkspaceError, match=said):
        Office(Workspace(workspace.root)).sweep()


def test_a_link_in_the_place_of_a_file_of_the_store_is_named_though_its_content_is_the_same(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = next(path for path in sorted(workspace.store.rglob("*")) if path.is_file())
    shutil.move(path, tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert verify(workspace).problems == [f"{workspace.relative(path)}: là liên kết / is a link"]

"""Nothing that lies where a command is asked to write is written over, unless the command says so; nor half of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.commands import Ran, run
from tests.support.office import PERIOD, Office, log, small_plan
from tests.support.people import FOUNDER, signing

MINE = b"what somebody keeps here"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("outputs")
    office = Office.new(folder, small_plan(folder / "plan", sender="TV"))
    office.take(log("017 | x | y | z | w | a | b | c"))
    office.consolidate()
    return office


@pytest.fixture
def at(shared: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "so.csv").write_bytes(log(""))
    return shared.copy(tmp_path / "workspace")


def ask(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    with signing(FOUNDER) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        where = () if words[0] in ("init", "demo", "restore") else ("-w", str(office.workspace.root))
        return run([*words, *where], monkeypatch, capsys)


def one_line(done: Ran) -> str:
    assert (done.status, done.output) == (2, ""), done
    [line] = done.errors.splitlines()
    assert " / " in line
    return line


# Where a command is asked to write a file, and what makes it write over one.
FILES: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "answer": (("answer", "S-0001", "ra.xlsx"), False),
    "profile": (("profile", "so.csv", "--out", "ra.toml"), False),
    "template": (("template", "TV", PERIOD, "--out", "ra.xlsx"), True),
    "enrol": (("people", "enrol", "--actor", "Người Thử Nghiệm 017", "--key", "ra.pem"), False),
}
# Where it is asked to write a folder.
FOLDERS: Mapping[str, tuple[str, ...]] = {
    "backup": ("backup", "ra"),
    "backup keys": ("backup", "luu", "--keys", "ra"),
    "demo": ("demo", "--dir", "ra"),
    "init": ("init", "ra"),
    "next year": ("plan", "next-year", "--out", "ra"),
    "restore": ("restore", "luu", "ra"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_there_stays(
    at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    words, can_replace = FILES[name]
    [out] = [tmp_path / word for word in words if word.startswith("ra.")]
    size = at.ledger.size
    out.write_bytes(MINE)
    assert out.name in one_line(ask(at, monkeypatch, capsys, *words))
    assert out.read_bytes() == MINE
    assert at.ledger.size == size
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([out.name, "so.csv", "workspace"])
    if can_replace:
        done = ask(at, monkeypatch, capsys, *words, "--replace")
        assert done.status == 0, done
        assert out.read_bytes() != MINE


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_in_which_something_lies_stays(
    at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    words = FOLDERS[name]
    if name == "restore":
        assert ask(at, monkeypatch, capsys, "backup", "luu", "--with-keys").status == 0
    (tmp_path / "ra").mkdir()
    (tmp_path / "ra" / "signing.pem").write_bytes(MINE)
    assert "ra" in one_line(ask(at, monkeypatch, capsys, *words))
    assert [path.read_bytes() for path in (tmp_path / "ra").iterdir()] == [MINE]


def test_the_keys_of_another_record_are_not_written_over_and_those_of_this_one_are_brought_up(
    at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Office.new(tmp_path / "khac", small_plan(tmp_path / "plan-khac"))
    assert ask(other, monkeypatch, capsys, "backup", "luu-khac", "--keys", "khoa").status == 0
    before = {path: path.read_bytes() for path in (tmp_path / "khoa").rglob("*") if path.is_file()}
    assert "holds no keys of this record" in one_line(ask(at, monkeypatch, capsys, "backup", "luu", "--keys", "khoa"))
    assert {path: path.read_bytes() for path in (tmp_path / "khoa").rglob("*") if path.is_file()} == before
    assert not (tmp_path / "luu").exists()
    assert ask(other, monkeypatch, capsys, "keys", "rotate", "--reason", "thử nghiệm").status == 0
    assert ask(other, monkeypatch, capsys, "backup", "luu-khac", "--keys", "khoa").status == 0
    kept = {path.relative_to(tmp_path / "khoa"): path.read_bytes() for path in (tmp_path / "khoa").rglob("*.pem")}
    keys = other.workspace.keys
    assert kept == {path.relative_to(keys): path.read_bytes() for path in keys.rglob("*.pem")}


def test_a_template_replaces_nothing_of_the_workspace_no_link_and_no_folder(
    at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lien-ket.xlsx").symlink_to(tmp_path / "khong-co.xlsx")
    (tmp_path / "thu-muc").mkdir()
    record = at.workspace.ledger.read_bytes()
    for out, said in (
        (str(at.workspace.ledger), "belongs to the workspace"),
        ("lien-ket.xlsx", "is no file"),
        ("thu-muc", "is no file"),
        ("khong/co.xlsx", "there is no such folder"),
    ):
        assert said in one_line(ask(at, monkeypatch, capsys, "template", "TV", PERIOD, "--out", out, "--replace"))
    assert at.workspace.ledger.read_bytes() == record
    assert (tmp_path / "lien-ket.xlsx").is_symlink()


def test_drafts_of_letters_in_a_folder_of_ones_own_are_replaced_only_where_that_is_said(
    at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(at, monkeypatch, capsys, "remind", PERIOD, "--out", "thu").status == 0
    [letter] = (tmp_path / "thu").iterdir()
    drafted = letter.read_bytes()
    letter.write_bytes(MINE)
    assert letter.name in one_line(ask(at, monkeypatch, capsys, "remind", PERIOD, "--out", "thu"))
    assert letter.read_bytes() == MINE
    assert ask(at, monkeypatch, capsys, "remind", PERIOD, "--out", "thu", "--replace").status == 0
    assert letter.read_bytes() == drafted


def test_next_years_plan_is_there_whole_or_not_at_all(
    at: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import warehouse.files

    writing, count = warehouse.files.write_bytes, 0

    def full(path: Path, content: bytes) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError(28, "No space left on device", str(path))
        writing(path, content)

    monkeypatch.setattr(warehouse.files, "write_bytes", full)
    assert "no space left" in one_line(ask(at, monkeypatch, capsys, "plan", "next-year", "--out", "ra"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["so.csv", "workspace"]
    monkeypatch.setattr(warehouse.files, "write_bytes", writing)
    assert ask(at, monkeypatch, capsys, "plan", "next-year", "--out", "ra").status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ra", "so.csv", "workspace"]

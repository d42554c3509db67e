"""Two hundred personal values, planted in every place that a file has: none of them leaves the vault."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from flows.entry.door import MisuseError
from flows.intake.inbox import REGISTER
from flows.intake.register import REGISTER_COLUMNS
from flows.intake.submissions import submissions
from motcua.cli import app
from sources.files.workbook import ANSWER_SHEET
from tests.support.office import FOUNDER, PERIOD, Office, small_plan
from tests.support.people import signing
from tests.support.planted import Planted, files, found_in, texts_of
from warehouse import vault

SEED, UNIT = 20220315, "TV"
# Commands that show the people of this machine what a file and its sheets are called.
NAMING = ("check", "intake", "status", "show", "explain", "answer")
EVIDENCE = "E-Office số 017"


@dataclass
class Searched:
    """A workspace into which the values were planted, and everything that the commands printed."""

    office: Office
    planted: Planted
    copies: Sequence[Path]
    printed: list[tuple[str, str]]

    def say(self, *words: object) -> str:
        given = [str(word) for word in (*words, "-w", self.office.workspace.root)]
        with signing(FOUNDER) as environment:
            done = CliRunner(env={"COLUMNS": "400"} | environment).invoke(app, given)
        assert isinstance(done.exception, SystemExit | MisuseError | None), (words, done.exception)
        self.printed.append((str(words[0]), f"{done.output}\n{done.exception or ''}"))
        return done.output


def lay_in(office: Office, content: dict[str, bytes], folder: str) -> None:
    """Put files into the inbox with their register, beside a folder that nobody takes in."""
    inbox = office.workspace.inbox
    office.hurry_inbox()
    for name, one in content.items():
        (inbox / name).write_bytes(one)
    with (inbox / REGISTER).open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(REGISTER_COLUMNS)
        lines.writerows([name, "2022-03-14", EVIDENCE, UNIT if "tu lap" in name else "", ""] for name in content)
    (inbox / folder).mkdir()


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Searched:
    root = tmp_path_factory.mktemp("planted")
    office = Office.new(root, small_plan(root / "plan", sender=UNIT))
    planted = Planted(SEED)
    folder = planted.title()
    content = files(planted, UNIT)
    (sent := root / "sent").mkdir()
    for name, one in content.items():
        (sent / name).write_bytes(one)
    found = Searched(office, planted, (root / "backup", root / "keys"), [])
    for path in sent.iterdir():
        found.say("check", path)
    lay_in(office, content, folder)
    for words in (
        ("status",), ("intake",), ("intake",), ("consolidate", PERIOD), ("status", PERIOD), ("status", "--json"),
        ("remind", PERIOD), ("history", "--rows", "--run", "2"), ("history", "--by", "submission"),
        ("explain", PERIOD, "online_share"), ("disclosure", PERIOD), ("publish", PERIOD),
    ):  # fmt: skip
        found.say(*words)
    numbers = [one.taken.number for one in submissions(office.ledger.entries)]
    assert len(numbers) == len(content)
    for number in numbers:
        found.say("show", number)
        found.say("show", number, "--json")
        found.say("answer", number, root / f"{number}.xlsx")
    # The gate lets none of this out. What remains once the faulty logs are withdrawn, it does.
    for one in submissions(office.ledger.entries):
        if one.taken.kind == "dossier_log" and one.taken.rejected_count:
            found.say("withdraw", one.taken.number, "--reason", "thử nghiệm")
    found.say("consolidate", PERIOD)
    office.settle()
    assert office.publish().reasons == ()
    for words in (("release", "list", PERIOD), ("verify",), ("backup", root / "backup", "--keys", root / "keys")):
        found.say(*words)
    return found


def originals(office: Office) -> Iterator[str]:
    """Yield everything that the originals in the vault hold, once opened with their keys."""
    for one in submissions(office.ledger.entries):
        sha256 = one.taken.file_sha256
        yield vault.name_of(office.workspace, sha256) or ""
        yield from vault.sheet_titles(office.workspace, sha256)
        path = office.workspace.root.parent / f"{sha256[:12]}.original"
        path.write_bytes(vault.content(office.workspace, sha256))
        yield from texts_of(path)
        path.unlink()


def places(root: Path) -> list[Path]:
    """Return every file outside the vault, and what waits in the inbox apart: it has not come in yet."""
    inside = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return [path for path in inside if not path.is_relative_to(root / "vault")]


def test_every_planted_value_is_in_the_originals(searched: Searched) -> None:
    values = set(searched.planted.all)
    assert len(values) == 200
    found = set[str]()
    for text in originals(searched.office):
        found |= found_in(text, values - found)
    # One of them names a folder that is not taken in.
    assert len(values - found) <= 1, values - found


def test_no_planted_value_stands_outside_the_vault(searched: Searched) -> None:
    values, leaks = searched.planted.all, []
    for root in (searched.office.workspace.root, *searched.copies):
        for path in places(root):
            texts = [text.replace(str(root), "") for text in texts_of(path)]
            leaks += [f"{path.relative_to(root)}: {value}" for text in texts for value in found_in(text, values)]
    assert sorted(set(leaks)) == []


def test_no_planted_value_is_printed_but_what_files_and_sheets_are_called(searched: Searched) -> None:
    leaks = []
    for command, text in searched.printed:
        allowed = searched.planted.titles if command in NAMING else set()
        leaks += [f"motcua {command}: {value}" for value in found_in(text, set(searched.planted.all) - allowed)]
    assert sorted(set(leaks)) == []
    assert {command for command, _ in searched.printed} >= {*NAMING, "history", "verify", "remind", "backup", "publish"}


def test_whoever_may_see_the_vault_is_told_what_files_and_sheets_are_called(searched: Searched) -> None:
    titled = next(
        one.taken for one in submissions(searched.office.ledger.entries) if one.taken.kind == "dossier_log"
        and len(vault.sheet_titles(searched.office.workspace, one.taken.file_sha256)) > 2
    )  # fmt: skip
    shown = json.loads(searched.say("show", titled.number, "--json"))
    assert {finding["sheet"] for finding in shown["findings"]} >= {"trang 1"}
    assert shown["sheets"]["trang 1"] in searched.planted.titles
    assert f"trang 1 “{shown['sheets']['trang 1']}”" in searched.say("show", titled.number)
    answer = load_workbook(searched.office.workspace.root.parent / f"{titled.number}.xlsx")
    assert answer.sheetnames[:2] == [ANSWER_SHEET, shown["sheets"]["trang 1"]]
    listed = {cell.value for row in answer[ANSWER_SHEET].iter_rows() for cell in row}
    assert shown["sheets"]["trang 1"] in listed, "a sender knows a sheet by its own title"


def test_the_search_finds_a_value_however_it_is_written() -> None:
    values = ("Thử Nghiệm Đẫm Khuỷu", "0905017017", "056099017017")
    for text in (
        "thu nghiem dam khuyu", "THU\u031b\u0309 NGHIE\u0323\u0302M \u0110A\u0302\u0303M KHUY\u0309U", "gọi 0905 017 017",
        '{"value": 905017017}', "0905.017.017", "+84 905-017-017", "56099017017.0", "x056099017017x",
    ):  # fmt: skip
        assert found_in(text, values), text
    assert found_in("0905 017 018, Thử Nghiệm Đẫm", values) == set()

"""Whatever a file does to its reader, it is a rejected submission with one sentence, and the next file is read."""

import inspect
import io
import json
import re
import struct
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlrd

import flows.desk.answer
import flows.desk.profile
import flows.intake.reader
import flows.intake.validate_log
import sources.answers.own
import sources.files.archive
import sources.files.workbook_xlsx
import sources.logs.log
import sources.logs.reader
import sources.reports.layout
from flows.audits.replay import replay
from flows.desk.answer import take_answer
from flows.desk.profile import profile
from flows.intake.check import check
from flows.intake.intake import take_in
from flows.intake.isolation import close_idle_readers, idle_readers, read_in_order
from flows.intake.reader import ReaderNotStartedError
from flows.intake.submissions import submissions
from schemas.rules import load_rules
from sources.templates.template import template_workbook
from tests.support.office import HEADINGS, PERIOD, PLAN, Office, drawn, log, report, small_plan, titles, xlsx_of
from warehouse.workspace import SETTINGS, Settings, Workspace

SOUND = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
LIMITS = "seconds = 4\nclock_seconds = 60\nmemory_mebibytes = 1024\nunpacked_mebibytes = 64\n"
GIBIBYTE = 1 << 30


def limited(folder: Path, processes: int = 2) -> Office:
    office = Office.new(folder, small_plan(folder / "plan", sender="TV"))
    with (office.workspace.root / SETTINGS).open("a") as settings:
        settings.write(f"\n[reading]\nprocesses = {processes}\n{LIMITS}")
    return Office(Workspace(office.workspace.root))


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A workspace whose readers do to themselves what a file's first word says."""
    close_idle_readers()
    monkeypatch.setattr(flows.intake.reader, "READER", "tests.support.hostile_reader")
    yield limited(tmp_path)
    close_idle_readers()


def test_what_breaks_its_reader_is_rejected_with_one_sentence_and_the_files_after_it_are_read(hostile: Office) -> None:
    said = {
        "bug": r"The program failed on this file (KeyError",
        "burst": "more than 1024 MiB of memory",
        "exit": "status 3",
        "half": "signal 9",
        "hog": "more than 1024 MiB of memory",
        "loop": "more than 4 seconds",
        "segfault": "signal 11",
    }
    for word in said:
        (hostile.workspace.inbox / f"{word}.csv").write_bytes(word.encode() + b"\n")
        (hostile.workspace.inbox / f"{word}-sau.csv").write_bytes(log(SOUND) + word.encode() + b"\n")
    taken = {one.file_name: one for one in hostile.sweep()}
    assert list(taken) == sorted(taken)
    for word, part in said.items():
        one = taken[f"{word}.csv"]
        assert one.state == "rejected"
        assert one.reading is not None
        assert part in one.reading.refusal
        assert one.reading.refusal.count(" / ") == 1
        assert "\n" not in one.reading.refusal
        assert taken[f"{word}-sau.csv"].state == "accepted"
    # The message of an error may hold what stands in a cell.
    assert "Thử Nghiệm" not in str(hostile.findings())
    assert list(hostile.workspace.inbox.iterdir()) == []
    left = [path for path in hostile.workspace.root.rglob("*") if "half" in path.name or ".reading" in path.parts]
    assert left == []


def test_a_reader_is_not_thought_large_because_who_started_it_is(tmp_path: Path) -> None:
    close_idle_readers()
    # What the operating system says of the reader's memory begins with ours.
    ballast = bytearray(700 << 20)
    office = limited(tmp_path, processes=1)
    office.take(log(SOUND), "a.csv")
    [reader] = idle_readers()
    office.take(log(SOUND.replace("-0001", "-0002")), "b.csv")
    assert [one.process.pid for one in idle_readers()] == [reader.process.pid]
    assert len(ballast) > 0
    close_idle_readers()


def test_a_full_disk_is_no_fault_of_the_file(hostile: Office) -> None:
    (hostile.workspace.inbox / "a.csv").write_bytes(log(SOUND))
    (hostile.workspace.inbox / "b.csv").write_bytes(b"full\n")
    with pytest.raises(OSError, match="No space left"):
        hostile.sweep()
    assert [one.taken.number for one in submissions(hostile.ledger.entries)] == ["S-0001"]
    with pytest.raises(OSError, match="No space left"):
        hostile.sweep()
    assert [one.taken.number for one in submissions(hostile.ledger.entries)] == ["S-0001"]


def test_a_dry_run_is_as_safe(hostile: Office, tmp_path: Path) -> None:
    (file := tmp_path / "x.csv").write_bytes(b"segfault\n")
    assert "signal 11" in check(hostile.workspace, hostile.door, file).reading.refusal


def test_a_reader_that_does_not_start_is_said_aloud_and_rejects_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_idle_readers()
    monkeypatch.setattr(flows.intake.reader, "READER", "tests.no_such_module")
    (office.workspace.inbox / "a.csv").write_bytes(log(SOUND))
    with pytest.raises(ReaderNotStartedError, match="at its start"):
        office.sweep()
    assert submissions(office.ledger.entries) == []


def archive(**members: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/"), content)
    return saved.getvalue()


def zeros(gibibytes: int) -> bytes:
    """Return a workbook with one member of so many gibibytes of zeros."""
    saved = io.BytesIO()
    packed = zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed, packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
        for _ in range(gibibytes * 64):
            member.write(bytes(GIBIBYTE // 64))
    return saved.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """Return an archive in which every member says that it unpacks to this size."""
    told = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = told.find(mark)
        while place >= 0:
            struct.pack_into("<I", told, place + offset, size)
            place = told.find(mark, place + 4)
    return bytes(told)


def nested(depth: int) -> bytes:
    content = bytes(1 << 24)
    for _ in range(depth):
        content = archive(**{f"{n}.zip": content for n in range(8)})
    return content


def with_entities() -> bytes:
    """Return a report whose strings are a billion laughs."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "ha">{laughs}]><sst><si><t>&l9;</t></si></sst>'
    return replaced(report("TV", {}), "docProps/app.xml", bomb.encode())


def replaced(content: bytes, name: str, with_: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, with_ if member == name else old.read(member))
    return saved.getvalue()


def claiming(reference: str) -> bytes:
    content = xlsx_of([["a"]])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    return replaced(content, "xl/worksheets/sheet1.xml", sheet.replace(b'ref="A1:A1"', f'ref="{reference}"'.encode()))


def far_cell() -> bytes:
    """Return a workbook with two cells in opposite corners, which says nothing of its size."""
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    return replaced(xlsx_of([["a"]]), "xl/worksheets/sheet1.xml", sheet)


BOMBS = {
    "one member of 10 GiB of zeros": (lambda: zeros(10), "unpacks to more than 64 MiB"),
    "10 GiB that say to be 1 kB": (lambda: lying(archive(**{"xl__a.xml": bytes(1 << 26)}), 1024), "packed more than"),
    "sizes that lie a little": (lambda: lying(xlsx_of([["a"]]), 77), "wrong about its own sizes"),
    "archives in archives": (lambda: nested(3), "not open as an Excel|No header row|packed more than|declares"),
    "a billion laughs": (with_entities, "declares XML entities"),
    "a claim to the whole sheet": (lambda: claiming("A1:XFD1048576"), "claims 1048576 rows × 16384 columns"),
    "cells in opposite corners": (far_cell, "made its reader stop|of memory|No header row"),
    "too many parts": (lambda: archive(**{f"{n}.xml": b"" for n in range(5_001)}), "has 5001 parts"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_rejected_with_one_sentence(name: str, tmp_path: Path) -> None:
    office = limited(tmp_path)
    make, said = BOMBS[name]
    taken = office.take(make(), "bom.xlsx")
    assert taken.state == "rejected"
    assert taken.reading is not None
    assert re.search(said, taken.reading.refusal), taken.reading.refusal
    assert taken.reading.refusal.count(" / ") == 1
    assert "\n" not in taken.reading.refusal


def files() -> dict[str, bytes]:
    logs = {f"so-{n}.csv": log(SOUND.replace("-0001", f"-000{n + 1}")) for n in range(3)}
    reports = {f"bao-cao-{n}.xlsx": report("TV", {"A7.1": 100 + n}) for n in range(3)}
    return {**logs, **reports, "bao-cao-lai.xlsx": reports["bao-cao-0.xlsx"], "hong.xlsx": b"PK\x03\x04"}


def test_several_at_once_leave_the_ledger_that_one_after_the_other_leaves(tmp_path: Path) -> None:
    ledgers, contents = [], files()
    for processes in (1, 3):
        (folder := tmp_path / str(processes)).mkdir()
        office = limited(folder, processes)
        for name, content in contents.items():
            (office.workspace.inbox / name).write_bytes(content)
        # The same random bytes for both: what is sealed is then alike too.
        door = replace(office.door, entropy=lambda size: b"\x2a" * size)
        assert [one.file_name for one in take_in(office.workspace, door, [])] == [
            *("bao-cao-0.xlsx", "bao-cao-1.xlsx", "bao-cao-2.xlsx", "bao-cao-lai.xlsx"),
            *("hong.xlsx", "so-0.csv", "so-1.csv", "so-2.csv"),
        ]
        lines = office.workspace.ledger.read_bytes().splitlines()
        # The settings differ in what is compared here: how many read at once.
        entries = [entry for entry in map(json.loads, lines[1:]) if entry["events"][0]["event"] != "settings_changed"]
        # Each sealed original has a key of its own, drawn by chance: its bytes differ from one sealing to the next.
        kept = [[file for file in entry["files"] if not file["path"].startswith("vault/")] for entry in entries]
        ledgers.append([(entry["events"], entry["actor"], files_) for entry, files_ in zip(entries, kept, strict=True)])
    assert ledgers[0] == ledgers[1]


def test_the_answers_come_in_the_order_of_the_requests_and_nothing_is_asked_too_early() -> None:
    asked: list[int] = []

    def requests() -> Iterator[None]:
        for n in range(10):
            asked.append(n)
            yield None

    answers = read_in_order(requests(), 2)
    assert next(answers) is None
    assert asked == [0, 1, 2, 3]
    assert list(answers) == [None] * 9


def test_the_limits_are_settings(office: Office) -> None:
    settings = tomllib.loads("[reading]\nseconds = 5\n")
    assert Settings.model_validate(settings).reading.seconds == 5
    assert office.workspace.settings.reading.seconds == 600


def test_a_template_passes_every_check_of_the_archive(office: Office) -> None:
    content = template_workbook(PLAN, PLAN.unit("TV"), PLAN.period(PERIOD), PLAN.report_type("cchc"))
    taken = office.take(content, "mau.xlsx")
    assert taken.reading is not None
    assert taken.reading.kind == "unit_report"


def test_no_command_opens_a_senders_file_in_its_own_process(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dry run, intake, correction, replay, answer and the draft of a profile: whatever parses is another process."""
    refused: list[str] = []

    def watch(name: str, parse: Callable[..., object]) -> Callable[..., object]:
        def parsed(*words: object, **more: object) -> object:
            refused.append(name)
            return parse(*words, **more)

        return parsed

    for module in (sources.logs.log, sources.files.archive, sources.logs.reader, flows.intake.validate_log):
        for name, parse in vars(module).items():
            if name.startswith(("open_", "check_archive", "read_")) and inspect.isfunction(parse):
                monkeypatch.setattr(module, name, watch(name, parse))
    for module, name in (
        (xlrd, "open_workbook"), (openpyxl, "load_workbook"), (sources.answers.own, "load_workbook"),
        (sources.reports.layout, "load_workbook"), (sources.files.workbook_xlsx, "load_workbook"),
        (flows.desk.answer, "open_known"), (flows.desk.answer, "open_source"), (flows.desk.answer, "check_archive"),
        (flows.desk.profile, "draft_profile"), (flows.desk.profile, "check_archive"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, watch(name, getattr(module, name)))
    path = tmp_path / "so.xlsx"
    path.write_bytes(xlsx_of([*titles(), HEADINGS, *drawn(SOUND.replace("05/01/2022", "31/02/2022"))]))
    check(office.workspace, office.door, path)
    assert take_in(office.workspace, office.door, [path])[0].state in ("accepted", "rejected")
    take_answer(office.workspace, office.door, "S-0001", tmp_path / "tra-loi.xlsx")
    draft = profile(PLAN, path, None)
    assert draft.row_count == 1
    replay(office.workspace, [load_rules()["D001"]])
    assert refused == []
    assert (tmp_path / "tra-loi.xlsx").stat().st_size > 0


def test_the_answer_to_a_workbook_that_would_burst_is_made_without_it(office: Office, tmp_path: Path) -> None:
    """The bomb was refused when it came; it must not burst when its sender is answered."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (300 << 20))
    taken = office.take(bomb.getvalue(), "bom.xlsx")
    assert taken.state == "rejected"
    answered = take_answer(office.workspace, office.door, taken.number, tmp_path / "tra-loi.xlsx")
    assert answered.line_count == 1
    assert answered.path.stat().st_size < 1 << 20

"""Whatever lies in an inbox: a file that is one is taken in whole, everything else is a sentence, and nothing is lost."""

import os
import shutil
import socket
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.ledger import Stamp
from flows.audits.verify import verify
from flows.desk.status import status
from flows.entry.door import Door, MisuseError
from flows.intake.check import check
from flows.intake.intake import take_in
from flows.intake.submissions import submissions
from tests.support.office import FOUNDER, Office, log
from tests.support.patience import ended_within
from warehouse import arrivals, taking, vault
from warehouse.arrivals import NotTakenError, Why
from warehouse.workspace import SETTINGS, Workspace

ROW = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
SOUND = log(ROW)
OTHER = log(ROW.replace("-0001", "-0002"))
SECRET = "Người Thử Nghiệm 017".encode()


@pytest.fixture
def strange(office: Office, tmp_path: Path) -> Iterator[dict[str, Why]]:
    """Everything in an inbox that is no file to be taken, between two that are; each with why it is left alone."""
    inbox = office.workspace.inbox
    (tmp_path / "ngoai.csv").write_bytes(OTHER)
    (inbox / "a.csv").write_bytes(SOUND)
    (inbox / "lien-ket.csv").symlink_to(tmp_path / "ngoai.csv")
    (inbox / "lien-ket-hong.csv").symlink_to(tmp_path / "khong-co.csv")
    (inbox / "thu-muc.csv").mkdir()
    (inbox / "thu-muc.csv" / "trong.csv").write_bytes(OTHER)
    os.mkfifo(inbox / "ong-dan.csv")
    os.mknod(inbox / "thiet-bi.csv", 0o600 | 0o020000, os.makedev(1, 3))
    listening = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(inbox)
    try:
        listening.bind("o-cam.csv")
    finally:
        os.chdir(here)
    for name in (b"khong-utf8-\xff.csv", b"hai\ndong.csv", b"\x1b[31mdo.csv", b"tro-ve\rdau.csv"):
        (inbox / os.fsdecode(name)).write_bytes(OTHER)
    for name in ("~$bao-cao.xlsx", ".~lock.bao-cao.xlsx#", "Thumbs.db", "Desktop.ini", ".DS_Store"):
        (inbox / name).write_bytes(b"x")
    for name in ("so.csv.crdownload", "so.csv.part", "so.TMP"):
        (inbox / name).write_bytes(OTHER)
    (inbox / ".giau.csv").write_bytes(OTHER)
    (inbox / "z.csv").write_bytes(log(ROW.replace("-0001", "-0003")))
    yield {
        "lien-ket.csv": "link", "lien-ket-hong.csv": "link", "thu-muc.csv": "folder", "ong-dan.csv": "pipe",
        "thiet-bi.csv": "device", "o-cam.csv": "socket", "khong-utf8-\udcff.csv": "name", "hai\ndong.csv": "name",
        "\x1b[31mdo.csv": "name", "tro-ve\rdau.csv": "name", "~$bao-cao.xlsx": "mark",
        ".~lock.bao-cao.xlsx#": "mark", "Thumbs.db": "mark", "Desktop.ini": "mark", ".DS_Store": "mark",
        "so.csv.crdownload": "unfinished", "so.csv.part": "unfinished", "so.TMP": "unfinished", ".giau.csv": "hidden",
    }  # fmt: skip
    listening.close()


def told(office: Office, at: datetime | None = None) -> tuple[list[str], list[str]]:
    """Sweep the inbox; return the names of what was taken in, and what was said beside."""
    said: list[str] = []
    door = replace(office.door, on_notice=said.append)
    door = door if at is None else replace(door, stamp=replace(door.stamp, came_at=at))
    return [one.file_name for one in take_in(office.workspace, door, [])], said


def test_links_pipes_sockets_devices_folders_and_junk_stay_and_the_files_between_them_are_taken_in(
    office: Office, strange: dict[str, Why]
) -> None:
    taken, said = told(office)
    assert taken == ["a.csv", "z.csv"]
    left = {path.name for path in office.workspace.inbox.iterdir()}
    assert left == set(strange), "nothing of it was recorded, moved or removed"
    loud = [name for name, why in strange.items() if why not in ("mark", "hidden")]
    assert len(said) == len(loud)
    for sentence in said:
        assert sentence.count(" / ") == 1
        assert sentence.isprintable()
    shown = status(
        office.workspace, office.workspace.plan, office.door.today(office.workspace.plan), None, None, office.at
    )
    assert {one.name: one.why for one in shown.left_alone} == strange
    assert shown.waiting_files == ()
    assert verify(office.workspace).problems == []


def test_a_link_pipe_socket_device_or_folder_that_is_named_is_refused(office: Office, strange: dict[str, Why]) -> None:
    for name in ("lien-ket.csv", "ong-dan.csv", "o-cam.csv", "thiet-bi.csv", "thu-muc.csv", "so.csv.part"):
        assert name in strange
        named = office.workspace.inbox / name
        with pytest.raises(MisuseError, match=name):
            take_in(office.workspace, office.door, [named])
        if strange[name] != "unfinished":
            with pytest.raises(MisuseError, match=name):
                check(office.workspace, office.door, named)
    assert submissions(office.ledger.entries) == []


def test_an_inbox_that_is_a_link_or_missing_is_one_sentence(office: Office, tmp_path: Path) -> None:
    inbox = office.workspace.inbox
    inbox.rmdir()
    with pytest.raises(MisuseError, match="there is no inbox"):
        office.sweep()
    (tmp_path / "khac").mkdir()
    (tmp_path / "khac" / "a.csv").write_bytes(SOUND)
    inbox.symlink_to(tmp_path / "khac")
    with pytest.raises(MisuseError, match="is a link"):
        office.sweep()
    shown = status(
        office.workspace, office.workspace.plan, office.door.today(office.workspace.plan), None, None, office.at
    )
    assert "is a link" in shown.inbox_problem


def settling(office: Office) -> Office:
    """Let files that change wait, under the true clock."""
    settings = office.workspace.root / SETTINGS
    settings.write_text(settings.read_text("utf-8") + "settle_seconds = 60\n", "utf-8")
    return Office(Workspace(office.workspace.root))


def test_a_file_that_is_still_being_copied_waits_until_it_has_come_to_rest(office: Office) -> None:
    office = settling(office)
    path = office.workspace.inbox / "so.csv"
    path.write_bytes(SOUND[:200])
    now = datetime.now(UTC)
    assert told(office, now)[0] == []
    with path.open("ab") as rest:
        rest.write(SOUND[200:])
    # A copying program sets the time of the original at the end; the system's own is what counts.
    os.utime(path, (0, 0))
    taken, [sentence] = told(office, now)
    assert taken == []
    assert sentence.startswith("so.csv: vừa thay đổi")
    with pytest.raises(MisuseError, match="changed just now"):
        take_in(office.workspace, Door(Stamp(now, FOUNDER, "thu-nghiem"), "test"), [path])
    assert told(office, datetime.now(UTC) + timedelta(seconds=61)) == (["so.csv"], [])
    assert vault.content(office.workspace, submissions(office.ledger.entries)[0].taken.file_sha256) == SOUND


def test_a_file_that_changes_while_it_is_copied_is_neither_recorded_nor_removed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.workspace.inbox / "so.csv"
    path.write_bytes(SOUND[:200])

    def half(source: Path, target: Path) -> arrivals.Copied:
        # The other program writes between the first look and the last.
        state = os.fstat

        def later(descriptor: int) -> os.stat_result:
            found = state(descriptor)
            with path.open("ab") as rest:
                rest.write(b"x")
            return found

        monkeypatch.setattr(os, "fstat", later)
        try:
            return copying(source, target)
        finally:
            monkeypatch.setattr(os, "fstat", state)

    copying = arrivals.copy
    monkeypatch.setattr(arrivals, "copy", half)
    taken, said = told(office)
    assert taken == []
    assert [sentence.split(":")[0] for sentence in said] == ["so.csv"]
    assert submissions(office.ledger.entries) == []
    assert path.read_bytes().startswith(SOUND[:200])
    assert list((office.workspace.vault / "taking").iterdir()) == []


def test_an_original_that_changed_after_it_was_copied_stays_and_what_was_copied_is_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.workspace.inbox / "so.csv"
    path.write_bytes(SOUND)
    keep = vault.keep

    def keep_while_it_grows(*words: object) -> vault.Original:
        kept = keep(*words)  # type: ignore[arg-type]
        path.write_bytes(OTHER)
        return kept

    monkeypatch.setattr(vault, "keep", keep_while_it_grows)
    taken, [sentence] = told(office)
    monkeypatch.setattr(vault, "keep", keep)
    assert taken == ["so.csv"]
    assert "S-0001" in sentence
    assert path.read_bytes() == OTHER
    assert vault.content(office.workspace, submissions(office.ledger.entries)[0].taken.file_sha256) == SOUND
    assert verify(office.workspace).problems == []
    assert told(office) == (["so.csv"], [])
    assert [one.taken.number for one in submissions(office.ledger.entries)] == ["S-0001", "S-0002"]


@pytest.mark.parametrize("other", ["written again", "replaced", "linked"])
def test_an_original_is_removed_only_while_it_is_the_same_file_with_the_same_bytes(tmp_path: Path, other: str) -> None:
    path, copied = tmp_path / "so.csv", tmp_path / "copy"
    path.write_bytes(SOUND)
    made = arrivals.copy(path, copied)
    state = path.stat()
    if other == "written again":
        # Same size, same time, other bytes.
        path.write_bytes(SOUND.replace(b"0001", b"0009"))
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    elif other == "replaced":
        (tmp_path / "khac").write_bytes(SOUND)
        (tmp_path / "khac").replace(path)
    else:
        path.rename(tmp_path / "khac")
        path.symlink_to(tmp_path / "khac")
    assert not arrivals.remove(path, made.original, made.sha256)
    assert os.path.lexists(path)


def test_a_sealed_original_that_does_not_read_back_stops_before_anything_is_recorded_or_removed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.workspace.inbox / "so.csv"
    path.write_bytes(SOUND)
    sealing = vault.seal

    def seal_badly(source: Path, target: Path, key: bytes) -> tuple[str, int]:
        sealed = sealing(source, target, key)
        content = target.read_bytes()
        target.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        return sealed

    monkeypatch.setattr(vault, "seal", seal_badly)
    with pytest.raises(ValueError, match="does not read back"):
        office.sweep()
    assert submissions(office.ledger.entries) == []
    assert path.read_bytes() == SOUND


def test_strange_entries_where_files_are_taken_in_stop_no_recovery(office: Office, tmp_path: Path) -> None:
    """A pipe would be waited for, a link followed, a folder or a name that is no number would end every command."""
    root = office.workspace.root
    (tmp_path / "ngoai").mkdir()
    (tmp_path / "ngoai" / "giu.csv").write_bytes(OTHER)
    for place in ("vault/taking", "vault/incoming", "vault/incoming/7", "torn", "releases"):
        (root / place).mkdir(parents=True, exist_ok=True)
    for place, name in (("vault/taking", "3"), ("vault/incoming", "4"), ("vault/incoming/7", "x.csv")):
        os.mkfifo(root / place / name)
    (root / "vault" / "taking" / "5").symlink_to(tmp_path / "ngoai")
    (root / "vault" / "incoming" / "6").symlink_to(tmp_path / "ngoai")
    (root / "vault" / "taking" / "khac").mkdir()
    (root / "vault" / "opened-khac-1").mkdir()
    (root / "vault" / "taking" / "8").mkdir()
    (root / "vault" / "taking" / "8" / "origin.json").write_text('{"name": "../../motcua.toml"}', "utf-8")
    (office.workspace.inbox / "so.csv").write_bytes(SOUND)
    with ended_within(60):
        assert told(office)[0] == ["so.csv"]
    assert (tmp_path / "ngoai" / "giu.csv").read_bytes() == OTHER
    assert (root / SETTINGS).exists()
    assert submissions(office.ledger.entries)[0].taken.number == "S-0001"


def test_a_committed_file_whose_process_was_killed_before_its_original_went_is_not_seen_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.workspace.inbox / "so.csv"
    path.write_bytes(SOUND)

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(taking, "finish", killed)
    monkeypatch.setattr(taking, "drop", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        office.sweep()
    monkeypatch.undo()
    assert path.exists()
    assert (len(submissions(office.ledger.entries)), told(office)) == (1, ([], []))
    assert [path.name for path in office.workspace.inbox.iterdir()] == []
    # The same bytes once more are no new submission, and go as well.
    path.write_bytes(SOUND)
    monkeypatch.setattr(taking, "finish", killed)
    monkeypatch.setattr(taking, "drop", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        office.sweep()
    monkeypatch.undo()
    size = office.ledger.size
    assert path.exists()
    assert (told(office), office.ledger.size) == (([], []), size), "seen twice, not three times"
    assert [path.name for path in office.workspace.inbox.iterdir()] == []
    assert not list((office.workspace.vault / "taking").iterdir())


def test_what_a_version_of_before_had_moved_out_of_the_inbox_comes_back(office: Office) -> None:
    ticket = office.workspace.vault / "incoming" / "9"
    ticket.mkdir(parents=True)
    (ticket / "so.csv").write_bytes(SOUND)
    (office.workspace.vault / "given" / "9").mkdir(parents=True)
    assert told(office)[0] == ["so.csv"]
    assert not (office.workspace.vault / "given").exists()
    assert not ticket.exists()


def test_the_register_knows_a_file_however_the_accents_of_its_name_are_written(office: Office) -> None:
    name = "Sổ quý I.csv"
    (office.workspace.inbox / unicodedata.normalize("NFD", name)).write_bytes(SOUND)
    lines = f"file,officially_received_on,evidence,sender,exported_at\n{unicodedata.normalize('NFC', name)},2022-03-01,E-Office số 017,,\n"
    (office.workspace.inbox / "received.csv").write_text(lines, "utf-8")
    office.sweep()
    assert submissions(office.ledger.entries)[0].taken.evidence == "E-Office số 017"


def test_a_register_that_is_a_link_is_not_followed(office: Office, tmp_path: Path) -> None:
    (tmp_path / "ngoai.csv").write_text("file\n", "utf-8")
    (office.workspace.inbox / "received.csv").symlink_to(tmp_path / "ngoai.csv")
    with pytest.raises(MisuseError, match=r"received\.csv: là liên kết"):
        office.sweep()


def test_a_file_that_may_not_be_read_waits_and_the_others_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in (("a.csv", SOUND), ("b.csv", OTHER)):
        (office.workspace.inbox / name).write_bytes(content)
    opening = os.open

    def closed(path: object, flags: int, *words: int) -> int:
        # Whoever runs the tests may read everything.
        if str(path).endswith("inbox/a.csv"):
            raise PermissionError(13, "Permission denied", str(path))
        return opening(path, flags, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(arrivals.os, "open", closed)
    taken, [sentence] = told(office)
    assert taken == ["b.csv"]
    assert sentence.startswith("a.csv: không có quyền đọc")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ong")
    with ended_within(10), pytest.raises(NotTakenError, match="pipe"):
        arrivals.open_regular(tmp_path / "ong")


def test_the_copy_and_not_the_original_is_hashed_read_and_sealed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The original is another file from the moment on in which it was copied."""
    path = office.workspace.inbox / "so.csv"
    path.write_bytes(SOUND)
    copying = arrivals.copy

    def copy_then_swap(source: Path, target: Path) -> arrivals.Copied:
        copied = copying(source, target)
        path.write_bytes(SECRET)
        return copied

    monkeypatch.setattr(arrivals, "copy", copy_then_swap)
    [one] = take_in(office.workspace, office.door, [])
    assert one.state == "accepted"
    assert vault.content(office.workspace, submissions(office.ledger.entries)[0].taken.file_sha256) == SOUND
    assert path.read_bytes() == SECRET
    shutil.rmtree(office.workspace.inbox)


def test_a_disk_that_is_full_while_a_file_is_copied_leaves_no_half_of_it(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> arrivals.Copied:
        target.write_bytes(source.read_bytes()[:10])
        raise OSError(28, "No space left on device", str(target))

    (tmp_path / "so.csv").write_bytes(SOUND)
    monkeypatch.setattr(arrivals, "copy", full)
    with pytest.raises(OSError, match="No space"):
        taking.begin(office.workspace, tmp_path / "so.csv", 2, is_moved=False)
    assert list((office.workspace.vault / "taking").iterdir()) == []

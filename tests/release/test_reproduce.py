"""The record, the originals, the keys and the kept plans give a release again in an empty folder, byte for byte."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

import flows.measures.consolidate
from flows.entry.door import MisuseError
from flows.intake.correct import Place, correct
from flows.intake.originals import erase
from flows.intake.submission import withdraw
from flows.keeping.keys import replace_pseudonym_key, replace_signing_key
from flows.release.publish import release_folder
from flows.release.reproduce import reproduce
from tests.support.office import PERIOD, Office, log, report, small_plan, titles
from tests.support.people import APPROVER
from warehouse.workspace import Workspace

SOUND = "\n".join(
    f"H32.15-220105-{n:04d} | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
    for n in range(1, 31)
)
LATE = "H32.15-220106-0002 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 06/01/2022 | 27/01/2022 | 20/02/2022"


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with two versions, between which everything happened that the record can tell of; only to be read."""
    folder = tmp_path_factory.mktemp("eventful")
    office = Office.new(folder, small_plan(folder / "plan", sender="BT"))
    office.appoint_approver()
    office.take(log(f"{SOUND}\n{LATE}"))
    office.take(report("BT", {"A9.1": 100, "A9.2": 84}), "bao-cao.xlsx")
    office.consolidate()
    office.settle()
    assert office.publish().version == 1
    office.at += timedelta(days=2)
    replace_signing_key(office.workspace, office.door, "thử nghiệm thay khóa")
    replace_pseudonym_key(office.workspace, office.door, "thử nghiệm thay khóa")
    late = Place(dossier="H32.15-220106-0002", field="finished_at")
    correct(office.workspace, office.door, "S-0001", late, "20/02/2022", "20/01/2022", "gõ nhầm", "Phiếu 017")
    office.take(report("BT", {"A9.1": 100, "A9.2": 90}), "bao-cao-2.xlsx", date(2022, 3, 21))
    office.take(log(SOUND, titles(exported="21/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 21))
    withdraw(office.workspace, office.door, "S-0004", "gửi nhầm")
    path = office.workspace.plan_folder / "procedures.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    again = office.decide_plan()
    again.consolidate()
    again.settle()
    published = again.publish()
    assert published.version == 2, published.reasons
    return again


@pytest.mark.parametrize("version", [1, 2])
def test_a_release_comes_out_again_byte_for_byte(eventful: Office, tmp_path: Path, version: int) -> None:
    done = reproduce(eventful.workspace, PERIOD, version, tmp_path / "again")
    assert (done.differences, done.notes) == ([], [])
    for number in range(1, version + 1):
        released = release_folder(eventful.workspace, PERIOD, number).parent
        assert hashes(release_folder(Workspace(done.folder), PERIOD, number).parent) == hashes(released)
    assert done.computed["releases"] == version
    assert {"report.xlsx", "changes.csv"} <= {
        Path(name).name for name in hashes(done.folder / "releases")
    } or version == 1


def test_the_workspace_itself_is_not_touched(eventful: Office, tmp_path: Path) -> None:
    before = hashes(eventful.workspace.root)
    reproduce(eventful.workspace, PERIOD, 1, tmp_path / "again")
    assert hashes(eventful.workspace.root) == before


def test_the_demo_comes_out_again(shared_demo: Office, tmp_path: Path) -> None:
    done = reproduce(shared_demo.workspace, PERIOD, 1, tmp_path / "again")
    assert done.differences == []
    assert done.computed["submissions"] == 17


def test_what_comes_out_otherwise_is_named(eventful: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = flows.measures.consolidate.KEPT_TABLES
    monkeypatch.setattr(flows.measures.consolidate, "KEPT_TABLES", [name for name in every if name != "form_row"])
    done = reproduce(eventful.workspace, PERIOD, 1, tmp_path / "again")
    assert [difference for difference in done.differences if "store/form_row/" in difference]
    assert [difference for difference in done.differences if difference.startswith(f"{PERIOD} v1")]


def test_an_erased_original_is_said_and_its_tables_are_taken_from_the_store(eventful: Office, tmp_path: Path) -> None:
    office = eventful.copy(tmp_path / "workspace")
    erase(office.workspace, office.door_of(APPROVER), "S-0002", "QĐ số 17 ngày 01/4/2022", "hết thời hạn lưu")
    done = reproduce(office.workspace, PERIOD, 2, tmp_path / "again")
    assert done.differences == []
    assert [note for note in done.notes if note.startswith("S-0002")]


@pytest.mark.parametrize(
    ("version", "is_used", "message"),
    [
        pytest.param(9, False, "has no such version: gần nhất / nearest: v2, v1", id="unknown"),
        pytest.param(1, True, "not empty", id="used"),
    ],
)
def test_a_mistake_is_one_line(eventful: Office, tmp_path: Path, version: int, is_used: bool, message: str) -> None:
    root = tmp_path / "again"
    if is_used:
        root.mkdir()
        (root / "x").touch()
    with pytest.raises(MisuseError, match=message):
        reproduce(eventful.workspace, PERIOD, version, root)

"""An approver reads what would leave the house before approving it, and approves nothing that was changed since."""

from datetime import date
from pathlib import Path

import pytest

from audit.events import ActionRefused
from audit.releases import versions
from flows.entry.authority import NotAllowedError
from flows.entry.door import MisuseError
from flows.release.decisions import approve, request
from flows.release.publish import publish
from flows.release.reading_copy import FIRST, what_waits
from releases.verify import CONTENT
from tests.support.office import PERIOD, Office, log, small_plan, titles
from tests.support.people import APPROVER
from warehouse.versions import reading_folder, version_folder

SOUND = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
LATER = "H32.15-220106-0002 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 06/01/2022 | 27/01/2022 | 20/01/2022"


def period_of(office: Office):
    return office.workspace.plan.period(PERIOD)


def ask(office: Office, reason: str = ""):
    return request(office.workspace, office.door, period_of(office), reason)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose second version was asked for; no test may change it."""
    folder = tmp_path_factory.mktemp("asked")
    made = Office.new(folder, small_plan(folder / "plan", has_targets=True))
    made.appoint_approver()
    made.take(log(SOUND))
    made.consolidate()
    made.settle()
    assert made.publish().version == 1
    assert not reading_folder(made.workspace, PERIOD, 1).exists(), "the release holds the same bytes"
    made.take(log(f"{SOUND}\n{LATER}", titles(exported="16/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 16))
    made.consolidate()
    made.settle()
    done = ask(made, "bổ sung hồ sơ")
    assert done.version == 2, done.reasons
    return made


def test_the_differences_stand_first_and_every_file_lies_beside_them(asked: Office) -> None:
    folder = reading_folder(asked.workspace, PERIOD, 2)
    assert (folder.stat().st_mode & 0o777, (folder / FIRST).stat().st_mode & 0o777) == (0o700, 0o600)
    said = what_waits(asked.workspace, asked.ledger.entries, PERIOD).first
    assert "II.06a QLVHGD" in said
    assert "sent again" in said
    assert "verdicts that differ from v1" in said
    assert {"official/report.xlsx", "official/changes.csv", "official/gate.json"} & set(files_of(folder)) >= {
        "official/report.xlsx",
        "official/changes.csv",
        "official/gate.json",
    }


def test_what_was_read_is_what_is_published(asked: Office, tmp_path: Path) -> None:
    office = asked.copy(tmp_path / "copied" / "workspace")
    read = files_of(reading_folder(office.workspace, PERIOD, 2))
    approve(office.workspace, office.door_of(APPROVER), period_of(office))
    published = publish(office.workspace, office.door, period_of(office))
    assert published.folder is not None, published.reasons
    released = files_of(published.folder.parent)
    for path, content in read.items():
        if path not in (FIRST, CONTENT):
            assert released[path] == content, path
    assert not reading_folder(office.workspace, PERIOD, 2).exists()


@pytest.mark.parametrize("has_moved", [False, True])
def test_a_copy_that_a_killed_publication_left_is_taken_away_by_the_next_writer(
    asked: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_moved: bool
) -> None:
    office = asked.copy(tmp_path / "copied" / "workspace")
    approve(office.workspace, office.door_of(APPROVER), period_of(office))
    folder = reading_folder(office.workspace, PERIOD, 2)
    with monkeypatch.context() as killed:
        # The commit stands; what follows it does not happen, or only the first half of it.
        killed.setattr("warehouse.versions.shutil.rmtree", lambda *_, **__: None)
        if not has_moved:
            killed.setattr("flows.release.publish.put_in_place", lambda *_: None)
        assert publish(office.workspace, office.door, period_of(office)).version == 2
    assert folder.is_dir()
    office.consolidate()
    assert not folder.exists()
    assert version_folder(office.workspace, PERIOD, 2).is_dir()


@pytest.mark.parametrize(
    "name", [FIRST, "official/report.xlsx", "official/data/indicators.csv", CONTENT, "added", "gone"]
)
def test_a_draft_changed_after_the_request_is_not_approved_and_the_file_is_named(
    asked: Office, tmp_path: Path, name: str
) -> None:
    office = asked.copy(tmp_path / "copied" / "workspace")
    folder = reading_folder(office.workspace, PERIOD, 2)
    if name == "gone":
        (folder / "official" / "gate.json").unlink()
    else:
        (folder / name).write_bytes((folder / name).read_bytes() + b" " if name != "added" else b"17")
    with pytest.raises(NotAllowedError, match="is not what was asked for") as refused:
        approve(office.workspace, office.door_of(APPROVER), period_of(office))
    assert ("gate.json" if name == "gone" else name) in str(refused.value)
    assert isinstance(office.ledger.entries[-1].events[0], ActionRefused)
    assert [one.state for one in versions(office.ledger.entries, PERIOD)] == ["published", "requested"]
    assert ask(office, "bổ sung hồ sơ").is_new is False
    approve(office.workspace, office.door_of(APPROVER), period_of(office))


def test_nothing_waits_where_nobody_asked(office: Office) -> None:
    with pytest.raises(MisuseError, match="motcua release request"):
        what_waits(office.workspace, office.ledger.entries, PERIOD)

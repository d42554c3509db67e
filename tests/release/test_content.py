"""What is approved is what leaves: every file of both parts, by one hash that stands in request and approval."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from audit import releases
from audit.events import ReleaseApproved, ReleaseRequested
from flows.audits.verify import verify
from flows.entry.places import VERIFIER
from flows.release.decisions import approve, request
from flows.release.publish import publish
from releases.manifest import parse_manifest
from tests.keeping.test_erasure import ROW
from tests.support.commands import run
from tests.support.office import APPROVER, PERIOD, Office, log, small_plan

# What publishing adds, each checked by itself.
OWN = {
    "official": {"manifest.sha256", "manifest.sig", "content.sha256", "public_key.pem", "release.json", "ledger.jsonl",
                 "checkpoint.txt", "checkpoint.sig"},
    "open": {"manifest.sha256", "manifest.sig", "public_key.pem"},
}  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A small department whose release is asked for and approved."""
    folder = tmp_path_factory.mktemp("asked")
    office = Office.new(folder, small_plan(folder / "plan"))
    office.take(log("\n".join(ROW.replace("-0001", f"-{number:04}") for number in range(1, 31))))
    office.consolidate()
    office.settle()
    office.appoint_approver()
    period = office.workspace.plan.period(PERIOD)
    done = request(office.workspace, office.door, period, "")
    assert done.is_new, done.reasons
    approve(office.workspace, office.door_of(APPROVER), period)
    return office


@pytest.fixture
def office(asked: Office, tmp_path: Path) -> Office:
    return asked.copy(tmp_path / "workspace")


def published(office: Office) -> Path:
    done = publish(office.workspace, office.door, office.workspace.plan.period(PERIOD))
    assert done.is_new, done.reasons
    return office.workspace.releases / PERIOD / "v1"


def test_the_approval_names_every_file_that_leaves(office: Office) -> None:
    version = published(office)
    listing = (version / "official" / "content.sha256").read_bytes()
    events = [event for entry in office.ledger.entries for event in entry.events]
    said = [event.content_sha256 for event in events if isinstance(event, ReleaseRequested | ReleaseApproved)]
    assert said == [hashlib.sha256(listing).hexdigest()] * 2
    named = parse_manifest(listing)
    for part, own in OWN.items():
        files = {path.relative_to(version).as_posix(): path for path in (version / part).rglob("*") if path.is_file()}
        assert {name for name in files if name not in named} == {f"{part}/{name}" for name in own}
        for name, path in files.items():
            assert named.get(name) in (None, hashlib.sha256(path.read_bytes()).hexdigest()), name
    assert {"official/report.xlsx", "official/gate.json", "official/verify.py", "open/README.txt"} <= set(named)
    stated = json.loads((version / "official" / "release.json").read_bytes())
    assert (stated["approved_by"], stated["content_sha256"]) == (APPROVER, said[0])


@pytest.mark.parametrize("what", ["the verifier", "the workbook", "the open part"])
def test_what_differs_from_what_was_approved_is_not_published(
    office: Office, what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The data are the same to the byte; the program that writes what goes with them is another."""
    with monkeypatch.context() as changed:
        if what == "the verifier":
            (tmp_path / "verify.py").write_bytes(b"print('The release holds')\n")
            changed.setattr("flows.release.content.VERIFIER", tmp_path / "verify.py")
        elif what == "the workbook":
            changed.setattr("flows.release.content.report_workbook", lambda _: b"PK another workbook")
        else:
            changed.setattr("flows.release.open_part.readme_bytes", lambda *_: b"another account\n")
        refused = publish(office.workspace, office.door, office.workspace.plan.period(PERIOD))
    assert (refused.is_new, refused.version) == (False, None)
    [reason] = refused.reasons
    assert "no longer those that were asked for" in reason
    assert list(office.workspace.releases.rglob("*.xlsx")) == []
    published(office)


@pytest.mark.parametrize("name", ["official/report.xlsx", "open/README.txt"])
def test_a_file_exchanged_after_the_approval_and_signed_anew_is_named(office: Office, name: str) -> None:
    version = published(office)
    path = version / name
    path.write_bytes(path.read_bytes() + b"\n")
    problems = "\n".join(verify(office.workspace).problems)
    shown = name.removeprefix("official/").replace("open/", "../open/")
    assert f"{shown}: không phải tệp đã duyệt / is not the file that was approved" in problems


def checked(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(folder)], capture_output=True, check=False, text=True
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", ["manifest.sha256", "manifest.sig", "public_key.pem"])
def test_what_seals_the_open_part_is_checked_with_the_official_one(office: Office, name: str) -> None:
    version = published(office)
    assert checked(version / "official")[0] == 0
    path = version / "open" / name
    path.write_bytes(path.read_bytes().replace(b"A", b"B").replace(b"0", b"1") + b"17")
    status, said = checked(version / "official")
    assert (status, f"FAILED  ../open/{name}" in said) == (1, True), said
    path.unlink()
    assert f"FAILED  ../open/{name}" in checked(version / "official")[1]


@pytest.mark.parametrize("where", ["gone", "elsewhere"])
def test_an_open_part_that_does_not_lie_beside_the_official_one_is_not_checked_and_said(
    office: Office, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    version = published(office)
    official = version / "official"
    if where == "gone":
        shutil.rmtree(version / "open")
    else:
        official = official.rename(tmp_path / "nhan-duoc")
    status, said = checked(official)
    assert (status, "NOT CHECKED  open/: " in said) == (3, True), said
    shown = run(["verify", str(official)], monkeypatch, capsys)
    assert (shown.status, "NOT CHECKED open/: " in " ".join(shown.output.split())) == (0, True), shown


@pytest.mark.parametrize(
    ("what", "said"), [("open", "is an open part"), ("", "name its official part"), ("official/data", "is no release")]
)
def test_a_folder_that_is_no_official_part_is_one_sentence(
    office: Office, what: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = published(office) / what
    status, output = checked(folder)
    assert (status, len(output.splitlines()), said in output) == (2, 1, True), output
    shown = run(["verify", str(folder)], monkeypatch, capsys)
    assert (shown.status, len(shown.errors.splitlines()), said in shown.errors) == (2, 1, True), shown


def test_asking_again_for_the_same_says_nothing_and_for_other_files_asks_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    period, size = office.workspace.plan.period(PERIOD), office.ledger.size
    assert not request(office.workspace, office.door, period, "").is_new
    assert office.ledger.size == size
    monkeypatch.setattr("flows.release.content.report_workbook", lambda _: b"PK another workbook")
    assert request(office.workspace, office.door, period, "").is_new
    waiting = releases.asked_for(office.ledger.entries, PERIOD)
    assert waiting is not None
    assert waiting.state == "requested", "what was approved is not what is asked for now"

"""Publishing writes a version once, another beside it when something changed, and nothing that names a person."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from demo.people import APPROVER
from flows.intake.submission import withdraw
from flows.intake.submissions import submissions
from sql.datasets import published_datasets
from tests.support.office import PERIOD, Office, small_plan
from tests.support.people import FOUNDER, fd_in, signing
from warehouse.vault import name_of

DATASETS = tuple(dataset.name for dataset in published_datasets())
NAMES = {
    "report.xlsx", "release.json", "datapackage.json", "gate.json", "content.sha256", "ledger.jsonl", "checkpoint.txt", "checkpoint.sig",
    "public_key.pem", "verify.py", "manifest.sha256",
    "manifest.sig",
} | {f"data/{name}.{kind}" for name in DATASETS for kind in ("csv", "parquet")}  # fmt: skip


def official(office: Office, version: int) -> Path:
    return office.workspace.releases / PERIOD / f"v{version}" / "official"


def hashes(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def texts(folder: Path) -> dict[str, str]:
    """Return everything that can be read in a release: workbooks unzipped, Parquet as its rows."""
    found = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".parquet":
            found[name] = str(pq.read_table(io.BytesIO(content)).to_pylist())
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as parts:
                found[name] = "".join(parts.read(part).decode("utf-8", "replace") for part in parts.namelist())
        else:
            found[name] = content.decode("utf-8", "replace")
    return found


def test_the_demos_first_version_has_every_file_and_its_manifest_fits(shared_demo: Office) -> None:
    folder = official(shared_demo, 1)
    held = hashes(folder)
    assert set(held) == NAMES
    lines = (folder / "manifest.sha256").read_text("utf-8").splitlines()
    assert {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines} == {
        name: sha256 for name, sha256 in held.items() if name not in ("manifest.sha256", "manifest.sig")
    }
    assert [path.name for path in (shared_demo.workspace.releases / PERIOD).iterdir()] == ["v1"]
    event = shared_demo.ledger.entries[-1].events[0].model_dump()
    assert (event["version"], event["manifest_sha256"]) == (1, held["manifest.sha256"])
    assert event["approved_by"] == APPROVER


def test_the_released_figures_are_those_of_the_consolidation(shared_demo: Office) -> None:
    folder = official(shared_demo, 1)
    form = pq.read_table(folder / "data" / "form_ii06a.parquet").to_pylist()
    totals = shared_demo.totals()
    assert {name: sum(row[name] for row in form) for name in totals} == totals
    assert totals["received_total"] > 350
    rows = (folder / "data" / "form_ii06a.csv").read_bytes()
    assert rows.startswith(b"\xef\xbb\xbf")
    assert len(rows.splitlines()) == len(form) + 1
    printed = {
        cell.value for sheet in load_workbook(folder / "report.xlsx") for row in sheet.iter_rows() for cell in row
    }
    assert set(totals.values()) - {0, totals["withdrawn"], totals["waiting"]} <= printed


def test_publishing_again_unchanged_writes_nothing(demo: Office) -> None:
    before = hashes(demo.workspace.root)
    assert not demo.consolidate().is_new
    again = demo.publish()
    assert (again.version, again.is_new, again.reasons) == (1, False, ())
    assert again.folder == official(demo, 1)
    after = hashes(demo.workspace.root)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= {"ledger.lock"}


def test_a_changed_input_gives_v2_beside_an_untouched_v1(demo: Office) -> None:
    first = hashes(official(demo, 1))
    report = next(
        one.taken
        for one in submissions(demo.ledger.entries)
        if one.is_in_force
        and one.taken.kind == "unit_report"
        and one.taken.unit_code == "NHNT"
        and one.taken.report_type == "cchc"
    )
    withdraw(demo.workspace, demo.door, report.number, "đơn vị gửi nhầm")
    outdated = demo.publish()
    assert (outdated.is_new, outdated.version) == (False, None)
    assert "older than the data" in outdated.reasons[0]
    demo.consolidate()
    refused = demo.publish()
    assert [reason for reason in refused.reasons if "NHNT" in reason and "neither received nor waived" in reason]
    demo.waive("P003", "NHNT")
    second = demo.publish()
    assert (second.version, second.is_new, second.reasons) == (2, True, ())
    assert hashes(official(demo, 1)) == first
    assert set(hashes(official(demo, 2))) == NAMES | {"changes.csv"}
    states = {
        version: {
            row["state"]
            for row in pq.read_table(official(demo, version) / "data" / "reporting.parquet").to_pylist()
            if (row["unit_code"], row["report_type"]) == ("NHNT", "cchc")
        }
        for version in (1, 2)
    }
    # What came before it had been rejected: that is what is left of the unit's report.
    assert states == {1: {"on_time"}, 2: {"rejected"}}
    assert (
        (official(demo, 2) / "ledger.jsonl").read_bytes().startswith((official(demo, 1) / "ledger.jsonl").read_bytes())
    )
    assert demo.publish().is_new is False


def test_a_release_verifies_itself_without_any_package(shared_demo: Office) -> None:
    script = official(shared_demo, 1) / "verify.py"
    done = subprocess.run([sys.executable, "-I", "-S", str(script)], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


def test_a_period_that_was_not_consolidated_is_refused(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    refused = office.publish()
    assert (refused.version, refused.is_new) == (None, False)
    assert "has not been consolidated" in refused.reasons[0]
    command = [sys.executable, "-m", "motcua", "publish", PERIOD, "--actor", "Người Dùng Giả Định 01"]
    with signing(FOUNDER) as environment:
        done = subprocess.run(
            [*command, "-w", str(office.workspace.root)],
            cwd=Path(__file__).parents[2],
            env=os.environ | environment,
            pass_fds=fd_in(environment),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "motcua consolidate" in re.sub(r"\s+", " ", done.stdout)
    assert "Traceback" not in done.stdout + done.stderr
    assert list(office.workspace.releases.iterdir()) == []


def test_nothing_released_names_a_dossier_or_an_applicant(shared_demo: Office) -> None:
    office = shared_demo
    codes = {str(row["dossier_code"]) for row in office.table("dossier_state")}
    assert len(codes) > 350
    log = next(one.taken for one in submissions(office.ledger.entries) if one.taken.kind == "dossier_log")
    files = [file for entry in office.ledger.entries for file in entry.files if "/dossier_row/" in file.path]
    keys = {
        row["applicant_key"] for file in files for row in pq.read_table(office.workspace.root / file.path).to_pylist()
    }
    people = {f"Nghiệm {number:03d}" for number in range(3, 400)}
    phones = {f"0000 {number:06d}" for number in range(1, 400)}
    secrets = (
        codes | people | phones | {str(key) for key in keys if key} | {str(name_of(office.workspace, log.file_sha256))}
    )
    for name, text in texts(official(office, 1)).items():
        assert [secret for secret in secrets if secret in text] == [], name


def test_the_gates_results_hold_counts_and_no_value_of_a_row(shared_demo: Office) -> None:
    document = json.loads((official(shared_demo, 1) / "gate.json").read_text("utf-8"))
    assert (document["success"], document["reasons"]) == (True, [])
    tables = {result["table"] for result in document["results"]}
    assert tables == {
        "form_checks", "form_ii06a", "indicators", "period_checks", "reporting", "share_checks", "targets"
    }  # fmt: skip
    allowed = {"element_count", "unexpected_count", "unexpected_percent", "missing_count", "observed_value"}
    for result in document["results"]:
        assert set(result["result"]) <= allowed
        assert all(re.fullmatch(r"[\d.]+|None", str(value)) for value in result["result"].values()), result


@pytest.mark.parametrize("name", DATASETS)
def test_csv_and_parquet_of_a_dataset_have_the_same_shape(shared_demo: Office, name: str) -> None:
    folder = official(shared_demo, 1) / "data"
    table = pq.read_table(folder / f"{name}.parquet")
    header = (folder / f"{name}.csv").read_text("utf-8-sig").splitlines()[0]
    assert header.split(",") == table.column_names
    described = json.loads((folder.parent / "datapackage.json").read_text("utf-8"))
    listed = {
        resource["path"] if isinstance(resource["path"], str) else resource["path"][0]
        for resource in described["resources"]
    }
    assert f"data/{name}.csv" in listed

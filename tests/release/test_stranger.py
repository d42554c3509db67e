"""verify.py needs nothing but Python, passes a sound release, and names the place of every tampering."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from audit.checkpoint import checkpoint_text, new_key_pem, public_key_pem, sign
from releases.datasets import ColumnNote, Dataset, csv_bytes, datapackage_bytes, parquet_bytes
from releases.manifest import manifest_bytes, sha256_hex, write_release

VERIFY = Path(__file__).parents[2] / "releases" / "verify.py"
OFFICIAL = (
    "report.xlsx", "data/form.csv", "data/form.parquet", "data/reporting.csv", "data/reporting.parquet",
    "release.json", "datapackage.json", "gate.json", "content.sha256", "ledger.jsonl",
    "checkpoint.txt", "checkpoint.sig", "public_key.pem", "verify.py", "manifest.sha256", "manifest.sig",
)  # fmt: skip

KEY = new_key_pem(b"\x01" * 32)


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


ASKED_BY, APPROVED_BY = "Người Thử Nghiệm 017", "Người Thử Nghiệm 018"
Row = dict[str, object]
# Who owed what: one report came, one is waived.
REPORTING: list[Row] = [
    {"report_type": "cchc", "unit_code": "BT", "state": "on_time", "submission": "S-0001"},
    {"report_type": "cchc", "unit_code": "TV", "state": "missing", "submission": None},
]


def ledger_lines(commits: list[tuple[str, list[Row]]], skipped: int = 0) -> list[bytes]:
    """Chain commits (actor, events); one that is skipped leaves its number out and the chain whole."""
    lines: list[bytes] = []
    for seq, (actor, events) in enumerate(commits, start=1):
        if seq != skipped:
            previous = hashlib.sha256(lines[-1]).hexdigest() if lines else "0" * 64
            entry = {"seq": seq, "previous": previous, "kind": "intake", "actor": actor, "events": events}
            lines.append(canonical(entry))
    return lines


Data = tuple[list[Dataset], dict[str, bytes]]


def approved_files(made: Data) -> dict[str, bytes]:
    """Return what a release of these data says when it is asked for."""
    datasets, data = made
    hashes = {path: (len(content), sha256_hex(content)) for path, content in data.items()}
    return {
        **data,
        "report.xlsx": b"PK workbook",
        "datapackage.json": datapackage_bytes("q1", "Q1", "1", datetime(2022, 3, 16, tzinfo=UTC), datasets, hashes),
        "gate.json": b'{"success": true}\n',
        "verify.py": VERIFY.read_bytes(),
    }


def listing(made: Data, opened: dict[str, bytes] | None = None) -> bytes:
    files = {f"official/{path}": content for path, content in approved_files(made).items()}
    files |= {f"open/{path}": content for path, content in (opened or {}).items()}
    return manifest_bytes({path: sha256_hex(content) for path, content in files.items()})


def request_of(
    made: Data, version: int, approver: str = APPROVED_BY, opened: dict[str, bytes] | None = None
) -> list[tuple[str, list[Row]]]:
    said = sha256_hex(manifest_bytes({name: sha256_hex(content) for name, content in made[1].items()}))
    about: Row = {"period": "2022-Q1", "version": version, "datasets_sha256": said}
    about["content_sha256"] = sha256_hex(listing(made, opened))
    expected = ["cchc/BT", "cchc/TV"]
    return [
        (ASKED_BY, [{"event": "release_requested", "expected_reports": expected, **about}]),
        (approver, [{"event": "release_approved", **about}]),
    ]


BEGINNING: list[tuple[str, list[Row]]] = [
    (ASKED_BY, [{"event": "workspace_created", "signing_public_key": public_key_pem(KEY).decode()}]),
    (ASKED_BY, [{"event": "submission_taken", "number": "S-0001"},
                {"event": "person_appointed", "name": APPROVED_BY, "role": "approver"}]),
    (APPROVED_BY, [{"event": "waiver_granted", "number": "W-0001", "rule_id": "P001", "unit_code": "TV",
                    "period": "2022-Q1"}]),
]  # fmt: skip


def data_files(rows: list[Row], count: int = 533) -> Data:
    notes = (ColumnNote("count", "Số hồ sơ", "Dossiers received."),)
    form = Dataset("form", "Biểu", "Form", "One row a field.", notes, pa.table({"count": [count, 46]}))
    columns = tuple(ColumnNote(name, name, name) for name in REPORTING[0])
    schema = pa.schema([(name, pa.string()) for name in REPORTING[0]])
    table = pa.Table.from_pylist(rows, schema=schema)
    reporting = Dataset("reporting", "Báo cáo", "Reporting", "One row a report.", columns, table)
    data = {one.csv_path: csv_bytes(one.table) for one in (form, reporting)}
    data |= {one.parquet_path: parquet_bytes(one.table) for one in (form, reporting)}
    return [form, reporting], data


def ledger_of(size: int, skipped: int = 0) -> bytes:
    """The ledger of the sound release, with more commits after it where `size` asks for them."""
    commits = [*BEGINNING, *request_of(data_files(REPORTING), 1)]
    commits += [(ASKED_BY, []) for _ in range(size - len(commits))]
    return b"\n".join(ledger_lines(commits, skipped)) + b"\n"


def official_files(
    commits: list[tuple[str, list[Row]]] | None = None,
    rows: list[Row] = REPORTING,
    version: int = 1,
    count: int = 533,
    opened: dict[str, bytes] | None = None,
) -> dict[str, bytes]:
    made = data_files(rows, count)
    chained = ledger_lines(commits if commits is not None else [*BEGINNING, *request_of(made, version, opened=opened)])
    ledger, key = b"\n".join(chained) + b"\n", KEY
    checkpoint = checkpoint_text("motcua.example", len(chained), sha256_hex(chained[-1]))
    return {
        **approved_files(made),
        "content.sha256": listing(made, opened),
        "release.json": canonical({"period": "2022-Q1", "version": version}),
        "ledger.jsonl": ledger,
        "checkpoint.txt": checkpoint,
        "checkpoint.sig": sign(key, checkpoint),
        "public_key.pem": public_key_pem(key),
    }


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "2022-Q1" / "v1" / "official"
    write_release(folder, official_files(), sign=lambda content: sign(KEY, content))
    return folder


def verify(folder: Path, *, script: Path = VERIFY) -> tuple[int, str]:
    """Run the project's verify.py on a folder with no package in reach: a copy may be what was tampered with."""
    command = [sys.executable, "-I", "-S", str(script), str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode()


def failures(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("SAI / FAILED")]


def seal(folder: Path) -> None:
    """Write a manifest that fits whatever the folder now holds and sign it, as a forger with the key could."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("manifest.")]
    hashes = {path.relative_to(folder).as_posix(): sha256_hex(path.read_bytes()) for path in paths}
    manifest = manifest_bytes(hashes)
    (folder / "manifest.sha256").write_bytes(manifest)
    (folder / "manifest.sig").write_bytes(sign(KEY, manifest))


def test_a_manifest_made_anew_without_the_key_is_found(release: Path) -> None:
    signature = (release / "manifest.sig").read_bytes()
    (release / "report.xlsx").write_bytes(b"PK another workbook")
    seal(release)
    (release / "manifest.sig").write_bytes(signature)
    status, output = verify(release)
    assert status == 1
    assert [line for line in failures(output) if "manifest.sig" in line]


def test_a_sound_release_holds(release: Path) -> None:
    status, output = verify(release)
    assert status == 0, output
    assert failures(output) == []
    assert "openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin -in checkpoint.txt" in output


def test_the_released_copy_checks_its_own_folder(release: Path) -> None:
    done = subprocess.run([sys.executable, "-I", "-S", str(release / "verify.py")], capture_output=True, check=False)
    assert done.returncode == 0
    assert sorted(path.name for path in release.iterdir()) == sorted({name.split("/")[0] for name in OFFICIAL})


@pytest.mark.parametrize("name", OFFICIAL)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_flipped_bit_is_found_and_its_file_named(release: Path, name: str, place: str) -> None:
    content = bytearray((release / name).read_bytes())
    content[{"first": 0, "middle": len(content) // 2, "last": -1}[place]] ^= 1
    (release / name).write_bytes(content)
    status, output = verify(release)
    assert status == 1
    assert any(name in line for line in failures(output)), output


@pytest.mark.parametrize("name", OFFICIAL)
def test_a_missing_file_is_named(release: Path, name: str) -> None:
    (release / name).unlink()
    status, output = verify(release)
    assert status == 1
    assert any(name in line and "missing" in line for line in failures(output)), output


def test_an_extra_file_is_named(release: Path) -> None:
    (release / "data" / "bổ sung.csv").write_bytes(b"n\r\n")
    status, output = verify(release)
    assert status == 1
    assert any("data/bổ sung.csv" in line for line in failures(output))


@pytest.mark.parametrize("name", ["gate.json", "report.xlsx"])
def test_a_link_in_place_of_a_file_is_named(release: Path, tmp_path: Path, name: str) -> None:
    (release / name).rename(tmp_path / name)
    (release / name).symlink_to(tmp_path / name)
    status, output = verify(release)
    assert status == 1
    assert any(name in line for line in failures(output))


def without_line(number: int) -> Callable[[bytes], bytes]:
    def cut(content: bytes) -> bytes:
        lines = content.split(b"\n")
        return b"\n".join(lines[: number - 1] + lines[number:])

    return cut


def spaced(content: bytes) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join([lines[0], lines[1].replace(b",", b", "), *lines[2:]])


LEDGER_FORGERIES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "first line removed": (without_line(1), "ledger.jsonl, dòng 1"),
    "middle line removed": (without_line(3), "ledger.jsonl, dòng 3"),
    "last line removed": (without_line(5), "checkpoint.txt"),
    "actor changed": (lambda content: content.replace(b"017", b"018", 1), "ledger.jsonl, dòng 1"),
    "not canonical": (spaced, "ledger.jsonl, dòng 2"),
    "torn": (lambda content: content[:-1], "ledger.jsonl"),
    "no text": (lambda content: b"\xff\xfe\n", "ledger.jsonl, dòng 1"),
}


@pytest.mark.parametrize("forgery", LEDGER_FORGERIES)
def test_a_forged_ledger_is_found_even_under_a_new_manifest(release: Path, forgery: str) -> None:
    change, place = LEDGER_FORGERIES[forgery]
    path = release / "ledger.jsonl"
    path.write_bytes(change(path.read_bytes()))
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert any(place in line for line in failures(output)), output


def test_a_changed_head_is_found_even_under_a_new_manifest(release: Path) -> None:
    (release / "checkpoint.txt").write_bytes(checkpoint_text("motcua.example", 5, "a" * 64))
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert any("checkpoint.txt: head" in line for line in failures(output))


def test_a_longer_ledger_than_was_signed_is_found(release: Path) -> None:
    (release / "ledger.jsonl").write_bytes(ledger_of(6))
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert any("checkpoint.txt: size" in line for line in failures(output))
    assert any("ledger.jsonl, dòng 6: chưa ký" in line for line in failures(output))


def test_a_ledger_chained_anew_without_a_commit_is_found(release: Path) -> None:
    (release / "ledger.jsonl").write_bytes(ledger_of(6, skipped=3))
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert any("ledger.jsonl, dòng 3: seq" in line for line in failures(output))


@pytest.mark.parametrize("gate", [b'{"success": false}', b'{"success": "true"}', b"{}", b"[]", b"no"])
def test_a_gate_that_did_not_say_yes_is_found(release: Path, gate: bytes) -> None:
    (release / "gate.json").write_bytes(gate)
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert [line for line in failures(output) if "gate.json" in line] == failures(output)


def test_data_that_differ_from_their_description_are_found(release: Path) -> None:
    (release / "data" / "form.csv").write_bytes(b"\xef\xbb\xbfcount\r\n999\r\n46\r\n")
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert any("data/form.csv" in line and "sha256" in line for line in failures(output))


@pytest.mark.parametrize("is_file_kept", [True, False])
def test_a_csv_described_without_its_parquet_is_found(release: Path, is_file_kept: bool) -> None:
    package = json.loads((release / "datapackage.json").read_bytes())
    package["resources"] = [one for one in package["resources"] if one["path"] != "data/form.parquet"]
    (release / "datapackage.json").write_bytes(canonical(package))
    if not is_file_kept:
        (release / "data" / "form.parquet").unlink()
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert any("data/form.parquet" in line for line in failures(output))


def test_a_checkpoint_signed_by_another_key_is_found(release: Path) -> None:
    (release / "checkpoint.sig").write_bytes(sign(new_key_pem(b"\x02" * 32), (release / "checkpoint.txt").read_bytes()))
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert any("checkpoint.sig" in line for line in failures(output))


@pytest.mark.parametrize("name", ["manifest.sig", "checkpoint.sig"])
def test_signatures_are_checked_with_no_program_but_python(release: Path, tmp_path: Path, name: str) -> None:
    command = [sys.executable, "-I", "-S", str(VERIFY), str(release)]
    done = subprocess.run(command, capture_output=True, check=False, env={"PATH": str(tmp_path)})
    assert done.returncode == 0, done.stdout.decode()
    (release / name).write_bytes(bytes(64))
    done = subprocess.run(command, capture_output=True, check=False, env={"PATH": str(tmp_path)})
    assert done.returncode == 1
    assert any(f"{name}: chữ ký không khớp" in line for line in failures(done.stdout.decode()))


def test_a_key_that_the_ledger_does_not_name_is_found(tmp_path: Path) -> None:
    """A forger who signs everything with a key of their own, and puts it beside."""
    other = new_key_pem(b"\x02" * 32)
    files = official_files() | {"public_key.pem": public_key_pem(other)}
    files["checkpoint.sig"] = sign(other, files["checkpoint.txt"])
    write_release(tmp_path / "copy", files, sign=lambda content: sign(other, content))
    status, output = verify(tmp_path / "copy")
    assert status == 1
    assert [line for line in failures(output) if "public_key.pem: không phải khóa mà sổ cái ghi" in line]


@pytest.mark.parametrize("name", ["report.xlsx", "gate.json", "datapackage.json", "verify.py", "data/form.csv"])
def test_a_file_that_was_exchanged_after_its_approval_is_named_though_all_is_signed_anew(
    release: Path, name: str
) -> None:
    (release / name).write_bytes((release / name).read_bytes() + b"\n")
    seal(release)
    status, output = verify(release)
    assert status == 1
    assert any(f"{name}: không phải tệp đã duyệt" in line for line in failures(output)), output


def test_a_file_that_nobody_approved_is_named_though_all_is_signed_anew(release: Path) -> None:
    (release / "thu-ngo.txt").write_bytes(b"17\n")
    seal(release)
    assert any("thu-ngo.txt: không ai duyệt" in line for line in failures(verify(release)[1]))


def test_a_list_of_other_files_than_were_approved_is_named(release: Path) -> None:
    (release / "report.xlsx").write_bytes(b"PK another")
    lines = (
        (release / "content.sha256")
        .read_bytes()
        .replace(sha256_hex(b"PK workbook").encode(), sha256_hex(b"PK another").encode())
    )
    (release / "content.sha256").write_bytes(lines)
    seal(release)
    assert any("content.sha256: không phải nội dung đã duyệt" in line for line in failures(verify(release)[1]))


def test_an_open_part_that_was_exchanged_after_its_approval_is_named(tmp_path: Path) -> None:
    version, opened = tmp_path / "2022-Q1" / "v1", {"README.txt": b"17\n"}
    write(version / "official", official_files(opened=opened))
    write(version / "open", opened | {"public_key.pem": public_key_pem(KEY)})
    assert verify(version / "official")[0] == 0, verify(version / "official")[1]
    (version / "open" / "README.txt").write_bytes(b"18\n")
    assert any("../open/README.txt: không phải tệp đã duyệt" in line
               for line in failures(verify(version / "official")[1]))  # fmt: skip


def test_what_a_release_of_before_does_not_say_is_not_checked_and_its_status_says_so(tmp_path: Path) -> None:
    commits = [*BEGINNING, *request_of(data_files(REPORTING), 1)]
    for _, events in commits[-2:]:
        del events[0]["content_sha256"]
    commits[0] = (ASKED_BY, [{"event": "workspace_created"}])
    files = official_files(commits)
    del files["content.sha256"]
    status, output = verify(write(tmp_path / "copy", files))
    assert (status, failures(output)) == (3, []), output
    assert output.count("CHƯA KIỂM TRA / NOT CHECKED") == 2
    assert "2 could NOT be checked" in output.splitlines()[-1]


@pytest.mark.parametrize("arguments", [["a", "b"], ["--all"], ["no/such/folder"]])
def test_wrong_usage_has_its_own_status(arguments: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(VERIFY), *arguments]
    assert subprocess.run(command, capture_output=True, check=False, cwd=tmp_path).returncode == 2


def published(version: int, commits: list[tuple[str, list[Row]]]) -> tuple[str, list[Row]]:
    """Return the commit by which a version was published, after these."""
    lines = ledger_lines(commits)
    about: Row = {"period": "2022-Q1", "version": version, "ledger_size": len(lines)}
    return ASKED_BY, [{"event": "release_published", "ledger_head": sha256_hex(lines[-1]), **about}]


def write(folder: Path, files: dict[str, bytes]) -> Path:
    write_release(folder, files, sign=lambda content: sign(KEY, content))
    return folder


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """Two versions beside each other, as a department keeps them; the second restates the first."""
    first = [*BEGINNING, *request_of(data_files(REPORTING), 1)]
    second = [*first, published(1, first), *request_of(data_files(REPORTING, 540), 2)]
    root = tmp_path / "releases" / "2022-Q1"
    return (
        write(root / "v1" / "official", official_files(first)),
        write(root / "v2" / "official", official_files(second, version=2, count=540)),
    )


def test_two_versions_beside_each_other_hold(both: tuple[Path, Path]) -> None:
    for folder in both:
        assert verify(folder) == (0, verify(folder)[1]), verify(folder)[1]


def test_an_older_release_in_place_of_the_newer_is_named(both: tuple[Path, Path]) -> None:
    first, second = both
    shutil.rmtree(second)
    shutil.copytree(first, second)
    status, output = verify(second)
    assert status == 1
    assert any("is 2022-Q1 v1, in place of 2022-Q1/v2" in line for line in failures(output)), output


def test_a_version_in_place_of_another_period_is_named_and_a_copy_elsewhere_holds(
    both: tuple[Path, Path], tmp_path: Path
) -> None:
    first, _ = both
    for place in ("usb/v1/official", "mail/v7/official", "official", "tai-ve/2022-Q1-v1"):
        copied = tmp_path / place
        shutil.copytree(first, copied)
        assert verify(copied)[0] == 0, verify(copied)[1]
    other = first.parents[2] / "2022-H1" / "v1" / "official"
    shutil.copytree(first, other)
    assert any("is 2022-Q1 v1, in place of 2022-H1/v1" in line for line in failures(verify(other)[1]))


def test_a_release_that_does_not_extend_the_one_before_is_named(both: tuple[Path, Path]) -> None:
    first, second = both
    other = [*BEGINNING[:1], (APPROVED_BY, []), *BEGINNING[1:]]
    other += request_of(data_files(REPORTING), 1)
    other = [*other, published(1, other), *request_of(data_files(REPORTING, 540), 2)]
    shutil.rmtree(second)
    write(second, official_files(other, version=2, count=540))
    status, output = verify(second)
    assert status == 1
    assert any(line.endswith("v1: sổ cái không cùng một dòng / its ledger and this one are not one record")
               for line in failures(output)), output  # fmt: skip
    assert first.is_dir()


def test_a_head_replaced_in_the_record_of_the_release_before_is_named(tmp_path: Path) -> None:
    first = [*BEGINNING, *request_of(data_files(REPORTING), 1)]
    actor, [event] = published(1, first)
    forged = [*first, (actor, [{**event, "ledger_head": "a" * 64}]), *request_of(data_files(REPORTING, 540), 2)]
    folder = write(tmp_path / "copy", official_files(forged, version=2, count=540))
    assert any("does not extend the ledger of 2022-Q1 v1" in line for line in failures(verify(folder)[1]))


def test_a_version_that_is_left_out_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "copy", official_files(version=2))
    assert any("2022-Q1 v1 is left out" in line for line in failures(verify(folder)[1]))


def test_data_that_nobody_approved_are_named(tmp_path: Path) -> None:
    approved = [*BEGINNING, *request_of(data_files(REPORTING), 1)]
    folder = write(tmp_path / "copy", official_files(approved, count=999))
    assert any("are not the data that were approved" in line for line in failures(verify(folder)[1]))


@pytest.mark.parametrize("number", [-2, -1], ids=["asked for", "approved"])
def test_data_that_were_asked_for_or_approved_otherwise_are_named(tmp_path: Path, number: int) -> None:
    """The files are those of the list that both name; the data alone are others in one of them."""
    commits = [*BEGINNING, *request_of(data_files(REPORTING), 1)]
    commits[number][1][0]["datasets_sha256"] = "17" * 32
    folder = write(tmp_path / "copy", official_files(commits))
    assert any("are not the data that were approved" in line for line in failures(verify(folder)[1]))


def test_a_waiver_of_another_period_accounts_for_no_report(tmp_path: Path) -> None:
    waived = {"event": "waiver_granted", "number": "W-0001", "rule_id": "P001", "unit_code": "TV", "period": "2022-Q2"}
    commits = [*BEGINNING[:2], (APPROVED_BY, [waived]), *request_of(data_files(REPORTING), 1)]
    output = verify(write(tmp_path / "copy", official_files(commits)))[1]
    assert any("cchc/TV: chưa nhận, chưa được chấp nhận thiếu" in line for line in failures(output)), output


@pytest.mark.parametrize(
    ("commits", "said"),
    [
        pytest.param(BEGINNING, "nobody asked for", id="not asked for"),
        pytest.param([*BEGINNING, request_of(data_files(REPORTING), 1)[0]], "was not approved", id="not approved"),
        pytest.param(
            [*BEGINNING, *request_of(data_files(REPORTING), 1, ASKED_BY)], "by the one who asked", id="two eyes"
        ),
    ],
)
def test_a_release_that_was_not_decided_by_two_people_is_named(
    tmp_path: Path, commits: list[tuple[str, list[Row]]], said: str
) -> None:
    folder = write(tmp_path / "copy", official_files(commits))
    assert any(said in line for line in failures(verify(folder)[1]))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param(REPORTING[:1], "expected report cchc/TV is left out", id="left out"),
        pytest.param(
            [REPORTING[0] | {"state": "missing", "submission": None}, REPORTING[1]],
            "cchc/BT: chưa nhận, chưa được chấp nhận thiếu", id="missing and not waived",
        ),
        pytest.param(
            [REPORTING[0] | {"submission": "S-0009"}, REPORTING[1]], "no such submission in the ledger", id="never came"
        ),
        pytest.param([REPORTING[0], REPORTING[1] | {"state": "rejected"}], "cchc/TV: chưa nhận", id="another rule"),
    ],
)  # fmt: skip
def test_an_expected_report_that_is_not_accounted_for_is_named(tmp_path: Path, rows: list[Row], said: str) -> None:
    folder = write(tmp_path / "copy", official_files(rows=rows))
    status, output = verify(folder)
    assert status == 1
    assert any(said in line for line in failures(output)), output


def test_a_withdrawn_submission_and_a_revoked_waiver_no_longer_account_for_a_report(tmp_path: Path) -> None:
    undone: list[Row] = [
        {"event": "submission_withdrawn", "number": "S-0001"},
        {"event": "waiver_revoked", "number": "W-0001"},
    ]
    commits = [*BEGINNING, (ASKED_BY, undone), *request_of(data_files(REPORTING), 1)]
    output = verify(write(tmp_path / "copy", official_files(commits)))[1]
    assert len([line for line in failures(output) if "data/reporting.csv" in line]) == 2


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        pytest.param(said, counts, id=said)
        for said, counts in (("", True), ("w", False), ("wr", True), ("wrw", False), ("wrwr", True), ("rw", False))
    ],
)
def test_whether_a_submission_accounts_for_a_report_is_what_was_said_of_it_last(
    tmp_path: Path, said: str, counts: bool
) -> None:
    kinds = {"w": "submission_withdrawn", "r": "submission_reinstated"}
    undone: list[Row] = [{"event": kinds[one], "number": "S-0001"} for one in said]
    commits = [*BEGINNING, *((ASKED_BY, [one]) for one in undone), *request_of(data_files(REPORTING), 1)]
    output = verify(write(tmp_path / "copy", official_files(commits)))[1]
    assert any("data/reporting.csv" in line for line in failures(output)) is not counts, output


def against(folder: Path, place: Path) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(VERIFY), str(folder), "--against", str(place)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode, done.stdout.decode()


def test_a_checkpoint_kept_elsewhere_catches_an_older_and_a_rewritten_ledger(
    both: tuple[Path, Path], tmp_path: Path
) -> None:
    first, second = both
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    for number, folder in enumerate(both, start=1):
        (kept / f"{number}.checkpoint").write_bytes((folder / "checkpoint.txt").read_bytes() + b"00\n")
    assert against(second, kept)[0] == 0
    status, output = against(first, kept)
    assert status == 1
    assert any("is older than 2.checkpoint" in line for line in failures(output))
    rewritten = write(tmp_path / "copy", official_files([*BEGINNING[:2], (ASKED_BY, []), *BEGINNING[2:],
                                                         *request_of(data_files(REPORTING), 1)]))  # fmt: skip
    assert any("is not the line of 1.checkpoint" in line for line in failures(against(rewritten, kept)[1]))
    assert against(second, tmp_path / "nowhere")[0] == 2
    origin, size, head = (second / "checkpoint.txt").read_text("utf-8").split()
    (tmp_path / "one.checkpoint").write_text(f"{origin}\n{int(size) + 1}\n{head}\n", "utf-8")
    assert any(
        "is older than one.checkpoint" in line for line in failures(against(second, tmp_path / "one.checkpoint")[1])
    )

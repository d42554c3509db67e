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

VERIFY = Path(__file__).parents[1] / "releases" / "verify.py"
OFFICIAL = (
    "report.xlsx", "data/form.csv", "data/form.parquet", "datapackage.json", "gate.json", "ledger.jsonl",
    "checkpoint.txt", "checkpoint.sig", "public_key.pem", "verify.py", "manifest.sha256", "manifest.sig",
)  # fmt: skip

KEY = new_key_pem(b"\x01" * 32)


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def ledger_of(size: int, skipped: int = 0) -> bytes:
    lines: list[bytes] = []
    for seq in (number for number in range(1, size + 1) if number != skipped):
        previous = hashlib.sha256(lines[-1]).hexdigest() if lines else "0" * 64
        lines.append(canonical({"seq": seq, "previous": previous, "kind": "intake", "actor": "Người Thử Nghiệm 017"}))
    return b"\n".join(lines) + b"\n"


def official_files() -> dict[str, bytes]:
    notes = (ColumnNote("count", "Số hồ sơ", "Dossiers received."),)
    dataset = Dataset("form", "Biểu", "Form", "One row a field.", notes, pa.table({"count": [533, 46]}))
    data = {dataset.csv_path: csv_bytes(dataset.table), dataset.parquet_path: parquet_bytes(dataset.table)}
    hashes = {path: (len(content), sha256_hex(content)) for path, content in data.items()}
    ledger, key = ledger_of(5), KEY
    checkpoint = checkpoint_text("motcua.example", 5, sha256_hex(ledger.split(b"\n")[4]))
    return {
        **data,
        "report.xlsx": b"PK workbook",
        "datapackage.json": datapackage_bytes("q1", "Q1", "1", datetime(2022, 3, 16, tzinfo=UTC), [dataset], hashes),
        "gate.json": b'{"success": true}\n',
        "ledger.jsonl": ledger,
        "checkpoint.txt": checkpoint,
        "checkpoint.sig": sign(key, checkpoint),
        "public_key.pem": public_key_pem(key),
        "verify.py": VERIFY.read_bytes(),
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


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
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
    assert "Signatures: " in output


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
    "actor changed": (lambda content: content.replace(b"017", b"018", 1), "ledger.jsonl, dòng 2"),
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
    package["resources"] = package["resources"][:1]
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
    if "not checked" in output:
        pytest.skip("no OpenSSL 3 on this machine")
    assert status == 1
    assert any("checkpoint.sig" in line for line in failures(output))


def test_without_openssl_it_says_that_the_signature_was_not_checked(release: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(VERIFY), str(release)]
    done = subprocess.run(command, capture_output=True, check=False, env={"PATH": str(tmp_path)})
    assert done.returncode == 0
    assert "not checked: openssl not found" in done.stdout.decode()


@pytest.mark.parametrize("arguments", [["a", "b"], ["--all"], ["no/such/folder"]])
def test_wrong_usage_has_its_own_status(arguments: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(VERIFY), *arguments]
    assert subprocess.run(command, capture_output=True, check=False, cwd=tmp_path).returncode == 2

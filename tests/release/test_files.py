"""A release's data files say exactly what the tables say, and its folder appears whole or not at all."""

import io
import json
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from releases.datasets import ColumnNote, Dataset, csv_bytes, datapackage_bytes, parquet_bytes
from releases.manifest import manifest_bytes, parse_manifest, sha256_hex, write_release

QUANTITY = pa.decimal128(18, 3)


def counts(values: list[int]) -> Dataset:
    notes = (ColumnNote("count", "Số hồ sơ", "Dossiers received in the period."),)
    return Dataset("form", "Biểu", "Form", "One row a field.", notes, pa.table({"count": pa.array(values, pa.int64())}))


def unsigned(content: bytes) -> bytes:
    return b"signed: " + content[:8]


def test_a_csv_is_exact_and_opens_in_excel() -> None:
    table = pa.table(
        {
            "name": pa.array(["Di sản, văn hóa", None, "", '"a"']),
            "count": pa.array([1, -2, 0, None], pa.int64()),
            "share": pa.array([Decimal("12.500"), Decimal("-0.001"), Decimal("0.000"), Decimal("1000.000")], QUANTITY),
            "day_on": pa.array([date(2022, 3, 14), None, None, None]),
            "at": pa.array([datetime(2022, 3, 14, 7, 5), None, None, None], pa.timestamp("us")),
            "is_met": pa.array([True, False, None, None]),
        }
    )
    assert (
        csv_bytes(table)
        == (
            "\ufeffname,count,share,day_on,at,is_met\r\n"
            '"Di sản, văn hóa",1,12.5,2022-03-14,2022-03-14T07:05:00,true\r\n'
            ",-2,-0.001,,,false\r\n"
            '"",0,0,,,\r\n'
            '"""a""",,1000,,,\r\n'
        ).encode()
    )


def test_a_large_or_tiny_decimal_is_written_without_exponent() -> None:
    wide = pa.table({"value": pa.array([Decimal("1E+20"), Decimal("1E-10")], pa.decimal128(38, 10))})
    assert csv_bytes(wide).decode("utf-8-sig").split("\r\n")[1:3] == ["100000000000000000000", "0.0000000001"]


def test_floating_point_numbers_are_refused() -> None:
    with pytest.raises(TypeError, match="share"):
        csv_bytes(pa.table({"share": [0.1]}))


def test_chunks_and_foreign_metadata_do_not_change_the_parquet() -> None:
    # Large enough for several pages: only then do the chunks show.
    size, step = 300_000, 7_777
    whole = pa.table({"name": [f"lĩnh vực {number}" for number in range(size)]})
    pieces = pa.concat_tables([whole.slice(start, step) for start in range(0, size, step)])
    pieces = pieces.replace_schema_metadata({"pandas": "x"})
    assert parquet_bytes(pieces) == parquet_bytes(whole)
    assert pq.read_table(io.BytesIO(parquet_bytes(pieces))).equals(whole)


def test_a_dataset_describes_every_column_of_its_table() -> None:
    with pytest.raises(ValueError, match="form"):
        Dataset("form", "Biểu", "Form", "", (), pa.table({"count": [1]}))


@pytest.mark.parametrize("name", ["../form", "Form", "", "a/b"])
def test_a_dataset_name_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="name of a dataset"):
        Dataset(name, "", "", "", (), pa.table({}))


def test_the_datapackage_states_type_size_and_hash() -> None:
    dataset = counts([1])
    hashes = {dataset.csv_path: (7, "a" * 64), dataset.parquet_path: (9, "b" * 64)}
    created = datetime(2022, 3, 16, 8, 30, tzinfo=UTC)
    content = datapackage_bytes("2022-q1", "Quý I", "1", created, [dataset], hashes)
    document = json.loads(content)
    csv, parquet = document["resources"]
    assert (csv["path"], csv["bytes"], csv["hash"]) == ("data/form.csv", 7, "sha256:" + "a" * 64)
    assert (parquet["path"], parquet["bytes"], parquet["hash"]) == ("data/form.parquet", 9, "sha256:" + "b" * 64)
    assert csv["schema"]["fields"] == [
        {"name": "count", "type": "integer", "title": "Số hồ sơ", "description": "Dossiers received in the period."}
    ]
    assert document["created"] == "2022-03-16T08:30:00Z"
    assert "Quý I" in content.decode()


def test_the_datapackage_is_refused_for_a_file_without_hash() -> None:
    with pytest.raises(KeyError):
        datapackage_bytes("q", "q", "1", datetime(2022, 3, 16), [counts([1])], {})


def test_the_manifest_reads_back_and_is_sorted() -> None:
    files = {"verify.py": "b" * 64, "data/form.csv": "a" * 64}
    content = manifest_bytes(files)
    assert content.decode() == "a" * 64 + "  data/form.csv\n" + "b" * 64 + "  verify.py\n"
    assert parse_manifest(content) == files


@pytest.mark.parametrize("path", ["../a", "/a", "a/../b", "a//b", "", "a\nb", "a\\b", "manifest.sha256", "./a"])
def test_a_path_that_leaves_the_release_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no path"):
        write_release(tmp_path / "v1", {path: b"x"}, sign=unsigned)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"x  a\n", b"a" * 64 + b"  a", b"a" * 64 + b" a\n", (b"a" * 64 + b"  a\n") * 2])
def test_a_malformed_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="manifest"):
        parse_manifest(content)


def test_a_release_appears_whole_with_its_manifest(tmp_path: Path) -> None:
    files = {"gate.json": b"{}", "data/form.csv": b"n\r\n1\r\n"}
    digest = write_release(tmp_path / "2022-Q1" / "v1", files, sign=unsigned)
    folder = tmp_path / "2022-Q1" / "v1"
    manifest = (folder / "manifest.sha256").read_bytes()
    assert digest == sha256_hex(manifest)
    assert parse_manifest(manifest) == {path: sha256_hex(content) for path, content in files.items()}
    assert {path: (folder / path).read_bytes() for path in files} == files
    assert [path.name for path in folder.parent.iterdir()] == ["v1"]


def test_an_existing_release_is_never_written_to(tmp_path: Path) -> None:
    write_release(tmp_path / "v1", {"a": b"1"}, sign=unsigned)
    with pytest.raises(FileExistsError):
        write_release(tmp_path / "v1", {"a": b"2"}, sign=unsigned)
    (tmp_path / "v2").mkdir()
    with pytest.raises(FileExistsError):
        write_release(tmp_path / "v2", {"a": b"2"}, sign=unsigned)
    assert (tmp_path / "v1" / "a").read_bytes() == b"1"


def test_what_an_interrupted_run_left_is_not_published(tmp_path: Path) -> None:
    leftover = tmp_path / ".v1.partial"
    leftover.mkdir()
    (leftover / "half.csv").write_bytes(b"half")
    write_release(tmp_path / "v1", {"a": b"1"}, sign=unsigned)
    assert sorted(path.name for path in (tmp_path / "v1").iterdir()) == ["a", "manifest.sha256", "manifest.sig"]


def test_a_release_that_fails_midway_does_not_appear(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=os.strerror(20) + "|" + os.strerror(17)):
        write_release(tmp_path / "v1", {"a": b"1", "a/b": b"2"}, sign=unsigned)
    assert not (tmp_path / "v1").exists()

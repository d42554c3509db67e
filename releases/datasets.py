"""What files does one published dataset consist of, and how are they described?

Each dataset is a tidy CSV for people and spreadsheets, the same table as Parquet for machines, and an entry of
`datapackage.json` (Data Package 2.0) that says what every column means. Nothing here rounds or recomputes.
"""

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.spreadsheet import safe_text

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_NEEDS_QUOTES = re.compile(r'[",;]|^ | $')
_BOM = "\ufeff"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_IsType = Callable[[pa.DataType], bool]
_FIELD_TYPES: tuple[tuple[_IsType, str], ...] = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_string, "string"),
    (pa.types.is_large_string, "string"),
)


@dataclass(frozen=True)
class ColumnNote:
    """What one column of a dataset means."""

    name: str
    title_vi: str
    description: str


@dataclass(frozen=True)
class Dataset:
    """One published table. `columns` describes every column of `table`, in its order.

    Raises ValueError where the name cannot be a file's name or the notes do not fit the table, TypeError for a column
    type that cannot be published exactly (floating-point numbers among them).
    """

    name: str
    title_vi: str
    title_en: str
    description: str
    columns: tuple[ColumnNote, ...]
    table: pa.Table

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be the name of a dataset")
        described = [note.name for note in self.columns]
        if described != self.table.column_names:
            raise ValueError(f"{self.name}: described {described}, in the table {self.table.column_names}")
        for field in self.table.schema:
            _field_type(field)

    @property
    def csv_path(self) -> str:
        """Path of the CSV inside the release."""
        return f"data/{self.name}.csv"

    @property
    def parquet_path(self) -> str:
        """Path of the Parquet file inside the release."""
        return f"data/{self.name}.parquet"


def csv_bytes(table: pa.Table) -> bytes:
    """Return the table as CSV: UTF-8 with BOM, CRLF, ISO dates, exact decimals, true/false, null as an empty cell.

    An empty text is written as "", so that it is not taken for null. Raises TypeError as `Dataset` does.
    """
    for field in table.schema:
        _field_type(field)
    lines = [",".join(_csv_cell(name) for name in table.column_names)]
    columns = [table.column(name).to_pylist() for name in table.column_names]
    lines.extend(",".join(_csv_cell(value) for value in row) for row in zip(*columns, strict=True))
    return (_BOM + "".join(f"{line}\r\n" for line in lines)).encode()


def parquet_bytes(table: pa.Table) -> bytes:
    """Return the table as Parquet (zstd), whatever chunks or foreign metadata it had in memory."""
    target = io.BytesIO()
    plain = table.replace_schema_metadata(None).combine_chunks()
    pq.write_table(plain, target, compression="zstd", version="2.6", row_group_size=1 << 20)
    return target.getvalue()


def datapackage_bytes(
    name: str,
    title: str,
    version: str,
    created: datetime,
    datasets: Sequence[Dataset],
    file_hashes: Mapping[str, tuple[int, str]],
) -> bytes:
    """Return `datapackage.json`; `file_hashes` has size in bytes and SHA-256 in hex of each data file, by its path.

    `created` without zone is taken as UTC. Raises KeyError for a file without size and hash, ValueError for two
    datasets of one name.
    """
    names = [dataset.name for dataset in datasets]
    if len(set(names)) != len(names):
        raise ValueError(f"two datasets have one name: {names}")
    moment = created.astimezone(UTC) if created.tzinfo else created
    document = {
        "$schema": _PROFILE,
        "name": name,
        "title": title,
        "version": version,
        "created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": [
            resource
            for dataset in datasets
            for resource in (_csv_resource(dataset, file_hashes), _parquet_resource(dataset, file_hashes))
        ],
    }
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def _csv_resource(dataset: Dataset, file_hashes: Mapping[str, tuple[int, str]]) -> dict[str, object]:
    return {
        **_resource(dataset, dataset.name, dataset.csv_path, file_hashes),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
    }


def _parquet_resource(dataset: Dataset, file_hashes: Mapping[str, tuple[int, str]]) -> dict[str, object]:
    return {
        **_resource(dataset, f"{dataset.name}.parquet", dataset.parquet_path, file_hashes),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }


def _resource(dataset: Dataset, name: str, path: str, file_hashes: Mapping[str, tuple[int, str]]) -> dict[str, object]:
    size, digest = file_hashes[path]
    fields = [
        {"name": note.name, "type": _field_type(field), "title": note.title_vi, "description": note.description}
        for note, field in zip(dataset.columns, dataset.table.schema, strict=True)
    ]
    return {
        "name": name,
        "type": "table",
        "title": f"{dataset.title_vi} / {dataset.title_en}",
        "description": dataset.description,
        "path": path,
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _field_type(field: "pa.Field[pa.DataType]") -> str:
    for is_type, name in _FIELD_TYPES:
        if is_type(field.type):
            return name
    raise TypeError(f"column {field.name}: {field.type} cannot be published exactly")


def _csv_cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            text = safe_text(value)
            return '"' + text.replace('"', '""') + '"' if not text or _NEEDS_QUOTES.search(text) else text
        case Decimal():
            return _plain_decimal(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def _plain_decimal(value: Decimal) -> str:
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

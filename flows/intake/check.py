"""What would the intake say of this file? The same code and answer; nothing is stored."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.entry.door import Door
from flows.intake.inbox import require_file
from flows.intake.isolation import prepare_readers, read_one
from flows.intake.reader import Request
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.refusal import reading_of
from flows.intake.rule_book import order_of, rule_book
from sources.files.file_name import known_suffix
from warehouse.files import sha256_of
from warehouse.named import table_of
from warehouse.store import Store
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Checked:
    """The answer for one file."""

    file_name: str
    reading: Reading
    findings: pa.Table


def check(workspace: Workspace, door: Door, path: Path) -> Checked:
    """Read and validate a file as the intake would, in a folder that is thrown away."""
    require_file(path)
    prepare_readers(1)
    book = rule_book(workspace, door.today(workspace.plan))
    stated = Stated(door.today(book.plan), "dry run")
    with tempfile.TemporaryDirectory() as folder:
        aside = Workspace(Path(folder))
        # It is read where it lies: what may hold personal data is copied into the vault and nowhere else.
        file = SourceFile(path, sha256_of(path), known_suffix(path.name), path.stem)
        answer = read_one(Request(file, stated, order_of(book), aside.root))
        reading = reading_of(answer, file, book, stated, Store(aside))
        found = [pq.read_table(aside.root / file.path) for file in reading.files if table_of(file) == "finding"]
    return Checked(path.name, reading, pa.concat_tables(found))

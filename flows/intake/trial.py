"""What do versions of rules that do not bind say of a submission? On trial when a file comes, or asked long after.

The file is read once more under those versions, in a folder that is thrown away: the same code and answer, and no way
for a rule that does not bind to reject a row.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.events import StoredFile
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.rule_book import RuleBook
from flows.intake.validate import validate
from schemas.rules import Kind, Rule
from schemas.tables import SCHEMAS
from warehouse.named import present, table_of
from warehouse.store import Store
from warehouse.workspace import Workspace

OF_LOGS: tuple[Kind, ...] = ("cast", "column", "row", "within_file", "file")
OF_REPORTS: tuple[Kind, ...] = ("report", "free_form")


@dataclass(frozen=True)
class Evaluated:
    """What chosen rules found and said."""

    findings: pa.Table
    results: pa.Table


def judging(rules: Sequence[Rule], kind: str) -> tuple[Rule, ...]:
    """Return the rules, of these, that judge this kind of submission."""
    return tuple(rule for rule in rules if rule.kind in (OF_LOGS if kind == "dossier_log" else OF_REPORTS))


def _of_rules(root: Path, files: Sequence[StoredFile], table: str, rules: Sequence[Rule]) -> pa.Table:
    tables = [pq.read_table(path) for path in present(root / file.path for file in files if table_of(file) == table)]
    rows = pa.concat_tables(tables) if tables else SCHEMAS[table].empty_table()
    return rows.filter(pc.field("rule_id").isin([rule.id for rule in rules]))


def evaluate(file: SourceFile, book: RuleBook, stated: Stated, rules: Sequence[Rule]) -> Evaluated:
    """Read a file as if these versions bound, and return what they, and only they, found and said."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        under = replace(book, rules=book.rules.with_versions(rules))
        files = validate(file, under, stated, Store(Workspace(root))).files
        return Evaluated(_of_rules(root, files, "finding", rules), _of_rules(root, files, "rule_result", rules))


def validate_and_try(file: SourceFile, book: RuleBook, stated: Stated, store: Store) -> Reading:
    """Read and validate one submission, and keep what the rules on trial say of it beside."""
    reading = validate(file, book, stated, store)
    return replace(reading, files=(*reading.files, *_try_out(file, book, stated, reading, store)))


def _try_out(
    file: SourceFile, book: RuleBook, stated: Stated, reading: Reading, store: Store
) -> tuple[StoredFile, ...]:
    """Keep what the rules on trial say of a file that was read; nothing where none is on trial."""
    rules = judging(tuple(book.rules.on_trial.values()), reading.kind)
    if not rules:
        return ()
    said = evaluate(file, book, stated, rules)
    return (store.put("trial_finding", said.findings), store.put("trial_result", said.results))

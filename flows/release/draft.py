"""What would leave the house if a period were published now, and what stands against it?

A draft is the consolidation in force, turned into the very bytes of the data files. Whoever asks for a release,
approves it and publishes it is talking of the same draft: its hash stands in each of the three events. The gate is
asked anew each time, and gives every reason at once.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from audit.chain import canonical
from audit.events import PeriodConsolidated
from audit.ledger import Ledger
from flows.entry.door import Door
from flows.measures.inputs import inputs_sha256
from flows.measures.names import figure_text, report_type_name, rule_text, unit_text
from flows.measures.periods import latest_consolidation
from flows.release.justify import reasons_against, warned
from flows.release.publication import Publication, publication
from releases.datasets import csv_bytes, parquet_bytes
from releases.gate import GateResult, run_gate
from releases.manifest import manifest_bytes, sha256_hex
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.suites import load_suites
from sql.indicators import indicators_sha256
from warehouse.workspace import Workspace

NOT_CONSOLIDATED = "Kỳ chưa được tổng hợp / The period has not been consolidated: motcua consolidate"
_OUTDATED = (
    "Số liệu cũ hơn dữ liệu, quy tắc hoặc kế hoạch hiện có / The figures are older than the data, rules or plan:"
    " motcua consolidate"
)


@dataclass(frozen=True)
class Draft:
    """A release that could be: the consolidation behind it, the datasets, and the bytes of every data file.

    `definitions_sha256` covers what the columns and indicators mean: where it changes, a restatement is a major one.
    """

    period: Period
    consolidated: PeriodConsolidated
    release: Publication
    data: Mapping[str, bytes]
    datasets_sha256: str
    definitions_sha256: str


def draft(workspace: Workspace, ledger: Ledger, door: Door, period: Period) -> Draft | None:
    """Return the draft of the consolidation in force; None where the period was never consolidated."""
    found = latest_consolidation(ledger.entries, period.id)
    if found is None:
        return None
    release = publication(workspace, ledger, workspace.plan, period, found[0], door.today(workspace.plan))
    data: dict[str, bytes] = {}
    for dataset in release.datasets:
        data[dataset.csv_path] = csv_bytes(dataset.table)
        data[dataset.parquet_path] = parquet_bytes(dataset.table)
    said = sha256_hex(manifest_bytes({name: sha256_hex(content) for name, content in data.items()}))
    return Draft(period, found[1], release, data, said, _definitions_sha256(release))


def _definitions_sha256(release: Publication) -> str:
    columns = [
        [dataset.name, [[note.name, note.description] for note in dataset.columns]] for dataset in release.datasets
    ]
    return hashlib.sha256(canonical({"columns": columns, "indicators": indicators_sha256()})).hexdigest()


def ask_gate(workspace: Workspace, drafted: Draft) -> GateResult:
    """Let Great Expectations read what would leave the house; its reasons name what they are about."""
    release = drafted.release
    tables = {dataset.name: drafted.data[dataset.parquet_path] for dataset in release.datasets}
    tables |= {name: parquet_bytes(table) for name, table in release.gate_tables.items()}
    suites = load_suites()
    gate = run_gate(suites, workspace.plan.conventions, tables)
    about = {one.reason: (suite.table, one.column) for suite in suites for one in suite.expectation}
    named = offenders(drafted, workspace.plan)
    return replace(gate, reasons=tuple(naming(reason, named.get(about[reason], ())) for reason in gate.reasons))


def naming(reason: str, names: Iterable[str]) -> str:
    """Return a reason of the gate with what it is about, each once."""
    shown = "; ".join(dict.fromkeys(names))
    return f"{reason}: {shown}" if shown else reason


def offenders(drafted: Draft, plan: Plan) -> Mapping[tuple[str, str | None], list[str]]:
    """Return what breaks the expectations that one rule or indicator alone can break, by table and column.

    The gate itself counts: its document leaves the house, and says of nothing which rows those were.
    """
    release = drafted.release

    def named(row: Mapping[str, object], text: str) -> str:
        return f"{text}, {unit_text(plan, str(row['unit_code'] or ''))}"

    def outside(rows: Iterable[Mapping[str, object]], most: float) -> list[str]:
        return [
            named(row, figure_text(str(row["indicator_id"])))
            for row in rows
            if row["value"] is not None and not 0 <= float(str(row["value"])) <= most
        ]

    broken = release.gate_tables["consolidation_breach"].to_pylist()
    return {
        ("period_checks", "broken_identity_count"): [named(row, rule_text(row["rule_id"])) for row in broken],
        ("share_checks", "value"): outside(release.gate_tables["share_checks"].to_pylist(), 1),
        ("indicators", "value"): outside(release.rows("indicators"), float("inf")),
    }


def obstacles(workspace: Workspace, ledger: Ledger, door: Door, drafted: Draft) -> tuple[str, ...]:
    """Return every reason against publishing that the gate's suites do not know, each with what mends it."""
    period = drafted.period
    outdated = drafted.consolidated.inputs_sha256 != inputs_sha256(
        door.today(workspace.plan), ledger, workspace.plan, period
    )
    return (
        *([_OUTDATED] if outdated else []),
        *_open_fatal(drafted, workspace.plan),
        *_unaccounted(drafted, workspace.plan),
        *reasons_against(warned(workspace, ledger, workspace.plan, period, door.today(workspace.plan)), period),
    )


def waivable(drafted: Draft) -> tuple[tuple[str, str], ...]:
    """Return the rules and units that stand against publishing and that somebody with authority could accept."""
    tables = (drafted.release.gate_tables[name] for name in ("open_fatal", "unaccounted_reports"))
    return tuple(sorted({(row["rule_id"], row["unit_code"]) for table in tables for row in table.to_pylist()}))


def _open_fatal(drafted: Draft, plan: Plan) -> list[str]:
    period_id = drafted.period.id
    return [
        f"Lỗi chặn chưa được sửa hay chấp nhận / open fatal findings: {rule_text(row['rule_id'])}:"
        f" {unit_text(plan, row['unit_code'])}, {row['failing_count']} chỗ / places: gửi tệp đã sửa / a corrected file,"
        f" hoặc / or motcua waive {period_id} {row['rule_id']}"
        for row in drafted.release.gate_tables["open_fatal"].to_pylist()
    ]


def _unaccounted(drafted: Draft, plan: Plan) -> list[str]:
    words = {"missing": "chưa nhận / missing", "rejected": "bị trả lại / rejected", "not_due": "chưa đến hạn / not due"}
    return [
        f"{report_type_name(plan, row['report_type'])} ({row['report_type']}), {unit_text(plan, row['unit_code'])}:"
        f" {words[row['state']]}, chưa được chấp nhận thiếu / neither received nor waived:"
        f" motcua waive {drafted.period.id} {row['rule_id']} --unit {row['unit_code']}"
        for row in drafted.release.gate_tables["unaccounted_reports"].to_pylist()
    ]

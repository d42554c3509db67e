"""How long does each page of the history take after 10,000 runs and a million findings?

`python -m bench.history [--runs N] [--findings N] [--keep FOLDER]` writes a synthetic record directly, ledger lines and
files of the store, into a folder that is thrown away (or kept and used again), builds the projection, and times every
page as a whole process, then one more commit. Printed, not asserted.
"""

import argparse
import hashlib
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from audit.chain import canonical, line_hash
from audit.events import AnyEvent, Entry, PeriodConsolidated, StoredFile, SubmissionTaken
from audit.ledger import Ledger, Stamp
from bench.intake import SEALING, Measured, measure
from flows.entry.door import Door
from flows.entry.places import PLANS
from flows.keeping.create import create
from schemas.findings import Finding, RuleResult, findings_table, results_table
from schemas.rules import Rule, load_rules
from warehouse.projection import rebuild
from warehouse.workspace import Workspace

SEED = 2022
PLAN = "svhtt-khanh-hoa-2022"
_EVERY_TENTH = 10
_BEGUN = datetime(2022, 1, 3, 1, 0, tzinfo=UTC)
_AIM_SECONDS = 2.0


def _pages(runs: int) -> tuple[tuple[str, ...], ...]:
    """Return the options of every page that is timed: first ones, ones in the middle, narrowed ones."""
    return (
        (),
        ("--by", "rule"),
        ("--by", "unit"),
        ("--by", "period"),
        ("--by", "submission"),
        ("--by", "verdict"),
        ("--by", "run", "--page", str(max(1, runs // 25))),
        ("--by", "verdict", "--page", str(max(1, runs // 2))),
        ("--rule", "R003"),
        ("--unit", "TV"),
        ("--period", "2022-Q1"),
        ("--by", "period", "--rule", "R003", "--unit", "TV"),
        ("--by", "rule", "--as-known-on", "2022-06-30"),
        ("--run", str(runs // 2 + 1), "--rows"),
        ("--submission", "S-0010", "--rows"),
    )


def _stored(workspace: Workspace, table: str, rows: pa.Table) -> StoredFile:
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    content = sink.getvalue().to_pybytes()
    sha256 = hashlib.sha256(content).hexdigest()
    path = workspace.store / table / f"{sha256}.parquet"
    path.write_bytes(content)
    return StoredFile(path=workspace.relative(path), sha256=sha256, size=len(content))


def _taken(number: int, unit: str, period: str, sha256: str, day: date) -> SubmissionTaken:
    return SubmissionTaken(
        number=f"S-{number:04d}", kind="unit_report", file_sha256=sha256, file_size=1, suffix=".xlsx", sender=unit,
        unit_code=unit, period=period, report_type="cchc", profile_id=None, profile_sha256=None, encoding="xlsx",
        coverage=None, window_first_day=None, window_last_day=None, exported_at=None, officially_received_on=day,
        evidence="bench", recorded_at="", state="accepted", is_blank=False, refusal="", read_count=1,
        accepted_count=1, rejected_count=0, ignored_count=0, rules_sha256="r", plan_sha256="p", code_sha256="c",
    )  # fmt: skip


def _consolidated(seq: int, period: str) -> PeriodConsolidated:
    return PeriodConsolidated(
        period=period, as_of_seq=seq - 1, inputs_sha256="i", submissions=(), rules_sha256="r", plan_sha256="p",
        indicators_sha256="i", code_sha256="c",
    )  # fmt: skip


def _judged(
    rng: random.Random, rules: tuple[Rule, ...], unit: str, period: str, sha256: str | None, findings: int
) -> tuple[pa.Table, pa.Table]:
    """Return verdicts of all the rules and so many findings of some of them."""
    failing = [rng.choice(rules[:4]) for _ in range(findings)]
    found = [
        Finding.of(rule, unit_code=unit, period=period, file_sha256=sha256, sheet="Số liệu", row=n, cell=f"E{n}")
        for n, rule in enumerate(failing)
    ]
    verdicts = []
    for rule in rules:
        count = sum(one is rule for one in failing)
        outcome = "fail" if count else "pass"
        checked = 2 * findings + 1
        verdicts.append(
            RuleResult(rule.id, rule.version, rule.dataset, unit, period, sha256, outcome, "", checked, count)  # type: ignore[arg-type]
        )
    return findings_table(found), results_table(verdicts)


def _commits(workspace: Workspace, ledger: Ledger, runs: int, findings: int) -> Iterator[bytes]:
    """Yield ledger lines of so many runs, every tenth a consolidation, with their files written."""
    rng = random.Random(SEED)
    plan = workspace.plan
    units = [unit.code for unit in plan.units if unit.sends_reports]
    periods = [period.id for period in plan.periods if period.kind == "flow"]
    rules = tuple(load_rules().values())
    previous, numbers = ledger.head, 0
    for seq in range(ledger.size + 1, ledger.size + 1 + runs):
        unit, period = rng.choice(units), periods[(seq * len(periods)) // (runs + 2)]
        sha256 = hashlib.sha256(str(seq).encode()).hexdigest()
        at = _BEGUN + timedelta(minutes=seq * 45)
        event: AnyEvent
        if seq % _EVERY_TENTH == 0:
            event = _consolidated(seq, period)
            found, said = _judged(rng, rules, unit, period, None, findings // runs)
        else:
            numbers += 1
            event = _taken(numbers, unit, period, sha256, at.date())
            found, said = _judged(rng, rules, unit, period, sha256, findings // runs)
        files = (_stored(workspace, "finding", found), _stored(workspace, "rule_result", said))
        line = canonical(
            Entry(
                seq=seq, at=f"{at:%Y-%m-%dT%H:%M:%SZ}", actor="bench", os_user="bench", trigger="bench", kind="bench",
                events=(event,), files=tuple(sorted(files, key=lambda file: file.path)), previous=previous,
            ).model_dump(mode="json")
        )  # fmt: skip
        previous = line_hash(line)
        yield line + b"\n"


def make(folder: Path, runs: int, findings: int) -> Workspace:
    """Write the record, unless the folder holds one from before."""
    if folder.is_dir():
        return Workspace(folder.resolve())
    workspace = create(folder, PLANS / PLAN, Door(Stamp(_BEGUN, "bench", "bench"), "bench"), b"\x17" * 32, SEALING)
    ledger = Ledger(workspace.ledger)
    lines = b"".join(_commits(workspace, ledger, runs, findings))
    with workspace.ledger.open("ab") as file:
        file.write(lines)
    return workspace


def _line(what: str, measured: Measured) -> str:
    return f"{what:56}{measured.seconds:7.2f} s, on the processors {measured.cpu_seconds:5.2f} s"


def bench(folder: Path, runs: int, findings: int) -> None:
    """Measure and print."""
    workspace = make(folder, runs, findings)
    begun = datetime.now(UTC)
    ledger = Ledger(workspace.ledger)
    read = datetime.now(UTC)
    rebuild(workspace, ledger)
    built = datetime.now(UTC)
    size = workspace.database.stat().st_size / (1 << 20)
    print(f"{runs:,} runs, {findings:,} findings; the projection has {size:,.0f} MiB")
    print(f"reading the ledger {(read - begun).total_seconds():.1f} s, building the projection {built - read}")
    said = [sys.executable, "-m", "motcua", "history", "-w", str(workspace.root)]
    pages: list[Measured] = []
    for page in _pages(runs):
        measured = measure([*said, *page])
        pages.append(measured)
        print(_line("history " + " ".join(page), measured))
    slowest = max(pages, key=lambda measured: measured.seconds)
    print(_line(f"the slowest page (aim: under {_AIM_SECONDS} s)", slowest))
    number = f"S-{ledger.size - runs:04d}"
    withdraw = [sys.executable, "-m", "motcua", "withdraw", number, "--reason", "bench", "-w", str(workspace.root)]
    print(_line("one more commit, the projection caught up", measure(withdraw)))


def main() -> None:
    """Read what is asked for and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--findings", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        bench(asked.keep or Path(folder) / "workspace", asked.runs, asked.findings)


if __name__ == "__main__":
    main()

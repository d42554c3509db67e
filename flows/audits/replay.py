"""What would another version of a rule have said of a past submission or consolidation?

The original is read by a reader process, as when it came. Record, plan and its profiles are those of the commit; only
the rule is another. It all runs in folders that are thrown away: nothing is written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from audit.corrections import corrections_of
from audit.events import Entry, PeriodConsolidated
from audit.ledger import Ledger
from flows.entry.door import MisuseError
from flows.intake.isolation import apart
from flows.intake.reader import Unread
from flows.intake.reading import SourceFile, Stated
from flows.intake.rule_book import BookOrder, RuleBook
from flows.intake.statement import stated_of
from flows.intake.submissions import Submission, no_submission, submissions
from flows.intake.trial import OF_LOGS, OF_REPORTS, evaluate, judging
from flows.measures.measure import measure
from flows.measures.review import OF_PERIODS, judge
from flows.release.past import plan_at
from schemas.findings import results_table
from schemas.nearest import names_meant
from schemas.plan import Plan
from schemas.rules import Rule
from warehouse import vault
from warehouse.named import present, table_of
from warehouse.workspace import Workspace

Row = Mapping[str, object]
# Rule and unit.
Place = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """A verdict: which version reached it, and on what."""

    version: int
    outcome: str
    checked_count: int
    failing_count: int

    @property
    def verdict(self) -> tuple[str, int, int]:
        """What was said, by whichever version."""
        return self.outcome, self.checked_count, self.failing_count


@dataclass(frozen=True)
class Change:
    """A verdict that the replay changes; `before` or `after` is None where there is none."""

    seq: int
    of: str
    rule_id: str
    unit_code: str
    before: Said | None
    after: Said | None


@dataclass(frozen=True)
class Replayed:
    """What was evaluated again, and what came out otherwise."""

    rules: tuple[str, ...]
    submission_count: int
    consolidation_count: int
    changes: tuple[Change, ...]


def rule_versions(plan: Plan, names: Iterable[str]) -> tuple[Rule, ...]:
    """Return the versions named as `D009@2`, or the newest as `D009`; MisuseError names what there is not."""
    found = []
    for name in names:
        rule_id, _, version = name.upper().partition("@")
        rule = plan.catalogue.version(rule_id, int(version) if version.isdigit() else None)
        if rule is None or (version and not version.isdigit()):
            versions = plan.catalogue.versions
            of_it = [one.label for one in versions if one.id == rule_id]
            known = names_meant(name, of_it or dict.fromkeys(one.id for one in versions))
            raise MisuseError(f"không có quy tắc {name} / there is no such rule or version: {known}: docs/rules.md")
        found.append(rule)
    return tuple(found)


def _said(rows: Iterable[Row]) -> dict[Place, Said]:
    return {
        (str(row["rule_id"]), str(row["unit_code"] or "")): Said(
            int(str(row["rule_version"])), str(row["outcome"]), int(str(row["checked_count"])),
            int(str(row["failing_count"])),
        )
        for row in rows
    }  # fmt: skip


def _recorded(workspace: Workspace, entry: Entry, rules: Sequence[Rule]) -> dict[Place, Said]:
    ids = {rule.id for rule in rules}
    paths = present(workspace.root / file.path for file in entry.files if table_of(file) == "rule_result")
    return _said(row for path in paths for row in pq.read_table(path).to_pylist() if row["rule_id"] in ids)


def _changes(entry: Entry, of: str, before: Mapping[Place, Said], after: Mapping[Place, Said]) -> Iterator[Change]:
    for place in sorted({*before, *after}):
        was, now = before.get(place), after.get(place)
        if (was.verdict if was else None) != (now.verdict if now else None):
            yield Change(entry.seq, of, place[0], place[1], was, now)


def _results(book: RuleBook, file: SourceFile, stated: Stated, chosen: Sequence[Rule]) -> pa.Table:
    return evaluate(file, book, stated, chosen).results


def _over_submission(workspace: Workspace, ledger: Ledger, one: Submission, rules: Sequence[Rule]) -> list[Change]:
    """Judge a submission as its verdict in force was reached: its plan, its corrections, the rules of its arrival."""
    taken, arrived, judged = one.taken, ledger.entries[one.seq - 1], ledger.entries[one.judged_seq - 1]
    chosen = judging(rules, taken.kind)
    if not chosen:
        return []
    corrections = corrections_of(ledger.entries[: one.judged_seq], taken.number)
    with plan_at(workspace, [judged]) as plan:
        day, limits = arrived.day_in(plan.zone), workspace.settings.reading
        order = BookOrder(plan.folder, plan.sha256, day, workspace.pseudonym_key(), limits)
        stated = stated_of(taken)
        with vault.opened(workspace, taken.file_sha256) as original:
            name = Path(vault.name_of(workspace, taken.file_sha256) or "").stem
            file = SourceFile(original, taken.file_sha256, taken.suffix, name, corrections)
            said = apart(order, partial(_results, file=file, stated=stated, chosen=chosen))
    # One that broke its reader says nothing, as it said nothing then.
    after = _said([] if isinstance(said, Unread) else said.to_pylist())
    return list(_changes(judged, taken.number, _recorded(workspace, judged, chosen), after))


def _over_consolidation(
    workspace: Workspace, ledger: Ledger, entry: Entry, event: PeriodConsolidated, rules: Sequence[Rule]
) -> list[Change]:
    with plan_at(workspace, [entry]) as plan:
        period, day = plan.period(event.period), entry.day_in(plan.zone)
        measured = measure(workspace, ledger.entries[: event.as_of_seq], plan, period, day)
        try:
            after = _said(results_table(judge(measured, rules).results).to_pylist())
        finally:
            measured.engine.close()
    return list(_changes(entry, event.period, _recorded(workspace, entry, rules), after))


def replay(
    workspace: Workspace, rules: Sequence[Rule], numbers: Sequence[str] = (), period_id: str | None = None
) -> Replayed:
    """Evaluate versions of rules over past submissions and consolidations, and return the verdicts that change.

    Over the submissions with these numbers, or over everything, of one period where one is named. MisuseError where a
    number is not there.
    """
    ledger = Ledger(workspace.ledger)
    of_files = [rule for rule in rules if rule.kind in (*OF_LOGS, *OF_REPORTS)]
    of_periods = [] if numbers else [rule for rule in rules if rule.kind in OF_PERIODS]
    wanted = {number.upper() for number in numbers}
    found = [s for s in submissions(ledger.entries) if not wanted or s.taken.number in wanted]
    if lacking := wanted - {s.taken.number for s in found}:
        raise MisuseError(no_submission(min(lacking), ledger.entries))
    chosen = [s for s in found if judging(of_files, s.taken.kind) and period_id in (None, s.taken.period)]
    changes: list[Change] = []
    for one in chosen:
        changes += _over_submission(workspace, ledger, one, of_files)
    consolidations = [
        (entry, event)
        for entry in ledger.entries
        for event in entry.events
        if of_periods and isinstance(event, PeriodConsolidated) and period_id in (None, event.period)
    ]
    for entry, event in consolidations:
        changes += _over_consolidation(workspace, ledger, entry, event, of_periods)
    labels = tuple(rule.label for rule in rules)
    return Replayed(labels, len(chosen), len(consolidations), tuple(changes))

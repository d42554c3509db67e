"""Why does a figure differ from the version before, and how much of it comes from what?

One cause is swapped at a time, from what the version before was computed from to what this one is, in the order of
`CAUSES`; after each swap the period is measured again, and what a figure moves by is that cause's part. So the parts
add up to the change, figure by figure, whatever the causes have to do with each other. The order is fixed and stands in
the names of the columns: another order could divide the same change otherwise.

The code of the past is not at hand, so its part is what today's code makes of yesterday's inputs under yesterday's
method. Where yesterday's method does not run under today's code, the two cannot be told apart: both stand under code.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pyarrow as pa

from audit import releases
from audit.events import (
    Entry,
    PeriodConsolidated,
    SubmissionReinstated,
    SubmissionRevalidated,
    SubmissionTaken,
    SubmissionWithdrawn,
    VerdictTurned,
)
from audit.ledger import Ledger
from flows.measures.quantities import Outcome, Quantities, measured_outcome, recorded_outcome
from flows.plans.effect import turned_verdicts
from flows.release.plan_changes import PlanChanges, PlanDecision, decisions_between, since_the_first_plan
from flows.release.source_changes import SourceChange, replaces, source_changes
from schemas.plan import Plan, load_plan
from schemas.plan_models import Period
from schemas.tables import QUANTITY
from sql import CURRENT, Method
from warehouse.engine import QueryFailedError
from warehouse.kept import kept_texts, lay_out
from warehouse.workspace import Workspace

CAUSES = ("code", "late_reports", "corrected_source", "plan", "rules_or_method")
CHANGES_NAME = "changes.csv"
_SUBMITTED = (SubmissionTaken, SubmissionRevalidated, SubmissionWithdrawn, SubmissionReinstated)
# What judges a submission again because its source, or what was said of it, is another.
_OF_THE_SOURCE = frozenset({"correction", "statement"})
_PLACE = ("kind", "figure", "unit_code", "dimension", "dimension_value", "quantity")
_SAID = ("stated_before", "stated_after", "causes", "decision", "proposed_by", "accepted_by", "accepted_on", "reason")
_PARTS = tuple(f"part_{n}_{cause}" for n, cause in enumerate(CAUSES, start=1))
_SCHEMA = pa.schema(
    [pa.field(name, pa.string()) for name in _PLACE]
    + [pa.field(name, QUANTITY) for name in ("before", "after", "change", *_PARTS)]
    + [pa.field(name, pa.string()) for name in _SAID]
)


# A verdict that is another, and the causes at whose swaps it turned.
Turned = tuple[VerdictTurned, tuple[str, ...]]


@dataclass(frozen=True)
class Changes:
    """What a version changes against the one before: its table, and the decisions and submissions behind it.

    A period's first version has no table of figures: there is nothing that it changes.
    """

    table: pa.Table
    by_plan: PlanChanges
    sources: tuple[SourceChange, ...] = ()


@dataclass(frozen=True)
class _Basis:
    """What quantities are computed from: the commits known then, the plan, the method, the day, and the code."""

    entries: Sequence[Entry]
    plan: Plan
    method: Method
    method_sha256: str
    today: date
    code_sha256: str

    @property
    def key(self) -> tuple[object, ...]:
        """What two bases have in common that give the same quantities."""
        about = tuple(entry.seq for entry in self.entries if any(isinstance(e, _SUBMITTED) for e in entry.events))
        return about, self.plan.sha256, self.method_sha256, self.today, self.code_sha256


def _measured(workspace: Workspace, period: Period, basis: _Basis, known: dict[tuple[object, ...], Outcome]) -> Outcome:
    """Return what a basis comes to, as far as it is known already without measuring."""
    if basis.key not in known:
        known[basis.key] = measured_outcome(workspace, basis.entries, basis.plan, period, basis.today, basis.method)
    return known[basis.key]


def _laid_out(workspace: Workspace, entry: Entry, kind: Literal["plan", "method"], folder: Path) -> Path | None:
    """Write the texts of one kind that a commit named into a folder; None where it named none."""
    kept = kept_texts([entry], kind)
    if kept is None:
        return None
    lay_out(workspace, kept, folder / kind)
    return folder / kind


def _with_late_alone(before: Sequence[Entry], after: Sequence[Entry]) -> list[Entry]:
    """Return what was known before and what came since for the first time, without what corrects something known."""
    known = [event for entry in before for event in entry.events if isinstance(event, SubmissionTaken)]
    found = list(before)
    for entry in after[len(before) :]:
        taken = [event for event in entry.events if isinstance(event, SubmissionTaken)]
        corrects = any(replaces(event, known) for event in taken)
        if corrects or not taken or any(isinstance(event, SubmissionWithdrawn) for event in entry.events):
            continue
        found.append(entry)
        known += taken
    return found


def _without_rejudging(before: Sequence[Entry], after: Sequence[Entry], kept: frozenset[str]) -> list[Entry]:
    """Return what is known after, but judge again only what was because of one of these."""
    since = after[len(before) :]
    return [*before, *(entry for entry in since if not _rejudged(entry) or kept & _rejudged(entry))]


def _rejudged(entry: Entry) -> frozenset[str]:
    """Return because of what a commit judged a submission again; nothing where it judged none."""
    return frozenset(
        reason for event in entry.events if isinstance(event, SubmissionRevalidated) for reason in event.because
    )


def _basis_of(ledger: Ledger, plan: Plan, method: Method, entry: Entry) -> _Basis:
    """Return what a consolidation was computed from."""
    event = _consolidated(entry)
    kept = kept_texts([entry], "method")
    entries, today = ledger.entries[: event.as_of_seq], entry.day_in(plan.zone)
    return _Basis(entries, plan, method, kept.sha256 if kept is not None else "", today, event.code_sha256)


def _steps(
    workspace: Workspace, ledger: Ledger, period: Period, before_seq: int, after_seq: int, folder: Path
) -> list[Outcome]:
    """Return what the period came to before, after each swap, and at the end, in the order of the causes."""
    plan, old_entry, new_entry = workspace.plan, ledger.entries[before_seq - 1], ledger.entries[after_seq - 1]
    old_folder = _laid_out(workspace, old_entry, "plan", folder)
    method_folder = _laid_out(workspace, old_entry, "method", folder)
    old_plan = load_plan(old_folder) if old_folder is not None else plan
    old_method = Method(method_folder) if method_folder is not None else CURRENT
    old, new = _basis_of(ledger, old_plan, old_method, old_entry), _basis_of(ledger, plan, CURRENT, new_entry)
    # What was computed from the very same is not computed again.
    known: dict[tuple[object, ...], Outcome] = {old.key: recorded_outcome(workspace, old_entry)}
    known[new.key] = recorded_outcome(workspace, new_entry)
    corrected = _without_rejudging(old.entries, new.entries, _OF_THE_SOURCE)
    with_plan = _without_rejudging(old.entries, new.entries, _OF_THE_SOURCE | {"plan"})
    code = replace(old, code_sha256=new.code_sha256)
    late = replace(code, entries=_with_late_alone(old.entries, new.entries), today=new.today)
    swaps = [code, late, replace(late, entries=corrected), replace(late, entries=with_plan, plan=plan)]
    try:
        steps = [_measured(workspace, period, basis, known) for basis in swaps]
    except (QueryFailedError, FileNotFoundError):
        under = [replace(basis, method=CURRENT, method_sha256=new.method_sha256) for basis in swaps]
        steps = [_measured(workspace, period, basis, known) for basis in under]
    return [known[old.key], *steps, known[new.key]]


def changes(workspace: Workspace, ledger: Ledger, period: Period, after_seq: int) -> Changes | None:
    """Return every quantity and verdict that the consolidation changes against the version published last, and why.

    None where nothing was published before and the plan is the one that first knew the period. Quantities that were not
    there count as 0 in the parts; `before` and `after` are null there.
    """
    published = releases.published(ledger.entries, period.id)
    if not published:
        by_plan = since_the_first_plan(workspace, ledger, period, ledger.entries[after_seq - 1])
        turned: list[Turned] = [(one, ("plan",)) for one in by_plan.verdicts]
        return Changes(changes_table([], turned, by_plan.decisions), by_plan) if by_plan.decisions else None
    before_seq = next(
        event.consolidation_seq
        for event in releases.publications(ledger.entries)
        if (event.period, event.version) == (period.id, published[-1].version)
    )
    with tempfile.TemporaryDirectory() as folder:
        steps = _steps(workspace, ledger, period, before_seq, after_seq, Path(folder))
    decisions = decisions_between(ledger, workspace.plan, before_seq, after_seq)
    turned = _turned(period, steps)
    old, new = (_consolidated(ledger.entries[seq - 1]).as_of_seq for seq in (before_seq, after_seq))
    sources = tuple(source_changes(ledger.entries[:old], ledger.entries[:new], workspace.plan, period))
    table = changes_table([step.quantities for step in steps], turned, decisions, sources)
    by_plan = PlanChanges(decisions, tuple(one for one, causes in turned if "plan" in causes))
    return Changes(table, by_plan, sources)


def _consolidated(entry: Entry) -> PeriodConsolidated:
    return next(event for event in entry.events if isinstance(event, PeriodConsolidated))


def _turned(period: Period, steps: Sequence[Outcome]) -> list[Turned]:
    """Return every verdict that is another at the end, and the causes at whose swaps it turned."""
    found: list[Turned] = []
    for one in turned_verdicts(period.id, steps[0], steps[-1]):
        said = [step.verdicts.get(one.target_id, "") for step in steps]
        causes = (cause for cause, (was, now) in zip(CAUSES, pairwise(said), strict=True) if was != now)
        found.append((one, tuple(causes)))
    return found


def changes_table(
    steps: Sequence[Quantities],
    turned: Sequence[Turned] = (),
    decisions: Sequence[PlanDecision] = (),
    sources: Sequence[SourceChange] = (),
) -> pa.Table:
    """Return the rows of `changes.csv`: what was decided about the plan, the verdicts that turned, and the quantities.

    The steps are the quantities before, after each cause, and at the end.
    """
    rows = [
        *_plan_rows(decisions),
        *_verdict_rows(turned, decisions, sources),
        *_quantity_rows(steps, decisions, sources),
    ]
    return pa.Table.from_pylist([{name: row.get(name) for name in _SCHEMA.names} for row in rows], schema=_SCHEMA)


def _decided(decisions: Sequence[PlanDecision]) -> dict[str, object]:
    """Return who decided what when, of several decisions one after the other."""
    return {
        "decision": ", ".join(one.number for one in decisions),
        "proposed_by": ", ".join(dict.fromkeys(one.proposed_by for one in decisions)),
        "accepted_by": ", ".join(dict.fromkeys(one.accepted_by for one in decisions)),
        "accepted_on": ", ".join(dict.fromkeys(one.accepted_on.isoformat() for one in decisions)),
        "reason": "; ".join(dict.fromkeys(one.reason for one in decisions)),
    }


def _because(
    causes: Sequence[str], decisions: Sequence[PlanDecision], sources: Sequence[SourceChange]
) -> dict[str, object]:
    """Return the causes of a row, with the submissions behind them by number, and every reason that was given."""
    said = _decided(decisions if "plan" in causes else ())
    behind = {cause: [one for one in sources if one.cause == cause] for cause in causes}
    named = (
        cause + (f" ({', '.join(f'{one.deed} {one.number}' for one in behind[cause])})" if behind[cause] else "")
        for cause in causes
    )
    given = [f"{one.number}: {one.reason}" for cause in causes for one in behind[cause] if one.reason]
    decided = [str(said["reason"])] if said["reason"] else []
    return {**said, "causes": ", ".join(named), "reason": "; ".join([*decided, *dict.fromkeys(given)])}


def _plan_rows(decisions: Sequence[PlanDecision]) -> Iterator[dict[str, object]]:
    for decision in decisions:
        for change in decision.changes:
            yield {
                "kind": "plan", "figure": f"plan/{change.file}", "unit_code": "", "dimension": "",
                "dimension_value": "", "quantity": change.key, "stated_before": change.before,
                "stated_after": change.after, "causes": "plan", **_decided([decision]),
            }  # fmt: skip


def _verdict_rows(
    turned: Sequence[Turned], decisions: Sequence[PlanDecision], sources: Sequence[SourceChange]
) -> Iterator[dict[str, object]]:
    for one, causes in turned:
        yield {
            "kind": "target", "figure": one.target_id, "unit_code": "", "dimension": "", "dimension_value": "",
            "quantity": "verdict", "stated_before": one.before, "stated_after": one.after,
            **_because(causes, decisions, sources),
        }  # fmt: skip


def _quantity_rows(
    steps: Sequence[Quantities], decisions: Sequence[PlanDecision], sources: Sequence[SourceChange]
) -> Iterator[dict[str, object]]:
    zero = Decimal(0)
    for cell in sorted({cell for step in steps for cell in step}):
        values = [step.get(cell, zero) for step in steps]
        parts = [later - earlier for earlier, later in pairwise(values)]
        if any(parts):
            yield {
                "kind": "figure",
                **vars(cell),
                "before": steps[0].get(cell),
                "after": steps[-1].get(cell),
                "change": values[-1] - values[0],
                **dict(zip(_PARTS, parts, strict=True)),
                **_because([cause for cause, part in zip(CAUSES, parts, strict=True) if part], decisions, sources),
            }

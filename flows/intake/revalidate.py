"""How is a submission judged again: under the plan and rules of today, with a cell corrected, as it is stated now?

The original is read anew, in the same way and as of the day on which it came, so a rule that binds only since then does
not judge it. What is found is a commit of its own; what was found before stays. A submission whose original can no
longer be read keeps the verdict that it has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audit.corrections import Correction, corrections_of
from audit.events import AnyEvent, Entry, SubmissionRevalidated
from audit.ledger import Ledger
from flows.entry.door import Door
from flows.intake.isolation import read_one
from flows.intake.reader import Request
from flows.intake.reading import Reading, SourceFile
from flows.intake.refusal import reading_of
from flows.intake.rule_book import order_of, rule_book
from flows.intake.sheets import keep_titles
from flows.intake.statement import stated_of, statement
from flows.intake.submissions import Submission, submissions
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse import vault
from warehouse.store import Store
from warehouse.workspace import Workspace

Because = Literal["correction", "statement", "plan", "rules"]


@dataclass(frozen=True)
class Reread:
    """A submission read again: what came of it, and its tables, not yet in the store."""

    submission: Submission
    reading: Reading
    event: SubmissionRevalidated
    aside: Workspace


def read_again(
    workspace: Workspace,
    ledger: Ledger,
    submission: Submission,
    corrections: Sequence[Correction],
    because: Iterable[Because],
    folder: Path,
) -> Reread:
    """Read a submission anew into a folder; UnreadableOriginalError where its key is gone."""
    taken = submission.taken
    day = ledger.entries[submission.seq - 1].day_in(workspace.plan.zone)
    book, stated = rule_book(workspace, day), stated_of(taken)
    aside = Workspace(folder)
    with vault.opened(workspace, taken.file_sha256) as path:
        name = Path(vault.name_of(workspace, taken.file_sha256) or "").stem
        file = SourceFile(path, taken.file_sha256, taken.suffix, name, tuple(corrections))
        answer = read_one(Request(file, stated, order_of(book), aside.root))
        reading = reading_of(answer, file, book, stated, Store(aside))
    said = statement(taken.number, file, taken.file_size, stated, reading, book, taken.recorded_at)
    return Reread(submission, reading, SubmissionRevalidated(because=tuple(because), taken=said), aside)


def commit_again(
    workspace: Workspace, ledger: Ledger, door: Door, kind: str, reread: Reread, before: Sequence[AnyEvent] = ()
) -> Entry:
    """Commit what reading a submission anew gave, after the events that led to it."""
    store = Store(workspace)
    store.adopt(reread.aside, reread.reading.files)
    titles = keep_titles(workspace, reread.event.taken.file_sha256, reread.reading)
    files = [store.put_plan(workspace.plan), *titles, *reread.reading.files]
    return ledger.append(door.stamp, kind, [*before, reread.event], files)


def _because(submission: Submission, plan: Plan) -> tuple[Because, ...]:
    taken = submission.taken
    found: list[Because] = []
    if taken.plan_sha256 != plan.sha256:
        found.append("plan")
    if taken.rules_sha256 != plan.catalogue.sha256:
        found.append("rules")
    return tuple(found)


def _touches(submission: Submission, period: Period) -> bool:
    taken = submission.taken
    first, last = taken.window_first_day, taken.window_last_day
    if taken.kind == "dossier_log":
        return first is not None and last is not None and first <= period.last_day and last >= period.first_day
    return taken.period == period.id


def outdated(workspace: Workspace, ledger: Ledger, period: Period) -> list[Submission]:
    """Return the submissions behind a period that were judged under another plan or other rules, and can be read."""
    return [
        one
        for one in submissions(ledger.entries)
        if not one.is_withdrawn
        and _touches(one, period)
        and _because(one, workspace.plan)
        and vault.has_key(workspace, one.taken.file_sha256)
    ]


def revalidate_under_lock(workspace: Workspace, ledger: Ledger, door: Door, period: Period) -> list[str]:
    """Judge again what is outdated behind a period, one commit each; return the numbers."""
    numbers = []
    for one in outdated(workspace, ledger, period):
        number = one.taken.number
        door.on_step(f"{number}: xét lại / judged again")
        corrections = corrections_of(ledger.entries, number)
        folder = workspace.staging / number
        reread = read_again(workspace, ledger, one, corrections, _because(one, workspace.plan), folder)
        commit_again(workspace, ledger, door, "revalidate", reread)
        numbers.append(number)
    return numbers

"""Who has sent what, who has not, and where does each period stand?

Read from the record itself, so the answer is right while a writer is at work, and never waits for one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from audit.events import Entry, ReleasePublished, SubmissionTaken
from audit.ledger import Ledger
from audit.plans import waiting_proposals
from audit.register import register
from audit.steps import Nonconformity
from flows.desk.freshness import Freshness, freshness
from flows.desk.reminders import reminder_folder
from flows.desk.waiting import Waiting, waiting_for_people
from flows.entry.door import MisuseError
from flows.entry.plan_gate import edit_text, mend_text, plan_edit
from flows.intake.inbox import Inbox, LeftAlone, look
from flows.intake.register import questions, read_register
from flows.intake.submissions import submissions
from flows.measures.periods import latest_consolidation
from flows.measures.reporting import ExpectedReport, SentReport, expected_reports, sent_reports
from flows.measures.targets import DEPARTMENT
from flows.measures.wording import threshold_text
from flows.release.past import plan_at
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse import vault
from warehouse.backups import known_backups, untried
from warehouse.engine import Engine
from warehouse.lock import holder
from warehouse.modes import open_to_others
from warehouse.named import files_by_table
from warehouse.settings import settings_edit
from warehouse.workspace import Workspace

Row = Mapping[str, object]


@dataclass(frozen=True)
class SubmissionLine:
    """One submission as the status shows it."""

    seq: int
    file_name: str
    taken: SubmissionTaken
    is_withdrawn: bool


@dataclass(frozen=True)
class PeriodStatus:
    """One period on one day: what was expected of it, what the department itself owes, and what it came to.

    Each of `targets` says at which `threshold` it was judged, by the plan of then; `fresh` whether that is today's.
    """

    period: Period
    today: date
    expected: tuple[ExpectedReport, ...]
    sent: tuple[SentReport, ...]
    reminder_folder: str
    tasks: tuple[Row, ...]
    figures: tuple[Row, ...]
    targets: tuple[Row, ...]
    nonconformities: tuple[Nonconformity, ...]
    consolidated_at: str | None
    version: int | None
    fresh: Freshness = field(default_factory=Freshness)


@dataclass(frozen=True)
class Status:
    """The whole workspace at one moment."""

    ledger_size: int
    last_commit_at: str | None
    writer: str | None
    waiting_files: tuple[str, ...]
    open_to_others: tuple[str, ...]
    left_alone: tuple[LeftAlone, ...]
    inbox_problem: str
    untried_backups: tuple[str, ...]
    submissions: tuple[SubmissionLine, ...]
    periods: tuple[PeriodStatus, ...]
    # That the settings were changed and nothing was recorded since; "" where they agree.
    settings_edit: str = ""
    # What differs from the plan in force, with what to type; "" where nothing does. And what waits for a decision.
    plan_edit: str = ""
    waiting_proposals: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    # What has to be asked about the inbox's register.
    register_questions: tuple[str, ...] = ()


def _open_paths(workspace: Workspace) -> tuple[str, ...]:
    return tuple(workspace.relative(path) for path in open_to_others(workspace.root, workspace.inbox))


def _rows(workspace: Workspace, entry: Entry, table: str) -> tuple[Row, ...]:
    engine = Engine()
    try:
        engine.over_files(table, table, [workspace.root / file.path for file in files_by_table([entry])[table]])
        return tuple(engine.records(table))
    finally:
        engine.close()


def _department_figures(workspace: Workspace, entry: Entry) -> tuple[Row, ...]:
    figures = _rows(workspace, entry, "figure")
    return tuple(row for row in figures if row["unit_code"] == DEPARTMENT and row["dimension"] == "")


def _targets(workspace: Workspace, entry: Entry, plan: Plan, *, is_of_plan_before: bool) -> tuple[Row, ...]:
    """Return what became of the targets, each with its threshold under the plan that judged it."""
    rows = _rows(workspace, entry, "target_result")
    if not is_of_plan_before:
        return _with_thresholds(rows, plan)
    with plan_at(workspace, [entry]) as before:
        return _with_thresholds(rows, before)


def _with_thresholds(rows: Sequence[Row], plan: Plan) -> tuple[Row, ...]:
    said = {target.id: "; ".join(dict.fromkeys(map(threshold_text, target.ways))) for target in plan.targets}
    return tuple({**row, "threshold": said.get(str(row["target_id"]), "")} for row in rows)


def period_status(workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, today: date) -> PeriodStatus:
    """Return where one period stands."""
    found = latest_consolidation(ledger.entries, period.id)
    fresh = freshness(ledger, plan, period)
    version = None
    for entry in ledger.entries:
        for event in entry.events:
            if isinstance(event, ReleasePublished) and event.period == period.id:
                version = event.version
    return PeriodStatus(
        period,
        today,
        expected_reports(submissions(ledger.entries), plan, period, today),
        sent_reports(ledger.entries, plan, period, today),
        reminder_folder(period),
        _rows(workspace, found[0], "task_state") if found else (),
        _department_figures(workspace, found[0]) if found else (),
        _targets(workspace, found[0], plan, is_of_plan_before=fresh.is_of_plan_before) if found else (),
        tuple(nc for nc in register(ledger.entries).values() if nc.identity.period == period.id),
        found[0].at if found else None,
        version,
        fresh,
    )


def _has_begun(ledger: Ledger, period: Period) -> bool:
    """Tell whether anything was taken in that touches this period."""
    return any(
        s.taken.period == period.id
        or (
            s.taken.window_first_day is not None
            and s.taken.window_last_day is not None
            and s.taken.window_first_day <= period.last_day
            and s.taken.window_last_day >= period.last_day
        )
        for s in submissions(ledger.entries)
    )


def _inbox(
    workspace: Workspace, ledger: Ledger, plan: Plan, today: date, at: datetime | None
) -> tuple[Inbox, tuple[str, ...], str]:
    """Return what lies in the inbox, what to ask about its register, and what is wrong with the inbox itself.

    Nothing where no moment is named.
    """
    inbox = Inbox()
    if at is None:
        return inbox, (), ""
    try:
        inbox = look(workspace, at)
        lines = read_register(workspace.inbox, plan)
    except MisuseError as error:
        return inbox, (), str(error)
    asked = questions(workspace, ledger, lines, inbox.waiting, plan, today)
    return inbox, tuple(one.sentence for one in asked), ""


def status(
    workspace: Workspace,
    plan: Plan,
    today: date,
    period: Period | None,
    past: Ledger | None = None,
    at: datetime | None = None,
) -> Status:
    """Return the state of the workspace; of one period, or of every one that anything was taken in for.

    The inbox, and what waits for people, are told as of the moment `at`. Of a `past` record it is the state as known
    then: nobody is writing it, and nothing waits for it.
    """
    ledger = past or Ledger(workspace.ledger)
    edit = plan_edit(workspace, ledger.entries) if past is None else None
    inbox, asked, inbox_problem = _inbox(workspace, ledger, plan, today, at if past is None else None)
    chosen = [period] if period is not None else [p for p in plan.periods if _has_begun(ledger, p)]
    return Status(
        ledger.size,
        ledger.entries[-1].at if ledger.entries else None,
        holder(workspace.lock) if past is None else None,
        inbox.waiting,
        _open_paths(workspace) if past is None else (),
        inbox.left_alone,
        inbox_problem,
        untried(known_backups(workspace)) if past is None else (),
        tuple(
            SubmissionLine(
                s.seq,
                vault.called(workspace, s.taken.file_sha256),
                s.taken,
                s.is_withdrawn,
            )
            for s in submissions(ledger.entries)
            if period is None or s.taken.period == period.id or s.taken.kind == "dossier_log"
        ),
        tuple(period_status(workspace, ledger, plan, p, today) for p in chosen),
        settings_edit=settings_edit(workspace, ledger) if past is None else "",
        plan_edit=f"{edit_text(edit)}: {mend_text(edit)}" if edit is not None else "",
        waiting_proposals=tuple(one.number for one in waiting_proposals(ledger.entries)),
        waiting=waiting_for_people(workspace, ledger, plan, at) if past is None and at is not None else (),
        register_questions=asked,
    )

"""How does a newcomer see a quarter, or a whole year? A workspace with generated, deliberately imperfect files of 2022.

The year goes as an office's year would: what comes is laid into the inbox with the day of its receipt, taken in,
consolidated and published. Where a quarter does not fit the one before, because dossiers were entered late, its
publication is refused; the quarter before is consolidated again and restated, and then the new one is published. What
did not fit stays in the register.
"""

import csv
import io
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from audit import releases
from audit.ledger import Ledger
from audit.sealed_key import STRONG, Cost
from demo.office import DemoBatch, DemoOffice, demo_office
from demo.people import approver, founder, let_approve, sealing_of
from flows.entry.authority import entered, require
from flows.entry.door import Door
from flows.entry.places import PLANS
from flows.intake.inbox import REGISTER
from flows.intake.intake import Taken, sweep
from flows.intake.register import REGISTER_COLUMNS
from flows.keeping.create import create
from flows.measures.consolidate import consolidate_under_lock
from flows.quarterly import release_under_lock
from flows.release.draft import draft, waivable
from flows.release.justify import state, warned
from flows.release.publish import Published
from flows.release.waive import failing, grant
from schemas.plan import Plan, load_plan
from schemas.plan_models import EarlierFigure, OpeningBalance, Period
from warehouse.files import write_bytes
from warehouse.workspace import SETTINGS, Workspace, WorkspaceError

PLAN = "svhtt-khanh-hoa-2022"
PERIOD = "2022-Q1"
YEAR = "2022-Y"
SEED = 2022
_REASON = "Bản chạy thử: lỗi gieo sẵn, đã đối chiếu với hồ sơ gốc / demo: planted, compared with the original"
_RESTATED = "Bản chạy thử: hồ sơ được ghi muộn / demo: records entered late"
_WAIVED_FOR = timedelta(days=90)
_ONE_LOGIN = """\
# One login plays all people of the demo. Where people have accounts of their own this is left out.
one_account_may_approve = true
"""


@dataclass(frozen=True)
class DemoRun:
    """What was taken in, and what came of every publication that was asked for, in order."""

    taken: tuple[Taken, ...]
    published: tuple[Published, ...]

    @property
    def refused(self) -> tuple[Published, ...]:
        """The periods whose last publication was refused."""
        last = {one.period: one for one in self.published}
        return tuple(one for one in last.values() if one.reasons)


def invented_office() -> DemoOffice:
    """Return the office of the demo, as the bundled plan knows it."""
    return demo_office(load_plan(PLANS / PLAN), SEED)


def make_demo(root: Path, door: Door, pseudonym_key: bytes, *, replace: bool, cost: Cost = STRONG) -> Workspace:
    """Lay out the demo workspace and fill its inbox; an earlier demo there is replaced only where asked."""
    if root.exists() and any(root.iterdir()):
        if not (root / SETTINGS).is_file() or not Workspace(root).settings.is_demo:
            raise WorkspaceError(
                f"{root} không trống, không phải bản chạy thử cũ / is not empty and no earlier demo: use another --dir"
            )
        if not replace:
            raise WorkspaceError(
                f"{root} đang chứa bản chạy thử cũ / holds an earlier demo: add --replace, or use another --dir"
            )
        shutil.rmtree(root)
    office = invented_office()
    with tempfile.TemporaryDirectory() as folder:
        plan_folder = _plan_with_past(office, Path(folder) / PLAN)
        workspace = create(root, plan_folder, door, pseudonym_key, sealing_of(door.stamp.actor, cost), is_demo=True)
    let_approve(workspace, door, cost)
    lay_in(workspace, office.first_batch())
    return workspace


def run_demo(workspace: Workspace, door: Door) -> DemoRun:
    """Run the quarter whose files lie in the inbox."""
    return _run_batch(workspace, founder(door), approver(door), (PERIOD,))


def run_year(workspace: Workspace, door: Door) -> DemoRun:
    """Run the whole year, batch by batch; the files of the first lie in the inbox."""
    runs = []
    first, second = founder(door), approver(door)
    for n, batch in enumerate(invented_office().batches()):
        if n:
            lay_in(workspace, batch)
        runs.append(_run_batch(workspace, first, second, batch.period_ids))
    return DemoRun(tuple(one for run in runs for one in run.taken), tuple(p for run in runs for p in run.published))


def lay_in(workspace: Workspace, batch: DemoBatch) -> None:
    """Put files into the inbox, with a register of when and how they reached the department."""
    register = io.StringIO()
    lines = csv.writer(register, lineterminator="\n")
    lines.writerow(REGISTER_COLUMNS)
    for file in batch.files:
        write_bytes(workspace.inbox / file.name, file.content)
        lines.writerow([file.name, file.officially_received_on.isoformat(), file.evidence, "", ""])
    write_bytes(workspace.inbox / REGISTER, register.getvalue().encode())


def _plan_with_past(office: DemoOffice, folder: Path) -> Path:
    """Copy the plan, with what the office remembers of the time before it, and one login for all its people."""
    shutil.copytree(office.plan.folder, folder)
    stated = folder / "plan.toml"
    stated.write_text(f"{_ONE_LOGIN}\n{stated.read_text('utf-8')}", "utf-8")
    for name, model, rows in (
        ("opening_balance.csv", OpeningBalance, office.opening_balance),
        ("earlier_figures.csv", EarlierFigure, office.earlier_figures),
    ):
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(model.model_fields)
        lines.writerows([value for _, value in row] for row in rows)
        (folder / name).write_text(text.getvalue(), "utf-8")
    return folder


def _run_batch(workspace: Workspace, door: Door, second: Door, period_ids: Sequence[str]) -> DemoRun:
    """Take in what lies in the inbox and publish these periods; restate what came before where they do not fit it."""
    periods = [workspace.plan.period(period_id) for period_id in period_ids]
    with entered(workspace, door, "intake", "consolidate") as ledger:
        taken = tuple(sweep(workspace, ledger, door))
        published = [_release(workspace, ledger, door, second, period) for period in periods]
        earlier = _before(workspace.plan, periods)
        if earlier and any(one.reasons for one in published):
            published += [_release(workspace, ledger, door, second, period) for period in (*earlier, *periods)]
    return DemoRun(taken, tuple(published))


def _before(plan: Plan, periods: Sequence[Period]) -> list[Period]:
    """Return the periods that ended on the day before the shortest of these began."""
    begun_on = max(period.first_day for period in periods)
    return [period for period in plan.periods if (begun_on - period.last_day).days == 1]


def _release(workspace: Workspace, ledger: Ledger, door: Door, second: Door, period: Period) -> Published:
    """Consolidate and publish one period, after somebody has said of every planted fault that it may stand."""
    consolidate_under_lock(workspace, ledger, door, period)
    today = door.today(workspace.plan)
    found = draft(workspace, ledger, door, period)
    accepted = set(waivable(found)) if found is not None else set()
    if accepted:
        chosen = [one for one in failing(workspace, ledger, period, today) if (one.rule_id, one.unit_code) in accepted]
        require(ledger, door, "waive", period.id)
        grant(ledger, door, period, chosen, _REASON, today + _WAIVED_FOR)
    lacking = [one for one in warned(workspace, ledger, workspace.plan, period, today) if not one.is_justified]
    if lacking:
        require(ledger, door, "justify", period.id)
        state(ledger, door, period, lacking, _REASON)
    reason = _RESTATED if releases.published(ledger.entries, period.id) else ""
    return release_under_lock(workspace, ledger, door, second, period, reason)

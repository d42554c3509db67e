"""Is what was registered still what plan and settings say?

A plan that is accepted, or an hour that is set, while a workspace is being served counts from then on, not from the
next start. An edit that nobody accepted counts for nothing, and settings that cannot be read change nothing: `status`
names both.
"""

from dataclasses import dataclass
from pathlib import Path

from audit.ledger import BrokenLedgerError, Ledger
from flows.entry.plan_gate import plan_edit
from flows.serving.schedules import consolidation_crons
from schemas.plan import PlanError
from warehouse.named import DamagedStoreError
from warehouse.workspace import Workspace, WorkspaceError


@dataclass(frozen=True)
class Timetable:
    """When a workspace's flows run, in which zone, and for which periods somebody may ask."""

    zone: str
    sweep: str
    consolidation: tuple[str, ...]
    periods: tuple[str, ...]


def timetable(workspace: Workspace) -> Timetable:
    """Return when the flows of a workspace run, by its plan and settings."""
    plan, hours = workspace.plan, workspace.settings.schedule
    return Timetable(
        plan.document.timezone,
        hours.sweep_cron,
        consolidation_crons(plan, hours.consolidate_at),
        tuple(period.id for period in plan.periods),
    )


class Registered:
    """What was registered, held against the workspace again and again."""

    def __init__(self, workspace: Workspace) -> None:
        self._root = workspace.root
        self._timetable = timetable(workspace)
        self._seen = self._marks()

    def has_changed(self) -> bool:
        """Return whether it is no longer what was registered; what is there now counts as registered from then on."""
        marks = self._marks()
        if marks == self._seen:
            return False
        self._seen = marks
        found = self._in_force()
        if found is None or found == self._timetable:
            return False
        self._timetable = found
        return True

    def _marks(self) -> frozenset[tuple[Path, int, int]]:
        """Return what tells that something was written; reading record and plan each second would be too much."""
        workspace = Workspace(self._root)
        found = {_mark(path) for path in (workspace.ledger, workspace.settings_file)}
        found |= {_mark(path) for path in workspace.plan_folder.rglob("*")}
        return frozenset(mark for mark in found if mark is not None)

    def _in_force(self) -> Timetable | None:
        workspace = Workspace(self._root)
        try:
            if plan_edit(workspace, Ledger(workspace.ledger).entries) is None:
                return timetable(workspace)
        except (BrokenLedgerError, DamagedStoreError, PlanError, WorkspaceError):
            # Every command says so; what runs goes on as it was registered.
            pass
        return None


def _mark(path: Path) -> tuple[Path, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return path, found.st_mtime_ns, found.st_size

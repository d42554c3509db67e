"""Which options do commands share, and how is what a person typed turned into what a flow takes?"""

import getpass
import os
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from audit.authority import SCHEDULE
from audit.ledger import Stamp
from flows.entry.door import Door, MisuseError
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.text import clean, visible
from warehouse.workspace import Workspace, WorkspaceError, find_workspace

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="Thư mục làm việc / workspace folder (else MOTCUA_WORKSPACE, else upward)"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="In cho máy đọc / print for machines")]
ActorOption = Annotated[
    str | None, typer.Option("--actor", help="Người thực hiện / who does this (else MOTCUA_ACTOR, else the login)")
]
KnownOnOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-known-on", formats=["%Y-%m-%d"], help="Như đã biết vào cuối ngày / as known at the end of a day"
    ),
]
PeriodArgument = Annotated[str, typer.Argument(help="Kỳ / period, e.g. 2022-Q1, 2022-H1, 2022-9M, 2022-Y")]


def workspace_at(stated: Path | None) -> Workspace:
    """Return the workspace that a command works on, whatever is wrong with its plan."""
    return find_workspace(stated, os.environ.get("MOTCUA_WORKSPACE"), Path.cwd())


def workspace_or_none(stated: Path | None) -> Workspace | None:
    """Return the workspace that a command works on, or None outside of any; a stated one must be there."""
    try:
        return workspace_at(stated)
    except WorkspaceError:
        if stated is not None:
            raise
        return None


def open_workspace(stated: Path | None) -> Workspace:
    """Return the workspace that a command works on, its settings and plan checked."""
    workspace = workspace_at(stated)
    # A wrong key of the settings or the plan is said before anything is done.
    _ = workspace.settings, workspace.plan
    return workspace


def door(actor: str | None, command: str) -> Door:
    """Read clock and user once, for the whole command."""
    login = getpass.getuser()
    who = clean(actor or os.environ.get("MOTCUA_ACTOR") or login)
    if who == SCHEDULE:
        raise MisuseError(f"--actor {SCHEDULE}: tên của lịch tự động / is the schedule's name: state your own")

    def say(message: str) -> None:
        if sys.stderr.isatty():
            print(f"  … {visible(message)}", file=sys.stderr)

    def say_waiting(holder: str) -> None:
        print(f"Đang chờ / waiting for {visible(holder)}", file=sys.stderr)

    def say_amiss(message: str) -> None:
        print(f"lưu ý / note: {visible(message)}", file=sys.stderr)

    stamp = Stamp(datetime.now(UTC).replace(microsecond=0), who, login, f"motcua {command}")
    return Door(stamp, command, say_waiting, say, say_amiss)


def called() -> str:
    """Return how this program was called, so that what one is told to type works as it stands."""
    program = Path(sys.argv[0])
    if shutil.which("motcua") or program.name != "motcua":
        return "motcua"
    return os.path.relpath(program) if program.resolve().is_relative_to(Path.cwd()) else str(program)


def give_way() -> None:
    """Let short questions go first: long work steps back from the processors, not from its result."""
    os.nice(10)


def period_of(workspace: Workspace, period_id: str) -> Period:
    """Return the period of this name of the plan in force; MisuseError lists those that there are."""
    return period_in(workspace.plan, period_id)


def day_of(known_on: datetime | None) -> date | None:
    """Return the day at whose end something was known, as it was typed."""
    return known_on.date() if known_on is not None else None


def period_in(plan: Plan, period_id: str) -> Period:
    """Return a plan's period of this name, whatever its case; MisuseError lists those that there are."""
    found = {period.id.upper(): period for period in plan.periods}
    if period_id.upper() not in found:
        raise MisuseError(f"kế hoạch không có kỳ {period_id} / the plan has no such period: {', '.join(found)}")
    return found[period_id.upper()]

"""Which options do commands share, and how is what a person typed turned into what a flow takes?"""

import os
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from audit.ledger import Stamp
from audit.sealed_key import Sealing
from flows.entry.days import day_typed, moment_typed, require_past
from flows.entry.door import Door, from_now_on, own_name, system_account
from flows.entry.keyring import own_hand
from flows.entry.named import period_named
from motcua.passphrase import new_passphrase, passphrase_of
from schemas.plan_models import Period
from schemas.text import visible
from warehouse.places import require_folders, require_whole
from warehouse.plain import require_plain, strange_places
from warehouse.workspace import Workspace, WorkspaceError, find_workspace

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="Thư mục làm việc / workspace folder (else MOTCUA_WORKSPACE, else upward)"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="In cho máy đọc / print for machines")]
ActorOption = Annotated[
    str | None, typer.Option("--actor", help="Người thực hiện / who does this (else MOTCUA_ACTOR, else the login)")
]
KeyOption = Annotated[
    Path | None, typer.Option("--key", help="Tệp khóa để ở nơi khác / a sealed key kept elsewhere, on a stick")
]
NewKeyOption = Annotated[
    Path | None, typer.Option("--key", help="Ghi khóa vào tệp khác, ví dụ USB / write the key to a file, on a stick")
]
PassphraseOption = Annotated[
    int | None,
    typer.Option("--passphrase-fd", help="Đọc mật khẩu từ bộ mô tả tệp / read the passphrase from this descriptor"),
]
DAY_FORMS = "dd/mm/yyyy|YYYY-MM-DD"
KnownOnOption = Annotated[
    date | None,
    typer.Option(
        "--as-known-on",
        parser=day_typed,
        metavar=DAY_FORMS,
        help="Như đã biết vào cuối ngày / as known at the end of a day",
    ),
]
UntilOption = Annotated[
    date, typer.Option("--until", parser=day_typed, metavar=DAY_FORMS, help="Ngày cuối có hiệu lực / last day")
]
ReceivedOnOption = Annotated[
    date | None,
    typer.Option(
        "--received-on", parser=day_typed, metavar=DAY_FORMS, help="Ngày nhận chính thức / day of official receipt"
    ),
]
ExportedAtOption = Annotated[
    datetime | None,
    typer.Option(
        "--exported-at",
        parser=moment_typed,
        metavar=f"{DAY_FORMS} HH:MM:SS",
        help="Thời điểm kết xuất / time of export",
    ),
]
EmbargoOption = Annotated[
    datetime | None,
    typer.Option(
        "--embargo-until", parser=moment_typed, metavar=f"{DAY_FORMS} HH:MM",
        help="Không công bố trước / not before: 2022-04-01T08:00",
    ),
]  # fmt: skip
ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="Thay tệp đã có / write over a file that is there already")
]
PeriodArgument = Annotated[str, typer.Argument(help="Kỳ / period, e.g. 2022-Q1, 2022-H1, 2022-9M, 2022-Y")]


def workspace_at(stated: Path | None) -> Workspace:
    """Return the workspace that a command works on, whatever is wrong with its plan.

    Nothing of it is opened where a link, a pipe or the like stands in its place.
    """
    found = _found(stated)
    require_plain(found)
    return found


def _found(stated: Path | None) -> Workspace:
    return find_workspace(stated, os.environ.get("MOTCUA_WORKSPACE"), Path.cwd())


def workspace_or_none(stated: Path | None) -> Workspace | None:
    """Return the workspace that a command works on, or None outside of any; a stated one must be there."""
    try:
        return workspace_at(stated)
    except WorkspaceError:
        if stated is not None or os.environ.get("MOTCUA_WORKSPACE"):
            raise
        return None


def open_workspace(stated: Path | None) -> Workspace:
    """Return the workspace that a command works on, its folders, settings and plan checked."""
    workspace = workspace_at(stated)
    require_folders(workspace)
    # A wrong key of the settings or the plan is said before anything is done.
    _ = workspace.settings, workspace.plan
    return workspace


def open_to_read(stated: Path | None) -> Workspace:
    """Return the workspace that a command only asks, with all that it could be asked about."""
    require_whole(workspace_at(stated))
    return open_workspace(stated)


def open_to_verify(stated: Path | None) -> Workspace:
    """Return the workspace that is verified, whatever of it is gone: that is what is asked."""
    workspace = _found(stated)
    if strange_places(workspace):
        return workspace
    _ = workspace.settings
    return workspace


def door(actor: str | None, command: str, key: Path | None = None, passphrase_fd: int | None = None) -> Door:
    """Read clock and account once, for the whole command; the passphrase is asked for when something is signed."""
    account = system_account()
    who = own_name(actor or os.environ.get("MOTCUA_ACTOR") or account)
    hand = own_hand(lambda name: passphrase_of(name, passphrase_fd, os.environ), key)

    def say(message: str) -> None:
        if sys.stderr.isatty():
            print(f"  … {visible(message)}", file=sys.stderr)

    def say_waiting(holder: str) -> None:
        print(f"Đang chờ / waiting for {visible(holder)}", file=sys.stderr)

    def say_amiss(message: str) -> None:
        print(f"lưu ý / note: {visible(message)}", file=sys.stderr)

    now = datetime.now(UTC).replace(microsecond=0)
    stamp = Stamp(now, who, account, f"motcua {command}", waiting=from_now_on())
    return Door(stamp, command, say_waiting, say, say_amiss, hand=hand)


def sealing_of(entered: Door, passphrase_fd: int | None) -> Sealing:
    """Ask the one at the door for the passphrase that is to seal a new key."""
    return Sealing(new_passphrase(entered.stamp.actor, passphrase_fd, os.environ))


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
    """Return the period of this name of the plan in the folder; MisuseError names the nearest."""
    return period_named(workspace.plan, period_id)


def past_day(workspace: Workspace, known_on: date | None) -> date | None:
    """Return the day at whose end something was known; MisuseError for one that is still to come."""
    if known_on is not None:
        require_past("--as-known-on", known_on, datetime.now(workspace.plan.zone).date())
    return known_on

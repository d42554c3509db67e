"""The command line: what a person's mistake, and what our own, looks like.

Exit status: 0 done; 1 the data have fatal findings, the gate refused or verification failed; 2 wrong usage or
environment, with one line that says how to mend it.
"""

import os
import sys

import typer
from typer.exceptions import TyperException

import motcua.commands.answering
import motcua.commands.changing
import motcua.commands.correcting
import motcua.commands.deciding
import motcua.commands.history
import motcua.commands.keeping
import motcua.commands.opening
import motcua.commands.planning
import motcua.commands.profiling
import motcua.commands.reading
import motcua.commands.serving
import motcua.commands.working  # noqa: F401 -- importing registers the commands
from audit.ledger import BrokenLedgerError
from flows.entry.door import MisuseError
from motcua.app import MISUSED, REFUSED, app
from schemas.plan import PlanError
from warehouse.lock import WorkspaceBusyError
from warehouse.modes import close_to_others
from warehouse.named import DamagedStoreError
from warehouse.workspace import WorkspaceError


def _mistake(error: Exception) -> list[str]:
    if isinstance(error, PlanError):
        return [f"sai trong kế hoạch / mistake in the plan: {mistake}" for mistake in error.mistakes]
    if isinstance(error, WorkspaceBusyError):
        mend = "thử lại sau / try again, or raise lock_wait_seconds in motcua.toml"
        return [f"đang có người ghi / the workspace is held by {error}: {mend}"]
    if isinstance(error, TyperException):
        return [f"{error.format_message()} (motcua --help)"]
    return [str(error)]


_MISTAKES = (MisuseError, WorkspaceError, PlanError, WorkspaceBusyError)


def main() -> None:
    """Run the command line; a person's mistake is one line and exit status 2, our own is a traceback."""
    if not sys.stdout.isatty():
        os.environ.setdefault("NO_COLOR", "1")
    close_to_others()
    try:
        status_code = app(standalone_mode=False)
    except (*_MISTAKES, TyperException) as error:
        for line in _mistake(error):
            print(f"motcua: {line}", file=sys.stderr)
        sys.exit(MISUSED)
    except (BrokenLedgerError, DamagedStoreError) as error:
        print(f"motcua: {error}; chưa ghi gì / nothing was written: motcua verify", file=sys.stderr)
        sys.exit(REFUSED)
    except (typer.Abort, KeyboardInterrupt):
        print("motcua: đã dừng / stopped", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(status_code if isinstance(status_code, int) else 0)

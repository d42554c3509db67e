"""The command line: what a person's mistake, and what our own, looks like.

Exit status: 0 done; 1 the data have fatal findings, the gate refused or verification failed; 2 wrong usage or
environment, with one line that says how to mend it; 130 stopped by Ctrl+C. Output that nobody reads on is no error.
"""

import contextlib
import errno
import os
import sys
from typing import NoReturn

import typer
from typer.exceptions import TyperException

import motcua.commands.answering
import motcua.commands.changing
import motcua.commands.correcting
import motcua.commands.deciding
import motcua.commands.history
import motcua.commands.keeping
import motcua.commands.opening
import motcua.commands.people
import motcua.commands.planning
import motcua.commands.profiling
import motcua.commands.reading
import motcua.commands.registering
import motcua.commands.serving
import motcua.commands.working  # noqa: F401 -- importing registers the commands
from audit.ledger import BrokenLedgerError
from flows.entry.door import MisuseError
from flows.intake.reader import ReaderNotStartedError
from motcua.app import INTERRUPTED, MISUSED, REFUSED, app
from motcua.printing.faults import fault_text, is_of_the_machine
from motcua.printing.mistyped import mistyped_text
from schemas.plan import PlanError
from schemas.text import visible
from warehouse.lock import WorkspaceBusyError
from warehouse.modes import close_to_others
from warehouse.named import DamagedStoreError
from warehouse.workspace import WorkspaceError


def _mistake(error: Exception) -> list[str]:
    if isinstance(error, PlanError):
        mistakes = [f"sai trong kế hoạch / mistake in the plan: {mistake}" for mistake in error.mistakes]
        return [*mistakes, *([error.remedy] if error.remedy else [])]
    if isinstance(error, WorkspaceBusyError):
        mend = "thử lại sau / try again, or raise lock_wait_seconds in motcua.toml"
        return [f"đang có người ghi / the workspace is held by {error}: {mend}"]
    if isinstance(error, TyperException):
        return [mistyped_text(error)]
    return [str(error)]


_MISTAKES = (MisuseError, WorkspaceError, PlanError, WorkspaceBusyError)


def main() -> None:
    """Run the command line; a person's mistake or the machine's fault is one line, our own is a traceback."""
    if not sys.stdout.isatty():
        os.environ.setdefault("NO_COLOR", "1")
    close_to_others()
    try:
        status_code = app(standalone_mode=False, prog_name="motcua")
        sys.stdout.flush()
        if status_code == INTERRUPTED:
            # The parser tells of Ctrl+C by its status alone.
            raise KeyboardInterrupt
    except (*_MISTAKES, TyperException) as error:
        _end(MISUSED, *_mistake(error))
    except (BrokenLedgerError, DamagedStoreError) as error:
        _end(REFUSED, f"{error}; chưa ghi gì / nothing was written: motcua verify")
    except (typer.Abort, KeyboardInterrupt):
        _end(INTERRUPTED, "đã dừng / stopped")
    except BrokenPipeError:
        # Whoever read the output has had enough of it.
        _end(0)
    except ReaderNotStartedError as error:
        _end(MISUSED, f"{error}: kiểm tra bộ nhớ, ulimit -n, ulimit -u / check memory and these limits")
    except MemoryError:
        _end(MISUSED, fault_text(OSError(errno.ENOMEM, "")))
    except OSError as error:
        if not is_of_the_machine(error):
            raise
        _end(MISUSED, fault_text(error))
    _end(status_code if isinstance(status_code, int) else 0)


def _end(status: int, *lines: str) -> NoReturn:
    """Say what there is to say, and end with this status whatever becomes of the output on the way out."""
    with contextlib.suppress(OSError):
        for line in lines:
            print(f"motcua: {visible(line)}", file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # Python would try once more, and complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(status)

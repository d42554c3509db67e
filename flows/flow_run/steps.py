"""How does a step of a run end? With what it came to, or with one sentence.

What Prefect keeps is read by more people than the record, and the words of an error may hold a file's name or a cell.
So a sentence says of which kind the error is and which command tells the rest to somebody who may see it; neither the
error's words nor a traceback reach Prefect.
"""

import logging
import os
from collections.abc import Callable
from traceback import extract_tb
from typing import TypeVar

from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.exceptions import FailedRun
from prefect.logging import get_logger
from prefect.states import Failed
from prefect.tasks import Task, exponential_backoff

from audit.ledger import BrokenLedgerError
from flows.entry.authority import NotAllowedError
from flows.entry.door import MisuseError
from flows.entry.plan_gate import PlanNotAcceptedError
from flows.flow_run.caller import Caller, caller
from schemas.plan import PlanError
from warehouse.lock import WorkspaceBusyError
from warehouse.workspace import WorkspaceError

T = TypeVar("T")
_PASSING = "Unavailable"
_RETRIES = 3
_FIRST_PAUSE_SECONDS = 5
_JITTER = 0.5
_STEP_SECONDS = 3600


class _SaidAlready(logging.Filter):
    """Drops the traceback through Prefect that follows the sentence with which a deployed run has ended."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep all but what is raised for a run that has told why it failed."""
        return not (record.exc_info and isinstance(record.exc_info[1], FailedRun))


get_logger("flow_runs").addFilter(_SaidAlready())


class StepFailedError(RuntimeError):
    """Raised where a step of a run has failed; its one line can be shown to anybody."""


def ended(command: str, what: Callable[[Caller], T]) -> T | State[None]:
    """Run a flow's body for its caller; where it fails, return how in a sentence that can be shown to anybody."""
    try:
        who = caller()
    except MisuseError as error:
        return Failed(message=str(error))
    return _attempt(who, command, lambda: what(who))


def as_step(name: str, command: str, what: Callable[[], T]) -> T:
    """Do something as a task of the run, tried again where reading or writing failed; StepFailedError at the end."""
    who = caller()

    def attempt() -> T | State[None]:
        return _attempt(who, command, what)

    def is_passing(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
        # What was judged is judged the same again, and a person at a terminal decides about another try.
        return state.name == _PASSING and not who.is_person

    made = Task(
        attempt,
        name=name,
        description=f"motcua {command}",
        retries=_RETRIES,
        retry_delay_seconds=exponential_backoff(_FIRST_PAUSE_SECONDS),
        retry_jitter_factor=_JITTER,
        retry_condition_fn=is_passing,
        timeout_seconds=_STEP_SECONDS,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return result_of(made(return_state=True))


def result_of(state: State[T | State[None]]) -> T:
    """Return what a task or flow came to; StepFailedError where it failed or took too long."""
    if not state.is_completed():
        raise StepFailedError(state.message or str(state.name))
    found: T | State[None] = state.result()
    if isinstance(found, State):
        raise StepFailedError(found.message or str(found.name))
    return found


def _attempt(who: Caller, command: str, what: Callable[[], T]) -> T | State[None]:
    try:
        return what()
    except StepFailedError as error:
        return Failed(message=str(error))
    except (OSError, WorkspaceBusyError) as error:
        who.error = error
        return Failed(name=_PASSING, message=_sentence(error, command))
    # Nothing may get past: Prefect would keep the error's words, whatever they hold.
    except Exception as error:  # noqa: BLE001
        who.error = error
        return Failed(message=_sentence(error, command))


def _sentence(error: Exception, command: str) -> str:
    seen_by = f"xem / see: motcua {command}"
    match error:
        case OSError():
            why = os.strerror(error.errno) if error.errno else type(error).__name__
            return f"không đọc hoặc ghi được / cannot read or write ({why}): motcua {command}"
        case WorkspaceBusyError():
            return f"người khác đang ghi sổ / somebody else is writing, waited long enough: motcua {command}"
        case NotAllowedError():
            return f"việc này cần một người có quyền / a person with the right has to do this: motcua {command}"
        case BrokenLedgerError():
            return "sổ cái không như đã ký / the record is not as it was signed: motcua verify"
        case PlanNotAcceptedError():
            return "plan/ không phải kế hoạch được chấp nhận / is not the plan that was accepted: motcua plan diff"
        case PlanError():
            return "plan/ có lỗi / does not pass its check: motcua plan check"
        case WorkspaceError():
            return "motcua.toml hoặc thư mục làm việc có lỗi / settings or workspace are not right: motcua status"
        case MisuseError():
            return f"cần người xem lý do / a person has to look at the reason ({type(error).__name__}), {seen_by}"
    place = extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"  # noqa: PTH119 -- a name in a traceback is no path
    return f"lỗi chương trình / a fault of the program ({type(error).__name__}, {where}), {seen_by}"

"""For which workspace does a run work, and in whose name?

Neither is a parameter: whoever reached the server could set it. A deployment belongs to the one workspace for which its
process was started, and its actor is the schedule, whoever pressed the button. A person's own run happens in the
person's own process, with the door through which the person came.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from audit.authority import SCHEDULE
from audit.ledger import Stamp
from flows.entry.door import Door, MisuseError, from_now_on, system_account
from flows.entry.keyring import schedule_hand
from warehouse.workspace import Workspace

WORKSPACE_VARIABLE = "MOTCUA_WORKSPACE"


@dataclass
class Caller:
    """Who runs a flow, and for which workspace; `error` is what ended it, told to a person in full."""

    workspace: Workspace
    own_door: Door | None
    error: Exception | None = None

    @property
    def is_person(self) -> bool:
        """Whether a person runs it in a process of their own."""
        return self.own_door is not None

    def door(self, command: str) -> Door:
        """Return the door of one step: the person's own, or the schedule's."""
        if self.own_door is not None:
            return self.own_door
        account, now = system_account(), datetime.now(UTC).replace(microsecond=0)
        stamp = Stamp(now, SCHEDULE, account, f"schedule {command}", waiting=from_now_on())
        return Door(stamp, command, hand=schedule_hand(self.workspace))


_person: ContextVar[Caller | None] = ContextVar("person", default=None)


@contextmanager
def as_person(workspace: Workspace, door: Door) -> Iterator[Caller]:
    """Let the flows that are called within work for this workspace, in the name of whoever came through this door."""
    caller = Caller(workspace, door)
    token = _person.set(caller)
    try:
        yield caller
    finally:
        _person.reset(token)


def caller() -> Caller:
    """Return for whom the flow that is running works."""
    found = _person.get()
    if found is not None:
        return found
    root = os.environ.get(WORKSPACE_VARIABLE)
    if not root:
        raise MisuseError(
            "tiến trình này không thuộc thư mục làm việc nào / this process belongs to no workspace:"
            f" set {WORKSPACE_VARIABLE}"
        )
    return Caller(Workspace(Path(root)), None)

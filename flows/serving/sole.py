"""Does somebody serve this workspace already?

The lock is the operating system's (flock): it ends with the process that holds it, however that ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from flows.entry.door import MisuseError
from warehouse.workspace import Workspace

_LOCK_NAME = "motcua-serve.lock"
_SHOWN_BYTES = 20


@contextmanager
def sole_server(workspace: Workspace) -> Iterator[None]:
    """Be the one who serves a workspace; MisuseError where somebody does, to whom nothing happens."""
    path = workspace.prefect_home / _LOCK_NAME
    workspace.prefect_home.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = os.pread(descriptor, _SHOWN_BYTES, 0).decode("ascii", "replace")
            raise MisuseError(
                f"{workspace.root} đang được phục vụ bởi tiến trình {process} / is being served by process {process}:"
                " dừng tiến trình đó trước / stop that one first"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)

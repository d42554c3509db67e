"""Is everything of a workspace closed to everybody but its owner, and how is it made so?

Folders are 0700 and files 0600, releases and drafts too: they are handed on by copying, and whoever receives a copy
gives it the rights that it needs there. What lies in the inbox is not ours yet: only the folder is closed. Links are
neither followed nor changed.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRIVATE, OWNER_ONLY = 0o700, 0o600
_OTHERS = 0o077


def close_to_others() -> int:
    """Let this process and those that it starts make files for their owner alone; return the umask of before."""
    return os.umask(_OTHERS)


@contextmanager
def private() -> Iterator[None]:
    """Make what is made inside its owner's alone, whatever the umask is."""
    before = close_to_others()
    try:
        yield
    finally:
        os.umask(before)


def _everything(folder: Path, inbox: Path) -> Iterator[Path]:
    yield folder
    if folder == inbox:
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, PermissionError):
        # Others write here, too (Prefect's own files), and what is closed to us is not ours to name.
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _everything(Path(entry.path), inbox)
        elif not entry.is_symlink():
            yield Path(entry.path)


def open_to_others(root: Path, inbox: Path) -> list[Path]:
    """Return what others may read, change or enter in a workspace; `inbox` is its folder of files to come."""
    found = []
    for path in _everything(root, inbox):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue
        if mode & _OTHERS:
            found.append(path)
    return found


def close(root: Path, inbox: Path) -> list[Path]:
    """Take the rights of others away; return what was open and is ours to close."""
    closed = []
    for path in open_to_others(root, inbox):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            # Gone, somebody else's, or a link by now: `verify` names what stays open.
            continue
        try:
            os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) & ~_OTHERS)
            closed.append(path)
        except PermissionError:
            continue
        finally:
            os.close(descriptor)
    return closed

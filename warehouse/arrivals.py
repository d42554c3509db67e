"""Is this entry of a folder a file that can be taken, and has it come to rest?

Invariants:
1. an entry is looked at without following it, and opened so that neither a link nor a pipe can lead elsewhere or wait;
2. a file is copied once, and its hash and size are the copy's; one that changed meanwhile was not copied;
3. an original goes only while the same place still holds the same bytes.
"""

import errno
import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from io import BufferedReader
from pathlib import Path
from typing import Literal

from warehouse.files import sync_folder

_BLOCK = 1 << 20
_OWNER_ONLY = 0o600
_BILLION = 10**9
# What office programs, browsers and desktops leave beside files: their owners, halves of downloads, thumbnails.
_OWNER_MARKS = ("~$*", ".~lock.*", "thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "._*")
_UNFINISHED = ("*.tmp", "*.part", "*.partial", "*.crdownload", "*.download", "*.opdownload", "*.filepart", "*.!ut")

Why = Literal[
    "link", "folder", "pipe", "socket", "device", "name", "mark", "unfinished", "hidden", "changing", "closed"
]


class NotTakenError(ValueError):
    """Raised where an entry is no file that can be taken now; `why` says which kind it is."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Entry:
    """One name in a folder; `why` it is left alone, or None where it can be taken."""

    name: str
    why: Why | None


@dataclass(frozen=True)
class Identity:
    """By what a file is known again: its place on the disk, its size, and when it was last written to."""

    device: int
    inode: int
    size: int
    written_ns: int

    @classmethod
    def of(cls, state: os.stat_result) -> "Identity":
        """Return that of a file whose state was asked for."""
        return cls(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)


def kind_of(state: os.stat_result) -> Why | None:
    """Return what an entry is that is no regular file; None for one that is."""
    kinds: tuple[tuple[Callable[[int], bool], Why], ...] = (
        (stat.S_ISLNK, "link"),
        (stat.S_ISDIR, "folder"),
        (stat.S_ISFIFO, "pipe"),
        (stat.S_ISSOCK, "socket"),
    )
    if stat.S_ISREG(state.st_mode):
        return None
    return next((why for is_kind, why in kinds if is_kind(state.st_mode)), "device")


def is_nameable(name: str) -> bool:
    """Tell whether a name is UTF-8 and stands on one line: others cannot be said, recorded or typed."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name)


def _why_by_name(name: str) -> Why | None:
    key = unicodedata.normalize("NFC", name).casefold()
    if not is_nameable(name):
        return "name"
    if any(fnmatchcase(key, mark) for mark in _OWNER_MARKS):
        return "mark"
    if any(fnmatchcase(key, mark) for mark in _UNFINISHED):
        return "unfinished"
    return "hidden" if name.startswith(".") else None


def _is_changing(state: os.stat_result, at: datetime, settle_seconds: float) -> bool:
    # By the change that the system itself notes: a copying program may set the other back. A file of a later time than
    # the clock says is not of the last seconds.
    age_seconds = at.timestamp() - state.st_ctime_ns / _BILLION
    return abs(age_seconds) < settle_seconds


def look(path: Path, at: datetime, settle_seconds: float) -> Why | None:
    """Return why a path is left alone at this moment; None where it is a file that has come to rest."""
    state = path.lstat()
    why = kind_of(state) or _why_by_name(path.name)
    if why is None and _is_changing(state, at, settle_seconds):
        return "changing"
    return why


def entries(folder: Path, at: datetime, settle_seconds: float) -> list[Entry]:
    """Return what lies in a folder, in the order of the names; folders in it are named, not entered."""
    found = []
    for path in sorted(folder.iterdir()):
        try:
            found.append(Entry(path.name, look(path, at, settle_seconds)))
        except FileNotFoundError:
            # Taken away by somebody since the folder was read.
            continue
    return found


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading; NotTakenError for anything else, and where it is closed to us."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotTakenError("link") from error
        if error.errno in (errno.ENXIO, errno.ENODEV):
            raise NotTakenError("socket") from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise NotTakenError("closed") from error
        raise
    if (why := kind_of(os.fstat(descriptor))) is not None:
        os.close(descriptor)
        raise NotTakenError(why)
    return os.fdopen(descriptor, "rb")


@dataclass(frozen=True)
class Copied:
    """A copy that was made of a file, and by what the original is known again."""

    sha256: str
    size: int
    original: Identity


def copy(source: Path, target: Path) -> Copied:
    """Copy a file to a new place; NotTakenError where it is none, or changed while it was copied."""
    digest, size = hashlib.sha256(), 0
    with open_regular(source) as came:
        before = os.fstat(came.fileno())
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as kept:
            while block := came.read(_BLOCK):
                digest.update(block)
                size += kept.write(block)
        after = os.fstat(came.fileno())
    if Identity.of(before) != Identity.of(after) or size != after.st_size:
        raise NotTakenError("changing")
    return Copied(digest.hexdigest(), size, Identity.of(after))


def remove(path: Path, original: Identity, sha256: str) -> bool:
    """Remove an original that was kept; tell whether it was still the same. Another one is left where it is."""
    try:
        with open_regular(path) as file:
            is_same = (
                Identity.of(os.fstat(file.fileno())) == original
                and hashlib.file_digest(file, "sha256").hexdigest() == sha256
                and Identity.of(os.fstat(file.fileno())) == original
            )
        # The name may lead to another file than the one that was opened.
        if not is_same or Identity.of(path.lstat()) != original:
            return False
    except (FileNotFoundError, NotTakenError):
        return False
    path.unlink()
    sync_folder(path.parent)
    return True

"""How does a file come into the vault, and what becomes of it where the process is killed meanwhile?

Invariants:
1. the one copy from which a file is hashed, read and sealed lies in `vault/taking/<seq>/`, until the commit with that
   number has happened or failed; the original stays where it was until then;
2. `origin.json` beside the copy says which file of the inbox it is; that goes after its commit, where it is still the
   same file with the same bytes;
3. what lies there and was not written by us is neither followed nor opened, and stops nothing.

Until version 0.3 files of the inbox were moved to `vault/incoming/<seq>/`, given ones copied to `vault/given/<seq>/`:
what a killed process of then left is put back, or dropped.
"""

import itertools
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from warehouse import arrivals
from warehouse.arrivals import Identity
from warehouse.files import sha256_of, sync_folder, write_bytes
from warehouse.modes import PRIVATE
from warehouse.workspace import Workspace

_COPY, _ORIGIN = "copy", "origin.json"


@dataclass(frozen=True)
class Taking:
    """A file on its way: its copy, and the hash, size and own name of what was copied."""

    seq: int
    path: Path
    name: str
    sha256: str
    size: int
    source: Path
    original: Identity
    is_moved: bool


def _folder(workspace: Workspace, seq: int) -> Path:
    return workspace.vault / "taking" / str(seq)


def _make_empty(folder: Path) -> None:
    """Make a folder of ours, and the one above it; what lies in its place and is none is moved out of the way."""
    for one in (folder.parent, folder):
        if os.path.lexists(one) and not _is_folder(one):
            one.rename(_free_name(one.parent, one))
        if one == folder:
            shutil.rmtree(one, ignore_errors=True)
        one.mkdir(mode=PRIVATE, exist_ok=True)


def begin(workspace: Workspace, source: Path, seq: int, *, is_moved: bool) -> Taking:
    """Copy a file under the number of the commit that will name it; NotTakenError where it cannot be taken now.

    One that `is_moved` goes from the inbox once that commit has happened.
    """
    folder = _folder(workspace, seq)
    _make_empty(folder)
    try:
        copied = arrivals.copy(source, folder / _COPY)
    except BaseException:
        # Half a copy is plaintext that nobody needs.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    taking = Taking(seq, folder / _COPY, source.name, copied.sha256, copied.size, source, copied.original, is_moved)
    if is_moved:
        origin = {"name": source.name, "sha256": copied.sha256, **asdict(copied.original)}
        write_bytes(folder / _ORIGIN, json.dumps(origin).encode())
    return taking


def drop(workspace: Workspace, seq: int) -> None:
    """Drop the copy: it was committed, or will not be."""
    shutil.rmtree(_folder(workspace, seq), ignore_errors=True)


def finish(workspace: Workspace, taking: Taking) -> bool:
    """Let the original of the inbox go after its commit, then the copy; tell whether it was still the same."""
    is_gone = not taking.is_moved or arrivals.remove(taking.source, taking.original, taking.sha256)
    drop(workspace, taking.seq)
    return is_gone


def _tickets(folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield the folders of commits that were under way, by their numbers; anything else is left alone."""
    if not _is_folder(folder):
        return
    found = [path for path in folder.iterdir() if path.name.isascii() and path.name.isdigit() and _is_folder(path)]
    yield from sorted((int(path.name), path) for path in found)


def _is_folder(path: Path) -> bool:
    return os.path.lexists(path) and stat.S_ISDIR(path.lstat().st_mode)


def _is_file(path: Path) -> bool:
    return os.path.lexists(path) and stat.S_ISREG(path.lstat().st_mode)


def _origin(ticket: Path) -> tuple[str, Identity, str] | None:
    """Return name, identity and hash of the inbox file that a copy is of; None where nothing sound says so."""
    path = ticket / _ORIGIN
    if not _is_file(path):
        return None
    try:
        said = json.loads(path.read_bytes())
        original = Identity(*(int(said[name]) for name in ("device", "inode", "size", "written_ns")))
        name, sha256 = str(said["name"]), str(said["sha256"])
    except (ValueError, KeyError, TypeError):
        return None
    return None if "/" in name or name in ("", ".", "..") else (name, original, sha256)


def _free_name(folder: Path, path: Path) -> Path:
    """Return where the file can lie in a folder: a newer file of its name may have arrived since."""
    others = (f"{path.stem}-{number}{path.suffix}" for number in itertools.count(2))
    every = itertools.chain([path.name], others)
    return next(folder / name for name in every if not os.path.lexists(folder / name))


def finish_interrupted(workspace: Workspace, is_committed: Callable[[int, str], bool]) -> None:
    """Put right what a killed process left; `is_committed` tells whether the commit of a number names a hash."""
    for seq, ticket in _tickets(workspace.vault / "taking"):
        origin = _origin(ticket)
        if origin is not None and is_committed(seq, origin[2]):
            name, original, sha256 = origin
            arrivals.remove(workspace.inbox / name, original, sha256)
        shutil.rmtree(ticket, ignore_errors=True)
    for seq, ticket in _tickets(workspace.vault / "incoming"):
        for path in sorted(filter(_is_file, ticket.iterdir())):
            if is_committed(seq, sha256_of(path)):
                path.unlink()
            else:
                path.rename(_free_name(workspace.inbox, path))
                sync_folder(workspace.inbox)
        # What is no file never came from an inbox: it stays where it is.
        if not any(ticket.iterdir()):
            ticket.rmdir()
    shutil.rmtree(workspace.vault / "given", ignore_errors=True)

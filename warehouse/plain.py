"""Is every part of a workspace the folder or file itself, or does a link or a pipe stand in its place?

Invariants:
1. no link stands in the place of the record, its signed head, the settings, a key, a plan's file, or of a folder that
   holds what the record names: whoever follows it reads and writes what somebody else can exchange;
2. no pipe, socket, device or folder stands in the place of a file: whoever opens it waits for ever, or fails.

Asked of the places themselves before anything is opened; deeper links are named by `verify`.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.workspace import Workspace, WorkspaceError

LINK = "là liên kết / is a link"
NO_FILE = "không phải tệp thường / is no plain file"
_MEND = (
    "không đi theo, không mở / is neither followed nor opened: xem ai đặt, rồi để lại tệp hoặc thư mục thật / see who"
    " put it there, then put the file or folder itself back"
)


@dataclass(frozen=True)
class StrangePlace:
    """What is not the folder or file itself, and why."""

    path: Path
    problem: str

    @property
    def what(self) -> str:
        """What it is, and how to mend it."""
        return f"{self.problem}, {_MEND}"


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return None


def _amiss(path: Path, *, is_file: bool) -> StrangePlace | None:
    mode = _mode(path)
    if mode is not None and stat.S_ISLNK(mode):
        return StrangePlace(path, LINK)
    if mode is not None and is_file and not stat.S_ISREG(mode):
        return StrangePlace(path, NO_FILE)
    return None


def _inside(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder; nothing of one that is behind a link, or that is none."""
    mode = _mode(folder)
    if mode is not None and stat.S_ISDIR(mode):
        yield from sorted(folder.iterdir())


def _places(workspace: Workspace) -> Iterator[tuple[Path, bool]]:
    """Yield each place that every command may open, and whether a file has to be there."""
    for path in (workspace.settings_file, workspace.ledger, workspace.checkpoint, workspace.next_checkpoint):
        yield path, True
    holding = (workspace.store, workspace.vault, workspace.releases, workspace.keys)
    plans = (workspace.plan_folder, workspace.next_plan_folder)
    for path in (*holding, *plans, workspace.drafts, workspace.torn, workspace.set_aside, workspace.staging):
        yield path, False
    for folder in holding:
        for path in _inside(folder):
            yield path, False
    for folder in (workspace.keys, workspace.people_keys, workspace.keys / "next", workspace.keys / "retired"):
        for path in _inside(folder):
            yield path, not path.is_dir()
    for folder in plans:
        for path in _of_plan(folder):
            yield path, not path.is_dir()


def _of_plan(folder: Path) -> Iterator[Path]:
    """Yield what is read of a plan: hidden files are an editor's, and nobody reads them."""
    for path in _inside(folder):
        if not path.name.startswith("."):
            yield path
            yield from _of_plan(path)


def strange_places(workspace: Workspace) -> list[StrangePlace]:
    """Return each place of a workspace that is not the folder or file itself, once."""
    found = (_amiss(path, is_file=is_file) for path, is_file in _places(workspace))
    return list({one.path: one for one in found if one is not None}.values())


def require_plain(workspace: Workspace) -> None:
    """Return where every place is the folder or file itself; WorkspaceError names the first that is not."""
    for one in strange_places(workspace):
        raise WorkspaceError(f"{one.path}: {one.what}")


def links_inside(workspace: Workspace) -> list[Path]:
    """Return every link below the folders that hold what the record names."""
    found = []
    for folder in (workspace.store, workspace.vault, workspace.releases, workspace.keys):
        for parent, folders, names in os.walk(folder):
            found += [path for name in (*folders, *names) if (path := Path(parent) / name).is_symlink()]
    return sorted(found)

"""Is everything there of which a workspace consists? What is gone is named before anything is read from the rest.

Where a part of a workspace is gone, what is left answers as if there had never been anything: no commit, no release, no
file in the inbox. So every command asks here first. What writes is told of the record by `warehouse.head`, and makes
the projection anew by itself.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.workspace import Workspace, WorkspaceError

_FROM_BACKUP = "lấy lại từ bản lưu / put it back from a backup: motcua restore BACKUP DIR"


@dataclass(frozen=True)
class MissingPlace:
    """A part of a workspace that is gone, what is amiss with it, and how to mend that."""

    path: Path
    problem: str
    mend: str

    @property
    def sentence(self) -> str:
        """What, where, and how to mend it."""
        return f"{self.path}: {self.what}"

    @property
    def what(self) -> str:
        """What, and how to mend it, where it is said of which workspace."""
        return f"{self.problem}: {self.mend}"


def _folders(workspace: Workspace) -> Iterator[tuple[Path, str]]:
    # While a decided plan takes the folder's place it lies beside it.
    if not workspace.next_plan_folder.is_dir():
        yield workspace.plan_folder, "lấy lại kế hoạch hiện hành / lay the plan in force out again: motcua plan restore"
    yield workspace.store, _FROM_BACKUP
    yield workspace.vault, _FROM_BACKUP
    yield (
        workspace.releases,
        f"{_FROM_BACKUP}; chưa công bố gì / where nothing was published: mkdir {workspace.releases}",
    )
    yield workspace.inbox, f"tạo lại / make the folder again: mkdir {workspace.inbox}"


def missing_folders(workspace: Workspace) -> list[MissingPlace]:
    """Return the folders of a workspace that are gone, or are none."""
    return [
        MissingPlace(
            path,
            "không phải thư mục / is no folder" if path.exists() else "không có thư mục này / the folder is missing",
            mend,
        )
        for path, mend in _folders(workspace)
        if not path.is_dir()
    ]


def missing_files(workspace: Workspace) -> list[MissingPlace]:
    """Return what cannot be asked without being there: a record that holds a commit, and what is computed from it."""
    missing = []
    if not workspace.ledger.is_file():
        missing.append(MissingPlace(workspace.ledger, "không có sổ cái / the record is missing", _FROM_BACKUP))
    elif not workspace.ledger.stat().st_size:
        missing.append(MissingPlace(workspace.ledger, "sổ cái trống / the record holds no commit", _FROM_BACKUP))
    if not workspace.database.is_file():
        missing.append(
            MissingPlace(workspace.database, "không có / is missing", "tính lại / compute it anew: motcua rebuild")
        )
    return missing


def require_folders(workspace: Workspace, may_lack: Container[Path] = ()) -> None:
    """Return where every folder of a workspace is there, but for what the command mends; else WorkspaceError.

    It names all that are not there, in one line.
    """
    _require([one for one in missing_folders(workspace) if one.path not in may_lack])


def require_whole(workspace: Workspace) -> None:
    """Return where a workspace can be asked; else WorkspaceError names what of it is gone, in one line."""
    _require([*missing_files(workspace), *missing_folders(workspace)])


def _require(missing: list[MissingPlace]) -> None:
    if missing:
        raise WorkspaceError("; ".join(one.sentence for one in missing))

"""How does a workspace come back from its backup, whole or not at all?

Every file is checked before the first is laid out: its hash, that its path stays inside, that no link is followed, and
the signature over all of them. The settings come last (before them there is no workspace), and what a killed restore
left is told by a mark and begun anew. An erasure that the record names is carried out again.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from audit.erasures import erased
from audit.ledger import Ledger
from warehouse import vault
from warehouse.backup import copy_checked
from warehouse.backup_index import read_index, require_signed, require_sound_place
from warehouse.files import TEMPORARY, is_temporary, sha256_of, write_bytes
from warehouse.modes import close, private
from warehouse.projection import rebuild
from warehouse.workspace import SETTINGS, Workspace, WorkspaceError

_UNFINISHED = ".restoring"


def _begin_restoring(root: Path) -> None:
    left = {path.name for path in root.iterdir()} if root.exists() else set()
    # One that was killed while it wrote its mark has left that much.
    if _UNFINISHED not in left and not all(is_temporary(name, _UNFINISHED) for name in left):
        raise WorkspaceError(f"{root} không trống, hãy chọn thư mục mới / is not empty: name a new folder")
    root.mkdir(parents=True, exist_ok=True)
    write_bytes(root / _UNFINISHED, b"")
    for path in root.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != _UNFINISHED:
            path.unlink()


def _checked_sources(folder: Path, keys: Path, *, accepts_unsigned: bool) -> Mapping[str, tuple[Path, str]]:
    """Return source and hash of every file by its path in the workspace; WorkspaceError names one that is damaged."""
    index = read_index(folder)
    if not index.state:
        raise WorkspaceError(f"{folder}: bản lưu chưa xong / the backup was never finished: motcua backup FOLDER")
    for path, sha256 in index.files.items():
        require_sound_place(folder, path)
        if not (folder / path).is_file() or sha256_of(folder / path) != sha256:
            raise WorkspaceError(
                f"{folder / path}: thiếu hoặc đã thay đổi, chưa khôi phục gì / is missing or was changed, nothing was"
                " restored: use another backup"
            )
    require_signed(folder, index, keys, accepts_unsigned=accepts_unsigned)
    state = f"{index.state}/"
    return {path.removeprefix(state): (folder / path, sha256) for path, sha256 in index.files.items()}


def _key_sources(keys: Path) -> Mapping[str, tuple[Path, str]]:
    paths = sorted(path for path in keys.rglob("*") if not path.name.startswith(TEMPORARY))
    for path in paths:
        if not path.is_dir() or path.is_symlink():
            require_sound_place(keys, path.relative_to(keys).as_posix())
    paths = [path for path in paths if path.is_file()]
    return {f"keys/{path.relative_to(keys).as_posix()}": (path, sha256_of(path)) for path in paths}


@private()
def restore(folder: Path, keys: Path | None, root: Path, *, accepts_unsigned: bool = False) -> Workspace:
    """Make a workspace of a backup and of the keys that lie in it, or in a folder of their own.

    WorkspaceError names a file that is missing or was changed, a path that leads out, a signature that is missing or
    does not fit, a folder that is no backup, and one that is in use.
    """
    of_keys = keys or folder / "keys"
    sources = {**_key_sources(of_keys), **_checked_sources(folder, of_keys, accepts_unsigned=accepts_unsigned)}
    _begin_restoring(root)
    workspace = Workspace(root.resolve())
    for made in (workspace.inbox, workspace.store, workspace.releases, workspace.vault, workspace.keys):
        made.mkdir()
    for path, (source, sha256) in sorted(sources.items(), key=lambda item: (item[0] == SETTINGS, item[0])):
        copy_checked(source, workspace.root / path, sha256)
    ledger = Ledger(workspace.ledger)
    for sha256 in sorted(erased(ledger.entries)):
        vault.destroy(workspace, sha256)
    rebuild(workspace, ledger)
    (root / _UNFINISHED).unlink()
    # The folder may have been there, open to others.
    close(workspace.root, workspace.inbox)
    return workspace

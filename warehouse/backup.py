"""How does a workspace come to lie whole in a second folder, again and again, ready to come back?

Invariants:
1. `backup.json` is written last, in one step, and names every other file by hash; what it does not name is no part;
2. what never changes (vault, store, releases, torn lines, what was set aside) is copied once, at the path that it has
   in the workspace;
3. what lies at the destination is read again each time, and what is damaged there is mended;
4. what changes (record, checkpoint, plan, settings) lies in a folder of its own for each state, so that a backup killed
   half-way leaves the one before it whole;
5. a damaged file is never copied over a sound one, nothing of another record is overwritten, no link is followed.
Keys are copied only where asked, into a folder that may lie elsewhere; keys of erased originals go from there.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.chain import canonical
from audit.erasures import erased
from audit.ledger import Ledger
from audit.signing_keys import keys_of
from warehouse import arrivals, vault
from warehouse.arrivals import NotTakenError
from warehouse.backup_index import CHANGING, IMMUTABLE, INDEX, Index, read_index, require_sound_place, write_index
from warehouse.files import TEMPORARY, destroy_file, sha256_of, write_bytes, write_whole
from warehouse.modes import PRIVATE
from warehouse.workspace import PUBLIC_KEY, Workspace, WorkspaceError


@dataclass(frozen=True)
class BackedUp:
    """What one backup did: files copied, files that lay there already, files and keys taken out of it.

    `mended_count` of the copied ones had lain there, and were damaged or gone.
    """

    size: int
    head: str
    copied_count: int
    kept_count: int
    removed_count: int
    mended_count: int
    key_count: int | None


def copy_checked(source: Path, target: Path, sha256: str) -> None:
    """Copy one file; WorkspaceError where it is not what it should be: nothing is written then."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)

    def fill(temporary: Path) -> None:
        temporary.unlink(missing_ok=True)
        try:
            copied = arrivals.copy(source, temporary)
        except NotTakenError as error:
            raise WorkspaceError(f"{source}: không phải tệp / is no file ({error.why}): motcua verify") from error
        if copied.sha256 != sha256 or sha256_of(temporary) != sha256:
            raise WorkspaceError(f"{source}: nội dung đã thay đổi, không chép / was changed, not copied: motcua verify")

    write_whole(target, fill)


def _immutable(workspace: Workspace, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Yield path and hash of what never changes: by the record where it names the file, else as it lies there."""
    named = {file.path: file.sha256 for entry in ledger.entries for file in entry.files}
    gone = {workspace.relative(vault.plain_path(workspace, sha256)) for sha256 in erased(ledger.entries)}
    for folder in IMMUTABLE:
        for path in sorted((workspace.root / folder).rglob("*")):
            relative = workspace.relative(path)
            is_part = folder in ("releases", "torn", "set-aside") or relative.removesuffix(vault.NAME) in named
            if is_part and path.is_file():
                yield relative, named.get(relative) or sha256_of(path)
    missing = [path for path in named if path not in gone and not (workspace.root / path).is_file()]
    if missing:
        raise WorkspaceError(f"{missing[0]}: thiếu tệp / is missing: motcua verify")


def _holds(folder: Path, path: str, sha256: str) -> bool:
    """Tell whether a file lies in a backup as it should; WorkspaceError where a link lies on the way."""
    require_sound_place(folder, path)
    return (folder / path).is_file() and sha256_of(folder / path) == sha256


def _put_state(workspace: Workspace, folder: Path) -> tuple[str, dict[str, str], int]:
    """Write the files that change, unless they lie there so; return their folder, hashes and how many were written."""
    contents = _state_files(workspace)
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    state = f"state-{hashlib.sha256(canonical(hashes)).hexdigest()[:16]}"
    written = 0
    for path, content in contents.items():
        if not _holds(folder, f"{state}/{path}", hashes[path]):
            target = folder / state / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
            write_bytes(target, content)
            written += 1
    return state, {f"{state}/{path}": sha256 for path, sha256 in hashes.items()}, written


def _state_files(workspace: Workspace) -> dict[str, bytes]:
    paths = [workspace.root / name for name in CHANGING]
    paths += sorted(path for path in workspace.plan_folder.rglob("*") if path.is_file())
    return {workspace.relative(path): path.read_bytes() for path in paths if path.exists()}


def _drop_temporary(folder: Path) -> None:
    for path in folder.rglob(f"{TEMPORARY}*"):
        path.unlink()


def _begin(workspace: Workspace, ledger: Ledger, folder: Path) -> Index:
    """Return what an earlier backup of this record holds, or begin one in an empty folder."""
    if folder.resolve().is_relative_to(workspace.root):
        raise WorkspaceError(f"{folder} nằm trong thư mục làm việc / is inside the workspace: name another folder")
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    if not (folder / INDEX).exists():
        if any(not path.name.startswith(TEMPORARY) for path in folder.iterdir()):
            raise WorkspaceError(
                f"{folder} không trống, không phải bản lưu / is not empty and no backup: name another folder"
            )
        write_index(folder, Index(), workspace)
    _drop_temporary(folder)
    index = read_index(folder)
    if index.size > ledger.size or ledger.head_at(index.size) != index.head:
        raise WorkspaceError(
            f"{folder} giữ một sổ cái khác / is of another record, or this one was rewritten:"
            " motcua verify, name another folder"
        )
    return index


def _require_own_keys(workspace: Workspace, ledger: Ledger, folder: Path) -> None:
    """Return where a folder of keys is new, or holds those of this record: nobody else's are written over."""
    left = [path.name for path in folder.iterdir() if not path.name.startswith(TEMPORARY)] if folder.is_dir() else []
    if not left:
        return
    public = folder / PUBLIC_KEY
    if not public.is_file() or public.read_bytes() not in keys_of(ledger.entries, workspace.public_key()):
        raise WorkspaceError(
            f"{folder} không trống, không giữ khóa của sổ cái này / is not empty, and holds no keys of this record:"
            " name another folder"
        )


def _copy_keys(workspace: Workspace, folder: Path) -> int:
    """Bring a folder of keys up to those of the workspace; return how many were copied."""
    copied = 0
    # By the public key a later backup tells that the folder is of this record: it comes first.
    for path in sorted(workspace.keys.rglob("*"), key=lambda path: (path.name != PUBLIC_KEY, path)):
        target = folder / path.relative_to(workspace.keys)
        if not path.is_file():
            continue
        require_sound_place(folder, path.relative_to(workspace.keys).as_posix())
        if not target.exists() or target.read_bytes() != path.read_bytes():
            copy_checked(path, target, sha256_of(path))
            copied += 1
    return copied


def _destroy_erased(workspace: Workspace, ledger: Ledger, folder: Path, keys: Path) -> int:
    """Destroy what a backup still holds of erased originals: keys, and plaintext of before sealing."""
    removed = 0
    for sha256 in sorted(erased(ledger.entries)):
        key = keys / vault.key_path(workspace, sha256).relative_to(workspace.keys)
        plain = folder / workspace.relative(vault.plain_path(workspace, sha256))
        for path in (key, plain, plain.with_name(f"{sha256}{vault.NAME}")):
            removed += path.exists()
            destroy_file(path)
    return removed


def back_up(
    workspace: Workspace, ledger: Ledger, folder: Path, keys: Path | None, on_step: Callable[[str], None]
) -> BackedUp:
    """Bring a backup up to the record, under the workspace's lock; `keys` is where the keys go, if anywhere."""
    if keys is not None and not keys.is_relative_to(folder):
        _require_own_keys(workspace, ledger, keys)
    before = _begin(workspace, ledger, folder)
    removed = _destroy_erased(workspace, ledger, folder, keys or folder / "keys")
    files, copied, mended = dict[str, str](), 0, 0
    for path, sha256 in _immutable(workspace, ledger):
        if not _holds(folder, path, sha256):
            on_step(path)
            copy_checked(workspace.root / path, folder / path, sha256)
            copied += 1
            mended += before.files.get(path) == sha256
        files[path] = sha256
    kept = len(files) - copied
    key_count = _copy_keys(workspace, keys) if keys is not None else None
    state, changing, written = _put_state(workspace, folder)
    if state == before.state:
        mended += written
    files |= changing
    write_index(folder, Index(size=ledger.size, head=ledger.head, state=state, files=files), workspace)
    for old in folder.glob("state-*"):
        if old.name != state and not old.is_symlink():
            shutil.rmtree(old)
    return BackedUp(ledger.size, ledger.head, copied + written, kept, removed, mended, key_count)

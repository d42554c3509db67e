"""Where are the originals, what were they called, and what is left of one that was erased?

Invariants:
1. an original lies in the vault sealed: `vault/<aa>/<sha256>.sealed`, its own name (it may name a person) beside it in
   `<sha256>.name.sealed`; the hash is that of the plaintext;
2. what its sender called its sheets lies beside it in `<sha256>.sheets.sealed`;
3. each has a key of its own, `keys/originals/<aa>/<sha256>.key`; without it neither content nor name can be had;
4. plaintext lies in `vault/taking/<seq>/` while the commit with that number is under way (warehouse/taking.py), and in
   `vault/opened-<process>-*/` while somebody reads: nowhere else.

Workspaces of before sealing hold `<sha256>` and `<sha256>.name` as they came; these are read as they are.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audit.events import StoredFile
from warehouse.files import destroy_file, write_bytes, write_whole
from warehouse.modes import OWNER_ONLY, PRIVATE
from warehouse.sealing import KEY_BYTES, SealError, seal, seal_message, unseal_message, unsealed
from warehouse.workspace import Workspace, WorkspaceError

SEALED, NAME_SEALED, NAME, SHEETS_SEALED = ".sealed", ".name.sealed", ".name", ".sheets.sealed"
_OPENED = "opened-"
_OPENED_BY = re.compile(rf"{_OPENED}(\d{{1,9}})-.+", re.ASCII)


class UnreadableOriginalError(WorkspaceError):
    """Raised where an original cannot be read any more: its key was destroyed by a decision, or is lost."""


@dataclass(frozen=True)
class Original:
    """An original in the vault: the hash of its plaintext, and its files as the ledger names them."""

    sha256: str
    files: tuple[StoredFile, ...]


@dataclass(frozen=True)
class Examined:
    """What one reading of an original's file gave; no plaintext hash where it does not open."""

    file_sha256: str
    plaintext_sha256: str | None


def plain_path(workspace: Workspace, sha256: str) -> Path:
    """Return where an original of before sealing lies."""
    return workspace.vault / sha256[:2] / sha256


def sealed_path(workspace: Workspace, sha256: str) -> Path:
    """Return where the sealed original with this hash lies."""
    return workspace.vault / sha256[:2] / f"{sha256}{SEALED}"


def key_path(workspace: Workspace, sha256: str) -> Path:
    """Return where the key of this original lies."""
    return workspace.keys / "originals" / sha256[:2] / f"{sha256}.key"


def _make_private(folder: Path, above: Path) -> None:
    for one in (*reversed([p for p in folder.parents if above in p.parents]), folder):
        one.mkdir(mode=PRIVATE, exist_ok=True)


def _key(workspace: Workspace, sha256: str) -> bytes | None:
    path = key_path(workspace, sha256)
    return path.read_bytes() if path.exists() else None


def _kept_key(workspace: Workspace, sha256: str, entropy: Callable[[int], bytes]) -> bytes:
    """Return the original's key; it is made at the first try and stays, so that a second gives the same bytes."""
    path = key_path(workspace, sha256)
    if not path.exists():
        _make_private(path.parent, workspace.keys)
        write_bytes(path, entropy(KEY_BYTES))
    return path.read_bytes()


def keep(workspace: Workspace, source: Path, name: str, sha256: str, entropy: Callable[[int], bytes]) -> Original:
    """Seal a file, whose hash the caller knows, and its name into the vault, and read back what was sealed.

    WorkspaceError where it does not open to the same bytes: the disk or the memory is at fault.
    """
    key = _kept_key(workspace, sha256, entropy)
    path = sealed_path(workspace, sha256)
    _make_private(path.parent, workspace.vault)
    written: list[tuple[str, int]] = []
    write_whole(path, lambda temporary: written.append(seal(source, temporary, key)))
    examined = examine(workspace, sha256)
    if examined is None or examined.plaintext_sha256 != sha256:
        raise WorkspaceError(
            f"{path}: đọc lại không đúng những gì vừa ghi / does not read back as it was written: check disk and memory"
        )
    name_path = path.with_name(f"{sha256}{NAME_SEALED}")
    if not name_path.exists():
        write_bytes(name_path, seal_message(name.encode(), key))
    named = name_path.read_bytes()
    files = (
        StoredFile(path=workspace.relative(path), sha256=written[0][0], size=written[0][1]),
        StoredFile(path=workspace.relative(name_path), sha256=hashlib.sha256(named).hexdigest(), size=len(named)),
    )
    return Original(sha256, files)


def keep_answer(workspace: Workspace, sha256: str, answer: bytes, entropy: Callable[[int], bytes]) -> StoredFile:
    """Seal the answer to a submission with the key of its original: what erases the one erases the other."""
    sealed = seal_message(answer, _kept_key(workspace, sha256, entropy))
    digest = hashlib.sha256(sealed).hexdigest()
    path = workspace.vault / sha256[:2] / f"{sha256}.answer-{digest[:16]}{SEALED}"
    if not path.exists():
        write_bytes(path, sealed)
    return StoredFile(path=workspace.relative(path), sha256=digest, size=len(sealed))


def keep_sheet_titles(workspace: Workspace, sha256: str, titles: Sequence[str]) -> StoredFile | None:
    """Seal what a sender called the sheets of an original; None where there are none, or nothing is sealed here."""
    key = _key(workspace, sha256)
    if key is None or not titles:
        return None
    sealed = seal_message(json.dumps(list(titles), ensure_ascii=False).encode(), key)
    path = plain_path(workspace, sha256).with_name(f"{sha256}{SHEETS_SEALED}")
    if not path.exists():
        write_bytes(path, sealed)
    return StoredFile(path=workspace.relative(path), sha256=hashlib.sha256(sealed).hexdigest(), size=len(sealed))


def sheet_titles(workspace: Workspace, sha256: str) -> tuple[str, ...]:
    """Return what a sender called the sheets of an original, for the people of this machine; none where that is closed.

    Nothing was kept of originals that came before labels stood for the sheets in the record.
    """
    path = plain_path(workspace, sha256).with_name(f"{sha256}{SHEETS_SEALED}")
    try:
        key = _key(workspace, sha256)
        return tuple(json.loads(unseal_message(path.read_bytes(), key))) if key is not None else ()
    except (FileNotFoundError, PermissionError, SealError):
        return ()


def name_of(workspace: Workspace, sha256: str) -> str | None:
    """Return an original's own name for the people of this machine; None where it is closed to us or erased."""
    plain = plain_path(workspace, sha256)
    try:
        if (key := _key(workspace, sha256)) is not None:
            return unseal_message(plain.with_name(f"{sha256}{NAME_SEALED}").read_bytes(), key).decode()
        return plain.with_name(f"{sha256}{NAME}").read_text("utf-8")
    except (FileNotFoundError, PermissionError, SealError):
        return None


def called(workspace: Workspace, sha256: str) -> str:
    """Return how people call an original: by its own name, else by its hash, and whether it can still be read."""
    name = name_of(workspace, sha256)
    if name is not None:
        return name
    return sha256[:12] if has_key(workspace, sha256) else f"{sha256[:12]} (đã xóa hoặc mất khóa / erased or key lost)"


def _blocks(workspace: Workspace, sha256: str) -> Iterator[bytes]:
    plain, sealed, key = plain_path(workspace, sha256), sealed_path(workspace, sha256), _key(workspace, sha256)
    if key is not None and sealed.exists():
        yield from unsealed(sealed, key, lambda _: None)
    elif plain.exists():
        with plain.open("rb") as file:
            while block := file.read(1 << 20):
                yield block
    else:
        raise UnreadableOriginalError(
            f"bản gốc {sha256[:12]} không đọc được nữa: khóa đã hủy theo quyết định hoặc bị mất / the original cannot"
            " be read any more: its key was destroyed by a decision, or is lost: motcua verify"
        )


def content(workspace: Workspace, sha256: str) -> bytes:
    """Return an original as it came; UnreadableOriginalError where its key is gone."""
    with opened(workspace, sha256) as path:
        return path.read_bytes()


@contextmanager
def opened(workspace: Workspace, sha256: str) -> Iterator[Path]:
    """Lay an original out as it came, in a private folder inside the vault that goes afterwards.

    UnreadableOriginalError where its key is gone or does not fit.
    """
    with tempfile.TemporaryDirectory(prefix=f"{_OPENED}{os.getpid()}-", dir=workspace.vault) as folder:
        path = Path(folder) / sha256
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
                file.writelines(_blocks(workspace, sha256))
        except SealError as error:
            raise UnreadableOriginalError(
                f"bản gốc {sha256[:12]} không mở được bằng khóa của nó / the original does not open with its key:"
                " motcua verify"
            ) from error
        yield path


def examine(workspace: Workspace, sha256: str) -> Examined | None:
    """Hash an original's file and its plaintext in one reading; None where there is no file."""
    sealed, key = sealed_path(workspace, sha256), _key(workspace, sha256)
    if not sealed.exists():
        return None
    outer, inner = hashlib.sha256(), hashlib.sha256()
    if key is None:
        with sealed.open("rb") as file:
            return Examined(hashlib.file_digest(file, "sha256").hexdigest(), None)
    try:
        for block in unsealed(sealed, key, outer.update):
            inner.update(block)
    except SealError:
        return Examined(outer.hexdigest(), None)
    return Examined(outer.hexdigest(), inner.hexdigest())


def has_key(workspace: Workspace, sha256: str) -> bool:
    """Tell whether the original can be opened as far as its key goes; one of before sealing needs none."""
    try:
        return key_path(workspace, sha256).exists() or plain_path(workspace, sha256).exists()
    except PermissionError:
        # Another user's keys: closed to us, which is not to be without.
        return True


def destroy(workspace: Workspace, sha256: str) -> None:
    """Make an original unreadable for good: its key, and what lies there unsealed. Doing it again does nothing."""
    plain = plain_path(workspace, sha256)
    for path in (key_path(workspace, sha256), plain, plain.with_name(f"{sha256}{NAME}")):
        destroy_file(path)


def drop_plaintext(workspace: Workspace) -> None:
    """Remove the originals that somebody was reading who was killed."""
    for folder in workspace.vault.glob(f"{_OPENED}*"):
        found = _OPENED_BY.fullmatch(folder.name)
        if found is not None and not _is_alive(int(found[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""What does a backup say that it holds, who signed that, and may it be believed?

Invariants:
1. `backup.json` is signed with the key that is in force in the record that it holds: edited, foreign and unsigned ones
   are told apart;
2. every path in it stays inside the folder: none is absolute, climbs, goes through a link, or names the place of
   another in other letters.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from audit.authority_replay import undecided_replacement
from audit.chain import ZERO, canonical
from audit.checkpoint import is_signed, sign
from audit.ledger import Ledger
from audit.signing_keys import key_in_force, keys_of
from warehouse.arrivals import NotTakenError, is_nameable, open_regular
from warehouse.files import write_bytes
from warehouse.workspace import SETTINGS, Workspace, WorkspaceError

INDEX = "backup.json"
IMMUTABLE = ("vault", "store", "releases", "torn", "set-aside")
CHANGING = ("ledger.jsonl", "ledger.checkpoint", SETTINGS)
_STATE = re.compile(r"state-[0-9a-f]{16}", re.ASCII)
# What is signed says what it is, so that no signature of another document fits.
_SIGNED_AS = b"motcua backup\n"


class Index(BaseModel):
    """`backup.json`: which state of which record this is, and the hash of every file by its path in the backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = 0
    head: str = ZERO
    state: str = ""
    files: Mapping[str, str] = {}
    signature: str = ""

    @property
    def signed_content(self) -> bytes:
        """The bytes that are signed."""
        return _SIGNED_AS + canonical(self.model_dump(mode="json", exclude={"signature"}))


def write_index(folder: Path, index: Index, workspace: Workspace) -> None:
    """Sign the index and write it in one step."""
    signed = index.model_copy(update={"signature": sign(workspace.signing_key(), index.signed_content).hex()})
    write_bytes(folder / INDEX, canonical(signed.model_dump(mode="json")) + b"\n")


def read_index(folder: Path) -> Index:
    """Return what a backup says that it holds; WorkspaceError where the folder is none, or a path leads out of it."""
    try:
        with open_regular(folder / INDEX) as file:
            index = Index.model_validate_json(file.read())
    except (FileNotFoundError, NotADirectoryError, NotTakenError, ValidationError) as error:
        raise WorkspaceError(
            f"{folder} không phải bản lưu / is not a backup (no {INDEX}): motcua backup FOLDER"
        ) from error
    _require_inside(folder, index)
    return index


def _require_inside(folder: Path, index: Index) -> None:
    if index.state and not _STATE.fullmatch(index.state):
        raise _leads_out(folder, index.state)
    places: set[str] = set()
    for path in index.files:
        first, *rest = path.split("/")
        is_plain = is_nameable(path) and "\\" not in path and path == PurePosixPath(path).as_posix()
        is_ours = first in IMMUTABLE or (first == index.state and (rest[:1] == ["plan"] or "/".join(rest) in CHANGING))
        if not is_plain or not rest or ".." in rest or not is_ours:
            raise _leads_out(folder, path)
        # On a disk that takes them for one, the second would lie where the first is expected.
        place = unicodedata.normalize("NFC", path).casefold()
        if place in places:
            raise _leads_out(folder, path)
        places.add(place)


def _leads_out(folder: Path, path: str) -> WorkspaceError:
    return WorkspaceError(
        f"{folder / INDEX}: đường dẫn {path} không được có trong bản lưu, chưa khôi phục gì"
        " / such a path has no place in a backup, nothing was restored: use another backup"
    )


def is_sound_place(folder: Path, relative: str) -> bool:
    """Tell whether a path inside a folder leads through folders alone to a file, or to nothing."""
    *above, name = relative.split("/")
    place = folder
    for part in above:
        place = place / part
        if os.path.lexists(place) and not stat.S_ISDIR(place.lstat().st_mode):
            return False
    return not os.path.lexists(place / name) or stat.S_ISREG((place / name).lstat().st_mode)


def require_sound_place(folder: Path, relative: str) -> None:
    """Raise WorkspaceError where a link, or something that is no file, lies on the way."""
    if not is_sound_place(folder, relative):
        raise WorkspaceError(
            f"{folder / relative}: là liên kết hoặc không phải tệp, không đi theo / is or goes through a link, or is no"
            " file, and is not followed: remove it, or use another backup"
        )


def require_signed(folder: Path, index: Index, keys: Path, *, accepts_unsigned: bool) -> None:
    """Raise WorkspaceError where a backup is not signed, or not by the key in force in the record that it holds.

    The keys that are restored with it must be of that record too, and each was put in force by a decision.
    """
    ledger = Ledger(folder / index.state / CHANGING[0])
    undecided = undecided_replacement(ledger.entries, ledger.lines)
    if undecided is not None:
        raise WorkspaceError(
            f"{ledger.path}, dòng / line {undecided.seq}: khóa ký bị thay mà không ai có quyền quyết định, chưa khôi"
            " phục gì / the signing key was replaced and nobody who may decided so, nothing was restored: use another"
            " backup"
        )
    if not index.signature:
        if accepts_unsigned:
            return
        raise WorkspaceError(
            f"{folder / INDEX}: bản lưu không có chữ ký, của phiên bản cũ hay bị sửa / is not signed: made by an older"
            " version, or edited: --unsigned restores it all the same"
        )
    path = keys / "signing.pub.pem"
    present = path.read_bytes() if path.is_file() and not path.is_symlink() else None
    key = key_in_force(ledger.entries, ledger.size, present)
    if ledger.size != index.size or ledger.head != index.head or key is None or not _fits(key, index):
        raise WorkspaceError(
            f"{folder / INDEX}: chữ ký không phải của nội dung này: bị sửa, hoặc của sổ cái khác / the signature is not"
            " of this content: it was edited, or is of another record: use another backup"
        )
    if present is not None and present not in keys_of(ledger.entries):
        raise WorkspaceError(
            f"{keys}: khóa của sổ cái khác / these keys are of another record: name those of this one with --keys"
        )


def _fits(key: bytes, index: Index) -> bool:
    try:
        return is_signed(key, index.signed_content, bytes.fromhex(index.signature))
    except ValueError:
        return False

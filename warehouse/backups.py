"""Which backups were made of this workspace, and did one of them ever come back?

A note beside the record (`backups.json`), for the people of this machine: where backups lie is no part of the record,
and a backup does not hold it. Where it is lost, the next backup begins it anew.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from audit.chain import canonical
from warehouse.files import write_bytes
from warehouse.workspace import Workspace

_NAME = "backups.json"


class KnownBackup(BaseModel):
    """One backup: where it lies, how much of the record it holds, and how much came back when that was tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str
    size: int
    made_at: str
    tried_size: int | None = None
    tried_at: str | None = None


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    backups: tuple[KnownBackup, ...] = ()


def known_backups(workspace: Workspace) -> tuple[KnownBackup, ...]:
    """Return the backups that were made, by their folders."""
    try:
        return _Known.model_validate_json((workspace.root / _NAME).read_bytes()).backups
    except (FileNotFoundError, ValidationError):
        return ()


def _put(workspace: Workspace, one: KnownBackup) -> None:
    others = [other for other in known_backups(workspace) if other.folder != one.folder]
    kept = _Known(backups=tuple(sorted([*others, one], key=lambda backup: backup.folder)))
    write_bytes(workspace.root / _NAME, canonical(kept.model_dump(mode="json")) + b"\n")


def _found(workspace: Workspace, folder: Path) -> KnownBackup | None:
    return next((one for one in known_backups(workspace) if one.folder == str(folder.resolve())), None)


def note_made(workspace: Workspace, folder: Path, size: int, at: str) -> KnownBackup:
    """Note that a backup was brought up to so many commits; whether one was tried stays known."""
    before = _found(workspace, folder)
    made = KnownBackup(folder=str(folder.resolve()), size=size, made_at=at)
    if before is not None:
        made = made.model_copy(update={"tried_size": before.tried_size, "tried_at": before.tried_at})
        # The same backup once more is no newer than it was.
        made = before if before.size == size else made
    _put(workspace, made)
    return made


def note_tried(workspace: Workspace, folder: Path, size: int, at: str) -> KnownBackup:
    """Note that a backup came back whole and verified."""
    before = _found(workspace, folder) or KnownBackup(folder=str(folder.resolve()), size=size, made_at=at)
    tried = before.model_copy(update={"size": max(size, before.size), "tried_size": size, "tried_at": at})
    _put(workspace, tried)
    return tried


def untried(backups: Sequence[KnownBackup]) -> tuple[str, ...]:
    """Return one sentence for each backup that was never restored."""
    return tuple(
        f"bản lưu {one.folder} chưa từng được khôi phục thử: motcua restore {one.folder} --try"
        f" / the backup was never restored, so nobody knows that it can be"
        for one in backups
        if one.tried_at is None
    )

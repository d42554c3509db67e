"""What does an approver read before approving, and is it still what was asked for?

A request lays every file that would leave the house into `drafts/<period>-v<N>/`, which only its owner may open, and
beside it `DOC-TRUOC.md` (`reading_page`): what differs from the version before, first. The request names the hashes of
both; nothing is approved that was changed there since. It is no record: asking again lays it out anew, and a
publication takes it away, since the release then holds the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit import releases
from audit.events import Entry
from flows.entry.door import MisuseError
from flows.release.content import OFFICIAL, Content
from flows.release.open_editions import OPEN
from releases.manifest import sha256_hex
from releases.verify import CONTENT
from schemas.plan_models import Period
from warehouse.files import replace_folder
from warehouse.versions import reading_folder
from warehouse.workspace import Workspace

FIRST = "DOC-TRUOC.md"


def lay_out_for_reading(workspace: Workspace, period: Period, version: int, made: Content, first: bytes) -> Path:
    """Write what would leave the house into its folder, in the place of an earlier request's."""
    files: Mapping[str, bytes] = {
        FIRST: first,
        CONTENT: made.listing,
        **{f"{OFFICIAL}/{path}": content for path, content in made.official.items()},
        **{f"{OPEN}/{path}": content for path, content in made.opened.items()},
    }
    folder = reading_folder(workspace, period.id, version)
    replace_folder(folder, files)
    return folder


def changed_since(workspace: Workspace, asked: releases.Version) -> str | None:
    """Return the first file of the reading copy that is not what was asked for, missing ones and others too."""
    folder = reading_folder(workspace, asked.period, asked.version)
    for name, sha256 in ((CONTENT, asked.content_sha256), (FIRST, asked.read_first_sha256)):
        if _sha256(folder / name) != sha256:
            return name
    named = (line.split("  ", 1) for line in (folder / CONTENT).read_text("utf-8").splitlines())
    listed = {path: sha256 for sha256, path in named}
    for path, sha256 in sorted(listed.items()):
        if _sha256(folder / path) != sha256:
            return path
    there = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    found = {path.relative_to(folder).as_posix() for path in there}
    return next(iter(sorted(found - set(listed) - {FIRST, CONTENT})), None)


def _sha256(path: Path) -> str | None:
    if path.is_symlink() or not path.is_file():
        return None
    return sha256_hex(path.read_bytes())


@dataclass(frozen=True)
class Waits:
    """What waits for approval: where it lies, the page to be read first, and the first file that was changed since."""

    folder: Path
    first: str
    changed: str | None


def what_waits(workspace: Workspace, entries: Sequence[Entry], period_id: str) -> Waits:
    """Return what was asked for and is not published; MisuseError where nothing is, or its copy is not there."""
    asked = releases.asked_for(entries, period_id)
    again = f"motcua release request {period_id}"
    if asked is None:
        raise MisuseError(f"{period_id}: không có đề nghị nào / nothing was asked for: {again}")
    folder = reading_folder(workspace, period_id, asked.version)
    try:
        first = (folder / FIRST).read_text("utf-8", errors="replace")
    except OSError as error:
        raise MisuseError(f"{folder / FIRST}: không đọc được / cannot be read; lay it out anew: {again}") from error
    return Waits(folder, first, changed_since(workspace, asked))

"""How does a version of a release reach its place, and what becomes of one that no commit names?

A version is written whole beside its place; the commit that names it comes next; then it takes its place in one step.
So what lies in the place of a version without a commit was never left there by a writer: it is moved aside as it is,
recorded and named, and never deleted.

What an approver read before is taken away then: the release holds the same bytes. Recovery does the same for a writer
that was killed between the two.
"""

import itertools
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from audit import releases
from audit.events import ReleasePublished, ReleaseSetAside
from audit.ledger import Ledger, Stamp
from warehouse.files import sha256_of, sync_folder
from warehouse.workspace import Workspace

_VERSION = re.compile(r"v[1-9]\d*")
_WRITTEN = re.compile(r"\.(v[1-9]\d*)\.written")


def version_folder(workspace: Workspace, period_id: str, version: int) -> Path:
    """Return where a version lies, its official and its open part."""
    return workspace.releases / period_id / f"v{version}"


def written_folder(workspace: Workspace, period_id: str, version: int) -> Path:
    """Return where a version is written, until a commit names it."""
    return workspace.releases / period_id / f".v{version}.written"


def reading_folder(workspace: Workspace, period_id: str, version: int) -> Path:
    """Return where what would leave the house lies for the approver, until it is published."""
    return workspace.drafts / f"{period_id}-v{version}"


def put_in_place(workspace: Workspace, period_id: str, version: int) -> None:
    """Let a version that a commit names take its place."""
    written_folder(workspace, period_id, version).rename(version_folder(workspace, period_id, version))
    sync_folder(workspace.releases / period_id)
    shutil.rmtree(reading_folder(workspace, period_id, version), ignore_errors=True)


def _places(workspace: Workspace, ledger: Ledger) -> set[Path]:
    return {version_folder(workspace, one.period, one.version) for one in releases.publications(ledger.entries)}


def _written(workspace: Workspace) -> list[tuple[Path, Path]]:
    """Return every version that lies beside its place, and that place."""
    found = ((path, _WRITTEN.fullmatch(path.name)) for path in sorted(workspace.releases.glob("*/.v*.written")))
    return [(path, path.with_name(name[1])) for path, name in found if name is not None]


def finish_written(workspace: Workspace, ledger: Ledger) -> None:
    """Put in its place what a killed writer had committed; drop what it had not, and what was read before."""
    places = _places(workspace, ledger)
    for path, place in _written(workspace):
        if place in places and not place.exists():
            path.rename(place)
            sync_folder(path.parent)
        else:
            shutil.rmtree(path, ignore_errors=True)
    for one in releases.publications(ledger.entries):
        shutil.rmtree(reading_folder(workspace, one.period, one.version), ignore_errors=True)


def is_written(workspace: Workspace, event: ReleasePublished) -> bool:
    """Tell whether a version that a commit names still waits to take its place."""
    written = written_folder(workspace, event.period, event.version)
    return written.is_dir() and not version_folder(workspace, event.period, event.version).exists()


def lies_in(workspace: Workspace, event: ReleasePublished) -> Path:
    """Return where a version that a commit names lies now: its place, or beside it until the next writer moves it."""
    folder = written_folder if is_written(workspace, event) else version_folder
    return folder(workspace, event.period, event.version)


def half_written(workspace: Workspace, ledger: Ledger) -> list[Path]:
    """Return versions that are being written, or whose writer was killed before the commit."""
    places = _places(workspace, ledger)
    return [path for path, place in _written(workspace) if place not in places]


def unnamed(workspace: Workspace, ledger: Ledger) -> list[Path]:
    """Return what lies in the place of a version and is named by no commit."""
    places = _places(workspace, ledger)
    paths = (path for path in sorted(workspace.releases.glob("*/*")) if _VERSION.fullmatch(path.name))
    return [path for path in paths if path not in places]


def set_aside(workspace: Workspace, ledger: Ledger) -> None:
    """Move away, as it is, whatever lies in the place of a version and is named by no commit."""
    for path in unnamed(workspace, ledger):
        workspace.set_aside.mkdir(exist_ok=True)
        name = f"{path.parent.name}-{path.name}"
        names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        path.rename(next(free for one in names if not (free := workspace.set_aside / one).exists()))
        sync_folder(path.parent)
        sync_folder(workspace.set_aside)


def record_set_aside(workspace: Workspace, ledger: Ledger, stamp: Stamp, on_notice: Callable[[str], None]) -> None:
    """Record what was moved away and is not recorded yet, and say so."""
    events = (event for entry in ledger.entries for event in entry.events)
    recorded = {event.moved_to for event in events if isinstance(event, ReleaseSetAside)}
    paths = sorted(workspace.set_aside.iterdir()) if workspace.set_aside.is_dir() else []
    for path in (path for path in paths if workspace.relative(path) not in recorded):
        manifest = path / "official" / "manifest.sha256"
        sha256 = sha256_of(manifest) if manifest.is_file() else None
        event = ReleaseSetAside(moved_to=workspace.relative(path), manifest_sha256=sha256)
        ledger.append(stamp, "recovery", [event])
        on_notice(f"{event.moved_to}: không dòng sổ cái nào ghi, đã để riêng / a release that no commit names, kept")

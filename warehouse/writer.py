"""How does one command write, and how is what a killed one left put right?

Under the lock: torn ledger line set aside and recorded, half-written files removed, interrupted intakes put back into
the inbox or finished, releases that no commit names removed, projection caught up. Then the command commits; then the
projection is caught up again and the ledger's new head signed.
"""

import hashlib
import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.checkpoint import checkpoint_text, sign
from audit.events import ReleasePublished, SubmissionSeenAgain, SubmissionTaken, TornLineSetAside
from audit.ledger import Ledger, Stamp
from warehouse import vault
from warehouse.files import TEMPORARY, sha256_of, sync_folder, write_bytes
from warehouse.lock import writing
from warehouse.projection import catch_up
from warehouse.workspace import PRIVATE, Workspace

_VERSION = re.compile(r"v[1-9]\d*")


def _set_torn_lines_aside(workspace: Workspace, ledger: Ledger, stamp: Stamp) -> None:
    if ledger.torn is not None:
        content = ledger.torn.content
        workspace.torn.mkdir(mode=PRIVATE, exist_ok=True)
        write_bytes(workspace.torn / f"{hashlib.sha256(content).hexdigest()}.bin", content, 0o600)
        ledger.drop_torn_line()
    recorded = {
        event.sha256 for entry in ledger.entries for event in entry.events if isinstance(event, TornLineSetAside)
    }
    for path in sorted(workspace.torn.glob("[0-9a-f]*.bin")):
        sha256 = sha256_of(path)
        if sha256 not in recorded:
            event = TornLineSetAside(size=path.stat().st_size, sha256=sha256, moved_to=workspace.relative(path))
            ledger.append(stamp, "recovery", [event])


def _names_file(ledger: Ledger, seq: int, sha256: str) -> bool:
    if seq > ledger.size:
        return False
    events = ledger.entries[seq - 1].events
    seen = {event.number for event in events if isinstance(event, SubmissionSeenAgain)}
    return any(
        event.file_sha256 == sha256 and (event in events or event.number in seen)
        for entry in ledger.entries
        for event in entry.events
        if isinstance(event, SubmissionTaken)
    )


def _free_name(folder: Path, path: Path) -> Path:
    """Return where the file can lie in a folder: a newer file of its name may have arrived since."""
    others = (f"{path.stem}-{number}{path.suffix}" for number in itertools.count(2))
    return next(folder / name for name in itertools.chain([path.name], others) if not (folder / name).exists())


def _finish_interrupted_intakes(workspace: Workspace, ledger: Ledger) -> None:
    for seq, path in vault.interrupted(workspace):
        if not _names_file(ledger, seq, sha256_of(path)):
            path.rename(_free_name(workspace.inbox, path))
            sync_folder(workspace.inbox)
        vault.end_taking(workspace, seq)


def _remove_half_written(workspace: Workspace, ledger: Ledger) -> None:
    for pattern in (
        f"{TEMPORARY}*",
        f"store/*/{TEMPORARY}*",
        f"vault/*/{TEMPORARY}*",
        f"vault/answers/*/{TEMPORARY}*",
        f"torn/{TEMPORARY}*",
    ):
        for path in workspace.root.glob(pattern):
            path.unlink()
    published = {
        f"{event.period}/v{event.version}"
        for entry in ledger.entries
        for event in entry.events
        if isinstance(event, ReleasePublished)
    }
    for folder in workspace.releases.glob("*/v*"):
        if _VERSION.fullmatch(folder.name) and folder.relative_to(workspace.releases).as_posix() not in published:
            shutil.rmtree(folder)


def sign_head(workspace: Workspace, ledger: Ledger) -> None:
    """Sign the ledger's last line; an edit of that line is then seen even before the next one follows."""
    content = checkpoint_text(workspace.plan.document.id, ledger.size, ledger.head)
    signed = content + sign(workspace.signing_key(), content).hex().encode() + b"\n"
    if not workspace.checkpoint.exists() or workspace.checkpoint.read_bytes() != signed:
        write_bytes(workspace.checkpoint, signed)


@contextmanager
def writer(workspace: Workspace, stamp: Stamp, command: str, on_wait: Callable[[str], None]) -> Iterator[Ledger]:
    """Hold the workspace for one command and hand out its ledger, whole and recovered."""
    with writing(workspace.lock, stamp, command, workspace.settings.lock_wait_seconds, on_wait):
        ledger = Ledger(workspace.ledger)
        _set_torn_lines_aside(workspace, ledger, stamp)
        _finish_interrupted_intakes(workspace, ledger)
        _remove_half_written(workspace, ledger)
        catch_up(workspace, ledger)
        try:
            yield ledger
        finally:
            catch_up(workspace, ledger)
            sign_head(workspace, ledger)

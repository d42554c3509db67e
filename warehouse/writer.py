"""How does one command write, and how is what a killed one left put right?

Under the lock, before any byte is changed: the record ends where its signed head says, and the keys are those that it
names. Then recovery: torn ledger line set aside and recorded, half-written files and plaintext removed, interrupted
intakes finished or undone, recorded erasures and changes of keys finished, releases that no commit
names set aside and recorded. Then the command commits, each line signed before it is written; then, whatever became of
it, the projection is caught up with all that the record holds and, after a release, the signed head copied to its
second place.
"""

import hashlib
import shutil
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager

from audit.erasures import erased
from audit.events import (
    CheckpointCopyFailed,
    KeysFirstSeen,
    SettingsChanged,
    SubmissionSeenAgain,
    SubmissionTaken,
    TornLineSetAside,
)
from audit.ledger import Ledger, Stamp
from audit.settings import known_settings
from warehouse import head, keys, plan_folder, taking, vault, versions
from warehouse.files import TEMPORARY, sha256_of, write_bytes
from warehouse.lock import writing
from warehouse.modes import PRIVATE, close, private
from warehouse.projection import catch_up
from warehouse.second_place import copy_checkpoint, is_failure_recorded
from warehouse.workspace import PUBLIC_KEY, SIGNING_KEY, Workspace


def _set_torn_lines_aside(workspace: Workspace, ledger: Ledger) -> None:
    if ledger.torn is not None:
        content = ledger.torn.content
        workspace.torn.mkdir(mode=PRIVATE, exist_ok=True)
        write_bytes(workspace.torn / f"{hashlib.sha256(content).hexdigest()}.bin", content)
        ledger.drop_torn_line()


def _record_torn_lines(workspace: Workspace, ledger: Ledger, stamp: Stamp) -> None:
    recorded = {
        event.sha256 for entry in ledger.entries for event in entry.events if isinstance(event, TornLineSetAside)
    }
    for path in sorted(workspace.torn.glob("[0-9a-f]*.bin")):
        if path.is_file() and (sha256 := sha256_of(path)) not in recorded:
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


def _finish_interrupted_intakes(workspace: Workspace, ledger: Ledger) -> None:
    taking.finish_interrupted(workspace, lambda seq, sha256: _names_file(ledger, seq, sha256))


def _remove_half_written(workspace: Workspace) -> None:
    shutil.rmtree(workspace.staging, ignore_errors=True)
    for inside in (
        "",
        "store/*/",
        "vault/*/",
        "torn/",
        "drafts/",
        "keys/",
        "keys/people/",
        "keys/retired/",
        "keys/originals/*/",
    ):
        for path in workspace.root.glob(f"{inside}{TEMPORARY}*"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _state_keys(workspace: Workspace, ledger: Ledger, stamp: Stamp, unsigned_from: int | None) -> None:
    """Let the record of a workspace of before state the keys that lie there, and which lines nobody had signed."""
    if not head.is_guarded(ledger, ledger.size):
        event = KeysFirstSeen(keys=keys.stated_keys(workspace), unsigned_from=unsigned_from)
        ledger.append(stamp, "recovery", [event])


def _record_settings(workspace: Workspace, ledger: Ledger, stamp: Stamp) -> None:
    if known_settings(ledger.entries) != workspace.settings_sha256:
        ledger.append(stamp, "recovery", [SettingsChanged(settings_sha256=workspace.settings_sha256)])


def _finish_erasures(workspace: Workspace, ledger: Ledger) -> None:
    for sha256 in sorted(erased(ledger.entries)):
        vault.destroy(workspace, sha256)


def _leave(workspace: Workspace, ledger: Ledger, stamp: Stamp, on_notice: Callable[[str], None]) -> None:
    """Make what the command committed visible, signed, and known elsewhere."""
    catch_up(workspace, ledger)
    problem = copy_checkpoint(workspace, ledger)
    if problem is None:
        return
    on_notice(f"chưa chép được điểm kiểm tra / the checkpoint could not be copied: {problem}")
    # Recorded once a release; every command after it tries again.
    if not is_failure_recorded(ledger):
        ledger.append(stamp, "recovery", [CheckpointCopyFailed(size=ledger.size, problem=problem)])
        catch_up(workspace, ledger)


def _recover(
    workspace: Workspace, ledger: Ledger, stamp: Stamp, on_notice: Callable[[str], None], *, can_sign: bool
) -> None:
    unsigned_from = head.unsigned_from(workspace, ledger) if ledger.size else None
    head.settle(workspace, ledger)
    keys.settle(workspace, ledger)
    plan_folder.settle(workspace, ledger.entries)
    _set_torn_lines_aside(workspace, ledger)
    vault.drop_plaintext(workspace)
    _finish_erasures(workspace, ledger)
    _finish_interrupted_intakes(workspace, ledger)
    _remove_half_written(workspace)
    versions.finish_written(workspace, ledger)
    versions.set_aside(workspace, ledger)
    # What was moved is recorded; without a key that signs by the next writer, which sees that it is not.
    if can_sign and ledger.size:
        _state_keys(workspace, ledger, stamp, unsigned_from)
        _record_settings(workspace, ledger, stamp)
        _record_torn_lines(workspace, ledger, stamp)
        versions.record_set_aside(workspace, ledger, stamp, on_notice)


def _close(workspace: Workspace, on_notice: Callable[[str], None]) -> None:
    """Take back what others were let into before, such as by an older version or by a person's editor."""
    closed = close(workspace.root, workspace.inbox)
    if closed:
        on_notice(
            f"đã đóng quyền của người khác / closed to others: {workspace.relative(closed[0])}"
            + (f" (+{len(closed) - 1})" if len(closed) > 1 else "")
        )


@contextmanager
def writer(
    workspace: Workspace,
    stamp: Stamp,
    command: str,
    on_wait: Callable[[str], None],
    on_notice: Callable[[str], None] = lambda _: None,
    *,
    may_lack: Container[str] = (),
    is_new: bool = False,
) -> Iterator[Ledger]:
    """Hold the workspace for one command and hand out its ledger, whole and recovered.

    `on_notice` is told what went amiss but stops nothing. TamperedRecordError and WorkspaceError where record or keys
    are not what they should be: not a byte was changed then. `may_lack` names the keys whose loss the command mends.
    """
    with private(), writing(workspace.lock, workspace.settings.lock_wait_seconds, on_wait) as announce:
        ledger = head.checked(workspace, is_new=is_new)
        keys.require(workspace, ledger, may_lack)
        if ledger.size:
            stamp.come_after(ledger.entries[-1].at)
        announce(stamp, command)
        _close(workspace, on_notice)
        can_sign = not keys.amiss(workspace, ledger).keys() & {SIGNING_KEY, PUBLIC_KEY}
        _recover(workspace, ledger, stamp.unsigned, on_notice, can_sign=can_sign)
        try:
            yield ledger
        finally:
            _leave(workspace, ledger, stamp.unsigned, on_notice)

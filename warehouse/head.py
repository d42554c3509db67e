"""May a writer build on this record? Only where every line of it was signed by a writer before.

Invariants:
1. before its line is written, a commit's new head is signed into `ledger.checkpoint.next`; once the line is on the disk
   that becomes `ledger.checkpoint`. So a writer that is killed leaves at most one line beyond the checkpoint, and that
   one is signed too; what no signature covers was written by no writer;
2. nothing is written, not even by recovery, before the checkpoint was found to hold and the record to end there, and
   before each place of the workspace was found to be the folder or file itself;
3. a key that a line puts in force signs for the record only where somebody who may had decided so;
4. a release on disk was signed for a record that this one extends: an older state of the whole record is told by it.

A workspace of before keys were recorded signed at the end of a command: lines that a killed one left there are kept
once, and named (`KeysFirstSeen`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.authority_replay import undecided_replacement
from audit.checkpoint import SignedCheckpoint, checkpoint_text, is_signed, sign
from audit.events import Entry, KeysFirstSeen, SigningKeyReplaced, WorkspaceCreated
from audit.ledger import BrokenLedgerError, Ledger
from audit.signed_head import NOT_SIGNED, disagreement, is_signed_in_force, other_line
from audit.signing_keys import key_in_force
from warehouse.files import write_bytes
from warehouse.keys import FOREIGN, present_public_key, public_half, staged_signing_key
from warehouse.plain import require_plain
from warehouse.workspace import SIGNING_KEY, Workspace, WorkspaceError


class TamperedRecordError(BrokenLedgerError):
    """Raised where the record, its signed head or a release is not what writers left. Nothing was written."""

    def __init__(self, what: str) -> None:
        super().__init__(f"hồ sơ đã bị can thiệp / the record was tampered with: {what}")
        self.what = what


def _signed(path: Path) -> SignedCheckpoint | None:
    try:
        return SignedCheckpoint.parse(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _covered(workspace: Workspace, ledger: Ledger) -> int:
    """Return how many lines the signed head covers; TamperedRecordError where it is missing or does not hold."""
    present, covered = present_public_key(workspace), 0
    checkpoint = _signed(workspace.checkpoint)
    name = workspace.checkpoint.name
    if checkpoint is not None and checkpoint.is_of_a_release:
        raise TamperedRecordError(
            f"{name}: là chữ ký của một bản công bố, không phải của sổ cái / is what a release was signed with, not the"
            " head of the record: an older state was put back"
        )
    if checkpoint is not None:
        # An edited checkpoint is named as well as the record that it does not fit.
        is_signed_so = is_signed_in_force(ledger.entries, checkpoint, present)
        found = (other_line(ledger, checkpoint), None if is_signed_so else f"{name}: {NOT_SIGNED}")
        if problems := [one for one in found if one is not None]:
            raise TamperedRecordError("; ".join(problems))
        covered = checkpoint.size
    elif workspace.checkpoint.exists():
        raise TamperedRecordError(f"{name}: không phải điểm kiểm tra / is not a checkpoint")
    following = _signed(workspace.next_checkpoint)
    is_own = following is not None and not following.is_of_a_release
    if following is not None and is_own and following.size > covered and not disagreement(ledger, following, present):
        covered = following.size
    if not covered:
        raise TamperedRecordError(f"{name}: không có / is missing")
    return covered


def is_guarded(ledger: Ledger, size: int) -> bool:
    """Tell whether the record says, up to this line, that each of its lines is signed before it is written."""
    return any(
        isinstance(event, KeysFirstSeen) or (isinstance(event, WorkspaceCreated) and event.keys)
        for entry in ledger.entries[:size]
        for event in entry.events
    )


def unsigned_from(workspace: Workspace, ledger: Ledger) -> int | None:
    """Return the first line that no signature covers, or None; TamperedRecordError where what is signed is amiss."""
    covered = _covered(workspace, ledger)
    return covered + 1 if covered < ledger.size else None


def check_releases(workspace: Workspace, ledger: Ledger) -> None:
    """Compare what each release on disk was signed for with the record: it is a copy of the head kept elsewhere."""
    for folder in sorted(workspace.releases.glob("*/v*/official")):
        try:
            parts = (folder / "checkpoint.txt").read_text("utf-8").splitlines()
            signature = (folder / "checkpoint.sig").read_bytes()
            released = SignedCheckpoint(parts[0], int(parts[1]), parts[2], signature)
        except (OSError, ValueError, IndexError):
            # Damaged since: `verify` names it, and it says nothing of the record.
            continue
        size = min(released.size, ledger.size)
        key = key_in_force(ledger.entries, size, present_public_key(workspace))
        if key is None or not is_signed(key, released.text, signature):
            continue
        if released.size > ledger.size or ledger.head_at(size) != released.head:
            where = workspace.relative(folder.parent)
            raise TamperedRecordError(
                f"{ledger.path.name} không nối tiếp sổ cái của {where} / does not extend the record that {where} was"
                f" signed with (line {released.size})"
            )


def checked(workspace: Workspace, *, is_new: bool = False) -> Ledger:
    """Return the record, to be appended to under its seal; TamperedRecordError where it is not what was signed last."""
    require_plain(workspace)
    seal = _Seal(workspace)
    ledger = Ledger(workspace.ledger, seal.sealing)
    seal.public = key_in_force(ledger.entries, ledger.size, present_public_key(workspace))
    if not ledger.size:
        if is_new:
            return ledger
        raise TamperedRecordError(
            f"{ledger.path.name}: trống: bị xóa, hoặc tạo chưa xong / holds no commit: it was emptied, or making the"
            " workspace was cut short"
        )
    unsigned = unsigned_from(workspace, ledger)
    if unsigned is not None and is_guarded(ledger, unsigned - 1):
        raise TamperedRecordError(
            f"{ledger.path.name}, dòng / line {unsigned}: chưa ký, không do chương trình ghi"
            " / is not signed: no writer wrote it"
        )
    undecided = undecided_replacement(ledger.entries, ledger.lines)
    if undecided is not None:
        raise TamperedRecordError(
            f"{ledger.path.name}, dòng / line {undecided.seq}: khóa ký bị thay mà không ai có quyền quyết định / the"
            f" signing key was replaced and nobody who may decided so: {undecided.text}"
        )
    check_releases(workspace, ledger)
    return ledger


def settle(workspace: Workspace, ledger: Ledger) -> None:
    """Let the head that was signed for a line take its place where the line was written; drop it where it was not."""
    following = _signed(workspace.next_checkpoint)
    is_written = following is not None and following.size == ledger.size and not following.is_of_a_release
    if following is not None and is_written and disagreement(ledger, following, present_public_key(workspace)) is None:
        workspace.next_checkpoint.replace(workspace.checkpoint)
    workspace.next_checkpoint.unlink(missing_ok=True)


class _Seal:
    """What signs each commit before its line is written, with the key in force and no other."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.public: bytes | None = None

    @contextmanager
    def sealing(self, entry: Entry, head: str) -> Iterator[None]:
        workspace = self._workspace
        replaced = next((event for event in entry.events if isinstance(event, SigningKeyReplaced)), None)
        # The line that puts a key in force is the first that bears its signature.
        public = replaced.new_public_key.encode() if replaced is not None else self.public
        private = staged_signing_key(workspace) if replaced is not None else workspace.signing_key()
        write_bytes(workspace.next_checkpoint, _content(workspace, private, public, entry.seq, head))
        try:
            yield
        except BaseException:
            # The line was taken back.
            workspace.next_checkpoint.unlink(missing_ok=True)
            raise
        workspace.next_checkpoint.replace(workspace.checkpoint)
        self.public = public


def _content(workspace: Workspace, private: bytes, public: bytes | None, size: int, head: str) -> bytes:
    """Return a signed checkpoint; WorkspaceError where the key that lies there is not the one in force."""
    if public is not None and public_half(private) != public:
        raise WorkspaceError(
            f"{workspace.keys / SIGNING_KEY}: {FOREIGN}: hãy lấy lại từ bản lưu / put it back from its copy; where"
            " there is none: motcua keys rotate"
        )
    origin = workspace.plan.document.id
    return SignedCheckpoint(origin, size, head, sign(private, checkpoint_text(origin, size, head))).content

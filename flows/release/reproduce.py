"""Does the record alone give this release again, byte for byte?

Into an empty folder go the originals, the keys, the plans that were kept and the beginning of the ledger; everything
else is computed anew, commit by commit, in the order and at the moments of the record: every table of the store, and
every release up to the one that is asked about. What comes out otherwise is named.
"""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from audit import releases
from audit.checkpoint import public_key_pem
from audit.corrections import corrections_of
from audit.events import (
    Entry,
    PeriodConsolidated,
    PseudonymKeyReplaced,
    ReleasePublished,
    StoredFile,
    SubmissionRevalidated,
    SubmissionTaken,
    WorkspaceCreated,
)
from audit.ledger import Ledger, Stamp
from audit.signing_keys import key_in_force
from flows.entry.door import Door, MisuseError
from flows.entry.fingerprint import code_sha256
from flows.intake.revalidate import read_again
from flows.intake.submissions import Submission, find_submission
from flows.measures.consolidate import compute
from flows.release.content import content, issue_asked_for
from flows.release.draft import ask_gate, draft
from flows.release.publish import write_version
from schemas.nearest import names_meant
from schemas.tables import SCHEMAS
from warehouse.files import sha256_of, write_bytes
from warehouse.kept import kept_texts, lay_out
from warehouse.modes import private
from warehouse.named import DamagedStoreError, table_of
from warehouse.store import Store
from warehouse.vault import UnreadableOriginalError
from warehouse.versions import put_in_place
from warehouse.workspace import PSEUDONYM_KEY, PUBLIC_KEY, SETTINGS, SIGNING_KEY, Workspace

# Kept as they are: no computation makes a plan or a proposal, and yesterday's method ran in yesterday's checkout.
_GIVEN = ("plan", "method", "plan_proposal", "plan_effect")


@dataclass
class Reproduced:
    """What was computed anew, what came out otherwise, and what is worth knowing."""

    folder: Path
    computed: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, what: str) -> None:
        """Count something that was computed."""
        self.computed[what] = self.computed.get(what, 0) + 1


@private()
def reproduce(workspace: Workspace, period_id: str, version: int, root: Path) -> Reproduced:
    """Compute a release anew in an empty folder and compare; MisuseError where there is none, or the folder is used."""
    ledger = Ledger(workspace.ledger)
    last = _published_at(ledger, period_id, version)
    if root.exists() and any(root.iterdir()):
        raise MisuseError(f"{root} không trống, hãy chọn thư mục mới / is not empty: name a new folder")
    copy = _begin(workspace, ledger.up_to(last - 1), root)
    result = Reproduced(copy.root)
    for entry in ledger.entries[:last]:
        copy = _with_plan(workspace, copy, entry)
        _use_keys(workspace, copy, ledger, entry.seq - 1)
        _compute(workspace, copy, ledger, entry, result)
    events = [event for entry in ledger.entries[:last] for event in entry.events]
    if any(isinstance(e, PeriodConsolidated) and e.code_sha256 != code_sha256() for e in events):
        result.notes.append("mã nguồn nay đã khác lúc đó / the program is no longer the one of then")
    return result


def _published_at(ledger: Ledger, period_id: str, version: int) -> int:
    for entry in ledger.entries:
        for event in entry.events:
            if isinstance(event, ReleasePublished) and (event.period, event.version) == (period_id, version):
                return entry.seq
    known = names_meant(f"v{version}", [one.number for one in releases.published(ledger.entries, period_id)])
    raise MisuseError(
        f"{period_id} không có v{version} / has no such version: {known}: motcua release list {period_id}"
    )


def _begin(workspace: Workspace, past: Ledger, root: Path) -> Workspace:
    """Lay out what is given: settings, keys, originals, and the beginning of the ledger."""
    root.mkdir(parents=True, exist_ok=True)
    copy = Workspace(root.resolve())
    for folder in (copy.inbox, copy.store, copy.releases):
        folder.mkdir()
    shutil.copyfile(workspace.root / SETTINGS, copy.root / SETTINGS)
    for source, target in ((workspace.vault, copy.vault), (workspace.keys, copy.keys)):
        shutil.copytree(source, target)
    copy.ledger.write_bytes(b"".join(line + b"\n" for line in past.lines))
    return copy


def _with_plan(workspace: Workspace, copy: Workspace, entry: Entry) -> Workspace:
    """Return the copy under the plan that a commit kept; the one before where it kept none."""
    kept = kept_texts([entry], "plan")
    if kept is None:
        return copy
    shutil.rmtree(copy.plan_folder, ignore_errors=True)
    lay_out(workspace, kept, copy.plan_folder)
    return Workspace(copy.root)


def _keys_at_hand(workspace: Workspace, name: str) -> list[bytes]:
    """Return the key of this name that lies in the workspace, and those that it replaced."""
    paths = (workspace.keys / name, *sorted((workspace.keys / "retired").glob(f"*-{name}")))
    return [path.read_bytes() for path in paths if path.is_file()]


def _use_keys(workspace: Workspace, copy: Workspace, ledger: Ledger, size: int) -> None:
    """Put the keys that were in force at a size of the ledger into their places, as far as they are at hand."""
    wanted = key_in_force(ledger.entries, size, workspace.public_key())
    for key in _keys_at_hand(workspace, SIGNING_KEY):
        if public_key_pem(key) == wanted:
            write_bytes(copy.keys / SIGNING_KEY, key)
            write_bytes(copy.keys / PUBLIC_KEY, wanted)
    replaced = [
        (entry.seq, event.new_key_sha256)
        for entry in ledger.entries
        for event in entry.events
        if isinstance(event, PseudonymKeyReplaced)
    ]
    named = [sha256 for seq, sha256 in replaced if seq <= size][-1:]
    for key in _keys_at_hand(workspace, PSEUDONYM_KEY):
        sha256 = hashlib.sha256(key).hexdigest()
        if sha256 in named or (not named and sha256 not in {new for _, new in replaced}):
            write_bytes(copy.keys / PSEUDONYM_KEY, key)


def _compute(workspace: Workspace, copy: Workspace, ledger: Ledger, entry: Entry, result: Reproduced) -> None:
    """Compute what one commit named, and compare."""
    past = ledger.up_to(entry.seq - 1)
    door = Door(Stamp(datetime.fromisoformat(entry.at), entry.actor, entry.os_user, entry.trigger), entry.kind)
    for file in entry.files:
        if table_of(file) in _GIVEN:
            _give(workspace, copy, file)
    for event in entry.events:
        match event:
            case WorkspaceCreated():
                for name, schema in SCHEMAS.items():
                    Store(copy).put(name, schema.empty_table())
            case SubmissionTaken():
                _read(workspace, copy, ledger, entry, find_submission([entry], event.number), result)
            case SubmissionRevalidated():
                known = find_submission(ledger.entries[: entry.seq], event.taken.number)
                _read(workspace, copy, ledger, entry, known, result)
            case PeriodConsolidated():
                compute(copy, past, door, copy.plan.period(event.period))
                result.count("consolidations")
            case ReleasePublished():
                _publish(copy, past, door, event, result)
            case _:
                pass
    _compare(copy, entry.files, entry, result)


def _read(
    workspace: Workspace, copy: Workspace, ledger: Ledger, entry: Entry, submission: Submission, result: Reproduced
) -> None:
    """Read a submission anew, as one commit read it."""
    number = submission.taken.number
    try:
        corrections = corrections_of(ledger.entries[: entry.seq], number)
        reread = read_again(copy, ledger, submission, corrections, [], copy.staging / number)
    except UnreadableOriginalError:
        for file in entry.files:
            if table_of(file) is not None:
                _give(workspace, copy, file)
        result.notes.append(f"{number}: bản gốc đã xóa, bảng lấy từ kho / erased: its tables are those of the store")
        return
    Store(copy).adopt(reread.aside, reread.reading.files)
    shutil.rmtree(copy.staging, ignore_errors=True)
    result.count("submissions")


def _publish(copy: Workspace, past: Ledger, door: Door, event: ReleasePublished, result: Reproduced) -> None:
    where = f"{event.period} v{event.version}"
    try:
        drafted = draft(copy, past, door, copy.plan.period(event.period))
    except DamagedStoreError as error:
        # A table that came out otherwise bears another name: it was named where it was computed.
        result.differences.append(f"{where}: {error}")
        return
    asked = releases.asked_for(past.entries, event.period)
    if drafted is None or asked is None:
        result.differences.append(f"{where}: không có đề nghị trong sổ cái / nobody asked for it in the record")
        return
    said = content(copy, past, drafted, ask_gate(copy, drafted), issue_asked_for(copy, past, asked))
    if asked.content_sha256 not in (None, said.sha256):
        result.differences.append(f"{where}: content_sha256 khác / differs")
    made = write_version(copy, past, drafted, asked, said)
    put_in_place(copy, event.period, event.version)
    for name in ("datasets_sha256", "manifest_sha256", "open_manifest_sha256", "ledger_head"):
        if getattr(made, name) != getattr(event, name):
            result.differences.append(f"{where}: {name} khác / differs")
    result.count("releases")


def _give(workspace: Workspace, copy: Workspace, file: StoredFile) -> None:
    target = copy.root / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(workspace.root / file.path, target)


def _compare(copy: Workspace, files: Iterable[StoredFile], entry: Entry, result: Reproduced) -> None:
    """Name every table of a commit that came out otherwise."""
    for file in files:
        if table_of(file) is None:
            continue
        path = copy.root / file.path
        if not path.is_file() or sha256_of(path) != file.sha256:
            result.differences.append(f"dòng / line {entry.seq}: {file.path} không tính lại được / comes out otherwise")
        result.count("tables")

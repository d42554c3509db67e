"""Are the originals still those that were taken in, and can each be read?

An original is read once: its sealed bytes are hashed for the ledger, what they open to for the submission's hash.
Erased by a decision is not a problem; a key that is missing without one is.
"""

from dataclasses import dataclass, field

from audit.erasures import Fate, fate_text, fates
from audit.events import OriginalErased, StoredFile, SubmissionTaken
from audit.ledger import Ledger
from audit.plans import proposals
from flows.intake.submissions import submissions
from warehouse import vault
from warehouse.files import sha256_of
from warehouse.workspace import Workspace


@dataclass
class VaultCheck:
    """What does not hold, what is worth knowing, and which files this is said of."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)


def _check_file(workspace: Workspace, file: StoredFile, sha256: str | None, check: VaultCheck) -> None:
    """Check one file of the vault by its hash; `sha256` is that which was found where it was read already."""
    path = workspace.root / file.path
    if not path.is_file():
        check.problems.append(f"{file.path}: không còn / is missing")
    elif (sha256 or sha256_of(path)) != file.sha256:
        check.problems.append(f"{file.path}: nội dung bị đổi / its content was changed")


def _readability(workspace: Workspace, taken: SubmissionTaken, plaintext_sha256: str | None) -> str | None:
    """Return what is wrong with what an unchanged sealed original opens to."""
    key = workspace.relative(vault.key_path(workspace, taken.file_sha256))
    if plaintext_sha256 == taken.file_sha256:
        return None
    if plaintext_sha256 is not None:
        return f"{taken.number}: the original opens to something else than was taken in"
    if not vault.has_key(workspace, taken.file_sha256):
        return f"{key}: thiếu khóa, không có quyết định xóa / the key of {taken.number} is missing, nobody erased it"
    return f"{key}: the original of {taken.number} does not open with its key"


def _check_original(
    workspace: Workspace, taken: SubmissionTaken, files: dict[str, StoredFile], fate: Fate | None, check: VaultCheck
) -> None:
    """Check one original of a submission with its name; what became of it by decision is a note."""
    sealed = workspace.relative(vault.sealed_path(workspace, taken.file_sha256))
    examined = vault.examine(workspace, taken.file_sha256) if sealed in files else None
    for path, file in sorted(files.items()):
        if sealed in files or not isinstance(fate, OriginalErased):
            _check_file(workspace, file, examined.file_sha256 if examined and path == sealed else None, check)
    if fate is not None:
        check.notes.append(f"{taken.number}: {fate_text(fate)}")
        if isinstance(fate, OriginalErased) and vault.has_key(workspace, taken.file_sha256):
            check.problems.append(f"{taken.number}: was erased, but its key is still there: any command finishes it")
    elif examined is not None and examined.file_sha256 == files[sealed].sha256:
        problem = _readability(workspace, taken, examined.plaintext_sha256)
        check.problems += [problem] if problem else []
        if problem is None and vault.name_of(workspace, taken.file_sha256) is None:
            check.problems.append(f"{sealed.removesuffix(vault.SEALED)}{vault.NAME_SEALED}: does not open with its key")


def check_vault(workspace: Workspace, ledger: Ledger) -> VaultCheck:
    """Check every original that the ledger names."""
    check, decided = VaultCheck(), fates(ledger.entries)
    for submission in submissions(ledger.entries):
        taken = submission.taken
        named = ledger.entries[submission.seq - 1].files
        prefix = workspace.relative(vault.plain_path(workspace, taken.file_sha256))
        files = {file.path: file for file in named if file.path.startswith(prefix)}
        if not check.paths >= files.keys():
            _check_original(workspace, taken, files, decided.get(taken.file_sha256), check)
        check.paths |= files.keys()
    return check


def keys_of_originals(workspace: Workspace, ledger: Ledger) -> set[str]:
    """Return where the keys of all originals lie: what was taken in, and the evidence of proposed plans."""
    hashes = [submission.taken.file_sha256 for submission in submissions(ledger.entries)]
    hashes += [one.event.evidence_sha256 for one in proposals(ledger.entries)]
    return {workspace.relative(vault.key_path(workspace, sha256)) for sha256 in hashes}

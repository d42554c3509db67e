"""Is everything still as it was committed?

Contents are hashed again, not only links: ledger, signed head, vault, store, releases, and a fresh projection against
the live one. Every problem names its line, file or value.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from audit.checkpoint import checkpoint_text, is_signed
from audit.events import Entry, ReleasePublished
from audit.ledger import BrokenLedgerError, Ledger
from flows.open_part import open_folder
from flows.publish import release_folder
from releases.manifest import MANIFEST_NAME, SIGNATURE_NAME
from releases.verify import check_content, check_datapackage, check_manifest, check_signatures
from warehouse.files import sha256_of
from warehouse.projection import applied, build, differences
from warehouse.workspace import Workspace


@dataclass
class Verification:
    """What was checked, what does not hold, and what is worth knowing without being wrong."""

    checked: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        """Count something that was checked."""
        self.checked[what] = self.checked.get(what, 0) + number


def _open_ledger(workspace: Workspace, result: Verification) -> Ledger | None:
    try:
        ledger = Ledger(workspace.ledger)
    except BrokenLedgerError as error:
        result.problems.append(str(error))
        return None
    except ValueError as error:
        result.problems.append(f"{workspace.ledger.name}: {str(error).splitlines()[0]}")
        return None
    if ledger.torn is not None:
        result.problems.append(f"{workspace.ledger.name}: the last line is not whole (line {ledger.size + 1})")
    if ledger.size == 0:
        result.problems.append(f"{workspace.ledger.name}: there is no commit")
    result.count("ledger lines", ledger.size)
    return ledger


def _check_signed_head(workspace: Workspace, ledger: Ledger, result: Verification) -> None:
    name = workspace.checkpoint.name
    try:
        origin, size, head, signature = workspace.checkpoint.read_text("utf-8").splitlines()
        content = checkpoint_text(origin, int(size), head)
        signed = is_signed(workspace.public_key(), content, bytes.fromhex(signature))
    except FileNotFoundError:
        result.problems.append(f"{name}: is missing")
        return
    except ValueError:
        result.problems.append(f"{name}: is not a checkpoint")
        return
    if not signed:
        result.problems.append(f"{name}: the signature is not of this content")
    elif int(size) > ledger.size:
        result.problems.append(
            f"{workspace.ledger.name}: has {ledger.size} lines, {size} were signed: lines are missing"
        )
    elif ledger.head_at(int(size)) != head:
        result.problems.append(f"{workspace.ledger.name}, line {size}: is not the line that was signed")
    result.count("signed heads")


def _check_named_files(workspace: Workspace, ledger: Ledger, result: Verification) -> None:
    named = {file.path: file for entry in ledger.entries for file in entry.files}
    for path, file in sorted(named.items()):
        location = workspace.root / path
        if not location.is_file():
            result.problems.append(f"{path}: is missing")
        elif sha256_of(location) != file.sha256:
            result.problems.append(f"{path}: its content was changed")
        result.count(f"files of {path.split('/')[0]}/")
    for folder in (workspace.store, workspace.vault):
        for location in sorted(folder.rglob("*")):
            relative = workspace.relative(location)
            is_name = relative.endswith(".name") and relative.removesuffix(".name") in named
            if location.is_file() and relative not in named and not is_name:
                result.notes.append(f"{relative}: chưa ghi sổ / named by no commit")


def _release_problems(workspace: Workspace, ledger: Ledger, entry: Entry, event: ReleasePublished) -> list[str]:
    folder = release_folder(workspace, event.period, event.version)
    where = workspace.relative(folder)
    if not folder.is_dir():
        return [f"{where}: is missing"]
    problems = [f"{where}: {problem}" for problem in [*check_content(folder), *check_signatures(folder)[0]]]
    prefix = b"".join(line + b"\n" for line in ledger.lines[: event.ledger_size])
    if (folder / "ledger.jsonl").is_file() and (folder / "ledger.jsonl").read_bytes() != prefix:
        problems.append(f"{where}/ledger.jsonl: is not the beginning of {workspace.ledger.name}")
    if event.ledger_size != entry.seq - 1:
        problems.append(f"{workspace.ledger.name}, line {entry.seq}: the release does not follow the line it names")
    return problems


def _open_problems(workspace: Workspace, event: ReleasePublished) -> list[str]:
    """Return what is wrong with the open part of a release; there is none where the ledger names none."""
    folder = open_folder(workspace, event.period, event.version)
    where = workspace.relative(folder)
    if not folder.is_dir():
        return [f"{where}: is missing"]
    problems = [f"{where}: {problem}" for problem in (*check_manifest(folder), *check_datapackage(folder))]
    manifest, signature = folder / MANIFEST_NAME, folder / SIGNATURE_NAME
    if not manifest.is_file() or sha256_of(manifest) != event.open_manifest_sha256:
        problems.append(f"{where}/{MANIFEST_NAME}: is not the one that the ledger names")
    elif not signature.is_file() or not is_signed(
        workspace.public_key(), manifest.read_bytes(), signature.read_bytes()
    ):
        problems.append(f"{where}/{SIGNATURE_NAME}: the signature is not of {MANIFEST_NAME}")
    return problems


def _check_releases(workspace: Workspace, ledger: Ledger, result: Verification) -> None:
    for entry in ledger.entries:
        for event in entry.events:
            if isinstance(event, ReleasePublished):
                result.problems += _release_problems(workspace, ledger, entry, event)
                result.count("releases")
                if event.open_manifest_sha256 is not None:
                    result.problems += _open_problems(workspace, event)
                    result.count("open parts")


def _check_projection(workspace: Workspace, ledger: Ledger, result: Verification) -> None:
    if not workspace.database.exists():
        result.problems.append(f"{workspace.database.name}: is missing (motcua rebuild makes it anew)")
        return
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.duckdb"
        build(workspace.root, ledger, fresh)
        result.problems += differences(workspace.database, fresh)
    state = applied(workspace.database)
    if state is not None and state[2] != str(workspace.root):
        result.notes.append(f"{workspace.database.name}: was made for {state[2]}, its views read there: motcua rebuild")
    result.count("projections")


def verify(workspace: Workspace) -> Verification:
    """Check the whole workspace and return every problem; reading only."""
    result = Verification()
    ledger = _open_ledger(workspace, result)
    if ledger is None:
        return result
    _check_signed_head(workspace, ledger, result)
    _check_named_files(workspace, ledger, result)
    _check_releases(workspace, ledger, result)
    if not any(problem.startswith("store/") for problem in result.problems):
        _check_projection(workspace, ledger, result)
    return result


def verify_release(folder: Path) -> list[str]:
    """Check one release's official folder by itself, as its own verify.py does."""
    return [*check_content(folder), *check_signatures(folder)[0]]

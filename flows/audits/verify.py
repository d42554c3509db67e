"""Is everything still as it was committed?

Contents are hashed again, not only links: ledger, signed head, keys, vault, store, releases, and a fresh projection
against the live one. Every problem names its line, file or value. What a killed command left, and the next one mends,
is a note.
"""

import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

from audit import releases
from audit.checkpoint import is_signed
from audit.events import Entry, ReleasePublished, ReleaseSetAside
from audit.ledger import Ledger
from audit.names import name_key
from audit.plans import plans_in_force, proposals, undecided_uses
from audit.signing_keys import key_in_force
from flows.audits.against import checkpoints_at, problems_against
from flows.audits.unchecked import unchecked
from flows.audits.verify_record import check_record
from flows.audits.verify_vault import check_vault, keys_of_originals
from flows.entry.door import MisuseError
from flows.entry.plan_gate import change_text, edit_text, mend_text, plan_edit
from flows.release.content import OFFICIAL
from flows.release.open_editions import OPEN
from releases.manifest import MANIFEST_NAME, SIGNATURE_NAME
from releases.verify import (
    KEY,
    SIGNED,
    check_content,
    check_datapackage,
    check_files,
    check_manifest,
    check_signatures,
    not_official,
)
from releases.verify import unchecked as unchecked_of_release
from schemas.plan import Plan, PlanError
from schemas.plan_files import texts_sha256
from warehouse import keys, versions
from warehouse.backups import known_backups, untried
from warehouse.files import sha256_of
from warehouse.kept import texts_of
from warehouse.modes import open_to_others
from warehouse.places import missing_folders
from warehouse.plain import LINK, links_inside, strange_places
from warehouse.projection import applied, build, differences
from warehouse.second_place import SUFFIX
from warehouse.settings import settings_edit
from warehouse.workspace import Workspace


@dataclass
class Verification:
    """What was checked, what does not hold, what is worth knowing without being wrong, and what was not checked."""

    checked: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        """Count something that was checked."""
        self.checked[what] = self.checked.get(what, 0) + number


def _check_named_files(workspace: Workspace, ledger: Ledger, result: Verification) -> None:
    lies_in = {
        versions.version_folder(workspace, event.period, event.version): versions.lies_in(workspace, event)
        for event in releases.publications(ledger.entries)
    }
    named = {file.path: file for entry in ledger.entries for file in entry.files}
    originals = check_vault(workspace, ledger)
    for path, file in sorted(named.items()):
        if path not in originals.paths:
            location = workspace.root / path
            version = location.parents[1]
            location = lies_in.get(version, version) / location.relative_to(version)
            if not location.is_file():
                result.problems.append(f"{path}: không còn / is missing")
            elif sha256_of(location) != file.sha256:
                result.problems.append(f"{path}: nội dung bị đổi / its content was changed")
        result.count(f"files of {path.split('/')[0]}/")
    result.problems += originals.problems
    result.notes += originals.notes
    _note_unnamed(workspace, set(named), ledger, result)


def _note_unnamed(workspace: Workspace, named: set[str], ledger: Ledger, result: Verification) -> None:
    # What lies in a published folder is its manifest's to name; one that is being written is named as a whole.
    half_written = versions.half_written(workspace, ledger)
    published = [
        versions.lies_in(workspace, event) / part
        for event in releases.publications(ledger.entries)
        for part in (OFFICIAL, OPEN)
    ]
    result.notes += [f"{workspace.relative(one)}/: chưa ghi sổ / named by no commit" for one in half_written]
    named |= keys_of_originals(workspace, ledger)
    for folder in (workspace.store, workspace.vault, workspace.releases, workspace.keys / "originals"):
        for location in sorted(folder.rglob("*")):
            relative = workspace.relative(location)
            is_name = relative.endswith(".name") and relative.removesuffix(".name") in named
            is_released = any(location.is_relative_to(release) for release in (*published, *half_written))
            if location.is_file() and relative not in named and not is_name and not is_released:
                result.notes.append(f"{relative}: chưa ghi sổ / named by no commit")


def _signature_problems(workspace: Workspace, ledger: Ledger, folder: Path, event: ReleasePublished) -> list[str]:
    """Check what a release signs with the key that was in force, not with the one that it brings along."""
    key = key_in_force(ledger.entries, event.ledger_size, keys.present_public_key(workspace))
    problems = [] if key is not None else [f"{KEY}: nobody knows the key that was in force"]
    for name in (KEY, *(name for pair in SIGNED for name in pair)):
        if not (folder / name).is_file():
            problems.append(f"{name}: không còn / is missing")
    if problems or key is None:
        return problems
    if (folder / KEY).read_bytes() != key:
        problems.append(f"{KEY}: is not the key that was in force")
    return problems + [
        f"{signature}: the signature is not of {signed} by the key that was in force"
        for signed, signature in SIGNED
        if not is_signed(key, (folder / signed).read_bytes(), (folder / signature).read_bytes())
    ]


def _release_problems(workspace: Workspace, ledger: Ledger, entry: Entry, event: ReleasePublished) -> list[str]:
    folder = versions.lies_in(workspace, event) / OFFICIAL
    where = workspace.relative(folder)
    if not folder.is_dir():
        return [f"{where}: bản công bố không còn / is missing: line {entry.seq} published it"]
    # Releases of before requests were recorded can be asked about their files alone.
    was_asked_for = releases.definitions_of(ledger.entries, event.period, event.version) is not None
    check = check_content if was_asked_for else check_files
    problems = [f"{where}: {problem}" for problem in check(folder)]
    problems += [f"{where}/{problem}" for problem in _signature_problems(workspace, ledger, folder, event)]
    carried = folder / "ledger.jsonl"
    prefix = b"".join(line + b"\n" for line in ledger.lines[: event.ledger_size])
    if carried.is_file() and (content := carried.read_bytes()) != prefix:
        pairs = enumerate(zip_longest(content.split(b"\n"), prefix.split(b"\n")), start=1)
        number = next(number for number, (theirs, ours) in pairs if theirs != ours)
        name = workspace.ledger.name
        problems.append(f"{where}/ledger.jsonl: is not the beginning of {name}: dòng / line {number} khác / differs")
    if event.ledger_size != entry.seq - 1:
        problems.append(f"{workspace.ledger.name}, line {entry.seq}: the release does not follow the line it names")
    return problems


def _open_problems(workspace: Workspace, ledger: Ledger, event: ReleasePublished) -> list[str]:
    """Return what is wrong with the open part of a release; there is none where the ledger names none."""
    folder = versions.lies_in(workspace, event) / OPEN
    where = workspace.relative(folder)
    if not folder.is_dir():
        return [f"{where}: không còn / is missing"]
    problems = [f"{where}: {problem}" for problem in (*check_manifest(folder), *check_datapackage(folder))]
    manifest, signature = folder / MANIFEST_NAME, folder / SIGNATURE_NAME
    key = key_in_force(ledger.entries, event.ledger_size, keys.present_public_key(workspace))
    if not manifest.is_file() or sha256_of(manifest) != event.open_manifest_sha256:
        problems.append(f"{where}/{MANIFEST_NAME}: is not the one that the ledger names")
    elif key is None or not signature.is_file() or not is_signed(key, manifest.read_bytes(), signature.read_bytes()):
        problems.append(f"{where}/{SIGNATURE_NAME}: the signature is not of {MANIFEST_NAME}")
    return problems


def _check_releases(workspace: Workspace, ledger: Ledger, result: Verification) -> None:
    for entry in ledger.entries:
        for event in entry.events:
            if isinstance(event, ReleasePublished):
                result.problems += _release_problems(workspace, ledger, entry, event)
                result.count("releases")
                if event.open_manifest_sha256 is not None:
                    result.problems += _open_problems(workspace, ledger, event)
                    result.count("open parts")
                if versions.is_written(workspace, event):
                    result.notes.append(
                        f"{event.period} v{event.version}: chưa về chỗ, lệnh ghi sau sẽ làm nốt / is not in its place"
                        " yet: the next command that writes finishes it"
                    )
            elif isinstance(event, ReleaseSetAside):
                is_there = (workspace.root / event.moved_to).exists()
                gone = "" if is_there else ", nay không còn / and is gone now"
                result.notes.append(
                    f"{event.moved_to}: không dòng sổ cái nào ghi, đã để riêng / a release that no commit names, set"
                    f" aside (line {entry.seq}){gone}"
                )
    for path in versions.unnamed(workspace, ledger):
        result.problems.append(
            f"{workspace.relative(path)}: không dòng sổ cái nào ghi bản này / a release that no commit names"
        )


def _readable_plan(workspace: Workspace, result: Verification) -> Plan | None:
    """Return the plan in the folder; where it cannot be read, every mistake is a problem, and the rest is checked."""
    try:
        return workspace.plan
    except PlanError as error:
        result.problems += [f"{workspace.relative(workspace.plan_folder)}/{mistake}" for mistake in error.mistakes]
        if error.remedy:
            result.notes.append(error.remedy)
        return None


def _check_plan(workspace: Workspace, ledger: Ledger, result: Verification) -> None:
    """Check that the plan in the folder is the one in force, and that nothing was done under another."""
    edit = plan_edit(workspace, ledger.entries)
    if edit is not None and edit.proposal is not None:
        result.notes.append(f"{edit_text(edit)}: {mend_text(edit)}")
    elif edit is not None:
        result.problems += [
            f"{change_text(change)}: chưa có quyết định / without a decision" for change in edit.changes
        ]
    kept = [(plan.file, plan.sha256) for plan in plans_in_force(ledger.entries) if plan.sha256 is not None]
    kept += [(one.file, one.event.new_plan_sha256) for one in proposals(ledger.entries)]
    result.problems += [
        f"{file.path}: không phải kế hoạch mà sổ cái ghi / is not the plan that the record names"
        for file, sha256 in kept
        if texts_sha256(texts_of(workspace, file)) != sha256
    ]
    for seq, kind in undecided_uses(ledger.entries):
        result.problems.append(f"{workspace.ledger.name}, line {seq}: {kind} under a plan that nobody accepted")
    for one in proposals(ledger.entries):
        if one.decided_by and one.state == "accepted" and name_key(one.decided_by) == name_key(one.proposed_by):
            result.problems.append(
                f"{workspace.ledger.name}, line {one.decided_seq}: {one.number} was accepted by who proposed it"
            )
    result.count("plans", len(plans_in_force(ledger.entries)))


def _check_projection(workspace: Workspace, ledger: Ledger, result: Verification) -> None:
    state = applied(workspace.database)
    done = state[0] if state is not None else ledger.size
    # Somebody is writing, or was killed before the projection was caught up: what it holds is compared with what the
    # record was then.
    is_behind = state is not None and 0 < done < ledger.size and state[1] == ledger.head_at(done)
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.duckdb"
        build(workspace.root, ledger.up_to(done) if is_behind else ledger, fresh)
        result.problems += differences(workspace.database, fresh)
    if is_behind:
        result.notes.append(
            f"{workspace.database.name}: chậm {ledger.size - done} lần ghi, đang ghi hoặc lần trước bị dừng"
            f" / is {ledger.size - done} commits behind: somebody is writing, or was stopped; the next command mends it"
        )
    result.count("projections")


def _copies_kept(workspace: Workspace) -> list[Path]:
    """Return the copies of the signed head at the second place that the settings name, as far as it can be reached."""
    place = workspace.settings.checkpoint_copy
    return sorted((workspace.root / place).glob(f"*{SUFFIX}")) if place is not None else []


def verify(workspace: Workspace, against: Path | None = None, now: datetime | None = None) -> Verification:
    """Check the whole workspace and return every problem; reading only.

    `against` are copies of its checkpoints, else those at the second place of the settings; lines that are later than
    `now` are named where it is stated.
    """
    result = Verification()
    if strange := strange_places(workspace):
        # What stands behind a link is not the record, whatever it says; a pipe would be waited for.
        result.problems += [f"{workspace.relative(one.path)}: {one.what}" for one in strange]
        return result
    copies = checkpoints_at(against) if against is not None else _copies_kept(workspace)
    record = check_record(workspace, now)
    result.problems, result.notes, result.checked = record.problems, record.notes, record.checked
    ledger = record.ledger
    if ledger is None or not ledger.size:
        # Without a record every file is named by no commit: saying so of each would bury what is wrong.
        return result
    gone = missing_folders(workspace)
    result.problems += [f"{workspace.relative(one.path)}/: {one.what}" for one in gone]
    plan = None if workspace.plan_folder in {one.path for one in gone} else _readable_plan(workspace, result)
    if copies and plan is None:
        result.problems.append("--against: chưa so / not compared: plan/")
    elif plan is not None and copies:
        present = keys.present_public_key(workspace)
        result.problems += problems_against(ledger, plan.document.id, copies, present)
        result.count("copies of checkpoints", len(copies))
    result.unchecked += unchecked(workspace, ledger, has_copies=bool(copies))
    if edit := settings_edit(workspace, ledger):
        result.notes.append(edit)
    result.problems += [f"{workspace.relative(path)}: {LINK}" for path in links_inside(workspace)]
    _check_named_files(workspace, ledger, result)
    _check_releases(workspace, ledger, result)
    if workspace.plan_folder.is_dir() and not any(problem.startswith("store/plan") for problem in result.problems):
        _check_plan(workspace, ledger, result)
    if not workspace.database.is_file():
        result.problems.append(f"{workspace.database.name}: không còn / is missing (motcua rebuild makes it anew)")
    elif not any(problem.startswith("store/") for problem in result.problems):
        _check_projection(workspace, ledger, result)
    _note_open(workspace, result)
    result.notes += untried(known_backups(workspace))
    return result


def _note_open(workspace: Workspace, result: Verification) -> None:
    found = open_to_others(workspace.root, workspace.inbox)
    if found:
        more = f" (+{len(found) - 1})" if len(found) > 1 else ""
        result.notes.append(
            f"{workspace.relative(found[0])}{more}: người khác trên máy mở được, lệnh ghi kế tiếp sẽ đóng"
            " / open to others on this machine, the next writing command closes it"
        )


def verify_release(folder: Path) -> Verification:
    """Check one release's official folder by itself, as its own verify.py does; MisuseError for any other folder."""
    other = not_official(folder)
    if other is not None:
        raise MisuseError(other)
    problems = [*check_content(folder), *check_signatures(folder)]
    return Verification(checked={"release": 1}, problems=problems, unchecked=unchecked_of_release(folder))

"""Whoever changes the record, its signed head or a key by hand stops every command that writes, and `verify` says where.

Which commands write is asked of the program: one that nobody thought of fails here.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from audit.chain import canonical, line_hash
from audit.checkpoint import new_key_pem, public_key_pem
from audit.events import (
    AnyEvent,
    KeysFirstSeen,
    ReleaseApproved,
    ReleasePublished,
    ReleaseRequested,
    ReleaseSetAside,
    SettingsChanged,
)
from audit.ledger import Ledger
from audit.persons import SCHEDULE, persons
from flows.audits.verify import verify, verify_release
from flows.entry.authority import NotAllowedError, entered
from flows.entry.keyring import key_path, schedule_hand
from flows.keeping.keys import replace_pseudonym_key, replace_schedule_key
from tests.keeping.test_erasure import ROW
from tests.support.commands import every_command, run
from tests.support.office import PERIOD, Office, log, small_plan
from tests.support.old_record import before_persons_signed, sign_head
from tests.support.people import APPROVER, FOUNDER, signing
from warehouse.head import TamperedRecordError
from warehouse.keys import FOREIGN, MISSING, NO_KEY
from warehouse.named import DamagedStoreError
from warehouse.workspace import PSEUDONYM_KEY, PUBLIC_KEY, SCHEDULE_KEY, SIGNING_KEY, Workspace

REASON = ("--reason", "thử nghiệm")
DECISION = ("--decision", "QĐ số 017 thử nghiệm")
# What each command that writes to a workspace is asked; `restore`, `init` and `demo` make another one.
WRITES: Mapping[str, tuple[str, ...]] = {
    "answer": ("S-0001", "tra-loi.xlsx"),
    "backup": ("LUU",),
    "consolidate": (PERIOD,),
    "correct": ("S-0001", "--dossier", "017", "--field", "due_at", "--expect", "a", "--to", "b", *REASON,
                "--evidence", "Phiếu 017"),
    "erase": ("S-0001", *DECISION, *REASON, "--actor", APPROVER),
    "intake": (),
    "justify": (PERIOD, "D016", *REASON),
    "keys lost": ("S-0001", *DECISION, *REASON, "--actor", APPROVER),
    "keys pseudonym": REASON,
    "keys rotate": REASON,
    "keys schedule": REASON,
    "nc act": ("NC-2022-Q1-001", "--action", "1", "--done-on", "01/02/2022", "--evidence", "Phiếu 017"),
    "nc analyse": ("NC-2022-Q1-001", "--method", "5-why", "--cause", "a", "--similar", "b"),
    "nc cancel": ("NC-2022-Q1-001", *REASON),
    "nc close": ("NC-2022-Q1-001", "--corrected", *REASON),
    "nc contain": ("NC-2022-Q1-001", "--correction", "a"),
    "nc implement": ("NC-2022-Q1-001", "--risks", "a", "--system", "b"),
    "nc link": ("NC-2022-Q1-001", "--to", "NC-2022-Q1-002"),
    "nc open": ("--description", "a", "--clause", "8.2", "--process", "b", "--period", PERIOD),
    "nc plan": ("NC-2022-Q1-001", "--action", "01/05/2022|TV|a", "--periods", "1"),
    "nc reopen": ("NC-2022-Q1-001", *REASON),
    "nc verify": ("NC-2022-Q1-001",),
    "people appoint": ("Người Thử Nghiệm 017", "--role", "analyst"),
    "people enrol": (),
    "people revoke": (APPROVER, *REASON),
    "people dismiss": (APPROVER, "--role", "approver"),
    "plan accept": ("PL-0001", "--actor", APPROVER),
    "plan propose": (*REASON, "--evidence", __file__),
    "plan reject": ("PL-0001", *REASON, "--actor", APPROVER),
    "plan restore": (),
    "publish": (PERIOD,),
    "rebuild": (),
    "receipt": ("S-0001", "--on", "14/03/2022", *REASON, "--evidence", "Phiếu 017"),
    "reinstate": ("S-0001", *REASON),
    "release approve": (PERIOD, "--actor", APPROVER),
    "release request": (PERIOD, *REASON),
    "release withdraw": (PERIOD, *REASON, "--actor", APPROVER),
    "run": (PERIOD,),
    "sender": ("S-0001", "--unit", "TV", *REASON),
    "unwaive": ("W-0001", *REASON),
    "waive": (PERIOD, "D001", *REASON, "--until", "2022-12-31"),
    "withdraw": ("S-0001", *REASON),
}  # fmt: skip
READS = frozenset({
    "check", "disclosure", "explain", "history", "nc list", "nc overdue", "nc pareto", "nc show", "people list", "plan check", "plan diff",
    "plan proposals", "plan show", "profile", "release list", "release show",
    "replay", "reproduce", "show", "status", "template", "verify", "waivers",
})  # fmt: skip
MAKES_ANOTHER = frozenset({"demo", "init", "restore"})
# Write drafts of letters, and of a plan, that the record knows nothing of.
WRITES_LETTERS = frozenset({"remind", "plan next-year"})
# Starts what writes later, each under its own lock.
STARTS = frozenset({"serve"})
# What mends a key must not ask for it.
MENDS = {
    SIGNING_KEY: {"keys rotate"},
    PUBLIC_KEY: {"keys rotate"},
    PSEUDONYM_KEY: {"keys rotate", "keys pseudonym", "keys schedule"},
    SCHEDULE_KEY: {"keys rotate", "keys pseudonym", "keys schedule"},
}
# What a person does without signing it.
UNSIGNED = {"answer", "backup", "consolidate", "intake", "rebuild", "run"}

Attack = Callable[[Workspace], None]


def test_every_command_of_the_program_is_known_to_write_or_not_to() -> None:
    assert every_command() == set(WRITES) | READS | WRITES_LETTERS | MAKES_ANOTHER | STARTS


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A small department whose quarter is published; beside it what was signed earlier."""
    folder = tmp_path_factory.mktemp("published")
    office = Office.new(folder, small_plan(folder / "plan"))
    rows = "\n".join(ROW.replace("-0001", f"-{number:04}") for number in range(1, 31))
    office.take(log(rows))
    office.consolidate()
    office.settle()
    keep_state(office.workspace, "earlier")
    published = office.publish()
    assert published.is_new, published.reasons
    keep_state(office.workspace, "later")
    office.take(log(rows.replace("0001", "0099")))
    return office.workspace


def keep_state(workspace: Workspace, name: str) -> None:
    """Keep record and signed head as they are now, beside the workspace."""
    folder = workspace.root.parent / name
    folder.mkdir()
    for path in (workspace.ledger, workspace.checkpoint):
        shutil.copyfile(path, folder / path.name)


@pytest.fixture
def workspace(published: Workspace, tmp_path: Path) -> Workspace:
    for folder in (published.root, *(published.root.parent / name for name in ("earlier", "later"))):
        shutil.copytree(folder, tmp_path / folder.name)
    return Workspace(tmp_path / published.root.name)


def lines_of(workspace: Workspace) -> list[bytes]:
    return workspace.ledger.read_bytes().splitlines()


def write_lines(workspace: Workspace, lines: list[bytes]) -> None:
    workspace.ledger.write_bytes(b"".join(line + b"\n" for line in lines))


def cut_one_byte(workspace: Workspace) -> None:
    workspace.ledger.write_bytes(workspace.ledger.read_bytes()[:-1])


def cut_into_the_line_before_the_last(workspace: Workspace) -> None:
    content = workspace.ledger.read_bytes()
    workspace.ledger.write_bytes(content[: len(content) - len(lines_of(workspace)[-1]) - 20])


def cut_three_lines(workspace: Workspace) -> None:
    write_lines(workspace, lines_of(workspace)[:-3])


def cut_everything(workspace: Workspace) -> None:
    workspace.ledger.write_bytes(b"")
    workspace.checkpoint.unlink()


def change_one_line(workspace: Workspace) -> None:
    lines = lines_of(workspace)
    lines[1] = lines[1].replace(FOUNDER.encode(), APPROVER.encode())
    write_lines(workspace, lines)


def forge_an_actor_and_chain_anew(workspace: Workspace) -> None:
    written: list[bytes] = []
    for number, line in enumerate(lines_of(workspace)):
        entry = json.loads(line)
        entry["actor"] = "Người Thử Nghiệm 666" if number == 1 else entry["actor"]
        entry["previous"] = line_hash(written[-1]) if written else entry["previous"]
        written.append(canonical(entry))
    write_lines(workspace, written)


def append_by_hand(workspace: Workspace) -> None:
    lines = lines_of(workspace)
    appointed = {"event": "person_appointed", "key_fingerprint": None, "name": "Người Thử Nghiệm 666",
                 "role": "approver"}  # fmt: skip
    entry = json.loads(lines[-1]) | {"seq": len(lines) + 1, "previous": line_hash(lines[-1]), "kind": "appoint",
                                     "events": [appointed], "files": []}  # fmt: skip
    write_lines(workspace, [*lines, canonical(entry)])


def append_what_is_no_entry(workspace: Workspace) -> None:
    lines = lines_of(workspace)
    write_lines(workspace, [*lines, canonical({"seq": len(lines) + 1, "previous": line_hash(lines[-1])})])


def put_back_the_head_of_an_older_state(workspace: Workspace) -> None:
    shutil.copyfile(workspace.root.parent / "earlier" / workspace.checkpoint.name, workspace.checkpoint)


def put_back_a_whole_older_state(workspace: Workspace) -> None:
    for path in (workspace.ledger, workspace.checkpoint):
        shutil.copyfile(workspace.root.parent / "earlier" / path.name, path)


def take_the_head_away(workspace: Workspace) -> None:
    workspace.checkpoint.unlink()


def scribble_on_the_head(workspace: Workspace) -> None:
    workspace.checkpoint.write_bytes(b"17\n")


def sign_the_head_with_another_key(workspace: Workspace) -> None:
    origin, size, head, _ = workspace.checkpoint.read_text("utf-8").splitlines()
    workspace.checkpoint.write_text(f"{origin}\n{size}\n{head}\n{'17' * 64}\n", "utf-8")


RECORD_ATTACKS: Mapping[str, tuple[Attack, str]] = {
    "one byte cut": (cut_one_byte, "lines are missing"),
    "cut into a line": (cut_into_the_line_before_the_last, "lines are missing"),
    "three lines cut": (cut_three_lines, "lines are missing"),
    "everything cut": (cut_everything, "there is no commit"),
    "a line changed": (change_one_line, "ledger.jsonl, dòng / line 2: was changed"),
    "re-chained with a forged actor": (forge_an_actor_and_chain_anew, "is not the line that was signed"),
    "a line appended by hand": (append_by_hand, "chưa ký / is not signed: appoint"),
    "no entry appended": (append_what_is_no_entry, "is no entry"),
    "the head of an older state put back": (put_back_the_head_of_an_older_state, "chưa ký / is not signed"),
    "a whole older state put back": (put_back_a_whole_older_state, "does not extend the record"),
    "head missing": (take_the_head_away, "ledger.checkpoint: không có / is missing"),
    "head scribbled on": (scribble_on_the_head, "is not a checkpoint"),
    "head signed by another key": (sign_the_head_with_another_key, "the signature is not of this content"),
}


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def swapped(path: Path) -> None:
    other = new_key_pem(b"\x66" * 32)
    contents = {SIGNING_KEY: other, PUBLIC_KEY: public_key_pem(other), PSEUDONYM_KEY: b"\x66" * 32, SCHEDULE_KEY: other}
    path.write_bytes(contents[path.name])


def sealed_by_a_stranger(path: Path) -> None:
    path.write_bytes(
        Ed25519PrivateKey.from_private_bytes(b"\x66" * 32).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"666")
        )
    )


KEY_ATTACKS = {
    f"{name} {attack.__name__}": (name, attack)
    for name in (SIGNING_KEY, PUBLIC_KEY, PSEUDONYM_KEY, SCHEDULE_KEY)
    for attack in (emptied, swapped, Path.unlink)
} | {f"{name} sealed by a stranger": (name, sealed_by_a_stranger) for name in (SIGNING_KEY, SCHEDULE_KEY)}


SAID_OF = {swapped: FOREIGN, Path.unlink: MISSING}


def content_of(workspace: Workspace) -> dict[str, str]:
    return {
        workspace.relative(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file()
    }


def refused_by_every_writer(
    workspace: Workspace, but: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> set[tuple[int, str]]:
    """Let every command that writes try; return the statuses and sentences with which they were turned away."""
    monkeypatch.chdir(workspace.root.parent)
    before, seen = content_of(workspace), set()
    beside = {path.name for path in workspace.root.parent.iterdir()}
    for command, words in WRITES.items():
        if command not in but:
            with signing(FOUNDER) as environment:
                for name, value in environment.items():
                    monkeypatch.setenv(name, value)
                done = run([*command.split(), *words, "-w", str(workspace.root)], monkeypatch, capsys)
            assert content_of(workspace) == before, f"{command} changed the workspace"
            assert done.output == "", f"{command} said that it did something"
            [sentence] = done.errors.splitlines()
            seen.add((done.status, sentence))
    assert {path.name for path in workspace.root.parent.iterdir()} == beside, "nor was anything written beside it"
    return seen


@pytest.mark.parametrize("attack", RECORD_ATTACKS)
def test_a_record_changed_by_hand_stops_every_writer_before_it_writes_and_is_named(
    workspace: Workspace, attack: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change, named = RECORD_ATTACKS[attack]
    released = content_of(workspace)
    change(workspace)
    [(status, sentence)] = refused_by_every_writer(workspace, set(), monkeypatch, capsys)
    assert status == 1
    assert "chưa ghi gì / nothing was written" in sentence
    assert {path: sha256 for path, sha256 in content_of(workspace).items() if path.startswith("releases/")} == {
        path: sha256 for path, sha256 in released.items() if path.startswith("releases/")
    }
    found = verify(workspace)
    assert named in "\n".join(found.problems)
    assert found.notes == [] or attack != "everything cut", "what is wrong is not buried"


@pytest.mark.parametrize("attack", KEY_ATTACKS)
def test_a_key_emptied_swapped_or_missing_stops_every_writer_but_what_mends_it_and_is_named(
    workspace: Workspace, attack: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, change = KEY_ATTACKS[attack]
    change(workspace.keys / name)
    [(status, sentence)] = refused_by_every_writer(workspace, MENDS[name], monkeypatch, capsys)
    assert status == 2
    said = f"keys/{name}: {SAID_OF.get(change, NO_KEY)}"
    assert said in sentence
    assert said in "\n".join(verify(workspace).problems)


def swapped_with_another_persons(path: Path) -> None:
    other = next(one for one in sorted(path.parent.iterdir()) if one != path)
    content = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(content)


def named_for_another(path: Path) -> None:
    path.write_bytes(json.dumps(json.loads(path.read_bytes()) | {"name": "Người Thử Nghiệm 666"}).encode())


def without_its_seal(path: Path) -> None:
    path.write_bytes(json.dumps(json.loads(path.read_bytes()) | {"sealed": ""}).encode())


@pytest.mark.parametrize(
    "change", [emptied, swapped_with_another_persons, without_its_seal, Path.unlink], ids=lambda one: one.__name__
)
def test_the_sealed_key_of_a_person_emptied_swapped_or_missing_signs_nothing_and_is_named(
    workspace: Workspace, change: Attack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    people = persons(Ledger(workspace.ledger).entries).keys.values()
    paths = [key_path(workspace, key.fingerprint) for key in people]
    for path in paths[:1] if change is swapped_with_another_persons else paths:
        change(path)
    enrolled_already = {"people enrol"}
    for status, sentence in refused_by_every_writer(workspace, UNSIGNED | enrolled_already, monkeypatch, capsys):
        assert status == 2
        assert any(path.name in sentence for path in paths), sentence
    found = verify(workspace)
    said = found.notes if change is Path.unlink else found.problems
    for key, path in zip(people, paths, strict=True):
        assert [one for one in said if workspace.relative(path) in one and key.name in one] != []
    assert bool(found.problems) == (change is not Path.unlink)


def test_a_sealed_key_that_bears_another_name_and_one_that_is_nobodys_are_named(workspace: Workspace) -> None:
    path, *_ = sorted(workspace.people_keys.iterdir())
    named_for_another(path)
    (workspace.people_keys / "0017.json").write_bytes(b"{}")
    found = verify(workspace)
    [problem] = found.problems
    assert problem.startswith(workspace.relative(path))
    assert "keys/people/0017.json: không phải khóa đã ghi danh của ai / is nobody's enrolled key" in found.notes


def test_a_key_of_the_schedule_is_replaced_with_a_record_and_the_old_one_signs_nothing_more(
    workspace: Workspace,
) -> None:
    office = Office(workspace)
    old = schedule_hand(workspace)
    scheduled = office.door.of(SCHEDULE, old)
    with entered(workspace, scheduled, "consolidate") as ledger:
        ledger.append(scheduled.stamp, "thử", [])
    for name in (SCHEDULE_KEY, PSEUDONYM_KEY):
        (workspace.keys / name).unlink()
    replace_schedule_key(workspace, office.door, "thử nghiệm")
    replace_pseudonym_key(workspace, office.door, "thử nghiệm")
    with pytest.raises(NotAllowedError, match="not the key in force"), entered(workspace, scheduled, "consolidate"):
        pytest.fail("the old key let somebody in")
    scheduled = office.door.of(SCHEDULE, schedule_hand(workspace))
    with entered(workspace, scheduled, "consolidate") as ledger:
        ledger.append(scheduled.stamp, "thử", [])
    assert verify(workspace).problems == [], "what the old key signed is as good as it was"


def exchanged(path: Path) -> Callable[[], None]:
    """Put other bytes in the place of a file; return what puts the own ones back."""
    content = path.read_bytes()
    path.write_bytes(content[:-9] + b"exchanged")

    def put_back() -> None:
        path.write_bytes(content)

    return put_back


@pytest.mark.parametrize("table", ["dossier_row", "expected_report", "figure", "target_result", "plan", "rule_result"])
def test_a_file_of_the_store_exchanged_for_a_while_is_found_out_before_anything_is_computed_from_it(
    workspace: Workspace, table: str
) -> None:
    office = Office(workspace)
    if table != "dossier_row":
        # What was consolidated is not read of its rows again.
        office.consolidate()
    before = office.ledger.size
    put_back = [exchanged(path) for path in sorted((workspace.store / table).iterdir())]
    with pytest.raises(DamagedStoreError, match=f"its content was changed: .*/{table}/"):
        consolidated_and_published(office)
    assert not [event for entry in office.ledger.entries[before:] for event in entry.events if is_publication(event)]
    for put in put_back:
        put()
    office.consolidate()
    assert office.publish().is_new
    assert verify(workspace).problems == []


def consolidated_and_published(office: Office) -> None:
    office.consolidate()
    office.publish()


def is_publication(event: AnyEvent) -> bool:
    return isinstance(event, ReleaseRequested | ReleaseApproved | ReleasePublished)


def test_a_release_whose_line_was_never_there_is_set_aside_whole_and_named(workspace: Workspace) -> None:
    """The record of just before the publication is what a killed one of before would leave: no release is deleted."""
    lines = lines_of(workspace)
    published = next(number for number, line in enumerate(lines) if b'"release_published"' in line)
    release = workspace.releases / PERIOD / "v1"
    write_lines(workspace, lines[:published])
    sign_head(workspace, lines[:published])
    before = {path.relative_to(release): path.read_bytes() for path in release.rglob("*") if path.is_file()}
    assert "a release that no commit names" in "\n".join(verify(workspace).problems)
    Office(workspace).sweep()
    [event] = [e for entry in Ledger(workspace.ledger).entries for e in entry.events if isinstance(e, ReleaseSetAside)]
    kept = workspace.root / event.moved_to
    assert {path.relative_to(kept): path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before
    assert not release.exists()
    assert verify_release(kept / "official").problems == []
    assert any(event.moved_to in note for note in verify(workspace).notes)
    size = Ledger(workspace.ledger).size
    Office(workspace).sweep()
    assert Ledger(workspace.ledger).size == size, "it is recorded once"


def test_recovery_does_not_die_on_what_lies_among_the_releases(workspace: Workspace) -> None:
    folder = workspace.releases / PERIOD
    (folder / "v7").write_bytes(b"a file in the place of a version")
    (folder / "v8").symlink_to(workspace.root / "nowhere")
    (folder / ".v9.written").mkdir()
    (workspace.store / "plan" / ".tmp-1-a-folder").mkdir()
    (workspace.releases / "a file").write_bytes(b"17")
    Office(workspace).sweep()
    assert sorted(path.name for path in folder.iterdir()) == ["v1"]
    assert sorted(path.name for path in workspace.set_aside.iterdir()) == [f"{PERIOD}-v7", f"{PERIOD}-v8"]


def test_a_line_that_its_actor_might_not_write_is_named_though_a_keyholder_signed_it(workspace: Workspace) -> None:
    append_by_hand(workspace)
    lines = lines_of(workspace)
    forged = json.loads(lines[-1]) | {"actor": "Người Thử Nghiệm 666"}
    lines[-1] = canonical(forged)
    write_lines(workspace, lines)
    sign_head(workspace, lines)
    said = f"ledger.jsonl, dòng / line {len(lines)}: Người Thử Nghiệm 666 (không có vai trò nào / no role)"
    assert any(one.startswith(said) and "person_appointed" in one for one in verify(workspace).problems)


def test_a_record_that_a_keyholder_wrote_anew_is_told_by_the_release_with_the_line_that_was_changed(
    workspace: Workspace,
) -> None:
    forge_an_actor_and_chain_anew(workspace)
    sign_head(workspace, lines_of(workspace))
    with pytest.raises(TamperedRecordError, match="does not extend the record that"):
        Office(workspace).sweep()
    assert "is not the beginning of ledger.jsonl: dòng / line 2 khác / differs" in "\n".join(verify(workspace).problems)


def older(workspace: Workspace, size: int) -> None:
    """Make the record one of before keys were recorded, whose head is signed after so many lines."""
    written = before_persons_signed(lines_of(workspace), before_keys=True)[: size + 2]
    write_lines(workspace, written)
    sign_head(workspace, written[:size])
    shutil.rmtree(workspace.releases / PERIOD)


def test_a_workspace_of_before_states_its_keys_and_its_unsigned_lines_once_and_is_guarded_from_then_on(
    workspace: Workspace,
) -> None:
    older(workspace, 2)
    Office(workspace).sweep()
    events = [e for entry in Ledger(workspace.ledger).entries for e in entry.events if isinstance(e, KeysFirstSeen)]
    assert [(event.unsigned_from, {key.name for key in event.keys}) for event in events] == [
        (3, {PUBLIC_KEY, PSEUDONYM_KEY})
    ]
    notes = "\n".join(verify(workspace).notes)
    assert "keys first seen here" in notes
    assert "lines 3-4: khi đó chưa ký" in notes
    append_by_hand(workspace)
    with pytest.raises(TamperedRecordError, match="is not signed"):
        Office(workspace).sweep()


def test_changed_settings_are_named_until_a_command_records_them(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def named() -> tuple[bool, bool]:
        status = run(["status", "-w", str(workspace.root)], monkeypatch, capsys).output
        return "motcua.toml: đã đổi" in status, any("motcua.toml: đã đổi" in note for note in verify(workspace).notes)

    assert named() == (False, False)
    with (workspace.root / "motcua.toml").open("a") as settings:
        settings.write("\n[reading]\nprocesses = 1\n")
    assert named() == (True, True)
    Office(Workspace(workspace.root)).sweep()
    assert named() == (False, False)
    events = [event for entry in Ledger(workspace.ledger).entries for event in entry.events]
    assert [event.settings_sha256 for event in events if isinstance(event, SettingsChanged)] == [
        workspace.settings_sha256
    ]


def test_an_emptied_pseudonym_key_is_refused_before_the_record_knows_any(workspace: Workspace) -> None:
    older(workspace, 4)
    emptied(workspace.keys / PSEUDONYM_KEY)
    with pytest.raises(ValueError, match=r"pseudonym\.key: trống hoặc không phải khóa"):
        Office(workspace).sweep()

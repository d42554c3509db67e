"""Every decision carries the signature of who takes it; without it, or with another's, it is refused and recorded."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audit.authority import ALLOWED, ROLES, SCHEDULE, SIGNED, Action, offices
from audit.chain import Json, canonical, parse
from audit.events import ActionRefused
from audit.persons import persons, signature_problem
from flows.entry.authority import NotAllowedError, entered
from flows.entry.door import Door, MisuseError
from flows.entry.enrolment import revoke
from flows.entry.keyring import key_path, own_hand, schedule_hand
from tests.support.office import Office, small_plan
from tests.support.people import FOUNDER, at_door, passphrase_of

SOMEBODY, OTHER = "Người Dùng Giả Định 08", "Người Dùng Giả Định 09"
# A letter O for the zero: on paper the same name.
CONFUSABLE = "Người Dùng Giả Định O8"
PEOPLE_ROLES = [role for role in ROLES if role != SCHEDULE]
ACTIONS_TO_SIGN = sorted(SIGNED)


def hashes(root: Path) -> dict[str, str]:
    """Return the hash of every file that a refusal may not change."""
    changing = ("ledger.", "warehouse.duckdb")
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(changing)
    }


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office in which two people hold every role; the key that one of them had first was revoked."""
    folder = tmp_path_factory.mktemp("staffed")
    made = Office.new(folder, small_plan(folder / "plan"))
    made.door_of(SOMEBODY)
    revoke(made.workspace, made.door, SOMEBODY, "thử nghiệm mất khóa")
    for name in (SOMEBODY, OTHER):
        for role in PEOPLE_ROLES:
            made.appoint(name, role)
    return made


def first_key(office: Office) -> Path:
    keys = [key for key in persons(office.ledger.entries).keys.values() if key.name == SOMEBODY]
    assert [key.revoked_because for key in keys] == ["thử nghiệm mất khóa", ""]
    return key_path(office.workspace, keys[0].fingerprint)


def others_key(office: Office) -> Path:
    key = persons(office.ledger.entries).key_of(OTHER)
    assert key is not None
    return key_path(office.workspace, key.fingerprint)


def door_with(office: Office, actor: str, file: Path | None, owner: str) -> Door:
    return at_door(actor, office.at).of(actor, own_hand(lambda _: passphrase_of(owner), file))


WRONG: dict[str, tuple[Callable[[Office], Door], str]] = {
    "unsigned": (lambda office: at_door(SOMEBODY, office.at).of(SOMEBODY), "has to sign"),
    "signed by another's key": (lambda o: door_with(o, SOMEBODY, others_key(o), OTHER), "not the key in force"),
    "signed by a revoked key": (lambda o: door_with(o, SOMEBODY, first_key(o), SOMEBODY), "not the key in force"),
    "by a confusable name": (lambda o: door_with(o, CONFUSABLE, None, SOMEBODY), "can be taken for"),
    "by a confusable name with another's key": (
        lambda office: door_with(office, CONFUSABLE, others_key(office), OTHER),
        "can be taken for",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("action", ACTIONS_TO_SIGN)
def test_a_decision_without_the_signature_of_its_person_is_refused_and_recorded(
    staffed: Office, action: Action, wrong: str
) -> None:
    make, message = WRONG[wrong]
    door, before, size = make(staffed), hashes(staffed.workspace.root), staffed.ledger.size
    with (
        pytest.raises(NotAllowedError, match=message) as refused,
        entered(staffed.workspace, door, action, subject="đây"),
    ):
        pytest.fail("the door let somebody in")
    assert "\n" not in str(refused.value)
    entry, event = staffed.ledger.entries[-1], staffed.ledger.entries[-1].events[0]
    assert staffed.ledger.size == size + 1, "the refusal is recorded, and nothing else"
    assert isinstance(event, ActionRefused)
    assert (event.action, event.subject, entry.actor, entry.signed_by) == (action, "đây", door.stamp.actor, None)
    assert hashes(staffed.workspace.root) == before


@pytest.mark.parametrize("action", ACTIONS_TO_SIGN)
def test_a_decision_is_signed_by_its_person(staffed: Office, action: Action) -> None:
    door = staffed.door_of(SOMEBODY)
    with entered(staffed.workspace, door, action) as ledger:
        ledger.append(door.stamp, "thử", [])
    known, ledger = persons(staffed.ledger.entries[:-1]), staffed.ledger
    key = known.key_of(SOMEBODY)
    assert key is not None
    assert ledger.entries[-1].signed_by == key.fingerprint
    assert signature_problem(known, ledger.entries[-1], ledger.lines[-1]) is None


def test_what_only_takes_in_computes_or_copies_asks_for_no_passphrase(staffed: Office) -> None:
    def unasked(_: str) -> str:
        pytest.fail("a passphrase was asked for")

    door = replace(at_door(SOMEBODY, staffed.at), hand=own_hand(unasked))
    unsigned = ALLOWED.keys() - SIGNED
    assert unsigned == {"intake", "answer", "consolidate", "back_up"}
    for action in unsigned:
        with entered(staffed.workspace, door, action) as ledger:
            ledger.append(door.stamp, "thử", [])
        assert staffed.ledger.entries[-1].signed_by is None


@pytest.mark.parametrize("action", ACTIONS_TO_SIGN)
def test_a_wrong_passphrase_writes_nothing(staffed: Office, action: Action) -> None:
    door = at_door(SOMEBODY, staffed.at).of(SOMEBODY, own_hand(lambda _: "không phải mật khẩu"))
    before = staffed.workspace.ledger.read_bytes()
    with (
        pytest.raises(MisuseError, match="sai mật khẩu") as refused,
        entered(staffed.workspace, door, action),
    ):
        pytest.fail("the door let somebody in")
    assert "\n" not in str(refused.value)
    assert staffed.workspace.ledger.read_bytes() == before


def test_a_sealed_key_of_which_a_byte_was_changed_is_said_to_be_damaged_or_the_passphrase_wrong(
    staffed: Office,
) -> None:
    key = persons(staffed.ledger.entries).key_of(SOMEBODY)
    assert key is not None
    path = key_path(staffed.workspace, key.fingerprint)
    sealed = json.loads(path.read_bytes())
    first = "1" if sealed["sealed"][0] == "0" else "0"
    path.write_bytes(json.dumps(sealed | {"sealed": first + sealed["sealed"][1:]}).encode())
    before = staffed.workspace.ledger.read_bytes()
    door = at_door(SOMEBODY, staffed.at)
    with pytest.raises(MisuseError) as refused, entered(staffed.workspace, door, ACTIONS_TO_SIGN[0]):
        pytest.fail("the door let somebody in")
    assert "or its file is damaged" in str(refused.value)
    assert f"{path} đã hỏng" in str(refused.value)
    assert "put the file back from a backup (--key FILE)" in str(refused.value)
    assert staffed.workspace.ledger.read_bytes() == before


FIELDS: dict[str, Json] = {
    "seq": 3, "at": "2022-03-20T02:00:01Z", "actor": OTHER, "os_user": "khac", "trigger": "khác", "kind": "khác",
    "events": [], "files": [{"path": "a", "sha256": "b", "size": 1}], "previous": "1" * 64,
}  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_a_signature_covers_every_field_of_its_line(office: Office, field: str) -> None:
    line = office.ledger.lines[0]
    entry = office.ledger.entries[0]
    assert signature_problem(persons([]), entry, line) is None
    changed = parse(line) | {field: FIELDS[field]}
    assert set(changed) - {"signature", "signed_by"} == set(FIELDS)
    said = signature_problem(persons([]), entry, canonical(changed))
    assert said == "chữ ký không khớp nội dung / the signature is not of this line"


def test_the_schedule_signs_its_lines_and_nobody_acts_as_it_without_its_key(office: Office) -> None:
    scheduled = at_door(FOUNDER, office.at).of(SCHEDULE, schedule_hand(office.workspace))
    with entered(office.workspace, scheduled, "intake", "consolidate") as ledger:
        ledger.append(scheduled.stamp, "thử", [])
    known, ledger = persons(office.ledger.entries[:-1]), office.ledger
    assert ledger.entries[-1].signed_by == known.fingerprint_for(SCHEDULE)
    assert signature_problem(known, ledger.entries[-1], ledger.lines[-1]) is None
    for hand in (None, own_hand(passphrase_of, next(office.workspace.people_keys.iterdir()))):
        door = at_door(FOUNDER, office.at).of(SCHEDULE, hand)
        opened = door_with(office, SCHEDULE, next(office.workspace.people_keys.iterdir()), FOUNDER) if hand else door
        with pytest.raises(NotAllowedError), entered(office.workspace, opened, "intake"):
            pytest.fail("the door let somebody in")


def test_a_key_of_the_schedule_decides_nothing(office: Office) -> None:
    for action in ACTIONS_TO_SIGN:
        door = at_door(FOUNDER, office.at).of(SCHEDULE, schedule_hand(office.workspace))
        with pytest.raises(NotAllowedError, match="may not"), entered(office.workspace, door, action):
            pytest.fail("the door let somebody in")
        door = at_door(FOUNDER, office.at).of(FOUNDER, schedule_hand(office.workspace))
        if ALLOWED[action] & offices(office.ledger.entries).held(FOUNDER):
            with pytest.raises(NotAllowedError, match="not the key in force"), entered(office.workspace, door, action):
                pytest.fail("the door let somebody in")

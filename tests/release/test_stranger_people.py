"""verify.py asks of all that a release rests on whether it was its actor's to do then, and signed by their own key."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from audit.authority import ACTIONS, ALLOWED, SIGNED, Action
from audit.authority_replay import ACTIONS_OF
from audit.checkpoint import checkpoint_text, public_key_pem, sign
from audit.events import Event
from audit.names import name_key
from releases import verify as released
from releases.manifest import sha256_hex, write_release
from tests.release.test_stranger import (
    APPROVED_BY,
    ASKED_BY,
    KEY,
    REPORTING,
    Row,
    canonical,
    data_files,
    failures,
    official_files,
    request_of,
    verify,
)

Signed = tuple[str, list[Row], Ed25519PrivateKey | None]
OTHER = "Người Thử Nghiệm 019"
FOUNDERS, APPROVERS, STRANGERS, SCHEDULES = (
    Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (3, 4, 5, 6)
)
REQUEST, APPROVAL = (events for _, events in request_of(data_files(REPORTING), 1))


def fingerprint(key: Ed25519PrivateKey) -> str:
    return hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()


def enrolled(name: str, key: Ed25519PrivateKey) -> Row:
    return {"event": "person_enrolled", "name": name, "public_key": pem_of(key), "fingerprint": fingerprint(key)}


def appointed(name: str, role: str, key: Ed25519PrivateKey) -> Row:
    return {"event": "person_appointed", "name": name, "role": role, "key_fingerprint": fingerprint(key)}


def revoked(name: str, key: Ed25519PrivateKey) -> Row:
    return {"event": "key_revoked", "name": name, "fingerprint": fingerprint(key), "reason": "thử"}


def pem_of(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


CREATED: Row = {
    "event": "workspace_created", "signing_public_key": public_key_pem(KEY).decode(), "persons_sign": True,
    "schedule_public_key": pem_of(SCHEDULES),
}  # fmt: skip
UNSIGNED = frozenset(ACTIONS) - SIGNED


def name_of(kind: type[Event]) -> str:
    return str(get_args(kind.model_fields["event"].annotation)[0])


def held_for(actions: Sequence[Action]) -> frozenset[str]:
    """Return the roles of which one suffices for one of these actions."""
    return frozenset(role for action in actions for role in ALLOWED[action])


# What nobody decides unsigned, or without a role that suffices.
DECISIONS = tuple(
    name_of(kind) for kind, actions in ACTIONS_OF.items() if actions is not None and not UNSIGNED & {*actions}
)
# Letters of other alphabets that are drawn like Latin ones, and those that they are drawn like.
DRAWN_ALIKE = "аɑβевէϳιΝΗУЗВНМТКрհոѕսԝүỳяđðɖïїơოLlIi1|Oo0ﬁＲºᴏᴜꜱʏƙⱡᵹɵɪ.,-_'’ʼǍǎ"
RECEIVED: Row = {"event": "submission_taken", "number": "S-0001"}
WAIVED: Row = {"event": "waiver_granted", "number": "W-0001", "rule_id": "P001", "unit_code": "TV",
               "period": "2022-Q1"}  # fmt: skip


def sound() -> list[Signed]:
    """A record in which everybody enrolled, was appointed, and signed what they decided."""
    return [
        (ASKED_BY, [CREATED, enrolled(ASKED_BY, FOUNDERS)], FOUNDERS),
        (APPROVED_BY, [enrolled(APPROVED_BY, APPROVERS)], APPROVERS),
        (ASKED_BY, [appointed(APPROVED_BY, "approver", APPROVERS)], FOUNDERS),
        (ASKED_BY, [RECEIVED, WAIVED], FOUNDERS),
        (ASKED_BY, REQUEST, FOUNDERS),
        (APPROVED_BY, APPROVAL, APPROVERS),
    ]


def release_of(folder: Path, record: list[Signed], hours: dict[int, int] | None = None) -> Path:
    """Write a release whose ledger is this record, and sign all of it as the department would.

    `hours` are those of the day at which a line was written that was not at two.
    """
    lines: list[bytes] = []
    for seq, (actor, events, key) in enumerate(record, start=1):
        previous = hashlib.sha256(lines[-1]).hexdigest() if lines else "0" * 64
        entry: Row = {"seq": seq, "previous": previous, "actor": actor, "os_user": f"tai-khoan-{actor}", "at": f"2022-03-20T{(hours or {}).get(seq, 2):02d}:00:{seq:02d}Z",
                      "events": events, "signed_by": fingerprint(key) if key is not None else None}  # fmt: skip
        signature = key.sign(b"motcua entry v1\n" + canonical(entry)).hex() if key is not None else None
        lines.append(canonical(entry | {"signature": signature}))
    checkpoint = checkpoint_text("motcua.example", len(lines), sha256_hex(lines[-1]))
    files = official_files() | {
        "ledger.jsonl": b"".join(line + b"\n" for line in lines),
        "checkpoint.txt": checkpoint,
        "checkpoint.sig": sign(KEY, checkpoint),
    }
    write_release(folder, files, sign=lambda content: sign(KEY, content))
    return folder


def test_decisions_that_their_people_signed_hold(tmp_path: Path) -> None:
    status, output = verify(release_of(tmp_path / "copy", sound()))
    assert (status, failures(output)) == (0, []), output


def at(number: int, change: Callable[[Signed], Signed]) -> Callable[[], list[Signed]]:
    def forged() -> list[Signed]:
        record = sound()
        record[number - 1] = change(record[number - 1])
        return record

    return forged


def before(number: int, step: Signed) -> Callable[[], list[Signed]]:
    return lambda: [*sound()[: number - 1], step, *sound()[number - 1 :]]


FORGERIES: dict[str, tuple[Callable[[], list[Signed]], str]] = {
    "unsigned request": (at(5, lambda one: (*one[:2], None)), "dòng 5: chữ ký của"),
    "unsigned approval": (at(6, lambda one: (*one[:2], None)), "dòng 6: chữ ký của"),
    "approval signed by another": (at(6, lambda one: (*one[:2], STRANGERS)), "dòng 6: chữ ký của"),
    "approval signed by who asked": (at(6, lambda one: (*one[:2], FOUNDERS)), "dòng 6: "),
    "approved by who asked": (at(6, lambda one: (ASKED_BY, one[1], FOUNDERS)), "by the one who asked for it"),
    "name of who asked in other letters": (
        at(6, lambda one: (ASKED_BY.upper().replace(" ", "  "), one[1], FOUNDERS)), "by the one who asked for it"
    ),
    "unsigned appointment": (at(3, lambda one: (*one[:2], None)), "might not do this: release_approved"),
    "appointed by nobody who may": (
        at(3, lambda one: (APPROVED_BY, one[1], APPROVERS)), "dòng 3: Người Thử Nghiệm 018 không được làm việc này"
    ),
    "appointed with another key": (
        at(3, lambda one: (one[0], [appointed(APPROVED_BY, "approver", STRANGERS)], one[2])),
        "might not do this: release_approved",
    ),
    "dismissed before the approval": (
        before(6, (ASKED_BY, [{"event": "person_dismissed", "name": APPROVED_BY, "role": "approver"}], FOUNDERS)),
        "dòng 7: Người Thử Nghiệm 018 không được làm việc này",
    ),
    "key revoked before the approval": (
        before(6, (ASKED_BY, [{"event": "key_revoked", "name": APPROVED_BY, "fingerprint": fingerprint(APPROVERS),
                               "reason": "thử"}], FOUNDERS)),
        "dòng 7: chữ ký của",
    ),
    "key enrolled by another's hand": (at(2, lambda one: (*one[:2], STRANGERS)), "dòng 6: chữ ký của"),
    "second key for a name": (
        before(6, (APPROVED_BY, [enrolled(APPROVED_BY, STRANGERS)], STRANGERS)), "dòng 6: ghi danh khóa không hợp lệ"
    ),
    "approval beside the enrolment of another": (
        at(6, lambda one: (one[0], [enrolled(OTHER, STRANGERS), *one[1]], STRANGERS)), "dòng 6: chữ ký của"
    ),
    "revoked by nobody, enrolled anew": (
        lambda: [*sound()[:2], (OTHER, [revoked(APPROVED_BY, APPROVERS)], None),
                 (APPROVED_BY, [enrolled(APPROVED_BY, STRANGERS)], STRANGERS),
                 (ASKED_BY, [appointed(APPROVED_BY, "approver", STRANGERS)], FOUNDERS), *sound()[3:5],
                 (APPROVED_BY, APPROVAL, STRANGERS)], "dòng 4: ghi danh khóa không hợp lệ"
    ),
    "revoked by nobody": (before(4, (OTHER, [revoked(OTHER, STRANGERS)], None)), "dòng 4: chữ ký của"),
    "revoked without a role": (
        lambda: [*sound()[:3], (OTHER, [enrolled(OTHER, STRANGERS)], STRANGERS),
                 (OTHER, [revoked(APPROVED_BY, APPROVERS)], STRANGERS), *sound()[3:]],
        f"dòng 5: {OTHER} không được làm việc này / might not do this: key_revoked",
    ),
    "made anew": (before(4, (OTHER, [{**CREATED, "persons_sign": False}], None)), "dòng 4: thư mục đã được tạo"),
    "made anew, which would give roles": (
        lambda: [*sound()[:3], (OTHER, [CREATED, enrolled(OTHER, STRANGERS)], STRANGERS), *sound()[3:5],
                 (OTHER, APPROVAL, STRANGERS)],
        f"dòng 7: {OTHER} không được làm việc này / might not do this: release_approved",
    ),
    "signing key replaced by nobody": (
        before(5, ("ai đó", [{"event": "signing_key_replaced", "new_public_key": public_key_pem(KEY).decode()}], None)),
        "dòng 5: chữ ký của ai đó",
    ),
    **{
        f"{kind} unsigned": (before(5, (ASKED_BY, [{"event": kind}], None)), "dòng 5: chữ ký của")
        for kind in DECISIONS
    },
    **{
        f"{kind} without a role": (
            lambda kind=kind: [*sound()[:3], (OTHER, [enrolled(OTHER, STRANGERS)], STRANGERS),
                               (OTHER, [{"event": kind}], STRANGERS), *sound()[3:]],
            f"dòng 5: {OTHER} không được làm việc này / might not do this: {kind}",
        )
        for kind in (*DECISIONS, "submission_taken", "period_consolidated", "nonconformity_opened")
    },
    "the schedule without its signature": (
        before(4, ("schedule", [{"event": "submission_taken", "number": "S-0017"}], None)), "dòng 4: chữ ký của schedule"
    ),
    "the schedule decides": (
        before(4, ("schedule", [{"event": "waiver_granted"}], SCHEDULES)),
        "dòng 4: schedule không được làm việc này / might not do this: waiver_granted",
    ),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_decision_that_was_not_its_actors_or_not_signed_is_named(tmp_path: Path, forgery: str) -> None:
    record, said = FORGERIES[forgery]
    status, output = verify(release_of(tmp_path / "copy", record()))
    assert status == 1, output
    assert any(said in line for line in failures(output)), output


def test_roles_and_names_are_those_of_the_program() -> None:
    """Nothing can be imported into a release: what stands there twice is asked to be the same."""
    signed = {
        kind: actions for kind, actions in ACTIONS_OF.items() if actions is not None and not UNSIGNED & {*actions}
    }
    taken = {kind: actions for kind, actions in ACTIONS_OF.items() if actions is not None and not SIGNED & {*actions}}
    assert {name_of(kind): held_for(actions) for kind, actions in signed.items()} == released.DECIDED
    assert {name_of(kind): held_for(actions) for kind, actions in taken.items()} == released.TAKEN_IN


@given(
    st.text(st.sampled_from([*DRAWN_ALIKE, *"NRVWrnvw 01ạảãớ\u0300\u0323\u200b\u00a0"]), max_size=12)
    | st.text(max_size=12)
)
def test_names_are_folded_as_the_record_folds_them(name: str) -> None:
    assert released.name_key(name) == name_key(name)


def under_another_spelling(name: str) -> list[Signed]:
    """Let the one who asked approve with a second key, enrolled for a name that is drawn like their own."""
    record = sound()
    record[1] = (name, [enrolled(name, APPROVERS)], APPROVERS)
    record[2] = (ASKED_BY, [appointed(name, "approver", APPROVERS)], FOUNDERS)
    record[5] = (name, APPROVAL, APPROVERS)
    return record


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(ASKED_BY.upper(), id="case"),
        pytest.param(ASKED_BY.replace("i", "\u0456"), id="Cyrillic i"),
        pytest.param(ASKED_BY.replace("N", "\u039d"), id="Greek capital nu"),
        pytest.param(ASKED_BY.replace("0", "O"), id="letter O for a zero"),
        pytest.param(ASKED_BY.replace("ời", "ơ\u0300i"), id="decomposed"),
        pytest.param(ASKED_BY.replace("ườ", "ừơ"), id="place of the tone mark"),
        pytest.param(ASKED_BY.replace(" ", "\u00a0 "), id="spaces"),
        pytest.param(ASKED_BY.replace("g", "g\u200b", 1), id="zero width space"),
    ],
)
def test_a_name_that_is_drawn_like_that_of_who_asked_is_no_second_person(tmp_path: Path, name: str) -> None:
    output = verify(release_of(tmp_path / "copy", under_another_spelling(name)))[1]
    assert any("was approved by the one who asked for it" in line for line in failures(output)), output
    output = verify(release_of(tmp_path / "another", under_another_spelling("Người Thử Nghiệm 019")))[1]
    assert not any("was approved by the one who asked for it" in line for line in failures(output))


def test_an_approval_older_than_its_request_is_named(tmp_path: Path) -> None:
    output = verify(release_of(tmp_path / "copy", sound(), {6: 1}))[1]
    assert any("was approved before it was asked for" in line for line in failures(output)), output
    assert failures(verify(release_of(tmp_path / "later", sound(), {6: 3}))[1]) == []


def test_a_second_key_does_not_take_the_place_of_the_first(tmp_path: Path) -> None:
    record = FORGERIES["second key for a name"][0]()
    output = verify(release_of(tmp_path / "first", record))[1]
    assert not any("dòng 7" in line for line in failures(output)), output
    record[-1] = (*record[-1][:2], STRANGERS)
    output = verify(release_of(tmp_path / "second", record))[1]
    assert any("dòng 7: chữ ký của" in line for line in failures(output)), output


def test_what_people_and_the_schedule_sign_and_may_do_holds(tmp_path: Path) -> None:
    replaced: Row = {"event": "schedule_key_replaced", "new_public_key": pem_of(STRANGERS), "reason": "thử"}
    taken: Row = {"event": "submission_taken", "number": "S-0017"}
    record = [
        *sound()[:3],
        ("schedule", [taken], SCHEDULES),
        (ASKED_BY, [replaced], FOUNDERS),
        ("schedule", [taken, {"event": "period_consolidated"}], STRANGERS),
        (OTHER, [enrolled(OTHER, (other := Ed25519PrivateKey.from_private_bytes(b"\x17" * 32)))], other),
        (OTHER, [revoked(OTHER, other)], other),
        *sound()[3:],
    ]
    status, output = verify(release_of(tmp_path / "copy", record))
    assert (status, failures(output)) == (0, []), output

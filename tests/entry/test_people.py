"""People bring keys of their own; nobody comes by a right through a name, a login or an old workspace."""

import json
import os
import pwd
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit.authority import offices
from audit.chain import canonical, line_hash
from audit.events import ActionRefused, KeyRevoked, PersonAppointed, PersonEnrolled, ReleaseApproved
from audit.releases import versions
from audit.sealed_key import STRONG, SealedKeyError, Sealing, WrongPassphraseError, seal, unseal
from flows.audits.verify import verify
from flows.entry.authority import NotAllowedError, appoint, entered
from flows.entry.door import Door, MisuseError
from flows.entry.enrolment import enrol, people, revoke
from flows.entry.keyring import key_path, own_hand
from flows.entry.places import CHECKOUT
from flows.release.decisions import approve, request
from motcua.cli import app
from motcua.passphrase import VARIABLE
from tests.support.office import PERIOD, Office, log, small_plan
from tests.support.old_record import before_persons_signed, write_record
from tests.support.people import (
    APPROVER,
    CHEAP,
    FOUNDER,
    account_of,
    at_door,
    enrolled,
    fd_in,
    passphrase_of,
    sealing_of,
    signing,
    typed,
)
from warehouse.workspace import Workspace

INVENTED = "Người Dùng Giả Định 09"
ROW = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"


def motcua(office: Office, *words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own, as nobody who could type."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return subprocess.run(
        [sys.executable, "-m", "motcua", *words, "-w", str(office.workspace.root)],
        cwd=CHECKOUT, env=known | (environment or {}), pass_fds=fd_in(environment) if environment else (),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


def consolidated(folder: Path, *, one_account: bool = False) -> Office:
    plan = small_plan(folder / "plan")
    if one_account:
        stated = plan / "plan.toml"
        stated.write_text(f"one_account_may_approve = true\n{stated.read_text('utf-8')}", "utf-8")
    office = Office.new(folder, plan)
    office.take(log(ROW))
    office.consolidate()
    return office


def same_account(office: Office, name: str) -> Door:
    return at_door(name, office.at, account=account_of(FOUNDER))


def test_one_login_that_invents_an_approver_does_not_come_to_a_release(tmp_path: Path) -> None:
    office = consolidated(tmp_path)
    period, invented = office.workspace.plan.period(PERIOD), same_account(office, INVENTED)
    enrol(office.workspace, invented, sealing_of(INVENTED))
    appoint(office.workspace, office.door, INVENTED, "approver")
    request(office.workspace, office.door, period, "")
    with pytest.raises(NotAllowedError, match="the account asked for it and may not decide about it"):
        approve(office.workspace, invented, period)
    entry, event = office.ledger.entries[-1], office.ledger.entries[-1].events[0]
    assert isinstance(event, ActionRefused)
    assert (entry.actor, event.action, event.why) == (
        INVENTED,
        "approve_release",
        "cùng một tài khoản / the same account",
    )
    assert [one.state for one in versions(office.ledger.entries, PERIOD)] == ["requested"]


def test_one_account_may_do_both_where_the_plan_says_so_and_the_record_and_the_list_say_it(tmp_path: Path) -> None:
    office = consolidated(tmp_path, one_account=True)
    period, second = office.workspace.plan.period(PERIOD), same_account(office, INVENTED)
    enrol(office.workspace, second, sealing_of(INVENTED))
    appoint(office.workspace, office.door, INVENTED, "approver")
    request(office.workspace, office.door, period, "")
    approve(office.workspace, second, period)
    event = office.ledger.entries[-1].events[0]
    assert isinstance(event, ReleaseApproved)
    assert event.one_account
    listed = CliRunner(env={"COLUMNS": "400"}).invoke(app, ["release", "list", "-w", str(office.workspace.root)])
    assert "under the account that asked" in " ".join(listed.output.split())
    assert any("one account asked for" in note for note in verify(office.workspace).notes)


def test_a_decision_that_claims_what_the_plan_of_then_did_not_let_is_named(tmp_path: Path) -> None:
    office = consolidated(tmp_path)
    period, second = office.workspace.plan.period(PERIOD), same_account(office, INVENTED)
    enrol(office.workspace, second, sealing_of(INVENTED))
    appoint(office.workspace, office.door, INVENTED, "approver")
    request(office.workspace, office.door, period, "")
    [asked] = versions(office.ledger.entries, PERIOD)
    with entered(office.workspace, second, "approve_release", subject=PERIOD) as ledger:
        claim = ReleaseApproved(
            period=PERIOD, version=1, datasets_sha256=asked.datasets_sha256,
            content_sha256=asked.content_sha256, one_account=True,
        )  # fmt: skip
        ledger.append(second.stamp, "approve", [claim])
    line = len(office.ledger.entries)
    assert [problem for problem in verify(office.workspace).problems if "one account asked and decided" in problem] == [
        f"ledger.jsonl, dòng / line {line}: một tài khoản tự duyệt mà kế hoạch khi đó không cho phép / one account asked"
        f" and decided, the plan in force then did not let it: {account_of(FOUNDER)}"
    ]


def test_a_role_is_bound_to_the_key_that_was_seen(office: Office) -> None:
    with pytest.raises(MisuseError, match="motcua people enrol"):
        appoint(office.workspace, office.door, APPROVER, "approver")
    enrolled(office.workspace, APPROVER, office.at)
    with pytest.raises(MisuseError, match="hỏi lại"):
        appoint(office.workspace, office.door, APPROVER, "approver", "17" * 8)
    office.appoint_approver()
    first = offices(office.ledger.entries)
    assert first.held(APPROVER) == {"approver"}
    revoke(office.workspace, office.door, APPROVER, "mất khóa")
    assert offices(office.ledger.entries).held(APPROVER) == frozenset()
    office.door_of(APPROVER)
    assert offices(office.ledger.entries).held(APPROVER) == frozenset(), "another key holds nothing by itself"
    office.appoint_approver()
    assert offices(office.ledger.entries).held(APPROVER) == {"approver"}
    assert verify(office.workspace).problems == []


def test_a_second_key_for_a_name_is_refused_while_the_first_is_in_force(office: Office) -> None:
    office.door_of(APPROVER)
    before = office.workspace.ledger.read_bytes()
    with pytest.raises(MisuseError, match="motcua people revoke"):
        enrol(office.workspace, at_door(APPROVER, office.at), sealing_of(APPROVER))
    assert office.workspace.ledger.read_bytes() == before
    with pytest.raises(NotAllowedError, match="can be taken for"):
        enrol(office.workspace, at_door(APPROVER.lower(), office.at), sealing_of(APPROVER))


def test_whoever_has_no_right_over_people_revokes_their_own_key_alone(office: Office) -> None:
    door = office.appoint_approver()
    office.door_of(INVENTED)
    with pytest.raises(NotAllowedError, match="revoke_key"):
        revoke(office.workspace, door, INVENTED, "x")
    revoke(office.workspace, door, APPROVER, "nghỉ hưu")
    assert [one.name for one in people(office.workspace) if one.key] == [FOUNDER, INVENTED]
    with pytest.raises(MisuseError, match="người cuối cùng"):
        revoke(office.workspace, office.door, FOUNDER, "x")


def forged(office: Office, fields: dict[str, object]) -> None:
    """Append a line as an insider would who holds the workspace's own key: chained, and the head signed anew."""
    lines = office.workspace.ledger.read_bytes().splitlines()
    last = json.loads(lines[-1])
    entry = last | {"seq": len(lines) + 1, "previous": line_hash(lines[-1]), "files": [], "signature": None,
                    "signed_by": None} | fields  # fmt: skip
    write_record(office.workspace, [*lines, canonical(entry)])


def test_an_insider_with_the_workspace_s_key_alone_makes_no_approval_that_verify_accepts(tmp_path: Path) -> None:
    office = consolidated(tmp_path)
    office.appoint_approver()
    request(office.workspace, office.door, office.workspace.plan.period(PERIOD), "")
    [asked] = versions(office.ledger.entries, PERIOD)
    approval = ReleaseApproved(
        period=PERIOD, version=1, datasets_sha256=asked.datasets_sha256, content_sha256=asked.content_sha256
    ).model_dump(mode="json")
    own = offices(office.ledger.entries).persons.key_of(APPROVER)
    assert own is not None
    line = {"actor": APPROVER, "os_user": account_of(APPROVER), "kind": "approve", "events": [approval]}
    before = office.workspace.ledger.read_bytes()
    signatures = ({}, {"signed_by": own.fingerprint}, {"signed_by": own.fingerprint, "signature": "17" * 64})
    for signature in signatures:
        office.workspace.ledger.write_bytes(before)
        forged(office, line | signature)
        said = "\n".join(verify(office.workspace).problems)
        assert f"dòng / line {office.ledger.size}: " in said, signature
        assert "sign" in said


@pytest.mark.parametrize("signature", [None, "17" * 64], ids=["unsigned", "a signature that is none"])
def test_an_insider_who_appoints_somebody_by_hand_gives_no_role(office: Office, signature: str | None) -> None:
    door = office.door_of(INVENTED)
    founder = offices(office.ledger.entries).persons.fingerprint_for(FOUNDER) if signature else None
    own = offices(office.ledger.entries).persons.key_of(INVENTED)
    assert own is not None
    appointed = PersonAppointed(name=INVENTED, role="approver", key_fingerprint=own.fingerprint)
    forged(office, {"actor": FOUNDER, "kind": "appoint", "events": [appointed.model_dump(mode="json")],
                    "signed_by": founder, "signature": signature})  # fmt: skip
    assert "sign" in "\n".join(verify(office.workspace).problems)
    with pytest.raises(NotAllowedError), entered(office.workspace, door, "approve_release"):
        pytest.fail("the door let somebody in")


def older(workspace: Workspace) -> None:
    """Give a workspace the record that it would have from before persons signed."""
    write_record(workspace, before_persons_signed(workspace.ledger.read_bytes().splitlines()))
    for path in workspace.people_keys.iterdir():
        path.unlink()
    (workspace.keys / "schedule.pem").unlink()


def test_a_workspace_of_before_persons_signed_is_read_goes_on_and_is_signed_from_the_first_key_on(
    tmp_path: Path,
) -> None:
    office = consolidated(tmp_path)
    office.appoint_approver()
    older(office.workspace)
    old = office.ledger.size
    unsigned = Door(at_door(FOUNDER, office.at).stamp.unsigned, "test")
    with entered(office.workspace, unsigned, "justify", "request_release"):
        pass
    assert any("nobody signs decisions here yet" in note for note in verify(office.workspace).notes)
    enrol(office.workspace, at_door(FOUNDER, office.at), sealing_of(FOUNDER))
    with pytest.raises(NotAllowedError, match="has to sign"), entered(office.workspace, unsigned, "justify"):
        pytest.fail("the door let somebody in")
    approver = at_door(APPROVER, office.at)
    with (
        pytest.raises(NotAllowedError, match="motcua people enrol"),
        entered(office.workspace, approver, "approve_release"),
    ):
        pytest.fail("the door let somebody in")
    assert offices(office.ledger.entries).held(APPROVER) == {"approver"}, "roles of before are kept"
    assert office.publish().version == 1
    result = verify(office.workspace)
    assert result.problems == []
    assert any(f"1-{old}: quyết định trước khi ký cá nhân" in note for note in result.notes)
    revoke(office.workspace, office.door, APPROVER, "mất khóa")
    office.door_of(APPROVER)
    assert offices(office.ledger.entries).held(APPROVER) == frozenset(), "what was held by the name alone lapsed"


def test_a_key_lies_sealed_for_its_owner_alone_and_its_passphrase_nowhere(office: Office) -> None:
    [path] = office.workspace.people_keys.iterdir()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    found = [
        p for p in office.workspace.root.rglob("*") if p.is_file() and passphrase_of(FOUNDER).encode() in p.read_bytes()
    ]
    assert found == []
    opened = unseal(path.read_bytes(), passphrase_of(FOUNDER))
    assert path == key_path(office.workspace, opened.fingerprint)
    with pytest.raises(WrongPassphraseError):
        unseal(path.read_bytes(), "không phải mật khẩu")


def test_what_stands_in_the_clear_beside_a_sealed_key_is_bound_to_it() -> None:
    content = seal("Người Thử Nghiệm 017", b"\x17" * 32, b"\x01" * 16, b"\x02" * 12, Sealing("mật khẩu dài", CHEAP))
    assert content == seal(
        "Người Thử Nghiệm 017", b"\x17" * 32, b"\x01" * 16, b"\x02" * 12, Sealing("mật khẩu dài", CHEAP)
    )
    for name, value in {"name": "Khác", "fingerprint": "0" * 64, "n": 4, "salt": "03" * 16, "nonce": "04" * 12}.items():
        with pytest.raises(WrongPassphraseError):
            unseal(json.dumps(json.loads(content) | {name: value}).encode(), "mật khẩu dài")
    for wrong in (b"", b"{}", content[:-40], json.dumps(json.loads(content) | {"n": 2**30}).encode()):
        with pytest.raises(SealedKeyError):
            unseal(wrong, "mật khẩu dài")
    assert (STRONG.n, STRONG.r, STRONG.p) >= (2**16, 8, 1), "a guess costs 64 MB"


def test_a_passphrase_that_is_short_makes_no_workspace_and_no_key(office: Office) -> None:
    with pytest.raises(MisuseError, match="10"):
        enrol(office.workspace, at_door(APPROVER, office.at), Sealing("ngắn", CHEAP))
    assert [path.name for path in office.workspace.people_keys.iterdir()] == [
        key_path(office.workspace, key).name for key in offices(office.ledger.entries).persons.keys
    ]


def test_without_a_passphrase_a_decision_ends_with_one_line_and_nothing_is_written(office: Office) -> None:
    office.take(log(ROW))
    before = office.workspace.ledger.read_bytes()
    done = motcua(office, "withdraw", "S-0001", "--reason", "x", "--actor", FOUNDER)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert VARIABLE in done.stderr
    with typed("không phải mật khẩu") as environment:
        done = motcua(office, "withdraw", "S-0001", "--reason", "x", "--actor", FOUNDER, environment=environment)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "sai mật khẩu" in done.stderr
    assert office.workspace.ledger.read_bytes() == before


def test_the_account_is_the_system_s_whatever_the_environment_says(office: Office) -> None:
    office.take(log(ROW))
    with signing(FOUNDER) as environment:
        liar = environment | {"LOGNAME": "nguoi-khac", "USER": "nguoi-khac", "USERNAME": "nguoi-khac"}
        done = motcua(office, "withdraw", "S-0001", "--reason", "x", environment=liar)
    assert done.returncode == 0, done.stderr
    entry = office.ledger.entries[-1]
    assert (entry.actor, entry.os_user) == (FOUNDER, pwd.getpwuid(os.getuid()).pw_name)
    assert isinstance(entry.signed_by, str)


def test_the_commands_enrol_list_appoint_and_revoke(office: Office, tmp_path: Path) -> None:
    stick = tmp_path / "khoa.json"
    with typed("mật khẩu rất dài") as environment:
        done = motcua(office, "people", "enrol", "--actor", APPROVER, "--key", str(stick), environment=environment)
    assert done.returncode == 0, done.stderr
    [event] = office.ledger.entries[-1].events
    assert isinstance(event, PersonEnrolled)
    assert event.fingerprint in done.stdout.replace("\n", "")
    with signing(FOUNDER) as environment:
        words = ("people", "appoint", APPROVER, "--role", "approver", "--fingerprint", event.fingerprint[:16])
        assert motcua(office, *words, environment=environment).returncode == 0
    with typed("mật khẩu rất dài") as environment:
        words = ("release", "approve", PERIOD, "--actor", APPROVER, "--key", str(stick))
        assert "nothing waits for approval" in motcua(office, *words, environment=environment).stderr
    listed = json.loads(motcua(office, "people", "list", "--json").stdout)
    assert (listed[APPROVER]["roles"], listed[APPROVER]["key"]["fingerprint"]) == (["approver"], event.fingerprint)
    with signing(FOUNDER) as environment:
        done = motcua(office, "people", "revoke", APPROVER, "--reason", "mất USB", environment=environment)
    assert done.returncode == 0, done.stderr
    assert APPROVER not in json.loads(motcua(office, "people", "list", "--json").stdout)


def test_a_key_of_another_file_opens_with_its_own_passphrase_and_signs_for_nobody_else(office: Office) -> None:
    office.door_of(APPROVER)
    key = offices(office.ledger.entries).persons.key_of(APPROVER)
    assert key is not None
    hand = own_hand(lambda _: passphrase_of(APPROVER), key_path(office.workspace, key.fingerprint))
    with pytest.raises(NotAllowedError, match="not the key in force"):
        revoke(office.workspace, replace(office.door, hand=hand), APPROVER, "x")


def test_a_key_revoked_by_hand_stays_in_force(office: Office) -> None:
    office.appoint_approver()
    key = offices(office.ledger.entries).persons.key_of(APPROVER)
    assert key is not None
    revoked = KeyRevoked(name=APPROVER, fingerprint=key.fingerprint, reason="x").model_dump(mode="json")
    forged(office, {"actor": FOUNDER, "kind": "revoke-key", "events": [revoked]})
    assert "chưa ký / did not sign" in "\n".join(verify(office.workspace).problems)
    with entered(office.workspace, at_door(APPROVER, office.at), "approve_release"):
        pass


def test_every_role_that_is_named_is_given_and_one_that_there_is_not_gives_none(office: Office) -> None:
    enrolled(office.workspace, INVENTED, office.at)

    def held() -> set[str]:
        return set(offices(office.ledger.entries).held(INVENTED))

    with signing(FOUNDER) as environment:
        refused = motcua(
            office, "people", "appoint", INVENTED, "--role", "auditor", "--role", "vua", environment=environment
        )
        assert (refused.returncode, held()) == (2, set())
        assert "there is no role vua" in refused.stderr
    with signing(FOUNDER) as environment:
        words = ("--role", "analyst", "--role", "auditor")
        done = motcua(office, "people", "appoint", INVENTED, *words, environment=environment)
        assert (done.returncode, held()) == (0, {"analyst", "auditor"}), done.stderr
    with signing(FOUNDER) as environment:
        done = motcua(office, "people", "dismiss", INVENTED, *words, environment=environment)
        assert (done.returncode, held()) == (0, set()), done.stderr

"""Who may do what is one table; what is refused is recorded; nobody approves what they asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from audit.authority import ACTIONS, ALLOWED, ROLES, SCHEDULE, Action, may, roles
from audit.events import ActionRefused, Role
from flows.entry.authority import NotAllowedError, appoint, dismiss, entered, require
from flows.entry.door import MisuseError
from tests.support.office import Office
from tests.support.people import APPROVER, FOUNDER, account_of, at_door

SOMEBODY = "Người Dùng Giả Định 09"

# What the department decided, written out once more: analyst, quality manager, approver, auditor, schedule.
TABLE = """
intake              | x | . | . | . | x
answer              | x | x | . | . | .
consolidate         | x | . | . | . | x
justify             | x | x | . | . | .
correct             | x | x | . | . | .
withdraw_submission | x | x | . | . | .
reinstate_submission | x | x | . | . | .
mend_statement      | x | x | . | . | .
request_release     | x | x | . | . | .
approve_release     | . | . | x | . | .
publish             | x | . | x | . | .
withdraw_release    | . | . | x | . | .
waive               | . | x | x | . | .
record_nonconformity | x | x | . | . | .
decide_nonconformity | . | x | . | . | .
appoint             | . | x | . | . | .
revoke_key          | . | x | . | . | .
erase               | . | . | x | . | .
propose_plan        | x | x | . | . | .
accept_plan         | . | x | x | . | .
back_up             | x | x | . | x | .
replace_key         | . | x | . | . | .
"""
EXPECTED: dict[tuple[str, str], bool] = {
    (cells[0], role): cell == "x"
    for line in TABLE.strip().splitlines()
    for cells in [[cell.strip() for cell in line.split("|")]]
    for role, cell in zip(ROLES, cells[1:], strict=True)
}


def refusals(office: Office) -> list[ActionRefused]:
    return [e for entry in office.ledger.entries for e in entry.events if isinstance(e, ActionRefused)]


def test_the_table_names_every_action_and_every_role() -> None:
    assert {action for action, _ in EXPECTED} == set(ACTIONS) == set(ALLOWED)
    assert {role for _, role in EXPECTED} == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_each_role_may_do_what_the_table_says_and_nothing_else(action: Action, role: Role) -> None:
    assert may({role}, action) is EXPECTED[action, role]
    assert not may(set(), action)


@pytest.mark.parametrize("role", [role for role in ROLES if role != SCHEDULE])
def test_the_door_asks_the_table_and_records_what_it_refuses(office: Office, role: Role) -> None:
    office.appoint(SOMEBODY, role)
    door = office.door_of(SOMEBODY)
    for action in ACTIONS:
        before = len(refusals(office))
        if EXPECTED[action, role]:
            with entered(office.workspace, door, action):
                pass
            assert len(refusals(office)) == before
        else:
            with pytest.raises(NotAllowedError, match=action), entered(office.workspace, door, action, subject="đây"):
                pytest.fail("the door let somebody in")
            last = refusals(office)[-1]
            assert (last.action, last.subject, last.held) == (action, "đây", (role,))
            assert len(refusals(office)) == before + 1


def test_the_founder_begins_and_never_approves(office: Office) -> None:
    assert roles(office.ledger.entries) == {FOUNDER: {"analyst", "quality_manager"}, SCHEDULE: {"schedule"}}


def test_an_unknown_actor_writes_nothing_but_the_refusal(office: Office) -> None:
    before = office.ledger.size
    with (
        pytest.raises(NotAllowedError, match="motcua people appoint"),
        entered(office.workspace, at_door(SOMEBODY, office.at), "intake"),
    ):
        pytest.fail("somebody without a role was let in")
    assert office.ledger.size == before + 1
    entry = office.ledger.entries[-1]
    assert (entry.actor, entry.os_user, entry.kind) == (SOMEBODY, account_of(SOMEBODY), "refused")


def test_a_role_that_was_taken_away_no_longer_counts(office: Office) -> None:
    office.appoint(SOMEBODY, "analyst")
    dismiss(office.workspace, office.door, SOMEBODY, "analyst")
    assert SOMEBODY not in roles(office.ledger.entries)
    with pytest.raises(MisuseError, match="người cuối cùng"):
        dismiss(office.workspace, office.door, FOUNDER, "quality_manager")


@pytest.mark.parametrize("name", [SCHEDULE, "  ", ""])
def test_nobody_can_be_given_the_schedules_name_or_none(office: Office, name: str) -> None:
    before = office.ledger.size
    with pytest.raises(MisuseError, match="không thể là tên người"):
        appoint(office.workspace, office.door, name, "analyst")
    assert office.ledger.size == before


def test_a_chain_of_actions_stops_at_the_first_that_is_not_allowed(office: Office) -> None:
    office.appoint(SOMEBODY, "analyst")
    with (
        entered(office.workspace, at_door(SOMEBODY, office.at), "intake", "consolidate") as ledger,
        pytest.raises(NotAllowedError),
    ):
        require(ledger, at_door(SOMEBODY, office.at), "approve_release", "2022-Q1")


def test_the_command_line_says_in_one_line_who_may(office: Office) -> None:
    command = [sys.executable, "-m", "motcua", "consolidate", "2022-Q1", "--actor", SOMEBODY]
    done = subprocess.run(
        [*command, "-w", str(office.workspace.root)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f'motcua people appoint "{SOMEBODY}" --role analyst' in done.stderr
    assert refusals(office)[-1].action == "consolidate"


def test_the_schedule_cannot_be_impersonated(office: Office) -> None:
    command = [sys.executable, "-m", "motcua", "consolidate", "2022-Q1", "--actor", SCHEDULE]
    done = subprocess.run(
        [*command, "-w", str(office.workspace.root)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, refusals(office)) == (2, [])
    assert "state your own" in done.stderr


def test_a_ledger_of_before_roles_were_recorded_has_its_founder(office: Office) -> None:
    assert office.ledger.entries[0].actor in roles(office.ledger.entries[:1])
    assert APPROVER not in roles(office.ledger.entries)

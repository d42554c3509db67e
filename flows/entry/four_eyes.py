"""Is whoever decides another than the one who asked?

By name always; by account of the system, too, unless the plan that is in force lets one account do both. Who did so is
recorded with the decision, and whoever verifies the record asks the plan of that day again.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from audit.authority import Action
from audit.events import Entry
from audit.ledger import Ledger
from audit.names import name_key
from audit.plans import PlanInForce, plan_in_force
from flows.entry.authority import refuse
from flows.entry.door import Door
from schemas.plan import load_plan
from warehouse.kept import lay_out
from warehouse.workspace import Workspace


def lets_one_account(workspace: Workspace, in_force: PlanInForce) -> bool:
    """Return whether a plan of the store lets one account ask and decide; DamagedStoreError where it is missing."""
    with tempfile.TemporaryDirectory() as name:
        lay_out(workspace, in_force.file, Path(name))
        return load_plan(Path(name)).document.one_account_may_approve


def one_account_may_decide(workspace: Workspace, entries: Sequence[Entry]) -> bool:
    """Return whether the plan in force after these commits lets one account ask and decide; False where none is."""
    in_force = plan_in_force(entries)
    return in_force is not None and lets_one_account(workspace, in_force)


def require_second_person(
    workspace: Workspace, ledger: Ledger, door: Door, action: Action, subject: str, asked_by: str, account: str
) -> bool:
    """Return whether one account asked and decides, which the plan allows; NotAllowedError, recorded, for everybody
    who may not decide about what `asked_by` asked for under `account`.
    """
    stamp = door.stamp
    if name_key(stamp.actor) == name_key(asked_by):
        refuse(
            ledger, door, action, subject, "chính người đề nghị / the one who asked",
            f"{stamp.actor} đã đề nghị nên không được tự quyết định / asked for it and may not decide about it:"
            " người khác gõ / somebody else types: --actor …",
        )  # fmt: skip
    if stamp.os_user != account:
        return False
    if not one_account_may_decide(workspace, ledger.entries):
        refuse(
            ledger, door, action, subject, "cùng một tài khoản / the same account",
            f"tài khoản {account} đã đề nghị nên không được quyết định / the account asked for it and may not decide"
            " about it: dùng tài khoản khác / use another, hoặc / or plan.toml one_account_may_approve = true",
        )  # fmt: skip
    return True

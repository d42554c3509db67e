"""Who decides about a proposed plan, and how does it come into force?

Four eyes: whoever accepts is not the one who proposed (`flows/entry/four_eyes.py`). From the commit on the plan is in
force; it then takes its place in the folder.
"""

import tempfile
from pathlib import Path

from audit.events import PlanAccepted, PlanRejected
from audit.ledger import Ledger
from audit.plans import Proposal
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.entry.four_eyes import require_second_person
from flows.entry.plan_gate import edit_text, plan_edit, require_confirmed, sha256_in_force
from flows.plans.propose import find_proposal, in_force_or_misuse
from schemas.plan import load_plan
from schemas.plan_files import texts_sha256
from warehouse import plan_folder
from warehouse.kept import texts_of, write_texts
from warehouse.named import DamagedStoreError
from warehouse.store import Store
from warehouse.workspace import Workspace


def _waiting(ledger: Ledger, number: str) -> Proposal:
    found = find_proposal(ledger, number)
    if found.state != "proposed":
        words = {"accepted": "đã được chấp nhận / was accepted", "rejected": "đã bị từ chối / was rejected",
                 "outdated": "kế hoạch hiện hành đã đổi sau đề nghị, hãy đề nghị lại / the plan in force has changed"
                             " since: propose it anew"}  # fmt: skip
        raise MisuseError(f"{found.number}: {words[found.state]}")
    return found


def accept(workspace: Workspace, door: Door, number: str) -> Proposal:
    """Put a proposed plan into force; NotAllowedError for who proposed it, MisuseError where it cannot be."""
    with entered(workspace, door, "accept_plan", subject=number) as ledger:
        return accept_under_lock(workspace, ledger, door, number)


def accept_under_lock(workspace: Workspace, ledger: Ledger, door: Door, number: str) -> Proposal:
    """Put a proposed plan into force, the workspace held already."""
    proposal = _waiting(ledger, number)
    one_account = require_second_person(
        workspace, ledger, door, "accept_plan", proposal.number, proposal.proposed_by, proposal.proposed_account
    )
    if proposal.event.old_plan_sha256 != sha256_in_force(workspace, in_force_or_misuse(ledger)):
        raise MisuseError(f"{proposal.number}: kế hoạch hiện hành đã đổi, hãy đề nghị lại / propose it anew")
    edit = plan_edit(workspace, ledger.entries)
    if edit is not None and (edit.proposal is None or edit.proposal.number != proposal.number):
        raise MisuseError(
            f"{edit_text(edit)} không thuộc {proposal.number} / is not in it: motcua plan restore, rồi chấp nhận lại"
            " / then accept again"
        )
    texts = texts_of(workspace, proposal.file)
    if texts_sha256(texts) != proposal.event.new_plan_sha256:
        raise DamagedStoreError(
            f"không phải kế hoạch đã đề nghị / is not the plan that was proposed: {proposal.file.path}"
        )
    with tempfile.TemporaryDirectory() as name:
        write_texts(texts, Path(name))
        require_confirmed(load_plan(Path(name)))
    kept = Store(workspace).put_texts("plan", texts)
    plan_folder.stage(workspace, texts)
    event = PlanAccepted(number=proposal.number, plan_sha256=proposal.event.new_plan_sha256, one_account=one_account)
    ledger.append(door.stamp, "plan-accept", [event], [kept])
    plan_folder.settle(workspace, ledger.entries)
    return find_proposal(ledger, proposal.number)


def reject(workspace: Workspace, door: Door, number: str, reason: str) -> Proposal:
    """Say that a proposed plan does not come into force, and why."""
    if not reason.strip():
        raise MisuseError("--reason trống / is empty: nêu lý do / say why the plan is not accepted")
    with entered(workspace, door, "accept_plan", subject=number) as ledger:
        proposal = _waiting(ledger, number)
        ledger.append(door.stamp, "plan-reject", [PlanRejected(number=proposal.number, reason=reason.strip())])
        return find_proposal(ledger, proposal.number)


def restore(workspace: Workspace, door: Door) -> str | None:
    """Lay the plan in force out in the folder again; return where an edit that is in no record was set aside.

    MisuseError where nothing was edited.
    """
    with entered(workspace, door, "propose_plan", subject="plan/") as ledger:
        in_force = in_force_or_misuse(ledger)
        if plan_edit(workspace, ledger.entries) is None:
            raise MisuseError("plan/ là kế hoạch hiện hành, không có gì để bỏ / is the plan in force: nothing to undo")
        plan_folder.stage(workspace, texts_of(workspace, in_force.file))
        return plan_folder.settle(workspace, ledger.entries)

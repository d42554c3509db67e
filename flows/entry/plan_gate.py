"""Is the plan in `plan/` the one that was decided? Nothing is read, measured or asked for under another.

The ledger names the plan in force by its hash, the store keeps its files: what lies in `plan/` is a copy to work with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.events import Entry, PlanKeyChange
from audit.ledger import Ledger
from audit.plans import PlanInForce, Proposal, plan_in_force, waiting_proposals
from flows.entry.door import MisuseError
from schemas.plan import TO_CONFIRM, Plan
from schemas.plan_diff import KeyChange, plan_diff
from schemas.plan_files import plan_texts, texts_sha256
from warehouse.kept import texts_of
from warehouse.workspace import Workspace


class PlanNotAcceptedError(MisuseError):
    """Raised where something is to be done under a plan that nobody accepted. Nothing was written."""


@dataclass(frozen=True)
class PlanEdit:
    """How the plan in the folder differs from the one in force, and the proposal that asks for just that, if any."""

    changes: tuple[KeyChange, ...]
    proposal: Proposal | None


def sha256_in_force(workspace: Workspace, plan: PlanInForce) -> str:
    """Return the hash of a plan that was in force; that of an old record is told from its files."""
    return plan.sha256 if plan.sha256 is not None else texts_sha256(texts_of(workspace, plan.file))


def plan_edit(workspace: Workspace, entries: Sequence[Entry]) -> PlanEdit | None:
    """Return how the folder's plan, as it lies there now, differs from the one in force; None where it does not."""
    in_force = plan_in_force(entries)
    if in_force is None:
        return None
    texts = plan_texts(workspace.plan_folder, [])
    sha256 = texts_sha256(texts)
    if sha256 == sha256_in_force(workspace, in_force):
        return None
    asking = (one for one in waiting_proposals(entries) if one.event.new_plan_sha256 == sha256)
    return PlanEdit(plan_diff(texts_of(workspace, in_force.file), texts), next(asking, None))


def change_text(change: KeyChange | PlanKeyChange) -> str:
    """Return one difference as people read it."""
    place = ", ".join(part for part in (f"plan/{change.file}", change.key) if part)
    match change.kind:
        case "added":
            return f"{place}: thêm / added {_short(change.after)}".rstrip()
        case "removed":
            return f"{place}: bỏ / removed {_short(change.before)}".rstrip()
        case "text":
            return f"{place}: chỉ thứ tự, chú thích hoặc khoảng trắng / order, comments or spacing alone"
        case "content":
            return f"{place}: nội dung khác / its content differs"
        case _:
            return (
                f"{place}: {_short(change.before) or '(trống / blank)'} → {_short(change.after) or '(trống / blank)'}"
            )


def edit_text(edit: PlanEdit) -> str:
    """Return one line that names an edit that is not in force: its first difference, and how many others there are."""
    more = len(edit.changes) - 1
    others = f" (và {more} chỗ khác / and {more} more: motcua plan diff)" if more > 0 else ""
    return f"{change_text(edit.changes[0])}{others}"


def mend_text(edit: PlanEdit) -> str:
    """Return what to type about an edit."""
    if edit.proposal is not None:
        number = edit.proposal.number
        return f"{number} chờ người khác chấp nhận / waits for somebody else: motcua plan accept {number}"
    return (
        "chưa ai chấp nhận / nobody accepted it: motcua plan propose --reason … --evidence FILE,"
        " hoặc bỏ sửa / or undo it: motcua plan restore"
    )


def require_plan(workspace: Workspace, ledger: Ledger) -> None:
    """Return where this command works under the plan in force; else say in one sentence what was changed."""
    in_force = plan_in_force(ledger.entries)
    if in_force is None or workspace.plan.sha256 == sha256_in_force(workspace, in_force):
        return
    edit = plan_edit(workspace, ledger.entries)
    if edit is None:
        raise PlanNotAcceptedError(
            "kế hoạch vừa đổi trong lúc đọc / the plan was changed meanwhile: gõ lại lệnh / type the command again"
        )
    raise PlanNotAcceptedError(f"{edit_text(edit)}: {mend_text(edit)}")


def require_confirmed(plan: Plan) -> None:
    """Return where nothing of a plan is left to confirm; else say in one sentence what is, and where."""
    if plan.open_items:
        first, more = plan.open_items[0], len(plan.open_items) - 1
        place = ", ".join(part for part in (first.file, first.key) if part)
        raise PlanNotAcceptedError(
            f"{TO_CONFIRM}, {first.item} ({place}) và {more} mục khác chưa xác nhận / and {more} more are not:"
            " điền / fill in confirmed_by, source; motcua plan check FOLDER"
        )


def _short(text: str) -> str:
    """Return the beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:117]}…"

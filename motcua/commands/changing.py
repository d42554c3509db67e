"""The commands by which the plan changes: asked for, looked at, decided, undone."""

from pathlib import Path
from typing import Annotated

import typer

from audit.ledger import Ledger
from audit.plans import proposals
from flows.entry.door import MisuseError
from flows.entry.plan_gate import change_text
from flows.measures.names import change_name_text
from motcua.commands.planning import PlanArgument, chosen_plan, plan_app
from motcua.options import (
    ActorOption,
    JsonOption,
    KeyOption,
    PassphraseOption,
    WorkspaceOption,
    door,
    open_to_read,
    open_workspace,
    workspace_at,
    workspace_or_none,
)
from motcua.printing import plan as show_plan
from motcua.printing import plan_changes as show_changes
from motcua.printing import show
from motcua.printing.terminal import console
from schemas.plan import TO_CONFIRM, Plan, PlanError, load_plan
from warehouse.places import require_folders, require_whole

ProposalArgument = Annotated[str, typer.Argument(help="Đề nghị / proposal, e.g. PL-0001")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Lý do / why")]


@plan_app.command("propose")
def propose_plan(
    reason: ReasonOption,
    evidence: Annotated[
        Path,
        typer.Option("--evidence", help="Tệp minh chứng, ví dụ quyết định / file of the evidence, e.g. a decision"),
    ],
    folder: PlanArgument = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Đề nghị đổi kế hoạch: nêu mọi khác biệt và kết luận sẽ đổi / ask to change the plan, and say what it turns."""
    from flows.desk.plan_view import checked_plan, plan_folder
    from flows.plans.propose import propose

    opened = open_workspace(workspace)
    proposed = checked_plan(plan_folder(folder) if folder is not None else opened.plan_folder)
    done = propose(opened, door(actor, "plan propose", key, passphrase_fd), proposed, reason, evidence)
    if json_:
        typer.echo(show.as_json(done.proposal))
    else:
        show_changes.show_proposal(console(), done.proposal, opened.plan, is_seen_again=not done.is_new)


@plan_app.command("proposals")
def list_proposals(workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Mọi đề nghị đổi kế hoạch và tình trạng / every proposed plan and its state."""
    opened = open_to_read(workspace)
    found = proposals(Ledger(opened.ledger).entries)
    if json_:
        typer.echo(show.as_json(found))
    else:
        show_changes.show_proposals(console(), found, opened.plan)


@plan_app.command("accept")
def accept_plan(
    proposal: ProposalArgument,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Chấp nhận; người chấp nhận không phải người đề nghị / accept, as somebody else than who proposed."""
    from flows.plans.decide import accept

    done = accept(open_workspace(workspace), door(actor, "plan accept", key, passphrase_fd), proposal)
    periods = " ".join(dict.fromkeys(effect.period for effect in done.event.effects))
    console().print(
        f"{done.number}: đã chấp nhận, kế hoạch hiện hành / accepted, in force · {done.event.new_plan_sha256}\n"
        f"Tiếp theo / next: motcua consolidate {periods.split(' ')[0] or 'PERIOD'}",
        markup=False, soft_wrap=True,
    )  # fmt: skip


@plan_app.command("reject")
def reject_plan(
    proposal: ProposalArgument,
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Không chấp nhận một đề nghị, nêu lý do / do not accept a proposal, and say why."""
    from flows.plans.decide import reject

    done = reject(open_workspace(workspace), door(actor, "plan reject", key, passphrase_fd), proposal, reason)
    console().print(f"{done.number}: không được chấp nhận / rejected", markup=False)


@plan_app.command("diff")
def diff_plan(folder: PlanArgument = None, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Kế hoạch trong thư mục khác kế hoạch hiện hành ở đâu / where a folder's plan differs from the one in force."""
    from flows.desk.plan_view import plan_folder
    from flows.plans.propose import changes_of
    from schemas.plan_files import plan_texts

    opened = workspace_at(workspace)
    require_whole(opened)
    chosen = plan_folder(folder) if folder is not None else opened.plan_folder
    changes = changes_of(opened, Ledger(opened.ledger), plan_texts(chosen, []))
    if json_:
        typer.echo(show.as_json(changes))
        return
    named = _names_of(chosen)
    for change in changes:
        said = change_name_text(named, change) if named is not None else change_text(change)
        console().print(said, markup=False, soft_wrap=True)
    if not changes:
        console().print("Giống kế hoạch hiện hành / the same as the plan in force")


def _names_of(folder: Path) -> Plan | None:
    """Return the plan whose names its changes are told by; None of one that is not right."""
    try:
        return load_plan(folder)
    except PlanError:
        return None


@plan_app.command("next-year")
def draw_up_next_year(
    out: Annotated[Path, typer.Option("--out", help="Thư mục mới / new folder, e.g. ke-hoach-2023")],
    folder: PlanArgument = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Lập dự thảo kế hoạch năm sau, kèm danh sách cần xác nhận / draw up next year's plan and what to confirm."""
    from flows.desk.plan_view import checked_plan
    from flows.plans.carried import next_year_of
    from flows.plans.next_year import next_year
    from warehouse.files import replace_folder

    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise MisuseError(f"{out} không trống, hãy chọn thư mục mới / is not empty: name a new folder")
    plan = chosen_plan(folder, workspace)
    at = workspace_or_none(workspace) if folder is None else None
    drawn = next_year_of(at, Ledger(at.ledger), plan) if at is not None else next_year(plan)
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    replace_folder(out.absolute(), {path: text.encode() for path, text in drawn.texts.items()})
    made = checked_plan(out)
    if json_:
        typer.echo(show.as_json({"plan": made.document.id, "folder": str(out), "to_confirm": made.open_items}))
        return
    show_plan.show_open_items(console(), made)
    show_changes.line(console(), f"Đã lập / drawn up: {out} · {made.document.title_vi}")
    show_changes.line(
        console(),
        f"Xác nhận từng mục trong / confirm each item in {out / TO_CONFIRM} (confirmed_by, source), rồi / then:"
        f" motcua plan check {out}, motcua init DIR --plan {out}",
    )


@plan_app.command("restore")
def restore_plan(
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Bỏ sửa: đặt lại kế hoạch hiện hành vào plan/ / undo an edit: lay the plan in force out again."""
    from flows.plans.decide import restore

    opened = workspace_at(workspace)
    require_folders(opened, may_lack={opened.plan_folder})
    aside = restore(opened, door(actor, "plan restore", key, passphrase_fd))
    kept = f"; bản đã sửa nằm ở / the edited one lies in {aside}" if aside is not None else ""
    console().print(f"plan/ lại là kế hoạch hiện hành / is the plan in force again{kept}", markup=False)

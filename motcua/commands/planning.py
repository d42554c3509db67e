"""The commands about the plan: is it right, and what does it fix?"""

from pathlib import Path
from typing import Annotated

import typer

from audit.ledger import Ledger
from motcua.app import app
from motcua.options import JsonOption, WorkspaceOption, open_to_read, workspace_or_none
from motcua.printing import plan as show_plan
from motcua.printing import plan_changes, show
from motcua.printing.terminal import console
from schemas.plan import Plan

plan_app = typer.Typer(help="Kế hoạch: kiểm tra, xem / the plan: check it, look it up.", no_args_is_help=True)
app.add_typer(plan_app, name="plan")

PlanArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[FOLDER]",
        help="Thư mục hoặc kế hoạch kèm theo / folder or bundled plan (else the workspace's, else the bundled one)",
    ),
]


@plan_app.command("check")
def check_plan(folder: PlanArgument = None, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Kiểm tra kế hoạch, nêu mọi lỗi cùng lúc / check a plan: every mistake at once, each with its place."""
    from flows.desk.plan_view import counts

    plan = chosen_plan(folder, workspace)
    if json_:
        typer.echo(show.as_json({"plan": plan.document.id, "sha256": plan.sha256, "counts": counts(plan)}))
    else:
        show_plan.show_counts(console(), plan, counts(plan))


@plan_app.command("show")
def show_whole_plan(
    folder: PlanArgument = None,
    area: Annotated[str | None, typer.Option("--area", help="Chỉ một lĩnh vực / one area alone, e.g. II")] = None,
    proposal: Annotated[
        str | None, typer.Option("--proposal", help="Một đề nghị đổi kế hoạch / a proposed plan, e.g. PL-0001")
    ] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Mọi điều văn bản kế hoạch quy định, kèm căn cứ / everything that the plan fixes, with its basis."""
    from flows.desk.plan_view import areas_shown, plan_view

    if proposal is not None:
        _show_proposal(proposal, workspace, json_)
        return
    plan = chosen_plan(folder, workspace)
    if area is not None:
        areas = areas_shown(plan, area.upper())
        if json_:
            typer.echo(show.as_json(areas))
        else:
            show_plan.show_areas(console(), areas)
        return
    view = plan_view(plan)
    if json_:
        typer.echo(show.as_json(view))
    else:
        show_plan.show_plan(console(), view)


def _show_proposal(number: str, workspace: Path | None, json_: bool) -> None:
    from flows.plans.propose import effect_rows, find_proposal

    opened = open_to_read(workspace)
    ledger = Ledger(opened.ledger)
    found = find_proposal(ledger, number)
    if json_:
        typer.echo(show.as_json({"proposal": found, "figures": effect_rows(opened, ledger, found)}))
    else:
        plan_changes.show_proposal(console(), found, opened.plan)


def chosen_plan(named: str | None, workspace: Path | None) -> Plan:
    """Return the plan that is named, else the workspace's, else, outside of any, the bundled one."""
    from flows.desk.plan_view import DEFAULT_PLAN, checked_plan, plan_folder

    if named is not None:
        return checked_plan(plan_folder(named))
    if workspace_or_none(workspace) is None:
        return checked_plan(plan_folder(DEFAULT_PLAN))
    return checked_plan(open_to_read(workspace).plan.folder)

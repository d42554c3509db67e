"""The commands by which people decide: what may stand, and what is published."""

from typing import Annotated

import typer

from flows.entry.named import unit_named
from flows.measures.names import rule_text
from motcua.app import REFUSED, app
from motcua.options import (
    ActorOption,
    EmbargoOption,
    JsonOption,
    KeyOption,
    PassphraseOption,
    PeriodArgument,
    UntilOption,
    WorkspaceOption,
    door,
    open_to_read,
    open_workspace,
    period_of,
)
from motcua.printing import decisions as show_decisions
from motcua.printing import show
from motcua.printing.terminal import console, styled

release_app = typer.Typer(
    help="Bản công bố: đề nghị, duyệt, thu hồi / releases: request, approve, withdraw.", no_args_is_help=True
)
app.add_typer(release_app, name="release")

ReasonOption = Annotated[str, typer.Option("--reason", help="Lý do / why")]


@app.command()
def waive(
    period: PeriodArgument,
    rule: Annotated[str, typer.Argument(help="Quy tắc / rule")],
    reason: ReasonOption,
    until: UntilOption,
    unit: Annotated[str | None, typer.Option(help="Chỉ đơn vị này / this unit alone")] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Chấp nhận ngoại lệ có thời hạn / accept what a rule finds, until a day."""
    from flows.release.waive import waive as waive_verb

    opened = open_workspace(workspace)
    code = unit_named(opened.plan, unit) if unit else None
    entered = door(actor, "waive", key, passphrase_fd)
    chosen = period_of(opened, period)
    found = waive_verb(opened, entered, chosen, rule, [code] if code else None, reason, until)
    if json_:
        typer.echo(show.as_json(found))
    else:
        show_decisions.show_waivers(console(), found, opened.plan, entered.today(opened.plan))


@app.command()
def waivers(workspace: WorkspaceOption = None, json_: JsonOption = False, actor: ActorOption = None) -> None:
    """Mọi ngoại lệ đã chấp nhận, cả khi đã hết hạn / every exception, over or not."""
    from audit.ledger import Ledger
    from audit.waivers import waivers as every_waiver

    opened = open_to_read(workspace)
    found = every_waiver(Ledger(opened.ledger).entries)
    if json_:
        typer.echo(show.as_json(found))
    else:
        today = door(actor, "waivers").today(opened.plan)
        show_decisions.show_waivers(console(), found, opened.plan, today)


@app.command("unwaive")
def revoke_waiver(
    number: Annotated[str, typer.Argument(help="Số ngoại lệ / waiver, e.g. W-0001")],
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Thôi chấp nhận một ngoại lệ trước hạn / let a rule bind again before its waiver ends."""
    from flows.release.waive import revoke

    found = revoke(open_workspace(workspace), door(actor, "unwaive", key, passphrase_fd), number, reason)
    console().print(f"{found.number}: lại có hiệu lực / binds again: {rule_text(found.rule_id)}")


@release_app.command("request")
def request_release(
    period: PeriodArgument,
    reason: Annotated[str, typer.Option("--reason", help="Lý do điều chỉnh / why it is restated")] = "",
    embargo_until: EmbargoOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Đề nghị công bố số liệu đang có / ask to publish the figures as they are."""
    from flows.release.decisions import request

    opened = open_workspace(workspace)
    done = request(opened, door(actor, "request", key, passphrase_fd), period_of(opened, period), reason, embargo_until)
    if json_:
        typer.echo(show.as_json(done))
    else:
        show_decisions.show_requested(console(), done, reason)
    if done.reasons:
        raise typer.Exit(REFUSED)


@release_app.command("show")
def show_requested_release(period: PeriodArgument, workspace: WorkspaceOption = None) -> None:
    """Đọc bản đang chờ duyệt, chỗ khác bản trước trước tiên / read what waits, what differs first."""
    from audit.ledger import Ledger
    from flows.release.reading_copy import what_waits

    opened = open_to_read(workspace)
    waits = what_waits(opened, Ledger(opened.ledger).entries, period_of(opened, period).id)
    typer.echo(waits.first)
    console().print(f"Mọi tệp / every file: {waits.folder}")
    if waits.changed is not None:
        console().print(
            styled("[red]{}: đã bị đổi sau khi đề nghị / was changed after it was asked for[/]", waits.changed)
        )
        raise typer.Exit(REFUSED)


@release_app.command("approve")
def approve_release(
    period: PeriodArgument,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Duyệt đề nghị; người duyệt không phải người đề nghị / approve, as somebody else than who asked."""
    from flows.release.decisions import approve

    opened = open_workspace(workspace)
    asked = approve(opened, door(actor, "approve", key, passphrase_fd), period_of(opened, period))
    console().print(
        f"{asked.period} {asked.number}: đã duyệt / approved, {asked.requested_by} đề nghị / asked for it\n"
        f"Tiếp theo / next: motcua publish {asked.period}"
    )


@release_app.command("withdraw")
def withdraw_published(
    period: PeriodArgument,
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Thu hồi bản đang hiệu lực; tệp vẫn giữ nguyên / the version that stands no longer does; its files stay."""
    from flows.release.decisions import withdraw_release

    opened = open_workspace(workspace)
    done = withdraw_release(
        opened, door(actor, "withdraw-release", key, passphrase_fd), period_of(opened, period), reason
    )
    console().print(f"{done.period} {done.number}: đã thu hồi / withdrawn")


@release_app.command("list")
def list_releases(
    period: Annotated[str | None, typer.Argument(help="Kỳ / period")] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Mọi phiên bản và tình trạng / every version and its state."""
    from audit.ledger import Ledger
    from audit.releases import versions

    opened = open_to_read(workspace)
    chosen = period_of(opened, period).id if period else None
    found = versions(Ledger(opened.ledger).entries, chosen)
    if json_:
        typer.echo(show.as_json(found))
    else:
        show_decisions.show_versions(console(), found, opened.plan.zone)

"""The commands that write: make, take in, consolidate, publish, withdraw."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.entry.days import require_past
from flows.entry.door import MisuseError
from flows.entry.named import unit_named
from flows.intake.reading import ON_ARRIVAL, Stated
from motcua.app import REFUSED, app
from motcua.options import (
    ActorOption,
    ExportedAtOption,
    JsonOption,
    KeyOption,
    NewKeyOption,
    PassphraseOption,
    PeriodArgument,
    ReceivedOnOption,
    ReplaceOption,
    WorkspaceOption,
    called,
    door,
    give_way,
    open_to_read,
    open_workspace,
    period_of,
    sealing_of,
)
from motcua.printing import decisions as show_decisions
from motcua.printing import period as show_period
from motcua.printing import show
from motcua.printing.terminal import console, styled
from schemas.nearest import names_meant

if TYPE_CHECKING:
    from flows.intake.intake import Taken


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Thư mục mới / new folder")],
    plan: Annotated[
        str, typer.Option(help="Kế hoạch kèm theo hoặc thư mục / bundled plan, or a folder")
    ] = "svhtt-khanh-hoa-2022",
    actor: ActorOption = None,
    key: NewKeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Tạo thư mục làm việc từ một kế hoạch / make a workspace from a plan."""
    from flows.entry.places import PLANS
    from flows.keeping.create import create

    chosen = Path(plan) if (Path(plan) / "plan.toml").is_file() else PLANS / plan
    if not (chosen / "plan.toml").is_file():
        bundled = sorted(path.name for path in PLANS.iterdir() if path.is_dir())
        raise MisuseError(
            f"không có kế hoạch {plan} / there is no such plan: hãy nêu thư mục có plan.toml / give a folder with"
            f" plan.toml, hoặc kế hoạch kèm theo / or a bundled one, {names_meant(plan, bundled)}"
        )
    entered = door(actor, "init")
    sealing = sealing_of(entered, passphrase_fd)
    workspace = create(folder, chosen, entered, secrets.token_bytes(32), sealing, key_file=key)
    console().print(
        f"Đã tạo / made {workspace.root}\nĐặt tệp vào / put files into {workspace.inbox}, rồi / then: motcua run PERIOD"
    )


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Thư mục / folder")] = Path("demo-q1"),
    replace: Annotated[bool, typer.Option("--replace", help="Thay bản trước / replace an earlier demo")] = False,
    year: Annotated[bool, typer.Option("--year", help="Cả năm 2022 / the whole year, a minute or two")] = False,
    actor: ActorOption = None,
) -> None:
    """Chạy thử quý I hoặc cả năm 2022 trên tệp sinh sẵn / run a quarter, or the year, on generated files."""
    from demo.people import APPROVER, APPROVER_PASSPHRASE, FOUNDER_PASSPHRASE
    from demo.run import PERIOD, YEAR, make_demo, run_demo, run_year
    from flows.desk.status import status

    entered = door(actor, "demo")
    workspace = make_demo(folder, entered, secrets.token_bytes(32), replace=replace)
    out = console()
    out.print("Mở Great Expectations mất vài giây / the gate takes a few seconds to load …", style="dim")
    run_of = run_year if year else run_demo
    done = run_of(workspace, entered)
    plan, shown = workspace.plan, YEAR if year else PERIOD
    show.show_taken(out, done.taken)
    for period in status(workspace, plan, entered.today(plan), plan.period(shown)).periods:
        show_period.show_period(out, period, plan)
    for published in done.published:
        show_decisions.show_published(out, published)
    where = f"-w {folder}"
    steps = (
        (f"{called()} status {shown} {where}", "ai đã gửi, ai chưa / who has sent"),
        (f"{called()} explain {shown} satisfaction {where}", "con số từ những ô nào / of which cells"),
        (f"{called()} show S-0001 {where}", "phát hiện của một tệp / findings of one file"),
        (f"{called()} verify {where}", "mọi thứ còn nguyên / is everything whole"),
        (f"python3 {folder}/releases/{shown}/v1/official/verify.py", "kiểm tra ngoài hệ thống / check it offline"),
    )
    width = max(len(step) for step, _ in steps)
    out.print(styled("\n[bold]Tiếp theo / next:[/]"))
    for step, why in steps:
        out.print(f"  {step:<{width}}   {why}")
    out.print(f'\nMật khẩu để ký / passphrases, to decide as: {entered.stamp.actor}: "{FOUNDER_PASSPHRASE}"')
    out.print(f'  {APPROVER}: "{APPROVER_PASSPHRASE}"')
    if done.refused:
        raise typer.Exit(REFUSED)


@app.command()
def intake(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Tệp; không có thì lấy inbox / files, else the inbox")
    ] = None,
    received_on: ReceivedOnOption = None,
    evidence: Annotated[str, typer.Option(help="Chứng cứ, ví dụ số E-Office / evidence of that day")] = "",
    sender: Annotated[str | None, typer.Option(help="Nơi gửi / who sent it: a unit's code or name")] = None,
    exported_at: ExportedAtOption = None,
    period: Annotated[
        str | None, typer.Option(help="Kỳ của báo cáo tự lập / period of a report of the unit's own form")
    ] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
) -> None:
    """Tiếp nhận tệp hoặc cả inbox / take in files, or sweep the inbox."""
    from flows.run import run_intake

    give_way()
    opened = open_workspace(workspace)
    entered = door(actor, "intake")
    stated = None
    if received_on or evidence or sender or exported_at or period:
        if not files:
            raise MisuseError(
                "thiếu tên tệp / name the file: motcua intake FILE --received-on YYYY-MM-DD --evidence ..."
            )
        if received_on is not None and not evidence:
            raise MisuseError(
                "--received-on cần --evidence / needs --evidence, ví dụ số E-Office / for example the E-Office number"
            )
        code = unit_named(opened.plan, sender) if sender else None
        today = entered.today(opened.plan)
        day = received_on or today
        require_past("--received-on", day, today)
        if exported_at is not None:
            require_past("--exported-at", exported_at.date(), today)
        of_period = period_of(opened, period).id if period else None
        stated = Stated(day, evidence or ON_ARRIVAL, code, exported_at, of_period)
    taken = run_intake(opened, entered, files or [], stated)
    if json_:
        typer.echo(show.as_json(taken))
    else:
        show.show_taken(console(), taken)
    _refuse_rejected(taken)


def _refuse_rejected(taken: Sequence["Taken"]) -> None:
    """End with the status that says so where a file was rejected."""
    if any(one.state == "rejected" for one in taken):
        raise typer.Exit(REFUSED)


@app.command()
def consolidate(
    period: PeriodArgument, workspace: WorkspaceOption = None, json_: JsonOption = False, actor: ActorOption = None
) -> None:
    """Đo lường, soát xét, ghi sổ một kỳ / measure, review and record a period."""
    from flows.run import run_consolidate

    give_way()
    opened = open_workspace(workspace)
    done = run_consolidate(opened, door(actor, "consolidate"), period_of(opened, period))
    if json_:
        typer.echo(show.as_json(done))
    else:
        show.show_consolidated(console(), done)


@app.command()
def run(
    period: PeriodArgument, workspace: WorkspaceOption = None, json_: JsonOption = False, actor: ActorOption = None
) -> None:
    """Tiếp nhận rồi tổng hợp / take in, then consolidate."""
    from flows.run import run_consolidate, run_intake

    give_way()
    opened = open_workspace(workspace)
    chosen = period_of(opened, period)
    entered = door(actor, "run")
    taken = run_intake(opened, entered, [], None)
    done = run_consolidate(opened, entered, chosen)
    if json_:
        typer.echo(show.as_json({"taken": taken, "consolidated": done}))
    else:
        show.show_taken(console(), taken)
        show.show_consolidated(console(), done)
        console().print(f"Xem / see: motcua status {chosen.id}")
    _refuse_rejected(taken)


@app.command()
def publish(
    period: PeriodArgument,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Qua cổng kiểm tra rồi công bố bản đã duyệt / the gate, then the approved version."""
    from flows.run import run_publish

    opened = open_workspace(workspace)
    done = run_publish(opened, door(actor, "publish", key, passphrase_fd), period_of(opened, period))
    if json_:
        typer.echo(show.as_json(done))
    else:
        show_decisions.show_published(console(), done)
    if done.reasons:
        raise typer.Exit(REFUSED)


@app.command()
def justify(
    period: PeriodArgument,
    rule: Annotated[str | None, typer.Argument(help="Quy tắc; bỏ trống để liệt kê / rule; blank lists them")] = None,
    reason: Annotated[str, typer.Option(help="Lý do / why the warnings may stand")] = "",
    unit: Annotated[str | None, typer.Option(help="Chỉ đơn vị này / this unit alone")] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Giải trình cảnh báo trước khi công bố / say why warnings may stand in a release."""
    from audit.ledger import Ledger
    from flows.release.justify import justify as justify_verb
    from flows.release.justify import warned

    opened = open_workspace(workspace) if rule is not None else open_to_read(workspace)
    chosen = period_of(opened, period)
    code = unit_named(opened.plan, unit) if unit else None
    if rule is not None:
        justify_verb(opened, door(actor, "justify", key, passphrase_fd), chosen, rule, code, reason)
    found = warned(opened, Ledger(opened.ledger), opened.plan, chosen, door(actor, "justify").today(opened.plan))
    if json_:
        typer.echo(show.as_json(found))
    else:
        show.show_warned(console(), found, opened.plan)


@app.command()
def withdraw(
    submission: Annotated[str, typer.Argument(help="Lần nộp / submission")],
    reason: Annotated[str, typer.Option(help="Lý do / why")],
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Tệp sai không còn được tính; vẫn được giữ / a wrong file no longer counts; it stays."""
    from flows.intake.submission import withdraw as withdraw_verb

    taken = withdraw_verb(open_workspace(workspace), door(actor, "withdraw", key, passphrase_fd), submission, reason)
    console().print(f"{taken.number} đã rút / withdrawn\n{show.NEXT}")


@app.command()
def rebuild(workspace: WorkspaceOption = None, actor: ActorOption = None) -> None:
    """Tính lại warehouse.duckdb từ sổ cái và kho / compute the projection anew."""
    from flows.keeping.rebuild import rebuild as rebuild_verb

    size = rebuild_verb(open_workspace(workspace), door(actor, "rebuild"))
    console().print(f"warehouse.duckdb: đã tính lại từ {size} dòng sổ cái / computed anew from {size} commits")


@app.command()
def template(
    unit: Annotated[str, typer.Argument(help="Đơn vị / unit: code or name")],
    period: PeriodArgument,
    type_: Annotated[
        str | None, typer.Option("--type", help="Loại báo cáo / report type (else the periodic one): motcua plan show")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Tệp ra / output file")] = None,
    replace: ReplaceOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Mẫu báo cáo để nơi gửi điền / the workbook that a sender fills in."""
    from flows.desk.template import write_template

    opened = open_to_read(workspace)
    path = write_template(opened.plan, unit, period_of(opened, period), type_, out, may_replace=replace)
    console().print(f"Đã ghi / wrote {path}")

"""The commands about nonconformities: what there is, what became of it, and each step on the way to its end."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.authority import Action
from audit.events import (
    ActionKind,
    CauseMethod,
    Grade,
    NonconformityActed,
    NonconformityAnalysed,
    NonconformityCancelled,
    NonconformityContained,
    NonconformityImplemented,
    NonconformityLinked,
    NonconformityReopened,
    NonconformityVerifying,
    PlannedAction,
    Source,
)
from audit.steps import StepEvent
from flows.entry.days import day_typed
from flows.entry.door import MisuseError
from flows.entry.named import unit_named
from flows.register.pareto import By, pareto
from motcua.app import app
from motcua.options import (
    DAY_FORMS,
    ActorOption,
    JsonOption,
    KeyOption,
    KnownOnOption,
    PassphraseOption,
    WorkspaceOption,
    door,
    open_to_read,
    open_workspace,
    past_day,
    period_of,
)
from motcua.printing import register as show_register
from motcua.printing import show
from motcua.printing.terminal import console

if TYPE_CHECKING:
    from flows.entry.door import Door
    from flows.register.book import Line
    from schemas.plan import Plan

nc_app = typer.Typer(
    help="Điểm không phù hợp: từ phát hiện đến khi đóng / nonconformities: from found to closed.", no_args_is_help=True
)
app.add_typer(nc_app, name="nc")

NumberArgument = Annotated[str, typer.Argument(help="Số / number, e.g. NC-2022-Q1-001")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Lý do / why")]
PeriodOption = Annotated[str | None, typer.Option("--period", help="Kỳ / period, e.g. 2022-Q1")]
OwnerOption = Annotated[str, typer.Option("--owner", help="Đơn vị hoặc người chịu trách nhiệm / whose it is")]
OptionalDay = Annotated[
    date | None, typer.Option("--due", parser=day_typed, metavar=DAY_FORMS, help="Hạn / by when; else by its grade")
]


def _found(
    workspace: WorkspaceOption, period: str | None, known_on: date | None, *, only_open: bool, only_overdue: bool
) -> "tuple[tuple[Line, ...], Plan]":
    from flows.register import book
    from flows.release.past import as_known

    opened = open_to_read(workspace)
    chosen = period_of(opened, period) if period else None
    day = past_day(opened, known_on)
    with as_known(opened, day) as known:
        today = day or door(None, "nc").today(known.plan)
        found = book.lines(
            known.ledger, known.plan, today, chosen, only_open=only_open, only_overdue=only_overdue
        )  # fmt: skip
        return found, known.plan


@nc_app.command("list")
def list_nonconformities(
    period: PeriodOption = None,
    only_open: Annotated[bool, typer.Option("--open", help="Chỉ điểm còn mở / open ones alone")] = False,
    known_on: KnownOnOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Sổ điểm không phù hợp / the register: state, owner, due day, age."""
    found, known_plan = _found(workspace, period, known_on, only_open=only_open, only_overdue=False)
    typer.echo(show.as_json(found)) if json_ else show_register.show_lines(console(), found, known_plan)


@nc_app.command("overdue")
def list_overdue(
    period: PeriodOption = None,
    known_on: KnownOnOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Điểm quá hạn xử lý / what should have been done by now."""
    found, known_plan = _found(workspace, period, known_on, only_open=True, only_overdue=True)
    typer.echo(show.as_json(found)) if json_ else show_register.show_lines(console(), found, known_plan)


@nc_app.command("pareto")
def show_pareto(
    by: Annotated[By, typer.Option("--by", help="Gộp theo / added up by")] = "rule",
    period: PeriodOption = None,
    known_on: KnownOnOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Điều gì gặp nhiều nhất / what most nonconformities have in common."""
    found, known_plan = _found(workspace, period, known_on, only_open=False, only_overdue=False)
    shares = pareto((one.item for one in found), by)
    typer.echo(show.as_json(shares)) if json_ else show_register.show_pareto(console(), shares, by, known_plan)


@nc_app.command("show")
def show_nonconformity(
    number: NumberArgument,
    known_on: KnownOnOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Mọi điều về một điểm / everything about one: evidence, cause, actions, checks, history."""
    from flows.register import book
    from flows.release.past import as_known

    opened = open_to_read(workspace)
    day = past_day(opened, known_on)
    with as_known(opened, day) as known:
        today = day or door(None, "nc").today(known.plan)
        found = book.card(opened, known.ledger, known.plan, number, today)
        if json_:
            typer.echo(show.as_json(found))
        else:
            show_register.show_card(console(), found, known.plan)


@nc_app.command("open")
def open_nonconformity(
    description: Annotated[str, typer.Option("--description", help="Nội dung / what is wrong")],
    clause: Annotated[str, typer.Option("--clause", help="Điều khoản / clause, e.g. ISO 9001:2015, 8.2")],
    process: Annotated[str, typer.Option("--process", help="Quá trình / process")],
    period: Annotated[str, typer.Option("--period", help="Kỳ phát hiện / period in which it was found")],
    source: Annotated[Source, typer.Option("--source", help="Nguồn / source")] = "person",
    grade: Annotated[Grade, typer.Option("--grade", help="Mức độ / grade")] = "minor",
    unit: Annotated[str | None, typer.Option("--unit", help="Đơn vị / unit; else the department")] = None,
    owner: OwnerOption = "",
    due: OptionalDay = None,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Ghi một điểm do đánh giá, khiếu nại, xem xét hay người phát hiện / record what no rule found."""
    from flows.register.record import Told, record

    if source == "rule":
        raise MisuseError("--source rule: chỉ khi tổng hợp / a consolidation alone: person, complaint, …")
    opened = open_workspace(workspace)
    told = Told(source, grade, clause, process, description, unit_named(opened.plan, unit) if unit else "", owner, due)
    done = record(opened, door(actor, "nc open", key, passphrase_fd), period_of(opened, period), told)
    show_register.show_step(console(), (done,))


def _take(workspace: Path | None, at_door: "Door", action: Action, event: StepEvent) -> None:
    """Take one step, and print where that leaves the nonconformity."""
    from flows.register.steps import take_step

    show_register.show_step(console(), (take_step(open_workspace(workspace), at_door, action, event),))


@nc_app.command("contain")
def contain(
    number: NumberArgument,
    correction: Annotated[str, typer.Option("--correction", help="Ngăn chặn, khắc phục / what was done at once")],
    owner: OwnerOption = "",
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Ghi cách ngăn chặn, khắc phục ngay / record what was done at once."""
    event = NonconformityContained(number=number, correction=correction.strip(), owner=owner.strip() or None)
    _take(workspace, door(actor, "nc contain", key, passphrase_fd), "record_nonconformity", event)


@nc_app.command("analyse")
def analyse(
    number: NumberArgument,
    method: Annotated[CauseMethod, typer.Option("--method", help="Phương pháp / method")],
    cause: Annotated[str, typer.Option("--cause", help="Nguyên nhân / cause")],
    similar: Annotated[str, typer.Option("--similar", help="Nơi khác có tương tự? / is the like elsewhere?")],
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Ghi nguyên nhân, tìm bằng phương pháp có tên / record the cause, found by a named method."""
    event = NonconformityAnalysed(number=number, method=method, cause=cause.strip(), similar=similar.strip())
    _take(workspace, door(actor, "nc analyse", key, passphrase_fd), "record_nonconformity", event)


@nc_app.command("plan")
def plan(
    number: NumberArgument,
    action: Annotated[list[str], typer.Option("--action", help="Hành động / what, repeated: 'NGÀY|AI|VIỆC'")],
    periods: Annotated[int, typer.Option("--periods", min=1, help="Số kỳ sau phải đạt / later periods that must hold")],
    rule: Annotated[str | None, typer.Option("--rule", help="Quy tắc xét hiệu lực / rule that tells")] = None,
    kind: Annotated[ActionKind, typer.Option("--kind", help="Loại / kind of the actions")] = "corrective",
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Duyệt kế hoạch và tiêu chí hiệu lực, trước khi làm / approve actions and by what one will know."""
    from flows.register.steps import plan_actions

    actions = [_action(at, text, kind) for at, text in enumerate(action, start=1)]
    done = plan_actions(
        open_workspace(workspace), door(actor, "nc plan", key, passphrase_fd), number, actions, periods, rule
    )  # fmt: skip
    show_register.show_step(console(), (done,))


def _action(number: int, text: str, kind: ActionKind) -> PlannedAction:
    """Return an action typed as 'day|owner|what'; MisuseError for what is not."""
    parts = [part.strip() for part in text.split("|", 2)]
    try:
        day, owner, what = parts
        return PlannedAction(number=number, kind=kind, text=what, owner=owner, due_on=day_typed(day))
    except ValueError as error:
        raise MisuseError(
            f"--action {text}: viết / write: 'dd/mm/yyyy|người chịu trách nhiệm / owner|việc làm / what'"
        ) from error


@nc_app.command("act")
def act(
    number: NumberArgument,
    action: Annotated[int, typer.Option("--action", help="Số hành động / number of the action")],
    done_on: Annotated[
        date, typer.Option("--done-on", parser=day_typed, metavar=DAY_FORMS, help="Ngày xong / done on")
    ],
    evidence: Annotated[str, typer.Option("--evidence", help="Bằng chứng / evidence")],
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Ghi một hành động đã xong / record that an action is done."""
    from flows.entry.days import require_past

    opened, at_door = open_workspace(workspace), door(actor, "nc act", key, passphrase_fd)
    require_past("--done-on", done_on, at_door.today(opened.plan))
    event = NonconformityActed(number=number, action=action, done_on=done_on, evidence=evidence.strip())
    _take(opened.root, at_door, "record_nonconformity", event)


@nc_app.command("implement")
def implement(
    number: NumberArgument,
    risks: Annotated[str, typer.Option("--risks", help="Rủi ro có cập nhật? vì sao / risks updated? why")],
    system: Annotated[str, typer.Option("--system", help="Hệ thống có đổi? vì sao / system changed? why")],
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Mọi hành động đã xong / every action is done."""
    event = NonconformityImplemented(number=number, risks=risks.strip(), system=system.strip())
    _take(workspace, door(actor, "nc implement", key, passphrase_fd), "record_nonconformity", event)


@nc_app.command("verify")
def verify_nonconformity(
    number: NumberArgument,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Người khác xem bằng chứng; sau đó số liệu kỳ sau quyết định / somebody else looks; then later data decide."""
    event = NonconformityVerifying(number=number)
    _take(workspace, door(actor, "nc verify", key, passphrase_fd), "decide_nonconformity", event)


@nc_app.command("close")
def close(
    reason: ReasonOption,
    numbers: Annotated[list[str] | None, typer.Argument(help="Số / numbers")] = None,
    corrected: Annotated[bool, typer.Option("--corrected", help="Nhẹ, đã khắc phục / minor, corrected")] = False,
    all_gone: Annotated[str | None, typer.Option("--all-gone", help="Mọi điểm đã hết của kỳ / all gone of it")] = None,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Đóng: theo số liệu kỳ sau, hoặc vì đã khắc phục / close, by what later periods show or as corrected."""
    from flows.register.steps import close_by_effect, close_corrected

    if all_gone and not corrected:
        whole = f"motcua nc close --corrected --all-gone {all_gone} --reason …"
        raise MisuseError(f"--all-gone: chỉ đi cùng / goes with --corrected alone: {whole}")
    if not corrected and len(numbers or ()) != 1:
        raise MisuseError("nêu một số / name one number: motcua nc close NC-…, hoặc / or --corrected")
    opened, at_door = open_workspace(workspace), door(actor, "nc close", key, passphrase_fd)
    if corrected:
        period = period_of(opened, all_gone) if all_gone else None
        done = close_corrected(opened, at_door, numbers or (), period, reason)
    else:
        done = (close_by_effect(opened, at_door, (numbers or [""])[0], reason),)
    show_register.show_step(console(), done)


@nc_app.command("cancel")
def cancel(
    number: NumberArgument,
    reason: ReasonOption,
    duplicate_of: Annotated[str | None, typer.Option("--duplicate-of", help="Trùng với / duplicate of")] = None,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Hủy, hoặc ghi là trùng; không xóa / cancel, or say whose duplicate it is; nothing is deleted."""
    of = duplicate_of.upper() if duplicate_of else None
    event = NonconformityCancelled(number=number, reason=reason.strip(), duplicate_of=of)
    _take(workspace, door(actor, "nc cancel", key, passphrase_fd), "decide_nonconformity", event)


@nc_app.command("reopen")
def reopen(
    number: NumberArgument,
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Mở lại điểm đã đóng hoặc hủy / open again what was closed or cancelled."""
    event = NonconformityReopened(number=number, reason=reason.strip())
    _take(workspace, door(actor, "nc reopen", key, passphrase_fd), "decide_nonconformity", event)


@nc_app.command("link")
def link(
    number: NumberArgument,
    to: Annotated[str, typer.Option("--to", help="Điểm kia / the other")],
    recurrence: Annotated[bool, typer.Option("--recurrence", help="Lặp lại của điểm kia / recurs after it")] = False,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Nối hai điểm; lặp lại thì nâng mức / link two; one that recurs is graded up."""
    event = NonconformityLinked(number=number, to=to.upper(), is_recurrence=recurrence)
    _take(workspace, door(actor, "nc link", key, passphrase_fd), "record_nonconformity", event)

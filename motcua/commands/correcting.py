"""The commands that mend what is known of a submission: a cell, the day of receipt, the sender, its withdrawal."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from flows.entry.days import day_typed
from flows.entry.named import unit_named
from motcua.app import app
from motcua.options import (
    DAY_FORMS,
    ActorOption,
    JsonOption,
    KeyOption,
    PassphraseOption,
    WorkspaceOption,
    door,
    open_workspace,
    period_of,
)
from motcua.printing import show
from motcua.printing.terminal import console, word

if TYPE_CHECKING:
    from flows.intake.mend import Mended


@app.command()
def correct(
    submission: Annotated[str, typer.Argument(help="Lần nộp / submission")],
    expect: Annotated[str, typer.Option("--expect", help="Giá trị đang ghi / what the cell holds now")],
    to: Annotated[str, typer.Option("--to", help="Giá trị đúng / what it should hold")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do / why")],
    evidence: Annotated[str, typer.Option("--evidence", help="Căn cứ / by what evidence")],
    cell: Annotated[str, typer.Option("--cell", help="Ô của báo cáo / a report's cell: 'Trang!E7'")] = "",
    dossier: Annotated[str, typer.Option("--dossier", help="Mã hồ sơ trong sổ / a dossier's code in a log")] = "",
    field: Annotated[str, typer.Option("--field", help="Trường của hồ sơ / its field, e.g. due_at")] = "",
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Khai báo sửa một ô; tệp gửi đến vẫn nguyên / declare a cell corrected; the file stays as it came."""
    from flows.intake.correct import Place
    from flows.intake.correct import correct as correct_verb

    opened = open_workspace(workspace)
    place = Place(cell, dossier, field)
    done = correct_verb(
        opened, door(actor, "correct", key, passphrase_fd), submission, place, expect, to, reason, evidence
    )
    if json_:
        typer.echo(show.as_json(done))
        return
    console().print(
        f"{done.number}: {done.submission} đã xét lại / judged again: {word(done.state)},"
        f" {done.finding_count} phát hiện / findings\n{show.NEXT}"
    )


@app.command()
def receipt(
    submission: Annotated[str, typer.Argument(help="Lần nộp / submission")],
    on: Annotated[
        date,
        typer.Option("--on", parser=day_typed, metavar=DAY_FORMS, help="Ngày nhận đúng / the right day of receipt"),
    ],
    evidence: Annotated[str, typer.Option("--evidence", help="Chứng cứ, ví dụ số E-Office / evidence of that day")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do sửa / why it is mended")],
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Sửa ngày nhận đã khai sai; điều khai trước vẫn giữ / mend the day of receipt; what was stated stays."""
    from flows.intake.mend import mend_receipt

    opened = open_workspace(workspace)
    entered = door(actor, "receipt", key, passphrase_fd)
    _show_mended(mend_receipt(opened, entered, submission, on, evidence, reason), json_=json_)


@app.command()
def sender(
    submission: Annotated[str, typer.Argument(help="Lần nộp / submission")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do sửa / why it is mended")],
    unit: Annotated[
        str | None, typer.Option("--unit", help="Nơi gửi đúng / who sent it: a unit's code or name")
    ] = None,
    period: Annotated[str | None, typer.Option("--period", help="Kỳ đúng / the right period")] = None,
    evidence: Annotated[str, typer.Option("--evidence", help="Căn cứ / by what evidence")] = "",
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Sửa nơi gửi hoặc kỳ đã khai sai; điều khai trước vẫn giữ / mend sender or period; what was stated stays."""
    from flows.intake.mend import mend_sender

    opened = open_workspace(workspace)
    code = unit_named(opened.plan, unit) if unit is not None else None
    of = period_of(opened, period).id if period is not None else None
    entered = door(actor, "sender", key, passphrase_fd)
    _show_mended(mend_sender(opened, entered, submission, code, of, reason, evidence), json_=json_)


def _show_mended(done: "Mended", *, json_: bool) -> None:
    if json_:
        typer.echo(show.as_json(done))
    else:
        show.show_mended(console(), done)


@app.command()
def reinstate(
    submission: Annotated[str, typer.Argument(help="Lần nộp / submission")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do / why")],
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Lần nộp rút nhầm được tính lại / a submission that was withdrawn by mistake counts again."""
    from flows.intake.submission import reinstate as reinstate_verb

    opened = open_workspace(workspace)
    taken = reinstate_verb(opened, door(actor, "reinstate", key, passphrase_fd), submission, reason)
    console().print(f"{taken.number} được tính lại / counts again\n{show.NEXT}")

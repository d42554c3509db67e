"""The command by which a cell of a submission is read otherwise than it was sent."""

from typing import Annotated

import typer

from motcua.app import app
from motcua.options import ActorOption, JsonOption, KeyOption, PassphraseOption, WorkspaceOption, door, open_workspace
from motcua.printing import show
from motcua.printing.terminal import console, word


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
        f" {done.finding_count} phát hiện / findings\nTiếp theo / next: motcua consolidate"
    )

"""The command that gives a sender the answer to a submission."""

from pathlib import Path
from typing import Annotated

import typer

from flows.entry.door import MisuseError
from motcua.app import app
from motcua.options import ActorOption, JsonOption, WorkspaceOption, door, open_to_read, open_workspace
from motcua.printing import show
from motcua.printing.terminal import console


@app.command()
def answer(
    submission: Annotated[str, typer.Argument(help="Lần nộp / submission, e.g. S-0001")],
    out: Annotated[Path | None, typer.Argument(help="Tệp .xlsx mới / a new .xlsx file")] = None,
    actor: ActorOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Lấy bản trả lời cho nơi gửi, có ghi sổ / take out the answer for a sender, which is recorded."""
    from flows.desk.answer import answer_words, take_answer

    opened = open_to_read(workspace) if json_ else open_workspace(workspace)
    if json_:
        typer.echo(show.as_json(answer_words(opened, submission)))
        return
    if out is None or out.suffix.lower() != ".xlsx":
        raise MisuseError("hãy ghi tên tệp .xlsx, hoặc dùng --json / name a .xlsx file to write, or use --json")
    taken = take_answer(opened, door(actor, "answer"), submission, out)
    console().print(
        f"{taken.number}: {taken.line_count} phát hiện / findings → {taken.path}\n"
        "Tệp chứa số liệu của nơi gửi, chỉ gửi lại cho họ / it holds what was sent: give it to its sender alone"
    )

"""The command about logs that nobody has described yet: what profile would read this one?"""

from pathlib import Path
from typing import Annotated

import typer

from motcua.app import app
from motcua.options import JsonOption, WorkspaceOption, open_to_read
from motcua.printing import draft as show_draft
from motcua.printing import show
from motcua.printing.terminal import console


@app.command("profile")
def draft_profile(
    file: Annotated[Path, typer.Argument(help="Sổ theo dõi hồ sơ chưa biết / a log that no profile knows")],
    out: Annotated[
        Path | None, typer.Option(help="Tệp TOML ra; không có thì in / TOML file, else it is printed")
    ] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Soạn nháp hồ sơ kê khai cho một sổ lạ; người xác nhận / draft a profile of an unknown log, for you to confirm."""
    from flows.desk.profile import profile as profile_verb

    opened = open_to_read(workspace)
    draft = profile_verb(opened.plan, file, out, opened.settings.reading)
    if json_:
        typer.echo(show.as_json(draft))
    else:
        show_draft.show_draft(console(), draft, out, opened.plan_folder / "profiles")

"""The command about the open part: what would the public get of a period, and what would be hidden?"""

import typer

from flows.measures.names import breakdown_name
from motcua.app import app
from motcua.options import JsonOption, PeriodArgument, WorkspaceOption, door, open_to_read, period_of
from motcua.printing import show
from motcua.printing.terminal import console

# Which breakdown of the form a table of the open part is.
_FORMS = {"form_department": "", "form_ii06a": "field", "form_ii06b": "unit"}


@app.command()
def disclosure(period: PeriodArgument, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Thử phần công khai của một kỳ / what the open part of a period would show and hide."""
    from flows.release.disclosure import rehearse

    opened = open_to_read(workspace)
    done = rehearse(opened, period_of(opened, period), door(None, "disclosure").today(opened.plan))
    if json_:
        typer.echo(show.as_json(done))
        return
    out = console()
    out.print(f"{done.period}: phần công khai v{done.version}, chưa ghi gì / the open part, nothing written")
    for table in done.tables:
        out.print(
            f"  {_named(table.name)}: nêu / shown {table.shown_count}, quá nhỏ / too small {table.primary_count},"
            f" kèm theo / for their sake {table.secondary_count}"
        )
    for differing in done.differences:
        out.print(
            f"  khác với / differs from {differing.published}: {differing.small_count} chênh lệch quá nhỏ"
            f" / differences too small to be told"
        )
    for name in done.left_out:
        out.print(f"  không công bố cả phân tổ / left out as a whole: {_named(name)}")
    if done.told_before_count:
        out.print(f"  các phần công khai trước đã để lộ / earlier open parts have given away: {done.told_before_count}")
    out.print(
        f"Không số nào trong {done.number_count} số không nêu và {done.difference_count} chênh lệch nhỏ tính ra được"
        f" / Of {done.number_count} hidden numbers and {done.difference_count} small differences none can be told"
        if done.exposed_count == 0
        else f"CÒN TÍNH RA ĐƯỢC / CAN BE TOLD: {done.exposed_count}"
    )


def _named(table: str) -> str:
    """Return what a table of the open part, or an indicator and what it is broken down by, is called."""
    figure, _, dimension = table.partition(" ")
    name = breakdown_name("form", _FORMS[table]) if table in _FORMS else breakdown_name(figure, dimension)
    return f"{name} ({table})"

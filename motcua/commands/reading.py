"""The commands that read: dry run, status, reminders, one submission, explanation, verification."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.entry.door import MisuseError
from flows.entry.named import period_named
from motcua.app import REFUSED, app
from motcua.options import (
    JsonOption,
    KnownOnOption,
    PeriodArgument,
    ReplaceOption,
    WorkspaceOption,
    door,
    open_to_read,
    open_to_verify,
    past_day,
    period_of,
)
from motcua.printing import period as show_period
from motcua.printing import show
from motcua.printing.terminal import console


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Tệp / files")],
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Chạy thử việc tiếp nhận, không lưu gì / dry run: the same code and answer, nothing stored."""
    from flows.intake.check import check as check_verb
    from flows.intake.inbox import require_file

    opened = open_to_read(workspace)
    for path in files:
        # All of them before the first is read.
        require_file(path)
    checked = [check_verb(opened, door(None, "check"), path) for path in files]
    if json_:
        answers = [{"file": c.file_name, "reading": c.reading, "findings": c.findings.to_pylist()} for c in checked]
        typer.echo(show.as_json(answers))
    else:
        for one in checked:
            show.show_checked(console(), one, opened.plan)
    fatal = any(row["severity"] == "fatal" for one in checked for row in one.findings.to_pylist())
    if fatal:
        raise typer.Exit(REFUSED)


@app.command()
def status(
    period: Annotated[str | None, typer.Argument(help="Kỳ / period")] = None,
    known_on: KnownOnOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Ai đã gửi gì, ai chưa, mỗi kỳ đến đâu / who sent what, who has not, where each period stands."""
    from flows.desk.status import status as status_verb
    from flows.release.past import as_known

    opened = open_to_read(workspace)
    day = past_day(opened, known_on)
    with as_known(opened, day) as known:
        chosen = period_named(known.plan, period) if period is not None else None
        asked = door(None, "status")
        today, past = day or asked.today(known.plan), known.ledger if day else None
        answer = status_verb(opened, known.plan, today, chosen, past, asked.stamp.at)
        if json_:
            typer.echo(show.as_json(answer))
        else:
            show_period.show_status(console(), answer, known.plan)


@app.command()
def remind(
    period: PeriodArgument,
    out: Annotated[
        Path | None, typer.Option(help="Thư mục ra; mặc định reminders/KỲ / folder, else reminders/PERIOD")
    ] = None,
    replace: ReplaceOption = False,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Soạn dự thảo nhắc gửi báo cáo / draft a reminder for each sender that owes a report; nothing is recorded."""
    from flows.desk.reminders import write_reminders

    opened = open_to_read(workspace)
    today = door(None, "remind").today(opened.plan)
    written = write_reminders(opened, opened.plan, period_of(opened, period), today, out, may_replace=replace)
    if json_:
        typer.echo(show.as_json(written))
    else:
        show_period.show_reminders(console(), written, opened.plan)


@app.command("show")
def show_submission(
    submission: Annotated[str, typer.Argument(help="Lần nộp / submission, e.g. S-0001")],
    known_on: KnownOnOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Một lần nộp và mọi phát hiện / one submission and everything found in it."""
    from flows.intake.submission import show as show_verb
    from flows.release.past import as_known

    opened = open_to_read(workspace)
    with as_known(opened, past_day(opened, known_on)) as known:
        shown = show_verb(opened, submission, known.ledger)
    if json_:
        answer = {"submission": shown.submission, "file": shown.file_name, "findings": shown.findings.to_pylist()}
        answer |= {"original": shown.fate, "sheets": shown.sheet_titles}
        typer.echo(show.as_json(answer))
    else:
        show.show_submission(console(), shown, opened.plan)


@app.command()
def explain(
    period: PeriodArgument,
    figure: Annotated[str, typer.Argument(help="Chỉ số hoặc II.06a.<cột> / indicator, or II.06a.<column>")],
    unit: Annotated[str | None, typer.Option(help="Đơn vị / unit")] = None,
    dimension: Annotated[str, typer.Option(help="Chiều phân tích / dimension: field, procedure_code, ...")] = "",
    value: Annotated[str, typer.Option(help="Giá trị của chiều / its value")] = "",
    known_on: KnownOnOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Con số là tổng của những ô nào / of which cells a figure is the sum."""
    from flows.measures.explain import explain as explain_verb
    from flows.release.past import as_known

    opened = open_to_read(workspace)
    with as_known(opened, past_day(opened, known_on)) as known:
        of = period_named(known.plan, period)
        explained = explain_verb(opened, known.plan, of, figure, unit, dimension, value, known.ledger)
    if json_:
        typer.echo(show.as_json(explained))
    else:
        show.show_explanation(console(), explained, opened.plan)


@app.command()
def verify(
    release: Annotated[Path | None, typer.Argument(help="Thư mục bản công bố / a release's folder")] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="Bản sao điểm kiểm tra: thư mục hoặc tệp / copies of checkpoints: folder or file"),
    ] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Mọi thứ còn đúng như đã ghi / is everything still as it was committed."""
    from flows.audits.verify import verify as verify_verb
    from flows.audits.verify import verify_release

    if release is not None:
        if against is not None:
            raise MisuseError("chọn bản công bố hoặc --against / name a release or --against, not both")
        if not release.is_dir():
            raise MisuseError(f"{release} không phải là thư mục / is not a folder: name a release's official folder")
        result = verify_release(release)
    else:
        result = verify_verb(open_to_verify(workspace), against, datetime.now(UTC))
    if json_:
        typer.echo(show.as_json(result))
    else:
        show.show_verification(console(), result)
    if result.problems:
        raise typer.Exit(REFUSED)

"""The commands about rules over time: what was said, what another version would have said, what no rule looks at."""

from typing import TYPE_CHECKING, Annotated

import typer

from audit.plans import proposals
from flows.entry.door import MisuseError
from motcua.app import app
from motcua.options import JsonOption, KnownOnOption, WorkspaceOption, door, open_to_read, past_day, period_of
from motcua.printing import history as show_history
from motcua.printing import plan_changes as show_plan_changes
from motcua.printing import show
from motcua.printing.terminal import console
from schemas.nearest import names_meant

if TYPE_CHECKING:
    from datetime import date

    from flows.audits.history import By
    from warehouse.workspace import Workspace

_BY = ("verdict", "rule", "unit", "period", "run", "submission")
_BY_PLAN = "plan"


def _by(stated: str | None, is_narrowed: bool) -> "By":
    """Return how verdicts are added up: as stated; else runs, or single verdicts where the question names any."""
    for by in _BY:
        if stated == by:
            return by  # type: ignore[return-value]
    if stated is not None:
        raise MisuseError(
            f"--by {stated}: không có cách gộp này / is no such way: {names_meant(stated, (*_BY, _BY_PLAN))}"
        )
    return "verdict" if is_narrowed else "run"


@app.command()
def history(
    by: Annotated[
        str | None, typer.Option("--by", help=f"Gộp theo / added up by: {', '.join((*_BY, _BY_PLAN))}")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="Quy tắc / rule, e.g. D009")] = None,
    unit: Annotated[str | None, typer.Option(help="Đơn vị / unit")] = None,
    period: Annotated[str | None, typer.Option(help="Kỳ / period")] = None,
    run: Annotated[int | None, typer.Option(help="Lần chạy / run: the number of its commit")] = None,
    submission: Annotated[str | None, typer.Option(help="Lần nộp / submission")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Mọi chỗ không đạt của một lần / every failing row")] = False,
    uncovered: Annotated[bool, typer.Option("--uncovered", help="Điều không quy tắc nào xét / what no rule covers")] = (
        False
    ),
    page: Annotated[int, typer.Option(min=1, help="Trang / page")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Số dòng một trang / rows a page")] = 20,
    known_on: KnownOnOption = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Lịch sử kiểm tra: quy tắc nào nói gì, về ai, khi nào / what which rule said, of whom, when."""
    from flows.audits.history import Question, places
    from flows.audits.history import history as history_verb

    opened = open_to_read(workspace)
    if uncovered:
        _show_uncovered(opened, json_)
        return
    if by == _BY_PLAN:
        _show_plan_decisions(opened, past_day(opened, known_on), json_)
        return
    chosen = period_of(opened, period) if period is not None else None
    is_narrowed = any(one is not None for one in (rule, unit, period, run, submission))
    question = Question(
        _by(by, is_narrowed), rule, unit, chosen, run, submission, past_day(opened, known_on), page, limit
    )  # fmt: skip
    answer = (places if rows else history_verb)(opened, opened.plan, question)
    if json_:
        typer.echo(show.as_json(answer))
    else:
        show_history.show_page(console(), answer, opened.plan)
        if not is_narrowed and by is None:
            _show_plan_decisions(opened, past_day(opened, known_on), json_=False)


def _show_plan_decisions(opened: "Workspace", known_on: "date | None", json_: bool) -> None:
    """Print who changed the plan, from what to what, and which verdicts that turned."""
    from flows.release.past import as_known

    with as_known(opened, known_on) as known:
        found = [one for one in proposals(known.ledger.entries) if one.state == "accepted"]
    if json_:
        typer.echo(show.as_json(found))
    else:
        show_plan_changes.show_decisions(console(), found, opened.plan)


def _show_uncovered(opened: "Workspace", json_: bool) -> None:
    from flows.audits.coverage import uncovered

    found = uncovered(opened.plan, opened.plan.catalogue.on(door(None, "history").today(opened.plan)))
    if json_:
        typer.echo(show.as_json(found))
    else:
        show_history.show_uncovered(console(), found)


@app.command()
def replay(
    rules: Annotated[list[str], typer.Argument(metavar="RULE[@VERSION]...", help="Quy tắc / rules, e.g. D009@2")],
    submission: Annotated[list[str] | None, typer.Option(help="Lần nộp, lặp lại được / submissions")] = None,
    period: Annotated[str | None, typer.Option(help="Kỳ / period")] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Phiên bản khác của quy tắc sẽ kết luận gì / what another version would have said; nothing is written."""
    from flows.audits.replay import replay as replay_verb
    from flows.audits.replay import rule_versions

    opened = open_to_read(workspace)
    chosen = period_of(opened, period).id if period is not None else None
    replayed = replay_verb(opened, rule_versions(opened.plan, rules), submission or (), chosen)
    if json_:
        typer.echo(show.as_json(replayed))
    else:
        show_history.show_replayed(console(), replayed, opened.plan)

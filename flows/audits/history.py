"""What did which rule say of whom, when, and in which run?

Pages over the projection, read only: neither the whole record nor the store is read, so the answer does not wait for
their size. The places at which rules failed come from the run's own files.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, cast

from audit.ledger import Ledger
from flows.entry.door import MisuseError
from flows.entry.named import unit_named
from flows.intake.submissions import no_submission
from schemas.nearest import names_meant
from schemas.plan import Plan
from schemas.plan_models import Period
from warehouse.engine import Engine, Parameter
from warehouse.workspace import Workspace

By = Literal["verdict", "rule", "unit", "period", "run", "submission"]
Row = Mapping[str, object]


@dataclass(frozen=True)
class Question:
    """What is asked: verdicts one by one or added up, which of them, which page, as known at the end of which day."""

    by: By = "run"
    rule: str | None = None
    unit: str | None = None
    period: Period | None = None
    run: int | None = None
    submission: str | None = None
    known_on: date | None = None
    page: int = 1
    limit: int = 20


@dataclass(frozen=True)
class Page:
    """One page of an answer, the newest first; `runs` says of each run on it what fixed its results.

    `behind` is how many commits the projection does not hold yet: somebody is writing, or was killed while writing.
    """

    by: By | Literal["place"]
    number: int
    count: int
    total: int
    rows: tuple[Row, ...]
    runs: tuple[Row, ...]
    behind: int


@dataclass(frozen=True)
class Named:
    """The run that a question names, and how many commits the projection is behind the record."""

    seq: int | None
    behind: int


@dataclass(frozen=True)
class Share:
    """How many of what was checked failed."""

    failing: int
    checked: int


def trend_of(row: Row) -> tuple[Share, ...]:
    """Return the failing shares of a group in the order of time."""
    points = cast(Sequence[Mapping[str, int]], row["trend"] or ())
    return tuple(Share(point["failing"], point["checked"]) for point in points)


def direction(trend: Sequence[Share]) -> str:
    """Say whether the last share is higher or lower than the one before: rising, falling, unchanged, "" where none."""
    if len(trend) < 2:
        return ""
    before, last = trend[-2], trend[-1]
    difference = last.failing * before.checked - before.failing * last.checked
    return "rising" if difference > 0 else "falling" if difference < 0 else "unchanged"


@contextmanager
def _projection(workspace: Workspace) -> Iterator[Engine]:
    if not workspace.database.is_file():
        raise MisuseError(f"thiếu / there is no {workspace.database.name}: motcua rebuild")
    engine = Engine(projection=workspace.database)
    try:
        yield engine
    finally:
        engine.close()


def _parameters(plan: Plan, question: Question) -> dict[str, Parameter]:
    unit = unit_named(plan, question.unit) if question.unit else question.unit
    rule = question.rule.upper() if question.rule is not None else None
    if rule is not None and plan.catalogue.version(rule, None) is None:
        known = names_meant(rule, dict.fromkeys(one.id for one in plan.catalogue.versions))
        raise MisuseError(f"không có quy tắc {rule} / there is no such rule: {known}: docs/rules.md")
    quarters = [period for period in plan.periods if period.kind == "flow"]
    end = datetime.combine((question.known_on or date.max) + timedelta(days=question.known_on is not None), time())
    return {
        "period_ids": [period.id for period in quarters],
        "first_days": [period.first_day.isoformat() for period in quarters],
        "last_days": [period.last_day.isoformat() for period in quarters],
        # In UTC, as the record writes moments.
        "before": f"{end.replace(tzinfo=plan.zone).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if question.known_on else "~",
        "by": question.by,
        "rule": rule,
        "unit": unit,
        "run": question.run,
        "submission": question.submission.upper() if question.submission is not None else None,
        "period": question.period.id if question.period is not None else None,
        "row_limit": question.limit,
        "row_offset": (question.page - 1) * question.limit,
    }


def _page(
    engine: Engine,
    question: Question,
    by: By | Literal["place"],
    rows: list[dict[str, object]],
    seqs: Sequence[int],
    behind: int,
) -> Page:
    total = cast(int, rows[0]["total_count"]) if rows else 0
    count = max(1, -(-total // question.limit))
    if not rows and question.page > 1:
        raise MisuseError(f"không có trang {question.page} / there is no page {question.page}: --page 1")
    runs = engine.rows("3_validated/history_run", {"seqs": seqs})
    kept = tuple({name: value for name, value in row.items() if name != "total_count"} for row in rows)
    return Page(by, question.page, count, total, kept, tuple(runs), behind)


def _named(engine: Engine, workspace: Workspace, question: Question, asked: Mapping[str, Parameter]) -> Named:
    """Return what a question names; MisuseError where there is no such run or submission."""
    [found] = engine.rows("3_validated/history_named", asked)
    if question.submission is not None and found["submission_seq"] is None:
        raise MisuseError(no_submission(question.submission, Ledger(workspace.ledger).entries))
    if question.run is not None and found["run_seq"] is None:
        known = [str(entry.seq) for entry in Ledger(workspace.ledger).entries]
        raise MisuseError(
            f"không có lần chạy {question.run} / there is no such run: {names_meant(str(question.run), known)}:"
            " motcua history --by run"
        )
    seq = cast("int | None", found["run_seq"] or found["submission_seq"])
    return Named(seq, workspace.ledger.read_bytes().count(b"\n") - cast(int, found["held_count"]))


def history(workspace: Workspace, plan: Plan, question: Question) -> Page:
    """Return one page of verdicts, one by one or added up; MisuseError where what is named is not there."""
    asked = _parameters(plan, question)
    with _projection(workspace) as engine:
        behind = _named(engine, workspace, question, asked).behind
        is_single = question.by == "verdict"
        rows = engine.rows("3_validated/history_verdict" if is_single else "3_validated/history_group", asked)
        seqs = sorted({cast(int, row["committed_seq" if is_single else "last_seq"]) for row in rows})
        return _page(engine, question, question.by, rows, seqs, behind)


def places(workspace: Workspace, plan: Plan, question: Question) -> Page:
    """Return one page of the places at which rules failed in one run or submission, from that run's own files."""
    asked = _parameters(plan, question)
    with _projection(workspace) as engine:
        named = _named(engine, workspace, question, asked)
        if named.seq is None:
            raise MisuseError("nêu --run hoặc --submission / name a --run or a --submission with --rows")
        asked["run"] = named.seq
        files = [workspace.root / str(row["path"]) for row in engine.rows("3_validated/history_files", asked)]
        rows = engine.rows_of_files("3_validated/history_row", files, asked) if files else []
        return _page(engine, question, "place", rows, [named.seq], named.behind)

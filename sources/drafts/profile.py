"""What profile would read this log, and what can its file not tell?

The draft proposes; a person confirms. Whatever the file does not prove is a question, and while one stands open the
profile is refused. No value of a personal column is shown, nor any text that may be one.
"""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from schemas.headings import Headings, TitlePattern
from schemas.plan import Plan
from sources.drafts.cells import date_columns_left, read_columns
from sources.drafts.draft import Coverage, Draft, DraftColumn, Grain, Question, TitleFormat
from sources.drafts.limits import notes_on_limits
from sources.drafts.log import UnknownLog, read_unknown_log
from sources.drafts.match import NEEDED, Matches, match_columns
from sources.logs.cast import moments
from sources.logs.profile import Fold

# Of dossiers that stand on several rows: above the first share the rows are events, below the second a few repeat.
_MOST_ARE_EVENTS, _FEW_REPEAT = 0.5, 0.05
# A dossier that was open for longer than a quarter, in a log that states no window, shows that it holds them all.
_LONG_OPEN = timedelta(days=90)
_FOLD_WHERE_THEY_DIFFER: dict[str, Fold] = {"received_at": "min", "finished_at": "max", "picked_up_at": "max"}


def draft_profile(path: Path, suffix: str, plan: Plan, headings: Headings, profile_id: str) -> Draft:
    """Look at a whole log and draft its profile; UnreadableError where it is no table that can be read."""
    log = read_unknown_log(path, suffix, headings)
    matches = match_columns(log, plan, headings)
    columns, questions, notes = read_columns(log, matches, plan, headings)
    constants, missing = _missing(log, matches, plan, headings)
    codes = log.columns[matches.found["dossier_code"]] if "dossier_code" in matches.found else None
    grain, asked = _grain(codes)
    questions = [*matches.questions, *missing, *questions, *asked]
    if grain == "event" and codes is not None:
        columns, question = _folded(log, codes, columns)
        questions.append(question)
    window = _title(log, headings.window)
    exported = _title(log, headings.exported_at)
    once = codes.is_first_distinct() if codes is not None else pl.Series([True] * log.rows.len())
    coverage, reason = _coverage(log, columns, once, window, plan.document.timezone)
    questions.append(Question("coverage", reason))
    notes += notes_on_limits(log, matches, headings)
    if log.rejected_count:
        said = "dòng hỏng, thừa hoặc thiếu ô, không xét / rows that are damaged or of another width, left out"
        notes.append(f"{log.rejected_count} {said}")
    if "status" not in matches.found:
        notes.append("không có cột trạng thái: các quy tắc về trạng thái không xét được / no status column")
    if constants:
        said = ", ".join(f"{name} = {value}" for name, value in constants.items())
        notes.append(f"kế hoạch chỉ có một thủ tục / the plan has one procedure alone: {said}")
    formats = [pattern for c in columns if c.dates is not None for pattern in c.dates.formats]
    return Draft(
        id=profile_id,
        grain=grain,
        coverage=coverage,
        delimiter=log.delimiter,
        encoding=log.encoding,
        row_count=log.rows.len(),
        dossier_count=codes.drop_nulls().n_unique() if codes is not None else 0,
        date_formats=tuple(dict.fromkeys(formats)),
        columns=tuple(columns),
        unused=matches.unused,
        questions=_one_each(questions),
        notes=tuple(notes),
        window=window[0] if window else None,
        exported_at=exported[0] if exported else None,
        ignored=tuple((one.row_class, one.pattern) for one in headings.ignore if log.ignored[one.row_class]),
        constants=constants,
    )


def _one_each(questions: list[Question]) -> tuple[Question, ...]:
    """Gather what is asked about one key into one question."""
    texts: dict[str, list[str]] = {}
    for question in questions:
        texts.setdefault(question.key, []).append(question.text)
    return tuple(Question(key, "; ".join(said)) for key, said in texts.items())


def _missing(
    log: UnknownLog, matches: Matches, plan: Plan, headings: Headings
) -> tuple[dict[str, str], list[Question]]:
    """Ask for the columns without which no row can be counted; the procedure is known where the plan has only one."""
    constants: dict[str, str] = {}
    questions = []
    dates = ", ".join(f"“{heading}”" for heading in date_columns_left(log, matches, plan, headings))
    for name in NEEDED:
        if name in matches.found:
            continue
        if name == "procedure_code" and len(plan.procedures) == 1:
            constants[name] = plan.procedures[0].code
            continue
        could_be = (
            f"; cột ngày chưa rõ nghĩa / date columns of unknown meaning: {dates}" if name.endswith("_at") else ""
        )
        said = f"không tìm thấy cột {name} / the column was not found{could_be if dates else ''}"
        questions.append(Question(f"columns.{name}", said))
    return constants, questions


def _grain(codes: pl.Series | None) -> tuple[Grain, list[Question]]:
    """Tell rows of dossiers from rows of events by how many dossiers stand on several rows."""
    if codes is None or not codes.drop_nulls().len():
        return "row", [Question("grain", "không có mã hồ sơ để xét / no dossier code tells rows from events")]
    counts = codes.drop_nulls().value_counts(sort=False).to_series(1)
    repeated = int((counts > 1).sum()) / counts.len()
    grain: Grain = "event" if repeated > _MOST_ARE_EVENTS else "row"
    if repeated > _MOST_ARE_EVENTS or repeated < _FEW_REPEAT:
        return grain, []
    said = f"{repeated:.0%} hồ sơ đứng ở nhiều dòng: mỗi dòng là một hồ sơ hay một sự kiện?"
    return grain, [Question("grain", f"{said} / some dossiers stand on several rows: dossiers or events?")]


def _folded(log: UnknownLog, codes: pl.Series, columns: list[DraftColumn]) -> tuple[list[DraftColumn], Question]:
    """Propose how the rows of a dossier become one: as they are where they never differ."""
    frame = pl.DataFrame({"code": codes, **{c.name: log.columns[c.position] for c in columns if not c.personal}})
    per_dossier = frame.drop_nulls("code").group_by("code").agg(pl.all().drop_nulls().n_unique())
    folded, differing = [], []
    for column in columns:
        count = 0 if column.personal or column.name == "dossier_code" else int((per_dossier[column.name] > 1).sum())
        if count:
            column = replace(column, fold=_FOLD_WHERE_THEY_DIFFER.get(column.name, "last"))
            differing.append(f"{column.name}: {count} ({column.fold})")
        folded.append(column)
    whole = f"{log.rows.len()} dòng, {codes.drop_nulls().n_unique()} hồ sơ"
    how = "mọi cột giống nhau trong một hồ sơ / no column differs within a dossier"
    if differing:
        how = f"hồ sơ có nhiều giá trị / dossiers with several values: {', '.join(differing)}"
    return folded, Question("fold", f"mỗi dòng là một sự kiện / rows are events ({whole}): {how}")


def _title(log: UnknownLog, patterns: tuple[TitlePattern, ...]) -> tuple[TitleFormat, re.Match[str]] | None:
    for known in patterns:
        for title in log.titles:
            found = re.search(known.pattern, title)
            if found is not None:
                return TitleFormat(known.pattern, known.format), found
    return None


def _days(log: UnknownLog, columns: list[DraftColumn], name: str, zone: str) -> pl.Series | None:
    column = next((c for c in columns if c.name == name and c.dates is not None and c.dates.is_date), None)
    if column is None or column.dates is None:
        return None
    return moments(log.columns[column.position], column.dates.formats, zone).dt.date()


def _coverage(
    log: UnknownLog,
    columns: list[DraftColumn],
    once: pl.Series,
    window: tuple[TitleFormat, re.Match[str]] | None,
    zone: str,
) -> tuple[Coverage, str]:
    """Guess what an export holds, with the reason: no file can say what it leaves out.

    `once` is true of one row of each dossier.
    """
    received, finished = (_days(log, columns, name, zone) for name in ("received_at", "finished_at"))
    if received is None or finished is None or not received.drop_nulls().len():
        return "received_in_window", "thiếu ngày tiếp nhận hoặc ngày kết thúc để xét / no days to guess by"
    received, finished = received.filter(once), finished.filter(once)
    if window is None:
        return _without_window(received, finished)
    title, said = window
    first = datetime.strptime(said["first"], title.format).date()
    older = (received < first).fill_null(False)
    if not older.any():
        why = f"không hồ sơ nào nhận trước {first:%d/%m/%Y} / none was received before the window"
        return "received_in_window", why
    ended_before = int((finished.filter(older) < first).fill_null(False).sum())
    if ended_before:
        why = f"{ended_before} hồ sơ kết thúc trước {first:%d/%m/%Y} vẫn có mặt / some ended before the window"
        return "full_snapshot", why
    why = (
        f"{int(older.sum())} hồ sơ nhận trước {first:%d/%m/%Y}, đều còn mở hoặc kết thúc từ ngày ấy"
        " / those received before the window were still open in it"
    )
    return "active_in_window", why


def _without_window(received: pl.Series, finished: pl.Series) -> tuple[Coverage, str]:
    last = max(day for day in (received.max(), finished.max()) if isinstance(day, date))
    pending = received.filter(finished.is_null()).drop_nulls()
    oldest = pending.min()
    said = f"tệp không ghi khoảng thời gian / no window is stated; {pending.len()} hồ sơ chưa xong / pending"
    if isinstance(oldest, date) and last - oldest > _LONG_OPEN:
        return "full_snapshot", f"{said}, cũ nhất nhận ngày / the oldest received on {oldest:%d/%m/%Y}"
    return "received_in_window", f"{said}, không hồ sơ nào cũ hơn 90 ngày / none older than 90 days"

"""What does a sender get back for a submission, and who took it out of the vault?

The workbook holds what the sender sent, so it lies in the vault alone until a person names the place to which it goes;
that it was taken out is a commit of its own. Its words without the cells may be shown to anybody here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from audit.events import AnswerTaken, SubmissionTaken
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.entry.output import require_new_file
from flows.intake.isolation import apart
from flows.intake.reader import Unread
from flows.intake.reading import SourceFile
from flows.intake.rule_book import RuleBook, order_of, rule_book
from flows.intake.submission import Shown, show
from flows.intake.validate_log import open_known
from schemas.rules import load_rules
from sources.answers.answer import answer_workbook
from sources.answers.listing import AnswerHead
from sources.answers.table import AnswerTable
from sources.answers.words import AnswerLine, answer_lines
from sources.files.archive import check_archive
from sources.files.source import UnreadableError
from sources.logs.log import OpenLog
from sources.logs.reader import open_source
from warehouse import vault
from warehouse.files import write_bytes
from warehouse.workspace import Workspace

_OWN = ".xlsx"


@dataclass(frozen=True)
class Answer:
    """The answer to a submission in words: its head, and every finding. Values in it are masked."""

    head: AnswerHead
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class AnswerFile:
    """An answer that was taken out: of which submission, where it lies now, and its bytes' hash."""

    number: str
    path: Path
    sha256: str
    line_count: int


def answer_words(workspace: Workspace, number: str) -> Answer:
    """Return the answer to a submission in words; MisuseError where nothing was found in it."""
    return _words(workspace, show(workspace, number))


def take_answer(workspace: Workspace, door: Door, number: str, out: Path) -> AnswerFile:
    """Make the answer to a submission, keep it in the vault, record that it is taken out, and write it to `out`.

    MisuseError where nothing was found in the submission, or `out` cannot be a new file.
    """
    require_new_file(out)
    with entered(workspace, door, "answer", subject=number) as ledger:
        shown = show(workspace, number)
        answer = _words(workspace, shown)
        content = _workbook(workspace, door, shown, answer)
        sha256 = hashlib.sha256(content).hexdigest()
        stored = vault.keep_answer(workspace, shown.submission.taken.file_sha256, content, door.entropy)
        event = AnswerTaken(number=answer.head.number, sha256=sha256, size=len(content))
        ledger.append(door.stamp, "answer", [event], [stored])
    write_bytes(out, content)
    return AnswerFile(answer.head.number, out, sha256, len(answer.lines))


def _words(workspace: Workspace, shown: Shown) -> Answer:
    taken, plan = shown.submission.taken, workspace.plan
    # A sender knows a sheet by its title, not by our label for it.
    titles = shown.sheet_titles
    lines = tuple(
        replace(line, sheet=titles.get(line.sheet or "", line.sheet))
        for line in answer_lines(shown.findings.to_pylist(), load_rules())
    )
    if not lines:
        raise MisuseError(
            f"{taken.number} không có phát hiện nào / nothing was found in it: there is nothing to answer"
        )
    sender = taken.unit_code or taken.sender
    head = AnswerHead(
        taken.number,
        shown.file_name,
        plan.unit(sender).name_vi if sender else "",
        plan.period(taken.period).name_vi if taken.period else "",
        taken.officially_received_on,
        taken.state == "rejected",
    )
    return Answer(head, lines)


def _workbook(workspace: Workspace, door: Door, shown: Shown, answer: Answer) -> bytes:
    """Return the answer as a workbook, made where the original can harm nobody; without the original where it would."""
    taken = shown.submission.taken
    order = order_of(rule_book(workspace, door.today(workspace.plan)))
    with vault.opened(workspace, taken.file_sha256) as original:
        file = SourceFile(original, taken.file_sha256, taken.suffix)
        made = apart(order, partial(_marked, file=file, taken=taken, answer=answer, titles=shown.sheet_titles))
    return _listed(taken, answer) if isinstance(made, Unread) else made


def _listed(taken: SubmissionTaken, answer: Answer) -> bytes:
    """Return the answer with its findings alone."""
    at = datetime.fromisoformat(taken.recorded_at)
    return answer_workbook(None, lambda: None, {}, answer.head, list(answer.lines), at)


def _marked(
    book: RuleBook, file: SourceFile, taken: SubmissionTaken, answer: Answer, titles: Mapping[str, str]
) -> bytes:
    try:
        check_archive(file.path, book.limits)
    except UnreadableError:
        return _listed(taken, answer)
    log = _log(book, file) if taken.kind == "dossier_log" else None
    # A sender knows a column by its heading, not by our name for it.
    names = _headings(log) if log is not None else {}
    lines = [replace(line, column_name=names.get(line.column_name or "", line.column_name)) for line in answer.lines]
    columns = {names[name]: at for name, at in log.head.header.positions.items()} if log is not None else {}
    return answer_workbook(
        file.path.read_bytes() if taken.suffix == _OWN else None,
        lambda: _table(file, log, columns, titles),
        columns,
        answer.head,
        lines,
        datetime.fromisoformat(taken.recorded_at),
    )


def _log(book: RuleBook, file: SourceFile) -> OpenLog | None:
    try:
        return open_known(file, book.profiles)
    except UnreadableError:
        return None


def _headings(log: OpenLog) -> dict[str, str]:
    columns = log.profile.document.columns
    return {name: columns[name].headings[0] for name in log.head.header.positions}


def _table(
    file: SourceFile, log: OpenLog | None, columns: Mapping[str, int], titles: Mapping[str, str]
) -> AnswerTable | None:
    """Return the rows of a file that has no workbook of its own; None where they cannot be read to their end."""
    try:
        source = log.source if log is not None else open_source(file.path, file.suffix)
        batches = log.rows if log is not None else source.batches
        rows = [(row.number, row.cells) for batch in batches for row in batch]
    except UnreadableError:
        return None
    return AnswerTable(titles.get(source.sheet, source.sheet), rows, columns)

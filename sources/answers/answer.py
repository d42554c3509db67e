"""What workbook does a sender get back for a submission in which something was found?

For an xlsx it is the sender's own workbook, otherwise unchanged; for everything else a new one with the same table.
Marked cells carry a comment that says what is wrong and what was expected; the first sheet lists all findings with
links to the cells. It holds what the sender sent, so it may only lie where the original may. Pure: the same arguments
give the same bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from schemas.spreadsheet import stable_bytes
from sources.answers.listing import AnswerHead
from sources.answers.own import own_workbook
from sources.answers.table import AnswerTable, table_workbook
from sources.answers.words import AnswerLine


def answer_workbook(
    own: bytes | None,
    read_table: Callable[[], AnswerTable | None],
    columns: Mapping[str, int],
    head: AnswerHead,
    lines: Sequence[AnswerLine],
    at: datetime,
) -> bytes:
    """Return the answer as xlsx with the document times `at`.

    `own` are the bytes of an xlsx, None for any other format; `read_table` reads the file's table, and is asked only
    where the own workbook does not do. `columns` gives the position of a log's columns by their names in findings.
    """
    workbook = own_workbook(own, head, lines, columns) if own is not None else None
    return stable_bytes(workbook or table_workbook(read_table(), head, lines), at)

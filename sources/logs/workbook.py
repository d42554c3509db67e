"""Which sheet of a workbook holds the log, and what of the workbook must its reader know?"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from sources.files.sheet_label import sheet_labels
from sources.files.source import Source, UnreadableError, batched
from sources.files.workbook import ANSWER_SHEET
from sources.files.workbook_sheets import OpenSheet, open_sheets
from sources.logs.header import SEARCHED_ROWS, find_header
from sources.logs.profile import Profile
from sources.logs.workbook_remarks import sheet_remarks, workbook_remarks

_NO_VISIBLE = "Tệp không có trang tính nào hiển thị / The workbook has no visible sheet"


def _has_table(sheet: OpenSheet, profiles: Sequence[Profile]) -> tuple[OpenSheet, bool]:
    """Look for a header in the first rows, and return the sheet as it was."""
    first = list(islice(sheet.rows, SEARCHED_ROWS + 2))
    headers = (find_header(profile, first, sheet.merged) for profile in profiles)
    # A profile that requires nothing still has to know a heading.
    is_table = any(header is not None and header.positions for header in headers)
    return replace(sheet, rows=chain(first, sheet.rows)), is_table


def open_workbook_log(path: Path, suffix: str, profiles: Sequence[Profile]) -> Source:
    """Open the first visible sheet on which one of the profiles finds its header, else the first visible one.

    The list that an earlier answer to its sender laid before the table is passed by.

    UnreadableError where the bytes are no workbook or no sheet is visible.
    """
    book = open_sheets(path, suffix)
    titles = tuple(candidate.name for candidate in book.candidates)
    labels = sheet_labels(titles)
    visible = [one for one in book.candidates if not one.is_hidden and one.name != ANSWER_SHEET]
    if not visible:
        raise UnreadableError(_NO_VISIBLE)
    chosen, others = visible[0], []
    opened: OpenSheet | None = None
    for candidate in visible if len(visible) > 1 else []:
        first, is_table = _has_table(candidate.open(), profiles)
        if is_table and opened is None:
            chosen, opened = candidate, first
        elif is_table:
            others.append(labels[candidate.name])
    opened = opened or chosen.open()
    hidden = [labels[candidate.name] for candidate in book.candidates if candidate.is_hidden and candidate.has_data()]
    sheet = labels[chosen.name]
    remarks = (
        *sheet_remarks(sheet, opened.notes, opened.encoding),
        *workbook_remarks(book.contents, hidden, others, is_undecoded=book.is_undecoded),
    )
    rows = batched(opened.rows)
    return Source(sheet, opened.encoding, False, rows, opened.merged, remarks, is_workbook=True, titles=titles)

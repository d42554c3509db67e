"""Which columns of an unknown log hold time limits, and how far can they be read?

No column of the vocabulary is one: a dossier has its due date. What is said of them tells a person what the text of a
catalogue's limits is worth before it is entered in a plan.
"""

from collections import Counter

from schemas.headings import Headings
from sources.drafts.log import UnknownLog
from sources.drafts.match import Matches, shown_heading
from sources.logs.deadline import read_deadline

_MOSTLY = 0.5
_NAMES = {
    "working_days": "ngày làm việc / working days",
    "calendar_days": "ngày / calendar days",
    "hours": "giờ / hours",
    "blank": "trống / blank",
    "other": "giữ nguyên chữ / left as text",
}


def notes_on_limits(log: UnknownLog, matches: Matches, headings: Headings) -> list[str]:
    """Return a note on each column that is not read and holds mostly time limits: how many of which unit."""
    taken = {*matches.found.values(), *matches.personal.values()}
    notes = []
    for position, heading in enumerate(log.headings):
        counts: Counter[str] = Counter()
        if position in taken or not heading:
            continue
        cells = log.columns[position].fill_null("").value_counts(sort=False)
        for text, count in cells.iter_rows():
            read = read_deadline(text)
            counts[read.unit or read.kind] += count
        limits = counts.total() - counts["blank"] - counts["other"]
        if limits > _MOSTLY * (counts.total() - counts["blank"]):
            said = ", ".join(f"{counts[kind]} {name}" for kind, name in _NAMES.items() if counts[kind])
            notes.append(f"“{shown_heading(heading, headings)}”: thời hạn giải quyết / time limits: {said}")
    return notes

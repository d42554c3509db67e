"""What is a draft of a profile: what was found in a log, what is proposed, and what a person has to confirm?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sources.drafts.dates import DateReading
from sources.logs.profile import Fold

Grain = Literal["row", "event"]
Coverage = Literal["received_in_window", "active_in_window", "full_snapshot"]
# How many rows a question names, for a person to look at.
ROWS_NAMED = 5


@dataclass(frozen=True)
class Question:
    """What could not be told from the file: the key of the profile that it is about, and what to look at."""

    key: str
    text: str


@dataclass(frozen=True)
class DraftColumn:
    """A column of the vocabulary, or a personal one, that the log has.

    `values` maps each label to its meaning, "" where that is for a person to say. `dates` is how its dates are written.
    """

    name: str
    position: int
    heading: str
    personal: Literal["drop", "hmac"] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    dates: DateReading | None = None
    fold: Fold = "same"
    is_required: bool = False


@dataclass(frozen=True)
class TitleFormat:
    """How a row above the table is read: the pattern that it follows, and the format of its dates."""

    pattern: str
    format: str


@dataclass(frozen=True)
class Draft:
    """A profile as proposed. It is in force nowhere before every question is answered by a person.

    `unused` are headings whose columns are not read; `notes` say what was seen and decides nothing; `ignored` are the
    classes of rows that are no data, with the pattern of each.
    """

    id: str
    grain: Grain
    coverage: Coverage
    delimiter: str
    encoding: str
    row_count: int
    dossier_count: int
    date_formats: tuple[str, ...]
    columns: tuple[DraftColumn, ...]
    unused: tuple[str, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    window: TitleFormat | None = None
    exported_at: TitleFormat | None = None
    ignored: tuple[tuple[str, str], ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)


def rows_named(rows: list[int]) -> str:
    """Return the first few row numbers, and that there are more."""
    more = ", …" if len(rows) > ROWS_NAMED else ""
    return ", ".join(str(row) for row in rows[:ROWS_NAMED]) + more

"""What came of reading one submission? The common answer of both kinds of file."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from audit.corrections import Correction
from audit.events import StoredFile

ON_ARRIVAL = "ghi nhận khi đến / recorded on arrival"


@dataclass(frozen=True)
class Stated:
    """What the one who hands a file in states about it."""

    officially_received_on: date
    evidence: str
    sender: str | None = None
    exported_at: datetime | None = None
    period: str | None = None


@dataclass(frozen=True)
class SourceFile:
    """A file in the vault that is to be read; `suffix` is that of its own name, lower case.

    `name` is that name, without the suffix; it may name people, and leaves the vault only as what it says of a period
    or a unit.
    """

    path: Path
    sha256: str
    suffix: str
    name: str = ""
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The outcome of reading one file: its account closes (read = accepted + rejected + ignored)."""

    kind: Literal["dossier_log", "unit_report"]
    state: Literal["accepted", "rejected"]
    files: tuple[StoredFile, ...]
    read_count: int = 0
    accepted_count: int = 0
    rejected_count: int = 0
    ignored_count: int = 0
    finding_count: int = 0
    refusal: str = ""
    is_blank: bool = False
    unit_code: str | None = None
    period: str | None = None
    report_type: str | None = None
    profile_id: str | None = None
    profile_sha256: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    coverage: str | None = None
    window: tuple[date, date] | None = None
    exported_at: datetime | None = None
    # What the sender called the workbook's sheets: it goes into the vault and nowhere else.
    sheet_titles: tuple[str, ...] = field(default=(), repr=False)

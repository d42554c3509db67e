"""What does the quarterly report workbook say?

Plain values, already measured and approved: the sheets print them and compute nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

TargetStatus = Literal["met", "missed", "no_cases", "no_data", "not_determined"]
ReportState = Literal["not_due", "on_time", "late", "missing", "rejected"]
Grade = Literal["major", "minor", "observation"]


@dataclass(frozen=True)
class FormRow:
    """One line of form II.06a; `c3` to `c13` are the counts under the column numbers of the form."""

    label: str
    c3: int
    c4: int
    c5: int
    c6: int
    c7: int
    c8: int
    c9: int
    c10: int
    c11: int
    c12: int
    c13: int
    is_total: bool = False

    @classmethod
    def of(cls, label: str, counts: Sequence[int], *, is_total: bool = False) -> "FormRow":
        """Return the line with these counts of columns 3 to 13, in order."""
        c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13 = counts
        return cls(label, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, is_total)

    @property
    def counts(self) -> tuple[int, ...]:
        """The counts of columns 3 to 13, in order."""
        return (
            *(self.c3, self.c4, self.c5, self.c6, self.c7, self.c8),
            *(self.c9, self.c10, self.c11, self.c12, self.c13),
        )


@dataclass(frozen=True)
class IndicatorRow:
    """One figure against its target.

    `value` and `threshold` are shares from 0 to 1 where `unit` (of measure) is "%"; `threshold` is None where the
    target is no single number, and `threshold_text` says it in words either way.
    """

    target_id: str
    name_vi: str
    name_en: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    threshold_text: str
    status: TargetStatus
    unit: str = "%"
    threshold: Decimal | None = None


@dataclass(frozen=True)
class ReportingRow:
    """What became of one report that a unit owed; `submission` is the number of the file that counts, or ""."""

    unit_name: str
    report_name: str
    last_day_on: date
    received_on: date | None
    recorded_on: date | None
    state: ReportState
    submission: str


@dataclass(frozen=True)
class NonconformityRow:
    """One nonconformity as it stood when the report was drawn up."""

    number: str
    rule_id: str
    message_vi: str
    unit_name: str
    grade: Grade
    state: str
    detected_on: date
    checked_count: int
    failing_count: int


@dataclass(frozen=True)
class ReportContent:
    """Everything that one report workbook prints. `notes` are pairs of Vietnamese and English text."""

    department_vi: str
    department_en: str
    title_vi: str
    period_name_vi: str
    period_name_en: str
    first_day: date
    last_day: date
    version: int
    ledger_size: int
    ledger_head: str
    published_at: datetime
    requested_by: str
    approved_by: str
    notes: tuple[tuple[str, str], ...]
    form_rows: tuple[FormRow, ...]
    indicators: tuple[IndicatorRow, ...]
    reporting: tuple[ReportingRow, ...]
    nonconformities: tuple[NonconformityRow, ...]

"""What does the report workbook of a period say?

Plain values, already measured and approved: the sheets print them and compute nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from audit.steps import State as NonconformityState

TargetStatus = Literal["met", "missed", "no_cases", "no_data", "not_determined"]
FigureStatus = Literal["final", "no_cases", "no_data", "composite"]
Trend = Literal["rising", "falling", "unchanged"]
ReportState = Literal["not_due", "on_time", "late", "missing", "rejected", "provisional", "not_determined"]
TaskState = Literal["done_on_time", "done_late", "overdue", "not_due", "done", "open"]
Grade = Literal["major", "minor", "observation"]
Severity = Literal["fatal", "warning", "info"]
Outcome = Literal["pass", "fail", "waived", "not_evaluated"]
Label = Literal["final", "provisional", "estimated", "missing"]


@dataclass(frozen=True)
class FormRow:
    """One line of form II.06a or II.06b; `c3` to `c13` are the counts under the column numbers of the form."""

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
class Quantity:
    """A measured figure: its fraction, its value (a share from 0 to 1 where `unit` is "%"), and whether it has one."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    unit: str = "%"
    status: FigureStatus = "final"

    @property
    def has_no_cases(self) -> bool:
        """Whether there was nothing to count: 0/0 is no share at all, whatever the status says."""
        return self.status == "no_cases" or self.denominator == 0


@dataclass(frozen=True)
class TargetRow:
    """One way of meeting a target: the figure that is asked about and its bound in words.

    `figure_name` is "" and `figure` None where words or tasks decide. `way_status` is what this figure alone says,
    `status` what became of the target.
    """

    target_id: str
    text_vi: str
    figure_name: str
    figure: Quantity | None
    bound_text: str
    way_status: TargetStatus | None
    status: TargetStatus
    reason: str


@dataclass(frozen=True)
class Reliance:
    """How far a figure can be relied on: its label, what was accepted of what was read, and what speaks against it.

    The counts of coverage are None where a figure is computed from the plan alone.
    """

    label: Label
    accepted_count: int | None
    read_count: int | None
    open_nonconformity_count: int
    waiver_count: int


@dataclass(frozen=True)
class FigureRow:
    """One figure of an indicator: of the department, of a unit, or of one value of a dimension.

    `unit_name` is "" for the whole department, `dimension` and `dimension_value` (as people call them) for the whole.
    """

    group: str
    indicator_id: str
    name_vi: str
    name_en: str
    quantity: Quantity
    reliance: Reliance
    unit_name: str = ""
    dimension: str = ""
    dimension_value: str = ""
    before_value: Decimal | None = None
    trend: Trend | None = None
    year_ago_value: Decimal | None = None
    year_ago_trend: Trend | None = None
    is_series_broken: bool = False


@dataclass(frozen=True)
class SeriesRow:
    """The department's figure of one indicator in one period of the year."""

    indicator_id: str
    name_vi: str
    name_en: str
    period_name: str
    quantity: Quantity


@dataclass(frozen=True)
class TaskRow:
    """One task of the plan, for one of the times that it is due; `last_day_on` is None where the plan states no day."""

    task_id: str
    area: str
    task_vi: str
    product_vi: str
    schedule_vi: str
    lead: str
    last_day_on: date | None
    done_on: date | None
    state: TaskState
    evidence: str


@dataclass(frozen=True)
class TaskSummaryRow:
    """The tasks of one area and lead.

    `counts` are tasks, times due, done on time, done late, overdue, not due, without a day, and without evidence; those
    from on time to without a day add up to the times due.
    """

    area: str
    lead: str
    counts: tuple[int, ...]
    is_total: bool = False


@dataclass(frozen=True)
class ReportingRow:
    """What became of one report that was owed; `submission` is the number of the file that counts, or "".

    The submission at the due date is the latest accepted by then, the one in force the latest accepted of all.
    """

    unit_name: str
    report_name: str
    last_day_on: date | None
    received_on: date | None
    recorded_on: date | None
    state: ReportState
    submission: str
    round_count: int
    days_to_acceptance: int | None
    submission_at_due: str
    submission_in_force: str


@dataclass(frozen=True)
class NonconformityRow:
    """One nonconformity as it stood when the report was drawn up."""

    number: str
    rule_id: str
    message_vi: str
    unit_name: str
    grade: Grade
    state: NonconformityState
    detected_on: date
    checked_count: int
    failing_count: int
    owner_name: str
    # By when something has to be done; None where later data decide.
    due_on: date | None
    # Since when data no longer show it, and by what; what waives it, repeats it or goes on from it. A line each.
    course: tuple[str, ...]


@dataclass(frozen=True)
class WaiverRow:
    """One exception that held when the report was drawn up."""

    number: str
    rule_id: str
    message_vi: str
    unit_name: str
    failing_count: int
    reason: str
    approved_by: str
    last_day_on: date


@dataclass(frozen=True)
class RuleRow:
    """What became of one rule over everything behind the period."""

    rule_id: str
    message_vi: str
    message_en: str
    severity: Severity
    outcome: Outcome
    checked_count: int
    failing_count: int
    not_evaluated_reason: str
    justification: str


@dataclass(frozen=True)
class ParetoRow:
    """The places that failed under one rule, and the running total down to it."""

    rule_id: str
    message_vi: str
    severity: Severity
    failing_count: int
    cumulative_count: int
    cumulative_share: Decimal


@dataclass(frozen=True)
class PlanChangeRow:
    """An accepted change of the plan: who asked for it, who agreed and when, why, and each key from what to what."""

    number: str
    proposed_by: str
    accepted_by: str
    accepted_on: date
    reason: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class TurnedRow:
    """A target whose verdict a change of the plan turned."""

    target_id: str
    text_vi: str
    before: TargetStatus | None
    after: TargetStatus | None


@dataclass(frozen=True)
class ReportContent:
    """Everything that one report workbook prints. `notes` are pairs of Vietnamese and English text.

    Of a draft nobody has asked for yet: `requested_by` is blank, and `requested_at` is when it was drawn up.

    `charted` are the indicators that the charts draw, in order. The last row of `field_form`, `office_form` and
    `task_summary` is their total. `plan_changes` are the decisions about the plan since the version before,
    `turned_by_plan` the verdicts that they turned. `plan_lines` say which plan is in force and by which decision,
    `difference_lines` what differs from the version before: nothing of a first one.
    """

    charted: tuple[str, ...]
    department_vi: str
    department_en: str
    title_vi: str
    title_en: str
    period_name_vi: str
    period_name_en: str
    first_day: date
    last_day: date
    version: int
    edition: str
    reason: str
    ledger_size: int
    ledger_head: str
    requested_at: datetime
    requested_by: str
    plan_lines: tuple[str, ...]
    difference_lines: tuple[str, ...]
    # Whether the plan lets one account ask for a release and approve it.
    one_account_may_approve: bool
    notes: tuple[tuple[str, str], ...]
    field_form: tuple[FormRow, ...]
    office_form: tuple[FormRow, ...]
    targets: tuple[TargetRow, ...]
    figures: tuple[FigureRow, ...]
    series: tuple[SeriesRow, ...]
    tasks: tuple[TaskRow, ...]
    task_summary: tuple[TaskSummaryRow, ...]
    reporting: tuple[ReportingRow, ...]
    nonconformities: tuple[NonconformityRow, ...]
    waivers: tuple[WaiverRow, ...]
    rules: tuple[RuleRow, ...]
    pareto: tuple[ParetoRow, ...]
    plan_changes: tuple[PlanChangeRow, ...] = ()
    turned_by_plan: tuple[TurnedRow, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether nobody has asked for it yet."""
        return not self.requested_by

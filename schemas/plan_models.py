"""What may stand in each file of a plan folder?"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

# `rising` compares with the figure of the period before; it has no threshold.
Comparison = Literal["=", ">", ">=", "<", "<=", "rising"]
# Where a row comes from: the plan document, a public page, ours and to be replaced, or imported by the department.
# `carried` is taken over from the plan of the year before, until somebody confirms it.
Basis = Literal["seed", "page", "example", "imported", "carried"]
# Stands for every office, or every subordinate unit, where a task names them together.
EVERY_OFFICE, EVERY_UNIT = "*office", "*unit"


def _bars(value: object) -> object:
    """Split `a|b|c` as the plan's tables write lists."""
    return tuple(part.strip() for part in value.split("|") if part.strip()) if isinstance(value, str) else value


BarList = Annotated[tuple[str, ...], BeforeValidator(_bars)]
BarDays = Annotated[tuple[date, ...], BeforeValidator(_bars)]


def _blank(value: object) -> object:
    """Read an empty cell as nothing."""
    return None if value == "" else value


OptionalDay = Annotated[date | None, BeforeValidator(_blank)]
Value = TypeVar("Value")


class PlanModel(BaseModel):
    """Base of every table row and document of a plan: frozen, unknown keys refused.

    `FORMER_COLUMNS` are the names that columns of a table bore in plans of before: those read as ever.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    FORMER_COLUMNS: ClassVar[Mapping[str, str]] = {}


class Decision(PlanModel):
    """The decision that issued the plan; an unset day leaves what depends on it "not determined"."""

    number: str = ""
    issued_by_vi: str = ""
    on: date | None = None
    # Place and day as the document writes them, blanks included.
    dateline_vi: str = ""
    # The documents on which it is based, in its own words.
    based_on_vi: tuple[str, ...] = ()


class CodePattern(PlanModel):
    """How a code is written: a full-match regular expression, with the group `received` where it holds a date."""

    pattern: str
    example: str
    agencies: tuple[str, ...] = ()


Share = Annotated[Decimal, Field(ge=0, le=1)]
Factor = Annotated[Decimal, Field(gt=0)]


class Convention(PlanModel, Generic[Value]):
    """A choice where the sources are silent or disagree: its value, and why, as printed in the notes of a release."""

    value: Value
    text_vi: str
    text_en: str
    basis: str


class Note(PlanModel):
    """A convention that stands in the plan's tables already, and is said in the notes of a release."""

    text_vi: str
    text_en: str
    basis: str


class Conventions(PlanModel):
    """`conventions.toml`: every decided convention; `{value}` in a text stands for its value."""

    # Early, on time and overdue compare days, or moments.
    granularity: Convention[Literal["date", "timestamp"]]
    # Whether an apology letter with a new date moves the due date; where not, an extended dossier may be overdue.
    extension_moves_due_date: Convention[bool]
    # Resolved by withdrawal or a stop: in column 9 of form II.06a, or in 8 to 10 by their dates.
    withdrawn_counts_as: Convention[Literal["on_time", "by_date"]]
    # Whether dossiers that wait for a supplement count in column 12, whatever their due date says.
    waiting_counts_as_within_due: Convention[bool]
    # Whether a report's last day that is a day off moves to the next working day; where not, it is flagged.
    last_day_off_is_moved: Convention[bool]
    minimum_reporting_share: Convention[Share]
    minimum_accepted_share: Convention[Share]
    volume_ratio_low: Convention[Factor]
    volume_ratio_high: Convention[Factor]
    # A unit's figure that is this many times its last one, or less than one such part of it, is asked about.
    outlier_factor: Convention[Factor]
    note: tuple[Note, ...] = ()

    def settings(self) -> dict[str, Convention[str] | Convention[bool] | Convention[Decimal]]:
        """Return every convention with a value, by name, in the order of the file's model."""
        return {name: value for name, value in self if isinstance(value, Convention)}


class CalendarSpan(PlanModel):
    """How far the calendar reaches, and through which day the days off have been decreed."""

    first_day: date
    last_day: date
    decreed_through: date
    # ISO weekdays that are days off: 6 is Saturday.
    weekly_days_off: tuple[int, ...] = (6, 7)


class CalendarDay(PlanModel):
    """A day off that is no weekend, or a weekend day that is worked."""

    day: date
    kind: Literal["off", "worked"]
    name_vi: str
    status: Literal["decreed", "expected"]
    basis: str = Field(min_length=1)


class Area(PlanModel):
    """An area of the plan's appendix."""

    id: str
    name_vi: str
    name_en: str


class Provision(PlanModel):
    """What the document provides in words: how it is paid for, who carries out what."""

    id: str
    text_vi: str
    basis: str


class NonconformityDays(PlanModel):
    """In how many working days after it was found a nonconformity is due, by its grade."""

    major: int = Field(default=10, ge=1)
    minor: int = Field(default=20, ge=1)
    observation: int = Field(default=30, ge=1)


class PlanDocument(PlanModel):
    """`plan.toml`."""

    id: str
    name_vi: str
    name_en: str
    title_vi: str
    title_en: str
    year: int
    timezone: str
    consolidating_office: str
    # Whether one account of the system may ask for a release and approve it; where so, the release says it.
    one_account_may_approve: bool = False
    decision: Decision = Decision()
    dossier_code: CodePattern
    procedure_code: CodePattern
    calendar: CalendarSpan
    area: tuple[Area, ...] = ()
    provision: tuple[Provision, ...] = ()
    nonconformity_days: NonconformityDays = NonconformityDays()


class Period(PlanModel):
    """A reporting window; both days belong to it, in the plan's own time zone."""

    id: str
    name_vi: str
    name_en: str
    kind: Literal["flow", "cumulative"]
    first_day: date
    last_day: date
    # What its figures are compared with: ids of periods of the plan, or of earlier_figures.csv.
    before: str = ""
    year_ago: str = ""


class ReportType(PlanModel):
    """Something that is expected in certain periods, with the last day on which it is in time.

    `days_after_decision` gives that day, by period, in days after the day of the plan's decision: while that is blank
    the day is not determined. A report of `provisional_in` comes before its period ends, and is reconciled later.
    """

    id: str
    name_vi: str
    name_en: str
    basis: str
    form: Literal["workbook", "dossier_log"] = "workbook"
    senders: Literal["units", "consolidating_office"] = "units"
    # Whose tasks the workbook lists: the sender's own, those of the plan, or none.
    tasks: Literal["own", "plan", "none"] = "own"
    # Whether the task table has a column for the people who do the tasks: for the sender's use, and never read.
    has_assignees: bool = False
    last_day_on: dict[str, date] = {}
    days_after_decision: dict[str, int] = {}
    provisional_in: tuple[str, ...] = ()
    item_word: dict[str, str] = {}

    @property
    def period_ids(self) -> tuple[str, ...]:
        """The periods for which it is expected."""
        return (*self.last_day_on, *(p for p in self.days_after_decision if p not in self.last_day_on))


class OutgoingReport(PlanModel):
    """A report that the department itself owes, with the last day of each period's."""

    id: str
    name_vi: str
    name_en: str
    recipient_vi: str
    basis: str
    last_day_on: dict[str, date]


class PeriodsDocument(PlanModel):
    """`periods.toml`."""

    period: tuple[Period, ...]
    report_type: tuple[ReportType, ...] = ()
    outgoing_report: tuple[OutgoingReport, ...] = ()


class TargetPart(PlanModel):
    """One way of meeting a target: a figure (of the department, or of one value of a dimension) and its bound."""

    indicator: str
    comparison: Comparison
    threshold: Decimal | None = None
    dimension: str = ""
    dimension_value: str = ""


class Target(PlanModel):
    """A target of the plan: one comparison, parts of which one is enough, tasks whose evidence shows it, or words.

    A target in words alone (`text_vi` and nothing else) is listed and never computed.
    """

    id: str
    text_vi: str
    text_en: str
    basis: str
    indicator: str = ""
    comparison: Comparison | None = None
    threshold: Decimal | None = None
    dimension: str = ""
    dimension_value: str = ""
    part: tuple[TargetPart, ...] = ()
    tasks: tuple[str, ...] = ()
    note_vi: str = ""

    @property
    def ways(self) -> tuple[TargetPart, ...]:
        """Every way in which the target can be met by a figure."""
        if self.comparison is not None:
            return (TargetPart(indicator=self.indicator, comparison=self.comparison, threshold=self.threshold,
                               dimension=self.dimension, dimension_value=self.dimension_value),)  # fmt: skip
        return self.part


class SeriesBreak(PlanModel):
    """A day on which the meaning of indicators changed: figures before and after are not compared silently."""

    on: date
    indicators: tuple[str, ...]
    text_vi: str
    text_en: str
    basis: str


class TargetsDocument(PlanModel):
    """`targets.toml`."""

    target: tuple[Target, ...] = ()
    series_break: tuple[SeriesBreak, ...] = ()


class Task(PlanModel):
    """A task of the plan's appendix.

    `last_days_on` are the last days in time, one for each time that the task is to be done, none where the document
    states no day. `original_vi` keeps the document's own words where a typing error was corrected.
    """

    id: str
    area: str
    number: int
    task_vi: str
    product_vi: str
    schedule_vi: str
    schedule_kind: Literal["dated", "in_period", "recurring", "ongoing", "on_instruction"]
    first_day: OptionalDay
    last_days_on: BarDays
    lead: BarList
    cooperating: BarList
    assignment_vi: str
    original_vi: str
    basis: Basis


class Unit(PlanModel):
    """An office of the department or a subordinate unit."""

    code: str = Field(min_length=1)
    kind: Literal["office", "unit"]
    name_vi: str
    short_name: str
    aliases: BarList
    handles_dossiers: bool
    sends_reports: bool
    basis: Basis


class Procedure(PlanModel):
    """An administrative procedure (TTHC) of the catalogue.

    Its service level is a number (mức độ 1 to 4) and, since these were renamed, a name (một phần, toàn trình).
    """

    FORMER_COLUMNS: ClassVar[Mapping[str, str]] = {
        "level_2022": "level_number",
        "level_after_2022_08": "level_name",
    }

    code: str
    name_vi: str
    field: str
    office: str
    limit: Decimal
    limit_unit: Literal["working_day", "calendar_day", "hour", "immediate"]
    level_number: int
    level_name: str
    immediate: bool
    fee_vnd: int
    is_eligible_online: bool
    is_on_national_portal: bool
    code_basis: Basis
    limit_basis: Basis
    online_basis: Basis

    @property
    def is_announced_online(self) -> bool:
        """Whether the procedure is announced at service level 3 or 4 (mức độ 3, 4)."""
        return self.level_number >= 3


class ReportItem(PlanModel):
    """A line item of a report that is a workbook."""

    report_type: str
    code: str
    area: str
    name_vi: str
    unit_of_measure: str
    type: Literal["count", "amount", "yes_no", "score", "percent"]
    accumulates: bool
    required_in: BarList
    relation: str
    indicator: str
    basis: Basis


class ToConfirm(PlanModel):
    """Something of a plan drawn up from the year before that a person must confirm, by whom and after which document.

    A plan with an open item is a draft: it can be checked, and does not come into force.
    """

    item: str = Field(min_length=1)
    file: str
    key: str
    question_vi: str
    question_en: str
    confirmed_by: str
    source: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has confirmed it yet."""
        return not (self.confirmed_by.strip() and self.source.strip())


class OpeningBalance(PlanModel):
    """Dossiers pending at the start of the first period, imported with its evidence."""

    period: str
    office: str
    field: str
    pending_count: int = Field(ge=0)
    evidence: str = Field(min_length=1)
    basis: Basis


class EarlierFigure(PlanModel):
    """A figure of a period before the plan's first, imported with its evidence, for comparison alone."""

    period: str
    indicator: str
    unit: str
    numerator: Decimal
    denominator: Decimal
    evidence: str = Field(min_length=1)
    basis: Basis

"""What may stand in each file of a plan folder?"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Comparison = Literal["=", ">", ">=", "<", "<="]
Basis = Literal["seed", "page", "example", "imported"]


def _bars(value: object) -> object:
    """Split `a|b|c` as the plan's tables write lists."""
    return tuple(part.strip() for part in value.split("|") if part.strip()) if isinstance(value, str) else value


BarList = Annotated[tuple[str, ...], BeforeValidator(_bars)]


class PlanModel(BaseModel):
    """Base of every table row and document of a plan: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Decision(PlanModel):
    """The decision that issued the plan; an unset day leaves what depends on it "not determined"."""

    number: str = ""
    issued_by_vi: str = ""
    on: date | None = None


class CodePattern(PlanModel):
    """How a code is written: a full-match regular expression, with the group `received` where it holds a date."""

    pattern: str
    example: str


class Conventions(PlanModel):
    """Choices where the sources are silent; each stands in the notes of every release."""

    minimum_reporting_share: Decimal = Field(ge=0, le=1)
    minimum_accepted_share: Decimal = Field(ge=0, le=1)
    volume_ratio_low: Decimal = Field(ge=0)
    volume_ratio_high: Decimal = Field(gt=0)


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
    decision: Decision = Decision()
    dossier_code: CodePattern
    procedure_code: CodePattern
    conventions: Conventions


class Period(PlanModel):
    """A reporting window; both days belong to it, in the plan's own time zone."""

    id: str
    name_vi: str
    name_en: str
    kind: Literal["flow", "cumulative"]
    first_day: date
    last_day: date


class ReportType(PlanModel):
    """Something that is expected every period, with the last day on which it is in time."""

    id: str
    name_vi: str
    name_en: str
    basis: str
    last_day_on: dict[str, date]
    item_word: dict[str, str] = {}


class PeriodsDocument(PlanModel):
    """`periods.toml`."""

    period: tuple[Period, ...]
    report_type: tuple[ReportType, ...] = ()


class TargetPart(PlanModel):
    """One way of meeting a target that offers several."""

    indicator: str
    comparison: Comparison
    threshold: Decimal


class Target(PlanModel):
    """A target of the plan: one comparison, or parts of which one is enough."""

    id: str
    indicator: str
    text_vi: str
    text_en: str
    basis: str
    comparison: Comparison | None = None
    threshold: Decimal | None = None
    part: tuple[TargetPart, ...] = ()

    @property
    def ways(self) -> tuple[TargetPart, ...]:
        """Every way in which the target can be met."""
        if self.comparison is not None and self.threshold is not None:
            return (TargetPart(indicator=self.indicator, comparison=self.comparison, threshold=self.threshold),)
        return self.part


class TargetsDocument(PlanModel):
    """`targets.toml`."""

    target: tuple[Target, ...] = ()


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
    """An administrative procedure (TTHC) of the catalogue."""

    code: str
    name_vi: str
    field: str
    office: str
    limit: Decimal
    limit_unit: Literal["working_day", "calendar_day", "hour", "immediate"]
    level_2022: int
    level_after_2022_08: str
    immediate: bool
    fee_vnd: int
    code_basis: Basis
    limit_basis: Basis

    @property
    def is_announced_online(self) -> bool:
        """Whether the procedure is announced at service level 3 or 4 (mức độ 3, 4)."""
        return self.level_2022 >= 3


class ReportItem(PlanModel):
    """A line item of a unit's periodic report."""

    code: str
    area: str
    name_vi: str
    unit_of_measure: str
    type: Literal["count", "amount", "yes_no", "score"]
    accumulates: bool
    required_in: BarList
    relation: str
    indicator: str
    basis: Basis


class OpeningBalance(PlanModel):
    """Dossiers pending at the start of the first period, imported with its evidence."""

    period: str
    office: str
    field: str
    pending_count: int = Field(ge=0)
    evidence: str = Field(min_length=1)
    basis: Basis

"""Is a target met? Fractions are compared unrounded, as whole numbers, never as percentages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from schemas.plan_models import Target, TargetPart

# The unit code of figures that are the whole department's.
DEPARTMENT = ""
Status = Literal["met", "missed", "no_cases", "no_data", "not_determined"]
FigureStatus = Literal["final", "no_cases", "no_data"]
_NO_EARLIER = "không có kỳ để so sánh / nothing to compare with"
_IN_WORDS = "chỉ tiêu định tính, không tính được từ dữ liệu / stated in words, not computed"
_NO_EVIDENCE = "chưa có văn bản minh chứng / no evidence yet: {tasks}"


@dataclass(frozen=True)
class Ratio:
    """A figure as a fraction; both are None where there are no data."""

    ZERO: ClassVar[Decimal] = Decimal(0)

    numerator: Decimal | None
    denominator: Decimal | None

    @property
    def status(self) -> FigureStatus:
        """Whether there is a value: 0/0 is "no cases" (không phát sinh), not 0 and not 100."""
        if self.numerator is None or self.denominator is None:
            return "no_data"
        return "no_cases" if self.denominator == 0 else "final"


@dataclass(frozen=True)
class Measured:
    """A figure as a target sees it: its value, and which way it went since the period before."""

    ratio: Ratio
    trend: str | None = None


def way_status(measured: Measured, way: TargetPart) -> Status:
    """Return whether a figure meets one way of a target."""
    ratio = measured.ratio
    if ratio.status != "final" or ratio.numerator is None or ratio.denominator is None:
        return "no_data" if ratio.status == "no_data" else "no_cases"
    if way.comparison == "rising":
        return "not_determined" if measured.trend is None else "met" if measured.trend == "rising" else "missed"
    stated, bound = ratio.numerator, (way.threshold or Decimal(0)) * ratio.denominator
    holds = {
        "=": stated == bound,
        ">": stated > bound,
        ">=": stated >= bound,
        "<": stated < bound,
        "<=": stated <= bound,
    }
    return "met" if holds[way.comparison] else "missed"


@dataclass(frozen=True)
class TargetResult:
    """What became of one target, and why where nobody can tell."""

    target: Target
    status: Status
    reason: str = ""


def _by_tasks(target: Target, done_with_evidence: Mapping[str, bool]) -> TargetResult:
    """A target that tasks show is met where each of them is done with its evidence; until then nobody can tell."""
    lacking = [task for task in target.tasks if not done_with_evidence.get(task, False)]
    if lacking:
        return TargetResult(target, "not_determined", _NO_EVIDENCE.format(tasks=", ".join(lacking)))
    return TargetResult(target, "met")


def target_result(
    target: Target,
    measured: Callable[[TargetPart], Measured | None],
    done_with_evidence: Mapping[str, bool],
) -> TargetResult:
    """Return what became of a target.

    Missed needs every way to miss; where one way has a value that misses and another has none, nobody can tell.
    `measured` returns the figure that a way asks about, or None where it is not measured.
    """
    if target.tasks:
        return _by_tasks(target, done_with_evidence)
    if not target.ways:
        return TargetResult(target, "not_determined", _IN_WORDS)
    found: Sequence[tuple[TargetPart, Measured]] = [(way, m) for way in target.ways if (m := measured(way)) is not None]
    answers = [way_status(figure, way) for way, figure in found]
    if not answers:
        return TargetResult(target, "no_data")
    if "met" in answers:
        return TargetResult(target, "met")
    status: Status = answers[0] if len(set(answers)) == 1 else "not_determined"
    lacks_earlier = status == "not_determined" and any(way.comparison == "rising" for way, _ in found)
    return TargetResult(target, status, _NO_EARLIER if lacks_earlier else "")

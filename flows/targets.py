"""Is a target met? Fractions are compared unrounded, as whole numbers, never as percentages."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.plan_models import Target, TargetPart

# The unit code of figures that are the whole department's.
DEPARTMENT = ""
Status = Literal["met", "missed", "no_cases", "no_data", "not_determined"]
FigureStatus = Literal["final", "no_cases", "no_data"]


@dataclass(frozen=True)
class Ratio:
    """A figure as a fraction; both are None where there are no data."""

    numerator: Decimal | None
    denominator: Decimal | None

    @property
    def status(self) -> FigureStatus:
        """Whether there is a value: 0/0 is "no cases" (không phát sinh), not 0 and not 100."""
        if self.numerator is None or self.denominator is None:
            return "no_data"
        return "no_cases" if self.denominator == 0 else "final"


def way_status(ratio: Ratio, way: TargetPart) -> Status:
    """Return whether a fraction meets one way of a target."""
    if ratio.status != "final" or ratio.numerator is None or ratio.denominator is None:
        return "no_data" if ratio.status == "no_data" else "no_cases"
    stated, bound = ratio.numerator, way.threshold * ratio.denominator
    holds = {
        "=": stated == bound,
        ">": stated > bound,
        ">=": stated >= bound,
        "<": stated < bound,
        "<=": stated <= bound,
    }
    return "met" if holds[way.comparison] else "missed"


def target_status(target: Target, ratios: Mapping[str, Ratio]) -> Status:
    """Return whether one of the target's ways is met.

    Missed needs every way to miss; where one way has a value that misses and another has none, nobody can tell.
    """
    answers = [way_status(ratios[way.indicator], way) for way in target.ways if way.indicator in ratios]
    if not answers:
        return "not_determined"
    if "met" in answers:
        return "met"
    return answers[0] if len(set(answers)) == 1 else "not_determined"

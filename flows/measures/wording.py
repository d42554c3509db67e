"""How are counts, shares and thresholds worded for people?"""

from decimal import Decimal

from schemas.plan_models import TargetPart

_WORDS = {"=": "bằng", ">": "trên", ">=": "từ", "<": "dưới", "<=": "không quá"}


def percent(share: Decimal) -> str:
    """Return a share as people read it: rounded once, half up, to two decimals, with a decimal comma."""
    shown = (share * 100).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP").normalize()
    return f"{shown:f}".replace(".", ",") + " %"


def threshold_text(way: TargetPart) -> str:
    """Return a way of meeting a target in words."""
    if way.threshold is None:
        return "tăng so với kỳ trước"
    tail = " trở lên" if way.comparison == ">=" else ""
    return f"{_WORDS[way.comparison]} {percent(way.threshold)}{tail}"


def share(numerator: Decimal | None, denominator: Decimal | None) -> str:
    """Return a fraction as a percentage for people: rounded once, half up; no value where there is none."""
    if numerator is None or denominator is None:
        return "–"
    if denominator == 0:
        return "0/0"
    percent = (numerator * 100 / denominator).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    return f"{percent} %".replace(".", ",")


def value_text(numerator: Decimal | None, denominator: Decimal | None, unit_of_measure: str) -> str:
    """Return a figure in its unit of measure: a percentage, or a number with two decimals."""
    if unit_of_measure == "%" or numerator is None or denominator is None or denominator == 0:
        return share(numerator, denominator)
    number = (numerator / denominator).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    return f"{number} {unit_of_measure}".replace(".", ",")


def count(value: Decimal | None) -> str:
    """Return a count without a fraction where it has none."""
    if value is None:
        return ""
    return f"{value.normalize():f}"

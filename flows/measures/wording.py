"""How are counts, shares, thresholds, days and moments worded for people?"""

from datetime import date, datetime, tzinfo
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


def day_text(day: date | None) -> str:
    """Return a day as people write it; nothing where there is none."""
    return f"{day:%d/%m/%Y}" if day is not None else ""


def moment_text(at: str | None, zone: tzinfo) -> str:
    """Return a moment of the record, which is ISO text, as the clocks of this zone showed it; nothing for none."""
    return f"{datetime.fromisoformat(at).astimezone(zone):%d/%m/%Y %H:%M}" if at else ""


def local_day(at: str, zone: tzinfo) -> date:
    """Return the day of a moment of the record in this zone."""
    return datetime.fromisoformat(at).astimezone(zone).date()

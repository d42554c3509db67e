"""How are shares and thresholds worded for people?"""

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

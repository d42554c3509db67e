"""What is it that somebody typed: which period, which unit? What is not there is refused with the nearest that is."""

from flows.entry.door import MisuseError
from schemas.nearest import names_meant, unit_names
from schemas.plan import Plan
from schemas.plan_models import Period


def period_named(plan: Plan, typed: str) -> Period:
    """Return a plan's period of this name, whatever its case; MisuseError names the nearest."""
    found = {period.id.upper(): period for period in plan.periods}
    if typed.upper() not in found:
        raise MisuseError(
            f"kế hoạch không có kỳ {typed} / the plan has no such period: {names_meant(typed.upper(), found)}"
        )
    return found[typed.upper()]


def unit_named(plan: Plan, typed: str) -> str:
    """Return the code of the unit or office that goes by this name; MisuseError names the nearest."""
    code = plan.unit_code(typed)
    if code is None:
        names = unit_names(plan.units)
        raise MisuseError(
            f"{typed} không có trong kế hoạch / is not a unit of the plan: {names_meant(typed, names, names)}"
        )
    return code

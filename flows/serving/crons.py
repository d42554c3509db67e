"""At which times does a plan want something done?"""

from datetime import timedelta

from schemas.plan import Plan

SWEEP_CRON = "*/30 7-18 * * 1-6"
_CUT_OFF_HOUR = 6


def cut_off_crons(plan: Plan) -> tuple[str, ...]:
    """Return when periods are consolidated: in the morning of the day after each cut-off, one cron for each such day.

    The plan of the department gives one for its 15/3 (Q1), 15/6 (Q2, H1), 15/9 (Q3, 9M) and 15/12 (Q4, year).
    """
    days = {(day.day, day.month) for period in plan.periods for day in (period.last_day + timedelta(days=1),)}
    months: dict[int, list[int]] = {}
    for day, month in sorted(days):
        months.setdefault(day, []).append(month)
    return tuple(f"0 {_CUT_OFF_HOUR} {day} {','.join(map(str, found))} *" for day, found in months.items())

"""Which deployments has a workspace, and at which times does its plan want them run?"""

from datetime import time

from flows.measures.due import due_days
from schemas.plan import Plan

SWEEP, CONSOLIDATION = "inbox-sweep", "after-cut-off"
SCHEDULED = frozenset({SWEEP, CONSOLIDATION})


def consolidation_crons(plan: Plan, at: time) -> tuple[str, ...]:
    """Return when periods are consolidated: on each due day of the plan, one cron for those of one day of the month.

    The plan of the department gives one for its 15/3 (Q1), 15/6 (Q2, H1), 15/9 (Q3, 9M) and 15/12 (Q4, year), one for
    the logs and task reports two days later, and one for the annual reports on 25/11.
    """
    months: dict[int, list[int]] = {}
    for day, month in sorted({(due.day.day, due.day.month) for due in due_days(plan)}):
        months.setdefault(day, []).append(month)
    return tuple(f"{at.minute} {at.hour} {day} {','.join(map(str, found))} *" for day, found in months.items())

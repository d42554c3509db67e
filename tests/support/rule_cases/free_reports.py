"""Cases of the rules over reports that a unit made itself."""

from pathlib import Path

from tests.support.filled_report import SOUND as FIGURES
from tests.support.office import ReadLog
from tests.support.own_report import HEADING, TITLES, item_rows, own_report
from tests.support.own_tasks import SOUND_TASK, task_table
from tests.support.rule_cases.base import Case, Evaluate, Seen


def own(content: bytes) -> Evaluate:
    """Evaluate the rules of one report of a unit's own form."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        one = ReadLog(folder, content, "bao-cao.xlsx")
        return Seen(frozenset(one.rules), frozenset(one.outcomes(rule_id)))

    return evaluate


SOUND = own(own_report())
EXTRA = ("", "Tổng số cuộc họp trong kỳ", "cuộc", 12)
# One task that the figures agree with, and the same without the column of its day.
WITH_A_TASK = item_rows(FIGURES | {"A1.1": 1, "A1.2": 1, "A1.3": 1, "A1.4": 0})
NO_DAY = [(*row[:4], *row[5:]) if len(row) > 4 else row for row in task_table(SOUND_TASK)]
ONE_TABLE = own(own_report(WITH_A_TASK, below=task_table(SOUND_TASK)))

CASES: dict[str, Case] = {
    "R060": Case(own(own_report(titles=TITLES[:2])), SOUND),
    "R061": Case(own(own_report(heading=("STT", "Việc", "Đơn vị tính", "Số"))), SOUND),
    "R062": Case(own(own_report(below=[(), HEADING, *item_rows()])), SOUND),
    "R063": Case(own(own_report(below=[EXTRA])), SOUND),
    "R064": Case(own(own_report(WITH_A_TASK, below=[*task_table(SOUND_TASK), *task_table(SOUND_TASK)])), ONE_TABLE),
    "R065": Case(own(own_report(WITH_A_TASK, below=NO_DAY)), ONE_TABLE),
}

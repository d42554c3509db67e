"""Cases of the rules over reports that a unit made itself."""

from pathlib import Path

from tests.office import ReadLog
from tests.own_report import HEADING, TITLES, item_rows, own_report
from tests.rule_cases.base import Case, Evaluate, Seen


def own(content: bytes) -> Evaluate:
    """Evaluate the rules of one report of a unit's own form."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        one = ReadLog(folder, content, "bao-cao.xlsx")
        return Seen(frozenset(one.rules), frozenset(one.outcomes(rule_id)))

    return evaluate


SOUND = own(own_report())
EXTRA = ("", "Tổng số cuộc họp trong kỳ", "cuộc", 12)

CASES: dict[str, Case] = {
    "R060": Case(own(own_report(titles=TITLES[:2])), SOUND),
    "R061": Case(own(own_report(heading=("STT", "Việc", "Đơn vị tính", "Số"))), SOUND),
    "R062": Case(own(own_report(below=[(), HEADING, *item_rows()])), SOUND),
    "R063": Case(own(own_report(below=[EXTRA])), SOUND),
}

"""Does a report fit the name under which it came, and the day on which it did?"""

from datetime import date

from schemas.plan import Plan
from sources.files.file_name import contradictions, spoken
from sources.reports.evaluation import Evaluation

FILE_NAME, NOT_BEGUN = "R070", "R071"
_NOT_SAID = "ngày nhận không rõ / the day of receipt is not known"


def check_arrival(reading: Evaluation, plan: Plan, file_name: str, received_on: date | None) -> None:
    """Check a report of known unit and period against its file's name (R070) and its day of receipt (R071)."""
    period = plan.period(reading.identity.period or "")
    reading.verdict(FILE_NAME).checked = 1
    for contradiction in contradictions(spoken(file_name, plan), [period], reading.identity.unit_code):
        reading.find(FILE_NAME, contradiction)
    if received_on is None:
        reading.leave_out(_NOT_SAID, NOT_BEGUN)
        return
    reading.verdict(NOT_BEGUN).checked = 1
    if received_on < period.first_day:
        reading.find(NOT_BEGUN, f"từ {period.first_day:%d/%m/%Y} / from that day on")

"""Which day did somebody type? As the record writes it, or as people do; and may it still be to come?"""

import re
from datetime import date, datetime

from flows.entry.door import MisuseError

_BY_PEOPLE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_BY_RECORD = re.compile(r"\d{4}-\d{2}-\d{2}")
_AT = re.compile(r"(\S+)[T ](\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)")
_DAY_FORMS = "viết ngày/tháng/năm / write it as dd/mm/yyyy, hoặc / or YYYY-MM-DD"


def day_typed(text: str) -> date:
    """Return a day typed as 31/12/2022 or 2022-12-31; ValueError, in one line, for what is neither, or is no day."""
    written = text.strip()
    try:
        if people := _BY_PEOPLE.fullmatch(written):
            day, month, year = map(int, people.groups())
            return date(year, month, day)
        if _BY_RECORD.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError as error:
        raise ValueError(f"{text}: lịch không có ngày này / is no day of the calendar: {_DAY_FORMS}") from error
    raise ValueError(f"{text}: không phải ngày / is no day: {_DAY_FORMS}")


def moment_typed(text: str) -> datetime:
    """Return a moment typed as a day, or a day and the time; ValueError, in one line, for what is neither."""
    found = _AT.fullmatch(text.strip())
    if found is None:
        return datetime.combine(day_typed(text), datetime.min.time())
    day = day_typed(found[1])
    try:
        hour, _, rest = found[2].partition(":")
        return datetime.fromisoformat(f"{day.isoformat()}T{hour:0>2}:{rest}")
    except ValueError as error:
        raise ValueError(f"{text}: không phải giờ / is no time of the day: 08:00, 08:00:00") from error


def require_not_over(option: str, day: date, today: date) -> None:
    """Return where a day is today or still to come; MisuseError where it is over, which cannot be meant there."""
    if day < today:
        raise MisuseError(
            f"{option} {day:%d/%m/%Y}: ngày đã qua / the day is over: hôm nay / today is {today:%d/%m/%Y}"
        )


def require_past(option: str, day: date, today: date) -> None:
    """Return where a day is over, or today; MisuseError where it is still to come, which cannot be meant there."""
    if day > today:
        raise MisuseError(
            f"{option} {day:%d/%m/%Y}: ngày chưa đến / the day is still to come: hôm nay / today is {today:%d/%m/%Y}"
        )

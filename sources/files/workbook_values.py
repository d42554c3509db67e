"""How is a value that a workbook holds written as text?

A number is the shortest text that is exactly it, a day is `2022-01-05`, a moment `2022-01-05 08:30:00`: the same in
every format, whatever the cell's number format shows.
"""

from datetime import date, datetime, time, timedelta


def value_text(value: object) -> str:
    """Return a value as text, "" for an empty cell."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | timedelta):
        return str(value)
    return ""

"""Which moment is an Excel serial that stands in a cell as text?

A serial counts days from the end of 1899 or from the start of 1904; the two readings lie four years and a day apart.
The day that the dossier code states decides between them, and where it does not, nobody knows.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

# Day 0 of each date system; that of 1900 stands two days early, for the day zero and for 29/02/1900, which never was.
_SYSTEMS: Final = {"1900": datetime(1899, 12, 30), "1904": datetime(1904, 1, 1)}
_SERIAL: Final = re.compile(r"[1-9][0-9]{4}(?:[.,][0-9]+)?")
_DAY_SECONDS: Final = 86_400
_NEAR: Final = timedelta(days=366)


@dataclass(frozen=True)
class SerialMoment:
    """A moment, and the date system in which it was counted."""

    moment: datetime
    system: str


def serial_moment(text: str, code_day: date | None) -> SerialMoment | None:
    """Return the reading of a serial that lies within a year of the code's day; None where there is none."""
    if code_day is None or not _SERIAL.fullmatch(text):
        return None
    seconds = round(float(text.replace(",", ".")) * _DAY_SECONDS)
    for system, zero in _SYSTEMS.items():
        moment = zero + timedelta(seconds=seconds)
        if abs(moment.date() - code_day) <= _NEAR:
            return SerialMoment(moment, system)
    return None

"""Which number comes next: of a submission, a correction, a waiver, a proposal?

One beyond the highest that was ever given, whoever gave it: counted instead, the next would clash with one out of turn,
and one of the two would be lost.
"""

from collections.abc import Iterable


def next_number(prefix: str, given: Iterable[str], further: int = 0) -> str:
    """Return the next number behind this prefix (S-0018 after S-0017), or the one so many further on."""
    serials = (number.removeprefix(f"{prefix}-") for number in given if number.startswith(f"{prefix}-"))
    highest = max((int(serial) for serial in serials if serial.isascii() and serial.isdecimal()), default=0)
    return f"{prefix}-{highest + 1 + further:04d}"

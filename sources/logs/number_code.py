"""Which procedure code did a spreadsheet turn into a number?

Excel reads 1.004650 as a number and drops the zeros at its end: 1.00465. It is completed where the catalogue holds the
code with zeros and no other code that begins so.
"""

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[0-9](?:[.,][0-9]{1,5})?")
_DECIMALS = 6


def _padded(text: str) -> str:
    whole, _, decimals = text.replace(",", ".").partition(".")
    return f"{whole}.{decimals:0<{_DECIMALS}}"


def as_number(text: str, pattern: str) -> bool:
    """Tell whether the text is a code of this pattern, one digit and six decimals, without the zeros at its end."""
    return _NUMBER.fullmatch(text) is not None and re.fullmatch(pattern, _padded(text)) is not None


def completed_code(text: str, catalogue: Iterable[str]) -> str | None:
    """Return the catalogue's code that the number was, or None where there is none or where there are several."""
    begun = text.replace(",", ".")
    fitting = [code for code in catalogue if code.startswith(begun)]
    return fitting[0] if fitting == [_padded(text)] else None

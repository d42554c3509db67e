"""What does one cell of a unit's report say?

A cell is a number, a day, a text, blank, or something that does not cast; a blank is never a zero. Vietnamese writing
is read as it is meant: `1.234` is a thousand, `98,75` has decimals, `-` is blank, `Không phát sinh` is zero cases.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from openpyxl.cell.cell import ERROR_CODES

from schemas.plan_models import ReportItem
from schemas.text import clean, comparison_key, masked
from sources.files.number_text import read_number

CellValue = str | int | float | bool | datetime | date | None

NEVER_CALCULATED: Final = "="
_YES_NO = {comparison_key("Có"): Decimal(1), comparison_key("Không"): Decimal(0)}
_DAY = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")
_STORED_EXPONENT = -3
_STORED_STEP = Decimal(1).scaleb(_STORED_EXPONENT)
# Nine digits and more are a phone or an identity number sooner than a figure, and stay in the vault. Amounts are
# written in thousands or millions.
_STORED_LIMIT = Decimal(10) ** 8
# Excel keeps 15 significant digits: a sum that should be whole may be off by less than this.
_FLOAT_NOISE = Decimal("1e-9")

_EXPECTED = {
    "count": "số nguyên từ 0 trở lên, nhiều nhất 8 chữ số / a whole number, 0 or more, of at most 8 digits",
    "amount": "số từ 0 trở lên, nhiều nhất 8 chữ số / a number, 0 or more, of at most 8 digits",
    "score": "số từ 0 trở lên / a number, 0 or more",
    "percent": "số phần trăm, ví dụ 98,75 / a percentage in points, as 98,75",
    "yes_no": "Có hoặc Không / Có (yes) or Không (no)",
}
EXPECTED_DAY = "ngày/tháng/năm / a date as dd/mm/yyyy"


@dataclass(frozen=True)
class Cell:
    """A cell as the workbook holds it: where, its calculated value, its formula, and whether it shows as a percentage.

    `value` is `NEVER_CALCULATED` with `is_formula` set where a formula was saved without its result.
    """

    row: int
    coordinate: str
    value: CellValue
    is_formula: bool = False
    is_percent: bool = False
    formula: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether the cell holds a formula error or a formula that was never calculated."""
        return self.value in ERROR_CODES or (self.is_formula and self.value == NEVER_CALCULATED)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is reported here; a dash is how Vietnamese tables write that."""
        return self.value is None or (isinstance(self.value, str) and read_number(self.value).kind in ("blank", "dash"))

    @property
    def text(self) -> str:
        """The value as text, NFC, days as dd/mm/yyyy."""
        if isinstance(self.value, date):
            return f"{self.value:%d/%m/%Y}"
        return "" if self.value is None else clean(str(self.value))

    @property
    def shown(self) -> str:
        """What may be shown outside the vault: error codes as they are, everything else masked."""
        if self.is_broken:
            return "công thức chưa tính / formula never calculated" if self.text == NEVER_CALCULATED else self.text
        return masked(self.text)


@dataclass(frozen=True)
class Cast:
    """The reading of one value cell: a value, blank, or what was `expected` of a cell that does not cast."""

    value: Decimal | None = None
    is_blank: bool = False
    expected: str | None = None


def cast_item(item: ReportItem, cell: Cell) -> Cast:
    """Read an item's value cell; yes and no are 1 and 0, a percentage counts in points.

    Values are stored to a thousandth, with the decimals that were written.
    """
    expected = _EXPECTED[item.type]
    if cell.is_broken:
        return Cast(expected=expected)
    if cell.is_blank:
        return Cast(is_blank=True)
    if item.type == "yes_no":
        answer = _YES_NO.get(comparison_key(cell.text)) if isinstance(cell.value, str) else None
        return Cast(expected=expected) if answer is None else Cast(value=answer)
    number = _number(cell, accepts_percent=item.type in ("score", "percent"))
    if number is None or number < 0 or number >= _STORED_LIMIT:
        return Cast(expected=expected)
    if item.type == "count":
        nearest = number.to_integral_value() + 0  # -0 becomes 0
        return Cast(value=nearest) if abs(number - nearest) < _FLOAT_NOISE else Cast(expected=expected)
    return Cast(value=_stored(number, is_typed=isinstance(cell.value, str)))


def cast_day(cell: Cell) -> date | None:
    """Return the day that a cell holds, or None where it holds none."""
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    if not isinstance(cell.value, str):
        return None
    match = _DAY.fullmatch(cell.text)
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None
    except ValueError:
        return None


def _stored(number: Decimal, *, is_typed: bool) -> Decimal:
    """Round to what is stored; a number cell has no zeros at its end that somebody wrote."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < _STORED_EXPONENT:
        number = number.quantize(_STORED_STEP, ROUND_HALF_UP)
    if is_typed:
        return number
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _number(cell: Cell, *, accepts_percent: bool) -> Decimal | None:
    value = cell.value
    if isinstance(value, bool | date):
        return None
    if isinstance(value, int | float):
        if not math.isfinite(value) or (cell.is_percent and not accepts_percent):
            return None
        # The shortest text of a float is the number that Excel shows; a percentage counts in points, as written.
        return Decimal(str(value)) * (100 if cell.is_percent else 1)
    return _number_from_text(cell.text, accepts_percent=accepts_percent)


def _number_from_text(text: str, *, accepts_percent: bool) -> Decimal | None:
    written = read_number(text)
    if written.kind == "no_cases":
        return Decimal(0)
    return written.value if accepts_percent or written.kind == "number" else None

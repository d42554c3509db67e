"""How is a measured figure set into cells?

Numerator and denominator stand beside every percentage. A figure without cases says "Không phát sinh" and never 0 %.
"""

from decimal import Decimal

from releases.workbook.listing import Cell, Column
from releases.workbook.report import Quantity
from releases.workbook.sheets import COUNT_FORMAT, FRACTION_FORMAT, SHARE_FORMAT, Value, is_whole
from releases.workbook.words import FIGURE_STATUS_VI, NO_CASES, NOTHING

PERCENT = "%"
NUMERATOR = Column("Tử số", "Numerator", 12, "right", COUNT_FORMAT)
DENOMINATOR = Column("Mẫu số", "Denominator", 12, "right", COUNT_FORMAT)
VALUE = Column("Giá trị", "Value", 17, "right", SHARE_FORMAT)
UNIT = Column("Đơn vị tính", "Unit of measure", 12, "center")
QUANTITY_COLUMNS = (NUMERATOR, DENOMINATOR, VALUE, UNIT)


def amount(value: Decimal | None) -> Cell:
    """Return a numerator or denominator: whole ones as counts, others with their fraction."""
    if value is None:
        return Cell(NOTHING)
    return Cell(value, COUNT_FORMAT if is_whole(value) else FRACTION_FORMAT)


def measure(value: Decimal | None, unit: str, otherwise: Value = NOTHING) -> Cell:
    """Return a value in its unit of measure, or what is said where there is none."""
    if value is None:
        return Cell(otherwise)
    return Cell(value, SHARE_FORMAT if unit == PERCENT else FRACTION_FORMAT)


def quantity_value(quantity: Quantity) -> Cell:
    """Return the value of a figure, or why it has none."""
    if quantity.has_no_cases:
        return Cell(NO_CASES)
    return measure(quantity.value, quantity.unit, FIGURE_STATUS_VI[quantity.status])


def quantity_cells(quantity: Quantity) -> tuple[Cell, ...]:
    """Return the cells under QUANTITY_COLUMNS."""
    return (
        amount(quantity.numerator),
        amount(quantity.denominator),
        quantity_value(quantity),
        Cell(quantity.unit),
    )

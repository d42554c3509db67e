"""Cells of a unit's report: what is a number, a blank, a zero or a mistake."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from schemas.plan_models import ReportItem
from sources.reports.cells import NEVER_CALCULATED, Cast, Cell, CellValue, cast_day, cast_item


def item(item_type: str) -> ReportItem:
    return ReportItem.model_validate(
        {"report_type": "cchc", "code": "A1.1", "area": "I", "name_vi": "Chỉ tiêu thử", "unit_of_measure": "điểm", "type": item_type,
         "accumulates": True, "required_in": "all", "relation": "", "indicator": "", "basis": "example"}
    )  # fmt: skip


def cast(item_type: str, value: CellValue, *, is_percent: bool = False, is_formula: bool = False) -> Cast:
    return cast_item(item(item_type), Cell(7, "E7", value, is_formula=is_formula, is_percent=is_percent))


@pytest.mark.parametrize(
    ("item_type", "value", "number"),
    [
        ("count", 12, "12"),
        ("count", 12.0, "12"),
        ("count", 2.9999999999999996, "3"),
        ("count", "1.234", "1234"),
        ("count", "1.234.567", "1234567"),
        ("count", " 0 ", "0"),
        ("count", "không phát sinh", "0"),
        ("count", "Không  phát sinh", "0"),
        ("amount", "1.234,56", "1234.56"),
        ("amount", 0.1 + 0.2, "0.3"),
        ("score", "98,75%", "98.75"),
        ("score", "98,75", "98.75"),
        ("percent", "98,75%", "98.75"),
        ("percent", 98.75, "98.75"),
        ("percent", "100", "100"),
        ("yes_no", "Có", "1"),
        ("yes_no", "KHÔNG", "0"),
    ],
)
def test_vietnamese_numbers_are_read_as_they_are_meant(item_type: str, value: CellValue, number: str) -> None:
    assert cast(item_type, value) == Cast(value=Decimal(number))


@pytest.mark.parametrize("item_type", ["score", "percent"])
def test_a_percentage_counts_in_points_however_it_was_typed(item_type: str) -> None:
    assert cast(item_type, 0.9875, is_percent=True).value == cast(item_type, "98,75%").value == Decimal("98.75")


@pytest.mark.parametrize(
    ("value", "is_percent", "written"),
    [
        ("98,75", False, "98.75"), ("98,750", False, "98.750"), ("98", False, "98"), ("98,0%", False, "98.0"),
        (98.75, False, "98.75"), (98.0, False, "98"), (0.9875, True, "98.75"), (1.0, True, "100"),
        (96.92307692307692, False, "96.923"), (0.1 + 0.2, False, "0.3"), ("98,7654321", False, "98.765"),
    ],
)  # fmt: skip
def test_a_figure_keeps_the_decimals_that_were_written(value: CellValue, is_percent: bool, written: str) -> None:
    assert str(cast("percent", value, is_percent=is_percent).value) == written


@pytest.mark.parametrize("value", [None, "", "  ", "-", "–", "\u200b"])
@pytest.mark.parametrize("item_type", ["count", "amount", "score", "percent", "yes_no"])
def test_a_blank_or_a_dash_is_blank_and_not_zero(item_type: str, value: CellValue) -> None:
    assert cast(item_type, value) == Cast(is_blank=True)


@pytest.mark.parametrize(
    ("item_type", "value"),
    [
        ("count", "12 phiếu"), ("count", "khoảng 120"), ("count", -3), ("count", "-3"), ("count", 2.5),
        ("count", "2,5"), ("count", "1.5"), ("amount", "0.500"), ("count", "98,75%"), ("count", True),
        ("count", datetime(2022, 2, 1)), ("count", "#REF!"), ("amount", float("nan")), ("amount", float("inf")),
        ("amount", 10**15), ("count", 905017017), ("count", "905.017.017"), ("count", "0905017017"), ("count", 56099017017),
        ("score", 905017017), ("percent", 905017017), ("amount", "905.017.017"), ("amount", 10**8), ("amount", "1,2,3"), ("score", "-1"), ("percent", "khoảng 98"), ("percent", -1), ("yes_no", "Rồi"), ("yes_no", 1), ("yes_no", True),
        ("count", "１２ phiếu"),
    ],
)  # fmt: skip
def test_what_is_no_legal_figure_does_not_cast(item_type: str, value: CellValue) -> None:
    reading = cast(item_type, value)
    assert (reading.value, reading.is_blank) == (None, False)
    assert reading.expected


def test_a_percentage_is_no_count() -> None:
    assert cast("count", 1.0, is_percent=True).expected


def test_a_formula_that_was_never_calculated_is_neither_blank_nor_zero() -> None:
    reading = cast("count", NEVER_CALCULATED, is_formula=True)
    assert (reading.value, reading.is_blank) == (None, False)


@pytest.mark.parametrize("value", ["05/01/2022", datetime(2022, 1, 5, 10, 30), date(2022, 1, 5)])
def test_a_day_is_read_from_text_and_from_a_date_cell(value: CellValue) -> None:
    assert cast_day(Cell(5, "D5", value)) == date(2022, 1, 5)


@pytest.mark.parametrize("value", ["31/02/2022", "Quý I", 44566, None, True])
def test_what_is_no_day_is_none(value: CellValue) -> None:
    assert cast_day(Cell(5, "D5", value)) is None


def test_text_is_shown_by_its_shape_and_an_error_by_its_name() -> None:
    assert Cell(7, "E7", "Người Thử Nghiệm 017").shown == "xxxxx xxx xxxxxx 999"
    assert Cell(7, "E7", "#DIV/0!").shown == "#DIV/0!"

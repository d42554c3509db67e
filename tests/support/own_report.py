"""A report as a unit makes it itself, without the template: a title, who and when, and a table of its own."""

from collections.abc import Mapping, Sequence

from tests.support.filled_report import ITEMS, SOUND
from tests.support.office import xlsx_of

Row = Sequence[object]
HEADING: Row = ("STT", "Nội dung", "Đơn vị tính", "Số liệu")
TITLES: tuple[Row, ...] = (
    ("SỞ VĂN HÓA VÀ THỂ THAO",),
    ("BÁO CÁO CÔNG TÁC CẢI CÁCH HÀNH CHÍNH QUÝ I/2022",),
    ("Đơn vị báo cáo: Thư viện tỉnh",),
    (),
)


def item_rows(figures: Mapping[str, object] = SOUND, names: Mapping[str, str] | None = None) -> list[Row]:
    """Return a row for every item of the first quarter, by its name; some go by another."""
    called = {item.code: item.name_vi for item in ITEMS} | dict(names or {})
    return [
        (number, called[item.code], item.unit_of_measure, figures.get(item.code))
        for number, item in enumerate(ITEMS, start=1)
    ]


def own_report(
    rows: Sequence[Row] | None = None, titles: Sequence[Row] = TITLES, heading: Row = HEADING, below: Sequence[Row] = ()
) -> bytes:
    """Return the workbook: titles, the heading, the rows, and what stands below them."""
    return xlsx_of([*titles, heading, *(item_rows() if rows is None else rows), *below])

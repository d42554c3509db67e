"""Cases of the rules over the lines of a log, and over cells that a spreadsheet turned into numbers."""

from tests.support.legacy_bytes import windows_1258
from tests.support.office import HEADINGS, log
from tests.support.rule_cases.base import Case, read, row_case

SOUND = """
H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
"""
PENDING_TEXT, FINISHED_TEXT = "Đang xử lý".encode(), "Đã có kết quả".encode()
NOTED = (*HEADINGS, "Ghi chú")
NOTED_ROWS = "\n".join(f"{line} | ghi chú thử nghiệm" for line in SOUND.strip().splitlines())


def changed(old: str, new: str, content: bytes = log(SOUND)) -> bytes:
    """Return a log in which one thing is written in another way."""
    text = content.decode()
    assert text.count(old) == 1, old
    return text.replace(old, new).encode()


def noted(note: str) -> bytes:
    """Return a log of which the first row has this note, as it stands in the file."""
    return log(NOTED_ROWS, headings=NOTED).replace("ghi chú thử nghiệm".encode(), note.encode(), 1)


def two_tables(headings: tuple[str, ...], row: str) -> bytes:
    return log(SOUND) + b"\n" + log(row, [], headings)


SWAPPED_HEADINGS = (*HEADINGS[:5], "Ngày hẹn trả", "Ngày tiếp nhận", HEADINGS[7])

CASES: dict[str, Case] = {
    "D060": Case(read(noted('"Số 1, đường Thử Nghiệm')), read(noted('"Số 1, đường Thử Nghiệm"'))),
    "D061": Case(read(noted('Công ty "Thử Nghiệm"')), read(noted('"Công ty ""Thử Nghiệm"""'))),
    "D062": Case(read(noted("ghi\0chú")), read(noted("ghi chú"))),
    "D063": Case(
        read(log(NOTED_ROWS, headings=(*HEADINGS, "Ngày tiếp nhận"))),
        read(log(NOTED_ROWS, headings=(*HEADINGS, "Ghi chú"))),
    ),
    "D064": Case(
        read(log(NOTED_ROWS, headings=(*HEADINGS, ""))),
        # A blank column without a heading, as many exports have one, is no fault.
        read(log("\n".join(f"{line} |" for line in SOUND.strip().splitlines()), headings=(*HEADINGS, ""))),
    ),
    "D065": Case(
        read(changed("26/01/2022,\n", "26/01/2022,\r\n")), read(log(SOUND).replace(b"\n", b"\r\n"))
    ),
    "D066": Case(read(windows_1258(log(SOUND).decode())), read(log(SOUND).decode().encode("utf-16"))),
    "D067": Case(
        read(two_tables(SWAPPED_HEADINGS, "H32.15-220107-0003 | 1.003676 | QLVHGD | BCCI | Đang xử lý | 28/03/2022 | 07/01/2022 |")),
        # The header once more, as at the top of a printed page, is no second table.
        read(two_tables(HEADINGS, "H32.15-220107-0003 | 1.003676 | QLVHGD | BCCI | Đang xử lý | 07/01/2022 | 28/03/2022 |")),
    ),
    "D068": Case(
        read(log("H32.15-220203-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 02/03/2022 | 28/03/2022 |")),
        read(log("H32.15-220203-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 03/02/2022 | 28/03/2022 |")),
        # The code does not fit the receipt, whatever the reason.
        also=frozenset({"D013"}),
    ),
    "D069": row_case(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 44566 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D070": row_case(
        "H32.15-220105-0001 | 1.00465 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.004650 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    # The single cell below is no row of the log either way.
    "D071": Case(
        read(changed("26/01/2022,\n", "26/01/2022,\n20/01/2022\n")),
        read(changed("26/01/2022,\n", "26/01/2022,20/01/2022\n", log(SOUND).replace(PENDING_TEXT, FINISHED_TEXT, 1))),
        also=frozenset({"D019"}),
    ),
}  # fmt: skip

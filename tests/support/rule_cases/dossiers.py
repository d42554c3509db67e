"""Cases of the rules over dossiers."""

import shutil
from datetime import date
from pathlib import Path

from tests.support.office import HEADINGS, PLAN_FOLDER, csv_of, drawn, log, titles
from tests.support.rule_cases.base import (
    CARRIED,
    IN_PERSON,
    ON_TIME,
    OTHER,
    OVERDUE,
    PENDING,
    Case,
    Put,
    later_log,
    one_log,
    quarter,
    read,
    row_case,
)

SUPPLEMENT = ("Ngày yêu cầu bổ sung", "Ngày bổ sung")
LETTER = ("Ngày gửi thư xin lỗi", "Ngày hẹn lại")
PICKED_UP = ("Ngày trả",)
FINISHED = ON_TIME.replace("| 26/01/2022 | 26/01/2022", "| 26/01/2022 | 20/01/2022")


def wide_log(table: str, headings: tuple[str, ...]) -> bytes:
    """Return a log with more columns than usual; the drawn table has their cells at the end of each row."""
    return log(table, headings=(*HEADINGS, *headings))


def wide_case(headings: tuple[str, ...], broken: str, sound: str) -> Case:
    return Case(read(wide_log(broken, headings)), read(wide_log(sound, headings)))


def wide_quarter(headings: tuple[str, ...], broken: str, sound: str) -> Case:
    puts = [(wide_log(table, headings), "so.csv", date(2022, 3, 14)) for table in (broken, sound)]
    return Case(quarter(puts[0]), quarter(puts[1]))


def exports(*tables: str, headings: tuple[str, ...] = ()) -> tuple[Put, ...]:
    """Return exports of the same window, each an hour after the one before."""
    return tuple(
        (
            log(table, titles(exported=f"15/03/2022 {8 + hour:02d}:00:00"), (*HEADINGS, *headings)),
            f"so-{hour}.csv",
            date(2022, 3, 14),
        )
        for hour, table in enumerate(tables)
    )


def not_decreed(plan: Path) -> None:
    replace_in(plan / "plan.toml", "decreed_through = 2026-12-31", "decreed_through = 2021-12-31")
    lines = (plan / "calendar.csv").read_text("utf-8").splitlines()
    known = [line if line < "2022" else line.replace(",decreed,", ",expected,") for line in lines]
    (plan / "calendar.csv").write_text("\n".join(known) + "\n", "utf-8")


def example_limits(plan: Path) -> None:
    shutil.copyfile(PLAN_FOLDER / "procedures.csv", plan / "procedures.csv")


def counted_from_the_decision(plan: Path, decided_on: str = "") -> None:
    """Expect the units' own plans, within thirty days of the department's decision."""
    _, *report_types = (PLAN_FOLDER / "periods.toml").read_text("utf-8").split("[[report_type]]")
    (block,) = [text for text in report_types if 'id = "unit_plan"' in text]
    with (plan / "periods.toml").open("a", encoding="utf-8") as file:
        file.write("[[report_type]]" + block.split("[[")[0])
    if decided_on:
        replace_in(plan / "plan.toml", "[decision]\n", f"[decision]\non = {decided_on}\n")


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


CASES: dict[str, Case] = {
    "D001": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 | 31/02/2022
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 | 28/02/2022
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D002": row_case(
        """
                           | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D003": row_case(
        "220105-1 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
        "000.00.15.H32-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D004": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Treo | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | đang xử LÝ | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D005": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Qua Zalo | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD |          | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | nộp trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D006": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý |            | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D007": row_case(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | |",
        # An immediate-result procedure needs no appointment.
        "H32.15-220105-0001 | 9.000001 | VP | Trực tiếp | Đang xử lý | 05/01/2022 | |",
    ),
    "D008": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 04/01/2022 23:59
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 05/01/2022 00:00
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D009": row_case(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 05/01/2022 08:30 | 26/01/2022 | 05/01/2022 08:29",
        "H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 05/01/2022 08:30 | 26/01/2022 | 05/01/2022 08:30",
    ),
    "D010": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã trả kết quả | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã trả kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D011": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 15/03/2022 08:01
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 15/03/2022 08:00
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D012": row_case(
        "H32.15-220105-0001 | 1.999999 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D013": row_case(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 06/01/2022 00:00 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 23:59 | 26/01/2022 |",
    ),
    "D014": row_case(
        "H32.15-220105-0001 | 1.003654 | Phòng Tổng hợp | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | quản lý văn hóa gia đình | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D015": row_case(
        "H32.15-220105-0001 | 9.000001 | VP | Trực tuyến | Đang xử lý | 05/01/2022 | 05/01/2022 |",
        "H32.15-220105-0001 | 9.000001 | VP | Trực tiếp | Đang xử lý | 05/01/2022 | 05/01/2022 |",
    ),
    "D021": row_case(
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tiếp | Yêu cầu bổ sung | 05/01/2022 | 26/01/2022 |",
        "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tiếp | Đang xử lý | 05/01/2022 | 26/01/2022 |",
    ),
    "D016": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220105-0002 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        """,
    ),
    "D017": Case(quarter(one_log(PENDING), later_log(IN_PERSON)), quarter(one_log(PENDING), later_log(ON_TIME))),
    "D018": Case(
        quarter(one_log(PENDING), later_log(OTHER)), quarter(one_log(PENDING), later_log(f"{PENDING}\n{OTHER}"))
    ),
    "D019": row_case(
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
        """
        H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
        H32.15-220106-0002 | 1.003676 | QLVHGD | Trực tiếp | Đang xử lý | 06/01/2022 | 28/03/2022 |
        """,
    ),
    "D020": Case(read(csv_of([HEADINGS[:-1], *drawn(PENDING)])), read(csv_of([HEADINGS, *drawn(PENDING)]))),
    "D022": wide_case(
        SUPPLEMENT, f"{PENDING} | 10/01/2022 00:00 | 09/01/2022 23:59", f"{PENDING} | 10/01/2022 16:00 | 10/01/2022"
    ),
    "D023": wide_case(PICKED_UP, f"{FINISHED} | 19/01/2022 23:59", f"{FINISHED} | 20/01/2022"),
    "D024": row_case(
        f"""
        {PENDING.replace("| 26/01/2022", "| 04/01/2022 23:59")}
        {OTHER}
        """,
        f"""
        {PENDING.replace("| 26/01/2022", "| 05/01/2022 00:00")}
        {OTHER}
        """,
    ),
    "D025": wide_case(LETTER, f"{PENDING} | 24/01/2022 |", f"{PENDING} | 24/01/2022 | 10/02/2022"),
    "D026": wide_case(
        ("Ngày hẹn trả ban đầu", *LETTER),
        f"{PENDING} | 26/01/2022 | 24/01/2022 | 26/01/2022",
        f"{PENDING} | 26/01/2022 | 24/01/2022 | 27/01/2022",
    ),
    "D027": wide_case(
        LETTER, f"{PENDING} | 26/01/2022 00:00 | 10/02/2022", f"{PENDING} | 25/01/2022 23:59 | 10/02/2022"
    ),
    "D028": row_case(PENDING.replace("H32.15", "000.00.16.H32"), PENDING.replace("H32.15", "000.00.15.H32")),
    "D029": wide_case(
        PICKED_UP,
        f"{FINISHED.replace('Đã có kết quả', 'Xin rút')} | 21/01/2022",
        f"{FINISHED.replace('Đã có kết quả', 'Xin rút')} |",
    ),
    "D030": wide_case(
        PICKED_UP,
        f"{FINISHED.replace('Đã có kết quả', 'Đã trả kết quả')} |",
        f"{FINISHED.replace('Đã có kết quả', 'Đã trả kết quả')} | 21/01/2022",
    ),
    "D031": wide_case(SUPPLEMENT, f"{PENDING} | | 10/01/2022", f"{PENDING} | 10/01/2022 | 10/01/2022"),
    "D032": wide_case(
        SUPPLEMENT,
        f"{FINISHED} | 07/01/2022 |",
        # Who takes a dossier back need not complete it.
        f"{FINISHED.replace('Đã có kết quả', 'Xin rút')} | 07/01/2022 |",
    ),
    "D033": row_case(PENDING.replace("QLVHGD", "Văn phòng"), PENDING),
    "D034": wide_case(("Luân chuyển hồ sơ",), f"{PENDING} | Zalo", f"{PENDING} | điện tử"),
    "D035": wide_case(("Kết quả số hóa",), f"{FINISHED} | một phần", f"{FINISHED} | CÓ"),
    "D036": wide_case(
        ("Chủ hồ sơ",),
        f"""
        {PENDING} | Người Thử Nghiệm 017
        {PENDING.replace("-0001", "-0002")} | NGƯỜI  thử nghiệm 017
        """,
        f"""
        {PENDING} | Người Thử Nghiệm 017
        {PENDING.replace("-0001", "-0002")} | Người Thử Nghiệm 018
        {PENDING.replace("-0001", "-0003").replace("1.003654", "1.003676")} | Người Thử Nghiệm 017
        {PENDING.replace("-0001", "-0004")} |
        {PENDING.replace("-0001", "-0005")} |
        """,
    ),
    "D037": wide_quarter(LETTER, f"{OVERDUE} | |", f"{OVERDUE} | 25/01/2022 | 27/01/2022"),
    "D038": Case(
        quarter(*exports(PENDING, PENDING.replace("26/01", "10/02"), PENDING.replace("26/01", "24/02"))),
        quarter(*exports(PENDING, PENDING.replace("26/01", "10/02"), PENDING.replace("26/01", "10/02"))),
    ),
    "D039": Case(quarter(*exports(OVERDUE, ON_TIME)), quarter(*exports(ON_TIME, ON_TIME))),
    "D040": Case(quarter(*exports(ON_TIME, PENDING)), quarter(*exports(PENDING, ON_TIME))),
    "D041": Case(
        quarter(*exports(f"{PENDING} | |", f"{FINISHED.replace('26/01', '10/02')} | |", headings=LETTER)),
        quarter(
            *exports(
                f"{PENDING} | |", f"{FINISHED.replace('26/01', '10/02')} | 25/01/2022 | 10/02/2022", headings=LETTER
            )
        ),
    ),
    "C001": Case(quarter(one_log(PENDING.replace("26/01", "27/01"))), quarter(one_log(PENDING))),
    # Fifteen working days end on Monday, after Tết: the Sunday before is no other limit, but no day to be due on.
    "C002": Case(
        quarter(one_log(PENDING.replace("220105", "220110").replace("05/01", "10/01").replace("26/01", "06/02"))),
        quarter(one_log(PENDING.replace("220105", "220110").replace("05/01", "10/01").replace("26/01", "07/02"))),
    ),
    "C003": Case(
        quarter(one_log(IN_PERSON.replace("220105", "220102").replace("05/01", "02/01").replace("26/01", "24/01"))),
        quarter(one_log(PENDING.replace("220105", "220102").replace("05/01", "02/01").replace("26/01", "24/01"))),
    ),
    "C004": Case(
        quarter(one_log(FINISHED.replace("20/01/2022", "23/01/2022"))),
        quarter(one_log(FINISHED.replace("20/01/2022", "21/01/2022"))),
    ),
    "C005": Case(
        quarter(one_log(CARRIED.replace("211210", "191210").replace("2021", "2019"))), quarter(one_log(CARRIED))
    ),
    "C006": Case(quarter(one_log(FINISHED), alter=not_decreed), quarter(one_log(FINISHED))),
    # The third working day after Wednesday is Monday.
    "C007": wide_quarter(
        SUPPLEMENT,
        f"{PENDING.replace('Đang xử lý', 'Yêu cầu bổ sung')} | 11/01/2022 00:00 |",
        f"{PENDING.replace('Đang xử lý', 'Yêu cầu bổ sung')} | 10/01/2022 23:59 |",
    ),
    "L001": Case(quarter(one_log(PENDING), alter=example_limits), quarter(one_log(PENDING))),
    "L002": Case(
        quarter(alter=counted_from_the_decision),
        quarter(alter=lambda plan: counted_from_the_decision(plan, "2022-03-14")),
    ),
}

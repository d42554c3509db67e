"""The page that a director reads first: it says what the other sheets say, and prints on one page, large enough."""

import io
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from releases.workbook.report import PlanChangeRow, ReportContent, ReportState, TurnedRow
from releases.workbook.summary_sheet import PAGE_POINTS, SUMMARY_PAGE, WIDTHS, shortened
from releases.workbook.words import TASK_STATE_VI
from releases.workbook.workbook import SHEETS, report_workbook
from tests.support.sample_report import sample_report

LONG = "Nội dung rất dài của một dòng mà không trang giấy nào chứa hết " * 8


def page(report: ReportContent) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(report_workbook(report)))[SUMMARY_PAGE]


def rows(report: ReportContent) -> list[list[object]]:
    return [list(row) for row in page(report).iter_rows(min_row=3, values_only=True)]


def row_with(report: ReportContent, text: str) -> list[object]:
    [found] = [row for row in rows(report) if str(row[1]).startswith(text)]
    return found


def everything_is_long() -> ReportContent:
    """Every list longer than the page shows, every text longer than a line, every state of a report there."""
    report = sample_report()
    states: tuple[ReportState, ...] = ("late", "missing", "rejected", "provisional", "not_determined", "on_time")
    return replace(
        report,
        targets=tuple(
            replace(report.targets[0], target_id=f"I.{n}", text_vi=LONG, bound_text=LONG) for n in range(20)
        ),
        reporting=tuple(
            replace(report.reporting[0], unit_name=f"{LONG} {n}", state=state) for n in range(9) for state in states
        ),
        tasks=(
            *(replace(report.tasks[0], task_id=f"{n}", task_vi=LONG, lead=LONG, state="overdue") for n in range(30)),
            *(replace(one, task_vi=LONG) for one in report.tasks if one.state != "overdue"),
        ),
        nonconformities=tuple(
            replace(report.nonconformities[0], number=f"NC-2022-Q1-{n:03}", message_vi=LONG, unit_name=LONG,
                    grade="major", state="open")
            for n in range(30)
        ),
        figures=tuple(replace(one, name_vi=LONG) for one in report.figures),
        difference_lines=(LONG,) * 9,
        plan_changes=(PlanChangeRow("PL-0001", LONG, LONG, date(2022, 3, 20), LONG, (LONG,) * 9),) * 3,
        turned_by_plan=(TurnedRow("I.2a", LONG, "missed", "met"),) * 9,
    )  # fmt: skip


def test_it_is_the_first_page_and_says_of_which_period_and_version() -> None:
    report = sample_report()
    assert SHEETS[0] == SUMMARY_PAGE
    sheet = page(report)
    assert sheet["A1"].value == f"TÓM TẮT – {report.period_name_vi}"
    assert f"v{report.version} ({report.edition})" in str(sheet["A2"].value)
    assert "DRAFT" not in str(sheet["A2"].value)
    assert "BẢN THẢO / DRAFT" in str(page(replace(report, requested_by=""))["A2"].value)


def test_targets_that_are_missed_or_open_stand_there_once_the_missed_ones_first() -> None:
    report = sample_report()
    missed, unmet_way = report.targets[0], replace(report.targets[0], figure_name="another way")
    report = replace(report, targets=(report.targets[2], report.targets[1], missed, unmet_way))
    listed = [row for row in rows(report) if row[0] in ("I.2a", "I.2b", "I.6")]
    assert [(row[0], row[4]) for row in listed] == [("I.2a", "Không đạt"), ("I.6", "Chưa xác định")]
    assert float(str(listed[0][2])) == pytest.approx(61 / 279, abs=1e-6)
    assert row_with(report, "3 chỉ tiêu")[1] == "3 chỉ tiêu: Không đạt: 1; Không phát sinh: 1; Chưa xác định: 1"


def test_reports_are_counted_by_state_and_units_named() -> None:
    report = sample_report()
    one = report.reporting[0]
    states: tuple[ReportState, ...] = ("on_time", "on_time", "late", "missing", "rejected", "not_due")
    report = replace(
        report, reporting=tuple(replace(one, unit_name=f"U{n}", state=state) for n, state in enumerate(states))
    )
    assert row_with(report, "Đúng hạn")[2:4] == [2, 6]
    assert row_with(report, "Trễ hạn: U2")[2:4] == [1, 6]
    assert row_with(report, "Chưa gửi: U3")[2:4] == [1, 6]
    assert row_with(report, "Không được chấp nhận: U4")[2:4] == [1, 6]
    assert not [row for row in rows(report) if "U5" in str(row[1])], "what is not due yet is nobody's fault"


def test_dossiers_are_the_total_of_the_form() -> None:
    report = sample_report()
    total = report.office_form[-1]
    assert row_with(report, "Tiếp nhận")[2] == total.c3
    assert row_with(report, "Đã giải quyết")[2:5] == [total.c7, total.c10, "Có quá hạn"]
    assert row_with(report, "Đang giải quyết")[2:5] == [total.c11, total.c13, "Có quá hạn"]
    calm = replace(report, office_form=(replace(total, c10=0, c13=0),))
    assert row_with(calm, "Đã giải quyết")[4] == row_with(calm, "Đang giải quyết")[4] == "Không quá hạn"
    assert row_with(replace(report, office_form=()), "–")


def test_nonconformities_that_wait_are_counted_and_the_major_ones_named() -> None:
    report = sample_report()
    one, day = report.nonconformities[0], report.requested_at.date()
    before, after = date.fromordinal(day.toordinal() - 1), date.fromordinal(day.toordinal() + 1)
    report = replace(
        report,
        nonconformities=(
            replace(one, number="NC-2022-Q1-001", grade="major", state="open", due_on=before),
            replace(one, number="NC-2022-Q1-002", grade="major", state="closed_corrected", due_on=before),
            replace(one, number="NC-2022-Q1-003", grade="minor", state="in_progress", due_on=day),
            replace(one, number="NC-2022-Q1-004", grade="observation", state="cancelled", due_on=None),
            replace(one, number="NC-2022-Q1-005", grade="major", state="verifying", due_on=after),
        ),
    )
    assert row_with(report, "Chưa đóng")[1] == "Chưa đóng 3 (Nặng: 2; Nhẹ: 1); quá hạn xử lý 1"
    assert [row[0] for row in rows(report) if row[4] == "Nặng"] == ["001", "005"]


def test_a_change_of_the_plan_says_who_what_and_which_verdicts_it_turned() -> None:
    report = sample_report()
    assert not [row for row in rows(report) if "Kế hoạch thay đổi" in str(row[0])]
    changed = PlanChangeRow("PL-0001", "A", "B", date(2022, 3, 20), "vì", ("plan/targets.toml, I.2a: 0 → 90",))
    report = replace(report, plan_changes=(changed,), turned_by_plan=(TurnedRow("I.2a", "Lời", "missed", "met"),))
    who = row_with(report, "A đề nghị / proposed, B chấp nhận / accepted")
    assert (who[0], who[4]) == ("PL-0001", datetime(2022, 3, 20))
    assert row_with(report, "plan/targets.toml, I.2a: 0 → 90")
    [turned] = [row for row in rows(report) if row[1] == "Lời"]
    assert turned == ["I.2a", "Lời", "Không đạt", "→", "Đạt"]


def test_figures_stand_beside_those_of_the_period_before() -> None:
    report = sample_report()
    figure = next(one for one in report.figures if one.indicator_id == "overdue_share" and not one.unit_name)
    row = row_with(report, figure.name_vi)
    assert (row[2], row[3], row[4]) == (float(str(figure.quantity.value)), 0.7, "Tăng")


def test_what_is_left_out_is_counted_and_its_sheet_named() -> None:
    said = [str(row[1]) for row in rows(everything_is_long())]
    left = [text for text in said if text.startswith("còn ")]
    assert [text.partition(" dòng")[0] for text in left] == ["còn 17", "còn 29", "còn 28", "còn 8", "còn 28", "còn 8"]
    assert [text.rpartition("“")[2] for text in left] == [
        "Chỉ tiêu”",
        "Nhiệm vụ”",
        "Điểm không phù hợp”",
        *["Bìa”"] * 3,
    ]
    assert all(name in SHEETS for name in ("Chỉ tiêu", "Nhiệm vụ", "Điểm không phù hợp", "Bìa"))


@pytest.mark.parametrize("report", [sample_report(), everything_is_long()], ids=["a quarter", "the worst"])
def test_it_prints_on_one_page_with_no_letter_below_nine_points(report: ReportContent) -> None:
    sheet = page(report)
    assert sheet.page_setup.fitToHeight == sheet.page_setup.fitToWidth == 1
    heights = [sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)]
    assert None not in heights
    assert sum(heights) <= PAGE_POINTS
    assert sum(WIDTHS) <= 94
    sizes = {cell.font.size for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert min(sizes) >= 10, "the page is made smaller by a tenth at most"


def test_a_text_is_cut_at_what_its_lines_hold() -> None:
    assert shortened("a  b\nc", 20, 1) == "a b c"
    cut = shortened("từ " * 100, 20, 2)
    assert cut.endswith("…")
    assert 30 <= len(cut) <= 36
    assert shortened("từ " * 100 + "0 → 90", 20, 2, keeps_end=True).endswith("0 → 90")
    assert len(shortened("từ " * 100 + "0 → 90", 20, 2, keeps_end=True)) <= 36


def test_where_there_is_room_nothing_is_cut() -> None:
    report = sample_report()
    tall = replace(report, targets=tuple(replace(one, text_vi=one.text_vi * 2) for one in report.targets))
    said = [str(value) for row in rows(tall) for value in row if isinstance(value, str)]
    assert tall.targets[0].text_vi in said
    counted = row_with(tall, f"{len(report.tasks)} lần phải làm")[1]
    assert "…" not in str(counted), "a sentence of counts is whole"


def test_counts_are_never_cut_however_full_the_page_is() -> None:
    report = everything_is_long()
    assert "…" not in str(row_with(report, "20 chỉ tiêu")[1])
    assert "…" not in str(row_with(report, "Chưa đóng 30")[1])
    counted = str(row_with(report, f"{len(report.tasks)} lần phải làm")[1])
    assert all(word in counted for word in TASK_STATE_VI.values())

"""The invented quarter: the same for a seed, like a real one, with exactly what is said to be planted."""

import hashlib
import io
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from schemas.plan import load_plan
from schemas.rules import load_rules
from sources.demo_office import DemoQuarter, demo_files
from sources.report import ReportReading, read_report

PLAN = load_plan(Path(__file__).parents[1] / "plans" / "svhtt-khanh-hoa-2022")
PERIOD = PLAN.period("2022-Q1")
RULES = load_rules()
HEADINGS = (
    "STT", "Số hồ sơ", "Mã thủ tục", "Tên thủ tục hành chính", "Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD",
    "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả", "Ngày yêu cầu bổ sung", "Hình thức nộp", "Phòng ban", "Cán bộ xử lý",
    "Trạng thái hồ sơ",
)  # fmt: skip


@pytest.fixture(scope="module")
def quarter() -> DemoQuarter:
    return demo_files(PLAN, PERIOD, 1)


def log_rows(quarter: DemoQuarter) -> list[dict[str, str]]:
    sheet = load_workbook(io.BytesIO(quarter.files[0].content)).worksheets[0]
    lines = [[str(value or "") for value in row[1:]] for row in sheet.iter_rows(values_only=True)]
    first = next(n for n, line in enumerate(lines) if line[0] == "(1)") + 1
    last = next(n for n, line in enumerate(lines) if line[0] == "TỔNG CỘNG")
    return [dict(zip(HEADINGS, line, strict=True)) for line in lines[first:last]]


def moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y %H:%M:%S")
    except ValueError:
        return None


def readings(quarter: DemoQuarter) -> dict[str, ReportReading]:
    read = [read_report(f.content, hashlib.sha256(f.content).hexdigest(), PLAN, RULES) for f in quarter.files[1:]]
    return {str(reading.unit_code): reading for reading in read}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(quarter: DemoQuarter) -> None:
    assert demo_files(PLAN, PERIOD, 1) == quarter
    assert demo_files(PLAN, PERIOD, 2).files[0].content != quarter.files[0].content


def test_the_log_looks_like_an_export_of_a_one_stop_system(quarter: DemoQuarter) -> None:
    sheet = load_workbook(io.BytesIO(quarter.files[0].content)).worksheets[0]
    assert quarter.files[0].name == "so-theo-doi-ho-so-quy-1-2022.xlsx"
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == [
        "SỔ THEO DÕI HỒ SƠ",
        "Từ ngày 15/12/2021 đến ngày 14/03/2022",
        "Thời điểm kết xuất: 15/03/2022 08:30:00",
    ]
    header = [(sheet.cell(6, column).value, sheet.cell(7, column).value) for column in range(2, 19)]
    assert tuple(lower or upper for upper, lower in header) == HEADINGS
    assert {"C6:E6", "F6:I6", "J6:N6", "R6:R7"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    assert {sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)} == {None}
    assert len(log_rows(quarter)) == quarter.planted.log_row_count == 400


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_log_breaks_each_rule_as_often_as_planted(seed: int) -> None:
    quarter = demo_files(PLAN, PERIOD, seed)
    rows = log_rows(quarter)
    known = {procedure.code: procedure for procedure in PLAN.procedures}
    seen: Counter[str] = Counter()
    codes: set[str] = set()
    for row in rows:
        received, finished = moment(row["Ngày tiếp nhận"]), moment(row["Ngày kết thúc xử lý"])
        status, procedure = row["Trạng thái hồ sơ"], known.get(row["Mã thủ tục"])
        seen["D001"] += bool(row["Ngày kết thúc xử lý"]) and finished is None
        seen["D004"] += status == "Treo"
        seen["D006"] += received is None
        seen["D008"] += bool(received and finished and finished.date() < received.date())
        seen["D009"] += bool(received and finished and finished.date() == received.date() and finished < received)
        seen["D010"] += status in ("Đã có kết quả", "Đã trả kết quả") and not row["Ngày kết thúc xử lý"]
        seen["D012"] += procedure is None
        seen["D013"] += received is not None and f"-{received:%y%m%d}-" not in row["Số hồ sơ"]
        seen["D015"] += procedure is not None and procedure.level_2022 == 2 and row["Hình thức nộp"] == "Trực tuyến"
        seen["D016"] += row["Số hồ sơ"] in codes
        codes.add(row["Số hồ sơ"])
        if not row["Ngày hẹn trả"]:
            assert procedure is not None
            assert procedure.immediate
    assert dict(seen) == dict(quarter.planted.log_findings)
    assert min(seen.values()) >= 1


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_dossiers_are_those_of_a_plausible_quarter(seed: int) -> None:
    rows = log_rows(demo_files(PLAN, PERIOD, seed))
    exported, first, last = datetime(2022, 3, 15, 8, 30), date(2021, 12, 15), date(2022, 3, 14)
    ends = [(moment(row["Ngày kết thúc xử lý"]), moment(row["Ngày hẹn trả"])) for row in rows]
    finished = [(end, due) for end, due in ends if end is not None]
    receipts = [at.date() for row in rows if (at := moment(row["Ngày tiếp nhận"])) is not None]
    assert sum(day < first for day in receipts) == 30
    assert max(receipts) <= last
    assert all(day.weekday() < 5 for day in receipts)
    assert all(first <= end.date() and end < exported for end, _ in finished)
    assert 0.80 <= len(finished) / len(rows) <= 0.95
    overdue = sum(due is not None and end.date() > due.date() for end, due in finished)
    on_time = sum(due is not None and end.date() == due.date() for end, due in finished)
    assert 1 <= overdue <= 8 < on_time
    assert 0.38 <= sum(row["Hình thức nộp"] == "Trực tuyến" for row in rows) / len(rows) <= 0.55
    assert {unit for row in rows if (unit := PLAN.unit_code(row["Phòng ban"]))} == {"VP", "QLVHGD", "QLTDTT"}
    assert all(PLAN.unit_code(row["Phòng ban"]) for row in rows)


def test_people_are_obviously_invented(quarter: DemoQuarter) -> None:
    for row in log_rows(quarter):
        assert row["Chủ hồ sơ"].startswith("Người Thử Nghiệm ")
        assert row["Cán bộ xử lý"].startswith("Cán bộ Thử Nghiệm ")
        assert row["Số điện thoại"].startswith("0000000")
        assert row["Số CCCD"].startswith("000000000")


def test_the_reports_have_what_was_planted_and_nothing_else(quarter: DemoQuarter) -> None:
    planted, read = quarter.planted, readings(quarter)
    senders = {unit.code for unit in PLAN.units if unit.sends_reports}
    assert set(read) == senders - {planted.missing_unit}
    assert Counter(f.rule_id for r in read.values() for f in r.findings) == Counter(planted.report_findings)
    rejected = {unit for unit, reading in read.items() if reading.is_rejected}
    assert rejected == {planted.text_unit, planted.wrong_sum_unit}
    assert [f.cell is not None for f in read[planted.text_unit].findings] == [True, True]
    last_day = PLAN.report_type("cchc").last_day_on["2022-Q1"]
    late = {f.name.split("-")[0] for f in quarter.files[1:] if f.officially_received_on > last_day}
    assert late == {planted.late_unit}
    assert all(f.evidence.startswith("E-Office số ") for f in quarter.files)


def test_the_account_of_every_report_closes(quarter: DemoQuarter) -> None:
    for reading in readings(quarter).values():
        assert reading.read_count == reading.accepted_count + reading.rejected_count + reading.ignored_count
        assert reading.account.num_rows == reading.rejected_count + reading.ignored_count
        assert reading.tasks.num_rows == 3


@pytest.mark.parametrize("seed", range(1, 6))
def test_satisfaction_is_a_little_above_its_target(seed: int) -> None:
    sheets = satisfied = 0
    for reading in readings(demo_files(PLAN, PERIOD, seed)).values():
        if not reading.is_rejected:
            figures = {row["item_code"]: row["value"] for row in reading.values.to_pylist()}
            sheets, satisfied = sheets + figures["A9.1"], satisfied + figures["A9.2"]
    assert 0.83 < satisfied / sheets < 0.87


def test_a_period_without_unit_reports_is_refused() -> None:
    with pytest.raises(ValueError, match="2022-Q2"):
        demo_files(PLAN, PLAN.period("2022-Q2"), 1)

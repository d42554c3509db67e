"""The invented office: the same for a seed, like a real one, with exactly what is said to be planted."""

import hashlib
import io
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from demo.dossiers import exported_after
from demo.log import active_in
from demo.office import DemoFile, DemoOffice, demo_office
from schemas.plan import load_plan
from schemas.plan_models import Period
from schemas.rules import load_rules
from sources.reports.report import ReportReading, read_report

PLAN = load_plan(Path(__file__).parents[2] / "plans" / "svhtt-khanh-hoa-2022")
QUARTERS = [PLAN.period(f"2022-Q{n}") for n in range(1, 5)]
REPORTED = ("2022-Q1", "2022-H1", "2022-Q3", "2022-Y")
RULES = load_rules()
HEADINGS = (
    "STT", "Số hồ sơ", "Mã thủ tục", "Tên thủ tục hành chính", "Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD",
    "Ngày tiếp nhận", "Ngày hẹn trả ban đầu", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả", "Ngày yêu cầu bổ sung",
    "Ngày bổ sung", "Ngày gửi thư xin lỗi", "Ngày hẹn lại", "Hình thức nộp", "Luân chuyển hồ sơ", "Kết quả số hóa",
    "Phòng ban", "Cán bộ xử lý", "Trạng thái hồ sơ",
)  # fmt: skip


@pytest.fixture(scope="module")
def office() -> DemoOffice:
    return demo_office(PLAN, 1)


def log_rows(file: DemoFile) -> list[dict[str, str]]:
    sheet = load_workbook(io.BytesIO(file.content)).worksheets[0]
    lines = [[str(value or "") for value in row[1:]] for row in sheet.iter_rows(values_only=True)]
    first = next(n for n, line in enumerate(lines) if line[0] == "(1)") + 1
    last = next(n for n, line in enumerate(lines) if line[0] == "TỔNG CỘNG")
    return [dict(zip(HEADINGS, line, strict=True)) for line in lines[first:last]]


def moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y %H:%M:%S")
    except ValueError:
        return None


def reading_of(file: DemoFile) -> ReportReading:
    return read_report(file.content, hashlib.sha256(file.content).hexdigest(), PLAN, RULES)


def readings(office: DemoOffice, period: Period) -> dict[str, list[ReportReading]]:
    found: dict[str, list[ReportReading]] = {}
    for file in office.unit_reports(period):
        reading = reading_of(file)
        found.setdefault(str(reading.unit_code), []).append(reading)
    return found


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(office: DemoOffice) -> None:
    first = QUARTERS[0]
    assert demo_office(PLAN, 1).batches() == office.batches()
    assert demo_office(PLAN, 2).log_file(first).content != office.log_file(first).content


def test_the_first_quarter_is_the_beginning_of_the_year(office: DemoOffice) -> None:
    assert office.first_batch() == office.batches()[0]
    assert office.batches()[0].period_ids == ("2022-Q1",)
    assert [set(batch.period_ids) for batch in office.batches()[1:]] == [
        {"2022-Q2", "2022-H1"}, {"2022-Q3", "2022-9M"}, {"2022-Q4", "2022-H2", "2022-Y"}, {"2022-Y"},
    ]  # fmt: skip


def test_the_log_looks_like_an_export_of_a_one_stop_system(office: DemoOffice) -> None:
    file = office.log_file(QUARTERS[0])
    sheet = load_workbook(io.BytesIO(file.content)).worksheets[0]
    assert file.name == "so-theo-doi-ho-so-quy-1-2022.xlsx"
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == [
        "SỔ THEO DÕI HỒ SƠ",
        "Từ ngày 15/12/2021 đến ngày 14/03/2022",
        "Thời điểm kết xuất: 15/03/2022 08:30:00",
    ]
    header = [(sheet.cell(6, column).value, sheet.cell(7, column).value) for column in range(2, 25)]
    assert tuple(lower or upper for upper, lower in header) == HEADINGS
    assert {"C6:E6", "F6:I6", "J6:N6", "V6:V7"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    assert {sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)} == {None}
    assert len(log_rows(file)) == office.planted(QUARTERS[0]).row_count


@pytest.mark.parametrize("quarter", QUARTERS, ids=lambda quarter: quarter.id)
@pytest.mark.parametrize("seed", [1, 2, 2022])
def test_each_log_breaks_each_rule_as_often_as_planted(seed: int, quarter: Period) -> None:
    office = demo_office(PLAN, seed)
    known = {procedure.code: procedure for procedure in PLAN.procedures}
    seen: Counter[str] = Counter()
    codes: set[str] = set()
    for row in log_rows(office.log_file(quarter)):
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
        seen["D015"] += procedure is not None and procedure.level_number == 2 and row["Hình thức nộp"] == "Trực tuyến"
        seen["D016"] += row["Số hồ sơ"] in codes
        codes.add(row["Số hồ sơ"])
        if not row["Ngày hẹn trả"]:
            assert procedure is not None
            assert procedure.immediate
    assert dict(seen) == dict(office.planted(quarter).findings)
    assert min(seen.values()) >= 1


@pytest.mark.parametrize("seed", range(1, 6))
def test_due_dates_follow_the_calendar_and_nothing_happens_on_a_day_off(seed: int) -> None:
    calendar = PLAN.calendar
    for dossier in demo_office(PLAN, seed).world.dossiers:
        limit = dossier.procedure.limit
        days = ceil(limit / 8) if dossier.procedure.limit_unit == "hour" else ceil(limit)
        for start, due in (
            (dossier.received_at, dossier.due_at),
            (dossier.supplement_completed_at, dossier.due_after_supplement_at),
        ):
            assert (due is None) == (start is None or dossier.procedure.immediate)
            assert due is None or due.date() == calendar.add_working_days(start.date(), days)
        happened = (
            dossier.received_at, dossier.finished_at, dossier.picked_up_at, dossier.supplement_asked_at,
            dossier.supplement_completed_at, dossier.apology_at, dossier.reappointed_at, dossier.first_said_finished_at,
        )  # fmt: skip
        assert all(calendar.is_working(at.date()) for at in happened if at is not None)
        assert f"-{dossier.received_at:%y%m%d}-" in dossier.code
        assert PLAN.unit_code(dossier.office_name) == dossier.procedure.office


def test_every_fate_comes_in_every_quarter(office: DemoOffice) -> None:
    for quarter in QUARTERS:
        inside = [d for d in office.world.dossiers if quarter.first_day <= d.received_at.date() <= quarter.last_day]
        fates = {"early", "on_time", "overdue", "overdue_with_letter", "extended", "supplement", "withdrawn", "stopped"}
        assert {d.fate for d in inside} == fates
        assert 355 <= len(inside) <= 385
        overdue = [d for d in inside if d.due_at and d.finished_at and d.finished_at.date() > d.due_at.date()]
        assert {d.fate for d in overdue} <= {"overdue", "overdue_with_letter", "supplement"}
        assert all(
            d.apology_at.date() < d.due_at.date() < d.reappointed_at.date()
            for d in inside
            if d.apology_at and d.due_at and d.reappointed_at
        )


def test_shares_of_online_electronic_and_digitised_grow_over_the_year(office: DemoOffice) -> None:
    shares = []
    for quarter in QUARTERS:
        inside = [d for d in office.world.dossiers if quarter.first_day <= d.received_at.date() <= quarter.last_day]
        circulated = [d for d in inside if d.circulation != "Không luân chuyển"]
        shares.append((
            sum(d.channel == "Trực tuyến" for d in inside) / len(inside),
            sum(d.circulation == "Điện tử" for d in circulated) / len(circulated),
            sum(d.is_digitised for d in inside) / len(inside),
        ))  # fmt: skip
    for first, last in zip(shares[0], shares[-1], strict=True):
        assert last > first + 0.05
    assert shares[-1][1] >= 0.5


@pytest.mark.parametrize("seed", range(1, 6))
def test_each_export_carries_over_what_was_pending_but_for_what_was_planted(seed: int) -> None:
    """Pending at one export = carried over in the next, give or take late entries, corrected ends and lost dossiers."""
    office, differences = demo_office(PLAN, seed), []
    for n, (quarter, following) in enumerate(pairwise(QUARTERS)):
        at = exported_after(quarter)
        shown = active_in(quarter, office.world.dossiers, QUARTERS[n - 1] if n else None)
        next_shown = active_in(following, office.world.dossiers, quarter)
        pending = {
            d.code
            for d in shown
            if not (d.finished_at and d.finished_at.date() <= quarter.last_day)
            and not (d.finish_changed_at and at <= d.finish_changed_at)
        }
        carried = {
            d.code
            for d in next_shown
            if d.received_at.date() < following.first_day
            and not (d.finished_at and d.finished_at.date() < following.first_day)
        }
        late = {d.code for d in next_shown if d.entered_at >= at and d.received_at.date() <= quarter.last_day}
        changed = {d.code for d in shown if d.finish_changed_at and at <= d.finish_changed_at}
        lost = {d.code for d in shown if d.last_shown_at == at}
        assert carried - pending == (late & carried) | (changed & carried)
        assert pending - carried == lost
        differences.append((len(late), len(late & carried), len(changed), len(lost)))
    assert differences == [(3, 2, 1, 0), (0, 0, 0, 1), (3, 2, 1, 0)]


def test_the_opening_balance_is_what_was_open_when_the_year_began(office: DemoOffice) -> None:
    first = QUARTERS[0]
    carried = [d for d in active_in(first, office.world.dossiers, None) if d.received_at.date() < first.first_day]
    assert sum(balance.pending_count for balance in office.opening_balance) == len(carried) == 30
    assert all(d.finished_at is None or d.finished_at.date() >= first.first_day for d in carried)
    assert {balance.basis for balance in office.opening_balance} == {"example"}


def test_earlier_figures_are_marked_as_invented(office: DemoOffice) -> None:
    wanted = {p for period in PLAN.periods for p in (period.before, period.year_ago) if p.startswith("2021-")}
    assert {figure.period for figure in office.earlier_figures} == wanted
    assert {figure.evidence for figure in office.earlier_figures} == {"số liệu giả định cho bản chạy thử"}
    assert all(0 < figure.numerator < figure.denominator for figure in office.earlier_figures)


def test_people_are_obviously_invented(office: DemoOffice) -> None:
    for row in log_rows(office.log_file(QUARTERS[0])):
        assert row["Chủ hồ sơ"].startswith("Người Thử Nghiệm ")
        assert row["Cán bộ xử lý"].startswith("Cán bộ Thử Nghiệm ")
        assert row["Số điện thoại"].startswith("0000 0")
        assert row["Số CCCD"].startswith("0000 0000 ")


@pytest.mark.parametrize("period_id", REPORTED)
def test_the_reports_have_what_was_planted_and_nothing_else(office: DemoOffice, period_id: str) -> None:
    period = PLAN.period(period_id)
    troubles, read = office.troubles(period), readings(office, period)
    assert set(read) == {unit.code for unit in PLAN.units if unit.sends_reports} - {troubles.missing}
    found = Counter(f.rule_id for rounds in read.values() for r in rounds for f in r.findings if f.severity == "fatal")
    assert found == Counter(troubles.report_findings)
    rejected = {unit for unit, rounds in read.items() if any(reading.is_rejected for reading in rounds)}
    assert rejected == {troubles.resubmitting, troubles.repeating}
    assert sorted(r.is_rejected for r in read[troubles.resubmitting]) == [False, True]
    last_day = PLAN.report_type("cchc").last_day_on[period_id]
    late = {f.name.split("-")[0] for f in office.unit_reports(period) if f.officially_received_on > last_day}
    assert late == {troubles.late}
    assert all(f.evidence.startswith("E-Office số ") for f in office.unit_reports(period))


def test_the_same_unit_is_wrong_every_time_and_the_others_in_turn(office: DemoOffice) -> None:
    troubles = [office.troubles(PLAN.period(period_id)) for period_id in REPORTED]
    assert len({one.repeating for one in troubles}) == 1
    assert len({one.missing for one in troubles}) == len({one.resubmitting for one in troubles}) == len(REPORTED)


def test_a_correction_follows_two_days_after_the_rejected_round(office: DemoOffice) -> None:
    for period_id in REPORTED:
        period = PLAN.period(period_id)
        unit = office.troubles(period).resubmitting
        days = [f.officially_received_on for f in office.unit_reports(period) if f.name.startswith(f"{unit}-")]
        assert days[1] - days[0] == timedelta(days=2)


def test_figures_that_accumulate_grow_with_the_cumulative_periods(office: DemoOffice) -> None:
    accumulating = {i.code for i in PLAN.report_items if i.report_type == "cchc" and i.accumulates}
    by_period = {p: office.unit_years["BT"].figures(office._parts(PLAN.period(p))) for p in REPORTED}
    for code in accumulating & set(by_period["2022-Q1"]):
        q1, h1, q3, year = (int(by_period[p][code]) for p in REPORTED)
        assert q1 <= h1
        assert h1 + q3 <= year


def test_annual_reports_come_before_the_end_of_the_year_and_some_again_after_it(office: DemoOffice) -> None:
    year = PLAN.period("2022-Y")
    final = office.final_reports(year)
    assert len(final) >= 2
    assert all(f.officially_received_on < year.last_day for f in office.unit_reports(year))
    assert all(f.officially_received_on > date(2022, 12, 14) and not reading_of(f).is_rejected for f in final)


def test_the_other_reports_are_accepted(office: DemoOffice) -> None:
    first, year = QUARTERS[0], PLAN.period("2022-Y")
    files = [*office.unit_plans(first), *office.self_scores(year)]
    files += [office.progress_report(PLAN.period(period_id)) for period_id in REPORTED]
    found = [(f.name, reading_of(f)) for f in files]
    assert [(name, reading.findings) for name, reading in found if reading.is_rejected] == []
    assert Counter(r.report_type for _, r in found) == {"unit_plan": 7, "self_score": 7, "plan_tasks": 4}


def test_the_progress_of_the_tasks_is_that_of_a_real_year(office: DemoOffice) -> None:
    done = []
    for period_id in REPORTED:
        tasks = reading_of(office.progress_report(PLAN.period(period_id))).tasks.to_pylist()
        assert {task["task_code"] for task in tasks} == {task.id for task in PLAN.tasks}
        done.append(sum(task["done_on"] is not None for task in tasks))
    assert done == sorted(done)
    dated = [task for task in tasks if task["due_on"] is not None]
    assert any(t["done_on"] and t["done_on"] > t["due_on"] for t in dated)
    assert any(t["done_on"] is None for t in dated)
    assert any(t["done_on"] and not t["evidence"] for t in tasks)


def test_the_account_of_every_report_closes(office: DemoOffice) -> None:
    for rounds in readings(office, QUARTERS[0]).values():
        for reading in rounds:
            assert reading.read_count == reading.accepted_count + reading.rejected_count + reading.ignored_count
            assert reading.account.num_rows == reading.rejected_count + reading.ignored_count


@pytest.mark.parametrize("seed", range(1, 6))
def test_satisfaction_is_a_little_above_its_target(seed: int) -> None:
    sheets = satisfied = 0
    for rounds in readings(demo_office(PLAN, seed), QUARTERS[0]).values():
        for reading in rounds:
            if not reading.is_rejected:
                figures = {row["item_code"]: row["value"] for row in reading.values.to_pylist()}
                sheets, satisfied = sheets + figures["A9.1"], satisfied + figures["A9.2"]
    assert 0.83 < satisfied / sheets < 0.87

"""Next year's plan is drawn up from this one by its own rules, and no workspace begins while a person must confirm it."""

import csv
import io
import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import motcua.cli  # noqa: F401 -- importing registers the commands
from flows.desk.plan_view import checked_plan
from flows.entry.plan_gate import PlanNotAcceptedError
from flows.plans.carried import next_year_of
from flows.plans.next_calendar import next_calendar
from flows.plans.next_year import next_id, next_last_day, next_text, next_year
from motcua.app import app
from schemas.plan import TO_CONFIRM, Plan, load_plan
from schemas.toml_text import as_toml
from tests.support.office import PLAN, PLANS, Office, log, small_plan, titles
from warehouse.kept import write_texts

PENDING = "H32.15-221201-{n:04d} | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 01/12/2022 | 30/12/2022 |"
DONE = "H32.15-221101-{n:04d} | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 01/11/2022 | 30/11/2022 | 10/11/2022"


def confirmed(folder: Path) -> Path:
    """Confirm every item of a draft, as a person does in the file."""
    path = folder / TO_CONFIRM
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "confirmed_by": "Người Thử Nghiệm 017", "source": "QĐ số 017 thử nghiệm"})
    path.write_text(out.getvalue(), "utf-8")
    return folder


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The bundled plan's next year, drawn up by the command and checked."""
    out = tmp_path_factory.mktemp("drawn") / "ke-hoach-2023"
    done = CliRunner().invoke(app, ["plan", "next-year", str(PLAN.folder), "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    plan = checked_plan(out)
    for item in plan.open_items:
        assert f"{item.item}  {item.file}" in done.output
    return plan


def test_the_bundled_plan_gives_2023_with_a_check_that_passes_and_a_list_to_confirm(drawn: Plan) -> None:
    assert (drawn.document.id, drawn.document.year) == ("svhtt-khanh-hoa-2023", 2023)
    assert drawn.document.title_vi == "Kế hoạch cải cách hành chính năm 2023"
    done = CliRunner().invoke(app, ["plan", "check", str(drawn.folder)], catch_exceptions=False)
    assert done.exit_code == 0
    assert f"Cần xác nhận / to confirm: {len(drawn.to_confirm)}" in done.output
    named = {(item.file, item.key) for item in drawn.open_items}
    assert ("plan.toml", "decision") in named
    assert {("targets.toml", f"target {target.id}") for target in PLAN.targets} <= named
    assert {("tasks.csv", task.id) for task in PLAN.tasks} <= named
    assert {("calendar.csv", f"{name} 2023") for name in ("Tết Nguyên đán", "Giỗ Tổ Hùng Vương", "Quốc khánh")} <= named
    assert {("opening_balance.csv", ""), ("earlier_figures.csv", "")} <= named


def test_windows_and_due_dates_move_by_a_year_and_stay_strictly_before(drawn: Plan) -> None:
    quarter = drawn.period("2023-Q1")
    assert (quarter.first_day, quarter.last_day) == (date(2022, 12, 15), date(2023, 3, 14))
    assert (quarter.before, quarter.year_ago, quarter.name_vi) == ("2022-Q4", "2022-Q1", "Quý I năm 2023")
    assert [period.id for period in drawn.periods] == [next_id(period.id) for period in PLAN.periods]
    due = drawn.report_type("cchc").last_day_on
    assert due == {
        "2023-Q1": date(2023, 3, 14), "2023-H1": date(2023, 6, 14), "2023-Q3": date(2023, 9, 14), "2023-Y": date(2023, 11, 24),
    }  # fmt: skip
    assert drawn.report_type("unit_plan").days_after_decision == {"2023-Q1": 30}
    assert drawn.outgoing_reports[0].last_day_on["2023-Q1"] == date(2023, 3, 16)
    dates = {task.id: task.last_days_on for task in drawn.tasks}
    assert dates["I.3"] == (date(2023, 2, 28),)
    assert dates["V.3"] == (date(2023, 1, 31), date(2023, 5, 31))
    assert dates["VII.8"][-1] == date(2023, 12, 14)
    assert next(task.first_day for task in drawn.tasks if task.id == "VII.4") == date(2023, 7, 1)


def test_targets_are_carried_with_their_source_to_confirm_and_the_decision_is_blank(drawn: Plan) -> None:
    for old, new in zip(PLAN.targets, drawn.targets, strict=True):
        assert new.basis == f"cần xác nhận / to confirm: {old.basis}"
        assert (new.id, new.comparison, new.threshold, new.ways) == (old.id, old.comparison, old.threshold, old.ways)
    assert (drawn.document.decision.number, drawn.document.decision.on, drawn.document.decision.dateline_vi) == (
        "",
        None,
        "",
    )
    assert {task.basis for task in drawn.tasks} == {"carried"}
    assert not any(task.original_vi for task in drawn.tasks)


def test_no_column_of_a_plans_table_names_a_year(drawn: Plan) -> None:
    for plan in (PLAN, drawn):
        for name, text in plan.texts.items():
            if name.endswith(".csv"):
                assert not re.search(r"20\d\d", text.splitlines()[0]), name


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("Trong năm 2022", "Trong năm 2023"),
        ("Quý I, II/2022", "Quý I, II/2023"),
        ("Tháng 1 và tháng 5/2022", "Tháng 1 và tháng 5/2023"),
        ("Từ tháng 7 đến tháng 9/2022", "Từ tháng 7 đến tháng 9/2023"),
        ("Công khai dự toán năm 2022, công khai quyết toán ngân sách năm 2021",
         "Công khai dự toán năm 2023, công khai quyết toán ngân sách năm 2022"),
        ("Administrative-reform plan 2022", "Administrative-reform plan 2023"),
        # Documents, their days, and spans of years stay what they are.
        ("giai đoạn 2022-2030", "giai đoạn 2022-2030"),
        ("lộ trình 2021 - 2025", "lộ trình 2021 - 2025"),
        ("Nghị định số 60/2021/NĐ-CP ngày 18/6/2021", "Nghị định số 60/2021/NĐ-CP ngày 18/6/2021"),
        ("Quyết định 4782/QĐ-UBND ngày 23/12/2021", "Quyết định 4782/QĐ-UBND ngày 23/12/2021"),
        ("từ năm 2019", "từ năm 2019"),
    ],
)  # fmt: skip
def test_a_text_moves_where_it_says_the_plans_year_as_a_year(text: str, then: str) -> None:
    assert next_text(text, 2022) == then


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2022, 2, 28), date(2023, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2022, 12, 31), date(2023, 12, 31)),
        (date(2022, 3, 14), date(2023, 3, 14)),
    ],
)
def test_a_last_day_stays_the_day_before(day: date, then: date) -> None:
    assert next_last_day(day) == then


def test_beyond_the_calendar_fixed_days_are_filled_and_the_others_asked() -> None:
    span = {"first_day": date(2022, 1, 1), "last_day": date(2022, 12, 31), "decreed_through": date(2022, 12, 31)}
    text = "day,kind,name_vi,status,basis\n2022-09-02,off,Quốc khánh,decreed,luật\n"
    done = next_calendar(span, text, "Asia/Ho_Chi_Minh", 2023)
    rows = list(csv.DictReader(io.StringIO(done.text, newline="")))
    assert [(row["day"], row["name_vi"], row["status"]) for row in rows if row["day"].startswith("2023")] == [
        # The 1st of January 2023 is a Sunday, the 30th of April too: the day after, and after the 1st of May.
        ("2023-01-02", "Nghỉ bù Tết Dương lịch", "expected"),
        ("2023-05-01", "Ngày Quốc tế Lao động", "expected"),
        ("2023-05-02", "Nghỉ bù Ngày Chiến thắng", "expected"),
        ("2023-09-04", "Nghỉ bù Quốc khánh", "expected"),
    ]
    assert done.span["last_day"] == date(2024, 12, 31)
    assert done.span["decreed_through"] == date(2022, 12, 31)
    asked = {question.key: question.vi for question in done.questions}
    assert "chưa có ngày nào" in asked["Tết Nguyên đán 2023"]
    assert "chưa có ngày nào" in asked["Giỗ Tổ Hùng Vương 2023"]
    assert "decreed_through 2023" in asked


def test_another_countrys_plan_is_drawn_up_without_our_holidays(tmp_path: Path) -> None:
    plan = load_plan(PLANS / "receipt-log-2011")
    write_texts(next_year(plan).texts, tmp_path / "2012")
    made = checked_plan(tmp_path / "2012")
    assert (made.document.year, made.calendar_days) == (2012, ())
    assert [period.last_day for period in made.periods if period.id == "2012-Q1"] == [date(2012, 3, 31)]


def test_a_year_after_a_year_is_drawn_up_too(drawn: Plan, tmp_path: Path) -> None:
    write_texts(next_year(drawn).texts, tmp_path / "2024")
    made = checked_plan(tmp_path / "2024")
    assert (made.document.id, made.period("2024-Q1").before) == ("svhtt-khanh-hoa-2024", "2023-Q4")


def test_a_draft_begins_no_workspace_until_each_item_is_confirmed(drawn: Plan, tmp_path: Path) -> None:
    with pytest.raises(PlanNotAcceptedError) as refused:
        Office.new(tmp_path / "a", drawn.folder)
    assert len(str(refused.value).splitlines()) == 1
    assert TO_CONFIRM in str(refused.value)
    assert not (tmp_path / "a" / "workspace").exists()
    write_texts(drawn.texts, tmp_path / "2023")
    assert Office.new(tmp_path / "b", confirmed(tmp_path / "2023")).workspace.plan.document.year == 2023


def test_a_folder_that_is_in_use_is_not_written_into(drawn: Plan) -> None:
    before = {name: (drawn.folder / name).read_bytes() for name in drawn.texts}
    done = CliRunner().invoke(app, ["plan", "next-year", str(PLAN.folder), "--out", str(drawn.folder)])
    assert done.exit_code != 0
    assert {name: (drawn.folder / name).read_bytes() for name in drawn.texts} == before


def test_the_first_quarter_follows_the_last_of_the_year_before(tmp_path: Path) -> None:
    """Dossiers still pending and the figures to compare with cross the year, each with its evidence."""
    office = Office.new(tmp_path / "2022", small_plan(tmp_path / "plan", has_targets=True))
    office.at = datetime(2022, 12, 20, 2, 0, tzinfo=UTC)
    rows = [PENDING.format(n=n) for n in range(1, 4)] + [DONE.format(n=n) for n in range(1, 3)]
    above = titles(first="15/09/2022", last="14/12/2022", exported="15/12/2022 08:00:00")
    office.take(log("\n".join(rows), above), received_on=date(2022, 12, 15))
    office.consolidate("2022-Q4")
    drawn = next_year_of(office.workspace, office.ledger, office.workspace.plan)
    write_texts(drawn.texts, tmp_path / "next")
    plan = checked_plan(confirmed(tmp_path / "next"))
    [opening] = plan.opening_balance
    assert (opening.period, opening.office, opening.pending_count, opening.basis) == (
        "2023-Q1",
        "QLVHGD",
        3,
        "imported",
    )
    line = office.ledger.entries[-1].seq
    assert opening.evidence == f"2022-Q4: sổ cái dòng / ledger line {line}"
    earlier = {(figure.period, figure.indicator): figure for figure in plan.earlier_figures if not figure.unit}
    assert (earlier["2022-Q4", "early_share"].numerator, earlier["2022-Q4", "early_share"].denominator) == (2, 2)

    new = Office.new(tmp_path / "2023", plan.folder)
    new.at = datetime(2023, 3, 20, 2, 0, tzinfo=UTC)
    above = titles(first="15/12/2022", last="14/03/2023", exported="15/03/2023 08:00:00")
    new.take(log("\n".join(PENDING.format(n=n) for n in range(1, 4)), above), received_on=date(2023, 3, 15))
    new.consolidate("2023-Q1")
    assert new.totals("2023-Q1")["carried_over"] == 3
    assert new.outcomes("F005", "2023-Q1") == {"pass"}


@pytest.mark.parametrize(("old", "new"), [("level_2022", "level_number"), ("level_after_2022_08", "level_name")])
def test_a_plan_with_the_old_columns_reads_as_ever(tmp_path: Path, old: str, new: str) -> None:
    write_texts(PLAN.texts, tmp_path / "old")
    path = tmp_path / "old" / "procedures.csv"
    path.write_text(path.read_text("utf-8").replace(new, old, 1), "utf-8")
    assert load_plan(tmp_path / "old").procedures == PLAN.procedures


VALUES = st.recursive(
    st.text() | st.integers(-(2**40), 2**40) | st.booleans() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), VALUES, max_size=4))
def test_what_is_written_as_toml_reads_as_it_was(document: dict[str, object]) -> None:
    assert tomllib.loads(as_toml(document)) == document


def test_the_bundled_documents_are_written_as_they_read() -> None:
    for name in ("plan.toml", "periods.toml", "targets.toml", "conventions.toml"):
        document = tomllib.loads(PLAN.texts[name])
        assert tomllib.loads(as_toml(document)) == document

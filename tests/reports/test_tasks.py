"""The task table of a report: its rows, the plan's own tasks, and what figures say about it."""

from collections.abc import Sequence
from datetime import date

import pytest
from openpyxl import Workbook

from sources.reports.report import ReportReading
from sources.templates.task_words import CODE, DONE, DUE, EVIDENCE, STATE, STATE_DONE, TASK
from sources.templates.tasks import task_rows
from sources.templates.titles import ITEM_SHEET, TASK_SHEET
from tests.support.filled_report import (
    PLAN,
    SOUND,
    Change,
    filled,
    item_sheet,
    outcomes,
    progress,
    read,
    report,
    seen,
    tasks,
    template,
)

DUE_ON, DONE_ON = date(2022, 3, 1), date(2022, 2, 28)
SOUND_ROW = ("Việc một", "Báo cáo", DUE_ON, DONE_ON, "Hoàn thành", "Số 01/TV")


def row(column: int, value: object) -> tuple[object, ...]:
    """Return the sound row with one cell changed: 1 is the product, 5 the evidence."""
    return (*SOUND_ROW[:column], value, *SOUND_ROW[column + 1 :])


def of_table(reading: ReportReading) -> list[tuple[str, str | None]]:
    """Return what the rules of the task table saw: the figures of the sample do not count these rows."""
    return [(rule_id, column) for rule_id, column in seen(reading) if rule_id != "R015"]


def test_r006_rejects_a_row_that_does_not_cast_with_each_of_its_cells_and_keeps_the_report() -> None:
    reading = report(tasks(SOUND_ROW, (None, "Báo cáo", "Quý I", None, "Xong"), ("Việc ba",)))
    assert of_table(reading) == [("R006", "Nhiệm vụ"), ("R006", "Thời hạn"), ("R006", "Tình trạng")]
    assert (reading.is_rejected, reading.rejected_count) == (False, 1)
    assert [task["row"] for task in reading.tasks.to_pylist()] == [5, 7]
    assert [r["reason"] for r in reading.account.to_pylist() if r["disposition"] == "rejected"] == ["R006"]


@pytest.mark.parametrize(
    ("rule_id", "broken", "column"),
    [
        ("R007", row(3, None), DONE),
        ("R009", row(3, date(2022, 3, 15)), DONE),
        ("R010", row(5, None), EVIDENCE),
        ("R011", row(2, date(2012, 3, 1)), DUE),
        ("R011", row(2, date(2023, 1, 1)), DUE),
    ],
)
def test_a_doubtful_row_is_kept_with_a_warning(rule_id: str, broken: Sequence[object], column: str) -> None:
    reading = report(tasks(broken))
    assert of_table(reading) == [(rule_id, column)]
    assert (reading.is_rejected, reading.tasks.num_rows, outcomes(reading)[rule_id]) == (False, 1, "fail")


@pytest.mark.parametrize(
    "sound",
    [SOUND_ROW, row(3, date(2022, 3, 14)), row(2, date(2021, 12, 15)), row(2, date(2022, 12, 31)), row(4, None),
     ("Việc hai", None, DUE_ON, None, "Đang thực hiện")],
)  # fmt: skip
def test_the_neighbour_of_a_doubtful_row_breaks_nothing(sound: Sequence[object]) -> None:
    assert of_table(report(tasks(sound))) == []


@pytest.mark.parametrize("state", ["Đang thực hiện", "Chưa thực hiện"])
def test_r008_rejects_a_row_whose_state_contradicts_its_day(state: str) -> None:
    reading = report(tasks(row(4, state), SOUND_ROW))
    assert of_table(reading) == [("R008", STATE)]
    assert (reading.is_rejected, reading.tasks.num_rows, reading.rejected_count) == (False, 1, 1)


def test_findings_show_no_text_of_the_task_table_and_nobody_who_does_a_task() -> None:
    content = template("unit_plan")
    rows = tasks(
        (*row(2, "Người Thử Nghiệm 017")[:6], "Người Thử Nghiệm 018"), ("Việc hai", *[None] * 5, "Người Thử 19")
    )
    reading = read(filled({"U1.1": 1, "U1.2": 0, "U1.3": 1, "U1.4": "Có", "U1.5": "Có"}, rows, content))
    assert of_table(reading) == [("R006", DUE)]
    kept = f"{reading.tasks.to_pylist()}{reading.findings}{reading.values.to_pylist()}{reading.account.to_pylist()}"
    assert "Nghiệm" not in kept
    assert "Người" not in kept


def test_a_unit_plan_is_read_with_its_own_items_and_tasks() -> None:
    figures = {"U1.1": 2, "U1.2": 1, "U1.3": 1, "U1.4": "Có", "U1.5": "Có"}
    rows = tasks(("Việc một", "Báo cáo", DUE_ON, None, "Chưa thực hiện"), ("Việc hai", "Kế hoạch"))
    reading = read(filled(figures, rows, template("unit_plan")))
    assert (seen(reading), reading.is_rejected, reading.report_type) == ([], False, "unit_plan")
    assert reading.tasks.num_rows == 2
    wrong = read(filled(figures | {"U1.2": 2}, rows, template("unit_plan")))
    assert sorted(seen(wrong)) == [("R003", "U1.3"), ("R015", "U1.2")]


def test_r015_compares_the_figures_with_the_rows_listed_and_done_in_the_period() -> None:
    later = ("Việc hai", None, date(2022, 3, 15), DONE_ON, "Hoàn thành", "Số 02/TV")
    agreeing = report(tasks(SOUND_ROW, later), A1_1=2, A1_2=1, A1_3=1, A1_4=0)
    assert (seen(agreeing), outcomes(agreeing)["R015"]) == ([], "pass")
    reading = report(tasks(SOUND_ROW, later), A1_1=3, A1_2=2, A1_3=1, A1_4=1)
    assert [(f.rule_id, f.subject, f.expected) for f in reading.findings] == [
        ("R015", "A1.1", "A1.1 = tasks.listed (3 ≠ 2)"),
        ("R015", "A1.4", "A1.3 + A1.4 = tasks.done (1 + 1 ≠ 1)"),
    ]
    assert not reading.is_rejected


def test_r015_is_not_evaluated_where_no_task_is_listed() -> None:
    assert outcomes(report())["R015"] == "not_evaluated"


@pytest.mark.parametrize("hide", ["row", "column", "sheet"])
def test_r017_reports_a_figure_that_nobody_sees(hide: str) -> None:
    def change(workbook: Workbook) -> None:
        sheet = item_sheet(workbook)
        if hide == "row":
            sheet.row_dimensions[12].hidden = True
        elif hide == "column":
            sheet.column_dimensions["E"].hidden = True
        else:
            sheet.sheet_state = "hidden"

    reading = report(change)
    hidden = {finding.cell for finding in reading.findings if finding.rule_id == "R017"}
    assert {f.rule_id for f in reading.findings} == {"R017"}
    assert hidden == {"E12"} if hide == "row" else len(hidden) == len(SOUND)
    assert not reading.is_rejected


def test_r017_says_nothing_of_a_hidden_row_without_a_figure() -> None:
    def change(workbook: Workbook) -> None:
        item_sheet(workbook).row_dimensions[3].hidden = True

    assert seen(report(change)) == []


@pytest.mark.parametrize(("percent", "rules"), [("100", []), ("100,01", ["R003", "R018"]), (104.5, ["R003", "R018"])])
def test_r018_reports_a_percentage_above_a_hundred(percent: object, rules: list[str]) -> None:
    reading = report(A9_3=percent)
    assert sorted(rule_id for rule_id, _ in seen(reading)) == rules
    assert reading.is_rejected == bool(rules)


def test_r016_is_told_once_and_a_single_case_is_enough() -> None:
    zeros: dict[str, object] = dict.fromkeys(SOUND, 0) | {"A6.3": "Không"}
    assert seen(read(filled(zeros))) == [("R016", None)]
    assert seen(read(filled(zeros | {"A1.5": 1}))) == []


@pytest.mark.parametrize(
    ("satisfied", "surveyed", "written", "rules"),
    [
        (14_064, 14_101, "99,74%", []),
        (1_260, 1_300, "96,92", []),
        (1_260, 1_300, "98,75%", ["R003"]),
        (0, 0, "Không phát sinh", []),
    ],
)
def test_a_published_percentage_is_caught_in_a_workbook_where_it_is_not_its_quotient(
    satisfied: int, surveyed: int, written: str, rules: list[str]
) -> None:
    reading = report(A9_1=surveyed, A9_2=satisfied, A9_3=written)
    assert [rule_id for rule_id, _ in seen(reading)] == rules
    assert reading.is_rejected == bool(rules)


def told(**cells: object) -> dict[str, object]:
    known = {"done": DONE, "state": STATE, "evidence": EVIDENCE, "code": CODE, "due": DUE, "task": TASK}
    return {known[name]: value for name, value in cells.items()}


DONE_IN_TIME = told(done=DONE_ON, state=STATE_DONE, evidence="Văn bản số 01/SVHTT-VP")


def of_plan(*rows: tuple[str, dict[str, object]], also: Change | None = None) -> ReportReading:
    def change(workbook: Workbook) -> None:
        progress(*rows)(workbook)
        if also is not None:
            also(workbook)

    return read(filled({}, change, template("plan_tasks", unit="VP")))


def test_the_progress_of_the_plans_tasks_is_read_without_items() -> None:
    reading = of_plan(("I.3", DONE_IN_TIME))
    assert (seen(reading), reading.is_rejected, reading.values.num_rows) == ([], False, 0)
    rows = reading.tasks.to_pylist()
    assert [(row["task_code"], row["due_on"]) for row in rows] == [(task.id, day) for task, day in task_rows(PLAN)]
    (done,) = [row for row in rows if row["done_on"] is not None]
    assert (done["task_code"], done["done_on"], done["unit_code"], done["report_type"]) == (
        "I.3", DONE_ON, "VP", "plan_tasks",
    )  # fmt: skip
    assert (done["cell"], done["state"]) == (f"F{done['row']}", STATE_DONE)
    assert outcomes(reading)["R001"] == "not_evaluated"


def test_r005_refuses_a_progress_report_that_says_nothing() -> None:
    reading = of_plan()
    assert (seen(reading), reading.is_blank, reading.is_rejected) == ([("R005", None)], True, True)


def test_r006_in_a_row_of_the_plan_leaves_the_other_rows() -> None:
    reading = of_plan(("I.3", told(done="Quý I", state=STATE_DONE)), ("I.4", DONE_IN_TIME))
    assert (seen(reading), reading.is_rejected) == ([("R006", DONE)], False)
    assert "I.3" not in {row["task_code"] for row in reading.tasks.to_pylist()}


@pytest.mark.parametrize("code", ["IX.9", None])
def test_r012_rejects_a_row_that_is_no_task_of_the_plan(code: str | None) -> None:
    reading = of_plan(("I.3", told(code=code)), ("I.4", DONE_IN_TIME))
    assert sorted(seen(reading)) == [("R012", CODE), ("R014", CODE)]
    assert not reading.is_rejected


def test_r012_rejects_a_task_on_a_day_that_is_not_the_plans() -> None:
    reading = of_plan(("V.3#2", told(due=date(2022, 6, 30))), ("I.4", DONE_IN_TIME))
    assert sorted(seen(reading)) == [("R012", DUE), ("R014", CODE)]
    (finding,) = [finding for finding in reading.findings if finding.rule_id == "R012"]
    assert (finding.subject, finding.expected) == ("V.3", "31/01/2022, 31/05/2022")


@pytest.mark.parametrize(("is_same", "rejected"), [(True, 1), (False, 2)])
def test_r013_rejects_a_task_that_is_told_twice(is_same: bool, rejected: int) -> None:
    def repeat(workbook: Workbook) -> None:
        sheet = workbook[TASK_SHEET]
        (source,) = [n for n in range(5, sheet.max_row + 1) if sheet.cell(n, 2).value == "I.3"]
        last = sheet.max_row + 1
        for column in range(2, 9):
            sheet.cell(last, column).value = sheet.cell(source, column).value
        if not is_same:
            sheet.cell(last, 6).value = date(2022, 2, 20)

    reading = of_plan(("I.3", DONE_IN_TIME), also=repeat)
    assert seen(reading) == [("R013", CODE)] * rejected
    assert (reading.rejected_count, reading.is_rejected) == (rejected, False)


def test_r014_reports_a_task_whose_row_is_gone() -> None:
    def delete(workbook: Workbook) -> None:
        sheet = workbook[TASK_SHEET]
        sheet.delete_rows(next(n for n in range(5, sheet.max_row + 1) if sheet.cell(n, 2).value == "V.3"))

    reading = of_plan(("I.4", DONE_IN_TIME), also=delete)
    assert [(f.rule_id, f.subject, f.expected) for f in reading.findings] == [("R014", "V.3", "31/01/2022")]
    assert not reading.is_rejected


def test_r012_to_r014_are_not_evaluated_over_a_units_own_tasks() -> None:
    reading = report(tasks(SOUND_ROW))
    assert {outcomes(reading)[rule_id] for rule_id in ("R012", "R013", "R014")} == {"not_evaluated"}


def test_a_self_score_has_no_task_table_and_its_total_is_the_sum() -> None:
    items = PLAN.items_required_in(PLAN.report_type("self_score"), "2022-Y")
    scores: dict[str, object] = {item.code: 5 for item in items} | {"S8.1": 5 * (len(items) - 1)}
    content = template("self_score", period="2022-Y")
    sound = read(filled(scores, content=content))
    assert (seen(sound), sound.is_rejected, sound.tasks.num_rows) == ([], False, 0)
    assert {outcomes(sound)[rule_id] for rule_id in ("R006", "R014")} == {"not_evaluated"}
    assert seen(read(filled(scores | {"S1.1": 6, "S1.2": 5}, content=content))) == [("R003", "S1.1"), ("R003", "S8.1")]
    assert seen(read(filled(scores | {"S8.1": 71}, content=content))) == [("R003", "S8.1")]


def test_a_progress_report_of_a_unit_is_refused() -> None:
    def other_sender(workbook: Workbook) -> None:
        assert ITEM_SHEET not in workbook.sheetnames
        workbook["_motcua"]["B4"].value = "TV"

    assert seen(of_plan(("I.4", DONE_IN_TIME), also=other_sender)) == [("R041", None)]

"""A cell of a unit's own report is corrected as one of the template is, where a figure or a task was located."""

from dataclasses import replace
from pathlib import Path

import pytest

from audit.corrections import Correction
from audit.events import SubmissionRevalidated
from flows.audits.verify import verify
from flows.entry.door import MisuseError
from flows.intake.correct import Place, correct
from flows.intake.submission import show
from flows.intake.submissions import submissions
from sources.reports.free_report import Said, read_free_report
from sources.reports.profile import load_report_profiles
from sources.reports.report import ReportReading, read_report
from tests.support.filled_report import ITEMS, RULES, SOUND, filled
from tests.support.office import PLAN, Office, rows_of, small_plan
from tests.support.own_report import HEADING, TITLES, item_rows, own_report
from tests.support.own_tasks import SOUND_TASK, sheets_of, task_table
from warehouse import vault

FIGURES = SOUND | {"A1.1": 1, "A1.2": 1, "A1.3": 1, "A1.4": 0, "A1.5": 9}
LATE = (*SOUND_TASK[:3], "15/03/2022", *SOUND_TASK[4:])
CONTENT = own_report(item_rows(FIGURES), below=task_table(LATE))
FIRST_ROW = len(TITLES) + 2
FIGURE = f"Sheet!D{FIRST_ROW + [item.code for item in ITEMS].index('A1.5')}"
TASK_ROW = FIRST_ROW + len(ITEMS) + 3
DONE = f"Sheet!E{TASK_ROW}"


@pytest.fixture
def filed(tmp_path: Path) -> Office:
    """An office with a report of a unit's own form in which a figure and a day are slips of the pen."""
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    office.take(CONTENT, "tu-lap.xlsx")
    return office


def declare(office: Office, cell: str, before: str, after: str) -> None:
    correct(office.workspace, office.door, "S-0001", Place(cell=cell), before, after, "gõ nhầm", "Biên bản số 3")


def table(office: Office, name: str) -> list[dict[str, object]]:
    (one,) = submissions(office.ledger.entries)
    return rows_of(office.workspace.root, office.ledger.entries[one.judged_seq - 1].files, name)


def figure(office: Office, code: str) -> str:
    return next(str(row["value"]) for row in table(office, "report_value") if row["item_code"] == code)


def rules_of(office: Office) -> set[str]:
    return {str(row["rule_id"]) for row in show(office.workspace, "S-0001").findings.to_pylist()}


def test_a_figure_is_read_otherwise_and_the_file_stays_as_it_came(filed: Office) -> None:
    (before,) = submissions(filed.ledger.entries)
    original = vault.content(filed.workspace, before.taken.file_sha256)
    assert figure(filed, "A1.5") == "9.000"
    declare(filed, FIGURE, "9", "8")
    assert figure(filed, "A1.5") == "8.000"
    (after,) = submissions(filed.ledger.entries)
    assert (after.taken.state, after.taken.profile_id) == ("accepted", "cchc-tu-lap")
    assert vault.content(filed.workspace, after.taken.file_sha256) == original
    assert verify(filed.workspace).problems == []


def test_a_day_of_a_task_is_read_otherwise_and_judged_anew(filed: Office) -> None:
    assert rules_of(filed) == {"R009"}
    declare(filed, DONE, "15/03/2022", "28/02/2022")
    assert rules_of(filed) == set()
    assert [str(row["done_on"]) for row in table(filed, "report_task")] == ["2022-02-28"]


def test_two_corrections_hold_together_and_under_another_plan(filed: Office) -> None:
    declare(filed, DONE, "15/03/2022", "28/02/2022")
    declare(filed, FIGURE, "9", "8")
    path = filed.workspace.plan_folder / "procedures.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    again = filed.decide_plan()
    again.consolidate()
    judged = [e for entry in again.ledger.entries for e in entry.events if isinstance(e, SubmissionRevalidated)]
    assert judged[-1].because == ("plan",)
    assert (figure(again, "A1.5"), rules_of(again)) == ("8.000", set())


@pytest.mark.parametrize(
    ("cell", "before", "after", "message"),
    [
        pytest.param(FIGURE, "7", "8", "holds that", id="another value"),
        pytest.param(FIGURE.replace("D", "B"), "Số tin bài tuyên truyền CCHC", "8", "is no figure", id="label"),
        pytest.param(FIGURE.replace("D", "A"), "5", "8", "is no figure", id="number of a row"),
        pytest.param("Sheet!D5", "Số liệu", "8", "is no figure", id="heading"),
        pytest.param("Sheet!A3", "Đơn vị báo cáo: Thư viện tỉnh", "8", "is no figure", id="title"),
        pytest.param(f"Sheet!A{TASK_ROW}", "1", "8", "is no figure", id="number of a task"),
        pytest.param(f"Sheet!E{TASK_ROW - 1}", "Ngày hoàn thành", "8", "is no figure", id="heading of a task"),
        pytest.param(f"Sheet!G{TASK_ROW}", "Số 01/TV", "8", "is no figure", id="words of a task"),
        pytest.param("Không có!D6", "6", "8", "no such sheet", id="unknown sheet"),
        pytest.param("D6", "6", "8", "tên trang", id="no sheet"),
        pytest.param("", "6", "8", "--cell", id="no place"),
        pytest.param(FIGURE, "9", "Công dân Thử Nghiệm 03", "only numbers", id="a name"),
    ],
)
def test_what_is_no_figure_or_does_not_hold_that_is_one_line_and_writes_nothing(
    filed: Office, cell: str, before: str, after: str, message: str
) -> None:
    size = filed.ledger.size
    with pytest.raises(MisuseError, match=message):
        declare(filed, cell, before, after)
    assert filed.ledger.size == size
    assert not filed.workspace.staging.exists()


def read(content: bytes, *corrections: Correction) -> ReportReading:
    own = read_free_report(content, "a" * 64, PLAN, RULES, load_report_profiles(PLAN), Said(), corrections)
    assert own is not None
    assert own.reading.read_count == (
        own.reading.accepted_count + own.reading.rejected_count + own.reading.ignored_count
    )
    return own.reading


def correction(place: str, before: str, after: str) -> Correction:
    sheet, _, cell = place.partition("!")
    return Correction("C-0001", sheet, int(cell[1:]), cell, None, before, after)


def unfit(reading: ReportReading) -> list[str | None]:
    return [finding.subject for finding in reading.findings if finding.rule_id == "R090"]


def test_a_source_that_no_longer_holds_the_old_value_is_the_templates_finding() -> None:
    reading = read(CONTENT, correction(FIGURE, "7", "8"))
    assert (unfit(reading), reading.is_rejected) == (["C-0001"], True)
    assert [str(row["value"]) for row in reading.values.to_pylist() if row["item_code"] == "A1.5"] == ["9.000"]
    (found,) = [finding for finding in reading.findings if finding.rule_id == "R090"]
    content = filled(SOUND)
    (template,) = [
        finding
        for finding in read_report(content, "a" * 64, PLAN, RULES, corrections=[correction(FIGURE, "7", "8")]).findings
        if finding.rule_id == "R090"
    ]
    # A sheet of the unit's own is called by its place, one that a correction names is called as it says.
    assert (found.sheet, found.expected) == ("trang 1", (template.expected or "").replace("Sheet!", "trang 1!"))
    assert replace(found, sheet=template.sheet, expected=template.expected) == template


def test_a_row_that_did_not_cast_is_a_task_once_its_day_is_corrected() -> None:
    content = own_report(item_rows(FIGURES), below=task_table((*SOUND_TASK[:2], "Quý I", *SOUND_TASK[3:])))
    due = DONE.replace("E", "D")
    assert read(content).tasks.num_rows == 0
    mended = read(content, correction(due, "Quý I", "01/03/2022"))
    assert (mended.tasks.num_rows, mended.findings) == (1, ())


def test_tasks_in_a_sheet_of_their_own_and_its_figures_are_corrected_each_in_its_sheet() -> None:
    content = sheets_of({"A": [*TITLES, HEADING, *item_rows(FIGURES)], "B": task_table(LATE)})
    both = (correction(FIGURE.replace("Sheet", "A"), "9", "8"), correction("B!E4", "15/03/2022", "28/02/2022"))
    reading = read(content, *both)
    assert reading.findings == ()
    assert [str(row["value"]) for row in reading.values.to_pylist() if row["item_code"] == "A1.5"] == ["8.000"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(own_report(heading=("STT", "Việc", "Đơn vị tính", "Số")), id="no table"),
        pytest.param(own_report(titles=TITLES[:2]), id="no unit"),
    ],
)
def test_where_no_table_is_located_no_correction_fits(content: bytes) -> None:
    assert unfit(read(content, correction("Sheet!D6", "6", "8"))) == ["C-0001"]


def test_a_task_table_that_is_not_read_has_no_cell_to_correct() -> None:
    content = own_report(below=[*task_table(SOUND_TASK), *task_table(SOUND_TASK)])
    row = TASK_ROW
    assert unfit(read(content, correction(f"Sheet!D{row}", "01/03/2022", "02/03/2022"))) == ["C-0001"]


def test_a_template_that_is_refused_takes_no_correction_either() -> None:
    for content in (b"not a workbook", filled(SOUND, lambda workbook: workbook["_motcua"].delete_rows(1, 9))):
        reading = read_report(content, "a" * 64, PLAN, RULES, corrections=[correction("Số liệu!E7", "6", "8")])
        assert unfit(reading) == ["C-0001"]

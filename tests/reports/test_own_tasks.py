"""The task table of a report that a unit made itself is read as the template's is, or says why it is not."""

import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from schemas.plan import PlanError
from sources.answers.words import answer_lines
from sources.reports.free_report import Said, read_free_report
from sources.reports.profile import ReportProfile, load_report_profile, load_report_profiles
from sources.reports.report import ReportReading
from sources.templates.task_words import TASK_HEADINGS
from sources.templates.tasks import task_rows as plan_rows
from tests.support.filled_report import PLAN, RULES, SOUND, filled, outcomes, tasks
from tests.support.filled_report import read as read_template
from tests.support.office import PLAN_FOLDER, xlsx_of
from tests.support.own_report import HEADING, TITLES, Row, item_rows, own_report
from tests.support.own_tasks import (
    DONE_ON,
    DUE_ON,
    SOUND_TASK,
    TASK_HEADING,
    in_two_sheets,
    sheets_of,
    task_rows,
    task_table,
)

PROFILES = load_report_profiles(PLAN)
BUNDLED = PLAN_FOLDER / "report_profiles" / "cchc-tu-lap.toml"
WITHOUT_A_DAY: Row = tuple(name for name in TASK_HEADING if name != "Ngày hoàn thành")


def read(content: bytes, profile: ReportProfile | None = None, said: Said | None = None) -> ReportReading:
    sha256 = hashlib.sha256(content).hexdigest()
    profiles = PROFILES if profile is None else (profile,)
    own = read_free_report(content, sha256, PLAN, RULES, profiles, said or Said())
    assert own is not None
    reading = own.reading
    assert reading.read_count == reading.accepted_count + reading.rejected_count + reading.ignored_count
    account = reading.account.to_pylist()
    assert len(account) == reading.rejected_count + reading.ignored_count
    assert set(Counter((row["sheet"], row["row"]) for row in account).values()) <= {1}
    return reading


def rules_of(reading: ReportReading) -> set[str]:
    return {finding.rule_id for finding in reading.findings}


def kept(reading: ReportReading) -> list[list[object]]:
    names = ("unit_code", "period", "task_code", "due_on", "done_on", "state", "evidence")
    return [[row[name] for name in names] for row in reading.tasks.to_pylist()]


def told(reading: ReportReading) -> list[tuple[object, ...]]:
    """Return what was found, without the places, which differ between two forms."""
    return sorted(
        (f.rule_id, f.column_name or "", f.subject or "", f.shown_value or "", f.expected or "")
        for f in reading.findings
    )


def verdicts(reading: ReportReading) -> dict[str, tuple[str, int, int]]:
    """Return what the rules of figures and tasks said of how much."""
    return {
        result.rule_id: (result.outcome, result.checked_count, result.failing_count)
        for result in reading.results
        if result.rule_id < "R019" and result.rule_id != "R004"
    }


def changed(column: int, value: object) -> Row:
    """Return the sound task with one cell changed: 1 is the product, 5 the evidence."""
    return (*SOUND_TASK[:column], value, *SOUND_TASK[column + 1 :])


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([SOUND_TASK], id="sound"),
        pytest.param([SOUND_TASK, (None, "Báo cáo", "Quý I", None, "Xong xuôi")], id="cells that do not cast"),
        pytest.param([changed(3, None)], id="done on no day"),
        pytest.param([changed(4, "Đang thực hiện"), SOUND_TASK], id="a state that contradicts its day"),
        pytest.param([changed(3, date(2022, 3, 15))], id="done after the period"),
        pytest.param([changed(5, None)], id="no document"),
        pytest.param([changed(2, date(2012, 3, 1))], id="due in another year"),
        pytest.param([changed(2, "01/03/2022"), changed(3, "28/02/2022")], id="days as text"),
        pytest.param([SOUND_TASK, ("Việc hai", None, date(2022, 3, 15), None, "Chưa thực hiện")], id="not begun"),
    ],
)
@pytest.mark.parametrize("is_apart", [False, True], ids=["below the figures", "in a sheet of its own"])
def test_it_is_read_and_judged_as_in_the_template(rows: list[Row], *, is_apart: bool) -> None:
    own = read(in_two_sheets(*rows) if is_apart else own_report(below=task_table(*rows)))
    template = read_template(filled(SOUND, tasks(*rows)))
    assert kept(own) == kept(template)
    assert told(own) == told(template)
    assert own.is_rejected == template.is_rejected
    assert verdicts(own) == verdicts(template)
    values = [(row["item_code"], row["value"]) for row in template.values.to_pylist()]
    assert [(row["item_code"], row["value"]) for row in own.values.to_pylist()] == values


def test_each_row_names_the_cell_that_it_was_read_from() -> None:
    rows = [*TITLES, HEADING, *item_rows(), *task_table(SOUND_TASK)]
    (one,) = read(xlsx_of(rows)).tasks.to_pylist()
    assert (one["row"], one["cell"]) == (len(rows), f"E{len(rows)}")


def test_the_figures_are_compared_with_the_tasks() -> None:
    figures = SOUND | {"A1.1": 1, "A1.2": 1, "A1.3": 1, "A1.4": 0}
    agreeing = read(own_report(item_rows(figures), below=task_table(SOUND_TASK)))
    assert (rules_of(agreeing), outcomes(agreeing)["R015"]) == (set(), "pass")
    assert rules_of(read(own_report(item_rows(figures | {"A1.1": 2}), below=task_table(SOUND_TASK)))) == {"R015"}


def test_headings_and_states_go_by_the_profiles_other_names_in_any_order() -> None:
    heading = ("STT", "Hạn hoàn thành", "TRẠNG THÁI", "Nội dung nhiệm vụ", "Minh chứng", "Hoàn thành ngày")
    row = (DUE_ON, "Đã hoàn thành", "Việc một", "Số 01/TV", DONE_ON)
    reading = read(own_report(below=task_table(row, heading=heading)))
    assert kept(reading) == [
        ["TV", "2022-Q1", None, DUE_ON, DONE_ON, "Hoàn thành", "01/TV"]
    ]  # fmt: skip
    assert rules_of(reading) == {"R015"}


def test_tasks_above_the_figures_are_read_and_so_are_the_figures() -> None:
    rows = [*TITLES, *task_table(SOUND_TASK), ("III", "SỐ LIỆU"), HEADING, *item_rows()]
    reading = read(xlsx_of(rows))
    assert (len(kept(reading)), rules_of(reading)) == (1, {"R015"})
    assert None not in {row["value"] for row in reading.values.to_pylist()}


def test_sections_notes_and_those_who_sign_are_no_tasks() -> None:
    rows: list[Row] = [
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
        ("I", "Cải cách thể chế"),
        (1, *SOUND_TASK),
        (),
        ("", "Tổng cộng", "", 1),
        ("", "NGƯỜI LẬP BIỂU", "", "", "THỦ TRƯỞNG ĐƠN VỊ"),
        ("", "Người Thử Nghiệm 017", "", "", "", "", "Người Thử Nghiệm 018"),
    ]
    reading = read(own_report(below=[(), TASK_HEADING, *rows]))
    assert len(kept(reading)) == 1
    assert rules_of(reading) == {"R015"}
    everything = f"{reading.tasks.to_pylist()}{reading.findings}{reading.account.to_pylist()}"
    assert "Nghiệm" not in everything
    reasons = [row["reason"] for row in reading.account.to_pylist()][-7:]
    assert reasons == ["heading", "text", "text", "blank", "total", "signature", "text"]


@pytest.mark.parametrize("says", [(None, DUE_ON), (None, None, DONE_ON), (None, None, None, "Đang thực hiện")])
def test_a_task_whose_name_begins_like_a_signature_is_a_task_by_its_day_or_state(says: Row) -> None:
    row = ("Giám đốc ký ban hành quy chế", *says)
    reading = read(own_report(below=[(), TASK_HEADING[1:], row]))
    assert len(kept(reading)) == 1


def test_a_task_that_names_another_quarter_or_unit_says_nothing_of_whose_report_it_is() -> None:
    other = ("Báo cáo CCHC Quý III/2022", *SOUND_TASK[1:])
    reading = read(in_two_sheets(other, ("Đơn vị: Bảo tàng tỉnh", *SOUND_TASK[1:])))
    assert (reading.unit_code, reading.period, len(kept(reading))) == ("TV", "2022-Q1", 2)


def test_a_report_without_a_task_table_is_kept_and_its_rules_say_why_they_were_not_asked() -> None:
    reading = read(own_report())
    assert (rules_of(reading), reading.is_rejected) == (set(), False)
    reasons = {result.rule_id: result.reason for result in reading.results}
    for rule_id in ("R006", "R011", "R014", "R015", "R065"):
        assert outcomes(reading)[rule_id] == "not_evaluated"
        assert "no task table that its headings tell" in reasons[rule_id]


BESIDE = [
    *TITLES,
    (*HEADING, "", *TASK_HEADING),
    *[(*row, "", *task) for row, task in zip(item_rows(), task_rows(*[SOUND_TASK] * len(item_rows())), strict=True)],
]
LOWER_AND_BESIDE = [*TITLES, HEADING, (*item_rows()[0], "", *TASK_HEADING), *item_rows()[1:]]


@pytest.mark.parametrize(
    ("content", "rule_id"),
    [
        pytest.param(own_report(below=[*task_table(SOUND_TASK), *task_table(SOUND_TASK)]), "R064", id="two below"),
        pytest.param(
            sheets_of(
                {
                    "Số liệu": [*TITLES, HEADING, *item_rows(), *task_table(SOUND_TASK)],
                    "Bản sao": task_table(SOUND_TASK),
                }
            ),
            "R064",
            id="two sheets",
        ),
        pytest.param(
            own_report(below=task_table((*SOUND_TASK, "", "Xong"), heading=(*TASK_HEADING, "Trạng thái"))),
            "R064",
            id="two columns of states",
        ),
        pytest.param(xlsx_of(BESIDE), "R064", id="in the rows of the figures"),
        pytest.param(xlsx_of(LOWER_AND_BESIDE), "R064", id="beside the figures, a row lower"),
        pytest.param(
            own_report(below=task_table((*SOUND_TASK[:3], *SOUND_TASK[4:]), heading=WITHOUT_A_DAY)), "R065", id="no day"
        ),
    ],
)
def test_what_cannot_be_told_is_a_finding_reads_no_task_and_keeps_the_figures(content: bytes, rule_id: str) -> None:
    reading = read(content)
    assert rules_of(reading) == {rule_id}
    assert (reading.is_rejected, reading.tasks.num_rows) == (False, 0)
    assert None not in {row["value"] for row in reading.values.to_pylist()}
    assert {outcomes(reading)[rule] for rule in ("R006", "R010", "R012", "R015")} == {"not_evaluated"}
    assert (rule_id in {row["reason"] for row in reading.account.to_pylist()}) == (reading.rejected_count > 0)


def test_a_lacking_column_is_named_as_the_unit_would_write_it() -> None:
    content = own_report(below=task_table(SOUND_TASK, heading=WITHOUT_A_DAY))
    (finding,) = read(content).findings
    assert (finding.rule_id, finding.column_name) == ("R065", "Ngày hoàn thành")
    assert "“Ngày hoàn thành”/“Ngày hoàn thành thực tế”" in str(finding.expected)
    rejected = [row for row in read(content).account.to_pylist() if row["disposition"] == "rejected"]
    assert [row["reason"] for row in rejected] == ["R065"]


def test_what_would_make_it_clear_is_told_in_vietnamese_with_its_places() -> None:
    two_tables = read(own_report(below=[*task_table(SOUND_TASK), *task_table(SOUND_TASK)]))
    two_figures = read(own_report(below=[HEADING, *item_rows()]))
    lacking = read(own_report(below=task_table(SOUND_TASK, heading=WITHOUT_A_DAY)))
    first, last = len(TITLES) + 1, len(TITLES) + len(item_rows()) + 2
    for reading, expected, written in (
        (two_tables, f"một bảng, nay có trang 1, dòng {last + 2}; trang 1, dòng {last + 6}", ""),
        (two_figures, "một bảng", f"trang 1, dòng {first}; trang 1, dòng {last}"),
        (lacking, f"cột “Ngày hoàn thành”/“Ngày hoàn thành thực tế”/“Hoàn thành ngày” ở trang 1, dòng {last + 2}", ""),
    ):
        (line,) = answer_lines([vars(finding) for finding in reading.findings], RULES)
        assert (line.expected_vi, line.shown_vi) == (expected, written)


def test_a_product_may_be_left_out() -> None:
    heading = tuple(name for name in TASK_HEADING if name != "Sản phẩm")
    reading = read(own_report(below=task_table((SOUND_TASK[0], *SOUND_TASK[2:]), heading=heading)))
    assert (rules_of(reading), len(kept(reading))) == ({"R015"}, 1)


def profile_of(folder: Path, text: str) -> ReportProfile:
    path = folder / "tu-lap.toml"
    path.write_text(text, "utf-8")
    return load_report_profile(path, PLAN)


def test_a_profile_that_describes_no_task_table_reads_none(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, BUNDLED.read_text("utf-8").split("\n[tasks]")[0])
    reading = read(own_report(below=task_table(SOUND_TASK)), profile)
    # The day under “Số liệu” is a figure of an unknown label then.
    assert (rules_of(reading), reading.tasks.num_rows) == ({"R063"}, 0)
    assert {outcomes(reading)[rule_id] for rule_id in ("R006", "R012", "R064", "R065")} == {"not_evaluated"}


OF_THE_PLAN = """
id = "tien-do"
version = 1
name_vi = "Tiến độ nhiệm vụ"
report_type = "plan_tasks"
title_patterns = ['(?i)tiến độ.*nhiệm vụ']
period_patterns = ['(?i)(?P<period>quý I năm 2022)']
[tasks]
code_headings = ["Mã"]
task_headings = ["Nhiệm vụ"]
due_headings = ["Thời hạn"]
done_headings = ["Ngày xong"]
state_headings = ["Tình trạng"]
evidence_headings = ["Văn bản"]
"""
PLAN_HEADING: Row = ("Mã", "Nhiệm vụ", "Thời hạn", "Ngày xong", "Tình trạng", "Văn bản")
PLAN_TITLE: Row = ("TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ QUÝ I NĂM 2022",)
PROGRESS: list[Row] = [(task.id, task.task_vi, day) for task, day in plan_rows(PLAN)]
OFFICE = Said("VP", None)


def test_the_plans_own_tasks_are_known_by_their_codes(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, OF_THE_PLAN)
    rows = [(*row, DONE_ON, "Hoàn thành", "Số 02/VP") if row[0] == "I.3" else row for row in PROGRESS]
    reading = read(xlsx_of([PLAN_TITLE, PLAN_HEADING, *rows]), profile, OFFICE)
    assert (rules_of(reading), reading.is_rejected, reading.is_blank) == (set(), False, False)
    codes = [(row["task_code"], row["due_on"]) for row in reading.tasks.to_pylist()]
    assert codes == [(task.id, day) for task, day in plan_rows(PLAN)]
    wrong = read(xlsx_of([PLAN_TITLE, PLAN_HEADING, ("IX.9", *rows[0][1:]), *rows[1:]]), profile, OFFICE)
    assert (rules_of(wrong), wrong.is_rejected, wrong.rejected_count) == ({"R012", "R014"}, False, 1)
    assert rules_of(read(xlsx_of([PLAN_TITLE, PLAN_HEADING, *PROGRESS]), profile, OFFICE)) == {"R005"}


def test_a_report_of_tasks_alone_is_refused_where_its_table_is_not_found(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, OF_THE_PLAN)
    for heading, rules in ((PLAN_HEADING[1:], {"R061", "R065"}), (("A", "B"), {"R061"})):
        reading = read(xlsx_of([PLAN_TITLE, heading, *PROGRESS]), profile, OFFICE)
        assert (rules_of(reading), reading.is_rejected, reading.read_count) == (rules, True, 0)


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('"Đang làm"', '"Đã xong"', "key tasks.states.Đang thực hiện"),
        ('"Chưa thực hiện" =', '"Thôi làm" =', "key tasks.states"),
        ('"Trạng thái"', '"Thời hạn"', "key tasks (Tình trạng)"),
        ('"Nội dung công việc"', '"Nội dung"', "key tasks.task_headings"),
        ('report_type = "cchc"', 'report_type = "self_score"', "key tasks"),
        ('report_type = "cchc"', 'report_type = "plan_tasks"', "key labels"),
    ],
)
def test_a_profile_that_would_make_the_reader_guess_is_refused(
    before: str, after: str, place: str, tmp_path: Path
) -> None:
    text = BUNDLED.read_text("utf-8")
    assert before in text
    with pytest.raises(PlanError) as raised:
        profile_of(tmp_path, text.replace(before, after))
    assert place in {mistake.place for mistake in raised.value.mistakes}


def test_a_profile_describes_the_tables_that_its_report_type_has(tmp_path: Path) -> None:
    for text, place in (
        (OF_THE_PLAN.split("[tasks]")[0], "key tasks"),
        (OF_THE_PLAN.replace('code_headings = ["Mã"]\n', ""), "key tasks.code_headings"),
        (OF_THE_PLAN.replace('"plan_tasks"', '"cchc"'), "key item_headings"),
    ):
        with pytest.raises(PlanError) as raised:
            profile_of(tmp_path, text)
        assert place in {mistake.place for mistake in raised.value.mistakes}


def test_the_bundled_profile_knows_the_templates_own_headings() -> None:
    (profile,) = PROFILES
    assert profile.document.tasks is not None
    for heading, names in profile.document.tasks.headings.items():
        assert heading in TASK_HEADINGS
        assert heading in names

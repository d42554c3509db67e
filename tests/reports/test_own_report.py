"""A report that a unit made itself is read to the values that the template would give, or says what is not found."""

import hashlib
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from flows.intake.reading import Stated
from schemas.plan import PlanError
from sources.answers.words import answer_lines
from sources.reports.free_report import FreeReading, Said, read_free_report
from sources.reports.profile import load_report_profile, load_report_profiles
from tests.support.filled_report import PLAN, RULES, SOUND, filled, read
from tests.support.office import PLAN_FOLDER, ReadLog, log
from tests.support.own_report import HEADING, TITLES, Row, item_rows, own_report

PROFILES = load_report_profiles(PLAN)


def free(content: bytes, said: Said | None = None) -> FreeReading | None:
    sha256 = hashlib.sha256(content).hexdigest()
    return read_free_report(content, sha256, PLAN, RULES, PROFILES, said or Said())


def found(content: bytes, said: Said | None = None) -> list[tuple[str, str | None]]:
    own = free(content, said)
    assert own is not None
    reading = own.reading
    assert reading.read_count == reading.accepted_count + reading.rejected_count + reading.ignored_count
    return [(finding.rule_id, finding.expected) for finding in reading.findings]


def rules_of(content: bytes, said: Said | None = None) -> set[str]:
    return {rule_id for rule_id, _ in found(content, said)}


def test_it_gives_the_values_that_the_template_gives() -> None:
    figures = SOUND | {"A6.1": "1.234,5", "A7.1": "1.200", "A6.2": "Không phát sinh", "A9.3": "100 %"}
    own = free(own_report(item_rows(figures)))
    assert own is not None
    template = read(filled(figures))
    values = {row["item_code"]: (row["value"], row["is_blank"]) for row in own.reading.values.to_pylist()}
    assert values == {row["item_code"]: (row["value"], row["is_blank"]) for row in template.values.to_pylist()}
    assert own.reading.findings == template.findings == ()
    assert (own.reading.unit_code, own.reading.period, own.reading.report_type) == ("TV", "2022-Q1", "cchc")
    outcomes = {result.rule_id: result.outcome for result in own.reading.results}
    assert outcomes["R004"] == "not_evaluated"
    assert {outcomes[rule_id] for rule_id in ("R060", "R061", "R062", "R063", "R001", "R003")} == {"pass"}


def test_items_go_by_code_by_another_name_and_with_a_number_in_front() -> None:
    names = {
        "A7.1": "1. TỔNG SỐ VĂN BẢN  phát hành",
        "A9.1": "A9.1",
        "A5.2": "b) Số viên chức đạt chuẩn theo yêu cầu của vị trí việc làm:",
    }
    assert found(own_report(item_rows(names=names))) == []


def test_a_wrong_figure_breaks_the_rule_that_it_breaks_in_the_template() -> None:
    figures = SOUND | {"A7.2": 9, "A2.1": "khoảng 5", "A9.3": None}
    assert rules_of(own_report(item_rows(figures))) == {f.rule_id for f in read(filled(figures)).findings}


def test_a_near_label_is_proposed_and_its_figure_is_not_used() -> None:
    content = own_report(item_rows(names={"A7.1": "Tổng số các văn bản đi"}))
    own = free(content)
    assert own is not None
    assert ("R063", "gần nhất: Tổng số văn bản đi (A7.1) / nearest: Tổng số văn bản đi (A7.1)") in found(content)
    (value,) = [row["value"] for row in own.reading.values.to_pylist() if row["item_code"] == "A7.1"]
    assert value is None


def test_two_rows_of_one_item_are_a_contradiction() -> None:
    first, *rows = item_rows()
    content = own_report([first, *rows, (99, first[1], first[2], 17)])
    own = free(content)
    assert own is not None
    [code] = [finding.subject for finding in own.reading.findings if finding.rule_id == "R001"]
    [value] = [row["value"] for row in own.reading.values.to_pylist() if row["item_code"] == code]
    assert value != 17, "the last row does not win"


def test_a_code_beside_another_items_name_is_used_for_neither() -> None:
    rows: list[Row] = [("A7.2" if row[0] == 1 else "", *row) for row in item_rows()]
    content = own_report(rows, heading=("Mã", *HEADING))
    assert ("R063", "A7.2 ≠ A1.1") in found(content)


def test_sections_totals_and_signatures_are_no_labels() -> None:
    rows: list[Row] = [("(1)", "(2)", "(3)", "(4)"), ("I", "CẢI CÁCH THỂ CHẾ", "", None), *item_rows()]
    below: list[Row] = [("", "Tổng cộng", "", 99), (), ("", "NGƯỜI LẬP BIỂU", "", "THỦ TRƯỞNG ĐƠN VỊ")]
    assert found(own_report(rows, below=below)) == []


@pytest.mark.parametrize(
    ("content", "rule_id"),
    [
        pytest.param(own_report(heading=("STT", "Việc", "Đơn vị tính", "Số")), "R061", id="no table"),
        pytest.param(own_report(rows=[(1, "Trồng cây", "cây", 5)]), "R061", id="a table of something else"),
        pytest.param(own_report(below=[HEADING, *item_rows()]), "R062", id="two tables"),
        pytest.param(own_report(heading=(*HEADING, "Kết quả")), "R062", id="two columns of figures"),
        pytest.param(own_report(titles=TITLES[:2]), "R060", id="no unit"),
        pytest.param(own_report(titles=[TITLES[2]]), "R060", id="no period"),
        pytest.param(own_report(titles=[*TITLES, ("Quý III/2022",)]), "R060", id="two periods"),
        pytest.param(own_report(titles=[*TITLES, ("Đơn vị: Bảo tàng tỉnh",)]), "R060", id="two units"),
        pytest.param(own_report(titles=[("BÁO CÁO CCHC QUÝ I/2031",), TITLES[2]]), "R060", id="another plan's period"),
        pytest.param(own_report(titles=[TITLES[1], ("Đơn vị: Văn phòng Sở",)]), "R060", id="who owes none"),
    ],
)
def test_what_is_not_found_rejects_and_is_not_guessed(content: bytes, rule_id: str) -> None:
    own = free(content)
    assert own is not None
    assert rule_id in {finding.rule_id for finding in own.reading.findings}
    assert own.reading.is_rejected
    assert own.reading.values.num_rows == 0


def test_two_sheets_with_the_table_are_two_candidates() -> None:
    workbook = Workbook()
    for sheet in (workbook.worksheets[0], workbook.create_sheet("Bản sao")):
        for row in (*TITLES, HEADING, *item_rows()):
            sheet.append(list(row))
    saved = io.BytesIO()
    workbook.save(saved)
    assert rules_of(saved.getvalue()) == {"R062"}


def test_a_near_unit_is_proposed_and_not_assigned() -> None:
    content = own_report(titles=[TITLES[1], ("Đơn vị báo cáo: Thư viện tỉnh Khánh Hoà mới",)])
    own = free(content)
    assert own is not None
    assert own.reading.unit_code is None
    (finding,) = own.reading.findings
    assert "nearest: Thư viện tỉnh Khánh Hòa (TV)" in str(finding.expected)


def test_unit_and_period_may_be_stated_where_the_file_does_not_say_them() -> None:
    content = own_report(titles=())
    assert rules_of(content) == {"R060"}
    assert found(content, Said("TV", "2022-Q1")) == []
    assert rules_of(content, Said("TV", "2022-Q2")) == {"R060"}


def test_a_period_that_the_file_contradicts_is_neither() -> None:
    assert rules_of(own_report(), Said("TV", "2022-H1")) == {"R060"}
    # Who sends a file may do so for another unit.
    assert found(own_report(), Said("VP", "2022-Q1")) == []


@pytest.mark.parametrize(
    ("content", "said", "needed", "written"),
    [
        pytest.param(
            own_report(titles=TITLES[:2]), Said(), "đơn vị, ghi trong tệp hoặc khai khi nộp", "", id="nobody says it"
        ),
        pytest.param(
            own_report(titles=[*TITLES, ("Đơn vị: Bảo tàng tỉnh",)]),
            Said(),
            "một đơn vị",
            "Bảo tàng (BT), Thư viện (TV)",
            id="two units",
        ),
        pytest.param(
            own_report(),
            Said("TV", "2022-H1"),
            "kỳ báo cáo như đã khai khi nộp: 6 tháng đầu năm 2022 (2022-H1)",
            "Quý I năm 2022 (2022-Q1)",
            id="another than was stated",
        ),
        pytest.param(
            own_report(titles=[TITLES[1], ("Đơn vị: Văn phòng Sở",)]),
            Said(),
            "đơn vị phải gửi báo cáo này",
            "Văn phòng (VP)",
            id="who owes none",
        ),
    ],
)
def test_what_is_needed_and_what_is_written_instead_are_told_apart(
    content: bytes, said: Said, needed: str, written: str
) -> None:
    own = free(content, said)
    assert own is not None
    lines = answer_lines([vars(finding) for finding in own.reading.findings], RULES)
    [line] = [one for one in lines if one.rule_id == "R060"]
    assert (line.expected_vi, line.shown_vi) == (needed, written)
    # Nothing can be marked in the file: the words say what was found.
    assert line.said_vi == (f"{line.message_vi}: {written}" if written else line.message_vi)


def test_no_name_of_a_person_is_in_a_finding() -> None:
    name = "Nguyễn Thị Giả Định"
    below: list[Row] = [("", name, "", 7), ("", "Người duyệt", "", name)]
    content = own_report(titles=[*TITLES[:2], (f"Đơn vị báo cáo: {name}",)], below=below)
    said = repr(free(content)) + repr(free(own_report(below=below)))
    assert name not in said


def test_intake_decides_between_template_log_and_own_form(tmp_path: Path) -> None:
    own = ReadLog(tmp_path / "own", own_report(), "tu-lap.xlsx").reading
    template = ReadLog(tmp_path / "template", filled(SOUND), "mau.xlsx").reading
    a_log = ReadLog(tmp_path / "log", log("")).reading
    neither = ReadLog(tmp_path / "neither", own_report(titles=(), heading=("A", "B", "C", "D")), "khac.xlsx").reading
    assert (own.kind, own.state, own.profile_id) == ("unit_report", "accepted", "cchc-tu-lap")
    assert (template.kind, template.state, template.profile_id) == ("unit_report", "accepted", None)
    assert (a_log.kind, neither.kind, neither.state) == ("dossier_log", "dossier_log", "rejected")


def test_what_is_stated_at_intake_reaches_the_reading(tmp_path: Path) -> None:
    stated = Stated(date(2022, 3, 14), "E-Office số 017", "TV", None, "2022-Q1")
    one = ReadLog(tmp_path, own_report(titles=()), "tu-lap.xlsx", stated=stated).reading
    assert (one.state, one.unit_code, one.period) == ("accepted", "TV", "2022-Q1")


def test_a_wrong_report_profile_says_all_its_mistakes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sai.toml"
    text = (PLAN_FOLDER / "report_profiles" / "cchc-tu-lap.toml").read_text("utf-8")
    text = text.replace('"A7.2" = ', '"A99" = ').replace('"2022-H1"', '"2031-H1"').replace("(?P<unit>.+)", "(.+")
    path.write_text(text, "utf-8")
    with pytest.raises(PlanError) as raised:
        load_report_profile(path, PLAN)
    assert {mistake.place for mistake in raised.value.mistakes} == {
        "key labels",
        "key period_names",
        "key unit_patterns",
    }

"""A name that is nearly a known one is proposed to people and assigned to nobody."""

from pathlib import Path

import pytest

from schemas.nearest import nearest, procedure_names, unit_names
from schemas.rules import load_rules
from sources.answers.words import answer_lines
from tests.support.office import PLAN, ReadLog, log

OFFICES, PROCEDURES = unit_names(PLAN.units), procedure_names(PLAN.procedures)


def row(procedure: str, office: str, code: str = "H32.15-220105-0001") -> str:
    return f"{code} | {procedure} | {office} | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phòng Quản lý Văn hóa", "QLVHGD"),
        ("Van phong So", "VP"),
        ("Thư viện tỉnh KH", "TV"),
        ("Phòng Quản lý", None),
        ("Phòng Tổng hợp", None),
        ("Người Dùng Giả Định 01", None),
    ],
)
def test_an_office_is_near_or_it_is_not(text: str, code: str | None) -> None:
    found = nearest(text, OFFICES)
    assert (found.code if found else None) == code


def test_of_two_names_as_near_as_each_other_neither_is_proposed() -> None:
    assert nearest("Phòng Một Cửa 3", {"Phòng Một Cửa 1": "A", "Phòng Một Cửa 2": "B"}) is None
    found = nearest("Phòng Một Cửa 3", {"Phòng Một Cửa 1": "A", "Phòng Một Cửa 2": "A"})
    assert found is not None
    assert found.code == "A"


def test_who_reads_vietnamese_alone_is_told_the_name_too(tmp_path: Path) -> None:
    one = ReadLog(tmp_path, log(row("1.003654", "Phòng Quản lý Văn hóa")))
    (line,) = answer_lines([f for f in one.table("finding") if f["rule_id"] == "D014"], load_rules())
    assert line.expected_vi == "gần nhất: Phòng Quản lý văn hóa và gia đình (QLVHGD)"


def test_a_near_office_is_proposed_in_the_finding_and_the_row_has_none(tmp_path: Path) -> None:
    one = ReadLog(tmp_path, log(row("1.003654", "Phòng Quản lý Văn hóa")))
    (finding,) = [f for f in one.table("finding") if f["rule_id"] == "D014"]
    assert (
        finding["expected"]
        == "gần nhất: Phòng Quản lý văn hóa và gia đình (QLVHGD) / nearest: Phòng Quản lý văn hóa và gia đình (QLVHGD)"
    )
    assert finding["shown_value"] == "xxxxx xxxx xx xxx xxx"
    (dossier,) = one.table("dossier_row")
    assert dossier["handling_office"] is None


def test_a_near_procedure_is_proposed_in_the_finding_and_the_row_keeps_what_was_written_masked(tmp_path: Path) -> None:
    one = ReadLog(tmp_path, log(row("Thông báo tổ chức lễ hội", "QLVHGD")))
    (finding,) = [f for f in one.table("finding") if f["rule_id"] == "D012"]
    assert (
        finding["expected"]
        == "gần nhất: Thông báo tổ chức lễ hội cấp tỉnh (1.003654) / nearest: Thông báo tổ chức lễ hội cấp tỉnh (1.003654)"
    )
    (dossier,) = one.table("dossier_row")
    assert str(dossier["procedure_code"]).startswith("?")


def test_a_name_far_from_all_is_a_finding_without_a_proposal(tmp_path: Path) -> None:
    one = ReadLog(tmp_path, log(row("Cấp phép mở vũ trường trên biển", "Phòng Tổng hợp")))
    found = {str(f["rule_id"]): f["expected"] for f in one.table("finding")}
    assert (found["D012"], found["D014"]) == (None, None)


def test_a_procedure_called_by_its_name_has_its_code_whatever_the_case_spacing_and_tone_mark(tmp_path: Path) -> None:
    one = ReadLog(tmp_path, log(row("THÔNG BÁO  tổ chức lễ hội cấp tỉnh", "Quản lý văn hoá gia đình")))
    (dossier,) = one.table("dossier_row")
    assert (dossier["procedure_code"], dossier["handling_office"]) == ("1.003654", "QLVHGD")
    assert one.rules == set()

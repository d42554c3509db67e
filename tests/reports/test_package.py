"""A report's links to other files and its macros are findings; neither is followed or run."""

from pathlib import Path

from tests.support.filled_report import SOUND, filled, outcomes, read, seen
from tests.support.office import ReadLog
from tests.support.rule_cases.workbooks import LINK_RELATIONS, LINK_RELATIONS_NAME
from tests.support.workbooks import with_part

REPORT = filled(SOUND)
MACROS = with_part(REPORT, "xl/vbaProject.bin", b"x")


def test_a_report_that_links_to_another_file_is_read_and_asked_about() -> None:
    reading = read(with_part(REPORT, LINK_RELATIONS_NAME, LINK_RELATIONS))
    assert (seen(reading), outcomes(reading)["R030"], reading.is_rejected) == ([("R030", None)], "fail", False)


def test_a_report_with_macros_is_read_and_they_are_recorded() -> None:
    reading = read(MACROS)
    assert (seen(reading), outcomes(reading)["R031"], reading.is_rejected) == ([("R031", None)], "fail", False)


def test_a_sound_report_passes_both() -> None:
    found = outcomes(read(REPORT))
    assert (found["R030"], found["R031"]) == ("pass", "pass")


def test_a_report_saved_with_macros_is_taken_for_a_report(tmp_path: Path) -> None:
    assert ReadLog(tmp_path, MACROS, "bao-cao.xlsm").reading.kind == "unit_report"

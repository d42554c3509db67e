"""A declared correction is applied where the cell holds what is expected, and nowhere else; the file stays as it came."""

import io
from datetime import date
from pathlib import Path

import pytest

from audit.corrections import Correction, corrections_of
from audit.events import CorrectionDeclared, SubmissionRevalidated
from flows.audits.verify import verify
from flows.entry.door import MisuseError
from flows.intake.correct import Place, correct
from flows.intake.submission import show, withdraw
from flows.intake.submissions import find_submission, standing, submissions
from motcua.printing.show import show_submission
from motcua.printing.terminal import PlainConsole
from sources.templates.titles import ITEM_SHEET
from tests.support.office import PERIOD, Office, ReadLog, log, report, small_plan
from warehouse import vault

LATE = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/02/2022"
OTHER = "H32.15-220105-0002 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
# A name that slid into a column of days.
SLID = "Công dân Thử Nghiệm 17"
IN_LOG = Place(dossier="H32.15-220105-0001", field="finished_at")


@pytest.fixture
def filed(tmp_path: Path) -> Office:
    """An office with a log in which one date is a slip of the pen, and a report."""
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="BT"))
    office.take(log(f"{LATE}\n{OTHER}"))
    office.take(report("BT", {"A9.1": 100, "A9.2": 84}), "bao-cao.xlsx")
    return office


def declare(office: Office, number: str, place: Place, before: str, after: str, reason: str = "gõ nhầm tháng") -> None:
    correct(office.workspace, office.door, number, place, before, after, reason, "Phiếu trả kết quả số 017")


def cell_of(office: Office, item: str) -> tuple[str, str]:
    rows = [r for e in standing(office.ledger.entries) for r in _values(office, e)]
    row = next(row for row in rows if row["item_code"] == item)
    return f"{row['sheet']}!{row['cell']}", str(row["value"])


def _values(office: Office, entry: object) -> list[dict[str, object]]:
    from tests.support.office import rows_of

    return rows_of(office.workspace.root, entry.files, "report_value")  # type: ignore[attr-defined]


def test_a_correction_of_a_log_changes_the_figures_and_not_the_file(filed: Office) -> None:
    filed.consolidate()
    assert filed.totals()["resolved_overdue"] == 1
    before = submissions(filed.ledger.entries)[0]
    original = vault.content(filed.workspace, before.taken.file_sha256)
    declare(filed, "S-0001", IN_LOG, "20/02/2022", "20/01/2022")
    filed.consolidate()
    assert filed.totals()["resolved_overdue"] == 0
    assert filed.totals()["resolved_total"] == 2
    after = submissions(filed.ledger.entries)[0]
    assert (after.seq, after.taken.file_sha256) == (before.seq, before.taken.file_sha256)
    assert after.judged_seq > before.judged_seq
    assert vault.content(filed.workspace, after.taken.file_sha256) == original
    assert verify(filed.workspace).problems == []


def test_a_correction_of_a_report_changes_its_figure(filed: Office) -> None:
    place, value = cell_of(filed, "A9.2")
    assert value.startswith("84")
    declare(filed, "S-0002", Place(cell=place), "84", "90")
    assert cell_of(filed, "A9.2")[1].startswith("90")
    # The share that the report states now contradicts its parts: the correction is judged like everything else.
    assert "R003" in {row["rule_id"] for row in show(filed.workspace, "S-0002").findings.to_pylist()}


def test_both_verdicts_stay_and_the_entry_says_why(filed: Office) -> None:
    declare(filed, "S-0001", IN_LOG, "20/02/2022", "20/01/2022")
    first, last = filed.ledger.entries[1], filed.ledger.entries[-1]
    assert [file.path for file in first.files if "/rule_result/" in file.path]
    assert [file.path for file in last.files if "/rule_result/" in file.path]
    declared, judged = last.events
    assert isinstance(declared, CorrectionDeclared)
    assert (declared.number, declared.expected, declared.replacement) == ("C-0001", "20/02/2022", "20/01/2022")
    assert (declared.reason, declared.evidence) == ("gõ nhầm tháng", "Phiếu trả kết quả số 017")
    assert isinstance(judged, SubmissionRevalidated)
    assert judged.because == ("correction",)


@pytest.mark.parametrize(
    ("number", "place", "before", "after", "message"),
    [
        pytest.param("S-0001", IN_LOG, "21/02/2022", "20/01/2022", "does not hold that", id="another value"),
        pytest.param(
            "S-0001", Place(dossier="H32.15-220105-0009", field="due_at"), "1", "2", "no such dossier", id="no row"
        ),
        pytest.param(
            "S-0001", Place(dossier="H32.15-220105-0001", field="phone"), "1", "2", "no such field", id="field"
        ),
        pytest.param("S-0001", Place(), "1", "2", "--dossier", id="no place in a log"),
        pytest.param("S-0002", Place(), "1", "2", "--cell", id="no place in a report"),
        pytest.param("S-0002", Place(cell="E7"), "1", "2", "tên trang", id="no sheet"),
        pytest.param("S-0002", Place(cell="Trang!7"), "1", "2", "Trang!E7", id="no address"),
        pytest.param(
            "S-0002", Place(cell=f"{ITEM_SHEET}!E7"), "6", "Công dân Thử Nghiệm 03", "only numbers", id="a name"
        ),
        pytest.param("S-0002", Place(cell="Không có trang!E7"), "6", "7", "no such sheet", id="unknown sheet"),
    ],
)
def test_what_does_not_fit_is_one_line_and_writes_nothing(
    filed: Office, number: str, place: Place, before: str, after: str, message: str
) -> None:
    size = filed.ledger.size
    with pytest.raises(MisuseError, match=message):
        declare(filed, number, place, before, after)
    assert filed.ledger.size == size
    assert not filed.workspace.staging.exists()


@pytest.mark.parametrize(
    ("number", "place", "said"),
    [
        ("S-0001", Place(dossier="H32.15-220105-0003", field="due_at"), "nearest: H32.15-220105-000[12]"),
        ("S-0001", Place(dossier="H32.15-22015-0001", field="due_at"), "nearest: H32.15-220105-0001"),
        ("S-0001", Place(dossier="220105-0002", field="due_at"), "nearest: H32.15-220105-0002"),
        ("S-0001", Place(dossier="không có", field="due_at"), "nearest: không có / none"),
        ("S-0001", Place(dossier="H32.15-220105-0001", field="due"), "nearest: .*due_at"),
        ("S-0001", Place(dossier="H32.15-220105-0001", field="chanel"), "nearest: channel"),
        ("S-0001", Place(dossier="H32.15-220105-0001", field="dossier_code"), "no such field"),
        ("S-0001", Place(dossier="H32.15-220105-0001"), "--field .*due_at"),
        ("S-0002", Place(cell="Số liêu!E7"), f"no such sheet: gần nhất / nearest: {ITEM_SHEET}"),
        ("S-0002", Place(cell="so lieu!E7"), f"no such sheet: .*{ITEM_SHEET}"),
        ("S-0002", Place(cell="Sheet1!E7"), f"no such sheet: .*{ITEM_SHEET}"),
        ("S-0002", Place(cell=f"{ITEM_SHEET}!F7"), "is no figure.* gần nhất / nearest: E7"),
        ("S-0002", Place(cell=f"{ITEM_SHEET}!e999"), "!E999: .*is no figure, nor a day of a task: .*nearest: E28"),
        ("S-0002", Place(cell=f"{ITEM_SHEET}!A7"), "is no figure.* gần nhất / nearest: E7"),
        ("S-0002", Place(cell=f"{ITEM_SHEET}!XFD1"), "is no figure.* gần nhất / nearest: E"),
    ],
)
def test_a_place_that_is_not_there_is_answered_with_the_nearest(
    filed: Office, number: str, place: Place, said: str
) -> None:
    size = filed.ledger.size
    with pytest.raises(MisuseError, match=said) as refused:
        declare(filed, number, place, "6", "7")
    assert "\n" not in str(refused.value)
    assert filed.ledger.size == size


def test_a_reason_and_an_evidence_are_needed_and_a_withdrawn_file_is_left_alone(filed: Office) -> None:
    with pytest.raises(MisuseError, match="--reason"):
        declare(filed, "S-0001", IN_LOG, "20/02/2022", "20/01/2022", reason=" ")
    withdraw(filed.workspace, filed.door, "S-0001", "gửi nhầm")
    with pytest.raises(MisuseError, match="đã rút"):
        declare(filed, "S-0001", IN_LOG, "20/02/2022", "20/01/2022")


def test_words_that_stood_in_a_cell_are_known_to_the_record_by_their_shape(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(f"{LATE.replace('20/02/2022', SLID)}\n{OTHER}"))
    with pytest.raises(MisuseError, match="does not hold that"):
        declare(office, "S-0001", IN_LOG, SLID.replace("17", "18"), "20/01/2022")
    with pytest.raises(MisuseError, match="does not hold that"):
        declare(office, "S-0001", IN_LOG, "xxxx xxx xxx xxxxxx 99", "20/01/2022")
    declare(office, "S-0001", IN_LOG, SLID, "20/01/2022")
    (declared,) = corrections_of(office.ledger.entries, "S-0001")
    assert declared.expected == "xxxx xxx xxx xxxxxx 99"
    assert SLID not in office.workspace.ledger.read_text("utf-8")
    # Judged again under another plan, it still fits.
    path = office.workspace.plan_folder / "procedures.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    again = office.decide_plan()
    again.consolidate()
    assert again.totals()["resolved_total"] == 2
    assert "D090" not in {row["rule_id"] for row in show(again.workspace, "S-0001").findings.to_pylist()}


def test_a_log_is_corrected_to_known_words_alone(filed: Office) -> None:
    channel = Place(dossier="H32.15-220105-0001", field="channel")
    with pytest.raises(MisuseError, match="known names"):
        declare(filed, "S-0001", channel, "Trực tuyến", SLID)
    declare(filed, "S-0001", channel, "Trực tuyến", "Trực tiếp")
    office = Place(dossier="H32.15-220105-0001", field="handling_office")
    declare(filed, "S-0001", office, "QLVHGD", "QLTDTT")
    filed.consolidate()
    assert filed.totals()["received_online"] == 1


def test_two_corrections_of_one_file_hold_together(filed: Office) -> None:
    declare(filed, "S-0001", IN_LOG, "20/02/2022", "20/01/2022")
    other = Place(dossier="H32.15-220105-0002", field="channel")
    declare(filed, "S-0001", other, "Trực tuyến", "Trực tiếp")
    assert [one.number for one in corrections_of(filed.ledger.entries, "S-0001")] == ["C-0001", "C-0002"]
    filed.consolidate()
    totals = filed.totals()
    assert (totals["received_online"], totals["received_in_person_or_postal"], totals["resolved_overdue"]) == (1, 1, 0)


def test_a_changed_plan_judges_anew_what_stands_behind_a_period_and_keeps_the_correction(filed: Office) -> None:
    declare(filed, "S-0001", IN_LOG, "20/02/2022", "20/01/2022")
    filed.consolidate()
    path = filed.workspace.plan_folder / "procedures.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    again = filed.decide_plan()
    again.consolidate()
    judged = [e for entry in again.ledger.entries for e in entry.events if isinstance(e, SubmissionRevalidated)]
    assert [(e.taken.number, e.because) for e in judged[1:]] == [("S-0001", ("plan",)), ("S-0002", ("plan",))]
    assert again.totals()["resolved_overdue"] == 0
    assert find_submission(again.ledger.entries, "S-0001").taken.officially_received_on == date(2022, 3, 14)
    size = again.ledger.size
    again.consolidate()
    assert (again.ledger.size, PERIOD) == (size, "2022-Q1")


def test_a_correction_that_no_longer_fits_rejects_its_row(tmp_path: Path) -> None:
    unfit = Correction("C-0001", "CSV", 5, None, "finished_at", "19/02/2022", "20/01/2022")
    one = ReadLog(tmp_path, log(f"{LATE}\n{OTHER}"), corrections=(unfit,))
    assert [(row, reason) for row, fate, reason in one.fates if fate == "rejected"] == [(5, "D090")]
    assert one.reading.accepted_count == 1


def test_a_corrected_cell_is_shown_with_what_the_file_holds(filed: Office) -> None:
    place, _ = cell_of(filed, "A9.2")
    shown = io.StringIO()
    plan = filed.workspace.plan
    show_submission(PlainConsole(file=shown, width=300), show(filed.workspace, "S-0002"), plan)
    assert "C-0001" not in shown.getvalue()
    declare(filed, "S-0002", Place(cell=place), "84", "90")
    show_submission(PlainConsole(file=shown, width=300), show(filed.workspace, "S-0002"), plan)
    [line] = [one for one in shown.getvalue().splitlines() if "C-0001" in one]
    cell = place.rpartition("!")[2]
    assert f"!{cell}" in line
    assert "84 → 90" in line
    assert "gõ nhầm tháng" in line
    assert "20/03/2022 09:00" in line
    assert "trang 1!" not in line, "the sheet is called as its sender calls it"
    declare(filed, "S-0001", IN_LOG, "20/02/2022", "20/01/2022")
    show_submission(PlainConsole(file=shown, width=300), show(filed.workspace, "S-0001"), plan)
    [line] = [one for one in shown.getvalue().splitlines() if "C-0002" in one]
    assert "20/02/2022 →" in line
    assert ", Ngày kết" in line, "a column is called as people call it"

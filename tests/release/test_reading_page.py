"""The page that an approver reads first says in names and words what differs, because of what, and who decided it."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.intake.submission import withdraw
from flows.release.decisions import approve, request
from flows.release.reading_copy import what_waits
from flows.release.reading_page import source_names
from flows.release.source_changes import CAUSE_OF, Deed, SourceChange
from motcua.cli import app
from motcua.printing.decisions import show_requested
from motcua.printing.terminal import PlainConsole
from tests.support.office import PERIOD, Office, log, small_plan, titles
from tests.support.people import APPROVER, FOUNDER
from warehouse.versions import reading_folder

LINE = "H32.15-220105-{n:04d} | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | {done}"
FIRST = LINE.format(n=1, done="10/02/2022")
OTHER = LINE.format(n=2, done="20/01/2022")
EDITED = 'comparison = "<="\nthreshold = "1"'
SENT_BY_MISTAKE = "S-0002"
WHY_WITHDRAWN, WHY_EDITED, WHY_ASKED = "gửi nhầm quý", "điều chỉnh chỉ tiêu", "rút sổ gửi nhầm"


def ask(office: Office, reason: str):
    return request(office.workspace, office.door, office.workspace.plan.period(PERIOD), reason)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that withdrew a log and changed a target since its first version; no test may change it."""
    folder = tmp_path_factory.mktemp("asked")
    office = Office.new(folder, small_plan(folder / "plan", has_targets=True))
    office.appoint_approver()
    office.take(log(FIRST, titles(last="28/02/2022")))
    office.take(log(f"{FIRST}\n{OTHER}", titles(exported="16/03/2022 08:00:00")), "so-2.csv", date(2022, 3, 16))
    office.consolidate()
    office.settle()
    assert office.publish().version == 1
    withdraw(office.workspace, office.door, SENT_BY_MISTAKE, WHY_WITHDRAWN)
    path = office.workspace.plan_folder / "targets.toml"
    text = path.read_text("utf-8")
    before, target = text.split('id = "I.2a"')
    was = 'comparison = "="\nthreshold = "0"'
    assert was in target
    path.write_text(f'{before}id = "I.2a"{target.replace(was, EDITED, 1)}', "utf-8")
    again = office.decide_plan(WHY_EDITED)
    again.consolidate()
    again.settle()
    done = ask(again, WHY_ASKED)
    assert done.version == 2, done.reasons
    return again


@pytest.fixture(scope="module")
def page(asked: Office) -> str:
    return what_waits(asked.workspace, asked.ledger.entries, PERIOD).first


@pytest.fixture(scope="module")
def changes(asked: Office) -> list[dict[str, str]]:
    path = reading_folder(asked.workspace, PERIOD, 2) / "official" / "changes.csv"
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_a_decision_about_the_plan_stands_from_what_to_what_with_who_decided(page: str) -> None:
    assert f"PL-0001: {FOUNDER} đề nghị / proposed, {APPROVER} chấp nhận / accepted, 20/03/2022: {WHY_EDITED}" in page
    assert "plan/targets.toml, target I.2a, threshold: 0 → 1\n" in page
    assert "– → –" not in page


def test_a_verdict_stands_in_words_of_both_languages_with_the_decision_that_turned_it(page: str) -> None:
    [line] = [line for line in page.splitlines() if "(I.2a)" in line]
    assert "Không đạt / missed → Đạt / met (kế hoạch / plan: PL-0001)" in line
    assert not line.startswith("- I.2a")


def test_only_quantities_are_counted_among_the_quantities(page: str, changes: list[dict[str, str]]) -> None:
    figures = [row for row in changes if row["kind"] == "figure"]
    assert 0 < len(figures) < len(changes)
    assert f"quantities that differ from v1: {len(figures)}" in page


def test_every_figure_and_unit_is_named_before_its_code(page: str) -> None:
    lines = [line for line in page.splitlines() if "(II.06a QLVHGD" in line and line.endswith("received_total)")]
    assert lines, page
    assert all("Biểu II.06a / Form II.06a, QLVH&GĐ, Lĩnh vực: " in line for line in lines)
    assert all("Tiếp nhận: tổng số (3) / Dossiers in hand" in line for line in lines)
    assert "Toàn Sở, mẫu số / denominator" in page


def test_a_withdrawal_is_told_as_one_with_its_number_and_reason(page: str, changes: list[dict[str, str]]) -> None:
    assert f"- sổ hồ sơ / dossier log ({SENT_BY_MISTAKE}): đã rút / withdrawn: {WHY_WITHDRAWN}" in page
    assert "nguồn được sửa" not in page

    def is_of_the_source(row: Mapping[str, str]) -> bool:
        return row["kind"] == "figure" and row["part_3_corrected_source"] not in ("", "0")

    told = [(row["causes"], row["reason"]) for row in changes if is_of_the_source(row)]
    assert set(told) == {(f"corrected_source (withdrawn {SENT_BY_MISTAKE})", f"{SENT_BY_MISTAKE}: {WHY_WITHDRAWN}")}


def test_no_row_of_the_changes_is_without_its_causes(changes: list[dict[str, str]]) -> None:
    assert all(row["causes"] for row in changes)


@pytest.mark.parametrize(("is_approved", "said"), [(False, "already waits for approval"), (True, "approved already")])
def test_asking_again_with_another_reason_says_what_waits_with_which(
    asked: Office, tmp_path: Path, is_approved: bool, said: str
) -> None:
    office = asked.copy(tmp_path / "copied" / "workspace")
    if is_approved:
        approve(office.workspace, office.door_of(APPROVER), office.workspace.plan.period(PERIOD))
    done = ask(office, "lý do khác")
    out = PlainConsole(file=io.StringIO(), width=200, markup=False)
    show_requested(out, done, "lý do khác")
    shown = out.file.getvalue()  # type: ignore[attr-defined]
    assert said in shown
    assert WHY_ASKED in shown
    assert "the new reason is not recorded: lý do khác" in shown
    assert "không có gì mới" not in shown


def test_the_moment_of_the_request_is_in_the_plans_zone_as_people_write_it(asked: Office, page: str) -> None:
    assert f"{FOUNDER}, 20/03/2022 09:00" in page
    done = CliRunner().invoke(app, ["release", "show", PERIOD, "-w", str(asked.workspace.root)])
    assert "20/03/2022 09:00" in done.output


@pytest.mark.parametrize("deed", [deed for deed, cause in CAUSE_OF.items() if cause == "corrected_source"])
def test_every_deed_that_alone_corrects_a_source_stands_in_its_own_words(deed: Deed) -> None:
    (said,) = source_names([SourceChange(deed, "S-0001", "nhầm")]).values()
    vi, _, en = said.partition(" / ")
    assert vi
    assert en

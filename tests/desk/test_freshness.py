"""A status says of figures that they are of the plan before, or older than the files, and what has to be restated."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flows.desk.freshness import Freshness, freshness
from flows.desk.status import PeriodStatus, period_status
from flows.intake.correct import Place, correct
from flows.intake.mend import mend_receipt, mend_sender
from flows.intake.submission import reinstate, withdraw
from motcua.printing.period import show_period
from motcua.printing.terminal import PlainConsole
from tests.support.office import PERIOD, Office, log, report, small_plan, titles
from warehouse.workspace import Workspace

LINE = "H32.15-220105-{n:04d} | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
IN_LOG = Place(dossier="H32.15-220105-0001", field="channel")
PLAN_BEFORE = "tính theo kế hoạch trước / under the plan before"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that has published a period, with one log withdrawn; no test may change it."""
    folder = tmp_path_factory.mktemp("published")
    office = Office.new(folder, small_plan(folder / "plan", sender="TV", has_targets=True))
    office.appoint_approver()
    office.take(report("TV", {"A7.1": 120}), "TV.xlsx", date(2022, 3, 16))
    office.take(log(LINE.format(n=1)))
    office.take(log(LINE.format(n=2), titles(exported="14/03/2022 08:00:00")), "so-2.csv")
    withdraw(office.workspace, office.door, "S-0003", "tưởng là nhầm")
    office.consolidate()
    office.settle()
    assert office.publish().version == 1
    return office


@pytest.fixture
def office(published: Office, tmp_path: Path) -> Office:
    return published.copy(tmp_path / "copied" / "workspace")


def fresh(office: Office) -> Freshness:
    plan = Workspace(office.workspace.root).plan
    return freshness(office.ledger, plan, plan.period(PERIOD))


def of_period(office: Office) -> tuple[PeriodStatus, str]:
    workspace = Workspace(office.workspace.root)
    plan, today = workspace.plan, office.door.today(workspace.plan)
    status = period_status(workspace, office.ledger, plan, plan.period(PERIOD), today)
    out = PlainConsole(file=io.StringIO(), width=200, markup=False)
    show_period(out, status, plan)
    return status, str(out.file.getvalue())  # type: ignore[attr-defined]


def other_log(office: Office, name: str = "so-3.csv", *, last: str = "14/03/2022") -> None:
    office.take(log(LINE.format(n=3), titles(last=last, exported="16/03/2022 08:00:00")), name)


DEEDS: dict[str, tuple[Callable[[Office], object], str]] = {
    "a report withdrawn": (
        lambda o: withdraw(o.workspace, o.door, "S-0001", "gửi nhầm quý"), "(S-0001): đã rút / withdrawn: gửi nhầm quý"
    ),
    "a log withdrawn": (
        lambda o: withdraw(o.workspace, o.door, "S-0002", "thiếu dòng"), "(S-0002): đã rút / withdrawn: thiếu dòng"
    ),
    "a log reinstated": (
        lambda o: reinstate(o.workspace, o.door, "S-0003", "rút nhầm"), "được tính lại / counts again: rút nhầm"
    ),
    "a day of receipt mended": (
        lambda o: mend_receipt(o.workspace, o.door, "S-0001", date(2022, 3, 14), "CV 7", "ghi nhầm"),
        "day of receipt mended, 16/03/2022 → 14/03/2022: ghi nhầm",
    ),
    "a log's day of receipt mended": (
        lambda o: mend_receipt(o.workspace, o.door, "S-0002", date(2022, 3, 10), "CV 7", "ghi nhầm"),
        "day of receipt mended, 14/03/2022 → 10/03/2022: ghi nhầm",
    ),
    "a sender mended": (
        lambda o: mend_sender(o.workspace, o.door, "S-0001", "BT", None, "gửi thay"), "→ Bảo tàng"
    ),
    "a cell corrected": (
        lambda o: correct(o.workspace, o.door, "S-0002", IN_LOG, "Trực tuyến", "Trực tiếp", "gõ nhầm", "Phiếu 017"),
        "ô được đính chính / cell corrected: gõ nhầm",
    ),
    "another round of a report": (
        lambda o: o.take(report("TV", {"A7.1": 121}), "TV-2.xlsx", date(2022, 3, 17)), "gửi lại / sent again"
    ),
    "another export of the log": (other_log, "gửi lại / sent again"),
    "two deeds": (
        lambda o: (withdraw(o.workspace, o.door, "S-0001", "một"), withdraw(o.workspace, o.door, "S-0002", "hai")),
        "withdrawn: hai",
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_what_became_of_a_submission_is_named_with_the_version_that_it_touches(office: Office, deed: str) -> None:
    assert fresh(office) == Freshness(published="v1")
    assert "restated" not in of_period(office)[1]
    act, said = DEEDS[deed]
    act(office)
    found = fresh(office)
    assert not found.is_of_plan_before
    assert any(said in one for one in found.since_consolidated)
    assert found.since_consolidated == found.since_published
    printed = of_period(office)[1]
    assert "the figures do not know yet" in printed
    assert "2022-Q1 v1 đã công bố, phải điều chỉnh / is published and to be restated" in printed


def test_once_consolidated_only_what_is_published_is_older(office: Office) -> None:
    reinstate(office.workspace, office.door, "S-0003", "rút nhầm")
    office.consolidate()
    found = fresh(office)
    assert found.since_consolidated == ()
    assert len(found.since_published) == 1
    office.settle()
    assert office.publish().version == 2
    assert fresh(office) == Freshness(published="v2")


def edit(office: Office, old: str, new: str) -> Office:
    path = office.workspace.plan_folder / "targets.toml"
    before, target = path.read_text("utf-8").split('id = "I.2a"')
    assert old in target
    path.write_text(f'{before}id = "I.2a"{target.replace(old, new, 1)}', "utf-8")
    return office.decide_plan()


def test_a_verdict_stands_beside_the_threshold_that_it_was_judged_by(office: Office) -> None:
    def threshold(of: Office) -> tuple[object, object]:
        (row,) = [row for row in of_period(of)[0].targets if row["target_id"] == "I.2a"]
        return row["threshold"], row["status"]

    before = threshold(office)
    assert PLAN_BEFORE not in of_period(office)[1]
    again = edit(office, 'comparison = "="\nthreshold = "0"', 'comparison = "<="\nthreshold = "0.9"')
    assert fresh(again).is_of_plan_before
    assert threshold(again) == before
    printed = of_period(again)[1]
    assert f"Chỉ tiêu / targets, {PLAN_BEFORE}" in printed
    assert f"Chỉ số / figures, {PLAN_BEFORE}" in printed
    assert "motcua consolidate 2022-Q1" in printed
    again.consolidate()
    assert not fresh(again).is_of_plan_before
    assert threshold(again)[0] != before[0]
    assert PLAN_BEFORE not in of_period(again)[1]


PLAN_EDITS = {
    "a threshold": ('threshold = "0"', 'threshold = "0.5"'),
    "a comparison": ('comparison = "="', 'comparison = "<="'),
    "words": ('text_vi = "', 'text_vi = "Sửa: '),
}


@pytest.mark.parametrize("what", PLAN_EDITS)
def test_any_plan_that_was_accepted_since_makes_figures_those_of_the_plan_before(office: Office, what: str) -> None:
    again = edit(office, *PLAN_EDITS[what])
    assert fresh(again).is_of_plan_before
    assert PLAN_BEFORE in of_period(again)[1]


def test_a_period_that_nobody_consolidated_says_nothing(office: Office) -> None:
    plan = office.workspace.plan
    assert freshness(office.ledger, plan, plan.period("2022-Q2")) == Freshness()

"""What was stated of a submission and was not so is stated anew: recorded, signed, and what stood there stays."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from audit.events import (
    ReceiptMended,
    ReleasePublished,
    SenderMended,
    SubmissionReinstated,
    SubmissionRevalidated,
    SubmissionWithdrawn,
)
from audit.statements import statements_of
from flows.audits.verify import verify
from flows.entry.authority import NotAllowedError, entered
from flows.entry.door import Door, MisuseError
from flows.intake.correct import Place, correct
from flows.intake.intake import take_in
from flows.intake.mend import Mended, mend_receipt, mend_sender
from flows.intake.reading import Stated
from flows.intake.submission import reinstate, show, withdraw
from flows.intake.submissions import find_submission, standing, submissions
from flows.release.reproduce import reproduce
from flows.release.source_changes import source_changes, source_text
from motcua.printing.show import show_submission
from motcua.printing.terminal import PlainConsole
from tests.support.office import PERIOD, Office, log, report, rows_of, small_plan, titles
from tests.support.own_report import own_report
from tests.support.people import FOUNDER
from warehouse.versions import version_folder

LINE = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/02/2022"
EVIDENCE, WHY = "E-Office số 020", "văn thư ghi nhầm ngày"
DUE = date(2022, 3, 14)
LATE, IN_TIME = DUE + timedelta(days=2), DUE - timedelta(days=1)
SOMEBODY = "Người Dùng Giả Định 09"


@pytest.fixture
def filed(tmp_path: Path) -> Office:
    """An office with a report that is late by its day of receipt, and a log."""
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    office.take(report("TV", {"A7.1": 120}), "TV.xlsx", LATE)
    office.take(log(LINE))
    return office


def receipt(office: Office, on: date, evidence: str = EVIDENCE, reason: str = WHY, number: str = "S-0001") -> Mended:
    return mend_receipt(office.workspace, office.door, number, on, evidence, reason)


def sender(
    office: Office, unit: str | None, period: str | None = None, reason: str = WHY, number: str = "S-0001"
) -> Mended:
    return mend_sender(office.workspace, office.door, number, unit, period, reason, "Công văn số 7")


def state_of(office: Office) -> tuple[object, object]:
    office.consolidate()
    (row,) = office.table("expected_report")
    return row["state"], row["officially_received_on"]


def test_a_mended_day_of_receipt_decides_whether_a_report_was_in_time(filed: Office) -> None:
    assert state_of(filed) == ("late", LATE)
    done = receipt(filed, IN_TIME)
    assert (done.taken.officially_received_on, done.taken.evidence, done.taken.state) == (IN_TIME, EVIDENCE, "accepted")
    assert state_of(filed) == ("on_time", IN_TIME)
    receipt(filed, LATE, "E-Office số 021", "chứng cứ mới")
    assert state_of(filed) == ("late", LATE)
    assert verify(filed.workspace).problems == []


def test_the_statement_and_what_was_judged_under_it_are_one_signed_commit(filed: Office) -> None:
    receipt(filed, IN_TIME)
    sender(filed, "BT")
    first, second = filed.ledger.entries[-2:]
    assert [type(event) for event in first.events] == [ReceiptMended, SubmissionRevalidated]
    assert [type(event) for event in second.events] == [SenderMended, SubmissionRevalidated]
    for entry in (first, second):
        again = entry.events[1]
        assert isinstance(again, SubmissionRevalidated)
        assert again.because == ("statement",)
        assert entry.actor == FOUNDER
        assert entry.signature is not None
    assert find_submission(filed.ledger.entries, "S-0001").taken.officially_received_on == IN_TIME


def test_what_was_stated_before_is_shown_with_who_when_and_why(filed: Office) -> None:
    receipt(filed, IN_TIME)
    sender(filed, "BT")
    withdraw(filed.workspace, filed.door, "S-0001", "rút thử")
    reinstate(filed.workspace, filed.door, "S-0001", "rút nhầm")
    shown = show(filed.workspace, "S-0001")
    said = [(one.matter, one.value, one.reason, one.is_in_force) for one in shown.statements]
    assert said == [
        ("receipt", LATE.isoformat(), "", False),
        ("sender", "", "", False),
        ("period", "", "", True),
        ("standing", "counts", "", False),
        ("receipt", IN_TIME.isoformat(), WHY, True),
        ("sender", "BT", WHY, True),
        ("standing", "withdrawn", "rút thử", False),
        ("standing", "counts", "rút nhầm", True),
    ]
    assert {one.actor for one in shown.statements} == {FOUNDER}
    out = PlainConsole(file=io.StringIO(), width=300, markup=False)
    show_submission(out, shown, filed.workspace.plan)
    printed = out.file.getvalue()  # type: ignore[attr-defined]
    for words in ("16/03/2022", "13/03/2022", "20/03/2022", "09:00", "Dùng Giả", "rút nhầm", "không còn / no"):
        assert words in printed, printed
    assert "what was stated" not in _printed(filed, "S-0002")


def _printed(office: Office, number: str) -> str:
    out = PlainConsole(file=io.StringIO(), width=300, markup=False)
    show_submission(out, show(office.workspace, number), office.workspace.plan)
    return str(out.file.getvalue())  # type: ignore[attr-defined]


REFUSED: dict[str, tuple[Callable[[Office], object], str]] = {
    "receipt without a reason": (lambda o: receipt(o, IN_TIME, reason=" "), "--reason"),
    "receipt without evidence": (lambda o: receipt(o, IN_TIME, evidence=""), "--evidence"),
    "receipt to come": (lambda o: receipt(o, date(2022, 3, 21)), "the day is still to come"),
    "receipt of nothing": (lambda o: receipt(o, IN_TIME, number="S-0009"), "no such submission"),
    "receipt as it stands": (lambda o: receipt(o, LATE, "E-Office số 017"), "nothing to do"),
    "receipt of a withdrawn one": (
        lambda o: (withdraw(o.workspace, o.door, "S-0001", "thử"), receipt(o, IN_TIME)), "motcua reinstate S-0001"
    ),
    "sender without a reason": (lambda o: sender(o, "BT", reason=""), "--reason"),
    "sender of nothing": (lambda o: sender(o, "BT", number="S-17"), "no such submission"),
    "neither unit nor period": (lambda o: sender(o, None), "name a --unit or a --period"),
    "sender as it stands": (lambda o: sender(o, "TV"), "nothing to do"),
    "period as it stands": (lambda o: sender(o, None, PERIOD), "nothing to do"),
    "sender and period as they stand": (lambda o: sender(o, "TV", PERIOD), "nothing to do"),
    "a period that the template denies": (lambda o: sender(o, None, "2022-H1"), "the file itself says 2022-Q1"),
    "a period of a log": (lambda o: sender(o, None, "2022-H1", number="S-0002"), "leave --period out"),
    "sender of a withdrawn one": (
        lambda o: (withdraw(o.workspace, o.door, "S-0001", "thử"), sender(o, "BT")), "was withdrawn"
    ),
    "reinstated without a reason": (lambda o: reinstate(o.workspace, o.door, "S-0001", "  "), "--reason"),
    "reinstated though it counts": (lambda o: reinstate(o.workspace, o.door, "S-0001", "x"), "was not withdrawn"),
    "reinstated twice": (
        lambda o: (
            withdraw(o.workspace, o.door, "S-0001", "thử"),
            reinstate(o.workspace, o.door, "S-0001", "x"),
            reinstate(o.workspace, o.door, "S-0001", "x"),
        ),
        "was not withdrawn",
    ),
    "reinstated nothing": (lambda o: reinstate(o.workspace, o.door, "S-3", "x"), "no such submission"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_mended_is_one_line_and_mends_nothing(filed: Office, what: str) -> None:
    act, said = REFUSED[what]
    with pytest.raises(MisuseError, match=said) as refused:
        act(filed)
    assert "\n" not in str(refused.value)
    kinds = [type(event) for entry in filed.ledger.entries for event in entry.events]
    assert not {ReceiptMended, SenderMended, SubmissionRevalidated} & {*kinds}
    assert not filed.workspace.staging.exists()


def test_a_day_of_receipt_after_a_file_was_taken_in_is_refused(filed: Office) -> None:
    filed.at += timedelta(days=9)
    with pytest.raises(MisuseError, match="cannot have come later"):
        receipt(filed, date(2022, 3, 21))
    receipt(filed, date(2022, 3, 20))


ACTS: dict[str, Callable[[Office, Door], object]] = {
    "receipt": lambda o, door: mend_receipt(o.workspace, door, "S-0001", IN_TIME, EVIDENCE, WHY),
    "sender": lambda o, door: mend_sender(o.workspace, door, "S-0001", "BT", None, WHY),
    "reinstate": lambda o, door: reinstate(o.workspace, door, "S-0001", WHY),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["approver", "auditor", None])
def test_nobody_mends_without_the_right(filed: Office, act: str, role: str | None) -> None:
    withdraw(filed.workspace, filed.door, "S-0001", "thử")
    door = filed.appoint(SOMEBODY, role) if role else filed.door_of(SOMEBODY)  # type: ignore[arg-type]
    with pytest.raises(NotAllowedError):
        ACTS[act](filed, door)
    assert [one.taken.number for one in submissions(filed.ledger.entries) if one.is_withdrawn] == ["S-0001"]


@pytest.mark.parametrize("act", ACTS)
def test_nobody_mends_without_signing(filed: Office, act: str) -> None:
    if act == "reinstate":
        withdraw(filed.workspace, filed.door, "S-0001", "thử")
    unsigned = filed.door.of(FOUNDER, None)
    with pytest.raises(NotAllowedError, match="has to sign"):
        ACTS[act](filed, unsigned)
    ACTS[act](filed, filed.door)


def test_a_reinstated_submission_counts_as_it_did_before(filed: Office) -> None:
    filed.consolidate()
    before = filed.totals(), state_of(filed)
    for number in ("S-0001", "S-0002"):
        withdraw(filed.workspace, filed.door, number, "rút nhầm")
    filed.consolidate()
    assert filed.totals() == {}
    assert filed.table("expected_report")[0]["state"] == "missing"
    for number in ("S-0001", "S-0002"):
        reinstate(filed.workspace, filed.door, number, "không sai")
    assert filed.consolidate().is_new
    assert (filed.totals(), state_of(filed)) == before
    reinstated = [e for entry in filed.ledger.entries for e in entry.events if isinstance(e, SubmissionReinstated)]
    assert [one.number for one in reinstated] == ["S-0001", "S-0002"]
    assert verify(filed.workspace).problems == []


def test_a_submission_withdrawn_and_reinstated_any_number_of_times_stands_as_was_said_last(filed: Office) -> None:
    for times in range(3):
        withdraw(filed.workspace, filed.door, "S-0001", f"rút {times}")
        assert find_submission(filed.ledger.entries, "S-0001").is_withdrawn
        reinstate(filed.workspace, filed.door, "S-0001", f"không sai {times}")
        assert find_submission(filed.ledger.entries, "S-0001").is_in_force
    standing_of = [one for one in statements_of(filed.ledger.entries, "S-0001") if one.matter == "standing"]
    assert [one.is_in_force for one in standing_of] == [False] * 6 + [True]


# What an own form says of itself, what is stated when it comes, what is stated anew, and of whom and when it is then.
NAMELESS = (("BÁO CÁO CÔNG TÁC CẢI CÁCH HÀNH CHÍNH",), ())
OWN_FORMS = """
  says nothing | -  | -       | TV | 2022-Q1 | rejected | accepted | TV | 2022-Q1
  says nothing | TV | -       | -  | 2022-Q1 | rejected | accepted | TV | 2022-Q1
  says nothing | -  | 2022-Q1 | TV | -       | rejected | accepted | TV | 2022-Q1
  says nothing | BT | 2022-Q1 | TV | -       | rejected | accepted | TV | 2022-Q1
  says nothing | TV | 2022-H1 | -  | 2022-Q1 | accepted | accepted | TV | 2022-Q1
  says nothing | TV | 2022-Q1 | BT | -       | accepted | rejected | -  | 2022-Q1
  says itself  | -  | 2022-H1 | -  | 2022-Q1 | rejected | accepted | TV | 2022-Q1
  says itself  | BT | 2022-H1 | TV | 2022-Q1 | rejected | accepted | TV | 2022-Q1
  says itself  | BT | -       | TV | -       | accepted | accepted | TV | 2022-Q1
  says itself  | -  | 2022-9M | -  | 2022-Q1 | rejected | accepted | TV | 2022-Q1
"""


@pytest.mark.parametrize("row", OWN_FORMS.strip().splitlines())
def test_a_mended_sender_or_period_decides_of_whom_and_when_a_report_is(tmp_path: Path, row: str) -> None:
    says, came_from, came_for, unit, period, before, after, of_unit, of_period = (
        None if cell.strip() == "-" else cell.strip() for cell in row.split("|")
    )
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    path = tmp_path / "bao-cao.xlsx"
    path.write_bytes(own_report(titles=NAMELESS) if says == "says nothing" else own_report())
    said = Stated(DUE, "E-Office số 017", came_from, None, came_for)
    assert take_in(office.workspace, office.door, [path], said)[0].state == before
    done = sender(office, unit, period)
    assert (done.taken.state, done.taken.unit_code, done.taken.period) == (after, of_unit, of_period)
    assert (done.taken.stated_sender, done.taken.stated_period) == (unit or came_from, period or came_for)
    office.consolidate()
    assert office.table("expected_report")[0]["state"] == ("on_time" if after == "accepted" else "missing")
    assert verify(office.workspace).problems == []


def test_a_period_that_an_own_form_denies_is_refused(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    office.take(own_report(), "bao-cao.xlsx")
    with pytest.raises(MisuseError, match="the file itself says 2022-Q1"):
        sender(office, None, "2022-H1")


def test_a_mend_holds_under_corrections_and_under_another_plan(filed: Office) -> None:
    receipt(filed, IN_TIME)
    rows = [r for e in standing(filed.ledger.entries) for r in rows_of(filed.workspace.root, e.files, "report_value")]
    cell = next(f"{row['sheet']}!{row['cell']}" for row in rows if row["item_code"] == "A7.1")
    correct(filed.workspace, filed.door, "S-0001", Place(cell=cell), "120", "121", "cộng nhầm", "Phiếu 017")
    path = filed.workspace.plan_folder / "procedures.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    again = filed.decide_plan()
    assert state_of(again) == ("on_time", IN_TIME)
    assert find_submission(again.ledger.entries, "S-0001").taken.evidence == EVIDENCE
    assert verify(again.workspace).problems == []


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that published a period, and mended everything that there is to mend since; no test may change it."""
    folder = tmp_path_factory.mktemp("restated")
    office = Office.new(folder, small_plan(folder / "plan", sender="TV"))
    office.appoint_approver()
    office.take(report("TV", {"A7.1": 120}), "TV.xlsx", LATE)
    office.take(log(LINE))
    office.take(log(LINE.replace("0001", "0002"), titles(exported="16/03/2022 08:00:00")), "so-2.csv")
    withdraw(office.workspace, office.door, "S-0003", "tưởng là nhầm")
    office.consolidate()
    office.settle()
    assert office.publish().version == 1
    receipt(office, IN_TIME)
    sender(office, "BT", number="S-0002")
    reinstate(office.workspace, office.door, "S-0003", "rút nhầm")
    office.consolidate()
    office.settle()
    assert office.publish().version == 2
    return office


def test_a_period_that_was_published_is_restated_with_the_mend_as_the_cause(restated: Office) -> None:
    folder = version_folder(restated.workspace, PERIOD, 2) / "official"
    rows = list(csv.DictReader((folder / "changes.csv").read_text("utf-8-sig").splitlines()))
    moved = {row["figure"]: row for row in rows if row["kind"] == "figure"}
    in_time = moved["reports_on_time_share"]
    assert (in_time["causes"].split(" ")[0], in_time["part_3_corrected_source"]) == ("corrected_source", "1")
    assert "receipt_mended S-0001" in in_time["causes"]
    assert f"S-0001: {WHY}" in in_time["reason"]
    assert "reinstated S-0003" in in_time["causes"]
    assert all(row["part_2_late_reports"] in ("", "0") for row in rows if row["kind"] == "figure")


def test_whoever_approves_reads_what_was_mended_from_what_to_what(restated: Office) -> None:
    said = source_changes(restated.ledger.entries[: published_at(restated)], restated.ledger.entries,
                          restated.workspace.plan, restated.workspace.plan.period(PERIOD))  # fmt: skip
    texts = [source_text(one, restated.workspace.plan) for one in said]
    assert len(texts) == 3
    assert f"day of receipt mended, 16/03/2022 → 13/03/2022: {WHY}" in texts[0]
    assert "sender or period mended, – → Bảo tàng" in texts[1]
    assert "được tính lại / counts again: rút nhầm" in texts[2]


def published_at(office: Office) -> int:
    return next(e.seq for e in office.ledger.entries for event in e.events if isinstance(event, ReleasePublished))


def test_what_was_mended_is_computed_anew_to_the_same_bytes(restated: Office, tmp_path: Path) -> None:
    assert reproduce(restated.workspace, PERIOD, 2, tmp_path / "again").differences == []
    assert verify(restated.workspace).problems == []


def test_a_mended_period_concerns_the_period_before_and_after(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    path = tmp_path / "bao-cao.xlsx"
    path.write_bytes(own_report(titles=NAMELESS))
    take_in(office.workspace, office.door, [path], Stated(DUE, "E-Office số 017", "TV", None, "2022-H1"))
    size, plan = office.ledger.size, office.workspace.plan
    sender(office, None, PERIOD)
    for period, count in (("2022-Q1", 1), ("2022-H1", 1), ("2022-Q2", 1), ("2022-Q3", 0), ("2022-Q4", 0)):
        entries = office.ledger.entries
        assert len(source_changes(entries[:size], entries, plan, plan.period(period))) == count, period


# From withdrawn or not, by which deeds (w withdraws, r reinstates), and what is told of them in the end.
ONE_AFTER_THE_OTHER = [
    (False, "w", ["w0"]), (False, "wr", []), (False, "wrw", ["w2"]), (False, "wrwr", []), (False, "wrwrw", ["w4"]),
    (True, "r", ["r0"]), (True, "rw", []), (True, "rwr", ["r2"]), (True, "rwrw", []), (False, "", []),
]  # fmt: skip


@pytest.mark.parametrize(("was_withdrawn", "deeds", "told"), ONE_AFTER_THE_OTHER)
def test_what_was_undone_again_is_no_change(filed: Office, was_withdrawn: bool, deeds: str, told: list[str]) -> None:
    if was_withdrawn:
        withdraw(filed.workspace, filed.door, "S-0001", "trước đó")
    size, plan = filed.ledger.size, filed.workspace.plan
    for number, deed in enumerate(deeds):
        act = withdraw if deed == "w" else reinstate
        act(filed.workspace, filed.door, "S-0001", f"{deed}{number}")
    entries = filed.ledger.entries
    found = source_changes(entries[:size], entries, plan, plan.period(PERIOD))
    assert [one.reason for one in found] == told
    assert [one.deed[0] for one in found] == [one[0] for one in told]


def test_a_statement_that_does_not_count_is_not_shown_as_one(filed: Office) -> None:
    before = statements_of(filed.ledger.entries, "S-0001")
    odd = (
        ReceiptMended(number="S-0001", officially_received_on=date(2022, 3, 1), evidence="Phiếu 017", reason="thử"),
        SenderMended(number="S-0001", stated_sender="TV", stated_period=None, reason="thử"),
        SubmissionReinstated(number="S-0001", reason="thử"),
        SubmissionWithdrawn(number="S-0009", reason="thử"),
    )
    with entered(filed.workspace, filed.door, "mend_statement") as ledger:
        ledger.append(filed.door.stamp, "mend", odd)
    assert statements_of(filed.ledger.entries, "S-0001") == before
    assert statements_of(filed.ledger.entries, "S-0009") == ()
    assert show(filed.workspace, "S-0001").statements == before

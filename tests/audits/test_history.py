"""Every verdict that was ever reached can be read again: by rule, unit, period, run and submission, with its places."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from audit.events import ENTRY
from audit.ledger import PastLedgerError
from flows.audits.history import Question, Share, direction, history, places
from flows.desk.status import status
from flows.entry.door import MisuseError
from flows.intake.correct import Place, correct
from flows.intake.mend import mend_receipt
from flows.intake.submission import show, withdraw
from flows.measures.explain import explain
from flows.release.past import as_known
from motcua.cli import main
from motcua.printing.history import sparkline
from tests.intake.test_rule_versions import A_MINUTE_EARLY, STRICTER, office_with
from tests.support.office import PERIOD, Office, log, report, rows_of, small_plan
from tests.support.rule_cases.base import FINISHED_IN_Q1, PENDING
from warehouse import vault
from warehouse.projection import build, differences, rebuild

MORNING = 2


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, MORNING, tzinfo=UTC)


def keys(office: Office, question: Question) -> list[object]:
    return [row["key"] for row in history(office.workspace, office.workspace.plan, question).rows]


def test_ten_resubmissions_of_one_report_leave_ten_readable_verdicts_with_their_files(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    plan = office.workspace.plan
    # More and more tasks in time than there were: each round breaks the same relation with another number.
    rounds = [report("TV", {"A1.2": 3, "A1.3": 10 + number}) for number in range(10)]
    numbers = [office.take(content, f"TV-{number}.xlsx").number for number, content in enumerate(rounds)]
    question = Question("verdict", rule="R003", unit="TV", period=plan.period(PERIOD))
    page = history(office.workspace, plan, question)
    assert [row["submission"] for row in page.rows] == numbers[::-1]
    assert {row["outcome"] for row in page.rows} == {"fail"}
    for number, content in zip(numbers, rounds, strict=True):
        found = places(office.workspace, plan, Question(submission=number, rule="R003"))
        assert found.total >= 1
        assert {row["file_sha256"] for row in found.rows} == {
            show(office.workspace, number).submission.taken.file_sha256
        }
        [run] = found.runs
        assert (run["submission"], run["actor"], run["os_user"]) == (number, "Người Dùng Giả Định 01", "thu-nghiem")
        assert vault.content(office.workspace, str(found.rows[0]["file_sha256"])) == content


def test_what_was_judged_again_stands_beside_what_was_judged_first(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    plan = office.workspace.plan
    office.take(report("TV", {"A9.1": 100, "A9.2": 84}), "TV.xlsx")
    sheet_cell = next(
        f"{row['sheet']}!{row['cell']}"
        for entry in office.ledger.entries
        for row in rows_of(office.workspace.root, entry.files, "report_value")
        if row["item_code"] == "A9.2"
    )
    place = Place(cell=sheet_cell)
    correct(office.workspace, office.door, "S-0001", place, "84", "150", "gõ nhầm", "Phiếu số 017")
    asked = Question("verdict", rule="R003", submission="S-0001")
    assert [row["outcome"] for row in history(office.workspace, plan, asked).rows] == ["fail", "pass"]
    before = office.ledger.size - 1
    assert [row["committed_seq"] for row in history(office.workspace, plan, asked).rows] == [before + 1, before]
    assert places(office.workspace, plan, Question(submission="S-0001", rule="R003")).total >= 1
    assert places(office.workspace, plan, Question(run=before, rule="R003")).total == 0
    mend_receipt(office.workspace, office.door, "S-0001", date(2022, 3, 10), "Phiếu số 018", "ghi nhầm ngày")
    assert len(history(office.workspace, plan, asked).rows) == 3
    fresh = tmp_path / "fresh.duckdb"
    build(office.workspace.root, office.ledger, fresh)
    assert differences(office.workspace.database, fresh) == []


def test_pages_add_up_and_come_the_newest_first(tmp_path: Path) -> None:
    office = office_with(tmp_path)
    for number in range(3):
        office.take(log(A_MINUTE_EARLY.replace("-0001", f"-000{number + 1}")), f"so-{number}.csv")
    office.consolidate()
    workspace, plan = office.workspace, office.workspace.plan
    assert keys(office, Question("run")) == ["5", "4", "3", "2"]
    pages = [history(workspace, plan, Question("run", page=number, limit=3)) for number in (1, 2)]
    assert [[row["key"] for row in page.rows] for page in pages] == [["5", "4", "3"], ["2"]]
    assert {(page.count, page.total) for page in pages} == {(2, 4)}
    assert keys(office, Question("submission", rule="D009")) == ["S-0003", "S-0002", "S-0001"]
    assert keys(office, Question("period", rule="D009")) == [PERIOD]
    [rule] = history(workspace, plan, Question("rule", rule="D009", unit="QLVHGD")).rows
    assert (rule["run_count"], rule["fail_count"], rule["failing_count"], rule["checked_count"]) == (3, 3, 3, 3)
    with pytest.raises(MisuseError, match="there is no page 9"):
        history(workspace, plan, Question("run", page=9))


def test_what_was_not_evaluated_says_why_and_what_was_on_trial_is_counted_by_itself(tmp_path: Path) -> None:
    office = office_with(tmp_path, STRICTER)
    office.take(log(A_MINUTE_EARLY))
    workspace, plan = office.workspace, office.workspace.plan
    [asked] = history(workspace, plan, Question("verdict", rule="D025")).rows
    assert (asked["outcome"], asked["reason"]) == ("not_evaluated", "columns absent: apology_at, reappointed_at")
    tried = history(workspace, plan, Question("verdict", rule="D009")).rows
    assert [(row["rule_version"], row["is_shadow"]) for row in tried] == [(1, False), (2, True)]
    [summed] = history(workspace, plan, Question("rule", rule="D009")).rows
    assert (summed["fail_count"], summed["trial_count"], summed["failing_count"]) == (1, 1, 1)
    both = places(workspace, plan, Question(run=2, rule="D009")).rows
    assert [(row["rule_version"], row["is_shadow"]) for row in both] == [(1, False), (2, True)]


def test_questions_are_answered_as_known_then(tmp_path: Path) -> None:
    """A log taken on the 21st, consolidated on the 22nd, replaced by another and withdrawn on the 25th."""
    office = office_with(tmp_path)
    workspace, plan, period = office.workspace, office.workspace.plan, office.workspace.plan.period(PERIOD)
    office.at = on(date(2022, 3, 21))
    office.take(log(FINISHED_IN_Q1))
    office.at = on(date(2022, 3, 22))
    office.consolidate()
    office.at = on(date(2022, 3, 25))
    withdraw(workspace, office.door, "S-0001", "thử nghiệm")
    office.take(log(PENDING.replace("-0001", "-0002")), "so-2.csv")
    office.consolidate()

    def states(day: date) -> list[tuple[str, bool]]:
        with as_known(workspace, day) as known:
            lines = status(workspace, known.plan, day, period, known.ledger).submissions
        return [(line.taken.number, line.is_withdrawn) for line in lines]

    def resolved(day: date) -> int:
        with as_known(workspace, day) as known:
            explained = explain(workspace, known.plan, period, "II.06a.resolved_total", past=known.ledger)
        return int(explained.numerator or 0)

    def is_withdrawn(day: date) -> bool:
        with as_known(workspace, day) as known:
            return show(workspace, "S-0001", known.ledger).submission.is_withdrawn

    then, now = date(2022, 3, 24), date(2022, 3, 25)
    assert (states(then), states(now)) == ([("S-0001", False)], [("S-0001", True), ("S-0002", False)])
    assert (resolved(then), resolved(now)) == (1, 0)
    assert (is_withdrawn(then), is_withdrawn(now)) == (False, True)
    assert keys(office, Question("run", known_on=then)) == ["3", "2"]
    assert len(keys(office, Question("run", known_on=now))) == 4
    assert keys(office, Question("run", known_on=date(2022, 3, 20))) == []
    assert history(workspace, plan, Question("run")) == history(workspace, plan, Question("run", known_on=now))
    # The day ends in the plan's zone: 17:00 in UTC.
    with as_known(workspace, date(2022, 3, 21)) as known, pytest.raises(MisuseError, match="has not been consolidated"):
        explain(workspace, known.plan, period, "II.06a.resolved_total", past=known.ledger)
    with pytest.raises(MisuseError, match="there is no such submission"):
        places(workspace, plan, Question(submission="S-0002", known_on=then))


def test_the_plan_is_the_one_that_was_in_force(tmp_path: Path) -> None:
    office = office_with(tmp_path)
    office.take(log(PENDING))
    with (office.workspace.plan_folder / "units.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    with as_known(office.workspace, office.at.date()) as known:
        assert known.plan.sha256 == office.workspace.plan.sha256
    with pytest.raises(MisuseError, match="nothing was recorded by then"), as_known(office.workspace, date(2021, 1, 1)):
        pass


def test_nothing_is_added_to_the_past(office: Office) -> None:
    with pytest.raises(PastLedgerError):
        office.ledger.up_to(1).append(office.door.stamp, "withdraw", [])


def test_a_line_from_before_triggers_were_recorded_still_reads(office: Office) -> None:
    line = json.loads(office.ledger.lines[0])
    del line["trigger"]
    assert ENTRY.validate_python(line).trigger == ""


def test_a_projection_caught_up_commit_by_commit_is_the_one_computed_at_once(tmp_path: Path) -> None:
    office = office_with(tmp_path, STRICTER)
    office.take(log(A_MINUTE_EARLY))
    office.consolidate()
    # Its views read the store of the folder that it lies in.
    live = office.workspace.root / "live.duckdb"
    live.write_bytes(office.workspace.database.read_bytes())
    rebuild(office.workspace, office.ledger)
    assert differences(live, office.workspace.database) == []


def test_a_projection_of_other_tables_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = office_with(tmp_path)
    monkeypatch.setattr("warehouse.projection.layout_sha256", lambda: "an earlier layout")
    rebuild(office.workspace, office.ledger)
    monkeypatch.undo()
    office.take(log(PENDING))
    assert keys(office, Question("run")) == ["2"]


def test_the_trend_says_which_way_the_failing_share_goes() -> None:
    half, third, none = Share(1, 2), Share(2, 6), Share(0, 9)
    assert [direction(one) for one in ((half,), (half, third), (third, half), (third, Share(1, 3)))] == [
        "", "falling", "rising", "unchanged",
    ]  # fmt: skip
    assert sparkline((none, third, Share(3, 3), Share(1, 1000))) == "▁▄█▂"


def test_a_projection_that_is_behind_says_by_how_much(tmp_path: Path) -> None:
    office = office_with(tmp_path)
    earlier = office.workspace.database.read_bytes()
    office.take(log(PENDING))
    office.workspace.database.write_bytes(earlier)
    page = history(office.workspace, office.workspace.plan, Question())
    assert (page.behind, page.rows) == (1, ())
    rebuild(office.workspace, office.ledger)
    assert history(office.workspace, office.workspace.plan, Question()).behind == 0


def test_what_there_is_not_is_a_persons_mistake(tmp_path: Path) -> None:
    office = office_with(tmp_path)
    for question in (Question(rule="D999"), Question(unit="Phòng Lạ"), Question(run=7), Question(submission="S-0009")):
        with pytest.raises(MisuseError):
            history(office.workspace, office.workspace.plan, question)
    with pytest.raises(MisuseError, match="--rows"):
        places(office.workspace, office.workspace.plan, Question())


def said_by(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    monkeypatch.setattr("sys.argv", ["motcua", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_commands_print_pages_for_people_and_for_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_with(tmp_path, STRICTER)
    office.take(log(A_MINUTE_EARLY))
    where = ("-w", str(office.workspace.root))
    shown = said_by(capsys, monkeypatch, "history", "--rule", "D009", *where)
    assert "(D009) v1" in shown
    assert "(D009) v2 (thử" in shown
    assert "Trang / page 1 / 1, 2 dòng / rows" in shown
    rows = json.loads(said_by(capsys, monkeypatch, "history", "--by", "rule", "--json", *where))["rows"]
    assert {row["key"] for row in rows} >= {"D001", "D009"}
    assert "cchc" not in said_by(capsys, monkeypatch, "history", "--uncovered", *where)
    replayed = said_by(capsys, monkeypatch, "replay", "D009@1", "--submission", "S-0001", *where)
    assert "không ghi gì / nothing written" in replayed
    assert "no verdict changes" in replayed
    known = json.loads(said_by(capsys, monkeypatch, "status", "--as-known-on", "2022-03-20", "--json", *where))
    assert [line["taken"]["number"] for line in known["submissions"]] == ["S-0001"]

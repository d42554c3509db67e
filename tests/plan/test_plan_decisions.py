"""The plan changes by decision: a target edited from "= 0" to "<= 90" turns missed into met, and everybody sees who did it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import motcua.cli  # noqa: F401 -- importing registers the commands
from audit.chain import canonical, parse
from audit.events import ENTRY, ActionRefused, Entry, PlanAccepted
from audit.plans import plan_in_force, proposals, undecided_uses
from flows.audits.verify import verify
from flows.desk.status import status
from flows.entry.authority import NotAllowedError
from flows.entry.door import MisuseError
from flows.entry.plan_gate import PlanNotAcceptedError, plan_edit
from flows.intake.intake import take_in
from flows.measures.consolidate import consolidate
from flows.plans.decide import accept, reject, restore
from flows.plans.propose import effect_rows, propose
from flows.release.decisions import request
from flows.release.publish import publish, release_folder
from motcua.app import app
from releases.workbook.workbook import SHEETS
from schemas.plan import load_plan
from schemas.plan_files import plan_texts
from sources.logs.profile import load_profiles
from sources.reports.profile import load_report_profiles
from tests.support.office import PERIOD, Office, log, small_plan
from tests.support.old_record import write_record
from tests.support.people import APPROVER, FOUNDER, account_of, at_door, signing
from warehouse import plan_folder
from warehouse.kept import write_texts
from warehouse.named import DamagedStoreError
from warehouse.workspace import Workspace
from warehouse.writer import writer

LATE = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 10/02/2022"
TARGET = 'comparison = "{}"\nthreshold = "{}"\nbasis = "Kế hoạch CCHC 2022, mục I.2.a"'
THEN, NOW = TARGET.format("=", "0"), TARGET.format("<=", "90")
REASON = "Quyết định điều chỉnh chỉ tiêu"


def opened(office: Office) -> Office:
    again = Office(Workspace(office.workspace.root))
    again.at = office.at
    return again


def edited(office: Office, was: str = THEN, now: str = NOW, file: str = "targets.toml") -> Office:
    """Edit a file of plan/ in place, and open the workspace as the next command does."""
    path = office.workspace.plan_folder / file
    text = path.read_text("utf-8")
    assert text.count(was) == 1
    path.write_text(text.replace(was, now), "utf-8")
    return opened(office)


def evidence(office: Office) -> Path:
    path = office.workspace.root.parent / "quyet-dinh-nguoi-thu-nghiem-017.txt"
    path.write_text("Quyết định của Người Thử Nghiệm 017", "utf-8")
    return path


def proposed(office: Office) -> str:
    done = propose(office.workspace, office.door, office.workspace.plan, REASON, evidence(office))
    return done.proposal.number


def verdict(office: Office) -> str:
    return next(str(row["status"]) for row in office.table("target_result") if row["target_id"] == "I.2a")


def record(office: Office) -> bytes:
    return office.workspace.ledger.read_bytes()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A department that missed I.2a, and published that; no test may change it."""
    folder = tmp_path_factory.mktemp("published")
    office = Office.new(folder, small_plan(folder / "plan", has_targets=True))
    office.take(log(LATE))
    office.consolidate()
    office.settle()
    done = office.publish()
    assert done.version == 1, done.reasons
    return office


@pytest.fixture
def missed(published: Office, tmp_path: Path) -> Office:
    """A copy that a test may change."""
    return published.copy(tmp_path / "copy" / "workspace")


@pytest.mark.parametrize(
    "work",
    [
        lambda office: consolidate(office.workspace, office.door, office.workspace.plan.period(PERIOD)),
        lambda office: take_in(office.workspace, office.door, []),
        lambda office: request(office.workspace, office.door, office.workspace.plan.period(PERIOD), "lý do"),
        lambda office: publish(office.workspace, office.door, office.workspace.plan.period(PERIOD)),
        lambda office: office.waive("T001"),
    ],
    ids=["consolidate", "intake", "request", "publish", "waive"],
)
def test_a_target_edited_without_a_decision_turns_nothing(missed: Office, work: Callable[[Office], object]) -> None:
    office = edited(missed)
    before = record(office)
    with pytest.raises(PlanNotAcceptedError) as refused:
        work(office)
    said = str(refused.value)
    assert "plan/targets.toml, target I.2a, comparison: = → <=" in said
    assert "motcua plan propose" in said
    assert len(said.splitlines()) == 1
    assert record(office) == before
    assert verdict(office) == "missed"


def test_it_is_not_consolidated_while_its_proposal_waits(missed: Office) -> None:
    office = edited(missed)
    number = proposed(office)
    with pytest.raises(PlanNotAcceptedError, match=f"motcua plan accept {number}"):
        office.consolidate()


def test_a_proposal_says_from_what_to_what_and_which_verdict_it_turns_and_changes_nothing_else(missed: Office) -> None:
    consolidations = len([e for e in missed.ledger.entries if e.kind == "consolidate"])
    office = edited(missed)
    number = proposed(office)
    entry = office.ledger.entries[-1]
    [proposal] = proposals(office.ledger.entries)
    assert (entry.kind, proposal.number, proposal.state, proposal.proposed_by) == (
        "plan-propose",
        number,
        "proposed",
        FOUNDER,
    )
    assert [(c.file, c.key, c.before, c.after) for c in proposal.event.changes] == [
        ("targets.toml", "target I.2a, comparison", "=", "<="),
        ("targets.toml", "target I.2a, threshold", "0", "90"),
    ]
    [effect] = proposal.event.effects
    assert [(v.period, v.target_id, v.before, v.after) for v in effect.verdicts] == [(PERIOD, "I.2a", "missed", "met")]
    assert (effect.figure_count, effect.problem) == (0, "")
    assert len([e for e in office.ledger.entries if e.kind == "consolidate"]) == consolidations
    assert not list(office.workspace.staging.glob("plan-*/*"))


def test_the_effect_on_figures_is_told_by_reading_again_under_the_proposed_plan(missed: Office) -> None:
    """The procedure belongs to another field: the form's rows move, and no submission was recorded as read again."""
    text = (missed.workspace.plan_folder / "procedures.csv").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("1.003654,"))
    office = edited(missed, line, line.replace("Văn hóa cơ sở", "Quảng cáo"), "procedures.csv")
    number = proposed(office)
    [proposal] = proposals(office.ledger.entries)
    rows = effect_rows(office.workspace, office.ledger, proposal)
    moved = {
        (row["dimension_value"], row["before"], row["after"]) for row in rows if row["quantity"] == "resolved_overdue"
    }
    assert moved == {("Văn hóa cơ sở", "1", ""), ("Quảng cáo", "", "1")}
    assert proposal.event.effects[0].figure_count == len(rows) > 2
    accept(office.workspace, office.door_of(APPROVER), number)
    again = opened(office)
    again.consolidate()
    assert {row["field"] for row in again.table("form_row")} == {"Quảng cáo"}


def test_who_proposed_may_not_accept_however_the_name_is_spelled(missed: Office) -> None:
    office = edited(missed)
    number = proposed(office)
    # However the name is spelled, it is the same person: one of the names is not as the record knows it.
    for name in (FOUNDER, FOUNDER.upper()):
        with pytest.raises(MisuseError):
            accept(office.workspace, at_door(name, office.at), number)
    assert proposals(office.ledger.entries)[0].state == "proposed"


def test_the_account_that_proposed_may_not_accept_whatever_the_proposed_plan_says_of_it(missed: Office) -> None:
    stated = missed.workspace.plan_folder / "plan.toml"
    stated.write_text(f"one_account_may_approve = true\n{stated.read_text('utf-8')}", "utf-8")
    office = opened(missed)
    number = proposed(office)
    office.door_of(APPROVER)
    second = at_door(APPROVER, office.at, account=account_of(FOUNDER))
    with pytest.raises(NotAllowedError, match="the account asked for it and may not decide about it"):
        accept(office.workspace, second, number)
    event = office.ledger.entries[-1].events[0]
    assert isinstance(event, ActionRefused)
    assert (event.action, event.why) == ("accept_plan", "cùng một tài khoản / the same account")
    assert proposals(office.ledger.entries)[0].state == "proposed"
    accept(office.workspace, office.door_of(APPROVER), number)
    # From now on the plan lets one account do both, and the record says where it did.
    again = edited(opened(office))
    number = proposed(again)
    accept(again.workspace, second, number)
    last = again.ledger.entries[-1].events[0]
    assert isinstance(last, PlanAccepted)
    assert last.one_account
    assert verify(opened(again).workspace).problems == []


def test_nobody_without_a_role_proposes_or_accepts(missed: Office) -> None:
    office = edited(missed)
    stranger = office.door_of("Người Thử Nghiệm 017")
    with pytest.raises(NotAllowedError):
        propose(office.workspace, stranger, office.workspace.plan, REASON, evidence(office))
    number = proposed(office)
    with pytest.raises(NotAllowedError):
        accept(office.workspace, stranger, number)


@pytest.fixture(scope="module")
def accepted(published: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The edit was proposed, accepted by somebody else, consolidated and published; no test may change it."""
    office = edited(published.copy(tmp_path_factory.mktemp("accepted") / "workspace"))
    number = proposed(office)
    accept(office.workspace, office.door_of(APPROVER), number)
    again = opened(office)
    again.consolidate()
    again.settle()
    done = again.publish()
    assert done.version == 2, done.reasons
    return again


def test_after_acceptance_the_verdict_is_turned(accepted: Office) -> None:
    assert verdict(accepted) == "met"
    assert plan_edit(accepted.workspace, accepted.ledger.entries) is None


def test_changes_csv_says_who_changed_what_from_what_to_what_and_which_verdict_it_turned(accepted: Office) -> None:
    text = (release_folder(accepted.workspace, PERIOD, 2) / "changes.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    who = {
        "decision": "PL-0001",
        "proposed_by": FOUNDER,
        "accepted_by": APPROVER,
        "accepted_on": "2022-03-20",
        "reason": REASON,
    }
    plan = [row for row in rows if row["kind"] == "plan"]
    assert [(row["figure"], row["quantity"], row["stated_before"], row["stated_after"]) for row in plan] == [
        # A sign that a spreadsheet would compute is text.
        ("plan/targets.toml", "target I.2a, comparison", "'=", "<="),
        ("plan/targets.toml", "target I.2a, threshold", "0", "90"),
    ]
    [turned] = [row for row in rows if row["kind"] == "target"]
    assert (turned["figure"], turned["stated_before"], turned["stated_after"], turned["causes"]) == (
        "I.2a",
        "missed",
        "met",
        "plan",
    )
    assert all(row.items() >= who.items() for row in [*plan, turned])


def cover(office: Office, version: int, sheet_name: str = "Bìa") -> str:
    sheet = load_workbook(release_folder(office.workspace, PERIOD, version) / "report.xlsx")[sheet_name]
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_the_workbooks_first_page_says_it_too(accepted: Office) -> None:
    first = cover(accepted, 2, SHEETS[0])
    assert f"PL-0001\n{FOUNDER} đề nghị / proposed, {APPROVER} chấp nhận / accepted\n2022-03-20" in first
    assert "plan/targets.toml, target I.2a, threshold: 0 → 90" in first
    assert "I.2a" in first.partition("Kế hoạch thay đổi")[2]
    assert "Không đạt\n→\nĐạt" in first
    assert "Kế hoạch thay đổi" not in cover(accepted, 1, SHEETS[0])


def test_the_workbooks_cover_says_it_with_its_reason(accepted: Office) -> None:
    said = cover(accepted, 2)
    assert f"PL-0001: {FOUNDER} đề nghị / proposed, {APPROVER} chấp nhận / accepted, ngày / on 20/03/2022" in said
    assert "plan/targets.toml, target I.2a, threshold: 0 → 90" in said
    assert f"Lý do / Reason: {REASON}" in said
    assert "(I.2a): Không đạt → Đạt" in said
    assert "Kế hoạch thay đổi" not in cover(accepted, 1)


def test_history_says_it_too(accepted: Office) -> None:
    for arguments in ((), ("--by", "plan")):
        done = CliRunner().invoke(
            app, ["history", *arguments, "-w", str(accepted.workspace.root)], catch_exceptions=False
        )
        assert f"{FOUNDER} đề nghị / proposed" in done.output
        assert f"{APPROVER} chấp nhận / accepted" in done.output
        assert "plan/targets.toml, target I.2a, threshold: 0 → 90" in done.output
        assert "(I.2a): không đạt / missed → đạt / met" in done.output


def test_everything_holds_after_a_decision(accepted: Office) -> None:
    done = verify(accepted.workspace)
    assert (done.problems, done.notes) == ([], [])
    assert done.checked["plans"] == 2


def test_a_first_version_under_a_changed_plan_says_so(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", has_targets=True))
    office.take(log(LATE))
    office.consolidate()
    again = edited(office).decide_plan(REASON)
    again.consolidate()
    again.settle()
    assert again.publish().version == 1
    assert "(I.2a): Không đạt → Đạt" in cover(again, 1)
    text = (release_folder(again.workspace, PERIOD, 1) / "changes.csv").read_text("utf-8-sig")
    assert {row["kind"] for row in csv.DictReader(text.splitlines())} == {"plan", "target"}


def test_status_and_verify_name_an_unrecorded_edit(missed: Office) -> None:
    office = edited(missed)
    shown = status(office.workspace, office.workspace.plan, office.at.date(), None)
    assert "plan/targets.toml, target I.2a, comparison: = → <=" in shown.plan_edit
    assert (
        "plan/targets.toml, target I.2a, threshold: 0 → 90: chưa có quyết định / without a decision"
        in verify(office.workspace).problems
    )
    number = proposed(office)
    shown = status(office.workspace, office.workspace.plan, office.at.date(), None)
    assert (number in shown.plan_edit, shown.waiting_proposals) == (True, (number,))
    done = verify(office.workspace)
    assert done.problems == []
    assert any(number in note for note in done.notes)


def test_an_edit_is_undone_and_set_aside(missed: Office) -> None:
    office = edited(missed)
    aside = restore(office.workspace, office.door)
    assert aside is not None
    assert NOW in (office.workspace.root / aside / "targets.toml").read_text("utf-8")
    again = opened(office)
    assert plan_edit(again.workspace, again.ledger.entries) is None
    again.consolidate()
    with pytest.raises(MisuseError, match="nothing to undo"):
        restore(again.workspace, again.door)


def test_an_edit_that_cannot_be_read_is_undone_too(missed: Office) -> None:
    (missed.workspace.plan_folder / "targets.toml").write_text("không phải TOML", "utf-8")
    with signing(FOUNDER) as environment:
        done = CliRunner(env=environment).invoke(
            app, ["plan", "restore", "-w", str(missed.workspace.root), "--actor", FOUNDER], catch_exceptions=False
        )
    assert done.exit_code == 0, done.output
    opened(missed).consolidate()


def test_a_proposal_in_a_folder_of_its_own_leaves_the_work_alone(missed: Office, tmp_path: Path) -> None:
    other = tmp_path / "de-nghi"
    write_texts(missed.workspace.plan.texts, other)
    (other / "targets.toml").write_text((other / "targets.toml").read_text("utf-8").replace(THEN, NOW), "utf-8")
    number = propose(missed.workspace, missed.door, load_plan(other), REASON, evidence(missed)).proposal.number
    missed.consolidate()
    assert verdict(missed) == "missed"
    accept(missed.workspace, missed.door_of(APPROVER), number)
    again = opened(missed)
    assert NOW in (again.workspace.plan_folder / "targets.toml").read_text("utf-8")
    again.consolidate()
    assert verdict(again) == "met"


def test_what_was_not_proposed_is_not_accepted_along_with_it(missed: Office) -> None:
    office = edited(missed)
    number = proposed(office)
    more = edited(office, 'threshold = "0.83"', 'threshold = "0.10"')
    with pytest.raises(MisuseError, match="target I"):
        accept(more.workspace, more.door_of(APPROVER), number)
    assert proposals(more.ledger.entries)[0].state == "proposed"


def test_a_proposal_from_an_older_plan_is_outdated(missed: Office, tmp_path: Path) -> None:
    first = edited(missed)
    one = proposed(first)
    second = edited(first, 'threshold = "0.83"', 'threshold = "0.80"')
    two = proposed(second)
    accept(second.workspace, second.door_of(APPROVER), two)
    with pytest.raises(MisuseError, match="propose it anew"):
        accept(second.workspace, second.door_of(APPROVER), one)


def test_a_rejected_plan_does_not_come_into_force(missed: Office) -> None:
    office = edited(missed)
    number = proposed(office)
    reject(office.workspace, office.door_of(APPROVER), number, "chưa có cơ sở")
    assert [(one.state, one.decided_because) for one in proposals(office.ledger.entries)] == [
        ("rejected", "chưa có cơ sở")
    ]
    with pytest.raises(MisuseError, match="was rejected"):
        accept(office.workspace, office.door_of(APPROVER), number)
    with pytest.raises(PlanNotAcceptedError):
        office.consolidate()


def test_the_same_proposal_twice_is_one(missed: Office) -> None:
    office = edited(missed)
    assert proposed(office) == proposed(office)
    assert len(proposals(office.ledger.entries)) == 1


@pytest.mark.parametrize(("reason", "missing", "said"), [(" ", False, "--reason"), (REASON, True, "--evidence")])
def test_a_proposal_needs_a_reason_and_its_evidence(missed: Office, reason: str, missing: bool, said: str) -> None:
    office = edited(missed)
    file = evidence(office)
    if missing:
        file.unlink()
    with pytest.raises(MisuseError, match=said):
        propose(office.workspace, office.door, office.workspace.plan, reason, file)


def test_a_plan_without_a_difference_or_of_another_year_is_no_proposal(missed: Office) -> None:
    with pytest.raises(MisuseError, match="is the plan in force already"):
        propose(missed.workspace, missed.door, missed.workspace.plan, REASON, evidence(missed))
    office = edited(missed, "year = 2022", "year = 2023", "plan.toml")
    with pytest.raises(MisuseError, match="motcua init DIR --plan"):
        propose(office.workspace, office.door, office.workspace.plan, REASON, evidence(office))


def test_the_name_and_words_of_the_evidence_stay_in_the_vault(missed: Office) -> None:
    office = edited(missed)
    proposed(office)
    outside = [p for p in office.workspace.root.rglob("*") if p.is_file() and office.workspace.vault not in p.parents]
    for words in ("nguoi-thu-nghiem-017", "Quyết định của Người Thử Nghiệm 017"):
        assert not [path for path in outside if words.encode() in path.read_bytes()]
    assert verify(office.workspace).problems == []


def test_what_a_killed_acceptance_left_is_finished_or_dropped(missed: Office) -> None:
    office = edited(missed)
    number = proposed(office)
    restore(office.workspace, office.door)
    texts = {**office.workspace.plan.texts}
    # Killed before its commit: dropped.
    plan_folder.stage(office.workspace, texts)
    with writer(office.workspace, office.door.stamp, "test", lambda _: None):
        pass
    assert not office.workspace.next_plan_folder.exists()
    assert THEN in (office.workspace.plan_folder / "targets.toml").read_text("utf-8")
    # Killed after it, in the middle of the swap: no plan/ at all, and still the plan is there; then it is finished.
    accept(office.workspace, office.door_of(APPROVER), number)
    office.workspace.plan_folder.rename(office.workspace.next_plan_folder)
    assert opened(office).workspace.plan.sha256 == load_plan(office.workspace.next_plan_folder).sha256
    opened(office).consolidate()
    assert plan_texts(office.workspace.plan_folder, []) == texts


def as_before(entries: list[Entry]) -> list[Entry]:
    """Return a record as it was written before the first line named the plan."""
    lines = [json.loads(entry.model_dump_json()) for entry in entries]
    for event in lines[0]["events"]:
        event.pop("plan_sha256", None)
    return [ENTRY.validate_python(line) for line in lines]


def test_in_an_old_record_the_plan_of_the_last_consolidation_counts_as_accepted(missed: Office) -> None:
    old = as_before(missed.ledger.entries)
    found = plan_in_force(old)
    assert found is not None
    assert (found.sha256, found.number) == (missed.workspace.plan.sha256, "")
    assert plan_edit(missed.workspace, old) is None
    assert plan_edit(edited(missed).workspace, old) is not None
    assert undecided_uses(old) == []


def test_an_old_record_without_a_consolidation_began_with_its_plan(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", has_targets=True))
    old = as_before(office.ledger.entries)
    assert plan_edit(office.workspace, old) is None
    assert plan_edit(edited(office).workspace, old) is not None


def test_what_was_measured_under_a_plan_that_nobody_accepted_is_named(accepted: Office) -> None:
    entries = accepted.ledger.entries
    assert undecided_uses(entries) == []
    without = [entry for entry in entries if entry.kind != "plan-accept"]
    assert {kind for _, kind in undecided_uses(without)} == {"revalidate", "consolidate"}
    assert undecided_uses(as_before(without)) == undecided_uses(without)


def test_a_plan_with_line_ends_of_windows_is_kept_as_it_is(missed: Office) -> None:
    path = missed.workspace.plan_folder / "units.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    again = opened(missed).decide_plan()
    again.consolidate()
    assert b"\r\n" in (again.workspace.plan_folder / "units.csv").read_bytes()
    assert verify(again.workspace).problems == []


def test_what_an_editor_lays_beside_the_tables_is_no_edit(missed: Office) -> None:
    for name in ("targets.toml~", ".~lock.units.csv#", "~$units.csv", ".DS_Store"):
        (missed.workspace.plan_folder / name).write_bytes(b"\xff\xfe")
    again = opened(missed)
    assert plan_edit(again.workspace, again.ledger.entries) is None
    again.consolidate()


def test_a_proposal_that_is_exchanged_before_it_is_accepted_does_not_come_into_force(missed: Office) -> None:
    office = edited(missed)
    number = proposed(office)
    [path] = (office.workspace.store / "plan_proposal").iterdir()
    content = path.read_bytes()
    path.write_bytes(content.replace(b'threshold = \\"90\\"', b'threshold = \\"99\\"'))
    assert path.read_bytes() != content
    approver = office.door_of(APPROVER)
    size = office.ledger.size
    with pytest.raises(DamagedStoreError, match="its content was changed"):
        accept(office.workspace, approver, number)
    assert office.ledger.size == size
    path.write_bytes(content)
    assert accept(office.workspace, approver, number).state == "accepted"


def test_a_plan_kept_beside_another_hash_than_the_record_names_is_named(missed: Office) -> None:
    """Whoever holds the workspace's key can name any file in a line: the plan that it holds is asked for its own hash."""
    office = edited(missed)
    number = proposed(office)
    lines = office.workspace.ledger.read_bytes().splitlines()
    [asked] = [one for one in proposals(office.ledger.entries) if one.number == number]
    forged = canonical(
        parse(lines[-1]) | {"events": [{**asked.event.model_dump(mode="json"), "new_plan_sha256": "9" * 64}]}
    )
    write_record(office.workspace, [*lines[:-1], forged])
    assert any("is not the plan that the record names" in problem for problem in verify(office.workspace).problems)
    restore(office.workspace, office.door)
    with pytest.raises(DamagedStoreError, match="is not the plan that was proposed"):
        accept(office.workspace, office.door_of(APPROVER), number)


@pytest.mark.parametrize("hidden", [".a.toml", "~$a.toml", "a.toml~"])
def test_a_profile_that_no_hash_covers_is_not_read(office: Office, hidden: str) -> None:
    folder = office.workspace.plan_folder / "profiles"
    read = load_profiles(office.workspace.plan_folder)
    (folder / hidden).write_text(next(folder.glob("*.toml")).read_text("utf-8").replace("in_person", "online"), "utf-8")
    assert load_profiles(office.workspace.plan_folder) == read
    own = office.workspace.plan_folder / "report_profiles"
    own.mkdir(exist_ok=True)
    reports = load_report_profiles(office.workspace.plan)
    (own / hidden).write_text("not = 'a profile'", "utf-8")
    assert load_report_profiles(office.workspace.plan) == reports


def test_profiles_behind_a_link_are_not_read(office: Office, tmp_path: Path) -> None:
    folder = office.workspace.plan_folder / "profiles"
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert load_profiles(office.workspace.plan_folder) == ()
    assert plan_edit(office.workspace, office.ledger.entries) is not None

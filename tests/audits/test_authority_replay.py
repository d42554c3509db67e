"""Each line of the record is asked again whether its actor might have written it then."""

from collections.abc import Sequence
from datetime import date
from typing import get_args

import pytest

from audit.authority_replay import ACTIONS_OF, Doubt, replay
from audit.chain import ZERO, canonical, line_hash
from audit.corrections import corrections_of
from audit.events import (
    ActionRefused,
    AnyEvent,
    CorrectionDeclared,
    Entry,
    KeysFirstSeen,
    KeyStated,
    NonconformityRecorded,
    PeriodConsolidated,
    PersonAppointed,
    PersonDismissed,
    PlanAccepted,
    PlanProposed,
    PlanRejected,
    ReceiptMended,
    ReleaseApproved,
    ReleasePublished,
    ReleaseRequested,
    ReleaseWithdrawn,
    SenderMended,
    SubmissionReinstated,
    SubmissionRevalidated,
    SubmissionSeenAgain,
    SubmissionTaken,
    SubmissionWithdrawn,
    WaiverGranted,
    WaiverRevoked,
    WorkspaceCreated,
)
from audit.releases import versions
from audit.submissions import Submission, submissions
from flows.measures.periods import latest_consolidation

FOUNDER, APPROVER, SOMEBODY = (f"Người Dùng Giả Định 0{number}" for number in (1, 2, 3))
PROPOSED = PlanProposed(
    number="PL-0001", old_plan_sha256="a" * 64, new_plan_sha256="b" * 64, reason="x", evidence_sha256="e" * 64,
    evidence_size=1, changes=(), effects=(),
)  # fmt: skip
ACCEPTED = PlanAccepted(number="PL-0001", plan_sha256="b" * 64)
Events = AnyEvent | tuple[AnyEvent, ...]
Step = tuple[str, Events] | tuple[str, Events, str]
CREATED = WorkspaceCreated(plan_id="thu-nghiem", keys=(KeyStated(name="pseudonym.key", size=32, sha256=ZERO),))
APPOINTED = PersonAppointed(name=APPROVER, role="approver")
RECORDED = NonconformityRecorded(
    number="NC-2022-Q1-001", source="person", period="2022-Q1", unit_code="BT", clause="8.7", process="x",
    grade="major", description="x", owner="BT", due_on=None,
)  # fmt: skip
WAIVED = WaiverGranted(
    number="W-0001", rule_id="P001", unit_code="BT", period="2022-Q1", reason="x", last_day_on=date(2022, 4, 1),
    failing_count=1,
)  # fmt: skip
TAKEN = SubmissionTaken(
    number="S-0001", kind="unit_report", file_sha256="1" * 64, file_size=9, suffix=".xlsx", sender="TV", unit_code="TV",
    period="2022-Q1", report_type=None, profile_id=None, profile_sha256=None, encoding="xlsx", coverage=None,
    window_first_day=None, window_last_day=None, exported_at=None, officially_received_on=date(2022, 3, 16),
    evidence="x", recorded_at="2022-03-16T09:00:00+07:00", state="accepted", is_blank=False, refusal="", read_count=1,
    accepted_count=1, rejected_count=0, ignored_count=0, rules_sha256="2" * 64, plan_sha256="3" * 64,
    code_sha256="4" * 64,
)  # fmt: skip
MENDED = ReceiptMended(number="S-0001", officially_received_on=date(2022, 3, 14), evidence="y", reason="x")
SENT = SenderMended(number="S-0001", stated_sender="BT", stated_period=None, reason="x")
CORRECTED = CorrectionDeclared(
    number="C-0001", submission="S-0001", sheet="x", row=1, cell="A1", column_name=None, expected="1", replacement="2",
    reason="x", evidence="y",
)  # fmt: skip
WITHDRAWN = SubmissionWithdrawn(number="S-0001", reason="x")
REINSTATED = SubmissionReinstated(number="S-0001", reason="x")
OF_DAY: dict[str, object] = {"officially_received_on": date(2022, 3, 14), "evidence": "y"}
OTHER_RULES: dict[str, object] = {"rules_sha256": "5" * 64}
BEGUN: tuple[Step, ...] = ((FOUNDER, CREATED), (FOUNDER, APPOINTED))


def requested(content: str = "c" * 64, embargo: str | None = None) -> ReleaseRequested:
    return ReleaseRequested(
        period="2022-Q1", version=1, consolidation_seq=1, datasets_sha256="d" * 64, definitions_sha256="e" * 64,
        restatement="first", reason="", embargo_until=embargo, expected_reports=(), content_sha256=content,
    )  # fmt: skip


def taken(**other: object) -> SubmissionTaken:
    return TAKEN.model_copy(update=other)


def reread(because: str, **other: object) -> SubmissionRevalidated:
    return SubmissionRevalidated(because=(because,), taken=taken(**other))  # type: ignore[arg-type]


def approved(content: str = "c" * 64, data: str = "d" * 64) -> ReleaseApproved:
    return ReleaseApproved(period="2022-Q1", version=1, datasets_sha256=data, content_sha256=content)


def published(data: str = "d" * 64, approved_by: str = APPROVER) -> ReleasePublished:
    return ReleasePublished(
        period="2022-Q1", version=1, consolidation_seq=1, datasets_sha256=data, manifest_sha256="f" * 64,
        approved_by=approved_by, ledger_size=4, ledger_head=ZERO,
    )  # fmt: skip


def entries_of(steps: Sequence[Step]) -> tuple[list[Entry], list[bytes]]:
    lines: list[bytes] = []
    entries: list[Entry] = []
    for seq, (actor, event, *at) in enumerate(steps, start=1):
        entries.append(
            Entry(
                seq=seq, at=at[0] if at else f"2022-03-20T02:00:{seq:02d}Z", actor=actor, os_user="thu-nghiem",
                kind="test", events=event if isinstance(event, tuple) else (event,), files=(), previous=line_hash(lines[-1]) if lines else ZERO,
            )
        )  # fmt: skip
        lines.append(canonical(entries[-1].model_dump(mode="json")))
    return entries, lines


def replayed(steps: Sequence[Step]) -> list[Doubt]:
    return replay(*entries_of(steps))


def known_after(steps: Sequence[Step]) -> dict[str, Submission]:
    return {one.taken.number: one for one in submissions(entries_of(steps)[0])}


def test_every_event_says_of_which_action_it_comes() -> None:
    assert set(ACTIONS_OF) == set(get_args(get_args(AnyEvent)[0]))


def test_a_release_decided_by_two_people_with_their_roles_leaves_no_doubt() -> None:
    steps: list[Step] = [*BEGUN, (FOUNDER, requested()), (APPROVER, approved()), (FOUNDER, published())]
    assert replayed(steps) == []


@pytest.mark.parametrize(
    ("steps", "line", "said"),
    [
        ([(SOMEBODY, SubmissionWithdrawn(number="S-0001", reason="x"))], 3, "submission_withdrawn"),
        ([(SOMEBODY, SubmissionReinstated(number="S-0001", reason="x"))], 3, "submission_reinstated"),
        ([(APPROVER, ReceiptMended(number="S-0001", officially_received_on=date(2022, 3, 14), evidence="x", reason="x"))],
         3, "receipt_mended"),
        ([(SOMEBODY, SenderMended(number="S-0001", stated_sender="TV", stated_period=None, reason="x"))],
         3, "sender_mended"),
        ([(APPROVER, PersonAppointed(name=SOMEBODY, role="approver"))], 3, "person_appointed"),
        ([(SOMEBODY, WaiverRevoked(number="W-0001", reason="x"))], 3, "no role"),
        ([(FOUNDER, PersonDismissed(name=FOUNDER, role="analyst")),
          (FOUNDER, PersonDismissed(name=FOUNDER, role="quality_manager")), (FOUNDER, requested())], 5, "release_req"),
        ([(FOUNDER, requested()), (SOMEBODY, approved())], 4, "release_approved"),
        ([(FOUNDER, PersonAppointed(name=FOUNDER, role="approver")), (FOUNDER, requested()), (FOUNDER, approved())],
         5, "approved by the one who asked"),
        ([(FOUNDER, requested()), (APPROVER, approved("b" * 64))], 4, "of other bytes than were asked for"),
        ([(FOUNDER, requested()), (APPROVER, approved(data="b" * 64))], 4, "of other bytes than were asked for"),
        ([(FOUNDER, requested(), "2022-03-20T03:00:00Z"), (APPROVER, approved(), "2022-03-20T02:59:59Z")],
         4, "older than its request"),
        ([(APPROVER, approved())], 3, "nobody asked for it"),
        ([(FOUNDER, requested()), (FOUNDER, published())], 4, "nobody approved it"),
        ([(FOUNDER, published())], 3, "is published, nobody asked for it"),
        ([(FOUNDER, requested()), (APPROVER, approved()), (FOUNDER, published()), (FOUNDER, published())],
         6, "is published, nobody asked for it"),
        ([(FOUNDER, KeysFirstSeen(keys=CREATED.keys, unsigned_from=None))], 3, "the keys were stated before"),
        ([(FOUNDER, RECORDED), (FOUNDER, RECORDED.model_copy(update={"unit_code": "TV"}))], 4, "NC-2022-Q1-001 đã cấp"),
        ([(FOUNDER, WAIVED), (FOUNDER, WAIVED)], 4, "W-0001 đã cấp trước đó / this number was given before"),
        ([(FOUNDER, requested()), (APPROVER, approved()), (FOUNDER, published("b" * 64))], 5, "other data"),
        ([(FOUNDER, requested()), (APPROVER, approved()), (FOUNDER, published(approved_by=SOMEBODY))],
         5, "names another approver"),
        ([(FOUNDER, requested(embargo="2022-04-01T08:00:00+07:00")), (APPROVER, approved()), (FOUNDER, published())],
         5, "under embargo"),
        ([(FOUNDER, CREATED)], 3, "was made before"),
        ([(FOUNDER, PROPOSED), (APPROVER, PlanAccepted(number="PL-0001", plan_sha256="c" * 64))], 4, "another plan"),
        ([(APPROVER, ACCEPTED)], 3, "nobody proposed it"),
        ([(FOUNDER, PROPOSED), (APPROVER, ACCEPTED), (APPROVER, ACCEPTED)], 5, "it was decided"),
        ([(FOUNDER, PROPOSED), (APPROVER, PlanRejected(number="PL-0001", reason="x")), (APPROVER, ACCEPTED)],
         5, "it was decided"),
        ([(FOUNDER, PROPOSED), (FOUNDER, PROPOSED.model_copy(update={"number": "PL-0002"})), (APPROVER, ACCEPTED),
          (APPROVER, PlanAccepted(number="PL-0002", plan_sha256="b" * 64))], 6, "nobody proposed it"),
        ([(FOUNDER, PersonAppointed(name=FOUNDER, role="approver")), (FOUNDER, PROPOSED), (FOUNDER, ACCEPTED)],
         5, "approved by the one who asked"),
        ([(FOUNDER, PROPOSED, "2022-03-20T03:00:00Z"), (APPROVER, ACCEPTED, "2022-03-20T02:59:59Z")],
         4, "older than its request"),
    ],
)  # fmt: skip
def test_a_line_that_its_actor_might_not_have_written_is_named(steps: list[Step], line: int, said: str) -> None:
    doubts = [doubt for doubt in replayed([*BEGUN, *steps]) if doubt.is_problem]
    assert [doubt.seq for doubt in doubts] == [line] * len(doubts)
    assert any(said in doubt.text for doubt in doubts), doubts


# What a line says of a submission that does not fit what stood before, and what is said of it.
UNFIT: dict[str, tuple[tuple[Events, ...], str]] = {
    "a day stated by nobody": ((TAKEN, reread("statement", **OF_DAY)), "does not bear out"),
    "a day under other rules": ((TAKEN, reread("rules", **OTHER_RULES, **OF_DAY)), "officially_received_on, evidence"),
    "another file": ((TAKEN, reread("rules", **OTHER_RULES, file_sha256="6" * 64)), "file_sha256"),
    "another size": ((TAKEN, reread("rules", **OTHER_RULES, file_size=8)), "file_size"),
    "another kind of file": ((TAKEN, reread("rules", **OTHER_RULES, suffix=".csv")), "suffix"),
    "another moment": ((TAKEN, reread("rules", **OTHER_RULES, recorded_at="2022-03-01T09:00:00+07:00")), "recorded_at"),
    "another sender": ((TAKEN, reread("rules", **OTHER_RULES, sender="BT")), "sender"),
    "another unit": ((TAKEN, reread("rules", **OTHER_RULES, sender="BT", unit_code="BT")), "unit_code"),
    "a sender stated by nobody": (
        (TAKEN, reread("rules", **OTHER_RULES, sender="BT", stated_sender="BT")), "stated_sender",
    ),
    "another period": ((TAKEN, reread("rules", **OTHER_RULES, period="2022-Q2")), "period"),
    "rules that are the same": ((TAKEN, reread("rules")), "does not bear out"),
    "a plan that is the same": ((TAKEN, reread("plan")), "does not bear out"),
    "another day than is stated": (
        (TAKEN, (MENDED, reread("statement", officially_received_on=date(2022, 3, 13), evidence="y"))), "received_on",
    ),
    "a statement for a correction": ((TAKEN, (MENDED, reread("correction", **OF_DAY))), "not reread in the same line"),
    "a correction by nobody": ((TAKEN, reread("correction")), "does not bear out"),
    "a correction in a line before": ((TAKEN, CORRECTED, reread("correction")), "not reread in the same line"),
    "reread, never taken in": ((taken(number="S-0002"), reread("rules", **OTHER_RULES)), "S-0001: chưa từng nhận"),
    "reread, withdrawn": ((TAKEN, WITHDRAWN, reread("rules", **OTHER_RULES)), "was withdrawn before"),
    "a day without rereading": ((TAKEN, MENDED), "not reread in the same line"),
    "a sender without rereading": ((TAKEN, SENT), "not reread in the same line"),
    "a day for no reason": (
        (TAKEN, (MENDED.model_copy(update={"reason": " "}), reread("statement", **OF_DAY))), "reason or evidence",
    ),
    "a day without evidence": (
        (TAKEN, (MENDED.model_copy(update={"evidence": ""}), reread("statement", **OF_DAY))), "reason or evidence",
    ),
    "a day to come": (
        (TAKEN, (MENDED.model_copy(update={"officially_received_on": date(2022, 3, 17)}), reread("statement"))),
        "cannot have come later",
    ),
    "withdrawn, never taken in": ((WITHDRAWN,), "was never taken in"),
    "withdrawn twice": ((TAKEN, WITHDRAWN, WITHDRAWN), "was withdrawn before"),
    "corrected, never taken in": (((CORRECTED, reread("correction")),), "was never taken in"),
    "seen again, never taken in": (
        (SubmissionSeenAgain(number="S-0001", officially_received_on=date(2022, 3, 16), evidence=""),), "never taken in",
    ),
    "reinstated, never taken in": ((REINSTATED,), "was never taken in"),
    "reinstated, never withdrawn": ((TAKEN, REINSTATED), "was not withdrawn"),
    "reinstated for no reason": ((TAKEN, WITHDRAWN, REINSTATED.model_copy(update={"reason": ""})), "reason or evidence"),
    "reinstated beside its twin": ((TAKEN, WITHDRAWN, taken(number="S-0002"), REINSTATED), "same bytes count as S-0002"),
    "taken in beside its twin": ((TAKEN, taken(number="S-0002")), "the same bytes count as S-0001"),
    "a number given twice": ((TAKEN, taken(file_sha256="6" * 64)), "this number was given before"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNFIT)
def test_what_does_not_fit_a_submission_is_named_and_counts_for_nothing(case: str) -> None:
    said, why = UNFIT[case]
    lines = [(FOUNDER, one) for one in said]
    doubts = replayed([*BEGUN, *lines])
    assert any(why in doubt.text and doubt.is_problem for doubt in doubts), doubts
    before = known_after([*BEGUN, *lines[: doubts[0].seq - len(BEGUN) - 1]])
    after = {
        number: one for number, one in known_after([*BEGUN, *lines]).items() if number in before or one.is_in_force
    }
    assert after == before


def test_what_is_stated_corrected_and_reread_in_one_line_leaves_no_doubt() -> None:
    mended = taken(**OF_DAY)
    sent = {**OF_DAY, "stated_sender": "BT", "sender": "BT", "unit_code": "BT"}
    steps: list[Step] = [
        *BEGUN, (FOUNDER, TAKEN), (FOUNDER, (MENDED, reread("statement", **OF_DAY))),
        (FOUNDER, (SENT, reread("statement", **sent))), (FOUNDER, (CORRECTED, reread("correction", **sent))),
        (FOUNDER, WITHDRAWN), (FOUNDER, REINSTATED), (FOUNDER, reread("rules", **sent, **OTHER_RULES)),
    ]  # fmt: skip
    assert replayed(steps) == []
    assert known_after(steps)["S-0001"].taken == mended.model_copy(update={**sent, **OTHER_RULES})


def test_a_correction_that_is_not_reread_is_applied_by_no_later_rereading() -> None:
    steps: list[Step] = [*BEGUN, (FOUNDER, TAKEN), (FOUNDER, CORRECTED)]
    assert corrections_of(entries_of(steps)[0], "S-0001") == ()
    steps += [(FOUNDER, (CORRECTED, reread("correction")))]
    assert [one.number for one in corrections_of(entries_of(steps)[0], "S-0001")] == ["C-0001"]


def consolidated() -> PeriodConsolidated:
    return PeriodConsolidated(
        period="2022-Q1", as_of_seq=2, inputs_sha256="a" * 64, submissions=(), rules_sha256="2" * 64,
        plan_sha256="3" * 64, indicators_sha256="5" * 64, code_sha256="4" * 64,
    )  # fmt: skip


def test_what_does_not_fit_a_release_is_named_and_stops_no_reader() -> None:
    gone = ReleaseWithdrawn(period="2022-Q1", version=9, reason="x")
    zoneless, no_moment = requested(embargo="2022-04-01T08:00:00"), requested(embargo="mai")
    for event, said in (
        (gone, "v9 không đang hiệu lực"), (zoneless, "is no moment"), (no_moment, "is no moment"),
        (consolidated(), "is consolidated without tables: expected_report, figure"),
    ):  # fmt: skip
        steps: list[Step] = [*BEGUN, (FOUNDER, event), (APPROVER, approved())]
        doubts = replayed(steps)
        assert any(said in doubt.text and (doubt.seq, doubt.is_problem) == (3, True) for doubt in doubts), doubts
        assert versions(entries_of(steps)[0]) == ()
        assert latest_consolidation(entries_of(steps)[0], "2022-Q1") is None
    left: list[Step] = [*BEGUN, (FOUNDER, requested()), (APPROVER, approved()), (FOUNDER, published())]
    withdrawal = gone.model_copy(update={"version": 1})
    assert replayed([*left, (APPROVER, withdrawal)]) == []
    assert [doubt.seq for doubt in replayed([*left, (APPROVER, withdrawal), (APPROVER, withdrawal)])] == [7]


def test_a_release_of_before_requests_were_recorded_names_its_approver_itself() -> None:
    old = WorkspaceCreated(plan_id="thu-nghiem")
    assert [doubt for doubt in replayed([(FOUNDER, old), (FOUNDER, published())]) if doubt.is_problem] == []
    [doubt] = [one for one in replayed([(FOUNDER, old), (FOUNDER, published(approved_by=""))]) if one.is_problem]
    assert "nobody asked for it" in doubt.text
    first = KeysFirstSeen(keys=CREATED.keys, unsigned_from=None)
    assert [doubt for doubt in replayed([(FOUNDER, old), (FOUNDER, first)]) if doubt.is_problem] == []
    [doubt] = [one for one in replayed([(FOUNDER, old), (FOUNDER, first), (FOUNDER, first)]) if one.is_problem]
    assert doubt.seq == 3


def test_time_that_runs_backward_is_named_and_no_more() -> None:
    steps: list[Step] = [
        *BEGUN,
        (FOUNDER, ActionRefused(action="erase", subject="", held=(), why="x"), "2021-01-01T00:00:00Z"),
    ]
    [doubt] = replayed(steps)
    assert (doubt.seq, doubt.is_problem) == (3, False)
    assert "time runs backward" in doubt.text


def test_lines_of_before_roles_were_recorded_are_named_and_no_more() -> None:
    old = WorkspaceCreated(plan_id="thu-nghiem")
    steps: list[Step] = [(FOUNDER, old), (SOMEBODY, WaiverRevoked(number="W-0001", reason="x"))]
    assert [(doubt.seq, doubt.is_problem) for doubt in replayed(steps)] == [(2, False)]
    later: list[Step] = [*steps, (FOUNDER, APPOINTED), steps[1]]
    assert [(doubt.seq, doubt.is_problem) for doubt in replayed(later)] == [(2, False), (4, True)]

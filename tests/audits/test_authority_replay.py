"""Each line of the record is asked again whether its actor might have written it then."""

from collections.abc import Sequence
from datetime import date
from typing import get_args

import pytest

from audit.authority_replay import ACTIONS_OF, Doubt, replay
from audit.chain import ZERO, canonical, line_hash
from audit.events import (
    ActionRefused,
    AnyEvent,
    Entry,
    KeysFirstSeen,
    KeyStated,
    NonconformityRecorded,
    PersonAppointed,
    PersonDismissed,
    PlanAccepted,
    PlanProposed,
    PlanRejected,
    ReceiptMended,
    ReleaseApproved,
    ReleasePublished,
    ReleaseRequested,
    SenderMended,
    SubmissionReinstated,
    SubmissionWithdrawn,
    WaiverGranted,
    WaiverRevoked,
    WorkspaceCreated,
)

FOUNDER, APPROVER, SOMEBODY = (f"Người Dùng Giả Định 0{number}" for number in (1, 2, 3))
PROPOSED = PlanProposed(
    number="PL-0001", old_plan_sha256="a" * 64, new_plan_sha256="b" * 64, reason="x", evidence_sha256="e" * 64,
    evidence_size=1, changes=(), effects=(),
)  # fmt: skip
ACCEPTED = PlanAccepted(number="PL-0001", plan_sha256="b" * 64)
Step = tuple[str, AnyEvent] | tuple[str, AnyEvent, str]
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
BEGUN: tuple[Step, ...] = ((FOUNDER, CREATED), (FOUNDER, APPOINTED))


def requested(content: str = "c" * 64, embargo: str | None = None) -> ReleaseRequested:
    return ReleaseRequested(
        period="2022-Q1", version=1, consolidation_seq=1, datasets_sha256="d" * 64, definitions_sha256="e" * 64,
        restatement="first", reason="", embargo_until=embargo, expected_reports=(), content_sha256=content,
    )  # fmt: skip


def approved(content: str = "c" * 64, data: str = "d" * 64) -> ReleaseApproved:
    return ReleaseApproved(period="2022-Q1", version=1, datasets_sha256=data, content_sha256=content)


def published(data: str = "d" * 64, approved_by: str = APPROVER) -> ReleasePublished:
    return ReleasePublished(
        period="2022-Q1", version=1, consolidation_seq=1, datasets_sha256=data, manifest_sha256="f" * 64,
        approved_by=approved_by, ledger_size=4, ledger_head=ZERO,
    )  # fmt: skip


def replayed(steps: Sequence[Step]) -> list[Doubt]:
    lines: list[bytes] = []
    entries: list[Entry] = []
    for seq, (actor, event, *at) in enumerate(steps, start=1):
        entries.append(
            Entry(
                seq=seq, at=at[0] if at else f"2022-03-20T02:00:{seq:02d}Z", actor=actor, os_user="thu-nghiem",
                kind="test", events=(event,), files=(), previous=line_hash(lines[-1]) if lines else ZERO,
            )
        )  # fmt: skip
        lines.append(canonical(entries[-1].model_dump(mode="json")))
    return replay(entries, lines)


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
    steps: list[Step] = [(FOUNDER, old), (SOMEBODY, SubmissionWithdrawn(number="S-0001", reason="x"))]
    assert [(doubt.seq, doubt.is_problem) for doubt in replayed(steps)] == [(2, False)]
    later: list[Step] = [*steps, (FOUNDER, APPOINTED), steps[1]]
    assert [(doubt.seq, doubt.is_problem) for doubt in replayed(later)] == [(2, False), (4, True)]

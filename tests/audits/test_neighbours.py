"""What is said of one period, role or version says nothing of its neighbours."""

from collections.abc import Sequence
from datetime import date

import pytest

from audit.authority import offices
from audit.chain import ZERO, canonical, first_break
from audit.checkpoint import SignedCheckpoint
from audit.events import (
    AnyEvent,
    Entry,
    PersonAppointed,
    PersonDismissed,
    ReleasePublished,
    ReleaseRequested,
    Restatement,
    WaiverGranted,
    WarningJustified,
    WorkspaceCreated,
)
from audit.justifications import justifications
from audit.releases import edition, versions
from audit.waivers import in_force

FOUNDER, SOMEBODY = "Người Dùng Giả Định 01", "Người Dùng Giả Định 03"
QUARTERS = ("2022-Q1", "2022-Q2")


def entries_of(events: Sequence[AnyEvent]) -> list[Entry]:
    return [
        Entry(
            seq=seq, previous=ZERO, at="2022-03-20T02:00:00Z", actor=FOUNDER, os_user="thu-nghiem", trigger="test",
            kind="test", events=(event,), files=(),
        )
        for seq, event in enumerate(events, start=1)
    ]  # fmt: skip


def requested(period: str, version: int, restatement: Restatement = "first") -> ReleaseRequested:
    return ReleaseRequested(
        period=period, version=version, consolidation_seq=1, datasets_sha256="d" * 64, definitions_sha256="e" * 64,
        restatement=restatement, reason="", embargo_until=None, expected_reports=(),
    )  # fmt: skip


def published(period: str, version: int) -> ReleasePublished:
    return ReleasePublished(
        period=period, version=version, consolidation_seq=1, datasets_sha256="d" * 64, manifest_sha256="f" * 64,
        approved_by=SOMEBODY, ledger_size=1, ledger_head=ZERO,
    )  # fmt: skip


def test_who_is_dismissed_from_one_role_keeps_the_others() -> None:
    given = [PersonAppointed(name=SOMEBODY, role=role) for role in ("analyst", "auditor", "approver")]
    dismissed = PersonDismissed(name=SOMEBODY, role="analyst")
    known = offices(entries_of([WorkspaceCreated(plan_id="thu-nghiem"), *given, dismissed]))
    assert known.held(SOMEBODY) == {"auditor", "approver"}
    assert known.held(FOUNDER) == {"analyst", "quality_manager"}


def test_a_waiver_and_a_justification_are_of_one_period() -> None:
    granted = [
        WaiverGranted(
            number=f"W-000{number}", rule_id="D001", unit_code="TV", period=period, reason="x",
            last_day_on=date(2022, 12, 31), failing_count=number,
        )
        for number, period in enumerate(QUARTERS, start=1)
    ]  # fmt: skip
    said = [
        WarningJustified(period=period, rule_id="D016", unit_code="TV", failing_count=number, reason="x")
        for number, period in enumerate(QUARTERS, start=1)
    ]
    entries = entries_of([*granted, *said])
    for number, period in enumerate(QUARTERS, start=1):
        assert [one.number for one in in_force(entries, period, date(2022, 6, 1)).values()] == [f"W-000{number}"]
        assert [one.covered_count for one in justifications(entries, period).values()] == [number]
    assert in_force(entries, "2022-Q3", date(2022, 6, 1)) == {} == justifications(entries, "2022-Q3")


def test_a_version_supersedes_those_of_its_own_period_alone() -> None:
    entries = entries_of([published("2022-Q1", 1), published("2022-Q2", 1), published("2022-Q2", 2)])
    assert [(one.period, one.version, one.state) for one in versions(entries)] == [
        ("2022-Q1", 1, "published"), ("2022-Q2", 1, "superseded"), ("2022-Q2", 2, "published"),
    ]  # fmt: skip


def test_an_edition_goes_by_the_versions_before_it_alone() -> None:
    entries = entries_of([requested("2022-Q1", 1), requested("2022-Q1", 2, "minor"), requested("2022-Q1", 3, "major")])
    kinds: dict[int, Restatement] = {1: "first", 2: "minor", 3: "major"}
    assert [edition(entries, "2022-Q1", version, kind) for version, kind in kinds.items()] == [
        "1.0.0", "1.1.0", "2.0.0",
    ]  # fmt: skip


@pytest.mark.parametrize("seq", [True, 2, "1", None])
def test_the_first_line_has_the_number_one(seq: bool | int | str | None) -> None:
    found = first_break([canonical({"seq": seq, "previous": ZERO})])
    assert found is not None
    assert (found.line, f"seq is {seq!r}" in found.problem) == (1, True)


@pytest.mark.parametrize("size", ["017", "+17", "1_7", " 17", "0"])
def test_a_checkpoint_is_written_in_one_way(size: str) -> None:
    content = SignedCheckpoint("motcua.example", 17, "a" * 64, bytes(64)).content
    assert SignedCheckpoint.parse(content).content == content
    with pytest.raises(ValueError, match="canonical form"):
        SignedCheckpoint.parse(content.replace(b"\n17\n", f"\n{size}\n".encode()))

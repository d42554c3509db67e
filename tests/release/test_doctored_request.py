"""A request that an insider wrote by hand over a doctored draft is not approved: what counts is what the store gives."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from audit.events import ActionRefused, ReleaseRequested
from audit.releases import versions
from flows.entry.authority import NotAllowedError, entered
from flows.release.content import Content, content, issue_of
from flows.release.decisions import approve, request
from flows.release.draft import ask_gate, draft
from flows.release.publish import publish
from flows.release.reading_copy import lay_out_for_reading
from flows.release.reading_page import read_first
from releases.manifest import manifest_bytes, sha256_hex
from tests.support.office import APPROVER, PERIOD, Office, log, small_plan
from tests.support.people import FOUNDER

SOUND = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
WORKBOOK, FIGURES = "report.xlsx", "data/indicators.csv"


def with_another_workbook(made: Content) -> Content:
    return replace(made, official={**made.official, WORKBOOK: b"PK another workbook"})


def with_other_figures(made: Content) -> Content:
    return replace(made, official={**made.official, FIGURES: made.official[FIGURES] + b"17\n"})


def with_another_open_part(made: Content) -> Content:
    return replace(made, opened={**made.opened, "README.txt": b"another account\n"})


DOCTORED: Mapping[str, tuple[Callable[[Content], Content], str]] = {
    "workbook": (with_another_workbook, "no longer those that were asked for"),
    "figures": (with_other_figures, "figures are no longer those that were asked for"),
    "open part": (with_another_open_part, "no longer those that were asked for"),
}


def office_of(folder: Path, *, sender: str = "") -> Office:
    office = Office.new(folder, small_plan(folder / "plan", sender=sender))
    office.take(log(SOUND))
    office.consolidate()
    office.appoint_approver()
    return office


def ask_by_hand(office: Office, doctor: Callable[[Content], Content], page: bytes | None = b"") -> None:
    """Write a request line and its reading copy without asking anybody, as whoever holds key and passphrase could.

    The page that is read first is the true one unless it is given; None: the line says nothing of it.
    """
    workspace, period = office.workspace, office.workspace.plan.period(PERIOD)
    door = office.door
    with entered(workspace, door, "request_release") as ledger:
        drafted = draft(workspace, ledger, door, period)
        assert drafted is not None
        issue = issue_of(workspace, ledger, door.stamp.at, FOUNDER, (PERIOD, 1, "first", ""))
        made = doctor(content(workspace, ledger, drafted, ask_gate(workspace, drafted), issue))
        data = {path: sha256_hex(file) for path, file in made.official.items() if path.startswith("data/")}
        first = page or read_first(workspace, ledger, period, issue, made)
        event = ReleaseRequested(
            period=PERIOD, version=1, consolidation_seq=drafted.release.consolidation_seq,
            datasets_sha256=sha256_hex(manifest_bytes(data)), definitions_sha256=drafted.definitions_sha256,
            restatement="first", reason="", embargo_until=None, expected_reports=(), content_sha256=made.sha256,
            read_first_sha256=sha256_hex(first) if page is not None else None,
        )  # fmt: skip
        lay_out_for_reading(workspace, period, 1, made, first)
        ledger.append(door.stamp, "request", [event])


def refused(office: Office) -> str:
    """Let the approver approve; return the one sentence with which that is refused, and recorded."""
    with pytest.raises(NotAllowedError) as found:
        approve(office.workspace, office.door_of(APPROVER), office.workspace.plan.period(PERIOD))
    event = office.ledger.entries[-1].events[0]
    assert isinstance(event, ActionRefused)
    assert (event.action, event.why) == ("approve_release", "tính lại khác / computed otherwise")
    assert [one.state for one in versions(office.ledger.entries, PERIOD)] == ["requested"]
    assert "\n" not in str(found.value)
    return str(found.value)


@pytest.mark.parametrize("what", DOCTORED)
def test_a_request_written_by_hand_over_a_doctored_draft_is_not_approved(tmp_path: Path, what: str) -> None:
    doctor, said = DOCTORED[what]
    office = office_of(tmp_path)
    ask_by_hand(office, doctor)
    assert said in refused(office)


def test_a_request_that_the_gate_would_have_refused_is_not_approved(tmp_path: Path) -> None:
    office = office_of(tmp_path, sender="BT")
    ask_by_hand(office, lambda made: made)
    assert "neither received nor waived" in refused(office)


def test_a_request_of_what_the_store_gives_is_approved_and_published(tmp_path: Path) -> None:
    office = office_of(tmp_path)
    period = office.workspace.plan.period(PERIOD)
    ask_by_hand(office, lambda made: made)
    assert approve(office.workspace, office.door_of(APPROVER), period).version == 1
    assert publish(office.workspace, office.door, period).version == 1


def test_a_request_whose_page_says_something_else_is_not_approved(tmp_path: Path) -> None:
    office = office_of(tmp_path)
    ask_by_hand(office, lambda made: made, "# Không có gì khác bản trước\n".encode())
    assert "page that is read first" in refused(office)
    period = office.workspace.plan.period(PERIOD)
    assert request(office.workspace, office.door, period, "").is_new, "it can be asked for anew"
    assert approve(office.workspace, office.door_of(APPROVER), period).version == 1


def test_a_request_that_says_nothing_of_its_page_is_not_approved_and_can_be_asked_again(tmp_path: Path) -> None:
    office = office_of(tmp_path)
    period = office.workspace.plan.period(PERIOD)
    ask_by_hand(office, lambda made: made, None)
    with pytest.raises(NotAllowedError, match="release request"):
        approve(office.workspace, office.door_of(APPROVER), period)
    assert request(office.workspace, office.door, period, "").is_new
    assert approve(office.workspace, office.door_of(APPROVER), period).version == 1

"""A draft lies where a person can open it: whole, of the consolidation in force, with every reason against it."""

import csv
import io
import stat
from pathlib import Path

from openpyxl import load_workbook

from audit.persons import SCHEDULE
from flows.desk.waiting import waiting_for_people
from flows.entry.keyring import schedule_hand
from flows.measures.consolidate import consolidate
from flows.release.decisions import request
from flows.release.draft_folder import draft_period
from flows.release.written_draft import WrittenDraft, undrafted, written_draft
from tests.support.office import PERIOD, Office, log


def drafted(office: Office) -> WrittenDraft:
    made = draft_period(office.workspace, office.door, office.workspace.plan.period(PERIOD))
    assert made is not None
    return made


def kinds(office: Office) -> list[str]:
    found = waiting_for_people(office.workspace, office.ledger, office.workspace.plan, office.at)
    return [one.kind for one in found if one.period == PERIOD]


def test_what_was_never_consolidated_has_no_draft(office: Office) -> None:
    assert draft_period(office.workspace, office.door, office.workspace.plan.period(PERIOD)) is None
    assert not office.workspace.drafts.exists()


def test_a_draft_says_what_the_request_would_be_refused_for(office: Office) -> None:
    office.consolidate()
    made = drafted(office)
    refused = request(office.workspace, office.door, office.workspace.plan.period(PERIOD), "")
    assert made.statement.reasons == refused.reasons != ()
    page = (made.folder / "reasons.md").read_text("utf-8")
    assert all(reason in page for reason in refused.reasons)
    assert kinds(office) == ["draft"]


def test_a_draft_can_be_read_by_its_owner_and_says_on_its_cover_that_it_is_one(office: Office) -> None:
    office.consolidate()
    folder = drafted(office).folder
    cover = load_workbook(folder / "official" / "report.xlsx")["Bìa"]
    said = " ".join(str(cell.value) for row in cover.iter_rows() for cell in row if cell.value)
    assert "bản thảo / draft" in said
    assert "Chưa ai đề nghị" in said
    assert next(iter(csv.reader(io.StringIO((folder / "official" / "data" / "indicators.csv").read_text("utf-8")))))
    for path in (office.workspace.drafts, *office.workspace.drafts.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_same_record_gives_the_same_draft_and_nothing_is_left_beside_it(office: Office) -> None:
    office.consolidate()
    folder = drafted(office).folder
    first = contents(folder)
    left = office.workspace.drafts / ".tmp-1-2022-Q1"
    left.mkdir()
    (left / "half").write_bytes(b"x")
    assert contents(drafted(office).folder) == first
    assert [path.name for path in office.workspace.drafts.iterdir()] == [PERIOD]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_draft_of_an_earlier_consolidation_or_half_of_one_waits_for_nobody(demo: Office) -> None:
    office = demo
    assert written_draft(office.workspace, office.ledger, PERIOD) is None
    drafted(office)
    assert written_draft(office.workspace, office.ledger, PERIOD) is not None
    (office.workspace.drafts / PERIOD / "draft.json").write_text("{", "utf-8")
    assert written_draft(office.workspace, office.ledger, PERIOD) is None


def test_what_was_asked_for_waits_for_approval_and_no_longer_as_a_draft(office: Office) -> None:
    office.take(
        log(
            "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
        )
    )
    office.consolidate()
    drafted(office)
    office.settle()
    asked = request(office.workspace, office.door, office.workspace.plan.period(PERIOD), "")
    assert asked.is_new, asked.reasons
    assert kinds(office) == ["requested"]


def undrafted_periods(office: Office) -> list[str]:
    return [period.id for period in undrafted(office.workspace, office.ledger)]


def test_what_the_schedule_consolidated_gets_its_draft_though_the_run_was_cut_off(office: Office) -> None:
    scheduled = office.door.of(SCHEDULE, schedule_hand(office.workspace))
    period = office.workspace.plan.period(PERIOD)
    assert undrafted_periods(office) == []
    consolidate(office.workspace, scheduled, period)
    assert undrafted_periods(office) == [PERIOD]
    draft_period(office.workspace, scheduled, period)
    assert undrafted_periods(office) == []
    (office.workspace.drafts / PERIOD / "draft.json").unlink()
    assert undrafted_periods(office) == [PERIOD], "one that was removed is made anew"


def test_what_a_person_consolidated_waits_for_no_draft(office: Office) -> None:
    office.consolidate()
    assert undrafted_periods(office) == []


def test_what_somebody_asked_for_needs_no_draft(demo: Office) -> None:
    scheduled = demo.door.of(SCHEDULE, schedule_hand(demo.workspace))
    demo.take(log(""), "so-2.csv")
    consolidate(demo.workspace, scheduled, demo.workspace.plan.period(PERIOD))
    assert undrafted_periods(demo) == []

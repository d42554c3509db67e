"""Whom to remind: who owes, who owes soon, and what a draft says and does not say."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from flows.desk.reminders import Reminder, is_to_remind, reminder_folder, reminders, write_reminders
from flows.entry.door import MisuseError
from flows.measures.reporting import ExpectedReport
from tests.support.office import PERIOD, PLAN, Office, report, small_plan

Q1 = PLAN.period(PERIOD)
LAST_DAY = date(2022, 3, 14)
AFTER = date(2022, 3, 20)


@pytest.fixture
def library(tmp_path: Path) -> Office:
    """An office to which one unit, TV, owes its reports."""
    return Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))


def drafts(office: Office, today: date = AFTER) -> tuple[Reminder, ...]:
    return reminders(office.workspace, office.workspace.plan, Q1, today)


def written(office: Office, today: date = AFTER, out: Path | None = None) -> list[Path]:
    return [one.path for one in write_reminders(office.workspace, office.workspace.plan, Q1, today, out)]


def not_due(last_day_on: date | None) -> ExpectedReport:
    return ExpectedReport(PERIOD, "cchc", "TV", last_day_on, "not_due")


@pytest.mark.parametrize(
    ("today", "is_soon"),
    [
        pytest.param(date(2022, 3, 4), False, id="six working days before"),
        # The weekend of 5 and 6 March does not count.
        pytest.param(date(2022, 3, 6), False, id="six working days before, on a Sunday"),
        pytest.param(date(2022, 3, 7), True, id="five working days before"),
        pytest.param(LAST_DAY, True, id="on the last day"),
    ],
)
def test_a_report_is_reminded_of_from_five_working_days_before_its_last_day(today: date, is_soon: bool) -> None:
    assert is_to_remind(not_due(LAST_DAY), PLAN, today) is is_soon


@pytest.mark.parametrize("state", ["on_time", "late", "provisional", "not_determined"])
def test_nobody_is_reminded_of_what_came_or_of_what_has_no_last_day(state: str) -> None:
    known = ExpectedReport(PERIOD, "cchc", "TV", LAST_DAY, state)  # type: ignore[arg-type]
    assert not is_to_remind(known, PLAN, AFTER)
    assert not is_to_remind(not_due(None), PLAN, AFTER)


def test_a_last_day_beyond_the_calendar_is_not_guessed_at() -> None:
    assert not is_to_remind(not_due(date(2028, 1, 10)), PLAN, date(2027, 12, 31))


def test_a_draft_says_which_report_which_day_how_late_and_on_what_basis(library: Office) -> None:
    [one] = drafts(library)
    assert one.unit_code == "TV"
    for words in (
        "Kính gửi: Thư viện tỉnh Khánh Hòa",
        "1. Báo cáo cải cách hành chính định kỳ – Quý I năm 2022",
        "ngày cuối là 14/03/2022, đã quá hạn 6 ngày",
        "chưa nhận được",
        "Căn cứ: Kế hoạch CCHC 2022, phần IV.3",
        "Mẫu: tệp mẫu của đúng đơn vị và kỳ này do Văn phòng Sở gửi kèm",
    ):
        assert words in one.text


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2022, 3, 10), "ngày cuối là 14/03/2022, còn 2 ngày làm việc"),
        (LAST_DAY, "ngày cuối là 14/03/2022, tức là hôm nay"),
        (date(2022, 3, 15), "ngày cuối là 14/03/2022, đã quá hạn 1 ngày"),
    ],
)
def test_a_draft_says_how_much_time_is_left(library: Office, today: date, words: str) -> None:
    [one] = drafts(library, today)
    assert words in one.text


def test_a_rejected_report_is_sent_back_with_the_rule_and_the_cell_and_without_what_stands_there(
    library: Office,
) -> None:
    library.take(report("TV", {"A7.1": "Nguyễn Giả Định 0900000017"}), "TV-Nguyen-Gia-Dinh.xlsx", date(2022, 3, 12))
    [one] = drafts(library)
    assert "Bản nhận ngày 12/03/2022 bị trả lại vì:" in one.text
    assert "Ô số liệu chứa chữ, lỗi công thức hoặc số không hợp lệ: ô E" in one.text
    assert "(A7.1)" in one.text
    for personal in ("Nguyễn", "0900000017", "Nguyen"):
        assert personal not in one.text


def test_who_has_sent_is_not_reminded_and_an_earlier_draft_goes_away(library: Office) -> None:
    [path] = written(library)
    library.take(report("TV", {}), "TV.xlsx", LAST_DAY)
    assert written(library) == []
    assert not path.exists()


def test_the_same_day_gives_the_same_bytes_in_the_same_place_and_records_nothing(library: Office) -> None:
    before = library.workspace.ledger.read_bytes()
    [path] = written(library)
    content = path.read_bytes()
    assert path == library.workspace.root / reminder_folder(Q1) / "nhac-2022-Q1-TV.txt"
    assert content.decode("utf-8") == drafts(library)[0].text
    assert written(library) == [path]
    assert (path.read_bytes(), library.workspace.ledger.read_bytes()) == (content, before)
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name]


def test_drafts_go_to_a_folder_of_ones_own_and_leave_other_files_there_alone(library: Office, tmp_path: Path) -> None:
    folder = tmp_path / "thư nhắc"
    folder.mkdir()
    (folder / "khac.txt").write_text("khác", "utf-8")
    assert written(library, out=folder) == [folder / "nhac-2022-Q1-TV.txt"]
    assert (folder / "khac.txt").read_text("utf-8") == "khác"


def test_a_file_is_no_folder_for_drafts(library: Office, tmp_path: Path) -> None:
    (tmp_path / "tep.txt").touch()
    with pytest.raises(MisuseError, match="is not a folder"):
        written(library, out=tmp_path / "tep.txt")


def motcua(office: Office, *arguments: str) -> str:
    command = [sys.executable, "-m", "motcua", *arguments, "-w", str(office.workspace.root)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_command_prints_whom_it_reminds_and_where_the_draft_lies(library: Office) -> None:
    shutil.rmtree(library.workspace.root / "reminders", ignore_errors=True)
    printed = motcua(library, "remind", PERIOD)
    assert "Thư viện" in printed
    assert "nhac-2022-Q1-TV.txt" in printed
    [one] = json.loads(motcua(library, "remind", PERIOD, "--json"))
    assert (one["reminder"]["unit_code"], Path(one["path"]).is_file()) == ("TV", True)


def test_a_status_names_who_has_not_sent_and_where_the_reminder_is(library: Office) -> None:
    printed = motcua(library, "status", PERIOD)
    assert "chưa gửi  Thư viện (TV): Báo cáo cải cách hành chính định kỳ" in printed
    assert "motcua remind 2022-Q1 → reminders/2022-Q1/" in printed

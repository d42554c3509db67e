"""What plan and settings say of the schedule counts from the moment in which it is decided."""

from flows.serving.timetable import Registered
from tests.support.office import Office
from warehouse.workspace import Workspace


def set_in(office: Office, name: str, was: str, now: str) -> None:
    path = office.workspace.root / name
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), "utf-8")


def test_nothing_has_changed_while_nothing_was_decided(office: Office) -> None:
    registered = Registered(office.workspace)
    office.door_of("Người Dùng Giả Định 09")
    assert not registered.has_changed(), "a line of the record that says nothing of the plan"


def test_a_plan_counts_once_it_is_accepted_and_no_edit_before(office: Office) -> None:
    registered = Registered(office.workspace)
    set_in(office, "plan/plan.toml", 'timezone = "Asia/Ho_Chi_Minh"', 'timezone = "Asia/Bangkok"')
    assert not registered.has_changed()
    office.decide_plan()
    assert registered.has_changed()
    assert not registered.has_changed(), "it is registered once"


def test_hours_count_at_once_and_settings_that_cannot_be_read_change_nothing(office: Office) -> None:
    registered = Registered(Workspace(office.workspace.root))
    settings = office.workspace.settings_file
    before = settings.read_text("utf-8")
    settings.write_text(before + "[schedule\n", "utf-8")
    assert not registered.has_changed()
    settings.write_text(before + "x = 1\n", "utf-8")
    assert not registered.has_changed()
    settings.write_text(before + '[schedule]\nsweep_cron = "*/20 7-18 * * 1-6"\n', "utf-8")
    assert registered.has_changed()

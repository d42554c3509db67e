"""A plan folder is checked as a whole at load: every mistake at once, each with its file and its line or key."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.entry.places import PLANS
from schemas.plan import PlanError, load_plan
from tests.support.office import drawn

PLAN = PLANS / "svhtt-khanh-hoa-2022"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "plan"
    shutil.copytree(PLAN, copy)
    return copy


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")


def mistakes(folder: Path) -> set[str]:
    with pytest.raises(PlanError) as raised:
        load_plan(folder)
    return {f"{mistake.file}, {mistake.place}" for mistake in raised.value.mistakes}


@pytest.mark.parametrize("name", sorted(path.name for path in PLANS.iterdir() if path.is_dir()))
def test_the_bundled_plans_are_right(name: str) -> None:
    assert load_plan(PLANS / name).document.id == name


# file | what stands there | what a person wrote instead | the place that is named. A bar inside a cell is written ¦.
MISTAKES = {
    "plan.toml": """
timezone = "Asia/Ho_Chi_Minh" | timezone = "Asia/Nha_Trang" | key timezone
consolidating_office = "VP" | consolidating_office = "XX" | key consolidating_office
example = "1.003654" | example = "1.3654" | key procedure_code.example
pattern = '\\d | pattern = '(\\d | key procedure_code.pattern
decreed_through = 2026-12-31 | decreed_through = 2028-12-31 | key calendar.decreed_through
last_day = 2027-12-31 | last_day = 2019-12-31 | key calendar.last_day
decreed_through = 2026-12-31 | decreed_through = 2026-12-31 ↵ weekly_days_off = [6, 8] | key calendar.weekly_days_off
id = "II" | id = "I" | area I
id = "IV.1-2" | id = "IV.1-1" | provision IV.1-1
""",
    "periods.toml": """
id = "2022-Q2" | id = "2022-Q1" | period 2022-Q1
last_day = 2022-03-14 | last_day = 2021-03-14 | period 2022-Q1
last_day = 2022-12-14 | last_day = 2029-12-14 | period 2022-Q4
first_day = 2022-03-15 | first_day = 2022-03-14 | period 2022-Q2
before = "2022-Q1" | before = "2022-Q3" | period 2022-Q2, before
last_day = 2022-03-14 | last_day = 2022-03-15 | period 2022-Q2, before
id = "unit_plan" | id = "cchc" | report_type cchc
"2022-H1" = 2022-06-14 | "2022-Q8" = 2022-06-14 | report_type cchc
"2022-H1" = 2022-06-14 | "2022-H1" = 2021-06-14 | report_type cchc
"2022-H1" = 2022-06-14 | "2022-H1" = 2025-06-14 | report_type cchc
provisional_in = ["2022-Y"] | provisional_in = ["2022-Q1"] | report_type cchc
"2022-Q1" = 30 | "2022-Q1" = 0 | report_type unit_plan
"2022-Q1" = 30 | "2022-Q9" = 30 | report_type unit_plan
recipient_vi = "Sở Nội vụ" | recipient_vi = "Sở Nội vụ" ↵ id = "again" | document
""",
    "targets.toml": """
comparison = "=" ↵ threshold = "0" ↵ | | target I.2a
threshold = "0.97" ↵ | | target I.4
comparison = "rising" | comparison = "rising" ↵ threshold = "0.5" | target I.2a-early
id = "I.2b" | id = "I.2a" | target I.2a
tasks = ["VI.6"] | tasks = ["VI.16"] | target I.6
tasks = ["VI.6"] | tasks = ["VI.6"] ↵ comparison = "rising" ↵ indicator = "early_share" | target I.6
tasks = ["VI.6"] | tasks = ["VI.6"] ↵ indicator = "early_share" | target I.6
indicator = "satisfaction" ↵ | | target I.7
dimension_value = "unit_plan" | dimension_value = "plan" | target IV.3-plan
dimension_value = "unit_plan" ↵ | | target IV.3-plan
on = 2022-08-15 | on = 2032-08-15 | series_break 2032-08-15
indicators = ["online_share", "online_share_announced", "procedures_announced_share"] | indicators = [] | series_break 2022-08-15
""",
    "units.csv": """
VP,office | VP,bureau | line 2, kind
Thanh tra Sở | Văn phòng Sở | line 3
TTR,office | *office,office | line 3, code
""",
    "procedures.csv": """
Di sản văn hóa,QLVHGD | Di sản văn hóa,QLVH | line 2, office
1.003838 | 2.001631 | line 3, code
1.003838 | 1.3838 | line 3, code
QLVHGD,15,working_day | QLVHGD,0,working_day | line 2, limit
QLVHGD,15,working_day | QLVHGD,15,immediate | line 2, immediate
một phần,false,0,true,true | một phần,false,-1,true,true | line 2, fee_vnd
working_day,3,một phần | working_day,5,một phần | line 2, level_number
working_day,3,một phần | working_day,3,hai phần | line 2, level_name
working_day,3,một phần | working_day,2,một phần | line 2, level_name
working_day,3,một phần | working_day,2, | line 2, is_on_national_portal
một phần,false,0,true,true | một phần,false,0,false,true | line 2, is_eligible_online
""",
    "tasks.csv": """
I.2,I,2 | I.2,VIII,2 | line 3, area
I.2,I,2 | I.9,I,2 | line 3, id
I.2,I,2 | I.8,I,8 | line 3, number
I.2,I,2 | I.2,I,1 | line 3, number
*office,,Các phòng chuyên môn | ,,Các phòng chuyên môn | line 2, lead
*office,,Các phòng chuyên môn | *offices,,Các phòng chuyên môn | line 2, lead
VP,*office¦*unit | VP,*office¦XX | line 4, cooperating
VP,*office¦*unit | VP,VP¦*unit | line 4, cooperating
dated,,2022-02-28 | dated,, | line 4, last_days_on
ongoing,,, | ongoing,,2022-12-31, | line 2, last_days_on
recurring,,2022-01-31¦2022-05-31 | recurring,,2022-05-31 | line 24, last_days_on
recurring,,2022-01-31¦2022-05-31 | recurring,,2022-05-31¦2022-01-31 | line 24, last_days_on
2022-07-01,2022-09-30 | 2022-10-01,2022-09-30 | line 35, first_day
dated,,2022-02-28 | dated,,28/02/2022 | line 4, last_days_on.0
""",
    "calendar.csv": """
2022-01-03,off | 2022-01-08,off | line 23, kind
2024-05-04,worked | 2024-05-03,worked | line 55, kind
2022-01-03,off | 2019-01-03,off | line 23, day
2022-01-31,off,Tết Nguyên đán,decreed | 2022-01-31,off,Tết Nguyên đán,expected | line 24, status
2027-01-01,off,Tết Dương lịch,expected | 2027-01-01,off,Tết Dương lịch,decreed | line 87, status
2020-01-24 | 2020-01-23 | line 4, day
""",
    "report_items.csv": """
<= A1.1 | <= A1.99 | line 3, relation
<= A1.1 | about A1.1 | line 3, relation
<= A1.1 | <= U1.1 | line 3, relation
cchc,A1.2 | cchc2,A1.2 | line 3, report_type
cchc,A1.2 | dossier_log,A1.2 | line 3, report_type
Q1¦H1 | Q1¦Q2 | line 17, required_in
""",
    "opening_balance.csv": """
basis | basis ↵ 2022-Q9,VP,Hành chính,3,số 01,imported | line 2, period
basis | basis ↵ 2022-Q1,XX,Hành chính,3,số 01,imported | line 2, office
basis | basis ↵ 2022-Q1,VP,Hành chánh,3,số 01,imported | line 2, field
basis | basis ↵ 2022-Q1,VP,Hành chính,3,số 01,imported ↵ 2022-Q1,VP,Hành chính,4,số 02,imported | line 3, field
""",
    "earlier_figures.csv": """
basis | basis ↵ 2022-Q1,early_share,,1,2,số 01,imported | line 2, period
basis | basis ↵ 2019-Q1,early_share,,1,2,số 01,imported | line 2, period
basis | basis ↵ 2021-Q4,early_share,XX,1,2,số 01,imported | line 2, unit
basis | basis ↵ 2021-Q4,early_share,,-1,2,số 01,imported | line 2, numerator
basis | basis ↵ 2021-Q4,early_share,,1,2,số 01,imported ↵ 2021-Q4,early_share,,1,3,số 02,imported | line 3, indicator
""",
}  # fmt: skip


def written(cell: str) -> str:
    return cell.replace(" ↵ ", "\n").replace(" ↵", "\n").replace("¦", "|")


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        pytest.param(name, *map(written, row[:2]), f"{name}, {row[2]}", id=f"{name}-{n}")
        for name, table in MISTAKES.items()
        for n, row in enumerate(drawn(table), start=1)
    ],
)
def test_a_mistake_is_named_with_its_place(folder: Path, name: str, old: str, new: str, place: str) -> None:
    edit(folder, name, old, new)
    assert place in mistakes(folder)


# What each line of a table is, where it cannot be read at all.
UNREADABLE = {
    "an unknown column": (b"code,kind", b"codes,kind", "line 1"),
    "a cell too many": (b"VP,office", b"VP,office,office", "line 2"),
    "a quote that nobody closes": (b"VP,office,V", b'VP,office,"V', "line 14"),
    "another encoding": ("Văn".encode(), "Văn".encode("utf-16"), "file"),
}


@pytest.mark.parametrize(("old", "new", "place"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_table_that_cannot_be_read_says_where(folder: Path, old: bytes, new: bytes, place: str) -> None:
    content = (folder / "units.csv").read_bytes()
    assert old in content
    (folder / "units.csv").write_bytes(content.replace(old, new, 1))
    assert mistakes(folder) == {f"units.csv, {place}"}


def test_a_line_is_counted_as_an_editor_counts_it(folder: Path) -> None:
    edit(folder, "units.csv", "\nTTR,office", "\n\nTTR,office")
    edit(folder, "units.csv", "\nKHTC,office,Phòng Kế hoạch - Tài chính", '\nKHTC,office,"Phòng Kế hoạch\n- Tài chính"')
    edit(folder, "units.csv", "QLVHGD,office", "QLVHGD,bureau")
    assert mistakes(folder) == {"units.csv, line 7, kind"}


def test_mistakes_that_only_the_whole_plan_shows_come_at_once(folder: Path) -> None:
    edit(folder, "tasks.csv", "dated,,2022-02-28", "dated,,")
    edit(folder, "calendar.csv", "2022-01-03,off", "2022-01-08,off")
    edit(folder, "targets.toml", 'tasks = ["VI.6"]', 'tasks = ["VI.16"]')
    found = {"tasks.csv, line 4, last_days_on", "calendar.csv, line 23, kind", "targets.toml, target I.6"}
    assert mistakes(folder) == found


def test_a_unit_may_lead_what_all_units_are_named_for(folder: Path) -> None:
    edit(folder, "tasks.csv", "KHTC|*unit", "KHTC|TV|*unit")
    assert load_plan(folder).tasks[22].lead == ("KHTC", "TV", "*unit")


def test_all_mistakes_of_all_files_come_at_once(folder: Path) -> None:
    edit(folder, "units.csv", "VP,office", "VP,bureau")
    edit(folder, "report_items.csv", "A1.1,VII", ",VII")
    (folder / "targets.toml").unlink()
    assert {"units.csv, line 2, kind", "targets.toml, file"} <= mistakes(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: edit(folder, "units.csv", "Thư viện", "Thư viện số"),
        lambda folder: (folder / "profiles" / "one-stop-vn.toml").rename(folder / "profiles" / "other.toml"),
    ],
)
def test_any_change_of_the_folder_changes_its_hash(folder: Path, change: Callable[[Path], object]) -> None:
    before = load_plan(folder).sha256
    change(folder)
    assert load_plan(folder).sha256 != before


def test_a_unit_is_known_by_every_name_whatever_its_spacing_case_and_tone_marks() -> None:
    plan = load_plan(PLAN)
    for name in ("QLVH&GĐ", " qlvh & gd ", "Quản lý văn hoá gia đình", "QUẢN LÝ VĂN HÓA GIA ĐÌNH"):
        assert plan.unit_code(name) == "QLVHGD"
    assert plan.unit_code("Quản lý văn hóa") is None

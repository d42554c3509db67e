"""A plan folder is checked as a whole at load: every mistake at once, each with its file and its line or key."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.places import PLANS
from schemas.plan import PlanError, load_plan

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


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("plan.toml", 'timezone = "Asia/Ho_Chi_Minh"', 'timezone = "Asia/Nha_Trang"', "plan.toml, key timezone"),
        (
            "plan.toml",
            'consolidating_office = "VP"',
            'consolidating_office = "XX"',
            "plan.toml, key consolidating_office",
        ),
        ("periods.toml", 'id = "2022-Q2"', 'id = "2022-Q1"', "periods.toml, period 2022-Q1"),
        ("periods.toml", "last_day = 2022-03-14", "last_day = 2021-03-14", "periods.toml, period 2022-Q1"),
        ("targets.toml", 'comparison = "="\nthreshold = "0"\n', "", "targets.toml, target I.2a"),
        ("units.csv", "VP,office", "VP,bureau", "units.csv, line 2, kind"),
        ("units.csv", "Thanh tra Sở", "Văn phòng Sở", "units.csv, line 3"),
        ("procedures.csv", "Di sản văn hóa,QLVHGD", "Di sản văn hóa,QLVH", "procedures.csv, line 2, office"),
        ("procedures.csv", "1.003838", "2.001631", "procedures.csv, line 3, code"),
        ("report_items.csv", "<= A1.1", "<= A1.99", "report_items.csv, line 3, relation"),
        ("report_items.csv", "<= A1.1", "about A1.1", "report_items.csv, line 3, relation"),
        (
            "opening_balance.csv",
            "pending_count,evidence,basis\n",
            "pending_count,evidence,basis\n2022-Q9,VP,Hành chính,3,số 01,imported\n",
            "opening_balance.csv, line 2, period",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(folder: Path, name: str, old: str, new: str, place: str) -> None:
    edit(folder, name, old, new)
    assert place in mistakes(folder)


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

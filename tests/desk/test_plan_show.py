"""What a reader who knows the plan document looks for is in `motcua plan show`; `motcua plan check` says what is wrong."""

import io
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import motcua.commands.planning  # noqa: F401 -- importing registers the commands
from flows.desk.plan_view import areas_shown, checked_plan, counts, plan_folder, plan_view
from flows.entry.door import MisuseError
from flows.entry.places import PLANS
from motcua.app import app
from motcua.printing.plan import show_areas, show_plan
from schemas.plan import PlanError, load_plan
from tests.support.office import PLAN, PLAN_FOLDER

DOCUMENT = Path(__file__).parents[3] / "shared" / "mission" / "000_5034098def705b83.txt"
AREAS = {"I": 5, "II": 6, "III": 6, "IV": 3, "V": 3, "VI": 7, "VII": 9}
needs_the_document = pytest.mark.skipif(not DOCUMENT.is_file(), reason="the plan document is not on this machine")


def printed(show: object) -> str:
    text = io.StringIO()
    console = Console(file=text, width=140, highlight=False)
    show(console)  # type: ignore[operator]
    return text.getvalue()


@pytest.fixture(scope="module")
def shown() -> str:
    return printed(lambda console: show_plan(console, plan_view(PLAN)))


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["plan", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def squeezed(text: str) -> str:
    return " ".join(text.split())


def appendix_rows() -> list[tuple[str, list[str]]]:
    """Read the appendix as it stands: task number, and each line of each of its cells, without joining anything."""
    rows: list[tuple[str, list[str]]] = []
    area = ""
    text = DOCUMENT.read_text("utf-8")
    for line in text[text.index("TT\tNhiệm vụ") :].splitlines()[1:]:
        first, *cells = [squeezed(cell) for cell in line.split("\t")]
        if re.fullmatch(r"[IVX]+", first):
            area = first
        elif first:
            rows.append((f"{area}.{first}", cells))
        elif any(cells):
            rows.append((rows[-1][0], cells))
    return rows


def test_the_areas_have_as_many_tasks_as_the_appendix() -> None:
    assert {shown.area.id: len(shown.tasks) for shown in areas_shown(PLAN)} == AREAS
    assert Counter(task.area for task in PLAN.tasks) == AREAS
    assert counts(PLAN)["tasks"] == 39


@needs_the_document
def test_every_task_of_the_document_is_shown_with_all_its_words(shown: str) -> None:
    blocks = {
        task.split("  ", 1)[0]: squeezed(task) for task in re.split(r"\n(?=[IVX]+\.\d+  )", shown) if "Sản phẩm" in task
    }
    rows = appendix_rows()
    assert set(dict(rows)) == set(blocks)
    lacking = [(task, cell) for task, cells in rows for cell in cells if cell and cell not in blocks[task]]
    assert lacking == []


@needs_the_document
def test_every_number_of_the_document_is_shown(shown: str) -> None:
    """Numbers of points and lines (`1.`, a cell of its own) are left out: the ids stand for them."""
    lines = [re.sub(r"^\s*\d+[.\t]", "", line) for line in DOCUMENT.read_text("utf-8").splitlines()]
    numbers = set(re.findall(r"\d+(?:[/.]\d+)*%?", "\n".join(lines)))
    assert len(numbers) > 40
    found = set(re.findall(r"\d+(?:[/.]\d+)*%?", shown))
    assert numbers - found == set()


@needs_the_document
def test_every_paragraph_of_the_parts_in_words_is_shown(shown: str) -> None:
    text = DOCUMENT.read_text("utf-8")
    part = text[text.index("III. KINH PHÍ") : text.index("Trên đây là Kế hoạch")].replace("*", "")
    paragraphs = [squeezed(line).removeprefix("- ") for line in part.splitlines() if len(line) > 60]
    assert len(paragraphs) == 10
    assert [paragraph for paragraph in paragraphs if paragraph not in shown] == []


@needs_the_document
def test_every_point_of_part_one_is_a_target() -> None:
    text = DOCUMENT.read_text("utf-8")
    part = text[text.index("I. MỤC TIÊU") : text.index("II. NHIỆM VỤ")]
    points = re.findall(r"^(\d+)\.", part, re.MULTILINE)
    assert len(points) == 10
    assert {f"I.{point}" for point in points} <= {re.sub(r"[a-d](-.*)?$", "", target.id) for target in PLAN.targets}


def test_the_targets_have_the_bounds_of_the_plan() -> None:
    ways = {target.id: [(way.comparison, str(way.threshold)) for way in target.ways] for target in PLAN.targets}
    assert {name: found for name, found in ways.items() if found} == {
        "I.2a": [("=", "0")],
        "I.2a-early": [("rising", "None")],
        "I.2b": [("=", "1")],
        "I.2c-announced": [("=", "1")],
        "I.2c": [(">=", "0.35"), (">=", "0.55")],
        "I.2c-electronic": [(">=", "0.50")],
        "I.2d": [("rising", "None")],
        "I.4": [(">=", "0.97")],
        "I.7": [(">", "0.83")],
        "IV.3-plan": [("=", "1")],
        "IV.3-self-score": [("=", "1")],
        "tasks": [("=", "0")],
    }


def test_a_corrected_task_shows_both_texts(shown: str) -> None:
    task = next(block for block in shown.split("\n\n") if "\nII.3  " in block).split("\nII.3  ")[1].split("\nII.4  ")[0]
    assert "Tiến độ / schedule: Trong năm 2022 (khi có phát sinh)" in task
    assert "Trong năm 202 (khi có phát sinh)" in task
    assert "QLTDTT phối hợp" in task
    assert "QLTDĐT phối hợp" in task


def test_typing_errors_of_the_document_stand_in_the_originals_alone() -> None:
    for task in PLAN.tasks:
        corrected = " ".join((task.task_vi, task.product_vi, task.schedule_vi, task.assignment_vi))
        assert not re.search(r"QLTDĐT|năm 202\b|những nhiễu|hệ thông tin", corrected)
    assert sum(bool(task.original_vi) for task in PLAN.tasks) == 6


SCHEDULES = {
    "I.1": "ongoing",
    "I.3": "dated 2022-02-28",
    "I.5": "dated 2022-02-04",
    "II.3": "in_period 2022-12-31",
    "III.1": "on_instruction",
    "V.1": "in_period 2022-06-30",
    "V.3": "recurring 2022-01-31 2022-05-31",
    "VI.3": "in_period 2022-03-31",
    "VII.1": "in_period 2022-03-31",
    "VII.4": "in_period 2022-09-30",
    "VII.8": "recurring 2022-03-14 2022-06-14 2022-09-14 2022-12-14",
    "VII.9": "on_instruction",
}


@pytest.mark.parametrize(("task_id", "schedule"), SCHEDULES.items())
def test_a_schedule_in_words_has_the_last_days_that_it_means(task_id: str, schedule: str) -> None:
    task = next(task for task in PLAN.tasks if task.id == task_id)
    assert " ".join([task.schedule_kind, *map(str, task.last_days_on)]) == schedule


def test_a_last_day_that_is_a_day_off_is_flagged_not_moved(shown: str) -> None:
    assert "ngày cuối / last day 04/02/2022 (ngày nghỉ / day off)" in shown
    assert "2022-Y: 24/11/2022 (tạm tính / provisional)" in shown


def test_what_depends_on_the_blank_day_of_the_decision_is_not_determined(shown: str) -> None:
    assert "2022-Q1: chưa xác định / not determined" in shown
    assert "số để trống trong văn bản / blank in the document" in shown


def test_every_row_says_where_it_comes_from(shown: str) -> None:
    tables = len(PLAN.units) + len(PLAN.procedures) + len(PLAN.report_items)
    assert len(re.findall(r"(?:Nguồn|Căn cứ) / basis: \S", shown)) >= 39 + len(PLAN.targets) + len(PLAN.report_types)
    assert len(re.findall(r"văn bản|trang công khai|ví dụ|trang công", shown)) >= tables


def test_one_area_alone_is_shown() -> None:
    text = run("show", "svhtt-khanh-hoa-2022", "--area", "ii")
    assert re.findall(r"^([IVX]+\.\d+)  ", text, re.MULTILINE) == [f"II.{n}" for n in range(1, 7)]


def test_an_unknown_area_lists_those_that_there_are() -> None:
    with pytest.raises(MisuseError, match="the plan has no such area: gần nhất / nearest: III, VII, II"):
        areas_shown(PLAN, "VIII")


def test_machines_get_the_same_plan() -> None:
    answer = json.loads(run("show", "svhtt-khanh-hoa-2022", "--json"))
    assert [len(area["tasks"]) for area in answer["areas"]] == list(AREAS.values())
    assert {day["basis"] != "" for year in answer["calendar"] for day in year["days"]} == {True}
    assert answer["sha256"] == PLAN.sha256


@pytest.mark.parametrize("name", sorted(path.name for path in PLANS.iterdir() if path.is_dir()))
def test_a_bundled_plan_is_named_checked_and_shown(name: str) -> None:
    assert run("check", name).endswith("OK\n")
    assert load_plan(PLANS / name).document.title_vi in run("show", name)


def test_the_second_plan_has_calendar_quarters_and_shows_nothing_of_the_first() -> None:
    text = run("show", "receipt-log-2011")
    assert "01/01/2011  31/03/2011" in text
    assert "Khánh Hòa" not in text
    assert printed(lambda console: show_areas(console, areas_shown(load_plan(PLANS / "receipt-log-2011")))) == ""


def test_a_plan_that_is_not_there_is_told_which_are() -> None:
    with pytest.raises(MisuseError, match="nearest: svhtt-khanh-hoa-2022"):
        plan_folder("svhtt-khanh-hoa-2023")


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        pytest.param('indicator = "early_share"', 'indicator = "early"', "target I.2a-early", id="a target"),
        pytest.param('indicators = ["online_share"', 'indicators = ["online"', "series_break 2022-08-15", id="a break"),
        pytest.param(
            'dimension = "report_type"\ndimension_value = "unit_plan"',
            'dimension = "area"\ndimension_value = "I"',
            "target IV.3-plan",
            id="a dimension that the indicator lacks",
        ),
    ],
)
def test_an_indicator_that_is_not_there_is_a_mistake_of_the_plan(
    tmp_path: Path, old: str, new: str, mistake: str
) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(PLAN_FOLDER, folder)
    text = (folder / "targets.toml").read_text("utf-8")
    assert old in text
    (folder / "targets.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PlanError) as raised:
        checked_plan(folder)
    assert {(found.file, found.place) for found in raised.value.mistakes} == {("targets.toml", mistake)}

"""What the documents say is so: their commands run, their tables agree with the code, nothing generated is stale."""

import ast
import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import motcua.app
import motcua.cli
from demo.run import PERIOD
from docs.build import DOCS, documents, indicators_document, main, rules_document
from schemas.plan import load_plan
from schemas.rules import Rule
from sql.indicators import load_indicators
from tests.support.people import FOUNDER, fd_in, passphrase_of, typed

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text("utf-8")
WRITTEN = sorted([CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", *(CHECKOUT / "docs").rglob("*.md")])
MOTCUA, PYTHON, ANY_PYTHON = ".venv/bin/motcua", ".venv/bin/python", "python3"
# They end when somebody interrupts them, run what this test is a part of, or take minutes (`test_demo_year` runs that one).
NOT_RUN = (f"{MOTCUA} serve", "make ", f"{MOTCUA} demo --year")


@dataclass(frozen=True)
class Command:
    """A command line of the README and the exit status that its comment promises."""

    line: str
    status: int

    @property
    def arguments(self) -> list[str]:
        program, *rest = shlex.split(self.line, comments=True)
        return {
            MOTCUA: [sys.executable, "-m", "motcua", *rest],
            PYTHON: [sys.executable, *rest],
            ANY_PYTHON: [sys.executable, "-I", *rest],
        }[program]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[Command]:
    lines = [line for block in blocks(text, "sh") for line in block.splitlines() if not line.startswith(NOT_RUN)]
    promised = [re.search(r"# exit status (\d)", line) for line in lines]
    return [Command(line, int(found[1]) if found else 0) for line, found in zip(lines, promised, strict=True)]


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as the person it names, who types their passphrase; the demo's own login where it names nobody."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    environment |= {"PYTHONPATH": str(CHECKOUT), "NO_COLOR": "1"}
    named = arguments[arguments.index("--actor") + 1] if "--actor" in arguments else FOUNDER
    with typed(passphrase_of(named)) as typing:
        return subprocess.run(
            arguments, cwd=folder, env=environment | typing, pass_fds=fd_in(typing),
            capture_output=True, text=True, check=False,
        )  # fmt: skip


def words(line: str) -> str:
    return " ".join(line.split())


def table_after(text: str, heading: str) -> list[dict[str, str]]:
    """Return the rows of the first table under a heading, by column."""
    under = text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in under.splitlines() if line.startswith("|")]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which the demo was made by its command, and what the command printed."""
    folder = tmp_path_factory.mktemp("readme")
    done = run([sys.executable, "-m", "motcua", "demo", "--dir", "demo-q1"], folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_every_command_of_the_readme_ends_as_it_says_one_after_the_other(shown: tuple[Path, str]) -> None:
    folder, _ = shown
    ended = [(command, run(command.arguments, folder)) for command in commands(README)]
    odd = [f"{c.line}\n  {d.returncode}: {d.stdout}{d.stderr}" for c, d in ended if d.returncode != c.status]
    assert odd == []
    assert [c.line for c, done in ended if "Traceback" in done.stderr + done.stdout] == []


def test_the_readme_promises_each_exit_status() -> None:
    assert {command.status for command in commands(README)} == {0, 1, 2}
    assert {row["status"] for row in table_after(README, "## Exit statuses")} == {"0", "1", "2", "130"}


def test_what_the_readme_shows_of_the_demo_is_what_the_demo_prints(shown: tuple[Path, str]) -> None:
    printed = {words(line) for line in shown[1].splitlines()}
    here = words(shown[1]).replace(str(shown[0].resolve()) + "/", "")
    (excerpt,) = blocks(README, "text")
    lines = [words(line) for line in excerpt.splitlines() if words(line) != "…"]
    assert [line for line in lines if line not in printed and line not in here] == []
    assert len(lines) > 5


def test_every_command_exists_and_the_readme_names_each_but_none_other() -> None:
    registered = {info.name or getattr(info.callback, "__name__", "") for info in motcua.app.app.registered_commands}
    registered |= {group.name or "" for group in motcua.app.app.registered_groups}
    mentioned = set(
        re.findall(r"motcua ([a-z]+)", "\n".join([*blocks(README, "sh"), *re.findall("`[^`\n]+`", README)]))
    )
    assert mentioned | {"demo"} == registered


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_a_link_leads_to_a_file(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", path.read_text("utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_a_decision_has_a_number_of_its_own_and_the_readme_leads_to_it() -> None:
    files = sorted((CHECKOUT / "docs" / "adr").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for number, file in enumerate(files, start=1):
        assert file.read_text("utf-8").startswith(f"# ADR {number}:"), file.name
        assert f"docs/adr/{file.name}" in README, file.name


def test_the_glossary_names_every_folder_and_every_stage() -> None:
    glossary = (CHECKOUT / "docs" / "glossary.md").read_text("utf-8")
    folders = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {"tests"} | {"plans"}
    rows = table_after(glossary, "## Folders")
    assert {row["where"].strip("`/") for row in rows} == folders
    assert {row["term"] for row in rows} <= folders | {folder.removesuffix("s") for folder in folders}
    stages = {path.name for path in (CHECKOUT / "sql").iterdir() if path.is_dir() and path.name[0].isdigit()}
    assert {row["term"] for row in table_after(glossary, "## Stages")} == stages


def test_the_glossary_points_at_files_that_are_there() -> None:
    glossary = (CHECKOUT / "docs" / "glossary.md").read_text("utf-8")
    places = set(re.findall(r"`([a-z_0-9]+/[\w./]*)`", glossary))
    assert sorted(place for place in places if not (CHECKOUT / place).exists()) == []


def requirement(line: str) -> str:
    found = re.match(r"[\w-]+(\[\w+\])?", line)
    assert found is not None
    return found[0]


def third_party(root: Path) -> dict[str, set[str]]:
    """Return which packages of the product import which modules that are neither ours nor Python's."""
    product = {path.parent.name for path in root.glob("*/__init__.py")} - {"bench", "docs", "tests"}
    found: dict[str, set[str]] = {}
    for path in (path for package in product for path in (root / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                for module in {name.split(".")[0] for name in named} - product - sys.stdlib_module_names:
                    found.setdefault(module, set()).add(path.relative_to(root).parts[0])
    return found


DEPENDENCIES = (CHECKOUT / "docs" / "dependencies.md").read_text("utf-8")
DECLARED = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))


def test_the_dependencies_are_those_of_the_project() -> None:
    own = [row["package"] for row in table_after(DEPENDENCIES, "## The product's own")]
    development = [row["package"] for row in table_after(DEPENDENCIES, "## Development")]
    assert own == [requirement(line) for line in DECLARED["project"]["dependencies"]]
    assert development == [requirement(line) for line in DECLARED["dependency-groups"]["dev"]]


def test_a_package_is_imported_only_where_the_dependencies_say() -> None:
    rows = table_after(DEPENDENCIES, "## The product's own")
    said = {row["imported as"].strip("`"): row["only in"].replace("`", "") for row in rows if row["imported as"]}
    used = third_party(CHECKOUT)
    assert set(used) == set(said)
    allowed = {module: set(where.split(", ")) for module, where in said.items() if where != "any"}
    assert {module: used[module] - where for module, where in allowed.items() if used[module] - where} == {}


def test_the_changelog_has_the_version_of_the_project() -> None:
    versions = re.findall(
        r"^## \[([\d.]+)\] - \d{4}-\d{2}-\d{2}$", (CHECKOUT / "CHANGELOG.md").read_text("utf-8"), re.M
    )
    assert versions[0] == DECLARED["project"]["version"]


def test_the_generated_documents_are_what_the_catalogues_say_now() -> None:
    assert {name: (DOCS / name).read_text("utf-8") for name in documents()} == documents()


def test_the_check_passes_on_what_was_written_and_names_the_one_that_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    changed = tmp_path / "rules.md"
    changed.write_text(changed.read_text("utf-8").replace("D001", "D101"), "utf-8")
    capsys.readouterr()
    assert main(["--check"], tmp_path) == 1
    said = capsys.readouterr().err
    assert "rules.md is stale: .venv/bin/python -m docs.build mends it" in said
    assert "indicators.md" not in said
    assert "D101" in changed.read_text("utf-8"), "a check writes nothing"


def test_an_absent_document_is_stale(tmp_path: Path) -> None:
    assert main(["--check"], tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_rule_is_shown_with_all_that_it_says() -> None:
    rule = Rule(
        id="Z901", version=3, kind="within_file", dataset="dossier", severity="fatal", grade="minor",
        dimension="uniqueness", message_vi="Trùng mã", message_en="Twice the same code", example="Hai dòng",
        basis="TT 01/2018", clause="ISO 9001:2015, 8.7", since=date(2022, 4, 1),
    )  # fmt: skip
    shown = rules_document([rule], ["5_nonconformities/Z900", "5_nonconformities/Z901"])
    for said in (
        "### Z901", "Trùng mã", "Twice the same code", "Hai dòng", "across the rows of a file", "nghiêm trọng",
        "nhẹ / minor", "uniqueness", "TT 01/2018", "ISO 9001:2015, 8.7", "3, 2022-04-01",
        "(../sql/5_nonconformities/Z901.sql)",
    ):  # fmt: skip
        assert said in shown
    assert "Z900" not in shown
    silent = rules_document([rule.model_copy(update={"grade": None, "severity": "warning"})], [])
    assert "opens no nonconformity" in silent
    assert "minor" not in silent


def test_an_indicator_is_shown_with_its_definition_and_the_targets_of_the_plan() -> None:
    shown = documents()["indicators.md"]
    sections = {section.splitlines()[0]: section for section in shown.split("\n## ")[1:]}
    assert set(sections) == set(load_indicators())
    for indicator in load_indicators().values():
        for said in (
            indicator.name_vi, indicator.name_en, indicator.definition_vi, indicator.definition,
            indicator.exclusions_vi, indicator.exclusions, indicator.basis,
        ):  # fmt: skip
            assert said in sections[indicator.id]
    plan = load_plan(CHECKOUT / "plans" / "svhtt-khanh-hoa-2022")
    for name, section in sections.items():
        asked = [t.id for t in plan.targets if name in {t.indicator, *(w.indicator for w in t.ways)}]
        assert re.findall("^- Chỉ tiêu / target (.+?): `", section, re.MULTILINE) == asked
    assert "I.7: `satisfaction` > 83 %" in sections["satisfaction"]
    assert "I.2a: `overdue_share` = 0 %" in sections["overdue_share"]
    assert "I.2a-early: `early_share` tăng so với kỳ trước / above the period before" in sections["early_share"]
    assert "report type: `self_score`) = 100 %" in sections["reports_on_time_share"]
    assert "item_member.sql) (A7.2 / A7.1)" in sections["documents_electronic"]
    assert "channel; nhóm tuổi hồ sơ / age class" in sections["pending_age_average"]
    assert "`online_share_all` ≥ 35 % hoặc / or `online_share_announced` ≥ 55 %" in sections["online_share"]
    assert "≥ 55 %" not in sections["online_share_all"].split("Chỉ tiêu")[1].split("\n")[0]


def test_a_plan_without_targets_says_so() -> None:
    shown = indicators_document(load_indicators().values(), load_plan(CHECKOUT / "plans" / "receipt-log-2011"))
    assert shown.count("none in the bundled plan") == len(load_indicators())


def test_the_demo_of_the_readme_is_of_the_period_that_it_names() -> None:
    assert f"demo-q1/releases/{PERIOD}/v1/official/report.xlsx" in README

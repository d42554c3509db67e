"""A restated figure says how much of its change came from what, and the parts add up.

The first version is made by an earlier checkout of the product, whose method and code differ in one place each: nothing
is simulated, the past really ran.
"""

import csv
import hashlib
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.events import SubmissionTaken
from flows.audits.verify import verify, verify_release
from flows.measures.quantities import Cell
from flows.release.publish import release_folder
from flows.release.restatement import CAUSES, changes_table
from flows.release.source_changes import replaces
from tests.support.office import Office, log, titles
from warehouse.workspace import Workspace

YEAR = "2022-Y"
CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("audit", "demo", "flows", "motcua", "plans", "releases", "schemas", "sources", "sql", "tests", "warehouse")
LINE = "H32.15-2201{day:02d}-{n:04d} | 1.003654 | QLVHGD | {channel} | {state} | {day:02d}/01/2022 | {due} | {done}"
# Received on the 5th of January, due in 15 working days.
DUE = "26/01/2022"


def dossier(n: int, channel: str = "Trực tuyến", done: str = "20/01/2022") -> str:
    state = "Đã có kết quả" if done else "Đang xử lý"
    return LINE.format(day=5, n=n, channel=channel, state=state, due=DUE, done=done)


FIRST = [dossier(n) for n in range(1, 21)] + [dossier(21, "BCCI"), dossier(22, "Trực tiếp", "")]
SECOND = [*FIRST[:-1], dossier(22, "Trực tiếp", "25/01/2022")]
MARCH = [
    f"H32.15-220301-{n:04d} | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 01/03/2022 | 22/03/2022 | 10/03/2022"
    for n in (1, 2, 3)
]
PAST = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tests.support.office import Office, log, report, small_plan, titles
root = Path(sys.argv[1])
office = Office.new(root, small_plan(root / "plan", sender="BT"))
office.at = datetime(2022, 12, 20, 2, 0, tzinfo=UTC)
filled = report("BT", {"A9.1": 100, "A9.2": 90}, period="2022-Y")
office.take(filled, "bao-cao.xlsx", date(2022, 11, 20))
office.take(log(Path(sys.argv[2]).read_text("utf-8"), titles(last="28/02/2022")), received_on=date(2022, 12, 15))
office.consolidate("2022-Y")
office.settle("2022-Y")
published = office.publish("2022-Y")
assert published.version == 1, published.reasons
"""
# What the earlier checkout does otherwise: its method counts postal filings as online, its code two more as overdue.
OLD_METHOD = ("sql/4_indicators/online_share_all/members.sql", "channel = 'online'", "channel <> 'in_person'")
OLD_CODE = (
    "flows/measures/figures.py",
    'cast(Decimal, row["numerator"]), cast(Decimal, row["denominator"]))',
    'cast(Decimal, row["numerator"]) + 2 * (place == Place("overdue_share")), cast(Decimal, row["denominator"]))',
)


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def past(folder: Path) -> Path:
    """Lay out the earlier checkout."""
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(CHECKOUT / "requirements.lock", folder / "requirements.lock")
    for name, now, then in (OLD_METHOD, OLD_CODE):
        text = (folder / name).read_text("utf-8")
        assert now in text, name
        (folder / name).write_text(text.replace(now, then), "utf-8")
    return folder


class Restated:
    """A workspace with two versions of the year, and the changes between them."""

    def __init__(self, root: Path) -> None:
        (root / "so.txt").write_text("\n".join(FIRST), "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", PAST, str(root), str(root / "so.txt")],
            cwd=past(root / "earlier"), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        self.office = Office(Workspace((root / "workspace").resolve()))
        self.first = hashes(self.official(1))
        self._change_everything()
        published = self.office.publish(YEAR)
        assert published.version == 2, published.reasons

    def official(self, version: int) -> Path:
        return release_folder(self.office.workspace, YEAR, version)

    def _change_everything(self) -> None:
        office = self.office
        office.at = datetime(2022, 12, 23, 2, 0, tzinfo=UTC)
        # late: the log of March; corrected: the log before it exported anew, with one dossier finished
        late = log("\n".join(MARCH), titles(first="01/03/2022", last="14/12/2022", exported="21/12/2022 08:00:00"))
        office.take(late, "so-tu-thang-3.csv", date(2022, 12, 21))
        again = log("\n".join(SECOND), titles(last="28/02/2022", exported="22/12/2022 08:00:00"))
        office.take(again, "so-2.csv", date(2022, 12, 22))
        # plan: the procedure belongs to another field
        path = office.workspace.plan_folder / "procedures.csv"
        lines = path.read_text("utf-8").splitlines()
        of = next(n for n, line in enumerate(lines) if line.startswith("1.003654,"))
        cells = next(csv.reader([lines[of]]))
        self.old_field, cells[2] = cells[2], "Quảng cáo"
        lines[of] = ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        self.office = office.decide_plan()
        self.office.consolidate(YEAR)
        self.office.settle(YEAR)

    @property
    def rows(self) -> dict[tuple[str, ...], dict[str, Decimal]]:
        text = (self.official(2) / "changes.csv").read_text("utf-8-sig")
        return {
            tuple(row[name] for name in ("figure", "unit_code", "dimension", "dimension_value", "quantity")): {
                name: Decimal(row[name] or 0) for name in row if name.startswith(("part_", "before", "after", "change"))
            }
            for row in csv.DictReader(text.splitlines())
            if row["kind"] == "figure"
        }

    def parts(self, *place: str) -> dict[str, int]:
        row = self.rows.get(place, {})
        found = {name.split("_", 2)[2]: int(value) for name, value in row.items() if name.startswith("part_")}
        return {cause: part for cause, part in found.items() if part}


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory) -> Restated:
    return Restated(tmp_path_factory.mktemp("restated"))


def test_the_parts_of_every_figure_add_up_to_its_change(restated: Restated) -> None:
    assert len(restated.rows) > 20
    for place, row in restated.rows.items():
        parts = sum(value for name, value in row.items() if name.startswith("part_"))
        assert parts == row["change"] == row["after"] - row["before"], place


def test_each_cause_moves_the_figure_that_it_touches(restated: Restated) -> None:
    whole = ("", "", "")
    assert restated.parts("overdue_share", *whole, "numerator") == {"code": -2}
    assert restated.parts("overdue_share", *whole, "denominator") == {"late_reports": 3, "corrected_source": 1}
    moved = restated.parts("II.06a", "QLVHGD", "field", restated.old_field, "received_total")
    assert moved == {"late_reports": 3, "plan": -25}
    assert restated.parts("II.06a", "QLVHGD", "field", "Quảng cáo", "received_total") == {"plan": 25}
    assert restated.parts("online_share_all", *whole, "numerator") == {"late_reports": 3, "rules_or_method": -1}


def test_the_changes_are_those_between_the_published_versions(restated: Restated) -> None:
    def figures(version: int) -> dict[tuple[str, ...], Decimal]:
        text = (restated.official(version) / "data" / "indicators.csv").read_text("utf-8-sig")
        return {
            (row["indicator_id"], row["unit_code"], row["dimension"], row["dimension_value"], name): Decimal(row[name])
            for row in csv.DictReader(text.splitlines())
            for name in ("numerator", "denominator")
            if row[name]
        }

    before, after = figures(1), figures(2)
    differing = {place for place in before.keys() | after.keys() if before.get(place, 0) != after.get(place, 0)}
    told = {place for place, row in restated.rows.items() if place[0] != "II.06a" and row["change"]}
    assert told == differing


def test_the_first_version_stays_byte_for_byte_and_both_verify(restated: Restated) -> None:
    assert hashes(restated.official(1)) == restated.first
    for version in (1, 2):
        assert verify_release(restated.official(version)).problems == []
    assert verify(restated.office.workspace).problems == []


def test_the_first_version_has_no_changes(restated: Restated) -> None:
    assert not (restated.official(1) / "changes.csv").exists()


def log_of(first: str, last: str) -> SubmissionTaken:
    days = {"window_first_day": date.fromisoformat(first), "window_last_day": date.fromisoformat(last)}
    return SubmissionTaken.model_construct(kind="dossier_log", **days)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param("2022-03-10", "2022-03-20", True, id="within"),
        pytest.param("2022-01-01", "2022-12-31", True, id="around"),
        pytest.param("2022-02-01", "2022-03-01", True, id="its first day"),
        pytest.param("2022-03-31", "2022-04-30", True, id="its last day"),
        pytest.param("2022-02-01", "2022-02-28", False, id="ends the day before"),
        pytest.param("2022-04-01", "2022-04-30", False, id="begins the day after"),
    ],
)
def test_a_log_replaces_one_of_which_it_covers_a_day(first: str, last: str, expected: bool) -> None:
    assert replaces(log_of(first, last), [log_of("2022-03-01", "2022-03-31")]) is expected


CELLS = st.builds(Cell, st.sampled_from("ab"), st.sampled_from("xy"), st.just(""), st.just(""), st.just("numerator"))
STEP = st.dictionaries(CELLS, st.integers(0, 9).map(Decimal))


@given(st.lists(STEP, min_size=len(CAUSES) + 1, max_size=len(CAUSES) + 1))
def test_the_parts_add_up_whatever_the_causes_do(steps: list[dict[Cell, Decimal]]) -> None:
    rows = changes_table(steps).to_pylist()
    for row in rows:
        parts = [value for name, value in row.items() if name.startswith("part_")]
        assert sum(parts) == row["change"] == (row["after"] or 0) - (row["before"] or 0)
        assert any(parts)
    told = {row["figure"] + row["unit_code"] for row in rows}
    moved = {c.figure + c.unit_code for c in {c for s in steps for c in s} if steps[0].get(c, 0) != steps[-1].get(c, 0)}
    assert moved <= told

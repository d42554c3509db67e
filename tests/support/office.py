"""A small department under test: tables drawn as text go in; findings, form and nonconformities come out."""

import csv
import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook, load_workbook

from audit.authority import roles
from audit.corrections import Correction
from audit.events import Role, StoredFile
from audit.ledger import Ledger
from audit.register import register
from audit.steps import Nonconformity
from flows.entry.authority import entered
from flows.entry.door import Door
from flows.intake.intake import Taken, take_in
from flows.intake.originals import Erased, erase
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.validate import validate
from flows.intake.validate_log import RuleBook
from flows.keeping.create import create
from flows.measures.consolidate import Consolidated, consolidate
from flows.measures.periods import latest_consolidation
from flows.plans.decide import accept
from flows.plans.propose import propose
from flows.quarterly import release_under_lock
from flows.release.draft import draft, waivable
from flows.release.justify import justify, warned
from flows.release.publish import Published
from flows.release.waive import waive
from schemas.plan import Plan, load_plan
from schemas.rules import load_rules
from sources.logs.profile import load_profiles
from sources.reports.profile import load_report_profiles
from sources.templates.template import template_workbook
from sources.templates.titles import ITEM_SHEET
from tests.support.people import APPROVER, FOUNDER, appointed, at_door, enrolled, sealing_of
from warehouse.files import sha256_of
from warehouse.named import table_of
from warehouse.store import Store
from warehouse.workspace import Workspace

PLANS = Path(__file__).parents[2] / "plans"
PLAN_FOLDER = PLANS / "svhtt-khanh-hoa-2022"
PLAN = load_plan(PLAN_FOLDER)
PERIOD = "2022-Q1"
KEY = b"\x17" * 32
AFTER_THE_CUT_OFF = datetime(2022, 3, 20, 2, 0, tzinfo=UTC)
HEADINGS = (
    "Số hồ sơ", "Mã thủ tục", "Phòng ban", "Hình thức nộp", "Trạng thái hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
)  # fmt: skip
OPENING_HEADING = "period,office,field,pending_count,evidence,basis\n"

Cells = list[list[str]]


def drawn(table: str) -> Cells:
    """Return the cells of a table drawn as text: one row a line, cells between bars."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines() if line.strip()]


def titles(first: str = "15/12/2021", last: str = "14/03/2022", exported: str = "15/03/2022 08:00:00") -> Cells:
    """Return the rows above the table of a log: its window, the time of its export, and a blank one."""
    return [[f"Từ ngày {first} đến ngày {last}"], [f"Thời điểm kết xuất: {exported}"], []]


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def xlsx_of(rows: Iterable[Sequence[object]]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(list(row))
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def log(table: str, above: Cells | None = None, headings: Sequence[str] = HEADINGS) -> bytes:
    """Return a one-stop log as CSV; the drawn table has only the dossiers."""
    return csv_of([*(titles() if above is None else above), headings, *drawn(table)])


def report(unit: str, figures: Mapping[str, object], plan: Plan = PLAN, period: str = PERIOD) -> bytes:
    """Return a unit's report, of the first quarter unless stated: every item 6 and in accord unless stated."""
    sound = {item.code: 6 for item in plan.items_required_in(plan.report_type("cchc"), period)} | {
        "A1.3": 2,
        "A1.4": 1,
        "A6.3": "Có",
    }
    stated = sound | dict(figures)
    surveyed, satisfied = stated["A9.1"], stated["A9.2"]
    if "A9.3" not in figures and isinstance(surveyed, int) and isinstance(satisfied, int):
        stated["A9.3"] = round(100 * satisfied / surveyed, 3) if surveyed else 0
    workbook = load_workbook(
        io.BytesIO(template_workbook(plan, plan.unit(unit), plan.period(period), plan.report_type("cchc")))
    )
    sheet = workbook[ITEM_SHEET]
    for row in range(1, sheet.max_row + 1):
        if sheet.cell(row, 1).value in stated:
            sheet.cell(row, 5).value = stated[str(sheet.cell(row, 1).value)]  # type: ignore[assignment]
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def small_plan(folder: Path, *, opening: str = "", sender: str = "", has_targets: bool = False) -> Path:
    """Lay out the department's plan with nothing due and no target, unless asked; at most one unit sends reports."""
    shutil.copytree(PLAN_FOLDER, folder)
    if not sender:
        # They are of a report type that is not there then.
        shutil.rmtree(folder / "report_profiles")
    if opening:
        (folder / "opening_balance.csv").write_text(OPENING_HEADING + opening, "utf-8")
    # Targets that tasks or a report type show have nothing to stand on where there are none.
    _, *stated = (folder / "targets.toml").read_text("utf-8").split("\n[[series_break]]")[0].split("[[target]]\n")
    kept = [one for one in stated if has_targets and "\ntasks = " not in one and "\ndimension = " not in one]
    targets = "".join("[[target]]\n" + one for one in kept) or "target = []\n"
    (folder / "targets.toml").write_text(targets, "utf-8")
    periods, cchc, *_ = (folder / "periods.toml").read_text("utf-8").split("[[report_type]]")
    (folder / "periods.toml").write_text(periods + ("[[report_type]]" + cchc if sender else ""), "utf-8")
    for table in ("tasks.csv", "report_items.csv"):
        heading, *lines = (folder / table).read_text("utf-8").splitlines()
        kept = [line for line in lines if sender and line.startswith("cchc,")]
        (folder / table).write_text("\n".join([heading, *kept]) + "\n", "utf-8")
    # The time limits are the department's own here: an example is a finding (L001).
    limits = (folder / "procedures.csv").read_text("utf-8").replace(",example,example\n", ",imported,example\n")
    (folder / "procedures.csv").write_text(limits, "utf-8")
    units = (folder / "units.csv").read_text("utf-8").splitlines()
    others = [
        line if line.startswith(f"{sender},") else line.replace(",false,true,", ",false,false,") for line in units
    ]
    (folder / "units.csv").write_text("\n".join(others) + "\n", "utf-8")
    return folder


def rows_of(root: Path, files: Iterable[StoredFile], table: str) -> list[dict[str, object]]:
    """Return the rows of one table among these files of the store."""
    found = [pq.read_table(root / file.path) for file in files if table_of(file) == table]
    return pa.concat_tables(found).to_pylist() if found else []


class ReadLog:
    """What reading one log gave, without a workspace: the pure function of bytes, profile, rules and plan."""

    def __init__(
        self,
        folder: Path,
        content: bytes,
        name: str = "so.csv",
        plan: Plan = PLAN,
        stated: Stated | None = None,
        corrections: tuple[Correction, ...] = (),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(content)
        book = RuleBook(plan, load_rules(), load_profiles(plan.folder), KEY, report_profiles=load_report_profiles(plan))
        stated = stated or Stated(date(2022, 3, 15), "thử nghiệm")
        source = SourceFile(path, sha256_of(path), path.suffix.lower(), path.stem, corrections)
        self.root = folder
        self.reading: Reading = validate(source, book, stated, Store(Workspace(folder)))

    def table(self, name: str) -> list[dict[str, object]]:
        return rows_of(self.root, self.reading.files, name)

    @property
    def rules(self) -> set[str]:
        return {str(row["rule_id"]) for row in self.table("finding")}

    def outcomes(self, rule_id: str) -> set[str]:
        return {str(row["outcome"]) for row in self.table("rule_result") if row["rule_id"] == rule_id}

    @property
    def fates(self) -> list[tuple[object, object, object]]:
        return [(row["row"], row["disposition"], row["reason"]) for row in self.table("row_account")]


class Office:
    """A workspace whose clock stands still until it is moved."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.at = AFTER_THE_CUT_OFF

    @classmethod
    def new(cls, folder: Path, plan_folder: Path) -> "Office":
        door = at_door(FOUNDER, AFTER_THE_CUT_OFF, "init")
        return cls(create(folder / "workspace", plan_folder, door, KEY, sealing_of(FOUNDER)))

    def copy(self, root: Path) -> "Office":
        """Return a copy that may be changed."""
        shutil.copytree(self.workspace.root, root)
        copied = Office(Workspace(root))
        copied.at = self.at
        return copied

    @property
    def door(self) -> Door:
        return at_door(FOUNDER, self.at)

    def door_of(self, name: str) -> Door:
        """Return the door of somebody else, who has a key from then on."""
        return enrolled(self.workspace, name, self.at)

    def appoint(self, name: str, role: Role) -> Door:
        """Let the founder give somebody a role; return that person's door."""
        return appointed(self.workspace, name, role, self.at)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.workspace.ledger)

    def take(self, content: bytes, name: str = "so.csv", received_on: date = date(2022, 3, 14)) -> Taken:
        """Take in one file as it would come to the counter."""
        path = self.workspace.root.parent / name
        path.write_bytes(content)
        return take_in(self.workspace, self.door, [path], Stated(received_on, "E-Office số 017"))[0]

    def hurry_inbox(self) -> None:
        """Take what lies in the inbox for whole at once: nobody is copying."""
        settings = self.workspace.settings_file
        settings.write_text(settings.read_text("utf-8") + "settle_seconds = 0\n", "utf-8")

    def sweep(self) -> list[Taken]:
        return take_in(self.workspace, self.door, [])

    def consolidate(self, period: str = PERIOD) -> Consolidated:
        return consolidate(self.workspace, self.door, self.workspace.plan.period(period))

    def publish(self, period: str = PERIOD) -> Published:
        """Ask for a release, have it approved by somebody else, publish it; a version that would be new is restated."""
        named = (name for name, held in roles(self.ledger.entries).items() if "approver" in held)
        approver, door = self.appoint(next(named, APPROVER), "approver"), self.door
        chosen = self.workspace.plan.period(period)
        with entered(self.workspace, door, "request_release") as ledger:
            return release_under_lock(self.workspace, ledger, door, approver, chosen, "thử nghiệm điều chỉnh")

    def decide_plan(self, reason: str = "thử nghiệm đổi kế hoạch") -> "Office":
        """Have the edited plan accepted by somebody else than who proposes it; return the office opened anew."""
        edited = Office(Workspace(self.workspace.root))
        edited.at = self.at
        evidence = self.workspace.root.parent / "quyet-dinh.txt"
        evidence.write_text("Quyết định thử nghiệm", "utf-8")
        done = propose(edited.workspace, edited.door, edited.workspace.plan, reason, evidence)
        accept(edited.workspace, edited.appoint_approver(), done.proposal.number)
        again = Office(Workspace(self.workspace.root))
        again.at = self.at
        return again

    def appoint_approver(self) -> Door:
        """Let somebody approve and erase, as nobody may from the beginning; return that person's door."""
        return self.appoint(APPROVER, "approver")

    def erase(self, number: str, decision: str, reason: str) -> Erased:
        """Have an original erased by somebody who may decide that."""
        return erase(self.workspace, self.appoint_approver(), number, decision, reason)

    def waive(self, rule_id: str, unit: str | None = None, period: str = PERIOD) -> None:
        """Accept what a rule finds for a month."""
        until = self.door.today(self.workspace.plan) + timedelta(days=30)
        chosen = self.workspace.plan.period(period)
        units = None if unit is None else [unit]
        waive(self.workspace, self.door, chosen, rule_id, units, "thử nghiệm ngoại lệ", until)

    def settle(self, period: str = PERIOD) -> None:
        """Say of everything that stands against a release why it may stand."""
        chosen, today = self.workspace.plan.period(period), self.door.today(self.workspace.plan)
        drafted = draft(self.workspace, self.ledger, self.door, chosen)
        for rule_id, unit in waivable(drafted) if drafted is not None else ():
            self.waive(rule_id, unit, period)
        warnings = warned(self.workspace, self.ledger, self.workspace.plan, chosen, today)
        for rule_id in sorted({one.rule_id for one in warnings if not one.is_justified}):
            justify(self.workspace, self.door, chosen, rule_id, None, "thử nghiệm giải trình")

    def table(self, name: str, period: str = PERIOD) -> list[dict[str, object]]:
        """Return a table of the period's consolidation in force."""
        found = latest_consolidation(self.ledger.entries, period)
        assert found is not None, f"{period} was not consolidated"
        return rows_of(self.workspace.root, found[0].files, name)

    def findings(self) -> list[dict[str, object]]:
        """Return every finding that any commit brought."""
        return [row for entry in self.ledger.entries for row in rows_of(self.workspace.root, entry.files, "finding")]

    def outcomes(self, rule_id: str, period: str = PERIOD) -> set[str]:
        return {str(row["outcome"]) for row in self.table("rule_result", period) if row["rule_id"] == rule_id}

    def totals(self, period: str = PERIOD) -> dict[str, int]:
        """Return the sum of every column of form II.06a."""
        rows = self.table("form_row", period)
        names = [name for name in (rows[0] if rows else {}) if name not in ("period", "handling_office", "field")]
        return {name: sum(int(str(row[name])) for row in rows) for name in names}

    @property
    def nonconformities(self) -> list[Nonconformity]:
        return list(register(self.ledger.entries).values())

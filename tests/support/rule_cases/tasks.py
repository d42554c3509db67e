"""Cases of the rules over the tasks of the plan: one task, and what the standing office reported of it."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from openpyxl import load_workbook

from schemas.plan import Plan, load_plan
from sources.templates.task_words import DONE, EVIDENCE, STATE, STATE_DONE, STATE_IN_PROGRESS, TASK_HEADINGS
from sources.templates.template import template_workbook
from sources.templates.titles import TASK_SHEET
from tests.support.office import Office, small_plan
from tests.support.rule_cases.base import Case, Evaluate, Seen

# What a report says of the one task, by heading.
Told = Mapping[str, str | date]

_HEADING_ROW = 4
_PROGRESS = """
[[report_type]]
id = "plan_tasks"
name_vi = "Tiến độ nhiệm vụ"
name_en = "Progress of tasks"
basis = "thử nghiệm"
senders = "consolidating_office"
tasks = "plan"
last_day_on = { "2022-Q1" = 2022-03-16, "2022-H1" = 2022-06-16 }
"""
_DUE_IN_FEBRUARY = "dated,,2022-02-28"
_WITHOUT_A_DAY = "on_instruction,,"


def _progress(plan: Plan, period_id: str, told: Told) -> bytes:
    """Fill in the one row of the template that lists the plan's tasks."""
    office = plan.unit(plan.document.consolidating_office)
    content = template_workbook(plan, office, plan.period(period_id), plan.report_type("plan_tasks"))
    workbook = load_workbook(io.BytesIO(content))
    for heading, value in told.items():
        cell = workbook[TASK_SHEET].cell(_HEADING_ROW + 1, TASK_HEADINGS.index(heading) + 1)
        cell.value = value  # type: ignore[assignment]
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def _plan_of_one_task(folder: Path, schedule: str) -> Path:
    plan = small_plan(folder)
    with (plan / "tasks.csv").open("a", encoding="utf-8") as tasks:
        tasks.write(f"I.1,I,1,Việc thử nghiệm,Kế hoạch,Theo kế hoạch,{schedule},VP,,Văn phòng,,seed\n")
    with (plan / "periods.toml").open("a", encoding="utf-8") as periods:
        periods.write(_PROGRESS)
    return plan


def followed(*, first: Told | None, half: Told | None = None, schedule: str = _DUE_IN_FEBRUARY) -> Evaluate:
    """Report on the task for the first quarter, and for the half-year where told; consolidate the last of them."""

    def evaluate(folder: Path, rule_id: str) -> Seen:
        folder.mkdir(parents=True, exist_ok=True)
        office = Office.new(folder, _plan_of_one_task(folder / "plan", schedule))
        plan = load_plan(office.workspace.plan_folder)
        told = {"2022-Q1": (first, date(2022, 3, 15)), "2022-H1": (half, date(2022, 6, 15))}
        for period_id, (one, received_on) in told.items():
            if one is not None:
                office.at = datetime(received_on.year, received_on.month, received_on.day, 2, tzinfo=UTC)
                office.take(_progress(plan, period_id, one), f"VP-{period_id}.xlsx", received_on)
        period = "2022-Q1" if half is None else "2022-H1"
        office.at = datetime(2022, 3, 20, 2, tzinfo=UTC) if half is None else datetime(2022, 6, 20, 2, tzinfo=UTC)
        office.consolidate(period)
        return Seen(
            frozenset(str(row["rule_id"]) for row in office.findings()),
            frozenset(office.outcomes(rule_id, period)),
            frozenset(item.identity.rule_id for item in office.nonconformities),
        )

    return evaluate


def done(day: int, month: int = 2, evidence: str = "Văn bản số 01/SVHTT-VP") -> dict[str, str | date]:
    told: dict[str, str | date] = {DONE: date(2022, month, day), STATE: STATE_DONE}
    return told | ({EVIDENCE: evidence} if evidence else {})


def first_quarter(broken: Told, sound: Told) -> Case:
    return Case(followed(first=broken), followed(first=sound))


UNDER_WAY: Told = {STATE: STATE_IN_PROGRESS}
CASES: dict[str, Case] = {
    "K001": first_quarter(UNDER_WAY, done(28)),
    "K002": first_quarter(done(1, month=3), done(28)),
    "K003": Case(followed(first=done(28, evidence="")), followed(first=done(28)), frozenset({"R010"})),
    # Without a report the task is overdue as far as anybody knows, and the report itself is missing.
    "K004": Case(followed(first=None), followed(first=done(28)), frozenset({"P001"})),
    "K005": Case(
        followed(first=done(28), half=UNDER_WAY), followed(first=done(28), half=done(28)), frozenset({"K001"})
    ),
    "K006": Case(followed(first=done(28), half=done(20)), followed(first=done(28), half=done(28))),
    "K007": Case(
        followed(first=UNDER_WAY, schedule=_WITHOUT_A_DAY), followed(first=UNDER_WAY, schedule="dated,,2022-03-31")
    ),
}

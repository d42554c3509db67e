"""What does a report say that a unit made itself, without the template?

Its tables are located by headings, its figures and tasks are cast and evaluated as those of the template are. What
cannot be located is a finding, or not evaluated; of which unit and period it is must be written in it or stated by who
handed it in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.corrections import Correction
from schemas.plan import Plan
from schemas.plan_models import ReportType
from schemas.rules import Rules
from schemas.tables import REPORT_TASK, REPORT_VALUE
from sources.reports.correction import corrected_grids, find_unapplied, labelled
from sources.reports.defence import DEFENCE_RULES
from sources.reports.evaluation import Evaluation
from sources.reports.fonts import see_fonts
from sources.reports.free_form import (
    Table,
    UnknownLabel,
    Wrong,
    find_tables,
    is_titled,
    item_rows,
    locate,
    periods_said,
    titles,
    units_said,
)
from sources.reports.free_tasks import Figures, LocatedTasks, OwnTasks, find_task_tables, locate_tasks, task_table
from sources.reports.grid import Grid, NotTheTemplateError
from sources.reports.identity import IDENTITY_RULES, Identity, Problem
from sources.reports.layout import open_grids
from sources.reports.package import see_package
from sources.reports.profile import ReportProfile
from sources.reports.report import NO_ITEMS, ReportReading, finished_reading, judged_items, judged_tasks
from sources.reports.tasks import TaskReading, read_tasks, without_tasks

IDENTITY_RULE, NO_TABLE_RULE, SEVERAL_RULE, LABEL_RULE = "R060", "R061", "R062", "R063"
_OWN_FORM = "báo cáo tự lập, không theo mẫu / a report of the unit's own form, not of the template"
_NOT_READ = "chưa đọc đến: báo cáo tự lập thiếu đơn vị, kỳ hoặc bảng / not reached: unit, period or table is missing"


@dataclass(frozen=True)
class Said:
    """What the one who handed the file in states of it."""

    unit_code: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class FreeReading:
    """A report of a unit's own form as read, and the profile that located it."""

    profile: ReportProfile
    reading: ReportReading


@dataclass(frozen=True)
class _OwnForm:
    """A workbook of a unit's own form, the tables that may be meant, its titles, and what was declared of its cells."""

    content: bytes
    file_sha256: str
    tables: Sequence[Table]
    task_tables: Sequence[OwnTasks]
    texts: Sequence[str]
    corrections: Sequence[Correction]


def read_free_report(
    content: bytes,
    file_sha256: str,
    plan: Plan,
    rules: Rules,
    profiles: Sequence[ReportProfile],
    said: Said,
    corrections: Sequence[Correction] = (),
) -> FreeReading | None:
    """Read a workbook under the first profile that knows its table, else its title; None where none does."""
    try:
        by_title = open_grids(content)
    except NotTheTemplateError:
        return None
    grids = tuple(by_title.values())
    declared = labelled(corrections, {title: grid.sheet for title, grid in by_title.items()})
    found = [(profile, find_tables(grids, profile)) for profile in profiles]
    for profile, tables in sorted(found, key=lambda pair: not pair[1]):
        task_tables = find_task_tables(grids, profile)
        heading_rows = [(one.grid.sheet, one.heading_row) for one in tables]
        heading_rows += [(one.grid.sheet, one.heading_row) for one in task_tables]
        texts = list(titles(grids, heading_rows))
        if tables or is_titled(texts, profile):
            own = _OwnForm(content, file_sha256, tables, task_tables, texts, declared)
            return FreeReading(profile, _read(own, profile, plan, rules, said))
    return None


def _read(own: _OwnForm, profile: ReportProfile, plan: Plan, rules: Rules, said: Said) -> ReportReading:
    report_type = plan.report_type(profile.document.report_type)
    identity = _identity(own.texts, profile, plan, report_type, said)
    last_day = plan.period(identity.period).last_day if identity.period else None
    reading = Evaluation(own.file_sha256, rules, identity, last_day, kinds=("report", "free_form"))
    see_package(reading, own.content)
    see_fonts(reading, [*(one.grid for one in own.tables), *(one.grid for one in own.task_tables)])
    reading.leave_out(_OWN_FORM, *IDENTITY_RULES, *DEFENCE_RULES)
    for rule_id in (IDENTITY_RULE, NO_TABLE_RULE, SEVERAL_RULE):
        reading.verdict(rule_id).checked = 1
    for problem in identity.problems:
        reading.find(problem.rule_id, problem.needed, written=problem.written)
    has_items = bool(profile.document.item_headings)
    table = _only_table(reading, own.tables, profile) if has_items else None
    if (has_items and table is None) or identity.problems or identity.period is None:
        return _refused_unread(reading, own)
    figures = Figures(table, item_rows(table, profile, plan)) if table is not None else None
    located = locate_tasks(reading, own.task_tables, figures, profile, is_of_plan=report_type.tasks == "plan")
    if table is not None:
        return _read_items(reading, own, table, located, profile, plan)
    return _read_tasks_alone(reading, own, located, profile, plan)


def _read_items(
    reading: Evaluation, own: _OwnForm, table: Table, located: LocatedTasks, profile: ReportProfile, plan: Plan
) -> ReportReading:
    """Read the figures of a report of known unit and period, and its tasks as far as they are located."""
    grids = _corrected(reading, own, table, located)
    table = replace(table, grid=grids[table.grid.sheet])
    elsewhere = located.rows_on(table.grid.sheet)
    items = plan.items_required_in(plan.report_type(profile.document.report_type), reading.identity.period or "")
    layout, unknown = locate(table, profile, plan, [item.code for item in items], elsewhere)
    if not layout.places:
        needed = "dòng chỉ tiêu dưới dòng tiêu đề / rows of line items below the headings"
        reading.find(NO_TABLE_RULE, needed, written=table.place)
        return _refused(reading)
    tasks = _tasks(reading, located, grids, profile, plan)
    _find_unknown(reading, table.grid, len(layout.places), unknown)
    unread = {one.label.row: LABEL_RULE for one in unknown}
    return judged_items(reading, table.grid, items, layout, tasks, unread, elsewhere)


def _read_tasks_alone(
    reading: Evaluation, own: _OwnForm, located: LocatedTasks, profile: ReportProfile, plan: Plan
) -> ReportReading:
    """Read a report of a type without line items."""
    if located.table is None:
        reading.find(NO_TABLE_RULE, "một bảng nhiệm vụ / a table of tasks", written=located.reason)
        return _refused_unread(reading, own)
    grids = _corrected(reading, own, None, located)
    reading.leave_out(NO_ITEMS, LABEL_RULE)
    return judged_tasks(reading, located.table.grid.sheet, _tasks(reading, located, grids, profile, plan))


def _corrected(reading: Evaluation, own: _OwnForm, table: Table | None, located: LocatedTasks) -> Mapping[str, Grid]:
    """Return the sheets of the located tables with the corrections of their figures and days applied."""
    grids: dict[str, Grid] = {}
    places: dict[str, frozenset[tuple[int, int]]] = {}
    if table is not None:
        elsewhere = located.rows_on(table.grid.sheet)
        grids[table.grid.sheet] = table.grid
        places[table.grid.sheet] = frozenset(place for place in table.figures if place[0] not in elsewhere)
    if located.table is not None:
        sheet = located.table.grid.sheet
        grids[sheet] = located.table.grid
        places[sheet] = places.get(sheet, frozenset()) | located.table.days
    return corrected_grids(reading, grids, own.corrections, places)


def _tasks(
    reading: Evaluation, located: LocatedTasks, grids: Mapping[str, Grid], profile: ReportProfile, plan: Plan
) -> TaskReading:
    """Read the task table as the template's is read, or say why not."""
    is_of_plan = plan.report_type(profile.document.report_type).tasks == "plan"
    if located.table is None:
        unread = [task_table(one, one.grid, profile, is_of_plan=is_of_plan) for one in located.unread]
        return without_tasks(reading, located.reason, unread, located.rule_id)
    table = task_table(located.table, grids[located.table.grid.sheet], profile, is_of_plan=is_of_plan)
    return read_tasks(reading, table, plan, plan.period(reading.identity.period or ""), is_of_plan=is_of_plan)


def _refused_unread(reading: Evaluation, own: _OwnForm) -> ReportReading:
    """Refuse a report without a table in which anything could be corrected."""
    find_unapplied(reading, own.corrections)
    return _refused(reading)


def _refused(reading: Evaluation) -> ReportReading:
    return finished_reading(
        reading, REPORT_VALUE.empty_table(), REPORT_TASK.empty_table(), is_blank=False, why_unread=_NOT_READ
    )


def _only_table(reading: Evaluation, tables: Sequence[Table], profile: ReportProfile) -> Table | None:
    """Return the one table that is meant; none where there is none, or more than one, or several columns of figures."""
    document = profile.document
    if not tables:
        wanted = f"“{'”/“'.join(document.item_headings)}” + “{'”/“'.join(document.value_headings)}”"
        reading.find(NO_TABLE_RULE, f"dòng tiêu đề: {wanted} / a heading row")
        return None
    if len(tables) > 1:
        places = "; ".join(table.place for table in tables)
        reading.find(SEVERAL_RULE, "một bảng / one table", written=places)
        return None
    (table,) = tables
    if len(table.value_columns) > 1:
        written = f"{len(table.value_columns)} cột, {table.place}"
        reading.find(SEVERAL_RULE, "một cột số liệu / one column of figures", written=written)
        return None
    return table


def _identity(
    texts: Sequence[str], profile: ReportProfile, plan: Plan, report_type: ReportType, said: Said
) -> Identity:
    """Say of whom and when the report is: what it says itself, else what was stated; a contradiction is neither."""
    units, unit_problems = units_said(texts, profile, plan)
    periods, period_problems = periods_said(texts, profile, plan)
    unit_names = {one.code: f"{one.short_name} ({one.code})" for one in plan.units}
    period_names = {one.id: f"{one.name_vi} ({one.id})" for one in plan.periods}
    senders = set(plan.expected_senders(report_type))
    # Who sends a file may do so for another unit: what the file says of its unit stands against the sender.
    stated = None if units else said.unit_code
    unit, why_no_unit = _one(_Candidates(units, unit_problems, stated, unit_names, "đơn vị", "unit"))
    period, why_no_period = _one(
        _Candidates(periods, period_problems, said.period, period_names, "kỳ báo cáo", "period")
    )
    problems = [*why_no_unit, *why_no_period]
    if unit is not None and unit not in senders:
        problems.append(Wrong("đơn vị phải gửi báo cáo này / a unit that owes this report", unit_names.get(unit, unit)))
        unit = None
    if period is not None and period not in report_type.period_ids:
        needed = f"kỳ có báo cáo này: {', '.join(report_type.period_ids)} / a period with this report"
        problems.append(Wrong(needed, period_names.get(period, period)))
        period = None
    found = (Problem(IDENTITY_RULE, one.needed, one.written) for one in problems)
    return Identity(unit, period, report_type.id, tuple(found))


@dataclass(frozen=True)
class _Candidates:
    """Which units, or periods, a report may be of: what the file names, what was stated, and what each is called."""

    found: set[str]
    problems: list[Wrong]
    stated: str | None
    names: Mapping[str, str]
    what: str
    what_en: str

    def named(self, code: str) -> str:
        return self.names.get(code, code)


def _one(of: _Candidates) -> tuple[str | None, list[Wrong]]:
    """Return the one that the file names, else the one stated, or what is wrong."""
    if len(of.found) > 1:
        written = ", ".join(of.named(one) for one in sorted(of.found))
        return None, [Wrong(f"một {of.what} / one {of.what_en}", written)]
    if of.found:
        (only,) = of.found
        if of.stated is not None and of.stated != only:
            needed = f"{of.what} như đã khai khi nộp: {of.named(of.stated)} / the {of.what_en} that was stated"
            return None, [Wrong(needed, of.named(only))]
        return only, []
    if of.problems or of.stated is None:
        none = Wrong(f"{of.what}, ghi trong tệp hoặc khai khi nộp / the {of.what_en}, in the file or stated")
        return None, of.problems or [none]
    return of.stated, []


def _find_unknown(reading: Evaluation, grid: Grid, located_count: int, unknown: Sequence[UnknownLabel]) -> None:
    reading.verdict(LABEL_RULE).checked = located_count + len(unknown)
    for one in unknown:
        expected = one.proposal or "một chỉ tiêu của báo cáo / a line item of the report"
        reading.find(LABEL_RULE, expected, sheet=grid.sheet, cell=one.label)

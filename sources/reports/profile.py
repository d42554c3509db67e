"""How does a unit's own report, which is not of the template, say what it reports?

A report profile is data of the plan: by which headings the table of figures is known, what titles say of unit and
period, and by which other names the line items go. Names are compared by `schemas.text.comparison_key`.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from schemas.plan import Plan, PlanError
from schemas.plan_files import Mistake, documents_in
from schemas.text import comparison_key
from sources.logs.profile import IgnoredRows, ProfileModel
from sources.templates.task_words import CODE, DONE, DUE, EVIDENCE, PRODUCT, STATE, TASK, TASK_STATES


class TaskProfile(ProfileModel):
    """How the task table of such a report is known, and by which other words it says what became of a task.

    The columns of codes and products may be absent from it.
    """

    code_headings: tuple[str, ...] = ()
    task_headings: tuple[str, ...] = Field(min_length=1)
    product_headings: tuple[str, ...] = ()
    due_headings: tuple[str, ...] = Field(min_length=1)
    done_headings: tuple[str, ...] = Field(min_length=1)
    state_headings: tuple[str, ...] = Field(min_length=1)
    evidence_headings: tuple[str, ...] = Field(min_length=1)
    states: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def headings(self) -> dict[str, tuple[str, ...]]:
        """The headings of each column, by that of the template."""
        return {
            CODE: self.code_headings, TASK: self.task_headings, PRODUCT: self.product_headings,
            DUE: self.due_headings, DONE: self.done_headings, STATE: self.state_headings,
            EVIDENCE: self.evidence_headings,
        }  # fmt: skip


class ReportProfileDocument(ProfileModel):
    """A report profile's file. Patterns of unit and period have a group `unit`, `period`.

    A report type without line items has no headings of items and figures; one that is not to be read for its tasks has
    no `tasks`.
    """

    id: str
    version: int = Field(ge=1)
    name_vi: str
    report_type: str
    title_patterns: tuple[str, ...] = Field(min_length=1)
    item_headings: tuple[str, ...] = ()
    code_headings: tuple[str, ...] = ()
    value_headings: tuple[str, ...] = ()
    unit_patterns: tuple[str, ...] = ()
    period_patterns: tuple[str, ...] = ()
    period_names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    ignore: tuple[IgnoredRows, ...] = ()
    labels: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    tasks: TaskProfile | None = None


@dataclass(frozen=True)
class ReportProfile:
    """A checked report profile; `sha256` is of its file's bytes."""

    document: ReportProfileDocument
    sha256: str

    def periods_by_key(self, plan: Plan) -> dict[str, str]:
        """Return every name of a period, as a key, with its id."""
        known = {comparison_key(name): period.id for period in plan.periods for name in (period.id, period.name_vi)}
        extra = {comparison_key(name): i for i, names in self.document.period_names.items() for name in names}
        return known | extra

    def labels_of(self, plan: Plan) -> dict[str, str]:
        """Return every name of a line item of this report type, and its code, with its code."""
        items = [item for item in plan.report_items if item.report_type == self.document.report_type]
        return {
            name: item.code
            for item in items
            for name in (item.name_vi, item.code, *self.document.labels.get(item.code, ()))
        }

    def row_class(self, text: str) -> str:
        """Return the class of the rows with this text that are not data, nothing where they may be."""
        return next((one.row_class for one in self.document.ignore if re.search(one.pattern, text)), "")


def load_report_profile(path: Path, plan: Plan) -> ReportProfile:
    """Read one report profile and check it against its plan; PlanError has all its mistakes."""
    content = path.read_bytes()
    try:
        document = ReportProfileDocument.model_validate(tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError([Mistake(path.name, "document", f"không phải TOML / is not TOML in UTF-8: {error}")]) from error
    except ValidationError as error:
        raise PlanError(
            Mistake(path.name, "key " + ".".join(str(step) for step in problem["loc"]), problem["msg"])
            for problem in error.errors()
        ) from error
    mistakes = list(_mistakes(document, plan, path.name))
    if mistakes:
        raise PlanError(mistakes)
    return ReportProfile(document, hashlib.sha256(content).hexdigest())


def _mistakes(document: ReportProfileDocument, plan: Plan, file: str) -> list[Mistake]:
    items = {item.code for item in plan.report_items if item.report_type == document.report_type}
    unknown = "không có trong kế hoạch / is not in the plan: {}"
    mistakes = [
        Mistake(file, f"key {key}", unknown.format(name))
        for key, names, known in (
            ("report_type", [document.report_type], {t.id for t in plan.report_types if t.form == "workbook"}),
            ("period_names", document.period_names, {period.id for period in plan.periods}),
            ("labels", document.labels, items),
        )
        for name in names
        if name not in known
    ]
    named = (("unit_patterns", document.unit_patterns, "unit"), ("period_patterns", document.period_patterns, "period"))
    plain = [("title_patterns", pattern, "") for pattern in document.title_patterns]
    plain += [("ignore", one.pattern, "") for one in document.ignore]
    for key, pattern, group in [*plain, *((key, p, group) for key, patterns, group in named for p in patterns)]:
        try:
            groups = re.compile(pattern).groupindex
        except re.error as error:
            mistakes.append(Mistake(file, f"key {key}", f"không phải biểu thức / is no pattern: {error}"))
            continue
        if group and group not in groups:
            mistakes.append(Mistake(file, f"key {key}", f"thiếu nhóm / lacks the group (?P<{group}>…)"))
    mistakes += _twice(document.labels, file, "labels.{}")
    return mistakes + list(_table_mistakes(document, plan, file))


def _twice(named: Mapping[str, Sequence[str]], file: str, key: str) -> list[Mistake]:
    """Find the names that stand for two things."""
    owners: dict[str, str] = {}
    mistakes = []
    for owner, names in named.items():
        for name in names:
            first = owners.setdefault(comparison_key(name), owner)
            if first != owner:
                told = f"{name}: đã là tên của / names {first} already"
                mistakes.append(Mistake(file, "key " + key.format(owner), told))
    return mistakes


def _table_mistakes(document: ReportProfileDocument, plan: Plan, file: str) -> Iterator[Mistake]:
    """Find a table that the report type has and the profile does not describe, or the other way round."""
    report_type = next((one for one in plan.report_types if one.id == document.report_type), None)
    if report_type is None:
        return
    has_items = any(item.report_type == report_type.id for item in plan.report_items)
    for key, headings in (("item_headings", document.item_headings), ("value_headings", document.value_headings)):
        if has_items and not headings:
            yield Mistake(file, f"key {key}", "thiếu tiêu đề của bảng số liệu / the table of figures needs headings")
    if document.tasks is None:
        if not has_items:
            yield Mistake(file, "key tasks", "loại báo cáo chỉ có bảng nhiệm vụ / the report type has tasks alone")
    elif report_type.tasks == "none":
        yield Mistake(file, "key tasks", "loại báo cáo không có bảng nhiệm vụ / the report type has no task table")
    else:
        yield from _task_mistakes(document, document.tasks, file, is_of_plan=report_type.tasks == "plan")


def _task_mistakes(
    document: ReportProfileDocument, tasks: TaskProfile, file: str, *, is_of_plan: bool
) -> Iterator[Mistake]:
    if is_of_plan and not tasks.code_headings:
        told = "thiếu tiêu đề của mã nhiệm vụ / the codes of the plan's tasks need a heading"
        yield Mistake(file, "key tasks.code_headings", told)
    for state in sorted(set(tasks.states) - set(TASK_STATES)):
        yield Mistake(file, "key tasks.states", f"{state}: phải là / must be one of {', '.join(TASK_STATES)}")
    yield from _twice({state: (state, *tasks.states.get(state, ())) for state in TASK_STATES}, file, "tasks.states.{}")
    headings = {f"tasks ({heading})": names for heading, names in tasks.headings.items()}
    yield from _twice(headings, file, "{}")
    # A heading that names the items and the tasks alike would not tell the two tables apart.
    items = {"item_headings": document.item_headings, "code_headings": document.code_headings}
    yield from _twice({**items, "tasks.task_headings": tasks.task_headings}, file, "{}")


def load_report_profiles(plan: Plan) -> tuple[ReportProfile, ...]:
    """Read every report profile of the plan's folder, in the order of their names."""
    return tuple(load_report_profile(path, plan) for path in documents_in(plan.folder, "report_profiles"))

"""How does a unit's own report, which is not of the template, say what it reports?

A report profile is data of the plan: by which headings the table of figures is known, what titles say of unit and
period, and by which other names the line items go. Names are compared by `schemas.text.comparison_key`.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from schemas.plan import Plan, PlanError
from schemas.plan_files import Mistake
from schemas.text import comparison_key
from sources.profile import IgnoredRows, ProfileModel


class ReportProfileDocument(ProfileModel):
    """A report profile's file. Patterns of unit and period have a group `unit`, `period`."""

    id: str
    version: int = Field(ge=1)
    name_vi: str
    report_type: str
    title_patterns: tuple[str, ...] = Field(min_length=1)
    item_headings: tuple[str, ...] = Field(min_length=1)
    code_headings: tuple[str, ...] = ()
    value_headings: tuple[str, ...] = Field(min_length=1)
    unit_patterns: tuple[str, ...] = ()
    period_patterns: tuple[str, ...] = ()
    period_names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    ignore: tuple[IgnoredRows, ...] = ()
    labels: dict[str, tuple[str, ...]] = Field(default_factory=dict)


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
    owners: dict[str, str] = {}
    for code, names in document.labels.items():
        for name in names:
            if owners.setdefault(comparison_key(name), code) != code:
                owner = owners[comparison_key(name)]
                mistakes.append(Mistake(file, f"key labels.{code}", f"{name}: đã là tên của / names {owner} already"))
    return mistakes


def load_report_profiles(plan: Plan) -> tuple[ReportProfile, ...]:
    """Read every report profile of the plan's folder, in the order of their names."""
    folder = plan.folder / "report_profiles"
    return tuple(load_report_profile(path, plan) for path in sorted(folder.glob("*.toml")))

"""What does the plan fix, and is the folder that holds it right?

A plan is a folder of data: department, periods, due dates, units, procedures, line items, targets. It is checked as a
whole at load; every mistake is reported at once with its file and its line or key.
"""

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from schemas.plan_models import (
    OpeningBalance,
    Period,
    PeriodsDocument,
    PlanDocument,
    PlanModel,
    Procedure,
    ReportItem,
    ReportType,
    Target,
    TargetsDocument,
    Unit,
)
from schemas.relation import parse_relation
from schemas.text import comparison_key


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in a plan folder: which file, where in it, what is wrong."""

    file: str
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.problem}"


class PlanError(ValueError):
    """Raised with every mistake of a plan folder at once."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("; ".join(str(mistake) for mistake in self.mistakes))


@dataclass(frozen=True)
class Plan:
    """A checked plan. `sha256` covers the name and the bytes of every file of its folder."""

    folder: Path
    sha256: str
    document: PlanDocument
    periods: tuple[Period, ...]
    report_types: tuple[ReportType, ...]
    targets: tuple[Target, ...]
    units: tuple[Unit, ...]
    procedures: tuple[Procedure, ...]
    report_items: tuple[ReportItem, ...]
    opening_balance: tuple[OpeningBalance, ...]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the plan's days begin and end."""
        return ZoneInfo(self.document.timezone)

    @cached_property
    def _unit_by_key(self) -> dict[str, str]:
        return {
            comparison_key(name): unit.code
            for unit in self.units
            for name in (unit.code, unit.name_vi, unit.short_name, *unit.aliases)
        }

    def unit_code(self, name: str) -> str | None:
        """Return the code of the unit or office that goes by this name, or None: never a near match."""
        return self._unit_by_key.get(comparison_key(name))

    def unit(self, code: str) -> Unit:
        """Return the unit with this code; KeyError names an unknown one."""
        return {unit.code: unit for unit in self.units}[code]

    def period(self, period_id: str) -> Period:
        """Return the period with this id; KeyError names an unknown one."""
        return {period.id: period for period in self.periods}[period_id]

    def report_type(self, type_id: str) -> ReportType:
        """Return the report type with this id; KeyError names an unknown one."""
        return {report_type.id: report_type for report_type in self.report_types}[type_id]

    def expected_senders(self, report_type: ReportType) -> tuple[str, ...]:
        """Return the codes of those who owe this report each period."""
        if report_type.id == "dossier_log":
            return (self.document.consolidating_office,)
        return tuple(unit.code for unit in self.units if unit.sends_reports)

    def items_required_in(self, period_id: str) -> tuple[ReportItem, ...]:
        """Return the line items that a unit report of this period must fill."""
        words = {"all"} | {t.item_word[period_id] for t in self.report_types if period_id in t.item_word}
        return tuple(item for item in self.report_items if words & set(item.required_in))


Row = TypeVar("Row", bound=PlanModel)
Document = TypeVar("Document", bound=PlanModel)


def _problems(error: ValidationError) -> list[tuple[str, str]]:
    return [(".".join(str(step) for step in e["loc"]) or "document", e["msg"]) for e in error.errors()]


def _read_document(path: Path, model: type[Document], mistakes: list[Mistake]) -> Document | None:
    try:
        return model.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        mistakes.append(Mistake(path.name, "file", "is missing"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(Mistake(path.name, "document", f"is not TOML in UTF-8: {error}"))
    except ValidationError as error:
        mistakes.extend(Mistake(path.name, f"key {key}", problem) for key, problem in _problems(error))
    return None


def _read_table(path: Path, model: type[Row], key: str | None, mistakes: list[Mistake]) -> tuple[Row, ...]:
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        mistakes.append(Mistake(path.name, "file", "is missing"))
        return ()
    except UnicodeDecodeError as error:
        mistakes.append(Mistake(path.name, "file", f"is not UTF-8: {error}"))
        return ()
    reader = csv.DictReader(text.splitlines())
    if list(reader.fieldnames or ()) != list(model.model_fields):
        mistakes.append(Mistake(path.name, "line 1", f"columns must be {', '.join(model.model_fields)}"))
        return ()
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for record in reader:
        place = f"line {reader.line_num}"
        if None in record or None in record.values():
            mistakes.append(Mistake(path.name, place, "has more or fewer fields than the heading"))
            continue
        try:
            rows.append(model.model_validate(record))
        except ValidationError as error:
            mistakes.extend(Mistake(path.name, f"{place}, {column}", problem) for column, problem in _problems(error))
            continue
        if key is not None:
            first = seen.setdefault(record[key], reader.line_num)
            if first != reader.line_num:
                mistakes.append(Mistake(path.name, f"{place}, {key}", f"{record[key]} stands already in line {first}"))
    return tuple(rows)


def _check_relations(items: Sequence[ReportItem]) -> list[Mistake]:
    """Return the line items whose relation cannot be read, or names an item that is not there."""
    mistakes = []
    codes = {item.code for item in items}
    for n, item in enumerate(items, start=2):
        if not item.relation:
            continue
        try:
            unknown = sorted(set(parse_relation(item.relation, item.code).item_codes) - codes)
        except ValueError as error:
            mistakes.append(Mistake("report_items.csv", f"line {n}, relation", str(error)))
            continue
        if unknown:
            mistakes.append(Mistake("report_items.csv", f"line {n}, relation", f"unknown item {', '.join(unknown)}"))
    return mistakes


def _cross_check(
    document: PlanDocument,
    periods: PeriodsDocument,
    targets: TargetsDocument,
    units: Sequence[Unit],
    procedures: Sequence[Procedure],
    opening: Sequence[OpeningBalance],
) -> list[Mistake]:
    mistakes = []
    codes = {unit.code for unit in units}
    period_ids = [period.id for period in periods.period]
    try:
        ZoneInfo(document.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        mistakes.append(Mistake("plan.toml", "key timezone", f"unknown time zone {document.timezone}"))
    if document.consolidating_office not in codes:
        mistakes.append(Mistake("plan.toml", "key consolidating_office", "is not in units.csv"))
    for n, period in enumerate(periods.period):
        if period.last_day < period.first_day:
            mistakes.append(Mistake("periods.toml", f"period {period.id}", "ends before it begins"))
        if period.id in period_ids[:n]:
            mistakes.append(Mistake("periods.toml", f"period {period.id}", "stands twice"))
    for report_type in periods.report_type:
        mistakes += [
            Mistake("periods.toml", f"report_type {report_type.id}", f"unknown period {period}")
            for period in sorted({*report_type.last_day_on, *report_type.item_word} - set(period_ids))
        ]
    for target in targets.target:
        if not target.ways:
            mistakes.append(Mistake("targets.toml", f"target {target.id}", "has neither a comparison nor parts"))
    for n, procedure in enumerate(procedures, start=2):
        if procedure.office not in codes:
            mistakes.append(Mistake("procedures.csv", f"line {n}, office", f"{procedure.office} is not in units.csv"))
    names: dict[str, str] = {}
    for n, unit in enumerate(units, start=2):
        for name in (unit.code, unit.name_vi, unit.short_name, *unit.aliases):
            owner = names.setdefault(comparison_key(name), unit.code)
            if owner != unit.code:
                mistakes.append(Mistake("units.csv", f"line {n}", f"the name {name} belongs to {owner} already"))
    for n, balance in enumerate(opening, start=2):
        if balance.period not in period_ids:
            mistakes.append(Mistake("opening_balance.csv", f"line {n}, period", f"unknown period {balance.period}"))
        if balance.office not in codes:
            mistakes.append(Mistake("opening_balance.csv", f"line {n}, office", f"{balance.office} is no unit"))
    return mistakes


def folder_sha256(folder: Path) -> str:
    """Return one hash over the names and bytes of every file of a folder, in canonical order."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{content}  {path.relative_to(folder).as_posix()}\n".encode())
    return digest.hexdigest()


def load_plan(folder: Path) -> Plan:
    """Read and check a plan folder; raise PlanError with all its mistakes."""
    mistakes: list[Mistake] = []
    document = _read_document(folder / "plan.toml", PlanDocument, mistakes)
    periods = _read_document(folder / "periods.toml", PeriodsDocument, mistakes)
    targets = _read_document(folder / "targets.toml", TargetsDocument, mistakes)
    units = _read_table(folder / "units.csv", Unit, "code", mistakes)
    procedures = _read_table(folder / "procedures.csv", Procedure, "code", mistakes)
    items = _read_table(folder / "report_items.csv", ReportItem, "code", mistakes)
    opening = _read_table(folder / "opening_balance.csv", OpeningBalance, None, mistakes)
    if document is None or periods is None or targets is None or mistakes:
        raise PlanError(mistakes)
    mistakes += _cross_check(document, periods, targets, units, procedures, opening)
    mistakes += _check_relations(items)
    if mistakes:
        raise PlanError(mistakes)
    return Plan(
        folder=folder,
        sha256=folder_sha256(folder),
        document=document,
        periods=periods.period,
        report_types=periods.report_type,
        targets=targets.target,
        units=units,
        procedures=procedures,
        report_items=items,
        opening_balance=opening,
    )

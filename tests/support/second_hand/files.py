"""What do the plan's files and the raw workbooks say, read with csv, tomllib and openpyxl alone?

The rows of a log and the reports that a fatal rule of `docs/rules.md` rejects are left out here, by its wording.
"""

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook

Row = Mapping[str, str]
Grid = list[list[object]]
_ITEM = re.compile(r"[A-Z]\d+\.\d+")
_HAS_RESULT = ("finished", "returned")


# --- the plan's files


class Period(NamedTuple):
    """A window whose both days belong to it."""

    id: str
    is_flow: bool
    first: date
    last: date
    before: str
    year_ago: str


class ReportType(NamedTuple):
    """What is expected of whom; a period without a last day counts from a decision without a day."""

    id: str
    is_log: bool
    is_progress: bool
    is_of_office: bool
    last_days: Mapping[str, date | None]
    provisional_in: Sequence[str]


class Way(NamedTuple):
    """One comparison that meets a target."""

    indicator: str
    comparison: str
    threshold: Fraction
    dimension: str
    value: str


class Target(NamedTuple):
    """A target that figures decide in one of several ways, or tasks, or nothing that can be computed."""

    id: str
    indicator: str
    ways: Sequence[Way]
    tasks: Sequence[str]


class Definition(NamedTuple):
    """What `indicator.toml` says of an indicator; `items` are the line items that its words name."""

    source: str
    is_composite: bool
    dimensions: Sequence[str]
    items: Sequence[str]


class Column(NamedTuple):
    """What a column of a log is called, and what its labels mean."""

    headings: Sequence[str]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class PlanFiles:
    """The tables of a plan folder, and the definitions of the indicators."""

    folder: Path
    definitions_folder: Path

    def _toml(self, name: str) -> Mapping[str, object]:
        return tomllib.loads((self.folder / name).read_text("utf-8"))

    def table(self, name: str) -> list[Row]:
        return list(csv.DictReader((self.folder / name).read_text("utf-8-sig").splitlines()))

    @cached_property
    def periods(self) -> Mapping[str, Period]:
        return {
            p["id"]: Period(
                p["id"], p["kind"] == "flow", p["first_day"], p["last_day"], p.get("before", ""), p.get("year_ago", "")
            )
            for p in self._toml("periods.toml")["period"]
        }

    @cached_property
    def report_types(self) -> Sequence[ReportType]:
        return [
            ReportType(
                t["id"],
                t.get("form") == "dossier_log",
                t.get("tasks") == "plan",
                t.get("senders") == "consolidating_office",
                {**dict.fromkeys(t.get("days_after_decision", {})), **t.get("last_day_on", {})},
                t.get("provisional_in", ()),
            )
            for t in self._toml("periods.toml")["report_type"]
        ]

    @cached_property
    def targets(self) -> Sequence[Target]:
        return [
            Target(
                t["id"],
                t.get("indicator", ""),
                [_way(part) for part in t.get("part", [t] if "comparison" in t else [])],
                t.get("tasks", ()),
            )
            for t in self._toml("targets.toml")["target"]
        ]

    @cached_property
    def breaks(self) -> Sequence[tuple[date, Sequence[str]]]:
        return [(b["on"], b["indicators"]) for b in self._toml("targets.toml").get("series_break", [])]

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        found = {}
        for path in sorted(self.definitions_folder.glob("*/indicator.toml")):
            said = tomllib.loads(path.read_text("utf-8"))
            named = re.findall(r"\(([A-Z]\d+\.\d+)\)", said["definition"]) if said["source"] == "report" else ()
            found[path.parent.name] = Definition(
                said["source"], said["kind"] == "composite", said.get("dimensions", ()), named
            )
        return found

    @cached_property
    def log_columns(self) -> Mapping[str, Column]:
        return {
            name: Column(said["headings"], said.get("values", {})) for name, said in self._profile["columns"].items()
        }

    @cached_property
    def _profile(self) -> Mapping[str, object]:
        (path,) = (self.folder / "profiles").glob("*.toml")
        return tomllib.loads(path.read_text("utf-8"))

    def found_in_title(self, pattern: str, title: str) -> re.Match[str]:
        found = re.search(str(self._profile[pattern]), title)
        assert found is not None, f"no {pattern} in the log's title"
        return found

    def moment(self, text: str) -> datetime | None:
        """Return the moment that a cell states; None where no format of the profile reads it."""
        for form in self._profile["date_formats"]:
            try:
                return datetime.strptime(text, form)
            except ValueError:
                continue
        return None

    @cached_property
    def procedures(self) -> Mapping[str, Row]:
        return {row["code"]: row for row in self.table("procedures.csv")}

    @cached_property
    def tasks(self) -> Sequence[Row]:
        return self.table("tasks.csv")

    @cached_property
    def items(self) -> Sequence[Row]:
        return self.table("report_items.csv")

    @cached_property
    def earlier(self) -> Mapping[tuple[str, str], Fraction]:
        """The department's figures of the time before, by period and indicator."""
        return {
            (row["period"], row["indicator"]): Fraction(row["numerator"]) / Fraction(row["denominator"])
            for row in self.table("earlier_figures.csv")
            if not row["unit"]
        }

    @cached_property
    def standing_office(self) -> str:
        return str(self._toml("plan.toml")["consolidating_office"])

    @cached_property
    def senders(self) -> Sequence[str]:
        return [unit["code"] for unit in self.table("units.csv") if unit["sends_reports"] == "true"]

    @cached_property
    def _office_names(self) -> Mapping[str, str]:
        return {
            _plain(name): unit["code"]
            for unit in self.table("units.csv")
            for name in (unit["code"], unit["name_vi"], unit["short_name"], *unit["aliases"].split("|"))
        }

    def office(self, name: str) -> str:
        """Return the code of the office that has this name; blank where none has."""
        return self._office_names.get(_plain(name), "")

    @cached_property
    def _calendar(self) -> Mapping[date, str]:
        return {date.fromisoformat(row["day"]): row["kind"] for row in self.table("calendar.csv")}

    @cached_property
    def calendar_begins(self) -> date:
        return self._toml("plan.toml")["calendar"]["first_day"]

    def working_days(self, after: date, through: date) -> int:
        """Count the working days from the day after an event through another day."""
        days = (after + timedelta(days=n) for n in range(1, (through - after).days + 1))
        return sum(
            self._calendar.get(day) == "worked" or (day.weekday() < 5 and day not in self._calendar) for day in days
        )


def _way(said: Mapping[str, str]) -> Way:
    return Way(
        said["indicator"], said["comparison"], Fraction(said.get("threshold", 0)), said.get("dimension", ""),
        said.get("dimension_value", ""),
    )  # fmt: skip


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


# --- the raw files


class Arrival(NamedTuple):
    """A file as it came: its number in the record, its bytes, and the day on which it reached the department."""

    number: str
    content: bytes
    received_on: date


@dataclass(frozen=True)
class Dossier:
    """One accepted row of a log; blank where the cell is."""

    code: str
    procedure: str
    office: str
    channel: str
    circulation: str
    result: str
    status: str
    received: date
    original_due: date | None
    due: date | None
    finished: date | None
    asked: date | None
    completed: date | None
    apology: date | None
    reappointed: date | None


@dataclass(frozen=True)
class Log:
    """What one export says, of which window and when it was made, and how many of its rows were rejected."""

    number: str
    received_on: date
    exported_at: datetime
    first: date
    last: date
    dossiers: Sequence[Dossier]
    rejected_count: int
    is_accepted: bool = True


@dataclass(frozen=True)
class Report:
    """A filled-in template: whose, of which period, its figures, and the rows of its task table by heading."""

    number: str
    received_on: date
    type: str
    unit: str
    period: str
    items: Mapping[str, Decimal | str]
    tasks: Sequence[Mapping[str, object]]
    is_accepted: bool


def read_file(arrival: Arrival, plan: PlanFiles) -> Log | Report:
    """Read a file as what it is: a template says so in its hidden sheet, everything else is a log."""
    workbook = load_workbook(io.BytesIO(arrival.content))
    grids = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in workbook.worksheets}
    if "_motcua" in grids:
        return _report(arrival, grids, plan)
    return _log(arrival, next(iter(grids.values())), plan)


def text_of(value: object) -> str:
    return "" if value is None else str(value).strip()


def _log(arrival: Arrival, grid: Grid, plan: PlanFiles) -> Log:
    start = next(n for n, line in enumerate(grid) if "(1)" in map(text_of, line))
    title = "\n".join(text_of(cell) for line in grid[:start] for cell in line)
    window = plan.found_in_title("window_pattern", title)
    exported_at = plan.moment(plan.found_in_title("exported_at_pattern", title)["at"])
    headings = {text_of(cell): n for line in grid[start - 2 : start] for n, cell in enumerate(line)}
    places = {name: headings[h] for name, said in plan.log_columns.items() for h in said.headings if h in headings}
    first_column = min(places.values())
    lines = [
        tuple(map(text_of, line))
        for line in grid[start + 1 :]
        if any(map(text_of, line)) and not any(text_of(cell).startswith("TỔNG CỘNG") for cell in line)
    ]
    said_of: dict[str, set[tuple[str, ...]]] = {}
    for line in lines:
        said_of.setdefault(line[places["dossier_code"]], set()).add(line[first_column:])
    accepted: dict[str, Dossier] = {}
    for line in lines:
        dossier = _dossier({name: line[place] for name, place in places.items()}, exported_at, plan)
        # One code on several rows: identical ones are rejected from the second on, differing ones all.
        if dossier is not None and len(said_of[dossier.code]) == 1:
            accepted.setdefault(dossier.code, dossier)
    return Log(
        arrival.number, arrival.received_on, exported_at, plan.moment(window["first"]).date(),
        plan.moment(window["last"]).date(), tuple(accepted.values()), len(lines) - len(accepted),
    )  # fmt: skip


def _dossier(row: Row, exported_at: datetime, plan: PlanFiles) -> Dossier | None:
    """Return the dossier that a row tells of; None where a fatal rule rejects the row."""
    days: dict[str, date | None] = {}
    for name in (name for name in plan.log_columns if name.endswith("_at")):
        text = row.get(name, "")
        moment = plan.moment(text)
        if text and moment is None:
            return None
        days[name] = moment.date() if moment else None

    def label(name: str) -> str:
        return plan.log_columns[name].labels.get(row.get(name, ""), "")

    status, received, finished = label("status"), days["received_at"], days["finished_at"]
    if not row["dossier_code"] or not status or received is None or (finished is None and status in _HAS_RESULT):
        return None
    if any(day is not None and day > exported_at.date() for day in (received, finished)):
        return None
    if any(day is not None and day < received for day in (finished, days["due_at"])):
        return None
    return Dossier(
        row["dossier_code"], row["procedure_code"], plan.office(row["handling_office"]), label("channel"),
        label("circulation"), label("result_form"), status, received, days["original_due_at"], days["due_at"], finished,
        days["supplement_requested_at"], days["supplement_completed_at"], days["apology_at"], days["reappointed_at"],
    )  # fmt: skip


def _report(arrival: Arrival, grids: Mapping[str, Grid], plan: PlanFiles) -> Report:
    identity = {text_of(line[0]): text_of(line[1]) for line in grids["_motcua"]}
    asked = {item["code"]: item for item in plan.items if item["report_type"] == identity["report_type"]}
    items: dict[str, Decimal | str] = {}
    has_words = False
    for line in grids.get("Số liệu", []):
        code, value = text_of(line[0]), line[4]
        if code not in asked or value is None:
            continue
        if isinstance(value, int | float):
            items[code] = Decimal(str(value))
        elif asked[code]["type"] == "yes_no" and value in ("Có", "Không"):
            items[code] = str(value)
        else:
            has_words = True
    numbers = {code: Fraction(value) for code, value in items.items() if isinstance(value, Decimal)}
    agrees = all(_holds(item["relation"], code, numbers) for code, item in asked.items())
    is_blank = bool(asked) and not items
    return Report(
        arrival.number, arrival.received_on, identity["report_type"], identity["unit_code"], identity["period"], items,
        _task_rows(grids.get("Nhiệm vụ", [])), agrees and not has_words and not is_blank,
    )  # fmt: skip


def _task_rows(grid: Grid) -> list[Mapping[str, object]]:
    start = next((n for n, line in enumerate(grid) if "Tình trạng" in map(text_of, line)), len(grid))
    rows = [dict(zip(map(text_of, grid[start]), line, strict=True)) for line in grid[start + 1 :]]
    return [row for row in rows if text_of(row["Nhiệm vụ"])]


def _holds(relation: str, code: str, numbers: Mapping[str, Fraction]) -> bool:
    """Whether what is declared of a line item holds; one that needs a blank item or the task table is not asked."""
    for clause in filter(None, map(str.strip, relation.split(";"))):
        left, comparison, right = re.split(r"\s*(<=|=)\s*", clause, maxsplit=1)
        if "tasks." in right or not {code, *_ITEM.findall(clause)} <= set(numbers):
            continue
        difference = _sum(left or code, numbers) - _sum(right, numbers)
        # A share is written with two decimals.
        if difference > 0 if comparison == "<=" else abs(difference) > Fraction(1, 200):
            return False
    return True


def _sum(words: str, numbers: Mapping[str, Fraction]) -> Fraction:
    """Add up terms of items and numbers, multiplied and divided from left to right."""
    total = Fraction(0)
    for term in words.split("+"):
        value, operation = Fraction(1), "*"
        for word in term.split():
            if word in "*/":
                operation = word
                continue
            number = numbers[word] if word in numbers else Fraction(word)
            value = value * number if operation == "*" else value / number if number else Fraction(0)
        total += value
    return total

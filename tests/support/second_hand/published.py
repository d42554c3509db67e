"""Which published cells differ from what the raw files and the definitions' words come to?"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tests.support.second_hand.dossiers import FORM_COLUMNS
from tests.support.second_hand.files import Arrival, Log, Period, PlanFiles, Report, Row, Target, Way, read_file
from tests.support.second_hand.known import WHOLE, Expected, Figure, Figures, Key, Known, TaskState

Table = dict[tuple[str, ...], dict[str, str]]
# What names a row of each dataset.
KEYS: Mapping[str, tuple[str, ...]] = {
    "form_ii06a": ("field",),
    "form_ii06b": ("handling_office",),
    "reporting": ("report_type", "unit_code"),
    "indicators": ("indicator_id", "unit_code", "dimension", "dimension_value"),
    "series": ("period", "indicator_id"),
    "targets": ("target_id",),
    "tasks": ("task_id", "occurrence"),
    "task_summary": ("area", "lead"),
    "intake_accounting": ("submission",),
}
_TASK_COUNTS = ("done_on_time", "done_late", "overdue", "not_due")


class Difference(NamedTuple):
    """A published cell, and what it should be; the whole row where the column is blank."""

    version: str
    dataset: str
    row: str
    column: str
    published: str
    recomputed: str


class Consolidation(NamedTuple):
    """When a period was consolidated, and how many files had come by then."""

    seq: int
    period: str
    arrival_count: int


class Version(NamedTuple):
    """A published version, and the consolidation that it holds."""

    period: str
    number: int
    consolidation_seq: int

    def __str__(self) -> str:
        return f"{self.period} v{self.number}"


@dataclass(frozen=True)
class SecondHand:
    """A workspace as a stranger gets it: the order of events, the raw files by their sha256, the released tables."""

    root: Path
    raw: Mapping[str, tuple[bytes, date]]
    plan: PlanFiles

    @cached_property
    def _record(self) -> list[Mapping[str, object]]:
        return [json.loads(line) for line in (self.root / "ledger.jsonl").read_text("utf-8").splitlines()]

    @cached_property
    def files(self) -> list[Log | Report]:
        """Every file in the order of the record, with the day of its official receipt."""
        taken = [entry["events"][0] for entry in self._record if entry["kind"] == "intake"]
        return [read_file(Arrival(one["number"], *self.raw[one["file_sha256"]]), self.plan) for one in taken]

    @cached_property
    def consolidations(self) -> list[Consolidation]:
        found, arrival_count = [], 0
        for entry in self._record:
            arrival_count += entry["kind"] == "intake"
            if entry["kind"] == "consolidate":
                found.append(Consolidation(entry["seq"], entry["events"][0]["period"], arrival_count))
        return found

    @cached_property
    def versions(self) -> list[Version]:
        told = [entry["events"][0] for entry in self._record if entry["kind"] == "publish"]
        return [Version(one["period"], one["version"], one["consolidation_seq"]) for one in told if "version" in one]

    @cached_property
    def _figures(self) -> dict[tuple[str, int], Figures]:
        return {}

    def known(self, consolidation: Consolidation) -> Known:
        return Known(self.plan, self.files[: consolidation.arrival_count])

    def figures(self, consolidation: Consolidation) -> Figures:
        key = (consolidation.period, consolidation.arrival_count)
        if key not in self._figures:
            self._figures[key] = self.known(consolidation).figures(self.plan.periods[consolidation.period])
        return self._figures[key]

    def latest(self, period_id: str, by: Consolidation) -> Consolidation | None:
        """Return how a period had last been consolidated by another consolidation."""
        return next((c for c in reversed(self.consolidations) if c.period == period_id and c.seq <= by.seq), None)

    def published(self, version: Version, dataset: str) -> list[Row]:
        path = self.root / "releases" / version.period / f"v{version.number}" / "official" / "data" / f"{dataset}.csv"
        return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))

    def differences(self, version: Version) -> Iterator[Difference]:
        """Yield every cell of a version to which the raw files and the words do not come."""
        consolidation = next(c for c in self.consolidations if c.seq == version.consolidation_seq)
        for dataset, table in _Recomputed(self, consolidation).tables().items():
            yield from self._compared(version, dataset, table)

    def _compared(self, version: Version, dataset: str, table: Table) -> Iterator[Difference]:
        left = dict(table)
        for row in self.published(version, dataset):
            key = tuple(row[name] for name in KEYS[dataset])
            wanted = left.pop(key, None)
            place = (str(version), dataset, "|".join(key))
            if wanted is None:
                if row.get("denominator") != "0":
                    yield Difference(*place, "", str(row), "")
                continue
            for column, value in wanted.items():
                if row[column] != value:
                    yield Difference(*place, column, row[column], value)
        for key, wanted in left.items():
            yield Difference(str(version), dataset, "|".join(key), "", "", str(wanted))


@dataclass(frozen=True)
class _Recomputed:
    """The tables of one consolidation."""

    hand: SecondHand
    consolidation: Consolidation

    @property
    def _plan(self) -> PlanFiles:
        return self.hand.plan

    @property
    def _period(self) -> Period:
        return self._plan.periods[self.consolidation.period]

    @cached_property
    def _known(self) -> Known:
        return self.hand.known(self.consolidation)

    def tables(self) -> dict[str, Table]:
        states = self._known.task_states(self._period)
        return {
            "form_ii06a": self._form("field"),
            "form_ii06b": self._form("handling_office"),
            "reporting": {(due.type.id, due.unit): _report_row(due) for due in self._known.expected(self._period)},
            "indicators": self._indicators(),
            "series": self._series(),
            "targets": {(target.id,): self._target(target, states) for target in self._plan.targets},
            "tasks": {(state.id, str(state.occurrence)): _task_row(state) for state in states},
            "task_summary": _task_summary(states),
            "intake_accounting": self._intake(),
        }

    def _form(self, by: str) -> Table:
        coverage = dict(zip(("coverage_accepted", "coverage_read"), self._coverage("dossier", ""), strict=True))
        return {
            (place,): {column: str(counts[column]) for column in FORM_COLUMNS} | coverage
            for place, counts in self._known.form(self._period, by).items()
        }

    def _owed(self, source: str, unit: str) -> list[Expected]:
        """Return the reports from which a figure of this source is computed; one log speaks for every office."""
        return [
            due
            for due in self._known.expected(self._period)
            if source == ("dossier" if due.type.is_log else "task" if due.type.is_progress else "report")
            and (not unit or due.unit == unit or due.type.is_log)
        ]

    def _coverage(self, source: str, unit: str) -> tuple[str, str]:
        if source == "dossier":
            logs = self._known.logs_of(self._period)
            accepted = sum(len(log.dossiers) for log in logs)
            return str(accepted), str(accepted + sum(log.rejected_count for log in logs))
        if source in ("report", "task"):
            owed = self._owed(source, unit)
            return str(sum(bool(due.accepted) for due in owed)), str(len(owed))
        return "", ""

    def _label(self, source: str, unit: str, figure: Figure, is_composite: bool) -> str:
        if figure.denominator is None and not is_composite:
            return "missing"
        owed = self._owed(source, unit)
        if any(due.is_provisional for due in owed):
            return "estimated"
        return "provisional" if any(due.state in ("missing", "rejected") for due in owed) else "final"

    def _before(self, period_id: str, indicator: str, key: Key) -> Fraction | None:
        found = self.hand.latest(period_id, self.consolidation)
        if found is not None:
            return self.hand.figures(found)[indicator].get(key, Figure()).value
        return self._plan.earlier.get((period_id, indicator)) if key == WHOLE else None

    def _is_broken(self, indicator: str) -> bool:
        """Whether a break of the series lies between the end of a period compared and that of this one."""
        compared = [
            self._plan.periods[one]
            for one in (self._period.before, self._period.year_ago)
            if self.hand.latest(one, self.consolidation) is not None
        ]
        return any(
            indicator in named and other.last < on <= self._period.last
            for on, named in self._plan.breaks
            for other in compared
        )

    def _indicators(self) -> Table:
        found: Table = {}
        for indicator, by_key in self.hand.figures(self.consolidation).items():
            definition = self._plan.definitions[indicator]
            for key, figure in by_key.items():
                before = self._before(self._period.before, indicator, key)
                year_ago = self._before(self._period.year_ago, indicator, key)
                coverage = self._coverage(definition.source, key[0])
                found[(indicator, *key)] = _figure_row(figure) | {
                    "before_value": _number(before), "trend": _trend(figure.value, before),
                    "year_ago_value": _number(year_ago), "year_ago_trend": _trend(figure.value, year_ago),
                    "is_series_broken": _shown(self._is_broken(indicator)),
                    "label": self._label(definition.source, key[0], figure, definition.is_composite),
                    "coverage_accepted": coverage[0], "coverage_read": coverage[1],
                } | ({"status": "composite"} if definition.is_composite else {})  # fmt: skip
        return found

    def _series(self) -> Table:
        flows = [p for p in self._plan.periods.values() if p.is_flow and p.last <= self._period.last]
        told = [found for p in flows if (found := self.hand.latest(p.id, self.consolidation)) is not None]
        return {
            (one.period, indicator): _figure_row(by_key[WHOLE])
            for one in told
            for indicator, by_key in self.hand.figures(one).items()
            if not self._plan.definitions[indicator].is_composite
        }

    def _target(self, target: Target, states: list[TaskState]) -> dict[str, str]:
        if target.tasks:
            due = [state for state in states if state.id in target.tasks and state.is_due_or_done]
            is_met = {state.id for state in due} == set(target.tasks) and all(state.has_evidence for state in due)
            return {"status": "met" if is_met else "not_determined"}
        verdicts = [self._verdict(way) for way in target.ways]
        if len(verdicts) != 1:
            status = next(
                (v for v in ("met", "not_determined", "no_data", "missed") if v in verdicts), "not_determined"
            )
            return {"status": status, "numerator": "", "denominator": ""}
        (way,) = target.ways
        figure = self._asked_about(way)
        return {
            "status": verdicts[0], "numerator": _number(figure.numerator), "denominator": _number(figure.denominator),
        }  # fmt: skip

    def _asked_about(self, way: Way) -> Figure:
        return self.hand.figures(self.consolidation)[way.indicator].get(("", way.dimension, way.value), Figure())

    def _verdict(self, way: Way) -> str:
        figure = self._asked_about(way)
        if figure.value is None:
            # A report that is not due in the period, or nobody knows when, is neither met nor missed.
            return "not_determined" if way.dimension == "report_type" else figure.status
        if way.comparison == "rising":
            before = self._before(self._period.before, way.indicator, ("", way.dimension, way.value))
            return "not_determined" if before is None else "met" if figure.value > before else "missed"
        meets = {
            "=": figure.value == way.threshold, ">": figure.value > way.threshold, ">=": figure.value >= way.threshold,
        }  # fmt: skip
        return "met" if meets[way.comparison] else "missed"

    def _intake(self) -> Table:
        found: Table = {
            (log.number,): {
                "kind": "dossier_log", "officially_received_on": _shown(log.received_on), "state": "accepted",
                "accepted_count": str(len(log.dossiers)), "rejected_count": str(log.rejected_count),
            }
            for log in self._known.logs_of(self._period)
        }  # fmt: skip
        for one in self._known.reports:
            if one.period == self._period.id:
                found[(one.number,)] = {
                    "kind": "unit_report", "sender": one.unit, "unit_code": one.unit,
                    "officially_received_on": _shown(one.received_on),
                    "state": "accepted" if one.is_accepted else "rejected",
                }  # fmt: skip
        return found


def _shown(value: date | bool | int | None) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Fraction | None) -> str:
    """Return a number as it is published: six decimals, rounded half up, without zeros at the end."""
    if value is None:
        return ""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(Decimal('0.000001'), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")


def _figure_row(figure: Figure) -> dict[str, str]:
    return {
        "numerator": _number(figure.numerator), "denominator": _number(figure.denominator),
        "value": _number(figure.value), "status": figure.status,
    }  # fmt: skip


def _trend(value: Fraction | None, before: Fraction | None) -> str:
    if value is None or before is None:
        return ""
    return "rising" if value > before else "falling" if value < before else "unchanged"


def _report_row(due: Expected) -> dict[str, str]:
    decided, days = due.deciding, None
    if due.accepted:
        days = (due.accepted[0].received_on - due.rounds[0].received_on).days
    return {
        "last_day_on": _shown(due.last_day), "state": due.state, "round_count": str(len(due.rounds)),
        "submission": decided.number if decided else "",
        "officially_received_on": _shown(decided.received_on if decided else None),
        "is_first_time_right": _shown(due.rounds[0].is_accepted if due.rounds else None),
        "submission_at_due": due.at_due.number if due.at_due else "",
        "submission_in_force": due.in_force.number if due.in_force else "",
        "days_to_acceptance": _shown(days),
    }  # fmt: skip


def _task_row(state: TaskState) -> dict[str, str]:
    return {
        "area": state.area, "lead": state.lead, "last_day_on": _shown(state.last_day),
        "done_on": _shown(state.done_on), "state": state.state,
    }  # fmt: skip


def _task_summary(states: list[TaskState]) -> Table:
    found: Table = {}
    for area, lead in {(state.area, state.lead) for state in states}:
        group = [state for state in states if (state.area, state.lead) == (area, lead)]
        found[area, lead] = {
            "task_count": str(len({state.id for state in group})), "occurrence_count": str(len(group)),
            "without_day_count": str(sum(state.last_day is None for state in group)),
            "without_evidence_count": str(sum(state.is_done and not state.has_evidence for state in group)),
        } | {f"{name}_count": str(sum(state.state == name for state in group)) for name in _TASK_COUNTS}  # fmt: skip
    return found

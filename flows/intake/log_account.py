"""What became of every row of one log, and where did which rule fail?

Kept while batches pass by, so that memory grows with what is wrong and not with the file. The account closes:
read = accepted + rejected + ignored, counted in source rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl
import pyarrow as pa

from schemas.dossier import RowFailure
from schemas.findings import Finding, RuleResult
from schemas.rules import Rule, Rules
from schemas.tables import ROW_ACCOUNT
from schemas.text import masked
from sources.logs.log import Batch
from sources.logs.rows import CastFailure

DISAGREEING = "D016"


@dataclass(frozen=True)
class Place:
    """Where a rule failed: source row, column, the value as it may be shown, and the dossier as far as it is known.

    `expected` names the known name that an unknown one is near to.
    """

    row: int
    rule_id: str
    column: str
    shown: str | None
    unit_code: str | None = None
    received_on: date | None = None
    subject: str | None = None
    expected: str | None = None


def _shown(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat(sep=" ") if isinstance(value, datetime) else masked(str(value))


def place_in(
    frame: pl.DataFrame, index: int, rule_id: str, column: str, shown: str | None, expected: str | None = None
) -> Place:
    """Return the place of a failure at a row of a typed frame."""
    received = frame["received_at"][index]
    return Place(
        frame["row"][index],
        rule_id,
        column,
        shown,
        frame["handling_office"][index],
        received.date() if isinstance(received, datetime) else None,
        frame["dossier_code"][index],
        expected,
    )


@dataclass
class LogAccount:
    """The account of one log while it is read."""

    read_count: int = 0
    ignored: dict[int, str] = field(default_factory=dict)
    rejected: dict[int, str] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    dossiers_by_unit: Counter[str] = field(default_factory=Counter)
    rows_of_folded: dict[int, list[int]] = field(default_factory=dict)
    first_moment: datetime | None = None
    last_moment: datetime | None = None

    def add(self, frame: pl.DataFrame, batch: Batch, failures: Iterable[RowFailure]) -> None:
        """Enter one batch: its rows, the rows that are no data, and everything that failed in it."""
        self.read_count += int(frame["row_count"].sum()) + len(batch.fates)
        for fate in batch.fates:
            (self.ignored if fate.disposition == "ignored" else self.rejected)[fate.row] = fate.reason
        self.dossiers_by_unit.update(office or "" for office in frame["handling_office"].to_list())
        for first, rows in frame.filter(pl.col("row_count") > 1).select("row", "row_list").iter_rows():
            self.rows_of_folded[first] = rows
        self._see_moments(frame)
        self._add_cast_failures(frame, batch.failures, batch.proposals)
        for failure in failures:
            shown = _shown(frame[failure.column][failure.index])
            rows = frame["row_list"][failure.index].to_list() if batch.proposals else ()
            near = next(
                (batch.proposals[row, failure.column] for row in rows if (row, failure.column) in batch.proposals), None
            )
            self.places.append(place_in(frame, failure.index, failure.rule_id, failure.column, shown, near))
        for index, columns in enumerate(frame["disagreeing"].to_list()):
            if columns:
                self.places.append(place_in(frame, index, DISAGREEING, columns[0], None))

    def _add_cast_failures(
        self, frame: pl.DataFrame, failures: Sequence[CastFailure], proposals: Mapping[tuple[int, str], str]
    ) -> None:
        if not failures:
            return
        index_of = {row: index for index, rows in enumerate(frame["row_list"].to_list()) for row in rows}
        for failure in failures:
            shown = masked(failure.text) or None
            expected = failure.expected or proposals.get((failure.row, failure.column))
            index = index_of.get(failure.row)
            if index is None:
                place = Place(failure.row, failure.rule_id, failure.column, shown, expected=expected)
            else:
                place = place_in(frame, index, failure.rule_id, failure.column, shown, expected)
            self.places.append(place)

    def _see_moments(self, frame: pl.DataFrame) -> None:
        received, finished = frame["received_at"], frame["finished_at"]
        firsts = (self.first_moment, received.min())
        lasts = (self.last_moment, received.max(), finished.max())
        self.first_moment = min((moment for moment in firsts if isinstance(moment, datetime)), default=None)
        self.last_moment = max((moment for moment in lasts if isinstance(moment, datetime)), default=None)

    def keep_rules(self, rules: Rules) -> None:
        """Forget what was seen by rules that are not in force."""
        self.places = [place for place in self.places if place.rule_id in rules]

    def reject_fatal(self, rules: Rules) -> None:
        """Reject every source row of a dossier row that breaks a fatal rule, under the first such rule."""
        for place in sorted(self.places, key=lambda place: (place.row, place.rule_id)):
            if rules[place.rule_id].severity == "fatal" and place.row not in self.ignored:
                for row in self.rows_of_folded.get(place.row, [place.row]):
                    self.rejected.setdefault(row, place.rule_id)

    @property
    def accepted_count(self) -> int:
        """Source rows that are neither rejected nor ignored."""
        return self.read_count - len(self.ignored) - len(self.rejected)

    def table(self, file_sha256: str, sheet: str) -> pa.Table:
        """Return the fate of every row that was not accepted."""
        fates = [(row, "ignored", reason) for row, reason in self.ignored.items()]
        fates += [(row, "rejected", reason) for row, reason in self.rejected.items()]
        rows = [
            {"file_sha256": file_sha256, "sheet": sheet, "row": row, "disposition": fate, "reason": reason}
            for row, fate, reason in sorted(fates)
        ]
        return pa.Table.from_pylist(rows, schema=ROW_ACCOUNT)

    def findings(self, rules: Rules, file_sha256: str, sheet: str, window: tuple[date, date]) -> list[Finding]:
        """Return what the rules saw. A finding belongs to the day of receipt, kept within what the file covers."""
        return [
            Finding.of(
                rules[place.rule_id],
                unit_code=place.unit_code or "",
                occurred_on=min(max(place.received_on or window[1], window[0]), window[1]),
                subject=place.subject,
                file_sha256=file_sha256,
                sheet=sheet,
                row=place.row,
                column_name=place.column,
                shown_value=place.shown,
                expected=place.expected,
            )
            for place in self.places
        ]

    def results(
        self, rules: Iterable[Rule], missing: Mapping[str, Sequence[str]], file_sha256: str
    ) -> list[RuleResult]:
        """Return the verdict of each rule and unit; a rule whose columns the source lacks is not evaluated."""
        failing = Counter((place.rule_id, place.unit_code or "") for place in self.places)
        results = []
        for rule in rules:
            absent = missing.get(rule.id, ())
            units = {*self.dossiers_by_unit, *(unit for rule_id, unit in failing if rule_id == rule.id)}
            for unit in sorted(units):
                failed = failing[rule.id, unit]
                results.append(
                    RuleResult(
                        rule.id,
                        rule.version,
                        rule.dataset,
                        unit,
                        None,
                        file_sha256,
                        "not_evaluated" if absent else "fail" if failed else "pass",
                        "columns absent: " + ", ".join(absent) if absent else "",
                        0 if absent else max(self.dossiers_by_unit[unit], failed),
                        failed,
                    )
                )
        return results

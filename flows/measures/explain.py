"""Of which cells is this figure the sum?

Selecting from the members of a figure is its explanation: file, sheet and row of each, and what it adds. A member of
the plan itself, or something that never came, has no file: its place says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from audit.events import Entry
from audit.ledger import Ledger
from flows.entry.door import MisuseError
from flows.entry.named import unit_named
from flows.intake.sheets import titles_by_label
from flows.intake.submissions import submissions
from flows.measures.periods import latest_consolidation
from flows.measures.targets import DEPARTMENT
from flows.measures.trends import Place
from schemas.dimensions import MEMBER_DIMENSIONS
from schemas.nearest import names_meant
from schemas.plan import Plan
from schemas.plan_models import EVERY_OFFICE, EVERY_UNIT, Period
from schemas.tables import FORM_ROW
from sql.indicators import Indicator, load_indicators
from warehouse import vault
from warehouse.engine import Engine
from warehouse.named import files_by_table
from warehouse.workspace import Workspace

Row = Mapping[str, object]
FORM_PREFIX = "II.06a."
FORM_COLUMNS = tuple(field.name for field in FORM_ROW if pa.types.is_integer(field.type))
# Which file of the plan a member without a submission stands in, and what its place says, by source of the indicator.
_WITHOUT_FILE = {
    "plan": ("plan/procedures.csv", ""),
    "task": ("plan/tasks.csv", "chưa có báo cáo / not reported"),
    "reporting": ("plan/periods.toml", "chưa nhận được / nothing came"),
}


@dataclass(frozen=True)
class Member:
    """One member of a figure: where it stands, and what it adds; `submission` is blank where it came in no file."""

    submission: str
    file_name: str
    sheet: str
    place: str
    key: str
    unit_code: str
    numerator: Decimal
    denominator: Decimal


@dataclass(frozen=True)
class Explanation:
    """A figure and exactly the members that add up to it; a composite has the explanations of its parts.

    Of a quantile one member decides: the figure is its numerator.
    """

    figure_id: str
    title: str
    consolidation_seq: int
    numerator: Decimal | None
    denominator: Decimal | None
    target_status: str | None
    members: tuple[Member, ...]
    parts: tuple["Explanation", ...] = ()
    unit_of_measure: str = "%"
    decided_by: Member | None = None


class _Record:
    """The tables of one consolidation and the names of the files behind them."""

    def __init__(self, workspace: Workspace, ledger: Ledger, entry: Entry) -> None:
        self.workspace = workspace
        self.entry = entry
        # Of two that are the same bytes one counts at most.
        known = sorted(submissions(ledger.entries), key=lambda one: not one.is_withdrawn)
        self.numbers = {one.taken.file_sha256: one.taken.number for one in known}

    def rows(self, table: str) -> pa.Table:
        engine = Engine()
        try:
            files = [self.workspace.root / file.path for file in files_by_table([self.entry])[table]]
            engine.over_files(table, table, files)
            if table == "dossier_state":
                return engine.run("4_indicators/form_member")
            return engine.whole(table)
        finally:
            engine.close()

    def member(self, row: Row, source: str) -> Member:
        return member_of(row, source, self.numbers, self.workspace)


def member_of(row: Row, source: str, numbers: Mapping[str, str], workspace: Workspace) -> Member:
    """Return one member as people find it; `numbers` are those of the submissions, by the SHA-256 of their files."""
    key, unit = str(row["member_key"]), str(row["unit_code"])
    numerator, denominator = cast(Decimal, row["numerator"]), cast(Decimal, row["denominator"])
    if row["file_sha256"] is None:
        file_name, place = _WITHOUT_FILE[source]
        return Member("", file_name, "", place, key, unit, numerator, denominator)
    sha256 = str(row["file_sha256"])
    name = vault.called(workspace, sha256)
    rows = row["rows"] or row["row"]
    # A report as a whole stands in no row of its file.
    place = str(row["cell"] or (f"dòng {rows}" if rows else ""))
    label = str(row["sheet"] or "")
    sheet = titles_by_label(workspace, sha256).get(label, label)
    return Member(numbers[sha256], name, sheet, place, key, unit, numerator, denominator)


def members_at(members: pa.Table, place: Place) -> list[dict[str, object]]:
    """Return the members, of a table of them, whose sum is the figure of this place."""
    chosen = pc.field("indicator_id") == place.indicator_id
    if place.unit_code != DEPARTMENT:
        chosen &= pc.field("unit_code") == place.unit_code
    if place.dimension:
        here = pc.field(place.dimension) == place.dimension_value
        chosen &= here if place.dimension_value else here | pc.field(place.dimension).is_null()
    return members.filter(chosen).to_pylist()


def _deciding(indicator: Indicator, members: Sequence[Member]) -> Member | None:
    """Return the member whose value is a quantile: the one of rank ceil(q n), counted from the smallest."""
    if indicator.quantile is None or not members:
        return None
    rank = int((indicator.quantile * len(members)).to_integral_value(ROUND_CEILING))
    return sorted(members, key=lambda member: (member.numerator, member.unit_code, member.key))[rank - 1]


def _form_explanation(record: _Record, column: str, unit: str | None) -> Explanation:
    if column not in FORM_COLUMNS:
        raise MisuseError(f"II.06a không có cột {column} / has no such column: {names_meant(column, FORM_COLUMNS)}")
    rows = record.rows("dossier_state").filter(pc.field(column)).to_pylist()
    one: Row = {"numerator": Decimal(1), "denominator": Decimal(1), "cell": None}
    members = tuple(
        record.member({**row, **one, "member_key": row["dossier_code"], "unit_code": row["handling_office"]}, "dossier")
        for row in rows
        if unit is None or row["handling_office"] == unit
    )
    form = [r for r in record.rows("form_row").to_pylist() if unit is None or r["handling_office"] == unit]
    total = Decimal(sum(row[column] for row in form))
    return Explanation(FORM_PREFIX + column, f"Biểu II.06a: {column}", record.entry.seq, total, None, None, members)


def _place_text(place: Place) -> str:
    if place.dimension:
        return f"{place.dimension} {place.dimension_value!r}"
    return place.unit_code or "cả Sở (the department)"


def _target_status(record: _Record, place: Place) -> str | None:
    """Return what became of the target that asks about this figure; a unit's figure has none."""
    if place.unit_code != DEPARTMENT:
        return None
    wanted = (place.indicator_id, place.dimension, place.dimension_value)
    answers = [
        str(row["status"])
        for row in record.rows("target_result").to_pylist()
        if (row["indicator_id"], row["dimension"], row["dimension_value"]) == wanted
    ]
    return answers[0] if answers else None


def _ratio_explanation(record: _Record, place: Place) -> Explanation:
    indicator = load_indicators()[place.indicator_id]
    figures = [row for row in record.rows("figure").to_pylist() if all(row[n] == v for n, v in vars(place).items())]
    if not figures:
        raise MisuseError(
            f"{indicator.id} không có số liệu của {_place_text(place)} / has no figure for {_place_text(place)}: "
            "leave --unit and --dimension out, or name another"
        )
    rows = members_at(record.rows("indicator_member"), place)
    members = tuple(record.member(row, indicator.source) for row in rows)
    return Explanation(
        indicator.id,
        indicator.name_vi,
        record.entry.seq,
        figures[0]["numerator"],
        figures[0]["denominator"],
        _target_status(record, place),
        members,
        tuple(_ratio_explanation(record, Place(part)) for part in indicator.parts),
        indicator.unit_of_measure,
        _deciding(indicator, members),
    )


def _unit_code(plan: Plan, unit: str) -> str:
    """Return the code of a unit by any of its names, or of those that lead a task together."""
    return unit if unit in (EVERY_OFFICE, EVERY_UNIT) else unit_named(plan, unit)


def explain(
    workspace: Workspace,
    plan: Plan,
    period: Period,
    figure_id: str,
    unit: str | None = None,
    dimension: str = "",
    value: str = "",
    past: Ledger | None = None,
) -> Explanation:
    """Explain an indicator, or a column of the form as `II.06a.<column>`, of the consolidation in force.

    Of the department, of a `unit`, or of one `value` of a `dimension`; of the record as it is, or of a
    `past` one. Raises MisuseError where there is no such figure, unit, dimension or consolidation.
    """
    ledger = past or Ledger(workspace.ledger)
    found = latest_consolidation(ledger.entries, period.id)
    if found is None:
        raise MisuseError(f"{period.id} chưa được tổng hợp / has not been consolidated: motcua consolidate {period.id}")
    code = _unit_code(plan, unit) if unit is not None else DEPARTMENT
    if dimension not in ("", *MEMBER_DIMENSIONS):
        known = names_meant(dimension, MEMBER_DIMENSIONS)
        raise MisuseError(f"không có chiều phân tích {dimension} / there is no such dimension: {known}")
    if dimension and code != DEPARTMENT:
        raise MisuseError("chọn --unit hoặc --dimension / name --unit or --dimension, not both")
    record = _Record(workspace, ledger, found[0])
    if figure_id.startswith(FORM_PREFIX):
        if dimension:
            raise MisuseError("cột của biểu chỉ chia theo --unit / a column of the form is broken down by --unit alone")
        return _form_explanation(record, figure_id.removeprefix(FORM_PREFIX), code or None)
    if figure_id not in load_indicators():
        known = names_meant(figure_id, [*load_indicators(), *(f"{FORM_PREFIX}{column}" for column in FORM_COLUMNS)])
        raise MisuseError(f"không có chỉ số {figure_id} / there is no such indicator: {known}")
    return _ratio_explanation(record, Place(figure_id, code, dimension, value))

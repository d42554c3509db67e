"""Of which cells is this figure the sum?

Selecting from the members of a figure is its explanation: file, sheet and row of each, and what it adds.
"""

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from audit.events import Entry
from audit.ledger import Ledger
from flows.door import MisuseError
from flows.periods import latest_consolidation
from flows.submissions import submissions
from flows.targets import DEPARTMENT
from schemas.plan import Plan
from schemas.plan_models import Period
from schemas.tables import FORM_ROW
from sql.indicators import load_indicators
from warehouse import vault
from warehouse.engine import Engine
from warehouse.named import files_by_table
from warehouse.workspace import Workspace

FORM_PREFIX = "II.06a."
FORM_COLUMNS = tuple(field.name for field in FORM_ROW if pa.types.is_integer(field.type))


@dataclass(frozen=True)
class Member:
    """One member of a figure: where it stands, and what it adds."""

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
    """A figure and exactly the members that add up to it; a composite has the explanations of its parts."""

    figure_id: str
    title: str
    consolidation_seq: int
    numerator: Decimal | None
    denominator: Decimal | None
    target_status: str | None
    members: tuple[Member, ...]
    parts: tuple["Explanation", ...] = ()


class _Record:
    """The tables of one consolidation and the names of the files behind them."""

    def __init__(self, workspace: Workspace, ledger: Ledger, entry: Entry) -> None:
        self.workspace = workspace
        self.entry = entry
        self.numbers = {s.taken.file_sha256: s.taken.number for s in submissions(ledger.entries)}

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

    def member(self, row: dict[str, object], key: str, unit: str, parts: tuple[Decimal, Decimal]) -> Member:
        sha256 = str(row["file_sha256"])
        name = vault.name_of(self.workspace, sha256) or sha256[:12]
        place = str(row.get("cell") or f"dòng {row['rows']}")
        return Member(self.numbers[sha256], name, str(row["sheet"]), place, key, unit, *parts)


def _form_explanation(record: _Record, column: str, unit: str | None) -> Explanation:
    if column not in FORM_COLUMNS:
        raise MisuseError(f"II.06a không có cột {column} / has no such column: {', '.join(FORM_COLUMNS)}")
    rows = record.rows("dossier_state").filter(pc.field(column)).to_pylist()
    members = tuple(
        record.member(row, str(row["dossier_code"]), str(row["handling_office"]), (Decimal(1), Decimal(1)))
        for row in rows
        if unit is None or row["handling_office"] == unit
    )
    form = [r for r in record.rows("form_row").to_pylist() if unit is None or r["handling_office"] == unit]
    total = Decimal(sum(row[column] for row in form))
    return Explanation(FORM_PREFIX + column, f"Biểu II.06a: {column}", record.entry.seq, total, None, None, members)


def _ratio_explanation(record: _Record, indicator_id: str, unit: str | None) -> Explanation:
    figures = [
        row
        for row in record.rows("figure").to_pylist()
        if row["indicator_id"] == indicator_id and row["unit_code"] == (unit or DEPARTMENT)
    ]
    if not figures:
        raise MisuseError(
            f"{indicator_id} không có số liệu của {unit} / has no figure for {unit}: leave --unit out, or name another"
        )
    rows = record.rows("indicator_member").filter(pc.field("indicator_id") == indicator_id).to_pylist()
    members = tuple(
        record.member(row, row["member_key"], row["unit_code"], (row["numerator"], row["denominator"]))
        for row in rows
        if unit is None or row["unit_code"] == unit
    )
    indicator = load_indicators()[indicator_id]
    figure = figures[0]
    parts = tuple(_ratio_explanation(record, part, None) for part in indicator.parts)
    return Explanation(
        indicator_id,
        indicator.name_vi,
        record.entry.seq,
        figure["numerator"],
        figure["denominator"],
        figure["target_status"],
        members,
        parts,
    )


def explain(workspace: Workspace, plan: Plan, period: Period, figure_id: str, unit: str | None) -> Explanation:
    """Explain an indicator, or a column of the form as `II.06a.<column>`, of the consolidation in force.

    Raises MisuseError where there is no such figure, unit or consolidation.
    """
    ledger = Ledger(workspace.ledger)
    found = latest_consolidation(ledger.entries, period.id)
    if found is None:
        raise MisuseError(f"{period.id} chưa được tổng hợp / has not been consolidated: motcua consolidate {period.id}")
    code = plan.unit_code(unit) if unit is not None else None
    if unit is not None and code is None:
        codes = ", ".join(u.code for u in plan.units)
        raise MisuseError(f"{unit} không có trong kế hoạch / is not a unit of the plan: {codes}")
    record = _Record(workspace, ledger, found[0])
    if figure_id.startswith(FORM_PREFIX):
        return _form_explanation(record, figure_id.removeprefix(FORM_PREFIX), code)
    if figure_id not in load_indicators():
        known = ", ".join([*load_indicators(), f"{FORM_PREFIX}<column>"])
        raise MisuseError(f"không có chỉ số {figure_id} / there is no such indicator: {known}")
    return _ratio_explanation(record, figure_id, code)

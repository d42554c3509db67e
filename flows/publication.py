"""What would a release of this consolidation say?

The tables that a commit named, turned into the published datasets, the gate's checks and the workbook's content.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from audit.events import Entry
from audit.ledger import Ledger
from audit.register import register
from flows.periods import latest_consolidation, previous_period
from flows.submissions import submissions
from flows.tables import submission_table
from flows.targets import Ratio, way_status
from releases.datasets import ColumnNote, Dataset
from releases.report import FormRow, IndicatorRow, NonconformityRow, ReportContent, ReportingRow
from schemas.plan import Period, Plan, TargetPart
from schemas.rules import load_rules
from sql.datasets import published_datasets
from sql.indicators import load_indicators
from warehouse.engine import Engine, Parameter
from warehouse.named import files_by_table
from warehouse.workspace import Workspace

# Columns 3 to 13 of the form, in order.
FORM_COLUMNS = (
    "received_total", "received_online", "received_in_person_or_postal", "carried_over",
    "resolved_total", "resolved_early", "resolved_on_time", "resolved_overdue",
    "pending_total", "pending_within_due", "pending_overdue",
)  # fmt: skip
_GATE_ONLY = ("form_checks", "period_checks")
_UNKNOWN_FIELD = "(chưa xác định lĩnh vực)"
_DEPARTMENT_NAME = "Toàn Sở"


@dataclass(frozen=True)
class Publication:
    """The datasets of a release and the tables that only the gate sees."""

    datasets: tuple[Dataset, ...]
    gate_tables: Mapping[str, pa.Table]

    def rows(self, name: str) -> list[dict[str, object]]:
        """Return one dataset's rows."""
        return next(dataset for dataset in self.datasets if dataset.name == name).table.to_pylist()


def _texts(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema([(column, pa.string()) for column in columns]))


def _target_table(plan: Plan) -> pa.Table:
    rows = [
        {
            "indicator_id": way.indicator,
            "target_id": target.id,
            "comparison": way.comparison,
            "threshold": way.threshold,
        }
        for target in plan.targets
        for way in target.ways
    ]
    rows += [
        {"indicator_id": target.indicator, "target_id": target.id, "comparison": None, "threshold": None}
        for target in plan.targets
        if target.part
    ]
    columns: list[tuple[str, pa.DataType]] = [
        ("indicator_id", pa.string()),
        ("target_id", pa.string()),
        ("comparison", pa.string()),
        ("threshold", pa.decimal128(18, 6)),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(columns))


def _open_plan(engine: Engine, plan: Plan) -> None:
    engine.over_rows(
        "plan_unit", _texts([{"code": u.code, "name_vi": u.name_vi} for u in plan.units], ("code", "name_vi"))
    )
    engine.over_rows(
        "plan_report_type", _texts([{"id": t.id, "name_vi": t.name_vi} for t in plan.report_types], ("id", "name_vi"))
    )
    indicators = [{"id": i.id, "name_vi": i.name_vi, "name_en": i.name_en} for i in load_indicators().values()]
    engine.over_rows("plan_indicator", _texts(indicators, ("id", "name_vi", "name_en")))
    rules = [
        {
            "id": r.id, "severity": r.severity, "grade": r.grade or "",
            "message_vi": r.message_vi, "message_en": r.message_en,
        }
        for r in load_rules().values()
    ]  # fmt: skip
    engine.over_rows("plan_rule", _texts(rules, ("id", "severity", "grade", "message_vi", "message_en")))
    engine.over_rows("plan_target", _target_table(plan))


def _register_table(ledger: Ledger) -> pa.Table:
    names = ("number", "clause", "grade", "state", "opened_at", "rule_id", "unit_code", "period", "dataset")
    counts = ("rule_version", "checked_count", "failing_count")
    rows = [{**item.__dict__, **item.identity.__dict__} for item in register(ledger.entries).values()]
    schema = pa.schema([(name, pa.string()) for name in names] + [(name, pa.int64()) for name in counts])
    return pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=schema)


def _open_tables(
    engine: Engine, workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, entry: Entry
) -> None:
    files = files_by_table([entry])
    for name in ("figure", "form_row", "expected_report"):
        engine.over_files(name, name, [workspace.root / file.path for file in files[name]])
    results = files_by_table(ledger.entries)["rule_result"]
    engine.over_files("every_rule_result", "rule_result", [workspace.root / file.path for file in results])
    here = [workspace.root / file.path for file in files["rule_result"]]
    engine.over_files("consolidation_result", "rule_result", here)
    engine.keep("rule_result", "6_published/_rule_result", {"period": period.id})
    before = previous_period(plan, period)
    previous = latest_consolidation(ledger.entries, before.id) if before is not None else None
    brought = files_by_table([previous[0]])["form_row"] if previous is not None else []
    engine.over_files("previous_form", "form_row", [workspace.root / file.path for file in brought])
    engine.over_rows("submission", submission_table(submissions(ledger.entries)))
    engine.over_rows("nonconformity", _register_table(ledger))


def publication(workspace: Workspace, ledger: Ledger, plan: Plan, period: Period, entry: Entry) -> Publication:
    """Compute the published datasets of the consolidation that `entry` committed."""
    engine = Engine()
    days: dict[str, Parameter] = {"period": period.id, "first_day": period.first_day, "last_day": period.last_day}
    try:
        _open_plan(engine, plan)
        _open_tables(engine, workspace, ledger, plan, period, entry)
        engine.keep("consolidation_breach", "6_published/_consolidation_breach", days)
        datasets = tuple(
            Dataset(
                described.name,
                described.title_vi,
                described.title_en,
                described.description,
                tuple(ColumnNote(c.name, c.title_vi, c.description) for c in described.column),
                engine.run(described.query, days),
            )
            for described in published_datasets()
        )
        gate_tables = {name: engine.run(f"6_published/_{name}", days) for name in _GATE_ONLY}
    finally:
        engine.close()
    return Publication(datasets, gate_tables)


def _form_rows(publication_: Publication) -> tuple[FormRow, ...]:
    rows = publication_.rows("form_ii06a")
    counted = [(str(row["field"]) or _UNKNOWN_FIELD, [int(str(row[name])) for name in FORM_COLUMNS]) for row in rows]
    totals = [sum(counts[n] for _, counts in counted) for n in range(len(FORM_COLUMNS))]
    return (*(FormRow.of(label, counts) for label, counts in counted), FormRow.of("TỔNG CỘNG", totals, is_total=True))


def percent(share: Decimal) -> str:
    """Return a share as people read it: rounded once, half up, to two decimals, with a decimal comma."""
    shown = (share * 100).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP").normalize()
    return f"{shown:f}".replace(".", ",") + " %"


_WORDS = {"=": "bằng", ">": "trên", ">=": "từ", "<": "dưới", "<=": "không quá"}


def threshold_text(way: TargetPart) -> str:
    """Return a way of meeting a target in words."""
    tail = " trở lên" if way.comparison == ">=" else ""
    return f"{_WORDS[way.comparison]} {percent(way.threshold)}{tail}"


def _indicator_rows(publication_: Publication, plan: Plan) -> tuple[IndicatorRow, ...]:
    found = {str(row["indicator_id"]): row for row in publication_.rows("indicators") if row["unit_code"] == ""}
    shown = []
    for target in plan.targets:
        ids = [way.indicator for way in target.ways]
        for indicator_id in [target.indicator, *(i for i in ids if i != target.indicator)]:
            row = found[indicator_id]
            way = next((way for way in target.ways if way.indicator == indicator_id), None)
            numerator, denominator, share = (row[name] for name in ("numerator", "denominator", "share"))
            ratio = Ratio(
                numerator if isinstance(numerator, Decimal) else None,
                denominator if isinstance(denominator, Decimal) else None,
            )
            status = row["target_status"] if way is None or not target.part else way_status(ratio, way)
            shown.append(
                IndicatorRow(
                    target.id,
                    str(row["indicator_name_vi"]),
                    str(row["indicator_name_en"]),
                    ratio.numerator,
                    ratio.denominator,
                    share if isinstance(share, Decimal) else None,
                    threshold_text(way) if way else " hoặc ".join(threshold_text(w) for w in target.ways),
                    str(status),  # type: ignore[arg-type]
                    threshold=way.threshold if way else None,
                )
            )
    return tuple(shown)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def report_content(
    publication_: Publication, plan: Plan, period: Period, ledger: Ledger, version: int, at: datetime,
    requested_by: str, approved_by: str, notes: Sequence[tuple[str, str]],
) -> ReportContent:  # fmt: skip
    """Return what the workbook of this release prints."""
    return ReportContent(
        department_vi=plan.document.name_vi,
        department_en=plan.document.name_en,
        title_vi=plan.document.title_vi,
        period_name_vi=period.name_vi,
        period_name_en=period.name_en,
        first_day=period.first_day,
        last_day=period.last_day,
        version=version,
        ledger_size=ledger.size,
        ledger_head=ledger.head,
        published_at=at,
        requested_by=requested_by,
        approved_by=approved_by,
        notes=tuple(notes),
        form_rows=_form_rows(publication_),
        indicators=_indicator_rows(publication_, plan),
        reporting=tuple(
            ReportingRow(
                str(row["unit_name_vi"]),
                str(row["report_name_vi"]),
                _day(row["last_day_on"]) or period.last_day,
                _day(row["officially_received_on"]),
                _day(row["recorded_on"]),
                str(row["state"]),  # type: ignore[arg-type]
                str(row["submission"] or ""),
            )
            for row in publication_.rows("reporting")
        ),
        nonconformities=tuple(
            NonconformityRow(
                str(row["number"]),
                str(row["rule_id"]),
                str(row["message_vi"]),
                str(row["unit_name_vi"] or _DEPARTMENT_NAME),
                str(row["grade"]),  # type: ignore[arg-type]
                str(row["state"]),
                date.fromisoformat(str(row["opened_at"])[:10]),
                int(str(row["checked_count"])),
                int(str(row["failing_count"])),
            )
            for row in publication_.rows("nonconformities")
        ),
    )

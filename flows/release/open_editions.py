"""What has the public seen of this office already? Every open part that was published, with the true numbers behind."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from audit import releases
from audit.events import Entry, ReleasePublished
from audit.ledger import Ledger
from releases.disclosure.disclosure import REMAINDER, Edition, Spot
from releases.disclosure.open_cells import FORM_COLUMNS, Row, Tables, cells_of, figure_spot, number, parts_of_figure
from sql.indicators import load_indicators
from warehouse.engine import Engine
from warehouse.named import files_by_table, present
from warehouse.versions import version_folder
from warehouse.workspace import Workspace

OPEN = "open"


def open_folder(workspace: Workspace, period_id: str, version: int) -> Path:
    """Return where the open part of a version lies."""
    return version_folder(workspace, period_id, version) / OPEN


def tables_of(rows: Mapping[str, tuple[Row, ...]], counts: Mapping[Spot, int]) -> Tables:
    """Return the tables of a release that are about persons."""
    return Tables(rows["form_ii06a"], rows["form_ii06b"], rows["indicators"], counts)


def member_counts(workspace: Workspace, entry: Entry) -> dict[Spot, int]:
    """Return of how many members each figure of a consolidation was made."""
    engine = Engine()
    try:
        files = files_by_table([entry])["indicator_member"]
        engine.over_files("indicator_member", "indicator_member", [workspace.root / file.path for file in files])
        rows = engine.run("6_published/_member_count").to_pylist()
    finally:
        engine.close()
    return {Spot(row["indicator_id"], row["dimension"], row["dimension_value"]): row["member_count"] for row in rows}


def earlier_editions(workspace: Workspace, ledger: Ledger) -> list[Edition]:
    """Return every open part that has been published, with the true numbers behind it."""
    found = releases.publications(ledger.entries)
    return [_edition(workspace, ledger, event) for event in found if event.open_manifest_sha256 is not None]


def _edition(workspace: Workspace, ledger: Ledger, event: ReleasePublished) -> Edition:
    plan, indicators = workspace.plan, load_indicators()
    period = plan.period(event.period)
    open_data = open_folder(workspace, event.period, event.version) / "data"
    official_data = open_data.parent.parent / "official" / "data"
    counts = member_counts(workspace, ledger.entries[event.consolidation_seq - 1])
    official = {name: _rows(official_data, name) for name in ("form_ii06a", "form_ii06b", "indicators")}
    opened = {name: _rows(open_data, name) for name in (*official, "form_department")}
    shown = _shown(opened)
    true = cells_of(tables_of(official, counts), indicators, plan.disclosure)
    cells, hidden = {}, set()
    for spot, cell in true.items():
        is_remainder = spot.measure.endswith(REMAINDER)
        numerator = spot._replace(measure=spot.measure.replace(REMAINDER, ".numerator"))
        if numerator not in shown:
            continue
        if shown[numerator] is not None and is_remainder:
            continue
        cells[spot] = cell
        if shown[numerator] is None:
            hidden.add(spot)
    return Edition(event.period, event.version, period.first_day, period.last_day, cells, frozenset(hidden))


def _rows(folder: Path, name: str) -> tuple[Row, ...]:
    path = folder / f"{name}.parquet"
    # A table that could not be protected is not there.
    is_optional = folder.parent.name == OPEN and not path.exists()
    return () if is_optional else tuple(pq.read_table(present([path])[0]).to_pylist())


def _shown(opened: Mapping[str, Sequence[Row]]) -> dict[Spot, Decimal | None]:
    """Return every number that an open part has a place for; None where it is hidden."""
    shown: dict[Spot, Decimal | None] = {}
    for name, dimension, key in (
        ("form_department", "", ""), ("form_ii06a", "field", "field"), ("form_ii06b", "unit", "handling_office")
    ):  # fmt: skip
        for row in opened[name]:
            for column in FORM_COLUMNS:
                value = row[column]
                shown[Spot(column, dimension, str(row[key]) if key else "")] = None if value is None else number(value)
    for row in opened["indicators"]:
        for column, spot in zip(("numerator", "denominator"), parts_of_figure(figure_spot(row)), strict=True):
            value = row[column]
            shown[spot] = None if value is None else number(value)
    return shown

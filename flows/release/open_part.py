"""What of a release may the public see, beside every open part that it has seen already?

The official tables are opened: what is too small is hidden, then what would give it away, judged over all open tables
of all versions and periods together. What cannot be protected is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from audit.events import Entry, ReleasePublished
from audit.ledger import Ledger
from flows.release.publication import Publication
from releases.datasets import Dataset, csv_bytes, datapackage_bytes, parquet_bytes
from releases.disclosure.disclosure import REMAINDER, Cell, Edition, Spot
from releases.disclosure.open_cells import (
    FORM,
    FORM_COLUMNS,
    Breakdown,
    Row,
    Tables,
    breakdown_of,
    cells_of,
    figure_spot,
    number,
    parts_of_figure,
    sparse_breakdowns,
    without,
)
from releases.disclosure.open_readme import Account, readme_bytes
from releases.disclosure.open_tables import Opening, open_datasets
from releases.disclosure.relations import system_of
from releases.disclosure.suppression import Protected, UnprotectableError, audited, protect
from releases.manifest import sha256_hex
from schemas.identities import load_identities
from schemas.plan import Plan
from sql.indicators import load_indicators
from warehouse.engine import Engine
from warehouse.named import files_by_table, present
from warehouse.versions import version_folder
from warehouse.workspace import Workspace

OPEN = "open"
# What is given up last: the totals of the form, then its rows, before them every indicator.
_LAST = ((FORM, "field"), (FORM, "unit"), (FORM, ""))
_NOTHING = Protected(frozenset(), frozenset())


@dataclass(frozen=True)
class OpenPart:
    """The open tables of a release, the account of what they hide, and how much of that a fresh attack can tell."""

    datasets: tuple[Dataset, ...]
    account: Account
    exposed_count: int
    counts: Mapping[Breakdown, tuple[int, int, int]]


def open_folder(workspace: Workspace, period_id: str, version: int) -> Path:
    """Return where the open part of a version lies."""
    return version_folder(workspace, period_id, version) / OPEN


def open_files(
    workspace: Workspace, ledger: Ledger, release: Publication, version: int, requested_at: datetime
) -> dict[str, bytes]:
    """Return every file of a release's open part but its manifest, signature and key."""
    plan, period = workspace.plan, release.period
    part = open_part(workspace, ledger, release, version)
    data = {dataset.csv_path: csv_bytes(dataset.table) for dataset in part.datasets}
    data |= {dataset.parquet_path: parquet_bytes(dataset.table) for dataset in part.datasets}
    heading = (f"{plan.document.name_vi}: {period.name_vi}, v{version}", f"{plan.document.name_en}: {period.name_en}")
    package = datapackage_bytes(
        f"{plan.document.id}-{period.id}-open".lower(),
        f"{plan.document.name_vi}: {period.name_vi}",
        f"{version}.0.0",
        requested_at,
        part.datasets,
        {name: (len(content), sha256_hex(content)) for name, content in data.items()},
    )
    return {
        **data,
        "datapackage.json": package,
        "README.txt": readme_bytes(heading, part.account, part.datasets, plan.disclosure, load_indicators()),
    }


def open_part(workspace: Workspace, ledger: Ledger, release: Publication, version: int) -> OpenPart:
    """Return the open tables of a release that is about to be published as this version."""
    plan, indicators = workspace.plan, load_indicators()
    rows = {dataset.name: tuple(dataset.table.to_pylist()) for dataset in release.datasets}
    counts = _member_counts(workspace, ledger.entries[release.consolidation_seq - 1])
    every = cells_of(_tables(rows, counts), indicators, plan.disclosure)
    sparse = sparse_breakdowns(every, plan.disclosure)
    earlier = _earlier(workspace, ledger)
    cells, protected, lost, exposed_count = _protected(plan, earlier, release, version, without(every, sparse))
    opening = Opening(protected.hidden, sparse | lost, counts, plan.disclosure, indicators)
    datasets = open_datasets(release.datasets, opening, plan.targets)
    visible = [spot for spot in cells if not spot.measure.endswith(REMAINDER)]
    primary, secondary = ([s for s in visible if s in found] for found in (protected.primary, protected.secondary))
    shown_count = len(visible) - len(primary) - len(secondary)
    account = Account(shown_count, len(primary), len(secondary), sparse, lost)
    return OpenPart(datasets, account, exposed_count, _by_breakdown(visible, protected))


def _by_breakdown(visible: Sequence[Spot], protected: Protected) -> dict[Breakdown, tuple[int, int, int]]:
    """Return of each breakdown how many numbers are shown, too small, and hidden for the sake of others."""
    found: dict[Breakdown, list[int]] = {}
    for spot in visible:
        place = 1 if spot in protected.primary else 2 if spot in protected.secondary else 0
        found.setdefault(breakdown_of(spot), [0, 0, 0])[place] += 1
    return {breakdown: (one[0], one[1], one[2]) for breakdown, one in sorted(found.items())}


def _protected(
    plan: Plan, earlier: Sequence[Edition], release: Publication, version: int, cells: Mapping[Spot, Cell]
) -> tuple[Mapping[Spot, Cell], Protected, frozenset[Breakdown], int]:
    """Return the cells that can be published, what of them is hidden, which breakdowns had to be given up, and how many
    of the hidden numbers an attack on the result, made afresh, can tell.
    """
    fields: dict[str, list[str]] = {}
    for procedure in plan.procedures:
        fields.setdefault(procedure.office, []).append(procedure.field)
    fields_of_office = {office: tuple(dict.fromkeys(names)) for office, names in fields.items()}
    period = release.period
    lost: frozenset[Breakdown] = frozenset()
    width = plan.disclosure.protection_width.value
    while kept := without(cells, lost):
        this = Edition(period.id, version, period.first_day, period.last_day, kept)
        system = system_of([*earlier, this], load_identities(), fields_of_office)
        try:
            protected = protect(system, [*earlier, this], width)
        except UnprotectableError as error:
            lost |= _given_up(error.spots, kept)
        else:
            return kept, protected, lost, len(audited(system, [*earlier, this], protected, width))
    return {}, _NOTHING, lost, 0


def _given_up(spots: Sequence[Spot], kept: Mapping[Spot, Cell]) -> frozenset[Breakdown]:
    """Return what to leave out for a number that cannot be protected: its breakdowns, else the finest that there is."""
    there = dict.fromkeys(breakdown_of(spot) for spot in kept)
    own = {breakdown_of(spot) for spot in spots} - {(FORM, "")}
    finest = [one for one in there if one[0] != FORM and one[1]] or [one for one in there if one[0] != FORM]
    return frozenset(own or finest or [next(one for one in _LAST if one in there)])


def _tables(rows: Mapping[str, tuple[Row, ...]], counts: Mapping[Spot, int]) -> Tables:
    return Tables(rows["form_ii06a"], rows["form_ii06b"], rows["indicators"], counts)


def _member_counts(workspace: Workspace, entry: Entry) -> dict[Spot, int]:
    """Return of how many members each figure of a consolidation was made."""
    engine = Engine()
    try:
        files = files_by_table([entry])["indicator_member"]
        engine.over_files("indicator_member", "indicator_member", [workspace.root / file.path for file in files])
        rows = engine.run("6_published/_member_count").to_pylist()
    finally:
        engine.close()
    return {Spot(row["indicator_id"], row["dimension"], row["dimension_value"]): row["member_count"] for row in rows}


def _earlier(workspace: Workspace, ledger: Ledger) -> list[Edition]:
    """Return every open part that has been published, with the true numbers behind it."""
    found = [event for entry in ledger.entries for event in entry.events if isinstance(event, ReleasePublished)]
    return [_edition(workspace, ledger, event) for event in found if event.open_manifest_sha256 is not None]


def _edition(workspace: Workspace, ledger: Ledger, event: ReleasePublished) -> Edition:
    plan, indicators = workspace.plan, load_indicators()
    period = plan.period(event.period)
    open_data = open_folder(workspace, event.period, event.version) / "data"
    official_data = open_data.parent.parent / "official" / "data"
    counts = _member_counts(workspace, ledger.entries[event.consolidation_seq - 1])
    official = {name: _rows(official_data, name) for name in ("form_ii06a", "form_ii06b", "indicators")}
    opened = {name: _rows(open_data, name) for name in (*official, "form_department")}
    shown = _shown(opened)
    true = cells_of(_tables(official, counts), indicators, plan.disclosure)
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
    is_optional = folder.parent.name == "open" and not path.exists()
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

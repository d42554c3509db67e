"""What of a release may the public see, beside every open part that it has seen already?

The official tables are opened: what is too small is hidden, then what would give it away, judged over all open tables
of all versions and periods together, and over what they differ by. What cannot be protected is left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from audit.ledger import Ledger
from flows.release.open_editions import earlier_editions, member_counts, tables_of
from flows.release.publication import Publication
from releases.datasets import Dataset, csv_bytes, datapackage_bytes, parquet_bytes
from releases.disclosure.disclosure import REMAINDER, Cell, Edition, Spot
from releases.disclosure.open_cells import FORM, Breakdown, breakdown_of, cells_of, sparse_breakdowns, without
from releases.disclosure.open_readme import Account, readme_bytes
from releases.disclosure.open_tables import Opening, open_datasets
from releases.disclosure.relations import System, system_of
from releases.disclosure.suppression import Audit, Protected, UnprotectableError, audited, protect
from releases.manifest import sha256_hex
from schemas.identities import load_identities
from schemas.plan import Plan
from sql.indicators import load_indicators
from warehouse.workspace import Workspace

# What is given up last: the totals of the form, then its rows, before them every indicator.
_LAST = ((FORM, "field"), (FORM, "unit"), (FORM, ""))


@dataclass(frozen=True)
class OpenPart:
    """The open tables of a release, the account of what they hide, and what a fresh attack on them came to.

    `differences` are the small ones between this edition and what was published before, by what that was.
    """

    datasets: tuple[Dataset, ...]
    account: Account
    audit: Audit
    counts: Mapping[Breakdown, tuple[int, int, int]]
    differences: Mapping[str, int]

    def obstacles(self, period_id: str) -> tuple[str, ...]:
        """Return why it must not leave the house: a number that it hides can be told."""
        if not self.audit.told:
            return ()
        return (
            f"Phần công khai: {len(self.audit.told)} số không nêu vẫn tính ra được"
            f" / The open part gives {len(self.audit.told)} hidden numbers away: motcua disclosure {period_id}",
        )


@dataclass(frozen=True)
class _Kept:
    """The cells that can be published, what of them is hidden, and which breakdowns had to be given up."""

    cells: Mapping[Spot, Cell]
    protected: Protected
    lost: frozenset[Breakdown]
    audit: Audit
    differences: Mapping[str, int]


_NOTHING = Protected(frozenset(), frozenset())
_NOT_ASKED = Audit(0, 0, (), ())


def open_files(
    workspace: Workspace, release: Publication, part: OpenPart, version: int, requested_at: datetime
) -> dict[str, bytes]:
    """Return every file of a release's open part but its manifest, signature and key."""
    plan, period = workspace.plan, release.period
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
    counts = member_counts(workspace, ledger.entries[release.consolidation_seq - 1])
    every = cells_of(tables_of(rows, counts), indicators, plan.disclosure)
    sparse = sparse_breakdowns(every, plan.disclosure)
    period = release.period
    this = Edition(period.id, version, period.first_day, period.last_day, without(every, sparse))
    earlier = tuple(earlier_editions(workspace, ledger))
    width, threshold = plan.disclosure.protection_width.value, plan.disclosure.threshold.value
    kept = _protected(earlier, this, _fields_of_office(plan), width, threshold)
    protected = kept.protected
    opening = Opening(protected.hidden, sparse | kept.lost, plan.disclosure, indicators)
    datasets = open_datasets(release.datasets, opening, plan.targets)
    visible = [spot for spot in kept.cells if not spot.measure.endswith(REMAINDER)]
    primary, secondary = ([s for s in visible if s in found] for found in (protected.primary, protected.secondary))
    shown_count = len(visible) - len(primary) - len(secondary)
    account = Account(shown_count, len(primary), len(secondary), sparse, kept.lost)
    return OpenPart(datasets, account, kept.audit, _by_breakdown(visible, protected), kept.differences)


def _by_breakdown(visible: Sequence[Spot], protected: Protected) -> dict[Breakdown, tuple[int, int, int]]:
    """Return of each breakdown how many numbers are shown, too small, and hidden for the sake of others."""
    found: dict[Breakdown, list[int]] = {}
    for spot in visible:
        place = 1 if spot in protected.primary else 2 if spot in protected.secondary else 0
        found.setdefault(breakdown_of(spot), [0, 0, 0])[place] += 1
    return {breakdown: (one[0], one[1], one[2]) for breakdown, one in sorted(found.items())}


def _fields_of_office(plan: Plan) -> tuple[tuple[str, tuple[str, ...]], ...]:
    fields: dict[str, list[str]] = {}
    for procedure in plan.procedures:
        fields.setdefault(procedure.office, []).append(procedure.field)
    return tuple((office, tuple(dict.fromkeys(names))) for office, names in fields.items())


@lru_cache(maxsize=4)
def _protected(
    earlier: tuple[Edition, ...],
    this: Edition,
    fields_of_office: tuple[tuple[str, tuple[str, ...]], ...],
    width: int,
    threshold: int,
) -> _Kept:
    """Find out what an edition must hide beside those before it; breakdowns that cannot be protected are given up.

    Who asks for a release, approves it and publishes it in one run has the answer at once.
    """
    lost: frozenset[Breakdown] = frozenset()
    while cells := without(this.cells, lost):
        editions = [*earlier, this.of(cells)]
        system = system_of(editions, load_identities(), dict(fields_of_office), threshold)
        try:
            protected = protect(system, editions, width)
        except UnprotectableError as error:
            lost |= _given_up(error.spots, cells)
        else:
            return _Kept(
                cells, protected, lost, audited(system, editions, protected, width), _differing(system, editions)
            )
    return _Kept({}, _NOTHING, lost, _NOT_ASKED, {})


def _differing(system: System, editions: Sequence[Edition]) -> dict[str, int]:
    """Return how many small differences there are between the last edition and which others."""
    last = len(editions) - 1
    found: Counter[str] = Counter()
    for difference in system.differences.values():
        numbers = sorted({number for number, _ in difference.places})
        if last in numbers:
            found[" + ".join(editions[n].name for n in numbers if n != last)] += 1
    return dict(sorted(found.items()))


def _given_up(spots: Sequence[Spot], kept: Mapping[Spot, Cell]) -> frozenset[Breakdown]:
    """Return what to leave out for a number that cannot be protected: its breakdowns, else the finest that there is."""
    there = dict.fromkeys(breakdown_of(spot) for spot in kept)
    own = {breakdown_of(spot) for spot in spots} - {(FORM, "")}
    finest = [one for one in there if one[0] != FORM and one[1]] or [one for one in there if one[0] != FORM]
    return frozenset(own or finest or [next(one for one in _LAST if one in there)])

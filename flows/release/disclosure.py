"""What would the open part of a period show and hide, if the consolidation in force were published now?"""

from dataclasses import dataclass
from datetime import date

from audit.ledger import Ledger
from audit.releases import published
from flows.entry.door import MisuseError
from flows.measures.periods import latest_consolidation
from flows.release.open_part import open_part
from flows.release.publication import publication
from schemas.plan_models import Period
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class OpenTable:
    """How many numbers about persons one open table shows, and hides for which reason."""

    name: str
    shown_count: int
    primary_count: int
    secondary_count: int


@dataclass(frozen=True)
class Differing:
    """How many differences from what was published before are too small to be told."""

    published: str
    small_count: int


@dataclass(frozen=True)
class Rehearsal:
    """What the open part would be, how many hidden numbers and small differences the attack asked for, and could tell.

    What earlier open parts tell by themselves is out, whatever this one hides.
    """

    period: str
    version: int
    tables: tuple[OpenTable, ...]
    differences: tuple[Differing, ...]
    left_out: tuple[str, ...]
    number_count: int
    difference_count: int
    exposed_count: int
    told_before_count: int


def rehearse(workspace: Workspace, period: Period, today: date) -> Rehearsal:
    """Open the consolidation in force without publishing it; MisuseError where there is none."""
    ledger = Ledger(workspace.ledger)
    found = latest_consolidation(ledger.entries, period.id)
    if found is None:
        raise MisuseError(f"{period.id}: chưa tổng hợp / not consolidated: motcua consolidate {period.id}")
    version = len(published(ledger.entries, period.id)) + 1
    release = publication(workspace, ledger, workspace.plan, period, found[0], today)
    part = open_part(workspace, ledger, release, version)
    names = {breakdown: _table(*breakdown) for breakdown in part.counts}
    tables = tuple(
        OpenTable(name, *(sum(part.counts[b][n] for b in names if names[b] == name) for n in range(3)))
        for name in sorted(set(names.values()))
    )
    dropped = sorted({*part.account.sparse, *part.account.unprotectable})
    left_out = tuple(" ".join(breakdown).rstrip() for breakdown in dropped)
    differences = tuple(Differing(name, count) for name, count in part.differences.items())
    asked = part.audit
    counts = (asked.number_count, asked.difference_count, len(asked.told), len(asked.told_before))
    return Rehearsal(period.id, version, tables, differences, left_out, *counts)


def _table(name: str, dimension: str) -> str:
    forms = {"": "form_department", "field": "form_ii06a", "unit": "form_ii06b"}
    return forms[dimension] if name == "form" else f"indicators {dimension}".rstrip()

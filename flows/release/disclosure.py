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
class Rehearsal:
    """What the open part would be, and how many hidden numbers the attack could still tell."""

    period: str
    version: int
    tables: tuple[OpenTable, ...]
    left_out: tuple[str, ...]
    exposed_count: int


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
    return Rehearsal(period.id, version, tables, left_out, part.exposed_count)


def _table(name: str, dimension: str) -> str:
    forms = {"": "form_department", "field": "form_ii06a", "unit": "form_ii06b"}
    return forms[dimension] if name == "form" else f"indicators {dimension}".rstrip()

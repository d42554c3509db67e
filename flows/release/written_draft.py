"""Which draft of a release lies in its folder, and what does it state of itself?

`drafts/<period>/` is no record: it can be deleted, and is made anew. Like a release it holds no personal data; unlike
one, only its owner may open it.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from audit.ledger import Ledger
from audit.persons import SCHEDULE
from flows.measures.due import is_in_hand
from flows.measures.periods import latest_consolidation
from schemas.plan_models import Period
from warehouse.workspace import Workspace

STATEMENT_NAME = "draft.json"


class DraftStatement(BaseModel):
    """Of which consolidation a written draft is, and every reason against publishing it."""

    model_config = ConfigDict(frozen=True)

    period: str
    version: int
    consolidation_seq: int
    datasets_sha256: str
    drafted_at: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class WrittenDraft:
    """A draft that lies in its folder, and what it states of itself."""

    folder: Path
    statement: DraftStatement


def draft_folder(workspace: Workspace, period_id: str) -> Path:
    """Return where the draft of a period lies."""
    return workspace.drafts / period_id


def written_draft(workspace: Workspace, ledger: Ledger, period_id: str) -> WrittenDraft | None:
    """Return the draft that lies there for a period; None where there is none of the consolidation in force."""
    folder = draft_folder(workspace, period_id)
    try:
        statement = DraftStatement.model_validate_json((folder / STATEMENT_NAME).read_bytes())
    except (OSError, ValidationError):
        return None
    last = latest_consolidation(ledger.entries, period_id)
    is_current = last is not None and last[0].seq == statement.consolidation_seq
    return WrittenDraft(folder, statement) if is_current else None


def undrafted(workspace: Workspace, ledger: Ledger) -> tuple[Period, ...]:
    """Return the periods that the schedule consolidated and that lack their draft.

    A run that is cut off between the two leaves such a period, and so does whoever removes a draft.
    """
    found = []
    for period in workspace.plan.periods:
        last = latest_consolidation(ledger.entries, period.id)
        if last is not None and last[0].actor == SCHEDULE and not is_in_hand(ledger, period):
            found += [period] if written_draft(workspace, ledger, period.id) is None else []
    return tuple(found)

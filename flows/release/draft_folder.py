"""How is what would be published of a period written down for those who decide?

Every file of the official and of the open part as they would leave, and every reason against publishing them.
"""

from collections.abc import Sequence

from audit import releases
from audit.ledger import Ledger
from flows.entry.authority import entered
from flows.entry.door import Door
from flows.release.content import OFFICIAL, content
from flows.release.draft import Draft, ask_gate, draft, obstacles
from flows.release.open_editions import OPEN
from flows.release.report_content import Issue
from flows.release.written_draft import STATEMENT_NAME, DraftStatement, WrittenDraft, draft_folder
from schemas.plan_models import Period
from warehouse.files import replace_folder
from warehouse.workspace import Workspace

REASONS_NAME = "reasons.md"
_EDITION = "bản thảo / draft"


def write_draft(workspace: Workspace, ledger: Ledger, door: Door, drafted: Draft) -> WrittenDraft:
    """Write a draft into its folder, in the place of an earlier one. The caller holds the workspace."""
    period = drafted.period
    door.on_step(f"{period.id}: bản thảo / draft")
    gate = ask_gate(workspace, drafted)
    version = releases.next_version(ledger.entries, period.id)
    at = door.stamp.at.astimezone(workspace.plan.zone)
    made = content(workspace, ledger, drafted, gate, Issue(version, _EDITION, at, "", "", ledger.size, ledger.head))
    statement = DraftStatement(
        period=period.id,
        version=version,
        consolidation_seq=drafted.release.consolidation_seq,
        datasets_sha256=drafted.datasets_sha256,
        drafted_at=door.stamp.at_text,
        reasons=(*obstacles(workspace, ledger, door, drafted), *gate.reasons, *made.obstacles),
    )
    folder = draft_folder(workspace, period.id)
    files = {
        **{f"{OFFICIAL}/{path}": file for path, file in made.official.items()},
        **{f"{OPEN}/{path}": file for path, file in made.opened.items()},
        REASONS_NAME: _reasons_page(period, statement.reasons),
        STATEMENT_NAME: (statement.model_dump_json(indent=2) + "\n").encode(),
    }
    replace_folder(folder, files)
    return WrittenDraft(folder, statement)


def draft_period(workspace: Workspace, door: Door, period: Period) -> WrittenDraft | None:
    """Write the draft of the consolidation in force as a command of its own; None where nothing was consolidated."""
    with entered(workspace, door, "consolidate", subject=period.id) as ledger:
        drafted = draft(workspace, ledger, door, period)
        return write_draft(workspace, ledger, door, drafted) if drafted is not None else None


def _reasons_page(period: Period, reasons: Sequence[str]) -> bytes:
    lines = [f"# {period.name_vi} / {period.name_en} ({period.id})", ""]
    if reasons:
        lines += [f"{len(reasons)} lý do chưa công bố được / reasons against publishing:", ""]
        lines += [f"- {reason}" for reason in reasons]
    else:
        lines += [f"Không có gì cản trở / nothing stands against it: motcua release request {period.id}"]
    return ("\n".join(lines) + "\n").encode()

"""Is what was asked for still what the store under the record gives, and does nothing stand against it?

Asked before anybody approves and before anything is published: a line of the record is a claim, also one that somebody
with a key wrote by hand, and so is a draft in its folder. What counts is what is computed anew.
"""

from dataclasses import dataclass

from audit import releases
from audit.ledger import Ledger
from flows.entry.door import Door
from flows.release.content import Content, content, issue_asked_for
from flows.release.draft import Draft, ask_gate, obstacles
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Computed:
    """The draft, every file of what was asked for as it is computed now, and all that stands against letting it go.

    What is not to leave in any case is not made in vain. Nothing of it changes while one command holds the lock: what a
    request computed, the approval and the publication of the same command take from it.
    """

    drafted: Draft
    made: Content | None
    reasons: tuple[str, ...]


def compute_anew(
    workspace: Workspace, ledger: Ledger, door: Door, drafted: Draft, asked: releases.Version | None
) -> Computed:
    """Compute what was asked for, ask the gate again, and compare."""
    door.on_step(f"{drafted.period.id}: cổng kiểm tra / gate")
    gate = ask_gate(workspace, drafted)
    reasons = (*obstacles(workspace, ledger, door, drafted), *gate.reasons)
    made = None
    if asked is not None and asked.content_sha256 is not None and asked.datasets_sha256 == drafted.datasets_sha256:
        made = content(workspace, ledger, drafted, gate, issue_asked_for(workspace, ledger, asked))
        reasons += made.obstacles
    return Computed(drafted, made, (*reasons, *_differs(asked, drafted, made)))


def is_as_asked(computed: Computed, asked: releases.Version) -> bool:
    """Tell whether what was computed is what was asked for, and may leave."""
    return computed.made is not None and computed.made.sha256 == asked.content_sha256 and not computed.reasons


def _differs(asked: releases.Version | None, drafted: Draft, made: Content | None) -> tuple[str, ...]:
    """Return that what was computed is not what was asked for."""
    ask = f"motcua release request {drafted.period.id}"
    if asked is None:
        return (f"Chưa có đề nghị công bố / Nobody has asked to publish: {ask}",)
    if asked.datasets_sha256 != drafted.datasets_sha256:
        return (f"Số liệu đã khác bản được đề nghị / The figures are no longer those that were asked for: {ask}",)
    if made is None or asked.content_sha256 != made.sha256:
        return (
            "Báo cáo, phần mở hoặc mô tả đã khác bản được đề nghị / Workbook, open part or descriptions are no longer"
            f" those that were asked for: {ask}",
        )
    return ()

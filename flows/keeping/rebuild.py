"""Can everything that one queries be computed again from the record?"""

from flows.entry.door import Door
from warehouse.projection import rebuild as rebuild_projection
from warehouse.workspace import Workspace
from warehouse.writer import writer


def rebuild(workspace: Workspace, door: Door) -> int:
    """Compute the projection from ledger and store alone and swap it in; return the number of commits."""
    with writer(workspace, door.stamp, door.command, door.on_wait, door.on_notice) as ledger:
        rebuild_projection(workspace, ledger)
        return ledger.size

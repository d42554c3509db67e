"""How does a workspace begin?

With its folders, its plan, and a first commit that names an empty file of every table.
"""

from pathlib import Path

from audit.checkpoint import SEED_BYTES
from audit.events import WorkspaceCreated
from flows.entry.door import Door
from schemas.tables import SCHEMAS
from warehouse.keys import stated_keys
from warehouse.store import Store
from warehouse.workspace import Workspace, create_workspace
from warehouse.writer import writer


def create(root: Path, plan_folder: Path, door: Door, pseudonym_key: bytes, *, is_demo: bool = False) -> Workspace:
    """Lay out a workspace and commit its beginning."""
    workspace = create_workspace(
        root, plan_folder, is_demo=is_demo, pseudonym_key=pseudonym_key, signing_seed=door.entropy(SEED_BYTES)
    )
    store = Store(workspace)
    files = [store.put(name, schema.empty_table()) for name, schema in SCHEMAS.items()]
    files.append(store.put_plan(workspace.plan))
    with writer(workspace, door.stamp, door.command, door.on_wait, is_new=True) as ledger:
        key = workspace.public_key().decode()
        created = WorkspaceCreated(
            plan_id=workspace.plan.document.id,
            signing_public_key=key,
            keys=stated_keys(workspace),
            settings_sha256=workspace.settings_sha256,
        )
        ledger.append(door.stamp, "init", [created], files)
    return workspace

"""How does a workspace begin?

With its folders, its plan, and a first commit that names an empty file of every table.
"""

from pathlib import Path

from audit.checkpoint import SEED_BYTES
from audit.events import WorkspaceCreated
from flows.entry.door import Door
from flows.entry.plan_gate import require_confirmed
from schemas.plan import load_plan
from schemas.tables import SCHEMAS
from warehouse.keys import stated_keys
from warehouse.store import Store
from warehouse.workspace import Workspace, create_workspace
from warehouse.writer import writer


def create(root: Path, plan_folder: Path, door: Door, pseudonym_key: bytes, *, is_demo: bool = False) -> Workspace:
    """Lay out a workspace and commit its beginning; PlanNotAcceptedError where the plan is a draft."""
    require_confirmed(load_plan(plan_folder))
    workspace = create_workspace(
        root, plan_folder, is_demo=is_demo, pseudonym_key=pseudonym_key, signing_seed=door.entropy(SEED_BYTES)
    )
    store = Store(workspace)
    files = [store.put(name, schema.empty_table()) for name, schema in SCHEMAS.items()]
    files.append(store.put_plan(workspace.plan))
    with writer(workspace, door.stamp, door.command, door.on_wait, is_new=True) as ledger:
        key = workspace.public_key().decode()
        plan = workspace.plan
        created = WorkspaceCreated(
            plan_id=plan.document.id,
            signing_public_key=key,
            plan_sha256=plan.sha256,
            keys=stated_keys(workspace),
            settings_sha256=workspace.settings_sha256,
        )
        ledger.append(door.stamp, "init", [created], files)
    return workspace

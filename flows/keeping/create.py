"""How does a workspace begin?

With its folders, its plan, and a first commit that names an empty file of every table and that its founder signs with
the key that they bring.
"""

from pathlib import Path

from audit.checkpoint import SEED_BYTES, public_key_pem
from audit.events import WorkspaceCreated
from audit.sealed_key import Sealing
from flows.entry.door import Door, own_name
from flows.entry.enrolment import brought_by, lay_key, require_passphrase
from flows.entry.plan_gate import require_confirmed
from schemas.plan import load_plan
from schemas.tables import SCHEMAS
from warehouse.keys import stated_keys
from warehouse.store import Store
from warehouse.workspace import SCHEDULE_KEY, Workspace, create_workspace
from warehouse.writer import writer


def create(
    root: Path,
    plan_folder: Path,
    door: Door,
    pseudonym_key: bytes,
    sealing: Sealing,
    *,
    key_file: Path | None = None,
    is_demo: bool = False,
) -> Workspace:
    """Lay out a workspace and commit its beginning; the founder's key is sealed into the workspace, or into a file.

    PlanNotAcceptedError where the plan is a draft.
    """
    require_confirmed(load_plan(plan_folder))
    own_name(door.stamp.actor)
    require_passphrase(sealing)
    # A key that cannot be written where it should be leaves no workspace behind.
    elsewhere = lay_key(Workspace(root), door, sealing, key_file) if key_file is not None else None
    workspace = create_workspace(
        root, plan_folder, is_demo=is_demo, pseudonym_key=pseudonym_key, signing_seed=door.entropy(SEED_BYTES),
        schedule_seed=door.entropy(SEED_BYTES),
    )  # fmt: skip
    store = Store(workspace)
    files = [store.put(name, schema.empty_table()) for name, schema in SCHEMAS.items()]
    files.append(store.put_plan(workspace.plan))
    signed, enrolled = brought_by(door, elsewhere or lay_key(workspace, door, sealing))
    with writer(workspace, door.stamp.unsigned, door.command, door.on_wait, is_new=True) as ledger:
        created = WorkspaceCreated(
            plan_id=workspace.plan.document.id,
            signing_public_key=workspace.public_key().decode(),
            persons_sign=True,
            schedule_public_key=public_key_pem((workspace.keys / SCHEDULE_KEY).read_bytes()).decode(),
            plan_sha256=workspace.plan.sha256,
            keys=stated_keys(workspace),
            settings_sha256=workspace.settings_sha256,
        )
        ledger.append(signed.stamp, "init", [created, enrolled], files)
    return workspace

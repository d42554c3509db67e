"""How does a newcomer see a whole quarter? A workspace with generated, deliberately imperfect files of Q1 2022."""

import csv
import io
import shutil
from pathlib import Path

from flows.create import create
from flows.door import Door
from flows.intake import REGISTER, REGISTER_COLUMNS
from flows.places import PLANS
from schemas.plan import load_plan
from sources.demo_office import demo_files
from warehouse.files import write_bytes
from warehouse.workspace import SETTINGS, Workspace, WorkspaceError

PLAN = "svhtt-khanh-hoa-2022"
PERIOD = "2022-Q1"
SEED = 2022


def make_demo(root: Path, door: Door, pseudonym_key: bytes, *, replace: bool) -> Workspace:
    """Lay out the demo workspace and fill its inbox; an earlier demo there is replaced only where asked."""
    if root.exists() and any(root.iterdir()):
        if not (root / SETTINGS).is_file() or not Workspace(root).settings.is_demo:
            raise WorkspaceError(
                f"{root} không trống, không phải bản chạy thử cũ / is not empty and no earlier demo: use another --dir"
            )
        if not replace:
            raise WorkspaceError(
                f"{root} đang chứa bản chạy thử cũ / holds an earlier demo: add --replace, or use another --dir"
            )
        shutil.rmtree(root)
    plan = load_plan(PLANS / PLAN)
    workspace = create(root, plan.folder, door, pseudonym_key, is_demo=True)
    office = demo_files(plan, plan.period(PERIOD), SEED)
    register = io.StringIO()
    lines = csv.writer(register, lineterminator="\n")
    lines.writerow(REGISTER_COLUMNS)
    for file in office.files:
        write_bytes(workspace.inbox / file.name, file.content)
        lines.writerow([file.name, file.officially_received_on.isoformat(), file.evidence, "", ""])
    write_bytes(workspace.inbox / REGISTER, register.getvalue().encode())
    return workspace

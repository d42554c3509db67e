"""How does a decided plan get into the workspace's folder, whole or not at all?

It is laid beside the folder, the commit that names it puts it in force, then it takes the folder's place: what a killed
command left half-way is finished, or dropped where no commit names it, by the next one. What stood there and is in no
record is set aside, never lost.
"""

import shutil
from collections.abc import Mapping, Sequence

from audit.events import Entry
from audit.plans import plan_in_force, plans_in_force, proposals
from schemas.plan_files import plan_texts, texts_sha256
from warehouse.files import sync_folder
from warehouse.kept import texts_of, write_texts
from warehouse.workspace import Workspace


def stage(workspace: Workspace, texts: Mapping[str, str]) -> None:
    """Lay a plan's files beside the folder."""
    shutil.rmtree(workspace.next_plan_folder, ignore_errors=True)
    write_texts(texts, workspace.next_plan_folder)


def settle(workspace: Workspace, entries: Sequence[Entry]) -> str | None:
    """Let the staged plan take its place if it is the one in force, else drop it.

    Return where what stood there and is in no record was set aside.
    """
    staged, in_force = workspace.next_plan_folder, plan_in_force(entries)
    if not staged.is_dir() or in_force is None:
        return None
    if plan_texts(staged, []) != texts_of(workspace, in_force.file):
        shutil.rmtree(staged)
        return None
    before = workspace.root / ".plan-before"
    aside = None
    if workspace.plan_folder.is_dir():
        shutil.rmtree(before, ignore_errors=True)
        workspace.plan_folder.rename(before)
    staged.rename(workspace.plan_folder)
    sync_folder(workspace.root)
    if before.is_dir():
        texts = plan_texts(before, [])
        kept = [plan.file for plan in plans_in_force(entries)] + [one.file for one in proposals(entries)]
        if all(texts_of(workspace, file) != texts for file in kept):
            target = workspace.root / "plan-set-aside" / texts_sha256(texts)[:12]
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(exist_ok=True)
            before.rename(target)
            aside = workspace.relative(target)
        else:
            shutil.rmtree(before)
    return aside

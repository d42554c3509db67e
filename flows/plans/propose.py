"""How is a change of the plan asked for? With its reason, its evidence, and what it would turn, before anybody agrees.

The proposed files lie in the store by their hash, the evidence in the vault: it may name people.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.events import PlanEffect, PlanKeyChange, PlanProposed, StoredFile
from audit.ledger import Ledger
from audit.numbers import next_number
from audit.plans import PlanInForce, Proposal, plan_in_force, proposals, waiting_proposals
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.entry.plan_gate import sha256_in_force
from flows.intake.inbox import not_taken
from flows.plans.effect import Effects, FigureTurned, effects
from schemas.nearest import names_meant
from schemas.plan import Plan, load_plan
from schemas.plan_diff import KeyChange, plan_diff
from warehouse import taking, vault
from warehouse.arrivals import NotTakenError
from warehouse.kept import texts_of, write_texts
from warehouse.store import Store
from warehouse.workspace import Workspace

_FIGURES = "figures.csv"
_HEADING = ("period", "figure", "unit_code", "dimension", "dimension_value", "quantity", "before", "after")


@dataclass(frozen=True)
class Proposed:
    """What came of asking: the proposal, and whether it is new."""

    proposal: Proposal
    is_new: bool

    @property
    def changes(self) -> tuple[PlanKeyChange, ...]:
        """What differs, key by key."""
        return self.proposal.event.changes

    @property
    def effects(self) -> tuple[PlanEffect, ...]:
        """What it would turn, period by period."""
        return self.proposal.event.effects


def in_force_or_misuse(ledger: Ledger) -> PlanInForce:
    """Return the plan in force; MisuseError where the record keeps none."""
    found = plan_in_force(ledger.entries)
    if found is None:
        raise MisuseError("sổ cái chưa giữ kế hoạch nào / the record keeps no plan yet: motcua consolidate PERIOD")
    return found


def find_proposal(ledger: Ledger, number: str) -> Proposal:
    """Return the proposal of this number, whatever its case; MisuseError says which there are."""
    found = {one.number: one for one in proposals(ledger.entries)}
    if number.upper() not in found:
        known = names_meant(number, found)
        raise MisuseError(f"không có đề nghị {number} / there is no such proposal: {known}: motcua plan proposals")
    return found[number.upper()]


def changes_of(workspace: Workspace, ledger: Ledger, texts: Mapping[str, str]) -> tuple[KeyChange, ...]:
    """Return where a plan's files differ from the plan in force."""
    return plan_diff(texts_of(workspace, in_force_or_misuse(ledger).file), texts)


def propose(workspace: Workspace, door: Door, proposed: Plan, reason: str, evidence: Path) -> Proposed:
    """Ask that a plan come into force; MisuseError where nothing differs, or it is another year's."""
    if not reason.strip():
        raise MisuseError("--reason trống / is empty: nêu lý do / say why the plan is to be changed")
    if not evidence.is_file():
        raise MisuseError(f"{evidence} không phải là tệp / is not a file: --evidence nêu tệp minh chứng / names it")
    with entered(workspace, door, "propose_plan", subject=proposed.document.id) as ledger:
        return propose_under_lock(workspace, ledger, door, proposed, reason, evidence)


def propose_under_lock(
    workspace: Workspace, ledger: Ledger, door: Door, proposed: Plan, reason: str, evidence: Path
) -> Proposed:
    """Ask that a plan come into force, the workspace held already."""
    current = in_force_or_misuse(ledger)
    before = texts_of(workspace, current.file)
    changes = plan_diff(before, proposed.texts)
    if not changes:
        raise MisuseError(
            "kế hoạch đề nghị giống kế hoạch hiện hành / is the plan in force already: sửa plan/ hoặc nêu thư mục khác"
            " / edit plan/, or name another folder"
        )
    waiting = waiting_proposals(ledger.entries)
    same = next((one for one in waiting if one.event.new_plan_sha256 == proposed.sha256), None)
    if same is not None:
        return Proposed(same, False)
    with tempfile.TemporaryDirectory() as name:
        write_texts(before, Path(name))
        in_force = load_plan(Path(name))
        _same_year(in_force, proposed)
        found = effects(workspace, ledger, door, in_force, proposed, changes)
    files, evidence_sha256, evidence_size = _kept(workspace, ledger, door, proposed, evidence, found)
    event = PlanProposed(
        number=next_number("PL", (one.number for one in proposals(ledger.entries))),
        old_plan_sha256=sha256_in_force(workspace, current),
        new_plan_sha256=proposed.sha256,
        reason=reason.strip(),
        evidence_sha256=evidence_sha256,
        evidence_size=evidence_size,
        changes=tuple(PlanKeyChange.model_validate(vars(change)) for change in changes),
        effects=found.periods,
    )
    entry = ledger.append(door.stamp, "plan-propose", [event], files)
    taking.drop(workspace, entry.seq)
    return Proposed(find_proposal(ledger, event.number), True)


def _same_year(in_force: Plan, proposed: Plan) -> None:
    """A plan is one decision of one year: another year's begins a workspace of its own."""
    ours, theirs = in_force.document, proposed.document
    if (ours.id, ours.year) != (theirs.id, theirs.year):
        raise MisuseError(
            f"{theirs.id} ({theirs.year}) không phải kế hoạch {ours.id} ({ours.year}) / is another year's plan, which"
            f" begins its own workspace: motcua init DIR --plan {proposed.folder}"
        )


def _kept(
    workspace: Workspace, ledger: Ledger, door: Door, proposed: Plan, evidence: Path, found: Effects
) -> tuple[list[StoredFile], str, int]:
    """Keep the proposed files, the figures that they change and the evidence; return them, and the evidence's hash."""
    store = Store(workspace)
    try:
        copied = taking.begin(workspace, evidence, ledger.size + 1, is_moved=False)
    except NotTakenError as error:
        raise MisuseError(not_taken(evidence.name, error.why)) from error
    original = vault.keep(workspace, copied.path, copied.name, copied.sha256, door.entropy)
    files = [
        store.put_texts("plan_proposal", proposed.texts),
        store.put_texts("plan_effect", {_FIGURES: _figures_csv(found.figures)}),
        *original.files,
    ]
    return files, copied.sha256, copied.size


def _figures_csv(figures: Iterable[FigureTurned]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADING)
    writer.writerows([one.period, *vars(one.cell).values(), one.before, one.after] for one in figures)
    return text.getvalue()


def effect_rows(workspace: Workspace, ledger: Ledger, proposal: Proposal) -> list[dict[str, str]]:
    """Return every figure that a proposal would change, as it was told when it was made."""
    entry = ledger.entries[proposal.seq - 1]
    [kept] = [file for file in entry.files if file.path.startswith("store/plan_effect/")]
    return list(csv.DictReader(io.StringIO(texts_of(workspace, kept)[_FIGURES])))

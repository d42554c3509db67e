"""What became of an original, and how is one erased?

Erasure is a decision: it is committed first, then the key is destroyed; a command killed in between is finished by the
next one. Hash, figures and findings stay, and everything still verifies. A key that was lost is not an erasure, and is
declared as what it is.
"""

from dataclasses import dataclass

from audit.erasures import Fate, fate_text, fates
from audit.events import OriginalErased, OriginalKeyLost
from audit.ledger import Ledger
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from flows.intake.submissions import find_submission, submissions
from warehouse import vault
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Erased:
    """What was decided, and every submission whose original that was."""

    fate: Fate
    numbers: tuple[str, ...]


def _require_said(decision: str, reason: str) -> None:
    if not decision.strip() or not reason.strip():
        raise MisuseError("ghi rõ --decision và --reason / say by which --decision and for which --reason")


def _sharing(ledger: Ledger, sha256: str) -> tuple[str, ...]:
    return tuple(one.taken.number for one in submissions(ledger.entries) if one.taken.file_sha256 == sha256)


def erase(workspace: Workspace, door: Door, number: str, decision: str, reason: str) -> Erased:
    """Record the decision, then destroy the original's key; MisuseError where that was done before."""
    _require_said(decision, reason)
    with entered(workspace, door, "erase", subject=number) as ledger:
        taken = find_submission(ledger.entries, number).taken
        fate = fates(ledger.entries).get(taken.file_sha256)
        if isinstance(fate, OriginalErased):
            raise MisuseError(f"{taken.number}: {fate_text(fate)}: không cần làm gì / nothing to do")
        event = OriginalErased(number=taken.number, file_sha256=taken.file_sha256, decision=decision, reason=reason)
        ledger.append(door.stamp, "erase", [event])
        vault.destroy(workspace, taken.file_sha256)
        return Erased(event, _sharing(ledger, taken.file_sha256))


def declare_lost(workspace: Workspace, door: Door, number: str, decision: str, reason: str) -> Erased:
    """Record that an original's key is lost; MisuseError where it is there, or something was decided before."""
    _require_said(decision, reason)
    with entered(workspace, door, "erase", subject=number) as ledger:
        taken = find_submission(ledger.entries, number).taken
        fate = fates(ledger.entries).get(taken.file_sha256)
        if fate is not None:
            raise MisuseError(f"{taken.number}: {fate_text(fate)}: không cần làm gì / nothing to do")
        if vault.has_key(workspace, taken.file_sha256):
            raise MisuseError(f"khóa của {taken.number} vẫn còn / its key is there: motcua verify, or motcua erase")
        event = OriginalKeyLost(number=taken.number, file_sha256=taken.file_sha256, decision=decision, reason=reason)
        ledger.append(door.stamp, "keys lost", [event])
        return Erased(event, _sharing(ledger, taken.file_sha256))

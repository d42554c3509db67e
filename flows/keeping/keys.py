"""How is a key replaced, the old one at hand or lost?

The new key is laid beside the old one, the commit that names it puts it in force, then it takes its place. What was
signed before still verifies with the key of its time (audit/signing_keys.py).
"""

import hashlib

from audit.checkpoint import SEED_BYTES, new_key_pem, public_key_pem, sign
from audit.events import PseudonymKeyReplaced, ScheduleKeyReplaced, SigningKeyReplaced
from audit.ledger import Ledger
from audit.signing_keys import key_in_force
from flows.entry.authority import entered
from flows.entry.door import Door, MisuseError
from warehouse import keys
from warehouse.workspace import PSEUDONYM_KEY, PUBLIC_KEY, SCHEDULE_KEY, SIGNING_KEY, Workspace

# Where both are lost, either can be mended first: their replacements need the signing key alone.
_MENDED_ONE_BY_ONE = (PSEUDONYM_KEY, SCHEDULE_KEY)


def _require(reason: str) -> None:
    if not reason.strip():
        raise MisuseError("ghi rõ --reason / say for which --reason the key is replaced")


def _old_public_key(workspace: Workspace, ledger: Ledger) -> bytes | None:
    path = workspace.keys / PUBLIC_KEY
    return key_in_force(ledger.entries, ledger.size, path.read_bytes() if path.exists() else None)


def replace_signing_key(workspace: Workspace, door: Door, reason: str) -> SigningKeyReplaced:
    """Put a new signing key in force; the old one agrees by its signature where it is still there."""
    _require(reason)
    with entered(workspace, door, "replace_key", may_lack=keys.NAMES) as ledger:
        new = new_key_pem(door.entropy(SEED_BYTES))
        public, old = public_key_pem(new), _old_public_key(workspace, ledger)
        private = workspace.keys / SIGNING_KEY
        has_old = SIGNING_KEY not in keys.amiss(workspace, ledger)
        event = SigningKeyReplaced(
            old_public_key=old.decode() if old is not None else None,
            new_public_key=public.decode(),
            agreed_by_old=sign(private.read_bytes(), public).hex() if has_old else None,
            reason=reason,
        )
        keys.stage(workspace, {SIGNING_KEY: new})
        ledger.append(door.stamp, "keys rotate", [event])
        keys.settle(workspace, ledger)
        return event


def replace_pseudonym_key(workspace: Workspace, door: Door, reason: str) -> PseudonymKeyReplaced:
    """Put a new pseudonym key in force: the codes of applicants differ from the next submission on."""
    _require(reason)
    with entered(workspace, door, "replace_key", may_lack=_MENDED_ONE_BY_ONE) as ledger:
        new = door.entropy(keys.PSEUDONYM_KEY_BYTES)
        event = PseudonymKeyReplaced(new_key_sha256=hashlib.sha256(new).hexdigest(), reason=reason)
        keys.stage(workspace, {PSEUDONYM_KEY: new})
        ledger.append(door.stamp, "keys pseudonym", [event])
        keys.settle(workspace, ledger)
        return event


def replace_schedule_key(workspace: Workspace, door: Door, reason: str) -> ScheduleKeyReplaced:
    """Put a new key of the schedule in force; a schedule of before it had one signs from then on."""
    _require(reason)
    with entered(workspace, door, "replace_key", may_lack=_MENDED_ONE_BY_ONE) as ledger:
        new = new_key_pem(door.entropy(SEED_BYTES))
        event = ScheduleKeyReplaced(new_public_key=public_key_pem(new).decode(), reason=reason)
        keys.stage(workspace, {SCHEDULE_KEY: new})
        ledger.append(door.stamp, "keys schedule", [event])
        keys.settle(workspace, ledger)
        return event

"""What whoever holds a workspace's key could make of its record, and the record that it would have from before.

Before: before persons signed, and before the record knew its keys.
"""

import json
from collections.abc import Iterable, Sequence

from audit.chain import ZERO, canonical, line_hash
from audit.checkpoint import SignedCheckpoint, checkpoint_text, sign
from warehouse.workspace import Workspace

_OF_PERSONS = ("persons_sign", "schedule_public_key", "key_fingerprint")
_OF_KEYS = ("keys", "settings_sha256", "signing_public_key")


def before_persons_signed(lines: Iterable[bytes], *, before_keys: bool = False) -> list[bytes]:
    """Return the lines of a record as nobody's hand signed them, chained anew; those that brought keys are left out."""
    written: list[bytes] = []
    for line in lines:
        entry = json.loads(line)
        entry["events"] = [event for event in entry["events"] if event["event"] != "person_enrolled"]
        for event in entry["events"]:
            for name in (*_OF_PERSONS, *(_OF_KEYS if before_keys else ())):
                event.pop(name, None)
        if not entry["events"]:
            continue
        entry.pop("signed_by"), entry.pop("signature")
        entry |= {"seq": len(written) + 1, "previous": line_hash(written[-1]) if written else ZERO}
        written.append(canonical(entry))
    return written


def sign_head(workspace: Workspace, lines: Sequence[bytes]) -> None:
    """Sign these lines as the whole record."""
    origin, size, head = workspace.plan.document.id, len(lines), line_hash(lines[-1])
    signature = sign(workspace.signing_key(), checkpoint_text(origin, size, head))
    workspace.checkpoint.write_bytes(SignedCheckpoint(origin, size, head, signature).content)


def write_record(workspace: Workspace, lines: Sequence[bytes]) -> None:
    """Put these lines in the place of the record, and sign them."""
    workspace.ledger.write_bytes(b"".join(line + b"\n" for line in lines))
    sign_head(workspace, lines)

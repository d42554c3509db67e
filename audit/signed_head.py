"""Does this record extend what was signed?

A checkpoint says: the record had so many lines, the last of which had this hash. It speaks for them where it bears the
signature of the key that was in force at that line.
"""

from collections.abc import Sequence

from audit.checkpoint import SignedCheckpoint, is_signed
from audit.events import Entry
from audit.ledger import Ledger
from audit.signing_keys import key_in_force


def is_signed_in_force(entries: Sequence[Entry], checkpoint: SignedCheckpoint, present: bytes | None) -> bool:
    """Tell whether a checkpoint bears the signature of the key in force at its size."""
    key = key_in_force(entries, checkpoint.size, present)
    return key is not None and is_signed(key, checkpoint.text, checkpoint.signature)


NOT_SIGNED = (
    "chữ ký không phải của nội dung này bởi khóa khi đó / the signature is not of this content by the key then in"
    " force: one of them was replaced"
)


def disagreement(ledger: Ledger, checkpoint: SignedCheckpoint, present: bytes | None) -> str | None:
    """Return where the ledger does not extend a signed checkpoint."""
    problem = other_line(ledger, checkpoint)
    if problem is None and not is_signed_in_force(ledger.entries, checkpoint, present):
        return NOT_SIGNED
    return problem


def other_line(ledger: Ledger, checkpoint: SignedCheckpoint) -> str | None:
    """Return where the ledger has not the line that a checkpoint names, whoever signed that."""
    size = checkpoint.size
    if size > ledger.size:
        return (
            f"{ledger.path.name}: có {ledger.size} dòng, đã ký {size}: bị cắt mất dòng"
            f" / has {ledger.size} lines, {size} were signed: lines are missing"
        )
    if ledger.head_at(size) != checkpoint.head:
        return f"{ledger.path.name}, dòng / line {size}: không phải dòng đã ký / is not the line that was signed"
    return None

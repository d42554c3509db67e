"""Which key was in force when something was signed?

The first commit states the public key, a later one each replacement. What was signed when the ledger had so many lines
is checked with the key in force at that line, so a replacement leaves everything signed before as good as it was.
"""

from collections.abc import Iterable, Sequence

from audit.checkpoint import is_signed
from audit.events import Entry, SigningKeyReplaced, WorkspaceCreated


def replacements(entries: Iterable[Entry]) -> list[tuple[int, SigningKeyReplaced]]:
    """Return each replacement of the signing key with its line."""
    return [(entry.seq, event) for entry in entries for event in entry.events if isinstance(event, SigningKeyReplaced)]


def key_in_force(entries: Sequence[Entry], size: int, present: bytes | None) -> bytes | None:
    """Return the public key that signs a ledger of this size.

    `present` is the key that lies in the workspace: it answers only where the record states none, as of before it did.
    """
    stated = None
    for entry in entries[:size]:
        for event in entry.events:
            if isinstance(event, WorkspaceCreated) and event.signing_public_key is not None:
                stated = event.signing_public_key
            elif isinstance(event, SigningKeyReplaced):
                stated = event.new_public_key
    if stated is not None:
        return stated.encode()
    later = replacements(entries[size:])
    if not later:
        return present
    old = later[0][1].old_public_key
    return old.encode() if old is not None else None


def is_agreed(event: SigningKeyReplaced) -> bool:
    """Tell whether the old key signed its successor: whoever replaced it held it."""
    if event.old_public_key is None or event.agreed_by_old is None:
        return False
    return is_signed(event.old_public_key.encode(), event.new_public_key.encode(), bytes.fromhex(event.agreed_by_old))


def keys_of(entries: Sequence[Entry], present: bytes | None = None) -> set[bytes]:
    """Return every public key that was ever in force in a record; `present` is asked as by `key_in_force`."""
    sizes = [*(seq - 1 for seq, _ in replacements(entries)), len(entries)]
    found = (key_in_force(entries, size, present) for size in sizes)
    return {key for key in found if key is not None}

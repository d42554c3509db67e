"""With whose key does the one at the door sign?

A hand opens its key when something has to be signed, never before: a command that needs no signature asks for no
passphrase. It signs once the gate (`flows.entry.authority`) found that its key is the one in force.
"""

from collections.abc import Callable
from dataclasses import dataclass

from audit.sealed_key import OpenKey
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Wanted:
    """Whose key is to be opened, and which one is in force for that name."""

    name: str
    fingerprint: str


class Hand:
    """The key of one person for one command: closed, then opened, then admitted."""

    def __init__(self, open_key: Callable[[Workspace, Wanted], OpenKey]) -> None:
        self._open_key = open_key
        self._key: OpenKey | None = None
        self._is_admitted = False

    def open(self, workspace: Workspace, wanted: Wanted) -> str:
        """Open the key, once; return its fingerprint. MisuseError where the passphrase or the file is wrong."""
        if self._key is None:
            self._key = self._open_key(workspace, wanted)
        return self._key.fingerprint

    def bring(self, key: OpenKey) -> None:
        """Take a new key that signs at once."""
        self._key, self._is_admitted = key, True

    def admit(self) -> None:
        """Let the key sign from now on: it was found to be the one in force."""
        self._is_admitted = self._key is not None

    @property
    def fingerprint(self) -> str | None:
        """The fingerprint of the key that signs; None as long as nothing is signed."""
        return self._key.fingerprint if self._key is not None and self._is_admitted else None

    def sign(self, content: bytes) -> bytes:
        """Return the Ed25519 signature of these bytes."""
        if self._key is None or not self._is_admitted:
            raise PermissionError("a key that was not admitted signs nothing")
        return self._key.sign(content)


def hand_of(key: OpenKey) -> Hand:
    """Return the hand of a key that is open already, to be admitted by the gate."""
    return Hand(lambda _workspace, _wanted: key)


def new_hand(key: OpenKey) -> Hand:
    """Return the hand of a key that signs the line which brings it, as nothing can have put it in force before."""
    hand = hand_of(key)
    hand.bring(key)
    return hand

"""Which state of the ledger does the department sign?

A checkpoint is three lines: origin, number of ledger lines, hash of the last one. The Ed25519 signature is over these
bytes, so that `openssl pkeyutl -verify -rawin` can check it without this program. The origin says for what it was
signed: what a release carries bears another than the record's own head, so that neither can stand for the other.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES = 32
_OF_A_RELEASE = "/release"


@dataclass(frozen=True)
class SignedCheckpoint:
    """A state of a ledger with its signature, as it is kept in one file of four lines."""

    origin: str
    size: int
    head: str
    signature: bytes

    @property
    def text(self) -> bytes:
        """What is signed."""
        return checkpoint_text(self.origin, self.size, self.head)

    @property
    def is_of_a_release(self) -> bool:
        """Whether a release was signed with it. Those of before bear the record's own origin and cannot be told."""
        return self.origin.endswith(_OF_A_RELEASE)

    @property
    def content(self) -> bytes:
        """The four lines."""
        return self.text + self.signature.hex().encode() + b"\n"

    @classmethod
    def parse(cls, content: bytes) -> "SignedCheckpoint":
        """Return what these bytes say; ValueError unless they are written in the one way there is."""
        origin, size, head, signature = content.decode().splitlines()
        parsed = cls(origin, int(size), head, bytes.fromhex(signature))
        if parsed.size < 1 or parsed.content != content:
            raise ValueError("the checkpoint is not written in its canonical form")
        return parsed


def new_key_pem(seed: bytes) -> bytes:
    """Return the private signing key of 32 random bytes (PKCS#8 PEM, not encrypted: its folder is private)."""
    return Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("the signing key is sealed, or of an unknown kind") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("the signing key is not an Ed25519 key")
    return key


def public_key_pem(private_pem: bytes) -> bytes:
    """Return the public half of a signing key."""
    return (
        _private(private_pem)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def checkpoint_text(origin: str, size: int, head: str) -> bytes:
    """Return the three lines of a checkpoint."""
    return f"{origin}\n{size}\n{head}\n".encode()


def released_text(origin: str, size: int, head: str) -> bytes:
    """Return the three lines of the checkpoint that a release carries."""
    return checkpoint_text(f"{origin}{_OF_A_RELEASE}", size, head)


def sign(private_pem: bytes, content: bytes) -> bytes:
    """Return the Ed25519 signature of these bytes; the same bytes give the same signature."""
    return _private(private_pem).sign(content)


def is_signed(public_pem: bytes, content: bytes, signature: bytes) -> bool:
    """Tell whether the signature is of these bytes under this public key; what is no Ed25519 key signs nothing."""
    try:
        key = serialization.load_pem_public_key(public_pem)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, content)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True

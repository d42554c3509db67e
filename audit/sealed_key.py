"""How does a person's private key lie on a disk that others can read too?

Sealed by the person's passphrase: scrypt makes a key of it, AES-256-GCM seals the 32 bytes with that. Name, fingerprint
and cost stand beside it in the clear and are bound to it: whoever changes them makes a file that does not open.
"""

import json
import unicodedata
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, ConfigDict, Field

from audit.chain import canonical
from audit.checkpoint import SEED_BYTES, new_key_pem, public_key_pem, sign
from audit.persons import fingerprint_of

SALT_BYTES, NONCE_BYTES = 16, 12
_KEY_BYTES = 32
_TAG_BYTES = 16


@dataclass(frozen=True)
class Cost:
    """What one guess of a passphrase costs: scrypt's n, r and p. The default takes 64 MB and about 0.2 s."""

    n: int = 2**16
    r: int = 8
    p: int = 1


STRONG = Cost()


@dataclass(frozen=True)
class Sealing:
    """With which passphrase a new key is sealed, and at which cost."""

    passphrase: str = field(repr=False)
    cost: Cost = STRONG


class SealedKeyError(ValueError):
    """Raised for a file that is not a sealed key, or no longer the one that was written."""


class WrongPassphraseError(ValueError):
    """Raised where a passphrase does not open a key."""


class _Clear(BaseModel):
    """What stands in the clear. Limits keep a foreign file from taking all memory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(default=1, ge=1, le=1)
    name: str
    fingerprint: str
    n: int = Field(ge=2, le=2**20)
    r: int = Field(ge=1, le=16)
    p: int = Field(ge=1, le=16)
    salt: str
    nonce: str


class _File(_Clear):
    sealed: str


@dataclass(frozen=True)
class OpenKey:
    """A private key that was opened, in memory alone."""

    private_pem: bytes = field(repr=False)

    @property
    def public_pem(self) -> str:
        """The public half."""
        return public_key_pem(self.private_pem).decode()

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the public half."""
        return fingerprint_of(self.public_pem)

    def sign(self, content: bytes) -> bytes:
        """Return the Ed25519 signature of these bytes."""
        return sign(self.private_pem, content)


def new_key(seed: bytes) -> OpenKey:
    """Return the key of 32 random bytes."""
    return OpenKey(new_key_pem(seed))


def seal(name: str, seed: bytes, salt: bytes, nonce: bytes, sealing: Sealing) -> bytes:
    """Return the file of a sealed key; the same arguments give the same bytes."""
    cost = sealing.cost
    clear = _Clear(
        name=name, fingerprint=new_key(seed).fingerprint, n=cost.n, r=cost.r, p=cost.p, salt=salt.hex(),
        nonce=nonce.hex(),
    )  # fmt: skip
    fields = clear.model_dump(mode="json")
    sealed = AESGCM(_stretched(sealing.passphrase, clear)).encrypt(nonce, seed, canonical(fields))
    return json.dumps(fields | {"sealed": sealed.hex()}, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


@dataclass(frozen=True)
class Label:
    """What a sealed key says of itself in the clear; only its passphrase proves it."""

    name: str
    fingerprint: str


def label(content: bytes) -> Label:
    """Return whose key a file says that it is; SealedKeyError for what cannot be a sealed key."""
    file, _, _ = _parsed(content)
    return Label(file.name, file.fingerprint)


def _parsed(content: bytes) -> tuple[_File, bytes, bytes]:
    """Return the file with its nonce and its sealed bytes, each as long as it has to be."""
    try:
        file = _File.model_validate_json(content)
        salt, nonce, sealed = (bytes.fromhex(one) for one in (file.salt, file.nonce, file.sealed))
    except ValueError as error:
        raise SealedKeyError("the file is not a sealed key") from error
    if (len(salt), len(nonce), len(sealed)) != (SALT_BYTES, NONCE_BYTES, SEED_BYTES + _TAG_BYTES):
        raise SealedKeyError("the sealed key has not the length of one")
    return file, nonce, sealed


def unseal(content: bytes, passphrase: str) -> OpenKey:
    """Return the key that a file holds; WrongPassphraseError, or SealedKeyError for a file that is no sealed key."""
    file, nonce, sealed = _parsed(content)
    try:
        stretched = _stretched(passphrase, file)
        seed = AESGCM(stretched).decrypt(nonce, sealed, canonical(file.model_dump(mode="json", exclude={"sealed"})))
    except InvalidTag as error:
        raise WrongPassphraseError("the passphrase does not open the key") from error
    except ValueError as error:
        # A cost that scrypt does not take.
        raise SealedKeyError("the file is not a sealed key") from error
    return new_key(seed)


def _stretched(passphrase: str, clear: _Clear) -> bytes:
    kdf = Scrypt(salt=bytes.fromhex(clear.salt), length=_KEY_BYTES, n=clear.n, r=clear.r, p=clear.p)
    return kdf.derive(unicodedata.normalize("NFC", passphrase).encode())

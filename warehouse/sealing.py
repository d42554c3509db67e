"""How do bytes become unreadable without a key of their own?

AES-256-GCM. Content is sealed as ciphertext and tag, block by block, so that memory does not grow with the file. A key
seals one plaintext only, the original whose hash its file bears, and is kept from the first try on; so a fixed nonce is
safe, and sealing again after a crash gives the same bytes. A name, or the answer to a sender, is another message under
that key: its nonce is keyed by the message itself, so that no two share one.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_BLOCK = 1 << 20
_TAG_BYTES = 16
_NONCE_BYTES = 12
_CONTENT_NONCE = bytes(_NONCE_BYTES)


class SealError(ValueError):
    """Raised where sealed bytes do not open with this key: they or the key were changed."""


def seal(source: Path, target: Path, key: bytes) -> tuple[str, int]:
    """Write a file's content sealed; return the SHA-256 and the size of what was written."""
    encryptor = Cipher(algorithms.AES(key), modes.GCM(_CONTENT_NONCE)).encryptor()
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as plain, target.open("wb") as sealed:

        def write(block: bytes) -> None:
            nonlocal size
            sealed.write(block)
            digest.update(block)
            size += len(block)

        while block := plain.read(_BLOCK):
            write(encryptor.update(block))
        write(encryptor.finalize() + encryptor.tag)
    return digest.hexdigest(), size


def unsealed(path: Path, key: bytes, see: Callable[[bytes], object]) -> Iterator[bytes]:
    """Yield the content block by block; `see` is shown every sealed byte on the way.

    Nothing is proven before the end: SealError then says that what was yielded is not what was sealed.
    """
    left = path.stat().st_size - _TAG_BYTES
    with path.open("rb") as sealed:
        if left < 0 or len(key) != KEY_BYTES:
            see(sealed.read())
            raise SealError(f"{path.name} is cut short, or its key is")
        decryptor = Cipher(algorithms.AES(key), modes.GCM(_CONTENT_NONCE)).decryptor()
        while left and (block := sealed.read(min(_BLOCK, left))):
            left -= len(block)
            see(block)
            yield decryptor.update(block)
        tag = sealed.read()
        see(tag)
    try:
        decryptor.finalize_with_tag(tag)
    except (InvalidTag, ValueError) as error:
        raise SealError(f"{path.name} does not open with its key") from error


def seal_message(message: bytes, key: bytes) -> bytes:
    """Return a message about an original sealed with the original's key: its name, or the answer to its sender."""
    nonce = hmac.digest(key, message, "sha256")[:_NONCE_BYTES]
    return nonce + AESGCM(key).encrypt(nonce, message, None)


def unseal_message(sealed: bytes, key: bytes) -> bytes:
    """Return a sealed message; SealError where it does not open with this key."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError) as error:
        raise SealError("the message does not open with its key") from error

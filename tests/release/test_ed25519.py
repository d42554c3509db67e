"""The signatures that verify.py checks by itself are those of RFC 8032, to the bit."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from releases.verify import is_signature

# RFC 8032, 7.1: public key, message, signature.
VECTORS = (
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
)  # fmt: skip
ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
# Every point whose order divides 8, by its encoding; then encodings of such points that are not the canonical ones.
SMALL = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
)
BASE = bytes.fromhex("58" + "66" * 31)
SEEDS = st.binary(min_size=32, max_size=32)
MESSAGES = st.binary(max_size=200)
law = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_hold(public: str, message: str, signature: str) -> None:
    key, content, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert is_signature(key, content, signed)
    assert not is_signature(key, content + b"\0", signed)


@law
@given(SEEDS, MESSAGES)
def test_what_another_program_signed_holds(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert is_signature(key.public_key().public_bytes_raw(), message, key.sign(message))


@law
@given(SEEDS, MESSAGES, st.data())
def test_one_changed_bit_is_judged_as_another_program_judges_it(
    seed: bytes, message: bytes, data: st.DataObject
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    parts = [bytearray(key.public_key().public_bytes_raw()), bytearray(message), bytearray(key.sign(message))]
    part = data.draw(st.sampled_from([one for one in parts if one]))
    part[data.draw(st.integers(0, len(part) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    public, content, signature = map(bytes, parts)
    assume(public.hex() not in SMALL)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except InvalidSignature:
        assert not is_signature(public, content, signature)
    else:
        assert is_signature(public, content, signature)


@law
@given(SEEDS, MESSAGES)
def test_the_same_signature_written_another_way_is_refused(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    signature = key.sign(message)
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assume(scalar < 2**256)
    assert not is_signature(
        key.public_key().public_bytes_raw(), message, signature[:32] + scalar.to_bytes(32, "little")
    )


@pytest.mark.parametrize("point", SMALL)
def test_a_key_of_small_order_signs_nothing(point: str) -> None:
    """Under such a key one signature fits any content: S = 0 and R = the key, or its negative."""
    for first in SMALL:
        for message in (b"", b"17", b"18", b"19"):
            assert not is_signature(bytes.fromhex(point), message, bytes.fromhex(first) + bytes(32))
    # Or R = S * B, wherever the challenge is a multiple of the key's order: one message of eight.
    for number in range(32):
        assert not is_signature(bytes.fromhex(point), bytes([number]), BASE + (1).to_bytes(32, "little"))


def test_a_key_that_is_no_point_or_has_another_length_signs_nothing() -> None:
    public, _, signature = (bytes.fromhex(one) for one in VECTORS[0])
    off_curve = next(bytes([n]) + bytes(31) for n in range(2, 99) if not _is_point(n))
    assert not is_signature(off_curve, b"", signature)
    assert not is_signature((PRIME + 3).to_bytes(32, "little"), b"", signature)
    assert not is_signature(public[:-1], b"", signature)
    assert not is_signature(public, b"", signature + b"\0")


def _is_point(y: int) -> bool:
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    square = (y * y - 1) * pow(d * y * y + 1, -1, PRIME) % PRIME
    return pow(square, (PRIME - 1) // 2, PRIME) in (0, 1)

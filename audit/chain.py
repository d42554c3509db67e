"""Do these ledger lines form one unbroken chain?

Invariants, enforced below with the standard library alone:
1. a line is the canonical JSON of one object (sorted keys, no spaces, no floats), in UTF-8;
2. `seq` runs 1, 2, 3, ...;
3. `previous` is the sha256 of the bytes of the line before, without its newline; the first names ZERO.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ZERO = "0" * 64

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]


class NotCanonicalError(ValueError):
    """Raised where a value or a line has no canonical form."""


def _refuse_floats(value: Json) -> None:
    if isinstance(value, float):
        raise NotCanonicalError("a float has no canonical form: write it as text")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            _refuse_floats(item)


def canonical(value: Json) -> bytes:
    """Return the one way to write this value as bytes; NotCanonicalError where there is none."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def line_hash(line: bytes) -> str:
    """Return the sha256 of a line's bytes without its newline, in hexadecimal."""
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first line that the chain does not hold at."""

    line: int
    problem: str


def parse(line: bytes) -> dict[str, Json]:
    """Return the object of a canonical line; NotCanonicalError says what is wrong with another."""
    try:
        value = json.loads(line)
        written = canonical(value)
    except NotCanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(f"is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise NotCanonicalError("is not a JSON object")
    if written != line.rstrip(b"\n"):
        raise NotCanonicalError("is not in canonical form")
    return value


def first_break(lines: Sequence[bytes], head: str | None = None) -> Break | None:
    """Return the first line that breaks an invariant, or None where the chain holds.

    Where two lines do not fit, the one that was changed is named: what follows a line, at the end the `head` that was
    signed, says whether it is as it was written.
    """
    previous = ZERO
    for number, line in enumerate(lines, start=1):
        try:
            value = parse(line)
        except NotCanonicalError as error:
            return Break(number, str(error))
        seq = value.get("seq")
        if isinstance(seq, bool) or seq != number:
            return Break(number, f"seq is {seq!r} and should be {number}")
        if value.get("previous") != previous:
            return _changed(lines, number, head)
        previous = line_hash(line)
    return None


def _changed(lines: Sequence[bytes], number: int, head: str | None) -> Break:
    """Return which line was changed where one does not name the line before it."""
    follower = head
    if number < len(lines):
        try:
            named = parse(lines[number]).get("previous")
        except NotCanonicalError:
            named = None
        follower = named if isinstance(named, str) else None
    if follower is None or number == 1:
        return Break(number, "does not name the line before it: a line was changed, removed, added or moved")
    if follower == line_hash(lines[number - 1]):
        return Break(number - 1, f"was changed: line {number}, which is as it was written, names another")
    return Break(number, "was changed: it names another line before it, and is not the one that follows names")

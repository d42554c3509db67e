"""How are the bytes of a text file to be read?

Found, never assumed: a byte order mark says it; zero bytes give UTF-16 away; what is UTF-8 throughout is UTF-8. The
rest is decoded in every encoding that Vietnamese offices used before Unicode, and the one that gives Vietnamese
syllables is the one. Where none does, or two do, nobody knows: the file is refused.
"""

import codecs
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sources.files.legacy_text import decode_tcvn3, decode_vni
from sources.files.source import UnreadableError
from sources.files.syllables import Syllables, count_syllables

BLOCK = 1 << 20
# What stands where bytes have no meaning in the encoding.
UNKNOWN = "\ufffd"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GOOD_SHARE = 0.85
_LEAD = 0.1
# A file of UTF-8 whose bytes were damaged here and there still holds far more characters that are whole.
_WHOLE_PER_BROKEN = 10
_ZERO_SHARE = 0.2


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True)
class Encoding:
    """An encoding by name: the codec that reads its bytes, and what makes Vietnamese of the codec's text."""

    name: str
    codec: str
    decode: Callable[[str], str] = _composed


LEGACY: Mapping[str, Encoding] = {
    "windows-1258": Encoding("windows-1258", "cp1258"),
    "tcvn3": Encoding("tcvn3", "latin-1", decode_tcvn3),
    "vni": Encoding("vni", "latin-1", decode_vni),
}


def text_blocks(path: Path, codec: str) -> Iterator[str]:
    """Yield the text of a file in blocks; line ends stay as they are, bytes that mean nothing become U+FFFD."""
    with path.open(encoding=codec, errors="replace", newline="") as text:
        while block := text.read(BLOCK):
            yield block


def _is_utf8(path: Path) -> bool:
    """Tell whether a file is UTF-8, a few damaged bytes aside."""
    if not any(UNKNOWN in block for block in text_blocks(path, "utf-8")):
        return True
    whole, broken = 0, 0
    for block in text_blocks(path, "utf-8"):
        broken += (lost := block.count(UNKNOWN))
        whole += len(block) - len(block.encode("ascii", "ignore")) - lost
    return whole > _WHOLE_PER_BROKEN * broken


def _utf16_without_mark(start: bytes) -> str | None:
    """Return the byte order of text whose every second byte is often zero, or None."""
    zeros = [start[place::2].count(0) / max(len(start[place::2]), 1) for place in (0, 1)]
    if min(zeros) * 4 > max(zeros) or max(zeros) < _ZERO_SHARE:
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _legacy(path: Path) -> Encoding:
    counted: dict[str, Syllables] = {}
    for name, encoding in LEGACY.items():
        blocks = text_blocks(path, encoding.codec)
        counted[name] = sum((count_syllables(encoding.decode(block)) for block in blocks), Syllables())
    best, second = sorted(counted, key=lambda name: counted[name].share, reverse=True)[:2]
    lead = counted[best].share - counted[second].share
    if counted[best].share < _GOOD_SHARE or lead < _LEAD:
        raise UnreadableError(
            "Không nhận ra bảng mã của tệp (không phải UTF-8, UTF-16, windows-1258, TCVN3 hay VNI): hãy lưu lại dạng"
            " CSV UTF-8 / The encoding of the file is none that is known: save it as CSV UTF-8"
        )
    return LEGACY[best]


def find_encoding(path: Path) -> Encoding:
    """Find the encoding of a text file; UnreadableError where none gives Vietnamese. The whole file is looked at."""
    with path.open("rb") as file:
        start = file.read(BLOCK)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return Encoding(name, name)
    name = _utf16_without_mark(start) or ("utf-8" if _is_utf8(path) else "")
    return Encoding(name, name) if name else _legacy(path)

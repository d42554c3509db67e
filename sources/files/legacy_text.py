"""What does text say that was typed in a font with an encoding of its own?

TCVN3 (ABC) and VNI put Vietnamese letters where Windows-1252 has others; which of them a text is in, only the name of
its font tells. Both keep ASCII. Results are NFC. A letter that neither encoding has stays as it is: where Excel put a
Unicode letter into such a font, it shows as that letter.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from sources.files.syllables import accented_words, is_syllable

Encoding = Literal["tcvn3", "vni", "unicode"]
# Letters.
_NAME_OF_A_UNIT = 2

# TCVN 5712:1993, set VN3: the tone marks of a letter in the order grave, hook, tilde, acute, dot below.
_TCVN3_PLAIN = {0xA1: "ĂÂÊÔƠƯĐăâêôơưđ"}
_TCVN3_TONES = {
    "a": (0xB5, 0xB6, 0xB7, 0xB8, 0xB9),
    "ă": (0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
    "â": (0xC7, 0xC8, 0xC9, 0xCA, 0xCB),
    "e": (0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
    "ê": (0xD2, 0xD3, 0xD4, 0xD5, 0xD6),
    "i": (0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
    "o": (0xDF, 0xE1, 0xE2, 0xE3, 0xE4),
    "ô": (0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
    "ơ": (0xEA, 0xEB, 0xEC, 0xED, 0xEE),
    "u": (0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
    "ư": (0xF5, 0xF6, 0xF7, 0xF8, 0xF9),
    "y": (0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
}
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"

# VNI: letters with a code of their own, and codes that put marks on the vowel before them.
_VNI_LETTERS = str.maketrans("ñôöíìæóòîÑÔÖÍÌÆÓÒÎ", "đơưíìỉĩịỵĐƠƯÍÌỈĨỊỴ")
_VNI_MARKS = {
    **dict(zip("øûõùï", _TONES, strict=True)),
    **dict(zip("âàåãáä", [_CIRCUMFLEX + tone for tone in ("", *_TONES)], strict=True)),
    **dict(zip("êèúüéë", [_BREVE + tone for tone in ("", *_TONES)], strict=True)),
}
_VNI_LETTER = re.compile(rf"(?P<base>[aeouyôö])(?P<mark>[{''.join(_VNI_MARKS)}])?|(?P<alone>[ñíìæóòî])", re.IGNORECASE)


def _tcvn3_table() -> dict[int, str]:
    table = {first + at: letter for first, letters in _TCVN3_PLAIN.items() for at, letter in enumerate(letters)}
    for base, codes in _TCVN3_TONES.items():
        table |= {code: unicodedata.normalize("NFC", base + tone) for code, tone in zip(codes, _TONES, strict=True)}
    return table


_TCVN3 = _tcvn3_table()


def encoding_of_font(name: str) -> Encoding:
    """Return the encoding of text in a font of this name: `.VnTime` is TCVN3, `VNI-Times` is VNI, others Unicode."""
    key = name.strip().casefold()
    if key.startswith(("vni-", "vni ")):
        return "vni"
    return "tcvn3" if key.startswith(".vn") else "unicode"


def is_capitals_font(name: str) -> bool:
    """Tell whether a TCVN3 font shows small letters as capitals: the names of those end in H, as `.VnTimeH`."""
    return encoding_of_font(name) == "tcvn3" and name.strip().casefold().endswith("h")


def decode_tcvn3(text: str) -> str:
    """Return as Unicode, NFC, what Latin-1 makes of TCVN3 bytes; it has no accented capitals."""
    return unicodedata.normalize("NFC", text.translate(_TCVN3))


def decode_vni(text: str) -> str:
    """Return as Unicode, NFC, what Latin-1 makes of VNI bytes."""

    def combined(found: re.Match[str]) -> str:
        base, mark = found["base"] or found["alone"], found["mark"]
        return str(base).translate(_VNI_LETTERS) + (_VNI_MARKS[mark.lower()] if mark else "")

    return unicodedata.normalize("NFC", _VNI_LETTER.sub(combined, text))


def decoded(text: str, font: str) -> str:
    """Return text in a font as Unicode, NFC; upper case where the font shows capitals."""
    encoding = encoding_of_font(font)
    if encoding == "tcvn3":
        small = decode_tcvn3(text)
        return small.upper() if is_capitals_font(font) else small
    return decode_vni(text) if encoding == "vni" else unicodedata.normalize("NFC", text)


def decoded_runs(runs: Iterable[tuple[str, str]]) -> tuple[str, frozenset[Encoding]]:
    """Return the text of runs, each with the name of its font, and the encodings that it was in.

    ASCII is the same in every encoding: it tells nothing of them.
    """
    pieces = list(runs)
    encodings = frozenset(encoding_of_font(font) for piece, font in pieces if not piece.isascii())
    return "".join(decoded(piece, font) for piece, font in pieces), encodings


def seeming_encoding(text: str) -> Encoding:
    """Return in which encoding a text in a font of Unicode reads as Vietnamese where it does not as it stands.

    Every accented word must then be a syllable, and together they must be more than the name of a unit, such as µm;
    where signs alone stand for accents, two words at least.
    """
    words = [] if text.isascii() else accented_words(text)
    if text.isascii() or (words and all(map(is_syllable, words))):
        return "unicode"
    ways: tuple[tuple[Encoding, str], ...] = (("tcvn3", decode_tcvn3(text)), ("vni", decode_vni(text)))
    for encoding, said in ways:
        found = accented_words(said)
        if all(map(is_syllable, found)) and len("".join(found)) > _NAME_OF_A_UNIT and (words or len(found) > 1):
            return encoding
    return "unicode"


def encoding_name(encodings: Iterable[Encoding]) -> str:
    """Return how the encodings of the texts of one table are recorded: `tcvn3`, or `tcvn3+unicode` where they mix."""
    return "+".join(sorted(set(encodings))) or "unicode"

"""How is text of the font-bound encodings TCVN3 and VNI turned into Unicode?

Both write Vietnamese over the places of Latin-1 and show it only in fonts of their own. The functions take what Latin-1
(or windows-1252) makes of the bytes. TCVN3 has no accented capitals: its capital fonts show the small letters large.
"""

import re
import unicodedata
from typing import Final

# By vowel: plain, then grave, hook, tilde, acute, dot below; TCVN 5712:1993, third character set.
_TCVN3_TONES: Final = "\u0300\u0309\u0303\u0301\u0323"
_TCVN3_VOWELS: Final = {
    "a": "µ¶·¸¹", "ă": "»¼½¾Æ", "â": "ÇÈÉÊË", "e": "ÌÎÏÐÑ", "ê": "ÒÓÔÕÖ", "i": "×ØÜÝÞ",
    "o": "ßáâãä", "ô": "åæçèé", "ơ": "êëìíî", "u": "ïñòóô", "ư": "õö÷øù", "y": "úûüýþ",
}  # fmt: skip
_TCVN3_LETTERS: Final = dict(zip("¡¢£¤¥¦§¨©ª«¬\u00ad®", "ĂÂÊÔƠƯĐăâêôơưđ", strict=True))
_TCVN3: Final = str.maketrans(
    _TCVN3_LETTERS
    | {
        written: unicodedata.normalize("NFC", vowel + tone)
        for vowel, toned in _TCVN3_VOWELS.items()
        for written, tone in zip(toned, _TCVN3_TONES, strict=True)
    }
)

# VNI for Windows: a letter, then a mark; a mark on a, e, o may carry the circumflex or breve and the tone together.
_VNI_MARKS: Final = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "ê": "\u0306",
    "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS: Final = dict(zip("ôöñæóòíìî", "ơưđỉĩịíìỵ", strict=True))
_VNI_LETTERS.update({written.upper(): letter.upper() for written, letter in _VNI_LETTERS.items()})
# Marked letters first: alone, ô and ö are the letters ơ and ư.
_VNI: Final = re.compile("([aeouyôö])([ùøûõïâáàåãäêéèúüë])|([ôöñæóòíìî])", re.IGNORECASE)


def decode_tcvn3(text: str) -> str:
    """Return TCVN3 text as Unicode, NFC."""
    return unicodedata.normalize("NFC", text.translate(_TCVN3))


def _vni_letter(match: re.Match[str]) -> str:
    letter = match[1] or match[3]
    return _VNI_LETTERS.get(letter, letter) + (_VNI_MARKS[match[2].lower()] if match[2] else "")


def decode_vni(text: str) -> str:
    """Return VNI text as Unicode, NFC."""
    return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, text))

"""Vietnamese text as the bytes that offices wrote before Unicode, for files under test."""

import unicodedata

from sources.files.legacy_text import decode_tcvn3, decode_vni

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_HIGH = [chr(code) for code in range(0xA0, 0x100)]
_OF_TCVN3 = {decoded: written for written in _HIGH if (decoded := decode_tcvn3(written)) != written}
_VNI_MARKS = "ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË"
_OF_VNI = {decoded: written for written in _HIGH if (decoded := decode_vni(written)) != written} | {
    decoded: base + mark
    for base in "aeouyôöAEOUYÔÖ"
    for mark in _VNI_MARKS
    if base.isupper() == mark.isupper() and len(decoded := decode_vni(base + mark)) == 1
}


def windows_1258(text: str) -> bytes:
    """Return the text in windows-1258, where a tone mark follows its letter."""
    written = ""
    for character in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", character)
        tone = "".join(mark for mark in apart if mark in _TONES)
        letter = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _TONES))
        written += letter + tone
    return written.encode("cp1258")


def tcvn3(text: str) -> bytes:
    """Return the text in TCVN3; capitals that it lacks are written small, as its capital fonts want them."""
    return "".join(_OF_TCVN3.get(c) or _OF_TCVN3.get(c.lower(), c) for c in text).encode("latin-1")


def vni(text: str) -> bytes:
    """Return the text in VNI."""
    return "".join(_OF_VNI.get(c, c) for c in text).encode("latin-1")


LEGACY_BYTES = {"windows-1258": windows_1258, "tcvn3": tcvn3, "vni": vni}
